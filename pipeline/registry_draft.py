"""Drafts the registry of units of a new office from its exports: names, sections as levels, the order of the rows.

The readers of count tables and dossier lists find the names; this module decides which of them are units. A draft is
for a person to look through: what was left out is part of it, with the reason.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipeline.extract.count_tables.count_matrix import read_matrix
from pipeline.extract.count_tables.rows import Row, last_counted, ordinal, rank
from pipeline.extract.count_tables.sum_rows import SumRows, find_sum_rows
from pipeline.extract.count_tables.tables import CountTable, find_tables
from pipeline.extract.dossier_lists.read_list import DossierList, read_dossiers
from pipeline.extract.forms.form_table import recognise_form
from pipeline.extract.forms.layout_answers import is_question_sheet
from pipeline.extract.sheet.grid import Grid
from pipeline.extract.wording.accents import with_accents
from pipeline.extract.wording.title_offices import reporter_name
from pipeline.extract.wording.title_periods import title_period
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.findings import Finding, Place
from pipeline.periods import Period
from pipeline.publish.csv_cells import csv_text
from pipeline.registry import ORDINAL_PREFIX, UnitIndex, name_key
from pipeline.registry_table import COLUMNS
from pipeline.shown_text import general
from pipeline.text import fold, nfc, without_diacritics
from schemas.frames import Registry

#: why a row is left out that holds the sum of all units, without a word for a total: its name is another name of the
#: upper level, as which the reader of tables takes it for a total
SUM_ROW: Final = "dòng cộng mọi đơn vị"
#: why a row of a level is left out: its name is another name of the level
LEVEL_ROW: Final = "dòng của cấp"
#: why a name in a list is left out that has words or numbers which a person may have
NO_OFFICE: Final = "có chữ hoặc số có thể là của một người; nếu đúng là đơn vị thì tự thêm vào danh mục"
#: a period is needed to read a sheet; the names do not depend on it
_ANY_PERIOD: Final = Period(2022, 1)
#: a commune: "Xã A", "UBND phường B"
_COMMUNE: Final = re.compile(r"^(?:ubnd|[uủ][ỷy] ban nhân dân)? ?(?:xã|phường|thị trấn|đặc khu|x\.|p\.|tt\.) ?\w")
#: a heading over communes: "Khối xã, phường", "UBND các xã"; not "Phòng, ban thị xã"
_OF_COMMUNES: Final = re.compile(r"\b(?:(?<!thị )xã|phường|thị trấn)\b")
#: words with which the name of an office begins
_OFFICE: Final = re.compile(
    r"^(?:phòng|ban|trung tâm|chi nhánh|chi cục|đội|sở|văn phòng|thanh tra|ubnd|[uủ][ỷy] ban|cơ quan|kho bạc|hạt|"
    r"công an|bảo hiểm)\s"
)
#: the name of a row that holds the numbers of a level: "Cấp xã, phường", "Khối phòng, ban", "UBND các xã"
_LEVEL_ROW: Final = re.compile(r"^(?:ubnd )?(?:cấp|khối|các)\s")
#: words of a heading over several offices
_SECTION: Final = re.compile(r"\b(?:khối|các|cấp|nhóm)\b")
_COMMITTEE: Final = re.compile(r"^(?:UBND|[UỦ][ỶY] BAN NHÂN DÂN|[Uu]ỷ ban nhân dân|[Ủủ]y ban nhân dân) ", re.IGNORECASE)
#: days between the first and the last day of a quarter, at least and at most
_QUARTER_DAYS: Final = (80, 100)
_NO_SLUG: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class DraftLevel:
    """A level of the registry. `communes`: its units are communes; the other level takes every other office."""

    id: str
    name: str
    communes: bool


def is_of_communes(words: str) -> bool:
    """Whether the name of a level or of a section speaks of communes."""
    return bool(_OF_COMMUNES.search(fold(words)))


@dataclass(frozen=True)
class DraftUnit:
    """A unit of the draft, where its name was found, and the section of the table that it stands in ("" for none)."""

    name: str
    place: Place
    section: str = ""


@dataclass(frozen=True)
class LeftOut:
    """A name that is no unit of the draft. `why`: Vietnamese."""

    name: str
    place: Place
    why: str


@dataclass(frozen=True)
class RegistryDraft:
    """The units that the exports name, in their order, and what was left out. `periods`: quarters that titles name."""

    units: tuple[DraftUnit, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    periods: tuple[Period, ...] = ()


def draft_registry(grids: Iterable[Grid], vocabulary: Vocabulary, office: str = "") -> RegistryDraft:
    """The units named in sheets. `office`: the name of the office itself, which is no unit."""
    nobody = UnitIndex(pd.DataFrame(columns=COLUMNS, dtype="str").pipe(Registry.validate), _ANY_PERIOD)
    units: dict[str, DraftUnit] = {}
    left_out: dict[str, LeftOut] = {}
    periods: dict[Period, None] = {}
    for grid in grids:
        if recognise_form(grid) is not None or is_question_sheet(grid):
            continue
        found, left, titles = _of_sheet(with_accents(grid, vocabulary), vocabulary, nobody)
        period = _quarter_of(titles)
        if period is not None:
            periods.setdefault(period)
        for unit in found:
            key = name_key(unit.name)
            if office and key == name_key(office):
                left_out.setdefault(key, LeftOut(unit.name, unit.place, "tên của chính văn phòng"))
            else:
                units.setdefault(key, unit)
        for other in left:
            left_out.setdefault(name_key(other.name), other)
    return RegistryDraft(
        tuple(units.values()), tuple(o for key, o in left_out.items() if key not in units), tuple(periods)
    )


def _quarter_of(titles: Sequence[str]) -> Period | None:
    """The quarter that titles name, by its last day; None where they name none, or another span of time."""
    named = title_period(titles)
    if named is None or not _QUARTER_DAYS[0] <= (named.end - named.start).days <= _QUARTER_DAYS[1]:
        return None
    return Period(named.end.year, (named.end.month - 1) // 3 + 1)


def _of_sheet(
    grid: Grid, vocabulary: Vocabulary, nobody: UnitIndex
) -> tuple[list[DraftUnit], list[LeftOut], Sequence[str]]:
    """(units, left out, titles) of one sheet."""
    listed = read_dossiers(grid, vocabulary, nobody)
    if listed is not None:
        return (*_of_list(listed.found, grid), listed.found.titles) if listed.found else ([], [], ())
    tables = find_tables(grid, vocabulary)
    if isinstance(tables, Finding):
        return [], [], ()
    units: list[DraftUnit] = []
    left: list[LeftOut] = []
    titles: list[str] = []
    for table in tables:
        more, less = _of_table(table, nobody)
        units += more
        left += less
        titles += table.titles
    return units, left, titles


def _of_list(found: DossierList, grid: Grid) -> tuple[list[DraftUnit], list[LeftOut]]:
    """(units, left out) of a dossier list, each where it is named first. A column of offices can hold persons."""
    firsts = found.frame.loc[found.frame["unit"] != ""].drop_duplicates("unit")
    units: list[DraftUnit] = []
    left: list[LeftOut] = []
    for name, row in zip(map(_clean, firsts["unit"]), firsts["row"].tolist(), strict=True):
        place = grid.place_of(f"{row}:{row}")
        if shown_name(name) == name:
            units.append(DraftUnit(name, place))
        else:
            left.append(LeftOut(name, place, NO_OFFICE))
    return units, left


def shown_name(name: str) -> str:
    """A name of a draft as it may be printed: whole if its words are known or name a place or an office."""
    return general().sentence(f"“{name}”", places=True).removeprefix("“").removesuffix("”")


def _of_table(table: CountTable, nobody: UnitIndex) -> tuple[list[DraftUnit], list[LeftOut]]:
    if table.names_fields and not _names_offices(table):  # rows are fields of work: the unit is the office that reports
        name = reporter_name(table.titles)
        return ([DraftUnit(_clean(name), table.grid.place_of(table.header_rows))] if name else []), []
    matrix = read_matrix(table)
    resolved = {r.index: nobody.resolve_row(r.name) for r in table.rows if r.kind != "total"}
    sums = find_sum_rows(table, matrix, resolved, nobody)
    by_numbers = _totals_by_numbers(table, sums)
    found: list[tuple[DraftUnit, int | None]] = []
    left: list[LeftOut] = []
    section = ""
    for position, row in enumerate(table.rows):
        place, name = table.grid.place(row.index, row.name_column), _clean(row.name)
        if not name:
            continue
        if row.index in by_numbers:
            left.append(LeftOut(name, place, SUM_ROW))
        elif sums.is_total(row):
            left.append(LeftOut(name, place, "dòng tổng"))
        elif row.remark:
            left.append(LeftOut(name, place, "dòng ghi chú"))
        elif row.index in sums.headings or _heads_section(table, position):
            section = name
            left.append(LeftOut(name, place, "tên nhóm đơn vị"))
        elif _LEVEL_ROW.match(fold(name)):
            left.append(LeftOut(name, place, LEVEL_ROW))
        elif row.kind == "unit" or _is_empty_unit(table, row):
            found.append((DraftUnit(name, place, section), ordinal(row)))
        else:
            left.append(LeftOut(name, place, "dòng không có số"))
    return _in_order(found), left


def _names_offices(table: CountTable) -> bool:
    """Whether most rows are named like offices: the heading "Lĩnh vực, công việc" stands over tables by unit too."""
    names = [fold(_clean(row.name)) for row in table.rows if row.kind == "unit" and not row.total_like]
    like = [name for name in names if _OFFICE.match(f"{name} ") or _COMMUNE.match(name)]
    return 2 * len(like) > len(names)


def _totals_by_numbers(table: CountTable, sums: SumRows) -> frozenset[int]:
    """The rows that hold the sum of all other units in every column, though no word says that they are totals."""
    matrix = read_matrix(table)
    rows = [r for r in table.rows if r.kind == "unit" and not sums.is_total(r) and r.index not in sums.headings]
    if len(rows) <= 2:
        return frozenset()
    values = matrix.values[matrix.lines(rows)]
    everything = values.sum(axis=0)
    same = (2 * values == everything).all(axis=1) & values.any(axis=1)
    return frozenset(r.index for r, equal in zip(rows, same.tolist(), strict=True) if equal)


def _heads_section(table: CountTable, position: int) -> bool:
    """Whether a row without numbers heads the rows below it."""
    row = table.rows[position]
    following = next((r for r in table.rows[position + 1 :] if r.kind != "total"), None)
    if row.kind != "name_only" or following is None or row.index > last_counted(table.rows):
        return False
    own, its = rank(row), rank(following)
    ranked = own is not None and its is not None and own < its
    words = fold(row.name)
    return (
        ranked
        or (bool(_SECTION.search(words)) and not _COMMUNE.match(words))
        or (own is None and not _OFFICE.match(words))
    )


def _is_empty_unit(table: CountTable, row: Row) -> bool:
    """Whether a row without numbers is a unit that is listed: numbered or named like one, above the last numbers."""
    words = fold(row.name)
    named = bool(_OFFICE.match(words) or _COMMUNE.match(words))
    return row.index < last_counted(table.rows) and (ordinal(row) is not None or named)


def _in_order(found: Sequence[tuple[DraftUnit, int | None]]) -> list[DraftUnit]:
    """The units of a table by their ordinals inside each section, if every unit of the section has its own."""
    ordered: list[DraftUnit] = []
    for section in dict.fromkeys(unit.section for unit, _ in found):
        inside = [(unit, number) for unit, number in found if unit.section == section]
        numbers = [number for _, number in inside if number is not None]
        if len(set(numbers)) == len(inside):
            inside.sort(key=lambda pair: pair[1] or 0)
        ordered += [unit for unit, _ in inside]
    return ordered


def _clean(name: str) -> str:
    """A name as the registry prints it: no ordinal or dash before it, no "UBND" before a commune."""
    text = nfc(name).strip(" -–—•+*:;,.")
    lead = ORDINAL_PREFIX.match(text)
    text = text[lead.end() :] if lead else text
    bare = _COMMITTEE.sub("", text)
    return bare[:1].upper() + bare[1:] if bare != text and _COMMUNE.match(fold(bare)) else text


def levels_of(draft: RegistryDraft, levels: Sequence[DraftLevel]) -> dict[str, list[DraftUnit]]:
    """Level id -> its units, in the order of `levels`. A section decides for all its units, else the unit's name."""
    of_sections: dict[str, bool] = {}
    for section in dict.fromkeys(unit.section for unit in draft.units if unit.section):
        names = [unit.name for unit in draft.units if unit.section == section]
        communes = Counter(bool(_COMMUNE.match(fold(name))) for name in names)
        of_sections[section] = communes[True] > communes[False]
        if communes[True] == communes[False]:
            of_sections[section] = is_of_communes(section)
    found: dict[str, list[DraftUnit]] = {level.id: [] for level in levels}
    for unit in draft.units:
        commune = of_sections.get(unit.section, bool(_COMMUNE.match(fold(unit.name))))
        level = next((x for x in levels if x.communes == commune), levels[0])
        found[level.id].append(unit)
    return found


