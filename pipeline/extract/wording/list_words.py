"""What the headings of a dossier list say: codes, dates and their kinds, offices, status, channel.

A heading is compared in whole words, with short forms written out ("Mã HS"), identifiers taken apart (`ngayTiepNhan`,
`ma_ho_so`), and without diacritics where it has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

from pipeline.extract.sheet.cell_matrix import TextPredicate
from pipeline.extract.wording.phrases import Phrase, bracket_words, words
from pipeline.text import nfc, without_diacritics

DateKind = Literal["received", "due", "finished"]
OfficeRole = Literal["plain", "resolving", "receiving", "desk", "other", "place"]
DATE_KINDS: Final[tuple[DateKind, ...]] = ("received", "due", "finished")
#: group of a heading with the words of a kind and others; group of a heading that names a planned end
VARIANT, PLANNED = "variant", "planned"
#: groups of headings with other words that say which date it is: none is the date that counts
RENEWED, PASSED_ON, STAGE = "renewed", "passed_on", "stage"
UNSURE: Final = frozenset((VARIANT, PLANNED, RENEWED, PASSED_ON, STAGE))
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_IDENTIFIER = re.compile(r"^[A-Za-z][A-Za-z0-9]*(?:[_.-][A-Za-z0-9]+)*$")


class DateHeading(NamedTuple):
    """The kind of date that a heading names. `group`: of [dossier_dates], or one of UNSURE."""

    kind: DateKind
    group: str
    named: bool  # it begins with "Ngày": a date whatever stands below


class _Kind(NamedTuple):
    groups: Mapping[Phrase, str]
    holds: tuple[Phrase, ...]
    wider: Mapping[str, Sequence[Phrase]]  # group of UNSURE -> phrases that a heading of it has


class ListWords:
    """The sections [dossiers…], [dossier_dates…] … of labels.toml. Raises KeyError where one is missing."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        #: meaning of a status, or of a channel -> its texts
        self.statuses = _sets(raw["dossier_status"])
        self.channels = _sets(raw["dossier_channel"])
        self.short = {key: words(text) for key, text in raw["dossiers"]["short"].items()}
        self._accented = _Headings(raw, self.short, plain=False)
        self._plain = _Headings(raw, self.short, plain=True)
        #: of a kind of dates the pairs of groups of which the first is meant
        self.over = {kind: frozenset(map(tuple, raw["dossier_dates"][kind]["over"])) for kind in DATE_KINDS}
        #: groups of ends that may be none where another date of the list can be it
        self.weak_ends = frozenset(raw["dossier_dates"]["finished"]["weak"])
        #: a cell that can head the codes of a list
        self.code_heads = TextPredicate(self.heads_codes)
        self.date_heading = lru_cache(maxsize=1 << 12)(self._date_heading)
        self.key = lru_cache(maxsize=1 << 12)(self._key)
        self.office = lru_cache(maxsize=1 << 12)(self._named_office)

    def heads_codes(self, text: str) -> bool:
        """Whether a text is the heading of dossier codes."""
        return self._of(text).of_key(self.phrase(text)) == "code"

    def _key(self, path: tuple[str, ...]) -> str:
        """`code`, `status` or `channel`, by the lowest label of a column or all of them; "" for none."""
        for text in _readings(path):
            key = self._of(text).of_key(self.phrase(text))
            if key:
                return key
        return ""

    def _date_heading(self, path: tuple[str, ...]) -> DateHeading | None:
        """The date that a column's labels name; None for none."""
        for text in _readings(path):
            found = self._of(text).date(self.phrase(text), bracket_words(text))
            if found is not None:
                return found
        return None

    def may_be_channel(self, path: Sequence[str]) -> bool:
        """Whether a column is one of ways of reception, if all its values are: "Hình thức", "Nguồn"."""
        return bool(path) and self._of(path[-1]).may_be_channel(self.phrase(path[-1]))

    def is_personal_date(self, path: Sequence[str]) -> bool:
        """Whether a heading names a date of a person or of a person's papers."""
        return any(self._of(t).is_personal_date(self.phrase(t)) for t in path)

    def is_never_end(self, path: Sequence[str]) -> bool:
        """Whether a heading names a day on which no dossier ends: of payment, of an assignment."""
        return any(self._of(t).is_never_end(self.phrase(t)) for t in path)

    def no_office(self, path: Sequence[str]) -> bool:
        """Whether a column names who submits, a higher office, a person or an address."""
        return any(self._of(text).not_office(self.phrase(text)) for text in _readings(path))

    def _named_office(self, path: tuple[str, ...]) -> OfficeRole | None:
        """Which office a column names by its labels; None for none: a person, who submits, a higher office."""
        if self.no_office(path):
            return None
        for text in _readings(path):
            role = self._of(text).office(self.phrase(text))
            if role is not None:
                return role
        return None

    def _of(self, text: str) -> _Headings:
        return self._plain if nfc(text).isascii() else self._accented

    def phrase(self, text: str) -> Phrase:
        """The words of a heading or a status, short forms written out."""
        return _phrase(nfc(text), self.short)


