"""The to-do list of a check: what to do, in the order to do it, each cause once with its place and its consequences.

Findings of one kind in one file are one line, and so are the units that sent nothing. Notices are no work. A finding
that only repeats what follows from another one is counted in the line of its cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import pandas as pd

from pipeline.finding_catalogue import IN_REFUSED_FILE, QUESTIONS, catalogue
from pipeline.findings import unit_ids
from pipeline.load.content.late_reasons import unexplained_late
from pipeline.load.content.sentences import lower_first
from pipeline.result import Scored
from pipeline.text import row_range, shortened_list, vn_int
from pipeline.validate.submission_status import NOT_FILLED_IN

#: lines that a list on a screen shows; the last one of them names the rest, if there is more
MOST_LINES: Final = 10
#: names of units in a line, and cells in a place
_MOST_NAMES, _MOST_CELLS = 3, 4

#: the order of the work, most blocking first
_QUESTION, _FILE, _ERROR, _ROW, _MISSING, _EXPLANATION, _WARNING = range(7)

#: findings that follow from another one: they have a line only where their cause is not found
_OF_QUESTION: Final = "unit_waits"
_OF_UNIT: Final = frozenset(("assessment_not_possible", "officer_without_score"))
_OF_NO_COUNTS: Final = "correction_no_count"
#: errors of units without counts: the number of units is counted, not that of the errors
_NO_COUNTS: Final = IN_REFUSED_FILE | {"unit_missing", _OF_QUESTION}
#: a notice that is the cause where criteria cannot be computed
_UNUSED_COLUMN: Final = "column_ignored"
_REDUCED: Final = "maximum_reduced"
_OF_UNITS: Final = frozenset(("level_without_units",))
#: warnings that change what is signed come first, in this order; then all others; then what was printed before
_FIRST_WARNINGS: Final = (
    _UNUSED_COLUMN, "no_rulebook", "rulebook_outside_validity", "class_unknown", _REDUCED, "level_without_units",
    "total_row_wrong", "level_not_corrected", "level_differs", "level_supplement_differs",
    "level_supplement_partial", "period_differs", "continuity_broken",
)  # fmt: skip
_LAST_WARNINGS: Final = ("document_date", "printed_impossible", "stt_gap")


@dataclass(frozen=True)
class TodoLine:
    """One thing to do. All texts are Vietnamese.

    `cause`: what is wrong; `place`: file › sheet › cells, "" for none; `action`: what to do, in short; `consequence`:
    what follows from the cause, "" for nothing; `findings`: positions of its findings in the Findings frame.
    """

    cause: str
    place: str
    action: str
    consequence: str = ""
    findings: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Finding:
    """A row of the Findings frame with its position, its rank in the order of the work, and the units it is about."""

    position: int
    row: Mapping[str, str]
    rank: int
    units: tuple[str, ...]

    @property
    def code(self) -> str:
        return self.row["code"]


@dataclass(frozen=True)
class _Period:
    """The findings of a period, the names of its units and levels by id, which of them are levels, and its exports."""

    findings: pd.DataFrame
    names: Mapping[str, str]
    levels: frozenset[str]
    exports: frozenset[str]

    @classmethod
    def of(cls, scored: Scored) -> _Period:
        entities = scored.checked.entities
        levels = frozenset(entities.loc[entities["kind"] == "level", "unit_id"])
        exports = frozenset(s.path for s in scored.checked.sources if s.role == "counts")
        return cls(scored.findings, dict(zip(entities["unit_id"], entities["name"], strict=True)), levels, exports)

    def number(self, ids: Sequence[str]) -> str:
        """`3 đơn vị`, `2 cấp`, `2 cấp, 3 đơn vị`."""
        levels = sum(i in self.levels for i in ids)
        counts = ((levels, "cấp"), (len(ids) - levels, "đơn vị"))
        return ", ".join(f"{vn_int(n)} {word}" for n, word in counts if n)

    def called(self, ids: Sequence[str]) -> str:
        """The first names and the number of the others. Names of levels have commas in them."""
        rest = len(ids) - _MOST_NAMES
        others = [f"{vn_int(rest)} nơi khác"] if rest > 0 else []
        return "; ".join([*(self.names.get(i, i) for i in ids[:_MOST_NAMES]), *others])


def todo_lines(scored: Scored, status: pd.DataFrame) -> tuple[TodoLine, ...]:
    """Everything to do before the period can be signed, in the order to do it. `status`: ReturnsStatus of the period.

    Lines of one kind in one file are joined where there are more than `MOST_LINES`.
    """
    period = _Period.of(scored)
    work = _work(period)
    lines = _lines(work, period, _one_subject)
    other = [_not_sent(status, period), _unexplained(scored, period)]
    if len(lines) + sum(line is not None for _, line in other) > MOST_LINES:
        lines = _lines(work, period, _one_file)
    ranked = [*lines, *((rank, line) for rank, line in other if line is not None)]
    return tuple(line for _, line in sorted(ranked, key=lambda pair: pair[0]))


def shown_lines(lines: Sequence[TodoLine], where: str) -> tuple[TodoLine, ...]:
    """At most `MOST_LINES`: the first ones, and how many more there are. `where`: where all are (Vietnamese)."""
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    rest = len(lines) - MOST_LINES + 1
    return (*lines[: MOST_LINES - 1], TodoLine(f"Còn {vn_int(rest)} việc nữa", "", f"Xem {where}."))


def _work(period: _Period) -> list[_Finding]:
    """The findings that are work, by rank. Those that follow from another one are left out where it is there."""
    rows = [{str(k): str(v) for k, v in row.items()} for row in period.findings.to_dict("records")]
    followed = _followed(rows)
    reduced = any(row["code"] == _REDUCED for row in rows)
    work = [
        _Finding(position, row, _rank(row), tuple(u for u in unit_ids(row) if u in period.names))
        for position, row in enumerate(rows)
        if (row["severity"] != "notice" or (reduced and _is_unused_column(row, period))) and not followed(row)
    ]
    return sorted(work, key=lambda f: (f.rank, _weight(f.code) if f.rank == _WARNING else 0))


def _followed(rows: Sequence[Mapping[str, str]]) -> Callable[[Mapping[str, str]], bool]:
    """Whether a finding follows from another one of `rows`."""
    of_files = {unit for row in rows if row["sets_aside"] == "file" for unit in unit_ids(row)}
    aside = {unit for row in rows if row["sets_aside"] == "unit" for unit in unit_ids(row)} | of_files
    uncounted = {row["unit_id"] for row in rows if row["code"] in _NO_COUNTS} | of_files
    asked = any(row["code"] in QUESTIONS for row in rows)
    errors = any(row["severity"] == "error" for row in rows)

    def follows(row: Mapping[str, str]) -> bool:
        code, unit = row["code"], row["unit_id"]
        return (
            (code == _OF_QUESTION and asked)
            or (code in _OF_UNIT and unit in aside)
            or (code == _OF_NO_COUNTS and unit in uncounted)
            or (code in _OF_UNITS and errors)
        )

    return follows


def _is_unused_column(row: Mapping[str, str], period: _Period) -> bool:
    """Whether a finding is about a column of an export that counts for nothing."""
    return row["code"] == _UNUSED_COLUMN and row["file"] in period.exports


def _rank(row: Mapping[str, str]) -> int:
    code, aside = row["code"], row["sets_aside"]
    if code.startswith("layout_"):
        return _QUESTION
    if row["severity"] != "error":
        return _WARNING
    if code == "unit_missing":
        return _MISSING
    return {"file": _FILE, "row": _ROW, "none": _ROW}.get(aside, _ERROR)


def _weight(code: str) -> int:
    """Where a warning, or a notice that is work, comes among the warnings."""
    if code in _FIRST_WARNINGS:
        return _FIRST_WARNINGS.index(code)
    return len(_FIRST_WARNINGS) + (1 + _LAST_WARNINGS.index(code) if code in _LAST_WARNINGS else 0)


def _one_subject(found: _Finding) -> tuple[object, ...]:
    """Findings of one kind about one unit in one sheet are one line, and so are all missing units."""
    row = found.row
    if found.rank == _MISSING:
        return (found.code,)
    return (found.code, row["file"], row["sheet"], row["unit_id"] or row["units"])


def _one_file(found: _Finding) -> tuple[object, ...]:
    """Findings of one kind in one file are one line, whichever unit they are about."""
    return (found.code,) if found.rank == _MISSING else (found.code, found.row["file"])


def _lines(
    work: Iterable[_Finding], period: _Period, key: Callable[[_Finding], tuple[object, ...]]
) -> list[tuple[int, TodoLine]]:
    """(rank, line) of every group of findings, in the order of its first finding."""
    groups: dict[tuple[object, ...], list[_Finding]] = {}
    for one in work:
        groups.setdefault((one.rank, *key(one)), []).append(one)
    return [(group[0].rank, _line(group, period)) for group in groups.values()]


def _line(group: Sequence[_Finding], period: _Period) -> TodoLine:
    first = group[0]
    units = list(dict.fromkeys(u for f in group for u in f.units))
    return TodoLine(
        cause=_cause(group, units, period),
        place=_places(group),
        action=catalogue()[first.code].step or first.row["action"],
        consequence=_consequence(group, units, period),
        findings=tuple(f.position for f in group),
    )


def _cause(group: Sequence[_Finding], units: Sequence[str], period: _Period) -> str:
    """The message of a single finding; else what they have in common, with the units or the number of places."""
    if len(group) == 1:
        names = "; ".join(f"“{period.names[unit]}”" for unit in units)
        message = group[0].row["message"]
        return message.replace(names, period.called(units)) if len(units) > _MOST_NAMES else message
    title, places = catalogue()[group[0].code].title, f"{vn_int(len(group))} chỗ"
    if not units:
        return f"{title}: {places}"
    if len(units) == 1:
        return f"{period.names[units[0]]}: {lower_first(title)} ({places})"
    number = period.number(units) + (f", {places}" if len(group) > len(units) else "")
    return f"{title}: {number} ({period.called(units)})"


def _places(group: Sequence[_Finding]) -> str:
    """`bo-sung.xlsx › Số liệu bổ sung › C17, D17 và 3 ô khác`: the places of findings in one file."""
    at = dict.fromkeys((f.row["file"], f.row["sheet"], f.row["cell"]) for f in group if f.row["file"])
    texts = []
    for (file, sheet), cells in groupby(at, key=lambda place: place[:2]):
        shown = shortened_list([row_range(c) for *_, c in cells if c], _MOST_CELLS, unit="ô")
        texts.append(" › ".join(filter(None, (file, sheet, shown))))
    return "; ".join(texts[:2]) + (" …" if len(texts) > 2 else "")


def _consequence(group: Sequence[_Finding], units: Sequence[str], period: _Period) -> str:
    """What the findings of a group bring with them: their own consequences, and what waits or is not scored."""
    aside, question = group[0].row["sets_aside"], group[0].code in QUESTIONS
    if aside == "file" or question:
        found = period.findings
        idle = found["code"] == _OF_QUESTION if question else found["code"].isin(())
        ids = list(dict.fromkeys([*units, *found.loc[idle, "unit_id"]]))
        return f"{period.number(ids)} chưa có số liệu để chấm ({period.called(ids)})" if ids else _own(group)
    if aside == "level":
        return _sentences("cấp này chưa được chấm điểm", _own(group))
    if aside == "unit" and units and group[0].rank != _MISSING:
        who = period.number(units) if len(units) > 1 else "đơn vị"
        return _sentences(f"{who} chưa được chấm điểm", _own(group))
    return _own(group)


def _own(group: Sequence[_Finding]) -> str:
    """The consequences that the findings of a group name, those of the first one in words."""
    own = list(dict.fromkeys(f.row["consequences"] for f in group if f.row["consequences"]))
    rest = f" (và {vn_int(len(own) - 1)} điều khác)" if len(own) > 1 else ""
    return lower_first(own[0]).rstrip(".") + rest if own else ""


def _sentences(*texts: str) -> str:
    return "; ".join(filter(None, texts))


def _not_sent(status: pd.DataFrame, period: _Period) -> tuple[int, TodoLine | None]:
    """The line of the units whose workbook did not come back."""
    waiting = [str(unit) for unit in status.loc[status["sent"].isin(NOT_FILLED_IN), "unit_id"]]
    if not waiting:
        return _MISSING, None
    blank = " hoặc gửi phiếu trống" if (status["sent"] == "blank").any() else ""
    cause = f"Chưa gửi phiếu{blank}: {period.number(waiting)} ({period.called(waiting)})"
    action = "Đôn đốc theo dự thảo don-doc.md; văn phòng tự nhập thì nhập vào bo-sung.xlsx, xoá thư mục phieu-gui-di."
    return _MISSING, TodoLine(cause, "", action)


def _unexplained(scored: Scored, period: _Period) -> tuple[int, TodoLine | None]:
    """The line of the late dossiers whose reason the report does not give."""
    late = unexplained_late(scored.checked)
    if not late:
        return _EXPLANATION, None
    count = vn_int(sum(late.values()))
    cause = f"Chưa giải trình {count} hồ sơ quá hạn: {period.number(list(late))} ({period.called(list(late))})"
    action = "Nhập lý do vào giai-trinh.xlsx hoặc phiếu của đơn vị, hoặc ghi lý do trễ hạn của cấp vào bo-sung.xlsx."
    found = [n for n, code in enumerate(period.findings["code"]) if code == "explanation_missing"]
    return _EXPLANATION, TodoLine(cause, "", action, "báo cáo không nêu được lý do trễ hạn", tuple(found))
