"""A unit's own workbook: written, filled in, read back, beside the analyst's forms and beside another copy."""

import itertools
from collections.abc import Callable

import pandas as pd
import pytest
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet
from phieu import LABEL, SCORE, SHEET, VALUE, put, rows_of, sent_out

from pipeline.finding_catalogue import catalogue, findings_frame
from pipeline.forms.rulebook_sheets import sheet_of
from pipeline.forms.unit_sheet_lines import form_sheet, input_columns, unit_file_name, unit_of_file
from pipeline.load.forms.fill_form import fill_form
from pipeline.load.forms.unit_workbooks import unit_forms
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.rulebooks import installed
from pipeline.validate.returned_counts import shown_differences
from schemas.frames import Figures
from schemas.measures import DISCLOSURE_NAMES

PERIOD, UNIT = Period(2022, 1), "tu-phap"
BS, A, B = "bo-sung.xlsx", "phieu/a.xlsx", "phieu/b.xlsx"
COUNTS = {
    "received_total": 30, "received_online": 10, "received_direct": 18, "carried_over": 2, "resolved_total": 29,
    "resolved_early": 25, "resolved_on_time": 1, "resolved_late": 3, "pending_total": 1, "pending_in_time": 1,
    "pending_overdue": 0,
}  # fmt: skip


@pytest.fixture
def phieu(city: UnitIndex) -> Callable[..., Workbook]:
    """Makes the workbook of a unit as it is sent out."""
    return lambda unit=UNIT, counts=COUNTS: sent_out(unit, city, PERIOD, counts)


def codes(frames):
    return sorted(f.code for f in frames.findings)


def figures(frames):
    rows = frames.supplement
    return {(r.unit_id, r.item, r.part): r.value for r in rows.itertuples() if not r.option}


# --- as it is written ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rulebook", [["qd-1187-2019"], ["tt-01-2018"], []], ids=["qd", "tt", "none"])
@pytest.mark.parametrize("unit", [UNIT, "him-lam"])
def test_every_figure_of_the_supplement_has_one_white_cell_and_all_else_is_locked(city, rulebook, unit):
    books = {k: v for k, v in installed().items() if k in rulebook}
    sheet: Worksheet = sent_out(unit, city, PERIOD, COUNTS, books)[SHEET]
    open_cells = [c for row in sheet.iter_rows() for c in row if isinstance(c, Cell) and not c.protection.locked]
    lines = [sheet.cell(c.row, LABEL).value for c in open_cells if c.column == VALUE]
    asked = {c.key for c in sheet_of(form_sheet("BS-01"), books.values()).columns}
    headers = [c.header for c in input_columns() if c.key in asked]
    assert sorted(lines) == sorted([*headers, "Nguồn số liệu"])
    scored = [sheet.cell(c.row, LABEL).value for c in open_cells if c.column == SCORE]
    labels = [c.label for b in books.values() for c in b.criteria]
    assert scored == ([*labels, "Tổng điểm tự chấm"] if books else [])
    assert sheet.protection.sheet and all(c.comment for c in open_cells if c.column == VALUE)
    assert sheet.page_setup.paperSize == "9" or sheet.page_setup.paperSize == 9
    assert any("THỦ TRƯỞNG" in str(c.value) for row in sheet.iter_rows() for c in row)


def test_the_counts_stand_in_locked_cells_and_where_there_are_none_the_sheet_says_so(phieu):
    book = phieu()
    (total,) = rows_of(book, "Tiếp nhận: tổng số")
    cell = book[SHEET].cell(total, VALUE)
    assert cell.value == 30 and cell.protection.locked
    late = [book[SHEET].cell(r, VALUE).value for r in rows_of(book, "Trễ hạn so với thời gian quy định")]
    assert late == [3, 3]
    blank = phieu(counts=None)
    assert blank[SHEET].cell(rows_of(blank, "Tiếp nhận: tổng số")[0], VALUE).value is None
    texts = [str(c.value) for row in blank[SHEET].iter_rows(max_row=8) for c in row]
    assert any("Chưa có số liệu của cổng" in t for t in texts)


def test_names_every_system_can_hold_and_the_same_bytes_for_the_same_input(city):
    first = dict(unit_forms(PERIOD, city, installed(), {UNIT: COUNTS}))
    assert list(first) == [unit_file_name(u, city.names[u]) for u in city.units()]
    assert all(n.isascii() and n == n.lower() and unit_of_file(n) in city.units() for n in first)
    some = list(first)[1:]
    again = dict(unit_forms(PERIOD, city, installed(), {UNIT: COUNTS}, {}, some))
    assert again == {n: d for n, d in first.items() if n not in some}


