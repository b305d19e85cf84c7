"""The sheets of forms as a rulebook needs them: which sheets and columns are made, and its published points.

The catalogue has every sheet and every column of the supplement. Rulebooks name the columns of published points.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pipeline.text import vn_decimal
from schemas.forms import Form, FormColumn, FormSheet
from schemas.rulebook import Rulebook

#: Excel's units
_POINTS_WIDTH = 13.0


def form_of(form: Form, rulebooks: Collection[Rulebook]) -> Form | None:
    """The form with the sheets and columns that some of the rulebooks need; None where no table is left.

    Without a rulebook every sheet is made, but none of published points.
    """
    sheets = [sheet_of(sheet, rulebooks) for sheet in form.sheets if _needed(sheet, rulebooks)]
    tables = [sheet for sheet in sheets if sheet.layout != "info"]
    return form.model_copy(update={"sheets": sheets}) if tables else None


def sheet_of(sheet: FormSheet, rulebooks: Collection[Rulebook]) -> FormSheet:
    """The sheet with the columns that some of the rulebooks need, those of published points included."""
    if sheet.published:
        name = next((r.points_sheet for r in rulebooks if r.points_sheet), "") if sheet.published == "groups" else ""
        return with_published_columns(sheet, rulebooks).model_copy(update={"name": name or sheet.name})
    if sheet.option_lines and not _has_options(rulebooks):
        kept = [line for number, line in enumerate(sheet.lines, 1) if number not in sheet.option_lines]
        lines = [f"{number}. {line.partition('. ')[2]}" for number, line in enumerate(kept, 1)]
        return sheet.model_copy(update={"lines": lines})
    if sheet.target != "supplement" or not rulebooks:
        return sheet
    used = {m for r in rulebooks for c in r.criteria for m in (*c.measures(r.ratios), *c.categories())}
    columns = [c for c in sheet.columns if c.kind not in ("count", "choice") or {c.feeds, c.shown_with} & used]
    return sheet.model_copy(update={"columns": columns})


def with_published_columns(sheet: FormSheet, rulebooks: Iterable[Rulebook]) -> FormSheet:
    """The sheet with a column for each name that the rulebooks give to published points, each name once."""
    added = {c.key: c for r in rulebooks for c in _published_columns(r, sheet.published)}
    return sheet.model_copy(update={"columns": [*sheet.columns, *added.values()]}) if sheet.published else sheet


def _needed(sheet: FormSheet, rulebooks: Collection[Rulebook]) -> bool:
    if sheet.needs == "published":
        return any(_published_columns(r, sheet.published) for r in rulebooks)
    if sheet.needs == "officers":
        return not rulebooks or any(r.officer_class is not None for r in rulebooks)
    if sheet.needs == "options":
        return _has_options(rulebooks)
    return True


def _has_options(rulebooks: Collection[Rulebook]) -> bool:
    """Whether some criterion is by option; without a rulebook that is not known, so yes."""
    return not rulebooks or any(c.by_option for r in rulebooks for c in r.criteria)


def _published_columns(rulebook: Rulebook, of: str) -> list[FormColumn]:
    """The columns of the published points of groups and total, or of criteria."""
    maxima = rulebook.published_maxima()
    if of == "groups":
        columns = [
            _column(g.code, g.label, float(maxima[g.code]), [g.label, g.short, f"{g.short} ({int(g.max_points)}đ)"])
            for g in rulebook.groups
        ]
        if rulebook.total_code:
            most = float(maxima[rulebook.total_code])
            names = ["Tổng điểm", f"Tổng điểm ({int(most)}đ)"]
            columns.append(_column(rulebook.total_code, "Tổng điểm", most, names))
        return columns
    found = {
        code: _column(code, f"{c.number}. {c.label}", float(c.max_points), [])
        for c in rulebook.criteria
        for code in c.import_codes()
    }
    return list(found.values())


def _column(code: str, label: str, most: float, aliases: list[str]) -> FormColumn:
    shown = vn_decimal(most, 2, trim=True)
    return FormColumn(
        key=f"points:{code}",
        header=code,
        band=f"{label} ({shown} điểm)",
        help=f"{label}: từ 0 đến {shown} điểm, như cổng công bố.",
        kind="points",
        most=most,
        item=code,
        aliases=[alias for alias in aliases if alias],
        width=_POINTS_WIDTH,
    )
