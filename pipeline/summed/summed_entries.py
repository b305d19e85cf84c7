"""What offices entered in the quarters of a half-year or year: sums, stocks of the last quarter, equal choices.

An entry is used only where every quarter has it. Where only some have it, or choices differ, a finding says so: the
period is scored as without that entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.findings import NO_PLACE, Finding
from pipeline.registry import UnitIndex
from pipeline.summed.quarter_tables import PublishedQuarter
from pipeline.text import shortened_list
from schemas.frames import Assessments, Documents, Frame, Officers, ReportFields, Supplement
from schemas.measures import DISCLOSURE_NAMES, PROCEDURE_MEASURES, SUPPLEMENT_NAMES
from schemas.rulebook import Rulebook

#: stocks: the number at the end of the last quarter
_OF_LAST = frozenset((*PROCEDURE_MEASURES, "eligible_pending"))
_CARRIED, _RECEIVED = "eligible_carried_over", "eligible_received"
#: bases of scores that a person chose
_BY_HAND = ("assessed", "appraised")
#: fields that are of one report only
_OF_ONE_REPORT = ("report_number", "report_date", "directions")
_LATE_REASON = "late_reason:"


def summed_supplement(quarters: Sequence[PublishedQuarter], index: UnitIndex) -> tuple[pd.DataFrame, list[Finding]]:
    """The Supplement frame of the period, a row a quarter for each number that adds up, and findings."""
    ids = [str(u) for u in index.current["unit_id"]]
    rows: list[dict[str, object]] = []
    findings = []
    for item in SUPPLEMENT_NAMES:
        entered = [quarter.entries[item].reindex(list(ids)) for quarter in quarters]
        parts = _parts(quarters, entered, item, ids)
        everywhere = np.logical_and.reduce([part.notna().to_numpy() for _, part in parts])
        somewhere = np.logical_or.reduce([part.notna().to_numpy() for part in entered])
        for quarter, part in parts:
            rows += [
                _row(quarter, unit, item, value=int(value))
                for unit, value, known in zip(ids, part.tolist(), everywhere, strict=True)
                if known
            ]
        partly = [u for u, one, every in zip(ids, somewhere, everywhere, strict=True) if one and not every]
        if partly:
            lacking = _lacking(quarters, entered, partly)
            found = f"{lacking} chưa nhập đủ ({_names(partly, index)})"
            findings.append(_differ(SUPPLEMENT_NAMES[item], found, partly))
    choices, about_choices = _choices(quarters, index)
    return _frame(Supplement, [*rows, *choices]), [*findings, *about_choices]


def _parts(
    quarters: Sequence[PublishedQuarter], entered: Sequence[pd.Series], item: str, ids: Sequence[str]
) -> list[tuple[PublishedQuarter, pd.Series]]:
    """The numbers of an item that add up to the period's."""
    if item in _OF_LAST:
        return [(quarters[-1], entered[-1])]
    if item == _CARRIED:
        return [(quarters[0], entered[0])]
    parts = list(zip(quarters, entered, strict=True))
    if item != _RECEIVED:
        return parts
    later = [(q, part - q.entries[_CARRIED].reindex(list(ids))) for q, part in parts[1:]]
    return [parts[0], *((q, part.where((part >= 0).fillna(False))) for q, part in later)]


def _lacking(quarters: Sequence[PublishedQuarter], entered: Sequence[pd.Series], units: Sequence[str]) -> str:
    """Vietnamese: the quarters that lack the number of one of the units."""
    names = [q.period.name for q, part in zip(quarters, entered, strict=True) if part[list(units)].isna().any()]
    return ", ".join(names or [quarters[-1].period.name])


def _choices(quarters: Sequence[PublishedQuarter], index: UnitIndex) -> tuple[list[dict[str, object]], list[Finding]]:
    """The choices that all quarters made alike, as rows of Supplement, and a finding where they differ."""
    chosen = []
    for quarter in quarters:
        rows = quarter.supplement.loc[quarter.supplement["option"] != ""].drop_duplicates(["unit_id", "item"])
        chosen.append(
            {(str(u), str(i)): str(o) for u, i, o in zip(rows["unit_id"], rows["item"], rows["option"], strict=True)}
        )
    found, findings = [], []
    for key, options in _options(chosen).items():
        unit, item = key
        if unit not in index.names:
            continue
        if len(set(options)) == 1:
            found.append(_row(quarters[-1], unit, item, option=options[0]))
        else:
            texts = (DISCLOSURE_NAMES.get(o, o) or "chưa nhập" for o in options)
            said = "; ".join(f"{q.period.name}: {text}" for q, text in zip(quarters, texts, strict=True))
            findings.append(_differ("Công khai TTHC", f"{index.names[unit]} – {said}", [unit]))
    return found, findings


def _options(chosen: Sequence[Mapping[tuple[str, str], str]]) -> dict[tuple[str, str], list[str]]:
    """(unit_id, item) -> its option in each quarter, "" where there is none."""
    keys = dict.fromkeys(key for quarter in chosen for key in quarter)
    return {key: [quarter.get(key, "") for quarter in chosen] for key in keys}


