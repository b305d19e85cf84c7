"""Levels whose own number stayed although the numbers of their units changed from one revision to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.publish.revision_tables import RevisionFrames
from schemas.measures import COUNT_NAMES

#: (unit_id, measure) -> number of dossiers
Numbers = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class KeptLevel:
    """A level's own number that no longer fits its units.

    `stated`: its own number; `fits`: what its units add up to now; `was_off`: by how much it differed from its units
    before; `units`: (name, number before, number now) of each unit that changed.
    """

    name: str
    measure: str  # Vietnamese
    stated: int
    fits: int
    was_off: int
    units: tuple[tuple[str, int, int], ...]


def kept_levels(after: RevisionFrames, old: Numbers, new: Numbers, names: Mapping[str, str]) -> Iterator[KeptLevel]:
    """The levels with a row of their own, by measure in the order of the form.

    `after`: the later revision; `old`, `new`: the counts of both.
    """
    if "level" not in after.unit_scores.columns or "level" not in after.level_scores.columns:
        return
    for level_id, level in zip(after.level_scores["unit_id"], after.level_scores["level"], strict=True):
        units = after.unit_scores.loc[after.unit_scores["level"] == level, "unit_id"].tolist()
        for measure, label in COUNT_NAMES.items():
            own = level_id, measure
            if own not in old or own not in new or old[own] != new[own]:
                continue
            there = [u for u in units if (u, measure) in old and (u, measure) in new]
            changed = [u for u in there if old[u, measure] != new[u, measure]]
            fits = sum(new[u, measure] for u in units if (u, measure) in new)
            if changed and fits != new[own]:
                yield KeptLevel(
                    names.get(level_id, level_id),
                    label,
                    new[own],
                    fits,
                    old[own] - sum(old[u, measure] for u in units if (u, measure) in old),
                    tuple((names.get(u, u), old[u, measure], new[u, measure]) for u in changed),
                )
