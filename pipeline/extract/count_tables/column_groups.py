"""A group of columns that totals the other groups: "Tổng cộng {…}" beside "Toàn trình {…}" and "Một phần {…}".

Whatever the groups are called: where one of at least three with the same labels below them is the sum of the others in
every column and row, it holds all dossiers, and the others are parts of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from pipeline.extract.count_tables.evidence import EvidenceRows
from pipeline.extract.count_tables.header_columns import HeaderColumn
from pipeline.extract.wording.column_meaning import Meaning

#: groups, and columns of a group, from which they are taken for repetitions of one table
_GROUPS, _COLUMNS = 3, 3


def whole_of_groups(columns: Sequence[HeaderColumn], rows: EvidenceRows) -> list[HeaderColumn]:
    """The columns; of a group that totals the others each means what stands below its label, the others are unused."""
    groups: dict[str, dict[tuple[str, ...], HeaderColumn]] = defaultdict(dict)
    for column in columns:
        if len(column.path) > 1 and rows.has(column.index):
            groups[column.path[0]].setdefault(column.path[1:], column)
    alike: dict[frozenset[tuple[str, ...]], list[str]] = defaultdict(list)
    for label, of_label in groups.items():
        alike[frozenset(of_label)].append(label)
    changed: dict[int, HeaderColumn] = {}
    for below, labels in alike.items():
        if len(labels) < _GROUPS or len(below) < _COLUMNS:
            continue
        whole = [
            label
            for label in labels
            if all(map(_says_nothing, groups[label].values())) and _is_total(label, labels, groups, rows)
        ]
        for label in labels if len(whole) == 1 else ():
            for column in groups[label].values():
                meaning = column.below if label == whole[0] and column.below else Meaning(derived=True)
                changed[column.index] = replace(column, meaning=meaning)
    return [changed.get(c.index, c) for c in columns]


def _says_nothing(column: HeaderColumn) -> bool:
    """Whether the top label of a column names no band and no deadline of its own, as "Tiếp nhận" does."""
    meaning, below = column.meaning, column.below
    return below is not None and (meaning.band, set(meaning.concepts) - {"total"}) == (
        below.band,
        set(below.concepts) - {"total"},
    )


def _is_total(
    label: str,
    labels: Sequence[str],
    groups: dict[str, dict[tuple[str, ...], HeaderColumn]],
    rows: EvidenceRows,
) -> bool:
    """Whether a group is the sum of the others in every column and row, and not 0."""
    below = list(groups[label])
    own = rows.part(groups[label][p].index for p in below)
    others = [rows.part(groups[x][p].index for p in below) for x in labels if x != label]
    return bool(own.any()) and bool((own == sum(others)).all())
