"""Computed against printed: every figure somebody printed, beside what the counts give; impossible ones are named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pandas as pd

from pipeline.arithmetic.identities import GROUPS
from pipeline.findings import Finding
from pipeline.text import nfc, vn_decimal, vn_int
from schemas.frames import Comparison
from schemas.measures import ELIGIBLE_SUMS, MEASURE_NAMES, PART_OF
from schemas.rulebook import Rulebook

ITEM_NAMES = {"total": "Tổng điểm", "officer_average": "ĐTB CCVC", "class": "Phân loại"}
_SUMS = (*((group.total, group.parts) for group in GROUPS.values()), *ELIGIBLE_SUMS)
_NOT_SCORED = "không chấm"


def compare_scores(
    printed: pd.DataFrame,
    criterion_scores: pd.DataFrame,
    totals: pd.DataFrame,
    rulebook: Rulebook,
    names: Mapping[str, str],
) -> tuple[pd.DataFrame, list[Finding]]:
    """Printed against computed criteria, totals, averages and classes of units and levels.

    printed: Printed; totals: unit and level scores together (columns of UnitScores). Rows under another rulebook are
    skipped with a notice.
    """
    findings = []
    for other, rows in printed.loc[printed["rulebook"] != rulebook.id].groupby("rulebook"):
        first = rows.iloc[0]
        place = (first["source_file"], first["source_sheet"], first["source_cell"])
        findings.append(Finding("printed_other_rulebook", "", *place, str(other), rulebook.id))
    own = printed.loc[printed["rulebook"] == rulebook.id]
    scores = {(r.unit_id, r.criterion): r for r in criterion_scores.itertuples()}
    whole = {str(r.unit_id): r for r in totals.itertuples()}
    labels = {c.id: f"tiêu chí {c.number}" for c in rulebook.criteria}
    scored = {u for u, unit in whole.items() if unit.status in {"scored", "no_resolved"}}
    rows_out = []
    for row in own.to_dict("records"):
        unit_id, item = str(row["unit_id"]), str(row["item"])
        if item == "class":
            computed = _class(whole.get(unit_id), rulebook)
            agrees = nfc(row["text"]).casefold() == computed.casefold()
            shown, why = str(row["text"]), ""
        else:
            value = _computed(item, scores.get((unit_id, item)), whole.get(unit_id))
            if pd.isna(row["value"]):
                continue
            shown = vn_decimal(float(row["value"]), 2, trim=True)
            computed = _NOT_SCORED if value is None else vn_decimal(value, 2, trim=True)
            agrees = value is not None and abs(value - float(row["value"])) < 1e-9
            why = (
                "" if agrees else _why(item, scores.get((unit_id, item)), own.loc[own["unit_id"] == unit_id], rulebook)
            )
        source = (str(row["source_file"]), str(row["source_sheet"]), str(row["source_cell"]))
        rows_out.append(
            _row(
                unit_id,
                item,
                "class" if item == "class" else "score",
                "điểm đã in",
                shown,
                computed,
                agrees,
                why,
                source,
            )
        )
        # a unit that is not scored has its own finding: the table lists its printed scores, nothing more is said
        if not agrees and unit_id in scored:
            label = ITEM_NAMES.get(item) or labels.get(item, item)
            facts = {"row": names.get(unit_id, unit_id), "label": label}
            findings.append(Finding("printed_score_differs", unit_id, *source, shown, computed, facts))
    return _frame(rows_out), findings


def _computed(item: str, score: object, totals: object) -> float | None:
    value = getattr(totals, item, None) if item in ITEM_NAMES else getattr(score, "printed", None)
    return None if value is None or pd.isna(value) else float(value)


def _class(totals: object, rulebook: Rulebook) -> str:
    column = "class_local" if rulebook.local_class is not None else "class_law"
    return str(getattr(totals, column, "") or _NOT_SCORED)


def _why(item: str, score: object, row: pd.DataFrame, rulebook: Rulebook) -> str:
    """What the trail says of the criterion; for a sum, what the printed row itself adds up to."""
    if item not in ITEM_NAMES:
        return str(getattr(score, "explanation", "") or "")
    wanted = [c.id for c in rulebook.criteria] if item == "total" else list(rulebook.officer_criteria)
    printed = row.loc[row["item"].isin(wanted) & row["value"].notna()]
    if len(printed) < len(wanted):
        return ""
    exact = sum((Fraction(str(v)) for v in printed["value"]), Fraction(0))
    stated = row.loc[row["item"] == item, "value"]
    own_sum = vn_decimal(float(exact), 2, trim=True)
    # each printed criterion may be off by half a hundredth
    slack = Fraction(len(wanted), 200)
    if stated.notna().any() and abs(Fraction(str(stated.iloc[0])) - exact) > slack:
        return f"Các tiêu chí in ở chính dòng này cộng lại {own_sum}"
    return f"Các tiêu chí in ở dòng này cộng lại {own_sum}; khác ở từng tiêu chí"


def compare_figures(
    figures_printed: pd.DataFrame, figures: pd.DataFrame, levels: Sequence[str], names: Mapping[str, str]
) -> tuple[pd.DataFrame, list[Finding]]:
    """Printed counts and notes against the figures; printed figures that cannot be right on their own are named.

    figures_printed: PrintedFigures, unit_id "" = all levels together; figures: Figures; levels: their ids.
    """
    known = {
        (str(u), str(m)): int(v)
        for u, m, v in zip(figures["unit_id"], figures["measure"], figures["value"], strict=True)
    }
    for measure in MEASURE_NAMES:
        of_levels = [known.get((level, measure)) for level in levels]
        if of_levels and None not in of_levels:
            known["", measure] = sum(v for v in of_levels if v is not None)
    names = {**names, "": "Toàn địa bàn"}
    rows, findings = [], []
    numbers = figures_printed.loc[
        figures_printed["value"].notna() & figures_printed["measure"].isin(list(MEASURE_NAMES))
    ]
    for row in numbers.to_dict("records"):
        unit_id, measure = str(row["unit_id"]), str(row["measure"])
        value = known.get((unit_id, measure))
        shown = vn_int(int(row["value"]))
        computed = "không có số liệu" if value is None else vn_int(value)
        source = (str(row["source_file"]), str(row["source_sheet"]), str(row["source_cell"]))
        agrees = value == int(row["value"])
        rows.append(_row(unit_id, measure, "count", str(row["place"]), shown, computed, agrees, "", source))
        if not agrees:
            facts = {
                "row": names.get(unit_id, unit_id),
                "label": MEASURE_NAMES[measure],
                "place": row["place"],
            }
            findings.append(Finding("printed_count_differs", unit_id, *source, shown, computed, facts))
    findings += _impossible(numbers, known, names)
    return _frame(rows), findings


def _impossible(numbers: pd.DataFrame, known: Mapping[tuple[str, str], int], names: Mapping[str, str]) -> list[Finding]:
    """Inside one place of the document: parts above their whole, parts that add up to more than their total."""
    findings: list[Finding] = []
    for (unit_id, place), rows in numbers.groupby(["unit_id", "place"], sort=False):
        given = {str(m): int(v) for m, v in zip(rows["measure"], rows["value"], strict=True)}
        cells = {
            str(r["measure"]): (str(r["source_file"]), str(r["source_sheet"]), str(r["source_cell"]))
            for r in rows.to_dict("records")
        }
        facts = {"row": names.get(str(unit_id), str(unit_id)), "place": place}

        def whole_of(measure: str, given: Mapping[str, int] = given, unit: str = str(unit_id)) -> int | None:
            return given.get(measure, known.get((unit, measure)))

        for total, parts in _SUMS:
            stated = [p for p in parts if p in given]
            limit = whole_of(total)
            added = sum(given[p] for p in stated)
            if limit is None or not stated or (total not in given and len(stated) < 2):
                continue
            if added > limit or (total in given and len(stated) == len(parts) and added != limit):
                terms = " + ".join(f"{MEASURE_NAMES[p].rpartition(': ')[2].lower()} {vn_int(given[p])}" for p in stated)
                found = f"{terms} = {vn_int(added)}"
                expected = f"“{MEASURE_NAMES[total]}” là {vn_int(limit)}"
                findings.append(Finding("printed_impossible", str(unit_id), *cells[stated[0]], found, expected, facts))
        for part, whole in PART_OF:
            limit = whole_of(whole)
            if part in given and limit is not None and given[part] > limit:
                found = f"“{MEASURE_NAMES[part]}” {vn_int(given[part])}"
                expected = f"lớn hơn “{MEASURE_NAMES[whole]}” {vn_int(limit)}"
                findings.append(Finding("printed_impossible", str(unit_id), *cells[part], found, expected, facts))
    return findings


def compare_boxes(
    figures_printed: pd.DataFrame,
    printed: pd.DataFrame,
    criterion_scores: pd.DataFrame,
    rulebook: Rulebook,
    names: Mapping[str, str],
) -> tuple[pd.DataFrame, list[Finding]]:
    """Boxes marked on a form (`box:<criterion>` = points) against the printed and the computed score."""
    boxes = figures_printed.loc[figures_printed["measure"].str.startswith("box:") & figures_printed["value"].notna()]
    scores = _numbers(criterion_scores, "criterion", "printed")
    beside = _numbers(printed.loc[printed["rulebook"] == rulebook.id], "item", "value")
    numbers = {c.id: c.number for c in rulebook.criteria}
    rows, findings = [], []
    for row in boxes.to_dict("records"):
        unit_id, criterion = str(row["unit_id"]), str(row["measure"]).removeprefix("box:")
        if criterion not in numbers:
            continue
        points = float(row["value"])
        value = scores.get((unit_id, criterion))
        source = (str(row["source_file"]), str(row["source_sheet"]), str(row["source_cell"]))
        shown = f"ô {vn_decimal(points, 2, trim=True)} điểm"
        computed = _NOT_SCORED if value is None else f"{vn_decimal(value, 2, trim=True)} điểm"
        printed_score = beside.get((unit_id, criterion))
        why = ""
        if printed_score is not None and printed_score != points:
            why = f"Biểu đánh dấu {shown} nhưng ghi điểm {vn_decimal(printed_score, 2, trim=True)}"
            facts = {
                "row": names.get(unit_id, unit_id),
                "place": row["place"],
            }
            expected = f"điểm ghi bên cạnh là {vn_decimal(printed_score, 2, trim=True)}"
            findings.append(Finding("printed_impossible", unit_id, *source, f"đánh dấu {shown}", expected, facts))
        elif value is not None and value != points:
            facts = {
                "row": names.get(unit_id, unit_id),
                "label": f"tiêu chí {numbers[criterion]}, ô đánh dấu",
            }
            findings.append(Finding("printed_score_differs", unit_id, *source, shown, computed, facts))
        rows.append(
            _row(
                unit_id,
                f"box:{criterion}",
                "score",
                str(row["place"]),
                shown,
                computed,
                value == points,
                why,
                source,
            )
        )
    return _frame(rows), findings


def _numbers(frame: pd.DataFrame, key: str, value: str) -> dict[tuple[str, str], float]:
    """(unit_id, key) -> the number, where there is one."""
    given = frame.loc[frame[value].notna()]
    return {(str(u), str(k)): float(v) for u, k, v in zip(given["unit_id"], given[key], given[value], strict=True)}


def _row(
    unit_id: str,
    item: str,
    kind: str,
    place: str,
    printed: str,
    computed: str,
    agrees: bool,
    explanation: str,
    source: tuple[str, str, str],
) -> dict[str, object]:
    return {
        "unit_id": unit_id, "item": item, "kind": kind, "place": place, "printed": printed, "computed": computed,
        "agrees": agrees, "explanation": explanation, "source": "!".join(source),
    }  # fmt: skip


def _frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    if not rows:
        return Comparison.empty()
    frame = pd.DataFrame(rows, columns=list(Comparison.to_schema().columns))
    text = [c for c in frame.columns if c != "agrees"]
    frame[text] = frame[text].astype("str")
    return Comparison.validate(frame.astype({"agrees": "bool"}), lazy=True)
