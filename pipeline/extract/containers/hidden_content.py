"""The content of one sheet that python-calamine does not return as Excel shows it. Filled for xlsx and for xls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.extract.sheet.grid import CellAddress, MisreadCell

#: columns of a worksheet (ECMA-376 and Excel: XFD)
MAX_COLUMNS = 16_384


@dataclass(frozen=True)
class HiddenContent:
    """Misread cells by address, and hidden rows and columns. All numbers count from 0."""

    cells: Mapping[CellAddress, MisreadCell] = field(default_factory=dict)
    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()
