"""The models of the frames that cross modules. Frames are validated lazily (all errors at once) and never coerced.

Missing text is "" (never NaN), a missing number is NA. Counts are `Int64` (dossiers, procedures or petitions), scores
are `float64` (points). `unit_id` is the id of a unit or a level in the registry (`Registry`); a level's own rows have
the level's id. `source_file`, `source_sheet` and `source_cell` name the cell that a row was read from.
"""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from schemas.text_type import Text


class Frame(pa.DataFrameModel):
    """Base: exactly these columns, no coercion."""

    class Config:
        """Strictness shared by all."""

        strict = True
        coerce = False


class Registry(Frame):
    """data/reference/units.csv: one row for each unit or level, in the order of reports."""

    unit_id: Series[Text] = pa.Field(unique=True, str_matches=r"^[a-z0-9][a-z0-9-]*$")
    name: Series[Text] = pa.Field(str_length={"min_value": 1})
    kind: Series[Text] = pa.Field(isin=["unit", "level", "ignore"])  # ignore: a name in exports that is no unit
    level: Series[Text]  # "" only for ignore
    parent: Series[Text]
    aliases: Series[Text]  # separated by ;
    valid_from: Series[Text] = pa.Field(str_matches=r"^(\d{4}-\d{2}-\d{2})?$")  # inclusive; "" = always
    valid_to: Series[Text] = pa.Field(str_matches=r"^(\d{4}-\d{2}-\d{2})?$")  # inclusive; "" = still
    successor: Series[Text]  # unit_id of the unit that took over, or ""
    formed_from: Series[Text]  # names or ids of the units it was formed from at valid_from, separated by ;
    code: Series[Text]  # of the unit on the national portal (MA_COQUAN, as H01.187), "" where not known
    note: Series[Text]


#: statuses of units and levels that have a total, a class and a rank
TOTALLED = ("scored", "published")


class Entities(Frame):
    """One row for each unit and level of a period, in registry order: whether it is scored and, if not, the reason."""

    unit_id: Series[Text] = pa.Field(unique=True)
    name: Series[Text]
    kind: Series[Text] = pa.Field(isin=["unit", "level"])
    level: Series[Text]
    # scored | no_dossiers (listed, all counts 0) | no_resolved (received, none resolved) | published (no counts, only
    # points that another system published) | set_aside | missing
    status: Series[Text] = pa.Field(isin=["scored", "no_dossiers", "no_resolved", "published", "set_aside", "missing"])
    status_reason: Series[Text]  # Vietnamese, for the note column; "" when scored
    # level rows: own | sum | mixed (own groups and sums); unit rows: own
    basis: Series[Text] = pa.Field(isin=["own", "sum", "mixed"])


class Counts(Frame):
    """Counts of exports: one row for each source cell. The value of (unit_id, measure) is the sum of its rows."""

    unit_id: Series[Text]
    measure: Series[Text]
    value: Series[pd.Int64Dtype] = pa.Field(ge=0)
    original_value: Series[pd.Int64Dtype] = pa.Field(nullable=True)  # before a correction, else NA
    correction_id: Series[Text]  # "" when not corrected
    source_file: Series[Text] = pa.Field(str_length={"min_value": 1})
    source_sheet: Series[Text]
    source_cell: Series[Text] = pa.Field(str_length={"min_value": 1})


class Supplement(Frame):
    """Figures that portals do not export: one row for each filled cell of bo-sung.xlsx.

    A row has `value` or `option`, never both. `item` is a supplement measure, or `disclosure`. `part` is the column's
    header when several columns feed one item.
    """

    unit_id: Series[Text]
    item: Series[Text]
    part: Series[Text]
    value: Series[pd.Int64Dtype] = pa.Field(nullable=True, ge=0)
    option: Series[Text]
    note: Series[Text]  # where the figure comes from, as the analyst wrote ("suy luận từ báo cáo: …")
    source_file: Series[Text]
    source_sheet: Series[Text]
    source_cell: Series[Text]


class PortalPoints(Frame):
    """Điểm công bố: points that another system published (sheet “Điểm 766”), as read. One row for each cell.

    They are checked against the rulebook's maxima before they are used.
    """

    unit_id: Series[Text]
    code: Series[Text] = pa.Field(str_length={"min_value": 1})  # as the rulebook names it: "TDGQ", "TONG_SCORE"
    points: Series[float]
    source_file: Series[Text] = pa.Field(str_length={"min_value": 1})
    source_sheet: Series[Text]
    source_cell: Series[Text] = pa.Field(str_length={"min_value": 1})


