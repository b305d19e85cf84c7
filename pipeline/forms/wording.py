"""Words of the forms that the forms module and the loaders share: labels of report fields, criteria, questions."""

from __future__ import annotations

import re

from pipeline.forms.catalogue import forms, header_key
from pipeline.periods import Period
from schemas.forms import ReportField
from schemas.rulebook import Criterion


def field_labels(levels: dict[str, str]) -> dict[str, tuple[str, ReportField]]:
    """Folded label -> (field id, definition). `levels`: id -> name, for the fields that each level has."""
    labels: dict[str, tuple[str, ReportField]] = {}
    for field in forms().fields:
        if field.per_level:
            for level, name in levels.items():
                labels[header_key(field_label(field, name))] = (f"{field.key}:{level}", field)
        else:
            labels[header_key(field.label)] = (field.key, field)
    return labels


def field_label(field: ReportField, level_name: str = "") -> str:
    """`Lý do trễ hạn – Cấp thành phố`."""
    return f"{field.label} – {level_name}" if level_name else field.label


def criterion_text(criterion: Criterion) -> str:
    """`6. Tổ chức tiếp nhận …`: how the form names a criterion."""
    return f"{criterion.number}. {criterion.label}"


#: The sheet that lists what was filled in.
CODE = "BS-98"

#: Not checked yet; checked.
ANSWERS = ("chưa", "rồi")

QUESTION = re.compile(r"điền sẵn theo (\S+), đã kiểm tra", re.IGNORECASE)


def question(period: Period) -> str:
    """What stands above a table that was filled in."""
    return f"Điền sẵn theo {period}, đã kiểm tra:"
