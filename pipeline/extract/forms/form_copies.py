"""Several files that are the same form (`bo-sung (1).xlsx` beside bo-sung.xlsx, a unit's workbook returned twice).

An entry that is the same in all of them counts once. Of entries that contradict each other none is used. One finding
for all copies of a form names the files and what differs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.extract.forms.form_entries import FormContext, FormEntry, FormReading
from pipeline.extract.forms.supplement_lists import field_name
from pipeline.findings import Finding
from pipeline.forms.catalogue import form_catalogue
from pipeline.text import fold, shortened_list, vn_int

#: differences that a finding names in its places, and in its message
_MOST_PLACES, _MOST_SHOWN = 10, 3
#: differing entries of these frames are needed for scores: their units are set aside
_SCORED: Final = frozenset(("supplement", "assessments", "corrections"))


@dataclass(frozen=True)
class _Kind:
    """How entries of one frame are compared: `key` says what an entry is about, `content` what it says of it."""

    key: tuple[str, ...]
    content: tuple[str, ...]


_KINDS: Final[Mapping[str, _Kind]] = {
    "supplement": _Kind(("unit_id", "item", "part"), ("value", "option")),
    "assessments": _Kind(("unit_id", "rulebook", "criterion"), ("option",)),
    "corrections": _Kind(
        ("unit_id", "measure"), ("expected", "value", "counter_measure", "reason", "approver", "approved_on")
    ),
    "explanations": _Kind(
        ("unit_id",),
        ("measure", "reason", "detail", "count", "opinion", "document", "recount", "approver", "approved_on"),
    ),
    "officers": _Kind(("unit_id",), ("officer", "position", "score")),
    "documents": _Kind(("role", "number"), ("title", "issued_on", "issuer", "subject", "implements")),
    "report_fields": _Kind(("field",), ("value",)),
    "printed": _Kind(("unit_id", "item", "rulebook"), ("value", "text")),
    "printed_figures": _Kind(("unit_id", "measure", "place"), ("value", "text")),
    "appraisals": _Kind(("unit_id", "rulebook", "criterion"), ("value", "option", "reason", "appraiser")),
    "class_decisions": _Kind(("unit_id",), ("class_name", "reason", "decided_by", "document")),
    "portal_points": _Kind(("unit_id", "code"), ("points",)),
    "replacements": _Kind(("file",), ("reason", "approver", "approved_on")),
}

#: a form of which there may be copies: the file name of an analyst's form, or the unit of a returned workbook
_Document = tuple[str, str]
_Group = Mapping[str, Sequence[FormEntry]]  # file -> its entries about one thing


def merge_copies(read: FormReading, context: FormContext) -> FormReading:
    """The reading with every entry of several copies of a form once, and one finding for each form with copies.

    A finding that a copy only repeats, at the same cell, is left out.
    """
    returned = {e.file for e in read.of("returns")}
    by_document: dict[_Document, list[FormEntry]] = {}
    for entry in read.entries:
        if entry.target in _KINDS:
            by_document.setdefault(_document(entry, returned), []).append(entry)
    dropped: set[int] = set()
    findings: list[Finding] = []
    first_copies: dict[str, list[str]] = {}
    for document, entries in by_document.items():
        files = sorted({e.file for e in entries}, key=lambda file: (file != document[0], file))
        if len(files) == 1:
            continue
        entries = sorted(entries, key=lambda e: files.index(e.file))
        for n, file in enumerate(files):
            first_copies.setdefault(file, []).extend(files[:n])
        compared = _compared(entries)
        dropped |= {id(e) for e in compared.dropped}
        findings.append(_finding(document, files, compared, context))
    kept = tuple(e for e in read.entries if id(e) not in dropped)
    return FormReading(kept, (*_once(read.findings, first_copies), *findings))


def _document(entry: FormEntry, returned: set[str]) -> _Document:
    if entry.file in returned:
        return "", entry.unit_id
    target = entry.target
    return next(f.file for f in form_catalogue().forms if any(s.target == target for s in f.sheets)), ""


@dataclass(frozen=True)
class _Compared:
    """The entries of all copies of one form, compared: groups that are the same in several files, contradict each
    other, or are in one file only; `partial`: those of them whose unit has entries of the kind in another file.
    """

    same: Sequence[_Group]
    differing: Sequence[_Group]
    single: Sequence[_Group]
    partial: Sequence[_Group]

    @property
    def dropped(self) -> Iterable[FormEntry]:
        """Repetitions of what is the same, and everything that is contradicted."""
        for group in self.same:
            for entries in list(group.values())[1:]:
                yield from entries
        for group in self.differing:
            for entries in group.values():
                yield from entries


def _compared(entries: Sequence[FormEntry]) -> _Compared:
    same: list[_Group] = []
    differing: list[_Group] = []
    single: list[_Group] = []
    files_of: dict[Hashable, set[str]] = {}
    for entry in entries:
        files_of.setdefault((entry.target, entry.unit_id), set()).add(entry.file)
    for group in _groups(entries):
        if len(group) == 1:
            single.append(group)
        else:
            says = [_said(found) for found in group.values()]
            (same if all(s == says[0] for s in says) else differing).append(group)
    partial = [g for g in single if (e := _first(g)).unit_id and len(files_of[e.target, e.unit_id]) > 1]
    return _Compared(same, differing, single, partial)


def _groups(entries: Sequence[FormEntry]) -> list[_Group]:
    """The entries by what they are about, those of each file together."""
    groups: list[_Group] = []
    for target, kind in _KINDS.items():
        by_key: dict[Hashable, dict[str, list[FormEntry]]] = {}
        for entry in entries:
            if entry.target == target:
                about = tuple(_folded(entry.values[column]) for column in kind.key)
                by_key.setdefault(about, {}).setdefault(entry.file, []).append(entry)
        groups += by_key.values()
    return groups


def _said(entries: Sequence[FormEntry]) -> Counter[tuple[Hashable, ...]]:
    """What the entries of one file say, in any order."""
    return Counter(tuple(_folded(e.values.get(column)) for column in _KINDS[e.target].content) for e in entries)


def _folded(value: object) -> Hashable:
    if isinstance(value, str):
        return fold(value)
    return None if value is None or value != value else str(value)


def _first(group: _Group) -> FormEntry:
    return next(iter(group.values()))[0]


def _finding(document: _Document, files: Sequence[str], compared: _Compared, context: FormContext) -> Finding:
    """The finding of all copies of a form, at the last file's first cell that matters."""
    form, unit = document
    shown = compared.differing or compared.partial or compared.same or compared.single
    last = list(shown[0].values())[-1][0]
    units = tuple(dict.fromkeys(_first(g).unit_id for g in compared.differing if _first(g).target in _SCORED))
    code = (
        ("form_copies_differ" if units else "form_copies_differ_unscored")
        if compared.differing
        else "form_copies_partial"
        if compared.partial
        else "form_copies_agree"
    )
    beyond = len(compared.differing) - _MOST_SHOWN
    facts = {
        "what": f"phiếu của “{context.name(unit)}”" if unit else f"biểu {form}",
        "files": shortened_list(list(files), unit="tệp"),
        "count": vn_int(len(compared.differing or compared.partial)),
        "same": vn_int(len(compared.same)),
        "single": vn_int(len(compared.single)),
        "more": f" và {vn_int(beyond)} mục khác" if beyond > 0 else "",
        "shown": _described((compared.differing or compared.partial)[:_MOST_SHOWN], context),
    }
    rest = len(compared.differing) - _MOST_PLACES
    places = [
        f"{e.cell.reference} ghi {e.cell.text}"
        for group in compared.differing[:_MOST_PLACES]
        for entries in group.values()
        for e in entries[:1]
    ]
    found = "; ".join([*places, *([f"và {vn_int(rest)} mục khác"] if rest > 0 else [])]) or facts["files"]
    only = units if len(units) > 1 else ()
    alone = units[0] if len(units) == 1 else unit
    return last.cell.finding(code, alone, found=found, units=only, **facts)


