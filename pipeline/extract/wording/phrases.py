"""Labels as they are compared: words without case, brackets and punctuation, and phrases looked for in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from pipeline.text import fold

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
#: marks of footnotes are letters to a pattern: "Quá hạn²" is "Quá hạn"
_FOOTNOTE = re.compile("[⁰¹²³⁴-⁹ᵃ-ᶻ]+(?!\\w)")
_NOT_WORD = re.compile(r"[^\w%]+")
_INCLUDING = re.compile(r"\bbao gồm\b.*|\btrong đó\b")

#: words of brackets that only say what is part of a number
_LISTING = frozenset(("cả", "gồm", "kể", "tính", "trừ"))
Phrase = tuple[str, ...]


@lru_cache(maxsize=1 << 15)
def words(label: str) -> Phrase:
    """Text as compared: folded, brackets dropped, words only."""
    return tuple(_NOT_WORD.sub(" ", _FOOTNOTE.sub(" ", _BRACKETS.sub(" ", fold(label)))).split())


@lru_cache(maxsize=1 << 15)
def label_words(label: str) -> Phrase:
    """A column's label as compared: `words`, without "trong đó" and what follows "bao gồm"."""
    return words(_INCLUDING.sub(" ", _BRACKETS.sub(" ", fold(label))))


@lru_cache(maxsize=1 << 15)
def bracket_words(label: str) -> Phrase:
    """What a label says in brackets ("Quá hạn (đang giải quyết)"); () where it only lists what is included or not."""
    said = words(" ".join(x[1:-1] for x in _BRACKETS.findall(_INCLUDING.sub(" ", fold(label)))))
    return () if _LISTING.intersection(said) else said


def says_within(label: str) -> bool:
    """Whether a label says that it is a part of what stands before it ("Trong đó: trước hạn")."""
    return words(label)[:2] == ("trong", "đó")


class Phrases(list[Phrase]):
    """Phrases that are looked for anywhere in a label. Most labels hold not even the first word of one."""

    def __init__(self, texts: Iterable[str]) -> None:
        super().__init__(words(x) for x in texts)
        self._first = {word for phrase in self for word in phrase[:1]}
        #: whether a label holds one of the phrases; a period repeats its labels in hundreds of files
        self.stand_in = lru_cache(maxsize=1 << 12)(self._stand_in)

    def _stand_in(self, label: Phrase) -> bool:
        if self._first.isdisjoint(label):
            return False
        return any(label[i : i + len(p)] == p for p in self for i in range(len(label)))
