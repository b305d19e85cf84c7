"""Merges units' returned workbooks with the analyst's forms. `form_copies` has merged those of one unit before.

The same entry in several files is used once. Entries that contradict each other are not used, whichever file was read
first; a finding names their cells. Self-scores are the exception: they are only compared, so the first one is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Sequence

from pipeline.extract.forms.form_entries import FormContext, FormEntry, FormReading, Values, combined_entries, grouped
from pipeline.findings import Finding
from pipeline.text import fold

#: The frames that both an analyst's form and a unit's workbook feed.
_SHARED = ("supplement", "printed", "officers", "explanations")


def merge_returns(read: FormReading, context: FormContext) -> FormReading:
    """The reading without entries that a returned workbook only repeats, and without those that it contradicts."""
    files = {e.file for e in read.of("returns") if not e.values["blank"]}
    if not files:
        return read
    others = FormReading(tuple(e for e in read.entries if e.target not in _SHARED), read.findings)
    return others + combined_entries(
        [
            _merged_figures(_analyst_first(read.of("supplement"), files), files, context),
            _merged_scores(_analyst_first(read.of("printed"), files), files, context),
            _merged_lists(
                _analyst_first(read.of("officers"), files), files, _officer_key, ("position", "score"), context
            ),
            _merged_lists(
                _analyst_first(read.of("explanations"), files),
                files,
                lambda values: values["unit_id"],
                ("measure", "reason", "detail", "count"),
                context,
            ),
        ]
    )


def _analyst_first(entries: Sequence[FormEntry], files: Collection[str]) -> list[FormEntry]:
    """The analyst's forms first, then returned workbooks by file name: the order of reading decides nothing."""
    return sorted(entries, key=lambda e: (e.file in files, e.file if e.file in files else ""))


def _officer_key(values: Values) -> Hashable:
    return values["unit_id"], fold(values["officer"])


def _merged_figures(entries: Sequence[FormEntry], files: Collection[str], context: FormContext) -> FormReading:
    """Entries of Supplement, at most one a unit, item and part.

    Two entries of the analyst's own forms are left as they are: `read_forms` reports them as a conflict.
    """
    kept: list[FormEntry] = []
    findings: list[Finding] = []
    for group in grouped(entries, lambda v: (v["unit_id"], v["item"], v["part"])):
        returned = [e for e in group if e.file in files]
        analysts = [e for e in group if e.file not in files]
        if not returned or len(analysts) > 1:
            kept += analysts
        elif len({(e.values["value"], e.values["option"]) for e in group}) == 1:
            kept.append(group[0])
        else:
            findings.append(_conflict("form_conflict", group, returned[-1], context))
    return FormReading(tuple(kept), tuple(findings))


def _merged_scores(entries: Sequence[FormEntry], files: Collection[str], context: FormContext) -> FormReading:
    """Entries of Printed, the first one of each score. One finding for each unit whose workbook has other scores."""
    kept: list[FormEntry] = []
    differing: dict[str, list[tuple[FormEntry, FormEntry]]] = {}
    for first, *others in grouped(entries, lambda v: (v["unit_id"], v["item"], v["rulebook"])):
        kept += [first, *(e for e in others if e.file not in files)]
        for other in others:
            if other.file in files and _score(other.values) != _score(first.values):
                differing.setdefault(other.unit_id, []).append((first, other))
    findings = []
    for unit, pairs in differing.items():
        found = "; ".join(_cells_and_texts(pair) for pair in pairs)
        cell = pairs[0][1].cell
        findings.append(cell.finding("return_scores_differ", unit, found=found, row=context.name(unit)))
    return FormReading(tuple(kept), tuple(findings))


def _score(values: Values) -> object:
    return fold(values["text"]) if values["value"] is None else values["value"]


def _merged_lists(
    entries: Sequence[FormEntry],
    files: Collection[str],
    key: Callable[[Values], Hashable],
    compared: Sequence[str],
    context: FormContext,
) -> FormReading:
    """Entries of a list. Several files may list the same thing (`key`): equal lists are used once, others not at all.

    `compared`: the columns that have to be equal.
    """
    kept: list[FormEntry] = []
    findings: list[Finding] = []
    for group in grouped(entries, key):
        by_file: dict[str, list[FormEntry]] = {}
        for found in group:
            by_file.setdefault(found.file, []).append(found)
        returned = [e for file, of_file in by_file.items() if file in files for e in of_file]
        if not returned or len(by_file) == 1:
            kept += group
            continue
        # a list that leaves the measure blank does not contradict a list that names it
        columns = [c for c in compared if c != "measure" or all(e.values[c] for e in group)]
        lists = [Counter(tuple(_folded(e.values[c]) for c in columns) for e in of_file) for of_file in by_file.values()]
        if all(counted == lists[0] for counted in lists):
            kept += next(iter(by_file.values()))
        else:
            findings.append(_conflict("return_list_conflict", group, returned[-1], context))
    return FormReading(tuple(kept), tuple(findings))


def _folded(value: object) -> object:
    return fold(value) if isinstance(value, str) else value


def _conflict(code: str, group: Sequence[FormEntry], last: FormEntry, context: FormContext) -> Finding:
    """The finding of a contradiction, at the cell of `last`; it names all cells of the group."""
    return last.cell.finding(code, last.unit_id, found=_cells_and_texts(group), row=context.name(last.unit_id))


def _cells_and_texts(entries: Sequence[FormEntry]) -> str:
    return "; ".join(f"{e.cell.reference} ghi {e.cell.text}" for e in entries)
