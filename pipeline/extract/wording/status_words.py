"""What the status of a dossier means, word by word: a status with a word outside the vocabulary is not known.

A deadline state ("Quá hạn 3 ngày") is no status: the dates decide. Statuses of Thông tư 22/2019/TT-BTTTT and what
portals write for them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.extract.wording.list_words import ListWords, holds
from pipeline.extract.wording.phrases import Phrase, words
from pipeline.text import fold, without_diacritics

#: the meaning of a text that says no more than whether the deadline was met
BY_DATES: Final = "dates"
_NUMBERED = re.compile(r"^\W*\d{1,2} ?[.):\-–] ?(?=\D)")
_PARTS = re.compile(r"[;:,()\[\]|/+\-–—]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
#: categories of words with which the status of an open dossier begins
_BEGUN: Final = frozenset(("open", "not_yet"))
#: acts of an office that end no dossier; those among them that alone can be a status, to be done or done already
_WORK: Final = frozenset(("office_acts", "steps"))
_STEPS: Final = frozenset(("steps", "steps_done"))
_OPENED = str.maketrans("()[]", "    ")


class StatusReading(NamedTuple):
    """What a status text says."""

    meaning: str  # of STATUS_MEANINGS, BY_DATES, or "" where it is not known
    base: Phrase  # its words without deadline state
    deadline: str  # early | on_time | late | in_time | none | ""


class StatusWords:
    """Reads statuses with a vocabulary."""

    def __init__(self, lists: ListWords) -> None:
        raw = lists.raw
        self._short = lists.short
        self._whole = {p: meaning for meaning, phrases in lists.statuses.items() for p in phrases}
        self._plain = _without_contradictions(self._whole)
        self._tokens = _named(raw["dossier_status_words"]) | _named(raw["dossier_status_starts"])
        self._states = _named(raw["dossier_deadlines"])
        self._collected = [words(text) for text in raw["dossier_result"]["collection"]]
        #: text -> StatusReading; cached, because the lists of a period repeat few statuses
        self.read = lru_cache(maxsize=1 << 14)(self._read)

    def _read(self, text: str) -> StatusReading:
        parts = [self._phrase(p) for p in _PARTS.split(_NUMBERED.sub("", fold(text)))]
        base: list[Phrase] = []
        states = []
        for part in (p for p in parts if p):
            rest, state = self._without_deadline(part)
            states += [state] if state else []
            base += [rest] if rest else []
        joined = tuple(word for part in base for word in part)
        deadline = states[0] if len(set(states)) == 1 else ""
        if len(set(states)) > 1:
            return StatusReading("", joined, "")
        if not joined:
            return StatusReading(BY_DATES if states else "", joined, deadline)
        return StatusReading(self._meaning(joined), joined, deadline)

    def has_result(self, text: str) -> bool:
        """Whether a status says that only the collection of the result is left: "Chờ trả kết quả"."""
        return holds(self.read(text).base, self._collected)

    def _phrase(self, text: str) -> Phrase:
        return tuple(word for w in words(text) for word in self._short.get(w, (w,)))

    def _without_deadline(self, part: Phrase) -> tuple[Phrase, str]:
        """A part of a status without the deadline state at its end, and that state; "" for none."""
        for start in range(len(part)):
            state = self._deadline(part[start:])
            if state:
                return part[:start], state
        return part, ""

    def _deadline(self, label: Phrase) -> str:
        """The deadline state that all words of a label say; "" for none."""
        names = _read_all(label, self._states)
        if names is None:
            return ""
        found = {n for n in names if n not in {"units", "number"}}
        return found.pop() if len(found) == 1 and names[0] not in {"units", "number"} else ""

    def _meaning(self, label: Phrase) -> str:
        if label in self._whole:
            return self._whole[label]
        if all(word.isascii() for word in label) and label in self._plain:
            return self._plain[label]
        names = _read_all(label, self._tokens)
        return "" if names is None else _meaning_of([n for n in names if n != "filler"])


def _meaning_of(names: list[str]) -> str:
    """The meaning of a status from the categories of its words, in their order; "" where they do not tell."""
    said = set(names)
    first = names[0] if names else ""
    meaning = ""
    if said == {"submitted"} or (first in {"not_yet", "refuses"} and said == {first, "received"}):
        meaning = "not_received"
    elif said == {"is_received"} or (first in _BEGUN and _is_office_work(said)) or (first in _STEPS and _is_step(said)):
        meaning = "open"
    elif said == {"ended"} or (said == {"ended", "citizens"} and "ended" in {first, names[-1]}):
        meaning = "done"
    elif "withdraws" in said and said <= {"withdraws", "citizens", "asks"}:
        meaning = "withdrawn"
    elif _waits_for_citizen(names) or (first == "pauses" and said <= {"pauses", *_WORK}):
        meaning = "waiting"
    return meaning


def _is_office_work(said: set[str]) -> bool:
    """Whether something is being done or has not been done yet, and it is what an office does."""
    done = {*_WORK, "finishing", "do"}
    return bool(said & done) and said <= {*_BEGUN, *done, "offices"}


def _is_step(said: set[str]) -> bool:
    """Whether a status names a step of the work that does not end a dossier: "Trình lãnh đạo", "Đã phân công xử lý"."""
    return said <= {*_STEPS, *_WORK, "offices", "not_yet"}


def _waits_for_citizen(names: list[str]) -> bool:
    """Whether something is waited or asked for, and it is what a citizen does: "Chờ công dân bổ sung"."""
    said = set(names)
    of_citizens = bool(said & {"citizens", "citizen_acts"})
    acts = {"citizen_acts", "citizen_acts_of_citizens"} if of_citizens else {"citizen_acts"}
    first_act = next((i for i, n in enumerate(names) if n in acts), 0)
    begun = set(names[:first_act]) & {*_BEGUN, "asks", "pauses"}
    unasked = ("not_yet", "asks") in itertools.pairwise(names)  # "Chưa yêu cầu bổ sung"
    paused = _WORK if names and names[0] == "pauses" else ()  # "Tạm dừng xử lý chờ bổ sung"
    return (
        bool(begun)
        and not unasked
        and said <= {*_BEGUN, "asks", "pauses", "citizens", "do", *acts, *paused}
        and bool(said & acts)
    )


def _read_all(label: Phrase, phrases: Mapping[Phrase, str]) -> list[str] | None:
    """The names of the phrases that a label is made of, the longest at each word; None where a word is in none."""
    longest = max((len(p) for p in phrases), default=0)
    names, at = [], 0
    while at < len(label):
        size = next((n for n in range(min(longest, len(label) - at), 0, -1) if label[at : at + n] in phrases), 0)
        if size:
            names.append(phrases[label[at : at + size]])
        elif _NUMBER.fullmatch(label[at]) and "units" in phrases.values():
            names.append("number")
            size = 1
        else:
            return None
        at += size
    return names


def _named(groups: Mapping[str, Iterable[str]]) -> dict[Phrase, str]:
    return {words(text): name for name, texts in groups.items() for text in texts}


def _without_contradictions(whole: Mapping[Phrase, str]) -> dict[Phrase, str]:
    """Statuses without diacritics -> meaning; those that would mean two things are left out."""
    found: dict[Phrase, set[str]] = {}
    for phrase, meaning in whole.items():
        found.setdefault(tuple(map(without_diacritics, phrase)), set()).add(meaning)
    return {phrase: meanings.pop() for phrase, meanings in found.items() if len(meanings) == 1}


class ChannelWords:
    """Reads the ways in which dossiers come in: online or direct, every word explained."""

    def __init__(self, lists: ListWords) -> None:
        self._whole = {p: name for name, phrases in lists.channels.items() for p in phrases}
        self._tokens = {**{words(text): "" for text in lists.raw["dossier_channel"]["filler"]}, **self._whole}
        self._short = lists.short
        #: text -> online | direct | "" for a text with an unknown word or of both
        self.read = lru_cache(maxsize=1 << 12)(self._read)

    def _read(self, text: str) -> str:
        label = tuple(word for w in words(fold(text).translate(_OPENED)) for word in self._short.get(w, (w,)))
        if label in self._whole:
            return self._whole[label]
        found = set(_read_all(label, self._tokens) or ()) - {""}
        return found.pop() if len(found) == 1 else ""


@lru_cache(maxsize=4)
def status_words(lists: ListWords) -> StatusWords:
    """The reader of statuses of a vocabulary."""
    return StatusWords(lists)


@lru_cache(maxsize=4)
def channel_words(lists: ListWords) -> ChannelWords:
    """The reader of channels of a vocabulary."""
    return ChannelWords(lists)
