"""`tthc`: the command line. Only `score` without `--direct`, `status` and `service` touch Prefect; everything is
imported when it is needed.

Exit status: 0 completed or unchanged, 1 failed, 2 wrong use, 3 something is set aside.
"""

from __future__ import annotations

import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from flows.commands.usage_errors import explain

if TYPE_CHECKING:
    from flows.steps.job import Job, Outcome

OK, FAILED, WRONG_USE, SET_ASIDE = 0, 1, 2, 3

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Chấm điểm việc giải quyết thủ tục hành chính theo quý.",
)

PeriodText = Annotated[str, typer.Argument(metavar="KỲ", help="Năm và quý, như 2022-Q1.")]
DataDir = Annotated[
    Path | None,
    typer.Option("--data", metavar="THƯ_MỤC", help="Thư mục có raw/, reference/, out/ (mặc định: data)."),
]
RulebookOption = Annotated[
    str | None,
    typer.Option("--rulebook", metavar="MÃ", help="Theo quy định này thay cho quy định đang áp dụng (phương án)."),
]

ByOption = Annotated[
    str | None,
    typer.Option("--by", metavar="AI", help="Người yêu cầu (mặc định: tên đăng nhập của máy)."),
]


@app.command()
def score(
    period: PeriodText,
    data: DataDir = None,
    rulebook: RulebookOption = None,
    reason: Annotated[str, typer.Option("--reason", metavar="LÝ_DO", help="Vì sao công bố lại kỳ này.")] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Không công bố gì nếu có bất kỳ lỗi nào.")] = False,
    direct: Annotated[bool, typer.Option("--direct", help="Chạy thẳng, không qua Prefect.")] = False,
    by: ByOption = None,
) -> None:
    """Đọc, kiểm tra, chấm điểm và công bố một kỳ."""
    from flows.commands.summary import summary

    job = _job(period, data, rulebook, reason, strict, _login() if by is None else by)
    outcome = _direct(job) if direct else _flow(job)
    typer.echo(summary(outcome))
    raise typer.Exit(SET_ASIDE if outcome.manifest.set_aside else OK)


@app.command()
def check(period: PeriodText, data: DataDir = None, rulebook: RulebookOption = None) -> None:
    """Chỉ đọc và kiểm tra, in phát hiện và điểm tạm tính, ghi sổ rà soát; không công bố gì."""
    from flows.commands.review import forget_review, write_review
    from flows.commands.submissions import returns_lines
    from flows.commands.summary import check_text
    from flows.steps import job as steps
    from flows.steps.failures import NothingArrived
    from flows.steps.progress import listening
    from pipeline import quarter

    job = _job(period, data, rulebook)
    try:
        inputs = steps.read_inputs(job)
    except NothingArrived:
        forget_review(job)
        raise
    checked = steps.check_inputs(job, inputs)
    scored = quarter.score(checked, job.choice)
    typer.echo(check_text(checked, scored if len(checked.counts) else None))
    for line in returns_lines(job, inputs, checked):
        typer.echo(line)
    typer.echo("")
    with listening(typer.echo):
        review = write_review(job, inputs, scored)
    for line in review.lines:
        typer.echo(line)
    if not len(checked.counts):
        _fail(steps.no_counts(job, listed=True))
    aside = (scored.findings["sets_aside"] != "none").any()
    raise typer.Exit(SET_ASIDE if aside else OK)


@app.command()
def forms(period: PeriodText, data: DataDir = None) -> None:
    """Tạo các biểu có sẵn tên đơn vị và phiếu của từng đơn vị; không ghi đè ô đã nhập."""
    from flows.commands.forms import write_forms

    job = _job(period, data, None)
    for line in write_forms(job):
        typer.echo(line)


