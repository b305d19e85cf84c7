"""Marked copies: of every kind of file, at the cells of the original, the same each time, and nobody's personal data."""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from offices import II06A, OFFICE, export_bytes, full_row
from openpyxl.comments import Comment
from repository import ROOT
from workbooks import saved, zipped

from pipeline import quarter
from pipeline.load.review import marked_copies as copies_module
from pipeline.load.review.marked_copies import MarkedCopies
from pipeline.load.review.review_workbook import render_review
from pipeline.periods import Period
from pipeline.result import Scored
from pipeline.review import marked_copies
from pipeline.rulebooks import choose

pytestmark = pytest.mark.slow  # a whole quarter for each test

Mark = Callable[..., tuple[Scored, MarkedCopies]]

RED, YELLOW, BLUE = "FFFF8F80", "FFFFE699", "FFDDEBF7"
FAINT = "FFFBE9E1"
#: Phòng A resolves 99 dossiers in its total, 33 in its parts
WRONG = [
    [*full_row(1, "Phòng A", 10, 20, 3, 30, 2, 1)[:6], 99, *full_row(1, "Phòng A", 10, 20, 3, 30, 2, 1)[7:]],
    full_row(2, "Xã D", 5, 5, 0, 5, 5, 0),
]
FLAT = [[" – ".join(path) for path in II06A], *([str(v) for v in row] for row in WRONG)]


@pytest.fixture
def mark(period: Period, registry_csv: bytes) -> Mark:
    """Read, check and score files of the invented district; their marked copies."""

    def run(files: dict[str, bytes], more_units: str = "") -> tuple[Scored, MarkedCopies]:
        reading = quarter.read_period(period, files, registry_csv + more_units.encode())
        checked = quarter.check(reading)
        scored = quarter.score(checked, choose(period, office=OFFICE))
        sources = [s.path for s in checked.sources]
        return scored, marked_copies(files, sources, scored.findings, reading.index)

    return run


def opened(copies: MarkedCopies, name: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(copies.files[name]))


def broken_total(scored: Scored) -> tuple[str, str, str]:
    """Where the 99 stands: file, sheet, cell."""
    found = scored.findings
    row = found.loc[(found["code"] == "identity_broken") & found["found"].str.contains(r"\b99\b")].iloc[0]
    return str(row["file"]), str(row["sheet"]), str(row["cell"])


def colour(sheet: Any, address: str) -> str:
    fill = sheet[address].fill
    return str(fill.start_color.rgb) if fill.fill_type == "solid" else ""


