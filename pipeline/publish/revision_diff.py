"""This revision against another: which inputs, counts, scores, ranks and classes changed.

Both sides are read from what was published (the CSVs and the manifest), never from memory: `thay-doi.md` and
`tthc diff` say the same of the same two revisions, what differs is there for a reader of the files to see.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.publish import published_quarters
from pipeline.publish.csv_tables import read_table
from pipeline.text import vn_decimal
from schemas.manifest import Manifest
from schemas.measures import MEASURE_NAMES

#: where a revision shows its changes against the one before: a file, and a sheet of the workbook
CHANGES_FILE, CHANGES_SHEET = "thay-doi.md", "Thay đổi"
#: the published tables that are compared, by their file name
TABLES = ("counts", "criterion_scores", "unit_scores", "level_scores", "officer_scores", "appraisals")
#: tables that older revisions do not have: nothing was appraised then
_NEWER = {"appraisals"}
_ROW = ("unit_id", "name", "status", "status_reason", "total", "officer_average", "class_law", "class_local")
#: the columns a comparison needs
_NEEDED: dict[str, set[str]] = {
    "counts": {"unit_id", "measure", "value"},
    "criterion_scores": {"unit_id", "criterion", "number", "label", "score", "printed"},
    "unit_scores": {*_ROW, "rank"},
    "level_scores": set(_ROW),
    "officer_scores": {"officer", "unit_id", "score", "class_law"},
    "appraisals": {"unit_id", "criterion", "number", "label", "appraised", "appraiser", "reason", "used"},
}
#: differences below are the last bit of a float, not a change
_SAME = 1e-9


class IncomparableError(Exception):
    """A revision whose tables cannot be read. The message is Vietnamese."""


@dataclass(frozen=True)
class RevisionFrames:
    """A published revision as text frames: the columns of `schemas.frames`, "" where there is nothing."""

    manifest: Manifest
    counts: pd.DataFrame
    criterion_scores: pd.DataFrame
    unit_scores: pd.DataFrame
    level_scores: pd.DataFrame
    officer_scores: pd.DataFrame
    appraisals: pd.DataFrame


@dataclass(frozen=True)
class Change:
    """One thing that is not as it was. Texts as published (numbers with a point); "" = not there."""

    subject: str  # file, or unit_id
    name: str  # Vietnamese: unit, officer
    item: str  # Vietnamese: measure, criterion, "Tổng điểm", …
    before: str
    after: str


@dataclass(frozen=True)
class Changes:
    """What lies between two revisions of one period, each list in the order of the published tables."""

    before: Manifest
    after: Manifest
    inputs: tuple[Change, ...]  # item: thêm | bỏ | sửa
    grounds: tuple[Change, ...]  # registry, rulebook, program, libraries, quarters before
    counts: tuple[Change, ...]
    status: tuple[Change, ...]
    criteria: tuple[Change, ...]
    totals: tuple[Change, ...]  # total and officers' average, and their maxima where those are others
    ranks: tuple[Change, ...]
    classes: tuple[Change, ...]
    officers: tuple[Change, ...]
    appraisals: tuple[Change, ...]  # no results: what they changed stands under the criteria

    @property
    def results(self) -> int:
        """How many counts, scores, ranks and classes changed."""
        parts = (
            self.counts,
            self.status,
            self.criteria,
            self.totals,
            self.ranks,
            self.classes,
            self.officers,
        )
        return sum(map(len, parts))


def read_frames(files: Mapping[str, bytes], manifest: Manifest) -> RevisionFrames:
    """The tables of a revision from its files. Raises IncomparableError naming the bad file."""
    return RevisionFrames(manifest, **{table: _table(table, files.get(f"{table}.csv")) for table in TABLES})


def read_revision(folder: Path, manifest: Manifest) -> RevisionFrames:
    """The tables of a published revision folder. Raises IncomparableError."""
    paths = [folder / f"{table}.csv" for table in TABLES]
    return read_frames({p.name: p.read_bytes() for p in paths if p.is_file()}, manifest)


def _table(table: str, data: bytes | None) -> pd.DataFrame:
    if data is None and table in _NEWER:
        return pd.DataFrame(columns=sorted(_NEEDED[table]), dtype="str")
    if data is None:
        raise IncomparableError(f"thiếu {table}.csv")
    try:
        frame = read_table(data)
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


def changes(before: RevisionFrames, after: RevisionFrames) -> Changes:
    """Everything that is different in `after`."""
    names = {**_names(before), **_names(after)}
    old, new = _scores(before), _scores(after)

    def scored(*items: str) -> tuple[Change, ...]:
        return _changed(_item(old, *items), _item(new, *items), names, _SCORE_ITEMS)

    return Changes(
        before=before.manifest,
        after=after.manifest,
        inputs=tuple(_inputs(before.manifest, after.manifest)),
        grounds=tuple(_grounds(before.manifest, after.manifest)),
        counts=_changed(_counts(before), _counts(after), names, MEASURE_NAMES),
        status=scored("status"),
        criteria=_changed(_criteria(before), _criteria(after), names, {**_labels(before), **_labels(after)}),
        totals=tuple(
            c
            for c in scored("total", "total_max", "officer_average", "officer_average_max")
            if c.item not in _MAXIMA or (c.before and c.after)  # where a score comes or goes, its maximum does too
        ),
        ranks=scored("rank"),
        classes=scored("class_law", "class_local"),
        officers=_changed(_officers(before, names), _officers(after, names), names, _SCORE_ITEMS),
        appraisals=_changed(_appraisals(before), _appraisals(after), names, {**_labels(before), **_labels(after)}),
    )


_SCORE_ITEMS = {
    "status": "Tình trạng",
    "total": "Tổng điểm",
    "total_max": "Tổng điểm tối đa",
    "officer_average": "ĐTB CCVC",
    "officer_average_max": "ĐTB tối đa",
    "rank": "Thứ hạng",
    "class_law": "Xếp loại theo quy định",
    "class_local": "Xếp loại tại địa phương",
    "score": "Điểm",
}

_MAXIMA = {_SCORE_ITEMS["total_max"], _SCORE_ITEMS["officer_average_max"]}

_STATUS_NAMES = {
    "scored": "được chấm điểm",
    "no_dossiers": "không có hồ sơ phát sinh",
    "no_resolved": "chưa có hồ sơ giải quyết xong",
    "set_aside": "không chấm: số liệu có lỗi",
    "missing": "không chấm: thiếu số liệu",
}

#: (unit id or officer, item) -> text
Values = dict[tuple[str, str], str]


def _counts(side: RevisionFrames) -> Values:
    frame = side.counts.assign(value=pd.to_numeric(side.counts["value"]))
    sums = frame.groupby(["unit_id", "measure"], sort=False)["value"].sum().reset_index()
    keys = zip(sums["unit_id"], sums["measure"], strict=True)
    return dict(zip(keys, sums["value"].astype("int64").astype("str"), strict=True))


def _criteria(side: RevisionFrames) -> Values:
    frame = side.criterion_scores
    keys = zip(frame["unit_id"], frame["criterion"], strict=True)
    return dict(zip(keys, frame["score"], strict=True))


def _scores(side: RevisionFrames) -> Values:
    """Levels first, then units; the status carries its reason."""
    values: Values = {}
    for frame in (side.level_scores, side.unit_scores):
        for row in frame.to_dict("records"):
            for column in filter(row.__contains__, _SCORE_ITEMS):  # in this order: pages must not differ by run
                values[str(row["unit_id"]), column] = str(row[column])
            status = row["status_reason"] or _STATUS_NAMES.get(row["status"], row["status"])
            values[str(row["unit_id"]), "status"] = str(status)
    return values


def _officers(side: RevisionFrames, names: Mapping[str, str]) -> Values:
    """Keyed by name and unit; namesakes in one unit by their order."""
    values: Values = {}
    for row in side.officer_scores.to_dict("records"):
        person = key = f"{row['officer']} – {names.get(row['unit_id'], row['unit_id'])}"
        namesakes = 1
        while (key, "score") in values:
            namesakes += 1
            key = f"{person} ({namesakes})"
        values[key, "score"] = str(row["score"])
        values[key, "class_law"] = str(row["class_law"])
    return values


def _appraisals(side: RevisionFrames) -> Values:
    """`2 – Công chức 1 – xem biên bản 5 (báo cáo dùng)`: a change of any of these is told."""
    frame = side.appraisals.loc[side.appraisals["appraised"] != ""]
    values: Values = {}
    for row in frame.to_dict("records"):
        parts = [vn_decimal(float(row["appraised"]), 2, trim=True), row["appraiser"], row["reason"]]
        used = " (báo cáo dùng)" if row["used"] == "appraised" else ""
        values[str(row["unit_id"]), str(row["criterion"])] = " – ".join(str(p) for p in parts if p) + used
    return values


def _item(values: Values, *items: str) -> Values:
    return {key: value for key, value in values.items() if key[1] in items}


def _names(side: RevisionFrames) -> dict[str, str]:
    return {
        str(r["unit_id"]): str(r["name"]) for f in (side.level_scores, side.unit_scores) for r in f.to_dict("records")
    }


def _labels(side: RevisionFrames) -> dict[str, str]:
    frames = (f.drop_duplicates("criterion") for f in (side.appraisals, side.criterion_scores))
    return {str(r["criterion"]): f"{r['number']}. {r['label']}" for f in frames for r in f.to_dict("records")}


def _changed(before: Values, after: Values, names: Mapping[str, str], items: Mapping[str, str]) -> tuple[Change, ...]:
    keys = dict.fromkeys([*after, *before])
    return tuple(
        Change(
            key[0],
            names.get(key[0], key[0]),
            items.get(key[1], key[1]),
            before.get(key, ""),
            after.get(key, ""),
        )
        for key in keys
        if not _same(before.get(key, ""), after.get(key, ""))
    )


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    try:
        return abs(float(one) - float(other)) < _SAME
    except ValueError:
        return False


def _inputs(before: Manifest, after: Manifest) -> Iterator[Change]:
    old = {i.path: i.sha256 for i in before.inputs}
    new = {i.path: i.sha256 for i in after.inputs}
    for path in sorted({*old, *new}):
        if old.get(path) != new.get(path):
            item = "sửa" if path in old and path in new else "thêm" if path in new else "bỏ"
            yield Change(path, path, item, old.get(path, ""), new.get(path, ""))


def _grounds(before: Manifest, after: Manifest) -> Iterator[Change]:
    if before.registry_sha256 != after.registry_sha256:
        yield Change("", "", "Danh mục đơn vị", before.registry_sha256, after.registry_sha256)
    old, new = (f"{m.rulebook.id} ({m.rulebook.sha256[:12]})" if m.rulebook else "không có" for m in (before, after))
    if old != new:
        yield Change("", "", "Quy định chấm điểm", old, new)
    if before.code_version != after.code_version:
        yield Change("", "", "Phiên bản chương trình", before.code_version, after.code_version)
    yield from _libraries(before, after)
    for item, was, now in published_quarters.changed(before, after):
        yield Change("", "", item, was, now)


def _libraries(before: Manifest, after: Manifest) -> Iterator[Change]:
    """Versions that are others; nothing where a revision is of an older program, which did not record them."""
    if before.built_with is None or after.built_with is None:
        return
    old, new = before.built_with.versions, after.built_with.versions
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            item = "Python" if name == "python" else f"Thư viện {name}"
            yield Change("", "", item, old.get(name, ""), new.get(name, ""))
