"""Every published figure is the one that `bench/recompute_scores.py` computes in fractions; a wrong one is reported."""

import csv
import io
import re
from functools import cache

import openpyxl
import pytest

from bench.made_cities import City, made_city
from bench.recompute_scores import compare, revisions
from bench.scores_by_law import LOCAL, NATIONAL

SEEDS = (2, 5, 11)


@cache
def published(seed: int) -> tuple[City, dict[str, dict[str, bytes]]]:
    city = made_city(seed)
    return city, dict(revisions(city))


@pytest.mark.parametrize("book", [LOCAL, NATIONAL])
@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_is_recomputed(seed: int, book: str) -> None:
    city, files = published(seed)
    compared, differences = compare(city, book, files[book])
    assert compared > 100
    assert [str(d) for d in differences] == []


def changed_cell(data: bytes, table_column: str) -> tuple[bytes, str]:
    """A CSV table with its first number above 0 in a column made one more, and the unit of the row."""
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    row = next(r for r in rows if re.fullmatch(r"[1-9][\d.]*", r[table_column]))
    row[table_column] = str(float(row[table_column]) + 0.01)
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig"), row["unit_id"]


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("counts.csv", "value"),
        ("criterion_scores.csv", "score"),
        ("criterion_scores.csv", "printed"),
        ("unit_scores.csv", "total"),
        ("unit_scores.csv", "officer_average"),
        ("unit_scores.csv", "rank"),
        ("level_scores.csv", "total"),
        ("officer_scores.csv", "score"),
    ],
)
def test_one_wrong_number_is_one_difference(file: str, column: str) -> None:
    city, files = published(SEEDS[0])
    wrong, unit = changed_cell(files[LOCAL][file], column)
    _, differences = compare(city, LOCAL, files[LOCAL] | {file: wrong})
    assert [(d.key[0], d.key[1], d.key[3]) for d in differences] == [(file, unit, column)]
    assert str(differences[0]).startswith(f"city {SEEDS[0]}, {LOCAL}, {file} {unit}")


def test_a_wrong_class_in_a_table_is_a_difference() -> None:
    city, files = published(SEEDS[0])
    wrong = re.sub(rb",[^,]+,law,", ",Kém,law,".encode(), files[NATIONAL]["unit_scores.csv"], count=1)
    assert wrong != files[NATIONAL]["unit_scores.csv"]
    _, differences = compare(city, NATIONAL, files[NATIONAL] | {"unit_scores.csv": wrong})
    assert [d.key[3] for d in differences] == ["class_printed"]


def test_wrong_numbers_of_workbook_and_report_are_differences() -> None:
    city, files = published(SEEDS[0])
    book = openpyxl.load_workbook(io.BytesIO(files[LOCAL]["cham-diem.xlsx"]))
    names = {u.name for u in city.units}
    sheet = book["Tổng hợp"]
    row = next(r for r in sheet.iter_rows() if r[1].value in names and isinstance(r[2].value, int | float))
    row[2].value += 0.01
    out = io.BytesIO()
    book.save(out)
    lines = files[LOCAL]["bao-cao.md"].decode().splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith(f"| {row[0].value} | {row[1].value} |"))
    cells = lines[at].split("|")
    cells[3] = " 0,07 "
    lines[at] = "|".join(cells)
    changed = {"cham-diem.xlsx": out.getvalue(), "bao-cao.md": "\n".join(lines).encode()}
    _, differences = compare(city, LOCAL, files[LOCAL] | changed)
    assert [d.key[0] for d in differences] == ["bao-cao.md", "cham-diem.xlsx"]
    assert {d.key[2:] for d in differences} == {("total_time", "printed")}


def test_a_row_that_is_missing_or_too_many_is_a_difference() -> None:
    city, files = published(SEEDS[0])
    lines = files[LOCAL]["criterion_scores.csv"].splitlines(keepends=True)
    without = b"".join([*lines[:5], *lines[6:]])
    _, differences = compare(city, LOCAL, files[LOCAL] | {"criterion_scores.csv": without})
    assert {d.published for d in differences} == {"nothing"}
    more = b"".join([*lines, lines[5].replace(lines[5].split(b",")[0], b"xa-99", 1)])
    _, differences = compare(city, LOCAL, files[LOCAL] | {"criterion_scores.csv": more})
    assert {(d.key[1], d.recomputed) for d in differences} == {("xa-99", "nothing")}
