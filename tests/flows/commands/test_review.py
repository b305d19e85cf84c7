"""`tthc check` leaves a workbook to work with, beside the revisions."""

import json
import os
import resource
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import Tthc, process, start, tree
from disks import AFTER, can_mount, read_only, small_disk
from openpyxl import load_workbook

from pipeline.publish.atomic_files import period_lock
from pipeline.publish.fingerprint import sha256
from pipeline.publish.revisions import revision_ids

BOOK = "ra-soat/ket-qua-ra-soat.xlsx"
NAME, COPY = "ket-qua-ra-soat.xlsx", "cong.danh-dau.xlsx"
CHECK = ("check", "2022-Q1", "--all")


def review(office: Path) -> Path:
    return office / "out" / "2022-Q1" / "ra-soat"


def left(office: Path) -> dict[str, bytes]:
    """What a check left, but the lock."""
    return {name: data for name, data in tree(review(office)).items() if name != ".khoa"}


def cells(sheet: object) -> list[list[object]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]  # type: ignore[attr-defined]


def test_check_writes_findings_units_columns_and_files(office: Path, tthc: Tthc, put, broken_rows) -> None:
    put(broken_rows)
    done = tthc("check", "2022-Q1", "--all")
    assert done.returncode == 3
    assert "ket-qua-ra-soat.xlsx" in done.stdout
    book = load_workbook(office / "out" / "2022-Q1" / BOOK)
    assert book.sheetnames == ["Việc cần làm", "Phát hiện", "Đơn vị", "Cột đã hiểu", "Tệp"]
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
    tthc("check", "2022-Q1", "--all")
    first = tree(office / "out")
    tthc("check", "2022-Q1", "--all")
    assert tree(office / "out") == first
    assert revision_ids(office / "out" / "2022-Q1") == []
    assert "Đã công bố bản r1" in tthc("score", "2022-Q1", "--direct").stdout
    assert (office / "out" / "2022-Q1" / BOOK).is_file()


@pytest.mark.usefixtures("published")
def test_one_beside_the_inputs_is_neither_read_nor_hashed(office: Path, tthc: Tthc) -> None:
    tthc("check", "2022-Q1", "--all")
    made = (office / "out" / "2022-Q1" / BOOK).read_bytes()
    for name in ("ket-qua-ra-soat.xlsx", "Ket-qua-ra-soat (1).xlsx"):
        (office / "raw" / "2022-Q1" / name).write_bytes(made)
    done = tthc("score", "2022-Q1", "--direct")
    assert done.stdout.count("Unchanged") == 1
    assert "ket-qua" not in tthc("check", "2022-Q1", "--all").stdout.lower().split("sổ rà soát")[0]


def test_a_folder_that_cannot_be_written_is_said_and_the_check_still_prints(office: Path, tthc: Tthc) -> None:
    (office / "out").mkdir()
    (office / "out" / "2022-Q1").write_text("không phải thư mục")
    done = tthc("check", "2022-Q1", "--all")
    assert done.returncode == 0
    assert "Điểm tạm tính" in done.stdout
    assert "chưa ghi được sổ rà soát" in done.stdout


# --- marked copies ---------------------------------------------------------------------------------------


def test_original_is_never_touched_and_the_copy_lies_beside_the_review(
    office: Path, tthc: Tthc, put: Callable[..., None], broken_rows: tuple
) -> None:
    put(broken_rows)
    original = office / "raw" / "2022-Q1" / "cong.xlsx"
    os.utime(original, ns=(1_600_000_000_123_456_789, 1_600_000_000_123_456_789))
    before = original.read_bytes(), original.stat()
    done = tthc(*CHECK)
    after = original.stat()
    assert (original.read_bytes(), after.st_mtime_ns) == (before[0], before[1].st_mtime_ns)
    assert (after.st_ino, after.st_mode, after.st_size) == (before[1].st_ino, before[1].st_mode, before[1].st_size)
    assert set(left(office)) == {NAME, COPY}
    assert f"trong cùng thư mục: {COPY}" in done.stdout
    found = load_workbook(review(office) / NAME)["Phát hiện"]
    links = [c.hyperlink for row in found.iter_rows() for c in row if c.hyperlink]
    assert {link.target for link in links} == {COPY}
    book = load_workbook(review(office) / COPY)
    sheet, cell = links[0].location.split("!")
    assert book[sheet.strip("'")][cell].comment.text.startswith("LỖI: “Xã D”")


