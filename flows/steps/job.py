"""`Job`: what one run is asked to do, where its files are, and the lock of its period."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flows.steps.failures import JobFailed, publish_errors_as_failures
from flows.steps.progress import report_line
from pipeline.periods import Period
from pipeline.publish import revisions
from pipeline.publish.atomic_files import period_lock
from pipeline.rulebooks import RulebookChoice, choose, installed


@dataclass(frozen=True)
class Job:
    """One run of a period. `data_dir` contains raw/, reference/ and out/.

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
    ) -> Job:
        """A job from typed values. `rulebook`: an id; None or "" for the rulebook in force.

        Raises ValueError (Vietnamese) for an impossible period or rulebook: wrong use. Raises JobFailed if an installed
        rulebook is damaged.
        """
        parsed = Period.parse(period)
        try:
            installed()
        except ValueError as error:
            raise JobFailed(str(error)) from None
        choice = choose(parsed, rulebook or None)
        one_line_reason, one_line_name = (" ".join(text.split()) for text in (reason, requested_by))
        return cls(parsed, data_dir, choice, one_line_reason, strict, one_line_name, automatic)

    @property
    def raw(self) -> Path:
        """The folder in which the period's files arrive."""
        return self.data_dir / "raw" / str(self.period)

    @property
    def registry(self) -> Path:
        """The file with the registry of units."""
        return self.data_dir / "reference" / "units.csv"

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
            return self.out / revisions.ALTERNATIVES / rulebook.id
        return self.out

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the lock of the period. A second run of the period waits and reports that it waits.

        Raises JobFailed if the lock cannot be written, for a PublishError inside the block, and if the data folder does
        not exist: creating an empty one would look like a period without files.
        """
        if not self.data_dir.is_dir():
            raise JobFailed(f"Không có thư mục dữ liệu {self.data_dir}: kiểm tra ổ đĩa mạng.", transient=True)
        with publish_errors_as_failures(), period_lock(self.out, _report_waiting):
            yield


def _report_waiting() -> None:
    report_line("Kỳ này đang được chạy ở nơi khác; đợi đến lượt …")
