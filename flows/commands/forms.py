"""`tthc forms`: writes the forms of a period into its raw folder, then the units' own workbooks. Overwrites no entry.

Prefilled are late dossiers that the period's exports show, answers of the quarter before that rarely change (to be
confirmed), and in the form of appraisals the self-scores and the computed scores.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.commands.form_files import create_form, create_or_update
from flows.commands.unit_workbook_files import write_unit_workbooks
from flows.steps.failures import JobFailed
from flows.steps.job import Job
from flows.steps.layout_folder import read_with_answers
from flows.steps.raw_folder import read_raw
from flows.steps.stored_registry import registry_error_text, stored_registry
from pipeline import quarter
from pipeline.forms.carry_over import CARRIED_TABLES, CarriedOver, read_carried_over
from pipeline.forms.catalogue import form_catalogue
from pipeline.load.excel.xlsx_bytes import deterministic_xlsx
from pipeline.load.forms.analyst_forms import form_workbook
from pipeline.load.forms.appraisal_rows import NOTHING_KNOWN, KnownScores, known_scores
from pipeline.load.forms.carried_answers import carried_rows, fill_carried
from pipeline.load.forms.form_rows import PreparedRow
from pipeline.load.forms.late_rows import EXPLANATIONS_CODE, late_rows
from pipeline.office_words import given_by_office
from pipeline.publish.signed_revisions import reference_revision
from pipeline.registry import UnitIndex
from pipeline.registry_file import RegistryError
from pipeline.result import Checked
from pipeline.rulebooks import RulebookChoice, installed
from schemas.forms import Form
from schemas.frames import Appraisals, Assessments

#: forms that are updated while nothing is entered in them
APPRAISALS = "tham-dinh.xlsx"
EXPLANATIONS = "giai-trinh.xlsx"


@dataclass(frozen=True)
class Arrived:
    """The period's files as read before any form is written."""

    reading: quarter.Reading
    checked: Checked

    def is_blank(self, form: Form) -> bool:
        """Whether the form is among the files and nothing is entered in it."""
        findings = self.checked.findings
        return findings.loc[findings["file"] == form.file, "code"].tolist() == ["form_blank"]


def _arrived(job: Job, registry: bytes) -> Arrived | None:
    """Read and check the period's files; None if there are none. Raises RegistryError, OSError."""
    raw = read_raw(job.raw)
    if not raw.files:
        return None
    reading = read_with_answers(job, raw.files, registry, raw.findings)
    return Arrived(reading, quarter.check(reading))


def write_forms(job: Job) -> Iterator[str]:
    """Write all forms. Yields Vietnamese lines, one or more for each file and two for the units' workbooks.

    Raises JobFailed if the registry cannot be used or a file cannot be read or written.
    """
    job.require_ready()
    try:
        stored = stored_registry(job.data_dir)
        index = UnitIndex(stored.frame(), job.period)
        job.raw.mkdir(parents=True, exist_ok=True)
        arrived = _arrived(job, stored.data)
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
            content, notes = _form(job, form, index)
            yield create_form(path, content)
            yield from (f"    {line}" for line in notes)
        yield from write_unit_workbooks(job, index, arrived.checked if arrived else None)
    except RegistryError as error:
        raise JobFailed(registry_error_text(error)) from None
    except OSError as error:
        raise JobFailed(f"Không dùng được {error.filename}: {error.strerror}.") from None


def _form(job: Job, form: Form, index: UnitIndex) -> tuple[bytes, list[str]]:
    """The bytes of a form, and Vietnamese lines about what was prefilled."""
    rows: dict[str, list[PreparedRow]] = {}
    notes: list[str] = []
    carried: CarriedOver | None = None
    if {s.code for s in form.sheets} & set(CARRIED_TABLES):
        carried, notes = _carried(job, index)
        rows |= carried_rows(carried) if carried else {}
    workbook = form_workbook(form, job.period, index, installed(), rows)
    if carried:
        fill_carried(workbook, form, carried)
    return deterministic_xlsx(workbook), notes


def _explanations(job: Job, form: Form, arrived: Arrived | None, index: UnitIndex, path: Path) -> Iterator[str]:
    """Create the form of explanations, or update its late dossiers while nothing is entered in it."""
    rows = late_rows(quarter.late_to_explain(arrived.reading) if arrived else {}, index)
    data = deterministic_xlsx(form_workbook(form, job.period, index, installed(), {EXPLANATIONS_CODE: rows}))
    existed = path.exists()
    yield create_or_update(path, form, data, "số hồ sơ quá hạn", blank=arrived is not None and arrived.is_blank(form))
    units = len({row.texts["unit"] for row in rows})
    if units and not existed:
        yield f"    Điền sẵn {units} đơn vị có hồ sơ quá hạn, theo các tệp đang có của {job.period.name}."


def _carried(job: Job, index: UnitIndex) -> tuple[CarriedOver | None, list[str]]:
    """Answers to carry over from the quarter before (its signed revision, else the current one), and lines about them.

    Nothing is taken from files that were altered after publication. None if there is no answer to carry over.
    """
    before = job.period.previous
    found = reference_revision(job.data_dir / "out", before)
    if found is None:
        return None, []
    names = [name for name in CARRIED_TABLES.values() if name not in found.altered]
    files = {name: (found.path / name).read_bytes() for name in names if (found.path / name).is_file()}
    office = job.office.office if job.office else None
    carried = read_carried_over(files, before, index, given_by_office(office, index) if office else ())
    which = f"{before.name}, bản {found.manifest.revision}" + (
        f" đã ký {found.signing.number}" if found.signing else ""
    )
    notes = []
    if carried.lacking:
        notes.append(f"Không điền sẵn được từ {which}: {', '.join(carried.lacking)} không có hoặc đã bị sửa.")
    if not carried.cells:
        return None, notes
    filled = f"Điền sẵn {carried.cells} ô theo {which} (ô nền xanh): xin kiểm tra, rồi xác nhận ở đầu mỗi sheet."
    return carried, [filled, *notes]


def _appraisals(job: Job, form: Form, arrived: Arrived | None, index: UnitIndex, path: Path) -> Iterator[str]:
    """Create the form of appraisals, or update its scores while nothing is entered in it."""
    if job.choice.applying is None:
        yield f"Không tạo {APPRAISALS}: kỳ này chưa có căn cứ chấm điểm."
        return
    known = _known(job.choice, arrived.checked) if arrived else NOTHING_KNOWN
    data = deterministic_xlsx(form_workbook(form, job.period, index, installed(), known=known))
    yield create_or_update(path, form, data, "điểm", blank=arrived is not None and arrived.is_blank(form))
    if not known.computed:
        yield f"{APPRAISALS}: chưa có số liệu nên cột Hệ thống tính để trống; có số liệu thì chạy lại lệnh này."


def _known(choice: RulebookChoice, checked: Checked) -> KnownScores:
    """Self-scores and computed scores from the period's files, without the effect of appraisals."""
    if choice.applying is None:
        return NOTHING_KNOWN
    checked = dataclasses.replace(checked, appraisals=Appraisals.empty())
    without_assessments = dataclasses.replace(checked, assessments=Assessments.empty())
    scored = [quarter.score(c, choice) if len(c.counts) else None for c in (checked, without_assessments)]
    return known_scores(checked, choice.applying, *scored)
