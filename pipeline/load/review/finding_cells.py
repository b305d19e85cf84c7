"""What a finding says of its cell (`B7`, `B7, D7`, `8:10`, `dòng 5, 9, …`) -> the places to colour."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

At = tuple[int, int]  # row, column, from 0

_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_ROWS = re.compile(r"([1-9]\d{0,6}):([1-9]\d{0,6})")
_LINES = re.compile(r"dòng ([1-9]\d*(?:, [1-9]\d*)*)(?:, …)?")
#: what Excel holds: rows and columns of a sheet
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
#: cells of a range, rows of a stretch that are coloured one by one
_MOST = 1_000


@dataclass(frozen=True)
class Places:
    """`cells` by address, `rows` to be coloured whole (headers, dossiers). Both from 0, within what Excel holds."""

    cells: tuple[At, ...] = ()
    rows: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.cells or self.rows)


@dataclass
class _Found:
    cells: list[At] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)


def places(cell: str) -> Places:
    """The places of a finding's cell text; none where it names no cell (`12 dòng` counts rows)."""
    lines = _LINES.fullmatch(cell)
    if lines is not None:
        return Places(rows=tuple(r for n in lines[1].split(", ") if (r := int(n) - 1) < MOST_ROWS))
    found = _Found()
    for token in re.split(r"\s*[;,]\s*", cell):
        _read(token, found)
    return Places(tuple(dict.fromkeys(found.cells)), tuple(dict.fromkeys(found.rows)))


def _read(token: str, found: _Found) -> None:
    rows = _ROWS.fullmatch(token)
    if rows is not None:
        first, last = sorted(int(n) - 1 for n in rows.groups())
        found.rows.extend(range(first, min(last + 1, first + _MOST, MOST_ROWS)))
        return
    ends = [_address(part) for part in token.split(":")]
    known = [at for at in ends if at is not None]
    if len(known) != len(ends) or len(ends) > 2:
        return
    (top, left), (bottom, right) = known[0], known[-1]
    if (bottom - top + 1) * (right - left + 1) > _MOST or bottom < top or right < left:
        found.cells.append(known[0])
        return
    found.cells.extend((r, c) for r in range(top, bottom + 1) for c in range(left, right + 1))


def _address(text: str) -> At | None:
    match = _CELL.fullmatch(text)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - 64
    row = int(match[2])
    return (row - 1, column - 1) if row <= MOST_ROWS and column <= MOST_COLUMNS else None
