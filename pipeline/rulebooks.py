"""The installed rulebooks and the one that applies to a period.

A rulebook is one TOML file in `reference/rulebooks/`; a new decision is a new file. The period's last day decides which
rulebooks are in force. The decision of a province is law there only: of the rulebooks in force for the province of the
office the highest `precedence` applies (the local decision over the national), unless the office's file names another.
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
from schemas.office import Office
from schemas.rulebook import Rulebook

#: words before the name of a province: "tỉnh Điện Biên", "TP. Hải Phòng"


class RulebookUndecidedError(ValueError):
    """Which rulebook applies cannot be decided from the office's file. Vietnamese message."""


class ProvinceUnknownError(RulebookUndecidedError):
    """It depends on the office's province, and there is no office file."""


@dataclass(frozen=True)
class RulebookChoice:
    """The rulebook a period is scored by; None = the period is counted and checked, not scored.

    `applying`: the rulebook that applies to the office, None if there is none. `alternative`: another one was requested
    in its place. `ground`: Vietnamese, why this rulebook; "" without one.
    """

    rulebook: Rulebook | None
    applying: Rulebook | None
    alternative: bool
    findings: tuple[Finding, ...]
    ground: str = ""


#: no rulebook, before the choice could be made
NO_CHOICE = RulebookChoice(None, None, False, ())


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


def in_force(rulebooks: Mapping[str, Rulebook], period: Period, province: str = "") -> Rulebook | None:
    """The rulebook that applies to a period: the highest precedence, then the newest; None if none is in force.

    `province`: of the office; "" = whatever the province.
    """
    covering = [r for r in rulebooks.values() if scores_period(r, period) and (not province or applies_in(r, province))]
    return max(covering, key=lambda r: (r.precedence, r.valid_from, r.issued_on, r.id), default=None)


def scores_period(rulebook: Rulebook, period: Period) -> bool:
    """Whether the decision is in force on the last day of a period; no decision scores a period of two administrations.

    Quý III/2025 (15/6 – 14/9/2025) is such a period: the districts ended on 30 June.
    """
    return rulebook.covers(period.end) and not period.spans_change


def offered_in(rulebooks: Mapping[str, Rulebook], period: Period) -> dict[str, Rulebook]:
    """The rulebooks that a form of the period offers: those in force somewhere, all where none is."""
    scoring = {name: book for name, book in rulebooks.items() if scores_period(book, period)}
    return scoring or dict(rulebooks)


def applies_in(rulebook: Rulebook, province: str) -> bool:
    """Whether the decision is law in a province, named as `schemas.provinces` does."""
    return not rulebook.provinces or province in rulebook.provinces


def choose(period: Period, requested: str | None = None, office: Office | None = None) -> RulebookChoice:
    """The rulebook of a period for an office, or the requested one (its id), with its ground and findings about it.

    Raises ProvinceUnknownError if a provincial rulebook is in force, none was requested and there is no office file;
    RulebookUndecidedError if the office's file names one that is not installed; ValueError (Vietnamese) for the unknown
    id of a request.
    """
    if requested is not None:
        if requested not in installed():
            raise ValueError(_unknown(requested))
        return _requested(period, installed()[requested], office)
    if office is None:
        return _without_office(period)
    return _of_office(period, office)


def _unknown(rulebook_id: str) -> str:
    return f"Không có quy định “{rulebook_id}”. Các quy định đã cài: {', '.join(sorted(installed()))}."


def _named(office: Office) -> Rulebook | None:
    """The rulebook that the office's file names; None if it names none."""
    if not office.rulebook:
        return None
    if office.rulebook not in installed():
        raise RulebookUndecidedError(f"Tệp của văn phòng (office.toml), mục rulebook: {_unknown(office.rulebook)}")
    return installed()[office.rulebook]


