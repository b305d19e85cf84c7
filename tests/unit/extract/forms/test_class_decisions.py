"""Classes that the office decided, read back from phan-loai.xlsx."""

from pipeline.finding_catalogue import findings_frame
from pipeline.load.forms.fill_form import fill_form

PL = "phan-loai.xlsx"
ROW = {"unit": "Xã Pá Khoang", "class_name": "Khá", "reason": "ít hồ sơ", "decided_by": "Chủ tịch UBND"}


def test_a_row_is_a_decision_with_its_cell(books, read_forms):
    fill_form(books[PL], "PL-01", [{**ROW, "document": "12/TB-UBND"}])
    frames = read_forms({PL: books[PL]})
    assert frames.class_decisions.to_dict("records") == [
        {
            "unit_id": "pa-khoang", "class_name": "Khá", "reason": "ít hồ sơ", "decided_by": "Chủ tịch UBND",
            "document": "12/TB-UBND", "source_file": PL, "source_sheet": "Phân loại", "source_cell": "B6",
        }
    ]  # fmt: skip
    assert frames.findings == ()


def test_a_decision_without_reason_or_person_is_refused_by_cell(books, read_forms):
    fill_form(books[PL], "PL-01", [{**ROW, "reason": ""}, {**ROW, "decided_by": ""}])
    frames = read_forms({PL: books[PL]})
    assert frames.class_decisions.empty
    found = findings_frame(frames.findings)
    assert found[["code", "cell", "severity"]].values.tolist() == [
        ["form_row_skipped", "C6", "error"],
        ["form_row_skipped", "D7", "error"],
    ]


def test_a_level_and_a_name_of_no_unit_are_refused(books, read_forms):
    fill_form(books[PL], "PL-01", [{**ROW, "unit": "Phòng Lạ"}, {**ROW, "unit": "Cấp thành phố"}])
    frames = read_forms({PL: books[PL]})
    assert frames.class_decisions.empty
    assert sorted(findings_frame(frames.findings)["cell"]) == ["A6", "A7"]
