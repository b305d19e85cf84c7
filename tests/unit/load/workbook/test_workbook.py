"""The workbooks of a revision: the frames' values, ready to print, nothing a spreadsheet program would run."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.load.content.display_names import origin_text
from pipeline.load.excel.text_size import POINTS_PER_UNIT, line_count, row_height
from pipeline.load.workbook.checking_workbook import render_checking
from pipeline.load.workbook.signed_workbook import render_signed
from pipeline.load.workbook.unit_results import render_unit_results
from pipeline.periods import Period
from pipeline.publish.published_scores import PublishedScore, PublishedScores
from pipeline.result import Scored, Stamp
from pipeline.rulebooks import installed
from schemas.frames import Assessments
from schemas.measures import COUNT_NAMES

City = Callable[..., Scored]
AUDIT = (
    "Trước khi ký", "Phát hiện", "So với số đã in", "Chi tiết điểm", "Số đã dùng", "Xếp hạng", "So sánh xếp loại",
    "Thẩm định", "Số liệu", "Số liệu bổ sung", "Điều chỉnh", "Mất điểm",
)  # fmt: skip


def opened(scored: Scored, stamp: Stamp) -> Workbook:
    """Both workbooks as one: the forms, then the tables for checking, each sheet under its name."""
    signed, checking = (
        openpyxl.load_workbook(io.BytesIO(render(scored, stamp))) for render in (render_signed, render_checking)
    )
    for sheet in checking.worksheets[1:]:
        signed._sheets.append(sheet)
    return signed


@pytest.fixture(scope="module")
def workbook(city: City, stamp: Stamp) -> Workbook:
    """The workbook of the unchanged city, opened. No test changes it."""
    return opened(city(), stamp)


def texts(ws: Worksheet) -> list[str]:
    return [c.value for row in ws.iter_rows() for c in row if isinstance(c.value, str)]


def row_of(ws: Worksheet, text: str, column: int = 2) -> list[object]:
    return next([c.value for c in row] for row in ws.iter_rows() if row[column - 1].value == text)


def table(ws: Worksheet) -> pd.DataFrame:
    """An audit sheet read back: header in row 3."""
    rows = [[c.value for c in row] for row in ws.iter_rows(min_row=3)]
    return pd.DataFrame(rows[1:], columns=rows[0])


def test_the_sheets_and_their_order(workbook: Workbook) -> None:
    forms = ["Mục lục", "Biểu 03 – cấp huyện", "Biểu 03 – cấp xã", "Biểu 01", "Tổng hợp", "Biểu đồ"]
    assert workbook.sheetnames == [*forms, *AUDIT, "Nguồn"]


@pytest.mark.parametrize("render", [render_signed, render_checking])
def test_the_contents_link_to_every_other_sheet_in_their_order(city: City, stamp: Stamp, render: Any) -> None:
    book = openpyxl.load_workbook(io.BytesIO(render(scored_with_ranks(city()), stamp)))
    links = [c.hyperlink.location for row in book["Mục lục"].iter_rows() for c in row if c.hyperlink]
    assert links == [f"'{name}'!A1" for name in book.sheetnames[1:]]
    assert book.active.title == "Mục lục"


def scored_with_ranks(scored: Scored) -> Scored:
    ranks = pd.array([1, 2, None, 1, None, None], dtype="Int64")
    return dataclasses.replace(scored, unit_scores=scored.unit_scores.assign(rank=ranks))


def test_every_score_links_to_its_counts_and_every_count_to_its_source(city: City, stamp: Stamp) -> None:
    scored = city()
    source = "bang|1.xlsx!S!F5"
    evidence = scored.criterion_evidence.assign(source=pd.array([source] * len(scored.criterion_evidence), dtype="str"))
    book = openpyxl.load_workbook(
        io.BytesIO(render_checking(dataclasses.replace(scored, criterion_evidence=evidence), stamp))
    )
    details, used, counts = book["Chi tiết điểm"], book["Số đã dùng"], book["Số liệu"]
    place = row_of(details, "1. Thời gian giải quyết")
    assert place[0] == "Cấp thành phố"
    linked = next(c for c in details[4] if c.hyperlink)
    sheet, cells = linked.hyperlink.location.split("!")
    assert sheet == "'Số đã dùng'"
    rows = [[c.value for c in row] for row in used[cells]]
    assert {(r[0], r[1]) for r in rows} == {("Cấp thành phố", "1. Thời gian giải quyết")}
    assert [r[4] for r in rows] == [2007, 2, 1, 2010]
    assert [r[7] for r in rows] == ["bang|1.xlsx › S › F5"] * 4
    target = used["H4"].hyperlink.location
    assert target == "'Số liệu'!A4:H4"
    assert [c.value for c in counts[4]][5:8] == ["bang|1.xlsx", "S", "F5"]


def test_the_public_copy_names_no_officer(city: City, stamp: Stamp) -> None:
    scored = city(fields={"disclosure_note:huyen": "do Công chức 1 niêm yết"})
    named = openpyxl.load_workbook(io.BytesIO(render_signed(scored, stamp)))
    public = openpyxl.load_workbook(io.BytesIO(render_signed(scored, stamp, public=True)))
    assert any("Công chức 1" in t for ws in named for t in texts(ws))
    assert not [t for ws in public for t in texts(ws) if "Công chức 1" in t]
    assert row_of(public["Biểu 01"], "Cấp thành phố")[2] == 1
    assert "9.96" not in {str(c.value) for row in public["Biểu 01"].iter_rows() for c in row}


def test_each_unit_gets_its_own_result(city: City, stamp: Stamp) -> None:
    scored = scored_with_ranks(city())
    earlier = {"u-a": PublishedScore("Phòng A", "huyen", False, "scored", 3, 4, 2, "Khá")}
    other = {"u-a": PublishedScore("Phòng A", "huyen", False, "scored", 1, 4, 9, "Kém")}
    history = [
        PublishedScores(Period(2021, 3), "r1", False, "qd-khac", "0", other),
        PublishedScores(Period(2021, 4), "r1", True, "qd-thu-2020", "1", earlier),
    ]
    files = render_unit_results(scored, stamp, history)
    assert len(files) == len(scored.unit_scores) and len({f.casefold() for f in files}) == len(files)
    book = openpyxl.load_workbook(io.BytesIO(files["ket-qua/phong a.xlsx"]))
    said = "\n".join(texts(book["Kết quả"]))
    assert "Xếp thứ 1 trong 2 đơn vị được xếp hạng của “Cấp thành phố”" in said
    assert "16 ÷ 10 = 1,6" in said
    assert row_of(book["Kết quả"], "Quý IV năm 2021", 1)[2:6] == [3, 4, 2, "Khá"]
    assert "Quý III năm 2021" not in said  # scored under another rulebook
    assert len(book["Kết quả"]._charts) == 1
    assert row_of(book["Biểu 03"], "Trước hạn")[3] == 7
    reason = openpyxl.load_workbook(io.BytesIO(files["ket-qua/xa f.xlsx"]))
    assert reason.sheetnames == ["Kết quả"]
    assert any("Tiếp nhận 9 hồ sơ nhưng đã giải quyết 18 hồ sơ" in t for t in texts(reason["Kết quả"]))
    assert files == render_unit_results(scored, stamp, history)


def test_very_long_names_and_notes_are_not_cut_off(city: City, stamp: Stamp) -> None:
    note = "hồ sơ chờ cơ quan phối hợp trả lời " * 25
    scored = city()
    long = scored.criterion_scores.assign(explanation=pd.array([note] * len(scored.criterion_scores), dtype="str"))
    book = openpyxl.load_workbook(
        io.BytesIO(render_checking(dataclasses.replace(scored, criterion_scores=long), stamp))
    )
    ws = book["Chi tiết điểm"]
    column = next(c for c in ws[3] if c.value == "Giải thích").column_letter
    points = ws.column_dimensions[column].width * POINTS_PER_UNIT
    needed = row_height(line_count(note, 11, points), 11)
    assert needed <= ws.row_dimensions[4].height <= 409


def test_unit_rows_hold_the_frames_numbers(city: City, stamp: Stamp) -> None:
    scored = city()
    ranked = scored.unit_scores.assign(rank=pd.array([1, 2, None, 1, None, None], dtype="Int64"))
    ws = opened(dataclasses.replace(scored, unit_scores=ranked), stamp)["Tổng hợp"]
    names = [ws.cell(4, c).value or ws.cell(5, c).value for c in range(1, ws.max_column + 1)]
    row = dict(zip(names, row_of(ws, "Phòng A"), strict=True))
    want = ranked.loc[ranked["unit_id"] == "u-a"].iloc[0]
    printed = scored.criterion_scores.loc[scored.criterion_scores["unit_id"] == "u-a", "printed"].tolist()
    assert [row["STT"], row["ĐIỂM CÁC TIÊU CHÍ"], ws.cell(7, 4).value] == [1, *printed]
    assert row["ĐTB CCVC BỘ PHẬN MỘT CỬA"] == pytest.approx(want["officer_average"], abs=1e-12)
    assert row["PHÂN LOẠI"] == want["class_printed"] != want["class_law"]
    assert ws.cell(7, 5).value == pytest.approx(want["total"], abs=1e-12)


def test_an_unscored_unit_is_listed_with_its_reason_and_no_number(workbook: Workbook) -> None:
    row = row_of(workbook["Tổng hợp"], "Xã F")
    assert "Tiếp nhận 9 hồ sơ nhưng đã giải quyết 18 hồ sơ" in str(row[2])
    assert not [v for v in row[1:] if isinstance(v, int | float)]


def test_numbering_starts_again_in_each_level(workbook: Workbook) -> None:
    ws = workbook["Tổng hợp"]
    numbers = [row[0].value for row in ws.iter_rows(min_row=6) if isinstance(row[0].value, int)]
    assert numbers == [1, 2, 3, 1, 2, 3]


def test_a_whole_score_has_no_decimals_and_a_reduced_maximum_is_shown(city: City, stamp: Stamp) -> None:
    scored = city()
    totals = scored.unit_scores.assign(total=2.0)
    totals.loc[totals["unit_id"] == "u-e", "total_max"] = 2.0
    ws = opened(dataclasses.replace(scored, unit_scores=totals), stamp)["Tổng hợp"]
    formats = {ws.cell(r, 2).value: ws.cell(r, 5).number_format for r in range(6, ws.max_row + 1)}
    assert (formats["Phòng A"], formats["Phường E"]) == ("[$-42A]0", '[$-42A]0"/2"')


def test_level_form_has_every_option_the_counts_and_one_x(city: City, stamp: Stamp) -> None:
    scored = city()
    ws = opened(scored, stamp)["Biểu 03 – cấp huyện"]
    assert scored.rulebook is not None
    for criterion in scored.rulebook.criteria:
        for option in criterion.options:
            assert option.text in texts(ws)
    assert [c.value for row in ws.iter_rows() for c in row].count("x") == 1
    assert row_of(ws, "Dưới 30%")[3] == "x"
    assert row_of(ws, "Trước hạn")[2:4] == [2, 2007]
    assert row_of(ws, "Quá hạn")[2:4] == [0, 1]
    level = scored.level_scores.loc[scored.level_scores["unit_id"] == "huyen"].iloc[0]
    total = row_of(ws, "TỔNG ĐIỂM", column=1)
    assert (total[2], total[4]) == (level["total_max"], level["total"])
    assert [f"({n})" for n in range(1, 7)] in [[c.value for c in row] for row in ws.iter_rows()]


def test_a_criterion_not_counted_shows_a_dash_and_why(workbook: Workbook) -> None:
    row = row_of(workbook["Biểu 03 – cấp xã"], "Dịch vụ công trực tuyến")
    assert row[4] == "–"
    assert "thiếu số tthc" in str(row[5]).lower()


def test_officers_stand_under_their_level_with_one_mark(workbook: Workbook) -> None:
    ws = workbook["Biểu 01"]
    assert row_of(ws, "Công chức 1")[3:6] == [9.96, "X", None]
    assert row_of(ws, "Xã F")[3:6] == [None, None, None]
    assert "- Xã F: đơn vị chưa được chấm." in texts(ws)


def test_the_class_by_law_stands_in_the_internal_comparison_only(city: City, stamp: Stamp) -> None:
    scored = city()
    book = opened(scored, stamp)
    compared = table(book["So sánh xếp loại"]).set_index("Đơn vị")
    of_unit = scored.unit_scores.set_index("name").loc["Phòng A"]
    assert compared.loc["Phòng A", "Theo quy định (tổng điểm)"] == of_unit["class_law"]
    assert compared.loc["Phòng A", "Phân loại in trong báo cáo"] == of_unit["class_printed"]
    assert of_unit["class_law"] not in row_of(book["Tổng hợp"], "Phòng A")


def test_an_alternative_has_no_list_before_the_signature(city: City, stamp: Stamp) -> None:
    assert "Trước khi ký" not in opened(city(), dataclasses.replace(stamp, alternative=True)).sheetnames


def test_audit_tables_hold_every_row_with_names_instead_of_ids(city: City, stamp: Stamp) -> None:
    scored = city()
    workbook = opened(scored, stamp)
    counts = table(workbook["Số liệu"])
    assert counts["Giá trị"].tolist() == scored.checked.counts["value"].tolist()
    assert counts.iloc[0][["Đơn vị", "Chỉ tiêu", "Giá trị ban đầu", "Ô"]].tolist() == [
        "Phòng A",
        COUNT_NAMES["resolved_early"],
        8,
        "F5",
    ]
    scores = table(workbook["Chi tiết điểm"])
    assert len(scores) == len(scored.criterion_scores)
    for column, field in (("Tử số", "numerator"), ("Mẫu số", "denominator"), ("Điểm in", "printed")):
        got = pd.to_numeric(scores[column].replace("–", None)).tolist()
        assert got == pytest.approx(
            scored.criterion_scores[field].astype("Float64").to_numpy(float, na_value=float("nan")).tolist(),
            nan_ok=True,
        )
    mine = scores.loc[(scores["Đơn vị"] == "Phòng A") & scores["Tiêu chí"].str.startswith("1. ")]
    assert mine["Cách tính"].item() == "16 ÷ 10 = 1,6"
    used = table(workbook["Số đã dùng"])
    used = used.loc[(used["Đơn vị"] == "Phòng A") & used["Tiêu chí"].str.startswith("1. ")]
    assert used["Số"].tolist() == [7, 2, 1, 10]
    assert used["Xuất xứ"].tolist() == ["nhập"] * 4
    ids = set(scored.checked.entities["unit_id"]) - {"xa"}
    assert not {t for ws in workbook for t in texts(ws)} & ids


def test_a_note_of_many_cells_is_printed_once(city: City, stamp: Stamp) -> None:
    scored = city()
    one = scored.checked.supplement
    two = pd.concat([one, one.assign(item=pd.array(["procedures_online"], dtype="str"))], ignore_index=True)
    workbook = opened(dataclasses.replace(scored, checked=dataclasses.replace(scored.checked, supplement=two)), stamp)
    ws = workbook["Số liệu bổ sung"]
    assert [ws.cell(r, 6).value for r in (4, 5)] == ["[1]", "[1]"]
    assert texts(ws).count("[1] suy luận từ báo cáo") == 1
    assert ws.auto_filter.ref == "A3:G5"
    assert "suy luận từ báo cáo" in texts(opened(scored, stamp)["Số liệu bổ sung"])


def test_an_assessment_speaks_the_words_of_its_own_rulebook(city: City, stamp: Stamp) -> None:
    scored = city()
    other = installed()["tt-01-2018"]
    desk = next(c for c in other.criteria if c.id == "desk")
    columns = {
        "unit_id": "u-a",
        "rulebook": other.id,
        "criterion": "desk",
        "option": desk.options[0].id,
        "reason": "sổ",
    }
    columns |= {"source_file": "bo-sung.xlsx", "source_sheet": "Đánh giá trực tiếp", "source_cell": "D7"}
    assessed = Assessments.validate(pd.DataFrame([columns], dtype="str"))
    workbook = opened(
        dataclasses.replace(scored, checked=dataclasses.replace(scored.checked, assessments=assessed)), stamp
    )
    row = table(workbook["Số liệu bổ sung"]).iloc[1]
    assert desk.label in row["Nội dung"] and desk.number in row["Nội dung"] and other.short in row["Nội dung"]
    assert row["Lựa chọn"] == desk.options[0].text
    assert row["Ghi chú, lý do"] == "sổ"


def test_origins_are_words() -> None:
    assert origin_text("implied; default: eligible") == "suy ra; số mặc định"
    assert origin_text("") == ""


def test_findings_have_vietnamese_severities_in_colour(workbook: Workbook) -> None:
    ws = workbook["Phát hiện"]
    assert ws["A4"].value in {"Lỗi", "Cảnh báo", "Lưu ý"}
    assert ws["A4"].fill.start_color.rgb not in {"00000000", None}
    assert ws["C4"].value == "Phòng D"


def test_differences_come_first_and_are_marked(workbook: Workbook) -> None:
    ws = workbook["So với số đã in"]
    frame = table(ws)
    assert frame["Khớp"].tolist() == ["Không", "Có"]
    assert frame.iloc[0][["Chỉ tiêu", "Đã in", "Tính được"]].tolist() == ["Tổng điểm", "3,50", "3,60"]
    assert ws["A4"].fill.fill_type == "solid"
    assert ws["A5"].fill.fill_type is None


def test_revision_and_rulebook_are_on_the_last_sheet_only(workbook: Workbook) -> None:
    assert {"r2", "r1", "sửa số của Phòng A", "abc123"} <= set(texts(workbook["Nguồn"]))
    assert any("Quyết định số 9/QĐ-THỬ (qd-thu-2020)" in t for t in texts(workbook["Nguồn"]))
    assert "0123456789abcdef" * 4 in texts(workbook["Nguồn"])
    for name in ("Tổng hợp", "Biểu 03 – cấp huyện", "Biểu 03 – cấp xã", "Biểu 01"):
        said = " ".join(texts(workbook[name]))
        assert not re.search(r"\br2\b|qd-thu-2020|9/QĐ-THỬ|abc123", said), name


def test_without_a_rulebook_there_are_counts_and_the_reason(city: City, stamp: Stamp) -> None:
    workbook = opened(city(scored=False), stamp)
    assert not [n for n in workbook.sheetnames if n.startswith("Biểu 0") or n == "Chi tiết điểm"]
    ws = workbook["Tổng hợp"]
    assert any("Chưa có căn cứ chấm điểm" in t for t in texts(ws))
    assert row_of(ws, "Phòng A")[2:13] == [12, 4, 5, 3, 10, 7, 2, 1, 2, 1, 1]
    assert any("Chưa có căn cứ chấm điểm" in t for t in texts(workbook["Nguồn"]))


def test_every_sheet_prints_on_a4_one_page_wide(workbook: Workbook) -> None:
    for ws in workbook:
        setup = ws.page_setup
        assert (int(setup.paperSize), ws.sheet_properties.pageSetUpPr.fitToPage) == (9, True), ws.title
        assert (setup.fitToWidth, setup.fitToHeight) == (1, 0), ws.title
        portrait = ws.title.startswith(("Biểu 0", "Mục lục", "Biểu đồ"))
        assert setup.orientation == ("portrait" if portrait else "landscape"), ws.title
        assert "&P" in ws.oddFooter.center.text
        if ws.title not in {"Nguồn", "Mục lục", "Biểu đồ"}:
            assert ws.print_title_rows, ws.title
    assert workbook["Tổng hợp"].print_title_rows == "$4:$5"
    assert workbook["Phát hiện"].auto_filter.ref and workbook["Phát hiện"].freeze_panes == "C4"


def test_headers_are_merged_and_every_written_row_has_a_height(workbook: Workbook) -> None:
    merged = {str(r) for r in workbook["Tổng hợp"].merged_cells.ranges}
    assert {"A4:A5", "B4:B5"} <= merged
    for ws in workbook:
        for row in ws.iter_rows():
            if any(c.value is not None for c in row):
                assert (ws.row_dimensions[row[0].row].height or 0) > 0, (ws.title, row[0].row)


def test_a_long_note_gets_a_taller_row(city: City, stamp: Stamp) -> None:
    def height(reason: str) -> float:
        scored = city()
        corrections = scored.checked.corrections.assign(reason=pd.array([reason], dtype="str"))
        changed = dataclasses.replace(scored, checked=dataclasses.replace(scored.checked, corrections=corrections))
        return opened(changed, stamp)["Điều chỉnh"].row_dimensions[4].height

    assert height("số chép nhầm từ cột bên cạnh " * 20) > 3 * height("nhầm")


HOSTILE = '=HYPERLINK("http://x")\x00\x0b #REF!'


def test_text_stays_text(city: City, stamp: Stamp) -> None:
    units = [
        ("u-a", HOSTILE, "huyen", 4, 5, 3, 7, 2, 1, 1, 1, "scored"),
        ("u-e", "'[:]*?/\\", "xa", 0, 5, 0, 5, 0, 0, 0, 0, "scored"),
    ]
    scored = city(units, fields={"issuing_body": "=1+1", "report_number": "+1"})
    sources = (dataclasses.replace(scored.checked.sources[0], path="=cmd|x.xlsx"),)
    scored = dataclasses.replace(scored, checked=dataclasses.replace(scored.checked, sources=sources))
    data = render_signed(scored, stamp)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        sheets = [packed.read(n) for n in packed.namelist() if n.startswith("xl/worksheets/sheet")]
    assert sheets and not any(b"<f>" in s or b"<f " in s or b't="e"' in s for s in sheets)
    workbook = opened(scored, stamp)
    cell = next(c for row in workbook["Tổng hợp"].iter_rows() for c in row if str(c.value).startswith("=HYPER"))
    assert cell.data_type == "s" and "\x00" not in str(cell.value)
    assert "=cmd|x.xlsx" in texts(workbook["Nguồn"])


def test_characters_no_file_can_hold_are_dropped(city: City, stamp: Stamp) -> None:
    sources = (dataclasses.replace(city().checked.sources[0], path="b\udcffảng\uffff.xlsx"),)
    scored = dataclasses.replace(city(), checked=dataclasses.replace(city().checked, sources=sources))
    assert "bảng.xlsx" in texts(opened(scored, stamp)["Nguồn"])


def test_no_cell_of_the_sample_is_a_formula(workbook: Workbook) -> None:
    kinds = {c.data_type for ws in workbook for row in ws.iter_rows() for c in row if c.value is not None}
    assert kinds == {"s", "n"}


def test_same_content_same_bytes_other_content_other_bytes(city: City, stamp: Stamp) -> None:
    assert render_checking(city(), stamp) == render_checking(city(), stamp)
    assert render_checking(city(), dataclasses.replace(stamp, revision="r3")) != render_checking(city(), stamp)


def test_a_quarter_without_units_still_gives_a_workbook(city: City, stamp: Stamp) -> None:
    workbook = opened(city([], scored=False), stamp)
    assert workbook.sheetnames[:2] == ["Mục lục", "Tổng hợp"]
    assert workbook["Số liệu"].max_row >= 3


def test_a_share_is_printed_as_a_percentage_and_a_count_as_it_is(city: City, stamp: Stamp) -> None:
    scored = city()
    row = {"unit_id": "u-a", "criterion": "online", "role": "condition", "outcome": "đạt", "origin": "entered"}
    share = {**row, "text": "Tỷ lệ từ 15% trở lên", "measures": "eligible_online / eligible_received", "value": 0.2155}
    count = {**row, "text": "Số hồ sơ bằng 0", "measures": "eligible_late", "value": 3.0}
    words = dict.fromkeys(scored.criterion_evidence.columns, "") | {"points": None}
    evidence = pd.DataFrame([{**words, **share}, {**words, **count}])
    shown = table(opened(dataclasses.replace(scored, criterion_evidence=evidence), stamp)["Số đã dùng"])
    assert shown["Số"].tolist() == ["21,55%", 3]
    assert shown["Kết luận"].tolist() == ["đạt", "đạt"]
