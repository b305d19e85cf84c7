"""Which parts of a workbook's archive are meant: the reader library and the second look have to see the same ones.

The library takes parts from fixed places, matches their names loosely and reads what it does not find as nothing. So
a workbook where another part may be meant is refused; Excel puts everything in its place when it saves.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree as PlainTree

from pipeline.extract.containers.xlsx_raw_checks import is_utf_8
from pipeline.extract.sheet.grid import UnreadableError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_BOOK, _RELATIONS, _ROOT = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels"
#: kinds of relations -> the one place where the library looks for their part
_PLACES = {"sharedStrings": "xl/sharedstrings.xml", "styles": "xl/styles.xml"}
_SAVE_AGAIN = "mở bằng Excel rồi lưu lại dạng .xlsx"


@dataclass(frozen=True)
class Package:
    """Member of the archive of each sheet, by the sheet's name, and of the styles ("" for none).

    `uncalculated`: Excel is asked to calculate everything when it opens the file, what formulas hold is no result.
    """

    sheets: Mapping[str, str]
    styles: str
    uncalculated: bool


def find_parts(archive: zipfile.ZipFile) -> Package:
    """The parts that count. Raises UnreadableError where it is not plain which they are."""
    written = archive.namelist()
    names = {name.lower().replace("\\", "/"): name for name in written}
    if len(names) < len(written):
        raise UnreadableError("file_unreadable", f"trong tệp có hai phần cùng tên; {_SAVE_AGAIN}")
    if not {_BOOK, _RELATIONS, _ROOT} <= names.keys():
        raise UnreadableError("file_unreadable", f"trong tệp thiếu phần kê các trang; {_SAVE_AGAIN}")
    targets, uncalculated = _read(*(archive.read(names[n]) for n in (_BOOK, _RELATIONS, _ROOT)))
    if any(path not in names for _, path in targets):
        raise UnreadableError("file_unreadable", f"trong tệp thiếu trang tính đã kê; {_SAVE_AGAIN}")
    styles = names.get(_PLACES["styles"], "")
    return Package({sheet: names[path] for sheet, path in targets}, styles, uncalculated)


@lru_cache(maxsize=64)  # the exports of one portal share these parts
def _read(book: bytes, relations: bytes, root: bytes) -> tuple[tuple[tuple[str, str], ...], bool]:
    """((sheet name, path in lower case) of each, whether nothing was calculated)."""
    for link in parse(root):
        if _kind(link) == "officeDocument" and link.get("Target", "").lstrip("/").lower() != _BOOK:
            raise UnreadableError("file_unreadable", f"các phần của tệp không ở chỗ quen thuộc; {_SAVE_AGAIN}")
    links = {link.get("Id"): link for link in parse(relations)}
    for link in links.values():
        place = _PLACES.get(_kind(link))
        if place is not None and _path(link) != place:
            raise UnreadableError("file_unreadable", f"các phần của tệp không ở chỗ quen thuộc; {_SAVE_AGAIN}")
    tree = parse(book)
    targets = []
    for sheet in local(tree, "sheet"):
        link = links[next((v for k, v in sheet.attrib.items() if k.endswith("relationships}id")), None)]
        targets.append((str(sheet.get("name")), _path(link)))
    for column in zip(*targets, strict=True):
        if len(set(column)) < len(column):
            raise UnreadableError("file_unreadable", f"trong tệp có hai trang là một hoặc cùng tên; {_SAVE_AGAIN}")
    uncalculated = any(c.get("fullCalcOnLoad") in ("1", "true") for c in local(tree, "calcPr"))
    return tuple(targets), uncalculated


def _kind(link: Element) -> str:
    return link.get("Type", "").rpartition("/")[2]


def _path(link: Element) -> str:
    """Where a relation of the workbook leads, as the library understands it."""
    target = link.get("Target", "")
    return (target[1:] if target.startswith("/") else f"xl/{target}").lower().replace("\\", "/")


def parse(xml: bytes) -> Element:
    """The tree of an XML part. Entities need a document type; where none can stand, the quick parser serves."""
    if b"<!" not in xml and is_utf_8(xml):
        return PlainTree.fromstring(xml)
    from defusedxml import ElementTree

    tree: Element = ElementTree.fromstring(xml)
    return tree


def local(tree: Element, name: str) -> Iterator[Element]:
    """Every element of a local name, whatever its namespace."""
    return (e for e in tree.iter() if isinstance(e.tag, str) and e.tag.rpartition("}")[2] == name)
