"""The analyst's forms as the program knows them: `reference/forms.toml`, and the words its columns accept."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

from pipeline.text import fold
from schemas.forms import FormCatalogue, FormColumn
from schemas.measures import COUNT_NAMES, DISCLOSURE_NAMES, LATE_MEASURES, MEASURE_NAMES
from schemas.rulebook import Criterion, Rulebook

#: A box marked on a printed form is the measure `box:<criterion id>`; its value is the option's points.
BOX = "box:"
BOX_NAME = "Ô điểm tiêu chí"
#: unit_id of printed figures about both levels together.
WHOLE_AREA = ""


@cache
def forms() -> FormCatalogue:
    """`reference/forms.toml`, checked."""
    text = resources.files("pipeline").joinpath("reference/forms.toml").read_text("utf-8")
    return FormCatalogue.model_validate(tomllib.loads(text))


def header_key(text: object) -> str:
    """A header as compared: folded, without a trailing star, colon or full stop."""
    return fold(text).rstrip(" *:.").strip()


def vocabulary(column: FormColumn) -> Mapping[str, str]:
    """id -> Vietnamese name of what the column's list holds; empty where any text goes."""
    return {
        "": {},
        "disclosure": DISCLOSURE_NAMES,
        "counts": COUNT_NAMES,
        "measures": MEASURE_NAMES,
        "roles": forms().roles,
        "late": {m: COUNT_NAMES[m] for m in LATE_MEASURES},
        "reasons": forms().reasons,
        "opinions": forms().opinions,
        "recounts": forms().recounts,
    }[column.choices]


def match_name(written: str, names: Mapping[str, str]) -> str:
    """The id a written name or id means, "" for none."""
    key = header_key(written)
    return next((i for i, name in names.items() if key in (header_key(name), i.casefold())), "")


def match_rulebook(written: str, rulebooks: Mapping[str, Rulebook]) -> Rulebook | None:
    """A rulebook by its id, short name or title."""
    key = header_key(written)
    return next(
        (r for r in rulebooks.values() if key in (r.id.casefold(), header_key(r.short), header_key(r.title))),
        None,
    )


def match_criterion(written: str, rulebook: Rulebook) -> Criterion | None:
    """A criterion by its semantic id, its label, or its number there: "6", "Tiêu chí 6", and as it is written ("CS5").

    "CS6" is an index of the Thông tư only: the sixth criterion of a decision that counts 1 … 9 is another one.
    """
    key = header_key(written)
    for criterion in rulebook.criteria:
        digits = re.sub(r"\D", "", criterion.number)
        names = {criterion.id.casefold(), header_key(criterion.label), header_key(criterion.number)}
        indices = {f"cs{digits}", f"chỉ số {digits}"} if not criterion.number.isdigit() else set()
        if key in names | indices | {digits, f"tiêu chí {digits}"}:
            return criterion
    return None


def find_criterion(written: str, rulebook: Rulebook, others: Iterable[Rulebook]) -> Criterion | None:
    """`match_criterion`, else the criterion of the same meaning as the one another rulebook labels so."""
    own = match_criterion(written, rulebook)
    if own is not None:
        return own
    key = header_key(written)
    same = {c.id for r in others for c in r.criteria if header_key(c.label) == key}
    return next((c for c in rulebook.criteria if c.id in same), None)


def match_option(written: str, criterion: Criterion, level: str) -> str:
    """An option by its id, its text, or its points where one option of the level has them; else ""."""
    key = header_key(written)
    by_name = [o.id for o in criterion.lines() if key in (o.id.casefold(), header_key(o.text))]
    if by_name:
        return by_name[0]
    points = re.fullmatch(r"([0-2])(?:[.,]0+)?(?: điểm)?", key)
    fitting = [o.id for o in criterion.lines_at(level) if points and o.points == int(points[1])]
    return fitting[0] if len(fitting) == 1 else ""
