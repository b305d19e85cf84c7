"""Filled tables: the widths of their columns, and rows that are too tall for a page.

A loop over columns makes more or fewer of them than the template has. LibreOffice cuts off what is below the page in a
row that must not be divided, so a tall row may be divided whatever the template says.
"""

from __future__ import annotations

from typing import Any, Final

from lxml import etree

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

#: width of a letter in twips (2,3 mm), rather too wide than too narrow for 10 to 11 points
_LETTER: Final = 130
#: lines of a row that fit on a landscape page below the heading of a table
_MOST_LINES: Final = 22


def fit_tables(tree: Any) -> None:
    """Give each table of the body the columns of its most divided row, together as wide as the template's table.

    `tree`: the body as an lxml element, changed in place. Widths are in twips. A table without a width in twips, or
    without a row whose cells each are one column, stays as it is.
    """
    for table in tree.iter(f"{_W}tbl"):
        rows = [row.findall(f"{_W}tc") for row in table.findall(f"{_W}tr")]
        plain = [cells for cells in rows if cells and all(_span(cell) == 1 for cell in cells)]
        total = _table_width(table)
        if not plain or not total:
            continue
        widths = [_cell_width(cell) for cell in max(plain, key=len)]
        if not all(widths):
            continue
        columns = _scaled(widths, total)
        _write_grid(table, columns)
        for cells in rows:
            _write_widths(cells, columns)


def _span(cell: Any) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    return int(span.get(f"{_W}val")) if span is not None else 1


def _table_width(table: Any) -> int:
    width = table.find(f"{_W}tblPr/{_W}tblW")
    return int(width.get(f"{_W}w")) if width is not None and width.get(f"{_W}type") == "dxa" else 0


def _cell_width(cell: Any) -> int:
    width = cell.find(f"{_W}tcPr/{_W}tcW")
    return int(width.get(f"{_W}w")) if width is not None and width.get(f"{_W}type") == "dxa" else 0


def _scaled(widths: list[int], total: int) -> list[int]:
    """The widths in the same proportions, with exactly the sum `total`; the last column takes what rounding leaves."""
    scaled = [width * total // sum(widths) for width in widths]
    return [*scaled[:-1], total - sum(scaled[:-1])]


def _write_grid(table: Any, columns: list[int]) -> None:
    grid = table.find(f"{_W}tblGrid")
    for column in list(grid):
        grid.remove(column)
    for width in columns:
        etree.SubElement(grid, f"{_W}gridCol", {f"{_W}w": str(width)})


def _write_widths(cells: list[Any], columns: list[int]) -> None:
    """Write the width of each cell of a row: that of the columns it spans."""
    at = 0
    for cell in cells:
        end = at + _span(cell)
        width = cell.find(f"{_W}tcPr/{_W}tcW")
        if width is not None:
            width.set(f"{_W}w", str(sum(columns[at:end])))
            width.getparent().insert(0, width)  # the schema wants it before the span, docxtpl writes the span first
        at = end


def divide_tall_rows(tree: Any) -> None:
    """Allow rows with more than `_MOST_LINES` lines of text to be divided between pages. `tree`: the body, changed."""
    for row in tree.iter(f"{_W}tr"):
        fixed = row.find(f"{_W}trPr/{_W}cantSplit")
        if fixed is not None and max(map(_lines, row.findall(f"{_W}tc")), default=0) > _MOST_LINES:
            fixed.getparent().remove(fixed)


def remove_last_blank(tree: Any) -> None:
    """Remove an empty last paragraph that follows another paragraph. `tree`: the body, changed.

    Word needs a paragraph after a table. After a text that fills its page it would make an empty page.
    """
    for end in [e for e in tree.iter(f"{_W}sectPr") if e.getparent().tag == f"{_W}body"]:
        blank = end.getprevious()
        if blank is None or blank.tag != f"{_W}p" or any(True for _ in blank.iter(f"{_W}r", f"{_W}sectPr")):
            continue
        before = blank.getprevious()
        if before is not None and before.tag == f"{_W}p" and before.find(f"{_W}pPr/{_W}sectPr") is None:
            blank.getparent().remove(blank)


def _lines(cell: Any) -> int:
    """About how many lines the text of a cell takes: none for a cell without a width in twips."""
    width = _cell_width(cell)
    texts = ["".join(text.text or "" for text in p.iter(f"{_W}t")) for p in cell.iter(f"{_W}p")]
    return sum(1 + len(text) * _LETTER // width for text in texts) if width else 0
