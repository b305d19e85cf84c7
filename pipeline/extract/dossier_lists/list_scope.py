"""Whether a dossier list holds all dossiers of the period: lists of late ones only, and lists in two halves.

A portal may export what is resolved and what is pending as two lists. Together they are all dossiers, one alone is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

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
#: dossiers from which it is no accident that all of them are late
_ENOUGH = 10
#: subject of the question whether a list of late dossiers only is of all dossiers
LATE_ONLY: Final = "late_only"
_OPENED = str.maketrans("()[]:=", "      ")
#: words of a printed filter by status
_FILTER_WORDS: Final = frozenset(["trạng", "thái", "tình", "trạng", "bộ", "lọc", "theo", "tra", "cứu"])


@dataclass(frozen=True)
class ListHalf:
    """A list of what is resolved, or of what is pending, and the finding where nothing completes it."""

    found: DossierList
    half: Half
    signature: str  # of its layout
    narrowed: Finding


def half_of_titles(
    titles: Sequence[str], vocabulary: Vocabulary, index: UnitIndex, year: int
) -> tuple[Half | None, list[str]]:
    """Which half the titles of a list name, None where they name both or neither; and the titles that name none."""
    named = {title: half for title in titles if (half := _half(title, vocabulary, index, year))}
    halves = set(named.values())
    return (halves.pop() if len(halves) == 1 else None), [t for t in titles if t not in named]


def _half(title: str, vocabulary: Vocabulary, index: UnitIndex, year: int) -> Half | None:
    """The half that a title names and nothing else; None where it narrows the list in another way."""
    label = words(fold(title).translate(_OPENED))
    rest = tuple(w for w in label if w not in _FILTER_WORDS)
    band = vocabulary.sole_band(rest)
    concepts = {c for c, _ in vocabulary.concepts(rest)} - {"total"}
    if band not in {"resolved", "pending"} or concepts or unexplained([" ".join(rest)], "", vocabulary, index, year):
        return None
    return "resolved" if band == "resolved" else "pending"


def holds_half(found: DossierList, half: Half) -> bool:
    """Whether all dossiers of a list have ended, or none has, as its title says."""
    counted = found.frame.loc[~found.frame["meaning"].isin(["withdrawn", "not_received", "left_out"])]
    ended = counted["finished"].notna()
    return bool(ended.all() if half == "resolved" else not ended.any())


def completed(halves: Sequence[ListHalf], index: UnitIndex) -> list[bool]:
    """Of each half: whether other halves of the same layout complete it for all its units."""
    units = [_units(h.found, index) for h in halves]
    result = []
    for half, mine in zip(halves, units, strict=True):
        other = [
            (h, u) for h, u in zip(halves, units, strict=True) if h.signature == half.signature and h.half != half.half
        ]
        united = set().union(*(u for _, u in other))
        # a unit without pending dossiers is in the list of resolved ones only; the other way round a list is missing
        whole = half.half == "resolved" and half.found.names_units and any(h.found.names_units for h, _ in other)
        result.append(bool(mine & united) and (whole or mine <= united))
    return result


def _units(found: DossierList, index: UnitIndex) -> set[str]:
    return {unit for name in found.frame["unit"].unique() if (unit := index.resolve(name).unit_id)}


def late_only(found: DossierList, period: Period) -> Decision | None:
    """The decision about a list whose dossiers are all late; None for any other list.

    Such a list is one of late dossiers whatever its title says ("Danh sách hồ sơ gửi thư xin lỗi"), unless the office
    has said that it is of all.
    """
    masks = measure_masks(found.frame, np.datetime64(period.start), np.datetime64(period.end))
    due = found.frame["due"].notna() & ~found.frame["meaning"].isin(["withdrawn", "waiting"])
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
