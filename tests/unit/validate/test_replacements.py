"""Files in `thay-the/`: which rows count, and what is said about units that sent new ones."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import xls
from offices import II06A, full_row, totals
from workbooks import of_rows, saved, zipped

from pipeline import quarter
from pipeline.forms.catalogue import form_catalogue
from pipeline.load.forms.analyst_forms import form_workbook
from pipeline.load.forms.fill_form import fill_form
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.result import Checked
from pipeline.rulebooks import installed

Checker = Callable[..., Checked]
OLD = "cong.xlsx"
NEW = "thay-the/xa-e.xlsx"


@pytest.fixture
def check(period: Period, registry_csv: bytes) -> Checker:
    """Files by name, and the entries of the sheets of dieu-chinh.xlsx -> the quarter, read and checked."""
    index = UnitIndex(quarter.read_registry(registry_csv), period)

    def run(files: dict[str, bytes], **sheets: list[dict[str, Any]]) -> Checked:
        files = dict(files)
        if sheets:
            form = next(f for f in form_catalogue().forms if f.file == "dieu-chinh.xlsx")
            book = form_workbook(form, period, index, installed())
            for code, entries in sheets.items():
                fill_form(book, code.replace("_", "-"), entries)
            files["dieu-chinh.xlsx"] = saved(book)
        return quarter.check(quarter.read_period(period, files, registry_csv))

    return run


def rows() -> list[list[Any]]:
    return [
        full_row(1, "Phòng A", 1, 2, 0, 3, 0, 0),
        full_row(2, "Phòng B", 4, 5, 1, 7, 1, 1, 1),
        full_row(3, "Phòng C", 0, 3, 0, 3, 0, 0),
        full_row(4, "Xã D", 0, 5, 0, 5, 0, 0),
        full_row(5, "Xã Đông Ê", 2, 15, 0, 4, 2, 10),
    ]


@pytest.fixture
def old(export: Any) -> dict[str, bytes]:
    """The office's export of all units, with its total row."""
    return {OLD: export([*rows(), totals(rows())])}


def new_row(late: int = 6, name: str = "Xã Đông Ê") -> list[Any]:
    """Xã Đông Ê with fewer late dossiers."""
    return full_row(1, name, 2, 15, 0, 4, 12 - late, late)


def of(checked: Checked, code: str) -> list[dict[str, str]]:
    return [dict(r) for r in checked.findings.to_dict("records") if r["code"] == code]


def errors(checked: Checked) -> set[tuple[str, str]]:
    return {(r["code"], r["unit_id"]) for r in checked.findings.to_dict("records") if r["severity"] == "error"}


def status(checked: Checked) -> dict[str, str]:
    units = checked.entities.loc[checked.entities["kind"] == "unit"]
    return dict(zip(units["unit_id"], units["status"], strict=True))


def late(checked: Checked, unit: str = "xa-e") -> tuple[int, str] | None:
    frame = checked.counts
    found = frame.loc[(frame["unit_id"] == unit) & (frame["measure"] == "resolved_late")]
    return (int(found["value"].sum()), found["source_file"].iloc[0]) if len(found) else None


UNDECLARED = {("replacement_undeclared", "")}


def as_csv(data: bytes) -> bytes:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    lines = (";".join("" if v is None else str(v) for v in r) for r in sheet.iter_rows(values_only=True))
    return "\n".join(lines).encode("utf-8-sig")


def as_xls(data: bytes) -> bytes:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    return xls.workbook(xls.cells([["" if v is None else v for v in r] for r in sheet.iter_rows(values_only=True)]))


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        (NEW, lambda data: data),
        ("thay-the/xa-e.csv", as_csv),
        ("thay-the/xa-e.xls", as_xls),
        ("thay-the/goi.zip", lambda data: zipped({"q1/xa-e.xlsx": data})),
    ],
)
def test_the_new_row_counts_and_the_old_file_stays_whole(
    check: Checker, export: Any, old: dict[str, bytes], name: str, packed: Callable[[bytes], bytes]
) -> None:
    result = check({**old, name: packed(export([new_row(), totals([new_row()])]))})
    value, file = late(result) or (0, "")
    assert (value, file.split(" › ")[0]) == (6, name)
    assert set(status(result).values()) == {"scored"}
    assert errors(result) == UNDECLARED
    (said,) = of(result, "replacement_undeclared")
    assert said["file"] == name and "“Xã Đông Ê”" in said["message"]
    assert [s.role for s in result.sources] == ["counts", "replacement"]


