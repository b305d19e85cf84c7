"""Files that attack the reader: each is one finding, the other files of the period go on."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from offices import OFFICE
from xml_spreadsheets import cell, of_rows

from pipeline import quarter
from pipeline.extract.containers import sandbox
from pipeline.extract.containers.sandbox import open_all
from pipeline.periods import Period

pytestmark = pytest.mark.slow

CONTENT_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
RELS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
BOOK = '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
BOOK_RELS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
SHEET = '<?xml version="1.0"?>{doctype}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData>{after}</worksheet>'


def workbook(rows: str | bytes, doctype: str = "", after: str = "") -> bytes:
    """A minimal xlsx with the given sheet XML."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("_rels/.rels", RELS)
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", BOOK_RELS)
        text = rows if isinstance(rows, str) else rows.decode()
        archive.writestr("xl/worksheets/sheet1.xml", SHEET.format(doctype=doctype, rows=text, after=after))
    return out.getvalue()


def entity_bomb() -> bytes:
    levels = "".join(f'<!ENTITY e{i} "{("&e" + str(i - 1) + ";") * 10}">' for i in range(1, 10))
    doctype = f'<!DOCTYPE x [<!ENTITY e0 "ha">{levels}]>'
    return workbook('<row r="1"><c r="A1" t="str"><f>1</f><v>&e9;</v></c></row>', doctype)


def external_entity() -> bytes:
    doctype = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return workbook('<row r="1"><c r="A1" t="str"><f>1</f><v>&e;</v></c></row>', doctype)


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("xl/workbook.xml", BOOK)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
            block = b"<row/>" * 170_000
            for _ in range(400):
                member.write(block)
    return out.getvalue()


def lying_zip() -> bytes:
    """A member that declares 10 bytes and inflates to 400 MB."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = b"".join(packed.compress(b"\0" * 1_000_000) for _ in range(400)) + packed.flush()
    name = b"a.csv"
    crc = 0
    head = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, crc, len(data), 10, len(name), 0) + name
    central = (
        struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0, crc, len(data), 10, len(name), 0, 0, 0, 0, 0, 0)
        + name
    )
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(central), len(head) + len(data), 0)
    return head + data + central + end


def overlapping_zip() -> bytes:
    """Two names for the same packed bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "x" * 100)
        archive.writestr("b.csv", "y" * 100)
    data = bytearray(out.getvalue())
    second = data.rindex(b"PK\1\2")
    data[second + 42 : second + 46] = (0).to_bytes(4, "little")
    return bytes(data)


