"""What a cell of a page shows: its lines of text, what was entered in its fields, and what Excel would read instead."""

from __future__ import annotations

import math
from typing import Any

from lxml import etree

from pipeline.extract.containers.html_styles import Styles
from pipeline.extract.sheet.cell_values import see
from pipeline.text import nfc

SKIPPED = {"script", "style", "meta", "link", "template", "noscript", "xml"}
#: fields of a form that show no text of their own
_NO_TEXT = {"hidden", "checkbox", "radio", "button", "submit", "reset", "image", "file", "password"}
#: what does not end the line of text it stands in; a footnote's mark or what is struck out is no digit of a number
INLINE = {
    *("a", "abbr", "b", "big", "code", "em", "font", "i", "ins", "label", "mark", "nobr", "small", "span", "strong"),
    *("tt", "u"),
}


def text_of(cell: Any, styles: Styles) -> str:
    """What a cell shows, a line each; of a number that Excel would read otherwise both."""
    text = nfc(cell.text or "") if not len(cell) else "\n".join(lines_of(cell, styles))
    stored = (cell.get("x:num") or "").strip()
    if not stored:
        return text
    shown = see(text).counted
    number = _number(stored)
    if not text:
        return str(int(number)) if number.is_integer() else f"x:num {stored}"
    return text if shown.kind != "ok" or shown.value == number else f"{text} (x:num {stored})"


def _number(stored: str) -> float:
    try:
        return float(stored)
    except ValueError:
        return math.nan


def lines_of(element: Any, styles: Styles) -> list[str]:
    """The lines of text an element shows."""
    lines, line = [], [element.text or ""]
    steps = etree.iterwalk(element, events=("start", "end"))
    for event, inner in steps:
        if inner is element or not isinstance(inner.tag, str):
            continue
        if inner.tag not in INLINE:
            lines.append("".join(line))
            line.clear()
        if event == "end":
            line.append(inner.tail or "")
        elif inner.tag in SKIPPED or styles.hides(inner):
            steps.skip_subtree()
        elif inner.tag == "input":
            line.append(_entered(inner))
        else:
            line.append(inner.text or "")
    return [shown for x in (*lines, "".join(line)) if (shown := nfc(x))]


def _entered(field: Any) -> str:
    """What a field shows: a table may be saved while it is being edited."""
    kind = field.get("type", "text").strip().lower()
    return "" if kind in _NO_TEXT else field.get("value") or ""
