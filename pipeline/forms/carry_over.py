"""What rarely changes from quarter to quarter: answers of a published revision as entries of the next quarter's form.

Which columns, fields and roles of documents: `carries_over` and `carried_roles` in reference/forms.toml. Read from the
tables of the revision, never from the folder of raw files: a form may have been edited since.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.forms.catalogue import forms, vocabulary
from pipeline.forms.wording import field_label
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from schemas.forms import FormColumn, FormSheet

Entry = str | int | float | dt.date
Entries = Sequence[Mapping[str, Entry]]
#: Tables of a revision that answers are read from, by the sheet they go to.
TABLES: Mapping[str, str] = {
    "BS-01": "supplement.csv",
    "BS-03": "officer_scores.csv",
    "BS-04": "documents.csv",
    "BS-05": "report_fields.csv",
}
#: The column that names a row of each sheet.
LEADS: Mapping[str, str] = {"BS-01": "unit", "BS-03": "officer", "BS-04": "number", "BS-05": "field"}


@dataclass(frozen=True)
class CarriedOver:
    """Answers of a quarter before. `entries`: sheet code -> rows of column key -> value; `lacking`: files not there."""

    period: Period
    entries: Mapping[str, Entries]
    lacking: tuple[str, ...]

    @property
    def cells(self) -> int:
        """How many cells they fill; names that the form has anyway are not counted."""
        return sum(len(row) - (code in _PREPARED) for code, rows in self.entries.items() for row in rows)


#: Sheets whose rows the blank form has already.
_PREPARED = ("BS-01", "BS-05")


def carried_over(files: Mapping[str, bytes], period: Period, index: UnitIndex) -> CarriedOver:
    """Answers for the quarter of `index` from the files of a revision of `period`; without units that are no more."""
    readers = {"BS-01": _supplement, "BS-03": _officers, "BS-04": _documents, "BS-05": _fields}
    entries: dict[str, Entries] = {}
    lacking = []
    for code, name in TABLES.items():
        sheet = forms().sheet(code)
        table = _table(files.get(name))
        if sheet is None or table is None:
            lacking.append(name)
            continue
        try:
            rows = list(readers[code](table, sheet, index))
        except (KeyError, ValueError):  # columns or values of another version
            lacking.append(name)
            continue
        if rows:
            entries[code] = rows
    return CarriedOver(period, entries, tuple(lacking))


def carried(sheet: FormSheet) -> list[FormColumn]:
    """The columns of a sheet that carry over."""
    return [c for c in sheet.columns if c.carries_over]


def _table(data: bytes | None) -> list[dict[str, str]] | None:
    """Rows of a published CSV as texts; None where it cannot be read."""
    if data is None:
        return None
    try:
        frame = pd.read_csv(io.BytesIO(data), dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except (ValueError, pd.errors.ParserError):
        return None
    return [{str(k): _unquoted(str(v)) for k, v in row.items()} for row in frame.to_dict("records")]


def _unquoted(text: str) -> str:
    """Without the `'` that keeps a spreadsheet from running a text."""
    return text[1:] if text.startswith("'") and text[1:2] in ("=", "+", "-", "@", "\t", "\r") else text


def _supplement(table: list[dict[str, str]], sheet: FormSheet, index: UnitIndex) -> Iterator[Mapping[str, Entry]]:
    existing = set(index.current["unit_id"])
    rows: dict[str, dict[str, Entry]] = {}
    for line in table:
        column = next(
            (c for c in carried(sheet) if c.feeds == line["item"] and line["part"] in ("", c.header)),
            None,
        )
        if column is None or line["unit_id"] not in existing:
            continue
        value: Entry = int(line["value"]) if column.kind == "count" else vocabulary(column)[line["option"]]
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
        if line["role"] not in forms().carried_roles:
            continue
        row: dict[str, Entry] = {c.key: line[c.key] for c in carried(sheet) if line[c.key]}
        row["role"] = forms().roles[line["role"]]
        if line["issued_on"]:
            row["issued_on"] = dt.date.fromisoformat(line["issued_on"])
        yield row


def _fields(table: list[dict[str, str]], _: FormSheet, index: UnitIndex) -> Iterator[Mapping[str, Entry]]:
    names = {index.levels[i]: index.names[i] for i in index.level_ids()}
    known = {f.key: f for f in forms().fields if f.carries_over}
    for line in table:
        key, _colon, level = line["field"].partition(":")
        field = known.get(key)
        if field is None or (field.per_level and level not in names):
            continue
        yield {"field": field_label(field, names[level] if field.per_level else ""), "value": line["value"]}
