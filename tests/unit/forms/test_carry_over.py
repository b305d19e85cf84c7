"""Answers of an earlier quarter in a new form: marked, listed, and unused until somebody confirmed them."""

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook

from pipeline.forms.carry_over import CarriedOver, QuarterAnswers, carried_over, named_quarter, read_answers
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
EARLIER = Period(2021, 3)
RULES = installed()["qd-1187-2019"]
SHEETS = {
    "Số liệu bổ sung": "C3", "Đánh giá trực tiếp": "B3", "Công chức": "C3", "Văn bản": "B3", "Thông tin báo cáo": "B3",
}  # fmt: skip


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
    assessed = {"kind": "unit", "basis": "assessed", "explanation": "Đã kiểm tra tại chỗ (nguồn: Biên bản 3/BB-VP)"}
    scores = [
        {**assessed, "unit_id": "him-lam", "criterion": "desk", "option": "2"},
        {**assessed, "unit_id": "him-lam", "criterion": "online", "option": "1", "explanation": "Theo sổ theo dõi"},
        {**assessed, "unit_id": "him-lam", "criterion": "petitions", "option": "muc-cu"},
        {**assessed, "unit_id": "phuong-cu", "criterion": "desk", "option": "2"},
        {**assessed, "unit_id": "him-lam", "criterion": "disclosure", "option": "2", "basis": "computed"},
    ]
    officer = {"officer": "Công chức 1", "unit_id": "huyen", "position": "Một cửa", "score": 9.5, "basis": "entered"}
    documents = [
        {"role": "basis", "title": "Quyết định", "number": "1187/QĐ-UBND", "issued_on": "2019-11-13"},
        {"role": "implementation", "title": "Văn bản", "number": "415/UBND", "issued_on": "2022-03-08"},
    ]
    fields = [
        {"field": "issuing_body", "value": "UBND thành phố"},
        {"field": "unit_group:xa", "value": "=UBND các xã"},
        {"field": "unit_group:tinh", "value": "Cấp không có"},
        {"field": "report_number", "value": "85/BC-UBND"},
        {"field": "signer_title", "value": "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"},
        {"field": "directions", "value": "Tiếp tục niêm yết, công khai TTHC."},
        *({"field": "recipients", "value": f"Nơi nhận {n}"} for n in range(1, 11)),
    ]
    return {
        "supplement.csv": rows_of(frames.Supplement, supplement),
        "criterion_scores.csv": rows_of(frames.CriterionScores, scores),
        "officer_scores.csv": rows_of(frames.OfficerScores, [officer]),
        "documents.csv": rows_of(frames.Documents, documents),
        "report_fields.csv": rows_of(frames.ReportFields, fields),
    }


@pytest.fixture
def answers(published: dict[str, bytes], city: UnitIndex) -> QuarterAnswers:
    return read_answers(published, BEFORE, city, RULES)


@pytest.fixture
def carried(answers: QuarterAnswers) -> CarriedOver:
    return carried_over([answers])


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


def test_only_what_rarely_changes_is_carried_over(answers: QuarterAnswers) -> None:
    (unit,) = answers.entries["BS-01"]
    assert unit == {
        "unit": "Phường Him Lam", "procedures_total": 157, "procedures_level3": 5,
        "disclosure": "Cả hai hình thức niêm yết và điện tử",
    }  # fmt: skip
    assert answers.entries["BS-03"] == [{"officer": "Công chức 1", "unit": "Cấp thành phố", "position": "Một cửa"}]
    assert [d["number"] for d in answers.entries["BS-04"]] == ["1187/QĐ-UBND"]
    assert answers.entries["BS-04"][0]["issued_on"] == dt.date(2019, 11, 13)
    fields = [(f["field"], f["value"]) for f in answers.entries["BS-05"]]
    assert fields[:4] == [
        ("Cơ quan ban hành", "UBND thành phố"),
        ("Tên nhóm đơn vị trong bảng kết quả – Cấp xã, phường", "=UBND các xã"),
        ("Chức vụ người ký", "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"),
        ("Phương hướng nhiệm vụ kỳ sau (mục 3)", "Tiếp tục niêm yết, công khai TTHC."),
    ]
    assert len(fields) == 14 and answers.lacking == () and answers.gone == ("phuong-cu",)


