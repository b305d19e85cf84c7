"""Labels and phrases as tuples of words, and the search for phrases in labels. All comparison of wording uses them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from pipeline.text import fold

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
#: footnote marks, which `\\w` matches: "Quá hạn²" is "Quá hạn"
_FOOTNOTE = re.compile("(?<![⁰¹²³⁴-⁹ᵃ-ᶻ])[⁰¹²³⁴-⁹ᵃ-ᶻ]++(?!\\w)")
_NOT_WORD = re.compile(r"[^\w%]+")
_INCLUDING = re.compile(r"\bbao gồm\b.*|\btrong đó\b")

_LISTED = re.compile(r"(?:\bkhông |\bchưa )?\b(?:bao gồm|gồm|kể cả|tính cả|tính)\b.*")
#: a mark between the items of a list ("Đã xử lý xong + Đã trả kết quả")
_LIST_MARK = re.compile(r"[+,;]")
#: words of a bracket that only lists what a number includes
_LISTING_WORDS = frozenset(("cả", "gồm", "kể", "tính", "trừ"))
#: a label or a phrase as its words
Phrase = tuple[str, ...]


@lru_cache(maxsize=1 << 15)
def words(label: str) -> Phrase:
    """The words of a text as they are compared: case folded, without brackets, footnote marks and punctuation."""
    return tuple(_NOT_WORD.sub(" ", _FOOTNOTE.sub(" ", _BRACKETS.sub(" ", fold(label)))).split())


@lru_cache(maxsize=1 << 15)
def label_words(label: str) -> Phrase:
    """The words of a column label, without "trong đó" and without what follows "bao gồm" (including)."""
    return words(_INCLUDING.sub(" ", _BRACKETS.sub(" ", fold(label))))


@lru_cache(maxsize=1 << 15)
def bracket_words(label: str) -> Phrase:
    """The words in brackets of a label ("Quá hạn (đang giải quyết)"); () where they list what is included or not."""
    brackets = [x[1:-1] for x in _BRACKETS.findall(_INCLUDING.sub(" ", fold(label)))]
    inside = words(" ".join(x for x in brackets if not _LIST_MARK.search(x)))
    return () if _LISTING_WORDS.intersection(inside) else inside


@lru_cache(maxsize=1 << 15)
def included_words(label: str) -> Phrase:
    """The words of a label that list what its number includes or not: `Tiếp nhận (cả tồn)`, `… bao gồm kỳ trước`."""
    text = fold(label)
    brackets = words(" ".join(x[1:-1] for x in _BRACKETS.findall(text)))
    listed = _LISTED.search(text)
    return (brackets if _LISTING_WORDS.intersection(brackets) else ()) or (words(listed[0]) if listed else ())


def begins_of_which(label: str) -> bool:
    """Whether a label begins with "Trong đó" (of which): it counts a part of the column before it."""
    return words(label)[:2] == ("trong", "đó")


def without(label: Phrase, phrase: Phrase) -> Phrase | None:
    """A label without a phrase that it begins or ends with; None where it does neither."""
    if label[: len(phrase)] == phrase:
        return label[len(phrase) :]
    return label[: -len(phrase)] if label[-len(phrase) :] == phrase else None


class Phrases(list[Phrase]):
    """Phrases that are searched for anywhere in a label. `texts`: the phrases as written."""

    def __init__(self, texts: Iterable[str]) -> None:
        super().__init__(words(x) for x in texts)
        # a quick test: most labels do not contain even the first word of a phrase
        self._first_words = {word for phrase in self for word in phrase[:1]}
        #: whether a label contains one of the phrases; cached, because the files of a period repeat their labels
        self.occur_in = lru_cache(maxsize=1 << 12)(self._occur_in)
        #: what is left of a label that begins or ends with one of the phrases, the shortest first; cached as well
        self.rests_of = lru_cache(maxsize=1 << 12)(self._rests_of)

    def _occur_in(self, label: Phrase) -> bool:
        if self._first_words.isdisjoint(label):
            return False
        return any(label[i : i + len(p)] == p for p in self for i in range(len(label)))

    def _rests_of(self, label: Phrase) -> tuple[Phrase, ...]:
        rests = {rest for phrase in self if (rest := without(label, phrase)) is not None}
        return tuple(sorted(rests, key=lambda rest: (len(rest), rest)))
