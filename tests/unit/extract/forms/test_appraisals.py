"""tham-dinh.xlsx: its rows, what is read from them, and every slip with its cell."""

import datetime as dt
import io

import openpyxl
import pytest

from pipeline.finding_catalogue import catalogue, findings_frame
from pipeline.load.forms.analyst_forms import blank_forms
from pipeline.load.forms.appraisal_rows import KnownScores
from pipeline.load.forms.form_sheet import HEADER_ROW
from pipeline.periods import Period
from pipeline.rulebooks import installed

TD = "tham-dinh.xlsx"
SHEET = "Thẩm định"
COLUMNS = {
    "unit": 1, "criterion": 2, "self": 3, "computed": 4, "assessed": 5,
    "appraisal": 6, "reason": 7, "appraiser": 8, "appraised_on": 9,
}  # fmt: skip


def row_of(book, unit, number):
    sheet = book[SHEET]
    rows = range(HEADER_ROW + 1, sheet.max_row + 1)
    return next(r for r in rows if sheet.cell(r, 1).value == unit and sheet.cell(r, 2).value.startswith(f"{number}. "))


def put(book, name, number, **cells):
    row = row_of(book, name, number)
    for key, value in {"appraiser": "Công chức 1", **cells}.items():
        book[SHEET].cell(row, COLUMNS[key]).value = value
    return row


def found(frames):
    return [(f.code, f.unit_id, f.cell) for f in frames.findings]


def test_a_row_for_every_criterion_of_every_unit_and_level_with_known_scores_locked(city):
    known = KnownScores(
        {("huyen", "total_time"): 1.95}, {("huyen", "total_time"): 1.9, ("huyen", "desk"): "không tính"}
    )
    data = blank_forms(Period(2022, 1), city, installed(), known)[TD]
    sheet = openpyxl.load_workbook(io.BytesIO(data))[SHEET]
    assert sheet.max_row - HEADER_ROW == 24 * 9
    assert [sheet.cell(6, c).value for c in (1, 3, 4, 5)] == ["Cấp thành phố", 1.95, 1.9, None]
    assert sheet.cell(11, 4).value == "không tính" and sheet.cell(7, 4).value is None
    assert [sheet.cell(6, c).protection.locked for c in range(1, 10)] == [True] * 5 + [False] * 4
    checks = {c.formula1 for c in sheet.data_validations.dataValidation if "F6" in c.sqref or "F11" in c.sqref}
    assert checks == {"0", '"2,1,0"'}


def test_without_a_rulebook_in_force_there_is_nothing_to_appraise(city):
    assert TD not in blank_forms(Period(2025, 3), city, installed())


@pytest.mark.parametrize(
    ("number", "written", "value", "option"),
    [
        ("1", "1,84", 1.84, ""),
        ("1", 2, 2.0, ""),
        ("6", 1, 1.0, "1"),
        ("6", "1", 1.0, "1"),
        ("7", "Không được công khai chính xác, đầy đủ, kịp thời", 0.0, "0"),
    ],
)
def test_a_score_or_an_option(books, read_forms, number, written, value, option):
    day = dt.date(2022, 3, 20)
    row = put(books[TD], "Phòng Tư pháp", number, appraisal=written, reason="đã xem", appraised_on=day)
    books[TD][SHEET].cell(row, COLUMNS["computed"]).value = "không tính"
    frames = read_forms({TD: books[TD]})
    assert not frames.findings
    read = frames.appraisals.iloc[0]
    assert (read["unit_id"], read["value"], read["option"]) == ("tu-phap", value, option)
    assert (read["rulebook"], read["seen_text"], read["appraised_on"]) == ("qd-1187-2019", "không tính", "2022-03-20")
    assert (read["source_cell"], read["reason_cell"]) == (f"F{row}", f"G{row}")


@pytest.mark.parametrize(
    ("number", "cells", "column"),
    [
        ("1", {"appraisal": 2.5}, "F"),
        ("1", {"appraisal": "tốt"}, "F"),
        ("1", {"appraisal": -1}, "F"),
        ("6", {"appraisal": 1.5}, "F"),
        ("6", {"appraisal": 3}, "F"),
        ("6", {"appraisal": None, "reason": "chưa xong"}, "F"),
        ("6", {"appraisal": 1, "appraiser": None}, "H"),
        ("6", {"appraisal": 1, "appraised_on": "hôm qua"}, "I"),
        ("6", {"appraisal": 1, "criterion": "10. Tiêu chí lạ"}, "B"),
    ],
)
def test_a_slip_refuses_its_row_alone(books, read_forms, number, cells, column):
    row = put(books[TD], "Phòng Tư pháp", number, **cells)
    put(books[TD], "Thanh tra", "7", appraisal=2)
    frames = read_forms({TD: books[TD]})
    assert found(frames) == [("appraisal_refused", "tu-phap", f"{column}{row}")]
    assert frames.appraisals["unit_id"].tolist() == ["thanh-tra"]
    assert catalogue()["appraisal_refused"].sets_aside == "row"
    said = findings_frame(frames.findings).iloc[0]
    assert said["expected"] and "Phòng Tư pháp" in said["message"] and said["expected"] in said["action"]


def test_an_option_of_another_level_is_none_of_this_one(books, read_forms):
    books[TD][SHEET]["C3"].value = "tt-01-2018"
    put(books[TD], "Phòng Tư pháp", "6", appraisal="2-xa", criterion="CS5")
    put(books[TD], "Thanh tra", "6", appraisal=2, criterion="CS5")
    frames = read_forms({TD: books[TD]})
    assert [f.code for f in frames.findings] == ["appraisal_refused"]
    assert frames.appraisals[["unit_id", "option"]].to_numpy().tolist() == [["thanh-tra", "2-huyen"]]


def test_an_unknown_unit_and_an_unknown_rulebook(books, read_forms):
    row = put(books[TD], "Phòng Tư pháp", "6", appraisal=1, unit="Phòng Lạ")
    frames = read_forms({TD: books[TD]})
    assert found(frames) == [("form_unit_unknown", "", f"A{row}")] and frames.appraisals.empty
    books[TD][SHEET]["C3"].value = "quy định mới"
    frames = read_forms({TD: books[TD]})
    assert found(frames) == [("appraisal_refused", "", "C3")] and frames.appraisals.empty


def test_two_appraisals_of_one_criterion_are_none(books, read_forms):
    first = put(books[TD], "Phòng Tư pháp", "6", appraisal=1, reason="x")
    second = put(books[TD], "Phòng Tư pháp", "7", appraisal=2, reason="x")
    books[TD][SHEET].cell(second, 2).value = books[TD][SHEET].cell(first, 2).value
    frames = read_forms({TD: books[TD]})
    assert found(frames) == [("appraisal_refused", "tu-phap", f"F{second}")] and frames.appraisals.empty
    message = findings_frame(frames.findings).loc[0, "message"]
    assert f"F{first}" in message and f"F{second}" in message


def test_a_name_dragged_down_the_column_appraises_nothing(books, read_forms):
    put(books[TD], "Phòng Tư pháp", "6", appraisal=1)
    put(books[TD], "Phòng Tư pháp", "7", appraised_on=dt.date(2022, 3, 20))
    frames = read_forms({TD: books[TD]})
    assert not frames.findings and len(frames.appraisals) == 1
