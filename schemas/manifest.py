"""manifest.json of a published revision (inputs, files, what was set aside), current.json and the signings."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
RevisionId = Annotated[str, Field(pattern=r"^r[1-9][0-9]{0,5}$")]


class ManifestPart(BaseModel):
    """Base of every part of a manifest. Unknown keys are refused, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class InputFile(ManifestPart):
    """One file of the period's raw folder. The hash is of the bytes that were read."""

    path: str
    sha256: Sha256
    role: str  # counts | replacement | form | unread; of older versions also supplement, corrections, printed


class RulebookUsed(ManifestPart):
    """The decision the scores follow."""

    id: str
    sha256: Sha256
    short: str = ""  # as people read it
    places: int = 2  # decimals a score is printed with
    ground: str = ""  # Vietnamese, why this one; "": made before this was recorded


class SetAside(ManifestPart):
    """What was not used, and the finding that gives the reason. `level`: its own row; `row`: it belongs to no unit."""

    what: Literal["unit", "file", "level", "row"]
    unit_id: str = ""
    name: str = ""  # of the unit or level, as people read it
    file: str = ""
    cell: str = ""
    code: str
    title: str = ""  # of the finding, Vietnamese


class LevelTotal(ManifestPart):
    """A level's total as printed; None where it was not scored."""

    unit_id: str
    name: str
    total: float | None
    total_max: float | None


class UnitCounts(ManifestPart):
    """How many units of the period were scored, set aside (missing ones too), or had nothing to score."""

    scored: int
    set_aside: int
    without_dossiers: int


class PastUsed(ManifestPart):
    """A published quarter before this one that it was compared with; findings depend on it."""

    period: str = Field(pattern=r"^\d{4}-Q[1-4]$")
    revision: str  # the signed one, else the current one; "" where none can be read
    counts_sha256: Sha256 | Literal[""] = ""  # of its counts.csv; "": not used
    in_doubt: list[str] = []  # units and levels whose counts of then are not compared
    damage: str = ""  # Vietnamese, what is no longer as it was published


class AnswerUsed(ManifestPart):
    """An answer of the office that a reading followed. `shown`, `text`: question and meaning, Vietnamese."""

    topic: str
    subject: str
    meaning: str
    shown: str = ""
    text: str = ""

    @property
    def words(self) -> str:
        """`G “Sớm” = Đã giải quyết trước hạn`."""
        return f"{self.shown or self.subject} = {self.text or self.meaning}"


class LayoutUsed(ManifestPart):
    """The answers of one person on one day about one layout of exports; counts depend on them."""

    name: str  # of its file in data/reference/layouts, without `.toml`
    by: str
    on: dt.date
    answers: list[AnswerUsed]

    @property
    def facts(self) -> tuple[str, str, str, tuple[tuple[str, str, str], ...]]:
        """What makes it another input: all but the wording."""
        answers = tuple((a.topic, a.subject, a.meaning) for a in self.answers)
        return self.name, self.by, self.on.isoformat(), answers


class OfficeWord(ManifestPart):
    """A value of the office's file that the report uses, because the quarter's forms leave it blank."""

    field: str  # of ReportFields; "documents" for a document, "classes" for the table of classes
    value: str


class BuiltWith(ManifestPart):
    """The program that made a revision: with the same program, the same inputs give the same files."""

    code_sha256: Sha256  # of the shipped files of its packages
    versions: dict[str, str]  # of Python and of the libraries that decide the content of a revision
    word_template: str = ""  # SHA-256 of the office's own template of bao-cao.docx, "" for the shipped one


class SignatureItem(ManifestPart):
    """One thing that keeps a revision from being signed. Texts are Vietnamese."""

    kind: Literal["error", "unit", "level", "partial_level", "class", "field", "explanation"]
    what: str  # what is missing or wrong
    where: str = ""  # file, sheet, cell or entry; "" for none
    action: str  # what to do


class Manifest(ManifestPart):
    """The record of a revision. The fingerprint covers what went in: not who, why, when, the flow run or the program.

    Revisions without `built_with` are those of older programs, whose fingerprint covers the program too.
    """

    period: str = Field(pattern=r"^\d{4}(-(Q[1-4]|H[12]))?$")  # a quarter, a half-year or a year
    revision: RevisionId
    previous: RevisionId | None
    #: the hash of the manifest of `previous`, "" for the first one; None: made before there was a ledger
    previous_sha256: Sha256 | Literal[""] | None = Field(default=None, exclude_if=lambda digest: digest is None)
    alternative: bool
    rulebook: RulebookUsed | None  # None: nothing in force, counted and checked only
    reason: str
    requested_by: str = ""  # who asked for it; no part of the fingerprint
    replaces: str = ""  # the signed report it replaces, as the report words it: "Báo cáo số … ngày …"
    #: why the replaced report was signed although something was missing
    replaced_despite: str = Field(default="", exclude_if=lambda reason: not reason)
    fingerprint: Sha256
    code_version: str
    built_with: BuiltWith | None = None  # None: made before this was recorded
    registry_sha256: Sha256
    inputs: list[InputFile]
    past: list[PastUsed] = []  # newest first; revisions of older versions have none
    #: answers of the office; not written where there are none, as in older versions
    layouts: list[LayoutUsed] = Field(default=[], exclude_if=lambda used: not used)
    #: not written where the report uses nothing of the office's file
    office: list[OfficeWord] = Field(default=[], exclude_if=lambda used: not used)
    set_aside: list[SetAside]
    units: UnitCounts
    totals: list[LevelTotal]
    findings: dict[Literal["error", "warning", "notice"], int]
    #: what kept it from being signed when it was published; None: made before this was recorded
    before_signature: list[SignatureItem] | None = Field(default=None, exclude_if=lambda items: items is None)
    flow_run_id: str | None  # None: run without Prefect
    created_at: dt.datetime
    files: dict[str, Sha256]  # every file of the revision but manifest.json itself


class Current(ManifestPart):
    """current.json: the revision that is in effect, and the hash of its manifest."""

    revision: RevisionId
    manifest_sha256: Sha256


class Signing(ManifestPart):
    """A revision that was signed and issued as a document, and the hash of its manifest then."""

    revision: RevisionId
    manifest_sha256: Sha256
    number: str  # "85/BC-UBND"
    date: dt.date
    recorded_by: str
    recorded_at: dt.datetime
    #: why it was signed although something was missing, and what was missing; "" and empty for a ready revision
    despite: str = Field(default="", exclude_if=lambda reason: not reason)
    missing: tuple[str, ...] = Field(default=(), exclude_if=lambda items: not items)


class Signings(ManifestPart):
    """ky-ban-hanh.json: every signing of a period, oldest first; the last one is in effect."""

    signings: tuple[Signing, ...]
