"""Makes the Word templates from the Markdown templates: `python templates/make_word.py [folder]`.

The sentences, headings and fields are those of the `*.md.j2` files; this module adds the form of a document by Nghị
định 30/2020/NĐ-CP, Phụ lục I: paper, margins, type, letterhead, signature, annexes. The same sources give the same
bytes, and a test compares them with the files that are kept here.

Jinja in Word is that of docxtpl: a tag alone on a line is a paragraph `{%p …%}`, in a table a row `{%tr …%}`, a loop
over columns two cells `{%tc …%}`.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from pipeline.load.zip_bytes import zip_bytes, zip_entries

HERE = Path(__file__).parent
NAMESPACES = nsdecls("w", "r")
FONT = "Times New Roman"
#: twips in a millimetre
MM = 1440 / 25.4
#: A4, and its margins (top, right, bottom, left), in millimetres
SHORT, LONG, MARGINS = 210, 297, (20, 15, 20, 30)
PORTRAIT, LANDSCAPE = SHORT - MARGINS[1] - MARGINS[3], LONG - MARGINS[1] - MARGINS[3]

TAG = re.compile(r"({%.*?%}|{{.*?}})")
LONE_TAG = re.compile(r"{%[-+]?\s*(.*?)\s*[-+]?%}")
INCLUDE = re.compile(r'include "(.+)"')
LOOP = re.compile(r"for \w+ in (.+)")


@dataclass(frozen=True)
class Run:
    """A piece of text of one look."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Style:
    """A paragraph style: size in points, spacing and indent in twips, lines as multiples of 240."""

    id: str
    name: str
    size: float
    bold: bool = False
    italic: bool = False
    align: str = "left"
    indent: int = 0
    before: int = 0
    after: int = 0
    line: int = 240
    keep_next: bool = False


STYLES = (
    Style("Than", "Thân văn bản", 14, align="both", indent=720, after=120, line=264),
    Style("DeMuc", "Đề mục", 14, bold=True, align="both", indent=720, after=120, line=264, keep_next=True),
    Style("Giua", "Dòng giữa", 14, align="center"),
    Style("TenVanBan", "Tên văn bản", 14, bold=True, align="center", keep_next=True),
    Style("TenPhuLuc", "Tên phụ lục", 14, bold=True, align="center", after=60, keep_next=True),
    Style("Trai", "Dòng trái", 13, after=60),
    Style("CoQuan", "Cơ quan", 13, align="center"),
    Style("NoiNhan", "Nơi nhận", 11),
    Style("OBang", "Ô bảng", 11, before=20, after=20),
    Style("OBangGiua", "Ô bảng, giữa", 11, align="center", before=20, after=20),
    Style("OBangNho", "Ô bảng ngang", 10, before=20, after=20),
    Style("OBangNhoGiua", "Ô bảng ngang, giữa", 10, align="center", before=20, after=20),
    Style("GhiChu", "Ghi chú bảng", 12, after=60),
)


# --- the Markdown sources --------------------------------------------------------------------------------


def lines_of(name: str) -> Iterator[str]:
    """The lines of a Markdown template that are not blank, with those of the files that it includes.

    A line that begins with `{%-` continues the line before it.
    """
    text = re.sub(r"{#.*?#}", "", (HERE / name).read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r"\n({%)-", r"\1", text)
    for line in text.split("\n"):
        included = INCLUDE.search(line)
        if included:
            yield from lines_of(included[1])
        elif line.strip():
            yield line.strip()


def in_word(tag: str) -> str:
    """A tag as it is in Word: no control of blanks, no filter that escapes for Markdown."""
    return re.sub(r"\s*\|\s*md\b", "", re.sub(r"{%[-+]", "{%", re.sub(r"[-+]%}", "%}", tag)))


def runs_of(text: str) -> list[Run]:
    """The runs of a line of Markdown: `**bold**`, `*italic*`, `***both***`."""
    runs: list[Run] = []
    bold = italic = False
    for part in TAG.split(text):
        pieces = [in_word(part)] if TAG.fullmatch(part) else re.split(r"(\\.|\*{1,3})", part)
        for piece in pieces:
            if piece in ("*", "**", "***"):
                bold ^= piece != "*"
                italic ^= piece != "**"
            elif piece:
                piece = piece[1:] if piece[0] == "\\" else piece
                last = runs[-1] if runs else None
                if last and (last.bold, last.italic) == (bold, italic):
                    runs[-1] = Run(last.text + piece, bold, italic)
                else:
                    runs.append(Run(piece, bold, italic))
    return runs


