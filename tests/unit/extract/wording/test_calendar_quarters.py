"""Titles against a calendar quarter: its days, those of periodic reports, months and years."""

import pytest
from two_levels import PERIOD, counts, score, supplement

from pipeline.extract.wording.title_periods import match_period, title_period
from pipeline.periods import Period

REPORTED = Period(2026, 3)


@pytest.mark.parametrize(
    ("title", "calendar", "reported"),
    [
        ("Từ ngày 01/07/2026 đến ngày 30/09/2026", "same", "overlaps"),
        ("Từ ngày 15/06/2026 đến ngày 14/09/2026", "other_days", "same"),
        ("Quý III năm 2026", "same", "same"),
        ("Quý 3/2026", "same", "same"),
        ("Quý II năm 2026", "other", "other"),
        ("Tháng 9 năm 2026", "other", "overlaps"),
        ("Năm 2026", "other", "overlaps"),
        ("9 tháng đầu năm 2026", "other", "overlaps"),
        ("Từ ngày 01/07/2026 đến ngày 20/09/2026", "overlaps", "overlaps"),
        ("Từ ngày 01/04/2026 đến ngày 30/06/2026", "other", "other"),
    ],
)
def test_a_title_against_both_ways_of_counting(title, calendar, reported):
    found = title_period([title])
    assert match_period(found, PERIOD) == calendar
    assert match_period(found, REPORTED) == reported


def test_a_calendar_quarter_has_calendar_days():
    assert (str(PERIOD.start), str(PERIOD.end)) == ("2026-07-01", "2026-09-30")
    assert (str(PERIOD.next.end), str(Period(2026, 4, calendar=True).start)) == ("2026-12-31", "2026-10-01")
    assert str(Period(2026, 1, 4, calendar=True).end) == "2026-12-31"
    assert PERIOD == REPORTED and PERIOD.reported.end == REPORTED.end


@pytest.mark.parametrize(
    ("title", "code", "said"),
    [
        ("Từ ngày 15/06/2026 đến ngày 14/09/2026", "period_other_days", "01/7/2026 – 30/9/2026"),
        ("Tháng 9 năm 2026", "period_mismatch", "Tháng 9 năm 2026"),
        ("Năm 2026", "period_mismatch", "Năm 2026"),
    ],
)
def test_an_export_of_other_days_is_set_aside(title, code, said):
    result = score({"so-lieu.xlsx": counts(title), "bo-sung.xlsx": supplement()})
    (found,) = result.findings[result.findings["code"] == code].to_dict("records")
    assert said in found["message"] and found["file"] == "so-lieu.xlsx"
    assert result.checked.counts.empty and result.group_scores["recomputed"].notna().sum() == 0


def test_an_export_of_the_quarter_has_no_finding():
    result = score({"so-lieu.xlsx": counts(), "bo-sung.xlsx": supplement()})
    assert not [code for code in result.findings["code"] if code.startswith("period")]
