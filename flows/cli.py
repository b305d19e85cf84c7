"""`tthc`: the command line. Each command parses its arguments, calls `flows.commands` or a flow, and prints.

Modules are imported inside the commands, so that `tthc --help` loads neither pandas nor Prefect. Only `score` without
`--direct`, `status` and `service` use Prefect.

Exit status: 0 completed or unchanged, 1 failed, 2 wrong use, 3 something is set aside, 130 ended by Ctrl-C.
"""

from __future__ import annotations

import sys

#: the exit status of a command that Ctrl-C ended, as shells number it, and what is printed
_INTERRUPTED = 130
_STOPPED = "Đã dừng theo yêu cầu; bản đã công bố trước đó vẫn nguyên."

try:
    import contextvars
    import gc
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from typing import TYPE_CHECKING, Annotated, Any, NoReturn

    import typer

    from flows.steps.terminal import echo
except KeyboardInterrupt:  # typer takes a tenth of a second
    from flows.steps.terminal import echo

    echo(_STOPPED, err=True)
    sys.exit(_INTERRUPTED)

if TYPE_CHECKING:
    from flows.steps.job import Job
    from flows.steps.run_values import RunResult

OK, FAILED, WRONG_USE, SET_ASIDE = 0, 1, 2, 3

#: a command imports modules and makes frames that live until its end: garbage is looked for less often than by default
_GC_THRESHOLD = (50_000, 20, 20)

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Chấm điểm việc giải quyết thủ tục hành chính theo quý.",
)

PeriodText = Annotated[str, typer.Argument(metavar="KỲ", help="Năm và quý, như 2022-Q1.")]
AnyPeriodText = Annotated[str, typer.Argument(metavar="KỲ", help="Quý như 2022-Q1; nửa năm như 2022-H1; năm như 2022.")]
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


@app.callback()
def office_option(
    office: Annotated[
        str, typer.Option("--office", metavar="TÊN", help="Văn phòng đã đặt tên (tthc offices); thay cho --data.")
    ] = "",
) -> None:
    """Chấm điểm việc giải quyết thủ tục hành chính theo quý."""
    if office:
        from flows.commands.arguments import ASKED_OFFICE

        ASKED_OFFICE.set(office)


@app.command("init")
def init_command(
    data: DataDir = None,
    name: Annotated[str, typer.Option("--name", metavar="TÊN", help="Tên văn phòng, như UBND thành phố A.")] = "",
    province: Annotated[str, typer.Option("--province", metavar="TỈNH", help="Tỉnh, thành phố.")] = "",
    rulebook: Annotated[
        str, typer.Option("--rulebook", metavar="MÃ", help="Quy định chấm điểm; bỏ trống: quy định đang có hiệu lực.")
    ] = "",
    levels: Annotated[str, typer.Option("--levels", metavar="CẤP", help="Như “huyen=Cấp thành phố, xa=Cấp xã”.")] = "",
    export: Annotated[
        list[Path] | None,
        typer.Option("--export", metavar="TỆP", help="Tệp của cổng để lấy tên đơn vị; ghi lại cho nhiều tệp."),
    ] = None,
    office: Annotated[
        str, typer.Option("--office", metavar="TÊN", help="Đặt tên cho thư mục này trên máy, như van-son.")
    ] = "",
) -> None:
    """Lập thư mục dữ liệu cho một đơn vị mới: tệp của văn phòng, danh mục đơn vị; không ghi đè gì."""
    from flows.commands.arguments import ASKED_OFFICE, asked_data_dir
    from flows.commands.init import InitOptions, init_lines
    from flows.commands.usage_errors import UsageError

    asked = ASKED_OFFICE.get()
    if asked and office and asked != office:
        raise UsageError(f"--office ghi hai tên khác nhau: {asked}, {office}.")
    if office and data is None:
        raise UsageError(f"Đặt tên {office} cho thư mục nào: ghi thêm --data THƯ_MỤC.")
    folder = data if office and data is not None else asked_data_dir(data)
    options = InitOptions(name.strip(), province.strip(), rulebook.strip(), levels, tuple(export or ()), office)
    _print(init_lines(folder, options, _ask if sys.stdin.isatty() else None))