class Assessments(Frame):
    """Options assessed by hand: one row for each entry of “Đánh giá trực tiếp”, with a reason and its rulebook."""

    unit_id: Series[Text]
    rulebook: Series[Text]
    criterion: Series[Text]  # semantic id: desk, online, …
    option: Series[Text]  # the option's id in the rulebook
    reason: Series[Text] = pa.Field(str_length={"min_value": 1})
    source_file: Series[Text]
    source_sheet: Series[Text]
    source_cell: Series[Text]


class Appraisals(Frame):
    """Points an appraiser gave (tham-dinh.xlsx), as read: one row for each unit or level and criterion."""

    unit_id: Series[Text]
    rulebook: Series[Text]
    criterion: Series[Text]
    value: Series[float] = pa.Field(ge=0)  # points
    option: Series[Text]  # id of the chosen option; "" where the criterion is not by option
    seen: Series[float] = pa.Field(nullable=True)  # the computed score on the form, which the appraiser saw
    seen_text: Series[Text]  # the same as written ("không tính"); "" where the form showed none
    reason: Series[Text]
    reason_cell: Series[Text]
    appraiser: Series[Text] = pa.Field(str_length={"min_value": 1})
    appraised_on: Series[Text] = pa.Field(str_matches=r"^(\d{4}-\d{2}-\d{2})?$")
    source_file: Series[Text]
    source_sheet: Series[Text]
    source_cell: Series[Text]


class Appraised(Frame):
    """Self-score, computed score and appraisal beside each other, and which of them the report uses.

    One row for each unit or level and criterion that has a self-score or an appraisal. Scores are points as printed.
    """

    unit_id: Series[Text]
    criterion: Series[Text]
    number: Series[Text]
    label: Series[Text]
    self_score: Series[float] = pa.Field(nullable=True)
    computed: Series[float] = pa.Field(nullable=True)  # from figures alone, as printed
    computed_basis: Series[Text] = pa.Field(isin=["computed", "default", "imported", "not_counted", "not_scored"])
    assessed: Series[float] = pa.Field(nullable=True)  # by the option of “Đánh giá trực tiếp”, where there is one
    appraised: Series[float] = pa.Field(nullable=True)
    option_text: Series[Text]  # of the appraisal; "" where the criterion is not by option
    reason: Series[Text]
    appraiser: Series[Text]
    appraised_on: Series[Text]
    used: Series[Text] = pa.Field(
        isin=["computed", "default", "imported", "assessed", "appraised", "not_counted", "not_scored"]
    )
    used_score: Series[float] = pa.Field(nullable=True)
    difference: Series[float] = pa.Field(nullable=True)  # the appraisal, else the self-score, minus what is used
    source: Series[Text]  # of the appraisal and the self-score


class Corrections(Frame):
    """Declared corrections of counts (dieu-chinh.xlsx), one row each; `status` is set when they are applied."""

    correction_id: Series[Text] = pa.Field(unique=True)
    unit_id: Series[Text]
    measure: Series[Text]
    expected: Series[pd.Int64Dtype] = pa.Field(ge=0)
    value: Series[pd.Int64Dtype] = pa.Field(ge=0)
    counter_measure: Series[Text]  # "" = the row's totals follow
    reason: Series[Text] = pa.Field(str_length={"min_value": 1})
    approver: Series[Text] = pa.Field(str_length={"min_value": 1})
    approved_on: Series[Text] = pa.Field(str_matches=r"^\d{4}-\d{2}-\d{2}$")
    note: Series[Text]
    status: Series[Text] = pa.Field(isin=["declared", "applied", "refused"])
    source_file: Series[Text]
    source_sheet: Series[Text]
    source_cell: Series[Text]
    expected_cell: Series[Text]  # of the same sheet: where `expected` is written


