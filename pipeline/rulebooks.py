"""The installed rulebooks and the one that applies to a period.

A rulebook is one TOML file in `reference/rulebooks/`; a new decision is a new file. The period's last day decides which
rulebooks are in force; of those the highest `precedence` applies (the local decision over the national).
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from pipeline.findings import Finding
from pipeline.periods import Period
from schemas.rulebook import Rulebook


@dataclass(frozen=True)
class RulebookChoice:
    """The rulebook a period is scored by; None = the period is counted and checked, not scored.

    `applying`: the rulebook in force, None if there is none. `alternative`: another one was requested in its place.
    """

    rulebook: Rulebook | None
    applying: Rulebook | None
    alternative: bool
    findings: tuple[Finding, ...]


def read_rulebooks(files: Mapping[str, bytes]) -> dict[str, Rulebook]:
    """Rulebooks by id, from TOML bytes by file name.

    Raises ValueError (Vietnamese) with the file's name, and the place in it, for a file that cannot be used.
    """
    found: dict[str, Rulebook] = {}
    for name in sorted(files):
        try:
            rulebook = Rulebook.model_validate(tomllib.loads(files[name].decode("utf-8")))
        except ValueError as error:  # TOML, UTF-8 and pydantic errors alike
            raise ValueError(f"{name}: tệp quy định không dùng được – {error}") from error
        if rulebook.id in found:
            raise ValueError(f"{name}: mã quy định “{rulebook.id}” đã có trong tệp khác.")
        found[rulebook.id] = rulebook
    return found


@cache
def installed() -> dict[str, Rulebook]:
    """Every rulebook shipped in `reference/rulebooks/`, by id."""
    folder = resources.files("pipeline").joinpath("reference/rulebooks")
    return read_rulebooks({f.name: f.read_bytes() for f in folder.iterdir() if f.name.endswith(".toml")})


def in_force(rulebooks: Mapping[str, Rulebook], day: dt.date) -> Rulebook | None:
    """The rulebook that applies on a day: the highest precedence, then the newest; None if none is in force."""
    covering = [r for r in rulebooks.values() if r.covers(day)]
    return max(covering, key=lambda r: (r.precedence, r.valid_from, r.issued_on, r.id), default=None)


def choose(period: Period, requested: str | None = None) -> RulebookChoice:
    """The rulebook of a period, or the requested one (its id), with findings about the choice.

    Raises ValueError (Vietnamese) for an unknown id.
    """
    rulebooks = installed()
    applying = in_force(rulebooks, period.end)
    if requested is None:
        missing = () if applying else (Finding("no_rulebook", expected=period.name),)
        return RulebookChoice(applying, applying, False, missing)
    if requested not in rulebooks:
        known = ", ".join(sorted(rulebooks))
        raise ValueError(f"Không có quy định “{requested}”. Các quy định đã cài: {known}.")
    chosen = rulebooks[requested]
    findings = []
    alternative = applying is not None and applying.id != chosen.id
    if applying is not None and alternative:
        findings.append(Finding("rulebook_alternative", found=chosen.short, expected=applying.short))
    if not chosen.covers(period.end):
        findings.append(Finding("rulebook_outside_validity", found=chosen.short, expected=validity(chosen)))
    return RulebookChoice(chosen, applying, alternative, tuple(findings))


def validity(rulebook: Rulebook) -> str:
    """The days a rulebook is in force, as analysts read them: `từ 13/11/2019 đến 30/6/2025`."""
    end = f" đến {_day(rulebook.valid_to)}" if rulebook.valid_to else ""
    return f"từ {_day(rulebook.valid_from)}{end}"


def _day(day: dt.date) -> str:
    """A date as Vietnamese offices write it: leading zeros for days below 10 and for months 1 and 2 only."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"