def _ask(question: str, proposed: str) -> str:
    """A person's answer in the terminal; Enter takes the proposed one."""
    return str(typer.prompt(question, default=proposed, show_default=bool(proposed)))


@app.command("offices")
def offices_command() -> None:
    """Các văn phòng đã đặt tên trên máy này, và thư mục dữ liệu của từng văn phòng."""
    from flows.commands.office_list import office_lines

    _print(office_lines())


@app.command("score")
def score_command(
    period: AnyPeriodText,
    data: DataDir = None,
    rulebook: RulebookOption = None,
    reason: Annotated[str, typer.Option("--reason", metavar="LÝ_DO", help="Vì sao công bố lại kỳ này.")] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Không công bố gì nếu có bất kỳ lỗi nào.")] = False,
    direct: Annotated[bool, typer.Option("--direct", help="Chạy thẳng, không qua Prefect.")] = False,
    by: ByOption = None,
) -> None:
    """Đọc, kiểm tra, chấm điểm và công bố một kỳ; nửa năm, năm: tổng hợp từ các quý đã công bố."""
    from flows.commands.arguments import job_of, login_name
    from flows.commands.summary import summary_text

    job = job_of(period, data, rulebook, reason, strict, login_name() if by is None else by, summed=True)
    result = _score_direct(job) if direct else _score_with_prefect(job)
    echo(summary_text(result))
    raise typer.Exit(SET_ASIDE if result.manifest.set_aside else OK)


@app.command("check")
def check_command(
    period: PeriodText,
    data: DataDir = None,
    rulebook: RulebookOption = None,
    everything: Annotated[
        bool, typer.Option("--all", help="In thêm mọi phát hiện, cách hiểu từng cột, điểm từng đơn vị.")
    ] = False,
) -> None:
    """Chỉ đọc và kiểm tra, in việc cần làm và điểm tạm tính, ghi sổ rà soát; không công bố gì."""
    from flows.commands.arguments import job_of
    from flows.commands.check import check_job, check_lines
    from flows.steps.failures import JobFailed
    from flows.steps.progress import lines_to
    from flows.steps.scoring_steps import no_counts_text

    job = job_of(period, data, rulebook)
    result = check_job(job)
    with lines_to(echo):
        _print(check_lines(job, result, everything=everything))
    if not result.has_counts:
        raise JobFailed(no_counts_text(job, listed=True))
    raise typer.Exit(SET_ASIDE if result.sets_aside else OK)


@app.command("forms")
def forms_command(period: PeriodText, data: DataDir = None) -> None:
    """Tạo các biểu có sẵn tên đơn vị và phiếu của từng đơn vị; không ghi đè ô đã nhập."""
    from flows.commands.arguments import job_of
    from flows.commands.forms import write_forms

    _print(write_forms(job_of(period, data)))


@app.command("layouts")
def layouts_command(period: PeriodText, data: DataDir = None) -> None:
    """Ghi cach-doc.xlsx: mọi mẫu tệp của kỳ được đọc thế nào, để xem hoặc đổi câu trả lời; giữ những gì đã nhập."""
    from flows.commands.arguments import job_of
    from flows.commands.layouts import layout_lines
    from flows.steps.progress import lines_to

    job = job_of(period, data)
    with lines_to(echo):
        _print(layout_lines(job))


