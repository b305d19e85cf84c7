"""The parts of an xlsx archive: which member is which sheet (ECMA-376 part 2, Open Packaging Conventions).

python-calamine takes some parts from fixed paths, compares names without case and treats a missing part as empty. A
workbook in which it may take another part than `xlsx_hidden` does is refused. Excel writes the usual paths when it
saves the file again.
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

_WORKBOOK, _RELATIONSHIPS, _ROOT = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels"
#: type of a relationship -> the one path from which the library takes its part
_FIXED_PATHS = {"sharedStrings": "xl/sharedstrings.xml", "styles": "xl/styles.xml"}
_SAVE_AGAIN = "mở bằng Excel rồi lưu lại dạng .xlsx"


@dataclass(frozen=True)
class Package:
    """The archive members that `xlsx_hidden` reads."""

    sheets: Mapping[str, str]  # sheet name -> member
    styles: str  # member; "" for none
    strings: str  # member of the shared strings; "" for none
    uncalculated: bool  # Excel is asked to calculate everything on opening: stored formula values are no results


def read_package(archive: zipfile.ZipFile) -> Package:
    """The parts of a workbook. Raises UnreadableError where they are missing or ambiguous."""
    written = archive.namelist()
    names = {name.lower().replace("\\", "/"): name for name in written}
    if len(names) < len(written):
        raise UnreadableError("file_unreadable", f"trong tệp có hai phần cùng tên; {_SAVE_AGAIN}")
    if not {_WORKBOOK, _RELATIONSHIPS, _ROOT} <= names.keys():
        raise UnreadableError("file_unreadable", f"trong tệp thiếu phần kê các trang; {_SAVE_AGAIN}")
    targets, uncalculated = _sheet_targets(*(archive.read(names[n]) for n in (_WORKBOOK, _RELATIONSHIPS, _ROOT)))
    if any(path not in names for _, path in targets):
        raise UnreadableError("file_unreadable", f"trong tệp thiếu trang tính đã kê; {_SAVE_AGAIN}")
    styles, strings = (names.get(_FIXED_PATHS[part], "") for part in ("styles", "sharedStrings"))
    return Package({sheet: names[path] for sheet, path in targets}, styles, strings, uncalculated)


@lru_cache(maxsize=64)  # the exports of one portal share these parts
def _sheet_targets(workbook: bytes, relationships: bytes, root: bytes) -> tuple[tuple[tuple[str, str], ...], bool]:
    """((sheet name, path in lower case) of each sheet, whether stored formula values are no results)."""
    for link in parse_xml(root):
        if _type(link) == "officeDocument" and link.get("Target", "").lstrip("/").lower() != _WORKBOOK:
            raise UnreadableError("file_unreadable", f"các phần của tệp không ở chỗ quen thuộc; {_SAVE_AGAIN}")
    links = {link.get("Id"): link for link in parse_xml(relationships)}
    for link in links.values():
        fixed = _FIXED_PATHS.get(_type(link))
        if fixed is not None and _path(link) != fixed:
            raise UnreadableError("file_unreadable", f"các phần của tệp không ở chỗ quen thuộc; {_SAVE_AGAIN}")
    tree = parse_xml(workbook)
    targets = []
    for sheet in elements_named(tree, "sheet"):
        link = links[next((v for k, v in sheet.attrib.items() if k.endswith("relationships}id")), None)]
        targets.append((str(sheet.get("name")), _path(link)))
    for names_or_paths in zip(*targets, strict=True):
        if len(set(names_or_paths)) < len(names_or_paths):
            raise UnreadableError("file_unreadable", f"trong tệp có hai trang là một hoặc cùng tên; {_SAVE_AGAIN}")
    uncalculated = any(c.get("fullCalcOnLoad") in ("1", "true") for c in elements_named(tree, "calcPr"))
    return tuple(targets), uncalculated


def _type(link: Element) -> str:
    """The last segment of a relationship's type."""
    return link.get("Type", "").rpartition("/")[2]


def _path(link: Element) -> str:
    """The target of a workbook relationship as a path in the archive, in lower case, as the library resolves it."""
    target = link.get("Target", "")
    return (target[1:] if target.startswith("/") else f"xl/{target}").lower().replace("\\", "/")


def parse_xml(xml: bytes) -> Element:
    """The tree of an XML part. Raises SyntaxError or ValueError.

    Entity attacks need a document type declaration ("<!"). A part that has none is parsed with the faster parser.
    """
    if b"<!" not in xml and is_utf_8(xml):
        return PlainTree.fromstring(xml)
    from defusedxml import ElementTree

    tree: Element = ElementTree.fromstring(xml)
    return tree


def elements_named(tree: Element, name: str) -> Iterator[Element]:
    """Every element of a local name, in any namespace."""
    return (e for e in tree.iter() if isinstance(e.tag, str) and e.tag.rpartition("}")[2] == name)
