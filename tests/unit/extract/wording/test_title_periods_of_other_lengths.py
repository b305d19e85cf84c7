"""An export's own dates of another length refuse its table; words that only overlap with the quarter are told."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline import quarter
from pipeline.extract.wording.title_periods import TitlePeriod, title_period, verdict
from pipeline.periods import Period

EXACT = (
    *("Quý I, II năm 2022", "Quý I-II/2022", "Quý 1 + 2 năm 2022", "quý I và quý II năm 2022"),
    *("Từ ngày 15/12/2021 đến ngày 14/06/2022", "Từ ngày 15/9/2021 đến ngày 14/03/2022"),
    "Từ ngày 01/02/2022 đến ngày 28/02/2022",
)
WORDS = (
    *("6 THÁNG ĐẦU NĂM 2022", "Báo cáo 6T/2022", "nửa đầu năm 2022", "Báo cáo bán niên 2022", "hai quý đầu năm 2022"),
    *("9 tháng đầu năm 2022", "cả năm 2022", "từ tháng 1 đến tháng 6 năm 2022", "6 tháng đầu năm", "Tháng 1 năm 2022"),
    *("Tháng 2/2022", "Tháng 2", "T1", "T.2", "Tháng 3 năm 2022", "T3", "Năm 2022", "TÌNH HÌNH GIẢI QUYẾT NĂM 2022"),
)
NEARLY = ("Từ ngày 01/01/2022 đến ngày 31/03/2022", "Từ ngày 16/12/2021 đến ngày 15/3/2022")


@pytest.mark.parametrize("title", EXACT)
def test_dates_and_quarters_of_another_length(title: str) -> None:
    assert verdict(title_period([title], 2022), Period(2022, 1)) == "other"


@pytest.mark.parametrize("title", [*WORDS, *NEARLY])
def test_what_overlaps(title: str) -> None:
    assert verdict(title_period([title], 2022), Period(2022, 1)) == "overlaps"


@pytest.mark.parametrize("title", ["6 tháng cuối năm 2022", "T6", "Năm 2021", "Tháng 4 năm 2022", "12 tháng năm 2020"])
def test_words_of_another_time(title: str) -> None:
    assert verdict(title_period([title], 2022), Period(2022, 1)) == "other"


@pytest.mark.parametrize(
    "title",
    ["Quý I-2022", "Quý I/2022", "Quý I, năm 2022", "3 tháng đầu năm 2022", "Quý I năm 2022 và quý IV năm 2021"],
)
def test_one_quarter_however_it_is_written(title: str) -> None:
    assert verdict(title_period([title], 2022), Period(2022, 1)) == "same"


def test_a_list_of_a_longer_time_holds_the_quarter() -> None:
    year = title_period(["Năm 2022 – từ 15/12/2021 đến 14/12/2022"])
    weeks = title_period(["Từ 01/02/2022 đến 28/02/2022"])
    assert isinstance(year, TitlePeriod)
    assert verdict(year, Period(2022, 1), by_dates=True) == "same"
    assert verdict(weeks, Period(2022, 1), by_dates=True) == "other"


def test_a_quarter_on_the_tab_counts_more_than_a_year_above(
    export: Callable[..., bytes], row: Any, period: Period, registry_csv: bytes
) -> None:
    def said(tab: str) -> set[str]:
        def name(sheet: Any) -> None:
            sheet.title = tab

        data = export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0)], titles=("TÌNH HÌNH GIẢI QUYẾT NĂM 2022",), change=name)
        findings = quarter.check(quarter.read_period(period, {"a.xlsx": data}, registry_csv)).findings
        return set(findings["code"]) & {"period_mismatch", "period_differs"}

    assert (said("Quý I"), said("Quý II"), said("Sheet1")) == (set(), {"period_mismatch"}, {"period_differs"})
