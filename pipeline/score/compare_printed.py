"""Printed against computed: every figure that a document printed beside the one the counts give.

Printed figures that cannot be right on their own (a part above its whole) are findings as well. Nothing printed is
ever used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from pipeline.arithmetic.identities import GROUPS
from pipeline.findings import Finding, Place, source_place
from pipeline.score.source_text import Record, source_text
from pipeline.text import nfc, vn_decimal, vn_int
from schemas.frames import TOTALLED, Comparison
from schemas.measures import ELIGIBLE_SUMS, MEASURE_NAMES, PART_OF
from schemas.rulebook import Rulebook

#: the printed items that are no criterion
ITEM_NAMES = {"total": "Tổng điểm", "officer_average": "ĐTB CCVC", "class": "Phân loại"}
_SUMS = (*((group.total, group.parts) for group in GROUPS.values()), *ELIGIBLE_SUMS)
_NOT_SCORED = "không chấm"
_SCORED = (*TOTALLED, "no_resolved")
#: points: two figures with two decimals differ by more
_SAME = 1e-9


@dataclass(frozen=True)
class _Compared:
    """A row of Comparison."""

    unit_id: str
    item: str
    kind: str  # score | class | count
    place: str  # in the document
    printed: str
    computed: str
    agrees: bool
    explanation: str
    source: Place

    @classmethod
    def of(
        cls, row: Record, kind: str, printed: str, computed: str, *, agrees: bool, explanation: str = ""
    ) -> _Compared:
        """The comparison of a row of Printed (`item`) or PrintedFigures (`measure`, `place`)."""
        item, place = str(row["item" if "item" in row else "measure"]), str(row.get("place", "điểm đã in"))
        unit_id = str(row["unit_id"])
        return cls(unit_id, item, kind, place, printed, computed, agrees, explanation, source_place(row))


def compare_scores(
    printed: pd.DataFrame,
    criterion_scores: pd.DataFrame,
    totals: pd.DataFrame,
    rulebook: Rulebook,
) -> tuple[pd.DataFrame, list[Finding]]:
    """Comparison of printed and computed criteria, totals, averages and classes of units and levels, and findings.

    Frames: Printed, CriterionScores; `totals`: unit and level scores together (columns of UnitScores). Rows under
    another rulebook are left out, with a notice for each such rulebook.
    """
    findings = []
    for other, rows in printed.loc[printed["rulebook"] != rulebook.id].groupby("rulebook"):
        place = source_place(rows.iloc[0].to_dict())
        findings.append(place.finding("printed_other_rulebook", found=str(other), expected=rulebook.id))
    own = printed.loc[printed["rulebook"] == rulebook.id]
    scores = {(str(r["unit_id"]), str(r["criterion"])): r for r in criterion_scores.to_dict("records")}
    whole = {str(r["unit_id"]): r for r in totals.to_dict("records")}
    compared = []
    for row in own.to_dict("records"):
        unit_id, item = str(row["unit_id"]), str(row["item"])
        score, unit = scores.get((unit_id, item)), whole.get(unit_id)
        if item == "class":
            one = _compare_class(row, unit, rulebook)
        elif pd.isna(row["value"]):
            continue
        else:
            one = _compare_points(row, unit if item in ITEM_NAMES else score, own, rulebook)
        compared.append(one)
        # a unit that is not scored has a finding of its own: its printed scores are listed, without one more
        if not one.agrees and unit is not None and unit["status"] in _SCORED:
            facts = {"row": unit["name"], "label": _item_name(item, rulebook)}
            finding = one.source.finding(
                "printed_score_differs", unit_id, found=one.printed, expected=one.computed, **facts
            )
            findings.append(finding)
    return _frame(compared), findings


def _item_name(item: str, rulebook: Rulebook) -> str:
    """A printed item as findings name it: `tiêu chí 6`, `Tổng điểm`."""
    criteria = {c.id: f"tiêu chí {c.number}" for c in rulebook.criteria}
    return ITEM_NAMES.get(item) or criteria.get(item, item)


def _compare_class(row: Record, unit: Record | None, rulebook: Rulebook) -> _Compared:
    """A printed class against that of the table that is signed; of a level, which is not in it, against its own."""
    column = "class_local" if rulebook.local_class is not None else "class_law"
    of_unit = unit is not None and isinstance(unit["class_printed"], str)
    computed = str((unit["class_printed" if of_unit else column] if unit is not None else "") or _NOT_SCORED)
    written = str(row["text"])
    agrees = nfc(written).casefold() == computed.casefold()
    return _Compared.of(row, "class", written, computed, agrees=agrees)


def _compare_points(row: Record, computed_in: Record | None, printed: pd.DataFrame, rulebook: Rulebook) -> _Compared:
    """A printed criterion, total or average against the computed one.

    `computed_in`: the row of CriterionScores or of the totals that has the computed figure; `printed`: Printed.
    """
    item, value = str(row["item"]), float(row["value"])
    found = computed_in[item if item in ITEM_NAMES else "printed"] if computed_in is not None else None
    computed = None if found is None or pd.isna(found) else float(found)
    agrees = computed is not None and abs(computed - value) < _SAME
    shown = _NOT_SCORED if computed is None else vn_decimal(computed, 2, trim=True)
    why = "" if agrees else _why_different(row, computed_in, printed, rulebook)
    return _Compared.of(row, "score", vn_decimal(value, 2, trim=True), shown, agrees=agrees, explanation=why)


def _why_different(row: Record, score: Record | None, printed: pd.DataFrame, rulebook: Rulebook) -> str:
    """The explanation of a criterion's score; for a total or average, the sum of the criteria printed beside it."""
    item = str(row["item"])
    if item not in ITEM_NAMES:
        return str(score["explanation"] or "") if score is not None else ""
    beside = printed.loc[printed["unit_id"] == row["unit_id"]]
    wanted = [c.id for c in rulebook.criteria] if item == "total" else list(rulebook.officer_criteria)
    criteria = beside.loc[beside["item"].isin(wanted) & beside["value"].notna()]
    if len(criteria) < len(wanted):
        return ""
    exact = sum((Fraction(str(v)) for v in criteria["value"]), Fraction(0))
    stated = beside.loc[beside["item"] == item, "value"]
    own_sum = vn_decimal(float(exact), 2, trim=True)
    # each printed criterion may be off by half a hundredth
    slack = Fraction(len(wanted), 200)
    if stated.notna().any() and abs(Fraction(str(stated.iloc[0])) - exact) > slack:
        return f"Các tiêu chí in ở chính dòng này cộng lại {own_sum}"
    return f"Các tiêu chí in ở dòng này cộng lại {own_sum}; khác ở từng tiêu chí"


