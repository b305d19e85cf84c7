"""Revisions as an office lives with them: history, signing, a report that replaces another, later quarters."""

import getpass
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from commands import Tthc, tree
from upgrades import without_ledger

from flows.steps.job import Job
from flows.steps.scoring_steps import run

PUT = Callable[..., None]
SIGN = ("sign", "2022-Q1", "r1", "--number", "85/BC-UBND", "--date", "2022-03-18", "--despite", "thử")


def out(office: Path, period: str = "2022-Q1") -> Path:
    return office / "out" / period


def record(office: Path, revision: str, period: str = "2022-Q1") -> dict[str, object]:
    read: dict[str, object] = json.loads((out(office, period) / revision / "manifest.json").read_text())
    return read


def report(office: Path, revision: str) -> str:
    return (out(office) / revision / "bao-cao.md").read_text("utf-8")


@pytest.fixture
def corrected(put: PUT, rows: tuple) -> Callable[[int], None]:
    """Replace the export: Xã C resolves `n` dossiers late that were on time."""

    def change(n: int) -> None:
        name, online, direct, before, early, on_time, late, in_time, overdue = rows[2]
        put((*rows[:2], (name, online, direct, before, early, on_time - n, late + n, in_time, overdue), rows[3]))

    return change


@pytest.fixture
def next_quarter(office: Path) -> Callable[[str], None]:
    """The same export as another quarter's."""

    def make(period: str) -> None:
        raw = office / "raw" / period
        raw.mkdir()
        data = (office / "raw" / "2022-Q1" / "cong.xlsx").read_bytes()
        book = openpyxl.load_workbook(io.BytesIO(data))
        book.active["A3"] = f"Kỳ báo cáo: Quý {'I' * int(period[-1])} năm {period[:4]}"
        book.save(raw / "cong.xlsx")

    return make


# --- history ---------------------------------------------------------------------------------------------


def test_history_of_nothing(office: Path, tthc: Tthc) -> None:
    assert tthc("history").stdout == "Chưa công bố bản nào trong data/out.\n"
    assert tthc("history", "2022-Q1").stdout == "Chưa công bố bản nào của quý I năm 2022.\n"
    assert tthc("history", "2022-Q7").returncode == 2
    assert not (office / "out").exists()


def test_history_lists_revisions_with_who_why_and_findings(
    office: Path, tthc: Tthc, put: PUT, broken_rows: tuple
) -> None:
    tthc("score", "2022-Q1", "--direct", "--by", "Chuyên viên một cửa")
    put(broken_rows)
    tthc("score", "2022-Q1", "--direct", "--reason", "Xã D gửi lại", "--by", "Văn phòng")
    done = tthc("history")
    assert done.returncode == 0, done.stderr
    title, head, first, second, below, *missing = done.stdout.splitlines()
    assert title == "Quý I năm 2022 (2022-Q1)"
    heads = ["", "Bản", "Công bố lúc", "Người yêu cầu", "Lỗi", "Cảnh báo", "Lưu ý", "Để riêng", "Tình trạng", "Lý do"]
    assert re.split(" {2,}", head) == heads
    for line in (first, second):
        assert line[head.index("Người")] != " " and line[head.index("Người") - 1] == " "
    assert "Chuyên viên một cửa" in first and "hiện hành" not in first
    at = head.index("Tình trạng")
    listed = record(office, "r2")["before_signature"]
    state = f"hiện hành; dự thảo (còn {len(listed)} việc trước khi ký)"  # type: ignore[arg-type]
    assert re.split(" {2,}", second[at:]) == [state, "Xã D gửi lại"]
    counts = record(office, "r2")["findings"]
    assert second[:at].split()[-4:] == [str(counts[s]) for s in ("error", "warning", "notice")] + ["1"]  # type: ignore[index]
    assert below.strip() == "để riêng: Xã D"
    assert "Chưa được chấm: “Xã D”" in missing[0] and all("trước khi ký: " in line for line in missing[:8])
    assert missing[8].strip().startswith("và ")


