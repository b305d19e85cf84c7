"""Scoring: evidence, hand-entered options, findings, officers; what the rule cases do not show."""

import numpy as np
import pandas as pd
import pytest

from pipeline.finding_catalogue import findings_frame
from pipeline.rulebooks import installed
from pipeline.score.officers import score_officers
from pipeline.score.score import score_entities
from schemas.frames import Assessments, Choices, Entities, Figures, Officers, OfficerScores
from schemas.rulebook import Rulebook

QD = installed()["qd-1187-2019"]
TT = installed()["tt-01-2018"]
RESOLVED = ("resolved_early", "resolved_on_time", "resolved_late")


def frame(model, rows, integers=(), floats=()):
    columns = list(model.to_schema().columns)
    dtypes = {c: "Int64" if c in integers else "float64" if c in floats else "str" for c in columns}
    return model.validate(pd.DataFrame(rows, columns=columns).astype(dtypes), lazy=True)


def entity(unit_id, status="scored", kind="unit", level="xa", reason=""):
    return (unit_id, f"Tên {unit_id}", kind, level, status, reason, "own")


def counts(unit_id, *resolved):
    return [(unit_id, m, n, "entered", f"t!s!{m}") for m, n in zip(RESOLVED, resolved, strict=True)]


def assessed(unit_id, criterion, option, rulebook="qd-1187-2019", cell="A1"):
    return (unit_id, rulebook, criterion, option, f"lý do {cell}", "bo-sung.xlsx", "s", cell)


def run(entities, figures, by_hand=(), said=(), rulebook=QD):
    return score_entities(
        frame(Entities, entities),
        frame(Figures, figures, {"value"}),
        frame(Choices, list(said)),
        frame(Assessments, list(by_hand)),
        rulebook,
    )


def codes(result):
    return [(f.code, f.cell) for f in result.findings if f.code.startswith("assessment")]


def test_evidence_has_every_count_with_its_source():
    result = run([entity("a")], counts("a", 3, 2, 1))
    rows = result.criterion_evidence
    first = rows[rows["criterion"] == "total_time"]
    assert first["role"].tolist() == ["points"] * 3 + ["denominator"]
    assert first["value"].tolist() == [3, 2, 1, 6]
    assert first["points"].tolist()[:3] == [2, 1, 0]
    assert first["text"].iloc[0] == "Trước hạn so với thời gian quy định"
    assert first["source"].iloc[0] == "t!s!resolved_early"
    assert first["source"].iloc[3] == "t!s!resolved_early; t!s!resolved_on_time; t!s!resolved_late"
    once = rows[(rows["criterion"] == "contacts") & (rows["option"] == "1")].iloc[0]
    assert (once["value"], once["origin"], once["source"]) == (1, "default: contacts", "t!s!resolved_late")


def test_evidence_has_every_condition_with_its_outcome():
    figures = [("a", "petitions_received", 10, "entered", "x"), ("a", "petitions_on_time", 9, "entered", "y")]
    result = run([entity("a")], [*counts("a", 1, 0, 0), *figures])
    rows = result.criterion_evidence
    rows = rows[rows["criterion"] == "petitions"]
    assert rows["outcome"].tolist() == ["không đạt", "chưa rõ", "đạt", "chưa rõ"]
    assert rows["value"].iloc[0] == 0.9
    assert rows["measures"].iloc[0] == "petitions_on_time / petitions_received"
    assert rows["text"].iloc[2] == "Tỷ lệ phản ánh, kiến nghị được xử lý đúng thời hạn từ 90% trở lên"


def test_the_criterion_rows_recompute_from_their_evidence():
    result = run([entity("a"), entity("b")], [*counts("a", 3, 2, 1), *counts("b", 7, 0, 9)])
    evidence = result.criterion_evidence
    for row in result.criterion_scores.query("counted and denominator != 1").itertuples():
        mine = evidence[(evidence["unit_id"] == row.unit_id) & (evidence["criterion"] == row.criterion)]
        points = mine[mine["role"] == "points"]
        assert (points["value"] * points["points"]).sum() == row.numerator
        assert mine.loc[mine["role"] == "denominator", "value"].item() == row.denominator


