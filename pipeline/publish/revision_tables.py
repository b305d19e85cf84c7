"""The tables of a published revision, read back as frames of texts so that two revisions can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.publish.csv_tables import read_csv_table
from pipeline.publish.revisions import MANIFEST, VERIFY, altered_files, published_file
from schemas.manifest import Manifest

#: names of the tables that are compared, without `.csv`
TABLES = ("counts", "criterion_scores", "unit_scores", "level_scores", "officer_scores", "appraisals", "replaced")
#: tables that older revisions lack; `replaced` is there only where a unit sent a new export
_NEWER = {"appraisals", "replaced"}
_SIDES = [f"{side}_{part}" for side in ("old", "new") for part in ("value", "file", "sheet", "cell")]
#: needed columns of unit_scores and level_scores
_ROW = ("unit_id", "name", "status", "status_reason", "total", "officer_average", "class_law", "class_local")
#: table -> the columns that a comparison needs
_NEEDED: dict[str, set[str]] = {
    "counts": {"unit_id", "measure", "value"},
    "criterion_scores": {"unit_id", "criterion", "number", "label", "score", "printed"},
    "unit_scores": {*_ROW, "rank"},
    "level_scores": set(_ROW),
    "officer_scores": {"officer", "unit_id", "score", "class_law"},
    "appraisals": {"unit_id", "criterion", "number", "label", "appraised", "appraiser", "reason", "used"},
    "replaced": {"unit_id", "measure", *_SIDES, "reason", "approver", "approved_on"},
}


class IncomparableError(Exception):
    """The tables of a revision cannot be read. The message is Vietnamese; the revisions cannot be compared."""


@dataclass(frozen=True)
class RevisionFrames:
    """The tables of a published revision as frames of texts, with the columns of `schemas.frames`; "" is an empty cell.

    Rows: counts, one per unit, measure and source; criterion_scores and appraisals, one per unit and criterion;
    unit_scores, level_scores and officer_scores, one per unit, level and officer; replaced, one per unit and measure.
    """

    manifest: Manifest
    counts: pd.DataFrame
    criterion_scores: pd.DataFrame
    unit_scores: pd.DataFrame
    level_scores: pd.DataFrame
    officer_scores: pd.DataFrame
    appraisals: pd.DataFrame
    replaced: pd.DataFrame


def read_frames(files: Mapping[str, bytes], manifest: Manifest) -> RevisionFrames:
    """The tables of a revision. `files`: file name -> bytes. Raises IncomparableError that names the bad file."""
    return RevisionFrames(manifest, **{table: _table(table, files.get(f"{table}.csv")) for table in TABLES})


def read_revision(folder: Path, manifest: Manifest) -> RevisionFrames:
    """The tables in a published revision's folder, as they were published.

    A table that is not among the published files is not read. Raises IncomparableError if a table or the manifest was
    altered or is missing, OSError if a share does not answer.
    """
    if MANIFEST in altered_files(folder, manifest):
        raise IncomparableError(f"{MANIFEST} đã bị sửa sau khi công bố ({VERIFY})")
    files = {}
    for name in (f"{table}.csv" for table in TABLES if f"{table}.csv" in manifest.files):
        data = published_file(folder, manifest, name)
        if data is None:
            raise IncomparableError(f"{name} thiếu hoặc đã bị sửa sau khi công bố ({VERIFY})")
        files[name] = data
    return read_frames(files, manifest)


def _table(table: str, data: bytes | None) -> pd.DataFrame:
    if data is None and table in _NEWER:
        return pd.DataFrame(columns=sorted(_NEEDED[table]), dtype="str")
    if data is None:
        raise IncomparableError(f"thiếu {table}.csv")
    try:
        frame = read_csv_table(data)
    except (ValueError, pd.errors.ParserError):
        raise IncomparableError(f"không đọc được {table}.csv") from None
    missing = _NEEDED[table] - set(frame.columns)
    if missing:
        raise IncomparableError(f"{table}.csv thiếu cột {', '.join(sorted(missing))}")
    if table == "appraisals" and not frame["appraised"].str.fullmatch(r"\d*(\.\d+)?").all():
        raise IncomparableError("appraisals.csv có ô không phải số điểm")
    if table == "counts" and not frame["value"].str.fullmatch(r"\d+").all():
        raise IncomparableError("counts.csv có ô không phải số nguyên")
    return frame
