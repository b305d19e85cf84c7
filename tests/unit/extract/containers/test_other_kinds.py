"""What is no table is named in words: one finding, whatever its name ends with, in a zip too."""

import gzip

import pytest
from workbooks import zipped

from pipeline.extract.containers.parts import read_parts


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
    (part,) = read_parts("a.xlsx", data)
    assert part.code == "file_unreadable" and said in part.detail and not part.grids


@pytest.mark.parametrize(("data", "said"), KINDS, ids=[s for _, s in KINDS])
def test_it_is_named_in_a_zip(data: bytes, said: str) -> None:
    made = zipped({"x/so lieu.xlsx": data, "word/b.csv": "a;b;c\n1;2;3\n"})
    first, second = read_parts("a.zip", made)
    assert (first.name, first.code) == ("a.zip › x/so lieu.xlsx", "file_unreadable") and said in first.detail
    assert second.grids


@pytest.mark.parametrize("text", ["MZ;b;c\n1;2;3\n", "BM6 a;b;c\n1;2;3\n", "\ta\tb\tc\n\t1\t2\t3\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_table_that_begins_like_something_else(text: str, encoding: str) -> None:
    (part,) = read_parts("a.csv", text.encode(encoding))
    assert part.grids
