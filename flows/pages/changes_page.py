"""The page of changes of a revision in Prefect: results first, at most MOST_ROWS rows of each kind.

`thay-doi.md` beside the report contains all changes, also the hashes of the files.
"""

from __future__ import annotations

from pipeline.load.content.changes import (
    NO_RESULTS,
    ChangeSection,
    change_sections,
    changes_title,
    inputs_note,
    reason_line,
)
from pipeline.markdown import escaped, pipe_table
from pipeline.publish.revision_diff import Changes
from pipeline.text import vn_int

#: most rows of one kind of change: a file that is set aside changes hundreds
MOST_ROWS = 40
#: sections in this order come first: results before the values they were computed from
_FIRST = ("Tình trạng đơn vị", "Tổng điểm và điểm trung bình", "Xếp loại", "Thứ hạng")


def changes_page(found: Changes) -> str:
    """The page as Vietnamese Markdown."""
    summary, inputs, *others = change_sections(found)
    parts = [f"# {changes_title(found)}\n", escaped(reason_line(found)) + "\n", _table(summary)]
    if not found.results:
        parts.append(NO_RESULTS + "\n")
    parts.append(f"## {inputs.title}\n" if inputs.rows else inputs_note(found) + "\n")
    parts += [f"- {escaped(name)}: {escaped(what)}" for name, what, *_ in inputs.rows[:MOST_ROWS]]
    if inputs.rows:
        parts.append(_rest(inputs))
    for part in sorted(others, key=lambda s: _FIRST.index(s.title) if s.title in _FIRST else len(_FIRST)):
        if part.rows:
            parts.append(f"## {escaped(part.title)} ({vn_int(len(part.rows))})\n")
            parts += [_table(part), _rest(part)]
    return "\n".join(parts)


def _rest(part: ChangeSection) -> str:
    """A line with the number of rows that are not shown; "" if all are."""
    more = len(part.rows) - MOST_ROWS
    return f"\nCòn {vn_int(more)} dòng nữa trong tệp thay-doi.md.\n" if more > 0 else ""


def _table(part: ChangeSection) -> str:
    """The rows as a table without useless columns: those without a head, and one that repeats the section's title."""
    rows = part.rows[:MOST_ROWS]
    shown = [i for i, head in enumerate(part.header) if head and not (i == 1 and {r[1] for r in rows} == {_SAME})]
    figures = [n for n, i in enumerate(shown) if i > 1 and all(not any(map(str.isalpha, r[i])) for r in rows)]
    return pipe_table([part.header[i] for i in shown], [[row[i] for i in shown] for row in rows], right=figures)


_SAME = "Tình trạng"
