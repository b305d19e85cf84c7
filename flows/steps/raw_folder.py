"""The period's raw folder -> bytes, each file read once and hashed as it was read."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flows.steps.file_names import COPY, OWN, RETURNED, SENT_OUT, is_data
from pipeline.findings import Finding
from pipeline.forms.unit_sheet_lines import unit_of_file
from pipeline.load.review.copy_names import SUFFIX as MARKED
from pipeline.publish.fingerprint import sha256

#: far above any export of a quarter; a file beyond it is named, not read
MAX_BYTES = 200_000_000


@dataclass(frozen=True)
class RawFiles:
    """What arrived: `files` by name (NFC, sorted), and a finding for everything that was left alone.

    A returned workbook is named with its folder, `phieu/ten.xlsx`. `sent_out`: units whose workbook was made.
    """

    files: Mapping[str, bytes]
    findings: tuple[Finding, ...]
    sent_out: frozenset[str] = frozenset()

    @property
    def hashes(self) -> list[tuple[str, str]]:
        """(name, hash) of what was read; what was left alone counts with the reason."""
        read = [(name, sha256(data)) for name, data in self.files.items()]
        return read + [(f.file, f"{f.code}: {f.found}") for f in self.findings]


def read_raw(folder: Path) -> RawFiles:
    """Regular files of the folder itself and of its folder `phieu`, in name order. Raises OSError if the folder cannot
    be listed.

    What `names.is_data` says is nobody's data is not mentioned; links, subfolders, devices and what cannot be read are
    findings.
    """
    files: dict[str, bytes] = {}
    findings: list[Finding] = []
    _read_folder(folder, "", files, findings)
    return RawFiles(files, tuple(findings), _sent_out(folder / SENT_OUT))


def _read_folder(folder: Path, prefix: str, files: dict[str, bytes], findings: list[Finding]) -> None:
    for written in sorted((p.name for p in folder.iterdir()), key=lambda n: (_shown(n), os.fsencode(n))):
        name = prefix + _shown(written)
        if not is_data(_shown(written)):
            continue
        if name in OWN and _is_folder(folder / written):
            continue
        if name == RETURNED and _is_folder(folder / written):
            try:
                _read_folder(folder / written, f"{RETURNED}/", files, findings)
            except OSError as error:
                why = "không có quyền đọc" if isinstance(error, PermissionError) else error.strerror or "không mở được"
                findings.append(Finding("file_unreadable", file=name, found=f"thư mục {RETURNED}: {why}"))
            continue
        problem: tuple[str, str] | None = (
            ("file_unreadable", "tên trùng với một tệp khác; đổi tên") if name in files else None
        )
        if _is_marked(_shown(written)):
            problem = ("file_ignored", "đây là bản đánh dấu do chương trình lập; sửa thì sửa trong tệp gốc")
        if problem is None:
            content = _read(folder / written)
            if isinstance(content, bytes):
                files[name] = content
            else:
                problem = content
        if problem is not None:
            findings.append(Finding(problem[0], file=name, found=problem[1]))


def _is_folder(path: Path) -> bool:
    """A real folder: a link to one is a link."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def _sent_out(folder: Path) -> frozenset[str]:
    """The units whose workbooks lie in the folder of those sent out; nobody where there is no such folder."""
    try:
        names = [p.name for p in folder.iterdir()] if _is_folder(folder) else []
    except OSError:
        names = []
    return frozenset(unit_of_file(_shown(name)) for name in names) - {""}


def _is_marked(name: str) -> bool:
    """A marked copy: whoever mends figures in one and puts it here has to be told that they do not count."""
    stem = name.casefold().removesuffix(".xlsx")
    return (COPY.sub("", stem) + ".xlsx").endswith(MARKED)


def _shown(name: str) -> str:
    return unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "replace"))


def _read(path: Path) -> bytes | tuple[str, str]:
    """The bytes, or (finding code, Vietnamese reason)."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode):
            return (
                "file_ignored",
                "đây là thư mục con; chỉ các tệp đặt ngay trong thư mục của kỳ, hoặc trong phieu, được đọc",
            )
        if stat.S_ISLNK(mode):
            return "file_ignored", "đây là liên kết (symlink); hãy chép tệp thật vào thư mục của kỳ"
        if not stat.S_ISREG(mode):
            return "file_ignored", "đây không phải tệp thường"
        # no link that was put there in between is followed, no pipe waited for
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except PermissionError:
        return "file_unreadable", "không có quyền đọc"
    except FileNotFoundError:
        return "file_unreadable", "tệp đã bị xoá hoặc đổi tên trong lúc đọc"
    except OSError as error:
        return "file_unreadable", error.strerror or type(error).__name__
    if len(data) > MAX_BYTES:
        return "file_too_large", f"lớn hơn {MAX_BYTES // 1_000_000} MB"
    return data
