"""Opens one file: bytes -> the sheets in it, whatever its format. A zip of such files gives one result for each member.

The bytes decide the format; the extension of the name is ignored. This runs inside the limited worker process
(`sandbox_worker`): a file that exhausts memory or time, or makes a library abort, costs that file only.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from pipeline.extract.containers.csv_text import read_delimited
from pipeline.extract.containers.excel import read_workbook
from pipeline.extract.containers.limits import FILE_UNITS, short_name, units
from pipeline.extract.containers.other_formats import refuse_other_archives, refuse_other_formats
from pipeline.extract.sheet.grid import Grid, UnreadableError
from pipeline.text import nfc, one_line, visible, vn_int

#: members of an archive
MAX_MEMBERS = 1_000
#: bytes of all members of an archive after decompression
MAX_INFLATED = 300_000_000
#: decompressed size to compressed size of a member, for members of more than RATIO_FROM bytes
MAX_RATIO = 150
RATIO_FROM = 10_000_000
#: flag of a zip member whose name is in UTF-8
_UTF_8 = 0x800
#: what a server may put before the file: a byte order mark, blank lines
_BEFORE = b"\xef\xbb\xbf \t\r\n"
_STRAY = frozenset(bytes((b,)) for b in _BEFORE)
_ZIP = b"PK\x03\x04"
#: a page may begin with text; bytes in which its first table is looked for
_TABLE, _END_OF_TABLE, _HEAD = (
    re.compile(rb"<table[\s>]", re.IGNORECASE),
    re.compile(rb"</table", re.IGNORECASE),
    65_536,
)
#: exceptions of zipfile for an archive it cannot read; RuntimeError for an unknown version or method, or a password
_BROKEN_ZIP = (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError)
#: members that macOS and Windows add to a zip
_SYSTEM_FILES = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class OpenedFile:
    """One file, or one member of a zip: its sheets, or the reason why it was refused (`code` is not "")."""

    name: str  # of a member: `archive.zip › folder/member`
    sha256: str  # of the bytes; "" where they were not read
    grids: tuple[Grid, ...] = ()
    code: str = ""  # code of the finding
    detail: str = ""  # Vietnamese
    units: int = 0  # of its sheets (`limits.units`)


def open_file(name: str, data: bytes, most: int = FILE_UNITS) -> list[OpenedFile]:
    """The file itself, or the members of a zip of files. Never empty; a refusal is a result, not an exception.

    `most`: the units that its sheets may have together. A file or member with more is refused.
    """
    if data[:1] in _STRAY and (bare := data.lstrip(_BEFORE))[:4] == _ZIP:
        digest = _sha256(data)
        return [replace(o, sha256=digest) if o.name == name else o for o in open_file(name, bare, most)]
    try:
        members = _members(data)
    except UnreadableError as error:
        return [OpenedFile(name, _sha256(data), code=error.code, detail=error.detail)]
    if members is None:
        return [_open_one(name, data, most)]
    opened: list[OpenedFile] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for number, member in enumerate(members, 1):
            opened.append(_open_member(name, archive, member, number, most))
            most -= opened[-1].units
    empty = OpenedFile(name, _sha256(data), code="file_unrecognised", detail="tệp nén không có tệp nào bên trong")
    return opened or [empty]


def _open_member(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, number: int, most: int) -> OpenedFile:
    """One member of the zip `name`, its `number`-th. An archive inside an archive is refused."""
    # the member's name is only displayed: no file is ever written under it
    segments = [s for s in PurePosixPath(_shown_name(member)).parts if s not in {"/", "..", "."}]
    full_name = f"{name} › {short_name('/'.join(segments), number) or '(không tên)'}"
    if member.flag_bits & 0x1:
        return OpenedFile(full_name, "", code="file_encrypted", detail="tệp nén đặt mật khẩu")
    try:
        with archive.open(member) as stream:
            inner = stream.read(MAX_INFLATED + 1)
    except _BROKEN_ZIP:
        return OpenedFile(full_name, "", code="file_unreadable", detail="không giải nén được")
    if len(inner) > MAX_INFLATED:
        return OpenedFile(full_name, "", code="file_too_large", detail="khi giải nén, tệp lớn bất thường")
    try:
        if _members(inner) is not None:
            raise UnreadableError("file_unreadable", "tệp nén lồng trong tệp nén; giải nén rồi đặt các tệp vào thư mục")
    except UnreadableError as error:
        return OpenedFile(full_name, _sha256(inner), code=error.code, detail=error.detail)
    return _open_one(full_name, inner, most)


def _shown_name(member: zipfile.ZipInfo) -> str:
    """The name of a member with `/` between folders, on one line; invisible characters as escapes."""
    return nfc(visible(_name_of(member).replace("\\", "/")))


def _name_of(member: zipfile.ZipInfo) -> str:
    """The name of a member. Programs write UTF-8 without saying so; `zipfile` takes it for cp437 then."""
    try:
        return member.filename if member.flag_bits & _UTF_8 else member.filename.encode("cp437").decode("utf-8")
    except ValueError:
        return member.filename


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _open_one(name: str, data: bytes, most: int) -> OpenedFile:
    try:
        grids = tuple(map(_with_shown_name, _read_sheets(name, data)))
        used = sum(map(units, grids))
        if used > most:
            raise _too_much(used, most)
        return OpenedFile(name, _sha256(data), grids, units=used)
    except UnreadableError as error:
        return OpenedFile(name, _sha256(data), code=error.code, detail=error.detail)


def _with_shown_name(grid: Grid) -> Grid:
    """The sheet with its name on one line, invisible characters as escapes."""
    return grid if grid.sheet.isprintable() else replace(grid, sheet=one_line(grid.sheet))


def _too_much(used: int, most: int) -> UnreadableError:
    """The refusal of a file with more units than one file may have, or than the files before it have left."""
    if used > FILE_UNITS:
        return UnreadableError("file_too_large", f"nội dung tương đương {vn_int(used)} ô")
    left = vn_int(max(most, 0))
    return UnreadableError("period_too_large", f"nội dung tương đương {vn_int(used)} ô, chỉ còn chỗ cho {left} ô")


def _read_sheets(name: str, data: bytes) -> list[Grid]:
    """The sheets of one file that is no zip of files. Raises UnreadableError."""
    if not data.strip(b"\0\t\n\r "):
        raise UnreadableError("file_unreadable", "tệp rỗng")
    if data[:2] == b"PK" or data[:4] == b"\xd0\xcf\x11\xe0":
        return read_workbook(name, data)
    refuse_other_formats(data)
    head = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
    if head[:1] == b"<" or _holds_table(data):
        from pipeline.extract.containers.markup import read_markup  # lxml is imported for HTML and XML only

        return read_markup(name, data)
    return read_delimited(name, data)


def _holds_table(data: bytes) -> bool:
    """Whether an HTML table begins near the start of the file, and one ends in it."""
    begins = _TABLE.search(data[:_HEAD].replace(b"\0", b""))
    return begins is not None and _END_OF_TABLE.search(data.replace(b"\0", b"")) is not None


def _members(data: bytes) -> list[zipfile.ZipInfo] | None:
    """The members of a zip of files; None for anything else, workbooks included.

    Raises UnreadableError for a damaged archive, a decompression bomb, and another program's document.
    """
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
    return [m for m in members if not m.is_dir() and not any(j in m.filename for j in _SYSTEM_FILES)]


def refuse_bomb(members: list[zipfile.ZipInfo], size: int) -> None:
    """Raises UnreadableError where an archive of `size` bytes declares too much content, or members that overlap."""
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
