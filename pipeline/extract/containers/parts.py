"""A file's bytes -> the sheets in it. What it is, its bytes decide; the extension says nothing.

Called inside the limited worker process (`reader.py`): whatever a hostile file does here costs that file only.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipeline.extract.containers.csv_text import read_delimited
from pipeline.extract.containers.excel import read_workbook
from pipeline.extract.containers.other_kinds import refuse_other_archives, refuse_other_kinds
from pipeline.extract.sheet.grid import Grid, UnreadableError
from pipeline.text import nfc

MAX_MEMBERS = 1_000
MAX_INFLATED = 300_000_000
MAX_RATIO = 150
RATIO_FROM = 10_000_000
#: what zipfile says of an archive it cannot read; RuntimeError where a version, a method or a password is beyond it
_BROKEN_ZIP = (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError)
#: what is in a zip beside data: folders' own files of macOS and Windows
_JUNK = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Part:
    """One table file: itself, or a member of a zip. Either its sheets, or a finding's code with the detail."""

    name: str
    sha256: str  # of the bytes of the file, or of the member of a zip; "" where it was not read
    grids: tuple[Grid, ...] = ()
    code: str = ""
    detail: str = ""


def read_parts(name: str, data: bytes) -> list[Part]:
    """Every table file in the bytes: one, or the members of a zip of such files."""
    try:
        members = _plain_zip(data)
    except UnreadableError as error:
        return [Part(name, _hash(data), code=error.code, detail=error.detail)]
    if members is None:
        return [_read_one(name, data)]
    parts = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in members:
            parts.append(_read_member(name, archive, member))
    return parts or [Part(name, _hash(data), code="file_unrecognised", detail="tệp nén không có tệp nào bên trong")]


def _read_member(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Part:
    # the name is only shown: nothing is ever written under it
    steps = [s for s in PurePosixPath(nfc(member.filename).replace("\\", "/")).parts if s not in {"/", "..", "."}]
    shown = f"{name} › {'/'.join(steps) or '(không tên)'}"
    if member.flag_bits & 0x1:
        return Part(shown, "", code="file_encrypted", detail="tệp nén đặt mật khẩu")
    try:
        with archive.open(member) as stream:
            inner = stream.read(MAX_INFLATED + 1)
    except _BROKEN_ZIP:
        return Part(shown, "", code="file_unreadable", detail="không giải nén được")
    if len(inner) > MAX_INFLATED:
        return Part(shown, "", code="file_too_large", detail="khi giải nén, tệp lớn bất thường")
    try:
        if _plain_zip(inner) is not None:
            raise UnreadableError("file_unreadable", "tệp nén lồng trong tệp nén; giải nén rồi đặt các tệp vào thư mục")
    except UnreadableError as error:
        return Part(shown, _hash(inner), code=error.code, detail=error.detail)
    return _read_one(shown, inner)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read_one(name: str, data: bytes) -> Part:
    try:
        return Part(name, _hash(data), tuple(_read_bytes(name, data)))
    except UnreadableError as error:
        return Part(name, _hash(data), code=error.code, detail=error.detail)


def _read_bytes(name: str, data: bytes) -> list[Grid]:
    if not data.strip(b"\0\t\n\r "):
        raise UnreadableError("file_unreadable", "tệp rỗng")
    if data[:2] == b"PK" or data[:4] == b"\xd0\xcf\x11\xe0":
        return read_workbook(name, data)
    refuse_other_kinds(data)
    head = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
    if head[:1] == b"<":
        from pipeline.extract.containers.html_tables import read_html  # lxml is loaded for a page only

        return read_html(name, data)
    return read_delimited(name, data)


def _plain_zip(data: bytes) -> list[zipfile.ZipInfo] | None:
    """The members of a zip of files; None for anything else, workbooks included. Raises UnreadableError for a bomb."""
    if data[:2] != b"PK":
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except _BROKEN_ZIP:
        raise UnreadableError("file_unreadable", "tệp bị cắt cụt hoặc hỏng") from None
    refuse_bomb(members, len(data))
    names = {m.filename.lower().replace("\\", "/") for m in members}
    refuse_other_archives(names)
    if any(n.startswith("xl/") for n in names) or "[content_types].xml" in names:
        return None
    return [m for m in members if not m.is_dir() and not any(j in m.filename for j in _JUNK)]


def refuse_bomb(members: list[zipfile.ZipInfo], size: int) -> None:
    """Raises UnreadableError where the archive declares more than an honest office file, or parts that overlap."""
    if len(members) > MAX_MEMBERS:
        raise UnreadableError("file_too_large", "tệp nén có quá nhiều tệp")
    if sum(m.file_size for m in members) > MAX_INFLATED or any(
        m.file_size > RATIO_FROM and m.file_size > MAX_RATIO * max(m.compress_size, 1) for m in members
    ):
        raise UnreadableError("file_too_large", "khi giải nén, tệp lớn bất thường")
    end = 0
    for member in sorted(members, key=lambda m: m.header_offset):
        if member.header_offset < end or member.header_offset + member.compress_size > size:
            raise UnreadableError("file_unreadable", "các phần bên trong tệp nén chồng lên nhau hoặc bị cắt cụt")
        end = member.header_offset + member.compress_size
