"""The papers of a province with sở and xã: the table of units by groups, nothing of districts, forms or officers."""

import io
import re
from functools import cache

import openpyxl
import pytest
from two_levels import PERIOD, REGISTRY, counts, forms, score, scored

from pipeline import quarter
from pipeline.load.forms.analyst_forms import form_workbooks
from pipeline.load.forms.fill_form import fill_form
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry
from pipeline.result import Stamp
from pipeline.rulebook_file import rulebook_of
from pipeline.rulebooks import RulebookChoice

THREE_LEVELS = re.compile(r"huyện|thị xã|thành phố|Biểu mẫu số 0[13]", re.IGNORECASE)


@cache
def files() -> dict[str, bytes]:
    return quarter.render(scored(), Stamp("r1"), quarter.csv_tables(scored()))


def report() -> str:
    return files()["bao-cao.md"].decode()


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def row(name: str) -> list[str]:
    return cells(next(x for x in report().splitlines() if (f"| {name} |" in x and "chưa" in x) or f"| {name} | " in x))


def test_the_table_has_the_columns_that_provinces_publish():
    head = next(x for x in report().splitlines() if x.startswith("| Hạng |"))
    assert cells(head) == [
        "Hạng", "Tên đơn vị", "Cấp", "Mã", "Công khai (18đ)", "Tiến độ (20đ)", "DVC TT (12đ)", "Số hóa (22đ)",
        "Thanh toán (10đ)", "Hài lòng (18đ)", "TỔNG ĐIỂM (100đ)", "Xếp loại",
    ]  # fmt: skip


def test_a_unit_with_published_points_and_one_without():
    assert row("Sở A") == [
        "1", "Sở A", "Sở, ban, ngành", "", "18", "19,03", "10", "15,37", "9,79", "18", "90,19", "Xuất sắc"
    ]  # fmt: skip
    assert row("Xã D") == [
        "–", "Xã D", "Xã", "", "–", "18,52\\*", "–", "–", "–", "18\\*", "36,52/38",
        "chưa xếp loại: thiếu nhóm Công khai, DVC TT, Thanh toán, Số hóa",
    ]  # fmt: skip


def test_units_are_in_the_order_of_their_ranks_within_a_level():
    names = [cells(x)[1] for x in report().splitlines() if re.match(r"\| (\d|–) \| (Sở|Xã) ", x)]
    assert names == ["Sở A", "Sở B", "Sở C", "Xã A", "Xã C", "Xã B", "Xã D"]


def test_what_the_points_are_is_said():
    text = report()
    assert "Công thức suy ra từ số liệu công bố của Cổng DVCQG; điểm chính thức là điểm Cổng công bố." in text
    assert "\\* Điểm tính lại từ số liệu" in text and "số liệu từ 01/7/2026 đến 30/9/2026" in text
    assert "Nguồn thứ cấp" in text and "Bản mô tả mục 5.4 (đã đọc)" in text
    assert "Xếp loại 4 đơn vị: Xuất sắc 2, Khá 1, chưa xếp loại 1." in text
    assert "không chấm điểm công chức" in text


@pytest.mark.parametrize("name", ["bao-cao.md", "index.html", "findings.csv"])
def test_no_paper_speaks_of_districts_or_of_other_forms(name):
    assert THREE_LEVELS.search(files()[name].decode()) is None


def test_no_form_speaks_of_districts():
    texts = [str(c.value) for book in forms().values() for s in book for r in s.iter_rows() for c in r if c.value]
    texts += [c.comment.text for book in forms().values() for s in book for r in s.iter_rows() for c in r if c.comment]
    assert [t for t in texts if re.search(r"huyện|thị xã|thành phố", t, re.IGNORECASE)] == []


def test_the_workbook_has_the_same_table_with_numbers():
    book = openpyxl.load_workbook(io.BytesIO(files()["cham-diem.xlsx"]))
    assert not [name for name in book.sheetnames if name.startswith("Biểu 0")]
    rows = {r[1].value: r for r in book["Tổng hợp"].iter_rows() if r[1].value}
    assert [c.value for c in rows["Xã A"][:11]] == [1, "Xã A", "Xã", None, 18, 19.81, 8.1, 20.75, 8.55, 18, 93.21]
    assert (rows["Xã D"][5].value, rows["Xã D"][5].number_format) == (18.52, '[$-42A]0.00"*"')


def test_both_scores_are_published_as_tables():
    names = files()
    assert "group_scores.csv" in names and "portal_points.csv" in names


def test_a_quarter_without_published_points_has_papers_too():
    result = score({"so-lieu.xlsx": counts()})
    text = quarter.render(result, Stamp("r1"))["bao-cao.md"].decode()
    assert "thiếu nhóm Công khai, DVC TT, Thanh toán, Số hóa, Hài lòng" in text


NINE = """id = "thu"
title = "Bảng đánh giá thử"
short = "Bảng thử"
provinces = []
issued_on = 2026-01-01
valid_from = 2026-01-01
precedence = 20
period = "calendar"
levels = [{ id = "xa", name = "cấp xã" }, { id = "so", name = "sở, ban, ngành" }]
rounding = { criterion_places = 2, total_places = 2, print_places = 2 }

[unit_class]
basis = "total"
citation = "Bảng đánh giá"
bands = [{ label = "Tốt", at_least = 12 }, { label = "Đạt", at_least = 0, up_to = 12 }]
""" + "".join(
    f"""
[[criteria]]
id = "cs{n}"
number = "{n}"
label = "Chỉ số {n}"
kind = "imported"
import_code = "THAMDINH{n}"
max_points = 2
citation = "Bảng đánh giá, chỉ số {n}"
"""
    for n in range(1, 10)
)


def test_a_rulebook_of_appraised_points_alone_has_papers_and_no_class_where_points_are_missing():
    book, faults = rulebook_of(NINE.encode())
    assert book is not None, faults
    index = UnitIndex(read_registry(REGISTRY), PERIOD)
    form = form_workbooks(PERIOD, index, {book.id: book})["bo-sung.xlsx"]
    full = {f"THAMDINH{n}": 1.5 for n in range(1, 10)}
    fill_form(form, "BS-07", [{"unit": "Xã A", **full}, {"unit": "Xã B", "THAMDINH1": 2}])
    out = io.BytesIO()
    form.save(out)
    given = {"so-lieu.xlsx": counts(), "bo-sung.xlsx": out.getvalue()}
    checked = quarter.check(quarter.read_period(PERIOD, given, REGISTRY, books={book.id: book}))
    result = quarter.score(checked, RulebookChoice(book, book, False, ()))
    units = result.unit_scores.set_index("name")
    assert (units.loc["Xã A", "total"], units.loc["Xã A", "class_printed"], units.loc["Xã A", "rank"]) == (
        13.5,
        "Tốt",
        1,
    )
    assert (units.loc["Xã B", "total"], units.loc["Xã B", "class_printed"]) == (2, "")
    assert units["rank"].notna().sum() == 1
    text = quarter.render(result, Stamp("r1"))["bao-cao.md"].decode()
    assert "Lấy điểm công bố" in text and "| 13,50 |" in text