@pytest.mark.usefixtures("published")
def test_history_shows_alternatives_and_what_is_broken(
    office: Path, tthc: Tthc, corrected: Callable[..., None]
) -> None:
    tthc("score", "2022-Q1", "--direct", "--rulebook", "tt-01-2018")
    corrected(1)
    tthc("score", "2022-Q1", "--direct")
    (out(office) / "r3").mkdir()
    (out(office) / "r1" / "counts.csv").write_text("sửa tay")
    said = tthc("history", "2022-Q1").stdout
    assert "Phương án theo tt-01-2018 (không ký ban hành):" in said
    assert said.count("hiện hành") == 2
    assert "đã bị sửa sau khi công bố" in said and "thiếu hoặc bị sửa: counts.csv" in said
    assert "hỏng: manifest.json thiếu hoặc không đọc được" in said
    assert "Không còn như đã công bố: 2022-Q1/r1, 2022-Q1/r3." in said


@pytest.mark.usefixtures("published")
def test_who_asked_is_the_login_unless_said_and_changes_nothing(office: Path, tthc: Tthc) -> None:
    assert record(office, "r1")["requested_by"] == getpass.getuser()
    assert "Unchanged" in tthc("score", "2022-Q1", "--direct", "--by", "người khác").stdout
    files = tree(out(office) / "r1")
    assert not any(getpass.getuser().encode() in data for name, data in files.items() if name.endswith((".md", ".csv")))


# --- signing ---------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("published")
def test_signing_is_recorded_and_shown_and_an_unchanged_run_stays_unchanged(office: Path, tthc: Tthc) -> None:
    before = tree(out(office) / "r1")
    done = tthc(*SIGN, "--by", "văn thư")
    assert done.returncode == 0, done.stderr
    assert "bản r1 đã ký ban hành (Báo cáo số 85/BC-UBND ngày 18/3/2022)" in done.stdout
    assert tree(out(office) / "r1") == before
    assert json.loads((out(office) / "ky-ban-hanh.json").read_text())["signings"][0]["recorded_by"] == "văn thư"
    assert "hiện hành; đã ký 85/BC-UBND ngày 18/3/2022" in tthc("history").stdout
    assert "Unchanged" in tthc("score", "2022-Q1", "--direct").stdout
    assert not (out(office) / "r2").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("r2", "--number", "85/BC-UBND", "--date", "2022-03-18"), 2, "Không có bản “r2”"),
        (("phuong-an/tt-01-2018/r1", "--number", "85/BC-UBND", "--date", "2022-03-18"), 2, "phương án"),
        (("r1", "--number", "85", "--date", "2022-03-18"), 2, "viết như 85/BC-UBND"),
        (("r1", "--number", "85/BC-UBND", "--date", "18-3"), 2, "viết như 18/3/2022 hoặc 2022-03-18"),
        (("r1", "--number", "85/BC-UBND", "--date", "2021-03-18"), 2, "trước ngày cuối"),
        (("r1", "--number", "85/BC-UBND"), 2, "thiếu"),
    ],
)
@pytest.mark.usefixtures("published")
def test_signing_what_cannot_be_signed(
    office: Path, tthc: Tthc, arguments: tuple[str, ...], status: int, said: str
) -> None:
    tthc("score", "2022-Q1", "--direct", "--rulebook", "tt-01-2018")
    before = tree(office)
    done = tthc("sign", "2022-Q1", *arguments)
    assert (done.returncode, said in done.stderr) == (status, True), done.stderr
    assert tree(office) == before


def test_signing_a_period_without_revisions_makes_no_folder(office: Path, tthc: Tthc) -> None:
    assert tthc(*SIGN).returncode == 2
    assert not (office / "out").exists()


