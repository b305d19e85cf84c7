"""The checklist “Trước khi ký”: what keeps the report of a quarter from being signed.

Number and date of the report are no part of it: `tthc sign` records them. Where this list is stored and what a signing
does with it: `pipeline/publish/signing.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.findings import unit_ids
from pipeline.forms.catalogue import form_catalogue
from pipeline.load.content.display_names import place_text
from pipeline.load.content.frame_rows import Row, level_names, level_rows, records
from pipeline.load.content.late_reasons import LateReasons
from pipeline.load.content.report_heading import report_documents, report_heading
from pipeline.load.content.sentences import BLANK, dossiers, lower_first
from pipeline.result import Checked, Scored
from pipeline.text import vn_int
from pipeline.validate.statuses import NOT_SCORED
from schemas.frames import TOTALLED
from schemas.manifest import SignatureItem
from schemas.measures import COUNT_NAMES, LATE_MEASURES
from schemas.office import ReportWords

_FIELDS_SHEET = "bo-sung.xlsx › Thông tin báo cáo"
_DOCUMENTS_SHEET = "bo-sung.xlsx › Văn bản"
#: part of `ReportHeading` -> field of the report; the number and the date are recorded by the signing
_HEADING_FIELDS = {
    "superior_body": "superior_body",
    "issuing_body": "issuing_body",
    "place": "place",
    "area": "area_name",
    "signer_title": "signer_title",
    "signer": "signer",
    "recipients": "recipients",
    "directions": "directions",
}
_ENTER = "Nhập vào bo-sung.xlsx rồi chạy lại."
#: for what is the same in every quarter
_ENTER_ONCE = (
    "Nhập vào bo-sung.xlsx, hoặc ghi một lần cho mọi quý vào tệp của văn phòng (reference/office.toml), rồi chạy lại."
)


def before_signature(scored: Scored) -> tuple[SignatureItem, ...]:
    """What has to be mended before the quarter's report is signed, most serious first; empty where it is ready.

    Errors; units that are not scored although they may have dossiers; levels without some units; units without a known
    class; parts of the report that are printed as a dotted blank; late dossiers without a reason.
    """
    checked = scored.checked
    findings = records(scored.findings)
    return (
        *_no_unit_scored(scored),
        *_errors(findings, _not_scored(checked)),
        *_entities_not_scored(checked, findings),
        *_levels_without_units(checked),
        *_unknown_classes(findings),
        *_blanks(checked),
        *_late_without_reason(checked),
    )


def _no_unit_scored(scored: Scored) -> Iterator[SignatureItem]:
    """An item where a rulebook applies and no unit has a score: the report would rank nobody."""
    if scored.rulebook is not None and not scored.checked.entities["status"].isin(TOTALLED).any():
        yield SignatureItem(
            kind="unit", what="Không đơn vị nào được chấm.", action="Sửa số liệu, nhập đủ tệp rồi chạy lại."
        )


def _not_scored(checked: Checked) -> dict[str, Row]:
    """unit_id -> row of Entities, of the units and levels that are not scored although they may have dossiers."""
    return {str(r["unit_id"]): r for r in records(checked.entities) if r["status"] in NOT_SCORED}


def _place(finding: Row) -> str:
    return place_text(finding["file"], finding["sheet"], finding["cell"])


def _errors(findings: Sequence[Row], not_scored: Mapping[str, Row]) -> Iterator[SignatureItem]:
    """An item for each error but those that only set aside units or levels, which are items of their own."""
    for finding in findings:
        ids = unit_ids(finding) if finding["sets_aside"] in ("unit", "level") else []
        if finding["severity"] == "error" and not (ids and not_scored.keys() >= set(ids)):
            yield SignatureItem(kind="error", what=finding["message"], where=_place(finding), action=finding["action"])


def _entities_not_scored(checked: Checked, findings: Sequence[Row]) -> Iterator[SignatureItem]:
    """An item for all units (or levels) that are not scored for the same reason and need the same to be done."""
    not_scored = _not_scored(checked)
    errors: dict[str, list[Row]] = {unit: [] for unit in not_scored}
    for finding in findings:
        if finding["severity"] == "error":
            for unit in errors.keys() & set(unit_ids(finding)):
                errors[unit].append(finding)
    groups: dict[tuple[str, str, str], list[str]] = {}
    for unit, row in not_scored.items():
        actions = " ".join(dict.fromkeys(str(f["action"]) for f in errors[unit]))
        groups.setdefault((str(row["kind"]), str(row["status_reason"]), actions), []).append(unit)
    for (kind, reason, actions), units in groups.items():
        names = "; ".join(f"“{not_scored[u]['name']}”" for u in units)
        places = dict.fromkeys(_place(f) for u in units for f in errors[u])
        yield SignatureItem(
            kind="level" if kind == "level" else "unit",
            what=f"Chưa được chấm: {names} – {lower_first(reason)}.",
            where="; ".join(p for p in places if p),
            action=actions or "Sửa số liệu rồi chạy lại.",
        )


def _levels_without_units(checked: Checked) -> Iterator[SignatureItem]:
    """An item for each level whose numbers are added up from its units without those that are not scored."""
    not_scored = _not_scored(checked).values()
    for level in level_rows(checked):
        left_out = [str(r["name"]) for r in not_scored if r["kind"] == "unit" and r["level"] == level["level"]]
        if level["basis"] != "own" and level["status"] not in NOT_SCORED and left_out:
            yield SignatureItem(
                kind="partial_level",
                what=f"{level['name']} được tính từ tổng các đơn vị còn lại, chưa gồm: {', '.join(left_out)}.",
                action="Sửa số liệu của các đơn vị này rồi chạy lại trước khi ký báo cáo.",
            )


def _unknown_classes(findings: Sequence[Row]) -> Iterator[SignatureItem]:
    """One item for all units whose class neither the office nor the rules give."""
    for finding in findings:
        if finding["code"] == "class_unknown":
            yield SignatureItem(
                kind="class", what=finding["message"], where="bảng kết quả, cột Phân loại", action=finding["action"]
            )


class BlankPart(NamedTuple):
    """A part of the signed text that is printed as a dotted blank: its name, and where to enter what. Vietnamese."""

    label: str
    where: str
    action: str = _ENTER


def blank_parts(checked: Checked) -> Iterator[BlankPart]:
    """The parts of the signed text that are printed as dotted blanks, but the number and the date."""
    heading = report_heading(checked)
    labels = {field.key: field.label for field in form_catalogue().fields}
    for part, key in _HEADING_FIELDS.items():
        value = getattr(heading, part)
        if any(not re.sub(r"[\s.…_]", "", line) for line in (value if isinstance(value, tuple) else (value,))):
            where = f"{_FIELDS_SHEET} › mục “{labels[key]}”"
            yield BlankPart(labels[key], where, _ENTER_ONCE if key in ReportWords.model_fields else _ENTER)
    documents, roles = report_documents(checked), form_catalogue().roles
    # the basis is part of both sentences: one cause, one item
    if BLANK in (documents.forms_of, documents.carried_out):
        yield BlankPart("Văn bản làm căn cứ", f"{_DOCUMENTS_SHEET}, vai trò “{roles['basis']}”", _ENTER_ONCE)
    if not (checked.documents["role"] == "implementation").any():
        yield BlankPart("Văn bản triển khai", f"{_DOCUMENTS_SHEET}, vai trò “{roles['implementation']}”")
    for row in records(checked.documents):
        if not row["issued_on"]:
            where = place_text(row["source_file"], row["source_sheet"], row["source_cell"])
            action = f"Ghi ngày ban hành vào {row['source_file']} rồi chạy lại."
            yield BlankPart(f"Ngày ban hành của văn bản {row['number']}", where, action)


def _blanks(checked: Checked) -> Iterator[SignatureItem]:
    for part in blank_parts(checked):
        what = f"{part.label} còn trống: báo cáo in “{BLANK}”."
        yield SignatureItem(kind="field", what=what, where=part.where, action=part.action)


def _late_without_reason(checked: Checked) -> Iterator[SignatureItem]:
    """An item for each level and kind of late dossiers, with the units that have not explained theirs.

    The reason that the office entered for a whole level is one of its dossiers that were resolved late.
    """
    reasons = LateReasons.of(checked)
    entities = [r for r in records(checked.entities) if r["status"] not in NOT_SCORED]
    field = next(f.label for f in form_catalogue().fields if f.key == "late_reason")
    for level, name in level_names(checked):
        of_level = [r for r in entities if r["level"] == level]
        whole = next((str(r["unit_id"]) for r in of_level if r["kind"] == "level"), "")
        for measure in LATE_MEASURES:
            if measure == "resolved_late" and whole in reasons.entered:
                continue
            missing = {str(r["unit_id"]): reasons.unexplained(str(r["unit_id"]), measure) for r in of_level}
            of_units = [
                f"{r['name']} {vn_int(missing[str(r['unit_id'])])}"
                for r in of_level
                if r["kind"] == "unit" and missing[str(r["unit_id"])] > 0
            ]
            of_level_row = max(missing.pop(whole, 0), 0)
            if not of_level_row and not of_units:
                continue
            # a level's own row may differ from its units
            total = of_level_row or sum(n for n in missing.values() if n > 0)
            entry = f", hoặc {_FIELDS_SHEET} › mục “{field}” của {name}" if measure == "resolved_late" else ""
            yield SignatureItem(
                kind="explanation",
                what=(
                    f"{name} – {COUNT_NAMES[measure].lower()}: {dossiers(total)} chưa có lý do"
                    + (f" ({'; '.join(of_units)})." if of_units else ".")
                ),
                where=f"giai-trinh.xlsx{entry}",
                action="Nhập giải trình của các đơn vị, hoặc lý do của cả cấp, rồi chạy lại."
                if entry
                else "Nhập giải trình của các đơn vị rồi chạy lại.",
            )