@app.command("diff")
def diff_command(
    period: AnyPeriodText,
    before: Annotated[str, typer.Argument(metavar="BẢN_TRƯỚC", help="Như r1; hoặc kỳ kia, như 2022-Q2.")],
    after: Annotated[str | None, typer.Argument(metavar="[BẢN_SAU]", help="Như r2; so hai kỳ thì bỏ trống.")] = None,
    data: DataDir = None,
    rulebook: RulebookOption = None,
) -> None:
    """So sánh hai bản đã công bố của một kỳ, hoặc hai kỳ (--rulebook: hai bản phương án theo quy định đó)."""
    from flows.commands.arguments import job_of
    from flows.commands.diff import compare_periods, compare_revisions, is_period
    from flows.commands.usage_errors import UsageError
    from pipeline.load.content.changes import changes_markdown

    job = job_of(period, data, rulebook, summed=True)
    if after is None and not is_period(before):
        raise UsageError(
            f"So “{before}” với gì: ghi hai bản (như {job.period} r1 r2) hoặc hai kỳ (như 2022-Q1 2022-Q2)."
        )
    found = compare_periods(job, before) if after is None else compare_revisions(job, before, after)
    echo(changes_markdown(found), nl=False)


@app.command("merge")
def merge_command(
    period: AnyPeriodText,
    to: Annotated[Path, typer.Option("--to", metavar="THƯ_MỤC", help="Nơi ghi bảng tổng hợp của tỉnh.")],
    sources: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            metavar="ĐỊA_PHƯƠNG",
            help="Thư mục dữ liệu (hoặc out) hay tên văn phòng; ghi lại cho từng địa phương. Bỏ trống: mọi văn phòng.",
        ),
    ] = None,
    distinct: Annotated[
        list[str] | None,
        typer.Option(
            "--distinct", metavar="ĐƠN_VỊ", help="Cùng tên, cùng số hồ sơ nhưng là các đơn vị khác nhau; ghi lại được."
        ),
    ] = None,
) -> None:
    """Gộp bản đã công bố của nhiều địa phương thành bảng xếp hạng của tỉnh: sổ Excel, CSV, JSON."""
    from flows.commands.arguments import ASKED_OFFICE, parsed_period
    from flows.commands.merge import is_incomplete, merge_lines, merge_offices, refuse_used, write_merged
    from flows.commands.merge_sources import merge_sources
    from flows.commands.usage_errors import UsageError

    if ASKED_OFFICE.get():
        raise UsageError(f"Gộp nhiều địa phương thì không ghi --office trước lệnh: ghi --from {ASKED_OFFICE.get()}.")
    offices = merge_sources(sources or [])
    refuse_used(to, offices)
    merged = merge_offices(parsed_period(period), offices, distinct or [])
    _print(merge_lines(merged, write_merged(merged, to)))
    raise typer.Exit(SET_ASIDE if is_incomplete(merged) else OK)


@app.command("history")
def history_command(
    period: Annotated[str | None, typer.Argument(metavar="[KỲ]", help="Bỏ trống: mọi kỳ.")] = None,
    data: DataDir = None,
) -> None:
    """Các bản đã công bố: khi nào, ai yêu cầu, vì sao; bản nào hiện hành, bản nào đã ký."""
    from flows.commands.arguments import existing_data_dir, parsed_period
    from flows.commands.history import history_lines

    folder = existing_data_dir(data)
    _print(history_lines(folder / "out", None if period is None else parsed_period(period)))


@app.command("verify")
def verify_command(
    data: DataDir = None,
    head: Annotated[
        str, typer.Option("--head", metavar="MÃ", help="Mã kiểm đã ghi từ trước: còn trong sổ công bố không.")
    ] = "",
    accepted: Annotated[
        list[str] | None,
        typer.Option("--accept", metavar="CHỖ", help="Chấp nhận chỗ này, như 2022-Q1/r2; ghi lại cho nhiều chỗ."),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="LÝ_DO", help="Vì sao chấp nhận.")] = "",
    by: ByOption = None,
) -> None:
    """Mọi bản của mọi kỳ còn như đã công bố không; kết thúc với trạng thái 1 nếu không."""
    from flows.commands.arguments import existing_data_dir, login_name
    from flows.commands.usage_errors import UsageError
    from flows.commands.verify import accept_problems, checked_head, head_is_missing, verification_lines
    from pipeline.publish.verification import verify

    folder, digits = existing_data_dir(data), checked_head(head)
    if reason and not accepted:
        raise UsageError("--reason chỉ dùng cùng --accept.")
    if accepted:
        accept_problems(folder, accepted, reason, login_name() if by is None else by)
    result = verify(folder / "out")
    _print(verification_lines(folder, result, digits))
    raise typer.Exit(FAILED if result.alarms or head_is_missing(result.ledger, digits) else OK)


