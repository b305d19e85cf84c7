"""Eight quarters of the small office, each going on where the one before ended, made by a rule of their own."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from bench.made_cities import Office
from bench.recompute_scores import added
from bench.scores_by_law import LOCAL, criteria, facts, half_up, level_facts

ROMAN = ("I", "II", "III", "IV")
PERIODS = [f"{year}-Q{quarter}" for year in (2022, 2023) for quarter in (1, 2, 3, 4)]
UNITS = {"Phòng A": "huyen", "Phòng B": "huyen", "Xã C": "xa", "Xã D": "xa"}


def made_quarters() -> dict[str, tuple]:
    """Period -> rows of the export (online, direct, carried over, early, on time, late, in time, overdue)."""
    pending = dict.fromkeys(UNITS, 0)
    quarters = {}
    for number, period in enumerate(PERIODS):
        rows = []
        for place, unit in enumerate(UNITS):
            online, direct = 20 + 7 * number + 3 * place, 50 + (11 * number * (place + 1)) % 40
            received = online + direct + pending[unit]
            left, late, on_time = (number + place) % 5, (3 * number + place) % 6, (number * place) % 9 + 4
            early = received - left - late - on_time
            rows.append((unit, online, direct, pending[unit], early, on_time, late, left, 0))
            pending[unit] = left
        quarters[period] = tuple(rows)
    return quarters


def put_quarter(office: Path, export: Callable[..., bytes], period: str, rows: tuple) -> None:
    """Replace the export of a quarter."""
    folder = office / "raw" / period
    folder.mkdir(exist_ok=True)
    (folder / "cong.xlsx").write_bytes(export(rows, f"Quý {ROMAN[int(period[-1]) - 1]} năm {period[:4]}"))


def by_law(rows: tuple) -> tuple[dict[str, Fraction], dict[str, int]]:
    """Totals of units and levels, and ranks of units, computed in fractions from the rows of the export, by name."""
    units = [_office(row) for row in rows]
    totals = {}
    for level in ("huyen", "xa"):
        of_level = level_facts(Office(level, level, level), units)
        own = {level: of_level} | {u.name: facts(u) for u in units if u.level == level}
        for name, known in own.items():
            points = [added(p, LOCAL) for p in criteria(known, of_level, level, LOCAL).values()]
            totals[name] = half_up(sum((p for p in points if p is not None), Fraction(0)), 2)
    ranks = {u.name: 1 + sum(totals[v.name] > totals[u.name] for v in units if v.level == u.level) for u in units}
    return totals, ranks


def _office(row: tuple) -> Office:
    name, online, direct, carried, early, on_time, late, in_time, overdue = row
    counts = {
        "received_total": online + direct + carried, "received_online": online, "received_direct": direct,
        "carried_over": carried, "resolved_total": early + on_time + late, "resolved_early": early,
        "resolved_on_time": on_time, "resolved_late": late, "pending_total": in_time + overdue,
        "pending_in_time": in_time, "pending_overdue": overdue,
    }  # fmt: skip
    return Office(name, name, UNITS[name], counts)