def test_the_record_holds_both_sides(check: Checker, export: Any, old: dict[str, bytes]) -> None:
    result = check({**old, NEW: export([new_row()])})
    record = result.replaced.set_index("measure").loc["resolved_late"]
    assert (record["old_value"], record["old_file"], record["old_cell"]) == (10, OLD, "J12")
    assert (record["new_value"], record["new_file"], record["new_cell"]) == (6, NEW, "J8")
    assert set(result.replaced["unit_id"]) == {"xa-e"}
    (said,) = of(result, "replacement_applied")
    assert "đã giải quyết quá hạn 10 → 6" in said["message"]


def declaration(**changed: Any) -> dict[str, Any]:
    entry = {"file": "xa-e.xlsx", "reason": "nhập sót", "approver": "Công chức 1", "approved_on": "20/03/2022"}
    return {**entry, **changed}


@pytest.mark.parametrize("written", ["xa-e.xlsx", "thay-the/xa-e.xlsx", "thay-the\\XA-E.xlsx", "xa-e"])
def test_a_declared_file_is_no_error(check: Checker, export: Any, old: dict[str, bytes], written: str) -> None:
    result = check({**old, NEW: export([new_row()])}, DC_02=[declaration(file=written)])
    assert errors(result) == set()
    told = result.replaced[["reason", "approver", "approved_on"]].drop_duplicates()
    assert told.values.tolist() == [["nhập sót", "Công chức 1", "2022-03-20"]]


@pytest.mark.parametrize("blank", ["reason", "approver", "approved_on"])
def test_a_declaration_that_lacks_something_is_one_finding(
    check: Checker, export: Any, old: dict[str, bytes], blank: str
) -> None:
    result = check({**old, NEW: export([new_row()])}, DC_02=[declaration(**{blank: ""})])
    assert errors(result) == {("replacement_declaration_refused", "")}
    assert late(result) == (6, NEW)


def test_a_declaration_of_a_file_that_is_not_there(check: Checker, export: Any, old: dict[str, bytes]) -> None:
    result = check({**old, NEW: export([new_row()])}, DC_02=[declaration(), declaration(file="xa-d.xlsx")])
    (said,) = of(result, "replacement_file_missing")
    assert errors(result) == {("replacement_file_missing", "")} and said["found"] == "xa-d.xlsx"


def test_two_units_and_a_whole_level(check: Checker, export: Any, old: dict[str, bytes]) -> None:
    level = {"cap.xlsx": export([full_row(1, "Cấp xã", 2, 20, 0, 9, 2, 10)])}
    new = {
        "thay-the/hai.xlsx": export([new_row(), full_row(2, "Xã D", 0, 6, 0, 6, 0, 0)]),
        "thay-the/cap.xlsx": export([full_row(1, "Cấp xã", 2, 21, 0, 10, 6, 6)]),
    }
    result = check({**old, **level, **new})
    assert set(result.replaced["unit_id"]) == {"xa-e", "xa-d", "xa"}
    assert not of(result, "level_keeps_replaced") and not of(result, "level_differs")
    assert late(result, "xa") == (6, "thay-the/cap.xlsx")


def test_a_level_row_with_the_old_numbers_is_named_once(check: Checker, export: Any, old: dict[str, bytes]) -> None:
    level = {"cap.xlsx": export([full_row(1, "Cấp xã", 2, 20, 0, 9, 2, 10)])}
    result = check({**old, **level, NEW: export([new_row()])})
    (said,) = of(result, "level_keeps_replaced")
    assert "đã giải quyết quá hạn 10, số khớp với các đơn vị là 6 (Xã Đông Ê 10 → 6)" in said["message"]
    assert (said["unit_id"], said["file"]) == ("xa", "cap.xlsx")
    assert not of(result, "level_differs")