# --- as it comes back ----------------------------------------------------------------------------------------------


def test_what_a_unit_enters_is_read_as_if_typed_into_the_analyst_s_forms(phieu, read_forms):
    book = phieu()
    never = put(book, "Không phải liên hệ lần nào", 28)
    put(book, "Công khai TTHC", DISCLOSURE_NAMES["one"])
    put(book, "Mức độ 3", 2), put(book, "Mức độ 4", "3")
    # one word, two figures: of the eligible dossiers here, of all dossiers in the locked part
    carried = put(book, "Kỳ trước chuyển qua", 1, band="Hồ sơ của các TTHC có dịch vụ công trực tuyến")
    put(book, "Nguồn số liệu", "sổ theo dõi")
    criterion = installed()["qd-1187-2019"].criteria[5]
    desk = put(book, criterion.label, 1.5, SCORE)
    put(book, "Tổng điểm tự chấm", 16, SCORE)
    officers, reasons = book["Công chức"], book["Giải trình"]
    officers["B6"], officers["C6"], officers["D6"] = "Công chức 1", "Một cửa", "9,5"
    assert (reasons["A6"].value, reasons["B6"].value) == ("Đã giải quyết quá hạn", 3)
    reasons["C6"], reasons["D6"] = "chờ phối hợp", 3
    frames = read_forms({A: book})
    assert codes(frames) == []
    assert figures(frames) == {
        (UNIT, "contacted_never", ""): 28,
        (UNIT, "procedures_online", "Mức độ 3"): 2,
        (UNIT, "procedures_online", "Mức độ 4"): 3,
        (UNIT, "eligible_carried_over", ""): 1,
    }
    cells = frames.supplement.set_index("item")["source_cell"]
    assert cells["contacted_never"] == never and cells["eligible_carried_over"] == carried
    assert set(frames.supplement["source_file"]) == {A} and set(frames.supplement["note"]) == {"sổ theo dõi"}
    assert frames.supplement.loc[frames.supplement["item"] == "disclosure", "option"].tolist() == ["one"]
    printed = frames.printed[["item", "value", "rulebook", "source_cell"]].to_numpy().tolist()
    assert printed[0] == ["desk", 1.5, "qd-1187-2019", desk] and printed[1][:2] == ["total", 16.0]
    assert frames.officers[["officer", "unit_id", "score"]].to_numpy().tolist() == [["Công chức 1", UNIT, 9.5]]
    explained = frames.explanations[["unit_id", "measure", "reason", "count"]].to_numpy().tolist()
    assert explained == [[UNIT, "resolved_late", "coordination", 3]]
    assert frames.returns[["unit_id", "blank"]].to_numpy().tolist() == [[UNIT, False]]
    assert frames.shown_counts.set_index("measure")["value"].to_dict() == COUNTS


def test_a_unit_cannot_accept_its_own_explanation(phieu, read_forms):
    book = phieu()
    sheet = book["Giải trình"]
    sheet["C6"], sheet["D6"] = "chờ phối hợp", 3
    for column, (head, value) in enumerate(
        [("Ý kiến thẩm định", "chấp nhận"), ("Số văn bản chấp nhận", "1/CV"), ("Đề nghị tính lại là", "đúng hạn")], 8
    ):
        sheet.cell(5, column).value, sheet.cell(6, column).value = head, value
    frames = read_forms({A: book})
    assert frames.explanations[["opinion", "recount", "document"]].to_numpy().tolist() == [["", "", ""]]
    assert set(codes(frames)) == {"column_ignored"}


def test_a_blank_return_is_no_input(phieu, read_forms):
    frames = read_forms({A: phieu()})
    assert codes(frames) == ["return_blank"] and frames.returns["blank"].tolist() == [True]
    assert not frames.filled
    assert all(getattr(frames, n).empty for n in ("supplement", "printed", "officers", "explanations", "shown_counts"))


@pytest.mark.parametrize("label", ["Tổng số TTHC", "Nguồn số liệu"])
def test_one_white_cell_makes_it_a_return(phieu, read_forms, label):
    book = phieu()
    put(book, label, 7)
    frames = read_forms({A: book})
    assert codes(frames) == [] and frames.returns["blank"].tolist() == [False]


