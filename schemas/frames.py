"""The frame models: every frame that crosses a module is one of these, checked lazily and never coerced.

Text that is not there is "" (never NaN); a number that is not there is NA. Counts are `Int64`, scores `float64`.
`unit_id` names a unit or a level of the registry (`Registry`); a level's own rows carry the level's id.
"""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series


class Frame(pa.DataFrameModel):
    """Base: exactly these columns, no coercion."""

    class Config:
        """Strictness shared by all."""

        strict = True
        coerce = False


class Registry(Frame):
    """data/reference/units.csv: one row a unit or level; order of rows is the order of reports."""

    unit_id: Series[str] = pa.Field(unique=True, str_matches=r"^[a-z0-9][a-z0-9-]*$")
    name: Series[str] = pa.Field(str_length={"min_value": 1})
    kind: Series[str] = pa.Field(isin=["unit", "level", "ignore"])  # ignore: a name in exports that is no unit
    level: Series[str]  # "" only for ignore
    parent: Series[str]
    aliases: Series[str]  # separated by ;
    valid_from: Series[str] = pa.Field(str_matches=r"^(\d{4}-\d{2}-\d{2})?$")  # inclusive; "" = always
    valid_to: Series[str] = pa.Field(str_matches=r"^(\d{4}-\d{2}-\d{2})?$")  # inclusive; "" = still
    successor: Series[str]  # unit_id of the unit that took over, or ""
    note: Series[str]


class Entities(Frame):
    """The units and levels of one period, in registry order: who is scored and, if not, why."""

    unit_id: Series[str] = pa.Field(unique=True)
    name: Series[str]
    kind: Series[str] = pa.Field(isin=["unit", "level"])
    level: Series[str]
    # scored | no_dossiers (listed, all counts 0) | no_resolved (received, none resolved) | set_aside | missing
    status: Series[str] = pa.Field(isin=["scored", "no_dossiers", "no_resolved", "set_aside", "missing"])
    status_reason: Series[str]  # Vietnamese, for the note column; "" when scored
    # level rows: own | sum | mixed (own groups and sums); unit rows: own
    basis: Series[str] = pa.Field(isin=["own", "sum", "mixed"])


class Counts(Frame):
    """Long counts: one row a source cell; the value of (unit_id, measure) is the sum of its rows."""

    unit_id: Series[str]
    measure: Series[str]
    value: Series[pd.Int64Dtype] = pa.Field(ge=0)
    original_value: Series[pd.Int64Dtype] = pa.Field(nullable=True)  # before a correction, else NA
    correction_id: Series[str]  # "" when not corrected
    source_file: Series[str] = pa.Field(str_length={"min_value": 1})
    source_sheet: Series[str]
    source_cell: Series[str] = pa.Field(str_length={"min_value": 1})


class Supplement(Frame):
    """What the portal does not export: one row a filled cell of bo-sung.xlsx. `value` or `option`, never both.

    `item` is a supplement measure, or `disclosure`. `part` names the column when several feed one item.
    """

    unit_id: Series[str]
    item: Series[str]
    part: Series[str]
    value: Series[pd.Int64Dtype] = pa.Field(nullable=True, ge=0)
    option: Series[str]
    note: Series[str]  # where the figure comes from, as the analyst wrote ("suy luận từ báo cáo: …")
    source_file: Series[str]
    source_sheet: Series[str]
    source_cell: Series[str]


class Assessments(Frame):
    """Options assessed by hand (with a reason) for a criterion that cannot be derived. Each names its rulebook."""

    unit_id: Series[str]
    rulebook: Series[str]
    criterion: Series[str]  # semantic id: desk, online, …
    option: Series[str]  # the option's id in the rulebook
    reason: Series[str] = pa.Field(str_length={"min_value": 1})
    source_file: Series[str]
    source_sheet: Series[str]
    source_cell: Series[str]


class Appraisals(Frame):
    """What an appraiser gave a criterion (tham-dinh.xlsx), as read: one row a unit or level and criterion."""

    unit_id: Series[str]
    rulebook: Series[str]
    criterion: Series[str]
    value: Series[float] = pa.Field(ge=0)  # points
    option: Series[str]  # first_match: id of the option; "" for an average
    seen: Series[float] = pa.Field(nullable=True)  # the computed score on the form, which the appraiser saw
    seen_text: Series[str]  # the same as written ("không tính"); "" where the form did not know it
    reason: Series[str]
    reason_cell: Series[str]
    appraiser: Series[str] = pa.Field(str_length={"min_value": 1})
    appraised_on: Series[str] = pa.Field(str_matches=r"^(\d{4}-\d{2}-\d{2})?$")
    source_file: Series[str]
    source_sheet: Series[str]
    source_cell: Series[str]