def test_a_level_row_that_never_fitted_is_a_difference(check: Checker, export: Any, old: dict[str, bytes]) -> None:
    level = {"cap.xlsx": export([full_row(1, "Cấp xã", 2, 20, 0, 9, 5, 7)])}
    result = check({**old, **level, NEW: export([new_row()])})
    assert not of(result, "level_keeps_replaced")
    assert {f["cell"] for f in of(result, "level_differs")} == {"I8", "J8"}


def test_the_sum_of_some_units_is_not_the_row_of_the_level(check: Checker, export: Any, old: dict[str, bytes]) -> None:
    level = {"cap.xlsx": export([full_row(1, "Cấp xã", 2, 20, 0, 9, 2, 10)])}
    new = export([full_row("", "Cấp xã", 2, 15, 0, 4, 6, 6), new_row()])
    result = check({**old, **level, NEW: new})
    assert set(result.replaced["unit_id"]) == {"xa-e"}
    assert late(result, "xa") == (10, "cap.xlsx")


def test_a_new_file_of_another_period_holds_its_units(check: Checker, export: Any, old: dict[str, bytes]) -> None:
    wrong = export([new_row()], titles=("Biểu số II.06a/VPCP/KSTT", "Kỳ báo cáo: Quý IV năm 2021"))
    result = check({**old, NEW: wrong})
    assert errors(result) == {("period_mismatch", "")} and of(result, "period_mismatch")[0]["units"] == "xa-e"
    assert status(result)["xa-e"] == "set_aside" and late(result) is None
    assert [u for u, s in status(result).items() if s != "scored"] == ["xa-e"]


def test_a_wrong_total_of_a_new_file_costs_no_unit(check: Checker, export: Any, old: dict[str, bytes]) -> None:
    wrong = totals([new_row()])
    wrong[9] += 1
    result = check({**old, NEW: export([new_row(), wrong])})
    assert errors(result) == UNDECLARED and (late(result) or (0,))[0] == 6
    assert of(result, "total_row_wrong")


def test_a_new_file_whose_total_nothing_explains_holds_its_units(
    check: Checker, export: Any, old: dict[str, bytes]
) -> None:
    wrong = totals([new_row()])
    wrong[7], wrong[8] = wrong[7] + 1, wrong[8] - 1  # a row with the same fault would add up as well
    result = check({**old, NEW: export([new_row(), wrong])})
    (cause,) = of(result, "control_total")
    assert cause["file"] == NEW and cause["units"] == "xa-e" and late(result) is None


def test_a_new_row_that_breaks_its_own_identity(check: Checker, export: Any, old: dict[str, bytes]) -> None:
    wrong = new_row()
    wrong[2] += 1
    result = check({**old, NEW: export([wrong])})
    assert ("identity_broken", "xa-e") in errors(result)
    assert {u for u, s in status(result).items() if s != "scored"} == {"xa-e"}


def test_a_misspelled_unit_leaves_the_old_numbers_and_says_so(
    check: Checker, export: Any, old: dict[str, bytes]
) -> None:
    result = check({**old, NEW: export([new_row(name="Xã Đông Êm")])})
    assert {code for code, _ in errors(result)} == {"unit_unknown", "replacement_without_rows"}
    assert late(result) == (10, OLD)
    assert "số cũ vẫn được tính" in of(result, "replacement_without_rows")[0]["message"]


def test_the_same_file_twice_counts_once(check: Checker, export: Any, old: dict[str, bytes]) -> None:
    data = export([new_row()])
    result = check({**old, NEW: data, "thay-the/xa-e (1).xlsx": data})
    assert errors(result) == UNDECLARED
    assert (late(result) or (0,))[0] == 6
    declared = check({**old, NEW: data, "thay-the/xa-e (1).xlsx": data}, DC_02=[declaration()])
    assert errors(declared) == set()


