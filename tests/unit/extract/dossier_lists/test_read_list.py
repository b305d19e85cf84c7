"""Lists as clerks make them: grouped by unit, cut into pages, turned round by Excel, filtered by a tab."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import openpyxl
import pandas as pd
import pytest
from workbooks import saved

from pipeline.extract.period import FilesReading, read_files
from pipeline.extract.sheet.date_columns import to_days
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.periods import Period
from pipeline.registry import UnitIndex

HEAD = ["STT", "Số hồ sơ", "Phòng ban", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Trạng thái"]
Read = Callable[..., FilesReading]


def dossier(number: int, unit: str | None, received: Any, finished: Any, status: str = "Đã trả kết quả") -> list[Any]:
    return [number, f"H18.12-220110-{number:04d}", unit, received, "20/01/2022", finished, status]


A = [dossier(1, "Phòng A", "10/01/2022", "19/01/2022"), dossier(2, "Phòng A", "11/01/2022", "21/01/2022")]
B = [dossier(3, "Phòng B", "12/01/2022", "20/01/2022")]


@pytest.fixture
def listed(period: Period, index: UnitIndex) -> Read:
    def read(
        rows: list[list[Any]], *, titles: tuple[str, ...] = (), tab: str = "Sheet1", merged: str = ""
    ) -> FilesReading:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = tab
        for line in [*([t] for t in titles), HEAD, *rows]:
            sheet.append(line)
        if merged:
            sheet.merge_cells(merged)
        return read_files({"a.xlsx": saved(book)}, period, index, vocabulary())

    return read


def total(reading: FilesReading) -> dict[str, int]:
    frame = reading.counts.frame(reading.files_set_aside())
    rows = frame[frame["measure"] == "received_total"]
    return {str(k): int(v) for k, v in rows.groupby("unit_id")["value"].sum().items()}


def codes(reading: FilesReading) -> list[str]:
    return [f.code for f in [*reading.findings, *reading.counts.findings]]


def unnamed(rows: list[list[Any]]) -> list[list[Any]]:
    return [[*r[:2], None, *r[3:]] for r in rows]


@pytest.mark.parametrize("lead", [[], [None], ["I"], [None, None]])
@pytest.mark.parametrize("tail", ["", " (2 hồ sơ)", ":"])
def test_groups_under_the_name_of_their_unit(listed: Read, lead: list[Any], tail: str) -> None:
    reading = listed([[*lead, f"Phòng A{tail}"], *unnamed(A), [*lead, f"Phòng B{tail}"], *unnamed(B)])
    assert (total(reading), codes(reading)) == ({"phong-a": 2, "phong-b": 1}, [])


def test_a_group_of_an_unknown_office_is_not_that_of_the_one_above(listed: Read) -> None:
    reading = listed([["Phòng A"], *unnamed(A), ["Phòng Lạ"], *unnamed(B)])
    assert (total(reading), codes(reading)) == ({"phong-a": 2}, ["unit_unknown"])


@pytest.mark.parametrize("place", [{"tab": "Phòng A"}, {"titles": ("Đơn vị báo cáo: Phòng A",)}])
def test_groups_of_another_unit_than_the_sheet_is_of(listed: Read, place: dict[str, Any]) -> None:
    reading = listed([["Phòng A"], *unnamed(A), ["Phòng B"], *unnamed(B)], **place)
    assert (total(reading), codes(reading)) == ({}, ["unit_unclear"])
    assert total(listed([["Lĩnh vực đất đai"], *unnamed(A)], **place)) == {"phong-a": 2}


def test_a_name_merged_over_its_rows(listed: Read) -> None:
    rows = [A[0], *unnamed(A[1:]), *B]
    assert total(listed(rows, merged="C2:C3")) == {"phong-a": 2, "phong-b": 1}
    assert codes(listed(rows)) == ["list_incomplete"]


@pytest.mark.parametrize(
    "code", ["h18.12-220110-0001", "H18.12–220110–0001", "H18.12‐220110‐0001", "H18.12 - 220110 - 0001"]
)
def test_one_code_however_it_is_typed(listed: Read, code: str) -> None:
    reading = listed([*A, [9, code, *A[0][2:]]])
    assert (total(reading), codes(reading)) == ({"phong-a": 2}, ["list_repeated"])


@pytest.mark.parametrize(
    "text",
    [
        "Trang 1/5",
        "Hiển thị 1-3 trong tổng số 57 bản ghi",
        "Tổng số: 57 hồ sơ",
        "Tổng số bản ghi: 57",
        "Hiển thị 3/57 hồ sơ",
    ],
)
def test_pages_that_were_left_out(listed: Read, text: str) -> None:
    for reading in (listed([*A, *B], titles=(text,)), listed([*A, *B, [], [text]])):
        assert (total(reading), codes(reading)) == ({}, ["list_left_out"])


def test_all_pages_and_a_true_total(listed: Read) -> None:
    reading = listed([*A, ["Trang 1/2"], HEAD, *B, ["Trang 2/2"], ["Tổng số: 3 hồ sơ"]])
    assert (total(reading), codes(reading)) == ({"phong-a": 2, "phong-b": 1}, [])


@pytest.mark.parametrize(
    "place",
    [{"tab": "Quá hạn"}, {"tab": "Hồ sơ trễ hạn"}, {"tab": "Đã giải quyết"}, {"tab": "Trực tuyến"},
     *({"titles": (t,)} for t in ("Danh sách hồ sơ (Quá hạn)", "Bộ lọc: Trễ hạn", "Lọc theo: quá hạn", "Danh sách hồ sơ yêu cầu bổ sung",
       "Tra cứu hồ sơ: trạng thái = Đã trả kết quả", "Danh sách hồ sơ lĩnh vực Đất đai", "Danh sách 3 hồ sơ đầu tiên"))],
)  # fmt: skip
def test_lists_of_some_dossiers(listed: Read, place: dict[str, Any]) -> None:
    reading = listed([*A, *B], **place)
    assert (total(reading), codes(reading)) == ({}, ["table_narrowed"])


@pytest.mark.parametrize(
    "place", [{"tab": "Chi tiết"}, {"tab": "Hồ sơ"}, {"titles": ("Danh sách hồ sơ (Quý I)", "Bộ lọc: Tất cả")}]
)
def test_lists_of_all(listed: Read, place: dict[str, Any]) -> None:
    assert total(listed([*A, *B], **place)) == {"phong-a": 2, "phong-b": 1}


# --- dates ---------------------------------------------------------------------------------------------------------------
def test_dates_month_first_refuse_the_list(listed: Read) -> None:
    rows = [dossier(i, "Phòng A", f"01/{day}/2022", "20/01/2022") for i, day in enumerate((11, 9, 14), 1)]
    assert codes(listed(rows)) == ["list_unclear_dates"]


def test_dates_that_excel_turned_round(listed: Read) -> None:
    # 09/01 was taken for the first of September, 14/01 was left as text
    turned = [dossier(1, "Phòng A", dt.datetime(2022, 9, 1), None), dossier(2, "Phòng A", "14/01/2022", "20/01/2022")]
    assert codes(listed(turned)) == ["list_unclear_dates"]
    mixed = [
        dossier(1, "Phòng A", dt.datetime(2022, 1, 13), "20/01/2022"),
        dossier(2, "Phòng A", "14/01/2022", "20/01/2022"),
    ]
    assert (total(listed(mixed)), codes(listed(mixed))) == ({"phong-a": 2}, [])


def test_one_slip_among_many_costs_its_unit_only(listed: Read) -> None:
    rows = [dossier(i, "Phòng A", f"{13 + i % 6}/01/2022", "19/01/2022") for i in range(1, 40)]
    rows.append(dossier(99, "Phòng B", "01/13/2022", "20/01/2022"))
    assert codes(listed(rows)) == ["list_bad_date"]


def test_a_list_of_another_time_without_a_title(listed: Read) -> None:
    rows = [dossier(1, "Phòng A", "10/06/2022", "19/06/2022"), dossier(2, "Phòng A", "11/06/2022", None, "Đang xử lý")]
    assert (total(listed(rows)), codes(listed(rows))) == ({}, ["period_mismatch"])
    old = [dossier(1, "Phòng A", "10/06/2021", None, "Đang xử lý")]
    assert total(listed(old)) == {"phong-a": 1}


@pytest.mark.parametrize("written", ["2022/03/14", "ngày 14 tháng 3 năm 2022", "'14/03/2022"])
def test_more_ways_to_write_a_date(written: str) -> None:
    days, bad = to_days(pd.Series([written], dtype="object"))
    assert (str(days.iloc[0].date()), bool(bad.iloc[0])) == ("2022-03-14", False)


# --- statuses ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "status", ["Hủy", "Từ chối", "Trả lại hồ sơ", "Đã xóa", "Đã chuyển cơ quan khác", "Chờ họp hội đồng", "Đang chờ"]
)
@pytest.mark.parametrize("finished", [None, "19/01/2022"])
def test_an_unknown_status_is_not_counted_by_its_dates(listed: Read, status: str, finished: str | None) -> None:
    reading = listed([*A, dossier(5, "Phòng A", "10/01/2022", finished, status), *B])
    assert [(f.code, f.unit_id, f.found, f.facts["statuses"]) for f in reading.counts.findings] == [
        ("layout_open_unit", "phong-a", "1", status)
    ]
    (asked,) = reading.layouts[0].open
    assert (asked.topic, asked.shown) == ("status", f"Trạng thái “{status}”")


@pytest.mark.parametrize("status", ["Đang chờ ký số", "Chờ phê duyệt", "Chưa phân công", "Chờ lãnh đạo ký"])
def test_the_status_of_an_open_dossier_all_of_whose_words_are_known(listed: Read, status: str) -> None:
    reading = listed([*A, dossier(5, "Phòng A", "10/01/2022", None, status)])
    assert (total(reading), codes(reading)) == ({"phong-a": 3}, [])


@pytest.mark.parametrize(
    "title",
    ["Danh sách hồ sơ đất đai", "DANH SÁCH HỒ SƠ LIÊN THÔNG QUÝ I NĂM 2022", "Danh sách hồ sơ cần xin lỗi tại Phòng A"],
)
def test_a_word_of_the_title_that_nobody_knows_is_asked_about(listed: Read, title: str) -> None:
    reading = listed([*A, *B], titles=(title,))
    (finding,) = [f for f in reading.findings if f.code == "layout_open"]
    assert (finding.found, finding.cell) == (f"“{title}”", "A1")
    assert not reading.counts.places and reading.files_set_aside()


@pytest.mark.parametrize(
    "title",
    [
        "DANH SÁCH HỒ SƠ",
        "Danh sách hồ sơ tiếp nhận và giải quyết của UBND huyện Mẫu",
        "Danh sách chi tiết hồ sơ TTHC quý I năm 2022",
        "Danh sách hồ sơ một cửa từ ngày 15/12/2021 đến ngày 14/03/2022",
        "Danh sách hồ sơ thủ tục hành chính Phòng A",
        "Lĩnh vực: Tất cả",
    ],
)
def test_an_honest_title_says_nothing(listed: Read, title: str) -> None:
    assert [f.code for f in listed([*A, *B], titles=(title,)).findings] == []