class Replacements(Frame):
    """Declared replacements (dieu-chinh.xlsx): why rows of a file in `thay-the/` count, one row a file."""

    file: Series[Text] = pa.Field(str_length={"min_value": 1})  # as written, with or without the folder
    reason: Series[Text] = pa.Field(str_length={"min_value": 1})
    approver: Series[Text] = pa.Field(str_length={"min_value": 1})
    approved_on: Series[Text] = pa.Field(str_matches=r"^\d{4}-\d{2}-\d{2}$")
    note: Series[Text]
    source_file: Series[Text]
    source_sheet: Series[Text]
    source_cell: Series[Text]


class ReplacedCounts(Frame):
    """Numbers of the exports beside those of a file in `thay-the/` that count instead: a row a unit and measure.

    Numbers as the files state them, before corrections. NA and "" on the side that has no such number; `reason`,
    `approver` and `approved_on` are "" while the new file is not declared.
    """

    unit_id: Series[Text]
    measure: Series[Text]
    old_value: Series[pd.Int64Dtype] = pa.Field(nullable=True, ge=0)
    new_value: Series[pd.Int64Dtype] = pa.Field(nullable=True, ge=0)
    old_file: Series[Text]
    old_sheet: Series[Text]
    old_cell: Series[Text]
    new_file: Series[Text]
    new_sheet: Series[Text]
    new_cell: Series[Text]
    reason: Series[Text]
    approver: Series[Text]
    approved_on: Series[Text] = pa.Field(str_matches=r"^(\d{4}-\d{2}-\d{2})?$")


class Explanations(Frame):
    """Why dossiers are late (giai-trinh.xlsx): one row for each unit, kind of dossiers and reason. No count changes."""

    explanation_id: Series[Text] = pa.Field(unique=True)  # GT-01 …; the id of the correction made of it, if any
    unit_id: Series[Text]
    measure: Series[Text] = pa.Field(isin=["", "resolved_late", "pending_overdue"])  # "" as read: the unit's only kind
    late: Series[pd.Int64Dtype] = pa.Field(nullable=True, ge=0)  # late dossiers when the form was written
    reason: Series[Text] = pa.Field(isin=["unticked", "coordination", "withdrawal", "system", "other"])
    detail: Series[Text]  # the words of "other"
    count: Series[pd.Int64Dtype] = pa.Field(ge=0)
    evidence: Series[Text]
    opinion: Series[Text] = pa.Field(isin=["", "accepted", "refused"])  # "" = not appraised yet
    document: Series[Text]  # number of the document that accepts it
    recount: Series[Text] = pa.Field(isin=["", "resolved_early", "resolved_on_time"])  # asked to be counted as
    approver: Series[Text]
    approved_on: Series[Text] = pa.Field(str_matches=r"^(\d{4}-\d{2}-\d{2})?$")
    note: Series[Text]
    # declared (as read) | stands | recounted (became a correction) | refused (stands, its recount does not) | unused
    status: Series[Text] = pa.Field(isin=["declared", "stands", "recounted", "refused", "unused"])
    source_file: Series[Text]
    source_sheet: Series[Text]
    source_cell: Series[Text]  # of `count`
    late_cell: Series[Text]
    recount_cell: Series[Text]


class Officers(Frame):
    """Biểu mẫu 01 as declared: one row for each officer. Without a score the average of the unit is used."""

    officer: Series[Text] = pa.Field(str_length={"min_value": 1})
    unit_id: Series[Text]  # a unit, or a level for staff of the level's own desk
    position: Series[Text]
    score: Series[float] = pa.Field(nullable=True, ge=0, le=10)
    note: Series[Text]
    source_file: Series[Text]
    source_sheet: Series[Text]
    source_cell: Series[Text]


class ClassDecisions(Frame):
    """Classes that the office decided itself (phan-loai.xlsx): one row each, in the order entered."""

    unit_id: Series[Text]
    class_name: Series[Text] = pa.Field(str_length={"min_value": 1})
    reason: Series[Text] = pa.Field(str_length={"min_value": 1})
    decided_by: Series[Text] = pa.Field(str_length={"min_value": 1})
    document: Series[Text]  # number of the document that decides it, or ""
    source_file: Series[Text]
    source_sheet: Series[Text]
    source_cell: Series[Text]  # of `class_name`