def test_two_files_with_the_same_numbers_count_once(check: Checker, export: Any, old: dict[str, bytes]) -> None:
    result = check({**old, NEW: export([new_row()]), "thay-the/lai.xlsx": export([new_row()], index_row=False)})
    assert errors(result) == UNDECLARED
    assert (late(result) or (0,))[0] == 6


def test_two_files_with_different_numbers_are_asked_about(check: Checker, export: Any, old: dict[str, bytes]) -> None:
    result = check({**old, NEW: export([new_row(6)]), "thay-the/lai.xlsx": export([new_row(7)])})
    assert errors(result) == {("replacement_repeated", "xa-e")}
    (said,) = of(result, "replacement_repeated")
    assert NEW in said["message"] and "thay-the/lai.xlsx" in said["message"]
    assert status(result)["xa-e"] == "set_aside" and result.replaced.empty


def test_a_copy_of_an_old_export_replaces_nothing(check: Checker, old: dict[str, bytes]) -> None:
    result = check({**old, "thay-the/cong.xlsx": old[OLD]})
    assert errors(result) == {("replacement_without_rows", "")}
    assert result.replaced.empty and late(result) == (10, OLD)


def test_a_form_is_not_read_there(check: Checker, old: dict[str, bytes], period: Period, registry_csv: bytes) -> None:
    index = UnitIndex(quarter.read_registry(registry_csv), period)
    form = next(f for f in form_catalogue().forms if f.file == "bo-sung.xlsx")
    book = form_workbook(form, period, index, installed())
    fill_form(book, "BS-01", [{"unit": "Xã D", "petitions_received": 3}])
    result = check({**old, "thay-the/bo-sung.xlsx": saved(book)})
    assert errors(result) == {("replacement_is_form", "")} and result.supplement.empty


def test_a_unit_without_old_rows_counts_as_of_a_new_export(check: Checker, export: Any) -> None:
    few = rows()[:4]
    result = check({OLD: export([*few, totals(few)]), NEW: export([new_row()])})
    assert late(result) == (6, NEW)
    (said,) = of(result, "replacement_new_unit")
    assert said["unit_id"] == "xa-e" and errors(result) == UNDECLARED


def test_measures_that_the_new_file_lacks_are_not_taken_from_the_old_one(
    check: Checker, export: Any, old: dict[str, bytes]
) -> None:
    kept = [i for i in range(13) if i not in (3, 4)]  # no channels
    new = export([[new_row()[i] for i in kept]], columns=[II06A[i] for i in kept])
    result = check({**old, NEW: new})
    measures = set(result.counts.loc[result.counts["unit_id"] == "xa-e", "measure"])
    assert measures.isdisjoint({"received_online", "received_direct"}) and "received_total" in measures
    (said,) = of(result, "replacement_lacks")
    assert "tiếp nhận trực tuyến" in said["message"]


