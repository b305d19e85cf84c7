"""Which of several date columns of a dossier list is meant; a list that does not tell is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from workbooks import of_rows

from pipeline.extract.period import FilesReading, read_files
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.periods import Period
from pipeline.registry import UnitIndex

HEAD = ["Mã hồ sơ", "Đơn vị", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý"]
ROW = ["H18-220104-0001", "Phòng A", "04/01/2022", "14/01/2022", "12/01/2022"]


@pytest.fixture
def listed(period: Period, index: UnitIndex) -> Callable[[list[str], list[str]], FilesReading]:
    """Header and one row of a list -> what is read of it."""

    def read(head: list[str], row: list[str]) -> FilesReading:
        return read_files({"a.xlsx": of_rows([head, row])}, period, index, vocabulary())

    return read


def early(reading: FilesReading) -> int:
    frame = reading.counts.frame(reading.files_set_aside())
    return int(frame.loc[frame["measure"] == "resolved_early", "value"].sum())


@pytest.mark.parametrize("at", [2, 3, 4, 5])
@pytest.mark.parametrize(
    ("label", "day"), [("Hạn xử lý", "05/01/2022"), ("Ngày trả kết quả", "01/03/2022"), ("Ngày nhận", "01/10/2021")]
)
def test_the_first_name_of_the_vocabulary_counts_not_the_first_column(
    listed: Any, at: int, label: str, day: str
) -> None:
    reading = listed([*HEAD[:at], label, *HEAD[at:]], [*ROW[:at], day, *ROW[at:]])
    assert (early(reading), [f.code for f in reading.findings]) == (1, [])
    frame = reading.counts.frame(set())
    assert int(frame.loc[frame["measure"] == "received_in_period", "value"].sum()) == 1


def test_two_different_dates_of_one_name_refuse_the_list(listed: Any) -> None:
    reading = listed([*HEAD, "Ngày hẹn trả"], [*ROW, "30/01/2022"])
    assert [(f.code, f.found) for f in reading.findings] == [
        ("list_unclear_dates", "D “Ngày hẹn trả”, F “Ngày hẹn trả”")
    ]


@pytest.mark.parametrize("label", ["Ngày hẹn trả (gia hạn)", "Ngày hẹn trả điều chỉnh", "Hẹn trả lần 2"])
def test_a_date_of_due_in_other_words_is_asked(listed: Any, label: str) -> None:
    reading = listed([*HEAD, label], [*ROW, "30/01/2022"])
    assert [(f.code, f.cell) for f in reading.findings] == [("layout_open", "D1, F1")]
    (asked,) = reading.layouts[0].open
    assert [o.text for o in asked.options] == ["D “Ngày hẹn trả”", f"F “{label}”"]


def test_a_planned_date_is_no_date_of_the_end(listed: Any) -> None:
    assert [f.code for f in listed([*HEAD[:4], "Ngày kết thúc xử lý (dự kiến)"], ROW).findings] == [
        "list_unclear_dates"
    ]


def test_what_a_date_looks_like_makes_it_no_other(listed: Any) -> None:
    reading = listed([f"{h} (dd/mm/yyyy)" if "Ngày" in h else h for h in HEAD], ROW)
    assert (early(reading), list(reading.findings)) == (1, [])


@pytest.mark.parametrize(
    ("head", "days"),
    [
        (["Ngày kết thúc xử lý", "Ngày chuyển kết quả về Một cửa", "Ngày công dân nhận kết quả"], ["12/01/2022", "15/01/2022", "16/01/2022"]),
        (["Ngày hoàn thành", "Ngày bàn giao kết quả cho bộ phận TN&TKQ"], ["12/01/2022", "17/01/2022"]),
        (["Ngày thẩm định xong", "Ngày có kết quả"], ["10/01/2022", "12/01/2022"]),
        (["Ngày hoàn thành thẩm tra", "Ngày kết thúc xử lý"], ["10/01/2022", "12/01/2022"]),
        (["Ngày phân công", "Ngày trả kết quả"], ["05/01/2022", "12/01/2022"]),
        (["Ngày ký", "Ngày kết thúc xử lý"], ["10/01/2022", "12/01/2022"]),
        (["Ngày ký", "Ngày trả"], ["12/01/2022", "12/01/2022"]),
    ],
)  # fmt: skip
def test_words_tell_the_end_from_a_stage_and_from_the_way_to_the_applicant(
    listed: Any, head: list[str], days: list[str]
) -> None:
    reading = listed([*HEAD[:4], *head], [*ROW[:4], *days])
    assert (early(reading), [f.code for f in reading.findings]) == (1, [])


@pytest.mark.parametrize(
    ("head", "days"),
    [
        (["Ngày ký", "Ngày trả"], ["12/01/2022", "17/01/2022"]),
        (["Ngày phê duyệt", "Ngày trả kết quả"], ["12/01/2022", "17/01/2022"]),
        (["Ngày ban hành", "Ngày trả kết quả"], ["12/01/2022", "17/01/2022"]),
        (["Ngày thẩm định xong", "Ngày trả"], ["12/01/2022", "17/01/2022"]),
        (["Ngày có kết quả", "Ngày chuyển kết quả về Một cửa"], ["12/01/2022", "17/01/2022"]),
        (["Ngày thẩm định xong", "Ngày có kết quả"], ["17/01/2022", "12/01/2022"]),
        (["Ngày kết thúc xử lý", "Ngày chuyển kết quả về Một cửa"], ["17/01/2022", "12/01/2022"]),
    ],
)  # fmt: skip
def test_two_days_that_can_end_a_dossier_are_asked(listed: Any, head: list[str], days: list[str]) -> None:
    reading = listed([*HEAD[:4], *head], [*ROW[:4], *days])
    assert ([f.code for f in reading.findings], early(reading)) == (["layout_open"], 0)


@pytest.mark.parametrize("label", ["Ngày hẹn trả lại", "Ngày hẹn trả (sau xin lỗi)", "Ngày hẹn lại"])
@pytest.mark.parametrize(("again", "found"), [("30/01/2022", []), (None, []), ("10/01/2022", ["layout_open"])])
def test_the_first_promise_counts_where_a_later_one_followed_an_apology(
    listed: Any, label: str, again: str, found: list[str]
) -> None:
    reading = listed([*HEAD[:4], label, HEAD[4]], [*ROW[:4], again, ROW[4]])
    assert ([f.code for f in reading.findings], early(reading)) == (found, int(not found))
