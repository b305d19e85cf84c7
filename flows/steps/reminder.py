"""Who has not sent anything yet, and the reminder that a scheduled run leaves while it waits."""

from __future__ import annotations

from dataclasses import dataclass

from flows.steps.failures import JobFailed
from flows.steps.job import Job
from flows.steps.schedule import last_day
from flows.steps.shared_paths import shown
from pipeline.load.report.reminder import render_reminder
from pipeline.markdown import escaped
from pipeline.registry import UnitIndex
from pipeline.registry_file import RegistryError, read_registry
from pipeline.result import Checked
from pipeline.text import vn_day, vn_int
from pipeline.validate.submission_status import WORKBOOKS_UNUSED, missing_units, returns_status, workbooks_unused

LETTER = """## Dự thảo công văn đôn đốc

Chọn phần dưới đường kẻ, chép sang Word, điền các chỗ chấm rồi trình ký."""


@dataclass(frozen=True)
class Reminder:
    """Names of the units without a count, in registry order, and the text that asks for theirs."""

    missing: tuple[str, ...]
    units: int  # of the period
    text: str  # Vietnamese, plain lines
    markdown: str

    @property
    def short(self) -> str:
        """`3 đơn vị chưa gửi`, for the name of a run."""
        return f"{vn_int(len(self.missing))} đơn vị chưa gửi"

    @classmethod
    def of_checked(cls, job: Job, checked: Checked, sent_out: frozenset[str]) -> Reminder:
        """From what was read and checked. `sent_out`: units whose workbook was made for them."""
        units = int((checked.entities["kind"] == "unit").sum())
        hint = WORKBOOKS_UNUSED if workbooks_unused(checked, sent_out) else ""
        # no counts at all: nothing was exported yet, which no unit can mend
        letter = render_reminder(checked, returns_status(checked, sent_out)) if len(checked.counts) else None
        return cls._make(job, tuple(missing_units(checked, sent_out)), units, hint, letter)

    @classmethod
    def of_nobody(cls, job: Job) -> Reminder:
        """Nobody has sent anything. Raises JobFailed where the registry cannot be used."""
        path = job.data_dir / "reference" / "units.csv"
        try:
            index = UnitIndex(read_registry(path.read_bytes()), job.period)
        except RegistryError as error:
            raise JobFailed(f"Danh mục đơn vị không dùng được – {error}") from None
        except OSError as error:
            raise JobFailed(f"Không đọc được danh mục đơn vị {path}: {error.strerror}.") from None
        names = tuple(index.names[unit] for unit in index.units())
        return cls._make(job, names, len(names))

    @classmethod
    def _make(cls, job: Job, missing: tuple[str, ...], of: int, hint: str = "", letter: str | None = None) -> Reminder:
        head = f"Còn {vn_int(len(missing))} trên {vn_int(of)} đơn vị chưa gửi đủ số liệu {job.period.name}."
        then = (
            "Lần chạy này không công bố gì. Kỳ này được công bố khi đủ số liệu, chậm nhất ngày "
            f"{vn_day(last_day(job.period))}: khi đó đơn vị còn thiếu được ghi là chưa có số liệu và không có điểm."
        )
        folder = shown(job.raw, job.data_dir)
        what = f"Việc cần làm: nhắc các đơn vị gửi, đặt tệp vào {folder}; lần chạy theo lịch sau tự đọc lại."
        what += f" {hint}" if hint else ""
        return cls(
            missing,
            of,
            # Prefect's pages show a state's message as one paragraph
            "\n".join([head, f"Chưa gửi: {'; '.join(missing)}.", then, what]),
            "\n".join(
                (
                    f"# Nhắc gửi số liệu {job.period.name}\n",
                    f"{head}\n",
                    *(f"- {escaped(name)}" for name in missing),
                    f"\n{then}\n",
                    f"{escaped(what)}\n",
                    *((f"{LETTER}\n\n---\n\n{letter}",) if letter else ()),
                )
            ),
        )
