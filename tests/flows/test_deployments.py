"""The deployments that score and review: what the schedule does on which day, what the form refuses, what a review leaves."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from asked_layouts import ask

from flows.commands.sign import sign_revision
from flows.steps import run_states
from flows.steps.job import Job
from flows.steps.schedule import ZONE

pytestmark = pytest.mark.usefixtures("prefect_server")

FIRST, LAST = "2022-03-15 07:00", "2022-03-22 07:00"


@pytest.fixture
def scheduled(office: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """A run scheduled for a moment of 2022, whenever this test runs; its final state."""
    from flows import score_scheduled

    monkeypatch.setenv("TTHC_DATA_DIR", str(office))

    def call(moment: str) -> Any:
        at = dt.datetime.fromisoformat(moment).replace(tzinfo=ZONE)
        monkeypatch.setattr(score_scheduled.flow_run, "scheduled_start_time", at.astimezone(dt.UTC), raising=False)
        return score_scheduled.score_scheduled(return_state=True)

    return call


def run_of(state: Any) -> Any:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        return client.read_flow_run(state.state_details.flow_run_id)


def artifact(key: str) -> Any:
    from prefect.artifacts import Artifact

    return Artifact.get(key)


def revisions(office: Path) -> list[str]:
    return sorted(p.parent.name for p in office.glob("out/*/*/manifest.json"))


# --- cham-diem-quy ---------------------------------------------------------------------------------------


def test_complete_quarter_is_published_on_the_first_day(scheduled: Callable[[str], Any], office: Path) -> None:
    state = scheduled(FIRST)
    assert (state.type.value, state.name) == ("COMPLETED", run_states.DONE)
    assert state.result().value.path == office / "out" / "2022-Q1" / "r1"
    assert state.result().value.manifest.reason == "Chạy thêm ngoài lịch"  # nobody scheduled this one
    run = run_of(state)
    assert run.name == "2022-Q1 · r1"
    assert {"tthc", "2022-Q1", "chấm điểm quý"} <= set(run.tags)
    assert scheduled("2022-03-16 07:00").name == run_states.UNCHANGED
    assert revisions(office) == ["r1"]


def test_quarter_without_a_unit_to_score_fails_until_it_is_mended(
    scheduled: Callable[[str], Any], office: Path, put: Callable[..., None], rows: tuple
) -> None:
    """Every unit has sent its data, and none can be used: there is nothing to wait for, and nothing to publish."""
    put(tuple((*row[:4], row[4] + 1, *row[5:]) for row in rows))
    for moment in (FIRST, LAST):
        state = scheduled(moment)
        assert (state.type.value, state.name) == ("FAILED", run_states.FAILED)
        assert "Không đơn vị nào của quý I năm 2022 có số liệu để chấm" in state.message
        assert "ra-soat-2022-q1" in state.message
    assert revisions(office) == []
    put(rows)
    assert scheduled(LAST).name == run_states.DONE


def test_unit_that_has_not_sent_is_waited_for_until_the_last_day(
    scheduled: Callable[[str], Any], office: Path, put: Callable[..., None], rows: tuple
) -> None:
    put(rows[:3])
    state = scheduled(FIRST)
    assert (state.type.value, state.name) == ("COMPLETED", run_states.WAITING)
    assert "Còn 1 trên 4 đơn vị" in state.message and "Chưa gửi: Xã D" in state.message
    assert run_of(state).name == "2022-Q1 · chấm điểm quý · chờ dữ liệu · 1 đơn vị chưa gửi"
    assert "- Xã D" in artifact("nhac-gui-2022-q1").data
    assert "22/3/2022" in artifact("nhac-gui-2022-q1").data
    assert revisions(office) == []
    assert scheduled("2022-03-21 07:00").name == run_states.WAITING
    state = scheduled(LAST)
    assert state.name == run_states.WITH_EXCLUSIONS
    assert [s.name for s in state.result().value.manifest.set_aside] == ["Xã D"]
    assert revisions(office) == ["r1"]


def test_units_that_were_sent_a_workbook_are_waited_for(scheduled: Callable[[str], Any], office: Path) -> None:
    sent = office / "raw" / "2022-Q1" / "phieu-gui-di"
    sent.mkdir()
    for unit in ("xa-c", "xa-d"):
        (sent / f"phieu_{unit}_{unit}.xlsx").write_bytes(b"")
    state = scheduled(FIRST)
    assert state.name == run_states.WAITING  # every unit's counts are there
    assert "Còn 2 trên 4 đơn vị" in state.message
    assert "\nChưa gửi: Xã C; Xã D.\n" in state.message
    assert "xoá thư mục phieu-gui-di" in artifact("nhac-gui-2022-q1").data
    (sent / "phieu_xa-c_xa-c.xlsx").unlink()
    assert "Còn 1 trên 4 đơn vị" in scheduled(FIRST).message
    (sent / "phieu_xa-d_xa-d.xlsx").unlink()
    assert scheduled(FIRST).name == run_states.DONE


def test_published_by_hand_and_nothing_new_is_unchanged_though_a_unit_is_missing(
    scheduled: Callable[[str], Any], office: Path, put: Callable[..., None], rows: tuple
) -> None:
    from flows.rescore import rescore

    put(rows[:3])
    asked = {"period": "2022-Q1", "reason": "Cần số sớm", "requested_by": "Văn phòng"}
    assert rescore(**asked, return_state=True).name == run_states.WITH_EXCLUSIONS
    assert scheduled(FIRST).name == run_states.UNCHANGED
    put(((*rows[0][:1], 41, *rows[0][2:4], 61, *rows[0][5:]), *rows[1:3]))
    assert scheduled("2022-03-16 07:00").name == run_states.WAITING  # something new, and still not everything
    assert revisions(office) == ["r1"]


def test_nothing_at_all_waits_and_fails_on_the_last_day(
    scheduled: Callable[[str], Any], office: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (office / "raw" / "2022-Q1" / "cong.xlsx").unlink()
    state = scheduled(FIRST)
    assert state.name == run_states.WAITING
    assert "Còn 4 trên 4 đơn vị" in state.message
    (office / "raw" / "2022-Q1").rmdir()
    assert scheduled(FIRST).name == run_states.WAITING
    state = scheduled(LAST)
    assert (state.type.value, state.name) == ("FAILED", run_states.FAILED)
    assert state.message.startswith("Chưa có tệp số liệu nào của quý I năm 2022")
    assert "Traceback" not in caplog.text


def test_registry_that_cannot_be_used_fails_on_any_day(scheduled: Callable[[str], Any], office: Path) -> None:
    (office / "reference" / "units.csv").write_text("nothing", "utf-8")
    assert scheduled(FIRST).name == run_states.FAILED
    (office / "raw" / "2022-Q1" / "cong.xlsx").unlink()
    state = scheduled(FIRST)
    assert state.name == run_states.FAILED and "Danh mục đơn vị" in state.message


def test_a_run_days_late_is_for_the_quarter_it_was_scheduled_for(scheduled: Callable[[str], Any]) -> None:
    # the clock of this machine is years later; what counts is the moment it was scheduled for
    assert run_of(scheduled("2022-03-22 07:00")).name.startswith("2022-Q1 · ")
    assert run_of(scheduled("2022-03-14 23:59")).name.startswith("2021-Q4 · ")


# --- cham-diem-lai ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [{"reason": ""}, {"reason": " \t"}, {"requested_by": "  "}, {"period": "2022-Q5"}, {"rulebook": "qd-0"}],
)
def test_the_form_refuses_what_is_not_filled_in(
    office: Path, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str]
) -> None:
    from flows.rescore import rescore

    monkeypatch.setenv("TTHC_DATA_DIR", str(office))
    asked = {"period": "2022-Q1", "reason": "Xã C gửi lại", "requested_by": "Văn phòng"} | wrong
    state = rescore(**asked, return_state=True)
    assert state.is_failed() and "Validation of flow parameters failed" in state.message
    assert not (office / "out").exists()


def test_again_names_what_it_replaces_and_shows_the_change(
    office: Path, monkeypatch: pytest.MonkeyPatch, put: Callable[..., None], rows: tuple
) -> None:
    from flows.rescore import rescore

    monkeypatch.setenv("TTHC_DATA_DIR", str(office))
    asked = {"period": "2022-Q1", "reason": "Xã C gửi lại", "requested_by": "Văn phòng"}
    rescore(**asked, return_state=True)
    name, online, direct, before, early, on_time, late, in_time, overdue = rows[2]
    put((*rows[:2], (name, online, direct, before, early - 100, on_time, late + 100, in_time, overdue), rows[3]))
    state = rescore(**asked, return_state=True)
    manifest = state.result().value.manifest
    assert (manifest.revision, manifest.reason, manifest.requested_by) == ("r2", "Xã C gửi lại", "Văn phòng")
    assert run_of(state).name == "2022-Q1 · r2 · thay thế r1"
    board = artifact("bang-diem-2022-q1").data.splitlines()
    classes = "Phân loại | Theo quy định"
    assert f"| Hạng | Đơn vị | Tổng điểm | Thay đổi | ĐTB CCVC | {classes} |" in board
    changed = next(line for line in board if "| Xã C |" in line)
    assert changed.split("|")[4].strip().startswith("−")
    assert next(line for line in board if "| Xã D |" in line).split("|")[4].strip() == "="
    assert artifact("thay-doi-2022-q1").data.startswith("# Thay đổi: quý I năm 2022, bản r2 so với bản r1")
    assert artifact("bao-cao-2022-q1").data.count("# BÁO CÁO") == 1
    files = artifact("tep-2022-q1").data
    assert (
        str(office / "out" / "2022-Q1" / "r2") in files
        and "| bao-cao.docx | Báo cáo để trình ký, kèm các biểu |" in files
    )


def test_after_an_upgrade_the_schedule_leaves_a_signed_quarter_and_the_form_replaces_it(
    scheduled: Callable[[str], Any], office: Path, put: Callable[..., None], rows: tuple, request: pytest.FixtureRequest
) -> None:
    from flows.rescore import rescore

    put(rows[:3])
    assert scheduled(LAST).name == run_states.WITH_EXCLUSIONS
    sign_revision(Job.of("2022-Q1", office, None), "r1", "85/BC-UBND", "2022-03-18", "văn thư", False, "thử")
    request.getfixturevalue("reworded")
    assert scheduled(FIRST).name == run_states.WAITING  # a unit is missing, as before the upgrade
    state = scheduled(LAST)
    assert state.name == run_states.FAILED and "trên trang Prefect: cham-diem-lai, ô Lý do" in state.message
    assert revisions(office) == ["r1"]
    state = rescore(period="2022-Q1", reason="Câu chữ mới", requested_by="Văn phòng", return_state=True)
    manifest = state.result().value.manifest
    assert (manifest.reason, manifest.replaces) == ("Câu chữ mới", "Báo cáo số 85/BC-UBND ngày 18/3/2022")
    assert revisions(office) == ["r1", "r2"]
    assert scheduled(LAST).name == run_states.UNCHANGED


def test_paths_are_shown_as_offices_reach_them(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.steps.shared_paths import office_path

    path = office / "out" / "2022-Q1" / "r1"
    assert office_path(path, office) == str(path)
    monkeypatch.setenv("TTHC_SHARE", r"\\may-chu\tthc" + "\\")
    assert office_path(path, office) == r"\\may-chu\tthc\out\2022-Q1\r1"
    monkeypatch.setenv("TTHC_SHARE", "/mnt/tthc")
    assert office_path(path, office) == "/mnt/tthc/out/2022-Q1/r1"
    assert office_path(Path("/elsewhere"), office) == "/elsewhere"


# --- what may pass is tried again, what is wrong in the data is not --------------------------------------


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once."""
    from flows.steps import tasks

    for task in (tasks.read_inputs_task, tasks.write_reports_task, tasks.publish_task):
        monkeypatch.setattr(task, "retry_delay_seconds", [0, 0])


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("times", "name"), [(2, run_states.DONE), (3, run_states.FAILED)])
def test_share_that_is_away_for_a_moment(
    scheduled: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch, times: int, name: str
) -> None:
    import errno

    from flows.steps import scoring_steps

    read, calls = scoring_steps.read_raw, []

    def away(folder: Path) -> Any:
        calls.append(folder)
        if len(calls) <= times:
            raise OSError(errno.ESTALE, "Stale file handle")
        return read(folder)

    monkeypatch.setattr(scoring_steps, "read_raw", away)
    state = scheduled(FIRST)
    assert state.name == name
    assert len(calls) == 3


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("code", "tries"), [("EIO", 3), ("ENOSPC", 1)])
def test_disk_that_does_not_take_the_revision(
    scheduled: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch, code: str, tries: int, office: Path
) -> None:
    import errno

    from pipeline.publish import publication as published

    calls = []

    def refuse(path: Path, data: bytes) -> None:
        calls.append(path)
        raise OSError(getattr(errno, code), "no")

    monkeypatch.setattr(published, "write_new", refuse)
    state = scheduled(FIRST)
    assert state.name == run_states.FAILED and "Không ghi được" in state.message
    assert len(calls) == tries
    assert revisions(office) == []