def test_the_same_figure_in_bo_sung_is_fine_and_another_is_a_conflict_whatever_the_order(books, phieu, read_forms):
    fill_form(books[BS], "BS-01", [{"unit": "Phòng Tư pháp", "contacted_never": 28, "contacted_once": 1}])
    book = phieu()
    put(book, "Không phải liên hệ lần nào", 28)
    once = put(book, "Chỉ liên hệ một lần", 2)
    seen = []
    for order in itertools.permutations([(BS, books[BS]), (A, book)]):
        frames = read_forms(dict(order))
        (conflict,) = frames.findings
        assert (conflict.code, conflict.unit_id, conflict.file, conflict.cell) == ("form_conflict", UNIT, A, once)
        assert "bo-sung.xlsx!Số liệu bổ sung!D7 ghi 1" in conflict.found and f"{once} ghi 2" in conflict.found
        # neither of the two is used, and the one both agree on is the analyst's
        assert figures(frames) == {(UNIT, "contacted_never", ""): 28}
        seen.append((frames.supplement["source_file"].tolist(), findings_frame(frames.findings).to_csv()))
    assert seen[0] == seen[1] and seen[0][0] == [BS]
    assert catalogue()["form_conflict"].sets_aside == "unit"


def test_two_returns_of_a_unit_say_the_same_or_are_a_conflict(phieu, read_forms):
    first, second = phieu(), phieu()
    for book, never in ((first, 28), (second, 27)):
        put(book, "Không phải liên hệ lần nào", never)
        put(book, "Chỉ liên hệ một lần", 1)
        book["Công chức"]["B6"] = "Công chức 1"
        book["Công chức"]["D6"] = 9
    put(second, "Liên hệ hơn một lần", 1)  # entered in the later one only
    frames = read_forms({A: first, B: second})
    (conflict,) = frames.findings
    assert (conflict.code, conflict.unit_id) == ("form_copies_differ", UNIT)
    assert A in conflict.found and B in conflict.found and "Phòng Tư pháp" in str(conflict.facts["what"])
    assert figures(frames) == {(UNIT, "contacted_once", ""): 1, (UNIT, "contacted_more", ""): 1}
    assert len(frames.officers) == 1
    copies = read_forms({A: first, B: first})
    assert codes(copies) == ["form_copies_agree"] and len(copies.supplement) == 2 and len(copies.officers) == 1


def test_an_officer_with_two_scores_has_none_of_them(phieu, books, read_forms):
    fill_form(
        books[BS], "BS-03", [{"officer": "Công chức 1", "unit": "Phòng Tư pháp", "score": 8}, {"officer": "Công chức 2", "unit": "Phòng Tư pháp"}]
    )  # fmt: skip
    book = phieu()
    book["Công chức"]["B6"], book["Công chức"]["D6"] = "công chức 1", 9
    frames = read_forms({BS: books[BS], A: book})
    assert codes(frames) == ["return_list_conflict"]
    assert frames.officers["officer"].tolist() == ["Công chức 2"]


def test_explanations_of_the_office_stand_for_the_same_ones_of_the_unit(phieu, books, read_forms):
    entry = {"unit": "Phòng Tư pháp", "reason": "chờ phối hợp", "count": 3, "opinion": "chấp nhận"}
    fill_form(books["giai-trinh.xlsx"], "GT-01", [entry])
    book = phieu()
    book["Giải trình"]["C6"], book["Giải trình"]["D6"] = "chờ phối hợp", 3
    both = {"giai-trinh.xlsx": books["giai-trinh.xlsx"], A: book}
    frames = read_forms(both)
    assert codes(frames) == [] and frames.explanations["opinion"].tolist() == ["accepted"]
    book["Giải trình"]["D6"] = 2
    contested = read_forms(both)
    assert codes(contested) == ["return_list_conflict"] and contested.explanations.empty


def test_self_scores_beside_printed_ones_are_compared_once_and_said_once(phieu, books, read_forms):
    fill_form(books["tu-cham.xlsx"], "TC-01", [{"unit": "Phòng Tư pháp", "1": 1.5, "2": 2, "3": 1}])
    book = phieu()
    for criterion, score in zip(installed()["qd-1187-2019"].criteria, (2, 2, 2), strict=False):
        put(book, criterion.label, score, SCORE)
    frames = read_forms({A: book, "tu-cham.xlsx": books["tu-cham.xlsx"]})
    assert codes(frames) == ["return_scores_differ"]
    assert set(frames.printed["source_file"]) == {"tu-cham.xlsx"}
    assert frames.printed["value"].tolist() == [1.5, 2.0, 1.0]
    assert frames.findings[0].found.count("tu-cham.xlsx!Điểm đã in!") == 2


