"""Which data folder a command uses, whatever folder it is run in."""

from pathlib import Path

import pytest
from repository import ROOT

from flows.server.runtime import default_data_dir, project_root


def test_the_project_is_found_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TTHC_DATA_DIR", raising=False)
    assert project_root() == ROOT
    assert default_data_dir() == ROOT / "data"


def test_a_data_folder_here_or_a_named_one_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TTHC_DATA_DIR", raising=False)
    (tmp_path / "data").mkdir()
    assert default_data_dir() == Path("data")
    monkeypatch.setenv("TTHC_DATA_DIR", str(tmp_path / "elsewhere"))
    assert default_data_dir() == tmp_path / "elsewhere"
