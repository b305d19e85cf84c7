"""Answers of published quarters that rarely change, as entries of a later quarter's forms.

`carries_over` and `carried_roles` in reference/forms.toml tell which columns, fields and roles of documents these are.
The answers are read from the published tables of a revision, not from the raw files, which may have changed since. Each
sheet takes the answers of the newest quarter that has any for it: an office may publish a quarter without them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.forms.catalogue import choice_names, form_catalogue
from pipeline.forms.labels import field_label
from pipeline.office_file import OFFICE_FILE
from pipeline.periods import Period
from pipeline.publish.csv_tables import table_or_none
from pipeline.registry import UnitIndex
from schemas.forms import Form, FormColumn, FormSheet
from schemas.rulebook import Rulebook

Entry = str | int | float | dt.date
Entries = Sequence[Mapping[str, Entry]]
Line = Mapping[str, str]
#: The published tables that answers are read from: code of the sheet that takes them -> file name.
CARRIED_TABLES: Mapping[str, str] = {
    "BS-01": "supplement.csv",
    "BS-02": "criterion_scores.csv",
    "BS-03": "officer_scores.csv",
    "BS-04": "documents.csv",
    "BS-05": "report_fields.csv",
}
#: The columns that name a row: code of the sheet -> keys.
_LEADING_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "BS-01": ("unit",),
    "BS-02": ("unit", "criterion"),
    "BS-03": ("officer",),
    "BS-04": ("number",),
    "BS-05": ("field",),
}
#: Sheets whose blank form has the names of its rows already.
_PREPARED = ("BS-01", "BS-05")
#: A reason of a direct assessment with its source, as the reader of the form puts them together.
_WITH_SOURCE = re.compile(r"(?=.*\)\Z)(.+) \(nguồn: (.+)\)", re.DOTALL)
#: "quý I năm 2022", "quý 1/2022", "2022-Q1"; "Q1" alone may be a district
_QUARTER = re.compile(r"\bquý (?:IV|I{1,3}|[1-4])\b(?:[ ,/-]*(?:năm )?\d{4})?|\b\d{4}-Q[1-4]\b", re.IGNORECASE)


@dataclass(frozen=True)
class QuarterAnswers:
    """The answers of one published quarter.

    `entries`: code of a sheet -> its rows, each column key -> value; sheets without any are left out. `lacking`: the
    tables that are missing or not understood. `gone`: names of units with answers that do not exist any more.
    """

    period: Period
    entries: Mapping[str, Entries]
    lacking: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def cells(self, code: str) -> int:
        """How many cells of a sheet they fill. A name that the blank form has already is not counted."""
        return sum(len(row) - (code in _PREPARED) for row in self.entries.get(code, ()))


@dataclass(frozen=True)
class CarriedOver:
    """The answers that fill in a quarter's forms: code of a sheet -> the quarter they are of, and its rows."""

    sheets: Mapping[str, tuple[Period, Entries]]

    def within(self, form: Form) -> CarriedOver:
        """The answers for which a form has a sheet and a column: another rulebook may need others."""
        keys = {sheet.code: {column.key for column in sheet.columns} for sheet in form.sheets}
        named = {"unit", "field"}
        kept = {
            code: (period, [{k: v for k, v in entry.items() if k in keys[code]} for entry in entries])
            for code, (period, entries) in self.sheets.items()
            if code in keys
        }
        filled = {code: (p, [e for e in entries if e.keys() - named]) for code, (p, entries) in kept.items()}
        return CarriedOver({code: (period, entries) for code, (period, entries) in filled.items() if entries})

    def remarks(self, unit: str) -> dict[str, str]:
        """The figures of a unit (its name) in words: column key -> `Theo 2022-Q1: 36.` Vietnamese."""
        period, entries = self.sheets.get("BS-01", (None, ()))
        found = next((entry for entry in entries if entry["unit"] == unit), {})
        return {key: f"Theo {period}: {value}." for key, value in found.items() if key != "unit"}


NOTHING_CARRIED = CarriedOver({})


def carried_over(quarters: Sequence[QuarterAnswers]) -> CarriedOver:
    """For each sheet the answers of the first of `quarters` (newest first) that has any."""
    sheets: dict[str, tuple[Period, Entries]] = {}
    for quarter in quarters:
        for code, entries in quarter.entries.items():
            sheets.setdefault(code, (quarter.period, entries))
    return CarriedOver({code: sheets[code] for code in CARRIED_TABLES if code in sheets})


def read_answers(
    files: Mapping[str, bytes],
    period: Period,
    index: UnitIndex,
    rulebook: Rulebook | None = None,
    stated: Collection[str] = (),
) -> QuarterAnswers:
    """The answers in the files of a revision of `period` (name -> bytes), for the quarter of `index`.

    `rulebook`: the one that the revision was scored by, if it applies to the quarter of `index` too; else None, and no
    direct assessment is taken. `stated`: the report fields and roles of documents that the office's own file states;
    they are used from there. Answers of units that do not exist in that quarter are left out.
    """
    entries: dict[str, Entries] = {}
    lacking: list[str] = []
    gone: dict[str, None] = {}
    for code, name in CARRIED_TABLES.items():
        sheet = form_catalogue().sheet(code)
        table = _table(files.get(name))
        if sheet is None or table is None:
            lacking.append(name)
            continue
        target = _Target(sheet, index, rulebook, frozenset(stated))
        try:
            lines = [line for line in table if _wanted(code, line)]
            rows = list(_READERS[code](lines, target))
            gone |= dict.fromkeys(line["unit_id"] for line in lines if line.get("unit_id") not in (None, *target.units))
        except (KeyError, ValueError):  # the table of another version has other columns or values
            lacking.append(name)
            continue
        if rows:
            entries[code] = rows
    return QuarterAnswers(period, entries, tuple(lacking), tuple(index.names.get(unit, unit) for unit in gone))


