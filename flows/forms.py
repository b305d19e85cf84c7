"""`tthc forms`: the workbooks of a period, written where its files arrive, over nothing.

They are blank but for what the program knows: late dossiers that exports of the period show, and answers of the quarter
before that rarely change (to be confirmed), and in the form of appraisals self-scores and computed scores.
The units' own workbooks follow.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path

from flows import job as steps
from flows.failure import JobFailed, NothingArrived
from flows.form_files import create, refresh
from flows.job import Job
from flows.raw import read_raw
from flows.unit_workbooks import write_unit_workbooks
from pipeline import quarter
from pipeline.carry_over import TABLES, CarriedOver, carried_over
from pipeline.forms import forms
from pipeline.load.appraisal_rows import NOTHING_KNOWN, KnownScores, known_scores
from pipeline.load.blank_forms import form_workbook
from pipeline.load.form_carried import fill_carried, room_for
from pipeline.load.form_late import CODE, late_rows
from pipeline.load.form_sheets import Prepared
from pipeline.load.xlsx import deterministic_xlsx
from pipeline.revisions import reference_revision
from pipeline.rulebooks import installed
from pipeline.units import RegistryError, UnitIndex, read_registry
from schemas.forms import Form
from schemas.frames import Appraisals, Assessments

APPRAISALS = "tham-dinh.xlsx"
EXPLANATIONS = "giai-trinh.xlsx"


def write_forms(job: Job) -> Iterator[str]:
    """A Vietnamese line a file; one for all the units' workbooks. Raises JobFailed."""
    registry = job.data_dir / "reference" / "units.csv"
    try:
        data = registry.read_bytes()
        index = UnitIndex(read_registry(data), job.period)
        job.raw.mkdir(parents=True, exist_ok=True)
        for form in forms().forms:
            path = job.raw / form.file
            if form.file == APPRAISALS:
                yield from _appraisals(job, form, index, path)
                continue
            if form.file == EXPLANATIONS:
                yield from _explanations(job, form, data, index, path)
                continue
            if path.exists():
                yield f"Đã có {path}: giữ nguyên"
                continue
            content, said = _form(job, form, index)
            yield create(path, content)
            yield from (f"    {line}" for line in said)
        yield from write_unit_workbooks(job, data, index)
    except RegistryError as error:
        raise JobFailed(f"Danh mục đơn vị không dùng được – {error}") from None
    except OSError as error:
        raise JobFailed(f"Không dùng được {error.filename}: {error.strerror}.") from None


def _form(job: Job, form: Form, index: UnitIndex) -> tuple[bytes, list[str]]:
    """A form's bytes, and what was filled in."""
    rows: dict[str, list[Prepared]] = {}
    said: list[str] = []
    carried: CarriedOver | None = None
    if {s.code for s in form.sheets} & set(TABLES):
        carried, said = _carried(job, index)
        rows |= room_for(carried) if carried else {}
    workbook = form_workbook(form, job.period, index, installed(), rows)
    if carried:
        fill_carried(workbook, form, carried)
    return deterministic_xlsx(workbook), said


def _explanations(job: Job, form: Form, registry: bytes, index: UnitIndex, path: Path) -> Iterator[str]:
    """The form of explanations: made new, or given today's late dossiers while nobody has entered anything in it."""
    late, blank = _late(job, registry)
    rows = late_rows(late, index)
    data = deterministic_xlsx(form_workbook(form, job.period, index, installed(), {CODE: rows}))
    there = path.exists()
    yield refresh(path, form, data, "số hồ sơ quá hạn") if blank and there else create(path, data)
    units = len({row.texts["unit"] for row in rows})
    if units and not there:
        yield f"    Điền sẵn {units} đơn vị có hồ sơ quá hạn, theo các tệp đang có của {job.period.name}."


def _late(job: Job, registry: bytes) -> tuple[Mapping[tuple[str, str], int], bool]:
    """Late dossiers by unit, where exports are there already, and whether the form is there and still blank."""
    raw = read_raw(job.raw)
    if not raw.files:
        return {}, False
    reading = quarter.read_period(job.period, raw.files, registry)
    said = [f.code for f in reading.forms.findings if f.file == EXPLANATIONS]
    return quarter.late_dossiers(reading), said == ["form_blank"]


def _carried(job: Job, index: UnitIndex) -> tuple[CarriedOver | None, list[str]]:
    """Answers of the quarter before as it was signed, else as it stands; nothing from files that were changed since."""
    before = job.period.previous
    found = reference_revision(job.data_dir / "out", before)
    if found is None:
        return None, []
    names = [name for name in TABLES.values() if name not in found.altered]
    files = {name: (found.path / name).read_bytes() for name in names if (found.path / name).is_file()}
    carried = carried_over(files, before, index)
    which = f"{before.name}, bản {found.manifest.revision}" + (
        f" đã ký {found.signing.number}" if found.signing else ""
    )
    said = []
    if carried.lacking:
        said.append(f"Không điền sẵn được từ {which}: {', '.join(carried.lacking)} không có hoặc đã bị sửa.")
    if not carried.cells:
        return None, said
    said.insert(0, f"Điền sẵn {carried.cells} ô theo {which} (ô nền xanh): xin kiểm tra, rồi xác nhận ở đầu mỗi sheet.")
    return carried, said


def _appraisals(job: Job, form: Form, index: UnitIndex, path: Path) -> Iterator[str]:
    """The form of appraisals: made new, or given today's scores while nobody has entered anything in it."""
    if job.choice.applying is None:
        yield f"Không tạo {APPRAISALS}: kỳ này chưa có căn cứ chấm điểm."
        return
    known, blank = _known(job)
    data = deterministic_xlsx(form_workbook(form, job.period, index, installed(), known=known))
    yield refresh(path, form, data, "điểm") if blank and path.exists() else create(path, data)
    if not known.computed:
        yield f"{APPRAISALS}: chưa có số liệu nên cột Hệ thống tính để trống; có số liệu thì chạy lại lệnh này."


def _known(job: Job) -> tuple[KnownScores, bool]:
    """What the period's files say already, and whether its form of appraisals is there and still blank."""
    rulebook = job.choice.applying
    if rulebook is None:
        return NOTHING_KNOWN, False
    try:
        inputs = steps.read_inputs(job)
    except NothingArrived:  # every form is blank
        return NOTHING_KNOWN, False
    checked = dataclasses.replace(quarter.check(inputs.reading), appraisals=Appraisals.empty())
    alone = dataclasses.replace(checked, assessments=Assessments.empty())
    scored = [quarter.score(c, job.choice) if len(c.counts) else None for c in (checked, alone)]
    said = checked.findings.loc[checked.findings["file"] == APPRAISALS, "code"].tolist()
    return known_scores(checked, rulebook, *scored), said == ["form_blank"]
