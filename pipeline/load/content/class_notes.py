"""What the printed classes rest on: the notes under the table of results, and the classes by each rule beside them."""

from __future__ import annotations

from pipeline.load.content.frame_rows import records
from pipeline.office_words import CLASS_FIGURES, thresholds_text
from pipeline.result import Scored
from schemas.rulebook import UNKNOWN_CLASS


def class_notes(scored: Scored) -> tuple[str, ...]:
    """The rule of the printed classes, units without a known class, and every class that the office decided itself."""
    rulebook, office = scored.rulebook, scored.checked.classes
    if rulebook is None:
        return ()
    rows = records(scored.unit_scores)
    local, law = rulebook.local_class, rulebook.unit_class
    if office is not None:
        rule = f"{CLASS_FIGURES[office.basis]}, bảng mức của cơ quan ({office.decision}): {thresholds_text(office)}"
    elif local is not None:
        rule = f"{CLASS_FIGURES[local.basis]}, cách xếp của địa phương"
    else:
        rule = f"{CLASS_FIGURES[law.basis]}, {law.citation}"
    notes = [f"Phân loại: theo {rule}."]
    unknown = {UNKNOWN_CLASS, local.otherwise if local is not None else UNKNOWN_CLASS} - {""}
    for name in sorted({str(r["class_printed"]) for r in rows} & unknown):
        notes.append(
            f"Phân loại ghi “{name}”: chưa có quy tắc phân loại cho mức điểm này; "
            "cơ quan xác định phân loại trước khi ký."
        )
    notes += [
        f"{r['name']}: phân loại {r['class_printed']} do {r['class_ground']}."
        for r in rows
        if r["class_basis"] == "decided"
    ]
    return tuple(notes)
