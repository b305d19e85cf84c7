"""The charts say the same numbers as the frames, and nothing in a name can break them."""

from collections.abc import Callable
from xml.etree.ElementTree import fromstring

import pytest

from pipeline.load.report.charts import BAR_WIDTH, render_charts
from pipeline.result import Scored

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [t.text or "" for t in fromstring(svg).iter(f"{SVG}text")]


@pytest.fixture(name="city")
def built(city: Callable[..., Scored]) -> Scored:
    return city()


@pytest.fixture
def charts(city: Scored) -> dict[str, str]:
    return render_charts(city)


def test_every_unit_stands_in_every_chart(city: Scored, charts: dict[str, str]) -> None:
    assert set(charts) == {"bieu-do-diem.svg", "bieu-do-ho-so.svg"}
    names = city.checked.entities.loc[city.checked.entities["kind"] == "unit", "name"]
    for svg in charts.values():
        shown = texts(svg)
        assert [n for n in names if n.replace("\n", "") not in [s.replace("\n", "") for s in shown]] == []


def test_bars_are_as_long_as_their_share(city: Scored, charts: dict[str, str]) -> None:
    assert city.rulebook is not None
    most = float(city.rulebook.max_total)
    bars = [float(r.get("width", "0")) for r in fromstring(charts["bieu-do-diem.svg"]).iter(f"{SVG}rect")][1:]
    totals = city.unit_scores["total"].dropna()
    assert sorted(bars) == sorted(round(BAR_WIDTH * t / most, 1) for t in totals)


def test_unscored_units_say_why(city: Scored, charts: dict[str, str]) -> None:
    reasons = city.unit_scores.loc[city.unit_scores["total"].isna(), "status_reason"]
    assert len(reasons) and set(reasons) <= set(texts(charts["bieu-do-diem.svg"]))


def test_without_a_rulebook_only_the_dossiers(city: Scored) -> None:
    from dataclasses import replace

    assert set(render_charts(replace(city, rulebook=None))) == {"bieu-do-ho-so.svg"}
