"""Labels without diacritics and names of database columns, as the vocabulary writes them: `da_xu_ly_truoc_han`.

Only whole phrases of the vocabulary are put in place of what is written, the longest first, and none that two phrases
share ("dung" is "đúng" or "dừng").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from pipeline.extract.sheet.grid import Grid, Value
from pipeline.extract.wording.phrases import Phrase, words
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.text import without_diacritics

#: labels of a header row, and words of a title, from which a row without diacritics is looked at
_LABELS, _TITLE_WORDS = 3, 4
#: share of the words of a row that phrases of the vocabulary have to explain
_KNOWN = 0.7
_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")


def with_accents(grid: Grid, vocabulary: Vocabulary) -> Grid:
    """The sheet with the rows of labels and titles in it that have no diacritics as the vocabulary writes them."""
    rows: dict[int, Sequence[Value]] = {}
    for at in grid.first_label_rows():
        row = grid.rows[at - grid.top]
        texts = [v for v in row if isinstance(v, str) and v]
        labels = len(texts) >= _LABELS
        title = len(texts) == 1 and len(texts[0].split()) >= _TITLE_WORDS
        plain = (labels or title) and all(text.isascii() for text in texts)
        if plain and not any(cell.number for cell in grid.cells(at)):
            restored = {text: _restored(text, vocabulary) for text in texts}
            known, size = sum(r.known for r in restored.values()), sum(r.size for r in restored.values())
            if size and known >= _KNOWN * size:
                rows[at - grid.top] = [restored[v].text if isinstance(v, str) and v else v for v in row]
    if not rows:
        return grid
    totals = {without_diacritics(" ".join(words(x))): x for x in vocabulary.raw["rows"]["total"]}
    return replace(grid, rows=[rows.get(i) or _with_totals(row, totals) for i, row in enumerate(grid.rows)])


def _with_totals(row: Sequence[Value], totals: Mapping[str, str]) -> Sequence[Value]:
    """A row of numbers, its name as the vocabulary writes that of a total ("Tong cong")."""
    return [totals.get(v.casefold(), v) if isinstance(v, str) and v.isascii() else v for v in row]


class _Restored(NamedTuple):
    """A text with phrases of the vocabulary, how many of its words they explain, and how many words it has."""

    text: str
    known: int
    size: int


def _restored(text: str, vocabulary: Vocabulary) -> _Restored:
    """A text without diacritics, restored where phrases of the vocabulary explain it."""
    label = words((_CAMEL_CASE.sub(" ", text) if " " not in text else text).replace("_", " "))
    phrases = _plain_phrases(vocabulary)
    found: list[str] = []
    at = known = 0
    while at < len(label):
        size = next((n for n in range(len(label) - at, 0, -1) if label[at : at + n] in phrases), 0)
        found.append(phrases[label[at : at + size]] if size else label[at])
        known += size or (1 if label[at].isdigit() else 0)
        at += size or 1
    return _Restored(" ".join(found) if known else text, known, len(label))


@lru_cache(maxsize=4)  # the program has one vocabulary; tests make others
def _plain_phrases(vocabulary: Vocabulary) -> Mapping[Phrase, str]:
    """The phrases of the vocabulary by their words without diacritics; none that stands for two meanings."""
    found: dict[Phrase, dict[int, str]] = {}
    for group, texts in enumerate(_groups(vocabulary.raw)):
        for phrase in map(words, texts):
            if phrase:
                found.setdefault(tuple(map(without_diacritics, phrase)), {}).setdefault(group, " ".join(phrase))
    alike = {key: list(dict.fromkeys(texts.values())) for key, texts in found.items()}
    return {key: texts[0] for key, texts in alike.items() if len(texts) == 1}


def _groups(value: object) -> Iterator[list[str]]:
    """The lists of strings of a parsed file."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _groups(inner)
    elif isinstance(value, list):
        yield [v for v in value if isinstance(v, str)]
