"""The text at the end of a run and of `tthc check`. Vietnamese, without markup."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from flows.pages.findings_page import finding_place
from flows.steps.run_values import RunResult
from flows.steps.shared_paths import typed_path
from pipeline.finding_catalogue import SEVERITY_NAMES
from pipeline.load.content.before_signature import before_signature
from pipeline.periods import Period
from pipeline.publish.revision_state import WORKED_OUT, item_text
from pipeline.result import Checked, Scored
from pipeline.text import row_range, vn_decimal, vn_int
from schemas.manifest import Manifest, SetAside, SignatureItem
from schemas.rulebook import Rulebook

#: what is set aside -> Vietnamese
_WHAT = {"unit": "đơn vị", "file": "tệp", "level": "số liệu riêng của", "row": "một dòng"}
#: role of a file -> Vietnamese
_ROLES = {
    "counts": "số liệu đếm hồ sơ",
    "replacement": "số liệu đơn vị gửi lại",
    "supplement": "biểu bổ sung",
    "corrections": "biểu điều chỉnh",
    "printed": "số đã in, tự chấm",
    "form": "biểu mẫu",
    "unread": "không dùng",
}
#: most lines about what is set aside in a state's message; the page of findings has all
MOST_ASIDE = 5
#: most lines about what is missing before the signature; the sheet “Trước khi ký” has all
MOST_ITEMS = 10


def summary_text(result: RunResult) -> str:
    """Lines with level totals, numbers of units and findings, what is set aside, notes, and the report's path."""
    manifest = result.manifest
    lines = [("Unchanged – " if result.unchanged else "") + _ended(result)]
    lines += _figures(manifest)
    lines += [f"  Để riêng: {line}" for line in _aside(manifest.set_aside)]
    lines += [f"  Chú ý: {note}" for note in result.notes]
    lines += [f"  {line}" for line in _signature_lines(result)]
    lines.append(f"  Báo cáo: {typed_path(result.path / 'bao-cao.md')}")
    return "\n".join(lines)


def summary_sentences(result: RunResult, report: str) -> str:
    """The summary as sentences, because Prefect's pages show a state's message as one paragraph. `report`: its path."""
    aside = list(_aside(result.manifest.set_aside))
    more = len(aside) - MOST_ASIDE
    lines = [
        _ended(result),
        *_figures(result.manifest),
        *(f"Để riêng: {line}" for line in aside[:MOST_ASIDE]),
        *([f"Để riêng còn {vn_int(more)} mục nữa, xem trang phát hiện"] if more > 0 else []),
        *(f"Chú ý: {note}" for note in result.notes),
        *([f"Tình trạng: {result.signature.text}"] if result.signature is not None else []),
        f"Báo cáo: {report}",
    ]
    return "\n".join(f"{line.strip().rstrip('.')}." for line in lines)


def _signature_lines(result: RunResult) -> Iterator[str]:
    """The state of the revision, and what is missing before it is signed."""
    state = result.signature
    if state is None:
        return
    yield f"Tình trạng: {state.text}"
    if state.signing is None:
        yield from before_signature_lines(state.items)
    if state.worked_out and state.signing is None:
        yield f"Chú ý: {WORKED_OUT}"


def before_signature_lines(items: Sequence[SignatureItem], published: bool = True) -> Iterator[str]:
    """A numbered line for each thing that is missing before the signature, the most serious ones."""
    yield from (f"  {number}. {item_text(item)}" for number, item in enumerate(items[:MOST_ITEMS], 1))
    if len(items) > MOST_ITEMS:
        where = "sheet “Trước khi ký” của cham-diem.xlsx" + ("" if published else ", có sau khi chấm")
        yield f"  và {vn_int(len(items) - MOST_ITEMS)} việc nữa: {where}"


def _ended(result: RunResult) -> str:
    manifest, name = result.manifest, Period.parse(result.manifest.period).name
    if result.unchanged:
        return f"Không có gì thay đổi so với {manifest.revision} ({name}); không ghi gì."
    if manifest.alternative:
        return f"Đã công bố phương án {manifest.revision} của {name}; bản chính không thay đổi."
    return f"Đã công bố bản {manifest.revision} của {name}."


def _figures(manifest: Manifest) -> Iterator[str]:
    if manifest.rulebook is None:
        yield "  Chưa có căn cứ chấm điểm: số liệu đã được đọc, kiểm tra và in ra, chưa chấm."
    else:
        ground = f" – {manifest.rulebook.ground}" if manifest.rulebook.ground else ""
        yield f"  Quy định: {manifest.rulebook.short or manifest.rulebook.id}{ground}"
    places = manifest.rulebook.places if manifest.rulebook else 2
    for level in manifest.totals:
        yield f"  {level.name}: {_points(level.total, level.total_max, places)}"
    units = manifest.units
    yield (
        f"  Đơn vị: {units.scored} {'được chấm điểm' if manifest.rulebook else 'có số liệu'}, "
        f"{units.set_aside} để riêng, {units.without_dossiers} không có hồ sơ để chấm"
    )
    found = {str(severity): count for severity, count in manifest.findings.items()}
    yield "  Phát hiện: " + ", ".join(f"{vn_int(found.get(s, 0))} {n.lower()}" for s, n in SEVERITY_NAMES.items())


