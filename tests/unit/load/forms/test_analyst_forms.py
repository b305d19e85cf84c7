"""The blank forms as an analyst meets them, and files with the same bytes for the same content."""

import io

import openpyxl
import pytest
from openpyxl import Workbook

from pipeline.extract.containers.excel import read_workbook
from pipeline.forms.catalogue import form_catalogue, header_key
from pipeline.load.excel.xlsx_bytes import deterministic_xlsx, write_text
from pipeline.load.forms.analyst_forms import blank_forms
from pipeline.load.forms.fill_form import fill_form
from pipeline.load.forms.form_sheet import HEADER_ROW
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.rulebooks import installed


@pytest.fixture(scope="module")
def blanks(city: UnitIndex) -> dict[str, bytes]:
    return blank_forms(Period(2022, 1), city, installed())


def test_the_same_input_gives_the_same_bytes(blanks, city):
    assert list(blanks) == [
        "bo-sung.xlsx", "dieu-chinh.xlsx", "tu-cham.xlsx", "giai-trinh.xlsx", "tham-dinh.xlsx", "phan-loai.xlsx"
    ]  # fmt: skip
    assert blank_forms(Period(2022, 1), city, installed()) == blanks


def test_units_stand_in_registry_order_under_their_level(blanks, city):
    sheet = openpyxl.load_workbook(io.BytesIO(blanks["bo-sung.xlsx"]))["Số liệu bổ sung"]
    names = [sheet.cell(r, 2).value for r in range(HEADER_ROW + 1, sheet.max_row + 1)]
    order = [city.names[u] for u in city.current["unit_id"]]
    assert names == order and len(names) == 24


def test_headers_are_locked_and_inputs_are_not(blanks):
    book = openpyxl.load_workbook(io.BytesIO(blanks["bo-sung.xlsx"]))
    sheet = book["Số liệu bổ sung"]
    assert sheet.protection.sheet and sheet.protection.password is None and not sheet.protection.insertRows
    assert sheet.cell(HEADER_ROW, 3).protection.locked and not sheet.cell(HEADER_ROW + 1, 3).protection.locked
    assert sheet.freeze_panes == "C6"
    assert all(c.comment and c.comment.text for c in sheet[HEADER_ROW])
    kinds = {v.type for v in sheet.data_validations.dataValidation}
    assert kinds == {"whole", "list"}
    assert all(s.page_setup.orientation == "landscape" for s in book.worksheets)


def test_every_drop_down_points_at_words_that_are_there(blanks):
    for content in blanks.values():
        book = openpyxl.load_workbook(io.BytesIO(content))
        for sheet in book.worksheets:
            for check in sheet.data_validations.dataValidation:
                if check.type == "list" and "!" in check.formula1:
                    name, cells = check.formula1.replace("$", "").split("!")
                    words = [c.value for row in book[name.strip("'")][cells] for c in row]
                    assert words and all(words), (sheet.title, check.formula1)


def test_headers_are_unique_and_every_form_has_instructions():
    for form in form_catalogue().forms:
        assert any(s.lines for s in form.sheets)
        for sheet in form.sheets:
            keys = [header_key(h) for c in sheet.columns for h in (c.header, *c.aliases)]
            assert len(keys) == len(set(keys)), sheet.code


def test_filling_an_unknown_unit_or_column_is_refused(books):
    with pytest.raises(KeyError):
        fill_form(books["bo-sung.xlsx"], "BS-01", [{"unit": "Phòng Lạ", "contacted_never": 1}])
    with pytest.raises(KeyError):
        fill_form(books["bo-sung.xlsx"], "BS-03", [{"officer": "Công chức 1", "salary": 1}])


@pytest.mark.parametrize("text", ["=1+1", "#REF!", "+84", "@x", "01"])
def test_text_stays_text(text):
    book = Workbook()
    write_text(book.worksheets[0]["A1"], text)
    (grid,) = read_workbook("x.xlsx", deterministic_xlsx(book))
    assert grid.value(0, 0) == text and not grid.misread


def test_control_characters_do_not_reach_a_cell():
    book = Workbook()
    write_text(book.worksheets[0]["A1"], "a\x07b\nc")
    assert book.worksheets[0]["A1"].value == "a b\nc"


def test_every_bare_code_of_an_option_is_explained_beside_the_list(blanks):
    sheet = openpyxl.load_workbook(io.BytesIO(blanks["bo-sung.xlsx"]))["Danh mục"]
    columns = {c.value: [x.value for x in sheet[c.column_letter][3:] if x.value] for c in sheet[3] if c.value}
    said = columns["Nghĩa của mã mức điểm"]
    assert [text.split(":")[0] for text in said] == columns["Mức điểm"]
    assert "2-huyen: 2 điểm, chỉ cấp huyện" in said and "2: 2 điểm" in said
