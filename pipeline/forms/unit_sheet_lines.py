"""The lines of the sheet that a unit fills in (PH-01), shared by its writer and its reader.

As in Biểu mẫu 03, the lines are the criteria of the rulebook that applies, each with its options. A unit enters the
columns of the supplement (BS-01), so that a figure has one definition wherever it is typed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import groupby
from typing import Literal

from pipeline.forms.catalogue import form_catalogue, header_key
from pipeline.text import nfc, without_diacritics
from schemas.forms import FormColumn, FormSheet
from schemas.measures import COUNT_NAMES
from schemas.rulebook import Criterion, Rulebook, unsigned

#: Codes of the sheets whose columns its figures and its scores are.
SUPPLEMENT, PRINTED = "BS-01", "TC-01"
#: Keys of the line of the total score and of the last line.
TOTAL, NOTE = "total", "note"
TOTAL_LABEL = "Tổng điểm tự chấm"
UNIT_LABEL = "Đơn vị"
#: Counts that only some exports have.
_SOMETIMES = {"received_in_period", "withdrawn", "returned"}
#: Characters of a unit's name in a file name: some systems limit the length of a path.
_LONGEST = 60
_NAMED = re.compile(r"(.*\S)\s*\(mã: ?([a-z0-9-]+)\)")
SECTIONS = {
    "counts": "Số liệu của cổng (chương trình ghi; thấy sai thì báo lại, không sửa)",
    "criteria": "Tiêu chí",
    "other": "Số liệu khác",
}


@dataclass(frozen=True)
class Line:
    """One line of the sheet.

    `key`: the count measure, the column of the supplement, the digits of the criterion, `total` or `note`; "" for a
    line without a value. `points`: the most points of a criterion, or the points of an option. `counts`: the count
    measures whose signed sum the program writes in the line.
    """

    kind: Literal["section", "count", "criterion", "option", "band", "input", "total"]
    label: str
    key: str = ""
    number: str = ""
    points: Fraction | None = None
    counts: tuple[str, ...] = ()


@cache
def form_sheet(code: str) -> FormSheet:
    """The definition of a sheet in forms.toml. Raises KeyError for an unknown code."""
    found = form_catalogue().sheet(code)
    if found is None:
        raise KeyError(code)
    return found


def input_columns() -> list[FormColumn]:
    """The columns of the supplement that a unit fills in, in their order."""
    return [c for c in form_sheet(SUPPLEMENT).columns if c.kind in ("count", "choice")]


def note_column() -> FormColumn:
    """The column of the supplement for the source of the figures. Its line is the last one of the sheet."""
    return form_sheet(SUPPLEMENT).column(NOTE)


def unit_text(name: str, unit_id: str) -> str:
    """The cell above the table that names the unit: `Đơn vị: Phòng Tư pháp (mã: tu-phap)`."""
    return f"{UNIT_LABEL}: {name} (mã: {unit_id})"


def parse_unit_text(text: str) -> tuple[str, str] | None:
    """(name, id) in a text of `unit_text`, None for any other text. The id is "" if the text has the name only."""
    label, colon, rest = nfc(text).partition(":")
    if not colon or header_key(label) != header_key(UNIT_LABEL):
        return None
    named = _NAMED.fullmatch(rest.strip())
    return (named[1], named[2]) if named else (rest.strip(), "")


def unit_file_name(unit_id: str, name: str) -> str:
    """The file name of a unit's workbook: `phieu_tu-phap_phong-tu-phap.xlsx`. It has ASCII letters only."""
    readable = re.sub(r"[^a-z0-9]+", "-", without_diacritics(name)).strip("-")[:_LONGEST].strip("-")
    return form_catalogue().unit_form.file.format(unit=unit_id, name=readable or "don-vi")


def unit_of_file(name: str) -> str:
    """The unit id in a file name of `unit_file_name`; "" for any other file name."""
    start, _, end = form_catalogue().unit_form.file.partition("{unit}")
    between = end.partition("{name}")[0]
    match = re.match(rf"{re.escape(start)}([a-z0-9][a-z0-9-]*){re.escape(between)}", name)
    return match[1] if match else ""


def unit_sheet_lines(
    rulebook: Rulebook | None,
    level: str,
    known: Collection[str] = (),
    columns: Sequence[FormColumn] | None = None,
) -> Iterator[Line]:
    """All lines of the sheet of a unit of that level. Without a rulebook in force there are no criteria.

    `columns`: those that the unit is asked for, all of the supplement where not given. `known`: the count measures of
    the unit's exports. A measure that only some exports have gets a line only if known.
    """
    yield Line("section", SECTIONS["counts"])
    for measure, name in COUNT_NAMES.items():
        if measure in known or measure not in _SOMETIMES:
            yield Line("count", name, measure, counts=(measure,))
    rest = input_columns() if columns is None else list(columns)
    if rulebook is not None:
        criteria = rulebook.criteria_at(level)
        owners = _owners(rulebook, criteria, rest)
        yield Line("section", f"{SECTIONS['criteria']} – {rulebook.short}")
        for criterion in criteria:
            yield from _criterion(criterion, [c for c in rest if owners.get(_group(c)) == criterion.id], level)
        rest = [c for c in rest if _group(c) not in owners]
        yield Line("total", TOTAL_LABEL, TOTAL, points=rulebook.max_total)
    if rest or rulebook is None:
        yield Line("section", SECTIONS["other"])
    yield from _bands(rest, {})
    yield Line("input", note_column().header, NOTE)


def _criterion(criterion: Criterion, columns: list[FormColumn], level: str) -> Iterator[Line]:
    digits = "".join(filter(str.isdigit, criterion.number))
    counts = _if_counts(criterion.dossiers())
    yield Line("criterion", criterion.label, digits, criterion.number, criterion.max_points, counts)
    keys = {c.key for c in columns}
    # an option that counts one figure of the supplement has no line of its own: the figure's line shows its points
    paired = {o.counted()[0]: o.points for o in criterion.lines() if len(o.counted()) == 1 and o.counted()[0] in keys}
    for option in criterion.lines_at(level):
        counted = option.counted()
        if not counted or counted[0] not in paired:
            yield Line("option", option.text, points=option.points, counts=_if_counts(counted))
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


def _owners(rulebook: Rulebook, criteria: Sequence[Criterion], columns: Sequence[FormColumn]) -> dict[str, str]:
    """Group of columns (a band, or a single column) -> the id of the first criterion that uses one of them."""
    owners: dict[str, str] = {}
    for criterion in criteria:
        used = {*criterion.measures(rulebook.ratios), *criterion.categories()}
        for column in columns:
            if column.feeds in used:
                owners.setdefault(_group(column), criterion.id)
    return owners
