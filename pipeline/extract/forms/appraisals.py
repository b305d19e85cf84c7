"""tham-dinh.xlsx: what an appraiser gave each criterion. A row with a slip is refused, nothing else is touched."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from textwrap import shorten

from pipeline.extract.forms.form_cells import Place, Slip, read_date, read_decimal
from pipeline.extract.forms.form_table import FormRow, FormTable, named_rulebook
from pipeline.extract.forms.gathered_rows import Gathered
from pipeline.forms.catalogue import header_key, match_criterion, match_rulebook
from pipeline.forms.wording import criterion_text
from pipeline.text import vn_decimal
from schemas.rulebook import Criterion, Rulebook

_REFUSED = "appraisal_refused"
#: as much of an option's text as tells it from the others
_OPTION_LENGTH = 60


@dataclass(frozen=True)
class _Appraised:
    """What an appraiser gave a criterion: points, and the id of the option ("" where points are not by option)."""

    points: Fraction | float
    option: str = ""


def read_appraisals(table: FormTable, gathered: Gathered) -> None:
    """Sheet “Thẩm định” -> Appraisals. A row with a name or a date but no appraisal says nothing and is passed over."""
    entries = [r for r in table.entries() if r.text("appraisal") or r.text("reason")]
    if not entries:
        return
    written, place = named_rulebook(table)
    rulebook = match_rulebook(written, gathered.rulebooks) if written else None
    if rulebook is None:
        _refuse(gathered, place, "", "mọi dòng", "không phải một bộ tiêu chí đã cài", "; ".join(gathered.rulebooks))
        return
    for row in entries:
        unit = gathered.unit_of(row)
        if unit:
            _read_row(row, unit, rulebook, gathered)


def _read_row(row: FormRow, unit: str, rulebook: Rulebook, gathered: Gathered) -> None:
    """One appraisal, or a finding for every cell that keeps it from being one."""
    criterion = _criterion(row.text("criterion"), rulebook)
    if criterion is None:
        numbers = [c.number for c in rulebook.criteria]
        allowed = f"số thứ tự từ {numbers[0]} đến {numbers[-1]}, hoặc tên tiêu chí như biểu tạo ra"
        why = f"không phải một tiêu chí của {rulebook.short}"
        _refuse(gathered, row.place("criterion"), unit, "", why, allowed)
        return
    label = f"tiêu chí {criterion.number}"
    given = _appraisal(row.place("appraisal"), criterion, gathered.index.levels[unit])
    day = read_date(row.place("appraised_on")) if "appraised_on" in row.cells else None
    slips = []
    if isinstance(given, str):
        slips.append(("appraisal", given, _allowed(criterion, gathered.index.levels[unit])))
    if not row.text("appraiser"):
        slips.append(("appraiser", "phải ghi người thẩm định", "tên người thẩm định"))
    if isinstance(day, Slip):
        slips.append(("appraised_on", day.why, "ngày/tháng/năm"))
    broken = ((k, row.cells[k].broken) for k in ("reason", "appraiser") if k in row.cells)
    slips += [(key, slip.why, "chữ") for key, slip in broken if slip]
    for key, why, expected in slips:
        _refuse(gathered, row.place(key), unit, label, why, expected)
    if slips or isinstance(given, str):
        return
    seen = read_decimal(row.cells["computed"]) if "computed" in row.cells else None
    reason = row.cells.get("reason")
    gathered.add(
        "appraisals",
        row.place("appraisal"),
        unit_id=unit,
        rulebook=rulebook.id,
        criterion=criterion.id,
        value=float(given.points),
        option=given.option,
        seen=None if isinstance(seen, Slip) else seen,
        seen_text=row.text("computed"),
        reason=row.text("reason"),
        reason_cell=(reason or row.place("appraisal")).address,
        appraiser=row.text("appraiser"),
        appraised_on="" if day is None or isinstance(day, Slip) else day.isoformat(),
    )


def drop_repeated_appraisals(gathered: Gathered) -> None:
    """Two appraisals of one criterion: neither is used, and both places are named."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    rows = gathered.rows.get("appraisals", [])
    for number, (row, _) in enumerate(rows):
        groups.setdefault((row["unit_id"], row["rulebook"], row["criterion"]), []).append(number)
    repeated = [numbers for numbers in groups.values() if len(numbers) > 1]
    for numbers in repeated:
        row, place = rows[numbers[-1]]
        criteria = {c.id: c.number for c in gathered.rulebooks[row["rulebook"]].criteria}
        both = "; ".join(rows[n][1].where() for n in numbers)
        label = f"tiêu chí {criteria[row['criterion']]}"
        _refuse(gathered, place, row["unit_id"], label, f"có hai thẩm định ({both})", "một thẩm định")
    dropped = {n for numbers in repeated for n in numbers}
    gathered.rows["appraisals"] = [entry for n, entry in enumerate(rows) if n not in dropped]


def _criterion(written: str, rulebook: Rulebook) -> Criterion | None:
    key = header_key(written)
    exact = [c for c in rulebook.criteria if header_key(criterion_text(c)) == key]
    return exact[0] if exact else match_criterion(written, rulebook)


def _appraisal(place: Place, criterion: Criterion, level: str) -> _Appraised | str:
    """The points in a cell, or the option that the cell names; a text that gives the reason where there is none."""
    if not place.filled:
        return "có lý do nhưng chưa ghi điểm thẩm định"
    value = read_decimal(place)
    if place.broken:
        return place.broken.why
    if isinstance(value, float) and value > float(criterion.max_points):
        return f"lớn hơn điểm tối đa {_points(criterion.max_points)}"
    if not criterion.by_option:
        return "không phải điểm số" if value is None or isinstance(value, Slip) else _Appraised(value)
    choices = criterion.choices(level)
    key = header_key(place.text)
    named = [o for o in choices if key in (o.id.casefold(), header_key(o.text))]
    if not named and isinstance(value, float):
        named = [o for o in choices if float(o.points) == value]
    return _Appraised(named[0].points, named[0].id) if len(named) == 1 else "không phải một mức của tiêu chí"


def _allowed(criterion: Criterion, level: str) -> str:
    """What the cell may hold, as a finding lists it."""
    if not criterion.by_option:
        return f"số điểm từ 0 đến {_points(criterion.max_points)}"
    choices = criterion.choices(level)
    return "; ".join(f"{_points(o.points)} ({shorten(o.text, _OPTION_LENGTH, placeholder=' …')})" for o in choices)


def _points(points: Fraction) -> str:
    return vn_decimal(float(points), 2, trim=True)


def _refuse(gathered: Gathered, place: Place, unit: str, label: str, why: str, expected: str) -> None:
    shown = place.text if isinstance(place.value, str) else place.text.replace(".", ",")
    written = f"ghi “{shown}”" if place.filled else "để trống"
    who = gathered.name(unit) if unit else label
    what = f" {label}" if unit and label else ""
    facts = {"row": who, "what": what, "written": written, "why": why}
    gathered.say(place.finding(_REFUSED, unit, expected=expected, **facts))
