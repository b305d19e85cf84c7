"""The review's workbook beside the files, also while the last one is open."""

from pathlib import Path

import pytest

from flows.commands.review_file import FILE, OTHER, remove_beside, write_beside
from flows.steps.file_names import is_data
from flows.steps.shared_paths import office_path, readable_path


def test_open_in_excel_goes_to_a_second_file_which_the_next_one_removes(tmp_path: Path) -> None:
    assert write_beside(tmp_path, b"1").endswith(str(tmp_path / FILE))
    (tmp_path / f"~${FILE}").touch()
    assert OTHER in write_beside(tmp_path, b"2")
    assert ((tmp_path / FILE).read_bytes(), (tmp_path / OTHER).read_bytes()) == (b"1", b"2")
    (tmp_path / f"~${FILE}").unlink()
    write_beside(tmp_path, b"3")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [(FILE, b"3")]


def test_share_that_refuses_is_said(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    assert OTHER in write_beside(tmp_path, b"1")


def test_libreoffice_and_two_open_files_are_left_alone(tmp_path: Path) -> None:
    write_beside(tmp_path, b"1")
    (tmp_path / f".~lock.{FILE}#").touch()
    assert OTHER in write_beside(tmp_path, b"2")
    (tmp_path / f"~${OTHER}").touch()
    assert "đều đang mở" in write_beside(tmp_path, b"3")
    assert ((tmp_path / FILE).read_bytes(), (tmp_path / OTHER).read_bytes()) == (b"1", b"2")


def test_without_any_file_nothing_is_left_of_a_review_but_what_is_open(tmp_path: Path) -> None:
    for name in (FILE, OTHER):
        (tmp_path / name).write_bytes(b"1")
    (tmp_path / f"~${OTHER}").touch()
    remove_beside(tmp_path)
    assert not (tmp_path / FILE).exists() and (tmp_path / OTHER).exists()
    remove_beside(tmp_path / "khong-co")


@pytest.mark.parametrize(
    ("name", "somebodys"),
    [
        ("cong.xlsx", True),
        ("Danh sách.tmp.xlsx", True),
        ("ket-qua-ra-soat-cu.xlsx", True),
        ("Thumbs.db", False),
        ("desktop.INI", False),
        ("cong.xlsx.PART", False),
        ("cong.xlsx.crdownload", False),
        ("~$cong.xlsx", False),
        (".an.xlsx", False),
        ("Ket-qua-ra-soat (3).xlsx", False),
    ],
)
def test_whose_data_a_file_is(name: str, somebodys: bool) -> None:
    assert is_data(name) is somebodys


@pytest.mark.parametrize(
    ("share", "path"),
    [("Z:\\", "Z:\\raw\\x"), ("\\\\may\\tthc", "\\\\may\\tthc\\raw\\x"), ("/mnt/tthc/", "/mnt/tthc/raw/x")],
)
def test_paths_as_offices_reach_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: str, path: str) -> None:
    monkeypatch.setenv("TTHC_SHARE", share)
    assert office_path(tmp_path / "raw" / "x", tmp_path) == readable_path(tmp_path / "raw" / "x", tmp_path) == path