class _Headings:
    """The headings of a vocabulary, with their diacritics or without (`plain`)."""

    def __init__(self, raw: Mapping[str, Any], short: Mapping[str, Phrase], *, plain: bool) -> None:
        self._folds = plain
        self._short = short
        dossiers, dates = raw["dossiers"], raw["dossier_dates"]
        self._keys = {p: key for key in ("code", "status", "channel") for p in self._all(dossiers[key])}
        self._heads = sorted(self._all(dossiers["office"]), key=len, reverse=True)
        self._office = {
            role: set(self._all(dossiers[role])) for role in ("plain", "resolving", "receiving", "desk", "place")
        }
        self._channels_of_values = set(self._all(dossiers["channel_of_values"]))
        self._no_office = self._all(dossiers["not_office"])
        self._lead = sorted(self._all(dates["lead"]), key=len, reverse=True)
        self._day = self._all(["ngày"])[0]
        self._filler = set(self._all(dates["filler"]))
        self._others = self._all(dates["others"])
        self._planned = self._all(dates["planned"])
        self._personal = self._all(dates["unused"]["holds"])
        self._never_end = self._all(dates["unused"]["never_end"])
        self._kinds = {kind: self._kind(dates[kind]) for kind in DATE_KINDS}

    def _kind(self, groups: Mapping[str, Any]) -> _Kind:
        wider = {name: self._all(texts["holds"]) for name, texts in groups.items() if isinstance(texts, Mapping)}
        others = {"over", "holds", "weak", *wider}
        named = {p: name for name, texts in groups.items() if name not in others for p in self._all(texts)}
        return _Kind(named, tuple(self._all(groups["holds"])), wider)

    def _all(self, texts: Iterable[str]) -> list[Phrase]:
        return [self._fold(words(text)) for text in texts]

    def _fold(self, phrase: Phrase) -> Phrase:
        return tuple(map(without_diacritics, phrase)) if self._folds else phrase

    def of_key(self, phrase: Phrase) -> str:
        return self._keys.get(self._fold(phrase), "")

    def is_personal_date(self, phrase: Phrase) -> bool:
        return holds(self._fold(phrase), self._personal)

    def may_be_channel(self, phrase: Phrase) -> bool:
        return self._fold(phrase) in self._channels_of_values

    def is_never_end(self, phrase: Phrase) -> bool:
        return holds(self._fold(phrase), self._never_end)

    def date(self, phrase: Phrase, brackets: Phrase) -> DateHeading | None:
        """The date that a label names. `brackets`: the words of its brackets."""
        label, inside = self._fold(phrase), self._fold(brackets)
        core = self._core(label)
        named = label[: len(self._day)] == self._day
        for kind, groups in self._kinds.items():
            if core in groups.groups:
                group = groups.groups[core]
                wider = self._wider(kind, (*label, *inside)) if inside else ""
                if wider:
                    group = wider
                elif holds(inside, self._others):
                    group = PLANNED if kind == "finished" and holds(inside, self._planned) else VARIANT
                return DateHeading(kind, group, named)
        for kind in ("due", "finished", "received"):
            if holds(core, self._kinds[kind].holds):
                planned = kind == "finished" and holds(core, self._planned)
                wider = self._wider(kind, (*core, *inside))
                return DateHeading(kind, PLANNED if planned else wider or VARIANT, named)
        return None

    def _wider(self, kind: DateKind, label: Phrase) -> str:
        """The group of UNSURE whose words a label has; "" for none or several."""
        found = [group for group, phrases in self._kinds[kind].wider.items() if holds(label, phrases)]
        return found[0] if len(found) == 1 else ""

    def _core(self, label: Phrase) -> Phrase:
        """A label of a date without what only says that it is a date, before or after it."""
        core = label
        for lead in self._lead * 2:
            if core[: len(lead)] == lead:
                core = core[len(lead) :]
            if core[-len(lead) :] == lead:
                core = core[: -len(lead)]
        shorter = strip_ends(core, self._filler)
        return shorter or core

    def not_office(self, phrase: Phrase) -> bool:
        return holds(self._fold(phrase), self._no_office)

    def office(self, phrase: Phrase) -> OfficeRole | None:
        label = self._fold(phrase)
        if label in self._office["place"]:
            return "place"
        head = next((h for h in self._heads if label[: len(h)] == h), None)
        if head is None:
            return None
        rest = label[len(head) :]
        for role in ("plain", "resolving", "receiving", "desk"):
            if rest in self._office[role]:
                return role
        return "other"


def holds(label: Phrase, phrases: Iterable[Phrase]) -> bool:
    """Whether a label has one of the phrases in it."""
    return any(label[i : i + len(p)] == p for p in phrases if p for i in range(len(label) - len(p) + 1))


def strip_ends(label: Phrase, fillers: set[Phrase]) -> Phrase:
    """A label without the fillers at its end."""
    changed = True
    while changed:
        changed = False
        for filler in fillers:
            if label and label[-len(filler) :] == filler:
                label, changed = label[: -len(filler)], True
    return label


def _readings(path: Sequence[str]) -> list[str]:
    """What a column's labels may say together: the lowest, then with the band above before and after it."""
    labels = [text for text in path if words(text)]
    if not labels:
        return []
    joined = [f"{band} {labels[-1]}" for band in reversed(labels[:-1])]
    joined += [f"{labels[-1]} {band}" for band in reversed(labels[:-1])]
    return [labels[-1], *joined]


@lru_cache(maxsize=1 << 13)
def _parted(text: str) -> str:
    """An identifier as words: `ngayTiepNhan`, `ma_ho_so`."""
    return _HUMP.sub(" ", text).replace("_", " ") if _IDENTIFIER.match(text) else text.replace("_", " ")


def _phrase(text: str, short: Mapping[str, Phrase]) -> Phrase:
    return tuple(word for w in words(_parted(text)) for word in short.get(w, (w,)))


def _sets(groups: Mapping[str, Sequence[str]]) -> dict[str, set[Phrase]]:
    return {name: {words(text) for text in texts} for name, texts in groups.items() if name != "filler"}
