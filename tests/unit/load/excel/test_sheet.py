"""Sheets: names Excel accepts, heights that hold the text, number formats that look Vietnamese."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.load.excel import styles
from pipeline.load.excel.sheet import Sheet, sheet_name
from pipeline.load.excel.text_size import line_count, row_height, text_width


@given(st.lists(st.text(max_size=60), max_size=8))
def test_sheet_names_are_short_allowed_and_unlike(wanted: list[str]) -> None:
    taken: list[str] = []
    for name in wanted:
        taken.append(sheet_name(name, taken))
    assert all(0 < len(n) <= 31 and not set(n) & set("[]:*?/\\") for n in taken)
    assert all(not n.startswith("'") and not n.endswith("'") for n in taken)
    assert len({n.casefold() for n in taken}) == len(taken)


def test_a_name_taken_in_another_case_gets_a_number() -> None:
    assert sheet_name("SỐ LIỆU", ["Số liệu"]) == "SỐ LIỆU (2)"
    assert len(sheet_name("a" * 40, ["A" * 31])) == 31


def test_a_letter_with_diacritics_is_as_wide_as_its_base() -> None:
    assert text_width("ế", 12) == text_width("e", 12)
    assert text_width("ườ", 12) > text_width("uo", 12)
    assert text_width("Bộ", 12, bold=True) > text_width("Bộ", 12)


@pytest.mark.parametrize(("room", "least"), [(1000.0, 1), (120.0, 2), (60.0, 4)])
def test_narrower_columns_need_more_lines(room: float, least: int) -> None:
    text = "Tổng thời gian giải quyết hồ sơ thủ tục"
    assert line_count(text, 12, room) >= least
    assert line_count(text, 12, room) >= line_count(text, 12, room * 2)


def test_a_word_longer_than_the_column_is_broken_and_breaks_count() -> None:
    assert line_count("ab" * 64, 12, 100) > 5
    assert line_count("một\nhai\nba", 12, 1000) == 3
    assert row_height(3, 12) > 2.5 * row_height(1, 12)


@given(st.text(max_size=200), st.floats(min_value=15, max_value=500))
def test_lines_hold_the_whole_text(text: str, room: float) -> None:
    assert line_count(text, 11, room) * room >= text_width(text.replace("\n", " "), 11) * 0.5


def test_merged_rows_are_stretched_to_their_text() -> None:
    sheet = Sheet(styles.new_workbook(), "x", [10.0, 10.0])
    for row in (1, 2, 3):
        sheet.put(row, 1, "a")
    sheet.put(1, 2, "chữ dài phải xuống dòng nhiều lần " * 5, rows=3)
    sheet.fit()
    heights = [sheet.ws.row_dimensions[r].height for r in (1, 2, 3)]
    assert sum(heights) >= row_height(line_count("chữ dài phải xuống dòng nhiều lần " * 5, 12, 52.5), 12)
    assert max(heights) - min(heights) < 1e-9


def test_blocks_are_not_cut_by_a_page() -> None:
    sheet = Sheet(styles.new_workbook(), "x", [80.0])
    for row in range(1, 41):
        sheet.put(row, 1, "dòng\nhai\nba")
    sheet.fit()
    starts = list(range(3, 41, 6))
    sheet.keep_together([*starts, 41], repeated=(1, 2))
    breaks = [b.id for b in sheet.ws.row_breaks.brk]
    assert breaks and {b + 1 for b in breaks} <= set(starts)


@pytest.mark.parametrize(
    ("value", "places", "expected"), [(2.0, 2, "[$-42A]0"), (1.95, 2, "[$-42A]0.00"), (1.8, 1, "[$-42A]0.0")]
)
def test_whole_scores_show_no_decimals(value: float, places: int, expected: str) -> None:
    assert styles.trimmed(value, places) == expected


def test_cells_hold_text_numbers_or_nothing() -> None:
    sheet = Sheet(styles.new_workbook(), "x", [10.0] * 4)
    for column, value in enumerate((None, pd.NA, float("nan"), 1.5), 1):
        sheet.put(1, column, value)
    assert [c.value for c in sheet.ws[1]] == [None, None, None, 1.5]
    with pytest.raises(TypeError, match="text or a number"):
        sheet.put(2, 1, True)
