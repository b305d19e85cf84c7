"""`tthc forms`: the workbooks of a period, written where its files arrive, over nothing.

They are blank but for what the program knows: late dossiers that exports of the period show, and answers of the quarter
before that rarely change (to be confirmed), and in the form of appraisals self-scores and computed scores.
The units' own workbooks follow.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.commands.form_files import create, put
from flows.commands.unit_workbooks import write_unit_workbooks
from flows.steps.failures import JobFailed
from flows.steps.job import Job
from flows.steps.raw_folder import read_raw
from pipeline import quarter
from pipeline.forms.carry_over import CARRIED_TABLES, CarriedOver, read_carried_over
from pipeline.forms.catalogue import form_catalogue
from pipeline.load.excel.xlsx_bytes import deterministic_xlsx
from pipeline.load.forms.analyst_forms import form_workbook
from pipeline.load.forms.appraisal_rows import NOTHING_KNOWN, KnownScores, known_scores
from pipeline.load.forms.carried_answers import carried_rows, fill_carried
from pipeline.load.forms.form_rows import PreparedRow
from pipeline.load.forms.late_rows import EXPLANATIONS_CODE, late_rows
from pipeline.publish.revisions import reference_revision
from pipeline.registry import UnitIndex
from pipeline.registry_file import RegistryError, read_registry
from pipeline.result import Checked
from pipeline.rulebooks import RulebookChoice, installed
from schemas.forms import Form
from schemas.frames import Appraisals, Assessments

APPRAISALS = "tham-dinh.xlsx"
EXPLANATIONS = "giai-trinh.xlsx"


@dataclass(frozen=True)
class Arrived:
    """The period's files as they lie there before any form is made."""

    reading: quarter.Reading
    checked: Checked

    def is_blank(self, form: Form) -> bool:
        """Whether the form is among them and nobody has entered anything in it."""
        said = self.checked.findings
        return said.loc[said["file"] == form.file, "code"].tolist() == ["form_blank"]


def _arrived(job: Job, registry: bytes) -> Arrived | None:
    """None while there is nothing to read."""
    raw = read_raw(job.raw)
    if not raw.files:
        return None
    reading = quarter.read_period(job.period, raw.files, registry, raw.findings)
    return Arrived(reading, quarter.check(reading))


def write_forms(job: Job) -> Iterator[str]:
    """A Vietnamese line a file; one for all the units' workbooks. Raises JobFailed."""
    registry = job.data_dir / "reference" / "units.csv"
    try:
        data = registry.read_bytes()
        index = UnitIndex(read_registry(data), job.period)
        job.raw.mkdir(parents=True, exist_ok=True)
        arrived = _arrived(job, data)
        for form in form_catalogue().forms:
            path = job.raw / form.file
            if form.file == APPRAISALS:
                yield from _appraisals(job, form, arrived, index, path)
                continue
            if form.file == EXPLANATIONS:
                yield from _explanations(job, form, arrived, index, path)
                continue
            if path.exists():
                yield f"Đã có {path}: giữ nguyên"
                continue
            content, said = _form(job, form, index)
            yield create(path, content)
            yield from (f"    {line}" for line in said)
        yield from write_unit_workbooks(job, index, arrived.checked if arrived else None)
    except RegistryError as error:
        raise JobFailed(f"Danh mục đơn vị không dùng được – {error}") from None
    except OSError as error:
        raise JobFailed(f"Không dùng được {error.filename}: {error.strerror}.") from None


def _form(job: Job, form: Form, index: UnitIndex) -> tuple[bytes, list[str]]:
    """A form's bytes, and what was filled in."""
    rows: dict[str, list[PreparedRow]] = {}
    said: list[str] = []
    carried: CarriedOver | None = None
    if {s.code for s in form.sheets} & set(CARRIED_TABLES):
        carried, said = _carried(job, index)
        rows |= carried_rows(carried) if carried else {}
    workbook = form_workbook(form, job.period, index, installed(), rows)
    if carried:
        fill_carried(workbook, form, carried)
    return deterministic_xlsx(workbook), said


def _explanations(job: Job, form: Form, arrived: Arrived | None, index: UnitIndex, path: Path) -> Iterator[str]:
    """The form of explanations: made new, or given today's late dossiers while nobody has entered anything in it."""
    rows = late_rows(quarter.late_counts(arrived.reading) if arrived else {}, index)
    data = deterministic_xlsx(form_workbook(form, job.period, index, installed(), {EXPLANATIONS_CODE: rows}))
    there = path.exists()
    yield put(path, form, data, "số hồ sơ quá hạn", blank=arrived is not None and arrived.is_blank(form))
    units = len({row.texts["unit"] for row in rows})
    if units and not there:
        yield f"    Điền sẵn {units} đơn vị có hồ sơ quá hạn, theo các tệp đang có của {job.period.name}."


def _carried(job: Job, index: UnitIndex) -> tuple[CarriedOver | None, list[str]]:
    """Answers of the quarter before as it was signed, else as it stands; nothing from files that were changed since."""
    before = job.period.previous
    found = reference_revision(job.data_dir / "out", before)
    if found is None:
        return None, []
    names = [name for name in CARRIED_TABLES.values() if name not in found.altered]
    files = {name: (found.path / name).read_bytes() for name in names if (found.path / name).is_file()}
    carried = read_carried_over(files, before, index)
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


def _appraisals(job: Job, form: Form, arrived: Arrived | None, index: UnitIndex, path: Path) -> Iterator[str]:
    """The form of appraisals: made new, or given today's scores while nobody has entered anything in it."""
    if job.choice.applying is None:
        yield f"Không tạo {APPRAISALS}: kỳ này chưa có căn cứ chấm điểm."
        return
    known = _known(job.choice, arrived.checked) if arrived else NOTHING_KNOWN
    data = deterministic_xlsx(form_workbook(form, job.period, index, installed(), known=known))
    yield put(path, form, data, "điểm", blank=arrived is not None and arrived.is_blank(form))
    if not known.computed:
        yield f"{APPRAISALS}: chưa có số liệu nên cột Hệ thống tính để trống; có số liệu thì chạy lại lệnh này."


def _known(choice: RulebookChoice, checked: Checked) -> KnownScores:
    """What the period's files say already, without what appraisals say."""
    if choice.applying is None:
        return NOTHING_KNOWN
    checked = dataclasses.replace(checked, appraisals=Appraisals.empty())
    alone = dataclasses.replace(checked, assessments=Assessments.empty())
    scored = [quarter.score(c, choice) if len(c.counts) else None for c in (checked, alone)]
    return known_scores(checked, choice.applying, *scored)
