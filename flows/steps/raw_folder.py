"""Reads the period's raw folder: each file once, hashed from the bytes that were read."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from flows.steps.file_names import COPY_NUMBER, INPUT_FOLDERS, OWN_FOLDERS, SENT_OUT_FOLDER, is_data
from pipeline.findings import Finding
from pipeline.forms.unit_sheet_lines import unit_of_file
from pipeline.load.review.copy_names import SUFFIX as MARKED
from pipeline.publish.fingerprint import sha256
from pipeline.text import visible

#: size limit in bytes, far above any quarter's export. A larger file is a finding and is not read
MAX_BYTES = 200_000_000


@dataclass(frozen=True)
class RawFiles:
    """The input files of a period.

    `files`: name (NFC, sorted) -> content; in a subfolder the name has its folder, `phieu/ten.xlsx`. `findings`: one
    for every entry that was not read. `sent_out`: ids of the units whose workbook was made to be sent out.
    """

    files: Mapping[str, bytes]
    findings: tuple[Finding, ...]
    sent_out: frozenset[str] = frozenset()

    def without(self, names: Collection[str]) -> RawFiles:
        """The same without some of the files."""
        return replace(self, files={name: data for name, data in self.files.items() if name not in names})

    @property
    def hashes(self) -> list[tuple[str, str]]:
        """(name, hash) of each file that was read; (name, reason) of each entry that was not."""
        read = [(name, sha256(data)) for name, data in self.files.items()]
        return read + [(f.file, f"{f.code}: {f.found}") for f in self.findings]


def read_raw(folder: Path) -> RawFiles:
    """The regular files of the folder and of its subfolders `phieu` and `thay-the`, sorted by name.

    Names that are no input data (`file_names.is_data`) are skipped without a finding. Links, other subfolders, devices,
    unreadable files, files above MAX_BYTES, marked copies and a second file of the same name are findings. Raises
    OSError if the folder itself cannot be listed.
    """
    files: dict[str, bytes] = {}
    findings: list[Finding] = []
    for name, content in _entries(folder, ""):
        if name in files:
            content = _problem("file_unreadable", name, "tên trùng với một tệp khác; đổi tên")
        if isinstance(content, Finding):
            findings.append(content)
        else:
            files[name] = content
    return RawFiles(files, tuple(findings), _sent_out(folder / SENT_OUT_FOLDER))


def _entries(folder: Path, prefix: str) -> Iterator[tuple[str, bytes | Finding]]:
    """(name, content) or (name, finding) of each entry, sorted by name; names start with `prefix`."""
    for written in sorted((p.name for p in folder.iterdir()), key=lambda n: (_nfc_name(n), os.fsencode(n))):
        path, name = folder / written, prefix + _nfc_name(written)
        if not is_data(_nfc_name(written)) or (name in OWN_FOLDERS and _is_folder(path)):
            continue
        if name in INPUT_FOLDERS and _is_folder(path):
            yield from _entries_below(path, name)
        elif _is_marked(_nfc_name(written)):
            reason = "đây là bản đánh dấu do chương trình lập; sửa thì sửa trong tệp gốc"
            yield name, _problem("file_ignored", name, reason)
        else:
            yield name, _read(path, name)


def _entries_below(folder: Path, name: str) -> Iterator[tuple[str, bytes | Finding]]:
    """The entries of a subfolder with input files, or one finding if it cannot be listed."""
    try:
        yield from _entries(folder, f"{name}/")
    except OSError as error:
        why = "không có quyền đọc" if isinstance(error, PermissionError) else error.strerror or "không mở được"
        yield name, _problem("file_unreadable", name, f"thư mục {name}: {why}")


def _is_folder(path: Path) -> bool:
    """Whether this is a folder and not a link to one."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def _sent_out(folder: Path) -> frozenset[str]:
    """Ids of the units whose workbooks are in the folder; empty without such a folder or if it cannot be listed."""
    try:
        names = [p.name for p in folder.iterdir()] if _is_folder(folder) else []
    except OSError:
        names = []
    return frozenset(unit_of_file(_nfc_name(name)) for name in names) - {""}


def _is_marked(name: str) -> bool:
    """Whether this is a marked copy of a review. Figures corrected in a marked copy do not count: it is a finding."""
    stem = name.casefold().removesuffix(".xlsx")
    return (COPY_NUMBER.sub("", stem) + ".xlsx").endswith(MARKED)


def _nfc_name(name: str) -> str:
    """The name in NFC, on one line; bytes that are not UTF-8 and invisible characters become escapes (`\\xff`)."""
    return visible(unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "backslashreplace")))


def _problem(code: str, name: str, reason: str) -> Finding:
    return Finding(code, file=name, found=reason)


def _read(path: Path, name: str) -> bytes | Finding:
    """The content of a regular file, or the finding why it was not read."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode):
            reason = "đây là thư mục con; chỉ các tệp đặt ngay trong thư mục của kỳ, trong phieu hoặc thay-the được đọc"
            return _problem("file_ignored", name, reason)
        if stat.S_ISLNK(mode):
            reason = "đây là liên kết (symlink); hãy chép tệp thật vào thư mục của kỳ"
            return _problem("file_ignored", name, reason)
        if not stat.S_ISREG(mode):
            return _problem("file_ignored", name, "đây không phải tệp thường")
        # the flags: a link put there after lstat is not followed, and opening a pipe does not block
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except PermissionError:
        return _problem("file_unreadable", name, "không có quyền đọc")
    except FileNotFoundError:
        return _problem("file_unreadable", name, "tệp đã bị xoá hoặc đổi tên trong lúc đọc")
    except OSError as error:
        return _problem("file_unreadable", name, error.strerror or type(error).__name__)
    if len(data) > MAX_BYTES:
        return _problem("file_too_large", name, f"lớn hơn {MAX_BYTES // 1_000_000} MB")
    return data