def compare_figures(
    figures_printed: pd.DataFrame, figures: pd.DataFrame, levels: Sequence[str], names: Mapping[str, str]
) -> tuple[pd.DataFrame, list[Finding]]:
    """Comparison of printed counts and the figures, and findings; those that cannot be right on their own too.

    Frames: PrintedFigures (unit_id "" = all levels together), Figures. Counts are dossiers, procedures or petitions.
    `levels`: ids of the levels; `names`: id -> name.
    """
    known = _with_whole_area(figures, levels)
    names = {**names, "": "Toàn địa bàn"}
    numbers = figures_printed.loc[
        figures_printed["value"].notna() & figures_printed["measure"].isin(list(MEASURE_NAMES))
    ]
    compared, findings = [], []
    for row in numbers.to_dict("records"):
        unit_id, measure, printed = str(row["unit_id"]), str(row["measure"]), int(row["value"])
        value = known.get(unit_id, {}).get(measure)
        computed = "không có số liệu" if value is None else vn_int(value)
        one = _Compared.of(row, "count", vn_int(printed), computed, agrees=value == printed)
        compared.append(one)
        if not one.agrees:
            facts = {"row": names.get(unit_id, unit_id), "label": MEASURE_NAMES[measure], "place": row["place"]}
            finding = one.source.finding(
                "printed_count_differs", unit_id, found=one.printed, expected=one.computed, **facts
            )
            findings.append(finding)
    return _frame(compared), [*findings, *_impossible(numbers, known, names)]


def _with_whole_area(figures: pd.DataFrame, levels: Sequence[str]) -> dict[str, dict[str, int]]:
    """unit_id -> measure -> value; unit_id "" is the sum of the levels, where every level has the measure."""
    known: dict[str, dict[str, int]] = {}
    for unit_id, measure, value in zip(figures["unit_id"], figures["measure"], figures["value"], strict=True):
        known.setdefault(str(unit_id), {})[str(measure)] = int(value)
    of_levels = [known.get(level, {}) for level in levels]
    common = [m for m in MEASURE_NAMES if levels and all(m in of_level for of_level in of_levels)]
    return known | {"": {m: sum(of_level[m] for of_level in of_levels) for m in common}}


def _impossible(
    numbers: pd.DataFrame, known: Mapping[str, Mapping[str, int]], names: Mapping[str, str]
) -> list[Finding]:
    """Inside one place of the document: parts above their whole, parts that add up to more than their total."""
    findings: list[Finding] = []
    for (unit, place), rows in numbers.groupby(["unit_id", "place"], sort=False):
        unit_id = str(unit)
        given = {str(m): int(v) for m, v in zip(rows["measure"], rows["value"], strict=True)}
        cells = {str(row["measure"]): source_place(row) for row in rows.to_dict("records")}
        # the document's own total goes before the computed one
        totals = {**known.get(unit_id, {}), **given}
        for measure, found, expected in (*_wrong_sums(given, totals), *_parts_above(given, totals)):
            finding = cells[measure].finding(
                "printed_impossible",
                unit_id,
                found=found,
                expected=expected,
                row=names.get(unit_id, unit_id),
                place=place,
            )
            findings.append(finding)
    return findings