@pytest.mark.usefixtures("published")
def test_signing_an_altered_revision_or_a_second_one(office: Path, tthc: Tthc, corrected: Callable[..., None]) -> None:
    corrected(1)
    tthc("score", "2022-Q1", "--direct")
    assert tthc(*SIGN).returncode == 0
    again = tthc("sign", "2022-Q1", "r2", "--number", "97/BC-UBND", "--date", "2022-04-20")
    assert again.returncode == 1
    assert "Bản r1 đã ký" in again.stderr and "--replace" in again.stderr
    (out(office) / "r2" / "counts.csv").write_text("sửa tay")
    altered = tthc("sign", "2022-Q1", "r2", "--number", "97/BC-UBND", "--date", "2022-04-20", "--replace")
    assert altered.returncode == 1
    assert "counts.csv thiếu hoặc đã bị sửa" in altered.stderr


# --- a report that replaces a signed one -----------------------------------------------------------------

REPLACES = "*(Thay thế Báo cáo số 85/BC-UBND ngày 18/3/2022 của "


@pytest.mark.usefixtures("published")
def test_a_new_revision_of_a_signed_period_says_what_it_replaces(
    office: Path, tthc: Tthc, corrected: Callable[..., None]
) -> None:
    assert "hay thế" not in report(office, "r1").split("## 1.")[0]
    tthc(*SIGN)
    corrected(1)
    tthc("score", "2022-Q1", "--direct")
    heading = report(office, "r2").split("## 1.")[0].splitlines()
    line = next(i for i, text in enumerate(heading) if text.startswith(REPLACES))
    assert heading[line - 2].startswith("## Kết quả chấm điểm")
    assert heading[line - 1] == heading[line + 1] == ""
    assert record(office, "r2")["replaces"] == "Báo cáo số 85/BC-UBND ngày 18/3/2022"
    assert "thay thế Báo cáo số 85/BC-UBND ngày 18/3/2022" in tthc("history").stdout
    assert "Unchanged" in tthc("score", "2022-Q1", "--direct").stdout


@pytest.mark.usefixtures("published")
def test_signing_the_replacing_report_is_no_change_and_the_third_replaces_the_second(
    office: Path, tthc: Tthc, corrected: Callable[..., None]
) -> None:
    tthc(*SIGN)
    corrected(1)
    tthc("score", "2022-Q1", "--direct")
    second = ("sign", "2022-Q1", "r2", "--number", "97/BC-UBND", "--date", "2022-04-20", "--replace")
    done = tthc(*second, "--despite", "thử")
    assert done.returncode == 0, done.stderr
    assert "Unchanged" in tthc("score", "2022-Q1", "--direct").stdout
    corrected(2)
    tthc("score", "2022-Q1", "--direct")
    assert record(office, "r3")["replaces"] == "Báo cáo số 97/BC-UBND ngày 20/4/2022"
    assert "đã ký 85/BC-UBND ngày 18/3/2022, nay đã được thay thế (ký khi còn thiếu" in tthc("history").stdout


@pytest.mark.usefixtures("published")
def test_signing_an_earlier_revision_makes_the_current_one_replace_it_once(
    office: Path, tthc: Tthc, corrected: Callable[..., None]
) -> None:
    corrected(1)
    tthc("score", "2022-Q1", "--direct")
    assert "so sánh với kỳ này dùng bản đã ký r1" in tthc(*SIGN).stdout
    tthc("score", "2022-Q1", "--direct")
    assert REPLACES in report(office, "r3")
    assert "Unchanged" in tthc("score", "2022-Q1", "--direct").stdout


@pytest.mark.usefixtures("published")
def test_an_alternative_replaces_nothing(office: Path, tthc: Tthc) -> None:
    tthc(*SIGN)
    tthc("score", "2022-Q1", "--direct", "--rulebook", "tt-01-2018")
    text = (out(office) / "phuong-an" / "tt-01-2018" / "r1" / "bao-cao.md").read_text("utf-8")
    assert "hay thế Báo cáo" not in text


