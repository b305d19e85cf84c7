"""A quarter of an invented district through reading, correcting and reconciling."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from offices import full_row, totals
from workbooks import saved

from pipeline import quarter
from pipeline.finding_catalogue import findings_frame
from pipeline.findings import Finding
from pipeline.forms.catalogue import form_catalogue
from pipeline.load.forms.analyst_forms import form_workbook
from pipeline.load.forms.fill_form import fill_form
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.result import Checked
from pipeline.rulebooks import installed
from pipeline.validate.corrections import apply_corrections
from schemas.frames import Corrections

Checker = Callable[..., Checked]


@pytest.fixture(scope="module")
def checked(period: Period, registry_csv: bytes) -> Checker:
    """Workbooks by the names of their files -> the quarter, read and checked."""

    def run(**files: bytes) -> Checked:
        named = {f"{name}.xlsx": data for name, data in files.items()}
        return quarter.check(quarter.read_period(period, named, registry_csv))

    return run


def five_units() -> list[list[Any]]:
    """The rows of the district and their total row."""
    rows = [
        full_row(1, "Phòng A", 1, 2, 0, 3, 0, 0),
        full_row(2, "Phòng B", 4, 5, 1, 7, 1, 1, 1),
        full_row(3, "Phòng C", 0, 0, 0, 0, 0, 0),
        full_row(4, "Xã D", 0, 5, 0, 0, 0, 0),
        full_row(5, "Xã Đông Ê", 2, 5, 0, 4, 2, 1),
    ]
    return [*rows, totals(rows)]


@pytest.fixture
def district() -> list[list[Any]]:
    """The rows of the district, which a test may change."""
    return five_units()


def of(checked: Checked, code: str) -> list[dict[str, str]]:
    return [dict(r) for r in checked.findings.to_dict("records") if r["code"] == code]


def status(checked: Checked) -> dict[str, str]:
    return dict(zip(checked.entities["unit_id"], checked.entities["status"], strict=True))


def figure(checked: Checked, unit: str, measure: str) -> tuple[int, str] | None:
    rows = checked.figures[(checked.figures["unit_id"] == unit) & (checked.figures["measure"] == measure)]
    return None if rows.empty else (int(rows["value"].iloc[0]), rows["origin"].iloc[0])


def test_one_blank_cell_costs_its_unit_and_no_other(checked: Checker, export: Any, district: Any) -> None:
    before = checked(a=export(district))
    district[1][9] = None  # late 1
    result = checked(a=export(district))
    assert status(result) == status(before) | {"phong-b": "set_aside"}
    (said,) = of(result, "cell_blank_open")
    assert (said["unit_id"], said["cell"], said["sets_aside"]) == ("phong-b", "J9", "unit")
    assert said["message"].endswith("dòng “Tổng số” ghi 2, các ô có số cộng được 1: ô này có thể là 1.")
    assert figure(result, "phong-b", "resolved_late") is None
    others = before.counts["unit_id"] != "phong-b"
    pd.testing.assert_frame_equal(
        before.counts[others].reset_index(drop=True),
        result.counts[result.counts["unit_id"] != "phong-b"].reset_index(drop=True),
    )


def test_every_unit_has_a_status(checked: Checker, export: Any, district: Any) -> None:
    result = checked(a=export(district))
    assert status(result) == {
        "huyen": "scored", "phong-a": "scored", "phong-b": "scored", "phong-c": "no_dossiers",
        "xa": "scored", "xa-d": "no_resolved", "xa-e": "scored",
    }  # fmt: skip
    assert not (result.findings["severity"] == "error").any()


def test_a_level_without_a_row_of_its_own_is_the_sum_of_its_units(checked: Checker, export: Any, district: Any) -> None:
    result = checked(a=export(district))
    assert figure(result, "huyen", "resolved_early") == (10, "sum")
    assert figure(result, "xa", "received_total") == (12, "sum")
    assert figure(result, "xa", "received_online") == (2, "sum")


def test_a_level_row_wins_and_every_difference_is_said(checked: Checker, export: Any, district: Any, row: Any) -> None:
    own = row(1, "UBND các xã, phường", 2, 11, 0, 5, 2, 1)
    result = checked(a=export(district), b=export([own]))
    assert figure(result, "xa", "resolved_early") == (5, "entered")
    said = {f["cell"]: (f["found"], f["expected"]) for f in of(result, "level_differs")}
    assert said == {"C8": ("13", "12"), "E8": ("11", "10"), "G8": ("8", "7"), "H8": ("5", "4")}
    assert status(result)["xa"] == "scored"


def test_a_level_row_that_breaks_its_identities_is_not_scored(
    checked: Checker, export: Any, district: Any, row: Any
) -> None:
    own = row(1, "UBND các xã, phường", 2, 11, 0, 5, 2, 1)
    own[6] += 1
    result = checked(a=export(district), b=export([own]))
    assert status(result)["xa"] == "set_aside"
    assert status(result)["xa-e"] == "scored"
    assert of(result, "level_identity_broken")


def test_a_broken_row_sets_its_unit_aside_and_the_level_says_so(checked: Checker, export: Any, district: Any) -> None:
    district[0][2] += 2
    district[-1][2] += 2
    result = checked(a=export(district))
    assert status(result)["phong-a"] == "set_aside"
    (finding,) = of(result, "identity_broken")  # two identities that one number breaks
    assert finding["cell"] == "C8" and finding["message"].endswith("Các tổng khớp nếu ô C8 (tiếp nhận: tổng số) 3.")
    assert figure(result, "huyen", "resolved_early") == (7, "sum")
    assert finding["consequences"] == "Cấp huyện được tính từ tổng các đơn vị còn lại, chưa gồm: Phòng A."
    assert not of(result, "level_without_units")


def test_a_unit_nobody_lists_is_missing(checked: Checker, export: Any, row: Any) -> None:
    result = checked(a=export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0)]))
    assert status(result)["phong-b"] == "missing"
    assert {f["unit_id"] for f in of(result, "unit_missing")} == {"phong-b", "phong-c", "xa-d", "xa-e"}


def test_units_of_a_file_set_aside_point_to_the_file(checked: Checker, export: Any, district: Any, row: Any) -> None:
    district[-1][7] += 1
    district[-1][8] -= 1  # any row may be wrong by this without its sums showing it
    result = checked(bad=export(district), good=export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0)]))
    assert status(result)["phong-a"] == "scored"
    (finding,) = of(result, "control_total")
    assert finding["cell"] == "H13, I13" and finding["units"] == "phong-b; phong-c; xa-d; xa-e"
    assert finding["consequences"].startswith("4 đơn vị trong cùng tệp")
    assert not of(result, "unit_in_file_set_aside")
    assert {status(result)[u] for u in ("phong-b", "phong-c", "xa-d", "xa-e")} == {"set_aside"}


def test_one_unit_in_two_files_is_a_conflict_not_a_sum(checked: Checker, export: Any, district: Any, row: Any) -> None:
    result = checked(a=export(district), b=export([row(1, "Phòng A", 10, 20, 0, 30, 0, 0)]))
    assert status(result)["phong-a"] == "set_aside"
    assert figure(result, "phong-a", "resolved_early") == (3, "entered")
    assert "b.xlsx" in of(result, "unit_repeated")[0]["message"]


def test_the_same_bytes_twice_are_read_once(checked: Checker, export: Any, district: Any) -> None:
    data = export(district)
    result = checked(a=data, b=data)
    assert [f["file"] for f in of(result, "file_duplicate")] == ["b.xlsx"]
    assert status(result)["phong-a"] == "scored"


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Kỳ báo cáo: Quý II năm 2022", "period_mismatch"),
        ("Từ ngày 15/03/2022 đến ngày 14/06/2022", "period_mismatch"),
        ("Từ ngày 01/01/2022 đến ngày 31/03/2022", "period_differs"),
        ("6 tháng đầu năm 2022", "period_differs"),
        ("Quý I, II năm 2022", "period_mismatch"),
        ("Từ ngày 15/12/2021 đến ngày 14/06/2022", "period_mismatch"),
    ],
)
def test_a_title_of_another_period(checked: Checker, export: Any, district: Any, title: str, code: str) -> None:
    result = checked(a=export(district, titles=("II.06a", title)))
    assert of(result, code)
    assert (status(result)["phong-a"] == "scored") == (code == "period_differs")
    said = result.findings.loc[result.findings["code"] == code].iloc[0]
    assert said["file"] and said["sheet"] and said["cell"] and said["found"] and said["expected"]


def test_other_files_go_on_beside_one_that_cannot_be_read(checked: Checker, export: Any, district: Any) -> None:
    result = checked(a=export(district), b=b"PK\x03\x04 cut", c=b"<html><table></table></html>", d=b"")
    assert status(result)["phong-a"] == "scored"
    assert {f["file"]: f["code"] for f in result.findings.to_dict("records") if f["sets_aside"] == "file"} == {
        "b.xlsx": "file_unreadable", "c.xlsx": "file_unrecognised", "d.xlsx": "file_unreadable",
    }  # fmt: skip


def test_an_empty_answer_of_the_portal(checked: Checker, export: Any) -> None:
    data = export([], columns=[("KHÔNG TÌM THẤY DỮ LIỆU TRONG HỆ THỐNG",)], titles=(), index_row=False, footer=False)
    assert of(checked(a=data), "file_empty_answer")


def test_a_level_that_did_not_exist(export: Any, registry_csv: bytes, row: Any) -> None:
    data = export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0), row(2, "Xã Mới", 1, 2, 0, 3, 0, 0)], titles=("II.06a",))
    result = quarter.check(quarter.read_period(Period(2025, 4), {"a.xlsx": data}, registry_csv))
    assert [f["found"] for f in of(result, "level_not_in_period")] == ["Phòng A"]
    assert status(result) == {"xa": "scored", "xa-de": "scored"}


def correction(unit: str, measure: str, expected: int, value: int, counter: str = "") -> pd.DataFrame:
    texts = {
        "correction_id": "DC-01",
        "unit_id": unit,
        "measure": measure,
        "counter_measure": counter,
        "reason": "chép nhầm",
        "approver": "Công chức 1",
        "approved_on": "2022-03-18",
        "note": "",
        "status": "declared",
        "source_file": "dieu-chinh.xlsx",
        "source_sheet": "Điều chỉnh",
        "source_cell": "E5",
        "expected_cell": "D5",
    }
    frame = pd.DataFrame([{**texts, "expected": expected, "value": value}])[list(Corrections.to_schema().columns)]
    frame = frame.astype({c: "Int64" if c in {"expected", "value"} else "str" for c in frame.columns})
    return Corrections.validate(frame)


@pytest.fixture(scope="module")
def district_counts(checked: Checker, export: Callable[..., bytes]) -> pd.DataFrame:
    """The counts of the unchanged district: read once for all tests of corrections."""
    return checked(a=export(five_units())).counts


@pytest.fixture
def raw_counts(district_counts: pd.DataFrame) -> pd.DataFrame:
    """The counts of the unchanged district, a frame of the test's own."""
    return district_counts.copy()