def test_copies_that_are_no_longer_true_go(
    office: Path, tthc: Tthc, put: Callable[..., None], rows: tuple, broken_rows: tuple
) -> None:
    put(broken_rows)
    tthc(*CHECK)
    first = left(office)[COPY]
    put((*rows[:3], ("Xã D", 0, 77, 1, 72, 8, 0, 0, 0)))
    tthc(*CHECK)
    assert left(office)[COPY] != first
    (review(office) / ".cong.danh-dau.xlsx").write_bytes(b"of a check that was killed")
    put(rows)
    done = tthc(*CHECK)
    assert set(left(office)) == {NAME}
    assert "Đã xoá 1 bản đánh dấu cũ không còn đúng" in done.stdout


def test_without_any_file_nothing_of_an_earlier_check_is_left(
    office: Path, tthc: Tthc, put: Callable[..., None], broken_rows: tuple
) -> None:
    put(broken_rows)
    tthc(*CHECK)
    (office / "raw" / "2022-Q1" / "cong.xlsx").unlink()
    assert tthc(*CHECK).returncode == 1
    assert left(office) == {}


def test_files_without_a_count_are_marked_too(
    office: Path, tthc: Tthc, export: Callable[..., bytes], rows: tuple
) -> None:
    (office / "raw" / "2022-Q1" / "cong.xlsx").write_bytes(export(rows, "Quý II năm 2022"))
    done = tthc(*CHECK)
    assert done.returncode == 1 and "Không tệp nào" in done.stderr
    assert set(left(office)) == {NAME, COPY}
    comments = [
        c.comment.text for s in load_workbook(review(office) / COPY) for r in s.iter_rows() for c in r if c.comment
    ]
    assert any("Quý II năm 2022" in text for text in comments)


@pytest.mark.parametrize("name", [NAME, COPY])
@pytest.mark.parametrize("owner", ["~${}", ".~lock.{}#"])
def test_a_file_open_in_excel_is_said_and_nothing_is_written(
    office: Path, tthc: Tthc, put: Callable[..., None], rows: tuple, broken_rows: tuple, name: str, owner: str
) -> None:
    put(broken_rows)
    tthc(*CHECK)
    before = left(office)
    (review(office) / owner.format(name)).write_bytes(b"user")
    put(rows)
    done = tthc(*CHECK)
    assert f"“{name}” trong data/out/2022-Q1/ra-soat đang mở trong Excel: đóng lại rồi kiểm tra lại" in done.stdout
    assert "Điểm tạm tính" in done.stdout
    (review(office) / owner.format(name)).unlink()
    assert left(office) == before
    # what would not change may stay open
    put(broken_rows)
    (review(office) / owner.format(name)).write_bytes(b"user")
    assert "đang mở" not in tthc(*CHECK).stdout


def test_a_marked_copy_among_the_inputs_is_said_to_be_none(
    office: Path, tthc: Tthc, put: Callable[..., None], broken_rows: tuple
) -> None:
    put(broken_rows)
    tthc(*CHECK)
    for name in (COPY, "Cong.danh-dau (1).xlsx"):
        (office / "raw" / "2022-Q1" / name).write_bytes(left(office)[COPY])
    done = tthc(*CHECK)
    assert done.stdout.count("đây là bản đánh dấu do chương trình lập; sửa thì sửa trong tệp gốc") >= 2
    assert "có số liệu ở hai nơi" not in done.stdout


# --- the disk, and checks at once ------------------------------------------------------------------------


