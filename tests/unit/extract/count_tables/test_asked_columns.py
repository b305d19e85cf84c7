"""Which tables are read by their numbers, which are asked about, and what an answer does."""

import datetime as dt
from typing import Any

import pytest

from pipeline.extract.count_tables.read_table import TableReading, read_tables
from pipeline.extract.count_tables.tables import find_tables, unlabelled_table
from pipeline.extract.sheet.grid import Grid
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.layouts.confirmed import ConfirmedLayout, ConfirmedLayouts
from pipeline.layouts.contradicted import with_contradictions
from pipeline.layouts.decisions import column_subject
from pipeline.registry import UnitIndex

UNITS = ("Phòng A", "Phòng B", "Phòng C", "Xã D", "Xã Đông Ê")
#: early, on time, late, pending in time, overdue of each unit
ATOMS = ((12, 8, 3, 5, 2), (20, 9, 1, 8, 2), (7, 0, 2, 4, 1), (31, 14, 5, 9, 3), (3, 6, 1, 2, 0))


def table(*columns: tuple[tuple[str, ...], list[Any]]) -> Grid:
    depth = max(len(path) for path, _ in columns)
    head = [
        [x if tier == 0 else None for x in ("STT", "Đơn vị")]
        + [path[tier] if tier < len(path) else None for path, _ in columns]
        for tier in range(depth)
    ]
    rows = [[i + 1, unit, *(numbers[i] for _, numbers in columns)] for i, unit in enumerate(UNITS)]
    return Grid("f.xlsx", "S", [*head, *rows])


def numbers(*parts: int) -> list[int]:
    """The sums of some of the five classes, a number a unit."""
    return [sum(atoms[p] for p in parts) for atoms in ATOMS]


TOTAL = (("Tổng tiếp nhận",), numbers(0, 1, 2, 3, 4))
EARLY, ON_TIME, LATE = (
    (("Đã giải quyết", label), numbers(i)) for i, label in enumerate(("Trước hạn", "Đúng hạn", "Quá hạn"))
)
PENDING = [(("Đang giải quyết", label), numbers(3 + i)) for i, label in enumerate(("Trong hạn", "Quá hạn"))]


@pytest.fixture
def read(index: UnitIndex) -> Any:
    def reading(grid: Grid, **answers: str) -> TableReading:
        tables = find_tables(grid, vocabulary())
        assert isinstance(tables, list)
        found = tables or [unlabelled_table(grid, vocabulary(), index)]
        labels = tuple(column_subject(c.path) for c in found[0].columns)
        said = {("column", label): answers[key] for key in answers for label in labels if label.endswith(key)}
        kept = ConfirmedLayout("x", "table", labels, said, "Công chức 1", dt.date(2022, 3, 20))
        return read_tables(found, index, ConfirmedLayouts([kept] if answers else []))[0]

    return reading


def of_a(reading: TableReading) -> dict[str, int]:
    frame = reading.counts.frame(set())
    rows = frame[frame["unit_id"] == "phong-a"]
    return {str(k): int(v) for k, v in rows.groupby("measure")["value"].sum().items()}


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        # a total over both bands, under any name
        ([TOTAL, EARLY, ON_TIME, LATE, *PENDING, (("Cột X",), numbers(2, 4))], {"resolved_late": 3, "pending_overdue": 2}),
        # states in which the office waits
        ([(TOTAL[0], [n + 4 for n in TOTAL[1]]), EARLY, ON_TIME, LATE, *PENDING, (("Chờ bổ sung",), [4] * 5)],
         {"pending_in_time": 9, "pending_overdue": 2}),
        # on time holds the early ones: the total says so
        ([TOTAL, (("Đã giải quyết", "Tổng số"), numbers(0, 1, 2)), EARLY, (ON_TIME[0], numbers(0, 1)), LATE, *PENDING],
         {"resolved_early": 12, "resolved_on_time": 8}),
        # a share in whole numbers beside the number
        ([TOTAL, EARLY, (("Đã giải quyết", "Trước hạn", "TL"), [52, 66, 77, 62, 30]), ON_TIME, LATE, *PENDING],
         {"resolved_early": 12}),
        # what came in beside what was carried over
        ([(("Tồn kỳ trước",), [4] * 5), (("Tiếp nhận",), [n - 4 for n in TOTAL[1]]), EARLY, ON_TIME, LATE, *PENDING],
         {"received_in_period": 26, "carried_over": 4}),
        # this period beside the one before
        ([TOTAL, *((("Đã giải quyết", label, time), [n * k for n in numbers(i)]) for i, label in enumerate(("Trước hạn", "Đúng hạn", "Quá hạn"))
          for time, k in (("Kỳ này", 1), ("Kỳ trước", 3))), *PENDING], {"resolved_early": 12, "resolved_late": 3}),
        # returned dossiers inside the total of the resolved ones
        ([(TOTAL[0], [n + 2 for n in TOTAL[1]]), (("Đã giải quyết", "Tổng số"), [n + 2 for n in numbers(0, 1, 2)]), EARLY, ON_TIME, LATE,
          (("Đã giải quyết", "Trả lại"), [2] * 5), *PENDING], {"resolved_early": 12, "returned": 2}),
    ],
    ids=["over both bands", "waiting", "early within", "share", "came in", "before", "returned"],
)  # fmt: skip
def test_the_numbers_decide(read: Any, columns: list[Any], expected: dict[str, int]) -> None:
    reading = read(table(*columns))
    assert reading.refusal is None
    found = of_a(reading)
    assert {m: found.get(m) for m in expected} == expected