def everything(data: bytes) -> str:
    """All text of a workbook: its parts as they are stored, names of parts included."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(n + "\n" + archive.read(n).decode("utf-8", "replace") for n in archive.namelist())


def html() -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{value}</td>" for value in row) + "</tr>" for row in FLAT)
    return f"<html><body><table>{rows}</table></body></html>".encode()


def text(delimiter: str, encoding: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(FLAT)
    return "".join(map(_vietnamese if encoding == "cp1258" else str, out.getvalue())).encode(encoding)


def _vietnamese(letter: str) -> str:
    """A letter as windows-1258 has it: with its tone as a letter of its own, where it must."""
    try:
        letter.encode("cp1258")
    except UnicodeEncodeError:
        pieces = unicodedata.normalize("NFD", letter)
        tone = "".join(p for p in pieces if p in "\u0300\u0301\u0303\u0309\u0323")
        return unicodedata.normalize("NFC", "".join(p for p in pieces if p not in tone)) + tone
    return letter


BIFF = (ROOT / "tests/support/bang-sai.xls").read_bytes()
KINDS = {
    "xlsx": ("so lieu.xlsx", export_bytes(WRONG), "so lieu"),
    "xlsm": ("so-lieu.xlsm", export_bytes(WRONG), "so-lieu"),
    "BIFF": ("so-lieu.xls", BIFF, "so-lieu"),
    "HTML as xls": ("so-lieu.xls", html(), "so-lieu"),
    "csv, UTF-8": ("so-lieu.csv", text(",", "utf-8-sig"), "so-lieu"),
    "csv, UTF-16 with tabs": ("so-lieu.csv", text("\t", "utf-16"), "so-lieu"),
    "csv, windows-1258": ("so-lieu.csv", text(";", "cp1258"), "so-lieu"),
    "within a zip": ("goi.zip", zipped({"quy1/so.xls": html()}), "goi.zip - quy1 - so"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_has_a_copy_with_the_cell_where_it_stands(mark: Mark, kind: str) -> None:
    name, data, stem = KINDS[kind]
    scored, copies = mark({name: data})
    file, sheet, cell = broken_total(scored)
    assert file.startswith(name)
    assert list(copies.files) == [f"{stem}.danh-dau.xlsx"]
    book = opened(copies, f"{stem}.danh-dau.xlsx")
    assert book.sheetnames == ["Ghi chú", sheet or "Bảng"]
    shown = book[sheet or "Bảng"]
    assert int(str(shown[cell].value).replace(".", "")) == 99
    assert colour(shown, cell) == RED
    comment = shown[cell].comment.text
    assert comment.startswith("LỖI: “Phòng A”") and "Đã có: " in comment and "Việc cần làm: " in comment
    # the cells beside it stand where they stood, uncoloured
    beside = shown[cell].offset(1, 0)
    assert int(str(beside.value)) == 10 and not colour(shown, beside.coordinate) and beside.comment is None
    assert shown[cell].offset(0, -5).value == "Phòng A"
    # the list leads to the cell, and so does the review
    notes = book["Ghi chú"]
    line = next(r for r in range(4, notes.max_row + 1) if notes.cell(r, 3).value == cell)
    assert notes.cell(line, 3).hyperlink.location == f"'{sheet or 'Bảng'}'!{cell}"
    assert notes.cell(line, 1).value == "Lỗi" and colour(notes, f"A{line}") == RED
    assert notes.cell(line, 5).value in comment


def test_review_leads_to_the_cell(mark: Mark) -> None:
    scored, copies = mark({"Quý I (1).xlsx": export_bytes(WRONG)})
    book = openpyxl.load_workbook(io.BytesIO(render_review(scored, copies, "../../out/2022-Q1/ra-soat")))
    found = book["Phát hiện"]
    _, sheet, cell = broken_total(scored)
    line = next(r for r in range(4, found.max_row + 1) if str(found.cell(r, 9).value).endswith(f"› {cell}"))
    link = found.cell(line, 9).hyperlink
    assert link.target == "../../out/2022-Q1/ra-soat/Qu%C3%BD%20I%20%281%29.danh-dau.xlsx"
    assert link.location == f"'{sheet}'!{cell}"
    assert book["Tệp"]["E4"].value == "Quý I (1).danh-dau.xlsx"
    assert book["Tệp"]["E4"].hyperlink.target == link.target
    # without copies nothing pretends to be a link
    plain = openpyxl.load_workbook(io.BytesIO(render_review(scored)))
    assert not [c for s in plain for row in s.iter_rows() for c in row if c.hyperlink and c.hyperlink.target]


def test_same_inputs_give_the_same_bytes(mark: Mark) -> None:
    files = {name: data for name, data, _ in KINDS.values()}
    first, second = mark(files), mark(dict(reversed(files.items())))
    assert first[1].files == second[1].files and first[1].locations == second[1].locations


def test_a_file_without_findings_has_no_copy(mark: Mark) -> None:
    rows = [full_row(i, n, 5, 5, 0, 5, 5, 0) for i, n in enumerate(("Phòng A", "Phòng B", "Phòng C"), 1)]
    others = [full_row(i, n, 5, 5, 0, 5, 5, 0) for i, n in enumerate(("Xã D", "Xã Đông Ê"), 1)]
    _, copies = mark({"phong.xlsx": export_bytes(rows), "xa.xlsx": export_bytes(others)})
    assert copies == MarkedCopies()


# --- nobody's personal data ------------------------------------------------------------------------------

SECRET = "BI-MAT"
LIST_HEAD = [
    "Số hồ sơ", "Phòng ban", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Chủ hồ sơ", "Số điện thoại",
    "Địa chỉ", "Số CCCD", "Trạng thái hồ sơ",
]  # fmt: skip


def dossier_list(*titles: str, unit: str = "Phòng A") -> Any:
    book = openpyxl.Workbook()
    sheet = book.active
    for title in titles:
        sheet.append([title])
    sheet.append(LIST_HEAD)
    for n in range(1, 12):
        end = "khong phai ngay" if n == 3 else "09/02/2022"
        who = [f"{SECRET}-ten", f"{SECRET}-dt", f"{SECRET}-dia-chi", f"{SECRET}-cccd"]
        sheet.append([f"{unit[-1]}18-{n:04d}", unit, "01/02/2022", "10/02/2022", end, *who, "Đã trả kết quả"])
    sheet["F2"].comment = Comment(f"{SECRET}-ghi-chu", f"{SECRET}-tac-gia")
    return book


def hostile_to_privacy() -> dict[str, bytes]:
    """Every place in which somebody may be named, each with a finding near it."""
    counts = openpyxl.load_workbook(io.BytesIO(export_bytes(WRONG)))
    sheet = counts.active
    sheet["D1"].comment = Comment(f"{SECRET}-ghi-chu", "x")
    sheet["G2"] = f"{SECRET}-canh-tieu-de"
    sheet["D3"] = f"Người lập: bà {SECRET}, ĐT 0912345678"
    sheet["N4"], sheet["O4"] = "Cán bộ phụ trách", "Điện thoại"
    for row in range(7, 11):  # below the header, which ends in row 6
        sheet.cell(row, 14, f"{SECRET}-can-bo")
        sheet.cell(row, 15, f"{SECRET}-dt")
    sheet.cell(sheet.max_row + 3, 2, f"{SECRET}-nguoi-ky")
    for n in range(30, 40):
        sheet.cell(n, 2, f"{SECRET}-duoi-bang")
        sheet.cell(n, 5, 912345678)
    hidden = counts.create_sheet(f"an {SECRET[:2]}")
    hidden.append([f"{SECRET}-trang-an"])
    hidden.sheet_state = "hidden"
    counts.create_sheet("Khác").append([f"{SECRET}-trang-la", f"{SECRET}"])
    counts.properties.creator = f"{SECRET}-tac-gia"
    unknown = openpyxl.Workbook()
    unknown.active.append([f"{SECRET}-khong-nhan-ra", "x", "y"])
    no_dates = dossier_list()
    no_dates.active["E1"] = "Ghi chú"
    return {
        "dem.xlsx": saved(counts),
        "danh-sach.xlsx": saved(dossier_list(f"{SECRET}-tieu-de", "Từ ngày 15/12/2021 đến ngày 14/03/2022")),
        "sai-ky.xlsx": saved(dossier_list(f"Người xuất {SECRET}", "Từ ngày 15/03/2022 đến ngày 14/06/2022")),
        "thieu-ngay.xlsx": saved(no_dates),
        "la.xlsx": saved(unknown),
        "goi.zip": zipped({"ds.xlsx": saved(dossier_list(unit="Phòng B"))}),
    }


def test_no_output_holds_anybodys_personal_data(mark: Mark) -> None:
    scored, copies = mark(hostile_to_privacy())
    assert {"identity_broken", "list_bad_date", "period_mismatch", "layout_open", "file_unrecognised"} <= set(
        scored.findings["code"]
    )
    assert {n.removesuffix(".danh-dau.xlsx") for n in copies.files} >= {
        "dem", "danh-sach", "sai-ky", "thieu-ngay", "la", "goi.zip - ds"
    }  # fmt: skip
    for name, data in copies.files.items():
        assert SECRET not in everything(data), name
        assert "912345678" not in everything(data), name
    assert SECRET not in everything(render_review(scored, copies))


@pytest.mark.parametrize("where", ["hidden", "in a list"])
def test_a_count_table_that_was_not_read_is_not_copied_either(mark: Mark, where: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(export_bytes(WRONG)))
    if where == "hidden":
        other = book.create_sheet("Khác")
        other.sheet_state = "hidden"
    else:
        other = dossier_list().active
        for row in other.iter_rows(values_only=True):
            (book["Khác"] if "Khác" in book.sheetnames else book.create_sheet("Khác")).append(row)
        other = book["Khác"]
    for row in (FLAT[0], [1, f"{SECRET}-ten", *FLAT[1][2:]], [2, "Phòng A", *FLAT[1][2:]]):
        other.append(row)
    _, copies = mark({"a.xlsx": saved(book)})
    assert len(copies.files) == 1
    assert SECRET not in everything(copies.files["a.danh-dau.xlsx"])
    shown = opened(copies, "a.danh-dau.xlsx")["Khác"]
    assert all(str(c.value).startswith("dòng ") for row in shown.iter_rows() for c in row if c.value is not None)


def test_a_dossier_list_shows_rows_and_findings_only(mark: Mark) -> None:
    _, copies = mark({"ds.xlsx": saved(dossier_list())})
    book = opened(copies, "ds.danh-dau.xlsx")
    cells = [c for row in book["Sheet"].iter_rows() for c in row if c.value is not None]
    assert [(c.coordinate, c.value) for c in cells] == [("A4", "dòng 4")]
    assert "Phòng A" in cells[0].comment.text and colour(book["Sheet"], "A4")
    said = "\n".join(str(c) for row in book["Ghi chú"].iter_rows(values_only=True) for c in row if c)
    assert "Trang “Sheet”: danh sách hồ sơ: có thông tin cá nhân nên không chép nội dung" in said


def test_names_under_a_heading_that_means_persons_are_not_copied(mark: Mark) -> None:
    columns = [("STT",), ("Họ và tên",), *II06A[2:]]
    rows = [full_row(1, "Nguyễn Văn Bí Mật", 1, 2, 0, 3, 0, 0), full_row(2, "Phòng A", 1, 2, 0, 3, 0, 0)]
    _, copies = mark({"a.xlsx": export_bytes(rows, columns=columns)})
    ((name, _),) = copies.files.items()
    sheet = opened(copies, name).worksheets[1]
    shown = [c.value for row in sheet.iter_rows() for c in row]
    assert "Nguyễn Văn Bí Mật" not in shown and "Phòng A" in shown


# --- what stands in cells --------------------------------------------------------------------------------


def test_text_is_text_and_control_characters_do_no_harm(mark: Mark) -> None:
    rows = [list(r) for r in WRONG]
    rows[0][3], rows[0][4], rows[1][3] = "=1+1", "+1", "-5\x01"

    def as_text(sheet: Any) -> None:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    cell.data_type = "s"

    rows[1][3] = "-5_x0001_"
    _, copies = mark({"a.xlsx": export_bytes(rows, change=as_text)})
    book = opened(copies, "a.danh-dau.xlsx")
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert not [c.coordinate for c in cells if c.data_type == "f"]
    assert any(str(c.value).startswith("=1+1") for c in cells)
    stored = everything(copies.files["a.danh-dau.xlsx"])
    assert "<f>" not in stored and "\x01" not in stored


def test_worst_finding_colours_a_cell_and_all_are_told(mark: Mark) -> None:
    rows = [list(r) for r in WRONG]
    rows[1][12] = "ba"
    scored, copies = mark({"a.xlsx": export_bytes(rows)})
    found = scored.findings.loc[scored.findings["file"] == "a.xlsx"]
    book = opened(copies, "a.danh-dau.xlsx")
    of_severity = {"error": RED, "warning": YELLOW, "notice": BLUE}
    for _, rows_of_cell in found.loc[found["cell"].str.fullmatch(r"[A-Z]+\d+")].groupby("cell"):
        cell = str(rows_of_cell["cell"].iloc[0])
        sheet = book[rows_of_cell["sheet"].iloc[0]]
        assert colour(sheet, cell) == of_severity[rows_of_cell["severity"].iloc[0]]
        for message in rows_of_cell["message"]:
            assert message in sheet[cell].comment.text


def test_a_unit_in_two_files_is_marked_in_both(mark: Mark) -> None:
    good, other = full_row(1, "Phòng A", 5, 5, 0, 5, 5, 0), full_row(1, "P. A", 6, 5, 0, 5, 6, 0)
    scored, copies = mark({"a.xlsx": export_bytes([good]), "b.xlsx": export_bytes([other])})
    assert "unit_repeated" in set(scored.findings["code"])
    for name in ("a.danh-dau.xlsx", "b.danh-dau.xlsx"):
        sheet = opened(copies, name).worksheets[1]
        red = [c for row in sheet.iter_rows() for c in row if c.comment and "hai nơi" in c.comment.text]
        assert len(red) == 1 and colour(sheet, red[0].coordinate) == RED


def test_marks_of_merged_cells_stand_in_the_first(mark: Mark) -> None:
    columns = [*II06A, ("Tỷ lệ gì đó",), ("Cột lạ", "Số lạ")]
    rows = [[*full_row(1, "Phòng A", 5, 5, 0, 5, 5, 0), 1, 2]]
    scored, copies = mark({"a.xlsx": export_bytes(rows, columns=columns)})
    book = opened(copies, "a.danh-dau.xlsx")
    for position, (name, at) in copies.locations.items():
        sheet, address = at.rsplit("!", 1)
        assert name == "a.danh-dau.xlsx"
        cell = book[sheet.strip("'")][address]
        assert scored.findings["message"].iloc[position] in cell.comment.text


# --- names and size --------------------------------------------------------------------------------------


def test_names_do_not_collide(mark: Mark) -> None:
    data = [export_bytes([[*r[:2], *r[2:]] for r in WRONG], titles=(f"Biểu {n}",)) for n in range(6)]
    files = {
        "a.xlsx": data[0],
        "A.xls": data[1],
        "phieu/a.xlsx": data[2],
        "phieu - a.xlsx": data[3],
        "goi.zip": zipped({"a.xlsx": data[4], "q/a.xlsx": data[5]}),
    }
    _, copies = mark(files)
    names = sorted(copies.files)
    assert len({n.casefold() for n in names}) == 6
    assert set(copies.names) == {*(set(files) - {"goi.zip"}), "goi.zip › a.xlsx", "goi.zip › q/a.xlsx"}
    assert all("/" not in n and "›" not in n for n in names)
    for file, name in copies.names.items():
        assert file in str(opened(copies, name)["Ghi chú"]["A1"].value)


def test_a_sheet_of_any_name_is_found(mark: Mark) -> None:
    def rename(sheet: Any) -> None:
        sheet.title = "Ghi chú"

    _, copies = mark({"a.xlsx": export_bytes(WRONG, change=rename)})
    book = opened(copies, "a.danh-dau.xlsx")
    assert book.sheetnames == ["Ghi chú", "Ghi chú (2)"]
    assert {at.split("!")[0] for _, at in copies.locations.values()} == {"'Ghi chú (2)'"}


def test_a_large_table_is_copied_around_its_findings(mark: Mark, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies_module, "MOST_CELLS", 300)
    monkeypatch.setattr(copies_module, "FEW_CELLS", 200)
    more = [f"Xã {n} Mẫu" for n in range(3, 60)]
    registry = "".join(f"xa-{n},{name},unit,xa,,,,,,\n" for n, name in enumerate(more))
    rows = [*WRONG, *(full_row(n, name, 5, 5, 0, 5, 5, 0) for n, name in enumerate(more, 3))]
    scored, copies = mark({"a.xlsx": export_bytes(rows)}, registry)
    book = opened(copies, "a.danh-dau.xlsx")
    _, sheet, cell = broken_total(scored)
    filled = {c.row for row in book[sheet].iter_rows() for c in row if c.value is not None}
    assert int(cell[1:]) in filled and max(filled) == int(cell[1:]) + 2
    said = "\n".join(str(c) for row in book["Ghi chú"].iter_rows(values_only=True) for c in row if c)
    assert "chỉ chép tiêu đề và các dòng quanh chỗ có phát hiện" in said


def test_a_finding_beyond_what_excel_holds_is_listed_and_not_marked(
    mark: Mark, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies_module, "MOST_COMMENTS", 1)
    monkeypatch.setattr(copies_module, "MOST_LINES", 2)
    rows = [[n, f"Lạ {n}", *full_row(n, "x", 5, 5, 0, 5, 5, 0)[2:]] for n in range(1, 9)]
    _, copies = mark({"a.xlsx": export_bytes(rows)})
    book = opened(copies, "a.danh-dau.xlsx")
    cells = [c for row in book.worksheets[1].iter_rows() for c in row]
    assert sum(c.comment is not None for c in cells) == 1
    assert sum(colour(book.worksheets[1], c.coordinate) == RED for c in cells) == 8
    said = "\n".join(str(c) for row in book["Ghi chú"].iter_rows(values_only=True) for c in row if c)
    assert "phát hiện khác của tệp này: xem ket-qua-ra-soat.xlsx" in said


def test_the_wrong_cell_stands_out_and_what_follows_from_it_is_faint(mark: Mark) -> None:
    """Dossiers on time of Phòng A are wrong: its row gets the colour of errors, the total and the level a faint one."""
    rows = [full_row(1, "Phòng A", 10, 20, 3, 30, 2, 1), full_row(2, "Phòng B", 5, 5, 0, 9, 0, 1)]
    rows.append(full_row(3, "Phòng C", 1, 1, 0, 2, 0, 0))
    total = [None, "Tổng số", *(sum(r[i] for r in rows) for i in range(2, 13))]
    own = ["I", "Cấp huyện", *total[2:]]
    rows[0][8] += 4
    scored, copies = mark({"a.xlsx": export_bytes([*rows, total]), "cap.xlsx": export_bytes([own])})
    (finding,) = scored.findings.loc[scored.findings["unit_id"] == "phong-a"].to_dict("records")
    assert (finding["code"], finding["file"], finding["cell"]) == ("row_off_total", "a.xlsx", "I8")
    book, level = opened(copies, "a.danh-dau.xlsx"), opened(copies, "cap.danh-dau.xlsx")
    assert colour(book["Sheet"], "I8") == RED and colour(book["Sheet"], "I11") == FAINT
    assert book["Sheet"]["I11"].comment.text.startswith("KÉO THEO (không phải sửa ô này): do a.xlsx › Sheet › I8.")
    assert colour(level["Sheet"], "I8") == FAINT
    notes = [c.value for row in book["Ghi chú"].iter_rows(min_col=1, max_col=1) for c in row if c.value]
    assert notes.count("Lỗi") >= 2 and notes.count("Kéo theo") == 1  # in the legend only
    lines = [c.value for row in level["Ghi chú"].iter_rows(min_col=1, max_col=1) for c in row if c.value]
    assert lines.count("Kéo theo") >= 2 and "Cần có" in [c.value for c in level["Ghi chú"][3]]
    assert copies.locations[int(scored.findings.index[scored.findings["cell"] == "I8"][0])][0] == "a.danh-dau.xlsx"
