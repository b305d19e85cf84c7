"""Damaged files, a fixed few of `bench/fuzz_reading.py`'s thousands, and what its thousands have found."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from offices import II06A

from pipeline import quarter
from pipeline.periods import Period
from pipeline.result import Checked

BENCH = Path(__file__).parents[2] / "bench" / "fuzz_reading.py"
BATCHES, SIZE = 3, 50


@pytest.fixture(scope="module")
def fuzz() -> Any:
    """The fuzzer, which is a program and no part of a package."""
    path = list(sys.path)
    spec = importlib.util.spec_from_file_location("fuzz_reading", BENCH)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz_reading"] = module
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path[:] = path
    return module


@pytest.mark.parametrize("batch", range(BATCHES))
def test_damaged_files_are_read_as_they_stand_or_refused(fuzz: Any, batch: int) -> None:
    tally = fuzz.run(SIZE, 500 + batch * SIZE)
    assert tally.failures == []
    assert sum(tally.outcomes.values()) == SIZE
    # refusing everything would be easy
    assert tally.outcomes["accepted"] >= SIZE // 8 and tally.outcomes["refused"] >= SIZE // 8


def test_every_kind_of_damage_is_tried(fuzz: Any) -> None:
    kinds = {fuzz.one(number)[1].kind.partition(":")[0] for number in range(60)}
    assert {"bytes", "member", "archive", "cells"} <= kinds


def test_the_other_reader_agrees_with_the_truth_of_undamaged_files(fuzz: Any) -> None:
    sources = [s for s, _ in fuzz.inputs(30, 0) if s.kind == "export"]
    for source, (_, parts) in zip(sources, fuzz.sandbox.read_all({s.name: s.data for s in sources}), strict=True):
        undamaged = fuzz.damage.Damaged("nothing", source.data)
        assert fuzz.judge(source, undamaged, parts) == ("accepted", []), source.name


@pytest.fixture
def checked(period: Period, registry_csv: bytes) -> Callable[..., Checked]:
    return lambda data: quarter.check(quarter.read_period(period, {"a.xls": data}, registry_csv))


def codes(result: Checked) -> set[str]:
    return set(result.findings["code"]) - {"unit_missing"}


def page(rows: list[list[Any]], end: str = "</table>") -> bytes:
    head = [" ".join(x for x in path if x != "Trong đó") for path in II06A]
    lines = ["".join(f"<td>{v}</td>" for v in line) for line in [head, *rows]]
    return f"<html><table><tr>{'</tr><tr>'.join(lines)}{end}".encode()


def test_a_page_that_broke_off_is_refused(checked: Callable[..., Checked], row: Callable[..., list[Any]]) -> None:
    """Cut after a unit's name its row is blank throughout, which is how a unit without dossiers is listed."""
    whole = [row(1, "Phòng A", 5, 9, 0, 9, 3, 1), row(2, "Phòng B", 5, 9, 0, 9, 3, 1)]
    assert "file_unreadable" not in codes(checked(page(whole, "</tr></table></html>")))
    assert codes(checked(page([whole[0], [2, "Phòng B"]], ""))) >= {"file_unreadable"}


def test_a_part_above_its_whole_is_no_count(
    checked: Callable[..., Checked], export: Callable[..., bytes], row: Callable[..., list[Any]]
) -> None:
    """Without the column "trong hạn" nothing adds up to what is pending, but more overdue than pending cannot be."""
    without = [path for path in II06A if path[-1] != "Trong hạn"]
    at = II06A.index(next(path for path in II06A if path[-1] == "Trong hạn"))
    cells = row(1, "Phòng A", 5, 9, 0, 9, 3, 1, overdue=1)
    right = [*cells[:at], *cells[at + 1 :]]
    assert "identity_broken" not in codes(checked(export([right], columns=without)))
    assert "identity_broken" in codes(checked(export([[*right[:-1], right[-2] + 1]], columns=without)))
