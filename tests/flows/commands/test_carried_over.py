"""`tthc forms` after quarters were published: what comes over, from which quarter, and what is said of it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
from commands import Done, Tthc

from pipeline.load.forms.fill_form import fill_form

BS = "bo-sung.xlsx"
REASON = "Đã kiểm tra tại chỗ, toàn bộ TTHC qua Một cửa"
Rows = Sequence[Mapping[str, object]]
ENTRIES: dict[str, Rows] = {
    "BS-01": [{"unit": "Phòng A", "procedures_total": 36}, {"unit": "Xã C", "procedures_total": 157}],
    "BS-02": [
        {
            "unit": "Phòng B", "rulebook": "qd-1187-2019", "criterion": "6", "option": "2", "reason": REASON,
            "source": "Biên bản 3/BB-VP",
        }
    ],
    "BS-03": [{"officer": "Công chức 1", "unit": "Phòng A", "position": "Một cửa"}],
    "BS-04": [
        {"role": "Căn cứ", "title": "Quyết định", "number": "1187/QĐ-UBND"},
        {"role": "Văn bản chỉ đạo của cấp trên", "title": "Công văn", "number": "7/VPUB", "subject": "về chấm điểm TTHC"},
    ],
    "BS-05": [
        {"field": "Cơ quan ban hành", "value": "UBND huyện A"},
        {"field": "Tên địa bàn", "value": "huyện A"},
        {"field": "Chức vụ người ký", "value": "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"},
        {"field": "Phương hướng nhiệm vụ kỳ sau (mục 3)", "value": "Tiếp tục công khai TTHC."},
    ],
}  # fmt: skip
SHEETS = ("Số liệu bổ sung", "Đánh giá trực tiếp", "Công chức", "Văn bản", "Thông tin báo cáo")


def path(office: Path, period: str) -> Path:
    return office / "raw" / period / BS


def enter(office: Path, period: str, entries: Mapping[str, Rows]) -> None:
    book = openpyxl.load_workbook(path(office, period))
    for code, rows in entries.items():
        fill_form(book, code, rows)
    book.save(path(office, period))


def confirm(office: Path, period: str, *sheets: str) -> None:
    book = openpyxl.load_workbook(path(office, period))
    for name in sheets:
        cell = next(c for c in book[name][3] if c.value == "chưa")
        cell.value = "rồi"
    book.save(path(office, period))


def carried(office: Path, period: str) -> dict[str, str]:
    """Sheet -> the quarter that its answers are of."""
    book = openpyxl.load_workbook(path(office, period))
    questions = {name: next((str(c.value) for c in book[name][3] if c.value), "") for name in SHEETS}
    return {name: text.split()[3].rstrip(",") for name, text in questions.items() if text.startswith("Điền sẵn theo")}


def quarter(office: Path, export, period: str, rows: tuple) -> None:
    (office / "raw" / period).mkdir(exist_ok=True)
    names = {"1": "I", "2": "II", "3": "III", "4": "IV"}
    export_bytes = export(rows, f"Quý {names[period[-1]]} năm {period[:4]}")
    (office / "raw" / period / "cong.xlsx").write_bytes(export_bytes)


@pytest.fixture
def first(office: Path, tthc: Tthc) -> Done:
    """2022-Q1 published with entries in every sheet of bo-sung.xlsx."""
    tthc("forms", "2022-Q1")
    enter(office, "2022-Q1", ENTRIES)
    done = tthc("score", "2022-Q1", "--direct")
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.usefixtures("first")
def test_a_quarter_that_was_not_published_loses_nothing(office: Path, tthc: Tthc, export, rows) -> None:
    quarter(office, export, "2022-Q2", rows)
    tthc("forms", "2022-Q2")  # filled in by nobody, never published
    quarter(office, export, "2022-Q3", rows)
    done = tthc("forms", "2022-Q3")
    assert carried(office, "2022-Q3") == dict.fromkeys(SHEETS, "2022-Q1")
    assert "theo quý I năm 2022, bản r1" in done.stdout
    assert "Quý liền trước (quý II năm 2022) không có bản công bố dùng được nên lấy từ quý I năm 2022." in done.stdout

    confirm(office, "2022-Q3", *SHEETS)
    assert tthc("score", "2022-Q3", "--direct").returncode in (0, 3)
    report = (office / "out" / "2022-Q3" / "r1" / "bao-cao.md").read_text("utf-8")
    assert "**KT. CHỦ TỊCH** |\n" in report and "**PHÓ CHỦ TỊCH** |\n" in report
    assert (
        "- Tiếp tục công khai TTHC." in report and "trên địa bàn huyện A" in report and "Công văn số 7/VPUB" in report
    )
    scores = (office / "out" / "2022-Q3" / "r1" / "criterion_scores.csv").read_text("utf-8-sig")
    assert f"{REASON} (nguồn: Biên bản 3/BB-VP)" in scores
    tthc("forms", "2022-Q4")  # the reason came through two forms unchanged
    book = openpyxl.load_workbook(path(office, "2022-Q4"))
    assert [c.value for c in book["Đánh giá trực tiếp"][6]][4:] == [REASON, "Biên bản 3/BB-VP"]


@pytest.mark.usefixtures("first")
def test_a_quarter_published_without_them_loses_nothing_either(office: Path, tthc: Tthc, export, rows) -> None:
    quarter(office, export, "2022-Q2", rows)
    tthc("forms", "2022-Q2")
    confirm(office, "2022-Q2", "Văn bản")
    assert tthc("score", "2022-Q2", "--direct").returncode in (0, 3)
    done = tthc("forms", "2022-Q3")
    assert carried(office, "2022-Q3") == {**dict.fromkeys(SHEETS, "2022-Q1"), "Văn bản": "2022-Q2"}
    lines = [line.strip() for line in done.stdout.splitlines() if "Điền sẵn" in line]
    assert len(lines) == 2 and "(sheet “Văn bản”) theo quý II năm 2022, bản r1" in lines[0]
    assert "theo quý I năm 2022, bản r1" in lines[1] and "“Văn bản”" not in lines[1]


@pytest.mark.usefixtures("first")
def test_the_signed_revision_is_taken_and_a_newer_unsigned_one_is_mentioned(office: Path, tthc: Tthc) -> None:
    tthc("sign", "2022-Q1", "r1", "--number", "85/BC-UBND", "--date", "2022-03-18", "--despite", "thử")
    enter(office, "2022-Q1", {"BS-05": [{"field": "Tên địa bàn", "value": "huyện B"}]})
    assert tthc("score", "2022-Q1", "--direct").returncode == 0
    done = tthc("forms", "2022-Q2")
    assert "bản r1 đã ký 85/BC-UBND" in done.stdout
    assert "Bản r2 của quý I năm 2022 mới hơn nhưng chưa ký: không lấy từ bản đó." in done.stdout
    values = [c.value for c in openpyxl.load_workbook(path(office, "2022-Q2"))["Thông tin báo cáo"]["B"]]
    assert "huyện A" in values and "huyện B" not in values


@pytest.mark.usefixtures("first")
def test_what_the_office_s_own_file_states_is_not_filled_in(office: Path, tthc: Tthc) -> None:
    """It was entered in the form of the first quarter; the file says it since, and its word is used."""
    office_file = office / "reference" / "office.toml"
    stated = '\n[[documents]]\nrole = "basis"\ntitle = "Quyết định"\nnumber = "1187/QĐ-UBND"\n'
    office_file.write_text(office_file.read_text("utf-8") + stated, "utf-8")
    done = tthc("forms", "2022-Q2")
    assert "Mục đã ghi ở office.toml không được điền sẵn" in done.stdout
    book = openpyxl.load_workbook(path(office, "2022-Q2"))
    values = [c.value for c in book["Thông tin báo cáo"]["B"]]
    assert "huyện A" in values and "UBND huyện A" not in values
    assert [c.value for c in book["Văn bản"]["C"]][5:7] == ["7/VPUB", None]


@pytest.mark.usefixtures("first")
def test_units_that_ended_and_new_ones_are_named(office: Path, tthc: Tthc) -> None:
    registry = office / "reference" / "units.csv"
    lines = registry.read_text("utf-8").replace("xa-c,Xã C,unit,xa,xa,,,,,", "xa-c,Xã C,unit,xa,xa,,,2022-03-14,xa-m,")
    registry.write_text(lines + "xa-m,Xã M,unit,xa,xa,,2022-03-15,,,\n", "utf-8")
    done = tthc("forms", "2022-Q2")
    assert "Không điền số của đơn vị không còn trong kỳ này: Xã C." in done.stdout
    assert "Đơn vị mới so với quý I năm 2022, không có gì để điền sẵn: Xã M." in done.stdout
    sheet = openpyxl.load_workbook(path(office, "2022-Q2"))["Số liệu bổ sung"]
    totals = {sheet.cell(r, 2).value: sheet.cell(r, 12).value for r in range(6, 12)}
    assert totals["Phòng A"] == 36 and totals["Xã M"] is None and "Xã C" not in totals


@pytest.mark.usefixtures("first")
def test_a_table_altered_after_publication_fills_nothing_in(office: Path, tthc: Tthc) -> None:
    table = office / "out" / "2022-Q1" / "r1" / "documents.csv"
    table.write_text(table.read_text("utf-8").replace("1187", "9999"), "utf-8")
    done = tthc("forms", "2022-Q2")
    assert "documents.csv không có hoặc đã bị sửa" in done.stdout
    assert "Văn bản" not in carried(office, "2022-Q2") and "Thông tin báo cáo" in carried(office, "2022-Q2")


@pytest.mark.usefixtures("first")
def test_no_assessment_comes_over_where_its_rulebook_does_not_apply(office: Path, tthc: Tthc) -> None:
    tthc("forms", "2025-Q3")
    assert set(carried(office, "2025-Q3")) == {*SHEETS} - {"Đánh giá trực tiếp"}


def test_a_first_quarter_has_nothing_to_carry_over(office: Path, tthc: Tthc) -> None:
    done = tthc("forms", "2022-Q1")
    assert (
        carried(office, "2022-Q1") == {}
        and "Điền sẵn" not in openpyxl.load_workbook(path(office, "2022-Q1")).sheetnames
    )
    assert "ô nền xanh" not in done.stdout and "không có bản công bố" not in done.stdout


@pytest.mark.usefixtures("first")
def test_confirming_one_sheet_ends_no_reminder(office: Path, tthc: Tthc, export, rows) -> None:
    quarter(office, export, "2022-Q3", rows)
    tthc("forms", "2022-Q3")
    done = tthc("check", "2022-Q3", "--all")
    assert "4 chưa gửi" in done.stdout and "chưa ai xác nhận: chưa ô nào được dùng" in done.stdout
    draft = office / "out" / "2022-Q3" / "ra-soat" / "don-doc.md"
    before = draft.read_text("utf-8")
    confirm(office, "2022-Q3", "Số liệu bổ sung")
    done = tthc("check", "2022-Q3", "--all")
    assert "4 chưa gửi" in done.stdout and draft.read_text("utf-8") == before
    assert "còn nguyên như 2022-Q1 được dùng, theo xác nhận" in done.stdout
    assert "Sheet “Văn bản”" in done.stdout and "chưa được xác nhận, nên không được dùng" in done.stdout
    # nor does an edit of one of these cells
    book = openpyxl.load_workbook(path(office, "2022-Q3"))
    sheet = book["Số liệu bổ sung"]
    sheet.cell(next(r for r in range(6, 12) if sheet.cell(r, 2).value == "Phòng A"), 12).value = 37
    book.save(path(office, "2022-Q3"))
    assert "4 chưa gửi" in tthc("check", "2022-Q3", "--all").stdout and draft.read_text("utf-8") == before


@pytest.mark.usefixtures("first")
def test_a_unit_s_own_workbook_shows_its_figures_of_then_and_enters_none(office: Path, tthc: Tthc) -> None:
    tthc("forms", "2022-Q3")
    (name,) = (office / "raw" / "2022-Q3" / "phieu-gui-di").glob("phieu_phong-a_*.xlsx")
    sheet = openpyxl.load_workbook(name)["Phiếu"]
    row = next(r for r in range(1, sheet.max_row + 1) if sheet.cell(r, 2).value == "Tổng số TTHC")
    assert sheet.cell(row, 4).value is None and str(sheet.cell(row, 6).value).endswith(" Theo 2022-Q1: 36.")
