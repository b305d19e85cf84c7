"""A PostgreSQL cluster of a test's own: reached by its own socket only, no network port, gone at the end."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from processes import until

#: who owns the cluster where the tests run as root, which PostgreSQL refuses to: Debian's package makes the first
UNPRIVILEGED = ("postgres", "nobody")


def programs() -> Path | None:
    """The folder of PostgreSQL's programs (Debian keeps them out of the PATH), newest version first."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    debian = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(debian, key=lambda p: int(p.parent.name), default=None)


@dataclass(frozen=True)
class Cluster:
    """A running cluster. `place` holds its data, its socket and its log."""

    bin: Path
    place: Path
    owner: str

    def run(self, program: str, *arguments: str, database: str = "postgres", stdin: str = "") -> str:
        """One of its programs as a client; what it printed. AssertionError with its complaint."""
        address = {"PGHOST": str(self.place), "PGUSER": self.owner, "PGDATABASE": database}
        done = subprocess.run(
            [self.bin / program, *arguments], env={**os.environ, **address},
            input=stdin, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def url(self, role: str, database: str) -> str:
        """For Prefect's server."""
        return f"postgresql+asyncpg://{role}@/{database}?host={self.place}"


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A new cluster, stopped and removed at the end. Call where `programs()` finds some."""
    found = programs()
    assert found is not None
    owner, as_owner = _owner()
    # PostgreSQL's user must be able to walk there, so not below a test's own folder; a socket's path is at most 107 long
    place = Path(tempfile.mkdtemp(prefix="tthc-pg-"))
    server = None
    try:
        if as_owner:
            shutil.chown(place, owner, pwd.getpwnam(owner).pw_gid)
        data, log = place / "data", place / "server.log"
        subprocess.run(
            [*as_owner, found / "initdb", "--pgdata", data, "--auth", "trust", "--encoding", "UTF8", "--no-locale",
             "--no-sync", "--username", owner],
            cwd=place, stdout=subprocess.DEVNULL, check=True,
        )  # fmt: skip
        with log.open("wb") as output:
            server = subprocess.Popen(
                [*as_owner, found / "postgres", "-D", data, "-k", place, "-c", "listen_addresses=", "-c", "fsync=off"],
                cwd=place, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip

        def ready() -> bool:
            assert server.poll() is None, log.read_text("utf-8", "replace")
            asked = [found / "pg_isready", "--quiet", "--host", place]
            return subprocess.run(asked, check=False).returncode == 0

        until("PostgreSQL answers", ready, 60)
        yield Cluster(found, place, owner)
    finally:
        if server is not None:
            server.terminate()  # smart: waits for the clients
            try:
                server.wait(5)
            except subprocess.TimeoutExpired:
                server.send_signal(3)  # SIGQUIT, immediate: its own processes go with it
                server.wait(20)
        shutil.rmtree(place, ignore_errors=True)


def _owner() -> tuple[str, Sequence[str]]:
    """(user name, what to put before a command to run it as that user)."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid()).pw_name, ()
    names = {user.pw_name for user in pwd.getpwall()}
    owner = next(name for name in UNPRIVILEGED if name in names)
    return owner, ("setpriv", f"--reuid={owner}", f"--regid={pwd.getpwnam(owner).pw_gid}", "--clear-groups")
