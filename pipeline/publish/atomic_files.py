"""How files are written, and the lock of a period's output folder.

Every file that a command writes goes through `replace_file`, `create_file` or `replace_files`: a temporary file in the
same folder, fsync, one rename. A program that is killed leaves the old file or the new one, and at most a temporary
file, which the next write into the folder removes. A test forbids any other way of writing.
"""

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
#: name of a temporary file: hidden and with an ending of incomplete files, so that nothing takes it for an export
_TEMPORARY = re.compile(r"\.tthc-[0-9a-f]{16}\.tmp")
#: times that a write is tried where another program removes its temporary file (only where flock does nothing)
_TRIES = 20
#: temporary files that are kept open, and so locked, until all are written
_MOST_OPEN = 200
#: errors of a file system that has no hard links
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.EMLINK})
#: errors of a file system that cannot flush a folder
_NO_FOLDER_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EBADF})
#: errors of a rename over a file that another program keeps open on a Windows share
_IN_USE = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY})
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
    """Append to a regular file in one call: what is there stays, whatever happens. A missing file is created.

    Raises OSError, also for a link or a pipe.
    """
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    handle = os.open(path, flags, 0o666)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.ENXIO, os.strerror(errno.ENXIO), str(path))
        os.write(handle, text.encode("utf-8", "backslashreplace"))
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


class FileInUseError(PermissionError):
    """A file cannot be replaced or removed although its folder can be written: an office program has it open.

    `strerror` is Vietnamese and states what to do; `filename` is the file.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(
            errno.EACCES,
            "tệp đang mở trong Excel hoặc chương trình khác: đóng tệp đó (không ai mở thì xem lại quyền ghi của tệp)",
            str(path),
        )


def replace_file(path: Path, data: bytes) -> None:
    """Create or replace a file in one step: a reader finds the old bytes or the new ones.

    A file that is replaced keeps its permissions and, where the system allows it, its owner. Raises OSError, whose
    `filename` is the path or its folder; FileInUseError if another program has the file open.
    """
    replace_files(path.parent, {path.name: data}, (), even_if_equal=True)


def is_left_empty(path: Path) -> bool:
    """Whether this is a regular file without content, as a write leaves that was interrupted in place.

    False for a file that does not exist or cannot be looked at.
    """
    try:
        there = path.lstat()
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(there.st_mode) and there.st_size == 0


def create_file(path: Path, data: bytes) -> None:
    """Create a file in one step; one without content that is there is replaced, because nothing in it can be lost.

    Raises FileExistsError if it exists with content, OSError if it cannot be written.
    """
    if is_left_empty(path):
        replace_file(path, data)
        return
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    _written({path: data}, lambda drafts: _name_new(drafts[path], path))


def replace_files(
    folder: Path, files: Mapping[str, bytes], gone: Iterable[str], *, even_if_equal: bool = False
) -> None:
    """Write all files as temporary ones, rename all but the last, remove those named in `gone`, then rename the last.

    Files that have these bytes already are not written, unless `even_if_equal`. Raises OSError before any name changes
    if the disk is full, the folder is read-only or a name belongs to a folder; no temporary file is left then.
    """
    wanted = {folder / n: data for n, data in files.items() if even_if_equal or not _holds(folder / n, data)}
    for path in wanted:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    removed = [folder / name for name in gone]

    def rename(drafts: Mapping[Path, Path]) -> None:
        for path in list(wanted)[:-1]:
            _name(drafts[path], path)
        for path in removed:
            _remove(path)
        for path in list(wanted)[-1:]:
            _name(drafts[path], path)

    if wanted or any(os.path.lexists(path) for path in removed):
        _written(wanted, rename)
    else:
        remove_left(folder)


def _written(files: Mapping[Path, bytes], rename: Callable[[Mapping[Path, Path]], None]) -> None:
    """Write each file under a temporary name, then call `rename` with final path -> temporary path. Raises OSError.

    All files are in one folder, or there are none and `rename` only removes.
    """
    for attempt in range(1, _TRIES + 1):
        drafts: dict[Path, Path] = {}
        handles: list[int] = []
        try:
            for path, data in files.items():
                handle, drafts[path] = _temporary(path)
                handles.append(handle)
                _fill(handle, path, data)
                if len(handles) > _MOST_OPEN:
                    os.close(handles.pop())
            rename(drafts)
        except FileNotFoundError as error:
            taken = any(str(draft) == error.filename for draft in drafts.values())
            if not taken or attempt == _TRIES:
                raise
        else:
            for folder in {path.parent for path in files}:
                sync_folder(folder)
                remove_left(folder)
            return
        finally:
            for draft in drafts.values():
                with suppress(OSError):
                    draft.unlink(missing_ok=True)
            for handle in handles:
                with suppress(OSError):
                    os.close(handle)


def _temporary(path: Path) -> tuple[int, Path]:
    """Create an empty temporary file beside `path`, locked while it is open: (handle, its path). Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".tthc-{secrets.token_hex(8)}.tmp")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise _about(path.parent, error) from None
    with suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return handle, draft


