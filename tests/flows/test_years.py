"""Half-years and years summed up from published quarters, recomputed independently; refusals with a way out."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from commands import Tthc
from quarters import UNITS, by_law, made_quarters, put_quarter

from flows.cli import main

EXPORT = Callable[..., bytes]
YEAR = [f"2022-Q{quarter}" for quarter in (1, 2, 3, 4)]


def table(office: Path, period: str, name: str, revision: str = "r1") -> list[dict[str, str]]:
    text = (office / "out" / period / revision / name).read_text("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def sums(office: Path, period: str, revision: str = "r1") -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for row in table(office, period, "counts.csv", revision):
        key = row["unit_id"], row["measure"]
        found[key] = found.get(key, 0) + int(row["value"])
    return found


@pytest.fixture(scope="session")
def published_quarters(
    tmp_path_factory: pytest.TempPathFactory, furnish: Callable[[Path], Path], export: EXPORT
) -> dict[str, Path]:
    """Last published quarter -> the data folder that an office has then: to be copied, not to be changed."""
    folder = tmp_path_factory.mktemp("year")
    data = furnish(folder / "data")
    folders = {}
    for period in YEAR:
        put_quarter(data, export, period, made_quarters()[period])
        with pytest.raises(SystemExit) as end:
            main(["score", period, "--direct", "--data", str(data)])
        assert not end.value.code
        folders[period] = shutil.copytree(data, folder / period)
    return folders


@pytest.fixture
def year(office: Path, published_quarters: dict[str, Path]) -> dict[str, tuple]:
    shutil.copytree(published_quarters["2022-Q4"], office, dirs_exist_ok=True)
    return {period: rows for period, rows in made_quarters().items() if period in YEAR}


def by_hand(quarters: list[tuple], place: int) -> dict[str, int]:
    """What one unit's year must be: the rule of the law, on the rows of the exports."""
    rows = [rows[place] for rows in quarters]
    online, direct, early, on_time, late = (sum(row[i] for row in rows) for i in (1, 2, 4, 5, 6))
    carried, (in_time, overdue) = rows[0][3], rows[-1][7:9]
    return {
        "received_online": online,
        "received_direct": direct,
        "carried_over": carried,
        "received_total": online + direct + carried,
        "resolved_early": early,
        "resolved_on_time": on_time,
        "resolved_late": late,
        "resolved_total": early + on_time + late,
        "pending_in_time": in_time,
        "pending_overdue": overdue,
        "pending_total": in_time + overdue,
    }


@pytest.mark.parametrize(("period", "used"), [("2022", YEAR), ("2022-H1", YEAR[:2]), ("2022-H2", YEAR[2:])])
def test_a_year_is_what_its_quarters_add_up_to(
    office: Path, year: dict[str, tuple], tthc: Tthc, period: str, used: list[str]
) -> None:
    done = tthc("score", period, "--direct")
    assert done.returncode == 0, done.stdout + done.stderr
    found = sums(office, period)
    ids = ("phong-a", "phong-b", "xa-c", "xa-d")
    scores = {row["unit_id"]: row for row in table(office, period, "criterion_scores.csv") if row["number"] == "1"}
    for place, unit in enumerate(ids):
        expected = by_hand([year[p] for p in used], place)
        assert expected["received_total"] == expected["resolved_total"] + expected["pending_total"]
        assert {m: found[unit, m] for m in expected} == expected
        points = 2 * expected["resolved_early"] + expected["resolved_on_time"]
        assert float(scores[unit]["score"]) == pytest.approx(points / expected["resolved_total"])
    summed = tuple(zip(*(year[p] for p in used), strict=True))  # a unit's rows
    rows = tuple(
        (
            own[0][0],
            *(sum(r[i] for r in own) for i in (1, 2)),
            own[0][3],
            *(sum(r[i] for r in own) for i in (4, 5, 6)),
            *own[-1][7:],
        )
        for own in summed
    )
    totals, ranks = by_law(rows)
    units = table(office, period, "unit_scores.csv")
    assert {u["name"]: (Fraction(u["total"]), int(u["rank"])) for u in units} == {
        n: (totals[n], ranks[n]) for n in UNITS
    }
    levels = table(office, period, "level_scores.csv")
    assert {row["unit_id"]: Fraction(row["total"]) for row in levels} == {
        name: totals[name] for name in ("huyen", "xa")
    }
    report = (office / "out" / period / "r1" / "bao-cao.md").read_text("utf-8")
    assert (
        "giải quyết thủ tục hành chính "
        + {"2022": "năm 2022", "2022-H1": "6 tháng đầu năm 2022", "2022-H2": "6 tháng cuối năm 2022"}[period]
        in report
    )
    manifest = json.loads((office / "out" / period / "r1" / "manifest.json").read_text())
    assert [i["path"] for i in manifest["inputs"] if i["role"] == "counts"] == [f"{p}/r1/counts.csv" for p in used]
    for p in used:
        assert f"quý {['I', 'II', 'III', 'IV'][int(p[-1]) - 1]} năm 2022 (bản r1)" in report