@pytest.mark.parametrize(
    ("columns", "asked"),
    [
        ([TOTAL, (("Đã giải quyết", "Sớm"), numbers(0, 1)), LATE, *PENDING], ["Sớm"]),
        ([TOTAL, (("Đã giải quyết", "Nhóm X"), numbers(0)), (("Đã giải quyết", "Nhóm Y"), numbers(1)), *PENDING], ["Nhóm X", "Nhóm Y"]),
        ([(("Q1",), numbers(0, 1, 2, 3, 4)), (("Q2",), numbers(0)), (("Q3",), numbers(1))], ["Q1", "Q2", "Q3"]),
        ([(("Tổng số tiếp nhận",), numbers(0, 1, 2, 3, 4)), EARLY, ON_TIME, (("Quá hạn, quá lâu",), numbers(2))], ["Quá hạn, quá lâu"]),
    ],
)  # fmt: skip
def test_what_words_and_numbers_leave_open_is_asked(read: Any, columns: list[Any], asked: list[str]) -> None:
    reading = read(table(*columns))
    shown = [d.shown.rstrip("”").rsplit("› ")[-1].rsplit("“")[-1] for d in reading.layout.open]
    assert shown == asked
    assert (reading.refusal is not None and reading.refusal.code == "layout_open") == bool(asked)
    assert all(d.options for d in reading.layout.open)


def test_an_answer_is_followed_and_named(read: Any) -> None:
    grid = table((("Q1",), numbers(0, 1, 2, 3, 4)), *((("Q" + str(i + 2),), numbers(i)) for i in range(5)))
    measures = (
        "received_total",
        "resolved_early",
        "resolved_on_time",
        "resolved_late",
        "pending_in_time",
        "pending_overdue",
    )
    reading = read(grid, **{f"q{i + 1}": m for i, m in enumerate(measures)})
    assert reading.refusal is None
    assert of_a(reading) == dict(zip(measures, (30, 12, 8, 3, 5, 2), strict=True))
    (notice,) = [f for f in reading.findings if f.code == "layout_confirmed"]
    assert "xác nhận của Công chức 1, 20/3/2022" in str(notice.facts["by"])


def test_an_answer_that_the_rows_contradict_is_refused_with_them(read: Any) -> None:
    grid = table(
        TOTAL,
        (("Đã giải quyết", "Tổng số"), numbers(0, 1, 2)),
        EARLY,
        (("Đã giải quyết", "Đúng hạn Z"), numbers(1)),
        LATE,
        *PENDING,
    )
    reading = read(grid, **{"đúng hạn z": "pending_in_time"})
    assert reading.refusal is not None and reading.refusal.code == "layout_contradicted"
    assert "ở dòng 3, 4, 5" in str(reading.refusal.facts["why"])
    (marked,) = with_contradictions([reading.layout], [reading.refusal])
    assert [d.subject for d in marked.decisions if d.unsettled] == ["đã giải quyết › đúng hạn z"]


def test_a_rate_that_fits_the_opposite_is_asked(read: Any) -> None:
    swapped = [EARLY, (ON_TIME[0], numbers(2)), (LATE[0], numbers(1))]
    rates = [f"{100 * a[2] / sum(a[:3]):.1f}%".replace(".", ",") for a in ATOMS]
    reading = read(table(TOTAL, *swapped, *PENDING, (("Tỷ lệ quá hạn",), rates)))
    assert reading.refusal is not None and "trái với tỷ lệ ở cột" in str(reading.refusal.facts["why"])
    assert read(table(TOTAL, EARLY, ON_TIME, LATE, *PENDING, (("Tỷ lệ quá hạn",), rates))).refusal is None


def test_a_group_that_totals_the_others_holds_all_dossiers(read: Any) -> None:
    def group(label: str, share: tuple[int, ...]) -> list[Any]:
        return [
            ((label, *path), [n * share[i] for i, n in enumerate(values)])
            for path, values in (TOTAL, EARLY, ON_TIME, LATE, *PENDING)
        ]

    groups = [
        *group("Loại 1", (1, 2, 1, 1, 2)),
        *group("Loại 2", (2, 1, 1, 3, 1)),
        *group("Cả hai loại", (3, 3, 2, 4, 3)),
    ]
    reading = read(table(*groups))
    assert reading.refusal is None and of_a(reading)["resolved_early"] == 36


def test_an_unused_column_in_unknown_words_can_be_given_a_meaning(read: Any) -> None:
    columns = [TOTAL, EARLY, ON_TIME, LATE, *PENDING, (("Số phong bì",), [9] * 5)]
    reading = read(table(*columns))
    (unused,) = [d for d in reading.layout.decisions if "Số phong bì" in d.shown]
    assert (unused.ground, unused.meaning) == ("known", "unused")
    assert {o.value for o in unused.options} > {"unused", "received_online"}
    assert reading.refusal is None
