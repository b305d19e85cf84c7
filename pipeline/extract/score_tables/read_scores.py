"""A sheet with the national portal's table of scores -> published points by unit, with the cell of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.extract.count_tables.row_owners import unresolved
from pipeline.extract.score_tables.score_columns import ScoreColumns, is_heading, score_columns
from pipeline.extract.sheet.grid import Grid
from pipeline.extract.sheet.hidden_rows import hidden_row_findings
from pipeline.extract.sheet.numbers import BLANK_MARKS, NoNumber, as_decimal
from pipeline.extract.sheet_titles import in_words, place_of_text
from pipeline.extract.wording.title_periods import TitlePeriod, match_period, title_periods
from pipeline.findings import Finding, Place
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.text import fold

#: a time that is no quarter, said without its number: `Điểm năm`, `Điểm tháng`, `Lũy kế`
_OTHER_LENGTH = re.compile(r"\b(?:năm|tháng|lũy kế|luỹ kế)\b")
#: findings of a table that is of another time, or does not say its time
OTHER_PERIOD = frozenset(("score_period_differs", "score_period_unknown"))
#: LOAI_COQUAN of the row of the province itself
_PROVINCE = "1"


@dataclass(frozen=True)
class PointsRow:
    """The points of one cell: `code` as the rulebook names a group or its total."""

    unit_id: str
    code: str
    points: float
    place: Place


@dataclass(frozen=True)
class ScoreTableReading:
    """What a table of scores gave. A table with a finding about the whole of it gave no points."""

    points: tuple[PointsRow, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]  # Vietnamese: what the columns were taken for


def read_score_table(grid: Grid, period: Period, index: UnitIndex) -> ScoreTableReading | None:
    """The published points of a sheet; None where it holds no table of scores.

    A row belongs to the unit that its code and its name mean; a row where they mean two units counts for neither. The
    table has to say that it is of the period: the portal shows the year so far unless a quarter was chosen.
    """
    columns = score_columns(grid)
    if columns is None:
        return None
    refusal = _refusal(grid, columns, period)
    if refusal is not None:
        return ScoreTableReading((), (refusal,), ())
    points: list[PointsRow] = []
    findings: list[Finding] = []
    read: list[int] = []
    for row in range(columns.heading + 1, grid.height):
        cells = [(code, column) for code, column in columns.points.items() if grid.text(row, column)]
        if all(is_heading(grid.text(row, column)) for _, column in cells):  # a blank row, or headings on a new page
            continue
        unit_id, finding = _unit_of(grid, row, columns, index)
        findings += [] if finding is None else [finding]
        if not unit_id:
            continue
        read.append(row)
        for code, column in cells:
            value = _points(grid, row, column, unit_id)
            if isinstance(value, Finding):
                findings.append(value)
            elif value is not None:
                points.append(PointsRow(unit_id, code, value, grid.place(row, column)))
    findings += hidden_row_findings(grid, read, columns.points.values())
    shown = ", ".join(f"{code}: cột {grid.column_names([c])[0]}" for code, c in columns.points.items())
    return ScoreTableReading(tuple(points), tuple(findings), (f"Bảng điểm công bố ({shown})",))


def _refusal(grid: Grid, columns: ScoreColumns, period: Period) -> Finding | None:
    """The finding of a table of which nothing can be used: two columns of one group, or not of the period."""
    for code, repeated in columns.repeated.items():
        both = " và ".join(grid.column_names(repeated))
        return grid.place(columns.heading, repeated[0]).finding("score_columns_repeat", found=f"{both}: {code}")
    texts = [text for row in range(grid.top, columns.heading) for _, text in grid.row_texts(row)]
    stem = grid.file.rpartition("/")[2].rpartition(".")[0].replace("_", " ")
    for place, spoken in ((None, texts), (grid.place_of(), [grid.sheet]), (Place(grid.file), [stem])):
        named = title_periods(spoken, period.year)
        unnumbered = [] if named else [text for text in spoken if _OTHER_LENGTH.search(fold(text))]
        other = _other_than(period, named) or next(iter(unnumbered), "")
        if other:
            where = place or place_of_text(other, grid)
            return where.finding("score_period_differs", found=f"“{other}”", expected=in_words(period))
        if named:
            return None
    return grid.place_of().finding("score_period_unknown", expected=in_words(period))


def _other_than(period: Period, named: Sequence[TitlePeriod]) -> str:
    """The words of a stretch of time among those named that is not the period itself; "" without one.

    A longer or shorter one is another.
    """
    exact = [found for found in named if found.exact] or named
    return next((found.text for found in exact if match_period(found, period) != "same"), "")


def _unit_of(grid: Grid, row: int, columns: ScoreColumns, index: UnitIndex) -> tuple[str, Finding | None]:
    """The unit of a row, or the finding of a row that belongs to no unit. Neither: a row that is no unit's."""
    code_cells = [(c, text) for c in columns.codes if (text := grid.text(row, c))]
    name_cells = [(c, text) for c in columns.names if (text := grid.text(row, c))]
    resolved = [(c, text, index.resolve_row(text)) for c, text in (*code_cells, *name_cells)]
    units = list(dict.fromkeys(r.unit_id for _, _, r in resolved if r.unit_id))
    if len(units) > 1 or (units and (code := _other_code(units[0], code_cells, index))):
        named = " · ".join(text for _, text in (*code_cells, *name_cells))
        meant = "; ".join(index.names[u] for u in units) if len(units) > 1 else f"{index.names[units[0]]}, mã {code}"
        return "", grid.place(row, resolved[0][0]).finding("score_row_contradicts", found=named, expected=meant)
    if units:
        return units[0], None
    if any(r.ignored for _, _, r in resolved) or any(grid.text(row, c) == _PROVINCE for c in columns.kinds):
        return "", None
    if not name_cells and not code_cells:
        return "", grid.place(row, next(iter(columns.points.values()))).finding("score_row_unnamed")
    column, text, found = next((x for x in resolved if x[0] in columns.names), resolved[0])
    return "", unresolved(text, grid.place(row, column), found, index)


def _other_code(unit_id: str, code_cells: Sequence[tuple[int, str]], index: UnitIndex) -> str:
    """The unit's own code in the registry, where the row has another one; "" where they agree or one is not known."""
    own = index.codes.get(unit_id, "")
    return own if own and code_cells and all(text.casefold() != own.casefold() for _, text in code_cells) else ""


def _points(grid: Grid, row: int, column: int, unit_id: str) -> float | Finding | None:
    """The points of a cell; None where it is blank; a finding where it holds no number."""
    misread = grid.misread.get((row, column))
    if misread is None:
        text = grid.text(row, column)
        value = None if text.casefold() in BLANK_MARKS else as_decimal(grid.value(row, column))
        if not isinstance(value, NoNumber):
            return value
        why = value.why
    else:
        text, why = misread.count.found, misread.count.why
    return grid.place(row, column).finding("score_cell_unread", unit_id, found=text, why=why)
