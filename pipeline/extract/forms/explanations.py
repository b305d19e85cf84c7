"""giai-trinh.xlsx: why dossiers are late. A row with a slip is not read; it never costs its unit the score."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.forms.form_cells import Place, Slip, read_count, read_date
from pipeline.extract.forms.form_table import FormRow, FormTable
from pipeline.extract.forms.gathered_rows import Gathered
from pipeline.forms.catalogue import forms, match_name, vocabulary

ACCEPTED = "accepted"
#: What a recount needs besides an accepting opinion.
_NEEDED = {
    "document": "thiếu số văn bản chấp nhận",
    "approver": "thiếu người phê duyệt",
    "approved_on": "thiếu ngày phê duyệt",
}


def read_explanations(table: FormTable, gathered: Gathered) -> None:
    """Sheet “Giải trình” -> Explanations with status `declared`, or `refused` where a recount may not be asked for."""
    for row in table.entries():
        unit = gathered.unit_of(row)
        if not unit or gathered.missing(table, row, unit, "explanation_unread"):
            continue
        chosen = {key: _chosen(table, row, key) for key in ("measure", "reason", "opinion", "recount")}
        counts = {key: _count(row, key) for key in ("late", "count")}
        slips = [(k, v.why) for k, v in (*chosen.items(), *counts.items()) if isinstance(v, Slip)]
        if chosen["reason"] == "other" and not row.text("detail"):
            slips.append(("detail" if "detail" in row.cells else "reason", "lý do “khác” phải được ghi rõ bằng lời"))
        if slips:
            for key, why in slips:
                gathered.say(row.place(key).finding("explanation_unread", unit, row=gathered.name(unit), why=why))
            continue
        _add(row, unit, {k: str(v) for k, v in chosen.items()}, counts, gathered)


def _chosen(table: FormTable, row: FormRow, key: str) -> str | Slip:
    """The id a cell of a list names, "" for blank."""
    if not row.text(key):
        return ""
    place = row.place(key)
    if place.broken:
        return place.broken
    names = vocabulary(table.sheet.column(key))
    found = match_name(place.text, names)
    return found or Slip("explanation_unread", f"không có trong danh sách ({'; '.join(names.values())})")


def _count(row: FormRow, key: str) -> int | Slip | None:
    return read_count(row.place(key)) if key in row.cells else None


def _add(
    row: FormRow, unit: str, chosen: dict[str, str], counts: dict[str, int | Slip | None], gathered: Gathered
) -> None:
    day = read_date(row.place("approved_on")) if "approved_on" in row.cells else None
    refusals = list(_refusals(row, chosen["opinion"], day)) if chosen["recount"] else []
    number = len(gathered.rows.get("explanations", [])) + 1
    name = f"GT-{number:02d}"
    if refusals:  # one request, one finding: at the first cell that lacks something
        target = forms().recounts[chosen["recount"]]
        why = "; ".join(dict.fromkeys(why for _, why in refusals))
        facts = {"row": gathered.name(unit), "explanation": name, "target": target, "why": why}
        gathered.say(refusals[0][0].finding("explanation_recount_refused", unit, **facts))
    gathered.add(
        "explanations",
        row.place("count"),
        explanation_id=name,
        unit_id=unit,
        **chosen,
        **counts,
        **{key: row.text(key) for key in ("detail", "evidence", "document", "approver", "note")},
        approved_on="" if day is None or isinstance(day, Slip) else day.isoformat(),
        status="refused" if refusals else "declared",
        late_cell=row.place("late").address if "late" in row.cells else "",
        recount_cell=row.place("recount").address if "recount" in row.cells else "",
    )


def _refusals(row: FormRow, opinion: str, day: object) -> Iterator[tuple[Place, str]]:
    """Why the recount asked for may not be made, each with the cell that lacks something."""
    asked = row.place("recount")

    def cell(key: str) -> Place:
        return row.cells.get(key, asked)

    if opinion != ACCEPTED:
        why = "giải trình không được chấp nhận" if opinion else "chưa có ý kiến chấp nhận"
        yield cell("opinion"), why
    for key, why in _NEEDED.items():
        place = cell(key)
        if place.broken:
            yield place, place.broken.why
        elif not row.text(key):
            yield place, why
    if isinstance(day, Slip) and not cell("approved_on").broken:
        yield cell("approved_on"), day.why