def test_unscored_entities_have_no_criteria_and_no_totals():
    statuses = ("no_dossiers", "set_aside", "missing")
    entities = [entity("a"), *(entity(s.replace("_", "-"), s) for s in statuses)]
    result = run(entities, [*counts("a", 1, 0, 0), *counts("set-aside", 5, 0, 0)])
    assert set(result.criterion_scores["unit_id"]) == {"a"}
    assert set(result.criterion_evidence["unit_id"]) == {"a"}
    rest = result.unit_scores[result.unit_scores["unit_id"] != "a"]
    assert rest[["total", "total_max", "officer_average", "rank"]].isna().all(axis=None)
    assert (rest["class_law"] == "").all()


def test_nobody_scored_gives_empty_frames():
    result = run([entity("a", "missing")], [])
    assert len(result.criterion_scores) == len(result.criterion_evidence) == len(result.level_scores) == 0
    assert len(result.unit_scores) == 1


def test_a_figure_given_twice_is_refused():
    with pytest.raises(ValueError, match="two values"):
        run([entity("a")], counts("a", 1, 0, 0) + counts("a", 2, 0, 0))


def test_an_assessed_option_wins_and_says_why():
    result = run([entity("a"), entity("b")], counts("a", 1, 0, 0), [assessed("a", "online", "2")])
    row = result.criterion_scores.query("unit_id == 'a' and criterion == 'online'").iloc[0]
    assert (row["printed"], row["basis"], row["explanation"], row["option"]) == (2, "assessed", "lý do A1", "2")
    rows = result.criterion_evidence.query("unit_id == 'a' and criterion == 'online'")
    assert rows[["origin", "source"]].to_numpy().tolist() == [["assessed", "bo-sung.xlsx!s!A1"]]
    other = result.criterion_scores.query("unit_id == 'b' and criterion == 'online'").iloc[0]
    assert other["basis"] == "not_counted"


def test_an_assessed_option_over_what_figures_give_is_told_with_both():
    desk = [("a", "procedures_total", 10, "entered", "x"), ("a", "procedures_at_desk", 10, "entered", "y")]
    mine = next(c for c in QD.criteria if c.id == "desk")
    result = run([entity("a", level="huyen")], [*counts("a", 1, 0, 0), *desk])
    computed = result.criterion_scores.query("criterion == 'desk'").iloc[0]
    assert computed["counted"] and computed["basis"] == "computed" and not codes(result)
    other = next(o for o in mine.options if o.id != computed["option"] and (not o.levels or "huyen" in o.levels))
    figures = [*counts("a", 1, 0, 0), *desk]
    result = run([entity("a", level="huyen")], figures, [assessed("a", "desk", other.id)])
    (told,) = [f for f in result.findings if f.code == "assessment_over_figures"]
    assert (told.unit_id, told.file, told.sheet, told.cell) == ("a", "bo-sung.xlsx", "s", "A1")
    assert (told.found, told.expected) == (str(other.points), str(round(computed["printed"])))
    message = findings_frame([told])["message"].iloc[0]
    assert (
        message
        == f"“Tên a” – tiêu chí {mine.number}: báo cáo dùng đánh giá trực tiếp {told.found}; tính từ số liệu được {told.expected}."
    )
    # the option stands all the same, and what figures say too, or do not say, is no news
    assert result.criterion_scores.query("criterion == 'desk'")["printed"].iloc[0] == float(other.points)
    assert not codes(run([entity("a", level="huyen")], figures, [assessed("a", "desk", computed["option"])]))
    assert not codes(run([entity("a", level="huyen")], counts("a", 1, 0, 0), [assessed("a", "desk", other.id)]))


