"""The flow on a throw-away server: states, artifacts, what a run records."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from upgrades import SENTENCE

from flows.commands.sign import sign_revision
from flows.steps import run_states
from flows.steps.job import Job
from flows.steps.scoring_steps import read_inputs, run
from pipeline import quarter

pytestmark = pytest.mark.usefixtures("prefect_server")


@pytest.fixture
def score(office: Path) -> Callable[..., Any]:
    """Run the flow on the office; its final state."""
    from flows.score_period import score_period

    def call(**parameters: Any) -> Any:
        return score_period(**{"period": "2022-Q1", "data_dir": office, **parameters}, return_state=True)

    return call


def files(folder: Path) -> dict[str, bytes]:
    found = (p for p in folder.rglob("*") if p.is_file() and p.name != "manifest.json")
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


def artifact(key: str) -> Any:
    from prefect.artifacts import Artifact

    return Artifact.get(key)


def test_completed_run_leaves_a_revision_its_artifacts_and_its_id(score: Callable[..., Any], office: Path) -> None:
    state = score(reason="kiểm thử")
    assert (state.type.value, state.name) == ("COMPLETED", run_states.DONE)
    outcome = state.result().value
    assert outcome.path == office / "out" / "2022-Q1" / "r1"
    assert uuid.UUID(outcome.manifest.flow_run_id) == state.state_details.flow_run_id
    board = artifact("bang-diem-2022-q1")
    assert board.flow_run_id == state.state_details.flow_run_id
    assert "| 1 | Xã C |" in board.data
    assert "Tình trạng: **dự thảo (còn " in board.data and "Họ tên người ký còn trống" in board.data
    assert "Tình trạng: dự thảo (còn " in state.message
    assert "không tính tiêu chí" in artifact("phat-hien-2022-q1").data


def test_run_and_tasks_have_names_a_reader_knows(score: Callable[..., Any]) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import TaskRunFilter, TaskRunFilterFlowRunId

    run_id = score().state_details.flow_run_id
    with get_client(sync_client=True) as client:
        assert client.read_flow_run(run_id).name == "2022-Q1 · r1"
        mine = TaskRunFilter(flow_run_id=TaskRunFilterFlowRunId(any_=[run_id]))
        names: set[str] = set()
        for _ in range(200):  # the server writes them down in batches
            names = {t.name for t in client.read_task_runs(task_run_filter=mine)}
            if len(names) == 5:
                break
    assert names == {"Đọc tệp", "Kiểm tra số liệu", "Chấm điểm", "Lập báo cáo", "Công bố"}


def test_flow_and_direct_run_publish_the_same_bytes(score: Callable[..., Any], office: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / "data"
    for name in ("raw", "reference"):
        other.mkdir(exist_ok=True)
        (other / name).symlink_to(office / name)
    direct = run(Job.of("2022-Q1", other, None))
    outcome = score().result().value
    assert outcome.manifest.fingerprint == direct.manifest.fingerprint
    assert files(outcome.path) == files(direct.path)


def test_unchanged(score: Callable[..., Any], office: Path) -> None:
    score()
    state = score()
    assert (state.type.value, state.name) == ("COMPLETED", run_states.UNCHANGED)
    assert "Không có gì thay đổi so với r1" in state.message
    assert not (office / "out" / "2022-Q1" / "r2").exists()


def test_an_upgrade_that_changes_a_signed_quarter_needs_a_reason(
    score: Callable[..., Any], office: Path, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    score()
    sign_revision(Job.of("2022-Q1", office, None), "r1", "85/BC-UBND", "2022-03-18", "văn thư", False, "thử")
    request.getfixturevalue("reworded")
    state = score()
    assert (state.type.value, state.name) == ("FAILED", run_states.FAILED)
    assert state.message.startswith("Chương trình đã được nâng cấp từ khi công bố bản r1 của quý I năm 2022")
    assert f"“{SENTENCE[0]} 600 hồ sơ" in state.message and "chạy lại và ghi lý do" in state.message
    assert "Traceback" not in caplog.text
    assert not (office / "out" / "2022-Q1" / "r2").exists()
    state = score(reason="Câu chữ mới")
    assert (state.name, state.result().value.manifest.revision) == (run_states.DONE, "r2")
    assert state.result().value.manifest.replaces == "Báo cáo số 85/BC-UBND ngày 18/3/2022"


def test_exclusions(score: Callable[..., Any], put: Callable[..., None], broken_rows: tuple) -> None:
    put(broken_rows)
    state = score()
    assert (state.type.value, state.name) == ("COMPLETED", run_states.WITH_EXCLUSIONS)
    assert "đơn vị Xã D" in state.message
    # a repeated run has nothing to publish, and the unit is still set aside
    again = score()
    assert again.name == run_states.UNCHANGED
    assert again.result().value.manifest.set_aside


def test_strict_fails_with_a_vietnamese_message(
    score: Callable[..., Any], put: Callable[..., None], broken_rows: tuple, office: Path
) -> None:
    put(broken_rows)
    state = score(strict=True)
    assert (state.type.value, state.name) == ("FAILED", run_states.FAILED)
    assert "có 1 lỗi trong số liệu nên không công bố gì" in state.message
    assert not (office / "out" / "2022-Q1" / "r1").exists()


def test_nothing_to_read_fails(score: Callable[..., Any], caplog: pytest.LogCaptureFixture) -> None:
    state = score(period="2022-Q3")
    assert "Traceback" not in caplog.text  # foreseen: no engineer's words in the run's log
    assert state.name == run_states.FAILED
    assert state.message.startswith("Chưa có tệp số liệu nào của quý III năm 2022")


@pytest.mark.parametrize(
    "parameters", [{"period": "2022-Q5"}, {"period": "quý I"}, {"rulebook": "qd-0"}, {"strict": "có thể"}]
)
def test_parameters_are_checked_before_anything_runs(
    score: Callable[..., Any], office: Path, parameters: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    monkeypatch.setattr("flows.scoring_flow._run", lambda *a: started.append(a))
    state = score(**parameters)
    assert state.is_failed()
    assert "Validation of flow parameters failed" in state.message
    assert started == []
    assert not (office / "out").exists()


def run_name(state: Any) -> str:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        return client.read_flow_run(state.state_details.flow_run_id).name


def test_the_name_of_a_run_says_in_vietnamese_how_it_ended(
    score: Callable[..., Any], put: Callable[..., None], broken_rows: tuple
) -> None:
    put(broken_rows)
    assert run_name(score()) == "2022-Q1 · r1 · để riêng 1"
    assert run_name(score()) == "2022-Q1 · không có gì thay đổi so với r1 · để riêng 1"
    assert run_name(score(rulebook="tt-01-2018")) == "2022-Q1 · phương án tt-01-2018 · r1 · để riêng 1"
    assert run_name(score(period="2022-Q3")) == "2022-Q3 · chấm điểm · không thực hiện được"


def test_the_pages_of_flow_and_deployment_explain_the_states() -> None:
    from flows.score_period import score_period

    said = score_period.description
    assert all(f"**{name}**" in said for name in (*run_states.OF_RESULT.values(), run_states.FAILED))
    assert "Read, check" not in said


def test_findings_are_a_list_with_the_next_step_for_errors_and_warnings(
    score: Callable[..., Any], put: Callable[..., None], broken_rows: tuple
) -> None:
    put(broken_rows)
    score()
    lines = artifact("phat-hien-2022-q1").data.splitlines()
    assert not [line for line in lines if line.startswith("|")]
    at = next(i for i, line in enumerate(lines) if line == "## Lỗi")
    assert lines[at + 2].startswith("- “Xã D”") and lines[at + 2].endswith("*(cong.xlsx › Sheet › C12)*")
    assert lines[at + 3].startswith("    - Kéo theo: Cấp xã được tính từ tổng các đơn vị còn lại, chưa gồm: Xã D.")
    assert lines[at + 4].startswith("    - Việc cần làm: ")
    notices = lines[lines.index("## Lưu ý") :] if "## Lưu ý" in lines else []
    assert not [line for line in notices if "Việc cần làm" in line]


def test_the_first_choices_of_the_form_are_the_defaults(score: Callable[..., Any]) -> None:
    assert score(rulebook="đang áp dụng").result().value.manifest.rulebook.id == "qd-1187-2019"
    assert score(rulebook=None).name == run_states.UNCHANGED


def test_alternative_has_an_artifact_of_its_own(score: Callable[..., Any]) -> None:
    score()
    score(rulebook="tt-01-2018")
    assert "01/2018/TT-VPCP" in artifact("bang-diem-2022-q1-tt-01-2018").data
    assert "1187" in artifact("bang-diem-2022-q1").data


def test_artifacts_cannot_be_broken_by_what_a_file_holds(office: Path) -> None:
    from flows.pages.findings_page import MOST_FINDINGS, findings_page

    job = Job.of("2022-Q1", office, None)
    scored = quarter.score(quarter.check(read_inputs(job).reading), job.choice)
    row = dict.fromkeys(scored.findings.columns, "") | {
        "severity": "error", "message": "a|b <script>", "file": "x|y.xlsx", "sets_aside": "none",
    }  # fmt: skip
    many = pd.DataFrame([row] * (MOST_FINDINGS + 5), dtype="str")
    page = findings_page(many, "quý | I")
    line = next(x for x in page.splitlines() if x.startswith("- "))
    assert line == "- a\\|b &lt;script&gt; *(x\\|y.xlsx)*"
    assert page.startswith("# Phát hiện quý \\| I")
    assert "Còn 5 phát hiện nữa" in page


def test_server_that_goes_away_does_not_fail_a_published_run(
    score: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*args: object, **kwargs: object) -> None:
        raise ConnectionError

    monkeypatch.setattr("flows.pages.artifacts.create_markdown_artifact", gone)
    assert score().name == run_states.DONE


def test_who_asked_is_passed_through_the_flow(score: Callable[..., Any]) -> None:
    assert score(requested_by="Văn phòng").result().value.manifest.requested_by == "Văn phòng"
