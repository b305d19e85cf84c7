"""Headers whose tiers disagree: refused by name, or read because the shares are all of it; never the lower one in silence."""

from collections.abc import Callable
from typing import Any

import pytest
from offices import II06A

from pipeline.extract.wording.vocabulary import vocabulary

DONE = "Số lượng hồ sơ đã giải quyết"
ON_TIME = next(p for p in II06A if p[-1].startswith("Đúng hạn"))
LATE = (DONE, "Quá hạn")
CARRIED = ("Tiếp nhận", "Từ kỳ trước")
ROW = [1, "Phòng A", 14, 5, 7, 2, 11, 6, 4, 1, 3, 2, 1]


def split(cells: list[Any], path: tuple[str, ...], into: dict[tuple[str, ...], int]) -> tuple[list[Any], list[Any]]:
    """(columns, row) of II.06a with one column replaced by several."""
    columns, values = [], []
    for column, value in zip(II06A, cells, strict=True):
        columns += list(into) if column == path else [column]
        values += list(into.values()) if column == path else [value]
    return columns, values


def found(reading: Any) -> tuple[set[str], dict[str, int]]:
    """(codes of what was found, the numbers read)."""
    frame = reading.frame(set())
    numbers = {str(k): int(v) for k, v in frame.groupby("measure")["value"].sum().items()}
    return {f.code for f in reading.findings} - {"table_settled", "column_ignored"}, numbers


@pytest.mark.parametrize(
    "path",
    [
        (DONE, "Đúng hạn", "Đã có thư xin lỗi"),
        (DONE, "Trước hạn", "Quá hạn"),
        (DONE, "Quá hạn", "Đúng hạn"),
        ("Đang giải quyết", "Trong hạn", "Quá hạn"),
        ("Tiếp nhận", "Trực tuyến", "Trực tiếp"),
        ("Quá hạn", "Trực tuyến"),
    ],
    ids=" › ".join,
)
def test_no_dossier_is_both(path: tuple[str, ...]) -> None:
    meaning = vocabulary().meaning(path)
    assert (meaning.measure, meaning.contrary) == ("", True)


@pytest.mark.parametrize(
    ("path", "measure"),
    [
        ((DONE, "Quá hạn", "Chưa có thư xin lỗi"), "resolved_late"),
        ((DONE, "Quá hạn", "Tổng số"), "resolved_late"),
        ((DONE, "Trong hạn", "Trước hạn"), "resolved_early"),
        ((DONE, "Trong hạn", "Đúng hạn"), "resolved_on_time"),
        (("Đang giải quyết", "Trong hạn", "Sắp đến hạn"), "pending_in_time"),
        (("Tiếp nhận", "Trong kỳ", "Trực tuyến"), "received_online"),
        (("Tiếp nhận trong kỳ", "Kỳ trước chuyển qua"), "carried_over"),
    ],
    ids=lambda v: " › ".join(v) if isinstance(v, tuple) else v,
)
def test_a_narrower_label_contradicts_nothing(path: tuple[str, ...], measure: str) -> None:
    meaning = vocabulary().meaning(path)
    assert (meaning.measure, meaning.contrary) == (measure, False)


@pytest.mark.parametrize(
    ("path", "into"),
    [
        (ON_TIME, {(DONE, "Đúng", "Đã có thư xin lỗi"): 4}),
        (CARRIED, {(*CARRIED, "Trực tiếp"): 2}),
        (LATE, {(*LATE, "Trực tuyến"): 1}),
        (CARRIED, {(*CARRIED, "Trực tiếp"): 1, (*CARRIED, "Bưu chính"): 1}),
    ],
    ids=["apology under on time", "one channel of carried over", "one channel of late", "direct twice, no online"],
)
def test_a_column_that_cannot_be_told_refuses_its_table(
    export: Callable[..., bytes], read: Any, path: tuple[str, ...], into: dict[tuple[str, ...], int]
) -> None:
    columns, row = split(ROW, path, into)
    codes, numbers = found(read(export([row], columns=columns)))
    assert codes == {"layout_open"} and numbers == {}