class Appraised(Frame):
    """Self-score, computed score and appraisal beside each other, and which of them the report uses.

    One row a unit or level and criterion that has a self-score or an appraisal.
    """

    unit_id: Series[str]
    criterion: Series[str]
    number: Series[str]
    label: Series[str]
    self_score: Series[float] = pa.Field(nullable=True)
    computed: Series[float] = pa.Field(nullable=True)  # from figures alone, as printed
    computed_basis: Series[str] = pa.Field(isin=["computed", "default", "not_counted", "not_scored"])
    assessed: Series[float] = pa.Field(nullable=True)  # by the option of “Đánh giá trực tiếp”, where there is one
    appraised: Series[float] = pa.Field(nullable=True)
    option_text: Series[str]  # of the appraisal; "" for an average
    reason: Series[str]
    appraiser: Series[str]
    appraised_on: Series[str]
    used: Series[str] = pa.Field(isin=["computed", "default", "assessed", "appraised", "not_counted", "not_scored"])
    used_score: Series[float] = pa.Field(nullable=True)
    difference: Series[float] = pa.Field(nullable=True)  # the appraisal, else the self-score, minus what is used
    source: Series[str]  # of the appraisal and the self-score


class Corrections(Frame):
    """Declared corrections of counts (dieu-chinh.xlsx); `status` is set when they are applied."""

    correction_id: Series[str] = pa.Field(unique=True)
    unit_id: Series[str]
    measure: Series[str]
    expected: Series[pd.Int64Dtype] = pa.Field(ge=0)
    value: Series[pd.Int64Dtype] = pa.Field(ge=0)
    counter_measure: Series[str]  # "" = the row's totals follow
    reason: Series[str] = pa.Field(str_length={"min_value": 1})
    approver: Series[str] = pa.Field(str_length={"min_value": 1})
    approved_on: Series[str] = pa.Field(str_matches=r"^\d{4}-\d{2}-\d{2}$")
    note: Series[str]
    status: Series[str] = pa.Field(isin=["declared", "applied", "refused"])
    source_file: Series[str]
    source_sheet: Series[str]
    source_cell: Series[str]
    expected_cell: Series[str]  # of the same sheet: where `expected` is written


class Explanations(Frame):
    """Why dossiers are late (giai-trinh.xlsx): one row a unit, kind of dossiers and reason. No count changes."""

    explanation_id: Series[str] = pa.Field(unique=True)  # GT-01 …; the id of the correction made of it, if any
    unit_id: Series[str]
    measure: Series[str] = pa.Field(isin=["", "resolved_late", "pending_overdue"])  # "" as read: the unit's only kind
    late: Series[pd.Int64Dtype] = pa.Field(nullable=True, ge=0)  # late dossiers when the form was written
    reason: Series[str] = pa.Field(isin=["unticked", "coordination", "withdrawal", "system", "other"])
    detail: Series[str]  # the words of "other"
    count: Series[pd.Int64Dtype] = pa.Field(ge=0)
    evidence: Series[str]
    opinion: Series[str] = pa.Field(isin=["", "accepted", "refused"])  # "" = not appraised yet
    document: Series[str]  # number of the document that accepts it
    recount: Series[str] = pa.Field(isin=["", "resolved_early", "resolved_on_time"])  # asked to be counted as
    approver: Series[str]
    approved_on: Series[str] = pa.Field(str_matches=r"^(\d{4}-\d{2}-\d{2})?$")
    note: Series[str]
    # declared (as read) | stands | recounted (became a correction) | refused (stands, its recount does not) | unused
    status: Series[str] = pa.Field(isin=["declared", "stands", "recounted", "refused", "unused"])
    source_file: Series[str]
    source_sheet: Series[str]
    source_cell: Series[str]  # of `count`
    late_cell: Series[str]
    recount_cell: Series[str]


