"""The points of the index set of QĐ 766 in fractions, written from formulas derived from published figures.

It uses no code of the program's scoring and no rulebook file, so that an error has to be made twice to stay hidden.
A unit is made at random: figures near their targets, empty denominators, blanks, published points beside and instead.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

Figures = Mapping[str, int]  # a measure that is not there is not known
Points = Fraction | None  # None: not known

GROUPS = {"CKMB": 18, "TDGQ": 20, "CLGQ": 12, "TTTT": 10, "MDSH": 22, "MDHL": 18}
BANDS = ((90, "Xuất sắc"), (80, "Tốt"), (70, "Khá"), (50, "Trung bình"), (0, "Yếu"))
_CENT = Fraction(1, 100)


@dataclass(frozen=True)
class MadeUnit:
    """A unit of one level with its figures and the points that are published for it (text with a decimal point)."""

    name: str
    level: str
    figures: dict[str, int]
    published: dict[str, str]


def half_up(value: Fraction) -> Fraction:
    """Rounded to two decimal places, a half upwards."""
    return Fraction(math.floor(value * 100 + Fraction(1, 2)), 100)


def reached(part: int | None, whole: int | None, most: int, target: str = "1", empty: int | None = None) -> Points:
    """most × part ÷ whole ÷ target, at most `most`; `empty` points over nothing; not known above the whole."""
    if whole == 0 and part in (0, None):
        return None if empty is None else Fraction(empty)
    if part is None or whole is None or not 0 <= part <= whole:
        return None
    return min(Fraction(most), most * Fraction(part, whole) / Fraction(target))


def added(f: Figures, *names: str) -> int | None:
    """The sum of measures; None where one is not known. A leading "-" subtracts."""
    parts = [(-1 if n.startswith("-") else 1, f.get(n.removeprefix("-"))) for n in names]
    return None if any(v is None for _, v in parts) else sum(sign * (v or 0) for sign, v in parts)


def components(unit: MadeUnit) -> dict[str, dict[str, Points]]:
    """Group -> component -> its points, rounded."""
    f, given = unit.figures, {code: Fraction(text) for code, text in unit.published.items()}
    in_time = f.get("resolved_in_time", added(f, "resolved_early", "resolved_on_time"))
    if in_time is None:
        in_time = added(f, "resolved_total", "-resolved_late")
    total = added(f, "resolved_total", "pending_total")
    pending = f.get("pending_in_time")
    good = None if in_time is None or pending is None else in_time + pending
    liked = None if good is None else good - f.get("dossiers_disliked", 0)
    received = f.get("petitions_received")
    happy = added(f, "petitions_received", "-petitions_dissatisfied")
    if received == 0:
        happy = 0
    fees, payable = f.get("fee_procedures"), f.get("payable")
    province = unit.level == "tinh"
    online = added(f, "received_online", "received_direct")

    def computed(value: Points, code: str) -> Points:
        return value if value is not None else given.get(code)

    found: dict[str, dict[str, Points]] = {
        "CKMB": {
            code: given.get(code)
            for code in ("PUBLISH_ON_TIME", "PUBLIC_UPDATE_ON_TIME", "PUBLIC_CONTENT_FULL", "DOSSIER_SYNC")
        },
        "TDGQ": {"2.1": reached(good, total, 20)},
        "CLGQ": {
            "3.1": reached(f.get("service_procedures"), f.get("procedures_total"), 2, "4/5")
            if province
            else given.get("CLGQ.A"),
            "3.2": reached(f.get("services_used"), f.get("services_online"), 4) if province else given.get("CLGQ.B"),
            "3.3": reached(f.get("received_online"), online, 6, "1/2"),
        },
        "TTTT": {
            "4.1": reached(f.get("paid_online"), payable, 6),
            "4.2": reached(f.get("fee_procedures_paid_online"), fees, 2, "4/5", empty=0),
            "4.3": reached(f.get("fee_procedures_used"), fees, 2, "4/5", empty=0),
        },
        "MDSH": {
            "5.1": computed(reached(f.get("eresult"), f.get("eresult_due"), 6), "ORIGINAL_RESULT_AVAILABLE"),
            "5.2": computed(reached(f.get("digitized"), total, 4), "SO_HOA_GIAY_TO_GIAI_QUYET"),
            "5.3": computed(reached(f.get("reused"), total, 2, "4/5"), "REUSED_DIGITIZED_DATA"),
            "5.4": computed(reached(f.get("data_shared"), total, 4), "SYNCED_WITH_DVCQG_PERSONAL_STORAGE"),
            "5.5": computed(reached(f.get("citizen_data"), total, 2), "CITIZEN_DATA_CONNECTED_DOSSIER"),
            "5.6": computed(
                reached(f.get("citizen_procedures_connected"), f.get("citizen_procedures"), 2),
                "CITIZEN_DATA_CONNECTED_FORMALITY",
            ),
            "5.7": given.get("ELECTRONIC_CERTIFIED_COPY"),
        },
        "MDHL": {
            "6.1": computed(reached(f.get("petitions_on_time"), received, 6, empty=6), "PETITION_PROCESSING_ON_TIME"),
            "6.2": computed(reached(happy, received, 6, empty=6), "PETITION_HANDLING_SATISFACTION"),
            "6.3": computed(reached(liked, total, 6, "9/10", empty=0), "DOSSIER_RECEIVING_SATISFACTION"),
        },
    }
    return {g: {c: None if p is None else half_up(p) for c, p in parts.items()} for g, parts in found.items()}


def groups(unit: MadeUnit) -> dict[str, tuple[Points, Points]]:
    """Group -> (published, recomputed)."""
    recomputed: dict[str, Points] = {}
    for group, parts in components(unit).items():
        known = [p for p in parts.values() if p is not None]
        recomputed[group] = sum(known, Fraction(0)) if len(known) == len(parts) else None
    return {g: (Fraction(unit.published[g]) if g in unit.published else None, recomputed[g]) for g in GROUPS}


def total_and_class(unit: MadeUnit) -> tuple[Points, str]:
    """The printed total and the class; no class where a group is missing."""
    both = groups(unit)
    printed = [recomputed if published is None else published for published, recomputed in both.values()]
    known = [p for p in printed if p is not None]
    if not known:
        return None, ""
    total = sum(known, Fraction(0))
    if "TONG_SCORE" in unit.published and all(published is not None for published, _ in both.values()):
        total = Fraction(unit.published["TONG_SCORE"])
    if len(known) < len(GROUPS):
        return total, ""
    return total, next(name for bound, name in BANDS if total >= bound)


# --- made units -------------------------------------------------------------------------------------------------------


def made_units(seed: int, count: int) -> list[MadeUnit]:
    """`count` units, whose published points are never contradictory in themselves."""
    rng = random.Random(seed)
    return [_unit(rng, f"don-vi-{n}") for n in range(count)]


def _share(rng: random.Random, whole: int) -> int:
    """A part of a whole: nothing, all, near a target, or any."""
    near = round(whole * rng.choice((0.5, 0.8, 0.9, 1.0))) + rng.choice((-1, 0, 1))
    return max(0, min(whole, rng.choice((0, whole, near, near, rng.randint(0, whole)))))


def _unit(rng: random.Random, name: str) -> MadeUnit:
    def whole() -> int:
        return rng.choice((0, 1, 3, 7, rng.randint(1, 99), rng.randint(100, 4000)))

    resolved, pending = whole(), whole()
    in_time, open_in_time = _share(rng, resolved), _share(rng, pending)
    early = rng.randint(0, in_time)
    f = {"resolved_total": resolved, "pending_total": pending, "pending_in_time": open_in_time}
    how = rng.randrange(3)
    if how == 0:
        f |= {"resolved_early": early, "resolved_on_time": in_time - early, "resolved_late": resolved - in_time}
    else:
        f |= {"resolved_late": resolved - in_time} if how == 1 else {"resolved_in_time": in_time}
    f["dossiers_disliked"] = rng.randint(0, min(5, in_time + open_in_time))
    for part in ("digitized", "reused", "data_shared", "citizen_data"):
        f[part] = _share(rng, resolved + pending)
    for denominator, *parts in (
        ("procedures_total", "service_procedures"),
        ("services_online", "services_used"),
        ("payable", "paid_online"),
        ("fee_procedures", "fee_procedures_paid_online", "fee_procedures_used"),
        ("eresult_due", "eresult"),
        ("citizen_procedures", "citizen_procedures_connected"),
        ("petitions_received", "petitions_on_time", "petitions_dissatisfied"),
    ):
        f[denominator] = whole()
        f |= {part: _share(rng, f[denominator]) for part in parts}
    f["received_online"], f["received_direct"] = whole(), whole()
    for measure in [m for m in f if rng.random() < 0.08]:
        del f[measure]
    return MadeUnit(name, rng.choice(("tinh", "so", "xa", "xa")), f, _published(rng))


_COMPONENTS = {
    "PUBLISH_ON_TIME": 6, "PUBLIC_UPDATE_ON_TIME": 4, "PUBLIC_CONTENT_FULL": 2, "DOSSIER_SYNC": 6, "CLGQ.A": 2,
    "CLGQ.B": 4, "ELECTRONIC_CERTIFIED_COPY": 2, "ORIGINAL_RESULT_AVAILABLE": 6,
    "SO_HOA_GIAY_TO_GIAI_QUYET": 4, "PETITION_PROCESSING_ON_TIME": 6, "DOSSIER_RECEIVING_SATISFACTION": 6,
}  # fmt: skip


def _published(rng: random.Random) -> dict[str, str]:
    """Points published for a unit: of components, of some groups, or of all groups with their total."""

    def points(most: int) -> Fraction:
        return rng.choice((0, 100 * most, rng.randint(0, 100 * most))) * _CENT

    found = {code: points(most) for code, most in _COMPONENTS.items() if rng.random() < 0.8}
    share = rng.choice((0.0, 0.4, 1.0))
    found |= {code: points(most) for code, most in GROUPS.items() if rng.random() < share}
    if GROUPS.keys() <= found.keys() and rng.random() < 0.7:
        found["TONG_SCORE"] = sum((found[g] for g in GROUPS), Fraction(0)) + rng.choice((0, 0, 0, _CENT))
        found["TONG_SCORE"] = min(Fraction(100), found["TONG_SCORE"])
    return {code: f"{float(value):.2f}" for code, value in found.items()}
