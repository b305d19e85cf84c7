"""`tthc rulebooks try`: scores a period by a rulebook's file as an alternative, and prints one unit step by step.

Nothing is published and no file is written beside the answers that the period's own cach-doc.xlsx holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from flows.commands.rulebook_check import check_file
from flows.commands.usage_errors import UsageError
from flows.steps.failures import JobFailed
from flows.steps.job import Job
from flows.steps.scoring_steps import check_inputs, read_inputs
from pipeline import quarter
from pipeline.load.content.display_names import origin_text
from pipeline.load.content.frame_rows import records
from pipeline.load.content.score_explanation import evidence_sources, evidence_value
from pipeline.result import Scored
from pipeline.rulebooks import RulebookChoice, period_of
from pipeline.text import fold, vn_decimal
from schemas.rulebook import Rulebook


def try_rulebook(path: Path, period: str, data_dir: Path) -> Scored:
    """A period scored by the rulebook of a file.

    Raises JobFailed if the file or the period cannot be used, UsageError for an impossible period.
    """
    book, faults = check_file(path)
    if book is None:
        raise JobFailed(f"{path}: {faults[0]} Mọi chỗ sai: tthc rulebooks check {path}.")
    try:
        job = Job.of(period, data_dir, None)
    except ValueError as error:
        raise UsageError(str(error)) from None
    choice = RulebookChoice(book, job.choice.applying, True, (), f"tệp {path.name}, chấm thử")
    job = replace(
        job,
        choice=choice,
        period=period_of(job.period, book),
        rulebooks={**job.rulebooks, book.id: book},
        refusal=None,
    )
    return quarter.score(check_inputs(job, read_inputs(job)), choice)


def try_lines(scored: Scored, unit: str = "") -> Iterator[str]:
    """Vietnamese lines: the total of every unit, then the criteria of one unit (by name; the first scored one).

    Raises UsageError for a name that no unit has.
    """
    book = scored.rulebook
    if book is None:
        return
    units = records(scored.unit_scores)
    chosen = next((r for r in units if fold(r["name"]) == fold(unit)), None) if unit else None
    if unit and chosen is None:
        raise UsageError(f"Không có đơn vị “{unit}”. Các đơn vị: {'; '.join(str(r['name']) for r in units)}.")
    yield f"Chấm thử {scored.checked.period.name} theo {book.short}; không công bố gì."
    for row in units:
        yield f"  {row['name']}: {_total(row, book)}"
    chosen = chosen or next((r for r in units if r["total"] is not None), None)
    if chosen is None:
        yield "Không đơn vị nào có điểm."
        return
    yield ""
    yield f"{chosen['name']}, từng tiêu chí:"
    yield from _steps(scored, book, str(chosen["unit_id"]))
    errors = int((scored.findings["severity"] == "error").sum())
    if errors:
        yield f"Số liệu của kỳ có {errors} lỗi: tthc check {scored.checked.period}."


def _total(row: dict[str, Any], book: Rulebook) -> str:
    if row["total"] is None:
        return str(row["status_reason"]) or "không có điểm"
    places = book.rounding.print_places
    total = f"{vn_decimal(row['total'], places)}/{vn_decimal(row['total_max'], 2, trim=True)} điểm"
    rank = f", hạng {row['rank']}" if row["rank"] is not None else ""
    return f"{total}, {row['class_printed'] or 'chưa xếp loại'}{rank}"


def _steps(scored: Scored, book: Rulebook, unit: str) -> Iterator[str]:
    """The criteria of a unit: points, what they were computed from, how each group adds up."""
    places = book.rounding.print_places
    scores = records(_of(scored.criterion_scores, unit))
    evidence = records(_of(scored.criterion_evidence, unit))
    groups = {c.id: c.group for c in book.criteria}
    for score in scores:
        most = vn_decimal(score["max_points"], 2, trim=True)
        points = vn_decimal(score["printed"], places) if score["counted"] else "không tính"
        yield f"  {score['number']}. {score['label']}: {points} (tối đa {most})"
        rows = [r for r in evidence if r["criterion"] == score["criterion"] and r["value"] is not None]
        for row in rows:
            origin = origin_text(str(row["origin"]))
            sources = "; ".join(evidence_sources([row]))
            told = ", ".join(filter(None, [origin, sources]))
            yield f"      {row['text']}: {evidence_value(row)}{f' ({told})' if told else ''}"
        if score["explanation"]:
            yield f"      {score['explanation']}"
    for row in records(_of(scored.group_scores, unit)):
        own = [s for s in scores if groups[s["criterion"]] == row["group"] and s["counted"]]
        added = " + ".join(vn_decimal(s["printed"], places) for s in own)
        parts = [
            f"công bố {vn_decimal(row['published'], places)}" if row["published"] is not None else "",
            f"tính lại {added} = {vn_decimal(row['recomputed'], places)}" if row["recomputed"] is not None else "",
        ]
        shown = vn_decimal(row["printed"], places) if row["printed"] is not None else "chưa biết"
        told = "; ".join(filter(None, parts))
        yield f"  Nhóm {row['number']}. {row['label']}: {shown}{f' ({told})' if told else ''}"
    total = next(r for r in records(scored.unit_scores) if r["unit_id"] == unit)
    yield f"  Tổng: {_total(total, book)}"


def _of(frame: pd.DataFrame, unit: str) -> pd.DataFrame:
    return frame.loc[frame["unit_id"] == unit]
