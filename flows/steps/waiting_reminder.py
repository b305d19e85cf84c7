"""The reminder that a scheduled run writes while it waits: which units have not sent their data."""

from __future__ import annotations

from dataclasses import dataclass

from flows.steps.file_names import REVIEW_FOLDER
from flows.steps.job import Job
from flows.steps.schedule import last_day
from flows.steps.shared_paths import office_path
from flows.steps.stored_registry import stored_registry
from pipeline.load.report.reminder import reminder_context, render_reminder
from pipeline.markdown import escaped
from pipeline.registry import UnitIndex
from pipeline.result import Checked
from pipeline.text import vn_day, vn_int
from pipeline.validate.submission_status import WORKBOOKS_UNUSED, missing_units, returns_status, workbooks_unused

LETTER = """## Dự thảo công văn đôn đốc

Tệp Word: nhac-viec.docx trong {folder}, do lần rà soát ghi. Điền các chỗ chấm (thời hạn gửi: trước ngày {day}) rồi
trình ký. Nội dung:"""


@dataclass(frozen=True)
class Reminder:
    """The units without a count and the texts that ask them for their data."""

    missing: tuple[str, ...]  # names, in the order of the registry
    units: int  # how many units the period has
    text: str  # Vietnamese, plain lines
    markdown: str  # Vietnamese, for a page; with the draft of a letter

    @property
    def short(self) -> str:
        """`3 đơn vị chưa gửi`, for the name of a run."""
        return f"{vn_int(len(self.missing))} đơn vị chưa gửi"

    @classmethod
    def of_checked(cls, job: Job, checked: Checked, sent_out: frozenset[str]) -> Reminder:
        """For a period with files. `sent_out`: ids of the units whose workbook was made to be sent out."""
        units = int((checked.entities["kind"] == "unit").sum())
        hint = WORKBOOKS_UNUSED if workbooks_unused(checked, sent_out) else ""
        # without any count there was no export yet: a letter to the units does not help
        letter = None
        if len(checked.counts):
            status = returns_status(checked, sent_out)
            context = reminder_context(checked, status, scored=job.choice.applying is not None)
            letter = render_reminder(context) if context is not None else None
        return cls._make(job, tuple(missing_units(checked, sent_out)), units, hint, letter)

    @classmethod
    def nothing_arrived(cls, job: Job) -> Reminder:
        """For a period without any file: all units are missing. Raises JobFailed if the registry cannot be used."""
        index = UnitIndex(stored_registry(job.data_dir).frame(), job.period)
        names = tuple(index.names[unit] for unit in index.units())
        return cls._make(job, names, len(names))

    @classmethod
    def _make(cls, job: Job, missing: tuple[str, ...], of: int, hint: str = "", letter: str | None = None) -> Reminder:
        scored = job.choice.applying is not None
        first_line = f"Còn {vn_int(len(missing))} trên {vn_int(of)} đơn vị chưa gửi đủ số liệu {job.period.name}."
        day = vn_day(last_day(job.period))
        outlook = (
            f"Lần chạy này không công bố gì. Kỳ này được công bố khi đủ số liệu, chậm nhất ngày {day}: khi đó đơn vị "
            f"không có trong số liệu của cổng được ghi là chưa có số liệu{' và không có điểm' if scored else ''}."
        )
        folder = office_path(job.raw, job.data_dir)
        action = f"Việc cần làm: nhắc các đơn vị gửi, đặt tệp vào {folder}; lần chạy theo lịch sau tự đọc lại."
        action += f" {hint}" if hint else ""
        intro = LETTER.format(day=day, folder=escaped(office_path(job.out / REVIEW_FOLDER, job.data_dir)))
        return cls(
            missing,
            of,
            # short lines: Prefect's pages show a state's message as one paragraph
            "\n".join([first_line, f"Chưa gửi: {'; '.join(missing)}.", outlook, action]),
            "\n".join(
                (
                    f"# Nhắc gửi số liệu {job.period.name}\n",
                    f"{first_line}\n",
                    *(f"- {escaped(name)}" for name in missing),
                    f"\n{outlook}\n",
                    f"{escaped(action)}\n",
                    *((f"{intro}\n\n---\n\n{letter}",) if letter else ()),
                )
            ),
        )
