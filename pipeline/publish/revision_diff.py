"""Compares two revisions of a period: which inputs, counts, scores, ranks and classes changed.

Both sides are read from the published tables and the manifest and never from memory. So `thay-doi.md` and `tthc diff`
report the same changes, and a reader can find each of them in the published files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.publish import published_quarters
from pipeline.publish.kept_levels import KeptLevel, kept_levels
from pipeline.publish.replaced_numbers import ReplacedNumber, replaced_numbers
from pipeline.publish.revision_tables import RevisionFrames
from pipeline.text import vn_day, vn_decimal
from schemas.manifest import Manifest
from schemas.measures import MEASURE_NAMES

#: the file, and the sheet of the workbook, that show the changes against the revision before
CHANGES_FILE, CHANGES_SHEET = "thay-doi.md", "Thay đổi"
#: the first sheet of a workbook: links to its other sheets
CONTENTS_SHEET = "Mục lục"
#: two numbers that differ by less are equal: the difference is float noise
_SAME = 1e-9


@dataclass(frozen=True)
class Change:
    """One change. Texts as published (numbers with a decimal point); "" if that side has no value."""

    subject: str  # file, unit_id or officer
    name: str  # Vietnamese: unit, officer
    item: str  # Vietnamese: measure, criterion, "Tổng điểm", …
    before: str
    after: str


@dataclass(frozen=True)
class Changes:
    """All changes between two revisions of one period; each tuple in the order of the published tables."""

    before: Manifest
    after: Manifest
    inputs: tuple[Change, ...]  # item: thêm | bỏ | sửa
    grounds: tuple[Change, ...]  # registry, rulebook, program, libraries, earlier quarters
    counts: tuple[Change, ...]
    status: tuple[Change, ...]
    criteria: tuple[Change, ...]
    totals: tuple[Change, ...]  # total, officers' average, and their maxima if these differ
    ranks: tuple[Change, ...]
    classes: tuple[Change, ...]
    officers: tuple[Change, ...]
    appraisals: tuple[Change, ...]  # not counted as results: their effect is among the criteria
    replaced: tuple[ReplacedNumber, ...] = ()  # numbers of units that sent a new export; their effect is in `counts`
    kept_levels: tuple[KeptLevel, ...] = ()  # levels whose own numbers did not follow those of their units

    @property
    def of_two_periods(self) -> bool:
        """Whether two periods are compared, and not two revisions of one."""
        return self.before.period != self.after.period

    @property
    def same_rulebook(self) -> bool:
        """Whether both sides were scored by the same rulebook, of the same content."""
        one, other = self.before.rulebook, self.after.rulebook
        return one is not None and other is not None and (one.id, one.sha256) == (other.id, other.sha256)

    @property
    def results(self) -> int:
        """The number of changed counts, scores, ranks and classes."""
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


def changes(before: RevisionFrames, after: RevisionFrames) -> Changes:
    """All changes from `before` to `after`."""
    names = {**_names(before), **_names(after)}
    old, new = _scores(before), _scores(after)
    was, now = _counts(before), _counts(after)

    def scored(*items: str) -> tuple[Change, ...]:
        return _changed(_item(old, *items), _item(new, *items), names, _SCORE_ITEMS)

    return Changes(
        before=before.manifest,
        after=after.manifest,
        inputs=tuple(_inputs(before.manifest, after.manifest)),
        grounds=tuple(_grounds(before.manifest, after.manifest)),
        counts=_changed(was, now, names, MEASURE_NAMES),
        status=scored("status"),
        criteria=_changed(_criteria(before), _criteria(after), names, {**_labels(before), **_labels(after)}),
        totals=tuple(
            c
            for c in scored("total", "total_max", "officer_average", "officer_average_max")
            if c.item not in _MAXIMA or (c.before and c.after)  # a maximum appears or disappears with its score
        ),
        ranks=scored("rank"),
        classes=scored("class_printed", "class_law", "class_local", "class_office"),
        officers=_changed(_officers(before, names), _officers(after, names), names, _SCORE_ITEMS),
        appraisals=_changed(_appraisals(before), _appraisals(after), names, {**_labels(before), **_labels(after)}),
        replaced=tuple(replaced_numbers(before, after, names)),
        kept_levels=tuple(kept_levels(after, _numbers(was), _numbers(now), names)),
    )


def period_changes(before: RevisionFrames, after: RevisionFrames) -> Changes:
    """What differs between revisions of two periods: status, counts, and under the same rulebook scores and ranks.

    Files, replaced numbers and the quarters before are of one period each and are not compared.
    """
    found = changes(before, after)
    kept = {"Danh mục đơn vị", "Quy định chấm điểm", "Phiên bản chương trình"}
    found = replace(
        found, inputs=(), replaced=(), kept_levels=(), grounds=tuple(c for c in found.grounds if c.item in kept)
    )
    if found.same_rulebook:
        return found
    return replace(found, criteria=(), totals=(), ranks=(), classes=(), officers=(), appraisals=())


_SCORE_ITEMS = {
    "status": "Tình trạng",
    "total": "Tổng điểm",
    "total_max": "Tổng điểm tối đa",
    "officer_average": "ĐTB CCVC",
    "officer_average_max": "ĐTB tối đa",
    "rank": "Thứ hạng",
    "class_printed": "Phân loại",
    "class_law": "Xếp loại theo quy định",
    "class_local": "Xếp loại tại địa phương",
    "class_office": "Xếp loại theo bảng mức của cơ quan",
    "score": "Điểm",
}

_MAXIMA = {_SCORE_ITEMS["total_max"], _SCORE_ITEMS["officer_average_max"]}

_STATUS_NAMES = {
    "scored": "được chấm điểm",
    "no_dossiers": "không có hồ sơ phát sinh",
    "no_resolved": "chưa có hồ sơ giải quyết xong",
    "published": "chỉ có điểm công bố",
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


def _numbers(counts: Values) -> dict[tuple[str, str], int]:
    return {key: int(value) for key, value in counts.items()}


def _criteria(side: RevisionFrames) -> Values:
    frame = side.criterion_scores
    keys = zip(frame["unit_id"], frame["criterion"], strict=True)
    return dict(zip(keys, frame["score"], strict=True))


def _scores(side: RevisionFrames) -> Values:
    """Levels first, then units. The status is its reason, if it has one."""
    values: Values = {}
    for frame in (side.level_scores, side.unit_scores):
        for row in frame.to_dict("records"):
            if frame is side.unit_scores:  # older revisions printed the local class, where there was one
                row.setdefault("class_printed", row["class_local"] or row["class_law"])
            for column in filter(row.__contains__, _SCORE_ITEMS):  # in this order: pages are equal from run to run
                values[str(row["unit_id"]), column] = str(row[column])
            status = row["status_reason"] or _STATUS_NAMES.get(row["status"], row["status"])
            values[str(row["unit_id"]), "status"] = str(status)
    return values


def _officers(side: RevisionFrames, names: Mapping[str, str]) -> Values:
    """Keyed by name and unit; officers of one name in a unit are numbered in their order."""
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
    """`2 – Công chức 1 – xem biên bản 5 (báo cáo dùng)`: a change of any part is a change."""
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
    if [used.facts for used in before.layouts] != [used.facts for used in after.layouts]:
        yield Change("", "", "Câu trả lời về cách đọc tệp của cổng", _answers(before), _answers(after))
    if before.office != after.office:
        yield Change("", "", "Lấy từ tệp của văn phòng (office.toml)", _office_words(before), _office_words(after))
    if before.code_version != after.code_version:
        yield Change("", "", "Phiên bản chương trình", before.code_version, after.code_version)
    yield from _libraries(before, after)
    for item, was, now in published_quarters.changed_references(before, after):
        yield Change("", "", item, was, now)


def _answers(manifest: Manifest) -> str:
    """`Công chức 1, 15/9/2023: G “Sớm” = Đã giải quyết trước hạn; …`; "" without answers."""
    return "; ".join(
        f"{used.by}, {vn_day(used.on)}: {answer.words}" for used in manifest.layouts for answer in used.answers
    )


def _office_words(manifest: Manifest) -> str:
    """`UBND thành phố A; CHỦ TỊCH; …`; "" where nothing is of the office's file."""
    return "; ".join(word.value.replace("\n", " · ") for word in manifest.office)


def _libraries(before: Manifest, after: Manifest) -> Iterator[Change]:
    """Libraries with another version; none if one of the revisions recorded no versions (older programs)."""
    if before.built_with is None or after.built_with is None:
        return
    old, new = before.built_with.versions, after.built_with.versions
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            item = "Python" if name == "python" else f"Thư viện {name}"
            yield Change("", "", item, old.get(name, ""), new.get(name, ""))
