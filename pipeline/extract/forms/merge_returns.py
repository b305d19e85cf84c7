"""Units' returned workbooks beside the analyst's forms and beside each other: the same said twice is said once.

What differs is contested: nothing of it is used, whichever file was read first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from pipeline.extract.forms.form_cells import Place
from pipeline.extract.forms.gathered_rows import Gathered, Row
from pipeline.text import fold

Entry = tuple[Row, Place]


def settle_returns(gathered: Gathered) -> None:
    """Drop from the rows what a return only repeats, and contest what it contradicts."""
    files = {str(row["source_file"]) for row, _ in gathered.rows.get("returns", []) if not row["blank"]}
    if not files:
        return
    for target in ("supplement", "printed", "officers", "explanations"):
        # the analyst's forms first, then returns by name: which one is kept does not hang on where a file lies
        rows = gathered.rows.get(target, [])
        rows.sort(
            key=lambda e: (e[0]["source_file"] in files, e[0]["source_file"] if e[0]["source_file"] in files else "")
        )
    _figures(gathered, files)
    _scores(gathered, files)
    _lists(gathered, files, "officers", _officer, ("position", "score"))
    _lists(gathered, files, "explanations", lambda row: (row["unit_id"],), ("measure", "reason", "detail", "count"))


def _officer(row: Row) -> tuple[object, ...]:
    return row["unit_id"], fold(row["officer"])


def _figures(gathered: Gathered, files: set[str]) -> None:
    """Supplement: one row a unit, item and part. Two rows of the analyst's own are their conflict, not the return's."""
    kept: list[Entry] = []
    for group in _groups(gathered, "supplement", lambda r: (r["unit_id"], r["item"], r["part"])):
        returned = [e for e in group if e[0]["source_file"] in files]
        others = [e for e in group if e[0]["source_file"] not in files]
        said = {(row["value"], row["option"]) for row, _ in group}
        if not returned or len(others) > 1:
            kept += others
        elif len(said) == 1:
            kept.append(group[0])
        else:
            row, place = returned[-1]
            code = "form_conflict" if others else "return_conflict"
            unit = str(row["unit_id"])
            gathered.say(place.finding(code, unit, found=_places(group), row=gathered.name(unit)))
    gathered.rows["supplement"] = kept


def _scores(gathered: Gathered, files: set[str]) -> None:
    """Self-scores are only compared: the first one is, and a unit that scored itself otherwise is said once."""
    kept: list[Entry] = []
    others: dict[str, list[tuple[Entry, Entry]]] = {}
    for group in _groups(gathered, "printed", lambda r: (r["unit_id"], r["item"], r["rulebook"])):
        first = group[0]
        kept += [first, *(e for e in group[1:] if e[0]["source_file"] not in files)]
        for entry in group[1:]:
            if entry[0]["source_file"] in files and _score(entry[0]) != _score(first[0]):
                others.setdefault(str(entry[0]["unit_id"]), []).append((first, entry))
    gathered.rows["printed"] = kept
    for unit, pairs in others.items():
        place = pairs[0][1][1]
        found = "; ".join(_places([used, other]) for used, other in pairs)
        gathered.say(place.finding("return_scores_differ", unit, found=found, row=gathered.name(unit)))


def _score(row: Row) -> object:
    return fold(row["text"]) if row["value"] is None else row["value"]


def _lists(
    gathered: Gathered, files: set[str], target: str, key: Callable[[Row], tuple[object, ...]], said: tuple[str, ...]
) -> None:
    """Rows of a list that several files give of the same thing: equal lists are one list, others are not used."""
    kept: list[Entry] = []
    for group in _groups(gathered, target, key):
        by_file: dict[str, list[Entry]] = {}
        for entry in group:
            by_file.setdefault(str(entry[0]["source_file"]), []).append(entry)
        returned = [entry for file, entries in by_file.items() if file in files for entry in entries]
        if not returned or len(by_file) == 1:
            kept += group
            continue
        # a list that leaves a column blank does not contradict one that fills it in
        compared = [k for k in said if k != "measure" or all(row[k] for row, _ in group)]
        lists = [Counter(tuple(_said(row[k]) for k in compared) for row, _ in entries) for entries in by_file.values()]
        if all(counted == lists[0] for counted in lists):
            kept += next(iter(by_file.values()))
            continue
        row, place = returned[-1]
        unit = str(row["unit_id"])
        gathered.say(place.finding("return_list_conflict", unit, found=_places(group), row=gathered.name(unit)))
    gathered.rows[target] = kept


def _said(value: object) -> object:
    return fold(value) if isinstance(value, str) else value


def _groups(gathered: Gathered, target: str, key: Callable[[Row], tuple[object, ...]]) -> Iterable[list[Entry]]:
    groups: dict[tuple[object, ...], list[Entry]] = {}
    for row, place in gathered.rows.get(target, []):
        groups.setdefault(key(row), []).append((row, place))
    return groups.values()


def _places(group: list[Entry]) -> str:
    return "; ".join(f"{place.where()} ghi {place.text}" for _, place in group)
