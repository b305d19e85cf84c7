"""A page that cannot be written is logged by place and kind: a server may repeat in its error what it was sent."""

from pathlib import Path
from typing import Any

import pytest

from flows.pages import artifacts, progress_bar, run_names
from flows.pages.progress_bar import ProgressBar
from flows.steps.job import Job

PERSON = "Lò Văn Zqua"


class Log:
    """What is logged, with the text of exceptions that are handed over."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def warning(self, text: str, *values: object, exc_info: object = None) -> None:
        self.said.append(text % values + (PERSON if exc_info else ""))


def fails(*_: Any, **__: Any) -> None:
    raise RuntimeError(f"422 Unprocessable Entity: {PERSON}")


@pytest.mark.parametrize("page", ["artifact", "name", "bar"])
def test_the_log_of_a_page_repeats_no_message(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, job = Log(), Job.of("2022-Q1", tmp_path, None)
    for module in (artifacts, run_names, progress_bar):
        monkeypatch.setattr(module, "get_run_logger", lambda: log)
    monkeypatch.setattr(artifacts, "create_markdown_artifact", fails)
    monkeypatch.setattr(run_names, "get_client", fails)
    monkeypatch.setattr(progress_bar.Artifact, "get", fails)
    if page == "artifact":
        artifacts.write_history_artifact(job, ["r1"])
    elif page == "name":
        run_names.rename_run("Quý I")
    else:
        ProgressBar(job)._put(1.0, "đang đọc")
    (said,) = log.said
    assert "RuntimeError" in said and "could not be" in said and PERSON not in said
