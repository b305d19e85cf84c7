"""What each column of a table counts: by its labels, by the numbers of the table, by the word of the office, or open.

`column_roles` says what the labels allow, `prove_columns` what the numbers prove. Here the result becomes measures of
columns and decisions with their grounds. A column on which a number of the form hangs and that stays open refuses the
table: no column is guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.arithmetic.identities import GROUPS, PENDING_BY_DEADLINE, RESOLVED_BY_DEADLINE, SUMS
from pipeline.extract.count_tables.column_rates import contradicting_rate
from pipeline.extract.count_tables.column_roles import (
    IN_TIME,
    LATE_ANY,
    OUTSIDE,
    RESOLVED_OTHER,
    UNUSED,
    WAITING,
    WAITING_INSIDE,
    Candidate,
    ColumnCandidates,
    candidates,
    role_name,
    suspects,
)
from pipeline.extract.count_tables.evidence import EvidenceRows
from pipeline.extract.count_tables.header_columns import HeaderColumn
from pipeline.extract.count_tables.prove_columns import Expressions, ProvenColumns, prove
from pipeline.extract.count_tables.tables import CountTable
from pipeline.extract.wording.column_meaning import Meaning
from pipeline.layouts.confirmed import Answer, Question
from pipeline.layouts.decisions import COLUMN_MEANINGS, Decision, Ground, Option, column_subject
from pipeline.text import vn_int
from schemas.measures import COUNT_NAMES

#: without the number of one of these a table cannot be scored: a column that may hold it is asked for
_NEEDED: Final = frozenset((*RESOLVED_BY_DEADLINE.parts, *PENDING_BY_DEADLINE.parts))
_RESOLVED_BESIDE_LATE: Final = frozenset(("resolved_early", "resolved_on_time", "resolved_total"))
#: total -> its parts: a table that has all of them does without the column of the total
_PARTS: Final = {g.total: frozenset(g.parts) for g in GROUPS.values()}
#: role -> how a decision names it: `layouts.decisions.COLUMN_MEANINGS`
_MEANING_OF: Final = {
    UNUSED: "unused",
    LATE_ANY: "unused",
    WAITING_INSIDE: "unused",
    RESOLVED_OTHER: "outside",
}
#: rows from which an equal column is no coincidence
_FEW: Final = 3
#: numbers of a column that a question shows
_EXAMPLES: Final = 3


@dataclass(frozen=True)
class ColumnRefusal:
    """Why the columns of a table cannot be used: a finding's code, what was found, and the facts of its message."""

    code: str
    found: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ResolvedColumns:
    """Columns with their final meaning, how each was decided, or why they cannot be used.

    `settled`: what the numbers decided (Vietnamese). `less`: column -> the column whose number is taken off it.
    """

    columns: tuple[HeaderColumn, ...]
    decisions: tuple[Decision, ...] = ()
    settled: tuple[str, ...] = ()
    less: Mapping[int, HeaderColumn] = field(default_factory=dict)
    refusal: ColumnRefusal | None = None

    @property
    def counted(self) -> list[HeaderColumn]:
        """The columns that hold counts."""
        return [c for c in self.columns if c.meaning.measure]


def resolve_columns(
    columns: Iterable[HeaderColumn],
    rows: EvidenceRows,
    expressions: Expressions,
    answers: Mapping[Question, Answer] | None = None,
    *,
    in_time_is_enough: bool = False,
) -> ResolvedColumns:
    """Decide what each column of a table counts. `answers`: what the office has said about this layout.

    `in_time_is_enough`: a table with early and on time in one column is read, where that column and the late dossiers
    make up the total in every row.
    """
    columns, answers = tuple(columns), answers or {}
    subjects = _subjects(columns)
    said = {i: a for i, s in subjects.items() if (a := answers.get(("column", s))) is not None}
    live = [c for c in columns if rows.has(c.index)]
    options_of = candidates(live, {i: a.meaning for i, a in said.items()})
    options_of = [_no_counts(c) if c.index in rows.not_counts and not c.sure else c for c in options_of]
    numbers = rows.part(c.index for c in live)
    proven = _with_totals(options_of, prove(options_of, numbers, expressions), rows)
    contradicted = _contradicted(options_of, said, proven, numbers, rows, expressions)
    measured = _measures_of(columns, tuple(zip((c.index for c in live), proven.roles, strict=True)), proven.open)
    final = measured.final
    open_to_all = measured.suspects(balanced=proven.balanced or not proven.rows)
    lost = [c.index for c in open_to_all if c.index not in said and rows.part([c.index]).any()]
    if lost:
        proven = replace(proven, open=proven.open.union(lost), lost=frozenset(lost))
    decisions = tuple(_decisions(columns, options_of, proven, subjects, said, rows))
    refusal = contradicted or next(
        _refusals(final, options_of, proven, measured, rows, in_time_is_enough=in_time_is_enough), None
    )
    settled = tuple(_settled(options_of, proven, measured))
    return ResolvedColumns(final, decisions, settled, measured.less(), refusal)


