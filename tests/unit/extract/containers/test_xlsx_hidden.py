"""Rows and columns nobody sees in Excel are counted, and said; files without any pay nothing for it."""

from collections.abc import Callable
from typing import Any

import pytest
from workbooks import saved, with_parts

from pipeline.extract.containers import xlsx_hidden
from pipeline.extract.containers.xlsx_hidden import look_inside
from pipeline.extract.sheet.grid import UnreadableError


def said(reading: Any) -> list[tuple[str, str]]:
    return [(f.cell, f.found) for f in reading.findings if f.code == "rows_hidden"]


def rows_of(row: Callable[..., list[Any]]) -> list[list[Any]]:
    names = ("Phòng A", "Phòng B", "Phòng C", "Xã D")
    return [row(i, name, 1, 2, 0, 3, 0, 0) for i, name in enumerate(names, 1)]


def hide(*rows: int, columns: str = "") -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        for r in rows:
            sheet.row_dimensions[r].hidden = True
        for letter in columns:
            sheet.column_dimensions[letter].hidden = True

    return change


def test_a_hidden_row_is_counted_and_named(export: Any, read: Any, row: Any) -> None:
    reading = read(export(rows_of(row), change=hide(9, 10)))
    assert said(reading) == [("A9", "dòng 9–10")]
    frame = reading.frame(set())
    assert set(frame["unit_id"]) == {"phong-a", "phong-b", "phong-c", "xa-d"}


def test_a_hidden_measure_is_named(export: Any, read: Any, row: Any) -> None:
    assert said(read(export(rows_of(row), change=hide(8, 11, columns="HJ")))) == [("H8", "dòng 8, 11 và cột H, J")]


def test_what_does_not_count_is_not_said(export: Any, read: Any, row: Any) -> None:
    # a title, the row of the signature, the ordinals
    assert said(read(export(rows_of(row), change=hide(1, 14, 60, columns="A")))) == []


def change_sheet(data: bytes, old: str, new: str) -> bytes:
    """The workbook with a text of its sheet's XML replaced."""

    def change(name: str, part: bytes) -> bytes:
        if not name.endswith("sheet1.xml"):
            return part
        assert old.encode() in part
        return part.replace(old.encode(), new.encode())

    return with_parts(data, change)


def test_a_row_without_height_and_a_column_without_width(export: Any, read: Any, row: Any) -> None:
    data = export(rows_of(row))
    flat = change_sheet(data, '<row r="9"', '<row r="9" ht="0" customHeight="1"')
    assert said(read(flat)) == [("A9", "dòng 9")]
    narrow = change_sheet(data, "<sheetData>", '<cols><col min="10" max="11" width="0"/></cols><sheetData>')
    assert said(read(narrow)) == [("J1", "cột J–K")]


def test_a_filtered_list_is_said(export: Any, period: Any, registry_csv: bytes) -> None:
    import openpyxl

    from pipeline import quarter

    book = openpyxl.Workbook()
    heads = ["Số hồ sơ", "Phòng ban", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Trạng thái"]
    book.active.append(heads)
    for i in range(6):
        book.active.append([f"H-{i}", "Phòng A", "20/12/2021", "30/12/2021", "28/12/2021", "Đã trả kết quả"])
    hide(3, 4, 6)(book.active)
    reading = quarter.read_period(period, {"ds.xlsx": saved(book)}, registry_csv)
    (finding,) = [f for f in reading.files.findings if f.code == "rows_hidden"]
    assert finding.found == "dòng 3–4, 6"
    result = quarter.check(reading)
    assert int(result.counts.loc[result.counts["measure"] == "resolved_early", "value"].sum()) == 6


def test_a_plain_sheet_is_not_parsed(export: Any, row: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without formula, error or the word hidden, the sheet's XML is searched for bytes and nothing else."""
    plain, hidden = export(rows_of(row)), export(rows_of(row), change=hide(9))
    parsed: list[bytes] = []
    matched: list[bytes] = []
    original = xlsx_hidden.parse
    monkeypatch.setattr(xlsx_hidden, "parse", lambda xml: parsed.append(xml) or original(xml))

    class Rows:
        def finditer(self, xml: bytes) -> Any:
            matched.append(xml)
            return real.finditer(xml)

    real = xlsx_hidden._ROW
    monkeypatch.setattr(xlsx_hidden, "_ROW", Rows())
    assert look_inside(plain) == {}
    assert not [x for x in parsed if b"<sheetData" in x] and matched == []
    assert look_inside(hidden)["Sheet"].rows == {8} and len(matched) == 1


@pytest.mark.parametrize(
    ("prefix", "cell"),
    [
        ("", '<c r="A1" t="e"><v>#REF!</v></c>'),
        ("", "<c r='A1' t='e'><v>#REF!</v></c>"),
        ("", '<c r="A1"><f>1+1</f></c>'),
        ("", '<c r="A1" t\n= "e"><v>#REF!</v></c>'),
        ("x:", '<x:c r="A1" t = "e"><x:v>#REF!</x:v></x:c>'),
        ("x:", '<x:c r="A1"><x:f>1+1</x:f></x:c>'),
    ],
)
def test_every_spelling_of_what_a_cell_hides_is_seen(export: Any, row: Any, prefix: str, cell: str) -> None:
    """With apostrophes, with white space, under a declared prefix."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    declared = f'xmlns:{prefix[:-1]}="{main}"' if prefix else f'xmlns="{main}"'
    sheet, data, line = (f"{prefix}{name}" for name in ("worksheet", "sheetData", "row"))
    xml = f'<{sheet} {declared}><{data}><{line} r="1">{cell}</{line}></{data}></{sheet}>'
    plain = export(rows_of(row))
    made = with_parts(plain, lambda name, part: xml.encode() if name.endswith("sheet1.xml") else part)
    assert look_inside(made)["Sheet"].cells.keys() == {(0, 0)}


def in_another_encoding(export: Any, row: Any, encoding: str) -> bytes:
    def change(name: str, part: bytes) -> bytes:
        if not name.endswith("sheet1.xml"):
            return part
        text = part.decode().removeprefix('<?xml version="1.0" encoding="UTF-8"?>')
        cell = '<row r="9" hidden="1"><c r="Z9" t="e"><v>#REF!</v></c>'
        start = text.index('<row r="9"')
        text = text[:start] + cell + text[text.index(">", start) + 1 :]
        return f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)

    return with_parts(export(rows_of(row), change=hide(9)), change)


def test_another_encoding_hides_nothing(export: Any, row: Any) -> None:
    """Bytes say nothing of a part in another encoding: it is parsed."""
    inside = look_inside(in_another_encoding(export, row, "iso-8859-1"))["Sheet"]
    assert inside.rows == {8} and inside.cells[8, 25].text == "#REF!"


def test_what_the_library_cannot_decode_is_refused(export: Any, row: Any, grids: Any) -> None:
    """Of a sheet in UTF-16 the reader library gives no cell, and says nothing."""
    with pytest.raises(UnreadableError, match="UTF-8"):
        grids(in_another_encoding(export, row, "utf-16"))
