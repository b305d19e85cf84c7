"""Which column of a dossier list names the unit of each dossier, and on what ground.

Dossiers that one office receives and another one resolves have two such columns: the words do not say for which of the
two the authority counts them, so the office of the analyst does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from pipeline.extract.dossier_lists.list_columns import ListColumns
from pipeline.extract.dossier_lists.list_decisions import ColumnChoice, answered_column, column_decision
from pipeline.extract.wording.list_words import OfficeRole
from pipeline.layouts.confirmed import Answer, Question
from pipeline.layouts.decisions import Option
from pipeline.registry import UnitIndex
from pipeline.text import nfc, spelling_key, vn_int, without_diacritics

#: the answer that the dossiers are those of the unit in the title
OF_TITLE: Final = "title"
_TITLE_OPTION: Final = Option(OF_TITLE, "Đơn vị ghi ở tiêu đề hoặc tên trang")
#: share of the names of a column that are units, from which a heading without a known word may be meant
_MOSTLY = 0.8
_SAMPLE = 500
#: in which order columns with the same units in all rows are taken
_ROLES: Final[Sequence[OfficeRole]] = ("resolving", "plain", "receiving", "desk", "other", "place")


def choose_office(
    columns: ListColumns, title_unit: str, answers: Mapping[Question, Answer], index: UnitIndex, taken: Sequence[int]
) -> ColumnChoice:
    """The column of the offices; no column and no decision where the list has none: its titles name the unit.

    `title_unit`: the id of the unit that the titles or the tab name, "" for none. `taken`: columns of other meanings.
    """
    roles: dict[int, OfficeRole] = {}
    for column in columns.header.columns:
        path = columns.header.path(column)
        if column in taken or column == columns.header.code or not path or columns.lists.key(path):
            continue
        role = columns.lists.office(path)
        if role is not None:
            roles[column] = role
    answered, answer = answered_column("office", answers, columns.header, list(columns.header.columns))
    if answer is None and (said := answers.get(("office", "office"))) and said.meaning == OF_TITLE and title_unit:
        decision = column_decision(
            "office",
            columns.header,
            list(roles),
            None,
            "confirmed",
            reason=said.reason,
            more=(_TITLE_OPTION,),
            other=OF_TITLE,
        )
        return ColumnChoice(None, decision)
    if answer is not None and answered is not None:
        asked = list(dict.fromkeys([*roles, answered]))
        decision = column_decision("office", columns.header, asked, answered, "confirmed", reason=answer.reason)
        return ColumnChoice(answered, decision, (answered,))
    units = {c: _units(columns, c, index) for c in roles}
    naming = [c for c in roles if roles[c] != "place" and (units[c] != "").any()]
    naming = [c for c in naming if roles[c] != "other" or _share(columns, c, units[c]) >= _MOSTLY / 2] or naming
    naming = _without_desks(columns, naming, roles, units)
    if naming:
        return _among(columns, naming, roles, units)
    labelled = [c for c in roles if roles[c] in {"resolving", "plain", "receiving", "desk"} and columns.sample(c)]
    places = [c for c in roles if roles[c] == "place"]
    if labelled and not (title_unit and all(_is_of(columns, c, title_unit, index) for c in labelled)):
        best = max(labelled, key=lambda c: columns.texts(c)[columns.coded].nunique())
        return _known(columns, best, labelled)
    if title_unit:
        return _of_title(columns, title_unit, places, index)
    return _unnamed(columns, [c for c in places if (units[c] != "").any()], roles, index, taken)


def _without_desks(
    columns: ListColumns, naming: list[int], roles: Mapping[int, OfficeRole], units: Mapping[int, pd.Series]
) -> list[int]:
    """The columns without those of one-stop desks, where one column names the office that resolves in every row.

    A desk takes dossiers in for others; an office that takes them in ("Đơn vị tiếp nhận") may be meant.
    """
    resolving = [c for c in naming if roles[c] == "resolving"]
    if len(resolving) != 1 or not (units[resolving[0]] != "")[columns.coded].all():
        return naming
    return [c for c in naming if roles[c] != "desk"]


def _known(columns: ListColumns, column: int, among: Sequence[int]) -> ColumnChoice:
    decision = column_decision("office", columns.header, among, column, "known")
    return ColumnChoice(column, decision, (column,))


def _among(
    columns: ListColumns,
    naming: Sequence[int],
    roles: Mapping[int, OfficeRole],
    units: Mapping[int, pd.Series],
) -> ColumnChoice:
    """The choice among columns that name units: any where all rows agree, else the office's."""
    ordered = sorted(naming, key=lambda c: _ROLES.index(roles[c]))
    first = units[ordered[0]].where(units[ordered[0]] != "", columns.offices(ordered[0]))
    differing = 0
    for column in ordered[1:]:
        mine = units[column].where(units[column] != "", columns.offices(column))
        differing = max(differing, int((columns.coded & (mine != first)).sum()))
    if not differing:
        return _known(columns, ordered[0], ordered)
    why = f"các cột ghi đơn vị khác nhau ở {vn_int(differing)} dòng"
    examples = tuple(e for c in ordered for e in columns.office_examples(c)[:1])[:3]
    shown = sorted(ordered)
    decision = column_decision("office", columns.header, shown, ordered[0], "open", reason=why, examples=examples)
    return ColumnChoice(None, decision, tuple(shown), why)


