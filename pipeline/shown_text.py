"""Decides which texts of an input may leave the program: findings, questions, logs, copies, every file it writes.

A text is shown if it consists of words that name nobody (`reference/common_words.toml`, `labels.toml`) and of names of
the registry. Of any other text only the known words at its start are shown, then "…". There is no rule about what a
person's name looks like: what is not known is not shown.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Final, NamedTuple, NewType

from pipeline.text import fold, nfc, spelling_key, without_diacritics
from schemas.provinces import NAMES

#: a text that may be shown: made by this module only
ShownText = NewType("ShownText", str)

NOT_REPEATED: Final = ShownText("(không nhắc lại: có thể là thông tin cá nhân)")
_HIDDEN: Final = "…"
#: digits of a number that may be one of a person: in a text of an input, in a sentence of the program (counts, rows)
_DIGITS_OF_INPUT, _DIGITS_OF_SENTENCE = 5, 8
#: words of the longest phrase
_LONGEST: Final = 14
#: letters of a key
_KEY_LETTERS: Final = 12
_KEY: Final = re.compile(rf"\#[a-p]{{{_KEY_LETTERS}}}(?!\w)")
_TO_LETTERS: Final = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_OLD_KEY: Final = re.compile(r"[0-9a-f]{12}")

_TOKEN: Final = re.compile(
    rf"""(?P<key>{_KEY.pattern})
    |(?P<date>(?<!\d)\d{{1,2}}\s?[/.\-]\s?\d{{1,2}}\s?[/.\-]\s?20[1-9]\d(?!\d)|(?<!\d)20[1-9]\d-\d\d-\d\d(?!\d))
    |(?P<code>(?<!\w)[A-Za-z]{{0,4}}\d{{1,4}}(?:\.[A-Za-z0-9]{{1,4}}){{0,4}}[-‐-―−.]\d{{6}}[-‐-―−.]\d{{3,7}}(?!\w))
    |(?P<day>(?<!\d)\d{{1,2}}\s?[/.\-]\s?\d{{1,2}}\s?[/.\-]\s?(?:\d{{4}}|\d\d)(?!\d))
    |(?P<document>(?<![\w/])\d{{1,5}}(?:/20\d\d)?/(?:[A-ZĐ]{{1,7}}|QyĐ|CTr|TTr|TTg)(?:-[A-ZĐ]{{1,7}}){{0,3}}(?![\w/\-]))
    |(?P<number>\d+(?:[ ./\-]\d+)*)
    |(?P<word>[^\W\d_⁰¹²³⁴-⁹]+)
    |(?P<gap>[\s_]+|(?<=[^\W\d_])-(?=[^\W\d_]))
    |(?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)
#: the letters of an address ("AB12"); a letter or a Roman number
_COLUMN: Final = re.compile(r"[A-Z]{1,3}")
_ORDINAL: Final = re.compile(r"[^\W\d]|[IVX]{1,5}|[ivx]{1,5}")
#: a written syllable in capitals. The abbreviations in the number of a document ("12/QĐ-UBND", Decree 30/2020/NĐ-CP,
#: Appendix III) are none, so that a name is no abbreviation
_SYLLABLE: Final = re.compile(
    r"(?:NGH|NG|NH|CH|GH|GI|KH|PH|QU|TH|TR|[BCDĐGHKLMNPQRSTVX])?[AEIOUY]{1,3}(?:CH|NG|NH|[CMNPT])?"
)
#: what a sentence of the program quotes
_QUOTED: Final = re.compile(r"“([^“”]*)”")
#: kinds of places and of offices before their names
_PLACE_KINDS: Final = frozenset(
    ("xã", "phường", "huyện", "quận", "tỉnh", "thị trấn", "thị xã", "thành phố", "đặc khu", "x", "p", "tt", "tx", "tp")
)
_OFFICE_KINDS: Final = frozenset(
    ("phòng", "sở", "ban", "trung tâm", "chi cục", "chi nhánh", "văn phòng", "trạm", "đội")
)
#: words of a place's name, and of one with a family name in it; words of an office's own name
_PLACE_WORDS, _PLACE_LIKE_PERSON, _OFFICE_WORDS = 4, 2, 2
#: letters of a text that is looked at
MAX_LENGTH: Final = 4_000


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