@pytest.mark.parametrize("kilobytes", [0, 8, 16])
def test_a_full_disk_leaves_what_the_last_check_left(
    office: Path, tthc: Tthc, put: Callable[..., None], rows: tuple, broken_rows: tuple, kilobytes: int
) -> None:
    if not can_mount(office):
        pytest.skip("mounting is not permitted here")
    put(broken_rows)
    tthc(*CHECK)
    before = {name: sha256(data) for name, data in left(office).items()}
    put((*rows[:2], ("Xã C", 100, 300, 4, 390, 11, 2, 2, 0), ("Xã D", 0, 77, 1, 72, 8, 0, 0, 0)))
    small = office / "small"
    small.mkdir()
    around = small_disk(review(office), small, kilobytes)
    done = process(office, *CHECK, around=around, before=AFTER.format(folder=str(review(office))))
    assert done.returncode == 3, done.stderr
    assert "Chưa ghi được sổ rà soát và bản đánh dấu. Không ghi được vào" in done.stdout
    assert "hết dung lượng đĩa" in done.stdout and "Điểm tạm tính" in done.stdout
    assert json.loads(done.stderr.split("AFTER ")[1].splitlines()[0]) == before


def test_a_read_only_folder_is_said(
    office: Path, tthc: Tthc, put: Callable[..., None], rows: tuple, broken_rows: tuple
) -> None:
    if not can_mount(office):
        pytest.skip("mounting is not permitted here")
    put(broken_rows)
    tthc(*CHECK)
    before = left(office)
    put(rows)
    done = process(office, *CHECK, around=read_only(office / "out"))
    assert done.returncode == 0, done.stderr
    assert "chưa ghi được sổ rà soát và bản đánh dấu" in done.stdout and "ổ đĩa chỉ đọc" in done.stdout
    assert left(office) == before


def test_files_that_may_not_grow_leave_what_was_there(
    office: Path, tthc: Tthc, put: Callable[..., None], rows: tuple, broken_rows: tuple
) -> None:
    put(broken_rows)
    tthc(*CHECK)
    before = left(office)
    put((*rows[:3], ("Xã D", 0, 77, 1, 72, 8, 0, 0, 0)))
    limit = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (4000, {resource.RLIM_INFINITY}))\n"
    done = process(office, *CHECK, before=limit)
    assert "tệp vượt quá cỡ mà hệ thống cho phép ghi" in done.stdout
    assert left(office) == before


def test_two_checks_wait_for_each_other_and_both_end_well(
    office: Path, put: Callable[..., None], broken_rows: tuple
) -> None:
    put(broken_rows)
    with period_lock(review(office)):
        runs = [start(office, *CHECK) for _ in range(2)]
        for run in runs:
            assert run.stdout is not None
            # the line comes when the lock was asked for and refused; what follows it only when it was given
            assert any(
                "Kỳ này đang được kiểm tra ở nơi khác; đợi đến lượt" in line for line in iter(run.stdout.readline, "")
            )
            assert run.poll() is None
        assert left(office) == {}
    for run in runs:
        assert run.stdout is not None
        with run.stdout as lines:
            assert "Sổ rà soát để mở bằng Excel" in lines.read()
        assert run.wait() == 3
    assert set(left(office)) == {NAME, COPY}
    load_workbook(review(office) / NAME)


def test_a_check_does_not_wait_for_a_run_that_publishes(office: Path) -> None:
    with period_lock(office / "out" / "2022-Q1"):
        done = process(office, *CHECK)
    assert done.returncode == 0
    assert "đợi đến lượt" not in done.stdout and set(left(office)) == {NAME}


def test_two_checks_at_once_both_end_well(office: Path) -> None:
    runs = [start(office, "check", "2022-Q1") for _ in range(2)]
    said = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert all("Sổ rà soát để mở bằng Excel" in text for text in said)
    load_workbook(office / "out" / "2022-Q1" / BOOK)
