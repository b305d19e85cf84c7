"""Wherever a person's name or number stands in an export, no command, file, log or page repeats it.

Every text is a mark of its own. What leaves is compared with all marks, so a new finding that repeats a text fails here.
"""

import html
import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from commands import Tthc
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from workbooks import of_rows, saved

from pipeline.extract import read_sheet as reading

LIST_HEAD = [
    "Số hồ sơ", "Chủ hồ sơ", "Số điện thoại", "Đơn vị", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý",
    "Trạng thái hồ sơ", "Hình thức tiếp nhận",
]  # fmt: skip
COUNT_HEAD = [
    "STT",
    "Đơn vị",
    "Tiếp nhận",
    "Trước hạn",
    "Đúng hạn",
    "Quá hạn",
    "Đang giải quyết trong hạn",
    "Đang giải quyết quá hạn",
]
#: what no output may hold, case folded: the syllable that all names have, and the starts of all numbers
MARKS = ("zqu", "098765", "0010990")


class Marks:
    """Texts that name somebody, each one another."""

    def __init__(self) -> None:
        self.numbers = itertools.count(1)

    @property
    def _letters(self) -> str:
        n = next(self.numbers)
        return "Zqu" + "".join("abcdefghij"[int(d)] for d in str(n))

    def name(self, start: str = "Lò Văn") -> str:
        return f"{start} {self._letters}"

    def phone(self) -> str:
        return f"098765{next(self.numbers):04d}"

    def card(self) -> str:
        return f"0010990{next(self.numbers):05d}"


def dossier(i: int, m: Marks, **changed: str) -> list[Any]:
    line = {
        "code": f"H18-220110-{i:04d}", "who": m.name(), "phone": m.phone(), "unit": "Phòng A", "in": "20/12/2021",
        "due": "30/12/2021", "end": "28/12/2021", "status": "Đã trả kết quả", "way": "Trực tiếp",
    }  # fmt: skip
    return list({**line, **changed}.values())


def lists(m: Marks) -> Iterator[tuple[str, list[list[Any]]]]:
    """Lists with a mark in each column and each kind of row."""
    plain = [dossier(i, m) for i in range(8)]
    for key in ("code", "unit", "in", "due", "end", "status", "way"):
        for some in (
            m.name,
            m.phone,
            m.card,
            lambda: m.name("Xã Tân Lập, ông Hồ"),
            lambda: m.name("Đã trả kết quả cho"),
        ):
            yield f"{key} of one", [LIST_HEAD, *plain, dossier(9, m, **{key: some()})]
        yield f"{key} of all", [LIST_HEAD, *(dossier(i, m, **{key: m.name()}) for i in range(8))]
    twice = m.phone()
    yield "a code twice", [LIST_HEAD, *plain, dossier(1, m, code=twice), dossier(1, m, code=twice, end="29/12/2021")]
    for title in (
        m.name("Danh sách hồ sơ của ông"),
        m.name("Người xuất: Nguyễn"),
        m.name("Lĩnh vực đất đai – bà"),
        m.name("Hồ sơ trễ hạn quý II năm 2020 của"),
    ):
        yield "title", [[title], ["", title, m.phone()], LIST_HEAD, *plain]
    yield "heads", [[*LIST_HEAD[:-1], m.name("Ngày của"), m.name("Ngày hẹn trả")], *([*x, "01/01/2022"] for x in plain)]
    yield (
        "lone rows",
        [
            LIST_HEAD,
            *plain[:4],
            [m.name("Phòng")],
            [m.name()],
            [f"Tổng số: 99 {m.name()}"],
            *plain[4:],
            [],
            [m.name("Người lập:"), m.card()],
        ],
    )
    yield "no header", plain
    yield "old font", [["M· hå s¬", "Chñ hå s¬"], [f"Hå s¬ {m.name()}"]]
    yield "nothing found", [[f"KHÔNG TÌM THẤY DỮ LIỆU của {m.name()}"]]