def test_a_year_is_a_period_like_any_other(office: Path, year: dict[str, tuple], tthc: Tthc) -> None:
    assert tthc("score", "2022", "--direct", "--by", "Công chức 1").returncode == 0
    assert "Unchanged" in tthc("score", "2022", "--direct").stdout
    assert tthc("verify").returncode == 0
    assert "Năm 2022 (2022)" in tthc("history").stdout
    assert "Công chức 1" in tthc("history", "2022").stdout
    signed = tthc("sign", "2022", "r1", "--number", "9/BC-UBND", "--date", "2022-12-20", "--despite", "thử")
    assert signed.returncode == 0, signed.stderr
    assert "Unchanged" in tthc("score", "2022-Q1", "--direct").stdout  # the year is no quarter before or after
    (office / "out" / "2022" / "r1" / "counts.csv").write_text("unit_id\n")
    assert tthc("verify").returncode == 1


def test_another_revision_of_a_quarter_makes_another_revision_of_the_year(
    office: Path, year: dict[str, tuple], export: EXPORT, tthc: Tthc
) -> None:
    assert tthc("score", "2022", "--direct").returncode == 0
    name, online, direct, carried, early, on_time, *rest = year["2022-Q2"][0]
    put_quarter(
        office,
        export,
        "2022-Q2",
        ((name, online, direct, carried, early - 1, on_time + 1, *rest), *year["2022-Q2"][1:]),
    )
    assert tthc("score", "2022-Q2", "--direct").returncode == 0
    assert tthc("score", "2022", "--direct").returncode == 0
    before, after = sums(office, "2022"), sums(office, "2022", "r2")
    assert {k: (before[k], after[k]) for k in before if before[k] != after[k]} == {
        ("phong-a", "resolved_early"): (before["phong-a", "resolved_early"], before["phong-a", "resolved_early"] - 1),
        ("phong-a", "resolved_on_time"): (
            before["phong-a", "resolved_on_time"],
            before["phong-a", "resolved_on_time"] + 1,
        ),
    }


def test_a_unit_that_a_quarter_set_aside_has_no_year(
    office: Path, year: dict[str, tuple], export: EXPORT, tthc: Tthc
) -> None:
    name, online, direct, carried, early, *rest = year["2022-Q3"][3]
    put_quarter(office, export, "2022-Q3", (*year["2022-Q3"][:3], (name, online, direct, carried, early + 1, *rest)))
    assert tthc("score", "2022-Q3", "--direct").returncode == 3
    assert tthc("score", "2022", "--direct").returncode == 3
    findings = table(office, "2022", "findings.csv")
    (found,) = [f for f in findings if f["unit_id"] == "xa-d" and f["severity"] == "error"]
    assert found["code"] == "quarter_unusable"
    assert found["file"] == "2022-Q3/r2/counts.csv"
    assert "quý III năm 2022 (bản r2)" in found["message"]
    scores = {row["unit_id"]: row for row in table(office, "2022", "unit_scores.csv")}
    assert (scores["xa-d"]["status"], scores["xa-d"]["total"]) == ("set_aside", "")
    assert scores["xa-c"]["status"] == "scored"