def _without_office(period: Period) -> RulebookChoice:
    covering = [r for r in installed().values() if scores_period(r, period)]
    local = [r for r in covering if r.provinces]
    if local:
        shown = "; ".join(f"{r.short}: {', '.join(r.provinces)}" for r in local)
        raise ProvinceUnknownError(
            f"chưa biết văn phòng thuộc tỉnh nào, mà {period.name} có quy định chấm điểm của từng tỉnh ({shown})"
        )
    applying = in_force(installed(), period)
    if applying is None:
        return RulebookChoice(None, None, False, (_no_rulebook(period),))
    return RulebookChoice(applying, applying, False, (), "quy định chung cả nước đang có hiệu lực")


def _no_rulebook(period: Period) -> Finding:
    """Why no rulebook applies to a period, whatever the province."""
    return Finding("period_spans_change" if period.spans_change else "no_rulebook", expected=period.name)


def _of_office(period: Period, office: Office) -> RulebookChoice:
    named = _named(office)
    if named is not None and scores_period(named, period):
        ground = "tệp của văn phòng (office.toml) chọn quy định này"
        return RulebookChoice(named, named, False, _foreign(named, office), ground)
    applying = in_force(installed(), period, office.province)
    findings = []
    if named is not None and applying is not None:
        facts = {"validity": validity(named)}
        findings.append(Finding("rulebook_of_office_ended", found=named.short, expected=applying.short, facts=facts))
    if applying is None:
        elsewhere = in_force(installed(), period)
        if elsewhere is None:
            return RulebookChoice(None, None, False, (_no_rulebook(period),))
        facts = {"id": elsewhere.id, "provinces": ", ".join(elsewhere.provinces), "province": office.province}
        finding = Finding("rulebook_elsewhere", found=elsewhere.short, expected=period.name, facts=facts)
        return RulebookChoice(None, None, False, (finding,))
    if applying.provinces:
        ground = f"quy định của {office.province} đang có hiệu lực"
    else:
        ground = f"quy định chung cả nước; không có quy định riêng của {office.province} cho kỳ này"
    return RulebookChoice(applying, applying, False, tuple(findings), ground)


def _requested(period: Period, chosen: Rulebook, office: Office | None) -> RulebookChoice:
    """The choice of a rulebook that was requested for this run."""
    if office is None:  # what would apply somewhere decides whether it is an alternative: never too little
        applying, ground = in_force(installed(), period), ""
        findings = [Finding("rulebook_province_unknown", found=chosen.short)] if chosen.provinces else []
    else:
        usual = _of_office(period, office)
        if usual.rulebook is chosen:
            return usual
        applying, ground = usual.applying, usual.ground
        findings = list(_foreign(chosen, office))
    alternative = applying is not None and applying.id != chosen.id
    if applying is not None and alternative:
        findings.append(Finding("rulebook_alternative", found=chosen.short, expected=applying.short))
    if not scores_period(chosen, period):
        findings.append(Finding("rulebook_outside_validity", found=chosen.short, expected=validity(chosen)))
    if alternative or not ground:
        ground = "người chạy chọn quy định này (--rulebook)"
    return RulebookChoice(chosen, applying, alternative, tuple(findings), ground)


def _foreign(rulebook: Rulebook, office: Office) -> tuple[Finding, ...]:
    """A warning if the decision is of other provinces than the office's."""
    if applies_in(rulebook, office.province):
        return ()
    facts = {"provinces": ", ".join(rulebook.provinces)}
    return (Finding("rulebook_other_province", found=rulebook.short, expected=office.province, facts=facts),)


def validity(rulebook: Rulebook) -> str:
    """The days a rulebook is in force, as analysts read them: `từ 13/11/2019 đến 30/6/2025`."""
    end = f" đến {_day(rulebook.valid_to)}" if rulebook.valid_to else ""
    return f"từ {_day(rulebook.valid_from)}{end}"


def _day(day: dt.date) -> str:
    """A date as Vietnamese offices write it: leading zeros for days below 10 and for months 1 and 2 only."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"