def test_what_nobody_foresaw_ends_in_words_and_leaves_the_period_free(
    scheduled: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from flows.steps import scoring_steps

    def broken(*_: object) -> Any:
        raise KeyError("x")

    with monkeypatch.context() as patch:
        patch.setattr(scoring_steps.quarter, "render", broken)
        state = scheduled(FIRST)
    assert (state.type.value, state.name) == ("FAILED", run_states.FAILED)
    assert state.message.startswith("Chương trình gặp lỗi ngoài dự kiến (KeyError)")
    ours = [r.getMessage() for r in caplog.records if r.name.startswith("prefect.flow_runs")]
    last = next(i for i, line in enumerate(ours) if line.startswith("Finished in state"))
    assert "Việc cần làm" in ours[last]  # the last line of the run's log
    assert scheduled(FIRST).name == run_states.DONE


def test_time_limit_frees_the_period_and_says_what_to_do(
    scheduled: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import signal
    import threading

    from flows import score_scheduled
    from flows.steps import scoring_steps

    reached, never = threading.Event(), threading.Event()

    def hangs(*_: object) -> Any:
        # Prefect's limit in a main thread is an alarm; wound forward, it goes off while this hangs and at no other moment
        assert callable(signal.getsignal(signal.SIGALRM))
        reached.set()
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        while not never.wait(0.05):
            pass

    with monkeypatch.context() as patch:
        patch.setattr(score_scheduled.score_scheduled, "timeout_seconds", 300)
        patch.setattr(scoring_steps.quarter, "render", hangs)
        state = scheduled(FIRST)
    assert reached.is_set()
    assert (state.type.value, state.name) == ("FAILED", "TimedOut")
    assert "Lần chạy vượt quá thời gian cho phép" in caplog.text
    assert scheduled(FIRST).name == run_states.DONE


# --- ra-soat-so-lieu -------------------------------------------------------------------------------------


def test_review_publishes_nothing_and_shows_findings(
    office: Path, monkeypatch: pytest.MonkeyPatch, put: Callable[..., None], broken_rows: tuple
) -> None:
    from flows.check_period import check_period

    monkeypatch.setenv("TTHC_DATA_DIR", str(office))
    state = check_period("2022-Q1", return_state=True)
    assert (state.type.value, state.name) == ("COMPLETED", run_states.REVIEWED)
    put(broken_rows)
    state = check_period("2022-Q1", return_state=True)
    assert state.name == run_states.REVIEWED_ERRORS
    assert run_of(state).name.startswith("2022-Q1 · rà soát · 1 lỗi")
    assert "Xã D" in artifact("ra-soat-2022-q1").data
    assert "| 1 | Xã C |" in artifact("diem-tam-2022-q1").data
    beside = office / "raw" / "2022-Q1" / "ket-qua-ra-soat.xlsx"
    book = openpyxl.load_workbook(beside, read_only=True)
    assert any("Xã D" in str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row)
    # the marked copy lies beside the review of the period, and both workbooks lead to it
    made = office / "out" / "2022-Q1" / "ra-soat"
    assert {p.name for p in made.iterdir()} == {".khoa", "ket-qua-ra-soat.xlsx", "cong.danh-dau.xlsx"}
    links = [c.hyperlink for row in openpyxl.load_workbook(beside)["Phát hiện"].iter_rows() for c in row if c.hyperlink]
    assert (beside.parent / links[0].target).resolve() == (made / "cong.danh-dau.xlsx").resolve()
    # it is nobody's data: the next review reads the same files
    assert "cong.xlsx" in artifact("ra-soat-2022-q1").data and "ket-qua" not in artifact("ra-soat-2022-q1").data
    assert revisions(office) == []


def test_review_drafts_the_letter_to_the_units_without_data(
    office: Path, monkeypatch: pytest.MonkeyPatch, put: Callable[..., None], rows: tuple
) -> None:
    from flows.check_period import check_period

    monkeypatch.setenv("TTHC_DATA_DIR", str(office))
    put(rows[:-1])
    check_period("2022-Q1", return_state=True)
    made = office / "out" / "2022-Q1" / "ra-soat"
    assert {"nhac-viec.docx", "don-doc.md"} <= {p.name for p in made.iterdir()}
    put(rows)
    check_period("2022-Q1", return_state=True)
    assert not {"nhac-viec.docx", "don-doc.md"} & {p.name for p in made.iterdir()}


def test_review_writes_the_questions_about_exports(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.check_period import check_period

    ask(monkeypatch)
    monkeypatch.setenv("TTHC_DATA_DIR", str(office))
    check_period("2022-Q1", return_state=True)
    path = office / "raw" / "2022-Q1" / "cach-doc.xlsx"
    book = openpyxl.load_workbook(path)
    row = next(row for row in book.worksheets[0].iter_rows() if row[0].value == "Người trả lời:")
    row[3].value = "Công chức 1"
    book.save(path)
    assert check_period("2022-Q1", return_state=True).name == run_states.REVIEWED
    assert len(list((office / "reference" / "layouts").glob("*.toml"))) == 1


def test_review_writes_every_layout_on_request(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.check_period import check_period

    monkeypatch.setenv("TTHC_DATA_DIR", str(office))
    path = office / "raw" / "2022-Q1" / "cach-doc.xlsx"
    assert check_period("2022-Q1", return_state=True).name == run_states.REVIEWED
    assert not path.exists()  # nothing is open
    assert check_period("2022-Q1", every_layout=True, return_state=True).name == run_states.REVIEWED
    assert "cong.xlsx" in str([c.value for row in openpyxl.load_workbook(path).worksheets[0].iter_rows() for c in row])


def test_review_of_nothing_waits(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.check_period import check_period

    monkeypatch.setenv("TTHC_DATA_DIR", str(office))
    assert check_period("2022-Q3", return_state=True).name == run_states.WAITING
