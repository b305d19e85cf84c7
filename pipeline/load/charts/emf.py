"""The pictures as EMF, the vector format that every Word draws and prints: an SVG of `svg.py`, cut into pages.

Only the elements that `svg.py` writes are known; another one raises ValueError. Rules of the format: [MS-EMF].
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from pipeline.load.charts.svg import FONTS, INK, Picture

#: millimetres: the width of the text of an A4 page, and the tallest picture below a heading
PAGE_WIDTH: Final = 165.0
_PAGE_HEIGHT: Final = 225.0
#: units of a drawing in a pixel of the SVG
_FINE: Final = 10
#: pixels between the lines of a hatched filling, and above and below the baseline of a text
_HATCH: Final = 5
_ASCENT, _DESCENT = 12, 4
_SVG: Final = "{http://www.w3.org/2000/svg}"
_ALIGNMENTS: Final = {"": 24, "start": 24, "end": 26, "middle": 30}  # on the baseline
_NO_PEN, _NO_BRUSH = 0x80000008, 0x80000005  # objects that every program has

#: width in thousandths of the size -> letters of Arial
_GROUPS: Final = {
    222: "ijl",
    278: " .,:;/\\|ft![]I·",
    333: "r()-“”‘’",
    500: "ckJsvxyz",
    584: "+=<>×÷−",
    611: "FTZ",
    667: "ABEKPSVXY&",
    722: "CDHNRUwĐ",
    778: "GOQ",
    833: "mM",
    889: "%",
    944: "W",
    1000: "—…→▲▼",
}
_WIDTHS: Final = {letter: width for width, letters in _GROUPS.items() for letter in letters}
_OTHER, _BOLD = 556, 1.06


@dataclass(frozen=True)
class EmfImage:
    """A picture, or a part of it as high as a page. `title`: what it shows; sizes in millimetres."""

    data: bytes
    title: str
    width: float
    height: float


@dataclass(frozen=True)
class _Shape:
    """An element of the drawing at its place in the whole picture, in pixels; `top` to `bottom`: what it covers."""

    kind: str
    at: tuple[float, ...]
    look: Mapping[str, str]
    text: str
    top: float
    bottom: float


def emf_images(picture: Picture) -> tuple[EmfImage, ...]:
    """The picture as images that fit on a page each, cut between rows. Raises ValueError for an unknown element."""
    root = fromstring(picture.svg)
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    shapes = list(_shapes(root, 0.0))
    scale = PAGE_WIDTH / width
    images = []
    for top, bottom in _cuts(shapes, height, _PAGE_HEIGHT / scale):
        data = _emf(shapes, width, top, bottom)
        images.append(EmfImage(data, picture.title, PAGE_WIDTH, (bottom - top) * scale))
    return tuple(images)


def _shapes(parent: Element, down: float) -> Iterator[_Shape]:
    """The elements inside `parent`, which is moved `down` by so many pixels."""
    for element in parent:
        kind, look = element.tag.removeprefix(_SVG), element.attrib
        if kind == "g":
            yield from _shapes(element, down + float(look["transform"].rstrip(")").split()[-1]))
        elif kind == "rect":
            x, y, w, h = (float(look[key]) for key in ("x", "y", "width", "height"))
            yield _Shape(kind, (x, y + down, x + w, y + down + h), look, "", y + down, y + down + h)
        elif kind == "line":
            x, y, x2, y2 = (float(look[key]) for key in ("x1", "y1", "x2", "y2"))
            yield _Shape(kind, (x, y + down, x2, y2 + down), look, "", min(y, y2) + down, max(y, y2) + down)
        elif kind == "circle":
            x, y, r = float(look["cx"]), float(look["cy"]) + down, float(look["r"])
            yield _Shape(kind, (x - r, y - r, x + r, y + r), look, "", y - r, y + r)
        elif kind == "text":
            x, y = float(look["x"]), float(look["y"]) + down
            yield _Shape(kind, (x, y), look, element.text or "", y - _ASCENT, y + _DESCENT)
        elif kind != "defs":
            raise ValueError(f"a picture has an element {kind!r}")


def _cuts(shapes: Sequence[_Shape], height: float, most: float) -> Iterator[tuple[float, float]]:
    """Parts of at most `most` pixels. A cut goes through lines and what is as high as the picture, else between."""
    whole = [s for s in shapes if s.kind != "line" and s.bottom - s.top < most / 2]
    top = 0.0
    while height - top > most:
        ends = sorted({s.bottom for s in whole if top + most / 2 < s.bottom <= top + most}, reverse=True)
        free = (y for y in ends if not any(s.top < y < s.bottom for s in whole))
        cut = next(free, top + most)
        yield top, cut
        top = cut
    yield top, height


def _emf(shapes: Sequence[_Shape], width: float, top: float, bottom: float) -> bytes:
    """The part of the picture from `top` to `bottom` as a file."""
    drawn = _Records()
    drawn.add(18, struct.pack("<I", 1))  # no ground behind letters
    for shape in shapes:
        if shape.bottom > top and shape.top < bottom:
            _draw(drawn, shape, top, bottom)
    drawn.add(14, struct.pack("<3I", 0, 16, 20))
    right, low = round(width * _FINE), round((bottom - top) * _FINE)
    hundredths = PAGE_WIDTH * 100 / (width * _FINE)  # of a millimetre, in a unit
    body = b"".join(drawn.parts)
    header = struct.pack(
        "<2I8iIIIIHHIIIiiiiIIIii",
        *(1, 108, 0, 0, right - 1, low - 1, 0, 0, round(right * hundredths), round(low * hundredths)),
        *(0x464D4520, 0x10000, 108 + len(body), len(drawn.parts) + 1, 2, 0, 0, 0, 0),
        *(right, right, round(PAGE_WIDTH), round(PAGE_WIDTH), 0, 0, 0),
        *(round(PAGE_WIDTH * 1000), round(PAGE_WIDTH * 1000)),
    )
    return header + body


class _Records:
    """The records of a file after its header. One object (pen, brush, font) is in use at a time, number 1."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def add(self, kind: int, content: bytes = b"") -> None:
        """Add a record, padded to whole words."""
        content += bytes(-len(content) % 4)
        self.parts.append(struct.pack("<2I", kind, 8 + len(content)) + content)

    def use(self, kind: int, content: bytes) -> None:
        """Make an object and select it."""
        self.add(kind, struct.pack("<I", 1) + content)
        self.add(37, struct.pack("<I", 1))

    def leave(self, *stock: int) -> None:
        """Select objects that every program has in place of the one in use, and delete it."""
        for number in stock:
            self.add(37, struct.pack("<I", number))
        self.add(40, struct.pack("<I", 1))