def registry_csv(draft: RegistryDraft, levels: Sequence[DraftLevel]) -> str:
    """The text of units.csv, without a byte order mark: each level that has units, then its units."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_registry_rows(draft, levels))
    return out.getvalue()


def _registry_rows(draft: RegistryDraft, levels: Sequence[DraftLevel]) -> Iterator[dict[str, str]]:
    units_of = levels_of(draft, levels)
    taken = {level.id for level in levels}
    names = {name_key(name) for name in (*(u.name for u in draft.units), *(level.name for level in levels))}
    first = next((level for level in levels if units_of[level.id]), levels[0])
    for level in levels:
        units = units_of[level.id]
        if not units and draft.units:
            continue
        sections = list(dict.fromkeys(unit.section for unit in units if unit.section))
        # a row of the level and the heading of its only section are other names of the level
        words = [left.name for left in draft.left_out if left.why == LEVEL_ROW and _is_of(left.name, level, levels)]
        words += [left.name for left in draft.left_out if left.why == SUM_ROW and level is first]
        words += sections if len(sections) == 1 else []
        others = {name_key(word): word for word in words if name_key(word) not in names}
        blank = dict.fromkeys(COLUMNS, "")
        yield {
            **blank,
            "unit_id": level.id,
            "name": csv_text(level.name),
            "kind": "level",
            "level": level.id,
            "aliases": "; ".join(map(csv_text, others.values())),
        }
        for unit in units:
            unit_id = _unit_id(unit.name, taken)
            taken.add(unit_id)
            yield {
                **blank,
                "unit_id": unit_id,
                "name": csv_text(unit.name),
                "kind": "unit",
                "level": level.id,
                "parent": level.id,
            }


def _is_of(name: str, level: DraftLevel, levels: Sequence[DraftLevel]) -> bool:
    """Whether a row of a level is one of this level, by its words."""
    communes = is_of_communes(name)
    return next((x for x in levels if x.communes == communes), levels[0]) is level


def _unit_id(name: str, taken: set[str]) -> str:
    """An id of the name: `Xã Pá Khoang` -> `xa-pa-khoang`; with a number where it is taken."""
    slug = _NO_SLUG.sub("-", without_diacritics(name)).strip("-") or "don-vi"
    number = 1
    unique = slug
    while unique in taken:
        number += 1
        unique = f"{slug}-{number}"
    return unique