def tables(m: Marks) -> Iterator[tuple[str, list[list[Any]]]]:
    """Count tables with a mark in each column and each kind of row."""
    numbers = [6, 1, 2, 1, 1, 1]
    units = [[1, "Phòng A", *numbers], [2, "Phòng B", *numbers]]
    citizens = [[i, m.name(), *numbers] for i in range(1, 5)]
    yield (
        "headed citizens",
        [["STT", "Họ tên công dân", *COUNT_HEAD[2:]], *citizens, ["", "Tổng số", *(4 * n for n in numbers)]],
    )
    yield "citizens as units", [COUNT_HEAD, *units, *citizens, [7, m.name("Xã Lò Văn"), *numbers]]
    for column in range(8):
        yield (
            f"column {column}",
            [
                COUNT_HEAD,
                *units,
                [*[3, "Phòng C", *numbers][:column], m.name(), *[3, "Phòng C", *numbers][column + 1 :]],
            ],
        )
    yield "number", [COUNT_HEAD, *units, [3, "Phòng C", m.phone(), *numbers[1:]]]
    for title in (
        m.name("Tình hình giải quyết hồ sơ của ông"),
        m.name("Đơn vị báo cáo: Phòng"),
        m.name("Quý II năm 2020"),
    ):
        yield "title", [[title], [m.name("UBND huyện"), m.phone()], COUNT_HEAD, *units]
    yield "heads", [[*COUNT_HEAD, m.name("Đã giải quyết"), m.name()], *([*u, 1, 2] for u in units)]
    yield (
        "remarks",
        [
            COUNT_HEAD,
            *units,
            [m.name("Trong đó:"), m.name(), *numbers],
            ["", m.name("Tổng cộng"), *numbers],
            [],
            [m.name("Ghi chú:")],
            ["", m.name("Người lập biểu"), 5],
        ],
    )
    yield "fields", [["STT", "Lĩnh vực", *COUNT_HEAD[2:]], [1, m.name(), *numbers], [2, "Đất đai", *numbers]]


