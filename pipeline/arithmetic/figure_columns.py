"""Figures as columns: one array for each measure over all units and levels of a period.

Blank figures that can only be 0 are filled in, then the assumptions of the form. Any other unknown figure stays
unknown. Figures are whole numbers of dossiers, procedures or petitions. Arrays have the shape (entities,).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.arithmetic.identities import RESOLVED_BY_DEADLINE, RESOLVED_IN_TIME
from pipeline.arithmetic.rounding import Bools, Ints
from schemas.measures import CONTACT_GROUPS, PART_OF, PARTS_WITHIN
from schemas.rulebook import Default

Texts = npt.NDArray[np.object_]
#: column name -> its values in some rows; several are joined as arrays and made a frame once
Block = dict[str, npt.NDArray[Any]]

COMPLAINTS = ("complaints_early", "complaints_on_time", "complaints_late")
_IMPLIED = "implied"


@dataclass(frozen=True)
class FigureColumn:
    """One measure over all entities. Where `known` is False, `value` is 0 and not used."""

    value: Ints
    known: Bools
    origin: Texts
    source: Texts

    @property
    def given(self) -> Bools:
        """Where the figure was entered or counted, and is not only implied by other figures."""
        return np.asarray(self.known & (self.origin != _IMPLIED), dtype=bool)

    def filled(self, where: Bools, value: Ints, origin: str, source: Texts) -> FigureColumn:
        """A copy with `value` where `where`."""
        return FigureColumn(
            np.where(where, value, self.value),
            self.known | where,
            np.where(where, origin, self.origin),
            np.where(where, source, self.source),
        )


@dataclass(frozen=True)
class Values:
    """All measures and the disclosure category of the entities, in the order of the entities."""

    rows: int  # number of entities
    columns: Mapping[str, FigureColumn]
    disclosure: Texts  # "" = unknown
    disclosure_source: Texts

    def column(self, measure: str) -> FigureColumn:
        """The column of a measure; unknown everywhere where there is no figure of it."""
        return self.columns.get(measure) or _blank(self.rows)

    def signed(self, measures: Iterable[str]) -> tuple[Ints, Bools]:
        """The sum of measures (`-x` subtracts) and where all of them are known. No measures: 0, known."""
        total = np.zeros(self.rows, dtype=np.int64)
        known = np.ones(self.rows, dtype=bool)
        for name in measures:
            column = self.column(name.removeprefix("-"))
            total = total - column.value if name.startswith("-") else total + column.value
            known &= column.known
        return total, known

    def trace(self, measures: Iterable[str]) -> tuple[Texts, Texts]:
        """Origins and sources of the measures of a sum, each once, joined by `; `."""
        names = list(dict.fromkeys(m.removeprefix("-") for m in measures))
        columns = [self.column(name) for name in names]
        origins, sources = [c.origin for c in columns], [c.source for c in columns]
        return _joined(origins, self.rows), _joined(sources, self.rows)

    def replaced(self, columns: Mapping[str, FigureColumn]) -> Values:
        """A copy with some measures replaced."""
        return Values(self.rows, {**self.columns, **columns}, self.disclosure, self.disclosure_source)


def texts(rows: int, value: str = "") -> Texts:
    """An array of one text."""
    return np.full(rows, value, dtype=object)


def joined(blocks: Sequence[Block]) -> Block:
    """Blocks of rows with the same columns, one below the other. Raises IndexError where there is none."""
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def from_figures(unit_ids: pd.Index, figures: pd.DataFrame, choices: pd.DataFrame) -> Values:
    """The figures of `unit_ids` from the Figures and Choices frames, one row a figure and choice.

    Raises ValueError where a unit has two values for one measure.
    """
    known = figures[figures["unit_id"].isin(unit_ids)]
    if known.duplicated(["unit_id", "measure"]).any():
        raise ValueError("figures: a unit has two values for one measure")
    position = unit_ids.get_indexer(pd.Index(known["unit_id"]))
    value = known["value"].to_numpy(dtype=np.int64)
    origin = known["origin"].to_numpy(dtype=object)
    source = known["source"].to_numpy(dtype=object)
    columns: dict[str, FigureColumn] = {}
    for measure, index in known.groupby("measure", sort=False).indices.items():
        column = _blank(len(unit_ids))
        at = position[index]
        column.value[at] = value[index]
        column.known[at] = True
        column.origin[at] = origin[index]
        column.source[at] = source[index]
        columns[str(measure)] = column
    disclosed = choices[(choices["item"] == "disclosure") & choices["unit_id"].isin(unit_ids)]
    category, category_source = texts(len(unit_ids)), texts(len(unit_ids))
    at = unit_ids.get_indexer(pd.Index(disclosed["unit_id"]))
    category[at] = disclosed["option"].to_numpy(dtype=object)
    category_source[at] = disclosed["source"].to_numpy(dtype=object)
    return with_resolved_in_time(with_implied(Values(len(unit_ids), columns, category, category_source)))


def with_resolved_in_time(values: Values) -> Values:
    """The values with what was resolved before and on time together, where no figure of it is given.

    It is the sum of both, else everything resolved less what was late.
    """
    column = values.column(RESOLVED_IN_TIME.total)
    for terms in (RESOLVED_IN_TIME.parts, (RESOLVED_BY_DEADLINE.total, "-resolved_late")):
        value, known = values.signed(terms)
        where = known & ~column.known & (value >= 0)
        column = column.filled(where, value, "derived", values.trace(terms)[1])
    return values.replaced({RESOLVED_IN_TIME.total: column})


def with_implied(values: Values) -> Values:
    """The values with 0 for blank figures that can only be 0.

    These are: a part of a whole that is 0; a contact count where the others make up the dossiers resolved, or nothing
    is resolved; a complaint count where another complaint count is given.
    """
    within = [(part, wholes) for parts, wholes in PARTS_WITHIN for part in parts]
    for part, wholes in (*((p, (w,)) for p, w in PART_OF), *within):
        whole, known = values.signed(wholes)
        values = _zero(values, part, known & (whole == 0), values.trace(wholes)[1])
    resolved, resolved_known = values.signed(RESOLVED_BY_DEADLINE.parts)
    for group in (*CONTACT_GROUPS, COMPLAINTS):
        members = [values.column(m) for m in group]
        some = np.logical_or.reduce([c.given for c in members])
        if group != COMPLAINTS:
            some = resolved_known & (
                (some & (np.sum([c.value for c in members], axis=0) == resolved)) | (resolved == 0)
            )
        source = _joined([c.source for c in members], values.rows)
        for member in group:
            values = _zero(values, member, some, source)
    return values


def with_implied_cells(table: pd.DataFrame) -> pd.DataFrame:
    """A wide table (index entities, columns measures, NA unknown) with 0 in the cells that `with_implied` fills."""
    rows = len(table)
    columns = {
        str(m): FigureColumn(
            table[m].fillna(0).to_numpy(dtype=np.int64), table[m].notna().to_numpy(dtype=bool), texts(rows), texts(rows)
        )
        for m in table.columns
    }
    filled = with_implied(Values(rows, columns, texts(rows), texts(rows)))
    cells = {m: pd.Series(filled.column(m).value, table.index, dtype="Int64") for m in columns}
    return pd.DataFrame({m: s.where(filled.column(m).known) for m, s in cells.items()}, index=table.index)


def with_defaults(
    values: Values, defaults: Iterable[Default], level_row: Ints
) -> tuple[Values, list[tuple[Default, Mapping[str, Bools]]]]:
    """The values with the assumptions of the form, and for each assumption the measures and entities that it filled.

    An assumption applies where its whole group is blank. A figure of the level stands for no figure of a unit that can
    only be 0. `level_row`: for each entity the position of its level, -1 for levels and for units without one.
    """
    used: list[tuple[Default, Mapping[str, Bools]]] = []
    for default in defaults:
        group = [values.column(m) for m in default.when_blank or default.measures]
        blank = ~np.logical_or.reduce([c.known if default.from_level else c.given for c in group])
        fills = {m: _assumed(values, default, m, level_row) for m in default.measures}
        possible = blank & np.logical_and.reduce([known for _, known, _ in fills.values()])
        columns, where = {}, {}
        for measure, (value, _, source) in fills.items():
            column = values.column(measure)
            where[measure] = possible if default.from_level else possible & ~column.known
            columns[measure] = column.filled(where[measure], value, f"default: {default.id}", source)
        values = values.replaced(columns)
        used.append((default, where))
    return values, used


def _assumed(values: Values, default: Default, measure: str, level_row: Ints) -> tuple[Ints, Bools, Texts]:
    """What a default assumes for one measure: the value, where it is known, its source."""
    if default.from_level:
        column = values.column(measure)
        at = np.maximum(level_row, 0)
        return column.value[at], column.known[at] & (level_row >= 0), column.source[at]
    value, known = values.signed(default.values[measure])
    return value, known, values.trace(default.values[measure])[1]


def _blank(rows: int) -> FigureColumn:
    return FigureColumn(np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=bool), texts(rows), texts(rows))


def _zero(values: Values, measure: str, where: Bools, source: Texts) -> Values:
    column = values.column(measure)
    where = where & ~column.known
    if not where.any():
        return values
    return values.replaced({measure: column.filled(where, np.zeros_like(column.value), _IMPLIED, source)})


def _joined(parts: list[Texts], rows: int) -> Texts:
    if not parts:
        return texts(rows)
    if len(parts) == 1:
        return parts[0]
    joined = texts(rows)
    joined[:] = ["; ".join(dict.fromkeys(p for p in row if p)) for row in zip(*parts, strict=True)]
    return joined
