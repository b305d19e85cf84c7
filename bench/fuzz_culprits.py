"""Changes numbers of exports and counts what is reported: `python bench/fuzz_culprits.py [count] [made] [seed] [-v]`.

`count` changes of one number of a unit of the sample, a quarter as many of totals, of levels' own rows and of two rows
at once, and `made` in each of some made cities with other layouts. `tests/support/changed_numbers.py` names the
outcomes. With `-v` every change is printed of which the first error does not point into the row.
"""

from __future__ import annotations

import collections
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/support")]

from changed_numbers import Cell, City, made_city, outcome, sample_city, single_changes  # noqa: E402

#: cells that are changed together, with their new numbers
Changes = Sequence[tuple[Cell, int | None]]


def unit_changes(city: City, rng: random.Random, count: int) -> Iterator[tuple[str, Changes]]:
    """One number of a unit, every column, unit and kind of change alike."""
    found = list(single_changes([c for c in city.cells if c.owner not in city.levels()]))
    rng.shuffle(found)
    return ((f"{kind:15}", [(cell, after)]) for cell, kind, after in found[:count])


def total_changes(city: City, rng: random.Random, count: int) -> Iterator[tuple[str, Changes]]:
    """One number of a total row."""
    found = list(single_changes(city.total_cells))
    rng.shuffle(found)
    return ((f"{kind:15}", [(cell, after)]) for cell, kind, after in found[:count])


def level_changes(city: City, rng: random.Random, count: int) -> Iterator[tuple[str, Changes]]:
    """One number of a level's own row."""
    found = list(single_changes([c for c in city.cells if c.owner in city.levels()]))
    rng.shuffle(found)
    return ((f"{kind:15}", [(cell, after)]) for cell, kind, after in found[:count])


def pair_changes(city: City, rng: random.Random, count: int) -> Iterator[tuple[str, Changes]]:
    """One number each of two units of one file."""
    found = list(single_changes([c for c in city.cells if c.owner not in city.levels()]))
    made = 0
    while made < count:
        (one, how, first), (other, also, second) = rng.sample(found, 2)
        if one.file == other.file and one.owner != other.owner:
            made += 1
            yield f"{how} and {also}", [(one, first), (other, second)]


def run(title: str, city: City, changes: Iterator[tuple[str, Changes]], *, verbose: bool) -> None:
    """Check each change and print the outcomes, and how many findings are new."""
    outcomes: collections.Counter[str] = collections.Counter()
    more: collections.Counter[int] = collections.Counter()
    for kind, cells in changes:
        after = city.check({(c.file, c.address): value for c, value in cells})
        found = outcome(city, [c for c, _ in cells], after)
        outcomes[found.told] += 1
        more[len(found.new)] += 1
        if verbose and found.told not in {"cell", "row", "same"}:
            shown = ", ".join(f"{c.file} {c.address} ({c.owner or 'total'}) {c.number} -> {v}" for c, v in cells)
            print(f"  {found.told}: {kind.strip()}: {shown}; set aside: {', '.join(found.aside)}")
            for finding in found.new[:4]:
                print(f"      {finding['severity']} {finding['code']} {finding['cell']}: {finding['message'][:230]}")
    told = ", ".join(f"{name} {count}" for name, count in outcomes.most_common())
    print(f"{title}: {told}; new errors and warnings: {dict(sorted(more.items()))}", flush=True)


def main() -> None:
    """Run all groups of changes."""
    numbers = [int(a) for a in sys.argv[1:] if a.isdigit()]
    count, made_count, seed = (*numbers, *(400, 100, 1)[len(numbers) :])
    verbose = "-v" in sys.argv
    rng = random.Random(seed)
    part = max(1, count // 4)
    sample = sample_city(ROOT / "data")
    run("sample, one number of a unit", sample, unit_changes(sample, rng, count), verbose=verbose)
    groups: tuple[tuple[str, Callable[[City, random.Random, int], Iterator[tuple[str, Changes]]]], ...] = (
        ("one number of a total", total_changes),
        ("one number of a level's own row", level_changes),
        ("two units of one file", pair_changes),
    )
    for name, make in groups:
        run(f"sample, {name}", sample, make(sample, rng, part), verbose=verbose)
    made = {
        "made city": made_city(rng),
        "made city, shuffled rows": made_city(rng, shuffled=True),
        "made city, no total row": made_city(rng, total=False),
        "made city, no total row and no levels": made_city(rng, total=False, levels=False),
        "made city, totals of sections": made_city(rng, sections=True, levels=False),
        "made city, no totals of groups": made_city(rng, dropped=(2, 6, 10)),
        "made city, without channels": made_city(rng, dropped=(3, 4)),
        "made city, without received and pending totals": made_city(rng, dropped=(2, 10)),
        "made city, resolved only": made_city(rng, dropped=(2, 3, 4, 5, 6, 10, 11, 12)),
    }
    for name, city in made.items():
        run(f"{name}, one number of a unit", city, unit_changes(city, rng, made_count), verbose=verbose)
    city = made["made city, totals of sections"]
    run(
        "made city, totals of sections, one number of a total",
        city,
        total_changes(city, rng, made_count),
        verbose=verbose,
    )


if __name__ == "__main__":
    main()