def corrected(frame: pd.DataFrame, unit: str, measure: str) -> tuple[int, Any]:
    row = frame[(frame["unit_id"] == unit) & (frame["measure"] == measure)].iloc[0]
    return int(row["value"]), None if pd.isna(row["original_value"]) else int(row["original_value"])


def test_a_corrected_part_makes_its_total_follow(raw_counts: pd.DataFrame) -> None:
    frame, done, findings = apply_corrections(raw_counts, correction("phong-b", "resolved_early", 7, 6), {})
    assert corrected(frame, "phong-b", "resolved_early") == (6, 7)
    assert corrected(frame, "phong-b", "resolved_total") == (8, 9)
    assert (done["status"].tolist(), [f.code for f in findings]) == (["applied"], ["correction_applied"])


def test_a_counter_measure_keeps_the_total(raw_counts: pd.DataFrame) -> None:
    frame, _, _ = apply_corrections(raw_counts, correction("phong-b", "resolved_late", 1, 0, "resolved_early"), {})
    assert corrected(frame, "phong-b", "resolved_early") == (8, 7)
    assert corrected(frame, "phong-b", "resolved_total") == (9, None)


def test_a_correction_whose_expected_value_is_gone_is_refused(raw_counts: pd.DataFrame) -> None:
    frame, done, findings = apply_corrections(raw_counts, correction("phong-b", "resolved_early", 8, 6), {})
    assert corrected(frame, "phong-b", "resolved_early") == (7, None)
    assert done["status"].tolist() == ["refused"]
    # what the form says stands in its own cell; the file's number is what it would have to be
    assert [(f.code, f.cell, f.found, f.expected) for f in findings] == [("correction_stale", "D5", "8", "7")]
    _, done, findings = apply_corrections(raw_counts, correction("khong-co", "resolved_early", 8, 6), {})
    assert [f.code for f in findings] == ["correction_no_count"]


