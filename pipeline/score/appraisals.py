"""Decides which of self-score, computed score and appraisal the report uses.

Figures decide what can be computed from figures; an appraisal decides what has to be judged. The rule in words is
`appraisal_rule` of forms.toml, which the form, the workbook and the annex print. It follows Thông tư 01/2018/TT-VPCP:
by art. 15.2a a criterion by dossier is an average over dossiers, so no opinion replaces it; by art. 14.3c the others
may be judged by inspection and documents; by art. 15.4b a criterion that lacks information is left out.

`pipeline.extract.forms.appraisals` reads the appraisals.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from pipeline.findings import Finding, source_place
from pipeline.score.source_text import Record, source_text
from pipeline.text import vn_day, vn_decimal
from schemas.frames import Appraised, Assessments
from schemas.rulebook import Criterion, Rulebook

#: how the score came about where no appraisal is used; `not_scored`: the unit has no scores at all
NOT_SCORED = "not_scored"
_ABSENT = {"not_counted": "không tính", NOT_SCORED: "không chấm"}
_BESIDE = {"assessed": "đánh giá trực tiếp"}
#: points: the form shows the computed score with all its decimals
_SAME = 1e-9

_Key = tuple[str, str]  # (unit_id, criterion id)


@dataclass(frozen=True)
class WeighedAppraisals:
    """The appraisals of a quarter: which of them are used, and how they compare with the scores."""

    appraised: pd.DataFrame  # Appraised
    assessments: pd.DataFrame  # Assessments with the appraisals that are used in place of those they differ from
    used: frozenset[tuple[str, str]]  # (unit_id, criterion) scored by an appraisal
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Case:
    """Everything known of one criterion of one unit or level. Rows of frames; None where there is no row."""

    rulebook: Rulebook
    criterion: Criterion
    unit_id: str
    unit_name: str
    appraisal: Record | None  # Appraisals
    self_score: Record | None  # Printed
    score: Record | None  # CriterionScores without appraisals
    from_figures: Record | None  # CriterionScores without assessments either
    assessment: Record | None  # Assessments

    @property
    def basis(self) -> str:
        """How the score without the appraisal came about; `not_scored` where the unit has none."""
        return NOT_SCORED if self.score is None else str(self.score["basis"])


@dataclass(frozen=True)
class _Verdict:
    """One appraisal weighed: whether it is used, and the finding about it."""

    uses: bool = False
    finding: Finding | None = None


def weigh_appraisals(
    appraisals: pd.DataFrame,
    printed: pd.DataFrame,
    criterion_scores: pd.DataFrame,
    from_figures: pd.DataFrame,
    assessments: pd.DataFrame,
    rulebook: Rulebook,
    names: Mapping[str, str],
) -> WeighedAppraisals:
    """Decide for every appraisal whether it is used.

    Frames: Appraisals, Printed, CriterionScores without appraisals, Assessments; `from_figures`: CriterionScores
    without assessments either. `names`: unit or level id -> name, in registry order. Appraisals of another rulebook are
    left out with a notice. Where no appraisal is used, `assessments` is returned as it was.
    """
    criteria = {c.id: c for c in rulebook.criteria}
    own = printed.loc[printed["value"].notna() & printed["item"].isin(criteria)]
    given, hand = _by_key(_of(appraisals, rulebook), "criterion"), _by_key(_of(assessments, rulebook), "criterion")
    self_scores = _by_key(_of(own, rulebook), "item")
    scores, alone = _by_key(criterion_scores, "criterion"), _by_key(from_figures, "criterion")
    cases = {
        key: _Case(
            rulebook=rulebook,
            criterion=criteria[key[1]],
            unit_id=key[0],
            unit_name=names.get(key[0], key[0]),
            appraisal=given.get(key),
            self_score=self_scores.get(key),
            score=scores.get(key),
            from_figures=alone.get(key),
            assessment=hand.get(key),
        )
        for key in _in_order({*given, *self_scores}, names, rulebook)
    }
    verdicts = {key: _weigh(cases[key], row) for key, row in given.items()}
    used = [key for key in cases if key in verdicts and verdicts[key].uses]
    findings = [verdict.finding for verdict in verdicts.values() if verdict.finding is not None]
    return WeighedAppraisals(
        _frame([_line(case, uses=key in used) for key, case in cases.items()]),
        _with_appraised(assessments, rulebook, [given[key] for key in used]),
        frozenset(used),
        (*other_rulebooks(appraisals, rulebook), *findings),
    )


def _of(frame: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """The rows that name the rulebook."""
    return frame.loc[frame["rulebook"] == rulebook.id]


def _by_key(frame: pd.DataFrame, criterion: str) -> dict[_Key, Record]:
    """(unit_id, criterion id) -> the row; `criterion`: the column of criterion ids."""
    return {(row["unit_id"], row[criterion]): row for row in frame.to_dict("records")}


def _in_order(keys: set[_Key], names: Mapping[str, str], rulebook: Rulebook) -> list[_Key]:
    """Keys by unit as registered, then by criterion as the rulebook lists them."""
    units = {unit: n for n, unit in enumerate(names)}
    criteria = {c.id: n for n, c in enumerate(rulebook.criteria)}
    return sorted(keys, key=lambda k: (units.get(k[0], len(units)), k[0], criteria[k[1]]))


def marked(frame: pd.DataFrame, column: str, used: frozenset[tuple[str, str]]) -> pd.DataFrame:
    """A copy of CriterionScores (`basis`) or CriterionEvidence (`origin`) with `appraised` for the keys in `used`.

    `column`: the one that is named in brackets.
    """
    hit = [k in used for k in zip(frame["unit_id"], frame["criterion"], strict=True)]
    return frame.assign(**{column: frame[column].mask(pd.Series(hit, index=frame.index, dtype="bool"), "appraised")})


def other_rulebooks(appraisals: pd.DataFrame, rulebook: Rulebook | None) -> list[Finding]:
    """A notice for each rulebook whose appraisals do not count in this run."""
    mine = rulebook.id if rulebook else ""
    used = rulebook.short if rulebook else "chưa có căn cứ chấm điểm"
    first = appraisals.loc[appraisals["rulebook"] != mine].drop_duplicates("rulebook").to_dict("records")
    return [
        source_place(row).finding("appraisal_other_rulebook", found=str(row["rulebook"]), expected=used)
        for row in first
    ]


def _weigh(case: _Case, row: Record) -> _Verdict:
    """The rule, for one appraisal (a row of Appraisals)."""
    criterion, basis = case.criterion, case.basis
    without, computed = _printed(case.score), _printed(case.from_figures)
    value = float(row["value"])
    label = f"tiêu chí {criterion.number}"
    facts = {
        "row": case.unit_name,
        "label": label,
        "appraiser": row["appraiser"],
        "reason": row["reason"],
        "value": _points(value),
    }
    found, shown = _points(value), _ABSENT.get(basis) or _points(without)

    def finding(code: str, found: str = found, expected: str = shown, **more: object) -> Finding:
        return source_place(row).finding(code, case.unit_id, found=found, expected=expected, **{**facts, **more})

    if basis == NOT_SCORED or (basis == "not_counted" and not criterion.by_option):
        unscored = basis == NOT_SCORED
        why = "đơn vị không được chấm điểm" if unscored else f"tiêu chí {criterion.how} mà chưa tính được"
        where = "xem phát hiện về đơn vị này" if unscored else "thiếu số nào: sheet “Chi tiết điểm”"
        return _Verdict(finding=finding("appraisal_not_possible", why=why, next=f"Nhập hoặc sửa số liệu ({where})"))
    if _moved(row, computed):
        now = _ABSENT["not_counted"] if computed is None else _points(computed)
        before: str = str(row["seen_text"]) if pd.isna(row["seen"]) else _points(float(row["seen"]))
        return _Verdict(finding=finding("appraisal_stale", before, now))
    if case.score is not None and without is not None and _agrees(case, row, without):
        return _Verdict()
    if not row["reason"]:
        why = f"thẩm định {found} khác {_BESIDE.get(basis, 'điểm hệ thống tính')} ({shown}) thì phải có lý do"
        place = source_place(row, "reason_cell")
        slip = {"what": f" {label}", "label": "Lý do", "written": "để trống", "why": why}
        return _Verdict(finding=place.finding("appraisal_refused", case.unit_id, expected="lý do", **{**facts, **slip}))
    if basis in ("computed", "default", "imported"):
        return _Verdict(finding=finding("appraisal_differs"))
    if case.assessment is not None:
        parts = (case.assessment[c] for c in ("source_file", "source_sheet", "source_cell"))
        return _Verdict(True, finding("appraisal_over_assessment", place=" › ".join(str(p) for p in parts)))
    return _Verdict(True, finding("appraisal_used", expected="thiếu số liệu để tính"))


def _agrees(case: _Case, row: Record, without: float) -> bool:
    """Whether the appraisal is the score without it: the same option, or the same number of points as printed."""
    if case.criterion.by_option and case.score is not None:
        return bool(row["option"] == case.score["option"])
    return _as_printed(float(row["value"]), case.rulebook) == _as_printed(without, case.rulebook)


def _printed(score: Record | None) -> float | None:
    """A score as printed; None where there is none."""
    return None if score is None or pd.isna(score["printed"]) else float(score["printed"])


def _moved(row: Record, computed: float | None) -> bool:
    """Whether the form showed another computed score than there is now; False for a form that showed none."""
    if not row["seen_text"]:
        return False
    if pd.isna(row["seen"]):
        return computed is not None
    return computed is None or abs(float(row["seen"]) - computed) > _SAME


def _as_printed(value: float, rulebook: Rulebook) -> Decimal:
    """Rounded half up to the printed places: 1,8388 agrees with a printed 1,84."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-rulebook.rounding.print_places), ROUND_HALF_UP)


