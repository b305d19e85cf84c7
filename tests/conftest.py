"""Fixtures of the invented district (tests/support/offices.py)."""

import gc
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from offices import II06A, REGISTRY, export_bytes, full_row, totals
from scheduling import pytest_xdist_make_scheduler

from pipeline.extract.containers.excel import read_workbook
from pipeline.extract.count_records import CountReading, combined
from pipeline.extract.count_tables.read_table import read_tables
from pipeline.extract.count_tables.tables import find_tables
from pipeline.extract.sheet.grid import Grid
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry

__all__ = ["pytest_xdist_make_scheduler"]


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: looking for garbage in it again and again is in vain."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def period() -> Period:
    return Period(2022, 1)


@pytest.fixture(scope="session")
def registry_csv() -> bytes:
    return REGISTRY.encode("utf-8")


@cache
def _index(registry: bytes, period: Period) -> UnitIndex:
    """Registry bytes, period -> the units of the period. It counts the suggestions it made: a test of their number makes its own."""
    return UnitIndex(read_registry(registry), period)


@pytest.fixture
def index(period: Period, registry_csv: bytes) -> UnitIndex:
    return _index(registry_csv, period)


@pytest.fixture(scope="session")
def export() -> Callable[..., bytes]:
    return export_bytes


@pytest.fixture(scope="session")
def row() -> Callable[..., list[Any]]:
    return full_row


@pytest.fixture(scope="session")
def total_row() -> Callable[..., list[Any]]:
    return totals


@pytest.fixture
def ii06a() -> list[tuple[str, ...]]:
    return list(II06A)


@pytest.fixture
def grids() -> Callable[[bytes], list[Grid]]:
    return lambda data: read_workbook("so-lieu.xlsx", data)


@pytest.fixture
def read(index: UnitIndex) -> Callable[[bytes], CountReading]:
    """Bytes of one workbook -> what its count tables give."""

    def reading(data: bytes) -> CountReading:
        grids = read_workbook("so-lieu.xlsx", data)
        return combined(t.counts for grid in grids for t in read_tables(find_tables(grid, vocabulary()), index))

    return reading
