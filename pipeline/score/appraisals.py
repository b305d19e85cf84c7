"""Which of self-score, computed score and appraisal the report uses: decided here and nowhere else.

The rule in words is `appraisal_rule` of forms.toml; the form, the workbook and the annex print it. Why it is so:
art. 15.2a of Thông tư 01/2018/TT-VPCP makes the criteria by dossier an average over dossiers, which no opinion
replaces; art. 14.3c lets the others be judged by inspection and documents, and art. 15.4b leaves out what lacks
information. So figures decide what can be computed from figures, and an appraisal decides what has to be judged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from pipeline.findings import Finding
from pipeline.text import vn_day, vn_decimal
from schemas.frames import Appraised, Assessments
from schemas.rulebook import Criterion, Rulebook

#: how the score came about where no appraisal is used; `not_scored`: the unit has no scores at all
NOT_SCORED = "not_scored"
_ABSENT = {"not_counted": "không tính", NOT_SCORED: "không chấm"}
_BESIDE = {"assessed": "đánh giá trực tiếp"}
_SAME = 1e-9


@dataclass(frozen=True)
class Settled:
    """What became of the appraisals of a quarter."""

    appraised: pd.DataFrame  # Appraised
    assessments: pd.DataFrame  # Assessments with the appraisals that are used in place of those they differ from
    used: frozenset[tuple[str, str]]  # (unit_id, criterion) scored by an appraisal
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Verdict:
    """One appraisal weighed: whether it is used, and what has to be said."""

    uses: bool = False
    finding: Finding | None = None


def settle(
    appraisals: pd.DataFrame,
    printed: pd.DataFrame,
    criterion_scores: pd.DataFrame,
    from_figures: pd.DataFrame,
    assessments: pd.DataFrame,
    rulebook: Rulebook,
    names: Mapping[str, str],
) -> Settled:
    """Weigh every appraisal. Frames: Appraisals, Printed, CriterionScores without appraisals, Assessments.

    `from_figures`: CriterionScores without assessments either. What names another rulebook is skipped with a notice.
    Where no appraisal is used, `assessments` comes back as it was.
    """
    mine = appraisals.loc[appraisals["rulebook"] == rulebook.id]
    findings = other_rulebooks(appraisals, rulebook)
    criteria = {c.id: c for c in rulebook.criteria}
    scores, alone = (
        {(r["unit_id"], r["criterion"]): r for r in frame.to_dict("records")}
        for frame in (criterion_scores, from_figures)
    )
    by_hand = {
        (r["unit_id"], r["criterion"]): r
        for r in assessments.loc[assessments["rulebook"] == rulebook.id].to_dict("records")
    }
    given = {(r["unit_id"], r["criterion"]): r for r in mine.to_dict("records")}
    used = set()
    for key, row in given.items():
        verdict = _weigh(row, criteria[key[1]], scores.get(key), alone.get(key), by_hand.get(key), rulebook, names)
        if verdict.finding is not None:
            findings.append(verdict.finding)
        if verdict.uses:
            used.add(key)
    own = printed.loc[(printed["rulebook"] == rulebook.id) & printed["value"].notna() & printed["item"].isin(criteria)]
    self_scores = {(r["unit_id"], r["item"]): r for r in own.to_dict("records")}
    order = {unit: n for n, unit in enumerate(names)}
    at = {c: n for n, c in enumerate(criteria)}
    keys = sorted({*given, *self_scores}, key=lambda k: (order.get(k[0], len(order)), k[0], at[k[1]]))
    rows = [
        _line(k, criteria[k[1]], self_scores.get(k), scores.get(k), alone.get(k), given.get(k), k in used, rulebook)
        for k in keys
    ]
    merged = _merged(assessments, rulebook, [given[k] for k in keys if k in used])
    return Settled(_frame(rows), merged, frozenset(used), tuple(findings))


def marked(frame: pd.DataFrame, column: str, used: frozenset[tuple[str, str]]) -> pd.DataFrame:
    """A copy of CriterionScores (`basis`) or CriterionEvidence (`origin`) that says which scores are an appraiser's."""
    hit = [k in used for k in zip(frame["unit_id"], frame["criterion"], strict=True)]
    return frame.assign(**{column: frame[column].mask(pd.Series(hit, index=frame.index, dtype="bool"), "appraised")})


