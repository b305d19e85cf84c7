"""Files that begin with "<": an XML Spreadsheet 2003, an HTML page, or other XML, which is refused by its name."""

from __future__ import annotations

import re

from pipeline.extract.containers.html_tables import read_html
from pipeline.extract.containers.xml_spreadsheet import NAMESPACE, read_xml_spreadsheet
from pipeline.extract.sheet.grid import Grid, UnreadableError

#: bytes in which the first element is looked for
_HEAD = 65_536
#: declarations, processing instructions and comments before the first element
_PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>)*", re.DOTALL | re.IGNORECASE)
_ELEMENT = re.compile(r"<([A-Za-z_][\w.:-]*)([^<>]*)")
#: first elements of pages; XHTML begins with an XML declaration too
_OF_PAGES = frozenset(("html", "head", "body", "table", "meta", "style", "title", "div", "p", "center", "form", "span"))
#: (mark in the first bytes, name of the format)
_KINDS = (
    ('progid="Word.Document"', "văn bản Word dạng XML"),
    ("office/word/2003/wordml", "văn bản Word dạng XML"),
    ("http://schemas.microsoft.com/office/2006/xmlPackage", "tệp Office dạng XML phẳng"),
    ("urn:oasis:names:tc:opendocument", "tệp OpenDocument dạng XML phẳng"),
    ("<svg", "hình vẽ SVG"),
)


def read_markup(name: str, data: bytes) -> list[Grid]:
    """The grids of an XML Spreadsheet 2003 or an HTML page. Raises UnreadableError."""
    # of UTF-16 and -32 the letters remain: names of elements and attributes are ASCII
    head = data[:_HEAD].replace(b"\0", b"").decode("latin-1").lstrip("\xef\xbb\xbf\xff\xfe")
    prolog = _PROLOG.match(head)
    first = _ELEMENT.match(head, prolog.end() if prolog else 0)
    tag = first[1] if first else ""
    if first and tag.rpartition(":")[2] == "Workbook" and NAMESPACE in first[2]:
        return read_xml_spreadsheet(name, data)
    if head.lstrip().startswith("<?xml") and tag and tag.casefold() not in _OF_PAGES:
        kind = next((kind for mark, kind in _KINDS if mark in head), f"dữ liệu XML (phần tử đầu là “{tag[:40]}”)")
        raise UnreadableError(
            "file_unreadable",
            f"đây là {kind}, không phải bảng tính đọc được; mở bằng Excel rồi lưu lại dạng .xlsx, "
            "hoặc xuất lại từ cổng dạng Excel",
        )
    return read_html(name, data)
