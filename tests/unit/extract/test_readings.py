"""A reading is a value: several are combined into one, and nothing changes what was read."""

from typing import Any

import numpy as np

from pipeline.extract.count_records import CountBlock, CountReading, combined, repeated_units
from pipeline.extract.count_tables.read_table import TablesAbove, read_table, read_tables
from pipeline.extract.count_tables.tables import find_tables
from pipeline.extract.sheet.grid import Grid
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.findings import Finding, Place
from pipeline.registry import UnitIndex

HEAD = ["STT", "Đơn vị", "Tổng tiếp nhận", "Kỳ trước", "Trong kỳ", "Trước hạn", "Đúng hạn", "Quá hạn"]


def block(file: str, unit: str, value: int) -> CountReading:
    place = Place(file, "S", "B2")
    values = np.array([[value]])
    kept = np.ones(values.shape, dtype=np.bool_)
    found = CountBlock(file, "S", ["resolved_late"], [unit], [place], ["C"], ["2"], values, kept)
    return CountReading((found,), {unit: [place]}, (Finding("row_ignored", file=file),), (f"ghi chú {file}",))


def table(*rows: list[Any], head: list[str] = HEAD) -> Any:
    found = find_tables(Grid("f.xlsx", "S", tuple(tuple(r) for r in [head, *rows])), vocabulary())
    return found[0]


def test_readings_are_combined_in_their_order() -> None:
    a, b = block("a.xlsx", "phong-a", 1), block("b.xlsx", "phong-a", 2)
    both = combined(iter([a, b]))
    assert [x.file for x in both.blocks] == ["a.xlsx", "b.xlsx"] and both.notes == ("ghi chú a.xlsx", "ghi chú b.xlsx")
    assert [p.file for p in both.places["phong-a"]] == ["a.xlsx", "b.xlsx"]
    assert [f.file for f in both.findings] == ["a.xlsx", "b.xlsx"]
    assert [p.file for p in a.places["phong-a"]] == ["a.xlsx"]
    assert both.frame({"a.xlsx"})["value"].tolist() == [2]
    assert combined([]) == CountReading()


def test_of_a_unit_in_two_places_the_first_counts(index: UnitIndex) -> None:
    read = combined([block("a.xlsx", "phong-a", 1), block("b.xlsx", "phong-a", 2), block("b.xlsx", "phong-b", 4)])
    first, (finding,) = repeated_units(read, index, set())
    assert (finding.code, finding.unit_id, finding.file) == ("unit_repeated", "phong-a", "a.xlsx")
    assert first.frame(set())["value"].tolist() == [1, 4]
    assert read.frame(set())["value"].tolist() == [1, 2, 4]  # what was read stays as it is
    # the place in a file that is set aside does not count
    second, none = repeated_units(read, index, {"a.xlsx"})
    assert none == [] and second.frame({"a.xlsx"})["value"].tolist() == [2, 4]


def test_a_table_gives_its_sums_and_takes_those_above(index: UnitIndex) -> None:
    rows = [[1, "Phòng A", 3, 1, 2, 1, 1, 1], [2, "Phòng B", 5, 2, 3, 2, 2, 1]]
    reading = read_table(table(*rows), index, TablesAbove())
    assert reading.refusal is None and reading.block is not None
    assert reading.sums["received_total"] == 8 and reading.sums["resolved_late"] == 2
    total = [None, "Tổng cộng", *(x + y for x, y in zip(rows[0][2:], rows[1][2:], strict=True))]
    below = table(rows[1], total)
    alone = read_table(below, index, TablesAbove())
    assert {f.code for f in alone.findings if f.code != "table_settled"} == {"control_total"}
    above = read_table(table(rows[0]), index, TablesAbove())
    under = read_table(below, index, TablesAbove(above.sums))
    assert {f.code for f in under.findings} <= {"table_settled"}


def test_a_refused_table_has_no_counts_and_keeps_its_places(index: UnitIndex) -> None:
    merged = [*HEAD[:5], "Đúng và trước hạn", "Quá hạn", "Đang giải quyết"]
    (reading,) = read_tables([table([1, "Phòng A", 3, 1, 2, 1, 1, 1], head=merged)], index)
    assert reading.refusal is not None and reading.refusal.code == "table_merged_deadline"
    assert reading.block is None and not reading.sums and not reading.notes
    assert list(reading.places) == ["phong-a"] and reading.counts.findings[-1] == reading.refusal


def test_one_finding_where_no_row_names_a_unit(index: UnitIndex) -> None:
    unknown, remarks = (
        table([1, "Phòng lạ", 3, 1, 2, 1, 1, 1]),
        table([None, "Trong đó"], [None, "+ a", 3, 1, 2, 1, 1, 1]),
    )
    codes = [[f.code for f in r.findings if f.code != "table_settled"] for r in read_tables([unknown, remarks], index)]
    assert codes == [["unit_unknown"], ["row_not_counted"]]
    alone = [[f.code for f in r.findings if f.code != "table_settled"] for r in read_tables([remarks], index)]
    assert alone == [["row_not_counted", "table_no_units"]]
    (later,) = read_tables([remarks], index, above=TablesAbove(unit_unknown=True))
    assert "table_no_units" not in {f.code for f in later.findings}
