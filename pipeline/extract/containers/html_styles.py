"""How the elements of an HTML page look: hidden, struck through, or under a number format of Excel.

An element is so by its own style, by its tag or attribute, or by a style sheet in the page. Only declarations that
change what is seen are read (CSS 2: cascade and specificity). A selector is applied where it consists of the tag name,
classes and ids of the element itself. With any other selector that has such a declaration, and inside `@media` of
another medium than the screen, it is unclear what a person saw: a page is refused where such a rule may apply to a
table. Rules for print and for states such as `:hover` are ignored.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from pipeline.extract.containers.number_formats import NAMED_CODES, is_date_code, odd_codes
from pipeline.extract.sheet.grid import UnreadableError

#: "": shown; "gone": takes up no space (display: none); "blank": takes up its space, content not shown
Hiding = Literal["", "gone", "blank"]
#: property -> (declared as !important, value)
Declarations = dict[str, tuple[bool, str]]

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_BRACE = re.compile(r"([{}])")
_DECLARATION = re.compile(
    r"(?:^|;)\s*(display|visibility|mso-hide|opacity|font-size|(?:-webkit-)?text-decoration(?:-line)?|text-line-through"
    r"|mso-number-format)\s*:\s*((?:\\.|[^;\\])*)",
    re.IGNORECASE | re.DOTALL,
)
#: elements that are struck through by themselves
STRIKING = frozenset(("s", "strike", "del"))
#: an escaped character of CSS: by its number, or itself
_ESCAPED = re.compile(r"\\(?:([0-9A-Fa-f]{1,6})\s?|(.))", re.DOTALL)
_NO_WIDTH = re.compile(r"(?:^|;)\s*width\s*:\s*0(?![.\d]*[1-9])", re.IGNORECASE)
_ZERO_LENGTH = re.compile(r"0*+\.?0*+(?:px|pt|em|rem|%)?")
_COMPOUND = re.compile(r"(\*|[\w-]+)?((?:[.#][\w-]+)*)")
_CLASS_OR_ID = re.compile(r"[.#][\w-]+")
#: pseudo-elements, and states that no element of a saved page is in
_STATES = re.compile(r"::|:(?:hover|active|focus|visited|link|before|after|first-line|first-letter|target)\b")
#: a selector of the attribute that hides by itself
_HIDDEN_ATTRIBUTE = re.compile(r"\[hidden\]")
_CONDITION = re.compile(r"\[[^\]]*\]?|:[\w-]+(?:\([^)]*\)?)?")
_REFUSED = (
    "trang ẩn một phần của bảng (hoặc gạch ngang, đổi cách hiện) mà không xác định được phần nào; "
    "mở bằng Excel rồi lưu lại dạng .xlsx"
)


@dataclass(frozen=True)
class _Rule:
    """One selector of a style sheet with its declarations."""

    tag: str  # "" for any
    names: frozenset[str]  # `.class`, `#id`
    certain: bool  # tag and names alone decide whether the rule applies
    specificity: tuple[int, int, int]  # ids, classes, tag names; among equal ones the later rule wins
    declarations: Declarations
    position: int = 0  # among all rules

    @property
    def key(self) -> str:
        """One class, id or tag that every element has to which the rule applies; "" for any element."""
        return min(self.names, default=self.tag)

    def fits(self, tag: str, names: frozenset[str]) -> bool:
        """Whether an element with this tag and these classes and ids has all that the selector names."""
        return self.tag in ("", tag) and self.names <= names


class PageStyles:
    """The style sheets of a page. `sheets`: the text of each `style` element, in order."""

    def __init__(self, sheets: Iterable[str]) -> None:
        rules = [r for sheet in sheets for r in _rules(sheet)]
        self._rules: dict[str, list[_Rule]] = defaultdict(list)
        if any(_changes_what_is_seen(k, v) for r in rules for k, (_, v) in r.declarations.items()):
            for position, rule in enumerate(rules):
                self._rules[rule.key].append(replace(rule, position=position))
        self._cascades: dict[tuple[str, str, str], Declarations | None] = {}

    def hides(self, element: Any) -> Hiding:
        """How an element is hidden. Raises UnreadableError where that is unclear and the element belongs to a table."""
        if element.get("hidden") is not None:
            return "gone"
        return _hiding(self._declared(element))

    def strikes(self, element: Any) -> bool:
        """Whether an element strikes its text through, by its tag or by a style. Raises UnreadableError as `hides`."""
        if element.tag in STRIKING:
            return True
        return any(_strikes(name, value) for name, (_, value) in self._declared(element).items())

    def number_code(self, element: Any) -> str:
        """The number format that Excel uses for a cell; "" for none. Raises UnreadableError as `hides`."""
        return _number_code(self._declared(element).get("mso-number-format", (False, ""))[1])

    def _declared(self, element: Any) -> Declarations:
        """The declarations that hold for an element."""
        own = element.get("style")
        if not self._rules:
            return _declarations(own) if own else {}
        key = (element.tag, element.get("class", ""), element.get("id", ""))
        if key not in self._cascades:
            self._cascades[key] = self._cascade(*key)
        of_sheets = self._cascades[key]
        if of_sheets is None:
            if element.tag == "table" or next(element.iterancestors("table"), None) is not None:
                raise UnreadableError("file_html", _REFUSED)
            return {}
        inline = _declarations(own) if own else {}
        kept = {k: v for k, v in inline.items() if v[0] or not of_sheets.get(k, (False, ""))[0]}
        return {**of_sheets, **kept}

    def hides_column(self, column: Any) -> bool:
        """Whether a `col` element is hidden or of width 0: Excel writes hidden columns so."""
        width = (column.get("width") or "").strip()
        return bool(
            self.hides(column) or _NO_WIDTH.search(column.get("style", "")) or (width and _ZERO_LENGTH.fullmatch(width))
        )

    def _cascade(self, tag: str, classes: str, name: str) -> Declarations | None:
        """The declarations of the sheets for an element; None where they depend on more than tag, classes and id."""
        names = frozenset([f".{c.casefold()}" for c in classes.split()] + [f"#{name.casefold()}"])
        candidates = (r for key in ("", tag, *sorted(names)) for r in self._rules.get(key, ()))
        fitting = sorted((r for r in candidates if r.fits(tag, names)), key=lambda r: (r.specificity, r.position))
        uncertain = {k for r in fitting if not r.certain for k in r.declarations}
        if any(_changes_what_is_seen(k, v) for r in fitting for k, (_, v) in r.declarations.items() if k in uncertain):
            return None
        found: Declarations = {}
        for rule in fitting:
            found.update({k: v for k, v in rule.declarations.items() if v[0] or not found.get(k, (False, ""))[0]})
        return found


def _rules(sheet: str) -> Iterable[_Rule]:
    """The rules of a style sheet. Those for print only are left out; those of other media are uncertain."""
    pieces = _BRACE.split(_COMMENT.sub(" ", sheet))
    enclosing: list[str] = []
    for text, brace in zip(pieces[::2], pieces[1::2], strict=False):
        if brace == "{":
            enclosing.append(text.rpartition(";")[2].strip())
        elif enclosing:
            selectors = enclosing.pop()
            declarations = _declarations(text)
            media = " ".join(a.casefold() for a in enclosing)
            if declarations and not selectors.startswith("@") and media != "@media print":
                for selector in selectors.split(","):
                    yield from _rule(selector, media in ("", "@media screen", "@media all"), declarations)


def _rule(selector: str, on_screen: bool, declarations: Declarations) -> Iterable[_Rule]:
    """The rule of one selector; none where it can hide no element of a saved page that is not hidden anyway."""
    hides_itself = _HIDDEN_ATTRIBUTE.search(selector) and declarations.get("display", (False, ""))[1] == "none"
    if _STATES.search(selector) or hides_itself:
        return
    parts = re.split(r"[\s>+~]+", selector.strip())
    bare = _CONDITION.sub("", parts[-1])
    match = _COMPOUND.fullmatch(bare)
    found = _CLASS_OR_ID.findall(bare)
    names = frozenset(n.casefold() for n in found)
    tag = (match[1] or "").casefold() if match else ""
    certain = on_screen and len(parts) == 1 and bare == parts[0] and match is not None
    ids = sum(n[0] == "#" for n in found)
    specificity = (ids, len(found) - ids, int(tag not in ("", "*")))
    yield _Rule("" if tag == "*" else tag, names, certain, specificity, declarations)


def _declarations(style: str) -> Declarations:
    """The declarations of a block or a `style` attribute that are read; of one property the last that counts."""
    found: Declarations = {}
    for name, value in _DECLARATION.findall(style):
        text, mark, _ = value.partition("!")
        if mark or not found.get(name.casefold(), (False, ""))[0]:
            text = text.strip()
            found[name.casefold()] = (bool(mark), text if name.casefold() == "mso-number-format" else text.casefold())
    return found


def _changes_what_is_seen(name: str, value: str) -> bool:
    """Whether a declaration hides, strikes through, or changes what Excel shows."""
    if name == "mso-number-format":
        code = _number_code(value)
        return bool(odd_codes((code,))) or is_date_code(code)
    return bool(_hiding_of(name, value)) or _strikes(name, value)


def _strikes(name: str, value: str) -> bool:
    """Whether a declaration strikes text through."""
    if name == "text-line-through":  # of Office
        return value not in ("", "none", "no-line")
    return "text-decoration" in name and "line-through" in _unescaped(value)


def _number_code(value: str) -> str:
    """The code of a number format as Excel writes it into a style sheet: quoted, with escapes; or its name."""
    text = value.strip().strip("\"'")
    return NAMED_CODES.get(_unescaped(text), _unescaped(text))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda m: chr(min(int(m[1], 16), 0x10FFFF)) if m[1] else m[2], text)


def _hiding_of(name: str, value: str) -> Hiding:
    """How one declaration hides an element."""
    if (name, value) in {("display", "none"), ("mso-hide", "all")}:
        return "gone"
    if name == "visibility" and value in ("hidden", "collapse"):
        return "blank"
    return "blank" if name in ("opacity", "font-size") and value and _ZERO_LENGTH.fullmatch(value) else ""


def _hiding(declarations: Declarations) -> Hiding:
    """How all declarations of an element hide it together."""
    ways = [_hiding_of(k, v) for k, (_, v) in declarations.items()]
    return "gone" if "gone" in ways else "blank" if "blank" in ways else ""