class Documents(Frame):
    """Legal bases and guiding documents that the report names: one row each, in the order entered."""

    role: Series[Text] = pa.Field(isin=["basis", "directive", "implementation", "guidance", "replaces"])
    title: Series[Text]  # "Quyết định", "Công văn", …
    number: Series[Text]
    issued_on: Series[Text] = pa.Field(str_matches=r"^(\d{4}-\d{2}-\d{2})?$")
    issuer: Series[Text]
    subject: Series[Text]
    implements: Series[Text]  # number of the document it carries out, or ""
    source_file: Series[Text]
    source_sheet: Series[Text]
    source_cell: Series[Text]


class ReportFields(Frame):
    """Facts of the report that no count gives (signer, place, number …): one row for each value, in order."""

    field: Series[Text]
    value: Series[Text]
    source_file: Series[Text]
    source_sheet: Series[Text]
    source_cell: Series[Text]


class Printed(Frame):
    """Scores that a document or a unit printed (tu-cham.xlsx, phiếu): one row for each cell; compared, never used."""

    unit_id: Series[Text]
    item: Series[Text]  # a criterion's semantic id, or total | officer_average | class
    value: Series[float] = pa.Field(nullable=True)
    text: Series[Text]  # as written
    rulebook: Series[Text]
    stt: Series[Text]
    source_file: Series[Text]
    source_sheet: Series[Text]
    source_cell: Series[Text]


class PrintedFigures(Frame):
    """Counts and notes that a document printed (“Số liệu đã in”): one row for each cell; compared, never used."""

    unit_id: Series[Text]
    measure: Series[Text]
    place: Series[Text]
    value: Series[float] = pa.Field(nullable=True)
    text: Series[Text]
    source_file: Series[Text]
    source_sheet: Series[Text]
    source_cell: Series[Text]


class Returns(Frame):
    """Units' own workbooks (phiếu) that came back: one row for each unit and file."""

    unit_id: Series[Text]
    blank: Series[bool]  # the workbook came back with nothing entered
    source_file: Series[Text] = pa.Field(str_length={"min_value": 1})
    source_sheet: Series[Text]
    source_cell: Series[Text]  # the cell that names the unit


class ShownCounts(Frame):
    """Counts printed in a unit's own workbook when it was made: one row for each cell; compared, never used."""

    unit_id: Series[Text]
    measure: Series[Text]
    value: Series[pd.Int64Dtype] = pa.Field(nullable=True)
    text: Series[Text]  # of the cell
    source_file: Series[Text]
    source_sheet: Series[Text]
    source_cell: Series[Text]


class ReturnsStatus(Frame):
    """What each unit has sent: one row for each unit of the period, in registry order."""

    unit_id: Series[Text] = pa.Field(unique=True)
    name: Series[Text]
    has_counts: Series[bool]  # some readable export counts its dossiers
    # its own workbook; not_needed: none is expected, or its figures are entered elsewhere
    sent: Series[Text] = pa.Field(isin=["sent", "blank", "not_sent", "not_needed"])
    disagreements: Series[Text]  # Vietnamese: what its workbook contradicts, or why it is refused; "" for none


class Figures(Frame):
    """The numbers that scores are computed from: one row for each (unit_id, measure), of counts and supplement."""

    unit_id: Series[Text]
    measure: Series[Text]
    value: Series[pd.Int64Dtype] = pa.Field(ge=0)
    # entered (export or form) | corrected | derived (from its row) | sum (of units)
    origin: Series[Text] = pa.Field(isin=["entered", "corrected", "derived", "sum"])
    source: Series[Text]  # file!sheet!cell, several joined by "; "


class Choices(Frame):
    """The categories that scores are computed from (disclosure): one row for each (unit_id, item)."""

    unit_id: Series[Text]
    item: Series[Text]
    option: Series[Text]
    source: Series[Text]


class CriterionScores(Frame):
    """The audit trail: one row for each scored unit or level and criterion of the rulebook. Scores are points."""

    unit_id: Series[Text]
    kind: Series[Text] = pa.Field(isin=["unit", "level"])
    criterion: Series[Text]
    number: Series[Text]  # as the rulebook numbers it: "5", "CS7"
    label: Series[Text]
    counted: Series[bool]
    # numerator / denominator is the exact score: points over dossiers where it is an average, points over 1 by option
    numerator: Series[pd.Int64Dtype] = pa.Field(nullable=True)
    denominator: Series[pd.Int64Dtype] = pa.Field(nullable=True)
    score: Series[float] = pa.Field(nullable=True)  # as added to the total: unrounded, or as the rulebook rounds
    printed: Series[float] = pa.Field(nullable=True)  # rounded for print
    max_points: Series[float]
    option: Series[Text]  # id of the option that applied; "" where the points are computed
    option_text: Series[Text]
    # imported: the points are those that another system published
    basis: Series[Text] = pa.Field(isin=["computed", "default", "imported", "assessed", "appraised", "not_counted"])
    # Vietnamese: default used, why not counted, assessor's reason, reading of the law; "" where nothing is explained
    explanation: Series[Text]
    citation: Series[Text]


