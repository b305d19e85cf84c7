"""Which sheet is a table of published scores, and which column of it holds which points or names the unit."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pipeline.extract.sheet.cell_matrix import TextPredicate
from pipeline.extract.sheet.grid import FIRST_COLUMNS, Grid
from pipeline.extract.wording.phrases import Phrase, words
from pipeline.text import fold

#: groups of points that a row of headings names before the sheet is a table of scores; fewer where it names a total
_GROUPS, _GROUPS_WITH_TOTAL = 5, 3
#: the column of the total of all groups
TOTAL = "TONG_SCORE"
#: what brackets may say of points: `Tiến độ (20đ)`, `TỔNG ĐIỂM (100 điểm)`; not of a share: `Tiến độ (%)`
_POINTS_IN_BRACKETS = re.compile(r"\( ?(?:tối đa )?(?:\d{1,3} ?)?(?:đ|điểm) ?\)")


@dataclass(frozen=True)
class ScoreColumns:
    """The columns of a table of scores, as columns of the sheet from 0 on. Its first row is the one below `heading`."""

    heading: int  # row of the headings
    points: Mapping[str, int]  # code of a group, or TOTAL -> column
    names: tuple[int, ...]
    codes: tuple[int, ...]
    kinds: tuple[int, ...]
    repeated: Mapping[str, tuple[int, ...]]  # code -> several columns with its label

    @property
    def groups(self) -> int:
        """Number of groups that have a column."""
        return len(self.points.keys() - {TOTAL})


@cache
def _labels() -> Mapping[Phrase, tuple[str, str]]:
    """Words of a label -> (table of score_columns.toml, key)."""
    text = files("pipeline.reference").joinpath("score_columns.toml").read_text(encoding="utf-8")
    listed = tomllib.loads(text)
    return {words(w): (kind, key) for kind, keys in listed.items() for key, ws in keys.items() for w in ws}


def _meaning(text: str) -> tuple[str, str] | None:
    meaning = _labels().get(words(text))
    return None if "(" in _POINTS_IN_BRACKETS.sub("", fold(text)) else meaning


def is_heading(text: str) -> bool:
    """Whether a text is a heading of a table of scores."""
    return _meaning(text) is not None


_IS_POINTS = TextPredicate(lambda text: (_meaning(text) or ("", ""))[0] == "points")


def score_columns(grid: Grid) -> ScoreColumns | None:
    """The columns of the sheet's table of scores; None where no row among the first ones has its headings."""
    found = [_columns_of(grid, row) for row in grid.first_rows_with(_IS_POINTS)]
    tables = [c for c in found if c.groups >= (_GROUPS_WITH_TOTAL if TOTAL in c.points else _GROUPS)]
    return max(tables, key=lambda c: c.groups, default=None)  # the first of the best


def _columns_of(grid: Grid, row: int) -> ScoreColumns:
    columns: dict[tuple[str, str], list[int]] = defaultdict(list)
    for column, text in grid.row_texts(row):
        meaning = _meaning(text) if column < FIRST_COLUMNS else None
        if meaning is None:
            continue
        columns[meaning].append(column)
    points = {key: at for (kind, key), at in columns.items() if kind == "points"}
    names, codes, kinds = (tuple(columns.get(("units", key), ())) for key in ("name", "code", "kind"))
    repeated = {code: tuple(at) for code, at in points.items() if len(at) > 1}
    return ScoreColumns(row, {code: at[0] for code, at in points.items()}, names, codes, kinds, repeated)
