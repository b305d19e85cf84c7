"""The Jinja environment of `templates/trang/`: every value is escaped for HTML. Style and script are inside the page.

The policy of a page (Content-Security-Policy) allows its own style and its own script, by its hash, and nothing else:
no connection, no file, no picture but its own.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from pipeline.load.content.sentences import lower_first, upper_first
from pipeline.text import vn_count, vn_day, vn_decimal, vn_int, xml_text


def _file(name: str) -> str | None:
    file = resources.files("templates").joinpath("trang", name)
    return file.read_text("utf-8").replace("\r\n", "\n") if file.is_file() else None


def _clean(value: object) -> object:
    """Texts without characters that no page can hold, with the space around them; markup of this program as it is."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return f"{' ' * value.startswith(' ')}{xml_text(value)}{' ' * value.endswith(' ')}"


def _tidy(text: str) -> str:
    """A text without blank lines and trailing spaces. The script is tidied before it is hashed, so that it stays."""
    return "\n".join(line for line in (line.rstrip() for line in text.split("\n")) if line)


def _points(value: float | None, places: int = 2) -> str:
    return "–" if value is None else vn_decimal(value, places)


def _change(value: float | None, places: int = 2) -> str:
    """`+0,25`, `−1,00`, `0`; "" where there is nothing to compare with."""
    if value is None:
        return ""
    if not round(value, places):
        return "0"
    return ("+" if value > 0 else "−") + vn_decimal(abs(value), places)


@cache
def _environment() -> Environment:
    env = Environment(
        loader=FunctionLoader(_file),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=_clean,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(
        {
            "points": _points,
            "change": _change,
            "whole": vn_int,
            "count": vn_count,
            "date": vn_day,
            "lower_first": lower_first,
            "upper_first": upper_first,
        }
    )
    return env


@cache
def _policy(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:"


def render_page(template: str, values: Mapping[str, object]) -> bytes:
    """The bytes of a page, UTF-8, LF, one final newline. The same values give the same bytes."""
    script, style = _tidy(_file("trang.js") or ""), _tidy(_file("trang.css") or "")
    text = (
        _environment()
        .get_template(template)
        .render(values, script=Markup(script), style=Markup(style), policy=Markup(_policy(script)))
    )
    return f"{_tidy(text)}\n".encode()