def _fill(handle: int, path: Path, data: bytes) -> None:
    """Write the content to the disk, with the permissions of the file that it will replace. Raises OSError."""
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(handle, left) :]
        with suppress(FileNotFoundError):
            there = path.lstat()
            if stat.S_ISREG(there.st_mode):
                with suppress(OSError):  # only root may give a file away; a share may know no owners
                    os.fchown(handle, there.st_uid, there.st_gid)
                with suppress(OSError):
                    os.fchmod(handle, stat.S_IMODE(there.st_mode))
        os.fsync(handle)
    except OSError as error:
        raise _about(path, error) from None


def _name(draft: Path, path: Path) -> None:
    """Rename a temporary file to its final name. Raises OSError, FileInUseError."""
    try:
        draft.replace(path)
    except FileNotFoundError:
        raise
    except OSError as error:
        in_use = error.errno in _IN_USE and os.path.lexists(path)
        raise FileInUseError(path) if in_use else _about(path, error) from None


def _name_new(draft: Path, path: Path) -> None:
    """Give a temporary file its final name, which must be free. Raises FileExistsError, OSError."""
    try:
        os.link(draft, path, follow_symlinks=False)
    except FileExistsError:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise _about(path, error) from None
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        _name(draft, path)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise FileInUseError(path) if error.errno in _IN_USE - {errno.EPERM} else _about(path, error) from None


def _about(path: Path, error: OSError) -> OSError:
    """The same error about the file that was to be written, not about its temporary name."""
    return OSError(error.errno, error.strerror, str(path))


def remove_left(folder: Path) -> None:
    """Remove the temporary files of killed programs: nobody holds their lock any more. Does not raise OSError.

    Every write into the folder does it too.
    """
    with suppress(OSError):
        for path in [p for p in folder.iterdir() if _TEMPORARY.fullmatch(p.name)]:
            with suppress(OSError):
                handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    path.unlink()
                finally:
                    os.close(handle)


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
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(handle)


def remove_path(path: Path) -> None:
    """Remove a file, a link or a folder with its content; does nothing if it does not exist. Raises OSError."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def error_reason(error: OSError) -> str:
    """Vietnamese: why a file or folder could not be written or read; the system's own words for a rare error."""
    if isinstance(error, FileInUseError):
        return str(error.strerror)
    return _REASONS.get(error.errno or 0, error.strerror or type(error).__name__)


def write_error_text(folder: Path, error: OSError, kept: str = "Không có gì được công bố.") -> str:
    """Vietnamese: why a folder could not be written, what is kept (`kept`), and to run again."""
    where = error.filename if isinstance(error, FileInUseError) else folder
    return f"Không ghi được vào {where}: {error_reason(error)}. {kept} Xử lý xong thì chạy lại."