def encrypted() -> bytes:
    """An OLE file as Excel writes it for a password: refused, whatever the reader makes of it."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 4000


def xlsb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("xl/workbook.bin", b"\0" * 100)
    return out.getvalue()


def far_cell() -> bytes:
    return workbook('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def wide_sheet() -> bytes:
    from openpyxl.utils import get_column_letter

    cells = "".join(f'<c r="{get_column_letter(c)}1"><v>1</v></c>' for c in range(1, 10_001))
    return workbook(f'<row r="1">{cells}</row>')


def absurd_merges() -> bytes:
    merges = '<mergeCells count="2"><mergeCell ref="A1:XFD1048576"/><mergeCell ref="B2:ZZ900000"/></mergeCells>'
    return workbook('<row r="1"><c r="A1"><v>1</v></c></row>', after=merges)


def xml_spreadsheet(doctype: str = "", rows: str = "") -> bytes:
    """An XML Spreadsheet 2003 with a declaration before its first element."""
    return of_rows(rows).replace(b"<Workbook", doctype.encode() + b"<Workbook", 1)


def xml_entity_bomb() -> bytes:
    levels = "".join(f'<!ENTITY e{i} "{("&e" + str(i - 1) + ";") * 10}">' for i in range(1, 10))
    return xml_spreadsheet(
        f'<!DOCTYPE x [<!ENTITY e0 "ha">{levels}]>', '<Row><Cell><Data ss:Type="String">&e9;</Data></Cell></Row>'
    )


HOSTILE: dict[str, Callable[[], bytes]] = {
    "truncated": lambda: workbook('<row r="1"/>')[:-40],
    "zip bomb": zip_bomb,
    "a zip that lies about its sizes": lying_zip,
    "overlapping members": overlapping_zip,
    "entity expansion": entity_bomb,
    "external entity": external_entity,
    "encrypted": encrypted,
    "xlsb": xlsb,
    "one cell at the far corner": far_cell,
    "ten thousand columns": wide_sheet,
    "absurd merges": absurd_merges,
    "deep html": lambda: b"<html><table>" + b"<tr><td><div>" * 50_000,
    "a line of 50 MB": lambda: b"a;b;c;d\n" + b"x" * 50_000_000,
    "html with absurd spans": lambda: (
        b"<table><tr>" + b"<td rowspan=99999 colspan=99999>x</td>" * 50 + b"</tr></table>"
    ),
    "xml spreadsheet that expands entities": xml_entity_bomb,
    "deep xml spreadsheet": lambda: xml_spreadsheet(rows="<Row>" * 500_000),
    "xml spreadsheet of far rows": lambda: xml_spreadsheet(
        rows="".join(f"<Row ss:Index='{1_040_000 + i}'>{cell(1, Index=16_384)}</Row>" for i in range(500))
    ),
    "xml spreadsheet with absurd merges": lambda: xml_spreadsheet(
        rows=f"<Row>{cell(1, MergeAcross=16_000, MergeDown=1_000_000)}</Row><Row ss:Index='1048576'>{cell(1)}</Row>"
    ),
    "binary rubbish": lambda: bytes(range(256)) * 100,
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 500,
    "empty": lambda: b"",
}


@pytest.mark.parametrize("attack", HOSTILE, ids=lambda a: a.replace(" ", "-"))
def test_one_finding_and_the_other_files_go_on(
    attack: str, period: Period, registry_csv: bytes, export: Any, row: Any
) -> None:
    good = export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0)])
    files = {"a-xau.xlsx": HOSTILE[attack](), "b-tot.xlsx": good}
    result = quarter.check(quarter.read_period(period, files, registry_csv))
    bad = result.findings[
        result.findings["file"].str.startswith("a-xau.xlsx") & (result.findings["sets_aside"] == "file")
    ]
    assert len(bad) == 1, result.findings["message"].tolist()
    assert dict(zip(result.entities["unit_id"], result.entities["status"], strict=True))["phong-a"] == "scored"
    assert "root:" not in bad["message"].iloc[0]


def test_a_million_empty_formatted_rows_cost_nothing(
    period: Period, registry_csv: bytes, export: Any, row: Any
) -> None:
    def format_rows(sheet: Any) -> None:
        for r in range(sheet.max_row + 1, sheet.max_row + 30_000):
            sheet.cell(r, 3).number_format = "0.00"

    data = export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0)], footer=False, change=format_rows)
    result = quarter.check(quarter.read_period(period, {"a.xlsx": data}, registry_csv))
    assert dict(zip(result.entities["unit_id"], result.entities["status"], strict=True))["phong-a"] == "scored"


def test_a_worker_that_dies_is_replaced(monkeypatch: pytest.MonkeyPatch, export: Any, row: Any) -> None:
    good = export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0)])
    answers = dict(open_all({"1": good, "2": far_cell(), "3": good}))
    assert [bool(answers[n][0].grids) for n in ("1", "2", "3")] == [True, False, True]


def test_a_file_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch, export: Any) -> None:
    monkeypatch.setattr(sandbox, "SECONDS", 0.0)
    ((_, parts),) = list(open_all({"1": wide_sheet()}))
    assert parts[0].code == "file_too_large" and not parts[0].grids


@pytest.mark.parametrize(
    "name", ["=cmd|' /C calc'!A0", "+1", "@SUM(A1)", "a|b", "<script>x</script>", "x\ny", "[a](b)"]
)
def test_names_that_attack_what_leaves(period: Period, registry_csv: bytes, export: Any, row: Any, name: str) -> None:
    from pipeline.result import Stamp
    from pipeline.rulebooks import choose

    data = export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0), row(2, name, 1, 2, 0, 3, 0, 0)])
    registry = registry_csv + f'xa-la,"{name}",unit,xa,,,,,,\n'.encode()
    outputs = quarter.render(
        quarter.score(
            quarter.check(quarter.read_period(period, {"a.xlsx": data}, registry)), choose(period, office=OFFICE)
        ),
        Stamp("r1"),
    )
    book = openpyxl.load_workbook(io.BytesIO(outputs["cham-diem.xlsx"]))
    assert not [c.coordinate for sheet in book for r in sheet.iter_rows() for c in r if c.data_type == "f"]
    report = outputs["bao-cao.md"].decode()
    assert "<script" not in report
    for csv_file in (n for n in outputs if n.endswith(".csv")):
        for line in outputs[csv_file].decode("utf-8-sig").split("\r\n"):
            assert not line.startswith(("=", "+", "@"))
