"""Words of the forms that their writer (`pipeline.load.forms`) and their reader (`pipeline.extract.forms`) share.

Labels of report fields and criteria, and the question about answers of an earlier quarter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pipeline.forms.catalogue import form_catalogue, header_key
from pipeline.periods import Period
from schemas.forms import ReportField
from schemas.rulebook import Criterion


def field_labels(levels: dict[str, str]) -> dict[str, tuple[str, ReportField]]:
    """Label as compared (`header_key`) -> (field id, definition) of every report field.

    `levels`: level -> name. A field that each level has is there once a level, with the id `key:level`.
    """
    labels: dict[str, tuple[str, ReportField]] = {}
    for field in form_catalogue().fields:
        if field.per_level:
            for level, name in levels.items():
                labels[header_key(field_label(field, name))] = (f"{field.key}:{level}", field)
        else:
            labels[header_key(field.label)] = (field.key, field)
    return labels


def field_label(field: ReportField, level_name: str = "") -> str:
    """The label of a report field: `Lý do trễ hạn – Cấp thành phố`. `level_name`: of a field that each level has."""
    return f"{field.label} – {level_name}" if level_name else field.label


def criterion_text(criterion: Criterion) -> str:
    """The name of a criterion in a form: `6. Tổ chức tiếp nhận …`."""
    return f"{criterion.number}. {criterion.label}"


#: Code of the sheet “Điền sẵn”: it lists the cells that the program filled in with answers of an earlier quarter.
CARRIED_SHEET = "BS-98"

#: The answers to the question above a table with such cells: not checked yet, checked.
CARRIED_ANSWERS = ("chưa", "rồi")

#: The question; group 1 is the quarter that the answers are of.
CARRIED_QUESTION = re.compile(r"điền sẵn theo (\S+), đã kiểm tra", re.IGNORECASE)


def carried_question(period: Period) -> str:
    """The question above a table with answers of `period`."""
    return f"Điền sẵn theo {period}, đã kiểm tra:"


def reason_words(row: Mapping[str, Any]) -> str:
    """The reason of a row of Explanations, as words that follow "do": of the list, or the analyst's own for "khác"."""
    if row["reason"] == "other":
        words = str(row["detail"]).strip().rstrip(".;, ")
        return words[3:] if words.lower().startswith("do ") else words
    return form_catalogue().reasons[str(row["reason"])]
