"""The review's workbook beside the files, also while the last one is open."""

from pathlib import Path

from flows.review_file import FILE, OTHER, leave_beside


def test_open_in_excel_goes_to_a_second_file_which_the_next_one_removes(tmp_path: Path) -> None:
    assert leave_beside(tmp_path, b"1").endswith(str(tmp_path / FILE))
    (tmp_path / f"~${FILE}").touch()
    assert OTHER in leave_beside(tmp_path, b"2")
    assert ((tmp_path / FILE).read_bytes(), (tmp_path / OTHER).read_bytes()) == (b"1", b"2")
    (tmp_path / f"~${FILE}").unlink()
    leave_beside(tmp_path, b"3")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [(FILE, b"3")]


def test_share_that_refuses_is_said(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    assert OTHER in leave_beside(tmp_path, b"1")
