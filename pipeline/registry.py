"""The registry of units: which unit a written name means in a period. Names match exactly after normalisation.

The registry itself is a frame (`schemas.frames.Registry`), read by `registry_file`.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial

import pandas as pd

from pipeline.periods import Period
from pipeline.shown_text import Lexicon, general
from pipeline.text import fold, nfc, without_diacritics

#: names for which similar ones are looked for, and characters of a name that are compared: a comparison with all names
#: of the registry costs a millisecond, and a file of invented names must not cost an hour
_MAX_SUGGESTIONS, _MAX_LENGTH = 500, 200
#: written names whose resolution is cached
_MAX_CACHED = 1 << 16
#: an ordinal before a name (`1. Phòng A`, `II. Sở B`); not "X." or "P.", which abbreviate Xã and Phường
ORDINAL_PREFIX = re.compile(r"^(?:\d{1,3}|I{1,3}|IV|VI{0,3}|IX|XI{1,3}) ?[.)\-–/] ?(?=\w)")
_UBND = re.compile(r"^(ubnd|ủy ban nhân dân|uỷ ban nhân dân) ")


def name_key(written: object) -> str:
    """A written name as it is compared: folded, one spelling of "uỷ/ủy", without a leading "UBND"."""
    return _UBND.sub("", fold(written).replace("uỷ ban", "ủy ban").rstrip(" .:;,"))


def frame_rows(frame: pd.DataFrame) -> list[dict[str, str]]:
    """The rows of a registry frame as dictionaries, column -> text."""
    return [{str(k): str(v) for k, v in row.items()} for row in frame.to_dict("records")]


def row_keys(row: Mapping[str, str]) -> set[str]:
    """The comparison keys (`name_key`) of the name and the aliases of a registry row."""
    return {name_key(n) for n in (row["name"], *row["aliases"].split(";")) if name_key(n)}


@dataclass(frozen=True)
class Resolution:
    """What a written name means: one `unit_id`, or several `candidates`, or neither; then `near` has similar names."""

    unit_id: str = ""
    candidates: tuple[str, ...] = ()
    ignored: bool = False  # registered with `kind = ignore`: no unit
    outside: tuple[str, ...] = ()  # ids of units with this name that did not exist in the period
    suggest: Callable[[], tuple[str, ...]] = field(default=tuple, compare=False, repr=False)

    @property
    def near(self) -> tuple[str, ...]:
        """At most three similar names of units. Computed on access, because most callers do not need them."""
        return self.suggest()


class UnitIndex:
    """The units of one period by their written names. A unit exists in a period that its validity overlaps.

    `registry`: the frame. `current`: its rows of units and levels that exist in the period, in registry order.
    `codes`: unit id -> its code of the portal, of the units of `current` that have one.
    `names`, `levels`, `kinds`, `order`: unit id -> name, level, kind, position, for all rows of the registry.
    """

    def __init__(self, registry: pd.DataFrame, period: Period) -> None:
        start, end = period.start.isoformat(), period.end.isoformat()
        self.registry = registry
        self.period = period
        exists = ((registry["valid_from"] == "") | (registry["valid_from"] <= end)) & (
            (registry["valid_to"] == "") | (registry["valid_to"] >= start)
        )
        ignored = registry["kind"] == "ignore"
        self.current = registry.loc[exists & ~ignored].reset_index(drop=True)
        self.names: Mapping[str, str] = dict(zip(registry["unit_id"], registry["name"], strict=True))
        self.levels: Mapping[str, str] = dict(zip(registry["unit_id"], registry["level"], strict=True))
        self.kinds: Mapping[str, str] = dict(zip(registry["unit_id"], registry["kind"], strict=True))
        self.order: Mapping[str, int] = {u: i for i, u in enumerate(registry["unit_id"])}
        self._current = self._index(self.current)
        self._outside = self._index(registry.loc[~exists & ~ignored])
        self._ignored = self._index(registry.loc[exists & ignored])
        self._ids = frozenset(self.current["unit_id"])
        self.codes: Mapping[str, str] = {
            u: c for u, c in zip(self.current["unit_id"], self.current["code"], strict=True) if c
        }
        self._by_code = {code.casefold(): unit_id for unit_id, code in self.codes.items()}
        self._resolved: dict[str, Resolution] = {}
        self._of_rows: dict[str, Resolution] = {}
        self._near: dict[str, tuple[str, ...]] = {}

    @staticmethod
    def _index(rows: pd.DataFrame) -> dict[str, list[str]]:
        index: dict[str, list[str]] = defaultdict(list)
        for row in frame_rows(rows):
            for key in sorted(row_keys(row)):
                index[key].append(row["unit_id"])
        return dict(index)

    def resolve(self, written: object) -> Resolution:
        """The unit that a written name, a unit id or a code of the portal means."""
        text = str(written)
        found = self._resolved.get(text)
        if found is None:
            if len(self._resolved) >= _MAX_CACHED:
                self._resolved.clear()
            found = self._resolved[text] = self._resolve(text)
        return found

    def resolve_row(self, name: str) -> Resolution:
        """The unit that the name of a table row means, with or without an ordinal before it (`1. Phòng A`)."""
        found = self._of_rows.get(name)
        if found is None:
            if len(self._of_rows) >= _MAX_CACHED:
                self._of_rows.clear()
            found = self._of_rows[name] = self._resolve_row(name)
        return found

    def _resolve_row(self, name: str) -> Resolution:
        found = self.resolve(name)
        lead = ORDINAL_PREFIX.match(name)
        if found.unit_id or found.candidates or not lead:
            return found
        without = self.resolve(name[lead.end() :])
        return without if without.unit_id or without.candidates or without.outside else found

    def _resolve(self, written: str) -> Resolution:
        key = name_key(written)
        found = self._current.get(key, [])
        if not found and nfc(written) in self._ids:
            found = [nfc(written)]
        if not found and nfc(written).casefold() in self._by_code:
            found = [self._by_code[nfc(written).casefold()]]
        if len(found) == 1:
            return Resolution(unit_id=found[0])
        if found:
            return Resolution(candidates=tuple(found))
        if key in self._ignored:
            return Resolution(ignored=True)
        return Resolution(outside=tuple(self._outside.get(key, ())), suggest=partial(self._suggest, key))

    def _suggest(self, key: str) -> tuple[str, ...]:
        if key not in self._near:
            if len(self._near) >= _MAX_SUGGESTIONS:
                return ()
            near = difflib.get_close_matches(without_diacritics(key[:_MAX_LENGTH]), list(self._known), n=3, cutoff=0.6)
            self._near[key] = tuple(dict.fromkeys(self.names[self._known[n]] for n in near))
        return self._near[key]

    @cached_property
    def _known(self) -> dict[str, str]:
        return {without_diacritics(k): ids[0] for k, ids in self._current.items()}

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words that may be shown of an input: those of the program and the names of the registry."""
        aliases = [alias for text in self.registry["aliases"] for alias in text.split(";")]
        names = {name for column in ("unit_id", "name", "level", "code") for name in self.registry[column]}
        return general().with_names(sorted({*names, *aliases}))

    def units(self, level: str | None = None) -> list[str]:
        """The ids of the units of the period, of one level or of all, in registry order."""
        rows = self.current.loc[self.current["kind"] == "unit"]
        return rows["unit_id"].tolist() if level is None else rows.loc[rows["level"] == level, "unit_id"].tolist()

    def level_ids(self) -> list[str]:
        """The ids of the level rows of the period, in registry order."""
        return self.current.loc[self.current["kind"] == "level", "unit_id"].tolist()
