"""Parts of an SVG picture as text: words, lines, bars with patterns. The same values give the same bytes.

Shades and patterns differ in lightness, so that a picture can be read in grey print and without seeing colours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from xml.sax.saxutils import escape, quoteattr

from pipeline.text import xml_text

#: pixels; a picture as wide as the text of an A4 page has letters of about 8 pt
WIDTH, MARGIN, LINE = 760, 12, 16
#: width of a letter of 13 px, on average; of the bold letters of a title of 16 px
_LETTER, _TITLE_LETTER = 7.3, 9.8
FONTS = "Arial, 'Liberation Sans', 'Noto Sans', 'DejaVu Sans', sans-serif"
INK, QUIET, PALE, SOLID = "#1b1b1b", "#595959", "#d5d9dd", "#41637d"


@dataclass(frozen=True)
class Picture:
    """A picture of a revision. `name`: of its file; `title`: what it shows, a Vietnamese sentence; `svg`: its text."""

    name: str
    title: str
    svg: str


def number(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{round(value, 1):g}"


def text(
    x: float, y: float, words: object, *, anchor: str = "", size: int = 0, fill: str = "", bold: bool = False
) -> str:
    """A line of text whose baseline is at `y`. `anchor`: start, middle or end; sizes in pixels."""
    styles = {
        "text-anchor": anchor,
        "font-size": str(size) if size else "",
        "fill": fill,
        "font-weight": "bold" if bold else "",
    }
    given = "".join(f' {name}="{value}"' for name, value in styles.items() if value)
    return f'<text x="{number(x)}" y="{number(y)}"{given}>{escape(xml_text(words))}</text>'


def box(x: float, y: float, width: float, height: float, fill: str, outline: str = "") -> str:
    """A rectangle; `outline`: colour of its border, "" for none."""
    border = f' stroke="{outline}" stroke-width="1"' if outline else ""
    size = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
    return f'<rect {size} fill="{fill}"{border}/>'


def line(x1: float, y1: float, x2: float, y2: float, colour: str = QUIET, *, dashes: str = "", width: float = 1) -> str:
    """A straight line. `dashes`: as SVG writes them, `4 3`."""
    ends = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<line {ends} stroke="{colour}" stroke-width="{number(width)}"{dashed}/>'


def dot(x: float, y: float, fill: str = SOLID) -> str:
    """A point; white is an open circle."""
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="5" fill="{fill}" stroke="{SOLID}" stroke-width="2"/>'


def stripes(name: str, ink: str = INK, ground: str = "#ffffff") -> str:
    """The definition of a hatched filling, used as `url(#name)`. Names are unique in a document."""
    return (
        f'<defs><pattern id="{name}" width="5" height="5" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="5" height="5" fill="{ground}"/>'
        f'<rect width="2.4" height="5" fill="{ink}"/></pattern></defs>'
    )


def lines_of(words: object, width: float, letter: float = _LETTER) -> list[str]:
    """A text broken into lines that fit into a width, at least one."""
    return wrap(xml_text(words).replace("\n", " "), max(8, int(width / letter)), break_long_words=True) or [""]


def named(x: float, top: float, names: Sequence[str], height: float, fill: str = INK) -> str:
    """The lines of a name, centred in the height of its row."""
    first = top + (height - LINE * len(names)) / 2 + 12
    return "".join(text(x, first + LINE * i, name, fill=fill) for i, name in enumerate(names))


def row_height(names: Sequence[str]) -> int:
    """The height of a row with a name of so many lines."""
    return LINE * len(names) + 8


def picture(name: str, title: str, body: Iterable[str], height: float, notes: Iterable[str] = ()) -> Picture:
    """The whole picture: its title on top, the body (drawn from y = 0 on) below it, the notes at the bottom."""
    title = xml_text(title)
    head = lines_of(title, WIDTH - 2 * MARGIN, _TITLE_LETTER)
    top = 14 + 21 * len(head)
    below = [part for note in notes for part in lines_of(note, WIDTH - 2 * MARGIN)]
    whole = top + height + LINE * len(below) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{number(whole)}" '
        f'viewBox="0 0 {WIDTH} {number(whole)}" role="img" aria-label={quoteattr(title)} '
        f'font-family="{FONTS}" font-size="13" fill="{INK}">',
        box(0, 0, WIDTH, whole, "#ffffff"),
        *(text(MARGIN, 22 + 21 * i, words, size=16, bold=True) for i, words in enumerate(head)),
        f'<g transform="translate(0 {number(top)})">',
        *body,
        "</g>",
        *(text(MARGIN, top + height + LINE * (i + 1), words, fill=QUIET) for i, words in enumerate(below)),
        "</svg>",
    ]
    return Picture(name, title, "\n".join(parts) + "\n")