def other_rulebooks(appraisals: pd.DataFrame, rulebook: Rulebook | None) -> list[Finding]:
    """A notice for each rulebook whose appraisals do not count in this run."""
    mine = rulebook.id if rulebook else ""
    said = rulebook.short if rulebook else "chưa có căn cứ chấm điểm"
    first = appraisals.loc[appraisals["rulebook"] != mine].drop_duplicates("rulebook").to_dict("records")
    return [_about(row, "appraisal_other_rulebook", str(row["rulebook"]), said, {}) for row in first]


def _weigh(
    row: Mapping[Any, Any],
    criterion: Criterion,
    score: Mapping[Any, Any] | None,
    alone: Mapping[Any, Any] | None,
    assessment: Mapping[Any, Any] | None,
    rulebook: Rulebook,
    names: Mapping[str, str],
) -> _Verdict:
    """The rule, for one appraisal. `score`: what stands without it; `alone`: from figures; None where unscored."""
    basis = NOT_SCORED if score is None else str(score["basis"])
    stands, computed = _printed(score), _printed(alone)
    value = float(row["value"])
    facts = {
        "row": names.get(str(row["unit_id"]), str(row["unit_id"])),
        "label": f"tiêu chí {criterion.number}",
        "appraiser": row["appraiser"],
        "reason": row["reason"],
        "value": _points(value),
    }
    found, shown = _points(value), _ABSENT.get(basis) or _points(stands)
    if basis == NOT_SCORED or (basis == "not_counted" and criterion.kind == "average"):
        unscored = basis == NOT_SCORED
        why = "đơn vị không được chấm điểm" if unscored else "tiêu chí tính theo từng hồ sơ mà chưa tính được"
        where = "xem phát hiện về đơn vị này" if unscored else "thiếu số nào: sheet “Chi tiết điểm”"
        facts |= {"why": why, "next": f"Nhập hoặc sửa số liệu ({where})"}
        return _Verdict(finding=_about(row, "appraisal_not_possible", found, shown, facts))
    if _moved(row, computed):
        now = _ABSENT["not_counted"] if computed is None else _points(computed)
        before = str(row["seen_text"]) if pd.isna(row["seen"]) else _points(float(row["seen"]))
        return _Verdict(finding=_about(row, "appraisal_stale", before, now, facts))
    if score is not None and stands is not None:
        by_option = criterion.kind == "first_match"
        same = _as_printed(value, rulebook) == _as_printed(stands, rulebook)
        if row["option"] == score["option"] if by_option else same:
            return _Verdict()
    if not row["reason"]:
        what = {"what": f" {facts['label']}", "label": "Lý do", "written": "để trống"}
        why = f"thẩm định {found} khác {_BESIDE.get(basis, 'điểm hệ thống tính')} ({shown}) thì phải có lý do"
        refused = _about(row, "appraisal_refused", "", "lý do", {**facts, **what, "why": why}, str(row["reason_cell"]))
        return _Verdict(finding=refused)
    if basis in ("computed", "default"):
        return _Verdict(finding=_about(row, "appraisal_differs", found, shown, facts))
    if assessment is not None:
        parts = (assessment["source_file"], assessment["source_sheet"], assessment["source_cell"])
        facts["place"] = " › ".join(str(p) for p in parts)
        return _Verdict(True, _about(row, "appraisal_over_assessment", found, shown, facts))
    return _Verdict(True, _about(row, "appraisal_used", found, "thiếu số liệu để tính", facts))


def _printed(score: Mapping[Any, Any] | None) -> float | None:
    """A score as printed; None where there is none."""
    return None if score is None or pd.isna(score["printed"]) else float(score["printed"])


