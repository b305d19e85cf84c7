"""The report against the published quarter before: figures right by an independent computation, nothing unlike compared."""

from __future__ import annotations

import csv
import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import Tthc
from quarters import PERIODS, ROMAN, UNITS, made_quarters
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
