"""`tthc forms`: the blank workbooks of a period, written where its files arrive, over nothing anybody filled in."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from flows import job as steps
from flows.failure import JobFailed
from flows.job import Job
from pipeline import quarter
from pipeline.extract.workbook import read_workbook
from pipeline.forms import forms
from pipeline.load.appraisal_rows import NOTHING_KNOWN, KnownScores, known_scores
from pipeline.load.blank_forms import blank_forms
from pipeline.load.form_sheets import HEADER_ROW
from pipeline.rulebooks import installed
from pipeline.units import RegistryError, UnitIndex, read_registry
from schemas.frames import Appraisals, Assessments

APPRAISALS = "tham-dinh.xlsx"


def write_forms(job: Job) -> Iterator[str]:
    """A Vietnamese line a file. Raises JobFailed."""
    registry = job.data_dir / "reference" / "units.csv"
    try:
        index = UnitIndex(read_registry(registry.read_bytes()), job.period)
        job.raw.mkdir(parents=True, exist_ok=True)
    except RegistryError as error:
        raise JobFailed(f"Danh mục đơn vị không dùng được – {error}") from None
    except OSError as error:
        raise JobFailed(f"Không dùng được {error.filename}: {error.strerror}.") from None
    known, blank = _known(job)
    blanks = blank_forms(job.period, index, installed(), known)
    for name, data in blanks.items():
        path = job.raw / name
        try:
            yield _refresh(path, data) if name == APPRAISALS and blank else _create(path, data)
        except OSError as error:
            raise JobFailed(f"Không ghi được {path}: {error.strerror}.") from None
    if APPRAISALS in blanks and not known.computed:
        yield f"{APPRAISALS}: chưa có số liệu nên cột Hệ thống tính để trống; có số liệu thì chạy lại lệnh này."
    if APPRAISALS not in blanks:
        yield f"Không tạo {APPRAISALS}: kỳ này chưa có căn cứ chấm điểm."


def _create(path: Path, data: bytes) -> str:
    try:
        with path.open("xb") as file:  # never over what an analyst filled in
            file.write(data)
    except FileExistsError:
        return f"Đã có {path}: giữ nguyên"
    return f"Đã tạo {path}"


def _refresh(path: Path, data: bytes) -> str:
    """The form that stands gets today's scores if they are all that differs: not a word of anybody's is lost."""
    old = path.read_bytes()
    if old == data or _cells(old) != _cells(data):
        return f"Đã có {path}: giữ nguyên"
    draft = path.with_name(f".{path.name}.new")
    draft.write_bytes(data)
    draft.replace(path)
    return f"Đã cập nhật điểm trong {path} (chưa có ô nào được nhập)"


def _cells(data: bytes) -> dict[tuple[str, int, int], str]:
    """Every filled cell of the form of appraisals but the scores the program fills in."""
    sheet = next(s for f in forms().forms if f.file == APPRAISALS for s in f.sheets if s.target == "appraisals")
    scores = {n for n, c in enumerate(sheet.columns) if c.prefilled and c.kind == "score"}
    return {
        (grid.sheet, row, column): text
        for grid in read_workbook(APPRAISALS, data)
        for row in range(grid.top, grid.height)
        for column, text in grid.row_texts(row)
        if grid.sheet != sheet.name or row < HEADER_ROW or column not in scores
    }


def _known(job: Job) -> tuple[KnownScores, bool]:
    """What the period's files say already, and whether its form of appraisals is there and still blank."""
    rulebook = job.choice.applying
    if rulebook is None:
        return NOTHING_KNOWN, False
    try:
        inputs = steps.read_inputs(job)
    except JobFailed:  # no file yet: every form is blank
        return NOTHING_KNOWN, False
    checked = dataclasses.replace(quarter.check(inputs.reading), appraisals=Appraisals.empty())
    alone = dataclasses.replace(checked, assessments=Assessments.empty())
    scored = [quarter.score(c, job.choice) if len(c.counts) else None for c in (checked, alone)]
    said = checked.findings.loc[checked.findings["file"] == APPRAISALS, "code"].tolist()
    return known_scores(checked, rulebook, *scored), said == ["form_blank"]
