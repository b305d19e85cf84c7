"""Reading and atomic writing of files, and the lock of a period's output folder."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import secrets
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

#: name of the lock file in a period's output folder
LOCK = ".khoa"
#: error number -> reason, Vietnamese
_REASONS = {
    errno.ENOSPC: "hết dung lượng đĩa",
    errno.EDQUOT: "hết hạn mức đĩa",
    errno.EFBIG: "tệp vượt quá cỡ mà hệ thống cho phép ghi",
    errno.EIO: "ổ đĩa báo lỗi đọc ghi",
    errno.EROFS: "ổ đĩa chỉ đọc",
    errno.EACCES: "không có quyền ghi",
    errno.EPERM: "không có quyền ghi",
    errno.ELOOP: "ở đó là một liên kết (symlink)",
    errno.ENOTDIR: "ở đó là một tệp, không phải thư mục",
    errno.EISDIR: "ở đó là một thư mục",
    errno.EEXIST: "ở đó đã có một tệp",
    errno.ENXIO: "ở đó không phải tệp thường",
}
#: a file system without locks answers so
_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL})
#: a program that tries to take the lock of the file in its first argument; its exit status if it is refused
_REFUSED = 3
_PROBE = f"""
import fcntl, os, sys
handle = os.open(sys.argv[1], os.O_RDWR)
try:
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    sys.exit({_REFUSED})
"""
#: a name that no other process uses, see `unique_ending`
_ENDING = r"\d+-[0-9a-f]{8}"
#: how often another process may remove a draft
_TRIES = 20
#: errors that a network share reports while it is unavailable for a moment
TRANSIENT_ERRORS = frozenset(
    {
        errno.EAGAIN, errno.EBUSY, errno.ECONNABORTED, errno.ECONNREFUSED, errno.ECONNRESET, errno.EHOSTDOWN,
        errno.EHOSTUNREACH, errno.EINTR, errno.EIO, errno.ENETDOWN, errno.ENETUNREACH, errno.ENOTCONN,
        errno.EREMOTEIO, errno.ESTALE, errno.ETIMEDOUT,
    }
)  # fmt: skip


class PublishError(Exception):
    """Nothing was published or written. The message is Vietnamese and states what to do.

    `transient`: another try in a moment may succeed, see `is_transient`.
    """

    def __init__(self, message: str, *, transient: bool = False) -> None:
        super().__init__(message)
        self.transient = transient


def is_transient(error: OSError) -> bool:
    """Whether the same call may succeed in a moment without any action."""
    return error.errno in TRANSIENT_ERRORS


@contextmanager
def period_lock(folder: Path, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the lock of a period's output folder. If another process holds it, call `waiting` once and wait.

    The lock is fcntl.flock: the kernel frees it at once when the process ends, also by kill -9. The lock file is never
    removed, because two processes could then lock two different files. Raises PublishError if it cannot be created.
    On a file system without locks it holds nobody back: `lock_holds` reports that.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise PublishError(write_error_text(folder, error), transient=is_transient(error)) from None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise PublishError(f"{folder / LOCK} không phải tệp thường: xoá nó rồi chạy lại.")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting is not None:
                waiting()
            fcntl.flock(handle, fcntl.LOCK_EX)
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise PublishError(write_error_text(folder, error), transient=is_transient(error)) from None
        yield
    finally:
        os.close(handle)


def lock_holds(folder: Path) -> bool:
    """Whether the lock of a folder, which this process holds, keeps other processes of this machine out.

    Only inside `period_lock`. Another process tries to take the lock, because some network file systems let the same
    process take it twice. Other machines are not asked: a share can be mounted so that each machine locks by itself.
    """
    command = [sys.executable, "-I", "-S", "-c", _PROBE, str(folder / LOCK)]
    return subprocess.run(command, check=False, capture_output=True).returncode == _REFUSED


def regular_bytes(path: Path, *, follow: bool = True, most: int = -1) -> bytes:
    """The content of a regular file. `follow`: a link is followed; `most`: no more bytes are read, -1 for all.

    Raises OSError, also for a pipe, a socket, a device or a folder, without waiting for any.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW)
    handle = os.open(path, flags)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.ENXIO, os.strerror(errno.ENXIO), str(path))
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(most)
    finally:
        os.close(handle)


