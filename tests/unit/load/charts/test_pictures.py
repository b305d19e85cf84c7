"""The pictures say the numbers of the frames, in titles that are computed, and nothing in a name can break them."""

from collections.abc import Callable
from dataclasses import replace
from xml.etree.ElementTree import fromstring

import pytest

from pipeline.load.charts.pictures import pictures
from pipeline.load.charts.trends import Point, RankChange, quarters_until, ranks_picture, trend_title
from pipeline.periods import Period
from pipeline.result import Scored

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> str:
    return " ".join(t.text or "" for t in fromstring(svg).iter(f"{SVG}text"))


@pytest.fixture(name="city")
def built(city: Callable[..., Scored]) -> Scored:
    return city()


def test_every_total_is_drawn_highest_first(city: Scored) -> None:
    for level in ("huyen", "xa"):
        (svg,) = [p.svg for p in pictures(city) if p.name == f"bieu-do-tong-diem-{level}.svg"]
        rows = city.unit_scores.loc[(city.unit_scores["level"] == level) & city.unit_scores["total"].notna()]
        shown = texts(svg)
        ordered = rows.sort_values("total", ascending=False, kind="stable")["name"]
        places = [shown.rindex(" ".join(name.split())) for name in ordered if len(name) < 20]
        assert places == sorted(places)


def test_every_picture_is_xml_with_its_title(city: Scored) -> None:
    found = pictures(city)
    assert found and [p.svg for p in found] == [p.svg for p in pictures(city)]
    for one in found:
        assert fromstring(one.svg).get("aria-label") == one.title


def test_without_a_rulebook_only_the_deadlines(city: Scored) -> None:
    names = {p.name for p in pictures(replace(city, rulebook=None))}
    assert names and all(name.startswith("bieu-do-thoi-han-") for name in names)


@pytest.mark.parametrize(
    ("totals", "said"),
    [
        ((14.0, 15.5), "Cấp xã: 15,50 điểm, tăng 1,50 so với quý IV năm 2021"),
        ((15.5, 14.0), "Cấp xã: 14,00 điểm, giảm 1,50 so với quý IV năm 2021"),
        ((15.5, 15.5), "Cấp xã: 15,50 điểm, không đổi so với quý IV năm 2021"),
        ((14.0, 15.0, 16.0), "Cấp xã: 16,00 điểm, tăng 1,00 so với quý IV năm 2021; cao nhất trong 03 quý có điểm"),
    ],
)
def test_the_title_of_a_trend(totals: tuple[float, ...], said: str) -> None:
    periods = quarters_until(Period(2022, 1))[-len(totals) :]
    points = [Point(p, t) for p, t in zip(periods, totals, strict=True)]
    assert trend_title("Cấp xã", points, 2) == said.replace("03", "3")


def test_changes_of_rank_name_who_moved_most() -> None:
    changes = [RankChange("Xã A", 3, 1), RankChange("Xã B", 1, 3), RankChange("Xã <C>", 2, 2)]
    one = ranks_picture("x.svg", "Cấp xã", changes, Period(2021, 4), Period(2022, 1))
    assert one is not None
    assert one.title == (
        "Cấp xã: 1 đơn vị lên hạng, 1 xuống hạng so với quý IV năm 2021; lên nhiều nhất là Xã A (từ 3 lên 1); "
        "xuống nhiều nhất là Xã B (từ 1 xuống 3)"
    )
    assert "Xã <C>" in texts(one.svg)