def _strange_names(columns: ListColumns, column: int, unit_id: str, index: UnitIndex) -> list[str]:
    """The names of a column that are not those of a unit: "Mai Sơn" is a name of "Phường Mai Sơn"."""
    names = columns.offices(column)[columns.coded].unique()
    return [n for n in names if n and not _is_name_of(n, unit_id, index)]


def _is_name_of(name: str, unit_id: str, index: UnitIndex) -> bool:
    """Whether a name is a unit's own, or the end of it and not nearer to the whole name of another unit.

    "Tân An" ends "Xã Tân An" and "Thị trấn Đông Tân An": it is that of the first.
    """
    named = index.resolve(name).unit_id
    if named:
        return named == unit_id
    own = index.names[unit_id]
    units = [index.names[u] for u in index.current["unit_id"]]
    return _ends(name, own) and not any(len(u.split()) < len(own.split()) and _ends(name, u) for u in units)


def _ends(name: str, whole: str) -> bool:
    """Whether a name is the last words of another. A name without diacritics is compared without them."""
    key = without_diacritics if name.isascii() else spelling_key
    return f" {key(whole)}".endswith(f" {key(name)}")


def _is_of(columns: ListColumns, column: int, unit_id: str, index: UnitIndex) -> bool:
    return not _strange_names(columns, column, unit_id, index)


def _of_title(columns: ListColumns, title_unit: str, places: Sequence[int], index: UnitIndex) -> ColumnChoice:
    """No column, where the places that the rows name are all that of the title; else a question."""
    for column in places:
        strange = _strange_names(columns, column, title_unit, index)
        if not strange or not _may_be_unit(strange, index):
            continue
        differing = int(columns.offices(column)[columns.coded].isin(strange).sum())
        why = f"tiêu đề ghi {index.names[title_unit]}, cột {columns.header.named_column(column)} ghi nơi khác"
        why += f" ở {vn_int(differing)} dòng"
        decision = column_decision(
            "office", columns.header, [column], None, "open", reason=why,
            examples=columns.office_examples(column), more=(_TITLE_OPTION,),
        )  # fmt: skip
        return ColumnChoice(None, decision, (column,), why)
    return ColumnChoice(None)


def _may_be_unit(names: Sequence[str], index: UnitIndex) -> bool:
    """Whether a name is one of another unit, or in its name: "Mai Sơn" of "Phường Mai Sơn"."""
    others = [without_diacritics(index.names[u]) for u in index.current["unit_id"]]
    found = {n: index.resolve(n) for n in names}
    return any(
        r.unit_id or r.candidates or any(without_diacritics(n) in other for other in others) for n, r in found.items()
    )


def _unnamed(
    columns: ListColumns,
    places: Sequence[int],
    roles: Mapping[int, OfficeRole],
    index: UnitIndex,
    taken: Sequence[int],
) -> ColumnChoice:
    """The question of a list without heading of offices whose columns name units all the same; else no column."""
    found = list(places)
    for column in columns.header.columns:
        path = columns.header.path(column)
        if column in {*taken, *roles, columns.header.code} or columns.lists.key(path) or columns.lists.no_office(path):
            continue
        names = [nfc(v) for v in columns.sample(column)]
        known = sum(bool(index.resolve(n).unit_id) for n in names)
        if names and known >= _MOSTLY * len(names):
            found.append(column)
    if not found:
        return ColumnChoice(None)
    why = "tên cột không nói đó là đơn vị giải quyết"
    decision = column_decision(
        "office", columns.header, found, found[0], "open", reason=why, examples=columns.office_examples(found[0])
    )
    return ColumnChoice(None, decision, tuple(found), why)


def _units(columns: ListColumns, column: int, index: UnitIndex) -> pd.Series:
    """The unit id that each row of a column names, "" for none; a level is no unit."""
    names = columns.offices(column)
    ids = {n: index.resolve(n).unit_id for n in names.unique() if n}
    units = {n: u if u and index.kinds[u] == "unit" else "" for n, u in ids.items()}
    return names.map({"": "", **units}).astype("str").where(columns.coded, "")


def _share(columns: ListColumns, column: int, units: pd.Series) -> float:
    """The share of the filled cells of a column that name a unit."""
    filled = columns.coded & (columns.texts(column) != "")
    return float((units != "").sum() / filled.sum()) if filled.any() else 0.0
