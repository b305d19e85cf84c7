"""The roles that a column may have by its labels: which dossiers its numbers may count.

Most labels allow one role. Where words leave a choice ("Tiếp nhận": everything, or what came in during the period) a
column has several candidates, and the numbers of the table decide (`column_system`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.extract.count_tables.header_columns import HeaderColumn
from pipeline.extract.wording.phrases import begins_of_which, label_words
from pipeline.layouts.decisions import OTHER_MEANINGS
from schemas.measures import COUNT_NAMES

#: a column that counts nothing that is needed, or only what other columns count
UNUSED: Final = "unused"
#: roles beside the measures
IN_TIME, LATE_ANY, WAITING, OUTSIDE = "resolved_in_time", "late_any", "pending_waiting", "outside"
#: returned dossiers that the total of the resolved ones includes; waiting ones that the total of the pending includes
RESOLVED_OTHER, WAITING_INSIDE = "resolved_other", "waiting_inside"

#: a candidate without words for it costs this much: it is taken only where the numbers exclude the others
_COST_UNUSED: Final = 100
_RECEIVED: Final = ("received_total", "received_in_period", "received_online", "received_direct", "carried_over")
_RESOLVED: Final = ("resolved_total", "resolved_early", "resolved_on_time", "resolved_late")
_PENDING: Final = ("pending_total", "pending_in_time", "pending_overdue")
#: one of several columns of these is not all of it: "Toàn trình" alone is not everything received online
_NEVER_ONE_PART: Final = frozenset(("received_online", "resolved_late", "pending_in_time", "pending_overdue"))
#: measures that several columns may share; a total is never a part
_WITH_PARTS: Final = frozenset((*_RECEIVED[2:], *_RESOLVED[1:], *_PENDING[1:]))
#: the measures without which the sums of a band are not whole
_OF_BAND: Final = {"received": _RECEIVED[2:], "resolved": _RESOLVED[1:], "pending": _PENDING[1:]}
#: (band, concept) -> measure
_MEASURE_OF: Final = {
    ("resolved", "early"): "resolved_early",
    ("resolved", "on_time"): "resolved_on_time",
    ("resolved", "late"): "resolved_late",
    ("pending", "in_time"): "pending_in_time",
    ("pending", "late"): "pending_overdue",
    ("received", "online"): "received_online",
    ("received", "direct"): "received_direct",
    ("received", "carried_over"): "carried_over",
}
#: a deadline without a band -> what it may count
_WITHOUT_BAND: Final = {
    "late": ("resolved_late", "pending_overdue", LATE_ANY),
    "in_time": ("resolved_on_time", IN_TIME, "pending_in_time"),
}
#: role of dossiers beside the totals of the form -> the role where a total includes them
_INSIDE: Final = {OUTSIDE: (RESOLVED_OTHER,), WAITING: (WAITING_INSIDE,)}
#: concepts named together -> the role of a column of both
_TOGETHER: Final = {
    frozenset(("early", "on_time")): IN_TIME,
    frozenset(("online", "direct")): "received_in_period",
}


class Candidate(NamedTuple):
    """A role that a column may have. `part`: it is one of several columns that add up to the role."""

    role: str
    part: bool = False
    cost: int = 0  # the higher, the less the words say so
    needs: str = ""  # a role that another column has to have


@dataclass(frozen=True)
class ColumnCandidates:
    """The candidates of a column, the likeliest first, and whether its words alone decide for the first."""

    column: HeaderColumn
    options: tuple[Candidate, ...]
    sure: bool
    confirmed: bool = False

    @property
    def index(self) -> int:
        """The sheet column."""
        return self.column.index


def candidates(columns: Sequence[HeaderColumn], confirmed: Mapping[int, str]) -> list[ColumnCandidates]:
    """The candidates of every column. `confirmed`: sheet column -> the role that the office has confirmed."""
    by_label = _by_label(tuple(columns))
    return [
        _confirmed(c, confirmed[c.index]) if c.index in confirmed else found
        for c, found in zip(columns, by_label, strict=True)
    ]


def _confirmed(column: HeaderColumn, answer: str) -> ColumnCandidates:
    """The candidates of a column of which the office has confirmed the role `answer`."""
    options = tuple(
        Candidate(role, part, cost)
        for cost, role in enumerate((answer, *_INSIDE.get(answer, ())))
        for part in ((False, True) if role in _WITH_PARTS else (False,))
    )
    return ColumnCandidates(column, options, sure=True, confirmed=True)


@lru_cache(maxsize=1 << 10)  # the exports of a period share their headers
def _by_label(columns: tuple[HeaderColumn, ...]) -> tuple[ColumnCandidates, ...]:
    """The candidates of every column by its labels."""
    table = _Labels(columns)
    found = []
    for column in columns:
        options, meaning = table.of(column), column.meaning
        sure = len(options) == 1 and not meaning.needs_proof and (bool(meaning.measure) or meaning.derived)
        found.append(ColumnCandidates(column, options, sure))
    return tuple(found)


#: role -> a role that a careless label may stand for; tried only where no reading by the words fits the numbers
_MISLABELLED: Final = {
    "resolved_on_time": IN_TIME,
    "resolved_early": IN_TIME,
    "received_total": "received_in_period",
    "received_in_period": "received_total",
    "resolved_late": LATE_ANY,
    "pending_overdue": LATE_ANY,
    "received_direct": "received_in_period",
    IN_TIME: "resolved_on_time",
}


def suspects(
    columns: Sequence[HeaderColumn], roles: Mapping[int, Candidate], given: Collection[str], *, balanced: bool
) -> list[HeaderColumn]:
    """The unused columns that may hold a measure that no column gives: by their deadline or channel, or by their band.

    "Quá hạn › Trực tuyến" without the other channels; a column over which only its band is written; a column in unknown
    words under a band of which one deadline has no column, or any such column where no deadline has one. If what is
    received is not what is resolved and pending (`balanced`), any column of a band without words may be missing.
    `given`: the measures that the table has.
    """
    table = _Labels(columns)
    found = []
    without_deadlines = not set(given) & set(_RESOLVED[1:])
    for column in columns:
        meaning, role = column.meaning, roles.get(column.index)
        if role is None or role.role != UNUSED or meaning.derived:
            continue
        of_concepts = {_MEASURE_OF[meaning.band, c] for c in meaning.concepts if (meaning.band, c) in _MEASURE_OF}
        unclear = meaning.contrary or table.lacks_its_label(column)
        of_band = set(_OF_BAND.get(meaning.band, ()))
        unknown = not meaning.measure and not meaning.share_of
        split = meaning.band in {"resolved", "pending"} and bool(of_band & set(given))
        lost = set(_RESOLVED[1:]) if unknown and without_deadlines else set()
        lost |= of_band if unclear or (unknown and split) else set()
        wanted = of_concepts | ({meaning.share_of} if meaning.share_of in COUNT_NAMES else set()) | lost
        missing = not balanced and bool(meaning.band) and (unknown or unclear)
        if wanted - set(given) or missing:
            found.append(column)
    return found


def unlikely_candidates(columns: Sequence[ColumnCandidates]) -> list[ColumnCandidates]:
    """The columns with the roles that their words do not name, for a table whose numbers contradict the words."""
    return [_with_unlikely(c) if not c.confirmed else c for c in columns]


def _with_unlikely(column: ColumnCandidates) -> ColumnCandidates:
    own = {o.role for o in column.options}
    more = [_MISLABELLED[r] for r in own if _MISLABELLED.get(r, r) not in own and r in _MISLABELLED]
    return replace(column, options=(*column.options, *(Candidate(r, cost=_COST_UNUSED // 2) for r in more)))


class _Labels:
    """The labels of one table: what a column may count depends on the columns beside it."""

    def __init__(self, columns: Sequence[HeaderColumn]) -> None:
        self.columns = columns
        self.measures = [c.meaning.measure for c in columns if c.meaning.measure]
        self.sure = {c.meaning.measure for c in columns if c.meaning.measure and not c.meaning.needs_proof}
        self.has_early = any("early" in c.meaning.concepts for c in columns)
        self.has_on_time = any(
            c.meaning.measure in {"resolved_on_time", IN_TIME} or {"early", "on_time"} <= set(c.meaning.concepts)
            for c in columns
        )
        self.paths = [_tiers(c) for c in columns]

    def of(self, column: HeaderColumn) -> tuple[Candidate, ...]:
        """The candidates of a column, the likeliest first."""
        meaning = column.meaning
        roles: Sequence[str] = ()
        if meaning.derived or (meaning.share_of and not meaning.measure):
            roles = ()
        elif meaning.measure:
            roles = self._of_measure(column)
        elif len(meaning.concepts) > 1:
            roles = self._of_several(column)
        elif len(meaning.concepts) == 1 and not meaning.contrary:
            roles = _WITHOUT_BAND.get(meaning.concepts[0], ())
        beside = {"received_direct": "received_online"} if meaning.measure == "received_in_period" else {}
        options = [
            Candidate(r, part, i, beside.get(r, "")) for i, r in enumerate(roles) for part in self._parts(column, r)
        ]
        lone_part = any(o.part and o.role in _NEVER_ONE_PART for o in options) and self._is_alone(meaning.measure)
        closed = {"withdrawn", "returned", "waiting"} & set(meaning.concepts)
        bare_total = meaning.measure == "received_total" and not meaning.band
        doubtful = (
            meaning.needs_proof
            or lone_part
            or self.lacks_its_label(column)
            or closed
            or bare_total
            or self._repeated(column)
            or not roles
        )
        if doubtful or (len(meaning.concepts) == 1 and not meaning.measure):
            options.append(Candidate(UNUSED, cost=_COST_UNUSED if roles else 0))
        return tuple(options)

    def _of_measure(self, column: HeaderColumn) -> Sequence[str]:
        measure, band = column.meaning.measure, column.meaning.band
        roles: Sequence[str] = (measure,)
        if measure == "received_total" and not band and len(_tiers(column)) > 1:
            roles = ("received_total", "pending_total", "resolved_total")  # "Cần xử lý › Tổng số"
        elif measure == "received_open":
            roles = (
                ("received_in_period",) if "received_total" in self.sure else ("received_total", "received_in_period")
            )
        elif measure == "received_in_period":
            # "Phải giải quyết trong kỳ › Tổng số" may include what was carried over
            total = ("received_total",) if column.meaning.needs_proof and _ends_with_total(column) else ()
            roles = (measure, *total, *(("received_direct",) if "received_online" in self.measures else ()))
        elif measure in {"resolved_on_time", IN_TIME} and self._holds_early(column):
            roles = (IN_TIME,)
        elif measure == "resolved_early" and not self.has_on_time:
            roles = (measure, IN_TIME)
        elif measure == "resolved_on_time" and not self.has_early:
            roles = (IN_TIME,)
        elif measure == IN_TIME and self.has_early and "resolved_on_time" not in self.measures:
            roles = ("resolved_on_time", IN_TIME)
        elif measure in {"resolved_late", "pending_overdue"} and self._is_over_bands(column):
            roles = (LATE_ANY, measure)
        elif measure in {"withdrawn", "returned"}:
            roles = (OUTSIDE, RESOLVED_OTHER)
        elif measure == WAITING:
            roles = (WAITING, WAITING_INSIDE)
        return roles

    def _of_several(self, column: HeaderColumn) -> Sequence[str]:
        concepts = frozenset(column.meaning.concepts)
        if concepts <= {"withdrawn", "returned"}:
            return (OUTSIDE, RESOLVED_OTHER)
        role = _TOGETHER.get(concepts, "")
        of_resolved = role == IN_TIME and column.meaning.band in {"resolved", ""}
        return (role,) if of_resolved or (role and role != IN_TIME and column.meaning.band in {"received", ""}) else ()

    def _parts(self, column: HeaderColumn, role: str) -> Sequence[bool]:
        """Whether a column is a part of its role, all of it, or may be either; the likelier first."""
        meaning = column.meaning
        if role == "received_direct" and "received_in_period" in self.measures and "received_online" in self.measures:
            # "Trong kỳ | Qua mạng | Qua BCCI": what came in directly, beside what came by post
            both = [c for c in self.columns if c.meaning.measure in {"received_direct", "received_in_period"}]
            return (False, True) if len(both) > 1 and (meaning.part or meaning.measure != role) else (False,)
        if role != meaning.measure or role not in _WITH_PARTS:
            return (False,)
        alone = self._is_alone(role)
        if not meaning.part:  # "Quá hạn dưới 5 ngày", "Quá hạn trên 5 ngày"
            return (False, True) if meaning.needs_proof and not alone else (False,)
        if alone:
            return (role in _NEVER_ONE_PART,)
        return (True, False) if meaning.needs_proof else (True,)

    def _is_alone(self, measure: str) -> bool:
        """Whether one column at most is labelled as a measure."""
        return self.measures.count(measure) < 2

    def _repeated(self, column: HeaderColumn) -> bool:
        """Whether several columns are the whole of the same measure."""
        measure = column.meaning.measure
        whole = measure not in _WITH_PARTS
        same = [c for c in self.columns if c.meaning.measure == measure and (whole or not c.meaning.part)]
        return bool(column.meaning.measure) and len(same) > 1

    def lacks_its_label(self, column: HeaderColumn) -> bool:
        """Whether only the band over a column is written, where columns beside it have labels of their own under it."""
        own = _tiers(column)
        return any(len(t) > len(own) and t[: len(own)] == own for t in self.paths)

    def _holds_early(self, column: HeaderColumn) -> bool:
        """Whether a column of what is in time is followed by "Trong đó: trước hạn"."""
        own = _tiers(column)
        for other in self.columns:
            if other.meaning.measure != "resolved_early" or not other.path:
                continue
            tiers = _tiers(other)
            below = len(tiers) == len(own) > 1 and tiers[:-1] == own[:-1]
            if begins_of_which(other.path[-1]) and (below or other.index == column.index + 1):
                return True
        return False

    def _is_over_bands(self, column: HeaderColumn) -> bool:
        """Whether a column of late dossiers may be the sum over what is resolved and what is pending.

        "Tổng số quá hạn" after the columns of a band, or a label that names both bands.
        """
        own_band = len(column.path) > 1 and not column.meaning.both_bands
        total = any("tổng" in label for label in map(label_words, column.path))
        return not own_band and (total or column.meaning.both_bands)


def _ends_with_total(column: HeaderColumn) -> bool:
    return len(column.path) > 1 and "tổng" in label_words(column.path[-1])


def _tiers(column: HeaderColumn) -> tuple[str, ...]:
    return tuple(p for p in column.path if label_words(p))


def role_name(role: str) -> str:
    """The Vietnamese name of a role, as a note to an analyst writes it."""
    return _ROLE_NAMES.get(role, COUNT_NAMES.get(role, role))


_ROLE_NAMES: Final = {
    **OTHER_MEANINGS,
    UNUSED: "không dùng",
    LATE_ANY: "Quá hạn, cả đã và đang giải quyết",
    WAITING_INSIDE: "Chờ bổ sung, tạm dừng: đã nằm trong số đang giải quyết",
    RESOLVED_OTHER: "Trả lại, từ chối: nằm trong tổng số đã giải quyết",
}
