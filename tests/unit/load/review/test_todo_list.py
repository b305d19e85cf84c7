"""The to-do list: what blocks most comes first, each cause once, at most ten lines, nothing forgotten."""

import io
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from offices import OFFICE
from openpyxl import load_workbook
from repository import ROOT

from pipeline import quarter
from pipeline.finding_catalogue import catalogue, findings_frame
from pipeline.findings import Finding
from pipeline.load.review.marked_copies import MarkedCopies
from pipeline.load.review.period_state import obstacles_to_signing
from pipeline.load.review.review_summary import review_summary
from pipeline.load.review.review_workbook import render_review
from pipeline.load.review.todo_list import MOST_LINES, TodoLine, shown_lines, todo_lines
from pipeline.periods import Period
from pipeline.result import Scored
from pipeline.rulebooks import choose
from pipeline.score.finding_of_units import finding_of_units
from pipeline.validate.submission_status import returns_status
from schemas.frames import Explanations

PERIOD = Period(2022, 1)
COMMUNES = "II.06a-xa-phuong.xlsx"


def scored_files(files: dict[str, bytes]) -> Scored:
    registry = (ROOT / "data/reference/units.csv").read_bytes()
    return quarter.score(quarter.check(quarter.read_period(PERIOD, files, registry)), choose(PERIOD, None, OFFICE))


@pytest.fixture(scope="module")
def sample_files() -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(Path(ROOT / "data/raw/2022-Q1").glob("*.xlsx"))}


@pytest.fixture(scope="module")
def sample(sample_files: dict[str, bytes]) -> Scored:
    return scored_files(sample_files)


def todo(scored: Scored, findings: list[Finding] | None = None) -> tuple[TodoLine, ...]:
    """The list of a period with these findings instead of its own."""
    order = {unit: n for n, unit in enumerate(scored.checked.entities["unit_id"])}
    frame = scored.findings if findings is None else findings_frame(findings, order)
    found = replace(scored, findings=frame, checked=replace(scored.checked, findings=frame))
    return todo_lines(found, returns_status(found.checked))


def wrong(unit: str, cell: str, file: str = COMMUNES, sheet: str = "II.06a") -> Finding:
    return Finding(
        "identity_broken", unit, file, sheet, cell, "701", "704", {"row": unit, "what": "a + b = 704", "cells": ""}
    )


QUESTION = Finding("layout_open", "", "la.xlsx", "Trang", "4:5", "cột K “Nhóm một”", facts={"why": ""})
UNREADABLE = Finding("file_unreadable", "", "hong.xlsx", found="tệp hỏng")
MISSING = [Finding("unit_missing", u, found=u) for u in ("nam-thanh", "tan-thanh")]
ROW = Finding("unit_unknown", "", COMMUNES, "II.06a", "B30", "Xã Lạ", facts={"near": ""})
CLASS = Finding("class_unknown", found="chưa rõ quy tắc", facts={"row": "2 đơn vị"}, units=("thanh-tra", "kinh-te"))
GAP = Finding("stt_gap", "", "tu-cham.xlsx", "Điểm đã in", "A13", "8", "6")


def test_what_blocks_most_comes_first(sample: Scored) -> None:
    lines = todo(sample, [GAP, CLASS, *MISSING, ROW, wrong("noong-bua", "C12"), UNREADABLE, QUESTION])
    places = [line.place for line in lines]
    assert places == [
        "la.xlsx › Trang › dòng 4–5", "hong.xlsx", f"{COMMUNES} › II.06a › C12", f"{COMMUNES} › II.06a › B30", "", "",
        "tu-cham.xlsx › Điểm đã in › A13",
    ]  # fmt: skip
    assert lines[4].cause.startswith(f"{catalogue()['unit_missing'].title}: 2 đơn vị (Phường Nam Thanh; ")
    assert lines[0].action == catalogue()["layout_open"].step and lines[3].consequence == ""


