"""What a revision changed, as a page of Prefect's: what people ask for first, and no more of it than they read.

`thay-doi.md` beside the report holds all of it, the marks of the files (hashes) included.
"""

from __future__ import annotations

from pipeline.load.content.changes import (
    NO_INPUTS,
    NO_RESULTS,
    ChangeSection,
    change_sections,
    changes_title,
    reason_line,
)
from pipeline.markdown import escaped, pipe_table
from pipeline.publish.revision_diff import Changes
from pipeline.text import vn_int

#: rows of one kind of change; a file set aside changes hundreds at once
MOST_ROWS = 40
#: results before what they were computed from
_FIRST = ("Tình trạng đơn vị", "Tổng điểm và điểm trung bình", "Xếp loại", "Thứ hạng")


def changes_page(found: Changes) -> str:
    """Vietnamese Markdown."""
    summary, inputs, *others = change_sections(found)
    parts = [f"# {changes_title(found)}\n", escaped(reason_line(found)) + "\n", _table(summary)]
    if not found.results:
        parts.append(NO_RESULTS + "\n")
    parts.append(f"## {inputs.title}\n" if inputs.rows else NO_INPUTS + "\n")
    parts += [f"- {escaped(name)}: {escaped(what)}" for name, what, *_ in inputs.rows[:MOST_ROWS]]
    if inputs.rows:
        parts.append(_rest(inputs))
    for part in sorted(others, key=lambda s: _FIRST.index(s.title) if s.title in _FIRST else len(_FIRST)):
        if part.rows:
            parts.append(f"## {escaped(part.title)} ({vn_int(len(part.rows))})\n")
            parts += [_table(part), _rest(part)]
    return "\n".join(parts)


def _rest(part: ChangeSection) -> str:
    more = len(part.rows) - MOST_ROWS
    return f"\nCòn {vn_int(more)} dòng nữa trong tệp thay-doi.md.\n" if more > 0 else ""


def _table(part: ChangeSection) -> str:
    """Without the columns that say nothing: no head, or one and the same in each row as in the title."""
    rows = part.rows[:MOST_ROWS]
    shown = [i for i, head in enumerate(part.header) if head and not (i == 1 and {r[1] for r in rows} == {_SAME})]
    figures = [n for n, i in enumerate(shown) if i > 1 and all(not any(map(str.isalpha, r[i])) for r in rows)]
    return pipe_table([part.header[i] for i in shown], [[row[i] for i in shown] for row in rows], right=figures)


_SAME = "Tình trạng"
