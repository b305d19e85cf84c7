"""bao-cao.docx: its form is that of Nghị định 30/2020/NĐ-CP, its content that of bao-cao.md."""

from __future__ import annotations

import dataclasses
import html
import re
import sys
import zipfile
from collections.abc import Callable
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from repository import ROOT
from word_files import all_text, edited, opened, replaced, rows

from pipeline.load.charts.pictures import pictures
from pipeline.load.report.report import render_report
from pipeline.load.word.papers import REMINDER, REPORT, shipped_template, word_report
from pipeline.result import Scored, Stamp

City = Callable[..., Scored]
ANNEX = "## Phụ lục nguồn số liệu"

#: Nghị định 30/2020/NĐ-CP, Phụ lục I, phần I, mục I.1 (khổ giấy), I.3 (lề: trên, dưới 20–25 mm, trái 30–35 mm,
#: phải 15–20 mm) and II (cỡ chữ), in millimetres and points
PAPER = {"portrait": (210, 297), "landscape": (297, 210)}
MARGINS = {"top": (20, 25), "bottom": (20, 25), "left": (30, 35), "right": (15, 20)}
#: component -> (its text begins so, sizes allowed, bold, italic)
COMPONENTS = {
    "quốc hiệu": ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", (12, 13), True, False),
    "tiêu ngữ": ("Độc lập - Tự do - Hạnh phúc", (13, 14), True, False),
    "cơ quan chủ quản": ("…………", (12, 13), False, False),
    "cơ quan ban hành": ("UBND THÀNH PHỐ", (12, 13), True, False),
    "số, ký hiệu": ("Số: ", (13,), False, False),
    "địa danh, thời gian": ("…………, ngày", (13, 14), False, True),
    "tên loại": ("BÁO CÁO", (13, 14), True, False),
    "trích yếu": ("Kết quả chấm điểm", (13, 14), True, False),
    "nội dung": ("Trong kỳ báo cáo", (13, 14), False, False),
    "mục": ("1. Tình hình", (13, 14), True, False),
    "quyền hạn": ("TM. ỦY BAN NHÂN DÂN", (13, 14), True, False),
    "nơi nhận": ("Nơi nhận:", (12,), True, True),
    "một nơi nhận": ("- {{ recipient }}", (11,), False, False),
}
_TWIPS_IN_MM = 1440 / 25.4


@pytest.fixture(scope="module")
def report(city: City, stamp: Stamp) -> bytes:
    """The Word report of the unchanged city."""
    return word_report(city(), stamp).data


def look(document: Any, start: str) -> tuple[float, bool, bool]:
    """Size in points, bold and italic of the first run of the first paragraph that begins so: run, else style."""
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    styles = {s.get(f"{w}styleId"): s for s in document.styles.element.iter(f"{w}style")}
    for paragraph in document.element.body.iter(f"{w}p"):
        if not "".join(t.text or "" for t in paragraph.iter(f"{w}t")).startswith(start):
            continue
        run = next(r for r in paragraph.iter(f"{w}r") if r.find(f"{w}t") is not None)
        style = styles[paragraph.find(f"{w}pPr/{w}pStyle").get(f"{w}val")]
        of_both = [x for x in (run.find(f"{w}rPr"), style.find(f"{w}rPr")) if x is not None]
        size = next(x.find(f"{w}sz").get(f"{w}val") for x in of_both if x.find(f"{w}sz") is not None)
        return int(size) / 2, *(any(x.find(f"{w}{k}") is not None for x in of_both) for k in ("b", "i"))  # type: ignore[return-value]
    raise AssertionError(f"no paragraph begins with {start!r}")


