"""How far a run is: what followers see, and the bar in the pages, which never says more than is so."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from commands import tree

from flows.steps import run_states
from flows.steps.job import Job
from flows.steps.progress import Stage, stages_to
from flows.steps.scoring_steps import run

KEY = "tien-do-2022-q1"


@pytest.fixture
def many(office: Path, export: Callable[..., bytes], rows: tuple) -> int:
    """An office with a file a unit, and one far larger than the others."""
    raw = office / "raw" / "2022-Q1"
    (raw / "cong.xlsx").unlink()
    for number, row in enumerate(rows):
        (raw / f"cong-{number}.xlsx").write_bytes(export((row,)))
    (raw / "lon.csv").write_bytes(b"khong phai so lieu\n" * 20_000)
    return len(rows) + 1


def test_followers_see_every_file_by_its_weight_and_every_step(office: Path, many: int) -> None:
    seen: list[Stage] = []
    with stages_to(seen.append):
        run(Job.of("2022-Q1", office, None))
    reading = [s for s in seen if s.number == 1]
    assert [s.detail for s in reading[1:]] == [f"{n} trên {many} tệp" for n in range(1, many + 1)]
    shares = [s.share for s in reading]
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] == 1
    assert shares[-2] < 0.5  # four small files of five, and most of the bytes still to come
    assert [s.number for s in seen[many + 1 :]] == [2, 3, 4, 5]


def test_following_changes_nothing_that_is_published(office: Path, many: int) -> None:
    first = tree(run(Job.of("2022-Q1", office, None)).path)
    for path in sorted((office / "out").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    with stages_to(lambda stage: None):
        again = tree(run(Job.of("2022-Q1", office, None)).path)
    assert {k: v for k, v in first.items() if k != "manifest.json"} == {
        k: v for k, v in again.items() if k != "manifest.json"
    }


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, str]]:
    """What is written to the server, in order; it is written all the same."""
    from flows.pages import progress_bar

    calls: list[tuple[float, str]] = []
    create, update = progress_bar.create_progress_artifact, progress_bar.update_progress_artifact

    def made(percent: float, **what: Any) -> Any:
        calls.append((percent, what["description"]))
        return create(percent, **what)

    def changed(artifact: Any, percent: float, description: str) -> Any:
        calls.append((percent, description))
        return update(artifact, percent, description)

    monkeypatch.setattr(progress_bar, "create_progress_artifact", made)
    monkeypatch.setattr(progress_bar, "update_progress_artifact", changed)
    return calls


@pytest.fixture
def rescore(prefect_server: None, office: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    """Run the deployment's flow on the office; its final state."""
    from flows.rescore import rescore

    monkeypatch.setenv("TTHC_DATA_DIR", str(office))
    return lambda: rescore("2022-Q1", "Kiểm thử", "Văn phòng", return_state=True)


def bar() -> Any:
    from prefect.artifacts import Artifact

    return Artifact.get(KEY)


def test_a_bar_is_written_once_a_step_and_never_once_a_file(
    rescore: Callable[[], Any], many: int, written: list[tuple[float, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.pages import progress_bar

    monkeypatch.setattr(progress_bar, "SECONDS", 3600.0)
    state = rescore()
    percents = [percent for percent, _ in written]
    assert len(written) == 6  # five steps and the end
    assert percents == sorted(percents) and percents[0] == 0 and percents[-1] == 100
    assert all(text.startswith("Bước ") and " – đang chạy, lúc " in text for _, text in written[:-1])
    left = bar()
    assert left.flow_run_id == state.state_details.flow_run_id
    assert (left.type, float(left.data)) == ("progress", 100)
    assert left.description.startswith(f"{state.name} – lúc ")


def test_a_long_step_is_shown_file_by_file_where_files_take_their_time(
    rescore: Callable[[], Any], many: int, written: list[tuple[float, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.pages import progress_bar

    monkeypatch.setattr(progress_bar, "SECONDS", 0.0)
    rescore()
    assert [text for _, text in written if f"{many - 1} trên {many} tệp" in text]


def test_a_run_that_fails_keeps_its_bar_where_it_was(
    rescore: Callable[[], Any], many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.steps import scoring_steps

    def broken(*_: object) -> Any:
        raise KeyError("x")

    monkeypatch.setattr(scoring_steps.quarter, "score", broken)
    assert rescore().name == run_states.FAILED
    assert float(bar().data) == 75
    assert bar().description.startswith(f"{run_states.FAILED}. Bước 3/5, chấm điểm: 4 đơn vị")
    assert "đang chạy" not in bar().description


def test_a_run_that_is_broken_off_says_so(rescore: Callable[[], Any], many: int, monkeypatch: Any) -> None:
    from flows.steps import scoring_steps

    def stopped(*_: object) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(scoring_steps.quarter, "score", stopped)
        with pytest.raises(KeyboardInterrupt):
            rescore()
    assert float(bar().data) == 75
    assert bar().description.startswith("Dừng giữa chừng. Bước 3/5")


def test_a_run_that_waits_is_not_done(
    prefect_server: None, office: Path, put: Callable[..., None], rows: tuple, monkeypatch: pytest.MonkeyPatch
) -> None:
    import datetime as dt

    from flows import score_scheduled
    from flows.steps.schedule import ZONE

    monkeypatch.setenv("TTHC_DATA_DIR", str(office))
    put(rows[:3])
    at = dt.datetime(2022, 3, 15, 7, tzinfo=ZONE).astimezone(dt.UTC)
    monkeypatch.setattr(score_scheduled.flow_run, "scheduled_start_time", at, raising=False)
    assert score_scheduled.score_scheduled(return_state=True).name == run_states.WAITING
    assert float(bar().data) < 100
    assert bar().description.startswith(f"{run_states.WAITING}. Bước 2/5")


@pytest.mark.filterwarnings("ignore:Artifact creation outside")  # here it is no run that leaves it
def test_what_a_dead_run_left_is_closed_by_the_next_one(rescore: Callable[[], Any], many: int) -> None:
    from prefect.artifacts import create_progress_artifact
    from prefect.client.orchestration import get_client

    said = "Bước 1/5, đọc tệp: 7 trên 400 tệp – đang chạy, lúc 07:00:00 ngày 15/03/2022"
    left = create_progress_artifact(31.5, key=KEY, description=said)
    rescore()
    with get_client(sync_client=True) as client:
        there = client.request("GET", "/artifacts/{id}", path_params={"id": left}).json()
    assert there["data"] == 31.5
    assert there["description"] == (
        "Dừng giữa chừng. Bước 1/5, đọc tệp: 7 trên 400 tệp – tín hiệu cuối lúc 07:00:00 ngày 15/03/2022"
    )


def test_a_server_that_goes_away_is_asked_once_and_costs_no_run(
    rescore: Callable[[], Any], many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.pages import progress_bar

    asked = []

    def gone(*_: object, **__: object) -> None:
        asked.append(1)
        raise ConnectionError

    for call in ("create_progress_artifact", "update_progress_artifact"):
        monkeypatch.setattr(progress_bar, call, gone)
    assert rescore().name in run_states.OF_RESULT.values()
    assert asked == [1]
