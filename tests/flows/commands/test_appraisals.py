"""A form of appraisals from `tthc forms` to the published revision."""

import csv
import json
from pathlib import Path

import openpyxl
from commands import Tthc

TD = "tham-dinh.xlsx"
SHEET = "Thẩm định"


def fill(office: Path, unit: str, number: str, *cells: object) -> None:
    """Columns from “Thẩm định” on: appraisal, reason, appraiser."""
    path = office / "raw" / "2022-Q1" / TD
    book = openpyxl.load_workbook(path)
    sheet = book[SHEET]
    rows = range(6, sheet.max_row + 1)
    row = next(r for r in rows if sheet.cell(r, 1).value == unit and sheet.cell(r, 2).value.startswith(f"{number}. "))
    for column, value in enumerate(cells, 6):
        sheet.cell(row, column).value = value
    book.save(path)


def computed(office: Path) -> dict[tuple[str, str], object]:
    sheet = openpyxl.load_workbook(office / "raw" / "2022-Q1" / TD)[SHEET]
    return {
        (sheet.cell(r, 1).value, sheet.cell(r, 2).value[0]): sheet.cell(r, 4).value for r in range(6, sheet.max_row)
    }


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_form_shows_todays_scores_until_somebody_enters_something(
    office: Path, tthc: Tthc, put, broken_rows
) -> None:
    (office / "raw" / "2022-Q1" / "cong.xlsx").rename(office / "cong.xlsx")
    assert "cột Hệ thống tính để trống" in tthc("forms", "2022-Q1").stdout
    assert set(computed(office).values()) == {None}
    (office / "cong.xlsx").rename(office / "raw" / "2022-Q1" / "cong.xlsx")
    assert "Đã cập nhật điểm" in tthc("forms", "2022-Q1").stdout
    seen = computed(office)
    assert (seen["Phòng A", "1"], seen["Phòng A", "6"], seen["Xã D", "1"]) == (1.63, "không tính", 1.9)
    put(broken_rows)
    assert "Đã cập nhật điểm" in tthc("forms", "2022-Q1").stdout
    assert computed(office)["Xã D", "1"] == "không chấm"
    fill(office, "Phòng A", "6", 2, "biên bản kiểm tra số 5", "Công chức 1")
    kept = (office / "raw" / "2022-Q1" / TD).read_bytes()
    tthc("forms", "2022-Q1")
    assert (office / "raw" / "2022-Q1" / TD).read_bytes() == kept


def test_a_note_beside_the_form_is_somebodys_too(office: Path, tthc: Tthc, put, broken_rows) -> None:
    tthc("forms", "2022-Q1")
    path = office / "raw" / "2022-Q1" / TD
    book = openpyxl.load_workbook(path)
    book.create_sheet("Ghi chú")["A1"] = "hỏi lại xã D"
    book.save(path)
    kept = path.read_bytes()
    put(broken_rows)
    tthc("forms", "2022-Q1")
    assert path.read_bytes() == kept