def test_quarters_that_do_not_join_leave_the_received_dossiers_blank(
    office: Path, year: dict[str, tuple], export: EXPORT, tthc: Tthc
) -> None:
    name, online, direct, carried, *rest = year["2022-Q4"][2]
    put_quarter(
        office,
        export,
        "2022-Q4",
        (*year["2022-Q4"][:2], (name, online, direct - 2, carried + 2, *rest), year["2022-Q4"][3]),
    )
    tthc("score", "2022-Q4", "--direct")
    assert tthc("score", "2022", "--direct").returncode == 0
    (found,) = [f for f in table(office, "2022", "findings.csv") if f["code"] == "quarters_do_not_join"]
    assert (found["unit_id"], found["found"], found["expected"]) == ("xa-c", str(carried + 2), str(carried))
    figures = sums(office, "2022")
    assert ("xa-c", "received_total") not in figures
    assert figures["xa-c", "resolved_total"] == sum(sum(year[p][2][4:7]) for p in YEAR)
    scores = {row["unit_id"]: row for row in table(office, "2022", "unit_scores.csv")}
    assert scores["xa-c"]["status"] == "scored"


def test_a_year_without_a_quarter_is_refused(office: Path, published_quarters: dict[str, Path], tthc: Tthc) -> None:
    shutil.copytree(published_quarters["2022-Q3"], office, dirs_exist_ok=True)
    done = tthc("score", "2022", "--direct")
    assert done.returncode == 1
    assert "Chưa công bố quý IV năm 2022" in done.stderr
    assert "tthc score 2022-Q4" in done.stderr
    assert not (office / "out" / "2022" / "r1").exists()


def test_other_units_and_other_rulebooks_are_refused(
    office: Path, year: dict[str, tuple], export: EXPORT, tthc: Tthc
) -> None:
    registry = office / "reference" / "units.csv"
    text = registry.read_text("utf-8")
    registry.write_text(
        text.replace("xa-d,Xã D,unit,xa,xa,,,,,", "xa-d,Xã D,unit,xa,xa,,,2022-06-30,,\nxa-e,Xã E,unit,xa,xa,,,,,"),
        "utf-8",
    )
    done = tthc("score", "2022", "--direct")
    assert done.returncode == 1
    assert "danh mục đơn vị khác" in done.stderr
    assert "Việc cần làm" in done.stderr
    registry.write_text(text.replace("Xã D", "Xã Đê", 1), "utf-8")  # a name alone is no other unit
    assert tthc("score", "2022", "--direct").returncode == 0
    toml = office / "reference" / "office.toml"
    toml.write_text(toml.read_text("utf-8") + 'rulebook = "tt-01-2018"\n', "utf-8")
    done = tthc("score", "2022", "--direct")
    assert done.returncode == 1
    assert "quy định khác nhau" in done.stderr


def test_altered_quarters_and_years_across_the_reform_are_refused(
    office: Path, year: dict[str, tuple], tthc: Tthc
) -> None:
    counts = office / "out" / "2022-Q2" / "r1" / "counts.csv"
    counts.write_bytes(counts.read_bytes().replace(b"resolved_late,", b"resolved_late, "))
    done = tthc("score", "2022", "--direct")
    assert done.returncode == 1
    assert "counts.csv" in done.stderr
    assert "tthc verify" in done.stderr
    done = tthc("score", "2025", "--direct", "--rulebook", "")
    assert done.returncode == 1
    assert "01/7/2025" in done.stderr
    assert "2025-H1" in done.stderr


@pytest.mark.parametrize("command", ["check", "forms", "layouts"])
def test_commands_on_files_refuse_a_year_and_say_where_it_is_made(office: Path, tthc: Tthc, command: str) -> None:
    done = tthc(command, "2022")
    assert done.returncode == 2
    assert "tthc score 2022" in done.stderr
    assert len(UNITS) == 4
