"""Entries of the ledger of publications, data/out/so-cong-bo: each names the hash of the entry before."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from schemas.manifest import ManifestPart, RevisionId, Sha256, Signings

#: a folder of revisions, below data/out: of a period or of an alternative rulebook
RevisionFolder = Annotated[str, Field(pattern=r"^[0-9]{4}(-(Q[1-4]|H[12]))?(/phuong-an/[A-Za-z0-9][^/]*)?$")]


class KnownRevision(ManifestPart):
    """A revision and the hash of its manifest. `folder`: relative to data/out, with `/`."""

    folder: RevisionFolder
    revision: RevisionId
    manifest_sha256: Sha256 | Literal[""]  # "": it had no readable manifest when it was recorded


class KnownSignings(ManifestPart):
    """The record of signings of a period, as it is in its file."""

    folder: RevisionFolder
    record: Signings


class Started(ManifestPart):
    """The first entry: what programs without a ledger had published and what was signed."""

    kind: Literal["started"] = "started"
    revisions: list[KnownRevision]
    signings: list[KnownSignings]


class Published(ManifestPart):
    """A revision is published. The entry is written before the revision gets its name."""

    kind: Literal["published"] = "published"
    revision: KnownRevision


class Signed(ManifestPart):
    """A signing is recorded. The entry holds the whole record, and is written before the file of the period."""

    kind: Literal["signed"] = "signed"
    signings: KnownSignings


class AcceptedProblem(ManifestPart):
    """What a person accepted: the place as `tthc verify` prints it, and the state in which it was found."""

    place: str
    state: str


class Accepted(ManifestPart):
    """A person accepted what `tthc verify` found, and why.

    `adopted`: revisions that no entry held. `anchors`: number of an entry of the ledger -> its hash as it is now.
    """

    kind: Literal["accepted"] = "accepted"
    problems: list[AcceptedProblem]
    adopted: tuple[KnownRevision, ...] = ()
    anchors: dict[int, Sha256] = Field(default={})
    reason: str
    by: str


Event = Annotated[Started | Published | Signed | Accepted, Field(discriminator="kind")]


class LedgerEntry(ManifestPart):
    """One entry. `before`: the hash of the bytes of the entry before, "" for the first one."""

    number: int = Field(ge=1)
    before: Sha256 | Literal[""]
    at: dt.datetime
    event: Event
