"""Reports against the quarter before and trends over eight: right by independent computations, nothing unlike compared."""

from __future__ import annotations

import csv
import itertools
import re
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from commands import Tthc
from lxml import html
from openpyxl import load_workbook
from quarters import PERIODS, ROMAN, UNITS, by_law, made_quarters
from quarters import put_quarter as put

EXPORT = Callable[..., bytes]
LEVELS = {"huyen": "Cấp huyện", "xa": "Cấp xã"}


@pytest.fixture(scope="module")
def eight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place for the eight quarters of one office, published once for the module."""
    return tmp_path_factory.mktemp("eight")


@pytest.fixture
def quarters(office: Path, export: EXPORT, tthc: Tthc, eight: Path) -> dict[str, tuple]:
    made = made_quarters()
    for period, rows in made.items():
        put(office, export, period, rows)
    if (eight / "out").is_dir():
        shutil.copytree(eight / "out", office / "out")
        return made
    for period in PERIODS:
        done = tthc("score", period, "--direct")
        assert done.returncode in (0, 3), done.stderr
    shutil.copytree(office / "out", eight / "out")
    return made


def report(office: Path, period: str) -> str:
    return (office / "out" / period / "r1" / "bao-cao.md").read_text("utf-8")


def level_sums(rows: tuple, level: str) -> dict[str, int]:
    own = [row for row in rows if UNITS[row[0]] == level]
    return {
        "tiếp nhận": sum(r[1] + r[2] + r[3] for r in own),
        "đã giải quyết": sum(r[4] + r[5] + r[6] for r in own),
        "giải quyết quá hạn": sum(r[6] for r in own),
        "đang giải quyết": sum(r[7] + r[8] for r in own),
    }


def said(name: str, was: int, now: int) -> str:
    """The part of the sentence, computed here."""
    number = f"{now:02d}" if 0 < now < 10 else f"{now:,}".replace(",", ".")
    if was == now:
        return f"{name} {number} hồ sơ, không đổi"
    gap = abs(now - was)
    gap_text = f"{gap:02d}" if gap < 10 else f"{gap:,}".replace(",", ".")
    share = f"{round(gap / was * 100 + 1e-9, 1):.1f}".rstrip("0").rstrip(".").replace(".", ",") + "%" if was else ""
    sign = "+" if now > was else "−"
    return f"{name} {number} hồ sơ, {'tăng' if now > was else 'giảm'} {gap_text} hồ sơ" + (
        f" ({sign}{share})" if share else ""
    )


def total(office: Path, period: str, level: str) -> float:
    text = (office / "out" / period / "r1" / "level_scores.csv").read_text("utf-8-sig")
    return next(float(row["total"]) for row in csv.DictReader(text.splitlines()) if row["unit_id"] == level)


def test_every_quarter_is_compared_with_the_one_before(office: Path, quarters: dict[str, tuple], tthc: Tthc) -> None:
    assert "So với quý" not in report(office, PERIODS[0])
    for before, period in itertools.pairwise(PERIODS):
        text = report(office, period)
        roman = ROMAN[int(before[-1]) - 1]
        lead = f"So với quý {roman} năm {before[:4]}: "
        sentences = [line.split(lead)[1] for line in text.splitlines() if lead in line]
        assert len(sentences) == 3, text  # the whole area, then the levels
        for sentence, level in zip(sentences[1:], LEVELS, strict=True):
            was, now = level_sums(quarters[before], level), level_sums(quarters[period], level)
            expected = [said(name, was[name], now[name]) for name in now if was[name] or now[name]]
            parts = sentence.rstrip(".").split("; ")
            assert parts[: len(expected)] == expected
            gap = round(total(office, period, level) - total(office, before, level), 2)
            moved = "không đổi" if not gap else f"{'tăng' if gap > 0 else 'giảm'} {abs(gap):.2f} điểm".replace(".", ",")
            assert parts[len(expected)].endswith(f", {moved}")
        both = [
            {n: sum(level_sums(quarters[p], level)[n] for level in LEVELS) for n in level_sums(quarters[p], "xa")}
            for p in (before, period)
        ]
        assert sentences[0].rstrip(".").split("; ") == [
            said(name, both[0][name], both[1][name]) for name in both[1] if both[0][name] or both[1][name]
        ]
        assert f"- So sánh với quý {roman} năm {before[:4]} (bản r1)." in text


def shown(value: Fraction, *, signed: bool = False) -> str:
    """`9,83`; of a change `+0,08`, `−0,16`, `0,00`."""
    sign = ("+" if value > 0 else "−" if value < 0 else "") if signed else ""
    return sign + f"{abs(float(value)):.2f}".replace(".", ",")


def table_after(page: html.HtmlElement, heading: str) -> dict[str, list[str]]:
    """The rows of the table below a heading: first cell -> all cells, with the drawings left out."""
    rows = page.xpath(f"//section[h2[@id='{heading}']]//tr")
    cells = [[" ".join(c.xpath("string()").split()) for c in row.xpath("th|td[not(svg)]")] for row in rows]
    return {row[0]: row for row in cells}


def test_trends_over_eight_quarters_are_right_by_the_law(office: Path, quarters: dict[str, tuple]) -> None:
    totals, ranks = (list(column) for column in zip(*(by_law(quarters[p]) for p in PERIODS), strict=True))
    page = html.parse(str(office / "out" / "index.html"), html.HTMLParser(encoding="utf-8")).getroot()
    units = table_after(page, "don-vi")
    heads = [f"{ROMAN[int(p[-1]) - 1]}/{p[:4]}" for p in PERIODS]
    assert units["Đơn vị"][2:] == [*heads, "Thay đổi", "Hạng", "Xu hướng"]
    for unit, level in UNITS.items():
        values = [of_quarter[unit] for of_quarter in totals]
        assert units[unit] == [
            unit,
            LEVELS[level],
            *map(shown, values),
            shown(values[-1] - values[-2], signed=True),
            str(ranks[-1][unit]),
        ]
    periods = table_after(page, "cac-ky")
    for period, of_quarter in zip(PERIODS, totals, strict=True):
        row = periods[f"Quý {ROMAN[int(period[-1]) - 1]} năm {period[:4]}"]
        assert row[4:6] == [shown(of_quarter[level]) for level in LEVELS]
    listed = dict(zip(("up", "down"), page.xpath("//section[h2[@id='tien-bo']]/ul"), strict=True))
    changes = {unit: totals[-1][unit] - totals[-2][unit] for unit in UNITS}
    for name, part in (("up", 1), ("down", -1)):
        moved = sorted((u for u in UNITS if changes[u] * part > 0), key=lambda u: -abs(changes[u]))
        assert [li.split(" (")[0] for li in listed[name].xpath("li/text()")] == moved


def test_the_pictures_of_every_quarter_show_the_law(office: Path, quarters: dict[str, tuple]) -> None:
    computed = [by_law(quarters[p]) for p in PERIODS]
    for last, period in enumerate(PERIODS[1:], 1):
        folder = office / "out" / period / "r1"
        for level, name in LEVELS.items():
            trend = (folder / f"bieu-do-xu-huong-{level}.svg").read_text("utf-8")
            drawn = re.findall(r">(\d+,\d\d)</text>", trend)
            assert drawn == [shown(totals[level]) for totals, _ in computed[: last + 1]]
            (_, before), (_, now) = computed[last - 1], computed[last]
            moves = (folder / f"bieu-do-thu-hang-{level}.svg").read_text("utf-8")
            told = dict(re.findall(r">([^<]+)</text>\n(?:<(?:line|circle).*\n)+<text[^>]*>(\d+ → \d+)", moves))
            assert told == {u: f"{before[u]} → {now[u]}" for u in UNITS if UNITS[u] == level}, name


def test_the_last_quarters_of_a_unit_are_those_of_the_law(office: Path, quarters: dict[str, tuple]) -> None:
    computed = [by_law(quarters[p]) for p in PERIODS]
    found = {}
    for path in (office / "out" / PERIODS[-1] / "r1" / "ket-qua").iterdir():
        rows = [[c for c in row if c is not None] for row in load_workbook(path).worksheets[0].values]
        start = next(i for i, row in enumerate(rows) if row[:2] == ["Kỳ", "Tổng điểm"])
        found[rows[1][0]] = [(r[0], f"{r[1]:.2f}", r[3]) for r in rows[start + 1 :] if len(r) == 6]
    assert set(found) == set(UNITS)
    for unit, lines in found.items():
        assert len(lines) >= 5
        for (period, (totals, ranks)), line in zip(
            list(zip(PERIODS, computed, strict=True))[-len(lines) :], lines, strict=True
        ):
            named = f"Quý {ROMAN[int(period[-1]) - 1]} năm {period[:4]}"
            assert line == (named, f"{float(totals[unit]):.2f}", ranks[unit])


def test_a_level_that_lacks_a_unit_is_not_compared(
    office: Path, quarters: dict[str, tuple], export: EXPORT, tthc: Tthc
) -> None:
    name, online, direct, carried, early, *rest = quarters["2023-Q4"][3]
    put(office, export, "2023-Q4", (*quarters["2023-Q4"][:3], (name, online, direct, carried, early + 1, *rest)))
    assert tthc("score", "2023-Q4", "--direct", "--reason", "thử").returncode == 3
    text = (office / "out" / "2023-Q4" / "r2" / "bao-cao.md").read_text("utf-8")
    assert text.count("So với quý III năm 2023") == 1  # the level of the districts alone; neither xa nor the whole


def test_nothing_is_compared_across_the_reform_of_2025(office: Path, export: EXPORT, tthc: Tthc, rows: tuple) -> None:
    for period in ("2025-Q2", "2025-Q3"):
        put(office, export, period, rows)
        tthc("score", period, "--direct")
    text = report(office, "2025-Q3")
    assert "So với quý" not in text
    assert "Không so sánh với quý II năm 2025 (bản r1): từ ngày 01/7/2025 không còn cấp huyện" in text
