"""The text of an HTML table cell as a browser shows it, entered form values included, and the number Excel reads there.

Excel reads the attribute `x:num` of its own HTML export instead of the text. Where both give different numbers the
cell keeps both, and is no number of dossiers.
"""

from __future__ import annotations

import math
from typing import Any

from lxml import etree

from pipeline.extract.containers.cell_looks import look_of, misread_number, misread_text
from pipeline.extract.containers.html_styles import PageStyles
from pipeline.extract.containers.number_formats import is_date_code
from pipeline.extract.sheet.cell_values import see
from pipeline.extract.sheet.grid import MisreadCell
from pipeline.text import nfc

#: characters of a cell's text that are kept beside its value
_LONGEST_SHOWN = 60
#: elements without visible text
SKIPPED = {"script", "style", "meta", "link", "template", "noscript", "xml"}
#: types of `input` that show no text of their own
_INPUTS_WITHOUT_TEXT = {"hidden", "checkbox", "radio", "button", "submit", "reset", "image", "file", "password"}
#: elements that do not end a line of text. `sup`, `sub` and `del` are not among them: a footnote mark or a struck-out
#: digit is no digit of the number beside it
INLINE = {
    *("a", "abbr", "b", "big", "code", "em", "font", "i", "ins", "label", "mark", "nobr", "small", "span", "strong"),
    *("tt", "u"),
}


def cell_text(cell: Any, styles: PageStyles) -> str:
    """The text of a `td` or `th` element, lines separated by a line break.

    Where `x:num` holds another number than the text shows: both, as `12 (x:num 15)`.
    """
    text = nfc(cell.text or "") if not len(cell) else "\n".join(text_lines(cell, styles))
    stored = (cell.get("x:num") or "").strip()
    if not stored:
        return text
    shown = see(text).counted
    number = _number(stored)
    if not text:
        return str(int(number)) if number.is_integer() else f"x:num {stored}"
    return text if shown.kind != "ok" or shown.value == number else f"{text} (x:num {stored})"


def misread_cell(cell: Any, text: str, styles: PageStyles, *, struck: bool) -> MisreadCell | None:
    """A `td` or `th` element that shows something else than its text; None where it shows its text.

    `text`: from `cell_text`. `struck`: its row or table is struck through. A browser shows the text, Excel the number
    of the text under the number format of the cell.
    """
    if not text:
        return None
    shown = text[:_LONGEST_SHOWN]
    if struck or styles.strikes(cell):
        return misread_text(shown, look_of(struck=True))
    if len(cell) and _has_struck_part(cell, styles):
        return misread_text(shown, look_of(), "struck")
    code = styles.number_code(cell)
    counted = see(text).counted if code else None
    if counted is None or counted.kind != "ok":
        return misread_text(shown, look_of(code)) if code else None
    # a number under a format of dates is shown as a date
    return misread_number(str(counted.value), look_of(code, '"ngày"' if is_date_code(code) else ""))


def _has_struck_part(cell: Any, styles: PageStyles) -> bool:
    """Whether a part of a cell, with a text, is struck."""
    inner = (part for part in cell.iter() if part is not cell and isinstance(part.tag, str))
    struck = (part for part in inner if styles.strikes(part))
    return any(nfc("".join(part.itertext())) or next(part.iter("input"), None) is not None for part in struck)


def _number(stored: str) -> float:
    try:
        return float(stored)
    except ValueError:
        return math.nan


def text_lines(element: Any, styles: PageStyles) -> list[str]:
    """The lines of text that an element shows, without blank ones."""
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
            line.append(_input_text(inner))
        else:
            line.append(inner.text or "")
    return [text for x in (*lines, "".join(line)) if (text := nfc(x))]


def _input_text(element: Any) -> str:
    """The text that an `input` shows: a table may have been saved while it was being edited."""
    kind = element.get("type", "text").strip().lower()
    return "" if kind in _INPUTS_WITHOUT_TEXT else element.get("value") or ""
