"""Whether a dossier list holds all dossiers of the period: lists of late ones only, and lists in two halves.

A portal may export what is resolved and what is pending as two lists. Together they are all dossiers, one alone is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np

from pipeline.extract.dossier_lists.count_dossiers import measure_masks
from pipeline.extract.dossier_lists.read_list import DossierList
from pipeline.extract.wording.phrases import words
from pipeline.extract.wording.title_scope import unexplained
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.findings import Finding
from pipeline.layouts.decisions import SCOPE_MEANINGS, Decision, options
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.text import fold, vn_int

Half = Literal["resolved", "pending"]
#: what the titles of a list may name of a half -> the parts of all dossiers that it holds
_PARTS: Final[Mapping[Half, Mapping[str, frozenset[str]]]] = {
    "resolved": {
        "early": frozenset(("early",)),
        "on_time": frozenset(("on_time",)),
        "in_time": frozenset(("early", "on_time")),
        "late": frozenset(("late",)),
    },
    "pending": {"in_time": frozenset(("pending_in_time",)), "late": frozenset(("pending_overdue",))},
}
#: dossiers from which it is no accident that all of them are late
_ENOUGH = 10
#: subject of the question whether a list of late dossiers only is of all dossiers
LATE_ONLY: Final = "late_only"
_OPENED = str.maketrans("()[]:=", "      ")
#: words of a printed filter by status
_FILTER_WORDS: Final = frozenset(["trạng", "thái", "tình", "trạng", "bộ", "lọc", "theo", "tra", "cứu"])


class NamedHalf(NamedTuple):
    """The half that titles name, and what of it: of _PARTS."""

    half: Half
    parts: frozenset[str]


@dataclass(frozen=True)
class ListHalf:
    """A list of what is resolved, or of what is pending, and the finding where nothing completes it."""

    found: DossierList
    named: NamedHalf
    narrowed: Finding

    @property
    def half(self) -> Half:
        """Which half it holds, or a part of."""
        return self.named.half

    @property
    def columns(self) -> tuple[str, ...]:
        """The headings that all halves of one export share: of codes, units, reception and promise."""
        return self.found.shared_headings


#: a list of all that is pending
PENDING: Final = NamedHalf("pending", frozenset().union(*_PARTS["pending"].values()))
_EVERYTHING: Final = frozenset(part for parts in _PARTS.values() for found in parts.values() for part in found)


def half_of_titles(
    titles: Sequence[str], vocabulary: Vocabulary, index: UnitIndex, year: int
) -> tuple[NamedHalf | None, list[str]]:
    """Which half the titles of a list name, None where they name several or none; and the titles that name none."""
    named = {title: half for title in titles if (half := _half(title, vocabulary, index, year))}
    halves = set(named.values())
    return (halves.pop() if len(halves) == 1 else None), [t for t in titles if t not in named]


def _half(title: str, vocabulary: Vocabulary, index: UnitIndex, year: int) -> NamedHalf | None:
    """The half that a title names and nothing else; None where it narrows the list in another way."""
    label = words(fold(title).translate(_OPENED))
    rest = tuple(w for w in label if w not in _FILTER_WORDS)
    band = vocabulary.sole_band(rest)
    if band not in {"resolved", "pending"} or unexplained([" ".join(rest)], "", vocabulary, index, year):
        return None
    half: Half = "resolved" if band == "resolved" else "pending"
    parts, concepts = _PARTS[half], {c for c, _ in vocabulary.concepts(rest)} - {"total"}
    if not concepts <= parts.keys():
        return None
    return NamedHalf(half, frozenset().union(*(parts[c] for c in concepts or parts)))


def holds_half(found: DossierList, named: NamedHalf) -> bool:
    """Whether the dossiers of a list have ended, or none has, as its title says, and in time or late as it says."""
    counted = found.frame.loc[~found.frame["meaning"].isin(["withdrawn", "not_received", "left_out"])]
    ended, due = counted["finished"], counted["due"]
    if named.half == "pending":
        return not bool(ended.notna().any())
    late = due.notna() & (ended > due)
    early = due.notna() & (ended < due)
    allowed = (
        (late & ("late" in named.parts))
        | (early & ("early" in named.parts))
        | (~late & ~early & ("on_time" in named.parts))
    )
    return bool((ended.notna() & allowed).all())


def completed(halves: Sequence[ListHalf], index: UnitIndex) -> list[bool]:
    """Of each half: whether other lists of the same export complete it for all its units."""
    units = [_units(h.found, index) for h in halves]
    result = []
    for half, mine in zip(halves, units, strict=True):
        same = [(h, u) for h, u in zip(halves, units, strict=True) if h.columns == half.columns]
        other = [(h, u) for h, u in same if h.half != half.half]
        united = set().union(*(u for _, u in other))
        covered = frozenset().union(*(h.named.parts for h, _ in same))
        # a unit without pending dossiers is in the list of resolved ones only; the other way round a list is missing
        whole = half.half == "resolved" and half.found.names_units and any(h.found.names_units for h, _ in other)
        result.append(covered == _EVERYTHING and bool(mine & united) and (whole or mine <= united))
    return result


def _units(found: DossierList, index: UnitIndex) -> set[str]:
    return {unit for name in found.frame["unit"].unique() if (unit := index.resolve(name).unit_id)}


def late_only(found: DossierList, period: Period) -> Decision | None:
    """The decision about a list whose dossiers are all late; None for any other list.

    Such a list is one of late dossiers whatever its title says ("Danh sách hồ sơ gửi thư xin lỗi"), unless the office
    has said that it is of all.
    """
    frame = found.frame.loc[found.frame["doubt"] == ""]
    masks = measure_masks(frame, np.datetime64(period.start), np.datetime64(period.end))
    due = frame["due"].notna() & ~frame["meaning"].isin(["withdrawn", "waiting"])
    judged = int(((masks["resolved_total"] | masks["pending_total"]) & due).sum())
    late = int((masks["resolved_late"] | masks["pending_overdue"]).sum())
    if judged < _ENOUGH or late < judged:
        return None
    shown = f"Danh sách có {vn_int(late)} trên {vn_int(judged)} hồ sơ có hạn, tất cả đều quá hạn"
    answer = found.answers.get(("scope", LATE_ONLY))
    if answer is not None and answer.meaning in SCOPE_MEANINGS:
        return Decision("scope", LATE_ONLY, shown, answer.meaning, "confirmed", answer.reason, options(SCOPE_MEANINGS))
    why = "có thể chỉ là danh sách hồ sơ quá hạn"
    return Decision("scope", LATE_ONLY, shown, "part", "open", why, options(SCOPE_MEANINGS))
