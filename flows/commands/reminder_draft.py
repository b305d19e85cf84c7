"""The draft of the reminder on disk: `don-doc.md` in the folder of reviews. A draft that a person edited is kept.

A hidden file beside the drafts holds the hash of what the program wrote under each name. A draft with another hash was
edited: it is neither replaced nor removed, and the next draft is written beside it, as `don-doc (2).md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from flows.steps.file_names import lock_file_of
from flows.steps.shared_paths import typed_path
from pipeline.load.report.reminder import FILE_NAME
from pipeline.publish.atomic_files import PublishError, error_reason, period_lock, readable_bytes, replace_files
from pipeline.publish.fingerprint import sha256

#: name of the file with the hashes: name of a draft -> hash of what the program wrote
WRITTEN = ".don-doc.json"
_STEM, _ENDING = FILE_NAME.rsplit(".", 1)
_NAME = re.compile(rf"{_STEM}(?: \((\d+)\))?\.{_ENDING}")
_HASHES = TypeAdapter(dict[str, str])


def write_draft(folder: Path, letter: str | None) -> list[str]:
    """Write the draft, or remove those of earlier checks if `letter` is None: no unit lacks data. Vietnamese lines.

    Does not raise OSError or PublishError: a line states why nothing was written.
    """
    try:
        if letter is None and not any(_drafts(folder)):
            return []
        with period_lock(folder):
            return list(_removed(folder) if letter is None else _written(folder, letter.encode("utf-8")))
    except (PublishError, OSError) as error:
        why = error_reason(error) if isinstance(error, OSError) else str(error)
        path = typed_path(folder / FILE_NAME)
        return [f"Chưa ghi được dự thảo công văn đôn đốc {path}: {why}. Kết quả kiểm tra vẫn đúng."]


def _removed(folder: Path) -> Iterator[str]:
    """Remove the drafts that nobody edited."""
    own, edited = _own_and_edited(folder, _hashes(folder))
    if own:
        replace_files(folder, {}, [*own, WRITTEN] if not edited else own)
        yield f"Không còn đơn vị nào thiếu: đã xoá dự thảo đôn đốc cũ {_paths(folder, own)}"
    if edited:
        yield (
            f"Không còn đơn vị nào thiếu. Dự thảo đôn đốc đã có người sửa (hoặc đang mở) được giữ nguyên: "
            f"{_paths(folder, edited)}; không dùng nữa thì xoá."
        )


def _written(folder: Path, data: bytes) -> Iterator[str]:
    """Write the draft under the first name that no edited draft has, unless one was edited from this same draft."""
    hashes = _hashes(folder)
    own, edited = _own_and_edited(folder, hashes)
    of_this_letter = [name for name in edited if hashes.get(name) == sha256(data)]
    if of_this_letter:
        replace_files(folder, {}, own)
        yield (
            f"Dự thảo công văn đôn đốc: {_paths(folder, of_this_letter)} (đã có người sửa hoặc đang mở, được giữ "
            "nguyên; từ đó không có gì mới)"
        )
        return
    name = next(n for n in _names() if n not in edited)
    kept = {n: hashes[n] for n in edited if n in hashes}
    record = _HASHES.dump_json({**kept, name: sha256(data)}, indent=2)
    replace_files(folder, {WRITTEN: record, name: data}, [n for n in own if n != name])
    yield f"Dự thảo công văn đôn đốc: {typed_path(folder / name)}"
    if edited:
        yield (
            f"Dự thảo cũ {_paths(folder, edited)} đã có người sửa (hoặc đang mở) nên được giữ nguyên: chép phần đã sửa "
            f"sang {name}, rồi xoá bản không dùng."
        )


def _own_and_edited(folder: Path, hashes: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Names of the drafts that are as the program wrote them, and of all others."""
    own: list[str] = []
    edited: list[str] = []
    for name in _drafts(folder):
        data = readable_bytes(folder / name)
        untouched = data is not None and hashes.get(name) == sha256(data) and not lock_file_of(folder, name)
        (own if untouched else edited).append(name)
    return own, edited


def _drafts(folder: Path) -> list[str]:
    """Names of the drafts in the folder, in the order of their numbers."""
    names = [p.name for p in folder.iterdir()] if folder.is_dir() else []
    return sorted((n for n in names if _NAME.fullmatch(n)), key=lambda n: int((_NAME.fullmatch(n) or [n, 1])[1] or 1))


def _names() -> Iterator[str]:
    """`don-doc.md`, `don-doc (2).md`, …"""
    yield FILE_NAME
    for number in count(2):
        yield f"{_STEM} ({number}).{_ENDING}"


def _hashes(folder: Path) -> dict[str, str]:
    """What the program wrote; empty if the record is missing or damaged: then every draft counts as edited."""
    try:
        return _HASHES.validate_json(readable_bytes(folder / WRITTEN) or b"{}")
    except ValidationError:
        return {}


def _paths(folder: Path, names: list[str]) -> str:
    return ", ".join(typed_path(folder / name) for name in names)