def _aside(parts: Sequence[SetAside]) -> Iterator[str]:
    """A line for each thing that is set aside and each reason, with all cells that show it."""
    cells: dict[tuple[str, str, str], list[str]] = {}
    for part in parts:
        what = f"{_WHAT[part.what]} {part.name or part.unit_id}".rstrip()
        cells.setdefault((what, part.title, part.file), []).append(part.cell)
    for (what, title, file), where in cells.items():
        place = " › ".join(x for x in (file, ", ".join(row_range(c) for c in where if c)) if x)
        yield f"{what}: {title}" + (f" [{place}]" if place else "")


def _points(total: float | None, most: float | None, places: int) -> str:
    if total is None:
        return "không chấm"
    return vn_decimal(total, places) + (f" trên {vn_decimal(most, trim=True)} điểm" if most is not None else " điểm")


def check_text(checked: Checked, scored: Scored | None) -> str:
    """The text of `tthc check`: the role of each file, the findings with their next step, and provisional scores.

    `scored`: None if there is no count; the findings are then those of `checked`.
    """
    parts = [f"Kiểm tra {checked.period.name}", "", "Tệp:"]
    for source in checked.sources:
        parts.append(f"  {source.path}: {_ROLES.get(source.role, source.role)}")
        parts += [f"      {line}" for line in source.tables.split("\n") if line]
    found = scored.findings if scored is not None else checked.findings
    for severity, name in SEVERITY_NAMES.items():
        rows = found.loc[found["severity"] == severity].to_dict("records")
        if rows:
            parts += ["", f"{name} ({vn_int(len(rows))}):"]
            parts += [line for row in rows for line in _finding({str(k): str(v) for k, v in row.items()})]
    if not len(found):
        parts += ["", "Không có phát hiện nào."]
    if scored is not None:
        items = before_signature(scored)
        parts += ["", f"Trước khi ký ({vn_int(len(items))} việc):" if items else "Trước khi ký: đủ điều kiện ký."]
        parts += before_signature_lines(items, published=False)
    if scored is not None and scored.rulebook is not None:
        ground = f" – {scored.rulebook_ground}" if scored.rulebook_ground else ""
        parts += ["", f"Điểm tạm tính, theo {scored.rulebook.short}{ground} (chưa công bố):", *_scores(scored)]
    return "\n".join(parts)


def _finding(row: dict[str, str]) -> Iterator[str]:
    place = finding_place(row)
    yield f"  - {row['message']}" + (f"  [{place}]" if place else "")
    if row.get("consequences"):
        yield f"    Theo đó: {row['consequences']}"
    if row["action"] and row["severity"] != "notice":
        yield f"    → {row['action']}"


def _scores(scored: Scored) -> Iterator[str]:
    if scored.rulebook is None:
        return
    rulebook = scored.rulebook
    for level in scored.level_scores.to_dict("records"):
        yield f"  {level['name']}: {_provisional(level, rulebook)}"
        units = scored.unit_scores.loc[scored.unit_scores["level"] == level["level"]]
        for unit in units.to_dict("records"):
            yield f"    {unit['name']}: {_provisional(unit, rulebook)}"


def _provisional(row: Mapping[Hashable, Any], rulebook: Rulebook) -> str:
    """Total, officers' average, the class of a unit and the note on them; only the reason if there is no total."""
    if pd.isna(row["total"]):
        return str(row["status_reason"]) or "không chấm"
    officers = float(sum(c.max_points for c in rulebook.criteria if c.officers))
    parts = [
        _of(row["total"], row["total_max"], float(rulebook.max_total), rulebook),
        f"ĐTB {_of(row['officer_average'], row['officer_average_max'], officers, rulebook)}"
        if pd.notna(row["officer_average"])
        else "",
        f"phân loại {row['class_printed']}" if row.get("class_printed") else "",
        str(row["status_reason"]),
    ]
    return " · ".join(p for p in parts if p)


def _of(value: float, most: float, full: float, rulebook: Rulebook) -> str:
    """`9,60`, or `9,60/12` if the unit can reach fewer points than the rulebook's maximum (`full`)."""
    text = vn_decimal(value, rulebook.rounding.print_places)
    return text if most >= full else f"{text}/{vn_decimal(most, 2, trim=True)}"