@app.command()
def diff(
    period: PeriodText,
    before: Annotated[str, typer.Argument(metavar="BẢN_TRƯỚC", help="Như r1.")],
    after: Annotated[str, typer.Argument(metavar="BẢN_SAU", help="Như r2.")],
    data: DataDir = None,
    rulebook: RulebookOption = None,
) -> None:
    """So sánh hai bản đã công bố của một kỳ (--rulebook: hai bản phương án theo quy định đó)."""
    from pipeline.load.content.changes import changes_markdown
    from pipeline.publish import revisions
    from pipeline.publish.revision_diff import IncomparableError, changes, read_revision

    job = _job(period, data, rulebook)
    sides = []
    for name in (before, after):
        if name not in revisions.revision_ids(job.folder):
            there = ", ".join(revisions.revision_ids(job.folder)) or "chưa có bản nào"
            _wrong_use(f"Không có bản “{name}” trong {job.folder} (có: {there}).")
        try:
            folder = job.folder / name
            sides.append(read_revision(folder, revisions.read_manifest(folder)))
        except (ValueError, IncomparableError) as error:
            _fail(f"Không đọc được bản {name}: {error}.")
    typer.echo(changes_markdown(changes(*sides)), nl=False)


@app.command()
def history(
    period: Annotated[str | None, typer.Argument(metavar="[KỲ]", help="Bỏ trống: mọi kỳ.")] = None,
    data: DataDir = None,
) -> None:
    """Các bản đã công bố: khi nào, ai yêu cầu, vì sao; bản nào hiện hành, bản nào đã ký."""
    from flows.commands.history import history_lines
    from pipeline.periods import Period

    folder = _data_dir(data)
    try:
        only = None if period is None else Period.parse(period)
    except ValueError as error:
        _wrong_use(str(error))
    for line in history_lines(folder / "out", only):
        typer.echo(line)


@app.command()
def sign(
    period: PeriodText,
    revision: Annotated[str, typer.Argument(metavar="BẢN", help="Bản đã ký, như r1.")],
    number: Annotated[str, typer.Option("--number", metavar="SỐ", help="Số văn bản, như 85/BC-UBND.")],
    date: Annotated[str, typer.Option("--date", metavar="NGÀY", help="Ngày ký, như 2022-03-18.")],
    replace: Annotated[bool, typer.Option("--replace", help="Thay bản đã ghi là đã ký trước đó.")] = False,
    by: ByOption = None,
    data: DataDir = None,
) -> None:
    """Ghi một bản là đã ký ban hành (số, ngày): kỳ sau so với bản này, bản mới ghi là thay thế báo cáo này."""
    from flows.commands.history import sign_lines
    from flows.commands.sign import record

    job = _job(period, data, None)
    try:
        signing = record(job, revision, number, date, _login() if by is None else by, replace)
    except ValueError as error:
        _wrong_use(str(error))
    for line in sign_lines(job.out, signing):
        typer.echo(line)


@app.command()
def status(data: DataDir = None) -> None:
    """Các lần chạy gần đây và lần chạy theo lịch kế tiếp."""
    from flows.server import runtime

    folder = _data_dir(data)
    if "prefect" not in sys.modules:
        runtime.prepare(quiet=True)
    from flows.commands.status import status_lines

    for line in status_lines(folder):
        typer.echo(line)


@app.command()
def service() -> None:
    """Đăng ký với máy chủ Prefect: lịch chạy, các mục chạy lại và rà soát, thông báo. Chạy lại được nhiều lần."""
    from flows.server import runtime
    from flows.steps.failures import JobFailed

    runtime.prepare(quiet=True)
    if not runtime.server_address():
        raise JobFailed("Chưa biết máy chủ Prefect nào: đặt PREFECT_API_URL, như http://127.0.0.1:4200/api.")
    _start_server()
    from flows.server.service import register

    for line in register():
        typer.echo(line)


@app.command()
def rulebooks() -> None:
    """Các quy định đã cài, và quy định nào áp dụng khi nào."""
    from flows.commands.rulebook_list import rulebook_lines

    for line in rulebook_lines():
        typer.echo(line)


def _login() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name, in some containers
        return ""


def _data_dir(data: Path | None) -> Path:
    from flows.server.runtime import default_data_dir

    folder = data or default_data_dir()
    if not folder.is_dir():
        _wrong_use(f"Không có thư mục dữ liệu {folder}: chạy trong thư mục dự án, hoặc chỉ ra bằng --data.")
    return folder