def not_against_rates(table: CountTable, resolved: ResolvedColumns, rows: EvidenceRows) -> ResolvedColumns:
    """The columns, open where a percentage of the table contradicts them and nobody has confirmed them."""
    deadlines = [c for c in resolved.counted if c.meaning.measure in _NEEDED and rows.has(c.index)]
    sure = {d.shown for d in resolved.decisions if d.ground == "confirmed"}
    if resolved.refusal is not None or sure & {named_column(c) for c in deadlines}:
        return resolved
    single = [c for c in resolved.counted if not c.meaning.part and c.index not in resolved.less and rows.has(c.index)]
    numbers = {c.meaning.measure: rows.part([c.index])[:, 0] for c in single}
    rate = contradicting_rate(table, rows.rows, numbers)
    if rate is None:
        return resolved
    why = f"trái với tỷ lệ ở cột {named_column(rate)}"
    shown = {
        named_column(c) for c in deadlines if (c.meaning.band or "resolved") == (rate.meaning.band or c.meaning.band)
    }
    asked = tuple(
        replace(d, ground="open", reason=why, options=_all_options(d.meaning)) if d.shown in shown else d
        for d in resolved.decisions
    )
    found = "; ".join(f"cột {name}" for name in sorted(shown))
    return replace(resolved, decisions=asked, refusal=ColumnRefusal("layout_open", found, {"why": f": {why}"}))


def _with_totals(options_of: Sequence[ColumnCandidates], proven: ProvenColumns, rows: EvidenceRows) -> ProvenColumns:
    """The reading, with totals that only an unexplained column holds: "Cần xử lý" = received + carried over."""
    at = {c.index: i for i, c in enumerate(options_of)}
    found: dict[str, list[int]] = defaultdict(list)
    for column, role in zip(options_of, proven.roles, strict=True):
        if column.index not in proven.open:
            found[role.role].append(column.index)
    roles = list(proven.roles)
    tested = set(proven.tested)
    for identity in SUMS:
        if identity.total in found or not all(p in found for p in identity.parts) or len(rows) < _FEW:
            continue
        added = rows.part(i for p in identity.parts for i in found[p]).sum(axis=1)
        for index in found[UNUSED]:
            explained = options_of[at[index]].column.meaning.derived
            if not explained and added.any() and (rows.part([index])[:, 0] == added).all():
                roles[at[index]] = Candidate(identity.total)
                tested.add(index)
                break
    return replace(proven, roles=tuple(roles), tested=frozenset(tested))


def _no_counts(column: ColumnCandidates) -> ColumnCandidates:
    """A column of which no cell holds a number of dossiers ("55,2 %") counts none."""
    return replace(column, options=(Candidate(UNUSED),), sure=False)


def _contradicted(
    options_of: Sequence[ColumnCandidates],
    said: Mapping[int, Answer],
    proven: ProvenColumns,
    numbers: NDArray[np.int64],
    rows: EvidenceRows,
    expressions: Expressions,
) -> ColumnRefusal | None:
    """The refusal of answers with which no reading fits the numbers, where one fits without them."""
    of = {c.index: c for c in options_of}
    named = [i for i in said if i in of]
    if not named or (proven.rows and proven.balanced) or not len(rows):
        return None
    without = prove(candidates([c.column for c in options_of], {}), numbers, expressions)
    if (without.balanced, without.rows) <= (proven.balanced, proven.rows):
        return None
    found = "; ".join(f"cột {named_column(of[i].column)} = “{COLUMN_MEANINGS[said[i].meaning]}”" for i in named)
    shown = ", ".join(str(r + 1) for r in rows.rows[:_EXAMPLES])
    facts = {"by": said[named[0]].reason, "why": f"các tổng không khớp, ví dụ ở dòng {shown}"}
    return ColumnRefusal("layout_contradicted", found, facts)


