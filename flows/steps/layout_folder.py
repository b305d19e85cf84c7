"""The answers of the office on disk (data/reference/layouts), and the reading of a period with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.steps.job import Job
from flows.steps.progress import report_line
from pipeline import quarter
from pipeline.findings import Finding
from pipeline.layouts.layout_file import SUFFIX, LayoutFileError, layout_text, read_layout
from pipeline.layouts.stored_layouts import (
    ClearedCell,
    StoredLayout,
    confirmed_layouts,
    with_answers,
    with_withdrawals,
)
from pipeline.publish.atomic_files import (
    PublishError,
    is_transient,
    period_lock,
    regular_bytes,
    replace_file,
    write_error_text,
)
from pipeline.text import nfc, vn_int

#: how a finding names the folder
_SHOWN = "data/reference/layouts"


@dataclass(frozen=True)
class StoredFolder:
    """The layouts of the folder that can be used, the names of the files that cannot, and a finding for each."""

    layouts: tuple[StoredLayout, ...] = ()
    damaged: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()


def read_layouts(folder: Path) -> StoredFolder:
    """The files of the folder, sorted by name; none if there is no folder. A file that cannot be used is a finding.

    Raises OSError if the folder cannot be listed.
    """
    layouts: dict[str, StoredLayout] = {}
    findings: dict[str, Finding] = {}
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    for path in paths:
        if path.suffix != SUFFIX or path.name.startswith("."):
            continue
        name = nfc(path.stem)
        try:
            layout = read_layout(regular_bytes(path), name)
            if layout.signature in layouts:
                other = layouts[layout.signature].name + SUFFIX
                raise LayoutFileError("", f"cùng mẫu tệp với {other}", "gộp hai tệp thành một, xoá tệp kia")
            layouts[layout.signature] = layout
        except LayoutFileError as error:
            findings[name] = _damaged(path, error.where, error.what, error.step)
        except OSError as error:
            findings[name] = _damaged(path, "", error.strerror or "không đọc được", "Cho chương trình quyền đọc tệp")
    return StoredFolder(tuple(layouts.values()), frozenset(findings), tuple(findings.values()))


def _damaged(path: Path, where: str, what: str, step: str) -> Finding:
    file = f"{_SHOWN}/{nfc(path.name)}"
    facts = {"where": f", {where}" if where else "", "step": step[:1].upper() + step[1:]}
    return Finding("layout_file_damaged", file=file, found=what, facts=facts)


def read_with_answers(
    job: Job,
    files: Mapping[str, bytes],
    registry: bytes,
    extra: Sequence[Finding] = (),
    counter: Callable[[], Callable[[str], None]] = lambda: lambda name: None,
) -> quarter.Reading:
    """Read the files of a period with the answers of the office, those in its cach-doc.xlsx included.

    Answers that are new are kept in the folder of layouts, those whose cell was cleared are withdrawn, and the files
    are read once more. `counter` makes
    the `done` of `quarter.read_period` for each reading. Raises OSError, PublishError and RegistryError.
    """
    stored, office = read_layouts(job.layouts), job.office
    extra = (*extra, *stored.findings)
    confirmed = confirmed_layouts(stored.layouts, str(job.period))
    reading = quarter.read_period(job.period, files, registry, extra, counter(), confirmed, office, job.rulebooks)
    if not (reading.answers.given or reading.answers.cleared):
        return reading
    kept = _keep(job, reading)
    again = confirmed_layouts(kept, str(job.period))
    if again == confirmed:
        return reading
    report_line(f"Có thay đổi trong {_answer_files(reading)}: đọc lại các tệp theo câu trả lời.")
    return quarter.read_period(job.period, files, registry, extra, counter(), again, office, job.rulebooks)


def _answer_files(reading: quarter.Reading) -> str:
    return ", ".join(dict.fromkeys(grid.file for grid in reading.files.question_grids))


def _keep(job: Job, reading: quarter.Reading) -> tuple[StoredLayout, ...]:
    """All layouts with the answers of the reading; changed files are written, damaged ones are left as they are."""
    stored = read_layouts(job.layouts)
    if _changed(job, reading, stored.layouts)[0] == stored.layouts:
        return stored.layouts
    with period_lock(job.layouts):  # runs of other periods write here too
        stored = read_layouts(job.layouts)
        layouts, withdrawn = _changed(job, reading, stored.layouts)
        changed = [layout for layout in layouts if layout not in stored.layouts]
        broken = {name.rpartition("-")[2] for name in stored.damaged}
        try:
            for layout in changed:
                if layout.signature not in broken:
                    replace_file(job.layouts / f"{layout.name}{SUFFIX}", layout_text(layout).encode())
        except OSError as error:
            kept = "Câu trả lời chưa được ghi, tệp trong thư mục của kỳ còn nguyên."
            raise PublishError(write_error_text(job.layouts, error, kept), transient=is_transient(error)) from None
    report_line(f"Đã ghi câu trả lời của văn phòng: {vn_int(len(changed))} tệp trong {_SHOWN}.")
    for cell in withdrawn:
        report_line(f"Ô đã xoá trắng, câu trả lời được rút từ {job.period.name} trở đi: {cell.where}.")
    return layouts


def _changed(
    job: Job, reading: quarter.Reading, stored: Sequence[StoredLayout]
) -> tuple[tuple[StoredLayout, ...], tuple[ClearedCell, ...]]:
    """The layouts with the answers of the reading and without those withdrawn, and the cells that withdrew one."""
    period, today = str(job.period), dt.date.today()
    given = with_answers(stored, reading.answers.given, period, today)
    return with_withdrawals(given, reading.answers.cleared, period, today)
