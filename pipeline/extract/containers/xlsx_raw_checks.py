"""What the bytes of an XML part say before anything parses them: their encoding, and what the reader library skips."""

from __future__ import annotations

import re

from pipeline.extract.sheet.grid import UnreadableError

_UTF_8 = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:<\?xml(?:(?!encoding)[^>])*(?:encoding\s*=\s*[\"']utf-8[\"'][^>]*)?\?>|<[^?])",
    re.IGNORECASE,
)
#: a value with a comment, a CDATA section or an instruction in it; a number with a letter's code: the library takes
#: what stands before it, or nothing. They begin with one letter, which is how megabytes are searched quickest
_BROKEN_VALUE = re.compile(rb"v(?<=[<:]v)(?:\s[^<>]*)?>[^<]*<[!?]")
_CODED_NUMBER = re.compile(rb"v(?<=[<:]v)(?:\s[^<>]*)?>[\s\d.,eE+-]*&#")
_ROW_NUMBER = re.compile(rb"""w(?<=[<:]row)\s(?:[^<>]*?\s)?r=["'](\d+)["']""")
_DOCUMENT_TYPE = re.compile(rb"!(?<=<!)DOCTYPE", re.IGNORECASE)


def is_utf_8(xml: bytes) -> bool:
    """Whether a part is in UTF-8 and says nothing else."""
    return _UTF_8.match(xml) is not None


def refuse_odd_xml(xml: bytes) -> None:
    """Raises UnreadableError for a sheet of which the reader library would leave out something in silence."""
    if b"\0" in xml[:4] or xml[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise UnreadableError("file_unreadable", "trang tính không ở bảng mã UTF-8; mở bằng Excel rồi lưu lại")
    # a rare letter first, found quicker still
    after = xml.find(b"?>") + 2 if b"<?xml" in xml[:8] else 0
    marked = b"!" in xml or xml.find(b"?", after) >= 0
    odd = marked and (_DOCUMENT_TYPE.search(xml) or _BROKEN_VALUE.search(xml))
    if odd or (b"#" in xml and _CODED_NUMBER.search(xml)):
        raise UnreadableError("file_unreadable", "trong ô có nội dung bất thường; mở bằng Excel rồi lưu lại dạng .xlsx")
    start = xml.find(b":AlternateContent")
    if start >= 0 and xml.find(b"sheetData") < start < xml.rfind(b"sheetData"):
        # two contents of the same cells, of which a program takes the one it understands
        raise UnreadableError("file_unreadable", "trong bảng có nội dung thay thế; mở bằng Excel rồi lưu lại")
    rows = _ROW_NUMBER.findall(xml)
    if len(set(rows)) < len(rows):  # the later one would cover the earlier
        raise UnreadableError("file_unreadable", "trong bảng có hai dòng cùng số; mở bằng Excel rồi lưu lại dạng .xlsx")
