"""Why dossiers are late, in the report's own sentences: only what adds up, only what nobody refused."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.load.content.late_reasons import LateReasons
from pipeline.load.report.report import render_report
from pipeline.load.workbook.checking_workbook import render_checking
from pipeline.result import Scored, Stamp

City = Callable[..., Scored]
#: Phòng A has 1 late and 1 overdue; these make the city's level 4 late of 3 units that stand.
UNITS: list[tuple[Any, ...]] = [
    ("u-a", "Phòng A", "huyen", 4, 5, 3, 7, 2, 1, 1, 1, "scored"),
    ("u-b", "Phòng B", "huyen", 0, 20, 0, 17, 0, 3, 0, 0, "scored"),
    ("u-e", "Phường E", "xa", 0, 5, 0, 3, 0, 2, 0, 0, "scored"),
    ("u-f", "Xã F", "xa", 0, 9, 0, 7, 9, 2, 0, 0, "set_aside"),
]


def given(unit: str, reason: str, count: int, number: int = 1, **more: Any) -> dict[str, Any]:
    entry = {"explanation_id": f"GT-{number:02d}", "unit_id": unit, "measure": "resolved_late", "reason": reason}
    source = {"source_file": "giai-trinh.xlsx", "source_sheet": "Giải trình", "source_cell": f"E{number + 5}"}
    return {**entry, "count": count, "status": "stands", **source, **more}


def text(city: City, unit: str, *rows: dict[str, Any], measure: str = "resolved_late") -> str:
    return LateReasons.of(city(UNITS, explanations=list(rows)).checked).text(unit, measure)


A = given("u-a", "coordination", 1, 1)
B = given("u-b", "unticked", 2, 2)
C = given("u-b", "coordination", 1, 3)


def test_reasons_are_named_where_they_add_up(city: City) -> None:
    assert text(city, "u-b", B, C) == "do quên tích kết thúc trên cổng 02 hồ sơ, chờ phối hợp 01 hồ sơ"
    assert text(city, "huyen", A, B, C) == "do quên tích kết thúc trên cổng 02 hồ sơ, chờ phối hợp 02 hồ sơ"


def test_partly_explained_is_said_as_such(city: City) -> None:
    assert text(city, "u-b", B) == "đã giải trình 02 trên 03 hồ sơ"
    assert text(city, "huyen", B, C) == "đã giải trình 03 trên 04 hồ sơ"


def test_more_explained_than_late_says_nothing(city: City) -> None:
    over = given("u-b", "unticked", 9, 2)
    assert text(city, "u-b", over) == ""
    assert text(city, "huyen", A, over) == "đã giải trình 01 trên 04 hồ sơ"
    assert text(city, "huyen") == text(city, "u-a", B) == ""


def test_a_refused_explanation_is_no_reason(city: City) -> None:
    refused = {**C, "opinion": "refused"}
    assert text(city, "u-b", B, refused) == (
        "đã giải trình 02 trên 03 hồ sơ, giải trình của 01 hồ sơ không được chấp nhận"
    )
    assert text(city, "u-a", {**A, "opinion": "refused"}) == "giải trình của 01 hồ sơ không được chấp nhận"


def test_words_of_the_analyst_for_another_reason(city: City) -> None:
    own = given("u-a", "other", 1, 1, detail="do mất điện kéo dài.")
    assert text(city, "huyen", own, B, C).endswith("chờ phối hợp 01 hồ sơ, mất điện kéo dài 01 hồ sơ")


def test_what_was_counted_again_is_late_no_more(city: City) -> None:
    recounted = {**B, "status": "recounted"}
    left = [("u-b", "Phòng B", "huyen", 0, 20, 0, 19, 0, 1, 0, 0, "scored") if u[0] == "u-b" else u for u in UNITS]
    reasons = LateReasons.of(city(left, explanations=[A, recounted, C]).checked)
    assert reasons.text("u-b", "resolved_late") == "do chờ phối hợp 01 hồ sơ"
    assert reasons.text("huyen", "resolved_late") == "do chờ phối hợp 02 hồ sơ"


def test_a_level_of_its_own_figures_may_still_hold_what_was_counted_again(city: City) -> None:
    """The level's row says 4 late, the unit's 2 were counted again: the level's 4 are explained all the same."""
    recounted = {**B, "status": "recounted"}
    reasons = LateReasons.of(city(UNITS, explanations=[A, recounted, C]).checked)
    assert reasons.text("huyen", "resolved_late").startswith("do quên tích kết thúc trên cổng 02 hồ sơ")


def test_a_unit_set_aside_is_not_in_the_sum_of_its_level(city: City) -> None:
    both = [given("u-e", "unticked", 2, 1), given("u-f", "coordination", 2, 2)]
    assert text(city, "xa", *both) == "do quên tích kết thúc trên cổng 02 hồ sơ"


def test_the_report_says_it_and_the_entered_reason_wins(city: City, stamp: Stamp) -> None:
    rows = [A, B, C, given("u-a", "system", 1, 4, measure="pending_overdue")]
    report = render_report(city(UNITS, explanations=rows), stamp)
    made = "do quên tích kết thúc trên cổng 02 hồ sơ, chờ phối hợp 02 hồ sơ"
    assert f"quá hạn 04 hồ sơ (*{made}*)." in report
    assert "Số hồ sơ đang giải quyết quá hạn: 01 hồ sơ (do lỗi hệ thống 01 hồ sơ)." in report
    assert "Quá hạn do chờ phối hợp 01 hồ sơ. Đang giải quyết quá hạn do lỗi hệ thống 01 hồ sơ." in report
    assert "### I. Giải trình hồ sơ quá hạn" in report and "| GT-02 | Phòng B | Đã giải quyết quá hạn |" in report
    entered = render_report(city(UNITS, explanations=rows, fields={"late_reason:huyen": "do mất mạng"}), stamp)
    assert "(*do mất mạng*)" in entered and made not in entered


def test_nothing_is_added_without_explanations(city: City, stamp: Stamp) -> None:
    report = render_report(city(UNITS), stamp)
    assert "(*nguyên nhân: …………*)" in report and "Giải trình" not in report


@pytest.mark.parametrize(("rows", "there"), [([A], True), ([], False)])
def test_the_workbook_has_a_sheet_of_them(city: City, stamp: Stamp, rows: list, there: bool) -> None:
    book = load_workbook(io.BytesIO(render_checking(city(UNITS, explanations=rows), stamp)))
    assert ("Giải trình" in book.sheetnames) is there
    if there:
        shown = [c.value for c in book["Giải trình"][4]]
        assert shown[:6] == ["GT-01", "Phòng A", "Đã giải quyết quá hạn", None, "chờ phối hợp", 1]
