"""A commune of the sample sends a new export after the quarter was published."""

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from commands import Tthc, in_this_process
from repository import ROOT

from flows.steps.job import Job
from flows.steps.scoring_steps import read_inputs
from pipeline.load.forms.fill_form import fill_form

PERIOD = "2022-Q1"
COMMUNES = "II.06a-xa-phuong.xlsx"
NEW = "thay-the/na-tau.xlsx"
LATE, ON_TIME = 6, 1750  # they were 10 and 1.746


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A data folder with the sample, which nobody published yet."""
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data" / "raw" / PERIOD, data / "raw" / PERIOD)
    shutil.copytree(ROOT / "data" / "reference", data / "reference")
    return data


@pytest.fixture
def tthc(city: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tthc:
    monkeypatch.chdir(city.parent)

    return in_this_process(capsys)


def na_tau() -> bytes:
    """The export of all communes without its other rows and its total, and with fewer late dossiers."""
    book = openpyxl.load_workbook(io.BytesIO((ROOT / "data" / "raw" / PERIOD / COMMUNES).read_bytes()))
    sheet = book.active
    assert sheet is not None
    names = {str(sheet.cell(r, 2).value): r for r in range(1, sheet.max_row + 1)}
    row = names["Xã Nà Tấu"]
    sheet.cell(row, 9).value, sheet.cell(row, 10).value = ON_TIME, LATE
    for other in range(row + 1, sheet.max_row + 1):
        for cell in sheet[other]:
            if type(cell).__name__ != "MergedCell":
                cell.value = None
    for other in range(12, row):
        for column in range(1, 14):
            sheet.cell(other, column).value = None
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.fixture
def sent_again(city: Path) -> Callable[[], None]:
    def put() -> None:
        path = city / "raw" / PERIOD / NEW
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(na_tau())

    return put


def declare(city: Path) -> None:
    path = city / "raw" / PERIOD / "dieu-chinh.xlsx"
    book = openpyxl.load_workbook(path)
    entry = {
        "file": "na-tau.xlsx",
        "reason": "nhập sót kết quả",
        "approver": "Công chức 1",
        "approved_on": "20/03/2022",
    }
    fill_form(book, "DC-02", [entry])
    book.save(path)


def text(city: Path, name: str) -> str:
    return (city / "out" / PERIOD / "r2" / name).read_text("utf-8-sig")


def test_a_new_export_of_a_commune_is_scored_and_told(city: Path, tthc: Tthc, sent_again: Callable[[], None]) -> None:
    assert tthc("score", PERIOD, "--direct").returncode == 0
    sent_again()
    declare(city)
    done = tthc("score", PERIOD, "--direct", "--reason", "Xã Nà Tấu gửi lại số liệu")
    assert done.returncode == 0, done.stdout + done.stderr

    changes = text(city, "thay-doi.md")
    assert f"| Xã Nà Tấu | Lý do: nhập sót kết quả; chấp nhận: Công chức 1, 20/3/2022 | {COMMUNES} | {NEW} |" in changes
    late = f"| Xã Nà Tấu | Đã giải quyết quá hạn | 10 ({COMMUNES} › II.06a › J23) | 6 ({NEW} › II.06a › J23) |"
    assert late in changes
    kept = (
        "đã giải quyết quá hạn: số riêng 38 vẫn tính cả số cũ của Xã Nà Tấu (10, nay 6); số khớp với các đơn vị là 34."
    )
    assert f"- Cấp xã, phường, {kept}" in changes

    report = text(city, "bao-cao.md")
    line = next(r for r in report.splitlines() if r.startswith("| Xã Nà Tấu |") and NEW in r)
    assert (
        "đã giải quyết quá hạn: 10 → 6 (J23 → J23)" in line and "| nhập sót kết quả | Công chức 1, 20/3/2022 |" in line
    )

    manifest = json.loads(text(city, "manifest.json"))
    assert {i["path"]: i["role"] for i in manifest["inputs"]}[NEW] == "replacement"
    assert (
        manifest["fingerprint"]
        != json.loads((city / "out" / PERIOD / "r1" / "manifest.json").read_text())["fingerprint"]
    )
    assert "replaced.csv" in manifest["files"] and manifest["findings"]["error"] == 0

    workbook = openpyxl.load_workbook(city / "out" / PERIOD / "r2" / "doi-chieu.xlsx")
    sources = [str(c.value) for row in workbook["Nguồn"].iter_rows() for c in row if c.value]
    assert "Đơn vị gửi lại số liệu" in sources and any(NEW in s and COMMUNES in s for s in sources)
    assert tthc("score", PERIOD, "--direct").stdout.count("Unchanged") == 1


def test_the_same_bytes_in_another_folder_are_another_input(city: Path, sent_again: Callable[[], None]) -> None:
    sent_again()
    below = dict(read_inputs(Job.of(PERIOD, city, None)).raw.hashes)
    shutil.move(city / "raw" / PERIOD / NEW, city / "raw" / PERIOD / "na-tau.xlsx")
    beside = dict(read_inputs(Job.of(PERIOD, city, None)).raw.hashes)
    assert below[NEW] == beside["na-tau.xlsx"] and NEW not in beside


def test_check_asks_who_accepted_it(city: Path, tthc: Tthc, sent_again: Callable[[], None]) -> None:
    sent_again()
    done = tthc("check", PERIOD, "--all")
    assert "chưa ghi lý do và người chấp nhận" in done.stdout and "sheet “Thay thế”" in done.stdout
    assert f"{NEW}: số liệu đơn vị gửi lại" in done.stdout
    declare(city)
    assert "chưa ghi lý do và người chấp nhận" not in tthc("check", PERIOD, "--all").stdout


def test_a_second_form_takes_the_declaration(city: Path, tthc: Tthc, sent_again: Callable[[], None]) -> None:
    """A form of corrections that is filled in stays; the declaration may stand in a new one beside it."""
    sent_again()
    raw = city / "raw" / PERIOD
    (raw / "dieu-chinh.xlsx").rename(raw / "dieu-chinh-cu.xlsx")
    assert tthc("forms", PERIOD).returncode == 0
    declare(city)
    said = tthc("check", PERIOD, "--all").stdout
    assert "chưa ghi lý do và người chấp nhận" not in said and "Xã Pá Khoang: 15,11" in said