def _line(case: _Case, *, uses: bool) -> dict[str, object]:
    """A row of Appraised. `uses`: the appraisal is used."""
    given, own = case.appraisal, case.self_score
    self_score = None if own is None else float(own["value"])
    appraised = None if given is None else float(given["value"])
    used_score = appraised if uses else _printed(case.score)
    compared = self_score if appraised is None else appraised
    gap = None
    if compared is not None and used_score is not None:
        gap = _as_printed(compared, case.rulebook) - _as_printed(used_score, case.rulebook)
    option = case.criterion.line(str(given["option"])) if given else None
    return {
        "unit_id": case.unit_id,
        "criterion": case.criterion.id,
        "number": case.criterion.number,
        "label": case.criterion.label,
        "self_score": self_score,
        "computed": _printed(case.from_figures),
        "computed_basis": NOT_SCORED if case.from_figures is None else str(case.from_figures["basis"]),
        "assessed": _printed(case.score) if case.basis == "assessed" else None,
        "appraised": appraised,
        "option_text": option.text if option else "",
        "reason": given["reason"] if given else "",
        "appraiser": given["appraiser"] if given else "",
        "appraised_on": given["appraised_on"] if given else "",
        "used": "appraised" if uses else case.basis,
        "used_score": used_score,
        "difference": None if gap is None else float(gap),
        "source": "; ".join(source_text(source_place(r)) for r in (given, own) if r is not None),
    }


