"""The manifest of a revision before it is published."""

from __future__ import annotations

import datetime as dt
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

import pandas as pd

from flows.steps.raw_folder import RawFiles
from pipeline.finding_catalogue import catalogue
from pipeline.findings import unit_ids
from pipeline.load.content.before_signature import before_signature
from pipeline.publish.fingerprint import code_hash, fingerprint, rulebook_hash, sha256
from pipeline.publish.revisions import CurrentRevision
from pipeline.publish.signing import report_name
from pipeline.result import Scored
from pipeline.rulebooks import RulebookChoice
from pipeline.validate.statuses import NOT_SCORED
from schemas.frames import TOTALLED
from schemas.manifest import (
    BuiltWith,
    InputFile,
    LevelTotal,
    Manifest,
    PastUsed,
    RulebookUsed,
    SetAside,
    Signing,
    UnitCounts,
)
from schemas.rulebook import Rulebook

#: code that a manifest gives for the units of a file set aside
_IN_FILE = "unit_in_file_set_aside"
#: libraries that read files or write reports: their versions are recorded in the manifest
LIBRARIES = (
    "defusedxml",
    "docxtpl",
    "fastparquet",
    "jinja2",
    "lxml",
    "numpy",
    "olefile",
    "openpyxl",
    "pandas",
    "pandera",
    "pydantic",
    "python-calamine",
    "python-docx",
)


def draft_manifest(
    scored: Scored,
    choice: RulebookChoice,
    raw: RawFiles,
    registry_sha256: str,
    current: CurrentRevision,
    reason: str,
    requested_by: str = "",
    signing: Signing | None = None,
    past: Sequence[PastUsed] = (),
    word_template: bytes | None = None,
) -> Manifest:
    """The manifest without `files` (hashes), `created_at` and `flow_run_id`, which are set when it is published.

    `current`: the current revision of the folder. `signing`: the signed revision, whose report the new one replaces.
    `past`: the published quarters that findings compare with. `word_template`: the office's own template.
    """
    period, rulebook, code = scored.checked.period, choice.rulebook, code_hash()
    replaces = report_name(signing) if signing is not None else ""
    inputs_hash = fingerprint(
        period=str(period),
        inputs=raw.hashes,
        registry_sha256=registry_sha256,
        rulebook=rulebook.id if rulebook else "",
        alternative=choice.alternative,
        replaces=replaces,
        past=[used.model_dump() for used in past],
        layouts=scored.checked.layouts,
        office=scored.checked.office,
    )
    roles = {s.path: s.role for s in scored.checked.sources}
    return Manifest(
        period=str(period),
        revision=current.next_revision,
        previous=current.manifest.revision if current.manifest else None,
        alternative=choice.alternative,
        rulebook=_rulebook(rulebook, choice.ground) if rulebook else None,
        reason=reason,
        requested_by=requested_by,
        replaces=replaces,
        fingerprint=inputs_hash,
        code_version=f"{_project_version()}+{code[:12]}",
        built_with=BuiltWith(
            code_sha256=code,
            versions=_versions(),
            word_template=sha256(word_template) if word_template is not None else "",
        ),
        registry_sha256=registry_sha256,
        inputs=[
            InputFile(path=name, sha256=sha256(data), role=roles.get(name, "unread"))
            for name, data in raw.files.items()
        ],
        past=list(past),
        layouts=list(scored.checked.layouts),
        office=list(scored.checked.office),
        set_aside=_set_aside(scored.findings, scored.checked.entities),
        units=_unit_counts(scored.checked.entities),
        totals=_totals(scored.level_scores),
        before_signature=list(before_signature(scored)),
        replaced_despite=signing.despite if signing is not None else "",
        findings={s: int((scored.findings["severity"] == s).sum()) for s in ("error", "warning", "notice")},
        flow_run_id=None,
        created_at=dt.datetime.fromtimestamp(0, dt.UTC),  # placeholder
        files={},
    )


def _rulebook(rulebook: Rulebook, ground: str) -> RulebookUsed:
    places, digest = rulebook.rounding.print_places, rulebook_hash(rulebook)
    return RulebookUsed(id=rulebook.id, sha256=digest, short=rulebook.short, places=places, ground=ground)


def _set_aside(findings: pd.DataFrame, entities: pd.DataFrame) -> list[SetAside]:
    names = dict(zip(entities["unit_id"], entities["name"], strict=True))
    rows = findings.loc[findings["sets_aside"] != "none"].to_dict("records")
    parts = [
        SetAside(
            what=r["sets_aside"],
            unit_id=unit,
            name=names.get(unit, ""),
            file=r["file"],
            cell=r["cell"],
            code=r["code"],
            title=catalogue()[r["code"]].title,
        )
        for r in rows
        for unit in ([] if r["sets_aside"] == "file" else unit_ids(r)) or [""]
    ]
    for r in rows:  # the units that have counts in a file set aside only
        for unit in unit_ids(r) if r["sets_aside"] == "file" else ():
            name, title = names.get(unit, ""), catalogue()[_IN_FILE].title
            parts.append(SetAside(what="unit", unit_id=unit, name=name, file=r["file"], code=_IN_FILE, title=title))
    return list(dict.fromkeys(parts))


def _unit_counts(entities: pd.DataFrame) -> UnitCounts:
    status = entities.loc[entities["kind"] == "unit", "status"]
    return UnitCounts(
        scored=int(status.isin(TOTALLED).sum()),
        set_aside=int(status.isin(NOT_SCORED).sum()),
        without_dossiers=int(status.isin(["no_dossiers", "no_resolved"]).sum()),
    )


def _totals(levels: pd.DataFrame) -> list[LevelTotal]:
    return [
        LevelTotal(unit_id=r["unit_id"], name=r["name"], total=_number(r["total"]), total_max=_number(r["total_max"]))
        for r in levels.to_dict("records")
    ]


def _number(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def _versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


def _project_version() -> str:
    try:
        return version("tthc-scorecard")
    except PackageNotFoundError:  # run from a bare source tree
        return "0"
