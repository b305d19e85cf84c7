"""A quarter run after others were published: what is compared with what, and when that makes a new revision."""

import csv
import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from commands import Tthc

from flows.steps.job import Job
from flows.steps.scoring_steps import read_inputs, run
from pipeline.publish import atomic_files
from pipeline.publish.ledger import LEDGER

EXPORT = Callable[..., bytes]
SIGN = ("sign", "2022-Q1", "r1", "--number", "85/BC-UBND", "--date", "2022-03-18", "--despite", "thử")
HISTORY = ("past_damaged", "continuity_broken", "unit_vanished", "unit_appeared", "share_jumps")
ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV"}


def out(office: Path, period: str, revision: str = "r1") -> Path:
    return office / "out" / period / revision


def findings(office: Path, period: str, revision: str = "r1") -> list[dict[str, str]]:
    text = (out(office, period, revision) / "findings.csv").read_text("utf-8-sig")
    return [row for row in csv.DictReader(text.splitlines()) if row["code"] in HISTORY]


def said(office: Path, period: str, revision: str = "r1") -> list[tuple[str, str, str, str]]:
    return [(f["code"], f["unit_id"], f["found"], f["expected"]) for f in findings(office, period, revision)]


def past(office: Path, period: str, revision: str = "r1") -> list[tuple[str, str]]:
    manifest = json.loads((out(office, period, revision) / "manifest.json").read_text("utf-8"))
    return [(used["period"], used["revision"]) for used in manifest["past"]]


@pytest.fixture
def put(office: Path, export: EXPORT) -> Callable[[str, tuple], None]:
    """A quarter's export."""

    def write(period: str, rows: tuple) -> None:
        folder = office / "raw" / period
        folder.mkdir(exist_ok=True)
        name = f"Quý {ROMAN[period[-1]]} năm {period[:4]}"
        (folder / "cong.xlsx").write_bytes(export(rows, name))

    return write


def with_carried(rows: tuple, unit: int, carried: int) -> tuple:
    """One unit has so many carried over, and as many fewer direct ones, so that its row still adds up."""
    row = list(rows[unit])
    row[2], row[3] = row[2] + row[3] - carried, carried
    return (*rows[:unit], tuple(row), *rows[unit + 1 :])


@pytest.fixture
def agreeing(published: None, put: Callable[[str, tuple], None], rows: tuple) -> tuple:
    """2022-Q1 published; the rows of a second quarter that goes on where it ended, put as 2022-Q2."""
    following = []
    for name, online, direct, carried, early, on_time, late, left, over in rows:
        pending = left + over
        following.append((name, online, direct + carried - pending, pending, early, on_time, late, left, over))
    put("2022-Q2", tuple(following))
    return tuple(following)


def test_a_quarter_that_goes_on_where_the_last_one_ended_has_nothing_to_say(
    office: Path, agreeing: tuple, tthc: Tthc
) -> None:
    done = tthc("score", "2022-Q2", "--direct")
    assert done.returncode == 0, done.stderr
    assert said(office, "2022-Q2") == []
    assert (past(office, "2022-Q1"), past(office, "2022-Q2")) == ([], [("2022-Q1", "r1")])
    assert "Unchanged" in tthc("score", "2022-Q2", "--direct").stdout
    assert "Unchanged" in tthc("score", "2022-Q1", "--direct").stdout


def test_what_does_not_go_on_is_told_in_every_output(
    office: Path, agreeing: tuple, put: Callable[[str, tuple], None], tthc: Tthc
) -> None:
    changed = with_carried(agreeing, 1, 4)  # Phòng B left nothing pending
    name, online, direct, carried, early, on_time, late, left, over = changed[2]
    put(
        "2022-Q2",
        (*changed[:2], (name, online, direct, carried, early - 120, on_time, late + 120, left, over), changed[3]),
    )
    checked = tthc("check", "2022-Q2", "--all")
    assert "“Phòng B”: kỳ trước chuyển qua 4, nhưng quý I năm 2022 (bản r1) còn đang giải quyết 0" in checked.stdout
    done = tthc("score", "2022-Q2", "--direct")
    assert done.returncode == 0, done.stderr
    assert said(office, "2022-Q2") == [
        ("continuity_broken", "phong-b", "4", "0"),
        (
            "share_jumps", "xa-c", "trước hạn 67,2% (270/402)； quá hạn 30,3% (122/402)",
            "trước hạn quý I/2022 97% (390/402)； quá hạn quý I/2022 0,5% (2/402)",
        ),
    ]  # fmt: skip
    assert findings(office, "2022-Q2")[0]["cell"] == "F10"
    sheet = openpyxl.load_workbook(out(office, "2022-Q2") / "doi-chieu.xlsx")["Phát hiện"]
    cells = [str(c.value) for row in sheet.iter_rows() for c in row]
    report = (out(office, "2022-Q2") / "bao-cao.md").read_text("utf-8")
    assert any("chuyển qua 4, nhưng quý I năm 2022" in c for c in cells)
    assert "chuyển qua 4, nhưng quý I năm 2022" in report