def test_the_cells_of_one_unit_are_one_line_with_their_number(sample: Scored) -> None:
    (line,) = todo(sample, [wrong("noong-bua", f"{c}12") for c in "CGHIJK"])
    assert line.cause == "Phường Noong Bua: số liệu không khớp (6 chỗ)"
    assert line.place == f"{COMMUNES} › II.06a › C12, G12, H12, I12 và 2 ô khác"
    assert line.consequence == "đơn vị chưa được chấm điểm" and line.findings == (0, 1, 2, 3, 4, 5)


def test_units_have_a_line_each_while_there_is_room_and_one_together_beyond(sample: Scored) -> None:
    units = [u for u in sample.checked.entities["unit_id"] if u not in ("huyen", "xa")][:12]
    few = todo(sample, [wrong(u, f"C{n}") for n, u in enumerate(units[:10], 11)])
    assert len(few) == 10 and all(len(line.findings) == 1 for line in few)
    (many,) = todo(sample, [wrong(u, f"C{n}") for n, u in enumerate(units, 11)])
    assert many.cause.startswith("Số liệu không khớp: 12 đơn vị (") and many.cause.endswith("; 9 nơi khác)")
    assert many.consequence == "12 đơn vị chưa được chấm điểm" and many.findings == tuple(range(12))


def test_more_than_ten_things_are_counted_and_where_they_are_is_named() -> None:
    lines = [TodoLine(f"Việc {n}", "", "Làm.") for n in range(14)]
    shown = shown_lines(lines, "sổ rà soát")
    assert len(shown) == MOST_LINES == 10 and list(shown[:9]) == lines[:9]
    assert (shown[9].cause, shown[9].action) == ("Còn 5 việc nữa", "Xem sổ rà soát.")
    assert list(shown_lines(lines[:10], "")) == lines[:10]


def test_units_that_wait_for_a_file_are_counted_in_its_line(sample: Scored) -> None:
    units = ("noong-bua", "him-lam")
    broken = Finding("table_merged_deadline", "", COMMUNES, "II.06a", "H9", "Trước và đúng hạn", units=units)
    follows = [
        Finding(
            "correction_no_count",
            "him-lam",
            "dieu-chinh.xlsx",
            found="x",
            facts={"row": "x", "label": "y", "correction": "DC-1", "form": "x"},
        ),
        Finding("officer_without_score", "noong-bua", found="x", facts={"row": "x"}),
    ]
    (line,) = todo(sample, [broken, *follows])
    assert line.consequence == "2 đơn vị chưa có số liệu để chấm (Phường Noong Bua; Phường Him Lam)"
    # a cause that is not found leaves the units themselves
    waiting = [
        Finding("unit_in_file_set_aside", u, COMMUNES, "II.06a", "B12", COMMUNES, facts={"row": u}) for u in units
    ]
    assert [line.findings for line in todo(sample, waiting)] == [(0,), (1,)]


def test_what_follows_from_an_error_of_a_unit_is_no_line(sample: Scored) -> None:
    follows = [
        Finding("assessment_not_possible", "noong-bua", found="x", expected="y", facts={"row": "x"}),
        Finding("level_without_units", "xa", found="Phường Noong Bua", facts={"level": "Cấp xã"}),
    ]
    assert len(todo(sample, [wrong("noong-bua", "C12"), *follows])) == 1
    assert len(todo(sample, follows)) == 2
    correction = Finding(
        "correction_no_count",
        "nam-thanh",
        "dieu-chinh.xlsx",
        "Điều chỉnh",
        "E6",
        facts={"correction": "DC-01", "row": "x", "label": "y"},
    )
    assert len(todo(sample, [*MISSING, correction])) == 1


def test_notices_are_no_work_but_an_unused_column_is_where_criteria_are_missing(sample: Scored) -> None:
    unused = Finding("column_ignored", "", COMMUNES, "II.06a", "H9", "Nhóm một")
    assert todo(sample, [unused]) == ()
    reduced = Finding(
        "maximum_reduced",
        found="16",
        expected="18",
        facts={"row": "2 đơn vị", "labels": "tiêu chí 1"},
        units=("him-lam", "noong-bua"),
    )
    assert [line.place for line in todo(sample, [reduced, unused])] == [f"{COMMUNES} › II.06a › H9", ""]
    # of a form the column is the analyst's own
    assert len(todo(sample, [reduced, replace(unused, file="bo-sung.xlsx")])) == 1


