"""Scores in fractions, written from the law: articles 13–15 of Thông tư 01/2018/TT-VPCP and Quyết định 1187/QĐ-UBND.

Where the texts are silent: chapters 1 and 2 of docs/decisions.md. It uses no code of the program's scoring and no
rulebook file, so that an error has to be made twice to stay hidden.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from bench.made_cities import AGENCIES, CONTACTS, Office

LOCAL, NATIONAL = "qd-1187-2019", "tt-01-2018"
#: the criteria in the order of each text; those of the officers are the ones by dossier
_TIMES, _FORMS = ("total_time", "agency_time", "contacts", "agencies"), ("desk", "disclosure")
ORDER = {
    LOCAL: (*_TIMES, "attitude", *_FORMS, "petitions", "online"),
    NATIONAL: (*_TIMES, *_FORMS, "attitude", "petitions", "online"),
}
BY_DOSSIER = (*_TIMES, "attitude")
COMPLAINTS = ("complaints_early", "complaints_on_time", "complaints_late")
_PARTS = ("procedures_at_desk", "procedures_appraised_at_desk", "procedures_exempt", "procedures_online")
PROCEDURES = ("procedures_total", *_PARTS)
PETITIONS = ("petitions_received", "petitions_on_time", "petitions_prolonged")
ELIGIBLE = ("eligible_received", "eligible_online", "eligible_late", "eligible_unresolved")
Facts = dict[str, int]  # a measure that is not there is not known
Points = Fraction | None  # None: not counted


# --- the law ----------------------------------------------------------------------------------------------------------


def half_up(value: Fraction, places: int) -> Fraction:
    """Rounded to decimal places, a half upwards."""
    return Fraction(math.floor(value * 10**places + Fraction(1, 2)), 10**places)


def all_of(*conditions: bool | None) -> bool | None:
    """Whether all hold; None if that is not known."""
    return False if False in conditions else None if None in conditions else True


def share(part: int | None, whole: int | None) -> Fraction | None:
    """Part of whole, None where it is not known. Where the whole is 0 the criterion is not counted anyway."""
    return Fraction(part, whole) if part is not None and whole else None


def none_of(count: int | None) -> bool | None:
    """Whether a count is 0; None if it is not known."""
    return None if count is None else count == 0


def at_least(value: Fraction | None, bound: Fraction) -> bool | None:
    """Whether a share reaches a bound; None if it is not known."""
    return None if value is None else value >= bound


def first(two: bool | None, one: bool | None) -> Points:
    """2 or 1 points where the condition holds and the one above it does not; else 0 (decision 1.11)."""
    if two is None or (not two and one is None):
        return None
    return Fraction(2 if two else 1 if one else 0)


def average(numerator: int, dossiers: int) -> Points:
    """Points by dossier over dossiers (art. 15.2a); without dossiers not counted."""
    return Fraction(numerator, dossiers) if dossiers else None


def contact_points(f: Facts, names: tuple[str, str, str], book: str) -> Points:
    """Criteria 3 and 4: 2, 1 or 0 points for a dossier with no, one or more contacts."""
    known = [f.get(m) for m in names]
    if known == [None, None, None] and book == LOCAL:  # decision 1.6
        known = [f["resolved_early"] + f["resolved_on_time"], f["resolved_late"], 0]
    if None in known or sum(k or 0 for k in known) != f["resolved_total"]:
        return None
    return average(2 * (known[0] or 0) + (known[1] or 0), f["resolved_total"])


def attitude_points(f: Facts, book: str) -> Points:
    """Criterion 5, CS7: an upheld complaint costs the points of its dossier (decisions 1.3, 1.6)."""
    early, on_time, late = (f.get(m, 0 if book == LOCAL and not known(f, COMPLAINTS) else None) for m in COMPLAINTS)
    if early is None or on_time is None:
        return None
    numerator = 2 * (f["resolved_early"] - early) + f["resolved_on_time"] - on_time
    if book == NATIONAL:
        return average(numerator, f["resolved_total"])
    return None if late is None else average(numerator, f["resolved_early"] + f["resolved_on_time"] + late)


def known(f: Facts, names: tuple[str, ...]) -> bool:
    """Whether all measures are known."""
    return all(m in f for m in names)


def desk_points(f: Facts, level: str, book: str) -> Points:
    """Criterion 6: procedures at the desk. CS5: first those appraised there, of the procedures that are not exempt."""
    total, desk = f.get("procedures_total"), f.get("procedures_at_desk")
    if book == LOCAL:
        there = share(desk, total)
        return first(at_least(there, Fraction(1)), at_least(there, Fraction(9, 10)))
    base = total - f["procedures_exempt"] if total is not None and "procedures_exempt" in f else None
    appraised = share(f.get("procedures_appraised_at_desk"), base)
    two = at_least(appraised, Fraction(1, 2) if level == "huyen" else Fraction(1))
    return first(two, at_least(share(desk, base), Fraction(1)))


def petition_points(f: Facts) -> Points:
    """Criterion 8, CS8."""
    received = f.get("petitions_received")
    if received is None:
        return None
    if received == 0:
        return Fraction(2)
    in_time = share(f.get("petitions_on_time"), received)
    none_prolonged = none_of(f.get("petitions_prolonged"))
    two = all_of(at_least(in_time, Fraction(1)), none_prolonged)
    return first(two, all_of(at_least(in_time, Fraction(9, 10)), none_prolonged))


def online_points(f: Facts, of_level: Facts, book: str) -> Points:
    """Criterion 9, CS9, with decisions 1.4 and 1.5."""
    online, received = f["received_online"], f["received_total"]
    late, unresolved = f.get("eligible_late"), f.get("eligible_unresolved")
    total, offered = f.get("procedures_total"), f.get("procedures_online")
    if book == LOCAL:
        if known(f, ("eligible_received", "eligible_online")):
            online, received = f["eligible_online"], f["eligible_received"]
        late = f["resolved_late"] + f["pending_overdue"] if late is None else late
        unresolved = unresolved or 0
        if offered is None and known(of_level, ("procedures_total", "procedures_online")):
            total, offered = of_level["procedures_total"], of_level["procedures_online"]
    if received == 0 or total == 0:
        return None
    in_time = all_of(none_of(late), none_of(unresolved))
    part = share(online, received)
    two = all_of(at_least(share(offered, total), Fraction(1, 5)), at_least(part, Fraction(3, 10)), in_time)
    some = None if offered is None else offered > 0
    return first(two, all_of(some, at_least(part, Fraction(3, 20)), in_time))


def criteria(f: Facts, of_level: Facts, level: str, book: str) -> dict[str, Points]:
    """The exact points of each criterion. Without a dossier resolved the criteria by dossier are not counted (1.10)."""
    time = average(2 * f["resolved_early"] + f["resolved_on_time"], f["resolved_total"])
    found = {
        "total_time": time,
        "agency_time": time,
        "contacts": contact_points(f, CONTACTS, book),
        "agencies": contact_points(f, AGENCIES, book),
        "attitude": attitude_points(f, book),
        "desk": desk_points(f, level, book),
        "disclosure": Fraction(f["disclosure"]) if "disclosure" in f else None,
        "petitions": petition_points(f),
        "online": online_points(f, of_level, book),
    }
    return {c: None if c in BY_DOSSIER and not f["resolved_total"] else found[c] for c in ORDER[book]}


def class_by(bounds: Sequence[tuple[str, str]], value: Points) -> str:
    """The first class whose lower bound the printed value reaches; "" without a value."""
    return "" if value is None else next(name for bound, name in bounds if value >= Fraction(bound))


BY_LAW = [("15", "Xuất sắc"), ("12", "Tốt"), ("9", "Khá"), ("6", "Trung bình"), ("0", "Yếu")]
UNSURE = "chưa rõ quy tắc"
BY_REPORT = [("9.14", "Xuất sắc"), ("7.12", UNSURE), ("6.99", "Trung bình"), ("0", UNSURE)]
DONE = "Hoàn thành {} nhiệm vụ"
OF_OFFICERS = [("5", DONE.format("100%")), ("3.5", DONE.format("từ 70% đến dưới 100%")), ("0", DONE.format("dưới 70%"))]


# --- what an office's files say ---------------------------------------------------------------------------------------


def facts(office: Office) -> Facts:
    """What is known of an office: its numbers, and the blanks that can only be 0 (decision 2.2)."""
    said = {m: v for m, v in office.supplement.items() if isinstance(v, int)}
    if "disclosure" in office.supplement:
        said["disclosure"] = {"both": 2, "one": 1, "none": 0}[str(office.supplement["disclosure"])]
    return with_certain_zeros({**office.counts, **said})


def with_certain_zeros(f: Facts) -> Facts:
    """A blank is 0 where its group adds up without it, where its whole is 0, and beside an entered complaint."""
    wholes = [(f"complaints_{b}", f"resolved_{b}") for b in ("early", "on_time", "late")]
    wholes += [(m, "procedures_total") for m in PROCEDURES[1:]] + [(m, "petitions_received") for m in PETITIONS[1:]]
    zeros = {m for m, whole in wholes if f.get(whole) == 0}
    zeros |= {m for m in ("eligible_late",) if f.get("resolved_late", 1) + f.get("pending_overdue", 1) == 0}
    if 0 in (f.get("eligible_received"), f.get("received_online"), f.get("eligible_online")):
        zeros |= {"eligible_online", "eligible_unresolved"}
    for group in (CONTACTS, AGENCIES):
        if sum(f.get(m, 0) for m in group) == f.get("resolved_total"):
            zeros |= set(group)
    if any(m in f for m in COMPLAINTS):
        zeros |= set(COMPLAINTS)
    return dict.fromkeys(zeros, 0) | f


def level_facts(level: Office, units: Sequence[Office]) -> Facts:
    """A level's own row, else the sum of its units; by group in the supplement (decisions 2.1, 2.2)."""
    counted = [u for u in units if u.level == level.id and u.counts.get("received_total")]
    if level.counts:
        own = dict(level.counts)
    else:
        some = [u.counts for u in units if u.level == level.id and u.counts]
        own = {m: sum(c[m] for c in some) for m in some[0]} if some else {}
    entered, of_units = level.supplement, [facts(u) for u in counted]
    for group in (CONTACTS, AGENCIES, COMPLAINTS, PROCEDURES, PETITIONS, ELIGIBLE, ("disclosure",)):
        if any(m in entered for m in group):
            said = facts(Office("", "", "", {}, dict(entered)))
            own |= {m: said[m] for m in group if m in entered}
        elif group != ("disclosure",):
            own |= sums(group, of_units)
    return with_certain_zeros(own)


def sums(group: tuple[str, ...], of_units: Sequence[Facts]) -> Facts:
    """The sums of what every unit gives. Contacts, agencies, complaints: all of the group or none of it."""
    given = [m for m in group if of_units and all(m in f for f in of_units)]
    if group in (CONTACTS, AGENCIES, COMPLAINTS) and len(given) < len(group):
        return {}
    return {m: sum(f[m] for f in of_units) for m in given}