def carried_columns(sheet: FormSheet) -> list[FormColumn]:
    """The columns of a sheet whose answers carry over to a later quarter."""
    return [c for c in sheet.columns if c.carries_over]


def row_name(code: str, texts: Mapping[str, str]) -> str:
    """The name of a row of the sheet with that code. `texts`: column key -> text of the row's cell."""
    return " – ".join(texts.get(key, "") for key in _LEADING_COLUMNS.get(code, ()))


def named_quarter(text: str) -> str:
    """The first quarter that a text names, as written: `quý I năm 2022`; "" for none."""
    found = _QUARTER.search(text)
    return found[0] if found else ""


@dataclass(frozen=True)
class _Target:
    """Where answers go: the sheet, and the other arguments of `read_answers`."""

    sheet: FormSheet
    index: UnitIndex
    rulebook: Rulebook | None
    stated: frozenset[str]

    @property
    def units(self) -> frozenset[str]:
        """The ids of the units and levels of the quarter."""
        return frozenset(self.index.current["unit_id"])


def _table(data: bytes | None) -> list[dict[str, str]] | None:
    """The rows of a published CSV, all values as text; None for a missing or unreadable file."""
    frame = table_or_none(data)
    return None if frame is None else [{str(k): str(v) for k, v in row.items()} for row in frame.to_dict("records")]


def _wanted(code: str, line: Line) -> bool:
    """Whether a line of a published table is an answer that carries over, of whatever unit. Raises KeyError.

    What the office's own file gave then is no answer: the file gives it again, in its present words.
    """
    if line.get("source_file") == OFFICE_FILE:
        return False
    sheet = form_catalogue().sheet(code)
    if code == "BS-01":
        return sheet is not None and _column_of(sheet, line) is not None
    if code == "BS-02":
        return line["basis"] == "assessed"
    return code != "BS-04" or line["role"] in form_catalogue().carried_roles


def _column_of(sheet: FormSheet, line: Line) -> FormColumn | None:
    """The carried column that a line of supplement.csv belongs to."""
    columns = carried_columns(sheet)
    return next((c for c in columns if c.feeds == line["item"] and line["part"] in ("", c.header)), None)


def _supplement(lines: Sequence[Line], target: _Target) -> Iterator[Mapping[str, Entry]]:
    rows: dict[str, dict[str, Entry]] = {}
    for line in lines:
        column = _column_of(target.sheet, line)
        if column is None or line["unit_id"] not in target.units:
            continue
        value: Entry = int(line["value"]) if column.kind == "count" else choice_names(column)[line["option"]]
        row = rows.setdefault(line["unit_id"], {"unit": target.index.names[line["unit_id"]]})
        row[column.key] = value
    yield from rows.values()


def _assessments(lines: Sequence[Line], target: _Target) -> Iterator[Mapping[str, Entry]]:
    criteria = {c.id: c for c in target.rulebook.criteria} if target.rulebook else {}
    for line in lines:
        unit, criterion = line["unit_id"], criteria.get(line["criterion"])
        if target.rulebook is None or criterion is None or unit not in target.units:
            continue
        if line["option"] not in {o.id for o in criterion.lines_at(target.index.levels[unit])}:
            continue
        with_source = _WITH_SOURCE.fullmatch(line["explanation"])
        reason, source = with_source.groups() if with_source else (line["explanation"], "")
        row = {
            "unit": target.index.names[unit],
            "rulebook": target.rulebook.id,
            "criterion": criterion.label,
            "option": line["option"],
            "reason": reason,
            "source": source,
        }
        yield {k: v for k, v in row.items() if v}


def _officers(lines: Sequence[Line], target: _Target) -> Iterator[Mapping[str, Entry]]:
    for line in lines:
        unit = line["unit_id"]
        if unit in target.units:
            row = {"officer": line["officer"], "unit": target.index.names[unit], "position": line["position"]}
            yield {k: v for k, v in row.items() if v}


def _documents(lines: Sequence[Line], target: _Target) -> Iterator[Mapping[str, Entry]]:
    for line in lines:
        if line["role"] in target.stated:
            continue
        row: dict[str, Entry] = {c.key: line[c.key] for c in carried_columns(target.sheet) if line[c.key]}
        row["role"] = form_catalogue().roles[line["role"]]
        if line["issued_on"]:
            row["issued_on"] = dt.date.fromisoformat(line["issued_on"])
        yield row


def _fields(lines: Sequence[Line], target: _Target) -> Iterator[Mapping[str, Entry]]:
    index = target.index
    names = {index.levels[i]: index.names[i] for i in index.level_ids()}
    known = {f.key: f for f in form_catalogue().fields if f.carries_over}
    for line in lines:
        key, _colon, level = line["field"].partition(":")
        field = known.get(key)
        if field is None or line["field"] in target.stated or (field.per_level and level not in names):
            continue
        yield {"field": field_label(field, names[level] if field.per_level else ""), "value": line["value"]}


_READERS: Mapping[str, Callable[[Sequence[Line], _Target], Iterator[Mapping[str, Entry]]]] = {
    "BS-01": _supplement,
    "BS-02": _assessments,
    "BS-03": _officers,
    "BS-04": _documents,
    "BS-05": _fields,
}