def test_workbooks_that_did_not_come_back_are_one_line(sample: Scored) -> None:
    checked = replace(sample.checked, supplement=sample.checked.supplement.iloc[:0], findings=findings_frame([]))
    scored = replace(sample, checked=checked, findings=findings_frame([]))
    sent_out = ["him-lam", "noong-bua", "noi-vu"]  # the last has no dossiers
    summary = review_summary(scored, sent_out)
    (line,) = summary.todo
    assert line.cause == "Chưa gửi phiếu: 2 đơn vị (Phường Noong Bua; Phường Him Lam)"
    assert "2 còn chờ (Phường Noong Bua, Phường Him Lam)" in summary.state[0]


def test_late_dossiers_without_a_reason_are_one_line_and_an_obstacle(sample: Scored) -> None:
    fields = sample.checked.report_fields
    entered = fields.loc[~fields["field"].str.startswith("late_reason:xa")]
    scored = replace(sample, checked=replace(sample.checked, report_fields=entered, findings=findings_frame([])))
    scored = replace(scored, findings=findings_frame([]))
    late = sample.checked.figures
    units = sample.checked.entities.loc[lambda e: (e["level"] == "xa") & (e["kind"] == "unit"), "unit_id"]
    number = int(late.loc[(late["measure"] == "resolved_late") & late["unit_id"].isin(units), "value"].sum())
    assert number > 0
    (line,) = todo_lines(scored, returns_status(scored.checked))
    assert line.cause.startswith(f"Chưa giải trình {number} hồ sơ quá hạn: ")
    assert "có hồ sơ quá hạn chưa rõ lý do" in obstacles_to_signing(scored)
    counts = late.loc[late["measure"] == "resolved_late"].set_index("unit_id")["value"]
    rows = [
        {
            "unit_id": unit,
            "measure": "resolved_late",
            "count": int(counts.get(unit, 0)),
            "status": "stands",
            "explanation_id": f"GT-{n}",
        }
        for n, unit in enumerate(units)
    ]
    texts = {c: "" for c, t in Explanations.empty().dtypes.items() if t == "str"}
    frame = pd.DataFrame([{**texts, "reason": "other", **row} for row in rows], columns=Explanations.empty().columns)
    explained = replace(scored, checked=replace(scored.checked, explanations=frame))
    assert todo_lines(explained, returns_status(explained.checked)) == ()


def test_obstacles_name_what_a_check_knows(sample: Scored) -> None:
    assert obstacles_to_signing(sample) == [
        "có đơn vị chưa rõ phân loại",
        "mục còn trống trong báo cáo: họ tên người ký",
    ]
    blank = replace(
        sample,
        checked=replace(
            sample.checked,
            report_fields=sample.checked.report_fields.iloc[:0],
            documents=sample.checked.documents.iloc[:0],
        ),
    )
    (fields,) = (o for o in obstacles_to_signing(blank) if o.startswith("mục còn trống"))
    for name in ("chức vụ người ký", "địa danh ghi trên báo cáo", "nơi nhận", "văn bản làm căn cứ"):
        assert name in fields
    assert "số, ký hiệu" not in fields  # the signing records it
    assert review_summary(blank).state[2].startswith("Chưa ký được: có đơn vị chưa rõ phân loại; mục còn trống")


def test_a_missing_export_is_the_first_line_and_no_unit_is_ready_twice(sample_files: dict[str, bytes]) -> None:
    scored = scored_files({n: d for n, d in sample_files.items() if n != COMMUNES})
    summary = review_summary(scored)
    assert summary.todo[0].cause.startswith("Thiếu số liệu của đơn vị: 12 đơn vị (")
    assert summary.state[0].startswith("Đơn vị: 9 sẵn sàng; 12 còn chờ (") and "1 không có hồ sơ" in summary.state[0]
    assert any(o.startswith("12 đơn vị chưa được chấm") for o in obstacles_to_signing(scored))


# --- the first sheet of the workbook -----------------------------------------------------------------------