def append_text(path: Path, text: str) -> None:
    """Append to a regular file, which is created if it is missing. Raises OSError, also for a link or a pipe."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    handle = os.open(path, flags, 0o666)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.ENXIO, os.strerror(errno.ENXIO), str(path))
        with os.fdopen(handle, "a", encoding="utf-8", errors="backslashreplace", closefd=False) as file:
            file.write(text)
    finally:
        os.close(handle)


def readable_bytes(path: Path, *, follow: bool = True) -> bytes | None:
    """The content of a regular file; None if it is missing or unreadable. `follow`: a link is followed.

    Raises OSError if the same call may succeed in a moment: a share that does not answer is no damage.
    """
    try:
        return regular_bytes(path, follow=follow)
    except OSError as error:
        if is_transient(error):
            raise
        return None


def unique_ending() -> str:
    """The end of a name that no other process uses: process id and random digits."""
    return f"{os.getpid()}-{secrets.token_hex(4)}"


def _draft(path: Path) -> Path:
    """The name of a new draft of a file, after the drafts of killed processes are removed. Raises OSError."""
    left = re.compile(rf"\.({_ENDING}\.)?{re.escape(path.name)}")
    for found in path.parent.iterdir() if path.parent.is_dir() else ():
        if left.fullmatch(found.name):
            found.unlink(missing_ok=True)
    return path.with_name(f".{unique_ending()}.{path.name}")


def replace_file(path: Path, data: bytes) -> None:
    """Create or replace a file in one step: a reader finds the old bytes or the new ones. Raises OSError."""
    for _ in range(_TRIES):
        draft = _draft(path)
        try:
            write_new(draft, data)
            draft.replace(path)
            break
        except FileNotFoundError:  # another process, which no lock keeps out, removed the draft
            continue
        except OSError:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise
    else:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(path))
    sync_folder(path.parent)


def replace_files(folder: Path, files: Mapping[str, bytes], gone: Iterable[str]) -> None:
    """Write all files as drafts, rename all but the last, remove those named in `gone`, then rename the last.

    Files that have these bytes already are not written. Raises OSError before any name changes if the disk is full, the
    folder is read-only or a name belongs to a folder; no draft is left then.
    """
    changed = {name: data for name, data in files.items() if not _holds(folder / name, data)}
    drafts = {name: _draft(folder / name) for name in changed}
    try:
        for name, draft in drafts.items():
            if (folder / name).is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(folder / name))
            write_new(draft, changed[name])
        for name in list(drafts)[:-1]:
            drafts[name].replace(folder / name)
        for name in gone:
            (folder / name).unlink(missing_ok=True)
        for name in list(drafts)[-1:]:
            drafts[name].replace(folder / name)
    except OSError:
        for draft in drafts.values():
            with suppress(OSError):
                draft.unlink(missing_ok=True)
        raise
    if folder.is_dir():
        sync_folder(folder)


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.is_file() and regular_bytes(path, follow=False) == data
    except OSError:
        return False


def write_new(path: Path, data: bytes) -> None:
    """Create a file and flush it to the disk. Raises FileExistsError if it exists, OSError if it cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk, so that a rename survives a power cut. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_path(path: Path) -> None:
    """Remove a file, a link or a folder with its content; does nothing if it does not exist. Raises OSError."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def write_error_text(folder: Path, error: OSError, kept: str = "Không có gì được công bố.") -> str:
    """Vietnamese: why a folder could not be written, what is kept (`kept`), and to run again."""
    reason = _REASONS.get(error.errno or 0, error.strerror or type(error).__name__)
    return f"Không ghi được vào {folder}: {reason}. {kept} Xử lý xong thì chạy lại."
