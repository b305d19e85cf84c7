"""Values into Markdown, safely: the Jinja environment of `templates/` and its filters.

`autoescape` stays off: it would escape for HTML (`"` as `&#34;`) and leave `|` and `*` alone, which break a Markdown
table. Instead every value in a template passes one of the filters here; a test walks the templates and refuses one
that does not.
"""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from functools import cache
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined

from pipeline.load.content.sentences import lower_first, upper_first, vn_date
from pipeline.markdown import escaped
from pipeline.text import vn_count, vn_decimal, vn_int

NO_FIGURE = "–"
#: what would open a list, a heading or a quotation at the start of a line
_OPENER = re.compile(r"^([-+=])(?=\s|$)|^(\d{1,9})([.)])(?=\s)")


def md(value: object) -> str:
    """Any text as Markdown shows it literally, on one line: in a table cell, a paragraph or a list item."""
    return _OPENER.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", escaped(value))


def so(value: int | None) -> str:
    """A number of dossiers in a table: 2799 -> `2.799`; nothing where there is none."""
    return "" if value is None else vn_int(value)


def diem(value: float | Fraction | None, places: int = 2, *, exact: bool = False) -> str:
    """A score already rounded: whole ones without decimals (`16`), others with all (`15,80`); `–` for none.

    `exact`: with its decimals always (`2,00`), as Biểu mẫu 03 prints an average.
    """
    if value is None:
        return NO_FIGURE
    number = float(value)
    return vn_decimal(number, 0 if number.is_integer() and not exact else places)


def roman(value: int) -> str:
    """1 -> `I`, for the headings of groups."""
    text = ""
    for size, letters in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while value >= size:
            text, value = text + letters, value - size
    return text


def ngay(value: dt.date) -> str:
    """A date as reports write it: `15/12/2021`."""
    return vn_date(value.isoformat())


#: filters whose result can stand in Markdown as it is
SAFE_FILTERS = {"md": md, "so": so, "diem": diem, "roman": roman, "dem": vn_count, "ngay": ngay}


def _source(name: str) -> str | None:
    file = resources.files("templates").joinpath(name)
    return file.read_text("utf-8") if file.is_file() else None


@cache
def environment() -> Environment:
    """The templates' environment: an unknown name is an error, never an empty place in a report."""
    env = Environment(
        loader=FunctionLoader(_source),
        undefined=StrictUndefined,
        autoescape=False,  # Markdown, not HTML: see above
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.filters.update(SAFE_FILTERS)
    env.filters.update({"lower_first": lower_first, "upper_first": upper_first})
    return env


def tidy(text: str) -> str:
    """LF only, no trailing spaces, at most one blank line, one newline at the end."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"
