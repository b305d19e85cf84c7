"""What a saved page hides: by an element's own style, by the attribute `hidden`, or by a style sheet in the page.

Only what hides is read of a sheet. Where a selector is more than a name, a class or an id, or may hold now and then,
nobody can say what a person saw: a table it may touch refuses its page.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from pipeline.extract.sheet.grid import UnreadableError

#: not hidden; takes up no place; takes up its place, and nobody sees what it holds
How = Literal["", "gone", "blank"]

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_BRACE = re.compile(r"([{}])")
_DECLARATION = re.compile(r"(?:^|;)\s*(display|visibility|mso-hide|opacity|font-size)\s*:\s*([^;]*)", re.IGNORECASE)
_NO_WIDTH = re.compile(r"(?:^|;)\s*width\s*:\s*0(?![.\d]*[1-9])", re.IGNORECASE)
_NOTHING = re.compile(r"0*\.?0*(?:px|pt|em|rem|%)?")
_COMPOUND = re.compile(r"(\*|[\w-]+)?((?:[.#][\w-]+)*)")
_NAME = re.compile(r"[.#][\w-]+")
#: what holds of no element as the page lies there
_PASSING = re.compile(r"::|:(?:hover|active|focus|visited|link|before|after|first-line|first-letter|target)\b")
#: the attribute that hides by itself
_HIDDEN = re.compile(r"\[hidden\]")
_ODD = re.compile(r"\[[^\]]*\]?|:[\w-]+(?:\([^)]*\)?)?")
_REFUSED = "trang ẩn một phần của bảng mà không xác định được phần nào; mở bằng Excel rồi lưu lại dạng .xlsx"


@dataclass(frozen=True)
class _Rule:
    tag: str  # "" for any
    names: frozenset[str]  # `.class`, `#id`
    plain: bool  # nothing else decides whether it holds
    rank: tuple[int, int, int]  # ids, classes, names; of equal ones the later counts
    said: dict[str, tuple[bool, str]]  # property -> (important, value)
    place: int = 0  # among all rules

    @property
    def key(self) -> str:
        """One name that every element has of which the rule holds; "" for any element."""
        return min(self.names, default=self.tag)

    def fits(self, tag: str, names: frozenset[str]) -> bool:
        return self.tag in ("", tag) and self.names <= names


class Styles:
    """The style sheets of a page."""

    def __init__(self, sheets: Iterable[str]) -> None:
        rules = [r for sheet in sheets for r in _rules(sheet)]
        self._rules: dict[str, list[_Rule]] = defaultdict(list)
        if any(_hides(k, v) for r in rules for k, (_, v) in r.said.items()):
            for place, rule in enumerate(rules):
                self._rules[rule.key].append(replace(rule, place=place))
        self._known: dict[tuple[str, str, str], dict[str, tuple[bool, str]] | None] = {}

    def hides(self, element: Any) -> How:
        """How an element is hidden. Raises UnreadableError for a part of a table of which that cannot be said."""
        own = element.get("style")
        if element.get("hidden") is not None:
            return "gone"
        if not self._rules:
            return _how(_declared(own)) if own else ""
        key = (element.tag, element.get("class", ""), element.get("id", ""))
        if key not in self._known:
            self._known[key] = self._of(*key)
        said = self._known[key]
        if said is None:
            if element.tag == "table" or next(element.iterancestors("table"), None) is not None:
                raise UnreadableError("file_html", _REFUSED)
            return ""
        inline = _declared(own) if own else {}
        kept = {k: v for k, v in inline.items() if v[0] or not said.get(k, (False, ""))[0]}
        return _how({**said, **kept})

    def narrows(self, column: Any) -> bool:
        """Whether a `col` has no width or is hidden, as Excel writes hidden columns."""
        width = (column.get("width") or "").strip()
        return bool(
            self.hides(column) or _NO_WIDTH.search(column.get("style", "")) or (width and _NOTHING.fullmatch(width))
        )

    def _of(self, tag: str, classes: str, name: str) -> dict[str, tuple[bool, str]] | None:
        """What the sheets say of an element, the strongest last; None where that depends on more than the element."""
        names = frozenset([f".{c.casefold()}" for c in classes.split()] + [f"#{name.casefold()}"])
        near = (r for key in ("", tag, *sorted(names)) for r in self._rules.get(key, ()))
        fitting = sorted((r for r in near if r.fits(tag, names)), key=lambda r: (r.rank, r.place))
        doubtful = {k for r in fitting if not r.plain for k in r.said}
        said: dict[str, tuple[bool, str]] = {}
        for rule in fitting:
            said.update({k: v for k, v in rule.said.items() if v[0] or not said.get(k, (False, ""))[0]})
        if any(_hides(k, v) for r in fitting for k, (_, v) in r.said.items() if k in doubtful):
            return None
        return said


def _rules(sheet: str) -> Iterable[_Rule]:
    pieces = _BRACE.split(_COMMENT.sub(" ", sheet))
    around: list[str] = []
    for text, brace in zip(pieces[::2], pieces[1::2], strict=False):
        if brace == "{":
            around.append(text.rpartition(";")[2].strip())
        elif around:
            selectors = around.pop()
            said = _declared(text)
            media = " ".join(a.casefold() for a in around)
            if said and not selectors.startswith("@") and media != "@media print":
                for selector in selectors.split(","):
                    yield from _rule(selector, media in ("", "@media screen", "@media all"), said)


def _rule(selector: str, plain: bool, said: dict[str, tuple[bool, str]]) -> Iterable[_Rule]:
    if _PASSING.search(selector) or (_HIDDEN.search(selector) and said.get("display", (False, ""))[1] == "none"):
        return
    parts = re.split(r"[\s>+~]+", selector.strip())
    bare = _ODD.sub("", parts[-1])
    match = _COMPOUND.fullmatch(bare)
    found = _NAME.findall(bare)
    names = frozenset(n.casefold() for n in found)
    tag = (match[1] or "").casefold() if match else ""
    plain = plain and len(parts) == 1 and bare == parts[0] and match is not None
    ids = sum(n[0] == "#" for n in found)
    yield _Rule("" if tag == "*" else tag, names, plain, (ids, len(found) - ids, int(tag not in ("", "*"))), said)


def _declared(style: str) -> dict[str, tuple[bool, str]]:
    found: dict[str, tuple[bool, str]] = {}
    for name, value in _DECLARATION.findall(style):
        text, mark, _ = value.partition("!")
        if mark or not found.get(name.casefold(), (False, ""))[0]:
            found[name.casefold()] = (bool(mark), text.strip().casefold())
    return found


def _hides(name: str, value: str) -> How:
    if (name, value) in {("display", "none"), ("mso-hide", "all")}:
        return "gone"
    if name == "visibility" and value in ("hidden", "collapse"):
        return "blank"
    return "blank" if name in ("opacity", "font-size") and value and _NOTHING.fullmatch(value) else ""


def _how(said: dict[str, tuple[bool, str]]) -> How:
    ways = [_hides(k, v) for k, (_, v) in said.items()]
    return "gone" if "gone" in ways else "blank" if "blank" in ways else ""