def test_a_direct_assessment_comes_with_its_reason_and_source(answers: QuarterAnswers) -> None:
    desk, online = answers.entries["BS-02"]  # not that of an option that the rulebook does not have
    labels = {c.id: c.label for c in RULES.criteria}
    assert desk == {
        "unit": "Phường Him Lam", "rulebook": "qd-1187-2019", "criterion": labels["desk"], "option": "2",
        "reason": "Đã kiểm tra tại chỗ", "source": "Biên bản 3/BB-VP",
    }  # fmt: skip
    assert online["reason"] == "Theo sổ theo dõi" and "source" not in online


def test_no_assessment_is_taken_under_another_rulebook(published: dict[str, bytes], city: UnitIndex) -> None:
    assert "BS-02" not in read_answers(published, BEFORE, city, None).entries


def test_what_the_office_file_gives_needs_no_confirmation(published: dict[str, bytes], city: UnitIndex) -> None:
    carried = read_answers(published, BEFORE, city, stated={"recipients", "basis"})
    assert {f["field"] for f in carried.entries["BS-05"]}.isdisjoint({"Nơi nhận"})
    assert "BS-04" not in carried.entries
    fields = [
        {"field": "place", "value": "Ở quý trước", "source_file": "office.toml"},
        {"field": "area_name", "value": "thành phố", "source_file": "bo-sung.xlsx"},
    ]
    files = {**published, "report_fields.csv": rows_of(frames.ReportFields, fields)}
    kept = read_answers(files, BEFORE, city).entries["BS-05"]
    assert [f["value"] for f in kept] == ["thành phố"]


def test_a_table_that_is_not_there_or_of_another_version_is_named(published: dict[str, bytes], city: UnitIndex) -> None:
    files = {**published, "documents.csv": b"so,ngay\r\n1,2\r\n"}
    del files["report_fields.csv"]
    answers = read_answers(files, BEFORE, city, RULES)
    assert answers.lacking == ("documents.csv", "report_fields.csv")
    assert set(answers.entries) == {"BS-01", "BS-02", "BS-03"}


def test_each_sheet_is_of_the_newest_quarter_that_has_answers_for_it(
    published: dict[str, bytes], answers: QuarterAnswers, city: UnitIndex
) -> None:
    fields = [{"field": "issuing_body", "value": "UBND phường"}, {"field": "signer", "value": "Công chức 2"}]
    of_newest = {"report_fields.csv": rows_of(frames.ReportFields, fields)}
    signer_only = {"report_fields.csv": rows_of(frames.ReportFields, fields[1:])}
    for files, period in ((of_newest, BEFORE), (signer_only, EARLIER)):
        older = QuarterAnswers(EARLIER, answers.entries)
        both = carried_over([read_answers(files, BEFORE, city, RULES), older])
        assert {code: p for code, (p, _) in both.sheets.items()} == {
            "BS-01": EARLIER, "BS-02": EARLIER, "BS-03": EARLIER, "BS-04": EARLIER, "BS-05": period,
        }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "quarter"),
    [
        ("về việc báo cáo kết quả quý I năm 2022", "quý I năm 2022"),
        ("công tác kiểm soát TTHC Quý 3/2022", "Quý 3/2022"),
        ("số liệu của quý IV", "quý IV"),
        ("theo 2022-Q1", "2022-Q1"),
        ("UBND Q1", ""),
        ("báo cáo hằng quý", ""),
        ("quý vị", ""),
        ("quyết định 1187 năm 2019", ""),
    ],
)
def test_a_text_may_name_a_quarter(text: str, quarter: str) -> None:
    assert named_quarter(text) == quarter


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


def test_a_form_nobody_touched_says_how_much_waits_in_it(book: Workbook, read_forms: Any) -> None:
    frames = read_forms({BS: book})
    assert [c for c, *_ in found(frames)] == ["form_carried_untouched"] and frames.filled == frozenset()
    facts = frames.findings[0].facts
    assert facts["period"] == "2021-Q4" and facts["count"] == len(list(book["Điền sẵn"]["A"])) - len("12345")
    assert frames.assessments.empty
    assert frames.supplement.empty and frames.officers.empty and frames.documents.empty and frames.report_fields.empty


