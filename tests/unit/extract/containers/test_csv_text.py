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