def _with_appraised(assessments: pd.DataFrame, rulebook: Rulebook, used: list[Record]) -> pd.DataFrame:
    """Assessments with the appraisals that are used; each replaces the assessment it differs from."""
    if not used:
        return assessments
    columns = list(Assessments.to_schema().columns)
    taken = {(r["unit_id"], rulebook.id, r["criterion"]) for r in used}
    keys = zip(assessments["unit_id"], assessments["rulebook"], assessments["criterion"], strict=True)
    kept = assessments.loc[[k not in taken for k in keys]]
    rows = [{**r, "reason": f"{r['reason']} (người thẩm định: {_who(r)})"} for r in used]
    more = pd.DataFrame([{c: str(r[c]) for c in columns} for r in rows], columns=columns, dtype="str")
    return Assessments.validate(pd.concat([kept, more], ignore_index=True), lazy=True)


def _who(row: Record) -> str:
    """`Công chức 1, 20/3/2022`: the appraiser, and the day where it is given."""
    day = str(row["appraised_on"])
    return f"{row['appraiser']}, {vn_day(dt.date.fromisoformat(day))}" if day else str(row["appraiser"])


def _frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Rows -> Appraised."""
    types = {name: str(column.dtype) for name, column in Appraised.to_schema().columns.items()}
    frame = pd.DataFrame(rows, columns=list(types))
    return Appraised.validate(frame.astype(types), lazy=True)


def _points(value: float | None) -> str:
    """Points as a finding prints them: `1,84`; "" for none."""
    return "" if value is None else vn_decimal(value, 2, trim=True)
