"""The lines of the sheet a unit fills in (PH-01): what the writer puts there and the reader looks for.

Like Biểu mẫu 03 it goes down the criteria of the rulebook that applies, each with its options; what a unit enters are
the columns of the supplement (BS-01), so that a figure has one definition wherever it is typed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import groupby
from typing import Literal

from pipeline.forms.catalogue import forms, header_key
from pipeline.text import nfc, plain
from schemas.forms import FormColumn, FormSheet
from schemas.measures import COUNT_NAMES
from schemas.rulebook import Criterion, Rulebook, unsigned

#: Where the sheet's figures go: a row of the supplement, a row of printed scores.
SUPPLEMENT, PRINTED = "BS-01", "TC-01"
TOTAL, NOTE = "total", "note"
TOTAL_LABEL = "Tổng điểm tự chấm"
UNIT_LABEL = "Đơn vị"
_SOMETIMES = {"received_in_period", "withdrawn", "returned"}
#: a file's name with its folder must stay short enough for every system
_LONGEST = 60
_NAMED = re.compile(r"(.*\S)\s*\(mã: ?([a-z0-9-]+)\)")
SECTIONS = {
    "counts": "Số liệu của cổng (chương trình ghi; thấy sai thì báo lại, không sửa)",
    "criteria": "Tiêu chí",
    "other": "Số liệu khác",
}


@dataclass(frozen=True)
class Line:
    """One line. `key`: the count, the supplement's column, the criterion's digits, `total` or `note`.

    `shown`: the counts that are printed in it, signed and added up; `points`: a criterion's most, an option's own.
    """

    kind: Literal["section", "count", "criterion", "option", "band", "input", "total"]
    label: str
    key: str = ""
    number: str = ""
    points: Fraction | None = None
    shown: tuple[str, ...] = ()


@cache
def sheet_of(code: str) -> FormSheet:
    """A sheet's definition. KeyError for a code that forms.toml does not have."""
    found = forms().sheet(code)
    if found is None:
        raise KeyError(code)
    return found


def inputs() -> list[FormColumn]:
    """The supplement's columns that a unit fills in, in their order."""
    return [c for c in sheet_of(SUPPLEMENT).columns if c.kind in ("count", "choice")]


def note_column() -> FormColumn:
    """The supplement's column that says where figures come from."""
    return sheet_of(SUPPLEMENT).column(NOTE)


def unit_text(name: str, unit_id: str) -> str:
    """`Đơn vị: Phòng Tư pháp (mã: tu-phap)`: whose sheet it is, in a cell above the table."""
    return f"{UNIT_LABEL}: {name} (mã: {unit_id})"


def parse_unit(text: str) -> tuple[str, str] | None:
    """(name, id) of such a cell, None for any other; the id is "" where somebody left only the name."""
    label, colon, rest = nfc(text).partition(":")
    if not colon or header_key(label) != header_key(UNIT_LABEL):
        return None
    named = _NAMED.fullmatch(rest.strip())
    return (named[1], named[2]) if named else (rest.strip(), "")


def file_name(unit_id: str, name: str) -> str:
    """`phieu_tu-phap_phong-tu-phap.xlsx`: the id and the name in letters every system can hold."""
    readable = re.sub(r"[^a-z0-9]+", "-", plain(name)).strip("-")[:_LONGEST].strip("-")
    return forms().unit_form.file.format(unit=unit_id, name=readable or "don-vi")


def unit_of_file(name: str) -> str:
    """The unit id in the name of a workbook as it was sent out; "" for any other name."""
    start, _, end = forms().unit_form.file.partition("{unit}")
    between = end.partition("{name}")[0]
    match = re.match(rf"{re.escape(start)}([a-z0-9][a-z0-9-]*){re.escape(between)}", name)
    return match[1] if match else ""


def lines(rulebook: Rulebook | None, level: str, known: Collection[str] = ()) -> Iterator[Line]:
    """All lines of a unit of that level; without a rulebook in force nothing is there to score oneself by.

    `known`: the counts its exports give; those that only some exports have stand there only if they are known.
    """
    yield Line("section", SECTIONS["counts"])
    for measure, name in COUNT_NAMES.items():
        if measure in known or measure not in _SOMETIMES:
            yield Line("count", name, measure, shown=(measure,))
    rest = inputs()
    if rulebook is not None:
        owners = _owners(rulebook)
        yield Line("section", f"{SECTIONS['criteria']} – {rulebook.short}")
        for criterion in rulebook.criteria:
            yield from _criterion(criterion, [c for c in rest if owners.get(_group(c)) == criterion.id], level)
        rest = [c for c in rest if _group(c) not in owners]
        yield Line("total", TOTAL_LABEL, TOTAL, points=rulebook.max_total)
    if rest or rulebook is None:
        yield Line("section", SECTIONS["other"])
    yield from _bands(rest, {})
    yield Line("input", note_column().header, NOTE)


def _criterion(criterion: Criterion, columns: list[FormColumn], level: str) -> Iterator[Line]:
    digits = "".join(filter(str.isdigit, criterion.number))
    shown = _if_counts(criterion.dossiers())
    yield Line("criterion", criterion.label, digits, criterion.number, criterion.max_points, shown)
    keys = {c.key for c in columns}
    # an option that counts one figure of the unit's own is the line of that figure
    paired = {o.counted()[0]: o.points for o in criterion.lines() if len(o.counted()) == 1 and o.counted()[0] in keys}
    for option in criterion.lines_at(level):
        counted = option.counted()
        if not counted or counted[0] not in paired:
            yield Line("option", option.text, points=option.points, shown=_if_counts(counted))
    yield from _bands(columns, paired)


def _bands(columns: list[FormColumn], points: dict[str, Fraction]) -> Iterator[Line]:
    for band, group in groupby(columns, key=lambda c: c.band):
        if band:
            yield Line("band", band)
        yield from (Line("input", c.header, c.key, points=points.get(c.key)) for c in group)


def _if_counts(signed: tuple[str, ...]) -> tuple[str, ...]:
    """A signed sum if exports give all of it, else an empty one: the sheet prints only what exports give."""
    return signed if all(m in COUNT_NAMES for m in unsigned(signed)) else ()


def _group(column: FormColumn) -> str:
    return column.band or column.key


def _owners(rulebook: Rulebook) -> dict[str, str]:
    """Group of columns -> the first criterion that looks at one of them."""
    owners: dict[str, str] = {}
    for criterion in rulebook.criteria:
        used = {*criterion.measures(rulebook.ratios), *criterion.categories()}
        for column in inputs():
            if column.feeds in used:
                owners.setdefault(_group(column), criterion.id)
    return owners
