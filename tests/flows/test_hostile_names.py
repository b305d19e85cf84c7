"""Names of files, members, sheets and units that attack what is written with them: everything stays text."""

import io
import os
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from commands import Tthc, process
from hostile_names import DEVICES, DIRECTION, MARKUP, NAMES, NO_CHARACTERS, STARTS, check_written, unseen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from workbooks import saved

#: one of each kind, and the names of devices
FIXED = [
    *(f"a{c}b" for c in [*"\x01\x07\t\n\r\x1b\x7f\x85\x9b", *DIRECTION, *NO_CHARACTERS]), *(f"{c}1" for c in STARTS),
    *MARKUP, *DEVICES, "con.2022", "NUL.tar.xlsx", "x" * 200, "dài\n" * 20, "\U0001f600" * 40, "…", ". .", "history",
]  # fmt: skip


def put_all(raw: Path, names: list[str], export: Callable[..., bytes], rows: Any) -> None:
    """Each name as a file, as a member of a zip, as a sheet and as a unit; each table has a finding of its own."""

    def table(number: int, unit: str = "Phòng Lạ") -> bytes:
        return export(((unit, 1000 + number, *rows[0][2:]),))

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, name in enumerate(names):
            with suppress(OSError):  # too long for this file system
                (raw / f"{name.replace('/', '')}.xlsx").write_bytes(table(number))
            archive.writestr(f"q/{name}.xlsx", table(1000 + number))
    (raw / "goi.zip").write_bytes(packed.getvalue())
    book = load_workbook(io.BytesIO(table(2000)))
    for number, title in enumerate(sorted({in_xml(name)[:31].casefold() for name in names} - {""})):
        sheet = book.copy_worksheet(book.worksheets[0])
        sheet._WorkbookChild__title = title
        sheet["D9"] = 3000 + number
    (raw / "trang.xlsx").write_bytes(saved(book))
    units = tuple((in_xml(name), *rows[0][1:]) for name in names if in_xml(name).strip())
    (raw / "don-vi.xlsx").write_bytes(export(units))
    (raw / b"byte\xff\xfe.xlsx".decode("utf-8", "surrogateescape")).write_bytes(table(5000))


def in_xml(name: str) -> str:
    """What of a name a workbook can hold."""
    return "".join(c for c in name if c >= " " and not 0xFFFE <= ord(c) <= 0xFFFF and not 0xD800 <= ord(c) <= 0xDFFF)


def shown_whole(done: Any) -> None:
    assert "ngoài dự kiến" not in done.stderr, done.stderr
    assert done.returncode in (0, 1, 3)
    assert not unseen(done.stdout) and not unseen(done.stderr)


def test_one_of_each_kind(office: Path, tthc: Tthc, export: Callable[..., bytes], rows: Any) -> None:
    put_all(office / "raw" / "2022-Q1", FIXED, export, rows)
    shown_whole(tthc("check", "2022-Q1", "--all"))
    shown_whole(tthc("score", "2022-Q1", "--direct"))
    shown_whole(tthc("history"))
    check_written(office / "out")


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(names=st.lists(NAMES, min_size=3, max_size=8, unique=True))
def test_any_names(office: Path, tthc: Tthc, export: Callable[..., bytes], rows: Any, names: list[str]) -> None:
    raw = office / "raw" / "2022-Q1"
    for path in raw.iterdir():
        if path.name != "cong.xlsx":
            path.unlink()
    put_all(raw, names, export, rows)
    shown_whole(tthc("check", "2022-Q1", "--all"))
    shown_whole(tthc("score", "2022-Q1", "--direct", "--reason", "".join(c for c in names[0] if c.isprintable())))
    check_written(office / "out")


def test_a_name_never_makes_a_second_line(office: Path, tthc: Tthc) -> None:
    (office / "raw" / "2022-Q1" / "a\nViệc cần làm: không có.\nb.csv").write_bytes(b"x\n1\n")
    done = tthc("check", "2022-Q1")
    assert "Việc cần làm: không có." not in done.stdout.splitlines()
    assert "a\\x0aViệc cần làm" in done.stdout.replace("\n      ", " ").replace("\n    ", " ")


@pytest.mark.parametrize("command", ["check", "score", "history"])
def test_an_argument_that_is_not_utf_8_is_refused(office: Path, command: str) -> None:
    done = process(office, command, os.fsdecode(b"2022-Q1\xff"))
    assert done.returncode == 2
    assert "tham số thứ 2" in done.stderr and "không phải UTF-8" in done.stderr and "\\udcff" in done.stderr


def test_vietnamese_names_are_shown_as_they_are(office: Path, tthc: Tthc) -> None:
    (office / "raw" / "2022-Q1" / "Xã Nà Tấu – đợt 2 (bổ sung).csv").write_bytes(b"x\n1\n")
    assert "Xã Nà Tấu – đợt 2 (bổ sung).csv" in tthc("check", "2022-Q1").stdout