class Officers(Frame):
    """Biểu mẫu 01 as declared: one row an officer; no score = the average of the unit is used."""

    officer: Series[str] = pa.Field(str_length={"min_value": 1})
    unit_id: Series[str]  # a unit, or a level for staff of the level's own desk
    position: Series[str]
    score: Series[float] = pa.Field(nullable=True, ge=0, le=10)
    note: Series[str]
    source_file: Series[str]
    source_sheet: Series[str]
    source_cell: Series[str]


class Documents(Frame):
    """Legal bases and guiding documents the report names."""

    role: Series[str] = pa.Field(isin=["basis", "directive", "implementation", "guidance", "replaces"])
    title: Series[str]  # "Quyết định", "Công văn", …
    number: Series[str]
    issued_on: Series[str] = pa.Field(str_matches=r"^(\d{4}-\d{2}-\d{2})?$")
    issuer: Series[str]
    subject: Series[str]
    implements: Series[str]  # number of the document it carries out, or ""
    source_file: Series[str]
    source_sheet: Series[str]
    source_cell: Series[str]


class ReportFields(Frame):
    """What the counts cannot say: signer, place, report number, directions … One row a value, order kept."""

    field: Series[str]
    value: Series[str]
    source_file: Series[str]
    source_sheet: Series[str]
    source_cell: Series[str]


class Printed(Frame):
    """Scores somebody else computed or printed (tu-cham.xlsx): compared, never used."""

    unit_id: Series[str]
    item: Series[str]  # a criterion's semantic id, or total | officer_average | class
    value: Series[float] = pa.Field(nullable=True)
    text: Series[str]  # as written
    rulebook: Series[str]
    stt: Series[str]
    source_file: Series[str]
    source_sheet: Series[str]
    source_cell: Series[str]


class PrintedFigures(Frame):
    """Counts and notes a document printed ("Số liệu đã in"): compared, never used."""

    unit_id: Series[str]
    measure: Series[str]
    place: Series[str]
    value: Series[float] = pa.Field(nullable=True)
    text: Series[str]
    source_file: Series[str]
    source_sheet: Series[str]
    source_cell: Series[str]


class Returns(Frame):
    """Which units sent their own workbook (phiếu) back: one row a unit and file."""

    unit_id: Series[str]
    blank: Series[bool]  # sent, but nothing entered: no input
    source_file: Series[str] = pa.Field(str_length={"min_value": 1})
    source_sheet: Series[str]
    source_cell: Series[str]  # the cell that names the unit


class ShownCounts(Frame):
    """Counts printed in a unit's own workbook when it was made: compared, never used."""

    unit_id: Series[str]
    measure: Series[str]
    value: Series[pd.Int64Dtype] = pa.Field(nullable=True)
    text: Series[str]  # as it stands in the cell
    source_file: Series[str]
    source_sheet: Series[str]
    source_cell: Series[str]


class ReturnsStatus(Frame):
    """Whether everything of a unit is there: one row per unit of the period, in registry order."""

    unit_id: Series[str] = pa.Field(unique=True)
    name: Series[str]
    has_counts: Series[bool]  # some readable export counts its dossiers
    # of its own workbook; not_needed: nobody expects one, or what it would say is entered elsewhere
    sent: Series[str] = pa.Field(isin=["sent", "blank", "not_sent", "not_needed"])
    disagreements: Series[str]  # Vietnamese, what its workbook contradicts; "" for nothing


class Figures(Frame):
    """The numbers scores are computed from: one row per (unit_id, measure), counts and supplement alike."""

    unit_id: Series[str]
    measure: Series[str]
    value: Series[pd.Int64Dtype] = pa.Field(ge=0)
    # entered (export or form) | corrected | derived (from its row) | sum (of units)
    origin: Series[str] = pa.Field(isin=["entered", "corrected", "derived", "sum"])
    source: Series[str]  # file!sheet!cell, several joined by "; "


class Choices(Frame):
    """Categories scores are computed from (disclosure): one row per (unit_id, item)."""

    unit_id: Series[str]
    item: Series[str]
    option: Series[str]
    source: Series[str]