@app.command("sign")
def sign_command(
    period: AnyPeriodText,
    revision: Annotated[str, typer.Argument(metavar="BẢN", help="Bản đã ký, như r1.")],
    number: Annotated[str, typer.Option("--number", metavar="SỐ", help="Số văn bản, như 85/BC-UBND.")],
    date: Annotated[str, typer.Option("--date", metavar="NGÀY", help="Ngày ký, như 2022-03-18.")],
    replace: Annotated[bool, typer.Option("--replace", help="Thay bản đã ghi là đã ký trước đó.")] = False,
    despite: Annotated[
        str | None,
        typer.Option("--despite", metavar="LÝ_DO", help="Vì sao vẫn ký khi chưa đủ điều kiện; lý do được ghi lại."),
    ] = None,
    by: ByOption = None,
    data: DataDir = None,
) -> None:
    """Ghi một bản là đã ký ban hành (số, ngày): kỳ sau so với bản này, bản mới ghi là thay thế báo cáo này."""
    from flows.commands.arguments import job_of, login_name
    from flows.commands.sign import sign_lines, sign_revision

    job = job_of(period, data, summed=True)
    signing = sign_revision(job, revision, number, date, login_name() if by is None else by, replace, despite)
    _print(sign_lines(job.out, signing))


@app.command("status")
def status_command(data: DataDir = None) -> None:
    """Các lần chạy gần đây và lần chạy theo lịch kế tiếp."""
    from flows.commands.arguments import existing_data_dir
    from flows.server import runtime

    folder = existing_data_dir(data)
    if "prefect" not in sys.modules:
        runtime.prepare(quiet=True)
    from flows.commands.status import status_lines

    _print(status_lines(folder))


@app.command("service")
def service_command() -> None:
    """Đăng ký với máy chủ Prefect: lịch chạy, các mục chạy trên trang, thông báo. Chạy lại được nhiều lần."""
    from flows.server import embedded_server, runtime
    from flows.steps.failures import JobFailed

    runtime.prepare(quiet=True)
    if not runtime.server_address():
        raise JobFailed("Chưa biết máy chủ Prefect nào: đặt PREFECT_API_URL, như http://127.0.0.1:4200/api.")
    embedded_server.start_server()
    from flows.server.registration import register_service

    _print(register_service())


rulebooks_app = typer.Typer(help="Các quy định, và quy định nào áp dụng khi nào; kiểm tra, chấm thử một tệp quy định.")
app.add_typer(rulebooks_app, name="rulebooks")
RulebookFile = Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp quy định (.toml).")]


@rulebooks_app.callback(invoke_without_command=True)
def rulebooks_command(context: typer.Context, data: DataDir = None) -> None:
    """Các quy định đã cài và của văn phòng, và quy định nào áp dụng khi nào."""
    if context.invoked_subcommand is None:
        from flows.commands.arguments import asked_data_dir
        from flows.commands.rulebook_list import rulebook_lines
        from flows.steps.stored_rulebooks import stored_rulebooks

        _print(rulebook_lines(stored_rulebooks(asked_data_dir(data))))


@rulebooks_app.command("check")
def rulebook_check_command(file: RulebookFile) -> None:
    """Kiểm tra một tệp quy định: sai ở dòng nào, sửa thế nào."""
    from flows.commands.rulebook_check import check_file, check_lines

    book, faults = check_file(file)
    _print(check_lines(file, book, faults))
    if book is None:
        raise typer.Exit(FAILED)


