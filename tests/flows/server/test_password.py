"""The file of the server's password: made once, readable by its owner only, kept."""

import os
import stat
from pathlib import Path

import pytest
from repository import ROOT

from flows import ui
from flows.server import serve
from flows.server.password import (
    EXAMPLE,
    FILE,
    OF_CLIENT,
    OF_SERVER,
    ensure_password,
    is_on_this_machine,
    make_password,
    stored_password,
)
from flows.steps.failures import JobFailed


def test_it_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    assert stored_password(tmp_path) is None
    made, new = ensure_password(tmp_path)
    assert new and (made, False) == ensure_password(tmp_path)
    assert stored_password(tmp_path) == made
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == [FILE]
    assert len({make_password() for _ in range(50)}) == 50


def test_a_password_that_was_chosen_is_kept_and_made_private(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("van-thu:mot-mat-khau-khac\r\n", "utf-8")
    (tmp_path / FILE).chmod(0o644)
    assert ensure_password(tmp_path) == ("van-thu:mot-mat-khau-khac", False)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "text",
    ["", "mat-khau-khong-ten", "a:ngan", "quan-tri:có dấu cách", f"quan-tri:{EXAMPLE}", "a:12345678\nb:12345678"],
)
def test_a_file_that_holds_no_password_is_said_and_not_replaced(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, "utf-8")
    with pytest.raises(JobFailed, match="tên:mật-khẩu"):
        ensure_password(tmp_path)
    assert (tmp_path / FILE).read_text("utf-8") == text


def test_a_link_a_folder_and_a_pipe_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("quan-tri:mat-khau-khac", "utf-8")
    path = tmp_path / FILE
    for make in (lambda: path.symlink_to(tmp_path / "elsewhere"), path.mkdir, lambda: os.mkfifo(path)):
        make()
        with pytest.raises(JobFailed):
            stored_password(tmp_path)
        path.rmdir() if path.is_dir() else path.unlink()


@pytest.mark.parametrize(
    ("address", "here"),
    [("http://127.0.0.1:4200/api", True), ("http://localhost/api", True), ("http://[::1]:4200/api", True),
     ("https://tthc.example.vn/api", False), ("http://127.0.0.1@trang-la.example/api", False), ("http://[", False)],
)  # fmt: skip
def test_the_stored_password_is_for_this_machine_only(address: str, here: bool) -> None:
    assert is_on_this_machine(address) is here


def test_trying_makes_a_password_shows_it_once_and_keeps_a_configured_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    for name in (OF_SERVER, OF_CLIENT):
        monkeypatch.setenv(name, "")
    first = ui._use_password()
    made = stored_password(tmp_path)
    assert made and os.environ[OF_SERVER] == os.environ[OF_CLIENT] == made
    assert made in first[0] and FILE in first[1]
    for name in (OF_SERVER, OF_CLIENT):
        monkeypatch.setenv(name, "")
    assert not any(made in line for line in ui._use_password())
    monkeypatch.setenv(OF_SERVER, "van-thu:da-dat-san")
    monkeypatch.setenv(OF_CLIENT, "")
    assert ui._use_password() == []
    assert os.environ[OF_CLIENT] == "van-thu:da-dat-san"


def test_a_server_with_the_password_of_the_example_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.settings import PREFECT_SERVER_API_AUTH_STRING, temporary_settings

    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    given = {PREFECT_SERVER_API_AUTH_STRING: f"quan-tri:{EXAMPLE}"}
    with temporary_settings(given), pytest.raises(JobFailed, match=EXAMPLE):
        serve.use_password()
    assert EXAMPLE in (ROOT / "docs" / "systemd" / "tthc.env.example").read_text("utf-8")