# --- from roles to measures -------------------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 10)  # the exports of a period share their headers
def _measures_of(
    columns: tuple[HeaderColumn, ...], roles: tuple[tuple[int, Candidate], ...], open_: frozenset[int]
) -> _Measures:
    return _Measures(columns, dict(roles), open_)


class _Measures:
    """The measures of the columns of a table, from their roles."""

    def __init__(self, columns: Sequence[HeaderColumn], roles: Mapping[int, Candidate], open_: frozenset[int]) -> None:
        self.all = columns
        self._proven = roles
        # nothing is counted by an open column
        self.roles = {i: Candidate(UNUSED) if i in open_ else role for i, role in roles.items()}
        self._measure: dict[int, str] = {}
        self._part: set[int] = set()
        self._less: dict[int, HeaderColumn] = {}
        self._doubtful = {c.index for c in columns if c.meaning.needs_proof}
        for role in dict.fromkeys(c.role for c in roles.values()):
            if role in COUNT_NAMES:
                self._use(role)
        self._within()
        self._states()
        #: the columns with their final meanings
        self.final = tuple(self._final(c) for c in self.all)

    def suspects(self, *, balanced: bool) -> list[HeaderColumn]:
        """See `column_roles.suspects`."""
        given = {c.meaning.measure for c in self.final if c.meaning.measure}
        return suspects(self.all, self._proven, given, balanced=balanced)

    def of(self, role: str) -> list[HeaderColumn]:
        """The columns with a role."""
        return [c for c in self.all if c.index in self.roles and self.roles[c.index].role == role]

    def has(self, measure: str) -> bool:
        """Whether some column gives the measure."""
        return measure in self._measure.values()

    def less(self) -> dict[int, HeaderColumn]:
        """See `ResolvedColumns.less`."""
        return self._less

    def _use(self, role: str) -> None:
        """A whole is used alone, else its parts."""
        found = self.of(role)
        wholes = [c for c in found if not self.roles[c.index].part]
        wholes.sort(key=lambda c: c.index in self._doubtful)
        for column in wholes[:1] or found:
            self._measure[column.index] = role
            if not wholes and len(found) > 1:
                self._part.add(column.index)

    def _within(self) -> None:
        """ "Đúng hạn {Tổng số, Trong đó: trước hạn}": on time is the difference."""
        both, early = self.of(IN_TIME), self.of("resolved_early")
        if both and len(early) == 1 and not self.has("resolved_on_time"):
            self._measure[both[0].index] = "resolved_on_time"
            self._less[both[0].index] = early[0]

    def _states(self) -> None:
        """Waiting dossiers are pending in time, closed ones beside the resolved. Totals that differ are not used."""
        waiting, returned = self.of(WAITING), self.of(RESOLVED_OTHER)
        if self.has("pending_in_time"):
            for column in self.of(WAITING_INSIDE):
                self._measure[column.index] = "pending_in_time"
                self._part.add(column.index)
        for column in (*self.of(OUTSIDE), *returned):
            self._measure[column.index] = "withdrawn" if column.meaning.measure == "withdrawn" else "returned"
        if returned:
            self._drop("resolved_total")
        if waiting:
            measure = "pending_in_time" if self.has("pending_in_time") else "pending_total"
            if measure == "pending_in_time":
                self._drop("pending_total")
            for column in waiting:
                self._measure[column.index] = measure
                self._part.add(column.index)

    def _is_inside(self, column: HeaderColumn) -> bool:
        """Whether closed dossiers are a part of what other columns count."""
        return bool({"withdrawn", "returned"} & set(column.meaning.concepts))

    def _drop(self, measure: str) -> None:
        self._measure = {i: m for i, m in self._measure.items() if m != measure}

    def _final(self, column: HeaderColumn) -> HeaderColumn:
        measure, meaning = self._measure.get(column.index, ""), column.meaning
        part = column.index in self._part
        if measure and (measure, part, False) == (meaning.measure, meaning.part, meaning.needs_proof):
            return column
        if measure:
            new = replace(meaning, measure=measure, part=part, needs_proof=False)
        elif column.index not in self.roles:
            new = replace(meaning, measure="")
        elif self.roles[column.index].role == UNUSED and not (meaning.derived or self._is_inside(column)):
            new = Meaning(band=meaning.band)
        else:
            new = replace(meaning, measure="", derived=True)
        return replace(column, meaning=new)