def test_the_signed_revision_is_compared_though_a_newer_one_stands(
    office: Path, agreeing: tuple, rows: tuple, put: Callable[[str, tuple], None], tthc: Tthc
) -> None:
    tthc(*SIGN)
    name, online, direct, carried, early, on_time, late, left, over = rows[1]
    put("2022-Q1", (rows[0], (name, online, direct + 2, carried, early, on_time, late, left + 2, over), *rows[2:]))
    tthc("score", "2022-Q1", "--direct")
    assert json.loads((office / "out" / "2022-Q1" / "current.json").read_text())["revision"] == "r2"
    tthc("score", "2022-Q2", "--direct")
    assert (said(office, "2022-Q2"), past(office, "2022-Q2")) == ([], [("2022-Q1", "r1")])
    tthc("sign", "2022-Q1", "r2", "--number", "97/BC-UBND", "--date", "2022-04-20", "--replace", "--despite", "thử")
    tthc("score", "2022-Q2", "--direct")
    assert said(office, "2022-Q2", "r2") == [("continuity_broken", "phong-b", "0", "2")]
    assert past(office, "2022-Q2", "r2") == [("2022-Q1", "r2")]


def test_a_new_revision_of_the_quarter_before_is_a_new_one_of_this_and_its_ground(
    office: Path, agreeing: tuple, rows: tuple, put: Callable[[str, tuple], None], tthc: Tthc
) -> None:
    tthc("score", "2022-Q2", "--direct")
    tthc(*SIGN)  # of the revision that stands: nothing else is compared now
    assert "Unchanged" in tthc("score", "2022-Q2", "--direct").stdout
    # as if it had never been signed
    (office / "out" / "2022-Q1" / "ky-ban-hanh.json").unlink()
    max((office / "out" / LEDGER).iterdir()).unlink()
    put("2022-Q1", with_carried(rows, 0, 11))
    tthc("score", "2022-Q1", "--direct")
    assert "bản r2" in tthc("score", "2022-Q2", "--direct").stdout
    page = (out(office, "2022-Q2", "r2") / "thay-doi.md").read_text("utf-8")
    assert "| Kỳ trước đã có bản mới: quý I năm 2022 | r1 (" in page
    assert "Tệp đầu vào: không thay đổi." in page
    sheet = openpyxl.load_workbook(out(office, "2022-Q2", "r2") / "doi-chieu.xlsx")["Thay đổi"]
    assert "Kỳ trước đã có bản mới: quý I năm 2022" in {c.value for row in sheet.iter_rows() for c in row}
    assert "Unchanged" in tthc("score", "2022-Q2", "--direct").stdout


@pytest.mark.parametrize("what", ["counts.csv", "manifest.json", "everything", "edited"])
def test_a_damaged_quarter_before_is_told_and_the_period_is_scored(
    office: Path, agreeing: tuple, put: Callable[[str, tuple], None], tthc: Tthc, what: str
) -> None:
    put("2022-Q2", with_carried(agreeing, 1, 4))
    folder = out(office, "2022-Q1")
    if what == "edited":  # still a manifest, and no longer the one that was published
        text = (folder / "manifest.json").read_text("utf-8")
        (folder / "manifest.json").write_text(text.replace('"reason": ""', '"reason": "sửa tay"'), "utf-8")
    else:
        for path in [p for p in folder.rglob("*") if p.is_file()] if what == "everything" else [folder / what]:
            path.write_bytes(path.read_bytes()[:-40])
    done = tthc("score", "2022-Q2", "--direct")
    assert done.returncode == 0, done.stderr
    (found,) = findings(office, "2022-Q2")
    assert found["code"] == "past_damaged" and found["severity"] == "warning"
    assert "Kỳ này không so được với quý đó" in found["message"] and str(office) not in found["message"]
    assert "Unchanged" in tthc("score", "2022-Q2", "--direct").stdout


def test_a_file_that_only_people_read_may_have_been_saved_again(office: Path, agreeing: tuple, tthc: Tthc) -> None:
    (out(office, "2022-Q1") / "doi-chieu.xlsx").write_bytes(b"saved by a spreadsheet program")
    tthc("score", "2022-Q2", "--direct")
    assert (said(office, "2022-Q2"), past(office, "2022-Q2")) == ([], [("2022-Q1", "r1")])


