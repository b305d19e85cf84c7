"""`tthc forms`: the workbooks of a period, written where its files arrive, over nothing.

They are blank but for what the program knows: late dossiers that exports of the period show, and answers of the quarter
before that rarely change (to be confirmed).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flows.failure import JobFailed
from flows.job import Job
from flows.raw import read_raw
from pipeline import quarter
from pipeline.carry_over import TABLES, CarriedOver, carried_over
from pipeline.forms import forms
from pipeline.load.blank_forms import form_workbook
from pipeline.load.form_carried import fill_carried, room_for
from pipeline.load.form_late import CODE, late_rows
from pipeline.load.form_sheets import Prepared
from pipeline.load.xlsx import deterministic_xlsx
from pipeline.revisions import reference_revision
from pipeline.rulebooks import installed
from pipeline.units import RegistryError, UnitIndex, read_registry
from schemas.forms import Form


def write_forms(job: Job) -> Iterator[str]:
    """A Vietnamese line a file. Raises JobFailed."""
    registry = job.data_dir / "reference" / "units.csv"
    try:
        data = registry.read_bytes()
        index = UnitIndex(read_registry(data), job.period)
        job.raw.mkdir(parents=True, exist_ok=True)
        for form in forms().forms:
            path = job.raw / form.file
            if path.exists():
                yield f"Đã có {path}: giữ nguyên"
                continue
            content, said = _form(job, form, data, index)
            try:
                with path.open("xb") as file:  # never over what an analyst filled in
                    file.write(content)
            except FileExistsError:
                yield f"Đã có {path}: giữ nguyên"
                continue
            yield f"Đã tạo {path}"
            yield from (f"    {line}" for line in said)
    except RegistryError as error:
        raise JobFailed(f"Danh mục đơn vị không dùng được – {error}") from None
    except OSError as error:
        raise JobFailed(f"Không dùng được {error.filename}: {error.strerror}.") from None


def _form(job: Job, form: Form, registry: bytes, index: UnitIndex) -> tuple[bytes, list[str]]:
    """A form's bytes, and what was filled in."""
    rows: dict[str, list[Prepared]] = {}
    said: list[str] = []
    carried: CarriedOver | None = None
    codes = {s.code for s in form.sheets}
    if codes & set(TABLES):
        carried, said = _carried(job, index)
        rows |= room_for(carried) if carried else {}
    if CODE in codes:
        rows[CODE] = late_rows(_late(job, registry), index)
        units = len({row.texts["unit"] for row in rows[CODE]})
        if units:
            said.append(f"Điền sẵn {units} đơn vị có hồ sơ quá hạn, theo các tệp đang có của {job.period.name}.")
    workbook = form_workbook(form, job.period, index, installed(), rows)
    if carried:
        fill_carried(workbook, form, carried)
    return deterministic_xlsx(workbook), said


def _late(job: Job, registry: bytes) -> Mapping[tuple[str, str], int]:
    """Late dossiers by unit, where exports of the period are there already."""
    raw = read_raw(job.raw)
    return quarter.late_dossiers(quarter.read_period(job.period, raw.files, registry)) if raw.files else {}


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
