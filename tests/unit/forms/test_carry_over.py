"""Answers of the quarter before in a new form: marked, listed, and unused until somebody confirmed them."""

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook

from pipeline.forms.carry_over import CarriedOver, read_carried_over
from pipeline.forms.catalogue import form_catalogue
from pipeline.load.forms.analyst_forms import form_workbook
from pipeline.load.forms.carried_answers import carried_rows, fill_carried
from pipeline.periods import Period
from pipeline.publish.csv_tables import csv_bytes
from pipeline.registry import UnitIndex
from pipeline.rulebooks import installed
from schemas import frames

BS = "bo-sung.xlsx"
BEFORE = Period(2021, 4)
SHEETS = {"Số liệu bổ sung": "C3", "Công chức": "C3", "Văn bản": "B3", "Thông tin báo cáo": "B3"}


def rows_of(model: Any, rows: list[dict[str, Any]]) -> bytes:
    empty = model.empty()
    columns = {
        c: pd.array([r.get(c, "" if str(empty[c].dtype) == "str" else None) for r in rows], dtype=empty[c].dtype)
        for c in empty.columns
    }
    return csv_bytes(pd.DataFrame(columns, columns=list(empty.columns)))


@pytest.fixture
def published() -> dict[str, bytes]:
    """Tables of a revision of the quarter before."""
    supplement = [
        {"unit_id": "him-lam", "item": "procedures_total", "value": 157},
        {"unit_id": "him-lam", "item": "procedures_online", "part": "Mức độ 3", "value": 5},
        {"unit_id": "him-lam", "item": "disclosure", "option": "both"},
        {"unit_id": "him-lam", "item": "petitions_received", "value": 3},
        {"unit_id": "phuong-cu", "item": "procedures_total", "value": 1},
    ]
    officer = {"officer": "Công chức 1", "unit_id": "huyen", "position": "Một cửa", "score": 9.5, "basis": "entered"}
    documents = [
        {"role": "basis", "title": "Quyết định", "number": "1187/QĐ-UBND", "issued_on": "2019-11-13"},
        {"role": "directive", "title": "Công văn", "number": "265/VPUB", "issued_on": "2022-03-07"},
    ]
    fields = [
        {"field": "issuing_body", "value": "UBND thành phố"},
        {"field": "unit_group:xa", "value": "=UBND các xã"},
        {"field": "unit_group:tinh", "value": "Cấp không có"},
        {"field": "report_number", "value": "85/BC-UBND"},
        *({"field": "recipients", "value": f"Nơi nhận {n}"} for n in range(1, 11)),
    ]
    return {
        "supplement.csv": rows_of(frames.Supplement, supplement),
        "officer_scores.csv": rows_of(frames.OfficerScores, [officer]),
        "documents.csv": rows_of(frames.Documents, documents),
        "report_fields.csv": rows_of(frames.ReportFields, fields),
    }


@pytest.fixture
def carried(published: dict[str, bytes], city: UnitIndex) -> CarriedOver:
    return read_carried_over(published, BEFORE, city)


@pytest.fixture
def book(carried: CarriedOver, city: UnitIndex) -> Workbook:
    form = next(f for f in form_catalogue().forms if f.file == BS)
    made = form_workbook(form, Period(2022, 1), city, installed(), carried_rows(carried))
    fill_carried(made, form, carried)
    return made


def found(frames: Any) -> list[tuple[str, str, str]]:
    return [(f.code, f.sheet, f.cell) for f in frames.findings]


def confirm(book: Workbook, *sheets: str) -> None:
    for name in sheets:
        assert book[name][SHEETS[name]].value == "chưa"
        book[name][SHEETS[name]] = "rồi"


def row_of(book: Workbook, sheet: str, name: str) -> int:
    return next(c.row for column in ("A", "B") for c in book[sheet][column] if c.value == name)


def test_only_what_rarely_changes_is_carried_over(carried: CarriedOver) -> None:
    (unit,) = carried.entries["BS-01"]
    assert unit == {
        "unit": "Phường Him Lam", "procedures_total": 157, "procedures_level3": 5,
        "disclosure": "Cả hai hình thức niêm yết và điện tử",
    }  # fmt: skip
    assert carried.entries["BS-03"] == [{"officer": "Công chức 1", "unit": "Cấp thành phố", "position": "Một cửa"}]
    assert [d["number"] for d in carried.entries["BS-04"]] == ["1187/QĐ-UBND"]
    assert carried.entries["BS-04"][0]["issued_on"] == dt.date(2019, 11, 13)
    fields = [(f["field"], f["value"]) for f in carried.entries["BS-05"]]
    assert fields[:2] == [
        ("Cơ quan ban hành", "UBND thành phố"),
        ("Tên nhóm đơn vị trong bảng kết quả – Cấp xã, phường", "=UBND các xã"),
    ]
    assert len(fields) == 12 and carried.lacking == ()


def test_what_the_office_file_gives_needs_no_confirmation(published: dict[str, bytes], city: UnitIndex) -> None:
    carried = read_carried_over(published, BEFORE, city, {"recipients", "basis"})
    assert {f["field"] for f in carried.entries["BS-05"]}.isdisjoint({"Nơi nhận"})
    assert "BS-04" not in carried.entries
    fields = [
        {"field": "place", "value": "Ở quý trước", "source_file": "office.toml"},
        {"field": "area_name", "value": "thành phố", "source_file": "bo-sung.xlsx"},
    ]
    files = {**published, "report_fields.csv": rows_of(frames.ReportFields, fields)}
    kept = read_carried_over(files, BEFORE, city).entries["BS-05"]
    assert [f["value"] for f in kept] == ["thành phố"]