def test_where_the_signed_revision_is_gone_the_current_one_is_compared_and_that_is_told(
    office: Path, agreeing: tuple, rows: tuple, put: Callable[[str, tuple], None], tthc: Tthc
) -> None:
    tthc(*SIGN)
    put("2022-Q1", with_carried(rows, 0, 11))
    tthc("score", "2022-Q1", "--direct")
    (out(office, "2022-Q1") / "manifest.json").unlink()
    tthc("score", "2022-Q2", "--direct")
    (found,) = findings(office, "2022-Q2")
    assert found["message"].startswith("quý I năm 2022 – r1: manifest.json thiếu hoặc không đọc được")
    assert found["message"].endswith("Kỳ này so với bản r2.")
    assert past(office, "2022-Q2") == [("2022-Q1", "r2")]


def test_four_quarters_are_looked_at_and_gaps_are_left(
    office: Path, rows: tuple, put: Callable[[str, tuple], None]
) -> None:
    for period in ("2020-Q1", "2020-Q4", "2021-Q1", "2021-Q2", "2021-Q4"):
        put(period, rows)
        run(Job.of(period, office, None))
    (office / "out" / "2022-Q2").mkdir()  # later, and nothing in it
    (office / "out" / "2021-Q3").mkdir()
    found = read_inputs(Job.of("2022-Q1", office, None)).past
    assert [str(q.period) for q in found] == ["2021-Q4", "2021-Q2", "2021-Q1", "2020-Q4"]


def test_the_flow_compares_too(office: Path, agreeing: tuple, put: Callable[[str, tuple], None]) -> None:
    put("2022-Q2", with_carried(agreeing, 1, 4))
    from flows.steps import tasks  # loads Prefect: only here
    from flows.steps.tasks import Handle

    job = Handle(Job.of("2022-Q2", office, None))
    inputs = Handle(read_inputs(job.value))
    for step in (tasks.check_counts_task, tasks.check_inputs_task):
        checked = step.fn(job, inputs).value
        assert "continuity_broken" in set(checked.findings["code"])


# --- late dossiers of which nothing was entered ------------------------------------------------------------


def late(office: Path, revision: str = "r1", folder: str = "2022-Q1") -> list[dict[str, str]]:
    text = (office / "out" / folder / revision / "findings.csv").read_text("utf-8-sig")
    return [row for row in csv.DictReader(text.splitlines()) if row["code"] == "late_without_contacts"]


@pytest.mark.usefixtures("published")
def test_late_dossiers_without_contacts_are_told_with_the_default_used(office: Path) -> None:
    (found,) = late(office)
    assert found["severity"] == "notice"
    assert found["message"].startswith("Có 5 hồ sơ giải quyết quá hạn (“Phòng B” 3, “Xã C” 2), nhưng ô số lần liên hệ")
    assert "hồ sơ trễ hạn là liên hệ một lần" in found["message"]
    assert "coi là không có hồ sơ nào bị phản ánh" in found["message"]


@pytest.mark.parametrize("column", ["Không phải liên hệ lần nào", "complaints"])
def test_an_entry_of_either_kind_ends_the_notice_of_its_unit(office: Path, tthc: Tthc, column: str) -> None:
    tthc("forms", "2022-Q1")
    path = office / "raw" / "2022-Q1" / "bo-sung.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["Số liệu bổ sung"]
    row = next(r for r in range(6, 20) if sheet.cell(r, 2).value == "Phòng B")
    entries = {9: 0, 10: 0, 11: 1} if column == "complaints" else {3: 20, 4: 5, 5: 0}
    for at, value in entries.items():
        sheet.cell(row, at).value = value
    book.save(path)
    tthc("score", "2022-Q1", "--direct")
    (found,) = late(office)
    assert (found["unit_id"], found["found"], found["cell"]) == ("xa-c", "2 hồ sơ giải quyết quá hạn", "J11")


def test_a_rulebook_without_defaults_does_not_count_and_says_so_itself(office: Path, tthc: Tthc) -> None:
    tthc("score", "2022-Q1", "--direct", "--rulebook", "tt-01-2018")
    assert late(office, folder="2022-Q1/phuong-an/tt-01-2018") == []


def test_a_share_that_is_away_for_a_moment_publishes_nothing_and_says_so(
    office: Path, tthc: Tthc, agreeing: tuple, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = atomic_files.regular_bytes

    def refuse(path: Path, **options: Any) -> bytes:
        if path.name == "manifest.json":
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE), str(path))
        return read(path, **options)

    with monkeypatch.context() as patch:
        patch.setattr(atomic_files, "regular_bytes", refuse)
        for command in (("score", "2022-Q2", "--direct"), ("check", "2022-Q2"), ("history",)):
            done = tthc(*command)
            assert done.returncode == 1 and "đang gián đoạn" in done.stderr and "manifest.json" in done.stderr
    assert not out(office, "2022-Q2").exists()
    assert tthc("score", "2022-Q2", "--direct").returncode == 0
    assert past(office, "2022-Q2") == [("2022-Q1", "r1")]
