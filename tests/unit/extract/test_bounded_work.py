"""What a sheet costs grows with its cells and nothing else: counted in calls, not in seconds."""

import sys
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from pipeline.extract.count_records import combined
from pipeline.extract.count_tables import tables
from pipeline.extract.count_tables.read_table import read_tables
from pipeline.extract.count_tables.tables import find_tables
from pipeline.extract.period import read_files
from pipeline.extract.sheet.grid import Grid
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.findings import Finding
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry

HEAD = ["STT", "Đơn vị", "Tổng tiếp nhận", "Kỳ trước", "Trong kỳ", "Trước hạn", "Đúng hạn", "Quá hạn"]


def totals(n: int) -> list[list[Any]]:
    """Units and wrong total rows by turns: each total is compared with everything above and below."""
    return [x for i in range(n) for x in ([i + 1, f"Xã {i}", 1, 0, 1, 1, 0, 0], [None, "Tổng số", 9, 9, 9, 9, 9, 9])]


def sections(n: int) -> list[list[Any]]:
    """Units listed without numbers, each of which may head the rows below."""
    return [x for i in range(n) for x in ([None, "Xã D"], [None, f"Lĩnh vực {i}", 1, 0, 1, 1, 0, 0])]


def notes(n: int) -> list[list[Any]]:
    """Rows under "Trong đó", with numbers that count for nobody."""
    return [["", "Trong đó"], *([None, f"- mục {i}", 1, 0, 1, 1, 0, 0] for i in range(2 * n))]


def heads(n: int) -> list[list[Any]]:
    """Rows of labels that are nearly headers."""
    return [["Quá hạn", "Đúng hạn"]] * (2 * n)


def unknown(n: int) -> list[list[Any]]:
    """Names that no registry knows, each different and each like one that it knows."""
    return [[i + 1, f"Phòng A{i}", 1, 0, 1, 1, 0, 0] for i in range(2 * n)]


def calls(rows: list[list[Any]], index: UnitIndex) -> int:
    """Calls of functions, Python's and others, over reading one sheet."""
    grid = Grid("f.xlsx", "S", tuple(tuple(r) for r in [HEAD, *rows]))
    count = 0

    def profiled(_frame: Any, event: str, _arg: Any) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(profiled)
    try:
        read_tables(find_tables(grid, vocabulary()), index)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.slow
@pytest.mark.parametrize("shape", [totals, sections, notes, heads, unknown], ids=lambda f: f.__name__)
def test_twice_the_rows_cost_twice_the_calls(shape: Callable[[int], list[list[Any]]], index: UnitIndex) -> None:
    calls(shape(50), index)  # what is worked out once
    once, twice = calls(shape(300), index), calls(shape(600), index)
    assert twice < 2.3 * once


def test_every_total_is_still_compared(index: UnitIndex) -> None:
    grid = Grid("f.xlsx", "S", tuple(tuple(r) for r in [HEAD, *totals(20)]))
    reading = combined(t.counts for t in read_tables(find_tables(grid, vocabulary()), index))
    assert len({f.cell[1:] for f in reading.findings if f.code == "control_total"}) == 20


def test_a_sheet_beyond_any_table_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, export: Any, row: Any, period: Period, index: UnitIndex
) -> None:
    monkeypatch.setattr(tables, "MAX_SIZE", 150)
    good = export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0)], titles=(), footer=False, index_row=False)
    large = export([row(i, "Phòng B", 1, 2, 0, 3, 0, 0) for i in range(1, 20)])
    reading = read_files({"a.xlsx": good, "b.xlsx": large}, period, index, vocabulary())
    (finding,) = [f for f in reading.findings if f.code == "table_too_large"]
    assert (finding.file, finding.found) == ("b.xlsx", "29 dòng × 13 cột")
    assert reading.files_set_aside() == {"b.xlsx"} and set(reading.counts.places) == {"phong-a"}


def test_too_many_headers_are_no_export(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_HEADERS", 5)
    rows = tuple(tuple(r) for r in [HEAD, [1, "Phòng A", 1, 0, 1, 1, 0, 0]] * 6)
    refused = find_tables(Grid("f.xlsx", "S", rows), vocabulary())
    assert isinstance(refused, Finding) and (refused.code, refused.sheet) == ("table_too_large", "S")
    assert "5 bảng" in refused.found


def test_suggestions_end(registry_csv: bytes, period: Period) -> None:
    index = UnitIndex(read_registry(registry_csv), period)  # of its own: suggestions are counted a run
    near = [index.resolve(f"Phòng A{i}").near for i in range(1_000)]
    assert near[0] and not near[-1]
    # a name asked before is still answered
    assert index.resolve("Phòng A0").near == near[0]


def test_a_long_text_is_no_number_in_one_look() -> None:
    from pipeline.extract.sheet.cell_values import see

    # with `[\d.]*\d[\d.]*` this took the square of its length
    assert not see("1" * 200_000 + "x").number and see("1." * 100_000).number


def test_a_list_is_not_searched_once_a_name(period: Period, index: UnitIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """Owners where units should be: as many different names as dossiers."""
    compared = 0
    equal = pd.Series.__eq__

    def counted(self: Any, other: Any) -> Any:
        nonlocal compared
        compared += len(self)
        return equal(self, other)

    monkeypatch.setattr(pd.Series, "__eq__", counted)

    def work(n: int) -> int:
        nonlocal compared
        compared = 0
        head = "Số hồ sơ;Đơn vị;Ngày tiếp nhận;Ngày hẹn trả;Ngày kết thúc xử lý\n"
        rows = "".join(f"H{i};Phòng lạ {i};01/01/2022;02/01/2022;02/01/2022\n" for i in range(n))
        reading = read_files({"a.csv": (head + rows).encode()}, period, index, vocabulary())
        assert len(reading.counts.findings) == n
        return compared

    assert work(200) < 2.3 * work(100)