@pytest.mark.usefixtures("published")
def test_an_altered_file_of_signings_is_taken_from_the_ledger_and_reported(
    office: Path, tthc: Tthc, corrected: Callable[..., None]
) -> None:
    tthc(*SIGN)
    corrected(1)
    before = (out(office) / "ky-ban-hanh.json").read_bytes()
    (out(office) / "ky-ban-hanh.json").write_text("")
    assert "Chú ý: ky-ban-hanh.json thiếu hoặc đã bị sửa" in tthc("history").stdout
    done = tthc("score", "2022-Q1", "--direct")
    assert "Chú ý: ky-ban-hanh.json thiếu hoặc đã bị sửa; các lần ký được lấy từ sổ công bố." in done.stdout
    assert record(office, "r2")["replaces"].startswith("Báo cáo số 85/BC-UBND")
    assert (out(office) / "ky-ban-hanh.json").read_bytes() == before


@pytest.mark.usefixtures("published")
def test_an_unreadable_record_of_a_program_without_a_ledger_stops_the_run(
    office: Path, tthc: Tthc, corrected: Callable[..., None]
) -> None:
    without_ledger(office / "out")
    corrected(1)
    (out(office) / "ky-ban-hanh.json").write_text("")
    done = tthc("score", "2022-Q1", "--direct")
    assert done.returncode == 1
    assert "ky-ban-hanh.json không đọc được" in done.stderr
    assert not (out(office) / "r2").exists()
    assert "Chú ý: " in tthc("history").stdout


# --- what changed ----------------------------------------------------------------------------------------


def sheet_rows(path: Path) -> list[tuple[object, ...]]:
    sheet = openpyxl.load_workbook(path)["Thay đổi"]
    return [tuple(c or "" for c in row) for row in sheet.iter_rows(min_row=4, values_only=True)]


@pytest.mark.usefixtures("published")
def test_page_sheet_and_diff_say_the_same(office: Path, tthc: Tthc, corrected: Callable[..., None]) -> None:
    assert "Thay đổi" not in openpyxl.load_workbook(out(office) / "r1" / "doi-chieu.xlsx").sheetnames
    corrected(3)
    tthc("score", "2022-Q1", "--direct", "--reason", "Xã C: trả muộn")
    page = (out(office) / "r2" / "thay-doi.md").read_text("utf-8")
    assert tthc("diff", "2022-Q1", "r1", "r2").stdout == page
    rows = sheet_rows(out(office) / "r2" / "doi-chieu.xlsx")
    assert ("Số liệu", "Xã C", "Đã giải quyết quá hạn", "2", "5") in rows
    sections = {row[0] for row in rows}
    assert {"Tóm tắt", "Tệp đầu vào", "Số liệu", "Tổng điểm và điểm trung bình"} <= sections
    lines = [[c.strip() for c in x.strip("|").split("|")] for x in page.splitlines() if x.startswith("| ")]
    printed = [cells for cells in lines if cells[0] not in {"Tóm tắt", "Tệp", "Đơn vị", "Mục"}]
    assert [[c for c in row[1:] if c] for row in rows] == [[c for c in cells if c] for cells in printed]
    title = openpyxl.load_workbook(out(office) / "r2" / "doi-chieu.xlsx")["Thay đổi"]
    assert title["A1"].value == "Thay đổi: quý I năm 2022, bản r2 so với bản r1"
    assert "Lý do: Xã C: trả muộn" in title["A2"].value


# --- later quarters --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("published")
def test_a_run_warns_that_a_later_published_quarter_builds_on_it(
    office: Path, tthc: Tthc, next_quarter: Callable[[str], None], corrected: Callable[..., None]
) -> None:
    for period in ("2022-Q2", "2022-Q3"):
        next_quarter(period)
    assert tthc("score", "2022-Q2", "--direct").returncode == 0
    (office / "out" / "2022-Q3").mkdir()  # nothing published in it
    unchanged = tthc("score", "2022-Q1", "--direct").stdout
    assert "Unchanged" in unchanged and "Chú ý: Đã công bố quý II năm 2022, tính tiếp từ kỳ này" in unchanged
    corrected(1)
    done = tthc("score", "2022-Q1", "--direct")
    assert "Chú ý: Đã công bố quý II năm 2022" in done.stdout
    assert "quý III" not in done.stdout
    assert "later_published" in (out(office) / "r2" / "findings.csv").read_text("utf-8")
    assert "tthc check 2022-Q2" in tthc("check", "2022-Q1", "--all").stdout
    assert "later_published" not in (out(office, "2022-Q2") / "r1" / "findings.csv").read_text("utf-8")


