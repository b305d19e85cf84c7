"""Labels that say more than the vocabulary knows: counted only where the rows prove what their columns hold."""

from collections.abc import Callable
from typing import Any

import pytest
from readings import codes

from pipeline.extract.count_records import CountReading
from pipeline.extract.wording.vocabulary import vocabulary

DEADLINES = (
    ("Đã giải quyết trước hạn",),
    ("Đã giải quyết đúng hạn",),
    ("Đã giải quyết quá hạn",),
    ("Đang giải quyết trong hạn",),
    ("Đang giải quyết quá hạn",),
)
HEAD = (("STT",), ("Đơn vị",), ("Tổng tiếp nhận",), *DEADLINES)
ROWS = ([1, "Phòng A", 30, 12, 8, 3, 5, 2], [2, "Xã D", 40, 20, 9, 1, 8, 2])
REAL = {"received_total": 30, "resolved_early": 12, "resolved_on_time": 8, "resolved_late": 3}


def of_a(reading: Any) -> dict[str, int]:
    frame = reading.frame(set())
    rows = frame[frame["unit_id"] == "phong-a"]
    return {str(k): int(v) for k, v in rows.groupby("measure")["value"].sum().items()}


@pytest.fixture
def beside(export: Callable[..., bytes], read: Callable[[bytes], CountReading]) -> Callable[..., CountReading]:
    """A label and its number at Phòng A (Xã D has one more) -> what is read of it beside all that is needed."""

    def reading(label: str, number: int, *, last: bool = True) -> Any:
        at = len(HEAD) if last else 3
        columns = (*HEAD[:at], (label,), *HEAD[at:])
        rows = [[*r[:at], number + i, *r[at:]] for i, r in enumerate(ROWS)]
        return read(export(rows, columns=columns, index_row=False))

    return reading


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize(
    "label",
    ["Thanh toán trực tuyến", "Hồ sơ toàn trình", "Tiếp nhận ngoài giờ", "Trả qua bưu chính", "Đã giải quyết tại một cửa",
     "Hồ sơ đã trả kết quả cho công dân", "Hồ sơ trả quá hạn có xin lỗi", "Từ chối tiếp nhận", "Trong đó kỳ trước của tổ chức"],
)  # fmt: skip
def test_a_column_of_something_else_is_not_used_and_said(beside: Any, label: str, last: bool) -> None:
    reading = beside(label, 4, last=last)
    assert set(codes(reading)) <= {"column_ignored"}
    assert of_a(reading) == {**REAL, "pending_in_time": 5, "pending_overdue": 2}


@pytest.mark.parametrize("label", ["Đã giải quyết (báo cáo nhanh)", "Đã giải quyết theo cổng"])
def test_a_sum_of_the_rows_proves_an_unknown_label(beside: Any, export: Any, read: Any, label: str) -> None:
    rows = [[*r[:3], r[3] + r[4] + r[5], *r[3:]] for r in ROWS]
    reading = read(export(rows, columns=(*HEAD[:3], (label,), *HEAD[3:]), index_row=False))
    assert codes(reading) == []
    assert of_a(reading)["resolved_total"] == 23


@pytest.mark.parametrize(
    "changed",
    ["Đã giải quyết trước hạn 2 ngày", "Đất đai - đã giải quyết trước hạn", "Đã giải quyết trước hạn có phí"],
)
def test_a_deadline_that_nothing_proves_refuses_its_table(export: Any, read: Any, changed: str) -> None:
    columns = (*HEAD[:2], (changed,), *DEADLINES[1:])
    reading = read(export([[*r[:2], *r[3:]] for r in ROWS], columns=columns, index_row=False))
    assert codes(reading) == ["layout_open"]
    # the total received proves it: with the other dossiers it is all there are
    assert of_a(read(export(ROWS, columns=(*HEAD[:3], (changed,), *DEADLINES[1:]), index_row=False))) == of_a(
        read(export(ROWS, columns=HEAD, index_row=False))
    )


@pytest.mark.parametrize("band", ["Lĩnh vực đất đai", "Hồ sơ liên thông", "Hồ sơ của tổ chức"])
def test_a_band_of_some_dossiers_is_part_of_the_header(export: Any, read: Any, band: str) -> None:
    columns = (*HEAD[:2], *((band, label) for (label,) in DEADLINES))
    reading = read(export([[*r[:2], *r[3:]] for r in ROWS], columns=columns, index_row=False))
    assert codes(reading) == ["layout_open"]


def test_parts_by_something_else_are_added_where_the_rows_prove_it(export: Any, read: Any) -> None:
    columns = (*HEAD[:5], ("Quá hạn dưới 5 ngày",), ("Quá hạn trên 5 ngày",), *HEAD[6:])
    rows = [[*r[:5], 1, r[5] - 1, *r[6:]] for r in ROWS]
    reading = read(export(rows, columns=columns, index_row=False))
    assert codes(reading) == []
    assert of_a(reading)["resolved_late"] == 3


def test_ways_to_split_what_came_online(export: Any, read: Any) -> None:
    ways = ("Trực tuyến toàn trình", "Trực tuyến một phần", "Trực tuyến có phí", "Trực tuyến không phí")
    columns = (*HEAD[:3], *((w,) for w in ways), ("Trực tiếp",), ("Kỳ trước",), *DEADLINES)
    rows = [[*r[:3], 4, 6, 9, 1, 15, r[2] - 25, *r[3:]] for r in ROWS]
    assert of_a(read(export(rows, columns=columns, index_row=False)))["received_online"] == 10


def test_online_after_what_is_resolved_is_of_it(export: Any, read: Any) -> None:
    columns = (*HEAD[:3], ("Đã giải quyết",), ("Trong đó trực tuyến",), *DEADLINES)
    reading = read(
        export([[*r[:3], 23 + 7 * i, 6, *r[3:]] for i, r in enumerate(ROWS)], columns=columns, index_row=False)
    )
    assert codes(reading) == ["column_ignored"]
    assert "received_online" not in of_a(reading)


def test_early_within_on_time_is_taken_off_it(export: Any, read: Any) -> None:
    columns = (*HEAD[:2], ("Đã giải quyết đúng hạn",), ("Trong đó trước hạn",), *DEADLINES[2:])
    rows = [[*r[:2], r[3] + r[4], *r[3:4], *r[5:]] for r in ROWS]
    reading = read(export(rows, columns=columns, index_row=False))
    assert codes(reading) == []
    assert (of_a(reading)["resolved_early"], of_a(reading)["resolved_on_time"]) == (12, 8)
    frame = reading.frame(set())
    cells = frame.loc[(frame["unit_id"] == "phong-a") & (frame["measure"] == "resolved_on_time"), "source_cell"]
    assert cells.tolist() == ["C5 − D5"]


def test_a_lost_deadline_is_not_dropped_with_its_label(export: Any, read: Any) -> None:
    columns = (*HEAD[:5], ("Đã giải quyết muộn màng",), *HEAD[6:])
    reading = read(export([[*r[:2], r[2] + 5, *r[3:]] for r in ROWS], columns=columns, index_row=False))
    assert codes(reading) == ["layout_open"]


@pytest.mark.parametrize("label", ["Quá hạn²", "Quá hạn (2)", "Quá hạn*", "2.3. Quá hạn:", "(c) Quá hạn", "QUÁ\nHẠN"])
def test_marks_and_ordinals_say_nothing(label: str) -> None:
    meaning = vocabulary().meaning(("Đã giải quyết", label))
    assert (meaning.measure, meaning.needs_proof) == ("resolved_late", False)
