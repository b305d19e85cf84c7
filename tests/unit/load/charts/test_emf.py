"""Pictures as EMF: well-formed records, every word of the SVG in them, and parts that a page can hold."""

import struct
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import fromstring

import pytest

from pipeline.load.charts.emf import PAGE_WIDTH, EmfImage, emf_images
from pipeline.load.charts.pictures import pictures
from pipeline.load.charts.svg import SOLID, WIDTH, box, line, picture, text
from pipeline.result import Scored

TEXT, LINE_TO, END = 84, 54, 14


def records(image: EmfImage) -> Iterator[tuple[int, bytes]]:
    """(type, content) of each record; the header says how many there are and how long they are."""
    at, data, found = 0, image.data, 0
    while at < len(data):
        kind, size = struct.unpack_from("<2I", data, at)
        assert size % 4 == 0 and size >= 8
        yield kind, data[at + 8 : at + size]
        at, found = at + size, found + 1
    assert at == len(data) == struct.unpack_from("<I", data, 48)[0]
    assert found == struct.unpack_from("<I", data, 52)[0]


def words(image: EmfImage) -> list[str]:
    texts = []
    for kind, content in records(image):
        if kind == TEXT:
            count, offset = struct.unpack_from("<2I", content, 36)
            texts.append(content[offset - 8 : offset - 8 + 2 * count].decode("utf-16-le"))
    return texts


def test_every_word_of_a_picture_is_drawn(city: Callable[..., Scored]) -> None:
    for one in pictures(city()):
        (image,) = emf_images(one)
        svg = [t.text or "" for t in fromstring(one.svg).iter("{http://www.w3.org/2000/svg}text")]
        assert words(image) == svg
        assert image.width == PAGE_WIDTH and image.title == one.title
        kinds = [kind for kind, _ in records(image)]
        assert (kinds[0], kinds[-1]) == (1, END) and END not in kinds[:-1]


def test_a_tall_picture_is_cut_between_rows() -> None:
    rows = 60
    body = [text(10, 40 * i + 20, f"Xã {i}") + box(100, 40 * i, 50, 40, SOLID) for i in range(rows)]
    tall = picture("x.svg", "Cao", [*body, line(200, 0, 200, 40 * rows, dashes="4 3")], 40 * rows)
    images = emf_images(tall)
    assert len(images) > 1
    assert all(image.height <= 225 for image in images)
    whole = float(fromstring(tall.svg).get("height", "0")) * PAGE_WIDTH / WIDTH
    assert sum(image.height for image in images) == pytest.approx(whole)
    drawn = [word for image in images for word in words(image)]
    assert [word for word in drawn if word.startswith("Xã")] == [f"Xã {i}" for i in range(rows)]
    assert all(any(kind == LINE_TO for kind, _ in records(image)) for image in images)


def test_an_unknown_element_is_no_picture() -> None:
    with pytest.raises(ValueError, match="ellipse"):
        emf_images(picture("x.svg", "", ["<ellipse/>"], 10))