def test_until_confirmed_unchanged_answers_are_not_used(book: Workbook, read_forms: Any) -> None:
    row = row_of(book, "Số liệu bổ sung", "Phường Him Lam")
    book["Số liệu bổ sung"].cell(row, 13).value = 150
    frames = read_forms({BS: book})
    assert frames.supplement["item"].tolist() == ["procedures_at_desk"]
    assert sorted(found(frames)) == sorted(("form_carried_unused", s, c) for s, c in SHEETS.items())
    counts = {f.sheet: f.facts["count"] for f in frames.findings}
    assert counts == {
        "Số liệu bổ sung": 3, "Đánh giá trực tiếp": 11, "Công chức": 3, "Văn bản": 4, "Thông tin báo cáo": 14,
    }  # fmt: skip


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
    assert frames.documents["issued_on"].tolist() == ["2019-11-13"] and len(frames.report_fields) == 14
    assert frames.assessments[["criterion", "option", "reason"]].to_numpy().tolist() == [
        ["desk", "2", "Đã kiểm tra tại chỗ (nguồn: Biên bản 3/BB-VP)"], ["online", "1", "Theo sổ theo dõi"],
    ]  # fmt: skip
    titles = frames.report_fields.set_index("field")["value"]
    assert titles["signer_title"] == "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"
    assert {f.code for f in frames.findings} == {"form_carried_used", "form_part_blank"}
    assert sum(f.code == "form_carried_used" for f in frames.findings) == 5


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
    assert [c for c, *_ in found(read_forms({BS: book}))] == ["form_carried_untouched"]


@pytest.mark.parametrize("answer", ["vâng", "xong", "đã"])
def test_another_answer_confirms_nothing(book: Workbook, read_forms: Any, answer: str) -> None:
    book["Số liệu bổ sung"]["C3"] = answer
    frames = read_forms({BS: book})
    assert frames.supplement.empty
    assert [c for c, *_ in found(frames)] == ["form_cell_unread", "form_carried_untouched"]


def test_without_its_list_the_form_is_refused(book: Workbook, read_forms: Any) -> None:
    del book["Điền sẵn"]
    confirm(book, "Số liệu bổ sung")
    frames = read_forms({BS: book})
    assert found(frames) == [("form_carried_lost", "Số liệu bổ sung", "C3")]
    assert frames.supplement.empty and frames.filled == frozenset()


# --- texts that name a quarter ---------------------------------------------------------------------------


@pytest.fixture
def dated(published: dict[str, bytes], city: UnitIndex) -> Workbook:
    """A form filled in with a directive and a task that name a quarter."""
    documents = [
        {"role": "basis", "title": "Quyết định", "number": "1187/QĐ-UBND"},
        {"role": "directive", "title": "Công văn", "number": "265/VPUB", "subject": "về báo cáo quý IV năm 2021"},
    ]
    fields = [
        {"field": "directions", "value": "Khắc phục tồn tại trong quý I năm 2022."},
        {"field": "directions", "value": "Tiếp tục niêm yết TTHC."},
    ]
    files = {
        **published,
        "documents.csv": rows_of(frames.Documents, documents),
        "report_fields.csv": rows_of(frames.ReportFields, fields),
    }
    carried = carried_over([read_answers(files, BEFORE, city, RULES)])
    form = next(f for f in form_catalogue().forms if f.file == BS)
    made = form_workbook(form, Period(2022, 1), city, installed(), carried_rows(carried))
    fill_carried(made, form, carried)
    confirm(made, "Văn bản", "Thông tin báo cáo")
    return made


def test_an_unchanged_text_that_names_a_quarter_is_not_used_though_confirmed(dated: Workbook, read_forms: Any) -> None:
    assert "“quý IV năm 2021”: xin sửa" in dated["Văn bản"]["F7"].comment.text
    frames = read_forms({BS: dated})
    assert frames.documents["number"].tolist() == ["1187/QĐ-UBND"]
    assert frames.report_fields["value"].tolist() == ["Tiếp tục niêm yết TTHC."]
    stale = [(f.sheet, f.cell, f.facts["quarter"]) for f in frames.findings if f.code == "form_carried_stale"]
    row = row_of(dated, "Thông tin báo cáo", "Phương hướng nhiệm vụ kỳ sau (mục 3)")
    assert stale == [("Văn bản", "F7", "quý IV năm 2021"), ("Thông tin báo cáo", f"B{row}", "quý I năm 2022")]
    used = {f.sheet: f.facts["count"] for f in frames.findings if f.code == "form_carried_used"}
    assert used == {"Văn bản": 3, "Thông tin báo cáo": 1}


@pytest.mark.parametrize(("cell", "text"), [("F7", "về báo cáo quý I năm 2022"), ("H7", "vẫn còn hiệu lực")])
def test_a_row_of_a_list_that_was_changed_or_remarked_on_is_used(
    dated: Workbook, read_forms: Any, cell: str, text: str
) -> None:
    dated["Văn bản"][cell] = text
    frames = read_forms({BS: dated})
    assert frames.documents["number"].tolist() == ["1187/QĐ-UBND", "265/VPUB"]
    assert [f.sheet for f in frames.findings if f.code == "form_carried_stale"] == ["Thông tin báo cáo"]