def workbook(rows: list[list[Any]], m: Marks) -> bytes:
    """An xlsx whose tab, comments, names, properties, hidden sheets, rows and columns hold marks too."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    sheet.title = m.name("Hồ sơ")
    sheet["A1"].comment = Comment(m.name(), m.name())
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    book.defined_names["vung"] = DefinedName("vung", attr_text=f'"{m.name()}"')
    book.properties.creator = book.properties.title = m.name()
    hidden = book.create_sheet(m.name("Ẩn"))
    hidden.append([m.name(), m.phone()])
    hidden.sheet_state = "hidden"
    return saved(book)


def page(rows: list[list[Any]]) -> bytes:
    return f"<table>{''.join('<tr>' + ''.join(f'<td>{c}</td>' for c in r) + '</tr>' for r in rows)}</table>".encode()


def text(rows: list[list[Any]]) -> bytes:
    return "\n".join(";".join(map(str, r)) for r in rows).encode("utf-8-sig")


def everything(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file that is no input, as text; workbooks and archives member by member."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.parent.name == "2022-Q1" and path.parent.parent.name == "raw" and path.name.startswith("vao-"):
            continue
        data = path.read_bytes()
        yield path.name, path.name
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for member in archive.namelist():
                    yield f"{path.name}/{member}", html.unescape(archive.read(member).decode("utf-8", "replace"))
        else:
            yield path.name, html.unescape(data.decode("utf-8", "replace"))


def marks_in(said: str) -> list[str]:
    """The marks in a text, each with the letters around it."""
    folded = said.casefold()
    return [folded[max(0, at - 60) : at + 30] for mark in MARKS if (at := folded.find(mark)) >= 0]


def write(office: Path, kind: str) -> None:
    m = Marks()
    made = {"xlsx": lambda rows: workbook(rows, m), "xls": page, "csv": text}[kind]
    for i, (_, rows) in enumerate([*lists(m), *tables(m)]):
        (office / "raw/2022-Q1" / f"vao-{i}.{kind}").write_bytes(made(rows))


@pytest.mark.slow  # a whole quarter of some ninety files
@pytest.mark.parametrize("kind", ["xlsx", "xls", "csv"])
def test_nothing_repeats_a_person(kind: str, office: Path, tthc: Tthc) -> None:
    write(office, kind)
    for arguments in (("check", "--all"), ("layouts",), ("score", "--direct"), ("forms",)):
        command, *more = arguments
        done = tthc(command, "2022-Q1", *more, "--data", str(office))
        assert "ngoài dự kiến" not in done.stderr, done
        assert marks_in(done.stdout + done.stderr) == [], command
    outputs = list(everything(office))
    assert any(name.endswith("cach-doc.xlsx/xl/workbook.xml") for name, _ in outputs)
    assert any(name == "findings.csv" for name, _ in outputs)
    assert {name: found for name, said in outputs if (found := marks_in(said))} == {}


def test_an_export_in_the_shape_of_a_form_repeats_no_person(office: Path, tthc: Tthc) -> None:
    """Every free cell of every form holds a mark, and so do a heading, a tab and a title."""
    raw, m = office / "raw/2022-Q1", Marks()
    tthc("forms", "2022-Q1", "--data", str(office))
    forms = [*raw.glob("*.xlsx"), *(raw / "phieu-gui-di").glob("*.xlsx")]
    (raw / "phieu").mkdir(exist_ok=True)
    for path in (p for p in forms if p.name != "cong.xlsx"):
        book = openpyxl.load_workbook(path)
        for sheet in (s for s in book if s.title not in {"Hướng dẫn", "Danh mục"}):
            some = itertools.cycle([m.name, m.phone, m.card, lambda: m.name("Xã Tân Lập, ông Hồ")])
            for row in sheet.iter_rows(min_row=6, max_row=sheet.max_row):
                for cell in row:
                    if isinstance(cell, Cell) and (cell.value is None or cell.row % 5 == 0):
                        cell.value = next(some)()
        to = raw / "phieu" / path.name if path.parent.name == "phieu-gui-di" else path
        book.save(to)
        for sheet in (s for s in book if s.title not in {"Hướng dẫn", "Danh mục"}):
            sheet["A5"], sheet.title = f"{sheet['A5'].value} {m.name()}", m.name("Hồ sơ")
        book.save(to.with_stem(f"{to.stem} (1)"))
        sheet["A1"] = f"{sheet['A1'].value} {m.name()}"
        book.save(to.with_stem(f"{to.stem} (2)"))
    done = tthc("check", "2022-Q1", "--all", "--data", str(office))
    assert "ngoài dự kiến" not in done.stderr, done
    assert "không nhận ra đơn vị" in done.stdout.casefold()
    assert marks_in(done.stdout + done.stderr) == []
    outputs = list(everything(office / "out"))
    assert any(name.startswith("bo-sung.danh-dau.xlsx") for name, _ in outputs)
    assert {name: found for name, said in outputs if (found := marks_in(said))} == {}


def test_a_slip_in_a_form_is_still_repeated_where_it_names_nobody(office: Path, tthc: Tthc) -> None:
    tthc("forms", "2022-Q1", "--data", str(office))
    path = office / "raw/2022-Q1/bo-sung.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["Số liệu bổ sung"]
    sheet["B8"], sheet["C8"], sheet["C7"] = "Xã Tân Lập", 1, "mười"
    book.save(path)
    said = tthc("check", "2022-Q1", "--all", "--data", str(office)).stdout
    assert "“Phòng A” ghi “mười”" in said and "“Xã Tân Lập”" in said
    assert "bo-sung.xlsx › Số liệu bổ sung › C7" in said


def test_the_log_of_a_crash_says_where_and_not_what(office: Path, tthc: Tthc, monkeypatch: pytest.MonkeyPatch) -> None:
    (office / "raw/2022-Q1/vao-0.xlsx").write_bytes(of_rows([LIST_HEAD, dossier(1, Marks())]))

    def fails(*_: object) -> None:
        raise ValueError(Marks().name())

    monkeypatch.setattr(reading, "read_dossiers", fails)
    done = tthc("check", "2022-Q1", "--data", str(office))
    assert done.returncode and "ValueError" in done.stderr
    named = re.search(r"\S+loi-chuong-trinh\.log", done.stderr)
    assert named is not None
    log = Path(named[0]).read_text("utf-8")
    assert "ValueError" in log and "read_sheet.py" in log
    assert marks_in(done.stdout + done.stderr + log) == []


def test_a_finding_that_repeats_a_text_is_found(office: Path, tthc: Tthc, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the last look at what leaves, this proof fails: it is able to."""
    from pipeline.shown_text import Lexicon, ShownText

    (office / "raw/2022-Q1/vao-0.xlsx").write_bytes(
        of_rows([[Marks().name("Danh sách hồ sơ của ông")], LIST_HEAD, dossier(1, Marks())])
    )
    monkeypatch.setattr(Lexicon, "_sentence", lambda self, text, *, places=False: ShownText(text))
    assert marks_in(tthc("check", "2022-Q1", "--all", "--data", str(office)).stdout)
