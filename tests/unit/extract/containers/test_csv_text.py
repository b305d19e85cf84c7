"""A stray quote or another separator takes no row of a csv away in silence."""

import pytest

from pipeline.extract.containers.csv_text import read_delimited
from pipeline.extract.sheet.grid import UnreadableError

HEAD = "STT;Đơn vị;Tiếp nhận;Trước hạn;Ghi chú\n"
A, B, C = (f"{i};Phòng {n};3;2;\n" for i, n in enumerate("ABC", 1))


def quoted(row: str, note: str) -> str:
    return row.replace(";\n", f";{note}\n")


@pytest.mark.parametrize(
    "rows",
    [
        quoted(A, '"xem') + B + C,
        quoted(A, '"xem') + B + quoted(C, '"hết"'),
        quoted(A, '"xem') + quoted(B, '"'),
        A + B.replace(";", "\t") + C,
        A + B.replace(";", ",") + C,
    ],
)
def test_a_row_inside_a_cell_refuses_the_file(rows: str) -> None:
    with pytest.raises(UnreadableError, match="CSV bị hỏng"):
        read_delimited("a.csv", (HEAD + rows).encode())


@pytest.mark.parametrize(
    ("note", "read"),
    [
        ('"xem; thêm; ở; phụ; lục"', "xem; thêm; ở; phụ; lục"),
        ('"xem\nthêm; nữa"', "xem\nthêm; nữa"),
        ("tổ 1, phường 2, xã 3, tỉnh 4, 5", "tổ 1, phường 2, xã 3, tỉnh 4, 5"),
        ('"a ""b"" c"', 'a "b" c'),
    ],
)
def test_a_note_is_a_note(note: str, read: str) -> None:
    (grid,) = read_delimited("a.csv", (HEAD + quoted(A, note) + B).encode())
    assert (grid.rows[1][4], len(grid.rows)) == (read, 3)


def test_a_title_of_one_cell_is_a_title() -> None:
    (grid,) = read_delimited("a.csv", ("Quý I, từ 15/12/2021, đến 14/03/2022, 1, 2\n" + HEAD + A + B).encode("utf-8"))
    assert len(grid.rows) == 4


@pytest.mark.parametrize("line", [";" * 900_000, '"' * 900_000, '"' + "x" * 500_000])
def test_a_line_no_table_has_is_refused(line: str) -> None:
    with pytest.raises(UnreadableError):
        read_delimited("a.csv", f"{HEAD}{line}\n{A}".encode())


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|", "^"])
@pytest.mark.parametrize("line", ["sep={}\r\n", '"sep={}"\n', "SEP={}\n"])
def test_a_first_line_that_names_the_delimiter(delimiter: str, line: str) -> None:
    """Excel takes it and does not show it: row 1 is the line after it."""
    text = line.format(delimiter) + "STT;Đơn vị;Số\n1;Phòng A;1.502\n".replace(";", delimiter)
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        (grid,) = read_delimited("a.csv", text.encode(encoding))
        assert grid.rows == [("STT", "Đơn vị", "Số"), ("1", "Phòng A", "1.502")]


def test_texts_that_are_kept_from_excel() -> None:
    (grid,) = read_delimited("a.csv", 'STT;Mã;Số\n="1";="0012";=5\n'.encode())
    assert grid.rows[1] == ("1", "0012", "=5")


def test_a_bar_between_cells() -> None:
    (grid,) = read_delimited("a.csv", (HEAD + A).replace(";", "|").encode())
    assert [len(row) for row in grid.rows] == [5, 5]