# --- what stays open --------------------------------------------------------------------------------------------------


def _refusals(
    final: Sequence[HeaderColumn],
    options_of: Sequence[ColumnCandidates],
    proven: ProvenColumns,
    measured: _Measures,
    rows: EvidenceRows,
    *,
    in_time_is_enough: bool,
) -> Iterator[ColumnRefusal]:
    """Why a table cannot be used, the most telling reason first."""
    merged = measured.of(IN_TIME)
    if merged and not measured.has("resolved_early"):
        if not in_time_is_enough:
            yield ColumnRefusal("table_merged_deadline", merged[0].label)
        elif not _in_time_closes(merged, final, rows):
            yield ColumnRefusal("table_merged_unproven", merged[0].label)
    needed = proven.lost | proven.rivalled
    needed = needed.union(c.index for c in options_of if c.index in proven.open and _is_needed(c, measured, rows))
    asked = [c for c in options_of if c.index in needed]
    if asked:
        found = "; ".join(f"cột {named_column(c.column)}" for c in asked)
        yield ColumnRefusal("layout_open", found, {"why": f": {_why_open(asked, proven)}"})
    late = [c for c in final if c.meaning.measure == "resolved_late"]
    has = {c.meaning.measure for c in final}
    if late and not has & _RESOLVED_BESIDE_LATE:
        yield ColumnRefusal("table_only_late", named_column(late[0]))


def _in_time_closes(merged: Sequence[HeaderColumn], final: Sequence[HeaderColumn], rows: EvidenceRows) -> bool:
    """Whether in every row the dossiers in time and the late ones make up the total: it then says the former."""
    total, late = ([c.index for c in final if c.meaning.measure == m] for m in ("resolved_total", "resolved_late"))
    if not (total and late and len(rows)):
        return False
    parts = rows.part([*(c.index for c in merged), *late]).sum(axis=1)
    return bool((parts == rows.part(total).sum(axis=1)).all())


def _is_needed(column: ColumnCandidates, measured: _Measures, rows: EvidenceRows) -> bool:
    """Whether a number of the form hangs on an open column."""
    if not rows.part([column.index]).any():
        return False
    if len(column.options) == 1:
        return True  # its words are clear, and the numbers contradict them
    roles = {o.role for o in column.options}
    given = {role: [c for c in measured.of(role) if c.index != column.index] for role in roles}
    missing = {role for role in roles if role != UNUSED and not given[role]}
    totals = {t for t in missing if t in _PARTS and not all(measured.has(p) for p in _PARTS[t])}
    states = {WAITING, OUTSIDE, RESOLVED_OTHER} & roles
    channels = {"received_in_period", "received_direct"} <= roles
    return bool(missing & (_NEEDED | {IN_TIME, LATE_ANY}) or totals or states or channels)


def _why_open(asked: Sequence[ColumnCandidates], proven: ProvenColumns) -> str:
    """The reason for a question (Vietnamese)."""
    choices = [
        " hay ".join(dict.fromkeys(f"“{role_name(o.role)}”" for o in c.options[:3]))
        for c in asked[:2]
        if len({o.role for o in c.options}) > 1
    ]
    which = f"là {'; '.join(choices)}; " if choices else ""
    return which + _reason(asked[0].index, proven)


def _reason(column: int, proven: ProvenColumns) -> str:
    """Why the numbers do not decide about a column (Vietnamese)."""
    if column in proven.lost:
        return "tiêu đề thiếu tầng, có chữ chưa biết hoặc chỉ nêu một phần, mà bảng không có cột nào khác cho số này"
    return "số trong bảng không đủ để phân biệt" if proven.rows else "các tổng trong bảng không khớp với tiêu đề"


