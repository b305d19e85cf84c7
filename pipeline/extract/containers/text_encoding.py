"""Decodes the bytes of a text file: Unicode with or without a byte order mark, else windows-1258 (csv, HTML) or, of an
XML file, the encoding that it declares.
"""

from __future__ import annotations

import codecs
import re

from pipeline.extract.sheet.grid import UnreadableError

#: byte order mark -> encoding
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before the mark of UTF-16 LE, with which it begins
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNKNOWN_ENCODING = "không đọc được bảng mã của tệp; mở bằng Excel, xem chữ có dấu đúng chưa, rồi lưu lại dạng .xlsx"
_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]*?\bencoding\s*=\s*["']([\w.:-]{1,40})["']""")
#: encodings of one byte a character that an XML file may declare, as Python names them
_DECLARABLE = frozenset((*(f"cp{number}" for number in range(1250, 1259)), "iso8859-1", "ascii"))


def decode_xml(data: bytes) -> str:
    """The text of an XML file, without its byte order mark and its declaration.

    UTF-8, -16 or -32 by the bytes, whatever is declared: a file declared as UTF-16 is often stored as UTF-8. Else the
    encoding declared. Raises UnreadableError for any other.
    """
    encoding = "utf-8"
    if declared := _DECLARED.match(data):
        try:
            named = codecs.lookup(declared[1].decode("ascii")).name
        except LookupError:
            raise UnreadableError("file_unreadable", _UNKNOWN_ENCODING) from None
        encoding = named if named in _DECLARABLE else encoding
    in_words = any(data.startswith(mark) for mark, _ in _BYTE_ORDER_MARKS) or b"\0" in data[:4096]
    text = decode_text(data) if in_words else _decode(data, encoding)
    return re.sub(r"\A\ufeff?\s*<\?xml[^>]*\?>", "", text)


def decode_text(data: bytes) -> str:
    """The text of UTF-8, -16 or -32 (with or without a byte order mark) or windows-1258.

    Raises UnreadableError for binary content and for bytes that do not fit the encoding.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode(data, encoding)
    sample = data[:4096]
    nulls_even, nulls_odd = sample[::2].count(0), sample[1::2].count(0)
    for encoding, high_bytes in (("utf-32-le", sample[3::4]), ("utf-32-be", sample[::4])):
        if high_bytes and not any(high_bytes) and nulls_even + nulls_odd > len(sample) // 2:
            return _decode(data, encoding)
    if nulls_even + nulls_odd > len(sample) // 8:
        return _decode(data, "utf-16-be" if nulls_even > nulls_odd else "utf-16-le")
    if b"\0" in sample:
        raise UnreadableError("file_unreadable", "nội dung không phải bảng tính, HTML hay CSV")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode(data, "cp1258")


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableError("file_unreadable", _UNKNOWN_ENCODING) from None
