"""The text of the report in parts: heading, bases, part 2.1, part 2.2, as the templates fill them in.

What nobody entered is a dotted blank for the office to fill in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.arithmetic.identities import total_of
from pipeline.load.content import sentences as say
from pipeline.load.content.frame_rows import (
    Row,
    field_of,
    level_name,
    not_scored,
    records,
    reduced_note,
    scores_by_unit,
    unit_remark,
)
from pipeline.load.content.late_reasons import LateReasons
from pipeline.load.content.sentences import BLANK, lower_first
from pipeline.load.content.unit_tables import OfficerForm
from pipeline.result import Checked, Scored

#: kinds of area, as a name of one begins: "thành phố Điện Biên Phủ"
AREA_KINDS = ("thành phố", "thị xã", "đặc khu", "huyện", "quận", "tỉnh", "phường", "xã", "thị trấn")


#: words for a document that are no proper kind of one: written small inside a sentence
COMMON_TITLES = ("văn bản", "hướng dẫn")


@dataclass(frozen=True)
class Heading:
    """Who reports, where and when, and who signs."""

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
        """Recipients beside the signer's title and, on the last row, the name."""
        left = [*self.recipients, *[""] * (2 - len(self.recipients))]
        right = [self.signer_title, *[""] * (len(left) - 2), self.signer]
        return tuple(zip(left, right, strict=True))


@dataclass(frozen=True)
class Bases:
    """The documents a report names. `carried_out`: decisions and directives, for the opening sentence."""

    carried_out: str
    implementation: str
    addressees: str
    forms_of: str
    guidance: str
    replaces: str


@dataclass(frozen=True)
class LevelText:
    """Part 2.1 for one level. `late` is empty when nothing is late, else the reason or a blank for it."""

    name: str
    received: str
    resolved: str
    late: str
    pending: tuple[str, ...]
    total: float | None
    total_max: float | None
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class OfficersText:
    """Part 2.2: how many lines of Biểu mẫu 01 in which class; `unscored`: (name, why)."""

    evaluated: int
    classes: tuple[tuple[str, int], ...]
    unscored: tuple[tuple[str, str], ...]


def heading(checked: Checked) -> Heading:
    """What the form of report fields says, with a blank for what it does not."""
    fields = _fields(checked)

    def one(name: str, otherwise: str = BLANK) -> str:
        return fields.get(name, [otherwise])[0]

    area = one("area_name")
    kind = next((k for k in AREA_KINDS if area.lower().startswith(f"{k} ")), "")
    date = one("report_date", "")
    return Heading(
        superior_body=one("superior_body"),
        issuing_body=one("issuing_body"),
        number=one("report_number", f"{BLANK}/BC-UBND"),
        place=one("place"),
        long_date=say.vn_long_date(date),
        date=say.vn_date(date),
        area=area,
        whole=f"toàn {kind}" if kind else "toàn địa bàn",
        on_behalf=one("on_behalf", "TM. ỦY BAN NHÂN DÂN"),
        signer_title=one("signer_title"),
        signer=one("signer"),
        recipients=_listed(fields.get("recipients", [])),
        directions=tuple(fields.get("directions", [BLANK])),
    )


def _listed(entries: list[str]) -> tuple[str, ...]:
    """Entries of a list as offices punctuate one: `;` after each, `.` after the last."""
    bare = [entry.rstrip(";. ") for entry in entries]
    return (*(f"{x};" for x in bare[:-1]), f"{bare[-1]}.") if bare else (BLANK,)


def _fields(checked: Checked) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for row in records(checked.report_fields):
        if row["value"]:
            values.setdefault(str(row["field"]), []).append(str(row["value"]))
    return values


def _document(row: Mapping[str, object], *, full: bool) -> str:
    """`Công văn số 265/VPUB-KSTT ngày 07/3/2022`, and in full by whom and about what."""
    title = str(row["title"]) or "văn bản"
    title = lower_first(title) if title.lower() in COMMON_TITLES else title
    text = f"{title} số {row['number'] or BLANK} ngày {say.vn_date(str(row['issued_on']))}"
    if not full:
        return text
    issuer, subject = str(row["issuer"]), str(row["subject"])
    about = subject if subject.lower().startswith(("về ", "v/v ", "ban hành ")) else f"về {subject}"
    return f"{text}{f' của {issuer}' if issuer else ''}{f' {about}' if subject else ''}"