def test_assessments_that_cannot_be_used_are_findings():
    by_hand = [
        assessed("a", "contacts", "2", cell="B1"),  # an average
        assessed("a", "smile", "2", cell="B2"),  # no such criterion
        assessed("a", "petitions", "3", cell="B3"),  # no such option
        assessed("b", "desk", "2", cell="B4"),  # not scored
        assessed("a", "desk", "2", cell="B5"),  # two that disagree
        assessed("a", "desk", "1", cell="B6"),
        assessed("a", "disclosure", "2", rulebook="tt-01-2018", cell="B7"),  # another rulebook's
    ]
    result = run([entity("a"), entity("b", "set_aside")], counts("a", 1, 0, 0), by_hand)
    assert codes(result) == [
        ("assessment_not_possible", "B1"),
        ("assessment_unknown", "B2"),
        ("assessment_unknown", "B3"),
        ("assessment_not_possible", "B4"),
        ("assessment_not_possible", "B5"),
        ("assessment_not_possible", "B6"),
    ]
    basis = result.criterion_scores.set_index("criterion")["basis"]
    assert basis[["contacts", "desk", "disclosure", "petitions"]].tolist() == ["default", *["not_counted"] * 3]
    assert len(findings_frame(result.findings)) == 7  # with the reduced maximum; every message can be filled in


def test_an_option_of_another_level_is_unknown():
    result = run(
        [entity("a")],
        counts("a", 1, 0, 0),
        [assessed("a", "desk", "2-huyen", "tt-01-2018")],
        rulebook=TT,
    )
    assert codes(result) == [("assessment_unknown", "A1")]


def test_a_reduced_maximum_is_a_finding():
    result = run([entity("a"), entity("xa", kind="level")], [*counts("a", 1, 0, 0), *counts("xa", 1, 0, 0)])
    reduced = [f for f in result.findings if f.code == "maximum_reduced"]
    assert {(f.unit_id, f.found, f.expected) for f in reduced} == {("a", "10", "18"), ("xa", "10", "18")}
    message = findings_frame(reduced)["message"].iloc[0]
    assert "tiêu chí 6, 7, 8, 9" in message


def test_units_that_lack_the_same_criteria_are_one_finding():
    names = "abcdefg"
    result = run([entity(n) for n in names], [c for n in names for c in counts(n, 1, 0, 0)])
    (reduced,) = [f for f in result.findings if f.code == "maximum_reduced"]
    assert reduced.unit_id == ""
    assert reduced.units == tuple(names)
    message = findings_frame([reduced])["message"].iloc[0]
    assert message.startswith(f"7 đơn vị ({'; '.join(f'“Tên {n}”' for n in names)}): không tính")


def test_the_local_class_is_printed_where_the_rulebook_has_one():
    given = [entity("a"), entity("b")], [*counts("a", 1, 0, 0), *counts("b", 1, 1, 0)]
    local, national = run(*given).unit_scores, run(*given, rulebook=TT).unit_scores
    assert local["class_printed"].tolist() == local["class_local"].tolist() == ["Xuất sắc", "chưa rõ quy tắc"]
    assert national["class_printed"].tolist() == national["class_law"].tolist()


def test_a_share_above_one_is_named():
    figures = {"procedures_total": 10, "procedures_exempt": 1, "procedures_at_desk": 10}
    figures["procedures_appraised_at_desk"] = 5
    rows = [("a", m, v, "entered", "t") for m, v in figures.items()]
    result = run([entity("a")], [*counts("a", 1, 0, 0), *rows], rulebook=TT)
    row = result.criterion_scores.query("criterion == 'desk'").iloc[0]
    assert not row["counted"]
    assert f"“{TT.ratios['desk'].label}” không thể đúng" in row["explanation"]


def test_a_complaint_too_many_is_named():
    result = run([entity("a")], [*counts("a", 1, 0, 0), ("a", "complaints_early", 2, "entered", "t")])
    row = result.criterion_scores.query("criterion == 'attitude'").iloc[0]
    assert not row["counted"]
    assert "lớn hơn “Đã giải quyết trước hạn”" in row["explanation"]


