"""What is no table is named in words: one finding, whatever its name ends with, in a zip too."""

import gzip
import hashlib

import pytest
from workbooks import of_rows, zipped

from pipeline.extract.containers.open_file import open_file


def archive(*names: str) -> bytes:
    return zipped(dict.fromkeys(names, b"<x/>"))


KINDS = [
    (b"%PDF-1.7\n1 0 obj <<>>", "PDF"),
    (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "JPEG"),
    (b"\x89PNG\r\n\x1a\n" + bytes(99), "PNG"),
    (b"Rar!\x1a\x07\x01\0" + bytes(99), "RAR"),
    (b"7z\xbc\xaf\x27\x1c\0\4" + bytes(99), "7-Zip"),
    (gzip.compress(b"a;b;c\n1;2;3\n"), "gzip"),
    (b"{\\rtf1\\ansi STT, a, b}", "RTF"),
    (b"\x09\x08\x10\0\0\x06\x05\0" + bytes(99), "thiếu vỏ"),
    (b"\x09\x04\x06\0\0\0\x10\0" + bytes(99), "Excel 95"),
    (b'[{"a": 1, "b": 2, "c": 3},\n{"a": 1, "b": 2, "c": 3}]', "JSON"),
    (b"\xef\xbb\xbf\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<table><tr><td>1</td></tr></table>", ".mht"),
    (b'{\n  "data": [1, 2, 3]\n}', "JSON"),
    (
        b"From: <Saved by Blink>\r\nSubject: a\r\n b\r\nMIME-Version: 1.0\r\n\r\n<table><tr><td>1</td></tr></table>",
        ".mht",
    ),
    (b"Content-Type: multipart/related;\r\n\tboundary=x\r\nMIME-Version: 1.0\r\n\r\na;b;c\r\n1;2;3\r\n", ".mht"),
    (b'ID;PWXL;N;E\r\nC;Y1;X1;K"STT"\r\nC;Y1;X2;K"b"\r\nE\r\n', "SYLK"),
    (b'TABLE\r\n0,1\r\n"EXCEL"\r\nVECTORS\r\n0,3\r\n', "DIF"),
    (archive("[Content_Types].xml", "word/document.xml"), "Word"),
    (archive("[Content_Types].xml", "ppt/presentation.xml"), "PowerPoint"),
    (archive("[Content_Types].xml", "xl/workbook.bin"), ".xlsb"),
    (archive("mimetype", "content.xml", "META-INF/manifest.xml"), "OpenDocument"),
    (archive("Index/Document.iwa", "Metadata/Properties.plist"), "Numbers"),
    (bytes(5_000), "rỗng"),
    (b"\xef\xbb\xbf", "không phải bảng tính"),
]


@pytest.mark.parametrize(("data", "said"), KINDS, ids=[s for _, s in KINDS])
def test_it_is_named(data: bytes, said: str) -> None:
    (part,) = open_file("a.xlsx", data)
    assert part.code == "file_unreadable" and said in part.detail and not part.grids


@pytest.mark.parametrize(("data", "said"), KINDS, ids=[s for _, s in KINDS])
def test_it_is_named_in_a_zip(data: bytes, said: str) -> None:
    made = zipped({"x/so lieu.xlsx": data, "word/b.csv": "a;b;c\n1;2;3\n"})
    first, second = open_file("a.zip", made)
    assert (first.name, first.code) == ("a.zip › x/so lieu.xlsx", "file_unreadable") and said in first.detail
    assert second.grids


@pytest.mark.parametrize("text", ["MZ;b;c\n1;2;3\n", "BM6 a;b;c\n1;2;3\n", "\ta\tb\tc\n\t1\t2\t3\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_table_that_begins_like_something_else(text: str, encoding: str) -> None:
    (part,) = open_file("a.csv", text.encode(encoding))
    assert part.grids


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n", b" \n\n"])
def test_what_a_server_puts_before_a_workbook(before: bytes) -> None:
    data = before + of_rows([["STT", "Đơn vị"], [1, "Phòng A"]])
    (part,) = open_file("a.xlsx", data)
    assert [list(r) for r in part.grids[0].rows] == [["STT", "Đơn vị"], [1.0, "Phòng A"]]
    assert part.sha256 == hashlib.sha256(data).hexdigest()


def test_a_page_that_begins_with_text() -> None:
    (part,) = open_file("a.xls", "TỔNG HỢP<br><table><tr><td>1</td><td>2</td></tr></table>".encode())
    assert [list(r) for r in part.grids[0].rows] == [["TỔNG HỢP"], [], ["1", "2"]]


def test_vietnamese_names_in_a_zip_without_the_flag_of_utf_8() -> None:
    name = "số liệu.csv".encode()
    made = zipped({"x" * len(name): "a;b;c\n1;2;3\n"}).replace(b"x" * len(name), name)
    assert [part.name for part in open_file("a.zip", made)] == ["a.zip › số liệu.csv"]
