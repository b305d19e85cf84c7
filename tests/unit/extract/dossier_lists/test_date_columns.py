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