def test_an_appraisal_scores_what_figures_cannot_and_nothing_else(office: Path, tthc: Tthc) -> None:
    tthc("forms", "2022-Q1")
    tthc("score", "2022-Q1", "--direct")
    fill(office, "Phòng A", "6", 2, "biên bản kiểm tra số 5", "Công chức 1")
    fill(office, "Phòng A", "1", 2, "theo tôi là 2", "Công chức 1")
    done = tthc("score", "2022-Q1", "--direct")
    assert done.returncode == 0, done.stderr
    before, after = (office / "out" / "2022-Q1" / name for name in ("r1", "r2"))
    scores = {(r["unit_id"], r["criterion"]): r for r in rows_of(after, "criterion_scores.csv")}
    desk = scores["phong-a", "desk"]
    assert (desk["printed"], desk["basis"]) == ("2", "appraised")
    assert desk["explanation"] == "biên bản kiểm tra số 5 (người thẩm định: Công chức 1)"
    assert scores["phong-a", "total_time"]["printed"] == "1.63"
    unit = next(r for r in rows_of(after, "unit_scores.csv") if r["unit_id"] == "phong-a")
    old = next(r for r in rows_of(before, "unit_scores.csv") if r["unit_id"] == "phong-a")
    assert float(unit["total"]) == float(old["total"]) + 2 and float(unit["total_max"]) == float(old["total_max"]) + 2
    assert unit["officer_average"] == old["officer_average"]
    beside = {(r["unit_id"], r["criterion"]): r for r in rows_of(after, "appraisals.csv")}
    assert set(beside) == {("phong-a", "desk"), ("phong-a", "total_time")}
    assert (beside["phong-a", "desk"]["used"], beside["phong-a", "total_time"]["used"]) == ("appraised", "computed")
    found = {r["code"]: r for r in rows_of(after, "findings.csv")}
    assert {"appraisal_used", "appraisal_differs"} <= set(found)
    evidence = [r for r in rows_of(after, "criterion_evidence.csv") if r["origin"] == "appraised"]
    assert [(r["unit_id"], r["criterion"]) for r in evidence] == [("phong-a", "desk")]

    report = (after / "bao-cao.md").read_text("utf-8")
    annex = report[report.index("### I. ") :]
    assert "không bao giờ được dùng" in annex and "biên bản kiểm tra số 5" in annex and "theo tôi là 2" in annex
    assert "Tiêu chí 6 theo thẩm định" in report[: report.index("Phụ lục nguồn số liệu")]
    sheet = openpyxl.load_workbook(after / "doi-chieu.xlsx")[SHEET]
    texts = [str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None]
    assert "Điểm tự chấm chỉ để so sánh" in texts[1] and "biên bản kiểm tra số 5" in texts

    changes = (after / "thay-doi.md").read_text("utf-8")
    assert "## Thẩm định (2)" in changes and "2 – Công chức 1 – biên bản kiểm tra số 5 (báo cáo dùng)" in changes
    record = json.loads((after / "manifest.json").read_text("utf-8"))
    assert TD in {i["path"] for i in record["inputs"]} and "appraisals.csv" in record["files"]
    assert "Unchanged" in tthc("score", "2022-Q1", "--direct").stdout


def test_another_reason_alone_is_told_as_a_change(office: Path, tthc: Tthc) -> None:
    tthc("forms", "2022-Q1")
    fill(office, "Phòng A", "6", 2, "biên bản kiểm tra số 5", "Công chức 1")
    tthc("score", "2022-Q1", "--direct")
    fill(office, "Phòng A", "6", 2, "biên bản kiểm tra số 6", "Công chức 2")
    tthc("score", "2022-Q1", "--direct")
    changes = (office / "out" / "2022-Q1" / "r2" / "thay-doi.md").read_text("utf-8")
    assert "## Thẩm định (1)" in changes and "số 5" in changes and "Công chức 2 – biên bản kiểm tra số 6" in changes
    assert "Không có số liệu, điểm, thứ hạng hay xếp loại nào thay đổi." in changes


def test_an_alternative_leaves_the_appraisals_of_the_other_rulebook_alone(office: Path, tthc: Tthc) -> None:
    tthc("forms", "2022-Q1")
    fill(office, "Phòng A", "6", 2, "biên bản kiểm tra số 5", "Công chức 1")
    assert tthc("score", "2022-Q1", "--direct", "--rulebook", "tt-01-2018").returncode == 0
    folder = office / "out" / "2022-Q1" / "phuong-an" / "tt-01-2018" / "r1"
    assert "appraisal_other_rulebook" in {r["code"] for r in rows_of(folder, "findings.csv")}
    assert rows_of(folder, "appraisals.csv") == []


def test_a_revision_from_before_there_were_appraisals_can_be_compared(office: Path, tthc: Tthc) -> None:
    from pipeline.publish.revision_diff import changes
    from pipeline.publish.revision_tables import read_frames
    from pipeline.publish.revisions import read_manifest

    tthc("score", "2022-Q1", "--direct")
    folder = office / "out" / "2022-Q1" / "r1"
    tables = {p.name: p.read_bytes() for p in folder.glob("*.csv")}
    older = read_frames({n: b for n, b in tables.items() if n != "appraisals.csv"}, read_manifest(folder))
    assert changes(older, read_frames(tables, read_manifest(folder))).appraisals == ()
