"""Atomic writing of files, and the lock of a period's output folder. Publication, signing and reviews use both."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import stat
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
}
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
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
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
        yield
    finally:
        os.close(handle)


def readable_bytes(path: Path) -> bytes | None:
    """The content of a file; None if it is missing or unreadable.

    Raises OSError if the same call may succeed in a moment: a share that does not answer is no damage.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        if is_transient(error):
            raise
        return None


def replace_file(path: Path, data: bytes) -> None:
    """Create or replace a file in one step: a reader finds the old bytes or the new ones. Raises OSError."""
    draft = path.with_name(f".{path.name}")
    draft.unlink(missing_ok=True)
    try:
        write_new(draft, data)
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def replace_files(folder: Path, files: Mapping[str, bytes], gone: Iterable[str]) -> None:
    """Write all files as drafts, rename all but the last, remove those named in `gone`, then rename the last.

    Files that have these bytes already are not written. Raises OSError before any name changes if the disk is full, the
    folder is read-only or a name belongs to a folder; no draft is left then.
    """
    changed = {name: data for name, data in files.items() if not _holds(folder / name, data)}
    drafts = {name: folder / f".{name}" for name in changed}
    try:
        for name, draft in drafts.items():
            draft.unlink(missing_ok=True)
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
        return path.is_file() and not path.is_symlink() and path.read_bytes() == data
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
