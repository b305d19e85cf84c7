"""The looks of cells in an xlsx file: styles, conditional formats and rich text (ECMA-376 part 1, §18.3, §18.4, §18.8).

Whether a conditional format applies depends on formulas that are not calculated here: every number that one of its
number formats would show otherwise is taken for shown otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.extract.containers.cell_looks import PLAIN, CellLook, Part, look_of
from pipeline.extract.containers.number_formats import BUILT_IN_CODES
from pipeline.extract.containers.xlsx_package import elements_named, parse_xml
from pipeline.extract.sheet.grid import CellAddress

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_RANGE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?")
#: ranges of conditional formats that are told apart; with more of them each holds for the whole sheet
_MOST_RANGES = 200
#: marks in the bytes of shared strings: a run that is struck, raised or lowered
_MARKS_OF_RUNS = (b"strike", b"vertAlign")


@dataclass(frozen=True)
class WorkbookLooks:
    """The looks that are not plain: by the index of a cell's style, and by the index of a differential format."""

    of_styles: Mapping[str, CellLook]
    of_conditions: Mapping[str, CellLook]


@dataclass(frozen=True)
class ConditionalLooks:
    """The conditional formats of a sheet that may change what cells show."""

    ranges: Sequence[tuple[CellAddress, CellAddress, CellLook]] = ()

    def at(self, row: int, column: int) -> CellLook:
        """What may apply to a cell; row and column from 0."""
        found = PLAIN
        for (top, left), (bottom, right), look in self.ranges:
            if top <= row <= bottom and left <= column <= right:
                found += look
        return found


@lru_cache(maxsize=64)  # the exports of one portal share their styles
def workbook_looks(styles: bytes) -> WorkbookLooks:
    """The looks of a `styles.xml`. Raises SyntaxError or ValueError."""
    tree = parse_xml(styles)
    # a file may define an id again, or one that is built in: programs differ in which of them they take
    codes: dict[str, list[str]] = {number: [code] for number, code in BUILT_IN_CODES.items()}
    for own in (child for formats in elements_named(tree, "numFmts") for child in formats):
        codes.setdefault(own.get("numFmtId", ""), []).append(own.get("formatCode", ""))
    struck = [_is_struck(font) for font in _children(tree, "fonts")]
    looks = {}
    for index, style in enumerate(_children(tree, "cellXfs")):
        font = style.get("fontId", "0")
        is_struck = font.isdigit() and int(font) < len(struck) and struck[int(font)]
        looks[str(index)] = look_of(*codes.get(style.get("numFmtId", ""), ()), struck=is_struck)
    conditions = {str(i): _look_of_condition(dxf) for i, dxf in enumerate(_children(tree, "dxfs"))}
    return WorkbookLooks(_odd(looks), _odd(conditions))


def _odd(looks: Mapping[str, CellLook]) -> dict[str, CellLook]:
    return {key: look for key, look in looks.items() if look}


def _children(tree: Element, name: str) -> Iterator[Element]:
    return iter(next(elements_named(tree, name), ()))


def _is_struck(font: Element) -> bool:
    return any(e.get("val", "1") not in ("0", "false") for e in elements_named(font, "strike"))


def _look_of_condition(dxf: Element) -> CellLook:
    codes = [own.get("formatCode", "") for own in elements_named(dxf, "numFmt")]
    return look_of(*codes, struck=_is_struck(dxf))


def conditional_looks(tree: Element, of_conditions: Mapping[str, CellLook]) -> ConditionalLooks:
    """The conditional formats of a sheet. Rules of data bars and icons may show nothing beside them."""
    ranges: list[tuple[CellAddress, CellAddress, CellLook]] = []
    for format_ in elements_named(tree, "conditionalFormatting"):
        look = PLAIN
        for rule in elements_named(format_, "cfRule"):
            look += of_conditions.get(rule.get("dxfId", ""), PLAIN)
            for own in elements_named(rule, "dxf"):
                look += _look_of_condition(own)
            if any(e.get("showValue", "1") in ("0", "false") for e in rule.iter()):
                look += look_of(";;;")
        if look:
            written = [format_.get("sqref", ""), *(e.text or "" for e in elements_named(format_, "sqref"))]
            ranges += [(*area, look) for area in _areas(" ".join(written))]
    if len(ranges) > _MOST_RANGES:
        everywhere = PLAIN
        for look in {look for _, _, look in ranges}:
            everywhere += look
        ranges = [((0, 0), (1 << 20, 1 << 14), everywhere)]
    return ConditionalLooks(ranges)


def _areas(written: str) -> Iterator[tuple[CellAddress, CellAddress]]:
    """The areas of a list of references; the whole sheet for one that is written in another way."""
    for text in written.split():
        match = _RANGE.fullmatch(text)
        if match is None:
            yield (0, 0), (1 << 20, 1 << 14)
            continue
        first = int(match[2]) - 1, column_number(match[1])
        last = (int(match[4]) - 1, column_number(match[3])) if match[3] else first
        yield (min(first[0], last[0]), min(first[1], last[1])), (max(first[0], last[0]), max(first[1], last[1]))


def column_number(letters: str) -> int:
    """The number of a column, from 0, by its letters."""
    column = 0
    for letter in letters.upper():
        column = 26 * column + ord(letter) - 64
    return column - 1


def parts_of_strings(strings: bytes) -> Mapping[int, Part]:
    """Index of a shared string -> what is set apart in it; without those in which nothing is. Raises SyntaxError."""
    if not any(mark in strings for mark in _MARKS_OF_RUNS):
        return {}
    items = enumerate(elements_named(parse_xml(strings), "si"))
    return {i: part for i, item in items if (part := part_set_apart(item))}


def part_set_apart(item: Element) -> Part:
    """What is set apart in a rich text: a run with a visible text that is struck, raised or lowered."""
    runs = [r for r in elements_named(item, "r") if any((t.text or "").strip() for t in elements_named(r, "t"))]
    if any(map(_is_struck, runs)):
        return "struck"
    aligned = (e.get("val", "") for run in runs for e in elements_named(run, "vertAlign"))
    return "raised" if any(value in ("superscript", "subscript") for value in aligned) else ""