@rulebooks_app.command("try")
def rulebook_try_command(
    file: RulebookFile,
    period: PeriodText,
    data: DataDir = None,
    unit: Annotated[str, typer.Option("--unit", metavar="ĐƠN_VỊ", help="Đơn vị được in từng bước.")] = "",
) -> None:
    """Chấm thử một kỳ theo một tệp quy định, in từng tiêu chí của một đơn vị; không công bố gì."""
    from flows.commands.arguments import existing_data_dir
    from flows.commands.rulebook_try import try_lines, try_rulebook

    _print(try_lines(try_rulebook(file, period, existing_data_dir(data)), unit))


def _print(lines: Iterable[str]) -> None:
    """Print each line as soon as it is there."""
    for line in lines:
        echo(line)


def _score_direct(job: Job) -> RunResult:
    from flows.steps.progress import lines_to
    from flows.steps.scoring_steps import run

    with lines_to(echo):
        return run(job)


def _score_with_prefect(job: Job) -> RunResult:
    """Run the flow `score_period` on the embedded server or the one of PREFECT_API_URL. Raises JobFailed."""
    from flows.server import embedded_server, runtime
    from flows.steps.progress import lines_to

    runtime.prepare(quiet=True)
    echo(runtime.startup_text())
    embedded_server.start_server()
    from flows.score_period import run_flow  # imports Prefect, so only after `prepare`

    with lines_to(echo):
        return run_flow(job)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Entry point. Exits with the status of the command and never prints a traceback.

    `arguments`: for tests; None for those of the process. The traceback of an unexpected exception is appended to a log
    file, whose path is printed.
    """
    typed = sys.argv[1:] if arguments is None else arguments
    gc.set_threshold(*_GC_THRESHOLD)
    unreadable = next((n for n, text in enumerate(typed, 1) if not _is_text(text)), None)
    if unreadable is not None:
        echo(
            f"Sai cách dùng: tham số thứ {unreadable} (“{typed[unreadable - 1]}”) có ký tự không phải UTF-8. Gõ lại "
            "tham số này; nếu là tên tệp hay thư mục thì đổi tên rồi chạy lại.",
            err=True,
        )
        sys.exit(WRONG_USE)
    context = contextvars.copy_context()  # what one command line says does not reach the next in this process
    sys.exit(context.run(_exit_status, lambda: app(args=typed or ["--help"], prog_name="tthc", standalone_mode=False)))


def _is_text(argument: str) -> bool:
    """Whether an argument was typed in UTF-8: the bytes of other encodings arrive as lone surrogates."""
    try:
        argument.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _exit_status(command: Callable[[], Any]) -> int:
    """Run the command; its exit status. Prints a Vietnamese line to stderr for every exception."""
    try:
        return _status_of(command)
    except (KeyboardInterrupt, typer.Abort):
        echo(_STOPPED, err=True)
        return _INTERRUPTED


def _status_of(command: Callable[[], Any]) -> int:
    """As `_exit_status`; passes Ctrl-C on."""
    from flows.commands.usage_errors import UsageError, usage_error_text
    from flows.steps.failures import JobFailed, disk_errors_as_failures

    try:
        with disk_errors_as_failures():
            result = command()
    except typer.Exit as exit_:
        return exit_.exit_code
    except UsageError as error:
        echo(f"Sai cách dùng: {error}", err=True)
        return WRONG_USE
    except JobFailed as error:
        echo(f"Không thực hiện được: {error}", err=True)
        return FAILED
    except typer.Abort:
        raise
    except Exception as error:
        usage = usage_error_text(error)
        if usage is not None:
            echo(f"Sai cách dùng: {usage}", err=True)
            return WRONG_USE
        from flows.commands.crash_log import log_crash

        echo(f"Chương trình gặp lỗi ngoài dự kiến ({type(error).__name__}). {log_crash(error)}", err=True)
        return FAILED
    if result == _INTERRUPTED:
        echo(_STOPPED, err=True)
    return result if isinstance(result, int) else OK
