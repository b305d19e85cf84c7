"""Explanations of late dossiers: counts stay, sums are checked, only an accepted one with a document is counted again."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from offices import OFFICE
from workbooks import saved

from pipeline import quarter
from pipeline.finding_catalogue import catalogue
from pipeline.forms.catalogue import form_catalogue
from pipeline.load.forms.analyst_forms import form_workbook
from pipeline.load.forms.fill_form import fill_form
from pipeline.load.forms.late_rows import late_rows
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.result import Checked
from pipeline.rulebooks import choose, installed
from pipeline.validate.corrections import apply_corrections
from schemas.frames import Corrections

Quarter = Callable[..., Checked]
RESOLVED, PENDING = "Đã giải quyết quá hạn", "Đang giải quyết quá hạn"
UNTICKED, WAITING = "quên tích kết thúc trên cổng", "chờ phối hợp"
ACCEPTED = {
    "opinion": "chấp nhận",
    "document": "12/CV-VP",
    "approver": "Chánh Văn phòng",
    "approved_on": dt.date(2022, 3, 16),
}

#: what was entered -> the district checked with it
CHECKED: dict[str, Checked] = {}


@pytest.fixture
def explained(period: Period, registry_csv: bytes, index: UnitIndex, export: Any, row: Any, total_row: Any) -> Quarter:
    """The district checked with explanations: Phòng B has 5 late and 2 overdue, Xã Đông Ê 3 late; levels are sums.

    What is entered alike is checked once: no test changes what it gets.
    """

    def run(
        *entries: dict[str, Any], late: int = 5, other_late: int = 0, corrections: tuple[dict[str, Any], ...] = ()
    ) -> Checked:
        entered = repr((entries, late, other_late, corrections))
        if entered not in CHECKED:
            CHECKED[entered] = check(entries, late, other_late, corrections)
        return CHECKED[entered]

    def check(
        entries: tuple[dict[str, Any], ...], late: int, other_late: int, corrections: tuple[dict[str, Any], ...]
    ) -> Checked:
        rows = [
            row(1, "Phòng A", 1, 2, 0, 3 - other_late, 0, other_late),
            row(2, "Phòng B", 9, 11, 0, 7, 1, late, 2),
            row(3, "Phòng C", 0, 0, 0, 0, 0, 0),
            row(4, "Xã D", 0, 5, 0, 5, 0, 0),
            row(5, "Xã Đông Ê", 2, 8, 0, 4, 2, 3),
        ]
        files = {"cong.xlsx": export([*rows, total_row(rows)])}
        for file, code, filled in (("giai-trinh.xlsx", "GT-01", entries), ("dieu-chinh.xlsx", "DC-01", corrections)):
            if filled:
                form = next(f for f in form_catalogue().forms if f.file == file)
                book = form_workbook(form, period, index, installed())
                fill_form(book, code, list(filled))
                files[file] = saved(book)
        return quarter.check(quarter.read_period(period, files, registry_csv))

    return run


def said(checked: Checked) -> list[tuple[str, str, str]]:
    """(code, unit, cell) of the findings about explanations and corrections."""
    rows = checked.findings[checked.findings["file"].isin(["giai-trinh.xlsx", "dieu-chinh.xlsx"])]
    return [(r["code"], r["unit_id"], r["cell"]) for r in rows.to_dict("records")]


def figure(checked: Checked, unit: str, measure: str) -> int:
    rows = checked.figures[(checked.figures["unit_id"] == unit) & (checked.figures["measure"] == measure)]
    return int(rows["value"].iloc[0])


def statuses(checked: Checked) -> list[str]:
    return checked.explanations["status"].tolist()


def scored(checked: Checked, unit: str) -> bool:
    return dict(zip(checked.entities["unit_id"], checked.entities["status"], strict=True))[unit] == "scored"


def b(**more: Any) -> dict[str, Any]:
    return {"unit": "Phòng B", "measure": RESOLVED, "late": 5, "reason": UNTICKED, "count": 5, **more}


def test_an_explanation_changes_no_count(explained: Quarter) -> None:
    without, given = explained(), explained(b(**ACCEPTED))
    assert given.counts.equals(without.counts) and given.corrections.empty
    assert given.figures.equals(without.figures)
    assert statuses(given) == ["stands"] and said(given) == []


@pytest.mark.parametrize(
    ("wrong", "cell"),
    [
        ({"reason": "tại trời"}, "D6"),
        ({"reason": "khác"}, "F6"),
        ({"count": "năm"}, "E6"),
        ({"count": 2.5}, "E6"),
        ({"count": -5}, "E6"),
        ({"count": ""}, "E6"),
        ({"reason": ""}, "D6"),
        ({"late": "nhiều"}, "C6"),
        ({"measure": "Hồ sơ đẹp"}, "B6"),
        ({"opinion": "cũng được"}, "H6"),
        ({"recount": "sớm"}, "J6"),
    ],
)
def test_a_slip_is_found_at_its_cell_and_costs_only_the_row(explained: Quarter, wrong: dict, cell: str) -> None:
    checked = explained(b(**wrong))
    assert said(checked) == [("explanation_unread", "phong-b", cell)]
    assert checked.explanations.empty and scored(checked, "phong-b")


def test_an_unknown_unit_is_found_at_its_cell(explained: Quarter) -> None:
    checked = explained(b(), b(unit="Phòng Lạ"))
    assert said(checked) == [("form_unit_unknown", "", "A7"), ("explanation_not_appraised", "phong-b", "E6")]


@pytest.mark.parametrize("count", [4, 6])
def test_a_sum_that_differs_is_a_warning_and_the_unit_is_scored(explained: Quarter, count: int) -> None:
    checked = explained(b(count=count, opinion="chấp nhận"))
    assert said(checked) == [("explanation_sum_differs", "phong-b", "E6")]
    finding = checked.findings[checked.findings["code"] == "explanation_sum_differs"].iloc[0]
    assert (finding["found"], finding["expected"], finding["severity"]) == (str(count), "5", "warning")
    assert scored(checked, "phong-b") and figure(checked, "phong-b", "resolved_late") == 5


def test_each_kind_of_late_dossiers_adds_up_for_itself(explained: Quarter) -> None:
    other = {"unit": "Phòng B", "measure": PENDING, "late": 2, "reason": WAITING, "count": 2, "opinion": "chấp nhận"}
    assert said(explained(b(opinion="chấp nhận"), other)) == []
    checked = explained(b(opinion="chấp nhận"), {**other, "count": 3})
    assert said(checked) == [("explanation_sum_differs", "phong-b", "E7")]


def test_a_blank_kind_is_the_only_one_a_unit_has_or_a_finding(explained: Quarter) -> None:
    alone = {"unit": "Xã Đông Ê", "reason": WAITING, "count": 3, "opinion": "chấp nhận"}
    checked = explained(alone)
    assert said(checked) == [] and checked.explanations["measure"].tolist() == ["resolved_late"]
    checked = explained(b(measure="", opinion="chấp nhận"))
    assert said(checked) == [("explanation_which", "phong-b", "E6")] and statuses(checked) == ["unused"]


def test_another_number_of_late_dossiers_asks_to_look_again(explained: Quarter) -> None:
    checked = explained(b(opinion="chấp nhận"), late=6)
    assert said(checked) == [("explanation_late_changed", "phong-b", "C6")]
    assert "biểu giải trình ghi 5, số liệu của cổng nay là 6" in checked.findings["message"].str.cat()
    assert said(explained(b(count=4, opinion="chấp nhận"), late=6)) == [
        ("explanation_late_changed", "phong-b", "C6"),
        ("explanation_sum_differs", "phong-b", "E6"),
    ]


def test_a_unit_without_late_dossiers(explained: Quarter) -> None:
    checked = explained({"unit": "Phòng A", "reason": UNTICKED, "count": 2, "opinion": "chấp nhận"})
    assert said(checked) == [("explanation_of_nothing", "phong-a", "E6")] and statuses(checked) == ["unused"]


def test_a_reason_twice(explained: Quarter) -> None:
    same = explained(b(opinion="chấp nhận"), b(opinion="chấp nhận"))
    assert said(same) == [("form_repeated", "phong-b", "E7")] and statuses(same) == ["stands", "unused"]
    assert scored(same, "phong-b")
    two = explained(b(count=2, opinion="chấp nhận"), b(count=3, opinion="chấp nhận"))
    assert said(two) == [("explanation_twice", "phong-b", "E7")] and statuses(two) == ["unused", "unused"]
    words = [{"reason": "khác", "detail": x, "opinion": "chấp nhận"} for x in ("mất điện", "nghỉ phép")]
    assert said(explained(b(count=2, **words[0]), b(count=3, **words[1]))) == []


def test_late_dossiers_nobody_explained_are_named_where_others_are(explained: Quarter) -> None:
    def missing(checked: Checked) -> list[tuple[str, str]]:
        rows = checked.findings[checked.findings["code"] == "explanation_missing"]
        return list(zip(rows["unit_id"], rows["found"], strict=True))

    commune = {"unit": "Xã Đông Ê", "reason": WAITING, "count": 3, "opinion": "chấp nhận"}
    assert missing(explained(commune)) == []  # nobody of the other level has explained anything yet
    pending = "Phòng B (đang giải quyết quá hạn: 2)"
    assert missing(explained(b(opinion="chấp nhận"))) == [("huyen", pending)]
    assert missing(explained(b(opinion="chấp nhận"), other_late=1)) == [
        ("huyen", f"Phòng A (đã giải quyết quá hạn: 1), {pending}")
    ]


def test_an_accepted_explanation_with_a_document_becomes_a_correction(explained: Quarter) -> None:
    first = b(count=3, recount="trước hạn", evidence="ảnh màn hình", **ACCEPTED)
    second = b(reason="lỗi hệ thống", count=1, late="", recount="đúng hạn", **ACCEPTED)
    third = b(reason=WAITING, count=1, late="", opinion="chấp nhận")
    checked = explained(first, second, third)
    assert [c for c, *_ in said(checked)] == ["correction_applied", "correction_applied"]
    assert statuses(checked) == ["recounted", "recounted", "stands"]
    moved = {m: figure(checked, "phong-b", f"resolved_{m}") for m in ("early", "on_time", "late", "total")}
    assert moved == {"early": 10, "on_time": 2, "late": 1, "total": 13}
    assert scored(checked, "phong-b") and figure(checked, "huyen", "resolved_late") == 1
    corrections = checked.corrections[["correction_id", "measure", "expected", "value", "counter_measure", "status"]]
    assert corrections.to_numpy().tolist() == [
        ["GT-01", "resolved_late", 5, 2, "resolved_early", "applied"],
        ["GT-02", "resolved_late", 2, 1, "resolved_on_time", "applied"],
    ]
    assert "12/CV-VP" in checked.corrections.loc[0, "reason"] and checked.corrections.loc[0, "source_cell"] == "E6"
    late = checked.counts[(checked.counts["unit_id"] == "phong-b") & (checked.counts["measure"] == "resolved_late")]
    assert late[["value", "original_value", "correction_id"]].to_numpy().tolist() == [[1, 5, "GT-01; GT-02"]]


def test_dossiers_done_but_not_ticked_are_resolved_when_counted_again(explained: Quarter) -> None:
    entry = {"unit": "Phòng B", "measure": PENDING, "late": 2, "reason": UNTICKED, "count": 2, "recount": "trước hạn"}
    checked = explained({**entry, **ACCEPTED})
    assert statuses(checked) == ["recounted"] and scored(checked, "phong-b")
    assert figure(checked, "phong-b", "pending_overdue") == 0
    assert figure(checked, "phong-b", "resolved_total") == 15 and figure(checked, "phong-b", "pending_total") == 5
    assert figure(checked, "phong-b", "received_total") == 20


@pytest.mark.parametrize(
    ("lacking", "cell"),
    [
        ({"opinion": ""}, "H6"),
        ({"opinion": "không chấp nhận"}, "H6"),
        ({"document": ""}, "I6"),
        ({"approver": ""}, "K6"),
        ({"approved_on": ""}, "L6"),
        ({"approved_on": "hôm qua"}, "L6"),
        ({"late": ""}, "J6"),
        ({"late": 4}, "J6"),
        ({"count": 6}, "J6"),
        ({"opinion": "", "document": "", "approver": ""}, "H6"),
    ],
)
def test_a_recount_that_lacks_something_is_refused_with_its_cell(explained: Quarter, lacking: dict, cell: str) -> None:
    checked = explained(b(recount="trước hạn", **{**ACCEPTED, **lacking}))
    refused = [s for s in said(checked) if s[0] == "explanation_recount_refused"]
    assert refused == [("explanation_recount_refused", "phong-b", cell)]
    assert catalogue()["explanation_recount_refused"].severity == "error"
    assert statuses(checked) == ["refused"] and checked.corrections.empty
    assert figure(checked, "phong-b", "resolved_late") == 5 and scored(checked, "phong-b")


def test_a_unit_whose_row_is_broken_stays_broken(explained: Quarter) -> None:
    """Moving dossiers inside what is resolved must not make a wrong total right."""
    counts = explained().counts.copy()
    total = (counts["unit_id"] == "phong-b") & (counts["measure"] == "resolved_total")
    counts.loc[total, "value"] = 99
    entry = {
        "correction_id": "GT-01", "unit_id": "phong-b", "measure": "resolved_late", "expected": 5, "value": 3,
        "counter_measure": "resolved_early", "reason": "x", "approver": "x", "approved_on": "2022-03-16", "note": "",
        "status": "declared", "source_file": "giai-trinh.xlsx", "source_sheet": "Giải trình", "source_cell": "E6",
        "expected_cell": "E6",
    }  # fmt: skip
    empty = Corrections.empty()
    frame = pd.DataFrame([entry], columns=empty.columns).astype(empty.dtypes.to_dict())
    changed, _, _ = apply_corrections(counts, frame, {})
    assert changed.loc[total, "value"].tolist() == [99]


def test_a_declared_correction_comes_first(explained: Quarter) -> None:
    """What has to be explained is the count with the declared corrections in force; both may touch one unit."""
    declared = {
        "correction_id": "GT-01",
        "unit": "Phòng B",
        "measure": RESOLVED,
        "expected": 5,
        "value": 4,
        "counter_measure": "Đã giải quyết trước hạn",
        "reason": "chép nhầm",
        "approver": "Chánh Văn phòng",
        "approved_on": dt.date(2022, 3, 16),
    }
    checked = explained(b(late=4, count=4, recount="trước hạn", **ACCEPTED), corrections=(declared,))
    assert figure(checked, "phong-b", "resolved_late") == 0 and figure(checked, "phong-b", "resolved_early") == 12
    assert checked.corrections["correction_id"].tolist() == ["GT-01", "GT-02"]
    assert set(checked.corrections["status"]) == {"applied"}


def test_the_form_is_filled_with_units_that_have_late_dossiers(explained: Quarter, index: UnitIndex) -> None:
    late = {("phong-b", "resolved_late"): 5, ("phong-b", "pending_overdue"): 2, ("phong-a", "resolved_late"): 0}
    rows = [dict(r.texts) for r in late_rows({**late, ("xa-e", "resolved_late"): 3}, index)]
    assert rows == [
        {"unit": "Phòng B", "measure": RESOLVED, "late": "5"},
        {"unit": "Phòng B", "measure": PENDING, "late": "2"},
        {"unit": "Xã Đông Ê", "measure": RESOLVED, "late": "3"},
    ]
    assert late_rows({**late, ("xa-e", "resolved_late"): 3}, index, ["xa-e"])[0].texts["unit"] == "Xã Đông Ê"


def test_explanations_are_published(explained: Quarter, period: Period) -> None:
    result = quarter.score(explained(b(opinion="chấp nhận")), choose(period, office=OFFICE))
    table = quarter.csv_tables(result)["explanations.csv"].decode("utf-8-sig").splitlines()
    assert len(table) == 2 and table[1].startswith("GT-01,phong-b,resolved_late,5,unticked,")