def test_paper_and_margins(report: bytes) -> None:
    sections = opened(report).sections
    assert len(sections) == 6  # the text, Biểu mẫu 03 of two levels, Biểu mẫu 01, the table of units, the pictures
    for section in sections:
        turned = "landscape" if section.page_width > section.page_height else "portrait"
        assert (round(section.page_width.mm), round(section.page_height.mm)) == PAPER[turned]
        for side, (least, most) in MARGINS.items():
            assert least - 0.1 <= getattr(section, f"{side}_margin").mm <= most + 0.1, side
    assert [s.page_width > s.page_height for s in sections] == [False, False, False, False, True, False]


@pytest.mark.parametrize("component", list(COMPONENTS))
def test_type_of_each_component(report: bytes, component: str) -> None:
    start, sizes, bold, italic = COMPONENTS[component]
    paper = shipped_template(REPORT) if "{{" in start else report
    size, is_bold, is_italic = look(opened(paper), start)
    assert size in sizes
    assert (is_bold, is_italic) == (bold, italic)


def test_one_typeface(report: bytes) -> None:
    with zipfile.ZipFile(BytesIO(report)) as archive:
        document, styles = archive.read("word/document.xml").decode(), archive.read("word/styles.xml").decode()
    assert "w:rFonts" not in document
    assert 'w:ascii="Times New Roman"' in styles[: styles.index("</w:docDefaults>")]
    used = set(re.findall(r'w:pStyle w:val="(\w+)"', document))
    for style in used:
        definition = re.search(rf'<w:style [^>]*w:styleId="{style}".*?</w:style>', styles, re.DOTALL)
        assert definition and "w:rFonts" not in definition[0], style


def test_body_is_justified_with_an_indent_and_spacing(report: bytes) -> None:
    style = opened(report).styles["Thân văn bản"].paragraph_format
    assert style.alignment == 3  # both sides
    assert style.first_line_indent.cm in (pytest.approx(1, abs=0.01), pytest.approx(1.27, abs=0.01))
    assert style.space_after.pt >= 6
    assert 1 <= style.line_spacing <= 1.5


def test_pages_are_numbered_on_top_from_the_second_on_and_annexes_on_their_own(report: bytes) -> None:
    document = opened(report)
    header = document.sections[0].header.paragraphs[0]
    assert "PAGE" in header._p.xml and header.style.paragraph_format.alignment == 1  # centred
    for section in document.sections:
        assert section.different_first_page_header_footer
        assert not "".join(p.text for p in section.first_page_header.paragraphs)
    starts = [s._sectPr.find("{*}pgNumType") for s in document.sections]
    assert starts[0] is None and all(x is not None for x in starts[1:])


def test_tables_repeat_their_heading_and_divide_no_row(report: bytes) -> None:
    tables = [t for t in opened(report).tables if len(t._tbl.findall(".//{*}tblHeader"))]
    assert len(tables) == 4
    for table in tables:
        every = list(table._tbl.iter("{*}tr"))
        assert all(row.find("{*}trPr/{*}cantSplit") is not None for row in every)
        heads = [row.find("{*}trPr/{*}tblHeader") is not None for row in every]
        assert heads[0] and heads[1] and not any(heads[2:])


@pytest.mark.parametrize("scored", [True, False])
def test_tables_fill_the_page_and_their_cells_add_up(city: City, stamp: Stamp, scored: bool) -> None:
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    document = opened(word_report(city(scored=scored), stamp).data)
    for table in document.tables:
        grid = [int(c.get(f"{w}w")) for c in table._tbl.tblGrid]
        assert sum(grid) <= (297 - 45) * _TWIPS_IN_MM + 1
        for row in table._tbl.iter(f"{w}tr"):
            at = 0
            for cell in row.iter(f"{w}tc"):
                span = cell.find(f"{w}tcPr/{w}gridSpan")
                end = at + (int(span.get(f"{w}val")) if span is not None else 1)
                assert int(cell.find(f"{w}tcPr/{w}tcW").get(f"{w}w")) == sum(grid[at:end])
                at = end
            assert at == len(grid)