def bases(checked: Checked) -> Bases:
    """The documents by the part they play, each in the order entered."""
    rows = records(checked.documents)

    def of(*roles: str, full: bool = True) -> list[str]:
        return [_document(r, full=full) for r in rows if r["role"] in roles]

    own = [r for r in rows if r["role"] == "implementation"]
    return Bases(
        carried_out="; ".join(of("basis", "directive")) or BLANK,
        implementation="; ".join(_document({**r, "issuer": ""}, full=True) for r in own)
        or f"văn bản số {BLANK} ngày {BLANK} về {BLANK}",
        addressees=field_of(checked, "addressees").rstrip(". ") or "các cơ quan, đơn vị",
        forms_of="; ".join(of("basis", full=False)) or BLANK,
        guidance="; ".join(of("guidance")),
        replaces="; ".join(of("replaces")),
    )


def whole_text(checked: Checked, figures: Mapping[str, Mapping[str, int]]) -> LevelText:
    """Part 2.1 for the whole: the sum of the levels' own figures. A level without figures that stand is named."""
    levels = records(checked.entities.loc[checked.entities["kind"] == "level"])
    counted = [r for r in levels if total_of(_standing(r, figures), "received") is not None]
    absent = [str(r["name"]) for r in levels if r not in counted]
    absent += [name for r in counted for name in _left_out(checked, str(r["level"]), str(r["basis"]))]
    total = say.add_up([figures[r["unit_id"]] for r in counted])
    remarks = (f"Số liệu chưa gồm: {'; '.join(absent)}.",) if absent else ()
    pending = tuple(say.pending_lines(total))
    return LevelText("", say.received_text(total), say.resolved_text(total), "", pending, None, None, remarks)


def _standing(level: Row, figures: Mapping[str, Mapping[str, int]]) -> Mapping[str, int]:
    """A level's figures; none where they were set aside, as they do not agree with each other."""
    return {} if level["status"] == "set_aside" else figures.get(str(level["unit_id"]), {})


def level_texts(scored: Scored, figures: Mapping[str, Mapping[str, int]]) -> list[LevelText]:
    """Part 2.1 for each level of the period that has a row of its own in the registry."""
    checked = scored.checked
    fields = _fields(checked)
    results = {r["unit_id"]: r for r in records(scored.level_scores)}
    reasons, scores = LateReasons.of(checked), scores_by_unit(scored)
    texts = []
    for row in records(checked.entities.loc[checked.entities["kind"] == "level"]):
        unit, level = str(row["unit_id"]), str(row["level"])
        own, result = _standing(row, figures), results.get(unit, {"total": None, "total_max": None})
        late = ""
        if own.get("resolved_late", 0) > 0:  # what the office entered wins over what the explanations say
            made = reasons.text(unit, "resolved_late") or f"nguyên nhân: {BLANK}"
            late = fields.get(f"late_reason:{level}", [made])[0]
        noted = result["total"] is not None
        reduced = reduced_note(scored.rulebook, scores.get(unit, {}), result) if noted else ""
        why = unit_remark(str(row["status"]), not_scored(row), {}) if row["status"] != "scored" else ""
        known = total_of(own, "received") is not None
        left_out = "; ".join(_left_out(checked, level, str(row["basis"]))) if known else ""
        partial = f"Số liệu và điểm trên tính từ các đơn vị còn lại, chưa gồm: {left_out}." if left_out else ""
        remarks = tuple(x for x in (partial, why, reduced) if x)
        texts.append(
            LevelText(
                level_name(scored.rulebook, level, str(row["name"])),
                say.received_text(own),
                say.resolved_text(own),
                late,
                tuple(say.pending_lines(own, reasons.text(unit, "pending_overdue"))),
                result["total"],
                result["total_max"],
                remarks,
            )
        )
    return texts


def _left_out(checked: Checked, level: str, basis: str) -> list[str]:
    """Units that a level's figures do not contain, where they are the sum of its units."""
    if basis == "own":
        return []
    entities = checked.entities
    units = entities.loc[(entities["kind"] == "unit") & (entities["level"] == level)]
    return [str(name) for name in units.loc[units["status"].isin(["set_aside", "missing"]), "name"]]


def unscored_units(checked: Checked) -> list[tuple[str, str]]:
    """(unit, why) of every unit that is not scored, in registry order."""
    units = checked.entities.loc[(checked.entities["kind"] == "unit") & (checked.entities["status"] != "scored")]
    said = [(str(r["name"]), unit_remark(str(r["status"]), str(r["status_reason"]), {})) for r in records(units)]
    return [(name, lower_first(why)) for name, why in said]


def officers_text(checked: Checked, form: OfficerForm) -> OfficersText:
    """Officers by class, in the order of the rulebook's classes; those without a score by name."""
    lines = [line for _, group in form.groups for line in group]
    counts = [(label, sum(line.marks[i] for line in lines)) for i, label in enumerate(form.classes)]
    return OfficersText(
        evaluated=sum(line.score is not None for line in lines),
        classes=tuple((label, n) for label, n in counts if n),
        unscored=tuple((line.name, line.note) for line in lines if line.score is None),
    )
