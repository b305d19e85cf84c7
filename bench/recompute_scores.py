"""Scores random cities twice and compares every figure: `python -m bench.recompute_scores [cities] [--seed N]`.

Once the program does it, from the bytes of the files to the files of a revision; once `scores_by_law` does it, in
fractions. Compared are counts, criteria, totals, averages, classes, ranks, levels and officers in the CSV tables, and
the table of results in the workbook and in the report. Exit status 1: a figure differs.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import openpyxl

from bench.made_cities import PERIOD, City, made_city
from bench.scores_by_law import (
    BY_DOSSIER,
    BY_LAW,
    BY_REPORT,
    LOCAL,
    NATIONAL,
    OF_OFFICERS,
    ORDER,
    Facts,
    Points,
    class_by,
    criteria,
    facts,
    half_up,
    level_facts,
)
from pipeline import quarter
from pipeline.result import Stamp
from pipeline.rulebooks import choose

PLACES = {LOCAL: 2, NATIONAL: 1}
Key = tuple[str, str, str, str]  # file, unit, criterion or "", column


# --- every figure of a revision ---------------------------------------------------------------------------------------


def status(f: Facts) -> str:
    """What is scored of an office with these counts."""
    if not f:
        return "missing"
    return "scored" if f["resolved_total"] else "no_resolved" if f["received_total"] else "no_dossiers"


def expected(city: City, book: str) -> dict[Key, Any]:
    """Every figure of the revision under a rulebook, by file, unit, criterion and column. None: blank."""
    of_levels = {level.id: level_facts(level, city.units) for level in city.levels}
    found: dict[Key, Any] = {}
    for office in (*city.levels, *city.units):
        for measure, value in office.counts.items():
            found["counts.csv", office.id, measure, "value"] = Fraction(value)
        is_level = office in city.levels
        f = of_levels[office.id] if is_level else facts(office)
        scored = status(f) in ("scored", "no_resolved")
        exact = criteria(f, of_levels[office.level], office.level, book) if scored else {}
        for c, points in exact.items():
            values = {"counted": str(points is not None).lower(), "ratio": points, "score": added(points, book)}
            values["printed"] = None if points is None else half_up(points, PLACES[book])
            found |= {("criterion_scores.csv", office.id, c, k): v for k, v in values.items()}
        row = totals(status(f), exact, book)
        if not is_level:
            row["class_printed"] = row["class_local"] if book == LOCAL else row["class_law"]
        table = "level_scores.csv" if is_level else "unit_scores.csv"
        found |= {(table, office.id, "", column): value for column, value in row.items()}
    found |= ranks(city, found)
    for officer in city.officers:
        score = found["unit_scores.csv", officer.unit, "", "officer_average"]
        score = Fraction(officer.score.replace(",", ".")) if officer.score else score
        found["officer_scores.csv", officer.unit, "", "score"] = score
        found["officer_scores.csv", officer.unit, "", "class_law"] = class_by(OF_OFFICERS, score)
    return found | printed_tables(city, book, found)


def added(points: Points, book: str) -> Points:
    """What a criterion adds to the total: the exact points, or rounded to one decimal (art. 15.2a)."""
    return points if points is None or book == LOCAL else half_up(points, 1)


def totals(state: str, exact: Mapping[str, Points], book: str) -> dict[str, Any]:
    """The row of a unit or level: total, average of the officers, their maxima and the classes."""
    row: dict[str, Any] = dict.fromkeys(("total", "total_max", "officer_average", "officer_average_max"))
    for name, which in (("total", exact), ("officer_average", BY_DOSSIER)) if exact else ():
        some = [p for c in which if (p := added(exact[c], book)) is not None]
        row[name] = half_up(sum(some, Fraction(0)), PLACES[book]) if some else None
        row[f"{name}_max"] = Fraction(2 * len(some)) if name == "total" or some else None
    scored = state == "scored"
    row["class_law"] = class_by(BY_LAW, row["total"]) if scored else ""
    row["class_local"] = class_by(BY_REPORT, row["officer_average"]) if scored and book == LOCAL else ""
    return {"status": state, **row}


def ranks(city: City, found: Mapping[Key, Any]) -> dict[Key, Any]:
    """The rank of each scored unit within its level by the printed total: 1-1-3."""
    row = {u.id: {k: found["unit_scores.csv", u.id, "", k] for k in ("status", "total")} for u in city.units}
    ranked: dict[Key, Any] = {("unit_scores.csv", u.id, "", "rank"): None for u in city.units}
    for unit in (u for u in city.units if row[u.id]["status"] == "scored"):
        others = [row[u.id] for u in city.units if u.level == unit.level and row[u.id]["status"] == "scored"]
        above = sum(1 for other in others if other["total"] > row[unit.id]["total"])
        ranked["unit_scores.csv", unit.id, "", "rank"] = Fraction(above + 1)
    return ranked


def printed_tables(city: City, book: str, found: Mapping[Key, Any]) -> dict[Key, Any]:
    """The same figures as the table of results shows them, in the workbook and in the report."""
    shown: dict[Key, Any] = {}
    for unit in city.units:
        if found["unit_scores.csv", unit.id, "", "total"] is None:
            continue
        for file in ("cham-diem.xlsx", "bao-cao.md"):
            shown |= {
                (file, unit.id, c, "printed"): found["criterion_scores.csv", unit.id, c, "printed"] for c in ORDER[book]
            }
            for column in ("total", "officer_average", "class_printed"):
                shown[file, unit.id, "", column] = found["unit_scores.csv", unit.id, "", column]
        for column in ("rank", "total", "officer_average", "class_printed") if unit_is_ranked(found, unit.id) else ():
            shown["doi-chieu.xlsx", unit.id, "", column] = found["unit_scores.csv", unit.id, "", column]
    return shown


def unit_is_ranked(found: Mapping[Key, Any], unit: str) -> bool:
    """Whether the sheet of ranks has a row for the unit."""
    return found["unit_scores.csv", unit, "", "rank"] is not None


# --- what is published ------------------------------------------------------------------------------------------------


def published(city: City, book: str, files: Mapping[str, bytes]) -> dict[Key, str]:
    """The figures of a revision as written, by the same keys as `expected`."""
    found: dict[Key, str] = {}
    for name in ("counts", "criterion_scores", "unit_scores", "level_scores", "officer_scores"):
        for row in csv.DictReader(io.StringIO(files[f"{name}.csv"].decode("utf-8-sig"))):
            of = row.get("criterion", row.get("measure", ""))
            if name == "criterion_scores":
                row["ratio"] = f"{row['numerator']}/{row['denominator']}".strip("/")
            found |= {(f"{name}.csv", row["unit_id"], of, column): value for column, value in row.items()}
    found |= result_table(city, book, "cham-diem.xlsx", sheet_texts(files["cham-diem.xlsx"], "Tổng hợp"))
    found |= rank_table(city, sheet_texts(files["doi-chieu.xlsx"], "Xếp hạng"))
    report = files["bao-cao.md"].decode().split("## Kết quả đánh giá, xếp loại")[1].split("\n## ")[0]
    lines = [line.strip("|").split("|") for line in report.splitlines() if "|" in line]
    found |= result_table(city, book, "bao-cao.md", [[v.strip() for v in line] for line in lines])
    return found


def sheet_texts(workbook: bytes, name: str) -> list[list[str]]:
    """The cells of a sheet as texts, row by row."""
    sheet = openpyxl.load_workbook(io.BytesIO(workbook))[name]
    return [["" if v is None else str(v) for v in row] for row in sheet.iter_rows(values_only=True)]


def rank_table(city: City, rows: list[list[str]]) -> dict[Key, str]:
    """The figures of the sheet of ranks: level, rank, unit, total, maximum, average, class."""
    ids = {u.name: u.id for u in city.units}
    columns = {1: "rank", 3: "total", 5: "officer_average", 6: "class_printed"}
    return {("doi-chieu.xlsx", ids[r[2]], "", name): r[n] for r in rows if r[2] in ids for n, name in columns.items()}


def result_table(city: City, book: str, file: str, rows: list[list[str]]) -> dict[Key, str]:
    """The figures in the rows of units; the columns by their headings, which may stand in two rows."""
    ids = {u.name: u.id for u in city.units}
    titles = {"TỔNG ĐIỂM": "total", "ĐTB": "officer_average", "PHÂN LOẠI": "class_printed"}
    heads = [(n, text) for row in rows if row[0] in ("STT", "") for n, text in enumerate(row)]
    columns = {n: ("", name) for n, text in heads for title, name in titles.items() if text.upper().startswith(title)}
    numbers = [n for n, text in heads if re.fullmatch(r"(Tiêu chí |CS|Chỉ số )\d", text)]
    columns |= {n: (c, "printed") for n, c in zip(numbers, ORDER[book], strict=True)}
    units = [row for row in rows if re.fullmatch(r"\d+", row[0]) and row[1] in ids]
    # "13/16": the total, and the maximum where it is reduced
    return {(file, ids[row[1]], *columns[n]): row[n].split("/")[0] for row in units for n in columns}


@dataclass(frozen=True)
class Difference:
    """One figure that is published otherwise than it is computed here."""

    seed: int
    book: str
    key: Key
    published: str
    recomputed: str

    def __str__(self) -> str:
        where = " ".join(part for part in self.key if part)
        return f"city {self.seed}, {self.book}, {where}: published {self.published!r}, recomputed {self.recomputed!r}"


def same(written: str, value: Any) -> bool:
    """Whether a written figure is this value. Unrounded scores are written with ten decimals."""
    if not isinstance(value, Fraction):
        return written in (value or "", "" if value else "–")
    try:
        return abs(Fraction(written.replace(",", ".")) - value) <= Fraction(1, 10**10)
    except ValueError:
        return False


def compare(city: City, book: str, files: Mapping[str, bytes]) -> tuple[int, list[Difference]]:
    """How many figures were compared, and those that differ. A figure too many or too few is a difference."""
    computed, written = expected(city, book), published(city, book, files)
    figures = ("value", "ratio", "printed", "total", "officer_average", "rank")
    more = {k for k, v in written.items() if k not in computed and k[3] in figures and re.match(r"\d", v)}
    wrong = [k for k in computed if not same(written.get(k, "nothing"), computed[k])]
    texts = {k: "" if computed[k] is None else str(computed[k]) for k in wrong} | dict.fromkeys(more, "nothing")
    return len(computed), [Difference(city.seed, book, k, written.get(k, "nothing"), texts[k]) for k in sorted(texts)]


def revisions(city: City) -> Iterator[tuple[str, dict[str, bytes]]]:
    """The files of the revision that the program makes of a city, by each rulebook."""
    checked = quarter.check(quarter.read_period(PERIOD, city.files, city.registry))
    for book in ORDER:
        yield book, quarter.render(quarter.score(checked, choose(PERIOD, book)), Stamp("r1"))


def main() -> int:
    """Compare the cities and print what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cities", type=int, nargs="?", default=60)
    parser.add_argument("--seed", type=int, default=1, help="of the first city")
    asked = parser.parse_args()
    compared, wrong = 0, 0
    for seed in range(asked.seed, asked.seed + asked.cities):
        city = made_city(seed)
        for book, files in revisions(city):
            count, differences = compare(city, book, files)
            compared, wrong = compared + count, wrong + len(differences)
            for difference in differences:
                print(difference, flush=True)
    print(f"{asked.cities} cities, {compared} figures compared, {wrong} differences")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