def _wrong_sums(given: Mapping[str, int], totals: Mapping[str, int]) -> Iterable[tuple[str, str, str]]:
    """(first printed part, found, expected) of each group whose printed parts cannot belong to its total."""
    for total, parts in _SUMS:
        stated = [p for p in parts if p in given]
        limit = totals.get(total)
        added = sum(given[p] for p in stated)
        if limit is None or not stated or (total not in given and len(stated) < 2):
            continue
        if added > limit or (total in given and len(stated) == len(parts) and added != limit):
            terms = " + ".join(f"{MEASURE_NAMES[p].rpartition(': ')[2].lower()} {vn_int(given[p])}" for p in stated)
            yield stated[0], f"{terms} = {vn_int(added)}", f"“{MEASURE_NAMES[total]}” là {vn_int(limit)}"


def _parts_above(given: Mapping[str, int], totals: Mapping[str, int]) -> Iterable[tuple[str, str, str]]:
    """(part, found, expected) of each printed part above its whole."""
    for part, whole in PART_OF:
        limit = totals.get(whole)
        if part in given and limit is not None and given[part] > limit:
            found = f"“{MEASURE_NAMES[part]}” {vn_int(given[part])}"
            yield part, found, f"lớn hơn “{MEASURE_NAMES[whole]}” {vn_int(limit)}"


def compare_boxes(
    figures_printed: pd.DataFrame,
    printed: pd.DataFrame,
    criterion_scores: pd.DataFrame,
    rulebook: Rulebook,
    names: Mapping[str, str],
) -> tuple[pd.DataFrame, list[Finding]]:
    """Comparison of boxes marked on a form (`box:<criterion>` = points) with the printed and the computed score.

    Frames: PrintedFigures, Printed, CriterionScores. A box that differs from the score printed beside it is one
    finding; only where they agree is the box compared with the computed score.
    """
    boxes = figures_printed.loc[figures_printed["measure"].str.startswith("box:") & figures_printed["value"].notna()]
    scores = _numbers(criterion_scores, "criterion", "printed")
    beside = _numbers(printed.loc[printed["rulebook"] == rulebook.id], "item", "value")
    numbers = {c.id: c.number for c in rulebook.criteria}
    compared, findings = [], []
    for row in boxes.to_dict("records"):
        unit_id, criterion = str(row["unit_id"]), str(row["measure"]).removeprefix("box:")
        if criterion not in numbers:
            continue
        points, value = float(row["value"]), scores.get((unit_id, criterion))
        printed_score = beside.get((unit_id, criterion))
        shown = f"ô {vn_decimal(points, 2, trim=True)} điểm"
        computed = _NOT_SCORED if value is None else f"{vn_decimal(value, 2, trim=True)} điểm"
        name, source, why = names.get(unit_id, unit_id), source_place(row), ""
        if printed_score is not None and printed_score != points:
            written = vn_decimal(printed_score, 2, trim=True)
            why = f"Biểu đánh dấu {shown} nhưng ghi điểm {written}"
            finding = source.finding(
                "printed_impossible",
                unit_id,
                found=f"đánh dấu {shown}",
                expected=f"điểm ghi bên cạnh là {written}",
                row=name,
                place=row["place"],
            )
            findings.append(finding)
        elif value is not None and value != points:
            label = f"tiêu chí {numbers[criterion]}, ô đánh dấu"
            findings.append(
                source.finding("printed_score_differs", unit_id, found=shown, expected=computed, row=name, label=label)
            )
        compared.append(_Compared.of(row, "score", shown, computed, agrees=value == points, explanation=why))
    return _frame(compared), findings


def _numbers(frame: pd.DataFrame, key: str, value: str) -> dict[tuple[str, str], float]:
    """(unit_id, key) -> the number, where there is one."""
    given = frame.loc[frame[value].notna()]
    return {(str(u), str(k)): float(v) for u, k, v in zip(given["unit_id"], given[key], given[value], strict=True)}


def _frame(compared: Sequence[_Compared]) -> pd.DataFrame:
    """Comparison, a row for each, in their order."""
    if not compared:
        return Comparison.empty()
    columns = list(Comparison.to_schema().columns)
    rows = [[source_text(one.source) if c == "source" else getattr(one, c) for c in columns] for one in compared]
    frame = pd.DataFrame(rows, columns=columns)
    return Comparison.validate(frame.astype({c: "bool" if c == "agrees" else "str" for c in columns}), lazy=True)
