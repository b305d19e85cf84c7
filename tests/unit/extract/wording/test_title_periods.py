"""Which period a title names, and what is no period of the table."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from pipeline import quarter
from pipeline.extract.wording.title_periods import lone_periods, reporter, title_period, verdict
from pipeline.periods import Period
from pipeline.result import Checked


@pytest.mark.parametrize(
    "title",
    [
        "Quý I/2022", "QUÝ 1 - NĂM 2022", "Quý một năm 2022", "Kỳ báo cáo: Quý I, năm 2022", "Q1/2022", "2022-Q1", "Quý: I Năm: 2022",
        "từ 15/12/2021 đến 14/3/2022", "Từ ngày 15 tháng 12 năm 2021 đến ngày 14 tháng 3 năm 2022", "15.12.2021 – 14.3.2022",
        "Từ ngày: 15/12/2021 00:00 Đến ngày: 14/03/2022 23:59", "từ ngày 15/12 đến ngày 14/3/2022", "từ tháng 1 đến tháng 3 năm 2022",
        "Từ ngày 2021-12-15 00:00:00 Đến ngày 2022-03-14 00:00:00", "Quý I năm 2022 so với quý IV năm 2021", "Quý I",
    ],
)  # fmt: skip
def test_titles_of_the_quarter(title: str) -> None:
    assert verdict(title_period([title], 2022), Period(2022, 1)) == "same"


@pytest.mark.parametrize(
    "title",
    [
        "Quý 2/2022", "Quý hai năm 2022", "Q2/2022", "Kỳ 2022-Q2", "Quý II", "Tháng 4/2022", "Năm 2021", "6 tháng cuối năm 2021",
        "từ tháng 4 đến tháng 6 năm 2022", "Từ ngày 15 tháng 3 năm 2022 đến ngày 14 tháng 6 năm 2022", "từ ngày 15/3 đến ngày 14/6/2022",
        "Từ ngày: 15/03/2022 00:00 Đến ngày: 14/06/2022 23:59",
    ],
)  # fmt: skip
def test_titles_of_another_time(title: str) -> None:
    assert verdict(title_period([title], 2022), Period(2022, 1)) == "other"


@pytest.mark.parametrize(
    "text",
    [
        "Ban hành kèm theo Thông tư số 02/2017/TT-VPCP ngày 31 tháng 10 năm 2017",
        "Thực hiện Kế hoạch năm 2021",
        "Tỉnh Mẫu, ngày 18 tháng 3 năm 2022",
        "Biểu số II.06a/VPCP/KSTT",
    ],
)
def test_what_names_no_period(text: str) -> None:
    assert title_period([text], 2022) is None


def test_beside_and_below_a_table_only_texts_that_say_nothing_else() -> None:
    assert [p.start for p in lone_periods(["(Kỳ báo cáo: Quý II năm 2022)"])] == [dt.date(2022, 3, 15)]
    assert (
        lone_periods(["Số hồ sơ tăng so với quý IV năm 2021", "Phấn đấu trong quý II năm 2022 giảm hồ sơ quá hạn"])
        == []
    )


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (["- Đơn vị báo cáo: UBND xã D."], "UBND xã D"),
        (["- Đơn vị báo cáo:", "UBND xã D"], "UBND xã D"),
        (["Đơn vị báo cáo: UBND xã D - Đơn vị nhận báo cáo: UBND huyện"], "UBND xã D"),
        (["Đơn vị tính: Số hồ sơ TTHC.", "Đơn vị nhận báo cáo: UBND huyện"], ""),
        (["- Đơn vị báo cáo:", "- Đơn vị nhận báo cáo: UBND huyện"], ""),
    ],
)
def test_the_office_that_reports(texts: list[str], name: str) -> None:
    assert reporter(texts) == name


@pytest.fixture
def checked(period: Period, registry_csv: bytes) -> Callable[[bytes], Checked]:
    return lambda data: quarter.check(quarter.read_period(period, {"a.xlsx": data}, registry_csv))


def said(checked: Checked) -> set[str]:
    return set(checked.findings["code"]) & {"period_mismatch", "period_differs"}


def test_a_period_below_beside_or_on_the_tab_is_heard(checked: Any, export: Any, row: Any) -> None:
    rows = [row(1, "Phòng A", 1, 2, 0, 3, 0, 0)]

    def put(cell: str) -> Callable[[Any], None]:
        return lambda sheet: sheet.__setitem__(cell, "Quý II năm 2022")

    def tab(sheet: Any) -> None:
        sheet.title = "Quý 2-2022"

    for change in (put("B20"), put("Q5"), tab):
        assert said(checked(export(rows, titles=("II.06a",), change=change))) == {"period_mismatch"}
        assert said(checked(export(rows, change=change))) == set()  # the title above the table says the period


def test_two_periods_in_the_titles(checked: Any, export: Any, row: Any) -> None:
    titles = ("Quý II năm 2022", "Từ ngày 15/12/2021 đến ngày 14/03/2022")
    assert said(checked(export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0)], titles=titles))) == {"period_differs"}


def test_a_second_table_of_another_period(checked: Any, export: Any, row: Any) -> None:
    def second(sheet: Any) -> None:
        below = sheet.max_row + 2
        sheet.cell(below, 1, "Quý IV năm 2021")
        for r, values in enumerate([["STT", "Đơn vị", "Tổng tiếp nhận", "Đã giải quyết trước hạn", "Đã giải quyết đúng hạn"],
                                    [1, "Phòng B", 3, 2, 1]]):  # fmt: skip
            for c, value in enumerate(values):
                sheet.cell(below + 1 + r, c + 1, value)

    assert said(checked(export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0)], change=second))) == {"period_mismatch"}


@pytest.mark.parametrize(
    ("title", "heads"),
    [
        ("TỔNG HỢP SỐ LƯỢNG THỦ TỤC HÀNH CHÍNH", ("Tiếp nhận", "Giải quyết trước hạn", "Giải quyết đúng hạn", "Đang giải quyết")),
        ("Biểu số II.07b/VPCP/KSTT", ("Tổng số", "TTHC mức 3", "TTHC mức 4", "TTHC trực tiếp")),
        ("Biểu tổng hợp", ("Tổng số TTHC", "Số TTHC mức độ 3", "Số TTHC mức độ 4", "Số TTHC trực tiếp")),
    ],
)  # fmt: skip
def test_procedures_are_not_dossiers(checked: Any, export: Any, title: str, heads: tuple[str, ...]) -> None:
    columns = [("STT",), ("Đơn vị",), *((h,) for h in heads)]
    result = checked(export([[1, "Phòng A", 10, 5, 3, 2]], columns=columns, titles=(title,)))
    assert "table_procedures" in set(result.findings["code"])
    assert result.counts.empty


def test_an_empty_answer_under_a_header(checked: Any, export: Any) -> None:
    data = export([["KHÔNG TÌM THẤY DỮ LIỆU TRONG HỆ THỐNG"]], footer=False)
    assert "file_empty_answer" in set(checked(data).findings["code"])
