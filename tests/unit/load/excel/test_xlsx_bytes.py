"""Workbooks as bytes: the same on every day."""

import time

import openpyxl
import pytest

from pipeline.load.excel.xlsx_bytes import deterministic_xlsx


@pytest.mark.parametrize("now", [0.0, 315_532_799.0 - 86_400, 4_354_819_200.0])
def test_a_clock_before_1980_or_after_2107_changes_nothing(monkeypatch: pytest.MonkeyPatch, now: float) -> None:
    """A machine without a battery starts in 1970; an entry of a zip file holds the years 1980 to 2107."""

    def made() -> bytes:
        book = openpyxl.Workbook()
        book.active["A1"] = "Xã C"
        return deterministic_xlsx(book)

    before = made()
    monkeypatch.setattr(time, "time", lambda: now)
    assert made() == before
