"""Marked copies of the analyst's forms and of units' workbooks: the entries as they are, slips coloured."""

import io
from collections.abc import Callable

import openpyxl
import phieu
import pytest
from openpyxl import Workbook
from repository import ROOT
from workbooks import saved

from pipeline import quarter
from pipeline.extract.containers.excel import read_workbook
from pipeline.extract.forms.form_table import recognise_form
from pipeline.forms.catalogue import form_catalogue
from pipeline.forms.unit_sheet_lines import input_columns
from pipeline.load.review.marked_copies import MarkedCopies
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.result import Checked
from pipeline.review import marked_copies

pytestmark = pytest.mark.slow  # a whole quarter for each test

PERIOD = Period(2022, 1)
RED = "FFFF8F80"
Mark = Callable[[dict[str, bytes]], tuple[Checked, MarkedCopies]]


@pytest.fixture
def mark(city: UnitIndex) -> Mark:
    registry = (ROOT / "data/reference/units.csv").read_bytes()

    def run(files: dict[str, bytes]) -> tuple[Checked, MarkedCopies]:
        checked = quarter.check(quarter.read_period(PERIOD, files, registry))
        return checked, marked_copies(files, [s.path for s in checked.sources], checked.findings, city)

    return run


def opened(copies: MarkedCopies, file: str) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(copies.files[copies.names[file]]))


def red(book: Workbook) -> set[tuple[str, str]]:
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.comment]
    return {(c.parent.title, c.coordinate) for c in cells if c.fill.start_color.rgb == RED}


@pytest.mark.parametrize("file", [f.file for f in form_catalogue().forms])
def test_every_form_of_another_period_is_marked_at_its_title(books: dict[str, Workbook], mark: Mark, file: str) -> None:
    data = saved(books[file])
    grid, tag = next(
        (g, t) for g in read_workbook(file, data) if (t := recognise_form(g)) is not None and t.sheet.target != "info"
    )
    book = openpyxl.load_workbook(io.BytesIO(data))
    title = book[grid.sheet].cell(tag.row + 1, tag.column + 1)
    title.value = str(title.value).replace("2022-Q1", "2021-Q4")
    _, copies = mark({file: saved(book)})
    copy = opened(copies, file)
    assert red(copy) == {(grid.sheet, title.coordinate)}
    assert "2021-Q4" in copy[grid.sheet][title.coordinate].value
    assert "2022-Q1" in copy[grid.sheet][title.coordinate].comment.text


def test_a_slip_in_the_supplement_is_marked_among_the_entries(books: dict[str, Workbook], mark: Mark) -> None:
    book = books["bo-sung.xlsx"]
    grid = next(g for g in read_workbook("bo-sung.xlsx", saved(book)) if g.sheet == "Số liệu bổ sung")
    head = next(r for r in range(grid.height) if any(t == "Đơn vị" for _, t in grid.row_texts(r)))
    sheet = book["Số liệu bổ sung"]
    sheet.cell(head + 2, 3).value, sheet.cell(head + 2, 4).value = "nhiều", 7
    sheet.cell(head + 1, 40).value, sheet.cell(head + 2, 40).value = "Người cung cấp", "BI-MAT 0912345678"
    _, copies = mark({"bo-sung.xlsx": saved(book)})
    copy = opened(copies, "bo-sung.xlsx")
    shown = copy["Số liệu bổ sung"]
    at = shown.cell(head + 2, 3)
    assert ("Số liệu bổ sung", at.coordinate) in red(copy)
    assert (at.value, shown.cell(head + 2, 4).value) == ("nhiều", 7)
    assert "nhiều" in at.comment.text
    # a column the form does not have is named by its heading, and empty
    assert shown.cell(head + 1, 40).value == "Người cung cấp" and shown.cell(head + 2, 40).value is None
    # sheets that only explain are not copied
    assert "Hướng dẫn" not in copy.sheetnames


def test_a_unit_s_workbook_is_marked_and_its_signature_left_out(city: UnitIndex, mark: Mark) -> None:
    unit = city.units()[0]
    book = phieu.sent_out(unit, city, PERIOD)
    label = next(c.header for c in input_columns() if c.kind == "count" and phieu.rows_of(book, c.header))
    cell = phieu.put(book, label, "mười")
    book[phieu.SHEET].cell(book[phieu.SHEET].max_row + 3, phieu.LABEL).value = "BI-MAT người ký"
    _, copies = mark({"phieu/don-vi.xlsx": saved(book)})
    assert copies.names == {"phieu/don-vi.xlsx": "phieu - don-vi.danh-dau.xlsx"}
    copy = opened(copies, "phieu/don-vi.xlsx")
    assert (phieu.SHEET, cell) in red(copy)
    assert copy[phieu.SHEET][cell].value == "mười"
    texts = [str(c) for sheet in copy for row in sheet.iter_rows(values_only=True) for c in row if c]
    assert not [t for t in texts if "BI-MAT" in t]
