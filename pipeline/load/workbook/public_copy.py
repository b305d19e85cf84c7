"""A quarter without the names of its officers, for the copy that is made public."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import pandas as pd

from pipeline.result import Scored
from pipeline.text import nfc

#: in place of a name inside a text
_PERSON: Final = "công chức, viên chức"


def without_names(scored: Scored) -> Scored:
    """The quarter with every officer's name in its texts replaced by `công chức, viên chức`.

    Only names of two words or more are searched in texts: a single word (`Lan`) is a part of other words. A unit that
    is entered in the list of officers keeps its name. Ids stay; the frame of officers keeps its scores and classes.
    """
    checked = scored.checked
    units = {_folded(name) for name in checked.entities["name"]}
    names = {str(name).strip() for name in scored.officer_scores["officer"]}
    people = sorted((n for n in names if len(n.split()) > 1 and _folded(n) not in units), key=lambda n: (-len(n), n))
    if not people:
        return replace(scored, officer_scores=scored.officer_scores.assign(officer=_PERSON))
    known = re.compile(
        r"(?<!\w)(?:" + "|".join(r"\s+".join(map(re.escape, nfc(n).split())) for n in people) + r")(?!\w)",
        re.IGNORECASE,
    )

    def masked(frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with the texts of its columns masked; ids are no text."""
        texts = [c for c in frame.columns if str(frame[c].dtype) == "str" and c not in _IDS]
        return frame.assign(**{c: frame[c].map(lambda text: known.sub(_PERSON, text)).astype("str") for c in texts})

    officers = masked(scored.officer_scores).assign(officer=_PERSON)
    return replace(
        scored,
        checked=replace(
            checked,
            entities=masked(checked.entities),
            explanations=masked(checked.explanations),
            report_fields=masked(checked.report_fields),
        ),
        criterion_scores=masked(scored.criterion_scores),
        unit_scores=masked(scored.unit_scores),
        level_scores=masked(scored.level_scores),
        officer_scores=officers,
    )


#: columns with ids, codes and words that the program matches, which are no texts of people
_IDS: Final = frozenset(
    {"unit_id", "level", "kind", "status", "basis", "criterion", "option", "explanation_id", "field", "measure"}
)


def _folded(text: object) -> str:
    return " ".join(nfc(str(text)).casefold().split())
