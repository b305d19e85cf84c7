"""Files that are whole or not there, and the lock of a period's folder: what publication and signing write with."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

LOCK = ".khoa"
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


#: what a network share answers while it is away for a moment
PASSING = frozenset(
    {
        errno.EAGAIN, errno.EBUSY, errno.ECONNABORTED, errno.ECONNREFUSED, errno.ECONNRESET, errno.EHOSTDOWN,
        errno.EHOSTUNREACH, errno.EINTR, errno.EIO, errno.ENETDOWN, errno.ENETUNREACH, errno.ENOTCONN,
        errno.EREMOTEIO, errno.ESTALE, errno.ETIMEDOUT,
    }
)  # fmt: skip


class PublishError(Exception):
    """Nothing was published. The message is Vietnamese and says what to do.

    `passing`: worth another try in a moment, see `passing`.
    """

    def __init__(self, message: str, *, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing


def passing(error: OSError) -> bool:
    """Whether the same call may succeed in a moment without anybody doing anything."""
    return error.errno in PASSING


@contextmanager
def period_lock(folder: Path, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the lock of a period's output folder; wait for whoever has it, saying so through `waiting`.

    fcntl.flock: the kernel frees it at once when the process dies, a kill -9 included. The lock file is never
    removed (that would let two processes hold "the" lock). Raises PublishError where it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise PublishError(explain(folder, error), passing=passing(error)) from None
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


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` in the place of a file in one step: a reader finds the old bytes or the new ones."""
    draft = path.with_name(f".{path.name}")
    draft.unlink(missing_ok=True)
    try:
        write_new(draft, data)
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    sync(path.parent)


def replace_files(folder: Path, files: Mapping[str, bytes], gone: Iterable[str]) -> None:
    """Put files in place, the last name last, after all of them are on the disk as drafts; then remove those `gone`.

    What already has these bytes is left alone. Raises OSError before any name changes where the disk is full, the
    folder read-only or something else stands under a name; no draft is left.
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
        sync(folder)


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.is_file() and not path.is_symlink() and path.read_bytes() == data
    except OSError:
        return False


def write_new(path: Path, data: bytes) -> None:
    """A new file, on the disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync(folder: Path) -> None:
    """Make a folder's names last."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(path: Path) -> None:
    """A file, a link or a folder with all in it; nothing where there is none."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def explain(folder: Path, error: OSError, kept: str = "Không có gì được công bố.") -> str:
    """Why a folder could not be written and what became of the work, Vietnamese."""
    reason = _REASONS.get(error.errno or 0, error.strerror or type(error).__name__)
    return f"Không ghi được vào {folder}: {reason}. {kept} Xử lý xong thì chạy lại."