def words(text: str) -> list[str]:
    """Words and figures of a Markdown text, without its signs and what separates cells."""
    bare = re.sub(r"(?<!\\)[|]|^#+ |:?-{3,}:?", " ", text, flags=re.MULTILINE)
    bare = re.sub(r"\\([*|_`])", lambda m: f"&#{ord(m[1])};", bare)
    return html.unescape(re.sub(r"[*\\]", "", bare)).split()


@pytest.mark.parametrize("scored", [True, False])
def test_it_says_what_the_markdown_says(city: City, stamp: Stamp, scored: bool) -> None:
    """Text and tables, in order. Left out: Markdown's headings of annexes and its line about the mark X."""
    one = city(scored=scored)
    text = render_report(one, stamp).split(ANNEX)[0]
    for line in (
        "## Kết quả đánh giá, xếp loại",
        "## Biểu số liệu hồ sơ theo đơn vị",
        "## Biểu đồ",
        "Xếp loại: đánh dấu X vào ô tương ứng.",
    ):
        text = text.replace(line, "")
    text = re.sub(r"!\[.*\]\(.*\)", "", text)  # a picture has no words in Word but its description
    word = all_text(word_report(one, stamp).data)
    body, word_body = (t.split("Nơi nhận:")[0].split("BÁO CÁO", 1)[1] for t in (text, word))
    assert word_body.split() == words(body)
    annexes = text.split("Nơi nhận:")[1]
    annexes = annexes[annexes.index("## ") :] if scored else annexes[annexes.index("**SỐ LIỆU") :]
    start = "Biểu mẫu số 03" if scored else "SỐ LIỆU GIẢI QUYẾT"
    word_annexes = word[word.index(start, word.index("Nơi nhận:")) :]
    extra = {"Xếp loại (đánh dấu X vào ô tương ứng)", "ĐIỂM CÁC TIÊU CHÍ"}
    kept = "\n".join(line for line in word_annexes.split("\n") if line not in extra)
    assert sorted(kept.split()) == sorted(words(annexes.rstrip().removesuffix("---")))


def test_annexes_follow_in_the_order_of_the_report(report: bytes) -> None:
    text = all_text(report)
    parts = [
        "BÁO CÁO", "1. Tình hình", "2.1.", "2.2.", "3. Phương hướng", "Trên đây là", "Nơi nhận:", "Biểu mẫu số 03 (TP)",
        "Biểu mẫu số 03 (cấp xã)", "Biểu mẫu số 01\n", "KẾT QUẢ ĐÁNH GIÁ XẾP LOẠI ĐỐI VỚI", "BIỂU ĐỒ KẾT QUẢ",
    ]  # fmt: skip
    places = [text.index(p) for p in parts]
    assert places == sorted(places)
    for word in ("Phụ lục nguồn", "SHA-256", "abc123", "r2", "qd-thu-2020"):
        assert word not in text, word


def test_each_picture_is_drawn_with_its_description(report: bytes, city: City) -> None:
    with zipfile.ZipFile(BytesIO(report)) as archive:
        drawn = [archive.read(name) for name in sorted(archive.namelist()) if name.endswith(".emf")]
    of_markdown = re.findall(r"!\[.*\]\((.*\.svg)\)", render_report(city(), Stamp("r1")))
    made = pictures(city())
    about = [p.get("descr") for p in opened(report).element.body.iter("{*}docPr")]
    assert len(drawn) == len(made) > 3 and [one.name for one in made] == of_markdown
    assert [str(text).split() for text in about] == [one.title.split() for one in made]
    key = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
    relations = opened(report).part.rels
    embedded = [blip.get(key) for blip in opened(report).element.body.iter("{*}blip")]
    assert [relations[name].target_part.blob in drawn for name in embedded] == [True] * len(drawn)


