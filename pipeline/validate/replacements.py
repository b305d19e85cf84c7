"""Units whose rows a file in `thay-the/` replaces: old beside new numbers, and what has to be said about them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.arithmetic.identities import OUTSIDE
from pipeline.arithmetic.wide_counts import complete, first_places, value_of, wide
from pipeline.extract.count_records import repeated_units
from pipeline.extract.period import FilesReading
from pipeline.extract.replacement_files import FOLDER, is_replacement, stored_file
from pipeline.findings import NO_PLACE, Finding, Place, source_place
from pipeline.registry import UnitIndex
from pipeline.text import fold, vn_int
from schemas.frames import ReplacedCounts
from schemas.measures import COUNT_NAMES

Declared = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Replaced:
    """`counts`: ReplacedCounts frame; `findings`: of the replaced units and of the declarations."""

    counts: pd.DataFrame
    findings: tuple[Finding, ...] = ()


def check_replacements(
    files: FilesReading,
    raw: pd.DataFrame,
    declared: pd.DataFrame,
    refused: Collection[str],
    contested: Collection[str],
    index: UnitIndex,
) -> Replaced:
    """Old beside new numbers of the units that a new file names, and the findings about them.

    raw: Counts frame as read, the new rows among it; declared: Replacements frame; refused: the files of declarations
    with an error, as written; contested: ids of units of which new files give different rows.
    """
    new = raw.loc[raw["source_file"].map(is_replacement) & ~raw["unit_id"].isin(contested)]
    old = repeated_units(files.replaced, index, ())[0].frame(())
    new_sources = [s for s in files.sources if is_replacement(s.path)]
    # of a zip only its members have hashes here
    hashes = {f: s.sha256 if s.path == f else f for s in new_sources for f in [stored_file(s.path)]}
    stored = list(hashes)
    by_file, about_declarations = _declared_files(declared, stored)
    by_hash = {
        hashes[file]: declaration for file, declaration in by_file.items()
    }  # a copy of a declared file is declared
    by_file = {file: by_hash[hashes[file]] for file in stored if hashes[file] in by_hash}
    counts = _replaced_counts(old, new, by_file)
    findings = [*about_declarations, *_undeclared(new, by_file, refused, stored, index.names)]
    findings += _about_units(counts, old, new, index)
    return Replaced(counts, tuple(findings))


# --- declarations -----------------------------------------------------------------------------------------------------


def _declared_files(declared: pd.DataFrame, stored: Sequence[str]) -> tuple[Declared, list[Finding]]:
    """File on disk -> its declaration, and a finding for each declaration that names no file or one declared before."""
    by_file: dict[str, Mapping[str, str]] = {}
    findings = []
    for row in declared.to_dict("records"):
        found = _named_files(str(row["file"]), stored)
        if len(found) == 1 and found[0] not in by_file:
            by_file[found[0]] = {str(k): str(v) for k, v in row.items()}
            continue
        why = "thư mục thay-the không có tệp này"
        if found:
            why = "tên này khớp với nhiều tệp" if len(found) > 1 else "tệp này đã khai ở dòng khác"
        findings.append(source_place(row).finding("replacement_file_missing", found=str(row["file"]), why=why))
    return by_file, findings


def _named_files(text: str, stored: Sequence[str]) -> list[str]:
    """The files that a text names: with or without the folder, with or without the ending."""
    name = _plain(text)
    whole = [f for f in stored if _plain(f) == name]
    return whole or [f for f in stored if _plain(f).rpartition(".")[0] == name]


def _plain(text: str) -> str:
    return fold(text).replace("\\", "/").removeprefix(f"{FOLDER}/").strip()


def _undeclared(
    new: pd.DataFrame, declared: Declared, refused: Collection[str], stored: Sequence[str], names: Mapping[str, str]
) -> Iterator[Finding]:
    """A finding for each new file that counts without a declaration; one whose declaration has an error has its own."""
    contested = {file for text in refused for file in _named_files(text, stored)}
    for file in dict.fromkeys(map(stored_file, new["source_file"])):
        if file not in declared and file not in contested:
            units = dict.fromkeys(new.loc[new["source_file"].map(stored_file) == file, "unit_id"])
            yield Place(file).finding(
                "replacement_undeclared",
                found=file,
                row=", ".join(f"“{names.get(u, u)}”" for u in units),
                units=tuple(map(str, units)),
            )


# --- numbers ----------------------------------------------------------------------------------------------------------


def _replaced_counts(old: pd.DataFrame, new: pd.DataFrame, declared: Declared) -> pd.DataFrame:
    """The ReplacedCounts frame: units in the order of the new files, measures in the order of the form."""
    values, places = (wide(old), wide(new)), (first_places(old), first_places(new))
    rows = []
    for unit_id in dict.fromkeys(new["unit_id"]):
        for measure in COUNT_NAMES:
            before, after = (value_of(table, unit_id, measure) for table in values)
            if before is None and after is None:
                continue
            was, now = (found.get((unit_id, measure), NO_PLACE) for found in places)
            file = now.file or str(new.loc[new["unit_id"] == unit_id, "source_file"].iloc[0])
            declaration = declared.get(stored_file(file), {})
            words = (declaration.get(k, "") for k in ("reason", "approver", "approved_on"))
            rows.append(
                (unit_id, measure, before, after, was.file, was.sheet, was.cell, now.file, now.sheet, now.cell, *words)
            )
    empty = ReplacedCounts.empty()
    frame = pd.DataFrame(rows, columns=empty.columns).astype(empty.dtypes.to_dict())
    return ReplacedCounts.validate(frame, lazy=True)


def _about_units(counts: pd.DataFrame, old: pd.DataFrame, new: pd.DataFrame, index: UnitIndex) -> Iterator[Finding]:
    """For each replaced unit: its numbers that changed, or that it has no old row; and the measures it lacks now."""
    was, now = complete(wide(old))[0], complete(wide(new))[0]
    new_places, old_places = _places(new), _places(old)
    for unit_id, place in new_places.items():
        name = index.names.get(unit_id, unit_id)
        if unit_id not in old_places:
            yield place.finding("replacement_new_unit", unit_id, found=name)
            continue
        rows = counts.loc[counts["unit_id"] == unit_id].to_dict("records")
        changed = [
            f"{COUNT_NAMES[str(r['measure'])].lower()} {vn_int(r['old_value'])} → {vn_int(r['new_value'])}"
            for r in rows
            if pd.notna(r["old_value"]) and pd.notna(r["new_value"]) and r["old_value"] != r["new_value"]
        ]
        changes = "; ".join(changed) or "các số chung không đổi"
        old_place = old_places[unit_id]
        facts: dict[str, Any] = {"row": name, "changes": changes}
        yield place.finding("replacement_applied", unit_id, found=str(place), expected=str(old_place), **facts)
        lacking = [COUNT_NAMES[m].lower() for m in COUNT_NAMES if _lacks(was, now, unit_id, m)]
        if lacking:
            yield place.finding("replacement_lacks", unit_id, found=", ".join(lacking), row=name)


def _lacks(was: pd.DataFrame, now: pd.DataFrame, unit_id: str, measure: str) -> bool:
    """Whether a measure is known of the old row and not of the new one; nothing withdrawn or returned is no lack."""
    before, after = value_of(was, unit_id, measure), value_of(now, unit_id, measure)
    return before is not None and after is None and not (measure in OUTSIDE and before == 0)


def _places(counts: pd.DataFrame) -> dict[str, Place]:
    """unit_id -> the place of its first number."""
    first = counts.drop_duplicates("unit_id")
    return {str(row["unit_id"]): source_place(row) for row in first.to_dict("records")}