class Lexicon:
    """The words that may be shown. `phrases`: texts whose words may be shown together, or single words."""

    def __init__(
        self,
        phrases: Iterable[str],
        surnames: frozenset[str],
        careful: frozenset[str] = frozenset(),
        base: Lexicon | None = None,
    ) -> None:
        self._own = frozenset(piece for text in phrases for piece in _pieces(text))
        self._base = base
        #: family names; words that are also given names, shown where they are not written as a name
        self.surnames, self.careful = surnames, careful
        #: phrases without diacritics; one syllable alone is too often that of a name
        self._plain = frozenset(tuple(map(without_diacritics, p)) for p in self._own if len(p) > 1)
        self.shown = lru_cache(maxsize=1 << 14)(self._shown)
        self.sentence = lru_cache(maxsize=1 << 14)(self._sentence)

    def with_names(self, names: Iterable[str]) -> Lexicon:
        """This lexicon with names that may be shown as a whole: of the units of a registry."""
        return Lexicon(names, self.surnames, self.careful, self)

    def knows(self, text: str) -> bool:
        """Whether a text of an input may be shown whole."""
        return len(text) <= MAX_LENGTH and self._masked(nfc(text), _DIGITS_OF_INPUT, places=False) is None

    def _shown(self, text: str) -> ShownText:
        """A text of an input: whole where all its words are known, else the known words at its start and "…"."""
        plain = nfc(text[:MAX_LENGTH])
        masked = self._masked(plain, _DIGITS_OF_INPUT, places=False, until_first=True)
        return ShownText(text) if masked is None and len(text) <= MAX_LENGTH else _or_nothing(masked or "")

    def _sentence(self, text: str, *, places: bool = False) -> ShownText:
        """A sentence of the program with texts of an input in it, in “…” or between marks: as `shown`, each of them.

        `places`: also the names of places and offices behind their kind ("Xã A B"), known or not.
        """
        text = unicodedata.normalize("NFC", text)
        made, at = [], 0
        for quoted in _QUOTED.finditer(text):
            inside = self._masked(quoted[1], _DIGITS_OF_INPUT, places=places, until_first=True)
            made += [
                self._between(text[at : quoted.start()], places),
                "“",
                quoted[1] if inside is None else inside,
                "”",
            ]
            at = quoted.end()
        shown = "".join([*made, self._between(text[at:], places)])
        return ShownText(text) if shown == text else _or_nothing(shown)

    def _between(self, text: str, places: bool) -> str:
        masked = self._masked(text, _DIGITS_OF_SENTENCE, places=places)
        return text if masked is None else masked

    def _masked(self, text: str, digits: int, *, places: bool, until_first: bool = False) -> str | None:
        """The text with "…" for what is not known; None where nothing is. `until_first`: and nothing after it."""
        made, at, hidden = [], 0, False
        for part in _parts(text):
            known = self._known_start(part, digits, places=places)
            if known == len(part):
                continue
            hidden = True
            made += [text[at : part[known].start], _HIDDEN]
            at = part[-1].end
            if until_first:
                return "".join(made)
        return "".join([*made, text[at:]]) if hidden else None

    def _known_start(self, part: Sequence[_Token], digits: int, *, places: bool) -> int:
        """How many tokens at the start of a part consist of known phrases."""
        if any(t.kind == "mark" for t in part):  # an address of e-mail
            return 0
        keys = [spelling_key(t.text) for t in part]
        ascii_only = all(t.text.isascii() for t in part)
        reached = [True] + [False] * len(part)
        for i, token in enumerate(part):
            if not reached[i]:
                continue
            in_sentence = digits == _DIGITS_OF_SENTENCE
            if _may_stand_alone(token, digits) or (in_sentence and _is_address(part, i)):
                reached[i + 1] = True
            if keys[i] in self.careful and (token.text.islower() or (i == 0 and len(part) > 1)):
                reached[i + 1] = True
            for n in range(1, min(_LONGEST, len(part) - i) + 1):
                phrase = tuple(keys[i : i + n])
                if self._has(phrase) or (ascii_only and n > 1 and self._has_plain(phrase)):
                    reached[i + n] = True
            for n in self._place_lengths(part, keys, i) if places else ():
                reached[i + n] = True
        return max(i for i, found in enumerate(reached) if found)

    def _has(self, phrase: tuple[str, ...]) -> bool:
        return phrase in self._own or (self._base is not None and self._base._has(phrase))

    def _has_plain(self, phrase: tuple[str, ...]) -> bool:
        return phrase in self._plain or (self._base is not None and self._base._has_plain(phrase))

    def _place_lengths(self, part: Sequence[_Token], keys: Sequence[str], at: int) -> Iterator[int]:
        """How many tokens from `at` on are the kind and the name of a place or an office."""
        for size in (1, 2):
            kind = " ".join(keys[at : at + size])
            is_place = kind in _PLACE_KINDS
            if not (is_place or kind in _OFFICE_KINDS):
                continue
            words = part[at + size : at + size + (_PLACE_WORDS if is_place else _OFFICE_WORDS)]
            surname = False
            for n, token in enumerate(words, 1):
                surname = surname or spelling_key(token.text) in self.surnames
                most = _PLACE_LIKE_PERSON if is_place else 1
                if token.kind != "word" or not token.text[0].isupper() or (surname and n > most):
                    break
                after = part[at + size + n : at + size + n + 1]
                if not any(t.kind == "word" and t.text[0].isupper() for t in after):
                    yield size + n