class CriterionEvidence(Frame):
    """One row for each count or condition that a criterion of a unit or level looked at, in the order of the form."""

    unit_id: Series[Text]
    criterion: Series[Text]
    option: Series[Text]  # the option of the form the row belongs to; "" for the denominator
    role: Series[Text] = pa.Field(isin=["points", "denominator", "condition", "numerator", "published"])
    text: Series[Text]  # the option's text, or the condition in words
    measures: Series[Text]  # "resolved_early - complaints_early"
    value: Series[float] = pa.Field(nullable=True)  # dossiers, the ratio a condition looked at, published points
    points: Series[float] = pa.Field(nullable=True)
    outcome: Series[Text]  # condition: đạt | không đạt | chưa rõ
    origin: Series[Text]  # entered | corrected | default: … | sum …
    source: Series[Text]


class GroupScores(Frame):
    """The two scores of each group beside each other: one row for each scored unit or level and group. Points.

    `published`: điểm công bố; `recomputed`: điểm tính lại, the sum of the group's criteria where all are counted.
    """

    unit_id: Series[Text]
    kind: Series[Text] = pa.Field(isin=["unit", "level"])
    group: Series[Text]
    number: Series[Text]
    label: Series[Text]
    max_points: Series[float]
    published: Series[float] = pa.Field(nullable=True)
    recomputed: Series[float] = pa.Field(nullable=True)
    printed: Series[float] = pa.Field(nullable=True)  # the published points, else the recomputed ones
    which: Series[Text] = pa.Field(isin=["published", "recomputed", "missing"])  # of `printed`
    difference: Series[float] = pa.Field(nullable=True)  # recomputed - published, where both are known
    source: Series[Text]  # of `published`: file!sheet!cell


class UnitScores(Frame):
    """One row for each unit of the period, scored or not. Totals and averages are points."""

    unit_id: Series[Text]
    name: Series[Text]
    level: Series[Text]
    status: Series[Text]
    status_reason: Series[Text]
    total: Series[float] = pa.Field(nullable=True)  # as printed
    total_max: Series[float] = pa.Field(nullable=True)  # reachable: criteria counted
    officer_average: Series[float] = pa.Field(nullable=True)  # ĐTB CCVC, as printed
    officer_average_max: Series[float] = pa.Field(nullable=True)
    class_law: Series[Text]
    class_local: Series[Text]  # "" when the rulebook has no local table
    class_office: Series[Text]  # by the office's own table of thresholds; "" when it has none
    class_printed: Series[Text]  # the only class of the table that is signed
    class_basis: Series[Text] = pa.Field(isin=["", "decided", "office", "local", "law"])  # of the printed class
    class_ground: Series[Text]  # what the printed class rests on, Vietnamese
    rank: Series[pd.Int64Dtype] = pa.Field(nullable=True)  # within the level; 1-1-3


class LevelScores(Frame):
    """One row for each level of the period. It is scored from its own counts, never as an average of units."""

    unit_id: Series[Text]
    name: Series[Text]
    level: Series[Text]
    status: Series[Text]
    status_reason: Series[Text]
    basis: Series[Text]
    total: Series[float] = pa.Field(nullable=True)
    total_max: Series[float] = pa.Field(nullable=True)
    officer_average: Series[float] = pa.Field(nullable=True)
    officer_average_max: Series[float] = pa.Field(nullable=True)
    class_law: Series[Text]
    class_local: Series[Text]


class OfficerScores(Frame):
    """Biểu mẫu 01: one row for each officer, in the order declared. Scores are points."""

    officer: Series[Text]
    unit_id: Series[Text]
    level: Series[Text]
    position: Series[Text]
    score: Series[float] = pa.Field(nullable=True)
    basis: Series[Text] = pa.Field(isin=["entered", "unit_average", "none"])
    class_law: Series[Text]
    note: Series[Text]
    source: Series[Text]