def cells_of(line: str) -> list[str]:
    """The cells of a line of a Markdown table; the begin and the end of a loop over columns are cells of their own."""
    cells = [""]
    for part in TAG.split(line.strip().removeprefix("|")):
        if TAG.fullmatch(part):
            loop = LONE_TAG.fullmatch(part)
            if loop and not cells[-1].strip() and re.match(r"for|endfor", loop[1]):
                cells[-1:] = [f"{{%tc {loop[1]} %}}", ""]
            else:
                cells[-1] += part
        else:
            first, *rest = part.split("|")
            cells[-1] += first
            cells += rest
    return [cell.strip() for cell in (cells if cells[-1].strip() else cells[:-1])]


# --- WordprocessingML ------------------------------------------------------------------------------------


def run(part: Run, size: float = 0) -> str:
    """A run; `size` in points where it is not that of the style."""
    look = ("<w:b/>" if part.bold else "") + ("<w:i/>" if part.italic else "")
    look += f'<w:sz w:val="{round(2 * size)}"/><w:szCs w:val="{round(2 * size)}"/>' if size else ""
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(part.text)}</w:t></w:r>'


def paragraph(style: str, runs: Sequence[Run] = (), size: float = 0, extra: str = "") -> str:
    """A paragraph. `extra`: further properties, in the order of the schema."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr>{"".join(run(r, size) for r in runs)}</w:p>'


def tag(text: str, kind: str = "p", style: str = "OBang") -> str:
    """A paragraph that docxtpl replaces by the tag."""
    return paragraph(style, [Run(f"{{%{kind} {text} %}}")])


def rule(length: int, width: int) -> str:
    """A line `length` mm long in the middle of a cell or page `width` mm wide."""
    side = round((width - length) / 2 * MM)
    return (
        '<w:p><w:pPr><w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>'
        f'<w:spacing w:before="60" w:after="0" w:line="120" w:lineRule="exact"/><w:ind w:left="{side}" '
        f'w:right="{side}"/><w:rPr><w:sz w:val="8"/></w:rPr></w:pPr></w:p>'
    )


def cell(content: str, width: float, span: int = 1, merge: str = "") -> str:
    """A cell `width` mm wide over `span` columns; `merge`: `restart` or `continue` of cells one below the other."""
    properties = f'<w:tcW w:w="{round(width * MM)}" w:type="dxa"/>'
    properties += f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    properties += f'<w:vMerge w:val="{merge}"/>' if merge else ""
    return f'<w:tc><w:tcPr>{properties}<w:vAlign w:val="center"/></w:tcPr>{content}</w:tc>'


def row(cells: Sequence[str], header: bool = False, height: float = 0) -> str:
    """A row that is not divided between pages; `header`: repeated on every page; `height`: the least, in mm."""
    least = f'<w:trHeight w:val="{round(height * MM)}" w:hRule="atLeast"/>' if height else ""
    repeated = "<w:tblHeader/>" if header else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{least}{repeated}</w:trPr>{''.join(cells)}</w:tr>"


def table(rows: Sequence[str], widths: Sequence[float], total: float, borders: bool) -> str:
    """A table `total` mm wide. `widths`: of its columns, in mm."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV") if borders else ()
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides)
    margin = 60 if borders else 0
    grid = "".join(f'<w:gridCol w:w="{round(width * MM)}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{round(total * MM)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        f'<w:left w:w="{margin}" w:type="dxa"/><w:right w:w="{margin}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def section(landscape: bool, restart: bool, header: str = "") -> str:
    """The properties of a section: A4, the margins, page numbers from the second page on. `header`: its reference."""
    width, height = (LONG, SHORT) if landscape else (SHORT, LONG)
    top, right, bottom, left = (round(m * MM) for m in MARGINS)
    turned = ' w:orient="landscape"' if landscape else ""
    start = '<w:pgNumType w:start="1"/>' if restart else ""
    return (
        f'<w:sectPr>{header}<w:type w:val="nextPage"/>'
        f'<w:pgSz w:w="{round(width * MM)}" w:h="{round(height * MM)}"{turned}/>'
        f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" w:header="567" w:footer="567" '
        f'w:gutter="0"/>{start}<w:titlePg/></w:sectPr>'
    )


def section_end(properties: str = "") -> str:
    """A paragraph without height that ends a section. Word wants one behind a table at the end too."""
    return (
        '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/><w:rPr><w:sz w:val="2"/>'
        f"</w:rPr>{properties}</w:pPr></w:p>"
    )


# --- parts of a paper ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Look:
    """How the lines of a source are set. `widths`: of the columns of its table, in mm, one for those of a loop.

    `grouped`: (title, first cell, cells) of a heading over several columns. `headings`: whether `##` lines are kept.
    """

    text: str = "Than"
    bullet: str = "Than"
    widths: tuple[float, ...] = ()
    total: float = PORTRAIT
    small: bool = False
    grouped: tuple[str, int, int] | None = None
    headings: bool = True
    signer: str = "heading.signer"
    recipients: str = "heading.recipients"
    below_number: str = ""
    left_out: frozenset[str] = field(default_factory=frozenset)


def content(lines: Sequence[str], look: Look) -> Iterator[str]:
    """The paragraphs and tables of the lines."""
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.startswith("|"):
            end = _table_end(lines, at)
            yield _any_table(lines[at:end], look)
            at = end
            continue
        at += 1
        if line not in look.left_out:
            yield from _paragraphs(line, look)


def _paragraphs(line: str, look: Look) -> Iterator[str]:
    lone = LONE_TAG.fullmatch(line)
    if lone and line.count("{%") == 1:
        yield tag(lone[1], style=look.text)
    elif line.startswith("!["):  # a picture, in parts that are at most a page high
        yield tag("for image in picture.images", style=look.text)
        yield paragraph("Giua", [Run("{{ image }}")], extra='<w:spacing w:after="120"/>')
        yield tag("endfor", style=look.text)
    elif line.startswith("# "):
        yield paragraph("TenVanBan", runs_of(line[2:]), extra='<w:spacing w:before="240" w:after="0"/>')
    elif line.startswith("## ") and look.text != "Than":
        if look.headings:
            yield paragraph("TenPhuLuc", runs_of(line[3:]))
    elif line.startswith("## {{"):  # the subject of the report, below its kind
        yield paragraph("TenVanBan", runs_of(line[3:]))
        yield rule(50, PORTRAIT)
        yield paragraph("Giua", extra='<w:spacing w:before="0" w:after="0" w:line="200" w:lineRule="exact"/>')
    elif line.startswith("#"):
        yield paragraph("DeMuc", runs_of(line.lstrip("# ")))
    elif re.fullmatch(r"\*\*(?!\*)[^*]+\*\*", line):
        yield paragraph("TenPhuLuc", [Run(r.text) for r in runs_of(line)])
    elif re.fullmatch(r"\*(?!\*)[^*]+\*", line) or line.startswith("Kỳ đánh giá"):
        yield paragraph("Giua", runs_of(line), extra='<w:spacing w:after="120"/>')
    elif line.startswith("**Kính gửi:**"):
        yield paragraph("Giua", runs_of(line), extra='<w:spacing w:before="240" w:after="240"/>')
    elif line.startswith("- "):
        yield paragraph(look.bullet, runs_of(line))
    elif "./." in line:  # the end of the text: a signature alone on a page could belong to any text
        yield paragraph(look.text, runs_of(line), extra="<w:keepNext/>")
    else:
        yield paragraph(look.text, runs_of(line))


def _table_end(lines: Sequence[str], start: int) -> int:
    """The index behind the last line of the table that begins at `start`, with the tags that close its loops."""
    depth, end = 0, start
    for at in range(start, len(lines)):
        lone = LONE_TAG.fullmatch(lines[at])
        if lines[at].startswith("|"):
            end = at + 1
        elif lone:
            depth += 1 if lone[1].startswith("for") else -1 if lone[1] == "endfor" else 0
            if depth < 0 or not lone[1].startswith(("for", "endfor")):
                break
            end = at + 1 if lone[1] == "endfor" else end
        else:
            break
    return end


def _any_table(lines: Sequence[str], look: Look) -> str:
    if "superior_body" in lines[0]:
        return letterhead([cells_of(line) for line in lines if not line.startswith("|:")], look.below_number)
    if "Nơi nhận" in lines[0]:
        return signature(cells_of(lines[0])[0], look.recipients, look.signer)
    return data_table(lines, look)


def letterhead(cells: Sequence[Sequence[str]], below_number: str) -> str:
    """Authorities, number and, right, the name of the state, place and date: a table of two columns without lines."""
    (superior, state), (issuer, motto), (number, place) = cells
    left, right = 66, PORTRAIT - 66
    upper_left = paragraph("CoQuan", runs_of(superior)) + paragraph("CoQuan", runs_of(issuer)) + rule(22, left)
    upper_right = paragraph("CoQuan", [Run(state, bold=True)])
    upper_right += paragraph("CoQuan", runs_of(motto), 14) + rule(62, right)
    mark = tag("if draft", style="CoQuan") + paragraph("CoQuan", [Run("DỰ THẢO", bold=True)]) + tag("endif")
    below = paragraph("CoQuan", runs_of(below_number), extra='<w:spacing w:before="120"/>') if below_number else mark
    lower_left = paragraph("CoQuan", runs_of(number)) + below
    rows = [
        row([cell(upper_left, left), cell(upper_right, right)]),
        row([cell(lower_left, left), cell(paragraph("CoQuan", runs_of(place), 14), right)]),
    ]
    text = table(rows, (left, right), PORTRAIT, borders=False)
    return text.replace('<w:vAlign w:val="center"/>', "") + paragraph("Giua", size=14)


def signature(recipients_title: str, recipients: str, signer: str) -> str:
    """Recipients and, right, who signs: a table of two columns without lines, which is not divided between pages."""
    left, right = 75, PORTRAIT - 75
    sent_to = paragraph("NoiNhan", runs_of(recipients_title), 12) + tag(f"for recipient in {recipients}")
    sent_to += paragraph("NoiNhan", [Run("- {{ recipient }}")]) + tag("endfor")
    signed = ""
    for titles in ("heading.on_behalf", "heading.signer_title"):
        signed += tag(f"for title in {titles}") + paragraph("TenVanBan", [Run("{{ title }}")]) + tag("endfor")
    name = [Run(f"{{{{ {signer} }}}}")] if signer else []
    signed += paragraph("TenVanBan", name, extra='<w:spacing w:before="1500"/>')
    text = table([row([cell(sent_to, left), cell(signed, right)])], (left, right), PORTRAIT, borders=False)
    return text.replace('<w:vAlign w:val="center"/>', "")


def data_table(lines: Sequence[str], look: Look) -> str:
    """A table with lines: heading rows that are repeated, and rows that are not divided between pages."""
    heads, marks = cells_of(lines[0]), cells_of(lines[1])
    is_loop = [head.startswith("{%tc") for head in heads]
    given = iter(look.widths)
    widths = [4 if loop else next(given) for loop in is_loop]
    centred = [mark.endswith(":") or loop for mark, loop in zip(marks, is_loop, strict=True)]
    plain, middle = ("OBangNho", "OBangNhoGiua") if look.small else ("OBang", "OBangGiua")

    def one(text: str, at: int, bold: bool = False, merge: str = "", style: str = "") -> str:
        runs = [Run(r.text, r.bold or bold, r.italic) for r in runs_of(text)]
        return cell(paragraph(style or (middle if centred[at] else plain), runs), widths[at], merge=merge)

    rows = []
    if look.grouped is None:
        rows.append(row([one(head, at, True, style=middle) for at, head in enumerate(heads)], header=True))
    else:
        rows += _grouped_heads(heads, widths, look.grouped, one, middle)
    for line in lines[2:]:
        lone = LONE_TAG.fullmatch(line)
        cells = cells_of(line) if not lone else []
        if lone:
            content_of_row = tag(lone[1], "tr", plain)
            rows.append(row([cell(content_of_row, sum(widths), len(widths))]))
        elif cells[0] == "(1)":
            rows.append(row([one(text, at, style=middle) for at, text in enumerate(cells)], header=True))
        elif not any(text for text in cells[2:] if not text.startswith("{%tc")):
            rows.append(_group_row(cells, widths, middle, plain))
        else:
            rows.append(row([one(text, at) for at, text in enumerate(cells)]))
    return table(rows, widths, look.total, borders=True)


def _grouped_heads(
    heads: Sequence[str], widths: Sequence[float], grouped: tuple[str, int, int], one: Any, style: str
) -> list[str]:
    """Two heading rows: above, a title over some columns, each other column over both rows."""
    title, first, cells = grouped
    inside = range(first, first + cells)
    loops = [LOOP.search(heads[at]) for at in inside if heads[at].startswith("{%tc for")]
    plain = sum(not heads[at].startswith("{%tc") for at in inside) - len(loops)
    count = " + ".join(
        [*(f"({m[1].removesuffix(' %}')} | length)" for m in loops if m), *([str(plain)] if plain else [])]
    )
    over = cell(
        paragraph(style, [Run(f"{{% colspan {count} %}}"), Run(title, bold=True)]),
        sum(widths[at] for at in inside),
        cells,
    )
    above = [
        over if at == first else one(heads[at], at, True, "restart", style)
        for at in range(len(heads))
        if at == first or at not in inside
    ]
    below = [
        one(head if at in inside else "", at, True, "" if at in inside else "continue", style)
        for at, head in enumerate(heads)
    ]
    # LibreOffice does not count cells over both rows when it repeats the heading: the rows get a height for them
    return [row(above, header=True, height=6), row(below, header=True, height=16)]


def _group_row(cells: Sequence[str], widths: Sequence[float], middle: str, plain: str) -> str:
    """The row of a group: its number, and its name over all other columns."""
    loops = [m[1].removesuffix(" %}") for m in (LOOP.search(c) for c in cells if c.startswith("{%tc for")) if m]
    rest = sum(not c.startswith("{%tc") for c in cells[1:]) - len(loops)
    count = " + ".join([str(rest), *(f"({loop} | length)" for loop in loops)])
    name = [Run(f"{{% colspan {count} %}}"), *runs_of(cells[1])]
    return row(
        [
            cell(paragraph(middle, runs_of(cells[0])), widths[0]),
            cell(paragraph(plain, name), sum(widths[1:]), len(cells) - 1),
        ]
    )


# --- the papers ------------------------------------------------------------------------------------------

FORM_03 = Look("Trai", "GhiChu", (10, 64, 15, 18, 18, 40))
FORM_01 = Look(
    "Trai", "GhiChu", (12, 42, 38, 19, 18),
    grouped=("Xếp loại (đánh dấu X vào ô tương ứng)", 4, 3),
    left_out=frozenset({"Xếp loại: đánh dấu X vào ô tương ứng."}),
)  # fmt: skip
RESULTS = Look(
    "Trai", "GhiChu", (11, 36, 11, 16, 20, 19, 54), LANDSCAPE, small=True, headings=False,
    grouped=("ĐIỂM CÁC TIÊU CHÍ", 2, 4),
)  # fmt: skip
GROUPS = Look("Trai", "GhiChu", (12, 40, 22, 12, 17, 22, 42), LANDSCAPE, small=True, headings=False)
PICTURES = Look("Trai", "GhiChu", headings=False)
COUNTS = Look("Trai", "GhiChu", (11, 45, 15, 33), LANDSCAPE, small=True, headings=False)


def report(header: str) -> tuple[str, str]:
    """Body and properties of the last section of the report: the text, then each annex as a section of its own."""
    text = Look()
    parts = ["phan-mo-dau.md.j2", "phan-1.md.j2", "phan-2.md.j2", "phan-3.md.j2", "phan-ky.md.j2"]
    body = [*content([line for part in parts for line in lines_of(part)], text)]
    body.append(section_end(section(landscape=False, restart=False, header=header)))
    body += [tag("for form in forms"), *content([*lines_of("bieu-mau-03.md.j2")], FORM_03)]
    body += [section_end(section(landscape=False, restart=True)), tag("endfor"), tag("if scored")]
    body += [tag("if officer_form.of_rulebook"), *content([*lines_of("bieu-mau-01.md.j2")], FORM_01)]
    body += [section_end(section(landscape=False, restart=True)), tag("endif")]
    body += [tag("if groups"), *content([*lines_of("bieu-nhom-diem.md.j2")], GROUPS)]
    body += [tag("else"), *content([*lines_of("bieu-ket-qua.md.j2")], RESULTS), tag("endif")]
    body += [tag("else"), *content([*lines_of("bieu-so-lieu.md.j2")], COUNTS), tag("endif")]
    body += [section_end(section(landscape=True, restart=True))]
    body += content([*lines_of("bieu-do.md.j2")], PICTURES)
    return "".join(body), section(landscape=False, restart=True)


def reminder(header: str) -> tuple[str, str]:
    """Body and properties of the letter that asks units for missing data."""
    lines = [*lines_of("don-doc.md.j2")]
    subject = next(line for line in lines if line.startswith("V/v"))
    look = Look(signer="", recipients="recipients", below_number=subject, left_out=frozenset({subject}))
    return "".join([*content(lines, look), section_end()]), section(landscape=False, restart=False, header=header)


def word_file(paper: Any) -> bytes:
    """The .docx file of a paper: `report` or `reminder`."""
    document = Document()
    _styles(document)
    header = document.sections[0].header
    number = header.paragraphs[0]
    number.style = document.styles["Dòng giữa"]
    number._p.append(parse_xml(f'<w:fldSimple {NAMESPACES} w:instr=" PAGE "><w:r><w:t>2</w:t></w:r></w:fldSimple>'))
    last = document.element.body.sectPr
    reference = last.find(qn("w:headerReference"))
    text = f'<w:headerReference w:type="default" r:id="{reference.get(qn("r:id"))}"/>'
    body, properties = paper(text)
    whole = parse_xml(f"<w:body {NAMESPACES}>{body}{properties}</w:body>")
    document.element.replace(document.element.body, whole)
    core = document.core_properties
    core.author = core.title = core.comments = core.last_modified_by = core.keywords = ""
    core.created = core.modified = dt.datetime(2020, 3, 5)  # of Nghị định 30/2020/NĐ-CP
    raw = io.BytesIO()
    document.save(raw)
    return zip_bytes(zip_entries(raw.getvalue()))


def _styles(document: Any) -> None:
    """The styles of the paper; what is not set there is Times New Roman 14."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    defaults.getparent().replace(defaults, parse_xml(
        f'<w:docDefaults {NAMESPACES}><w:rPrDefault><w:rPr><w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}" '
        f'w:eastAsia="{FONT}"/><w:color w:val="000000"/><w:sz w:val="28"/><w:szCs w:val="28"/><w:lang w:val="vi-VN"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    ))  # fmt: skip
    normal = document.styles["Normal"].element
    for part in normal.findall(qn("w:rPr")):
        normal.remove(part)
    for style in STYLES:
        element = document.styles.add_style(style.name, WD_STYLE_TYPE.PARAGRAPH).element
        element.set(qn("w:styleId"), style.id)
        element.append(parse_xml(f"<w:qFormat {NAMESPACES}/>"))
        keep = "<w:keepNext/>" if style.keep_next else ""
        indent = f'<w:ind w:firstLine="{style.indent}"/>' if style.indent else ""
        element.append(parse_xml(
            f'<w:pPr {NAMESPACES}>{keep}<w:spacing w:before="{style.before}" w:after="{style.after}" '
            f'w:line="{style.line}" w:lineRule="auto"/>{indent}<w:jc w:val="{style.align}"/></w:pPr>'
        ))  # fmt: skip
        look = ("<w:b/>" if style.bold else "") + ("<w:i/>" if style.italic else "")
        size = round(2 * style.size)
        element.append(parse_xml(
            f'<w:rPr {NAMESPACES}>{look}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
        ))  # fmt: skip


PAPERS = {"bao-cao.docx": report, "nhac-viec.docx": reminder}


def main() -> None:
    """Write the templates into the folder of the first argument, else beside this file."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    for name, paper in PAPERS.items():
        (folder / name).write_bytes(word_file(paper))


if __name__ == "__main__":
    main()
