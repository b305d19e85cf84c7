"""The heading of the report and the documents it names, from the report fields and the form of documents.

A value that was not entered is a dotted blank, which the office fills in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.forms.catalogue import form_catalogue
from pipeline.load.content.frame_rows import records, report_field
from pipeline.load.content.sentences import BLANK, date_or_blank, long_date_or_blank, lower_first
from pipeline.result import Checked

#: kinds of area, as the name of an area begins: "thành phố Điện Biên Phủ"
_AREA_KINDS = ("thành phố", "thị xã", "đặc khu", "huyện", "quận", "tỉnh", "phường", "xã", "thị trấn")
#: titles that are common nouns: in small letters inside a sentence
_COMMON_TITLES = ("văn bản", "hướng dẫn")


@dataclass(frozen=True)
class ReportHeading:
    """Issuing body, number, place and date of the report, its area, its signature and recipients; blanks where unknown.

    `whole`: the area in a sentence (`toàn thành phố`); `directions`: tasks of the next period (part 3).
    """

    superior_body: str
    issuing_body: str
    number: str
    place: str
    long_date: str
    date: str
    area: str
    whole: str
    on_behalf: str
    signer_title: str
    signer: str
    recipients: tuple[str, ...]
    directions: tuple[str, ...]

    @property
    def signature_rows(self) -> tuple[tuple[str, str], ...]:
        """(recipient, signature) a row: the signer's title on the first row, the name on the last."""
        left = [*self.recipients, *[""] * (2 - len(self.recipients))]
        right = [self.signer_title, *[""] * (len(left) - 2), self.signer]
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
        on_behalf=first("on_behalf", "TM. ỦY BAN NHÂN DÂN"),
        signer_title=first("signer_title"),
        signer=first("signer"),
        recipients=_list_entries(fields.get("recipients", [])),
        directions=tuple(fields.get("directions", [BLANK])),
    )


def _list_entries(entries: list[str]) -> tuple[str, ...]:
    """The entries of a list with the punctuation of offices: `;` after each, `.` after the last."""
    bare = [entry.rstrip(";. ") for entry in entries]
    return (*(f"{x};" for x in bare[:-1]), f"{bare[-1]}.") if bare else (BLANK,)


#: the report fields that the report prints as a dotted blank where they were not entered
_PRINTED_BLANK = (
    "superior_body", "issuing_body", "area_name", "report_number", "report_date", "place", "signer_title", "signer",
    "recipients", "directions",
)  # fmt: skip
#: what the report prints as a dotted blank where no document was entered
_LEGAL_BASIS = "căn cứ (sheet Văn bản)"


def blank_fields(checked: Checked) -> list[str]:
    """The names of what the report prints as dotted blanks: fields of the form, and its legal basis. Vietnamese."""
    entered = report_fields(checked)
    labels = {field.key: field.label for field in form_catalogue().fields}
    blank = [lower_first(labels[key]) for key in _PRINTED_BLANK if key not in entered]
    return blank + ([_LEGAL_BASIS] if report_documents(checked).carried_out == BLANK else [])


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
