"""Names the format of a file that is no readable table (PDF, image, RAR …), so that its finding says what to do.

A format is recognised by its first bytes (its magic number) or, in a zip archive, by its members.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from pipeline.extract.sheet.grid import UnreadableError

_SAVE = "mở bằng Excel rồi lưu lại dạng .xlsx"
_UNPACK = "giải nén rồi đặt các tệp vào thư mục của kỳ"
#: (first bytes, name of the format, what to do; "" where the file only has to be taken away)
_FIRST_BYTES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "tài liệu PDF", "xuất lại từ cổng dạng Excel"),
    (b"\xff\xd8\xff", "ảnh (JPEG)", ""),
    (b"\x89PNG", "ảnh (PNG)", ""),
    (b"GIF8", "ảnh (GIF)", ""),
    (b"II*\0", "ảnh (TIFF)", ""),
    (b"Rar!", "tệp nén RAR", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "tệp nén 7-Zip", _UNPACK),
    (b"\x1f\x8b", "tệp nén gzip", _UNPACK),
    (b"BZh", "tệp nén bzip2", _UNPACK),
    (b"\xfd7zXZ", "tệp nén xz", _UNPACK),
    (b"{\\rtf", "văn bản RTF", ""),
    (b"MZ\x90\0", "chương trình", ""),
    (b"L\0\0\0\x01\x14\x02\0", "lối tắt (shortcut)", "chép tệp thật vào thư mục của kỳ"),
    (b"SQLite format 3", "cơ sở dữ liệu SQLite", ""),
    (b"\x09\x00\x04\x00", "bảng tính Excel đời cũ (trước Excel 95)", _SAVE),
    (b"\x09\x02\x06\x00", "bảng tính Excel đời cũ (trước Excel 95)", _SAVE),
    (b"\x09\x04\x06\x00", "bảng tính Excel đời cũ (trước Excel 95)", _SAVE),
    (b"\x09\x08\x10\x00", "bảng tính Excel thiếu vỏ tệp", _SAVE),
    (b"ID;P", "bảng tính dạng SYLK (.slk)", _SAVE),
    (b"TABLE\r\n0,1", "bảng tính dạng DIF (.dif)", _SAVE),
)
#: (beginning of a text, name of the format, what to do)
_BEGINNINGS = (
    (re.compile(rb"[{\[]\s*[\"\[{]"), "dữ liệu JSON", "xuất lại từ cổng dạng Excel"),
    # lines of a message header, in any order, one of them MIME-Version
    (
        re.compile(rb"\A(?:(?!MIME-Version:)[A-Za-z-]+:[^\n]*+\n(?:[ \t][^\n]*+\n)*+)*+MIME-Version:", re.IGNORECASE),
        "trang web lưu một tệp (.mht)",
        _SAVE,
    ),
)
#: bytes in which such a beginning is looked for
_HEAD = 4096
#: (member of the archive, name of the format, what to do)
_MEMBERS: tuple[tuple[str, str, str], ...] = (
    ("xl/workbook.bin", "bảng tính dạng .xlsb", _SAVE),
    ("word/document.xml", "văn bản Word (.docx)", ""),
    ("ppt/presentation.xml", "trình chiếu PowerPoint (.pptx)", ""),
    ("index/document.iwa", "tệp của Apple Numbers", "xuất ra dạng .xlsx"),
    ("meta-inf/manifest.xml", "tệp OpenDocument (.ods, .odt)", _SAVE),
)


def refuse_other_formats(data: bytes) -> None:
    """Raises UnreadableError where the first bytes belong to a format that holds no readable table."""
    head = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    for first, kind, action in _FIRST_BYTES:
        if (data if first[0] < 32 else head).startswith(first):
            raise _refusal(kind, action)
    text = data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    for beginning, kind, action in _BEGINNINGS:
        if beginning.match(text):
            raise _refusal(kind, action)


def refuse_other_archives(names: Collection[str]) -> None:
    """Raises UnreadableError for a zip archive that is another program's document. `names`: its members, lower case."""
    for member, kind, action in _MEMBERS:
        if member in names:
            raise _refusal(kind, action)


def _refusal(kind: str, action: str) -> UnreadableError:
    detail = f"đây là {kind}, không phải bảng tính đọc được" + (f"; {action}" if action else "")
    return UnreadableError("file_unreadable", detail)
