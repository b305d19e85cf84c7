"""`tthc forms` and the deployment `tao-bieu`: write the forms of a period into its raw folder.

Then the units' workbooks. No entry is overwritten.

Prefilled are late dossiers that the period's exports show, answers of earlier published quarters that rarely change (to
be confirmed), and in the form of appraisals the self-scores and the computed scores.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from flows.commands.carried_over import answers_to_carry_over
from flows.commands.form_files import FormState, create_form, create_or_update, kept_form
from flows.commands.unit_workbook_files import write_unit_workbooks
from flows.steps.failures import JobFailed
from flows.steps.job import Job
from flows.steps.layout_folder import read_with_answers
from flows.steps.raw_folder import read_raw
from flows.steps.shared_paths import readable_path
from flows.steps.stored_registry import registry_error_text, stored_registry
from pipeline import quarter
from pipeline.forms.carry_over import CARRIED_TABLES, NOTHING_CARRIED, CarriedOver
from pipeline.forms.catalogue import form_catalogue
from pipeline.load.excel.xlsx_bytes import deterministic_xlsx
from pipeline.load.forms.analyst_forms import form_workbook, needed_forms
from pipeline.load.forms.appraisal_rows import NOTHING_KNOWN, KnownScores, known_scores
from pipeline.load.forms.carried_answers import carried_rows, fill_carried
from pipeline.load.forms.late_rows import EXPLANATIONS_CODE, late_rows
from pipeline.publish.atomic_files import error_reason, is_left_empty, remove_left
from pipeline.registry import UnitIndex
from pipeline.registry_file import RegistryError
from pipeline.result import Checked
from pipeline.rulebooks import RulebookChoice
from schemas.forms import Form
from schemas.frames import Appraisals, Assessments

#: forms that are updated while nothing is entered in them
APPRAISALS = "tham-dinh.xlsx"
EXPLANATIONS = "giai-trinh.xlsx"


#: code of the only finding of a form -> its state; codes of a file that cannot be read
_STATES: Mapping[str, FormState] = {"form_blank": "blank", "form_carried_untouched": "filled_in"}
_DAMAGED = frozenset({"form_unreadable", "file_unreadable", "file_unrecognised"})


@dataclass(frozen=True)
class Arrived:
    """The period's files as read before any form is written."""

    reading: quarter.Reading
    checked: Checked

    def state_of(self, form: Form) -> FormState:
        """The state of the form among the files, by its findings."""
        findings = self.checked.findings
        codes: list[str] = findings.loc[findings["file"] == form.file, "code"].tolist()
        if any(code in _DAMAGED for code in codes):
            return "damaged"
        return _STATES.get(codes[0], "other") if len(codes) == 1 else "other"


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
        remove_left(job.raw)
        yield f"Các biểu của {job.period.name}, trong {readable_path(job.raw, job.data_dir)}:"
        arrived = _arrived(job, stored.data)
        carried, notes = answers_to_carry_over(job, index)
        needed = needed_forms(job.period, job.rulebooks)
        for form in needed:
            path = job.raw / form.file
            state = arrived.state_of(form) if arrived is not None else "other"
            if form.file == APPRAISALS:
                yield from _appraisals(job, form, arrived, index, path)
                continue
            if form.file == EXPLANATIONS:
                yield from _explanations(job, form, arrived, index, path)
                continue
            if path.exists() and not is_left_empty(path):
                yield kept_form(path, state)
                if state == "filled_in":
                    yield "    Biểu mới chỉ có số điền sẵn: xoá rồi chạy lại nếu quý trước vừa được công bố."
                continue
            filled_in = bool({s.code for s in form.sheets} & set(CARRIED_TABLES))
            yield create_form(path, _form(job, form, index, carried if filled_in else NOTHING_CARRIED), state)
            yield from (f"    {line}" for line in notes if filled_in)
        made = {form.file for form in needed}
        if left_out := [form.file for form in form_catalogue().forms if form.file not in made]:
            yield f"Không tạo {', '.join(left_out)}: quy định của kỳ này không dùng."
        yield from write_unit_workbooks(job, index, arrived.checked if arrived else None, carried)
    except RegistryError as error:
        raise JobFailed(registry_error_text(error)) from None
    except OSError as error:
        raise JobFailed(f"Không dùng được {error.filename}: {error_reason(error)}.") from None


def _form(job: Job, form: Form, index: UnitIndex, carried: CarriedOver) -> bytes:
    """The bytes of a form, filled in with the answers that carry over."""
    carried = carried.within(form)
    rows = carried_rows(carried) if carried.sheets else {}
    workbook = form_workbook(form, job.period, index, job.rulebooks, rows)
    fill_carried(workbook, form, carried)
    return deterministic_xlsx(workbook)


def _explanations(job: Job, form: Form, arrived: Arrived | None, index: UnitIndex, path: Path) -> Iterator[str]:
    """Create the form of explanations, or update its late dossiers while nothing is entered in it."""
    rows = late_rows(quarter.late_to_explain(arrived.reading) if arrived else {}, index)
    data = deterministic_xlsx(form_workbook(form, job.period, index, job.rulebooks, {EXPLANATIONS_CODE: rows}))
    existed = path.exists() and not is_left_empty(path)
    yield create_or_update(path, form, data, "số hồ sơ quá hạn", arrived.state_of(form) if arrived else "other")
    units = len({row.texts["unit"] for row in rows})
    if units and not existed:
        yield f"    Điền sẵn {units} đơn vị có hồ sơ quá hạn, theo các tệp đang có của {job.period.name}."


def _appraisals(job: Job, form: Form, arrived: Arrived | None, index: UnitIndex, path: Path) -> Iterator[str]:
    """Create the form of appraisals, or update its scores while nothing is entered in it."""
    if job.choice.applying is None:
        yield f"Không tạo {APPRAISALS}: kỳ này chưa có căn cứ chấm điểm."
        return
    known = _known(job.choice, arrived.checked) if arrived else NOTHING_KNOWN
    data = deterministic_xlsx(form_workbook(form, job.period, index, job.rulebooks, known=known))
    yield create_or_update(path, form, data, "điểm", arrived.state_of(form) if arrived else "other")
    if not known.computed:
        yield f"{APPRAISALS}: chưa có số liệu nên cột Hệ thống tính để trống; có số liệu thì tạo biểu lại."


def _known(choice: RulebookChoice, checked: Checked) -> KnownScores:
    """Self-scores and computed scores from the period's files, without the effect of appraisals."""
    if choice.applying is None:
        return NOTHING_KNOWN
    checked = dataclasses.replace(checked, appraisals=Appraisals.empty())
    without_assessments = dataclasses.replace(checked, assessments=Assessments.empty())
    scored = [quarter.score(c, choice) if len(c.counts) else None for c in (checked, without_assessments)]
    return known_scores(checked, choice.applying, *scored)
