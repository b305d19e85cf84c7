"""`python -m flows.watch`: a new or changed file in data/raw/<kỳ> starts a review of that period.

A light poll, because a shared folder of the network tells nobody of a change. A folder is at rest when two looks in a
row see the same sizes and times; it is reviewed when what its files hold is not what was reviewed last. What was
reviewed stands in data/out/.theo-doi.json, so nothing is started twice, and nothing is forgotten, over a restart.
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
from flows.server.folder_state import Folder, Look, changed_while_reading, content, folders, look
from pipeline.publish.atomic_files import replace_file
from pipeline.publish.revisions import CURRENT

MEMORY, LOCK = ".theo-doi.json", ".theo-doi.khoa"
SECONDS = 20.0
DEPLOYMENT = "Rà soát số liệu/ra-soat-so-lieu"

#: starts a review of a period; the second argument is the same for the same change and never for another
Start = Callable[[str, str], None]
Say = Callable[[str], None]


@dataclass
class Watch:
    """The watcher between two looks. `start` may raise: the change is then taken up at the next look."""

    data_dir: Path
    start: Start
    say: Say
    _before: dict[str, Look] = field(default_factory=dict)
    _memory: dict[str, dict[str, str | int]] = field(default_factory=dict)
    _troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        path = self.data_dir / "out" / MEMORY
        try:
            read = json.loads(path.read_bytes())
            self._memory = {str(k): dict(v) for k, v in read.items()}
        except FileNotFoundError:
            pass
        except (ValueError, AttributeError, TypeError):
            self.say(f"{path} không đọc được: coi như bắt đầu theo dõi từ đầu.")

    def once(self) -> None:
        """Look at every period; start what is at rest and new."""
        troubles = []
        try:
            for folder in folders(self.data_dir / "raw"):
                try:
                    self._look(folder)
                except Exception as error:  # one period's trouble is not the others'
                    troubles.append(_said(error))
        except OSError as error:
            troubles.append(_said(error))
        # a share or a server that is away: said once, and looked at again
        for text in dict.fromkeys(troubles):
            if text not in self._troubles:
                self.say(f"Chưa theo dõi được ({text}); sẽ thử lại.")
        self._troubles = troubles

    def _look(self, folder: Folder) -> None:
        name, seen = str(folder.period), look(folder.path)
        at_rest = self._before.get(name) == seen
        self._before[name] = seen
        mark = hashlib.sha256(repr(seen).encode("utf-8", "surrogateescape")).hexdigest()
        known = self._memory.get(name, {})
        if not at_rest or known.get("look") == mark:
            return
        holds = content(folder.path, seen) if seen else ""
        if changed_while_reading(folder.path, seen):
            return
        starts = int(known.get("starts", 0))
        # a period that was published before anybody watched it is as it was published
        settled = not known and (self.data_dir / "out" / name / CURRENT).is_file()
        # a folder that was emptied is reviewed too: what was said of its files is no longer true
        if holds != known.get("content", "") and not settled:
            starts += 1
            self.start(name, f"{name}:{starts}:{holds}")
            self.say(f"{name}: có {len(seen)} tệp, mới hoặc đã thay đổi; bắt đầu rà soát.")
        self._memory[name] = {"content": holds, "starts": starts, "look": mark}
        self._remember()

    def _remember(self) -> None:
        out = self.data_dir / "out"
        out.mkdir(parents=True, exist_ok=True)
        replace_file(out / MEMORY, json.dumps(self._memory, indent=1, sort_keys=True).encode())


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]


@contextmanager
def alone(data_dir: Path) -> Iterator[bool]:
    """Whether this is the only watcher of a data folder; its death frees the place."""
    (data_dir / "out").mkdir(parents=True, exist_ok=True)
    handle = os.open(data_dir / "out" / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
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
    """Create the run on the server, once for each key whoever asks."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name(DEPLOYMENT)
        client.create_flow_run_from_deployment(
            deployment.id, parameters={"period": period}, idempotency_key=key, name=f"{period} · rà soát"
        )


def main(arguments: list[str] | None = None) -> int:
    """Watch until SIGTERM or Ctrl-C. Exit status 0, or 1 where there is nothing to watch or to tell it to."""
    parser = argparse.ArgumentParser(prog="python -m flows.watch", description="Theo dõi thư mục số liệu.")
    parser.add_argument("--data", type=Path, default=None, help="thư mục có raw/, out/ (mặc định: của dự án)")
    parser.add_argument("--every", type=float, default=SECONDS, help="số giây giữa hai lần nhìn")
    asked = parser.parse_args(arguments)
    if "prefect" not in sys.modules:
        runtime.prepare(quiet=True)
    data_dir: Path = asked.data or runtime.default_data_dir()
    if not runtime.server_address():
        say("Chưa biết máy chủ Prefect nào: đặt PREFECT_API_URL, như http://127.0.0.1:4200/api.")
        return 1
    if not (data_dir / "raw").is_dir():
        say(f"Không có thư mục {data_dir / 'raw'}.")
        return 1
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with alone(data_dir) as only:
        if not only:
            say(f"Đã có một tiến trình khác theo dõi {data_dir}.")
            return 1
        say(f"Theo dõi {data_dir / 'raw'}, {asked.every:g} giây một lần.")
        watch = Watch(data_dir, start_review, say)
        while not stop.is_set():
            watch.once()
            stop.wait(asked.every)
    return 0


def say(text: str) -> None:
    """One line, at once: it is read in the journal of the machine."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