def corrections(*rows: pd.DataFrame) -> pd.DataFrame:
    frame = pd.concat(rows, ignore_index=True)
    frame["correction_id"] = pd.array([f"DC-{n:02d}" for n in range(1, len(frame) + 1)], dtype="str")
    return Corrections.validate(frame)


def test_a_correction_may_raise_a_count(raw_counts: pd.DataFrame) -> None:
    frame, done, _ = apply_corrections(raw_counts, correction("phong-b", "resolved_early", 7, 9), {})
    assert corrected(frame, "phong-b", "resolved_early") == (9, 7)
    assert corrected(frame, "phong-b", "resolved_total") == (11, 9)
    assert done["status"].tolist() == ["applied"]


def test_a_counter_measure_that_is_too_small_is_refused_by_name(raw_counts: pd.DataFrame) -> None:
    frame, done, (finding,) = apply_corrections(
        raw_counts, correction("phong-b", "resolved_early", 7, 9, "resolved_late"), {}
    )
    assert corrected(frame, "phong-b", "resolved_early") == (7, None)
    assert (done["status"].tolist(), finding.code) == (["refused"], "correction_refused")
    assert finding.facts["why"] == "chỉ còn 1, không đủ để giảm 2"


@pytest.mark.parametrize("turned", [False, True])
def test_a_part_and_its_total_may_both_be_corrected_in_any_order(raw_counts: pd.DataFrame, turned: bool) -> None:
    rows = [correction("phong-b", "resolved_early", 7, 6), correction("phong-b", "resolved_total", 9, 8)]
    frame, done, _ = apply_corrections(raw_counts, corrections(*(rows[::-1] if turned else rows)), {})
    assert corrected(frame, "phong-b", "resolved_early") == (6, 7)
    assert corrected(frame, "phong-b", "resolved_total") == (8, 9)
    assert done["status"].tolist() == ["applied", "applied"]