def sheet_of(scored: Scored, copies: MarkedCopies, folder: str = "."):
    return load_workbook(io.BytesIO(render_review(scored, copies, folder)))


def test_the_workbook_opens_on_the_list_and_each_line_leads_to_its_cell(sample: Scored) -> None:
    lines = todo(sample)
    first = next(n for n, line in enumerate(lines) if line.place.startswith("bo-sung.xlsx"))
    position = lines[first].findings[0]
    copies = MarkedCopies(locations={position: ("bo-sung.danh-dau.xlsx", "'Số liệu bổ sung'!C6")})
    book = sheet_of(sample, copies, "../../out/2022-Q1/ra-soat")
    sheet = book.worksheets[0]
    assert (sheet.title, book.active.title) == ("Việc cần làm", "Việc cần làm")
    rows = list(sheet.iter_rows(min_row=4, max_row=3 + len(lines)))
    assert [row[1].value for row in rows] == [line.cause for line in lines]
    assert [row[0].value for row in rows] == list(range(1, len(lines) + 1))
    link = rows[first][2].hyperlink
    assert (link.target, link.location) == ("../../out/2022-Q1/ra-soat/bo-sung.danh-dau.xlsx", "'Số liệu bổ sung'!C6")
    for row, line in zip(rows, lines, strict=True):
        if position not in line.findings:  # without a copy: to the row of the finding
            at = row[2].hyperlink.location
            assert at == f"'Phát hiện'!A{4 + line.findings[0]}"
            assert book["Phát hiện"][at.split("!")[1]].value in ("Lỗi", "Cảnh báo")
    assert sheet["A2"].value == "\n".join(review_summary(sample).state)


def test_the_sheet_of_units_counts_findings_about_several_units(sample: Scored) -> None:
    scored = replace(sample, findings=findings_frame([CLASS, wrong("kinh-te", "C12")]))
    rows = {r[0]: r for r in sheet_of(scored, MarkedCopies())["Đơn vị"].iter_rows(min_row=3, values_only=True)}
    heads = list(rows["Đơn vị"])
    errors, warnings, titles = (heads.index(h) for h in ("Lỗi", "Cảnh báo", "Các phát hiện"))
    assert (rows["Thanh tra"][errors], rows["Thanh tra"][warnings]) == (0, 1)
    assert (rows["Phòng Kinh tế"][errors], rows["Phòng Kinh tế"][warnings]) == (1, 1)
    assert rows["Phòng Kinh tế"][titles] == "Số liệu không khớp; Chưa rõ quy tắc phân loại"
    assert not rows["Phòng Giáo dục"][titles]


def test_a_finding_about_many_units_names_each_of_them(sample_files: dict[str, bytes]) -> None:
    scored = scored_files({n: d for n, d in sample_files.items() if n != "bo-sung.xlsx"})
    rows = [r for r in scored.findings.to_dict("records") if len(r["units"].split("; ")) > 5]
    assert {"maximum_reduced"} <= {r["code"] for r in rows}
    names = dict(zip(scored.checked.entities["unit_id"], scored.checked.entities["name"], strict=True))
    for row in rows:
        assert all(names[u] in row["message"] for u in row["units"].split("; ")), row["code"]


# --- the catalogue -----------------------------------------------------------------------------------------


def test_a_step_is_short_and_has_no_placeholder() -> None:
    steps = {code: entry.step for code, entry in catalogue().items() if entry.step}
    assert len(steps) > 40
    assert [c for c, s in steps.items() if len(s) > 110 or "{" in s or not s.endswith(".")] == []


def test_a_long_list_of_units_is_shortened_and_what_is_wrong_stays(sample: Scored) -> None:
    rows = sample.unit_scores.iloc[:5]
    found = finding_of_units("maximum_reduced", rows, "12", "18", labels="tiêu chí 6, 7, 8")
    (line,) = todo(sample, [found])
    first, *_, last = rows["name"]
    assert line.cause.startswith(f"5 đơn vị ({first}; ") and "; 2 nơi khác): không tính tiêu chí 6, 7, 8" in line.cause
    assert last not in line.cause
