"""The compound file around an .xls workbook (MS-CFB): its workbook stream, or another document in such a file."""

from __future__ import annotations

import io
import struct

import olefile

from pipeline.extract.sheet.grid import UnreadableError

#: names of the workbook stream, in the order in which python-calamine looks for them
_STREAMS = ("Workbook", "Book", "WORKBOOK", "BOOK")
#: stream of another document format -> name of that format; "" for an encrypted workbook
_OTHER_DOCUMENTS = {
    "encryptedpackage": "",
    "worddocument": "văn bản Word (.doc)",
    "powerpoint document": "trình chiếu PowerPoint (.ppt)",
    "__properties_version1.0": "thư điện tử Outlook (.msg)",
    "visiodocument": "bản vẽ Visio",
}
_ENTRY = 128  # bytes of a directory entry: the name first, the length of the name at offset 64


def refuse_other_documents(data: bytes) -> None:
    """Raises UnreadableError for a compound file of another format (Word, PowerPoint …) or an encrypted workbook."""
    names = {name.casefold() for name in _entry_names(data)}
    if any(s.casefold() in names for s in _STREAMS):
        return
    for name, kind in _OTHER_DOCUMENTS.items():
        if name in names and not kind:
            raise UnreadableError("file_encrypted", "tệp đặt mật khẩu")
        if name in names:
            raise UnreadableError("file_unreadable", f"đây là {kind}, không phải bảng tính")


def _entry_names(data: bytes) -> list[str]:
    """The names of all directory entries as stored, deleted ones included; [] for a file that is no compound file."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            container.directory_fp.seek(0)
            raw = container.directory_fp.read()
    except (OSError, ValueError, struct.error, RecursionError, IndexError):
        return []
    entries = (raw[i : i + _ENTRY] for i in range(0, len(raw) - _ENTRY + 1, _ENTRY))
    return [e[: max(min(e[64], 64) - 2, 0)].decode("utf-16-le", "replace") for e in entries]


def workbook_stream(data: bytes) -> bytes:
    """The workbook stream. Raises UnreadableError where python-calamine may read that of an embedded workbook."""
    names = _entry_names(data)
    name = next((s for s in _STREAMS if s in names), "")
    with olefile.OleFileIO(io.BytesIO(data)) as container:
        own = next((e.sid for e in container.root.kids if e.name == name), -1)
        if not name or own != names.index(name):
            raise UnreadableError(
                "file_unreadable", "trong tệp có bảng tính khác được nhúng; mở bằng Excel rồi lưu lại dạng .xlsx"
            )
        stream: bytes = container.openstream(name).read()
    return stream