def test_a_list_of_dossiers_replaces_a_row(check: Checker, old: dict[str, bytes]) -> None:
    heads = ["STT", "Mã hồ sơ", "Đơn vị", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý"]
    lines = [
        [1, "H18-1", "Xã Đông Ê", "10/01/2022", "20/01/2022", "15/01/2022"],
        [2, "H18-2", "Xã Đông Ê", "11/01/2022", "20/01/2022", "25/01/2022"],
        [3, "H18-3", "Xã Đông Ê", "12/01/2022", "20/01/2022", "20/01/2022"],
    ]
    result = check({**old, "thay-the/ds.xlsx": of_rows([heads, *lines])})
    assert late(result) == (1, "thay-the/ds.xlsx")
    assert errors(result) == UNDECLARED


def test_a_list_of_another_quarter_holds_its_units(check: Checker, old: dict[str, bytes]) -> None:
    heads = ["STT", "Mã hồ sơ", "Đơn vị", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý"]
    lines = [[i, f"H18-{i}", "Xã Đông Ê", "10/05/2021", "20/05/2021", "15/05/2021"] for i in range(1, 9)]
    result = check({**old, "thay-the/ds.xlsx": of_rows([heads, *lines])})
    assert errors(result) == {("period_mismatch", "")} and of(result, "period_mismatch")[0]["units"] == "xa-e"
    assert late(result) is None and len(result.replaced) == 0


# --- the old row is wrong -----------------------------------------------------------------------------------------------


def broken(export: Any, change: Callable[[list[Any]], None]) -> dict[str, bytes]:
    """The old export where the row of Xã Đông Ê is changed and the total row is the true one."""
    lines = rows()
    change(lines[4])
    return {OLD: export([*lines, totals(rows())])}


def test_a_wrong_old_row_no_longer_costs_its_unit_and_its_file(check: Checker, export: Any) -> None:
    def ten_times(line: list[Any]) -> None:
        line[9] = 100

    old = broken(export, ten_times)
    before = check(old)
    assert {u for u, s in status(before).items() if s == "set_aside"} == {"xa-e"}
    result = check({**old, NEW: export([rows()[4]])})
    assert set(status(result).values()) == {"scored"} and errors(result) == UNDECLARED


def test_a_row_wrong_by_its_identity_alone(check: Checker, export: Any) -> None:
    lines = rows()
    lines[4][2] += 3
    old = {OLD: export([*lines, totals(lines)])}
    assert status(check(old))["xa-e"] == "set_aside"
    result = check({**old, NEW: export([new_row()])})
    assert set(status(result).values()) == {"scored"} and errors(result) == UNDECLARED


def test_text_and_a_blank_in_the_old_row(check: Checker, export: Any) -> None:
    for value in ("mười", None):
        old = broken(export, lambda line, value=value: line.__setitem__(9, value))
        assert status(check(old))["xa-e"] == "set_aside"
        result = check({**old, NEW: export([new_row()])})
        assert set(status(result).values()) == {"scored"} and errors(result) == UNDECLARED


def test_a_total_that_neither_row_explains_still_costs_the_file(check: Checker, export: Any) -> None:
    """Another row may be wrong: the new one says nothing about it, and no row shows it."""
    lines = rows()
    lines[1][7], lines[1][8] = lines[1][7] + 1, lines[1][8] - 1  # phong-b
    result = check({OLD: export([*lines, totals(rows())]), NEW: export([new_row()])})
    assert status(result)["xa-e"] == "scored"
    assert {status(result)[u] for u in ("phong-a", "phong-b", "phong-c", "xa-d")} == {"set_aside"}


# --- corrections --------------------------------------------------------------------------------------------------------


def correction(expected: int, value: int) -> dict[str, Any]:
    return {
        "unit": "Xã Đông Ê", "measure": "Đã giải quyết quá hạn", "expected": expected, "value": value,
        "counter_measure": "Đã giải quyết đúng hạn", "reason": "quên tích", "approver": "Công chức 1",
        "approved_on": "18/03/2022",
    }  # fmt: skip


def test_a_correction_of_the_old_number_is_stale(check: Checker, export: Any, old: dict[str, bytes]) -> None:
    result = check({**old, NEW: export([new_row()])}, DC_01=[correction(10, 8)], DC_02=[declaration()])
    assert errors(result) == {("correction_stale", "xa-e")}
    (said,) = of(result, "correction_stale")
    assert f"6 theo tệp đơn vị gửi lại {NEW}" in said["message"]


def test_a_correction_of_the_new_number_applies(check: Checker, export: Any, old: dict[str, bytes]) -> None:
    result = check({**old, NEW: export([new_row()])}, DC_01=[correction(6, 5)], DC_02=[declaration()])
    assert errors(result) == set() and (late(result) or (0,))[0] == 5
    record = result.replaced.set_index("measure").loc["resolved_late"]
    assert (record["old_value"], record["new_value"]) == (10, 6)
