"""The heading of the report and the documents it names, from the report fields and the form of documents.

A value that was not entered is a dotted blank, which the office fills in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.load.content.frame_rows import records, report_field
from pipeline.load.content.sentences import BLANK, date_or_blank, long_date_or_blank, lower_first
from pipeline.result import Checked

#: kinds of area, as the name of an area begins: "thành phố Điện Biên Phủ"
_AREA_KINDS = ("thành phố", "thị xã", "đặc khu", "huyện", "quận", "tỉnh", "phường", "xã", "thị trấn")
#: titles that are common nouns: in small letters inside a sentence
_COMMON_TITLES = ("văn bản", "hướng dẫn")
#: how titles follow one another (Nghị định 30/2020/NĐ-CP, Phụ lục I): the letters of who signs for whom begin a line,
#: and a deputy who signs for the head (KT.) has a title on the next line
_SIGNS_FOR = re.compile(r"(?<!\s)\s++(?=(?:KT|TL|TUQ)\.)", re.IGNORECASE)
_DEPUTY = re.compile(r"(KT\..*\w)[\s\-–/;,]+(PHÓ\s.*)", re.IGNORECASE)


@dataclass(frozen=True)
class ReportHeading:
    """Issuing body, number, place and date of the report, its area, its signature and recipients; blanks where unknown.

    `whole`: the area in a sentence (`toàn thành phố`); `directions`: tasks of the next period (part 3). `on_behalf`,
    `signer_title`: the lines above the signature (`KT. CHỦ TỊCH`, `PHÓ CHỦ TỊCH`), at least one each.
    """

    superior_body: str
    issuing_body: str
    number: str
    place: str
    long_date: str
    date: str
    area: str
    whole: str
    on_behalf: tuple[str, ...]
    signer_title: tuple[str, ...]
    signer: str
    recipients: tuple[str, ...]
    directions: tuple[str, ...]

    @property
    def reference(self) -> str:
        """`kèm theo Báo cáo số: 85/BC-UBND ngày 18/3/2022 của UBND …`: how an annex names its report."""
        return f"kèm theo Báo cáo số: {self.number} ngày {self.date} của {self.issuing_body}"

    @property
    def signature_rows(self) -> tuple[tuple[str, str], ...]:
        """(recipient, signature) a row, below the first line of `on_behalf`: the titles, on the last row the name."""
        return self.signature_beside(self.recipients, self.signer)

    def signature_beside(self, recipients: Sequence[str], signer: str) -> tuple[tuple[str, str], ...]:
        """As `signature_rows`, with other recipients and another name of the signer, "" for none."""
        titles, name = [*self.on_behalf[1:], *self.signer_title], [signer] if signer else []
        rows = max(len(recipients), len(titles) + len(name))
        left = [*recipients, *[""] * (rows - len(recipients))]
        right = [*titles, *[""] * (rows - len(titles) - len(name)), *name]
        return tuple(zip(left, right, strict=True))


@dataclass(frozen=True)
class ReportDocuments:
    """The documents a report names, as parts of sentences, each in the order entered.

    `carried_out`: decisions and directives of the opening sentence; `forms_of`: the decision whose forms are used;
    `replaces`: the report that this one replaces, "" for none.
    """

    carried_out: str
    implementation: str
    addressees: str
    forms_of: str
    guidance: str
    replaces: str


def report_heading(checked: Checked) -> ReportHeading:
    """The heading from the report fields. `checked.report_fields`: ReportFields."""
    fields = report_fields(checked)

    def first(name: str, otherwise: str = BLANK) -> str:
        return fields.get(name, [otherwise])[0]

    area = first("area_name")
    kind = next((k for k in _AREA_KINDS if area.lower().startswith(f"{k} ")), "")
    date = first("report_date", "")
    return ReportHeading(
        superior_body=first("superior_body"),
        issuing_body=first("issuing_body"),
        number=first("report_number", f"{BLANK}/BC-UBND"),
        place=first("place"),
        long_date=long_date_or_blank(date),
        date=date_or_blank(date),
        area=area,
        whole=f"toàn {kind}" if kind else "toàn địa bàn",
        on_behalf=title_lines(first("on_behalf", "TM. ỦY BAN NHÂN DÂN")),
        signer_title=title_lines(first("signer_title")),
        signer=first("signer"),
        recipients=_list_entries(fields.get("recipients", [])),
        directions=tuple(fields.get("directions", [BLANK])),
    )


def title_lines(text: str) -> tuple[str, ...]:
    """The lines of titles above a signature, also where they were entered on one line.

    `KT. CHỦ TỊCH PHÓ CHỦ TỊCH` -> `KT. CHỦ TỊCH`, `PHÓ CHỦ TỊCH`.
    """
    lines = [part for line in text.split("\n") for part in _SIGNS_FOR.split(line)]
    deputies = [_DEPUTY.fullmatch(line) for line in lines]
    return tuple(
        t for line, deputy in zip(lines, deputies, strict=True) for t in (deputy.groups() if deputy else [line])
    )


def _list_entries(entries: list[str]) -> tuple[str, ...]:
    """The entries of a list with the punctuation of offices: `;` after each, `.` after the last."""
    bare = [entry.rstrip(";. ") for entry in entries]
    return (*(f"{x};" for x in bare[:-1]), f"{bare[-1]}.") if bare else (BLANK,)


def report_fields(checked: Checked) -> dict[str, list[str]]:
    """Field of the report -> its values in the order entered, empty ones left out."""
    values: dict[str, list[str]] = {}
    for row in records(checked.report_fields):
        if row["value"]:
            values.setdefault(str(row["field"]), []).append(str(row["value"]))
    return values


def _document(row: Mapping[str, object], *, full: bool) -> str:
    """`Công văn số 265/VPUB-KSTT ngày 07/3/2022`; `full`: with issuer and subject."""
    title = str(row["title"]) or "văn bản"
    title = lower_first(title) if title.lower() in _COMMON_TITLES else title
    text = f"{title} số {row['number'] or BLANK} ngày {date_or_blank(str(row['issued_on']))}"
    if not full:
        return text
    issuer, subject = str(row["issuer"]), str(row["subject"])
    about = subject if subject.lower().startswith(("về ", "v/v ", "ban hành ")) else f"về {subject}"
    return f"{text}{f' của {issuer}' if issuer else ''}{f' {about}' if subject else ''}"


def report_documents(checked: Checked) -> ReportDocuments:
    """The documents by their role. `checked.documents`: Documents."""
    rows = records(checked.documents)

    def with_role(*roles: str, full: bool = True) -> list[str]:
        return [_document(r, full=full) for r in rows if r["role"] in roles]

    own = [r for r in rows if r["role"] == "implementation"]
    return ReportDocuments(
        carried_out="; ".join(with_role("basis", "directive")) or BLANK,
        implementation="; ".join(_document({**r, "issuer": ""}, full=True) for r in own)
        or f"văn bản số {BLANK} ngày {BLANK} về {BLANK}",
        addressees=report_field(checked, "addressees").rstrip(". ") or "các cơ quan, đơn vị",
        forms_of="; ".join(with_role("basis", full=False)) or BLANK,
        guidance="; ".join(with_role("guidance")),
        replaces="; ".join(with_role("replaces")),
    )
