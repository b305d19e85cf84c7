"""The Jinja environment of `templates/` and the filters that make values safe in Markdown.

`autoescape` is off: it would escape for HTML (`"` as `&#34;`) and would not escape `|` and `*`, which break a Markdown
table. Every value in a template passes one of `SAFE_FILTERS` instead; a test checks all templates for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined

from pipeline.load.content.score_decimals import score_decimals
from pipeline.load.content.sentences import lower_first, upper_first
from pipeline.markdown import escaped
from pipeline.text import vn_count, vn_day, vn_decimal, vn_int

NO_FIGURE = "–"
#: what Markdown takes for a list, a heading or a rule at the start of a line
_BLOCK_START = re.compile(r"^([-+=])(?=\s|$)|^(\d{1,9})([.)])(?=\s)")


def markdown_text(value: object) -> str:
    """A text on one line that Markdown shows literally, in a table cell, a paragraph or a list item."""
    return _BLOCK_START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", escaped(value))


def table_count(value: int | None) -> str:
    """A number of dossiers in a table: 2799 -> `2.799`, None -> empty."""
    return "" if value is None else vn_int(value)


def score_text(value: float | Fraction | None, places: int = 2, *, exact: bool = False) -> str:
    """A rounded score: a whole one without decimals (`16`), another with `places` (`15,80`), None as `–`.

    `exact`: a whole one with decimals too (`2,00`), as Biểu mẫu 03 prints an average.
    """
    if value is None:
        return NO_FIGURE
    number = float(value)
    return vn_decimal(number, score_decimals(number, places, exact=exact))


def roman(value: int) -> str:
    """A whole number above 0 in Roman numerals: 4 -> `IV`."""
    text = ""
    for size, letters in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while value >= size:
            text, value = text + letters, value - size
    return text


#: name in the templates -> filter that writes a number or a date; the templates of Word have them too
PLAIN_FILTERS: dict[str, Callable[..., str]] = {
    "number": table_count,
    "score": score_text,
    "roman": roman,
    "count": vn_count,
    "date": vn_day,
}
#: name in the templates -> filter whose result is safe in Markdown
SAFE_FILTERS: dict[str, Callable[..., str]] = {"md": markdown_text, **PLAIN_FILTERS}


def _template_text(name: str) -> str | None:
    file = resources.files("templates").joinpath(name)
    return file.read_text("utf-8") if file.is_file() else None


@cache
def environment() -> Environment:
    """The environment of the templates. An unknown name raises jinja2.UndefinedError instead of printing nothing."""
    env = Environment(
        loader=FunctionLoader(_template_text),
        undefined=StrictUndefined,
        autoescape=False,  # Markdown, not HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.filters.update(SAFE_FILTERS)
    env.filters.update({"lower_first": lower_first, "upper_first": upper_first})
    return env


def tidy(text: str) -> str:
    """A text with LF only, no trailing spaces, at most one blank line in a row, one newline at the end."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"