@pytest.mark.parametrize(
    ("path", "into", "measure", "value"),
    [
        (LATE, {(*LATE, "Tổng số"): 1, (*LATE, "Trực tuyến"): 1}, "resolved_late", 1),
        (LATE, {(*LATE, "Trực tuyến"): 0, (*LATE, "Trực tiếp"): 1}, "resolved_late", 1),
        (ON_TIME, {(DONE, "Đúng hạn", "Kỳ trước"): 1, (DONE, "Đúng hạn", "Trong kỳ"): 3}, "resolved_on_time", 4),
        (LATE, {(*LATE, "Đã có thư xin lỗi"): 1, (*LATE, "Chưa có thư xin lỗi"): 0}, "resolved_late", 1),
        (CARRIED, {(*CARRIED, "Trực tuyến"): 1, (*CARRIED, "Trực tiếp"): 1}, "carried_over", 2),
        (
            CARRIED,
            {(*CARRIED, "Tổng số"): 2, (*CARRIED, "Trực tuyến"): 1, (*CARRIED, "Trực tiếp"): 1},
            "carried_over",
            2,
        ),
    ],
    ids=["a total and a share", "both channels", "both periods", "apologies", "carried by channel", "and its total"],
)
def test_shares_that_are_all_of_it_are_read(
    export: Callable[..., bytes],
    read: Any,
    path: tuple[str, ...],
    into: dict[tuple[str, ...], int],
    measure: str,
    value: int,
) -> None:
    columns, row = split(ROW, path, into)
    codes, numbers = found(read(export([row], columns=columns)))
    assert codes == set()
    assert numbers[measure] == value
    # nothing of it went into another measure
    assert (numbers["received_online"], numbers["received_direct"], numbers["resolved_early"]) == (5, 7, 6)


def test_nothing_but_late_of_what_is_resolved_is_refused(export: Callable[..., bytes], read: Any) -> None:
    def without(*dropped: str) -> tuple[list[Any], list[Any]]:
        kept = [(c, v) for c, v in zip(II06A, ROW, strict=True) if c[0] != DONE or c[-1] not in dropped]
        return [c for c, _ in kept], [v for _, v in kept]

    columns, row = without("Tổng số", "Trước hạn", ON_TIME[-1])
    codes, numbers = found(read(export([row], columns=columns)))
    assert codes == {"table_only_late"} and numbers == {}
    columns, row = without("Trước hạn", ON_TIME[-1])
    assert "table_only_late" not in found(read(export([row], columns=columns)))[0]


@pytest.mark.parametrize("lost", [CARRIED, ("Tiếp nhận", "Trong đó", "Trực tuyến")], ids=" › ".join)
def test_a_column_that_lost_its_own_label_is_not_what_is_left(
    export: Callable[..., bytes], read: Any, lost: tuple[str, ...]
) -> None:
    """Total = this column + the others under the band holds whatever the column counts."""
    columns = [("Tiếp nhận",) if c == lost else c for c in II06A]
    codes, numbers = found(read(export([ROW], columns=columns)))
    assert codes == {"layout_open"} and numbers == {}


def test_a_part_of_a_total_in_unknown_words_is_not_used(export: Callable[..., bytes], read: Any) -> None:
    """The channels and what was carried over make up the total: a number below it is a part of it."""
    part = ("Tiếp nhận", "Tổng số", "cả năm")
    for value in (7, 14, None):
        columns, row = split(ROW, CARRIED, {CARRIED: 2, part: value or 0})
        other = [2, "Phòng B", *row[2:]]
        other[columns.index(part)] = value
        codes, numbers = found(read(export([row, other], columns=columns)))
        assert codes == set() and numbers["received_total"] == 28  # of both units


def test_a_column_that_lost_its_label_under_a_band_of_totals_is_no_second_total(export: Any, read: Any) -> None:
    band = "Tổng hợp tiếp nhận"
    whole = ["Tổng số hồ sơ", "Trực tuyến", "Trực tiếp", "Từ kỳ trước"]
    for lost in (None, 1, 2, 3):
        heads = iter((band, label) if i != lost else (band,) for i, label in enumerate(whole))
        columns = [next(heads) if path[0] == "Tiếp nhận" else path for path in II06A]
        codes, numbers = found(read(export([ROW], columns=columns, index_row=False)))
        if lost is None:
            assert codes == set() and numbers["received_online"] == 5
        else:
            assert codes == {"layout_open"} and numbers == {}
