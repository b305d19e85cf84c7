"""Files are written whole: what was there stays until the new file is complete, and nothing else is left."""

import errno
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from flows.steps.file_names import is_data
from pipeline.publish import atomic_files
from pipeline.publish.atomic_files import (
    FileInUseError,
    create_file,
    error_reason,
    remove_left,
    replace_file,
    replace_files,
    write_error_text,
)


def test_a_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    replace_file(path, b"1")
    path.chmod(0o640)
    replace_file(path, b"2")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"2", 0o640)
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_file_is_created_once_and_an_empty_one_is_filled(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.touch()
    create_file(path, b"1")
    with pytest.raises(FileExistsError, match=r"a\.xlsx"):
        create_file(path, b"2")
    assert path.read_bytes() == b"1"
    (tmp_path / "b").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        create_file(tmp_path / "b", b"2")


def test_without_hard_links_a_file_is_created_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOTSUP, "no links")

    monkeypatch.setattr(os, "link", refuse)
    create_file(tmp_path / "a", b"1")
    with pytest.raises(FileExistsError):
        create_file(tmp_path / "a", b"2")
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY])
def test_a_file_that_is_open_on_a_share_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    path = tmp_path / "bo-sung.xlsx"
    path.write_bytes(b"1")

    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(number, os.strerror(number), str(self), None, str(target))

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(FileInUseError) as failed:
        replace_file(path, b"2")
    assert failed.value.filename == str(path)
    assert "đóng tệp" in error_reason(failed.value) and str(path) in write_error_text(tmp_path, failed.value)
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("bo-sung.xlsx", b"1")]


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_full_disk_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    (tmp_path / "a").write_bytes(b"1")

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, call, full)
    with pytest.raises(OSError, match="a") as failed:
        replace_files(tmp_path, {"a": b"2", "b": b"3"}, ["c"])
    assert error_reason(failed.value) == "hết dung lượng đĩa"
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("a", b"1")]


def test_what_a_killed_program_left_is_removed_and_what_another_writes_is_not(tmp_path: Path) -> None:
    left = tmp_path / ".tthc-00112233445566ff.tmp"
    left.write_bytes(b"half")
    handle, live = atomic_files._temporary(tmp_path / "b")
    other = tmp_path / ".tthc-nhap.tmp"
    other.write_bytes(b"of a person")
    replace_file(tmp_path / "a", b"1")
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([live.name, other.name, "a"])
    os.close(handle)
    remove_left(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([other.name, "a"])
    assert not is_data(left.name)


def test_a_temporary_file_that_somebody_removed_is_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = os.fsync, []

    def gone(handle: int) -> None:
        real(handle)
        calls.append(handle)
        if len(calls) == 1:
            for path in tmp_path.glob(".tthc-*.tmp"):
                path.unlink()

    monkeypatch.setattr(os, "fsync", gone)
    replace_file(tmp_path / "a", b"1")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("a", b"1")]


def test_a_share_that_cannot_flush_a_folder_takes_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def of_files(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        real(handle)

    monkeypatch.setattr(os, "fsync", of_files)
    replace_file(tmp_path / "a", b"1")
    assert (tmp_path / "a").read_bytes() == b"1"
