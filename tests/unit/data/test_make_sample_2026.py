"""The second sample: made again byte for byte, and its points are those that were published elsewhere."""

import subprocess
import sys
import zipfile
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from repository import ROOT

from pipeline import quarter, rulebooks
from pipeline.periods import Period
from pipeline.result import Scored

SAMPLE = ROOT / "data" / "mau-2026"


def members(path: Path) -> dict[str, bytes]:
    """What a workbook holds, uncompressed: zlib builds compress the same content to other bytes."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def scored() -> Scored:
    files = {f.name: f.read_bytes() for f in (SAMPLE / "raw" / "2026-Q3").iterdir()}
    period = rulebooks.period_of(Period(2026, 3), rulebooks.installed()["qd-766-2022"])
    registry = (SAMPLE / "reference" / "units.csv").read_bytes()
    return quarter.score(quarter.check(quarter.read_period(period, files, registry)), rulebooks.choose(period))


@pytest.mark.slow
def test_the_sample_is_made_again_byte_for_byte(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(ROOT / "data/make_sample_2026.py"), str(tmp_path)], check=True, cwd=ROOT)
    made = {f.name: members(f) for f in tmp_path.iterdir()}
    assert made == {f.name: members(f) for f in (SAMPLE / "raw" / "2026-Q3").iterdir()}


@pytest.mark.parametrize(
    ("unit", "group", "points"),
    [
        ("dien-bien-phu-03127", "tttt", "6.68"),  # phường Việt Trì (Phú Thọ)
        ("muong-thanh-03334", "tttt", "6.63"),  # phường Nông Trang (Phú Thọ)
        ("so-cong-thuong", "tttt", "8.00"),  # Sở Công Thương Phú Thọ
        ("muong-phang-03325", "mdsh", "12.49"),  # xã Vân Canh (Gia Lai)
        ("muong-phang-03325", "tdgq", "19.41"),
        ("muong-phang-03325", "mdhl", "18.00"),
    ],
)
def test_points_recomputed_from_figures_are_those_that_were_published(unit: str, group: str, points: str) -> None:
    rows = scored().group_scores
    (row,) = rows.loc[(rows["unit_id"] == unit) & (rows["group"] == group)].to_dict("records")
    assert (Decimal(str(row["published"])), Decimal(str(row["recomputed"]))) == (Decimal(points), Decimal(points))


def test_the_total_is_the_published_one_and_a_unit_without_all_groups_has_no_class() -> None:
    rows = scored().unit_scores.set_index("unit_id")
    assert (float(rows.at["muong-phang-03325", "total"]), rows.at["muong-phang-03325", "class_printed"]) == (
        75.34,
        "Khá",
    )
    assert (rows.at["tia-dinh-03385", "class_printed"], rows["rank"].isna()["tia-dinh-03385"]) == ("", True)


def test_what_differs_from_the_portal_is_one_finding_and_the_published_points_are_printed() -> None:
    findings = scored().findings
    assert sorted(findings["code"].unique()) == ["groups_missing", "level_supplement_partial", "portal_points_differ"]
    (row,) = scored().group_scores.query("unit_id == 'na-tau-03316' and group == 'tdgq'").to_dict("records")
    assert (row["printed"], row["which"]) == (row["published"], "published")
    assert row["difference"] == pytest.approx(0.35)


def test_sectors_and_communes_are_ranked_apart_and_a_place_has_the_name_of_its_time() -> None:
    rows = scored().unit_scores
    assert {level: int(found["rank"].min()) for level, found in rows.groupby("level")} == {"so": 1, "xa": 1}
    assert set(scored().checked.counts["unit_id"]) & {"phuong-muong-thanh-cu", "xa-na-tau-cu"} == set()
