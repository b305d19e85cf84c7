"""Answers of a published quarter that rarely change, as entries of the next quarter's forms.

`carries_over` and `carried_roles` in reference/forms.toml tell which columns, fields and roles of documents these are.
The answers are read from the published tables of a revision, not from the raw files, which may have changed since.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.forms.catalogue import choice_names, form_catalogue
from pipeline.forms.labels import field_label
from pipeline.office_file import OFFICE_FILE
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from schemas.forms import FormColumn, FormSheet

Entry = str | int | float | dt.date
Entries = Sequence[Mapping[str, Entry]]
#: The published tables that answers are read from: code of the sheet that takes them -> file name.
CARRIED_TABLES: Mapping[str, str] = {
    "BS-01": "supplement.csv",
    "BS-03": "officer_scores.csv",
    "BS-04": "documents.csv",
    "BS-05": "report_fields.csv",
}
#: The column that names a row: code of the sheet -> key.
LEADING_COLUMNS: Mapping[str, str] = {"BS-01": "unit", "BS-03": "officer", "BS-04": "number", "BS-05": "field"}


@dataclass(frozen=True)
class CarriedOver:
    """The answers of one published quarter.

    `period`: the quarter. `entries`: code of a sheet -> its rows, each column key -> value. `lacking`: the tables that
    are missing or not understood.
    """

    period: Period
    entries: Mapping[str, Entries]
    lacking: tuple[str, ...]

    @property
    def cells(self) -> int:
        """How many cells of the forms they fill. A name that the blank form has already is not counted."""
        return sum(len(row) - (code in _PREPARED) for code, rows in self.entries.items() for row in rows)


#: Sheets whose blank form has the names of its rows already.
_PREPARED = ("BS-01", "BS-05")


def read_carried_over(
    files: Mapping[str, bytes], period: Period, index: UnitIndex, given: Collection[str] = ()
) -> CarriedOver:
    """The answers in the files of a revision of `period` (name -> bytes), for the quarter of `index`.

    Answers of units that do not exist in that quarter are left out, and what the office's own file gave then or gives
    now (`given`: fields of the report and roles of documents): it needs no confirmation.
    """
    readers = {"BS-01": _supplement, "BS-03": _officers, "BS-04": _documents, "BS-05": _fields}
    entries: dict[str, Entries] = {}
    lacking = []
    for code, name in CARRIED_TABLES.items():
        sheet = form_catalogue().sheet(code)
        table = _table(files.get(name))
        if sheet is None or table is None:
            lacking.append(name)
            continue
        try:
            rows = list(readers[code](_without_office(table, given), sheet, index))
        except (KeyError, ValueError):  # the table of another version has other columns or values
            lacking.append(name)
            continue
        if rows:
            entries[code] = rows
    return CarriedOver(period, entries, tuple(lacking))


def _without_office(table: list[dict[str, str]], given: Collection[str]) -> list[dict[str, str]]:
    return [
        line
        for line in table
        if line.get("source_file") != OFFICE_FILE and not {line.get("field"), line.get("role")} & set(given)
    ]


def carried_columns(sheet: FormSheet) -> list[FormColumn]:
    """The columns of a sheet whose answers carry over to the next quarter."""
    return [c for c in sheet.columns if c.carries_over]


def _table(data: bytes | None) -> list[dict[str, str]] | None:
    """The rows of a published CSV, all values as text; None for a missing or unreadable file."""
    if data is None:
        return None
    try:
        frame = pd.read_csv(io.BytesIO(data), dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except (ValueError, pd.errors.ParserError):
        return None
    return [{str(k): _unquoted(str(v)) for k, v in row.items()} for row in frame.to_dict("records")]


def _unquoted(text: str) -> str:
    """A text without the `'` that the published table puts before it, so that no spreadsheet takes it for a formula."""
    return text[1:] if text.startswith("'") and text[1:2] in ("=", "+", "-", "@", "\t", "\r") else text


def _supplement(table: list[dict[str, str]], sheet: FormSheet, index: UnitIndex) -> Iterator[Mapping[str, Entry]]:
    existing = set(index.current["unit_id"])
    rows: dict[str, dict[str, Entry]] = {}
    for line in table:
        column = next(
            (c for c in carried_columns(sheet) if c.feeds == line["item"] and line["part"] in ("", c.header)),
            None,
        )
        if column is None or line["unit_id"] not in existing:
            continue
        value: Entry = int(line["value"]) if column.kind == "count" else choice_names(column)[line["option"]]
        row = rows.setdefault(line["unit_id"], {"unit": index.names[line["unit_id"]]})
        row[column.key] = value
    yield from rows.values()


def _officers(table: list[dict[str, str]], _: FormSheet, index: UnitIndex) -> Iterator[Mapping[str, Entry]]:
    existing = set(index.current["unit_id"])
    for line in table:
        if line["unit_id"] in existing:
            row = {"officer": line["officer"], "unit": index.names[line["unit_id"]], "position": line["position"]}
            yield {k: v for k, v in row.items() if v}


def _documents(table: list[dict[str, str]], sheet: FormSheet, _: UnitIndex) -> Iterator[Mapping[str, Entry]]:
    for line in table:
        if line["role"] not in form_catalogue().carried_roles:
            continue
        row: dict[str, Entry] = {c.key: line[c.key] for c in carried_columns(sheet) if line[c.key]}
        row["role"] = form_catalogue().roles[line["role"]]
        if line["issued_on"]:
            row["issued_on"] = dt.date.fromisoformat(line["issued_on"])
        yield row


def _fields(table: list[dict[str, str]], _: FormSheet, index: UnitIndex) -> Iterator[Mapping[str, Entry]]:
    names = {index.levels[i]: index.names[i] for i in index.level_ids()}
    known = {f.key: f for f in form_catalogue().fields if f.carries_over}
    for line in table:
        key, _colon, level = line["field"].partition(":")
        field = known.get(key)
        if field is None or (field.per_level and level not in names):
            continue
        yield {"field": field_label(field, names[level] if field.per_level else ""), "value": line["value"]}