def _may_stand_alone(token: _Token, digits: int) -> bool:
    if token.kind == "day":  # of another century: of a birth
        return digits == _DIGITS_OF_SENTENCE
    if token.kind == "number":
        return sum(c.isdigit() for c in token.text) <= digits
    if token.kind in {"key", "date"}:
        return True
    if token.kind == "document":
        abbreviations = re.findall(r"[^\W\d_]+", token.text)
        return not any(_SYLLABLE.fullmatch(word) for word in abbreviations)
    return token.kind == "word" and _ORDINAL.fullmatch(token.text) is not None


def _is_address(part: Sequence[_Token], at: int) -> bool:
    """Whether a word is the letters of a cell's address, or of a column that is called one."""
    token, after = part[at], part[at + 1] if at + 1 < len(part) else None
    touches = after is not None and after.kind == "number" and after.start == token.end
    named = at > 0 and spelling_key(part[at - 1].text) == "cột"
    return (touches or named) and token.kind == "word" and _COLUMN.fullmatch(token.text) is not None


def _parts(text: str) -> Iterator[list[_Token]]:
    """The words between two marks. "@" is no mark: it hides the words beside it."""
    part: list[_Token] = []
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind == "gap":
            continue
        if kind == "mark" and match[0] != "@":
            if part:
                yield part
            part = []
        else:
            part.append(_Token(kind, match[0], match.start(), match.end()))
    if part:
        yield part


def _pieces(text: str) -> Iterator[tuple[str, ...]]:
    for part in _parts(nfc(text)):
        if len(part) <= _LONGEST:
            yield tuple(spelling_key(t.text) for t in part)


def _or_nothing(masked: str) -> ShownText:
    """The masked text; NOT_REPEATED where nothing of it is left."""
    return ShownText(masked) if any(c.isalnum() for c in masked) else NOT_REPEATED


@cache
def general() -> Lexicon:
    """The words that are shipped with the program. The names of a registry are added by `with_names`."""
    common, labels = _toml("common_words.toml"), _toml("labels.toml")
    surnames = frozenset(map(spelling_key, _listed(common["names"]["surnames"])))
    names = surnames | {spelling_key(s) for s in _listed(common["names"]["syllables"])}
    phrases = [*_listed(common["words"]["text"]), *_listed(common["phrases"]["text"]), *_texts(labels)]
    single = {word for text in phrases for piece in _pieces(text) for word in piece}
    long = [text for text in phrases if any(len(piece) > 1 for piece in _pieces(text))]
    careful = frozenset(map(spelling_key, _listed(common["careful"]["text"])))
    return Lexicon([*long, *sorted(single - names), *NAMES], surnames, careful)


def _listed(text: str) -> list[str]:
    return [item for x in text.split(",") if (item := x.strip())]


def _texts(value: object) -> Iterator[str]:
    """All strings in a parsed file."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _toml(name: str) -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(resources.files("pipeline").joinpath(f"reference/{name}").read_text("utf-8"))


def shown_code(code: str) -> ShownText:
    """A dossier's code: its first and last two characters. Nothing of a short one, or of one that may be a name."""
    text = nfc(code)
    is_code = len(text) > 2 * 2 + 1 and text.isascii() and " " not in text and any(c.isdigit() for c in text[-2:])
    return ShownText(f"{text[:2]}{_HIDDEN}{text[-2:]}") if is_code else ShownText(_HIDDEN)


def text_key(text: str) -> str:
    """A key that stands for a text and does not show it: `#` and twelve letters."""
    return "#" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_KEY_LETTERS].translate(_TO_LETTERS)


@lru_cache(maxsize=1 << 13)
def kept_text(text: str) -> str:
    """A normalised text under which an answer is kept: itself where it may be shown, else its key. Idempotent."""
    found = _KEY.search(text)
    if found is not None and found.end() == len(text):
        return found[0]
    return text if general().knows(text) else text_key(text)


def shown_heading(label: str) -> ShownText:
    """A label of a column as it is shown. A hidden one has its key, which tells it from other hidden ones."""
    kept = kept_text(label_key(label))
    if not _KEY.fullmatch(kept):
        return ShownText(label)
    start = general().shown(_KEY.sub("", label))
    return ShownText(f"{'' if start == NOT_REPEATED else start.removesuffix(_HIDDEN)}{_HIDDEN} {kept}")


def label_key(label: str) -> str:
    """A label as labels are compared: case folded, single spaces."""
    return " ".join(fold(label).split())


def kept_before(subject: str) -> str:
    """The subject of an answer in a file of the office as `kept_text` writes it: older files have keys of digits."""
    return "#" + subject.translate(_TO_LETTERS) if _OLD_KEY.fullmatch(subject) else kept_text(subject)
