"""The values that the steps of a run pass on: what was read, the drafted revision, the result of the run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flows.steps.raw_folder import RawFiles
from pipeline.publish.published_quarters import PastQuarter
from pipeline.publish.revision_diff import Changes
from pipeline.publish.revision_state import RevisionState
from pipeline.quarter import Reading
from schemas.manifest import Manifest


@dataclass(frozen=True)
class Inputs:
    """Everything a run reads. The hashes of `raw`, `registry_sha256` and `past` go into the manifest."""

    reading: Reading
    raw: RawFiles
    registry_sha256: str
    past: tuple[PastQuarter, ...] = ()  # published quarters before this one, newest first


@dataclass(frozen=True)
class Draft:
    """A revision that is ready to be published.

    `unchanged`: the current revision has the same inputs and the same text; `manifest` is then that revision's and
    there is nothing to publish. `refused`: Vietnamese, why the draft must not be published and what to do; "" if it
    may be published.
    """

    manifest: Manifest
    files: dict[str, bytes]  # path inside the revision's folder -> content
    unchanged: bool
    notes: tuple[str, ...]  # Vietnamese: damaged revisions, later quarters, a report number that is used already
    changes: Changes | None = None  # against the current revision; None if there is none to compare with
    refused: str = ""


@dataclass(frozen=True)
class RunResult:
    """How a run ended that published a revision or found it unchanged."""

    manifest: Manifest
    path: Path  # the revision's folder
    unchanged: bool
    notes: tuple[str, ...]  # as in Draft
    signature: RevisionState | None = None  # None for an alternative, which is never signed
    ledger: str = ""  # Vietnamese, the last entry of the ledger and its hash

    @property
    def state(self) -> str:
        """Completed | CompletedWithExclusions | Unchanged."""
        if self.unchanged:
            return "Unchanged"
        return "CompletedWithExclusions" if self.manifest.set_aside else "Completed"
