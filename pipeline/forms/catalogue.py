"""The catalogue of forms (`reference/forms.toml`), and the matching of what a person wrote to a choice.

A `match_…` function compares folded texts exactly. It never guesses.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources

from pipeline.rulebooks import installed
from pipeline.text import fold
from schemas.forms import FormCatalogue, FormColumn
from schemas.measures import (
    COUNT_NAMES,
    DERIVED_NAMES,
    DISCLOSURE_NAMES,
    INDEX_SET_NAMES,
    LATE_MEASURES,
    MEASURE_NAMES,
    SUPPLEMENT_NAMES,
)
from schemas.rulebook import Criterion, Rulebook

#: The measure of a box marked on a printed form is `box:<criterion id>`. Its value is the option's points.
BOX = "box:"
BOX_NAME = "Ô điểm tiêu chí"
#: measures that no printed form has
_NOT_PRINTED = frozenset((*DERIVED_NAMES, *INDEX_SET_NAMES))
#: unit_id of printed figures about both levels together.
WHOLE_AREA = ""


@cache
def form_catalogue() -> FormCatalogue:
    """The catalogue of forms: `reference/forms.toml`, validated. Raises pydantic.ValidationError if it is wrong."""
    text = resources.files("pipeline").joinpath("reference/forms.toml").read_text("utf-8")
    return FormCatalogue.model_validate(tomllib.loads(text))


@cache
def form_words() -> tuple[str, ...]:
    """The program's own texts in forms: headings, choices, fields, and the words of rulebooks and measures."""
    names = (COUNT_NAMES, MEASURE_NAMES, DISCLOSURE_NAMES, SUPPLEMENT_NAMES)
    parts = [form_catalogue(), *installed().values()]
    of_measures = (name for words in names for name in words.values())
    return tuple(sorted({*of_measures, *(text for part in parts for text in _texts(part.model_dump()))}))


def _texts(value: object) -> Iterator[str]:
    """All strings in a dumped model, without the keys of its tables."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _texts(inner)


def header_key(text: object) -> str:
    """A header as it is compared: folded, without a star, colon or full stop at the end."""
    return fold(text).rstrip(" *:.").strip()


def choice_names(column: FormColumn) -> Mapping[str, str]:
    """The choices of a column: id -> Vietnamese name. Empty for a column that takes any text."""
    return {
        "": {},
        "disclosure": DISCLOSURE_NAMES,
        "counts": COUNT_NAMES,
        "measures": {m: n for m, n in MEASURE_NAMES.items() if m not in _NOT_PRINTED},
        "roles": form_catalogue().roles,
        "late": {m: COUNT_NAMES[m] for m in LATE_MEASURES},
        "reasons": form_catalogue().reasons,
        "opinions": form_catalogue().opinions,
        "recounts": form_catalogue().recounts,
    }[column.choices]


def match_name(written: str, names: Mapping[str, str]) -> str:
    """The id that a written name or id means, "" for none. `names`: id -> name."""
    key = header_key(written)
    return next((i for i, name in names.items() if key in (header_key(name), i.casefold())), "")


def match_rulebook(written: str, rulebooks: Mapping[str, Rulebook]) -> Rulebook | None:
    """The rulebook with that id, short name or title; None for none."""
    key = header_key(written)
    return next(
        (r for r in rulebooks.values() if key in (r.id.casefold(), header_key(r.short), header_key(r.title))),
        None,
    )


def match_criterion(written: str, rulebook: Rulebook) -> Criterion | None:
    """The criterion with that id, label or number: "6", "Tiêu chí 6", or the number as the rulebook writes it ("CS5").

    "CS6" is an index of the Thông tư only. It matches no criterion of a decision that numbers its criteria 1 … 9: the
    sixth criterion there is another one. None for no match.
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
    """As `match_criterion`; else the criterion with the same id as one that has this label in another rulebook."""
    own = match_criterion(written, rulebook)
    if own is not None:
        return own
    key = header_key(written)
    same = {c.id for r in others for c in r.criteria if header_key(c.label) == key}
    return next((c for c in rulebook.criteria if c.id in same), None)


def match_option(written: str, criterion: Criterion, level: str) -> str:
    """The id of the option with that id, text or points; "" for none.

    Points (0, 1 or 2) match only if exactly one option of the level has them.
    """
    key = header_key(written)
    by_name = [o.id for o in criterion.lines() if key in (o.id.casefold(), header_key(o.text))]
    if by_name:
        return by_name[0]
    points = re.fullmatch(r"([0-2])(?:[.,]0+)?(?: điểm)?", key)
    fitting = [o.id for o in criterion.lines_at(level) if points and o.points == int(points[1])]
    return fitting[0] if len(fitting) == 1 else ""