@lru_cache(maxsize=1 << 10)
def _subjects(columns: tuple[HeaderColumn, ...]) -> dict[int, str]:
    """Sheet column -> the key of its question; a label that is repeated gets the number of its repetition."""
    found: dict[int, str] = {}
    seen: dict[str, int] = {}
    for column in columns:
        subject = column_subject(column.path)
        seen[subject] = seen.get(subject, 0) + 1
        found[column.index] = subject if seen[subject] == 1 else f"{subject} #{seen[subject]}"
    return found


def _decisions(
    columns: Sequence[HeaderColumn],
    options_of: Sequence[ColumnCandidates],
    proven: ProvenColumns,
    subjects: Mapping[int, str],
    said: Mapping[int, Answer],
    rows: EvidenceRows,
) -> Iterator[Decision]:
    """How each column was decided."""
    of = {c.index: (c, r) for c, r in zip(options_of, proven.roles, strict=True)}
    examples = dict(zip(of, rows.part(of)[:_EXAMPLES].T.tolist(), strict=True))
    for column in columns:
        candidate, role = of.get(column.index, (None, Candidate(UNUSED)))
        ground: Ground = "known"
        reason = ""
        allowed: tuple[Option, ...] = ()
        if column.index in said:
            ground, reason = "confirmed", said[column.index].reason
        elif column.index in proven.open:
            ground, reason = "open", _reason(column.index, proven)
        elif candidate is not None and not candidate.sure and column.index in proven.tested:
            ground, reason = "proven", proven.reason
        elif role.role == UNUSED and candidate is not None and not column.meaning.derived:
            reason = "không cần: các số của biểu có ở cột khác"
        may_be_more = role.role == UNUSED and not column.meaning.derived  # in words that nothing explains
        if candidate is not None and (ground in {"open", "confirmed"} or may_be_more):
            allowed = _allowed(candidate)
        yield Decision(
            "column",
            subjects[column.index],
            named_column(column),
            _MEANING_OF.get(role.role, role.role),
            ground,
            reason,
            allowed,
            tuple(vn_int(n) for n in examples.get(column.index, ())),
        )


def _all_options(first: str) -> tuple[Option, ...]:
    """Every answer to a question about a column, the present reading first."""
    return tuple(
        Option(m, COLUMN_MEANINGS[m]) for m in dict.fromkeys((first, *COLUMN_MEANINGS)) if m in COLUMN_MEANINGS
    )


def _allowed(column: ColumnCandidates) -> tuple[Option, ...]:
    """The answers to a question about a column: what its words allow, then everything else."""
    likely = list(dict.fromkeys(_MEANING_OF.get(o.role, o.role) for o in column.options))
    rest = [m for m in COLUMN_MEANINGS if m not in likely]
    return tuple(Option(m, COLUMN_MEANINGS[m]) for m in (*likely, *rest) if m in COLUMN_MEANINGS)


def _settled(options_of: Sequence[ColumnCandidates], proven: ProvenColumns, measured: _Measures) -> Iterator[str]:
    """What the numbers decided, a sentence for each column (Vietnamese)."""
    for column, role in zip(options_of, proven.roles, strict=True):
        shown = named_column(column.column)
        if column.index in measured.less():
            early = named_column(measured.less()[column.index])
            yield f"Cột {shown}: gồm cả trước hạn; đúng hạn = cột này trừ cột {early}"
        elif column.index in proven.tested and role.role != UNUSED and _has_choice(column, role):
            yield f"Cột {shown}: {role_name(role.role)} ({proven.reason})"


def _has_choice(column: ColumnCandidates, role: Candidate) -> bool:
    """Whether the words of a column allow other dossiers than those of its role."""
    return not column.sure and (
        role.role != column.options[0].role or len({o.role for o in column.options} - {UNUSED}) > 1
    )


def named_column(column: HeaderColumn) -> str:
    """`C “Đã giải quyết › Quá hạn”`."""
    return f"{column.letter} “{column.label}”"
