"""Checks the raw bytes of an XML part of an xlsx file: its encoding, and content that python-calamine skips.

The expressions begin with one literal letter followed by a look-behind: `re` then searches megabytes fastest.
"""

from __future__ import annotations

import re

from pipeline.extract.sheet.grid import UnreadableError

_UTF_8 = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:<\?xml(?:(?!encoding)[^>])*(?:encoding\s*=\s*[\"']utf-8[\"'][^>]*)?\?>|<[^?])",
    re.IGNORECASE,
)
#: a value with a comment, a CDATA section or a processing instruction in it: the library stops reading there
_BROKEN_VALUE = re.compile(rb"v(?<=[<:]v)(?:\s[^<>]*)?>[^<]*<[!?]")
#: a number with a character reference in it: the library stops reading there
_NUMBER_WITH_REFERENCE = re.compile(rb"v(?<=[<:]v)(?:\s[^<>]*)?>[\s\d.,eE+-]*&#")
_ROW_NUMBER = re.compile(rb"""w(?<=[<:]row)\s(?:[^<>]*?\s)?r=["'](\d+)["']""")
_DOCUMENT_TYPE = re.compile(rb"!(?<=<!)DOCTYPE", re.IGNORECASE)


def is_utf_8(xml: bytes) -> bool:
    """Whether a part is in UTF-8 and declares no other encoding."""
    return _UTF_8.match(xml) is not None


def refuse_skipped_content(xml: bytes) -> None:
    """Raises UnreadableError for a sheet of which python-calamine would skip a part without an error."""
    if b"\0" in xml[:4] or xml[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise UnreadableError("file_unreadable", "trang tính không ở bảng mã UTF-8; mở bằng Excel rồi lưu lại")
    # "!" and "?" are rare: most sheets need no further search
    after = xml.find(b"?>") + 2 if b"<?xml" in xml[:8] else 0
    has_markup = b"!" in xml or xml.find(b"?", after) >= 0
    odd = has_markup and (_DOCUMENT_TYPE.search(xml) or _BROKEN_VALUE.search(xml))
    if odd or (b"#" in xml and _NUMBER_WITH_REFERENCE.search(xml)):
        raise UnreadableError("file_unreadable", "trong ô có nội dung bất thường; mở bằng Excel rồi lưu lại dạng .xlsx")
    start = xml.find(b":AlternateContent")
    if start >= 0 and xml.find(b"sheetData") < start < xml.rfind(b"sheetData"):
        # ECMA-376 part 3: two alternative contents of the same cells; a program takes the one it understands
        raise UnreadableError("file_unreadable", "trong bảng có nội dung thay thế; mở bằng Excel rồi lưu lại")
    rows = _ROW_NUMBER.findall(xml)
    if len(set(rows)) < len(rows):  # the later row would replace the earlier one
        raise UnreadableError("file_unreadable", "trong bảng có hai dòng cùng số; mở bằng Excel rồi lưu lại dạng .xlsx")