class Comparison(Frame):
    """Computed against printed scores and counts: one row for each printed figure."""

    unit_id: Series[Text]
    item: Series[Text]  # criterion id, total, officer_average, class, or a measure
    kind: Series[Text] = pa.Field(isin=["score", "class", "count"])
    place: Series[Text]
    printed: Series[Text]
    computed: Series[Text]
    agrees: Series[bool]
    explanation: Series[Text]
    source: Series[Text]


class Findings(Frame):
    """Findings about the inputs, one row each, most severe first. `message` and `action` are Vietnamese."""

    severity: Series[Text] = pa.Field(isin=["error", "warning", "notice"])
    code: Series[Text]
    unit_id: Series[Text]
    file: Series[Text]
    sheet: Series[Text]
    cell: Series[Text]
    message: Series[Text]
    found: Series[Text]
    expected: Series[Text]
    action: Series[Text]
    sets_aside: Series[Text] = pa.Field(isin=["none", "unit", "file", "level", "row"])
    units: Series[Text]  # ids of the units that a finding about several units concerns, joined by "; "
    consequences: Series[Text]  # Vietnamese sentences: what follows from the finding; "" for nothing
    consequence_places: Series[Text]  # where it shows, written as `pipeline.findings.Place`, joined by "; "


class MergedUnits(Frame):
    """The units of many offices in one table, by level and rank. Totals and averages are points as printed."""

    level: Series[Text]
    rank: Series[pd.Int64Dtype] = pa.Field(nullable=True)  # within the level, over all offices; 1-1-3
    office: Series[Text]
    unit_id: Series[Text]  # of the office's registry: another office may use it for another unit
    name: Series[Text]
    total: Series[float] = pa.Field(nullable=True)
    total_max: Series[float] = pa.Field(nullable=True)
    officer_average: Series[float] = pa.Field(nullable=True)
    class_printed: Series[Text]
    office_rank: Series[pd.Int64Dtype] = pa.Field(nullable=True)  # as the office published it
    status: Series[Text]  # as the office published it
    status_reason: Series[Text]
    early: Series[pd.Int64Dtype] = pa.Field(nullable=True, ge=0)  # resolved dossiers; NA where not published
    on_time: Series[pd.Int64Dtype] = pa.Field(nullable=True, ge=0)
    late: Series[pd.Int64Dtype] = pa.Field(nullable=True, ge=0)


class MergedLevels(Frame):
    """A row for each office and level, and for each level of all offices together (`office` is "").

    `mean`, `highest`, `lowest`: of the totals of ranked units; sums of dossiers: of ranked units, NA where one of them
    has no such count.
    """

    level: Series[Text]
    level_name: Series[Text]
    office: Series[Text]
    units: Series[pd.Int64Dtype] = pa.Field(ge=0)
    ranked: Series[pd.Int64Dtype] = pa.Field(ge=0)
    mean: Series[float] = pa.Field(nullable=True)
    highest: Series[float] = pa.Field(nullable=True)
    lowest: Series[float] = pa.Field(nullable=True)
    early: Series[pd.Int64Dtype] = pa.Field(nullable=True, ge=0)
    on_time: Series[pd.Int64Dtype] = pa.Field(nullable=True, ge=0)
    late: Series[pd.Int64Dtype] = pa.Field(nullable=True, ge=0)
    level_total: Series[float] = pa.Field(nullable=True)  # of the level, which the office scored from its own counts
    level_total_max: Series[float] = pa.Field(nullable=True)
    level_rank: Series[pd.Int64Dtype] = pa.Field(nullable=True)  # of the offices by `level_total`; 1-1-3


class MergedSources(Frame):
    """Which revision of which office a province's table uses: a row for each office, in the order named."""

    office: Series[Text]
    revision: Series[Text]
    signed: Series[Text]  # the signed report, "" for a revision that is not signed
    created_at: Series[Text]
    manifest_sha256: Series[Text] = pa.Field(str_matches=r"^[0-9a-f]{64}$")
    code_version: Series[Text]


class MergeNotes(Frame):
    """What a person should know about a province's table: one row each, Vietnamese. `office` is "" for several."""

    severity: Series[Text] = pa.Field(isin=["warning", "notice"])
    office: Series[Text]
    message: Series[Text]
    action: Series[Text]
