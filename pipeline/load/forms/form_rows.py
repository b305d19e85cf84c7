"""The rows below the headers of a form: units and levels, report fields, or empty rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pipeline.forms.catalogue import form_catalogue
from pipeline.forms.labels import field_label
from pipeline.registry import UnitIndex
from schemas.forms import FormSheet

_ROMAN: Final = ("I", "II", "III", "IV", "V")


@dataclass(frozen=True)
class PreparedRow:
    """A row of a form as the program writes it.

    `texts`: column key -> text or score; `level`: the row of a level, which is shaded; `date`: the report field is a
    date; `fixed`: cells that the program fills in stay locked where it has nothing to fill in; `points`: points that
    Excel allows in an `appraisal` column, highest first, or none for any score up to `most`.
    """

    texts: Mapping[str, str | float]
    level: bool = False
    date: bool = False
    fixed: bool = False
    points: tuple[str, ...] = ()
    most: float = 0


def blank_rows(sheet: FormSheet, index: UnitIndex) -> Iterator[PreparedRow]:
    """The rows of a blank form: levels and units in registry order, report fields, or empty rows, by the layout."""
    if sheet.layout == "units":
        for number, level_id in enumerate(index.level_ids()):
            yield PreparedRow({"stt": _ROMAN[number], "unit": index.names[level_id]}, level=True)
            for stt, unit in enumerate(index.units(index.levels[level_id]), 1):
                yield PreparedRow({"stt": str(stt), "unit": index.names[unit]})
    elif sheet.layout == "fields":
        for field in form_catalogue().fields:
            names = [index.names[i] for i in index.level_ids()] if field.per_level else [""]
            for name in names * field.rows:
                yield PreparedRow({"field": field_label(field, name)}, date=field.kind == "date")
    else:
        yield from (PreparedRow({}) for _ in range(sheet.spare_rows))
