"""Published files as text: what counts as the same, and how a difference is named."""

import io
from collections.abc import Callable

import openpyxl
import pandas as pd
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font

from flows.steps.folder_findings import unread_files
from pipeline.publish.csv_tables import csv_bytes
from pipeline.publish.text_differences import Difference, difference_text, differences

Book = openpyxl.Workbook


def book(change: Callable[[Book], object] = lambda _: None) -> bytes:
    """A workbook of two sheets, changed."""
    workbook = openpyxl.Workbook()
    workbook.active.title = "Tổng hợp"
    for row in (("Đơn vị", "Điểm"), ("Xã C", 15.5), ("Xã D", 14)):
        workbook["Tổng hợp"].append(row)
    workbook.create_sheet("Nguồn").append(("cong.xlsx",))
    change(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def put(sheet: str, cell: str, value: object) -> Callable[[Book], None]:
    def change(workbook: Book) -> None:
        workbook[sheet][cell] = value

    return change


def found(before: bytes, after: bytes, name: str) -> list[tuple[str, str, str]]:
    return [(d.place, d.before, d.after) for d in differences({name: before}, {name: after})]


def restyled(workbook: Book) -> None:
    sheet = workbook["Tổng hợp"]
    sheet["A1"].font = Font(bold=True)
    sheet["B2"].number_format = "0.00"
    sheet.column_dimensions["A"].width = 50
    sheet["F9"].font = Font(bold=True)  # an empty cell
    workbook.properties.creator = "another"


def with_changes_sheet(workbook: Book) -> None:
    workbook.create_sheet("Thay đổi", 1).append(("Lý do",))


@pytest.mark.parametrize(
    "change",
    [
        restyled,
        with_changes_sheet,
        put("Tổng hợp", "B2", 15.5 + 1e-13),
        put("Tổng hợp", "D7", ""),
    ],
)
def test_styles_of_a_workbook_and_its_sheet_of_changes_are_no_content(change: Callable[[Book], None]) -> None:
    assert book(change) != book()
    assert found(book(), book(change), "cham-diem.xlsx") == []


def linked(workbook: Book) -> None:
    workbook["Nguồn"]["A1"].hyperlink = "cong.xlsx"


def commented(workbook: Book) -> None:
    workbook["Nguồn"]["A1"].comment = Comment("xem lại", "x")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (put("Tổng hợp", "B2", 15.51), [("trang “Tổng hợp”, ô B2", "15.5", "15.51")]),
        (put("Tổng hợp", "B3", "14"), [("trang “Tổng hợp”, ô B3", "14", "'14")]),
        (put("Tổng hợp", "C2", "mới"), [("trang “Tổng hợp”, ô C2", "", "mới")]),
        (put("Tổng hợp", "A4", "Xã Đ"), [("trang “Tổng hợp”, dòng 4", "", "Xã Đ")]),
        (lambda b: b["Tổng hợp"].delete_rows(2), [("trang “Tổng hợp”, dòng 2", "Xã C, 15.5", "")]),
        (lambda b: b.remove(b["Nguồn"]), [("trang “Nguồn”", "có trang này", "không có trang này")]),
        (lambda b: b.create_sheet("Mới"), [("trang “Mới”", "không có trang này", "có trang này")]),
        (
            lambda b: b.move_sheet("Nguồn", -1),
            [("thứ tự các trang", "Tổng hợp, Nguồn", "Nguồn, Tổng hợp")],
        ),
        (linked, [("trang “Nguồn”, ô A1", "cong.xlsx", "cong.xlsx [liên kết: cong.xlsx]")]),
        (commented, [("trang “Nguồn”, ô A1", "cong.xlsx", "cong.xlsx [ghi chú: xem lại]")]),
    ],
)
def test_values_comments_links_and_sheets_of_a_workbook_are_content(
    change: Callable[[Book], object], said: list[tuple[str, str, str]]
) -> None:
    assert found(book(), book(change), "cham-diem.xlsx") == said


TABLE = pd.DataFrame({"unit_id": ["xa-c", "xa-d"], "criterion": ["1", "1"], "printed": [1.97, 2.0]})


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (TABLE.assign(printed=[1.97, 1.99]), [("dòng 3 (xa-d, 1), cột printed", "2", "1.99")]),
        (TABLE.head(1), [("dòng 3 (xa-d, 1)", "xa-d, 1, 2", "")]),
        (TABLE.assign(more="x"), [("cột “more”", "không có cột này", "có cột này")]),
        (
            TABLE.drop(columns="criterion").assign(printed=[1.9, 2.0]),
            [("cột “criterion”", "có cột này", "không có cột này"), ("dòng 2 (xa-c), cột printed", "1.97", "1.9")],
        ),
        (
            TABLE[["criterion", "unit_id", "printed"]],
            [("thứ tự các cột", "unit_id, criterion, printed", "criterion, unit_id, printed")],
        ),
    ],
)
def test_rows_and_columns_of_a_table(after: pd.DataFrame, said: list[tuple[str, str, str]]) -> None:
    assert found(csv_bytes(TABLE), csv_bytes(after), "criterion_scores.csv") == said


def test_lines_of_a_text() -> None:
    before, after = "# Báo cáo\n\nMột.\nHai.\n", "# Báo cáo\r\n\r\nHai.\r\nBa.\r\n"
    assert found(before.encode(), after.encode(), "bao-cao.md") == [("dòng 3", "Một.", ""), ("dòng 4", "", "Ba.")]
    assert found(before.encode(), before.replace("\n", "\r\n").encode(), "bao-cao.md") == []
    assert found(before.encode(), (before + "\n").encode(), "bao-cao.md") == [("dòng 5", "", "dòng trống")]


def test_files_that_only_one_side_has_and_the_page_of_changes() -> None:
    before = {"a.csv": b"x\r\n", "thay-doi.md": b"1"}
    assert list(differences(before, {"b.csv": b"x\r\n"})) == [
        Difference("a.csv", "", "có tệp này", "không có tệp này"),
        Difference("b.csv", "", "không có tệp này", "có tệp này"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Trước đó. Số đã giải quyết là 5. Sau đó.", "Trước đó. Số giải quyết xong là 5. Sau đó.", (
            "“Số đã giải quyết là 5.” → “Số giải quyết xong là 5.”"
        )),
        ("Giữ. Bỏ.", "Giữ.", "“Bỏ.” → (trống)"),
        ("", "hai\ndòng", "(trống) → “hai dòng”"),
        ("| " + "a " * 200 + "| x |", "| " + "a " * 200 + "| y |", f"“… {'a ' * 18}| x |” → “… {'a ' * 18}| y |”"),
        ("x" + " b" * 300, "y", f"“x{' b' * 99} …” → “y”"),
    ],
)  # fmt: skip
def test_a_long_text_is_shown_around_what_differs(before: str, after: str, said: str) -> None:
    assert difference_text(Difference("bao-cao.md", "dòng 3", before, after)) == f"bao-cao.md, dòng 3: {said}"


def test_what_was_left_alone_is_not_what_was_found_in_a_file_that_was_read() -> None:
    rows = [
        ("thu-muc", "file_ignored"),
        ("cong.xlsx", "file_unreadable"),
        ("nen.zip › a.xlsx", "file_unreadable"),
        ("phieu", "file_unreadable"),
        ("x.xlsx", "sheet_hidden"),
    ]
    findings = pd.DataFrame(rows, columns=["file", "code"])
    assert unread_files(findings, ["cong.xlsx", "nen.zip"]) == {
        ("thu-muc", "file_ignored"),
        ("phieu", "file_unreadable"),
    }