def _draw(drawn: _Records, shape: _Shape, top: float, bottom: float) -> None:
    look = shape.look
    if shape.kind == "text":
        _draw_text(drawn, shape, top)
        return
    x, y, x2, y2 = shape.at
    y, y2 = max(y, top) - top, min(y2, bottom) - top  # only what is cut through is longer than its part
    if shape.kind == "line":
        if shape.at[1] != shape.at[3] and shape.at[0] != shape.at[2]:  # a slope is never cut through
            y, y2 = shape.at[1] - top, shape.at[3] - top
        _draw_line(drawn, (x, y, x2, y2), look["stroke"], float(look.get("stroke-width", "1")), look)
        return
    figure = 43 if shape.kind == "rect" else 42
    fill = look["fill"]
    area = struct.pack("<4i", *_points(x, y, x2, y2))
    drawn.add(37, struct.pack("<I", _NO_PEN))
    drawn.use(39, struct.pack("<3I", 0, _colour("#ffffff" if fill.startswith("url") else fill), 0))
    drawn.add(figure, area)
    drawn.leave(_NO_BRUSH)
    if fill.startswith("url"):
        for stripe in _stripes(x, y, x2, y2):
            _draw_line(drawn, stripe, INK, 2.2, {})
    if "stroke" in look:
        drawn.add(37, struct.pack("<I", _NO_BRUSH))
        _use_pen(drawn, look["stroke"], float(look["stroke-width"]))
        drawn.add(figure, area)
        drawn.leave(_NO_PEN)


