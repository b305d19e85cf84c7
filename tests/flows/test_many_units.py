"""The work of a run grows with the units of the registry, not with their square. Counted in calls, not in seconds."""

import shutil
from pathlib import Path

import pytest
from commands import Tthc
from counted_calls import calls

FEWER, STEP = 30, 90


@pytest.mark.parametrize(
    "command", [("score", "2022-Q1", "--direct"), ("check", "2022-Q1", "--all")], ids=lambda c: c[0]
)
def test_a_unit_more_costs_what_a_unit_before_it_cost(office: Path, tthc: Tthc, command: tuple[str, ...]) -> None:
    registry = office / "reference" / "units.csv"
    text = registry.read_text(encoding="utf-8")
    tthc(*command)  # imports and what is cached for good
    costs = []
    for number in (FEWER, FEWER + STEP, FEWER + 2 * STEP):
        idle = "".join(f"xa-thu-{n},Xã Thử {n},unit,xa,xa,,,,,\n" for n in range(number))
        registry.write_text(text + idle, encoding="utf-8")
        shutil.rmtree(office / "out")
        costs.append(calls(lambda: tthc(*command)))
    first, second = costs[1] - costs[0], costs[2] - costs[1]
    assert first > 0
    assert second < 1.2 * first, costs
