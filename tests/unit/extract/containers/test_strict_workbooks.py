"""Workbooks of the strict form, without cell references, and with number formats that show another number."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from workbooks import with_parts

TRANSITIONAL = b"http://schemas.openxmlformats.org/"
RELATION, MAIN = b"officeDocument/2006/relationships", b"spreadsheetml/2006/main"


def rewritten(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    return with_parts(data, lambda name, part: change(part))


def strict(part: bytes) -> bytes:
    part = part.replace(TRANSITIONAL + MAIN, b"http://purl.oclc.org/ooxml/spreadsheetml/main")
    return part.replace(TRANSITIONAL + RELATION, b"http://purl.oclc.org/ooxml/officeDocument/relationships")


def unplaced(part: bytes) -> bytes:
    return re.sub(rb'<c r="J8"', b"<c", part)


@pytest.mark.parametrize("change", [strict, unplaced])
@pytest.mark.parametrize(("found", "code"), [("#REF!", "cell_error"), ("=SUM(X1:X9)", "cell_formula")])
def test_what_a_cell_hides_is_seen(
    export: Any, read: Any, row: Any, change: Callable[[bytes], bytes], found: str, code: str
) -> None:
    bad = row(1, "Phòng A", 10, 25, 5, 20, 8, 0)
    bad[9] = found  # blank it would be 0: the row closes
    reading = read(rewritten(export([bad]), change))
    assert [(f.code, f.cell) for f in reading.findings] == [(code, "J8")]


def test_a_strict_workbook_is_read(export: Any, read: Any, row: Any) -> None:
    reading = read(rewritten(export([row(1, "Phòng A", 10, 25, 5, 20, 8, 3)]), strict))
    assert (len(reading.frame(set())), list(reading.findings)) == (11, [])


@pytest.mark.parametrize(
    ("number_format", "refused"),
    [
        ("#,##0,", True),
        ('0.0,,"tr"', True),
        (";;;", True),
        ("0%", True),
        ("#,##0", False),
        ('_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)', False),
        ('#,##0" hồ sơ"', False),
        ("0;-0;;@", False),
    ],
)
def test_a_format_that_shows_another_number(
    export: Any, read: Any, row: Any, number_format: str, refused: bool
) -> None:
    def change(sheet: Any) -> None:
        sheet["H8"].number_format = number_format

    reading = read(export([row(1, "Phòng A", 10, 25, 5, 20, 8, 3)], change=change))
    assert [f.code for f in reading.findings] == (
        ["cell_not_a_count" if "%" in number_format else "cell_shown_otherwise"] if refused else []
    )