def test_table_of_units_has_the_columns_of_the_report(report: bytes, city: City) -> None:
    above, below, *_ = rows(opened(report).tables[-1])
    criteria = [c.number for c in city().rulebook.criteria]  # type: ignore[union-attr]
    assert above == [
        "STT",
        "TÊN CƠ QUAN, ĐƠN VỊ",
        "ĐIỂM CÁC TIÊU CHÍ",
        "ĐTB CCVC Bộ phận Một cửa",
        "PHÂN LOẠI",
        "Ghi chú",
    ]
    assert [x for x in below if x] == [*(f"Tiêu chí {n}" for n in criteria), "TỔNG ĐIỂM"]


def test_draft_until_nothing_is_open(city: City, stamp: Stamp, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\nDỰ THẢO\n" in all_text(word_report(city(), stamp).data)
    monkeypatch.setattr("pipeline.load.report.report_context.before_signature", lambda scored: ())
    assert "DỰ THẢO" not in all_text(word_report(city(), stamp).data)


def test_the_same_input_gives_the_same_bytes(report: bytes, city: City, stamp: Stamp) -> None:
    assert word_report(city(), stamp).data == report
    with zipfile.ZipFile(BytesIO(report)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert "2022-03-14T00:00:00Z" in core and "2022-Q1, bản r2; QĐ 9" in core


def test_foreign_text_stays_text(city: City, stamp: Stamp) -> None:
    hostile = "A & B <w:p/> {{ 7 * 7 }} {% if x %} =1+1\x0b\ud800 ]]>"
    scored = city()
    entities, unit_scores = scored.checked.entities.copy(), scored.unit_scores.copy()
    for frame in (entities, unit_scores):
        frame.loc[frame["unit_id"] == "u-a", "name"] = hostile
    scored = dataclasses.replace(
        scored, unit_scores=unit_scores, checked=dataclasses.replace(scored.checked, entities=entities)
    )
    paper = word_report(scored, stamp)
    assert paper.problem == ""
    assert "A & B <w:p/> {{ 7 * 7 }} {% if x %} =1+1" in all_text(paper.data)
    with zipfile.ZipFile(BytesIO(paper.data)) as archive:
        assert b"instrText" not in archive.read("word/document.xml")


def test_blanks_between_values_stay(city: City, stamp: Stamp) -> None:
    own = edited(
        shipped_template(REPORT),
        replaced("1. Tình hình", '{% for x in "ab" %}{{ x }}{{ ", " if not loop.last }}{% endfor %}{{ " c" }}'),
    )
    assert "\na, b c triển khai" in all_text(word_report(city(), stamp, own).data)


def test_long_tables_are_whole(city: City, stamp: Stamp) -> None:
    """Sixty units, names of 120 letters, remarks of 200 words: all of it is in the table, under the same grid."""
    scored = city()
    table = scored.unit_scores
    one = table.loc[table["unit_id"] == "u-a"].iloc[0].to_dict()
    note = " ".join(f"lý{n}" for n in range(200))
    more = [
        {
            **one,
            "unit_id": f"m{n}",
            "name": f"Đơn vị {n} ".ljust(120, "x"),
            "status": "set_aside",
            "status_reason": note,
        }
        for n in range(60)
    ]
    frame = pd.concat([table, pd.DataFrame(more).astype(table.dtypes.to_dict())], ignore_index=True)
    paper = word_report(dataclasses.replace(scored, unit_scores=frame), stamp)
    lines = [line for line in rows(opened(paper.data).tables[-1]) if line[1].startswith("Đơn vị")]
    assert len(lines) == 60 and {len(line[1]) for line in lines} == {120}
    assert all("lý0 " in line[-1] and "lý199" in line[-1] for line in lines)
    undivided = [
        row.find("{*}trPr/{*}cantSplit") is not None for row in opened(paper.data).tables[-1]._tbl.iter("{*}tr")
    ]
    assert undivided.count(False) == 60  # LibreOffice cuts off a taller row that must not be divided


# --- templates of an office ------------------------------------------------------------------------------


def test_an_edited_template_is_used(city: City, stamp: Stamp, report: bytes) -> None:
    """Another recipient, another heading, a paragraph moved, a header with a field: no code changes."""

    def change(document: Any) -> None:
        replaced("1. Tình hình triển khai thực hiện", "1. Công tác chỉ đạo")(document)
        replaced("- {{ recipient }}", "- {{ recipient }} (02 bản)")(document)
        directions = next(p for p in document.paragraphs if "3. Phương hướng" in p.text)
        first = next(p for p in document.paragraphs if "1. Công tác" in p.text)
        first._p.addprevious(directions._p)
        document.sections[0].header.paragraphs[0].add_run("{{ heading.issuing_body }}")

    paper = word_report(city(), stamp, edited(shipped_template(REPORT), change))
    text = all_text(paper.data)
    assert paper.problem == "" and paper.data != report
    assert "1. Công tác chỉ đạo" in text and "1. Tình hình" not in text
    assert "- ………… (02 bản)" in text
    assert text.index("3. Phương hướng") < text.index("1. Công tác") < text.index("2.1.")
    assert "UBND thành phố" in opened(paper.data).sections[0].header.paragraphs[0].text


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("{{ heading.place }}", "{{ heading.noi_ky }}", "không có trường “noi_ky”, ở đoạn “{{ heading.noi_ky }}, {{"),
        ("{{ heading.place }}", "{{ dia_danh }}", "không có trường “dia_danh”, ở đoạn"),
        ("{{ heading.place }}", "{{ heading.place | in_hoa }}", "không có bộ lọc “in_hoa”, ở đoạn"),
        ("{{ heading.place }}", "{{ heading.place", "thẻ viết sai"),
        ("{%p for form in forms %}", "{%p for form in %}", "thẻ viết sai"),
        ("{%p if draft %}", "xx", "thẻ viết sai"),
        ("{%tr for block in form.blocks %}", "{% for block in form.blocks %}", "thẻ"),
        ("{{ heading.place }}", "{{ ''.__class__.__mro__ }}", "có lệnh không được phép"),
        ("{{ heading.place }}", "{{ 1 // 0 }}", "không in được một giá trị"),
        ("{{ heading.place }}", "{{ period | date }}", "không in được một giá trị"),
        ("{{ heading.place }}", "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", "không in được một giá trị"),
        ("{{ heading.place }}", "{% include 'x' %}", "không in được một giá trị"),
    ],
)  # fmt: skip
def test_a_broken_template_is_reported_and_the_shipped_one_used(
    city: City, stamp: Stamp, report: bytes, before: str, after: str, problem: str
) -> None:
    paper = word_report(city(), stamp, edited(shipped_template(REPORT), replaced(before, after)))
    assert problem in paper.problem
    assert paper.data == report


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "không phải là tệp Word"),
        (b"PK\x03\x04", "không phải là tệp Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".doc cũ hoặc có mật khẩu"),
    ],
)
def test_a_file_that_is_no_template(city: City, stamp: Stamp, report: bytes, data: bytes, problem: str) -> None:
    paper = word_report(city(), stamp, data)
    assert problem in paper.problem and paper.data == report


def test_a_template_that_opens_other_files_is_refused(city: City, stamp: Stamp, report: bytes) -> None:
    def change(document: Any) -> None:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
        document.part.relate_to("http://may-khac/anh.png", kind, is_external=True)

    paper = word_report(city(), stamp, edited(shipped_template(REPORT), change))
    assert "liên kết với tệp khác" in paper.problem and paper.data == report


@pytest.mark.parametrize("name", [REPORT, REMINDER])
def test_shipped_templates_are_those_of_the_markdown(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files that are kept are what `python templates/make_word.py` makes of the Markdown templates."""
    monkeypatch.syspath_prepend(str(ROOT / "templates"))
    monkeypatch.setattr(sys, "argv", ["make_word.py", str(tmp_path)])
    __import__("make_word").main()
    assert (tmp_path / name).read_bytes() == resources.files("templates").joinpath(name).read_bytes()
