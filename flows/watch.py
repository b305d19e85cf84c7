"""`python -m flows.watch`: starts a review of a period when files in data/raw/<kỳ> are new or changed.

The watcher polls, because a network share sends no change events. A folder is ready when two polls in a row find the
same names, sizes and times. It is reviewed if the content of its files differs from the content reviewed last. That
state is stored in data/out/.theo-doi.json, so after a restart nothing is reviewed twice and no change is lost.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flows.server import runtime
from flows.server.folder_state import (
    FolderSnapshot,
    PeriodFolder,
    changed_while_reading,
    content_hash,
    folder_snapshot,
    period_folders,
)
from flows.steps.failures import JobFailed, is_own
from flows.steps.question_file import questions_written
from flows.steps.terminal import echo
from pipeline.publish.atomic_files import regular_bytes, replace_file
from pipeline.publish.revisions import CURRENT

#: names in out/: the stored state, and the lock of the only watcher
MEMORY, LOCK = ".theo-doi.json", ".theo-doi.khoa"
#: seconds between two polls
SECONDS = 20.0
DEPLOYMENT = "Rà soát số liệu/ra-soat-so-lieu"

#: starts a review: (period, key). The key is equal for the same change and different for any other
Start = Callable[[str, str], None]
Print = Callable[[str], None]


@dataclass
class Watcher:
    """The watcher between two polls. If `start` raises, the change is tried again at the next poll."""

    data_dir: Path
    start: Start
    print: Print
    _before: dict[str, FolderSnapshot] = field(default_factory=dict)
    _memory: dict[str, dict[str, str | int]] = field(default_factory=dict)
    _troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        path = self.data_dir / "out" / MEMORY
        try:
            read = json.loads(regular_bytes(path))
            self._memory = {str(k): dict(v) for k, v in read.items()}
        except FileNotFoundError:
            pass
        except (OSError, ValueError, AttributeError, TypeError):
            self.print(f"{path} không đọc được: coi như bắt đầu theo dõi từ đầu.")

    def poll(self) -> None:
        """Check every period's folder once and start a review of each that is ready and changed. Raises nothing."""
        troubles = []
        try:
            for folder in period_folders(self.data_dir / "raw"):
                try:
                    self._check(folder)
                except Exception as error:  # an error in one period must not stop the others
                    troubles.append(_cause(error))
        except OSError as error:
            troubles.append(_cause(error))
        # an error that lasts (a share or a server that does not answer) is printed only once
        for text in dict.fromkeys(troubles):
            if text not in self._troubles:
                self.print(f"Chưa theo dõi được ({text}); sẽ thử lại.")
        self._troubles = troubles

    def _check(self, folder: PeriodFolder) -> None:
        """Start a review if the folder is ready and its content is new. Raises what `start` raises, and OSError."""
        name, seen = str(folder.period), folder_snapshot(folder.path)
        ready = self._before.get(name) == seen
        self._before[name] = seen
        snapshot_hash = hashlib.sha256(repr(seen).encode("utf-8", "surrogateescape")).hexdigest()
        known = self._memory.get(name, {})
        if not ready or known.get("look") == snapshot_hash:
            return
        own = questions_written(self.data_dir / "out" / name)
        content = content_hash(folder.path, seen, own) if seen else ""
        if changed_while_reading(folder.path, seen):
            return
        starts = int(known.get("starts", 0))
        # a period that was published before the watcher first saw it is not reviewed until a file changes
        published_before = not known and (self.data_dir / "out" / name / CURRENT).is_file()
        # an emptied folder is reviewed too, because the last review is no longer true
        if content != known.get("content", "") and not published_before:
            starts += 1
            self.start(name, f"{name}:{starts}:{content}")
            self.print(f"{name}: có {len(seen)} tệp, mới hoặc đã thay đổi; bắt đầu rà soát.")
        self._memory[name] = {"content": content, "starts": starts, "look": snapshot_hash}
        self._remember()

    def _remember(self) -> None:
        """Store the state. Raises OSError."""
        out = self.data_dir / "out"
        out.mkdir(parents=True, exist_ok=True)
        replace_file(out / MEMORY, json.dumps(self._memory, indent=1, sort_keys=True).encode())


def _cause(error: Exception) -> str:
    """The error in a line. Other messages than those of this program and the file system may hold a cell: left out."""
    if is_own(error):
        return f"{type(error).__name__}: {error}".splitlines()[0]
    if isinstance(error, OSError) and error.strerror:
        return ": ".join(map(str, filter(None, (type(error).__name__, error.strerror, error.filename))))
    return type(error).__name__


@contextmanager
def single_watcher(data_dir: Path) -> Iterator[bool]:
    """Hold the watcher's lock of a data folder; yields false if another process holds it. It ends with the process."""
    (data_dir / "out").mkdir(parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    handle = os.open(data_dir / "out" / LOCK, flags, 0o666)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


def start_review(period: str, key: str) -> None:
    """Create a run of the review on the server. A second call with the same key creates none.

    Raises Prefect's and httpx's exceptions if the server does not answer or the deployment is missing.
    """
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name(DEPLOYMENT)
        client.create_flow_run_from_deployment(
            deployment.id, parameters={"period": period}, idempotency_key=key, name=f"{period} · rà soát"
        )


def main(arguments: list[str] | None = None) -> int:
    """Watch until SIGTERM or Ctrl-C. Exit status: 0, or 1 without a server or a raw folder, or with another watcher."""
    parser = argparse.ArgumentParser(prog="python -m flows.watch", description="Theo dõi thư mục số liệu.")
    parser.add_argument("--data", type=Path, default=None, help="thư mục có raw/, out/ (mặc định: của dự án)")
    parser.add_argument("--every", type=float, default=SECONDS, help="số giây giữa hai lần nhìn")
    asked = parser.parse_args(arguments)
    if "prefect" not in sys.modules:
        runtime.prepare(quiet=True)
    data_dir: Path = asked.data or runtime.default_data_dir()
    server = runtime.server_address()
    if not server:
        print_line("Chưa biết máy chủ Prefect nào: đặt PREFECT_API_URL, như http://127.0.0.1:4200/api.")
        return 1
    if not (data_dir / "raw").is_dir():
        print_line(f"Không có thư mục {data_dir / 'raw'}.")
        return 1
    try:
        runtime.log_in(server)
    except JobFailed as error:
        print_line(str(error))
        return 1
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with single_watcher(data_dir) as only:
        if not only:
            print_line(f"Đã có một tiến trình khác theo dõi {data_dir}.")
            return 1
        print_line(f"Theo dõi {data_dir / 'raw'}, {asked.every:g} giây một lần.")
        watcher = Watcher(data_dir, start_review, print_line)
        while not stop.is_set():
            watcher.poll()
            stop.wait(asked.every)
    return 0


def print_line(text: str) -> None:
    """Print and flush one line, so that it is in the machine's journal at once."""
    echo(text)


if __name__ == "__main__":
    sys.exit(main())
