"""Small revisions to publish, for tests of what is on the disk."""

import datetime as dt
from pathlib import Path

from pipeline.publish.atomic_files import LOCK
from pipeline.publish.fingerprint import sha256
from schemas.manifest import Manifest, UnitCounts

FILES = {"bao-cao.md": "# Báo cáo\n".encode(), "counts.csv": b"unit_id\n", "bieu-do/cap-xa.svg": b"<svg/>"}


def manifest(revision: str, previous: str | None = None, mark: str = "a") -> Manifest:
    return Manifest(
        period="2022-Q1",
        revision=revision,
        previous=previous,
        alternative=False,
        rulebook=None,
        reason="",
        fingerprint=sha256(mark.encode()),
        code_version="0",
        registry_sha256=sha256(b"registry"),
        inputs=[],
        set_aside=[],
        units=UnitCounts(scored=1, set_aside=0, without_dossiers=0),
        totals=[],
        findings={"error": 0, "warning": 0, "notice": 0},
        flow_run_id=None,
        created_at=dt.datetime(2022, 3, 15, 8, tzinfo=dt.UTC),
        files={},
    )


def content(folder: Path) -> dict[str, bytes]:
    """Every file under a folder but the lock."""
    paths = [p for p in folder.rglob("*") if p.is_file() and p.name != LOCK]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in paths}
