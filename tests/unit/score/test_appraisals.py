"""The rule that decides between self-score, computed score, direct assessment and appraisal, case by case."""

import pandas as pd
import pytest

from pipeline.finding_catalogue import to_frame
from pipeline.rulebooks import installed
from pipeline.score.appraisals import weigh_appraisals
from pipeline.score.score import score_entities
from schemas.frames import Appraisals, Appraised, Assessments, Choices, Entities, Figures, Printed

QD = installed()["qd-1187-2019"]


def frame(model, rows):
    columns = model.to_schema().columns
    return model.validate(
        pd.DataFrame(rows, columns=list(columns)).astype({n: str(c.dtype) for n, c in columns.items()}), lazy=True
    )


def figures(unit):
    """40 early and 10 on time: criterion 1 is 1,80; nothing is known of the desk."""
    given = {"resolved_early": 40, "resolved_on_time": 10, "resolved_late": 0}
    given |= {"petitions_received": 0, "petitions_on_time": 0, "petitions_prolonged": 0}
    return [(unit, m, n, "entered", f"t!s!{m}") for m, n in given.items()]


def appraisal(criterion, value, option="", reason="đã xem", seen=None, seen_text="", unit="a", rulebook=QD.id):
    return (
        unit, rulebook, criterion, value, option, seen, seen_text, reason, "G6", "Công chức 1", "2022-03-20",
        "tham-dinh.xlsx", "Thẩm định", "F6",
    )  # fmt: skip


def assessed(criterion, option):
    return ("a", QD.id, criterion, option, "sổ theo dõi", "bo-sung.xlsx", "Đánh giá trực tiếp", "D6")


def own(criterion, value, unit="a"):
    return (unit, criterion, value, str(value), QD.id, "1", "tu-cham.xlsx", "Điểm đã in", "C6")


def weigh(appraisals=(), by_hand=(), self_scores=(), without=""):
    entities = frame(
        Entities,
        [
            ("a", "Phòng A", "unit", "huyen", "scored", "", "own"),
            ("b", "Phòng B", "unit", "huyen", "set_aside", "số liệu không khớp", "own"),
        ],
    )
    known = (entities, frame(Figures, [f for f in figures("a") if f[1] != without]), frame(Choices, []))
    assessments = frame(Assessments, list(by_hand))
    stands = score_entities(*known, assessments, QD).criterion_scores
    alone = score_entities(*known, frame(Assessments, []), QD).criterion_scores
    settled = weigh_appraisals(
        frame(Appraisals, list(appraisals)),
        frame(Printed, list(self_scores)),
        stands,
        alone,
        assessments,
        QD,
        {"a": "Phòng A", "b": "Phòng B"},
    )
    Appraised.validate(settled.appraised, lazy=True)
    return settled


def only(settled):
    assert len(settled.appraised) == 1
    return settled.appraised.iloc[0]


def codes(settled):
    return [f.code for f in settled.findings]


def test_figures_decide_and_a_differing_appraisal_stands_beside():
    settled = weigh([appraisal("total_time", 2.0)])
    row = only(settled)
    assert (row["computed"], row["appraised"], row["used_score"], row["used"]) == (1.8, 2.0, 1.8, "computed")
    assert row["difference"] == pytest.approx(0.2)
    assert codes(settled) == ["appraisal_differs"] and not settled.used
    said = to_frame(settled.findings).iloc[0]
    assert said["severity"] == "warning" and "dieu-chinh.xlsx" in said["action"] and "bo-sung.xlsx" in said["action"]
    assert settled.assessments.empty


def test_an_option_that_figures_give_is_not_overruled_either():
    settled = weigh([appraisal("petitions", 0.0, "0")])
    assert (only(settled)["used_score"], codes(settled)) == (2.0, ["appraisal_differs"])


@pytest.mark.parametrize("value", [1.8, 1.8049, 1.795])
def test_equal_as_printed_needs_no_reason_and_no_word(value):
    settled = weigh([appraisal("total_time", value, reason="")])
    assert not settled.findings and only(settled)["difference"] == 0


