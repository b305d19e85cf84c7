"""`tthc check` leaves a workbook to work with, beside the revisions."""

from pathlib import Path

from commands import Tthc, start, tree
from openpyxl import load_workbook

from pipeline.revisions import revision_ids

BOOK = "ra-soat/ket-qua-ra-soat.xlsx"


def cells(sheet: object) -> list[list[object]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]  # type: ignore[attr-defined]


def test_check_writes_findings_units_columns_and_files(office: Path, tthc: Tthc, put, broken_rows) -> None:
    put(broken_rows)
    done = tthc("check", "2022-Q1")
    assert done.returncode == 3
    assert "ket-qua-ra-soat.xlsx" in done.stdout
    book = load_workbook(office / "out" / "2022-Q1" / BOOK)
    assert book.sheetnames == ["Phát hiện", "Đơn vị", "Cột đã hiểu", "Tệp"]
    units = {row[0]: row for row in cells(book["Đơn vị"])[3:]}
    assert units["Xã D"][1:3] == ["Có", "Để riêng: số liệu có lỗi"]
    assert units["Xã D"][4] is None
    assert units["Xã D"][5] >= 1
    assert units["Phòng A"][2] == "Chấm được"
    assert units["Phòng A"][4] > 0
    columns = {row[2]: row[3:] for row in cells(book["Cột đã hiểu"])[3:]}
    assert columns["J"] == ["Số lượng hồ sơ đã giải quyết › Quá hạn", "Đã giải quyết quá hạn"]
    assert cells(book["Tệp"])[3][:2] == ["cong.xlsx", "Số liệu hồ sơ"]


def test_it_is_the_same_each_time_and_no_revision(office: Path, tthc: Tthc) -> None:
    tthc("check", "2022-Q1")
    first = tree(office / "out")
    tthc("check", "2022-Q1")
    assert tree(office / "out") == first
    assert revision_ids(office / "out" / "2022-Q1") == []
    assert "Đã công bố bản r1" in tthc("score", "2022-Q1", "--direct").stdout
    assert (office / "out" / "2022-Q1" / BOOK).is_file()


def test_one_beside_the_inputs_is_neither_read_nor_hashed(office: Path, tthc: Tthc) -> None:
    tthc("score", "2022-Q1", "--direct")
    tthc("check", "2022-Q1")
    made = (office / "out" / "2022-Q1" / BOOK).read_bytes()
    for name in ("ket-qua-ra-soat.xlsx", "Ket-qua-ra-soat (1).xlsx"):
        (office / "raw" / "2022-Q1" / name).write_bytes(made)
    done = tthc("score", "2022-Q1", "--direct")
    assert done.stdout.count("Unchanged") == 1
    assert "ket-qua" not in tthc("check", "2022-Q1").stdout.lower().split("sổ rà soát")[0]


def test_a_folder_that_cannot_be_written_is_said_and_the_check_still_prints(office: Path, tthc: Tthc) -> None:
    (office / "out").mkdir()
    (office / "out" / "2022-Q1").write_text("không phải thư mục")
    done = tthc("check", "2022-Q1")
    assert done.returncode == 0
    assert "Điểm tạm tính" in done.stdout
    assert "chưa ghi được sổ rà soát" in done.stdout


def test_two_checks_at_once_both_end_well(office: Path) -> None:
    runs = [start(office, "check", "2022-Q1") for _ in range(2)]
    said = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert all("Sổ rà soát để mở bằng Excel" in text for text in said)
    load_workbook(office / "out" / "2022-Q1" / BOOK)