class CriterionScores(Frame):
    """The audit trail: one row per scored unit or level and criterion of the rulebook."""

    unit_id: Series[str]
    kind: Series[str] = pa.Field(isin=["unit", "level"])
    criterion: Series[str]
    number: Series[str]  # as the rulebook numbers it: "5", "CS7"
    label: Series[str]
    counted: Series[bool]
    numerator: Series[pd.Int64Dtype] = pa.Field(nullable=True)  # average: sum of points; first_match: the points
    denominator: Series[pd.Int64Dtype] = pa.Field(nullable=True)  # average: dossiers; first_match: 1
    score: Series[float] = pa.Field(nullable=True)  # as added to the total: unrounded, or rounded as the rulebook says
    printed: Series[float] = pa.Field(nullable=True)  # rounded for print
    max_points: Series[float]
    option: Series[str]  # first_match: id of the option that applied
    option_text: Series[str]
    basis: Series[str] = pa.Field(isin=["computed", "default", "assessed", "appraised", "not_counted"])
    # Vietnamese: which default, why not counted, who assessed and why, which reading; "" when nothing needs saying
    explanation: Series[str]
    citation: Series[str]


class CriterionEvidence(Frame):
    """One row per count or condition a criterion used."""

    unit_id: Series[str]
    criterion: Series[str]
    option: Series[str]  # the option of the form the row belongs to; "" for the denominator
    role: Series[str] = pa.Field(isin=["points", "denominator", "condition"])
    text: Series[str]  # the option's text, or the condition in words
    measures: Series[str]  # "resolved_early - complaints_early"
    value: Series[float] = pa.Field(nullable=True)  # dossiers, or the ratio a condition looked at
    points: Series[float] = pa.Field(nullable=True)
    outcome: Series[str]  # condition: đạt | không đạt | chưa rõ
    origin: Series[str]  # entered | corrected | default: … | sum …
    source: Series[str]


class UnitScores(Frame):
    """One row per unit of the period, scored or not."""

    unit_id: Series[str]
    name: Series[str]
    level: Series[str]
    status: Series[str]
    status_reason: Series[str]
    total: Series[float] = pa.Field(nullable=True)  # as printed
    total_max: Series[float] = pa.Field(nullable=True)  # reachable: criteria counted
    officer_average: Series[float] = pa.Field(nullable=True)  # ĐTB CCVC, as printed
    officer_average_max: Series[float] = pa.Field(nullable=True)
    class_law: Series[str]
    class_local: Series[str]  # "" when the rulebook has no local table
    rank: Series[pd.Int64Dtype] = pa.Field(nullable=True)  # within the level; 1-1-3


class LevelScores(Frame):
    """One row per level of the period: scored from its own counts, never an average of units."""

    unit_id: Series[str]
    name: Series[str]
    level: Series[str]
    status: Series[str]
    status_reason: Series[str]
    basis: Series[str]
    total: Series[float] = pa.Field(nullable=True)
    total_max: Series[float] = pa.Field(nullable=True)
    officer_average: Series[float] = pa.Field(nullable=True)
    officer_average_max: Series[float] = pa.Field(nullable=True)
    class_law: Series[str]
    class_local: Series[str]


class OfficerScores(Frame):
    """Biểu mẫu 01: one row an officer, in the order declared."""

    officer: Series[str]
    unit_id: Series[str]
    level: Series[str]
    position: Series[str]
    score: Series[float] = pa.Field(nullable=True)
    basis: Series[str] = pa.Field(isin=["entered", "unit_average", "none"])
    class_law: Series[str]
    note: Series[str]
    source: Series[str]


class Comparison(Frame):
    """Computed against printed: scores and counts, one row a printed figure."""

    unit_id: Series[str]
    item: Series[str]  # criterion id, total, officer_average, class, or a measure
    kind: Series[str] = pa.Field(isin=["score", "class", "count"])
    place: Series[str]
    printed: Series[str]
    computed: Series[str]
    agrees: Series[bool]
    explanation: Series[str]
    source: Series[str]


class Findings(Frame):
    """What has to be said of the inputs, most severe first. `message` and `action` are Vietnamese."""

    severity: Series[str] = pa.Field(isin=["error", "warning", "notice"])
    code: Series[str]
    unit_id: Series[str]
    file: Series[str]
    sheet: Series[str]
    cell: Series[str]
    message: Series[str]
    found: Series[str]
    expected: Series[str]
    action: Series[str]
    sets_aside: Series[str] = pa.Field(isin=["none", "unit", "file", "level", "row"])
