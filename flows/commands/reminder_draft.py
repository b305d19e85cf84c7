"""The drafts of the reminder on disk: `nhac-viec.docx` and `don-doc.md` in the folder of reviews.

A draft that a person edited is kept. A hidden file beside the drafts holds the hash of what the program wrote under
each name. A draft with another hash was edited: it is neither replaced nor removed, and the next draft is written
beside it, as `nhac-viec (2).docx`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from flows.steps.file_names import lock_file_of
from flows.steps.shared_paths import typed_path
from pipeline.publish.atomic_files import PublishError, error_reason, period_lock, readable_bytes, replace_files
from pipeline.publish.fingerprint import sha256

#: name of the file with the hashes: name of a draft -> hash of what the program wrote
WRITTEN = ".don-doc.json"
_HASHES = TypeAdapter(dict[str, str])


def write_drafts(folder: Path, letters: Mapping[str, bytes | None]) -> list[str]:
    """Write the drafts, or remove those of earlier checks where a letter is None: no unit lacks data. Vietnamese lines.

    `letters`: file name -> content. Does not raise OSError or PublishError: a line states why nothing was written.
    """
    lines: list[str] = []
    for file_name, letter in letters.items():
        drafts = _Drafts(folder, file_name)
        try:
            if letter is None and not any(drafts.names()):
                continue
            with period_lock(folder):
                lines += drafts.removed() if letter is None else drafts.written(letter)
        except (PublishError, OSError) as error:
            why = error_reason(error) if isinstance(error, OSError) else str(error)
            path = typed_path(folder / file_name)
            lines.append(f"Chưa ghi được dự thảo công văn đôn đốc {path}: {why}. Kết quả kiểm tra vẫn đúng.")
    return lines


@dataclass(frozen=True)
class _Drafts:
    """The drafts of one letter in a folder: `file_name`, and those beside edited ones."""

    folder: Path
    file_name: str

    def removed(self) -> Iterator[str]:
        """Remove the drafts that nobody edited."""
        hashes = self._hashes()
        own, edited = self._own_and_edited(hashes)
        if own:
            left = {name: written for name, written in hashes.items() if name not in own}
            record = {WRITTEN: _HASHES.dump_json(left, indent=2)} if left else {}
            replace_files(self.folder, record, own if left else [*own, WRITTEN])
            yield f"Không còn đơn vị nào thiếu: đã xoá dự thảo đôn đốc cũ {self._paths(own)}"
        if edited:
            yield (
                f"Không còn đơn vị nào thiếu. Dự thảo đôn đốc đã có người sửa (hoặc đang mở) được giữ nguyên: "
                f"{self._paths(edited)}; không dùng nữa thì xoá."
            )

    def written(self, data: bytes) -> Iterator[str]:
        """Write the draft under the first name that no edited draft has, unless one was edited from this same draft."""
        hashes = self._hashes()
        own, edited = self._own_and_edited(hashes)
        of_this_letter = [name for name in edited if hashes.get(name) == sha256(data)]
        if of_this_letter:
            replace_files(self.folder, {}, own)
            yield (
                f"Dự thảo công văn đôn đốc: {self._paths(of_this_letter)} (đã có người sửa hoặc đang mở, được giữ "
                "nguyên; từ đó không có gì mới)"
            )
            return
        name = next(n for n in self._free_names() if n not in edited)
        kept = {n: written for n, written in hashes.items() if n not in own}
        record = _HASHES.dump_json({**kept, name: sha256(data)}, indent=2)
        replace_files(self.folder, {WRITTEN: record, name: data}, [n for n in own if n != name])
        yield f"Dự thảo công văn đôn đốc: {typed_path(self.folder / name)}"
        if edited:
            yield (
                f"Dự thảo cũ {self._paths(edited)} đã có người sửa (hoặc đang mở) nên được giữ nguyên: chép phần đã "
                f"sửa sang {name}, rồi xoá bản không dùng."
            )

    def names(self) -> list[str]:
        """Names of the drafts in the folder, in the order of their numbers."""
        stem, ending = self._stem_and_ending()
        form = re.compile(rf"{re.escape(stem)}(?: \((\d+)\))?\.{ending}")
        paths = self.folder.iterdir() if self.folder.is_dir() else []
        found = [match for match in (form.fullmatch(path.name) for path in paths) if match]
        return [match[0] for match in sorted(found, key=lambda match: int(match[1] or 1))]

    def _own_and_edited(self, hashes: Mapping[str, str]) -> tuple[list[str], list[str]]:
        """Names of the drafts that are as the program wrote them, and of all others."""
        own: list[str] = []
        edited: list[str] = []
        for name in self.names():
            data = readable_bytes(self.folder / name)
            untouched = data is not None and hashes.get(name) == sha256(data) and not lock_file_of(self.folder, name)
            (own if untouched else edited).append(name)
        return own, edited

    def _free_names(self) -> Iterator[str]:
        """`don-doc.md`, `don-doc (2).md`, …"""
        yield self.file_name
        stem, ending = self._stem_and_ending()
        for number in count(2):
            yield f"{stem} ({number}).{ending}"

    def _stem_and_ending(self) -> list[str]:
        return self.file_name.rsplit(".", 1)

    def _hashes(self) -> dict[str, str]:
        """What the program wrote; empty if the record is missing or damaged: then every draft counts as edited."""
        try:
            return _HASHES.validate_json(readable_bytes(self.folder / WRITTEN) or b"{}")
        except ValidationError:
            return {}

    def _paths(self, names: list[str]) -> str:
        return ", ".join(typed_path(self.folder / name) for name in names)