def _draw_line(
    drawn: _Records, ends: tuple[float, float, float, float], colour: str, width: float, look: Mapping[str, str]
) -> None:
    """A line, dash by dash where the look has dashes: programs draw the dashes of a pen in lengths of their own."""
    _use_pen(drawn, colour, width)
    x, y, x2, y2 = ends
    dash, gap = (float(part) for part in look.get("stroke-dasharray", "0 0").split())
    length = ((x2 - x) ** 2 + (y2 - y) ** 2) ** 0.5
    step = dash + gap or length or 1.0
    at = 0.0
    while at < length:
        begin, end = at / length, min(at + (dash or length), length) / length
        drawn.add(27, struct.pack("<2i", *_points(x + (x2 - x) * begin, y + (y2 - y) * begin)))
        drawn.add(54, struct.pack("<2i", *_points(x + (x2 - x) * end, y + (y2 - y) * end)))
        at += step
    drawn.leave(_NO_PEN)


def _stripes(x: float, y: float, x2: float, y2: float) -> Iterator[tuple[float, float, float, float]]:
    """Lines that rise to the right inside an area."""
    height = y2 - y
    start = x - height + _HATCH
    while start < x2:
        left, right = max(start, x), min(start + height, x2)
        yield left, y2 - (left - start), right, y2 - (right - start)
        start += _HATCH


def _draw_text(drawn: _Records, shape: _Shape, top: float) -> None:
    look = shape.look
    size, bold = float(look.get("font-size", "13")), look.get("font-weight") == "bold"
    face = FONTS.split(",")[0].encode("utf-16-le")
    font = struct.pack("<5i8B", -round(size * _FINE), 0, 0, 0, 700 if bold else 400, 0, 0, 0, 1, 0, 0, 0, 0)
    drawn.use(82, font + face + bytes(320 - len(font) - len(face)))
    drawn.add(22, struct.pack("<I", _ALIGNMENTS[look.get("text-anchor", "")]))
    drawn.add(24, struct.pack("<I", _colour(look.get("fill", INK))))
    words = unicodedata.normalize("NFC", shape.text).encode("utf-16-le")
    units = [words[i : i + 2].decode("utf-16-le", "replace") for i in range(0, len(words), 2)]
    widths = [round(_width(unit, bold) * size * _FINE / 1000) for unit in units]
    padded = words + bytes(-len(words) % 4)
    drawn.add(84, struct.pack(
        "<4i I2f 2i 3I 4i I", 0, 0, -1, -1, 1, 1.0, 1.0, *_points(shape.at[0], shape.at[1] - top),
        len(units), 76, 0, 0, 0, -1, -1, 76 + len(padded),
    ) + padded + struct.pack(f"<{len(widths)}I", *widths))  # fmt: skip
    drawn.leave(0x8000000D)


def _width(letter: str, bold: bool) -> float:
    base = unicodedata.normalize("NFD", letter)
    horn = 70 if "\u031b" in base else 0
    return (_WIDTHS.get(letter, _WIDTHS.get(base[0], _OTHER)) + horn) * (_BOLD if bold else 1.0)


def _use_pen(drawn: _Records, colour: str, width: float) -> None:
    drawn.use(38, struct.pack("<I2iI", 0, round(width * _FINE), 0, _colour(colour)))


def _points(*pixels: float) -> list[int]:
    return [round(pixel * _FINE) for pixel in pixels]


def _colour(text: str) -> int:
    """`#rrggbb` as the format has it: blue, green, red."""
    red, green, blue = (int(text[i : i + 2], 16) for i in (1, 3, 5))
    return red | green << 8 | blue << 16