def _described(groups: Sequence[_Group], context: FormContext) -> str:
    """`“Xã A” – Chỉ liên hệ một lần: bo-sung.xlsx ô D7 ghi 1, bo-sung (1).xlsx ô D7 ghi 2; …`."""
    texts = []
    for group in groups:
        entry = _first(group)
        who = f"“{context.name(entry.unit_id)}” – " if entry.unit_id else ""
        differing = _differing_values([found[0] for found in group.values()])
        texts_of_files = ", ".join(
            f"{file} ô {found[0].cell.address} ghi {_text(found, differing)}" for file, found in group.items()
        )
        label = field_name(entry.values["field"], context) if entry.target == "report_fields" else entry.cell.label
        texts.append(f"{who}{label}: {texts_of_files}")
    return "; ".join(texts)


def _differing_values(entries: Sequence[FormEntry]) -> list[str]:
    """The keys of the values in which entries differ, where their cells say the same."""
    if len({entry.cell.text for entry in entries}) > 1:
        return []
    return [key for key in _KINDS[entries[0].target].content if len({str(e.values.get(key, "")) for e in entries}) > 1]


def _text(entries: Sequence[FormEntry], differing: Sequence[str] = ()) -> str:
    """`“15” (nhập sót)`: the cell, and the values in which its row differs from that of another file."""
    first, rest = entries[0], len(entries) - 1
    more = "; ".join(str(first.values.get(key, "")) or "để trống" for key in differing)
    return f"“{first.cell.text}”{f' ({more})' if more else ''}" + (f" và {vn_int(rest)} dòng khác" if rest else "")


def _once(findings: Iterable[Finding], first_copies: Mapping[str, Sequence[str]]) -> list[Finding]:
    """The findings without those that an earlier copy of the same file has at the same cell."""

    def same(finding: Finding, file: str) -> Hashable:
        return finding.code, finding.unit_id, file, finding.sheet, finding.cell, finding.found

    findings = list(findings)
    known = {same(f, f.file) for f in findings}
    return [f for f in findings if not any(same(f, file) in known for file in first_copies.get(f.file, ()))]