def unit_cell(book):
    return next(c for row in book[SHEET].iter_rows(max_row=5) for c in row if str(c.value).startswith("Đơn vị:"))


@pytest.mark.parametrize(
    "named",
    ["Đơn vị: Phòng Lạ (mã: phong-la)", "Đơn vị: Phòng Kinh tế (mã: tu-phap)", "Đơn vị: Cấp thành phố (mã: huyen)", "", "Đơn vị: "],
)  # fmt: skip
def test_a_return_of_no_unit_or_of_two_is_refused_whole(phieu, read_forms, named):
    book = phieu()
    put(book, "Tổng số TTHC", 7)
    unit_cell(book).value = named or None
    frames = read_forms({A: book})
    assert codes(frames) == ["return_unit_unknown"]
    assert frames.supplement.empty and frames.returns.empty
    assert catalogue()["return_unit_unknown"].sets_aside == "file"


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("Đơn vị: Phòng Tư pháp cũ (mã: tu-phap)", ["return_unit_renamed"]),
        ("Đơn vị: phòng tư pháp", []),
        ("ĐƠN VỊ : Phòng Tư pháp  (mã: tu-phap)", []),
    ],
)
def test_a_unit_is_known_by_its_id_or_its_name(phieu, read_forms, named, said):
    book = phieu()
    put(book, "Tổng số TTHC", 7)
    unit_cell(book).value = named
    frames = read_forms({A: book})
    assert codes(frames) == said and set(frames.supplement["unit_id"]) == {UNIT}


def test_another_unit_s_file_name_and_another_period_are_said(phieu, read_forms):
    book = phieu()
    put(book, "Tổng số TTHC", 7)
    frames = read_forms({"phieu/gửi.zip › phieu_kinh-te_phong-kinh-te.xlsx": book})
    assert codes(frames) == ["return_file_name"] and len(frames.supplement) == 1
    late = read_forms({A: book}, Period(2022, 2))
    assert codes(late) == ["period_mismatch"] and late.supplement.empty and late.returns.empty


def test_a_figure_that_lost_its_line_sets_the_unit_aside(phieu, read_forms):
    book = phieu()
    put(book, "Hồ sơ quá hạn bị phản ánh", 3)
    (row,) = rows_of(book, "Hồ sơ quá hạn bị phản ánh")
    book[SHEET].cell(row, LABEL).value = "Phản ánh"
    frames = read_forms({A: book})
    assert codes(frames) == ["return_row_unknown"] and frames.supplement.empty
    assert catalogue()["return_row_unknown"].sets_aside == "unit"


def test_a_bad_cell_is_said_with_its_place(phieu, read_forms):
    book = phieu()
    where = put(book, "Tổng số TTHC", "nhiều")
    frames = read_forms({A: book})
    assert [(f.code, f.unit_id, f.file, f.cell) for f in frames.findings] == [("cell_not_a_count", UNIT, A, where)]


def test_rows_and_columns_put_in_between_change_nothing(phieu, read_forms):
    book = phieu()
    put(book, "Tổng số TTHC", 7)
    for merged in list(book[SHEET].merged_cells.ranges):
        book[SHEET].unmerge_cells(str(merged))
    book[SHEET].insert_rows(20, 3)
    book[SHEET].insert_cols(2)
    frames = read_forms({A: book})
    assert figures(frames) == {(UNIT, "procedures_total", ""): 7} and codes(frames) == []


def test_counts_of_the_workbook_are_compared_and_never_used(phieu, read_forms):
    book = phieu()
    put(book, "Tổng số TTHC", 7)
    frames = read_forms({A: book})

    def today(**changed):
        now = {**COUNTS, **changed}
        rows = [(UNIT, m, v, "entered", "x") for m, v in now.items() if v is not None]
        frame = pd.DataFrame(rows, columns=list(Figures.to_schema().columns))
        return frame.astype({c: "Int64" if c == "value" else "str" for c in frame.columns})

    assert shown_differences(frames.shown_counts, today(), {UNIT: "Phòng Tư pháp"}) == []
    (finding,) = shown_differences(
        frames.shown_counts, today(resolved_late=4, carried_over=None), {UNIT: "Phòng Tư pháp"}
    )
    assert finding.code == "return_counts_differ" and (finding.unit_id, finding.file) == (UNIT, A)
    assert finding.found == "kỳ trước chuyển qua 2, đã giải quyết quá hạn 3"
    assert finding.expected == "kỳ trước chuyển qua không có, đã giải quyết quá hạn 4"
    assert not set(frames.supplement["item"]) & set(COUNTS)
