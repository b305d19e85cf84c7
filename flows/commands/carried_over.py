"""`tthc forms`: answers of earlier published quarters that fill in a new form, and lines about where they are from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.steps.job import Job
from flows.steps.other_quarters import published_quarters
from pipeline.forms.carry_over import CARRIED_TABLES, CarriedOver, QuarterAnswers, carried_over, read_answers
from pipeline.forms.catalogue import form_catalogue
from pipeline.office_file import OFFICE_FILE
from pipeline.office_words import given_by_office
from pipeline.publish.revisions import MANIFEST, current_revision, published_file
from pipeline.publish.signed_revisions import ReferenceRevision, reference_revision
from pipeline.registry import UnitIndex
from pipeline.text import shortened_list, vn_int


@dataclass(frozen=True)
class _Published:
    """A quarter before the job's: its answers and the revision they were read from."""

    answers: QuarterAnswers
    revision: ReferenceRevision
    newer: str  # a revision that was published later and not signed, "" for none

    @property
    def name(self) -> str:
        """`quý I năm 2022, bản r1 đã ký 85/BC-UBND`."""
        signing = self.revision.signing
        signed = f" đã ký {signing.number}" if signing else ""
        return f"{self.answers.period.name}, bản {self.revision.manifest.revision}{signed}"


def answers_to_carry_over(job: Job, index: UnitIndex) -> tuple[CarriedOver, list[str]]:
    """The answers of the published quarters before, and Vietnamese lines about them.

    Of each quarter the signed revision is read, else the current one. Nothing is taken from files that were altered
    after publication. `index`: the units of the job's quarter. Raises OSError if a share does not answer.
    """
    quarters = list(_quarters(job, index))
    carried = carried_over([quarter.answers for quarter in quarters])
    return carried, list(_notes(job, index, quarters, carried))


def _quarters(job: Job, index: UnitIndex) -> Iterator[_Published]:
    """Published quarters before the job's, newest first, until every sheet has answers."""
    open_sheets = set(CARRIED_TABLES)
    stated = given_by_office(job.office, index) if job.office else frozenset()
    for period in sorted((p for p in published_quarters(job.published) if p < job.period), reverse=True):
        found = reference_revision(job.published, period)
        if found is None:
            continue
        names = [n for n in CARRIED_TABLES.values() if not {n, MANIFEST} & set(found.altered)]
        contents = {name: published_file(found.path, found.manifest, name) for name in names}
        files = {name: data for name, data in contents.items() if data is not None}
        scored_by, applying = found.manifest.rulebook, job.choice.applying
        rulebook = applying if applying and scored_by and applying.id == scored_by.id else None
        current = current_revision(job.published / str(period)).manifest if found.signing else None
        newer = current.revision if current and current.revision != found.manifest.revision else ""
        quarter = _Published(read_answers(files, period, index, rulebook, stated), found, newer)
        yield quarter
        open_sheets -= set(quarter.answers.entries)
        if not open_sheets:
            return


def _notes(job: Job, index: UnitIndex, quarters: Sequence[_Published], carried: CarriedOver) -> Iterator[str]:
    """What was filled in from which quarter, and what was not. `quarters`: newest first."""
    for place, quarter in enumerate(quarters):
        codes = [code for code, (period, _) in carried.sheets.items() if period == quarter.answers.period]
        cells = sum(quarter.answers.cells(code) for code in codes)
        if cells:
            yield (
                f"Điền sẵn {vn_int(cells)} ô ({_sheets(codes)}) theo {quarter.name} (ô nền xanh): xin kiểm tra, rồi "
                "xác nhận ở đầu mỗi sheet."
            )
        if place == 0 and quarter.answers.period != job.period.previous:
            yield (
                f"Quý liền trước ({job.period.previous.name}) không có bản công bố dùng được nên lấy từ "
                f"{quarter.answers.period.name}."
            )
        if (cells or place == 0) and quarter.answers.lacking:
            lacking = ", ".join(quarter.answers.lacking)
            yield f"Không điền sẵn được từ {quarter.name}: {lacking} không có hoặc đã bị sửa."
        if cells and quarter.newer:
            yield f"Bản {quarter.newer} của {quarter.answers.period.name} mới hơn nhưng chưa ký: không lấy từ bản đó."
        if cells and quarter.answers.gone:
            yield f"Không điền số của đơn vị không còn trong kỳ này: {shortened_list(quarter.answers.gone)}."
    if carried.sheets and quarters:
        newest = quarters[0].answers.period
        before = set(UnitIndex(index.registry, newest).units())
        new = [index.names[unit] for unit in index.units() if unit not in before]
        if new:
            yield f"Đơn vị mới so với {newest.name}, không có gì để điền sẵn: {shortened_list(new)}."
    if carried.sheets and job.office is not None:
        yield f"Mục đã ghi ở {OFFICE_FILE} không được điền sẵn: để trống là dùng tệp đó."
    if "BS-03" in carried.sheets:
        yield "Sheet “Công chức”: xoá dòng của người không còn ở Bộ phận Một cửa, thêm người mới."


def _sheets(codes: Sequence[str]) -> str:
    names = [sheet.name for code in codes if (sheet := form_catalogue().sheet(code)) is not None]
    return f"sheet {', '.join(f'“{name}”' for name in names)}"