def test_a_corrected_total_is_not_overwritten_by_its_parts(raw_counts: pd.DataFrame) -> None:
    rows = corrections(correction("phong-b", "resolved_total", 9, 5), correction("phong-b", "resolved_early", 7, 6))
    frame, _, _ = apply_corrections(raw_counts, rows, {})
    assert corrected(frame, "phong-b", "resolved_total") == (5, 9)  # its identity fails, and says so


def test_a_count_another_correction_moved_is_named_with_what_the_file_says(raw_counts: pd.DataFrame) -> None:
    rows = corrections(
        correction("phong-b", "resolved_late", 1, 0, "resolved_early"), correction("phong-b", "resolved_early", 7, 6)
    )
    _, done, findings = apply_corrections(raw_counts, rows, {})
    assert done["status"].tolist() == ["applied", "refused"]
    assert (findings[1].found, findings[1].expected) == ("7", "8 sau điều chỉnh DC-01 (số trên tệp 7)")
    assert findings[0].facts["counter"] == "; bù vào Đã giải quyết trước hạn: 7 → 8"


def test_order_of_files_does_not_matter(checked: Checker, export: Any, district: Any, row: Any) -> None:
    own = export([row(1, "UBND các xã, phường", 2, 11, 0, 5, 2, 1)])
    one, other = checked(a=export(district), b=own), checked(b=own, a=export(district))
    pd.testing.assert_frame_equal(one.figures, other.figures)
    pd.testing.assert_frame_equal(one.findings, other.findings)


