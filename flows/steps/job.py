"""`Job`: what one run is asked to do, where its files are, and the lock of its period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flows.steps.failures import JobFailed, publish_errors_as_failures
from flows.steps.progress import report_line
from flows.steps.stored_office import office_file_path, stored_office
from flows.steps.stored_rulebooks import stored_rulebooks
from flows.steps.typed_commands import init_command
from pipeline.periods import Period
from pipeline.publish.atomic_files import lock_holds, period_lock
from pipeline.publish.ledger import ALTERNATIVES
from pipeline.rulebooks import (
    NO_CHOICE,
    ProvinceUnknownError,
    RulebookChoice,
    RulebookUndecidedError,
    choose,
    installed,
    period_of,
)
from pipeline.text import one_line
from schemas.office import Office
from schemas.rulebook import Rulebook


@dataclass(frozen=True)
class Job:
    """One run of a period. `data_dir` contains raw/, reference/ and out/.

    `office`: the office's own file, as it was when the run began. `refusal`: why the period cannot be read or scored
    yet (a damaged office file, an unknown province); `require_ready` raises it.

    `automatic`: the schedule started the run. Its reason is then only a note: it does not allow a new revision to
    replace a signed report.
    """

    period: Period
    data_dir: Path
    choice: RulebookChoice
    reason: str = ""
    strict: bool = False
    requested_by: str = ""
    automatic: bool = False
    office: Office | None = None
    refusal: JobFailed | None = None
    rulebooks: Mapping[str, Rulebook] = field(default_factory=installed)

    @classmethod
    def of(
        cls,
        period: str,
        data_dir: Path,
        rulebook: str | None,
        reason: str = "",
        strict: bool = False,
        requested_by: str = "",
        *,
        automatic: bool = False,
        summed: bool = False,
    ) -> Job:
        """A job from typed values. `rulebook`: an id; None or "" for the rulebook in force.

        `summed`: the period may be a half-year or a year.

        Raises ValueError (Vietnamese) for an impossible period or rulebook: wrong use. Raises JobFailed if an installed
        rulebook is damaged.
        """
        parsed = Period.parse_any(period) if summed else Period.parse(period)
        if parsed.is_summed and rulebook:
            raise ValueError(
                f"{parsed.name[0].upper()}{parsed.name[1:]} được tổng hợp theo quy định của các quý, không có phương "
                "án: bỏ phần chọn quy định."
            )
        try:
            installed()
        except ValueError as error:
            raise JobFailed(str(error)) from None
        books: Mapping[str, Rulebook] = installed()
        try:
            books = stored_rulebooks(data_dir)
            office, choice, refusal = _office_and_rulebook(parsed, data_dir, rulebook or None, books)
        except JobFailed as broken:  # what applies is not known without the file
            office, choice, refusal = None, NO_CHOICE, broken
        parsed = period_of(parsed, choice.rulebook)
        one_line_reason, one_line_name = (one_line(" ".join(text.split())) for text in (reason, requested_by))
        return cls(
            parsed,
            data_dir,
            choice,
            one_line_reason,
            strict,
            one_line_name,
            automatic,
            office=office,
            refusal=refusal,
            rulebooks=books,
        )

    def require_ready(self) -> None:
        """Raises JobFailed if the office's file does not allow to read and score the period yet."""
        if self.refusal is not None:
            raise self.refusal

    @property
    def raw(self) -> Path:
        """The folder in which the period's files arrive."""
        return self.data_dir / "raw" / str(self.period)

    @property
    def layouts(self) -> Path:
        """The folder with the answers of the office about the layouts of its exports."""
        return self.data_dir / "reference" / "layouts"

    @property
    def published(self) -> Path:
        """The folder that contains the output folders of all periods."""
        return self.data_dir / "out"

    @property
    def out(self) -> Path:
        """The period's output folder. It contains the period's lock, whatever the rulebook."""
        return self.published / str(self.period)

    @property
    def folder(self) -> Path:
        """The folder of this job's revisions: `out`, or a folder below it for an alternative rulebook."""
        rulebook = self.choice.rulebook
        if self.choice.alternative and rulebook is not None:
            return self.out / ALTERNATIVES / rulebook.id
        return self.out

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the lock of the period. A second run of the period waits and reports that it waits.

        A file system on which the lock keeps nobody out is reported. Raises JobFailed if the lock cannot be written,
        for a PublishError inside the block, and if the data folder does not exist: creating an empty one would look
        like a period without files.
        """
        if not self.data_dir.is_dir():
            raise JobFailed(f"Không có thư mục dữ liệu {self.data_dir}: kiểm tra ổ đĩa mạng.", transient=True)
        with publish_errors_as_failures(), period_lock(self.out, _report_waiting):
            if not lock_holds(self.out):
                report_line(f"Chú ý: {self.no_lock_text}")
            yield

    @property
    def no_lock_text(self) -> str:
        """Vietnamese: the file system has no working locks, what that means and what to do."""
        return (
            f"ổ đĩa của {self.published} không giữ được khoá (flock), nên hai lần chạy cùng kỳ không đợi nhau. Mỗi lần "
            "chỉ chạy kỳ này ở một nơi; lâu dài thì chuyển thư mục dữ liệu sang ổ đĩa của máy chủ. Hai lần chạy trùng "
            "lúc thì một lần công bố, lần kia bị từ chối."
        )


def _office_and_rulebook(
    period: Period, data_dir: Path, requested: str | None, books: Mapping[str, Rulebook]
) -> tuple[Office | None, RulebookChoice, JobFailed | None]:
    """The office of the data folder, its rulebook, and why it has none yet. Raises ValueError for an unknown id."""
    if requested is not None and requested not in books:
        choose(period, requested, None, books)  # raises: wrong use comes before what the folder lacks
    try:
        office = stored_office(data_dir)
        return office, choose(period, requested, office, books), None
    except JobFailed as failed:
        return None, NO_CHOICE, failed
    except ProvinceUnknownError as error:
        return None, NO_CHOICE, JobFailed(_province_unknown_text(data_dir, error))
    except RulebookUndecidedError as error:
        step = f"Việc cần làm: sửa mục này trong {office_file_path(data_dir)}, hoặc xoá nó, rồi chạy lại."
        return None, NO_CHOICE, JobFailed(f"{error} {step}")


def _province_unknown_text(data_dir: Path, error: ProvinceUnknownError) -> str:
    return (
        f"Thư mục dữ liệu {data_dir} chưa có tệp của văn phòng (reference/office.toml): {error}. Việc cần làm: chạy "
        f"“{init_command(data_dir)}” để lập tệp đó (các tệp đang có được giữ nguyên), rồi chạy lại."
    )


def _report_waiting() -> None:
    report_line("Kỳ này đang được chạy ở nơi khác; đợi đến lượt …")