def _moved(row: Mapping[Any, Any], computed: float | None) -> bool:
    """Whether the form showed another computed score than there is now; a form that showed none is not held to it."""
    if not row["seen_text"]:
        return False
    if pd.isna(row["seen"]):
        return computed is not None
    return computed is None or abs(float(row["seen"]) - computed) > _SAME


def _as_printed(value: float, rulebook: Rulebook) -> Decimal:
    """Rounded half up to the printed places: 1,8388 agrees with a printed 1,84."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-rulebook.rounding.print_places), ROUND_HALF_UP)


def _line(
    key: tuple[str, str],
    criterion: Criterion,
    own: Mapping[Any, Any] | None,
    score: Mapping[Any, Any] | None,
    alone: Mapping[Any, Any] | None,
    given: Mapping[Any, Any] | None,
    uses: bool,
    rulebook: Rulebook,
) -> dict[str, object]:
    """A row of Appraised."""
    basis = NOT_SCORED if score is None else str(score["basis"])
    self_score = None if own is None else float(own["value"])
    appraised = None if given is None else float(given["value"])
    used_score = appraised if uses else _printed(score)
    compared = self_score if appraised is None else appraised
    gap = None
    if compared is not None and used_score is not None:
        gap = _as_printed(compared, rulebook) - _as_printed(used_score, rulebook)
    option = next((o.text for o in criterion.options if given and o.id == given["option"]), "")
    return {
        "unit_id": key[0],
        "criterion": criterion.id,
        "number": criterion.number,
        "label": criterion.label,
        "self_score": self_score,
        "computed": _printed(alone),
        "computed_basis": NOT_SCORED if alone is None else str(alone["basis"]),
        "assessed": _printed(score) if basis == "assessed" else None,
        "appraised": appraised,
        "option_text": option,
        "reason": given["reason"] if given else "",
        "appraiser": given["appraiser"] if given else "",
        "appraised_on": given["appraised_on"] if given else "",
        "used": "appraised" if uses else basis,
        "used_score": used_score,
        "difference": None if gap is None else float(gap),
        "source": "; ".join(_place(r) for r in (given, own) if r is not None),
    }


def _merged(assessments: pd.DataFrame, rulebook: Rulebook, used: list[Mapping[Any, Any]]) -> pd.DataFrame:
    """The options judged by hand, an appraisal in the place of the assessment it differs from."""
    if not used:
        return assessments
    columns = list(Assessments.to_schema().columns)
    taken = {(r["unit_id"], rulebook.id, r["criterion"]) for r in used}
    keys = zip(assessments["unit_id"], assessments["rulebook"], assessments["criterion"], strict=True)
    kept = assessments.loc[[k not in taken for k in keys]]
    rows = [{**r, "reason": f"{r['reason']} (người thẩm định: {_who(r)})"} for r in used]
    more = pd.DataFrame([{c: str(r[c]) for c in columns} for r in rows], columns=columns, dtype="str")
    return Assessments.validate(pd.concat([kept, more], ignore_index=True), lazy=True)


def _who(row: Mapping[Any, Any]) -> str:
    day = str(row["appraised_on"])
    return f"{row['appraiser']}, {vn_day(dt.date.fromisoformat(day))}" if day else str(row["appraiser"])


def _frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    types = {name: str(column.dtype) for name, column in Appraised.to_schema().columns.items()}
    frame = pd.DataFrame(rows, columns=list(types))
    return Appraised.validate(frame.astype(types), lazy=True)


def _about(
    row: Mapping[Any, Any], code: str, found: str, expected: str, facts: Mapping[str, object], cell: str = ""
) -> Finding:
    """A finding about an appraisal's cell (or another of its row)."""
    unit = str(row["unit_id"]) if facts else ""
    place = str(row["source_file"]), str(row["source_sheet"]), cell or str(row["source_cell"])
    return Finding(code, unit, *place, found, expected, dict(facts))


def _place(row: Mapping[Any, Any]) -> str:
    return "!".join(str(row[c]) for c in ("source_file", "source_sheet", "source_cell"))


def _points(value: float | None) -> str:
    return "" if value is None else vn_decimal(value, 2, trim=True)