def test_a_table_that_is_not_there_or_of_another_version_is_named(published: dict[str, bytes], city: UnitIndex) -> None:
    files = {**published, "documents.csv": b"so,ngay\r\n1,2\r\n"}
    del files["report_fields.csv"]
    carried = read_carried_over(files, BEFORE, city)
    assert carried.lacking == ("documents.csv", "report_fields.csv") and set(carried.entries) == {"BS-01", "BS-03"}


def test_filled_in_cells_are_marked_and_listed(book: Workbook) -> None:
    sheet = book["Số liệu bổ sung"]
    cell = sheet.cell(row_of(book, "Số liệu bổ sung", "Phường Him Lam"), 12)
    blank = sheet.cell(cell.row, 3)
    assert cell.value == 157 and cell.fill.fgColor.rgb != blank.fill.fgColor.rgb
    assert "2021-Q4, xin xác nhận" in cell.comment.text and not cell.protection.locked
    listed = book["Điền sẵn"]
    assert [c.value for c in listed[6]] == ["BS-01", "Phường Him Lam", "Tổng số TTHC", "157"]
    assert all(c.protection.locked for c in listed[6])
    recipients = [c.value for c in book["Thông tin báo cáo"]["B"] if str(c.value).startswith("Nơi nhận ")]
    assert len(recipients) == 10  # more than the blank form has rows for


def test_a_form_nobody_touched_is_blank(book: Workbook, read_forms: Any) -> None:
    frames = read_forms({BS: book})
    assert [c for c, *_ in found(frames)] == ["form_blank"] and frames.filled == frozenset()
    assert frames.supplement.empty and frames.officers.empty and frames.documents.empty and frames.report_fields.empty


def test_until_confirmed_unchanged_answers_are_not_used(book: Workbook, read_forms: Any) -> None:
    row = row_of(book, "Số liệu bổ sung", "Phường Him Lam")
    book["Số liệu bổ sung"].cell(row, 13).value = 150
    frames = read_forms({BS: book})
    assert frames.supplement["item"].tolist() == ["procedures_at_desk"]
    assert sorted(found(frames)) == sorted(("form_carried_unused", s, c) for s, c in SHEETS.items())
    counts = {f.sheet: f.facts["count"] for f in frames.findings}
    assert counts == {"Số liệu bổ sung": 3, "Công chức": 3, "Văn bản": 4, "Thông tin báo cáo": 12}


def test_a_changed_answer_is_the_analyst_s_own(book: Workbook, read_forms: Any) -> None:
    book["Số liệu bổ sung"].cell(row_of(book, "Số liệu bổ sung", "Phường Him Lam"), 12).value = 158
    frames = read_forms({BS: book})
    assert frames.supplement[["item", "value"]].to_numpy().tolist() == [["procedures_total", 158]]
    assert next(f for f in frames.findings if f.sheet == "Số liệu bổ sung").facts["count"] == 2


def test_confirmed_answers_are_used_and_counted(book: Workbook, read_forms: Any) -> None:
    confirm(book, *SHEETS)
    frames = read_forms({BS: book})
    assert sorted(frames.supplement["item"]) == ["disclosure", "procedures_online", "procedures_total"]
    assert frames.officers["officer"].tolist() == ["Công chức 1"] and frames.officers["score"].isna().all()
    assert frames.documents["issued_on"].tolist() == ["2019-11-13"] and len(frames.report_fields) == 12
    assert {f.code for f in frames.findings} == {"form_carried_used", "form_part_blank"}
    assert sum(f.code == "form_carried_used" for f in frames.findings) == 4


def test_each_sheet_is_confirmed_for_itself(book: Workbook, read_forms: Any) -> None:
    confirm(book, "Văn bản")
    frames = read_forms({BS: book})
    assert len(frames.documents) == 1 and frames.supplement.empty and frames.report_fields.empty
    assert ("form_carried_used", "Văn bản", "B3") in found(frames)


def test_an_officer_somebody_scored_was_looked_at(book: Workbook, read_forms: Any) -> None:
    book["Công chức"].cell(6, 5).value = 9.9
    frames = read_forms({BS: book})
    assert frames.officers["score"].tolist() == [9.9]
    assert "Công chức" not in {s for _, s, _ in found(frames)}


def test_rows_and_columns_may_be_moved(book: Workbook, read_forms: Any) -> None:
    book["Số liệu bổ sung"].insert_rows(6, 2)
    book["Số liệu bổ sung"].insert_cols(3)
    assert [c for c, *_ in found(read_forms({BS: book}))] == ["form_blank"]


@pytest.mark.parametrize("answer", ["vâng", "xong", "đã"])
def test_another_answer_confirms_nothing(book: Workbook, read_forms: Any, answer: str) -> None:
    book["Số liệu bổ sung"]["C3"] = answer
    frames = read_forms({BS: book})
    assert frames.supplement.empty
    assert [c for c, *_ in found(frames)] == ["form_cell_unread", "form_blank"]


def test_without_its_list_the_form_is_refused(book: Workbook, read_forms: Any) -> None:
    del book["Điền sẵn"]
    confirm(book, "Số liệu bổ sung")
    frames = read_forms({BS: book})
    assert found(frames) == [("form_carried_lost", "Số liệu bổ sung", "C3")]
    assert frames.supplement.empty and frames.filled == frozenset()