def test_a_level_without_a_form_is_not_given_another_levels_options():
    figures = [("a", m, 10, "entered", "t") for m in ("procedures_total", "procedures_at_desk")]
    figures.append(("a", "procedures_exempt", 0, "entered", "t"))
    result = run([entity("a", level="tinh")], [*counts("a", 1, 0, 0), *figures], rulebook=TT)
    row = result.criterion_scores.query("criterion == 'desk'").iloc[0]
    assert not row["counted"]
    assert "cấp này" in row["explanation"]


@pytest.mark.parametrize(("share", "points"), [(49, 2), (50, 1), (60, 0), (51, 0)])
def test_below_any_and_equals(share, points):
    data = QD.model_dump(mode="json")
    desk = next(c for c in data["criteria"] if c["id"] == "desk")
    below, half = {"ratio": "desk", "below": "50%"}, {"ratio": "desk", "equals": "1/2"}
    never = {"measure": "procedures_total", "equals": 1}
    desk["options"][0] |= {"all": [], "any": [never, below]}
    desk["options"][1] |= {"all": [half], "any": []}
    figures = [("a", "procedures_total", 100, "entered", "t"), ("a", "procedures_at_desk", share, "entered", "t")]
    result = run([entity("a")], [*counts("a", 1, 0, 0), *figures], rulebook=Rulebook.model_validate(data))
    assert result.criterion_scores.query("criterion == 'desk'")["printed"].item() == points


def officer(unit_id, score=np.nan, note=""):
    return ("Công chức 1", unit_id, "Bộ phận Một cửa", score, note, "bo-sung.xlsx", "s", "C4")


def test_officers():
    entities = [
        entity("xa", kind="level"),
        entity("a"),
        entity("b"),
        entity("n", "no_dossiers", reason="Không có hồ sơ phát sinh"),
        entity("s", "set_aside"),
        entity("w", "no_resolved"),
    ]
    result = run(entities, [*counts("xa", 1, 0, 0), *counts("a", 0, 435, 0), *counts("b", 0, 0, 4)])
    rows = [
        officer("a"),
        officer("b"),
        officer("xa", 9.96),
        officer("xa"),
        officer("n"),
        officer("s"),
        officer("w"),
        officer("s", 4.999, "tự chấm"),
        officer("x"),
    ]
    scored, findings = score_officers(
        frame(Officers, rows, floats={"score"}), frame(Entities, entities), result.unit_scores, QD
    )
    assert scored["basis"].tolist() == [
        "unit_average", "unit_average", "entered", "none", "none", "none", "none", "entered", "none",
    ]  # fmt: skip
    # a: 1 + 1 + 2 + 2 + 1; b: 0 + 0 + 1 + 1, its attitude has no dossier to count
    assert scored["score"].head(3).tolist() == [7.0, 2.0, 9.96]
    assert scored["class_law"].tolist() == [
        "Hoàn thành 100% nhiệm vụ",
        "Hoàn thành dưới 70% nhiệm vụ",
        "Hoàn thành 100% nhiệm vụ",
        "", "", "", "",
        "Hoàn thành từ 70% đến dưới 100% nhiệm vụ",
        "",
    ]  # fmt: skip
    assert scored["note"].iloc[1] == "ĐTB trên tối đa 8 điểm"
    assert scored["note"].iloc[4] == "đơn vị chưa được chấm điểm: không có hồ sơ phát sinh"
    assert [f.unit_id for f in findings] == ["xa", "x"]
    assert len(findings_frame(findings)) == 2


def test_no_officers():
    scored, findings = score_officers(
        Officers.empty(), frame(Entities, [entity("a")]), run([entity("a")], []).unit_scores, QD
    )
    assert len(scored) == 0
    assert list(scored.columns) == list(OfficerScores.to_schema().columns)
    assert findings == []
