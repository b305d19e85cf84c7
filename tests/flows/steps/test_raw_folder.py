"""What lies in a period's folder and is no plain file, or has a name that nobody can show, costs itself."""

import os
import socket
from pathlib import Path

import pytest

from flows.steps.raw_folder import read_raw
from pipeline.text import visible

DATA = b"a;b;c\n1;2;3\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tmp_path.joinpath("so-lieu.csv").write_bytes(DATA)
    return tmp_path


def test_pipes_sockets_links_and_folders_are_named(folder: Path) -> None:
    os.mkfifo(folder / "a.xlsx")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(folder / "b.xlsx"))
    (folder / "c.xlsx").symlink_to("so-lieu.csv")
    (folder / "d.xlsx").symlink_to("/etc")
    (folder / "e.xlsx").mkdir()
    read = read_raw(folder)
    assert list(read.files) == ["so-lieu.csv"]
    assert [(f.file, f.code) for f in read.findings] == [(f"{x}.xlsx", "file_ignored") for x in "abcde"]


def test_what_units_send_is_read_with_the_name_of_its_folder(folder: Path) -> None:
    for name in ("phieu", "thay-the", "cu"):
        (folder / name).mkdir()
        (folder / name / "xa-d.csv").write_bytes(DATA)
    (folder / "thay-the" / "lien-ket.csv").symlink_to("xa-d.csv")
    read = read_raw(folder)
    assert list(read.files) == ["phieu/xa-d.csv", "so-lieu.csv", "thay-the/xa-d.csv"]
    assert [(f.file, f.code) for f in read.findings] == [
        ("cu", "file_ignored"),
        ("thay-the/lien-ket.csv", "file_ignored"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ("à.csv".encode(), "a\u0300.csv".encode(), "à.csv"),
    ],
)
def test_two_names_that_look_the_same(folder: Path, first: bytes, second: bytes, shown: str) -> None:
    """Which of the two is read is settled, and the other is an error: it may hold a unit nobody else reports."""
    for name, data in ((second, b"second"), (first, b"first")):
        with (Path(os.fsdecode(os.path.join(os.fsencode(folder), name)))).open("wb") as file:  # noqa: PTH118
            file.write(data)
    read = read_raw(folder)
    assert read.files[shown] == min((first, b"first"), (second, b"second"))[1]
    assert [(f.file, f.code) for f in read.findings] == [(shown, "file_unreadable")]


@pytest.mark.parametrize(
    "name", ["a\nb.csv", "\u202excod.csv", "=1+1.csv", "-rf.csv", "{{ 1 }}.csv", "x" * 250 + ".csv"]
)
def test_odd_names_are_names(folder: Path, name: str) -> None:
    (folder / name).write_bytes(DATA)
    read = read_raw(folder)
    assert set(read.files) == {"so-lieu.csv", visible(name)} and read.findings == ()


def test_names_in_another_encoding_stay_two(folder: Path) -> None:
    for name in (b"x\xfe.csv", b"x\xff.csv"):
        with (Path(os.fsdecode(os.path.join(os.fsencode(folder), name)))).open("wb") as file:  # noqa: PTH118
            file.write(name)
    assert {n: d for n, d in read_raw(folder).files.items() if n.startswith("x")} == {
        "x\\xfe.csv": b"x\xfe.csv",
        "x\\xff.csv": b"x\xff.csv",
    }