def test_what_figures_lack_is_the_appraisers():
    settled = weigh([appraisal("desk", 1.0, "1")])
    assert settled.used == {("a", "desk")} and codes(settled) == ["appraisal_used"]
    row = only(settled)
    assert pd.isna(row["computed"]) and (row["used"], row["used_score"]) == ("appraised", 1.0)
    entry = settled.assessments.iloc[0]
    assert (entry["option"], entry["source_file"]) == ("1", "tham-dinh.xlsx")
    assert entry["reason"] == "đã xem (người thẩm định: Công chức 1, 20/3/2022)"


def test_a_criterion_by_dossier_is_never_an_appraisers():
    settled = weigh([appraisal("total_time", 2.0)], without="resolved_late")
    assert codes(settled) == ["appraisal_not_possible"] and not settled.used
    assert only(settled)["used"] == "not_counted"


def test_a_unit_that_is_not_scored_gets_no_score_by_appraisal():
    settled = weigh([appraisal("desk", 2.0, "2", unit="b")])
    assert codes(settled) == ["appraisal_not_possible"] and not settled.used
    assert only(settled)["used"] == "not_scored"


def test_it_wins_over_a_direct_assessment_that_differs_and_says_so():
    settled = weigh([appraisal("desk", 1.0, "1")], [assessed("desk", "2")])
    assert codes(settled) == ["appraisal_over_assessment"]
    assert settled.assessments["option"].tolist() == ["1"]
    assert "bo-sung.xlsx › Đánh giá trực tiếp › D6" in to_frame(settled.findings).loc[0, "action"]
    assert (only(settled)["assessed"], only(settled)["used_score"]) == (2.0, 1.0)


def test_one_that_agrees_with_it_changes_nothing():
    settled = weigh([appraisal("desk", 2.0, "2", reason="")], [assessed("desk", "2")])
    assert not settled.findings and not settled.used and settled.assessments["option"].tolist() == ["2"]
    assert only(settled)["used"] == "assessed"


@pytest.mark.parametrize(("criterion", "value", "option"), [("total_time", 2.0, ""), ("desk", 1.0, "1")])
def test_a_difference_needs_a_reason(criterion, value, option):
    settled = weigh([appraisal(criterion, value, option, reason="")])
    assert [(f.code, f.cell) for f in settled.findings] == [("appraisal_refused", "G6")] and not settled.used


@pytest.mark.parametrize(
    ("given", "stale"),
    [
        (appraisal("total_time", 2.0, seen=1.9, seen_text="1.9"), True),
        (appraisal("total_time", 1.8, seen=1.9, seen_text="1.9"), True),
        (appraisal("total_time", 2.0, seen=1.8, seen_text="1.8"), False),
        (appraisal("desk", 1.0, "1", seen=2.0, seen_text="2"), True),
        (appraisal("desk", 1.0, "1", seen_text="không tính"), False),
        (appraisal("petitions", 0.0, "0", seen_text="không tính"), True),
        (appraisal("desk", 1.0, "1"), False),
    ],
)
def test_an_appraisal_of_a_score_that_is_no_more_waits(given, stale):
    settled = weigh([given])
    assert (codes(settled) == ["appraisal_stale"]) == stale
    assert not (stale and settled.used)


def test_self_scores_are_shown_and_never_used():
    settled = weigh(
        self_scores=[own("desk", 2.0), own("total_time", 2.0), own("total", 18.0), own("total_time", 1, "b")]
    )
    rows = settled.appraised[["unit_id", "criterion", "self_score", "used", "difference"]]
    assert rows["unit_id"].tolist() == ["a", "a", "b"] and rows["criterion"].tolist()[:2] == ["total_time", "desk"]
    assert rows["used"].tolist() == ["computed", "not_counted", "not_scored"]
    assert rows["difference"].iloc[0] == pytest.approx(0.2) and rows["difference"].isna().tolist() == [
        False,
        True,
        True,
    ]
    assert not settled.findings and settled.assessments.empty


def test_another_rulebook_is_a_notice():
    settled = weigh([appraisal("desk", 1.0, "1", rulebook="tt-01-2018")])
    assert codes(settled) == ["appraisal_other_rulebook"] and settled.appraised.empty and not settled.used