@pytest.mark.parametrize(
    ("entered", "cell"),
    [
        ({"contacted_never": 12, "contacted_once": 2}, "C8"),
        ({"agencies_none": 1, "agencies_one": 2, "agencies_more": 3}, "F8"),
        ({"eligible_received": 3, "eligible_online": 4}, "Y8"),
        ({"procedures_total": 10, "procedures_at_desk": 11}, "M8"),
        ({"procedures_total": 10, "procedures_at_desk": 10, "procedures_exempt": 1}, "M8"),
        ({"procedures_total": 10, "procedures_appraised_at_desk": 8, "procedures_exempt": 3}, "N8"),
        ({"procedures_total": 10, "procedures_level3": 8, "procedures_level4": 3}, "T8"),
        ({"petitions_received": 4, "petitions_on_time": 5, "petitions_prolonged": 0}, "R8"),
        ({"petitions_received": 4, "petitions_on_time": 3, "petitions_prolonged": 2}, "R8"),
        ({"eligible_late": 3}, "AC8"),
        ({"eligible_online": 2, "eligible_unresolved": 3}, "AE8"),
        ({"complaints_late": 2}, "K8"),
        ({"procedures_at_desk": "105%"}, "M8"),
        ({"procedures_at_desk": 1.05}, "M8"),
    ],
)
def test_slips_of_a_filled_supplement_are_found_at_their_cell(
    period: Period, registry_csv: bytes, index: UnitIndex, export: Any, district: Any, entered: dict, cell: str
) -> None:
    """Phòng B: 10 received, 4 of them online; 9 resolved, 1 late; 1 overdue."""
    form = next(f for f in form_catalogue().forms if f.file == "bo-sung.xlsx")
    book = form_workbook(form, period, index, installed())
    fill_form(book, "BS-01", [{"unit": "Phòng B", **entered}])
    files = {"cong.xlsx": export(district), "bo-sung.xlsx": saved(book)}
    result = quarter.check(quarter.read_period(period, files, registry_csv))
    errors = result.findings[(result.findings["severity"] == "error") & (result.findings["file"] == "bo-sung.xlsx")]
    assert errors[["unit_id", "sheet", "cell"]].to_numpy().tolist() == [["phong-b", "Số liệu bổ sung", cell]]
    assert status(result)["phong-b"] == "set_aside" and status(result)["phong-a"] == "scored"


def test_a_finding_says_what_was_found_and_expected_even_where_its_code_alone_knows():
    rows = findings_frame(
        [Finding("form_required_blank", facts={"row": "A", "label": "Lý do"}), Finding("file_encrypted")]
    )
    said = {r["code"]: (r["found"], r["expected"]) for r in rows.to_dict("records")}
    assert said["form_required_blank"] == ("(để trống)", "phải nhập")
    assert said["file_encrypted"] == ("tệp có mật khẩu", "tệp không có mật khẩu")
    closer = findings_frame([Finding("unit_unknown", found="X. Lạ", expected="Xã Lá", facts={"near": ""})]).iloc[0]
    assert (closer["found"], closer["expected"]) == ("X. Lạ", "Xã Lá")