def test_who_asked_is_passed_through_the_job(office: Path) -> None:
    outcome = run(Job.of("2022-Q1", office, None, requested_by="  Văn   phòng "))
    assert outcome.manifest.requested_by == "Văn phòng"


def filled_supplement(office: Path, tthc: Tthc) -> None:
    """bo-sung of 2022-Q1 with the number of procedures of Xã C and the place, which the office's file does not state."""
    tthc("forms", "2022-Q1")
    path = office / "raw" / "2022-Q1" / "bo-sung.xlsx"
    book = openpyxl.load_workbook(path)
    sheet, fields = book["Số liệu bổ sung"], book["Thông tin báo cáo"]
    row = next(r for r in range(6, 20) if sheet.cell(r, 2).value == "Xã C")
    for column, value in ((12, 157), (13, 157), (17, 1), (18, 1), (19, 0)):
        sheet.cell(row, column).value = value
    fields.cell(_row_of(fields, PLACE), 2).value = "Mẫu"
    book.save(path)


PLACE = "Địa danh ghi trên báo cáo"


def _row_of(fields: Any, label: str) -> int:
    return next(r for r in range(6, 40) if fields.cell(r, 1).value == label)


def test_a_new_form_holds_what_the_signed_revision_of_the_quarter_before_says(office: Path, tthc: Tthc) -> None:
    filled_supplement(office, tthc)
    tthc("score", "2022-Q1", "--direct")
    tthc("sign", "2022-Q1", "r1", "--number", "85/BC-UBND", "--date", "2022-03-18", "--despite", "thử")
    path = office / "raw" / "2022-Q1" / "bo-sung.xlsx"
    book = openpyxl.load_workbook(path)
    fields = book["Thông tin báo cáo"]
    fields.cell(_row_of(fields, PLACE), 2).value = "Mẫu sau khi ký"
    book.save(path)
    tthc("score", "2022-Q1", "--direct")  # r2, not signed
    done = tthc("forms", "2022-Q2")
    assert done.returncode == 0 and "Điền sẵn 3 ô" in done.stdout
    assert "quý I năm 2022, bản r1 đã ký 85/BC-UBND" in done.stdout
    book = openpyxl.load_workbook(office / "raw" / "2022-Q2" / "bo-sung.xlsx")
    values = [[c.value for c in row] for row in book["Điền sẵn"].iter_rows(min_row=6)]
    assert values == [
        ["BS-01", "Xã C", "Tổng số TTHC", "157"],
        ["BS-01", "Xã C", "Tiếp nhận, trả kết quả tại Một cửa", "157"],
        ["BS-05", PLACE, "Nội dung", "Mẫu"],
    ]


def test_nothing_is_filled_in_from_tables_changed_since_publication(office: Path, tthc: Tthc) -> None:
    filled_supplement(office, tthc)
    tthc("score", "2022-Q1", "--direct")
    (office / "out" / "2022-Q1" / "r1" / "supplement.csv").write_bytes(b"unit_id,item\r\n")
    said = tthc("forms", "2022-Q2").stdout
    assert "supplement.csv không có hoặc đã bị sửa" in said and "Điền sẵn 1 ô" in said


def test_without_a_quarter_before_the_form_is_blank(office: Path, tthc: Tthc) -> None:
    assert "Điền sẵn" not in tthc("forms", "2022-Q2").stdout
    assert "Điền sẵn" not in openpyxl.load_workbook(office / "raw" / "2022-Q2" / "bo-sung.xlsx").sheetnames
