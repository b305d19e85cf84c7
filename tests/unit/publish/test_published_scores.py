"""The scores of published quarters, and which of them may be compared."""

import dataclasses

import pytest

from pipeline.periods import Period
from pipeline.publish.published_scores import PublishedScore, PublishedScores, comparable_before, published_scores
from schemas.manifest import Manifest, RulebookUsed

HEAD = "unit_id,name,level,status,total,total_max,rank,class_printed\r\n"
UNITS = HEAD + "u-a,Phòng A,huyen,scored,15.81,18,7,Xuất sắc\r\nu-b,Phòng B,huyen,no_dossiers,,,,\r\n"
LEVELS = "unit_id,name,level,status,basis,total,total_max\r\nhuyen,Cấp huyện,huyen,scored,own,15.85,18\r\n"


def read(units: str | None = UNITS, levels: str = LEVELS) -> PublishedScores:
    tables = {"level_scores.csv": levels.encode()} | ({} if units is None else {"unit_scores.csv": units.encode()})
    used = RulebookUsed.model_construct(id="qd-thu", sha256="ab")
    manifest = Manifest.model_construct(period="2022-Q1", revision="r2", rulebook=used)
    return published_scores(Period(2022, 1), manifest, tables, signed=True)


def test_units_and_levels_with_what_was_printed() -> None:
    found = read()
    assert (found.rulebook, found.rulebook_sha256, found.damage) == ("qd-thu", "ab", "")
    assert found.scores == {
        "u-a": PublishedScore("Phòng A", "huyen", False, "scored", 15.81, 18, 7, "Xuất sắc"),
        "u-b": PublishedScore("Phòng B", "huyen", False, "no_dossiers", None, None),
        "huyen": PublishedScore("Cấp huyện", "huyen", True, "scored", 15.85, 18, basis="own"),
    }


@pytest.mark.parametrize("units", [None, "", "unit_id,name\r\n", UNITS.replace("15.81", "mười lăm")])
def test_a_table_that_cannot_be_read_leaves_no_scores_and_is_named(units: str | None) -> None:
    found = read(units)
    assert found.scores == {} and "unit_scores.csv" in found.damage


def test_only_quarters_of_one_rulebook_and_the_same_bodies_are_compared_oldest_first() -> None:
    def at(year: int, quarter: int, **more: str) -> PublishedScores:
        return dataclasses.replace(read(), period=Period(year, quarter), **more)

    history = [
        at(2025, 2),
        at(2025, 4),
        at(2026, 1),
        at(2025, 1),
        at(2026, 2, rulebook="qd-khac"),
        at(2026, 3, damage="x"),
    ]
    kept = comparable_before(history, Period(2026, 4), "qd-thu")
    assert [q.period for q in kept] == [Period(2025, 4), Period(2026, 1)]
    assert comparable_before(history, Period(2026, 4), "") == ()