def _job(
    period: str, data: Path | None, rulebook: str | None, reason: str = "", strict: bool = False, by: str = ""
) -> Job:
    from flows.steps.job import Job

    folder = _data_dir(data)
    try:
        return Job.of(period, folder, rulebook, reason, strict, by)
    except ValueError as error:
        _wrong_use(str(error))


def _direct(job: Job) -> Outcome:
    from flows.steps.job import run
    from flows.steps.progress import listening

    with listening(typer.echo):
        return run(job)


def _flow(job: Job) -> Outcome:
    from flows.server import runtime
    from flows.steps.progress import listening

    runtime.prepare(quiet=True)
    typer.echo(runtime.announcement())
    _start_server()
    from prefect import tags

    from flows.score_period import score_period

    with listening(typer.echo), tags("tthc", "chạy tay"):
        state = score_period(
            period=str(job.period),
            data_dir=job.data_dir.resolve(),
            rulebook=job.choice.rulebook.id if job.choice.rulebook else None,
            reason=job.reason,
            strict=job.strict,
            requested_by=job.requested_by,
            return_state=True,
        )
    ended: Any = state.result(raise_on_failure=False)
    if isinstance(ended, BaseException):  # a JobFailed says what to do; nobody's plan: `main` writes it down
        raise ended
    outcome: Outcome = ended.value
    return outcome


def _start_server() -> None:
    """Raises JobFailed where the server of PREFECT_API_URL cannot be reached: that is no fault of the program."""
    import os

    import httpx

    from flows.server import runtime
    from flows.steps.failures import JobFailed

    try:
        runtime.start_server()
    except httpx.HTTPError as error:
        server = os.environ.get("PREFECT_API_URL")
        if not server:
            raise
        raise JobFailed(
            f"Không kết nối được máy chủ Prefect {server} ({type(error).__name__}). Kiểm tra máy chủ, "
            "hoặc bỏ PREFECT_API_URL để dùng máy chủ nhúng, hoặc thêm --direct để chạy thẳng."
        ) from None


def _wrong_use(message: str) -> NoReturn:
    typer.echo(f"Sai cách dùng: {message}", err=True)
    raise typer.Exit(WRONG_USE)


def _fail(message: str) -> NoReturn:
    typer.echo(f"Không thực hiện được: {message}", err=True)
    raise typer.Exit(FAILED)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Entry point. Never shows a traceback: what nobody foresaw goes to a log file that is named."""
    typed = sys.argv[1:] if arguments is None else arguments
    sys.exit(_status(lambda: app(args=typed or ["--help"], prog_name="tthc", standalone_mode=False)))


def _status(command: Callable[[], Any]) -> int:
    from flows.steps.failures import JobFailed, on_a_share

    try:
        with on_a_share():
            status = command()
    except typer.Exit as leave:
        return leave.exit_code
    except JobFailed as error:
        typer.echo(f"Không thực hiện được: {error}", err=True)
        return FAILED
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("Đã dừng theo yêu cầu; bản đã công bố trước đó vẫn nguyên.", err=True)
        return FAILED
    except Exception as error:
        usage = explain(error)
        if usage is not None:
            typer.echo(f"Sai cách dùng: {usage}", err=True)
            return WRONG_USE
        typer.echo(f"Chương trình gặp lỗi ngoài dự kiến ({type(error).__name__}). {_log(error)}", err=True)
        return FAILED
    return status if isinstance(status, int) else OK


def _log(error: BaseException) -> str:
    """Write the traceback down; says where, and what to do."""
    from flows.server.runtime import default_data_dir

    text = "".join(traceback.format_exception(error))
    for folder in (default_data_dir() / "out", Path(tempfile.gettempdir())):
        path = folder / "loi-chuong-trinh.log"
        try:
            with path.open("a", encoding="utf-8") as file:
                file.write(text + "\n")
        except OSError:
            continue
        return f"Các bản đã công bố vẫn nguyên. Gửi tệp {path} cho người phụ trách chương trình."
    return "Các bản đã công bố vẫn nguyên. Báo cho người phụ trách chương trình."