def summed_assessments(
    quarters: Sequence[PublishedQuarter], index: UnitIndex, rulebook: Rulebook | None
) -> tuple[pd.DataFrame, list[Finding]]:
    """The Assessments frame: options that a person chose alike in every quarter, and findings where they did not."""
    if rulebook is None:
        return Assessments.empty(), []
    chosen = []
    for quarter in quarters:
        table = quarter.table("criterion_scores.csv")
        rows = table.loc[table["basis"].isin(_BY_HAND)]
        keys = zip(rows["unit_id"], rows["criterion"], strict=True)
        chosen.append({(str(u), str(c)): str(o) or "?" for (u, c), o in zip(keys, rows["option"], strict=True)})
    labels = {criterion.id: f"Tiêu chí {criterion.number}" for criterion in rulebook.criteria}
    last = quarters[-1]
    found, findings = [], []
    for (unit, criterion), options in _options(chosen).items():
        if unit not in index.names or criterion not in labels:
            continue
        if len(set(options)) == 1 and options[0] != "?":
            found.append(
                {
                    "unit_id": unit,
                    "rulebook": rulebook.id,
                    "criterion": criterion,
                    "option": options[0],
                    "reason": f"Đánh giá như nhau ở mọi quý ({last.shown})",
                    "source_file": f"{last.folder}/criterion_scores.csv",
                }
            )
            continue
        by_hand = ", ".join(q.period.name for q, option in zip(quarters, options, strict=True) if option)
        said = f"{index.names[unit]} được đánh giá trực tiếp hoặc thẩm định ở {by_hand}, các quý không như nhau"
        findings.append(_differ(labels[criterion], said, [unit]))
    return _frame(Assessments, found), findings


def summed_officers(quarters: Sequence[PublishedQuarter], index: UnitIndex) -> tuple[pd.DataFrame, list[Finding]]:
    """The Officers frame: those of the last quarter that no quarter gave a score of their own, and findings."""
    own: dict[str, int] = {}
    for quarter in quarters:
        table = quarter.table("officer_scores.csv")
        entered = table.loc[table["basis"] == "entered"]
        for person in zip(entered["officer"], entered["unit_id"], strict=True):
            own[str(person)] = own.get(str(person), 0) + 1
    last = quarters[-1]
    table = last.table("officer_scores.csv")
    rows = [
        {
            "officer": officer,
            "unit_id": unit,
            "position": position,
            "source_file": f"{last.folder}/officer_scores.csv",
            "source_cell": f"A{row}",
        }
        for officer, unit, position, row in zip(
            table["officer"], table["unit_id"], table["position"], table["row"], strict=True
        )
        if unit in index.names and str((officer, unit)) not in own
    ]
    said = f"{len(own)} công chức, viên chức có điểm nhập riêng ở các quý, không có cách cộng điểm đã quy định"
    findings = [_differ("Điểm công chức, viên chức", said, [])] if own else []
    return _frame(Officers, rows), findings


def last_documents(quarter: PublishedQuarter) -> pd.DataFrame:
    """The Documents frame of the last quarter, without the report that it replaced."""
    table = quarter.table("documents.csv")
    kept = table.loc[table["role"] != "replaces"]
    return _frame(Documents, list(_records(kept, quarter, "documents.csv", "C")))


def last_fields(quarter: PublishedQuarter) -> pd.DataFrame:
    """The ReportFields frame of the last quarter, without what is of that report only."""
    table = quarter.table("report_fields.csv")
    kept = table.loc[~table["field"].isin(_OF_ONE_REPORT) & ~table["field"].str.startswith(_LATE_REASON)]
    return _frame(ReportFields, list(_records(kept, quarter, "report_fields.csv", "B")))


def _records(table: pd.DataFrame, quarter: PublishedQuarter, name: str, column: str) -> Iterator[dict[str, object]]:
    for row in table.to_dict("records"):
        cell = f"{column}{row.pop('row')}"
        yield {**{str(k): v for k, v in row.items()}, "source_file": f"{quarter.folder}/{name}", "source_cell": cell}


def _row(quarter: PublishedQuarter, unit: str, item: str, **content: object) -> dict[str, object]:
    row = quarter.entry_rows.get((unit, item), "")
    return {
        "unit_id": unit,
        "item": item,
        "source_file": f"{quarter.folder}/supplement.csv",
        "source_cell": f"{'E' if 'option' in content else 'D'}{row}",
        **content,
    }


def _differ(row: str, found: str, units: Sequence[str]) -> Finding:
    return NO_PLACE.finding("quarter_entries_differ", found=found, units=tuple(units), row=row)


def _names(units: Sequence[str], index: UnitIndex) -> str:
    return shortened_list([index.names[u] for u in units])


def _frame(model: type[Frame], rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Rows as the model's frame; columns left out are "" or NA."""
    empty = model.empty()
    columns = {}
    for name in map(str, empty.columns):
        blank = "" if str(empty[name].dtype) == "str" else None
        columns[name] = pd.Series([row.get(name, blank) for row in rows], dtype=empty[name].dtype)
    return model.validate(pd.DataFrame(columns, columns=list(empty.columns)), lazy=True)
