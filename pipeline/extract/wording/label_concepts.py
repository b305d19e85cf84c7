"""Which bands and concepts a label names, by the phrases of `reference/labels.toml`.

A band is a group of columns: received, resolved, pending. A concept is what a column counts within it: late, online,
carried_over … A label is given as its words (`phrases.words`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from pipeline.extract.wording.phrases import Phrase, Phrases, words

#: before a concept they negate it ("không đúng hạn"), unless the vocabulary has both as one phrase
_NEGATIONS = frozenset(("không", "chưa", "chẳng", "trừ", "ngoài"))
#: the bands that a table of all dossiers has
_FLOW = frozenset(("received", "resolved", "pending"))
#: concept, and whether the phrase counts a part of it only
Concept = tuple[str, bool]


class _NamedPhrase(NamedTuple):
    """A phrase of the vocabulary, the band or concept it names, and whether it names a part of that only."""

    phrase: Phrase
    name: str
    part: bool


class _Hit(NamedTuple):
    """A named phrase found in a label: its position and length in words."""

    start: int
    size: int
    name: str
    part: bool


def _named_phrases(groups: Mapping[str, Mapping[str, list[str]]]) -> list[_NamedPhrase]:
    """The phrases of groups (name -> "whole" or "part" -> phrases), the longest first."""
    found = [
        _NamedPhrase(words(text), name, kind == "part")
        for name, kinds in groups.items()
        for kind, texts in kinds.items()
        for text in texts
    ]
    return sorted(found, key=lambda p: -len(p.phrase))


def _find(phrases: list[_NamedPhrase], label: Phrase) -> list[_Hit]:
    """The longest phrases in a label, none overlapping another, in the order of the label."""
    taken = [False] * len(label)
    hits = []
    for phrase, name, part in phrases:
        if phrase[0] not in label:
            continue
        size = len(phrase)
        for start in range(len(label) - size + 1):
            if label[start : start + size] == phrase and not any(taken[start : start + size]):
                taken[start : start + size] = [True] * size
                hits.append(_Hit(start, size, name, part))
    return sorted(hits)


class LabelConcepts:
    """The bands, concepts and uncounted labels of a vocabulary. `raw`: labels.toml as parsed.

    Raises KeyError where a group of phrases is missing. Results are cached: a period repeats a few dozen labels in
    hundreds of files.
    """

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.neutral_labels = {words(x) for x in raw["neutral"]["labels"]}
        #: band ("none" for no band) -> concept -> measure
        self.measures: Mapping[str, Mapping[str, str]] = raw["meanings"]
        #: phrases of a percentage, a rank, a note … anywhere in a label
        self.uncounted_phrases = Phrases(raw["ignore"]["holds"])
        self._uncounted_starts = [words(x) for x in raw["ignore"]["starts"]]
        self._uncounted_labels = {words(x) for x in raw["ignore"]["labels"]}
        self._year_to_date = Phrases(raw["ignore"]["cumulative"])
        #: phrases of a time other than the period of the table
        self.other_times = Phrases([*raw["ignore"]["cumulative"], *raw["ignore"]["other_times"]])
        #: phrases that name procedures, as opposed to dossiers
        self.procedures = Phrases(raw["procedures"]["phrases"])
        self._procedure_labels = Phrases(raw["procedures"]["labels"])
        self._whole_bands: dict[Phrase, str] = {
            words(x): band for band, texts in raw["whole_bands"].items() for x in texts
        }
        #: phrases of the period of the table, of the one before it, and of a comparison of the two
        self.now, self.before, self.compared = (Phrases(raw["times"][k]) for k in ("now", "before", "compared"))
        self._both_bands = Phrases(raw["both_bands"]["phrases"])
        self.dossier_words = Phrases(raw["procedures"]["unless"])
        self._fillers = {word for phrase in raw["filler"]["words"] for word in words(phrase)}
        self._bands = _named_phrases({band: {"whole": p} for band, p in raw["bands"].items()})
        self._concepts = _named_phrases(raw["concepts"])
        #: the phrases of all concepts and of the bands of what comes in, is resolved and is pending
        self.named_phrases = [
            p.phrase for p in (*self._bands, *self._concepts) if p.name not in raw["bands"] or p.name in _FLOW
        ]
        self._band_of: dict[Phrase, str] = {}
        self._concepts_of: dict[Phrase, list[Concept]] = {}
        #: `_has_unknown_words`, cached
        self.has_unknown_words = lru_cache(maxsize=1 << 15)(self._has_unknown_words)

    def band(self, label: Phrase) -> str:
        """received | resolved | pending | waiting | "". Of several the last (`nhận … đã giải quyết` -> resolved)."""
        if label not in self._band_of:
            hits = _find(self._bands, label)
            negated = (
                bool(hits) and hits[-1].name == "resolved" and label[hits[-1].start - 1 : hits[-1].start] == ("chưa",)
            )
            self._band_of[label] = "pending" if negated else hits[-1].name if hits else ""
        return self._band_of[label]

    def whole_band(self, label: Phrase) -> str:
        """The band of a short label that names one only as a whole ("Nhận", "Còn lại"); "" otherwise."""
        return self._whole_bands.get(label, "")

    def sole_band(self, label: Phrase) -> str:
        """The band of a label that names exactly one; "" otherwise."""
        bands = {hit.name for hit in _find(self._bands, label)} if label else set()
        return bands.pop() if len(bands) == 1 else ""

    def names_both_bands(self, label: Phrase) -> bool:
        """Whether a label is over resolved and pending dossiers together ("đã và đang giải quyết")."""
        bands = {hit.name for hit in _find(self._bands, label)}
        return {"resolved", "pending"} <= bands or self._both_bands.occur_in(label)

    def concepts(self, label: Phrase) -> list[Concept]:
        """The concepts that a label names. `total` only where no other concept is named."""
        if label not in self._concepts_of:
            named = list(dict.fromkeys((hit.name, hit.part) for hit in _find(self._concepts, label)))
            self._concepts_of[label] = [c for c in named if c[0] != "total"] or named
        return self._concepts_of[label]

    def is_negated(self, label: Phrase) -> bool:
        """Whether the word before a concept negates it."""
        return any(hit.start and label[hit.start - 1] in _NEGATIONS for hit in _find(self._concepts, label))

    def is_uncounted(self, label: Phrase) -> bool:
        """Whether a column holds no number of dossiers: a percentage, a rank, a note …"""
        if label in self._uncounted_labels or any(label[: len(s)] == s for s in self._uncounted_starts):
            return True
        return self.uncounted_phrases.occur_in(label)

    def counts_procedures(self, label: Phrase) -> bool:
        """Whether a column counts procedures ("Số TTHC …") and not dossiers."""
        return self._procedure_labels.occur_in(label) and not self.dossier_words.occur_in(label)

    def is_year_to_date(self, label: Phrase) -> bool:
        """Whether counts run from the beginning of the year."""
        return self._year_to_date.occur_in(label)

    def phrases_of(self, names: set[str]) -> list[Phrase]:
        """All phrases of the bands and concepts with these names."""
        return [p.phrase for p in (*self._concepts, *self._bands) if p.name in names]

    def _has_unknown_words(self, label: Phrase) -> bool:
        """Whether a label has words that belong to no band, no concept and are no fillers."""
        if label in self.neutral_labels or label in self._whole_bands:
            return False
        known = {
            i
            for phrases in (self._bands, self._concepts)
            for hit in _find(phrases, label)
            for i in range(hit.start, hit.start + hit.size)
        }
        rest = [word for i, word in enumerate(label) if i not in known]
        return any(len(w) > 1 and not w.isdigit() and w not in self._fillers for w in rest)
