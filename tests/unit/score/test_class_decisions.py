"""The printed class: what the office decided, then its own table, then the rulebook; contradictions are reported."""

from fractions import Fraction

import pandas as pd
import pytest

from pipeline.finding_catalogue import findings_frame
from pipeline.rulebooks import installed
from pipeline.score.class_decisions import SettledClasses, settle_classes, unused_decisions
from schemas.frames import ClassDecisions, UnitScores
from schemas.office import OfficeClasses

QD, TT = installed()["qd-1187-2019"], installed()["tt-01-2018"]
OFFICE = OfficeClasses.model_validate(
    {
        "basis": "officer_average",
        "decision": "Quyết định số 12/QĐ-UBND",
        "bands": [{"name": "Trung bình", "from": 5}, {"name": "Xuất sắc", "from": 9.5}, {"name": "Tốt", "from": "8,5"}],
    }
)
#: unit -> officers' average, total; None: no class
FIGURES = {"a": (10.0, 16.0), "b": (8.5, 12.0), "c": (7.0, 13.0), "d": (4.0, 8.0), "e": None}


def scores() -> pd.DataFrame:
    """Units a to e, scored by qd-1187-2019."""
    empty = UnitScores.empty()
    rows = []
    for unit, figures in FIGURES.items():
        average, total = figures or (None, None)
        local = QD.local_class.classify(Fraction(str(average))) if figures else ""
        law = QD.unit_class.classify(Fraction(str(total))) if figures else ""
        rows.append(
            {
                **dict.fromkeys(empty.columns, ""), "unit_id": unit, "name": f"Xã {unit.upper()}", "level": "xa",
                "total": total, "officer_average": average, "total_max": 18.0, "officer_average_max": 10.0,
                "class_law": law, "class_local": local, "class_printed": local, "rank": None,
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(empty.columns)).astype(empty.dtypes.to_dict())


def decisions(*rows: tuple[str, str]) -> pd.DataFrame:
    """(unit, class): a decision each, in cells B6, B7, …"""
    columns = list(ClassDecisions.to_schema().columns)
    data = [
        (unit, name, "ít hồ sơ.", "Chủ tịch UBND", "12/TB-UBND", "phan-loai.xlsx", "Phân loại", f"B{line}")
        for line, (unit, name) in enumerate(rows, 6)
    ]
    return pd.DataFrame(data, columns=columns, dtype="str")


def settled(*rows: tuple[str, str], office: OfficeClasses | None = None, rulebook=QD) -> SettledClasses:
    return settle_classes(scores(), decisions(*rows), office, rulebook)


def printed(result: SettledClasses) -> list[str]:
    return result.unit_scores["class_printed"].tolist()


def found(result: SettledClasses) -> list[tuple[str, ...]]:
    frame = findings_frame(result.findings)
    return list(frame[["code", "unit_id", "found", "expected"]].itertuples(index=False, name=None))


def test_without_the_office_the_local_class_is_printed_and_gaps_are_named():
    result = settled()
    assert printed(result) == ["Xuất sắc", "chưa rõ quy tắc", "Trung bình", "chưa rõ quy tắc", ""]
    assert result.unit_scores["class_basis"].tolist() == ["local"] * 4 + [""]
    (message,) = findings_frame(result.findings)["message"]
    assert "“Xã B”" in message and "“Xã D”" in message
    assert [f.code for f in result.findings] == ["class_unknown"]


def test_the_office_table_stands_before_the_rulebook_and_a_difference_is_a_warning():
    result = settled(office=OFFICE)
    assert printed(result) == ["Xuất sắc", "Tốt", "Trung bình", "chưa rõ quy tắc", ""]
    assert result.unit_scores["class_ground"].tolist()[:2] == ["Quyết định số 12/QĐ-UBND"] * 2
    other = OFFICE.model_copy(update={"bands": OFFICE.bands[1:]})  # without Trung bình: Xã C has no class of the office
    assert ("class_table_differs", "a", "Tốt", "Xuất sắc") not in found(settled(office=other))
    low = OfficeClasses.model_validate(
        {"basis": "total", "decision": "x", "bands": [{"name": "Khá", "from": 13}, {"name": "Tốt", "from": 17}]}
    )
    assert ("class_table_differs", "a", "Khá", "Xuất sắc") in found(settled(office=low))


def test_a_decision_of_the_office_is_printed_with_its_ground():
    result = settled(("d", "trung bình"))
    assert printed(result)[3] == "Trung bình"
    row = result.unit_scores.iloc[3]
    assert (row["class_basis"], row["class_ground"]) == (
        "decided",
        "Chủ tịch UBND quyết định tại 12/TB-UBND; lý do: ít hồ sơ",
    )
    assert ("class_decided", "d", "Trung bình", "chưa rõ quy tắc") in found(result)
    assert not findings_frame(result.findings)["severity"].eq("error").any()


@pytest.mark.parametrize(
    ("unit", "office", "expected"), [("a", None, "Xuất sắc"), ("b", OFFICE, "Tốt"), ("a", OFFICE, "Xuất sắc")]
)
def test_a_decision_against_a_rule_is_a_warning_with_both_values(
    unit: str, office: OfficeClasses | None, expected: str
) -> None:
    result = settled((unit, "Khá"), office=office)
    assert printed(result)["abcde".index(unit)] == "Khá"
    assert ("class_contradicts", unit, "Khá", expected) in found(result)
    frame = findings_frame(result.findings)
    (row,) = frame.loc[frame["code"] == "class_contradicts"].to_dict("records")
    assert (row["severity"], row["cell"]) == ("warning", "B6")
    assert f"là {expected}" in row["message"] and "xác định phân loại Khá" in row["message"]


def test_an_unknown_class_and_two_different_ones_are_not_used():
    result = settled(("d", "Giỏi"), ("b", "Tốt"), ("b", "Khá"), ("c", "Trung bình"), ("c", "Trung bình"))
    assert printed(result) == ["Xuất sắc", "chưa rõ quy tắc", "Trung bình", "chưa rõ quy tắc", ""]
    frame = findings_frame(result.findings)
    errors = frame.loc[frame["severity"] == "error"]
    assert set(errors["code"]) == {"class_name_unknown", "class_decided_twice"}
    twice = errors.loc[errors["code"] == "class_decided_twice", "message"].iloc[0]
    assert "B7" in twice and "B8" in twice


def test_a_class_of_the_office_table_alone_may_be_decided():
    own = OFFICE.model_copy(update={"bands": (*OFFICE.bands[:2], OFFICE.bands[2].model_copy(update={"name": "Giỏi"}))})
    assert printed(settled(("d", "Giỏi"), office=own))[3] == "Giỏi"


def test_a_decision_for_a_unit_without_a_class_is_reported():
    result = settled(("e", "Tốt"))
    assert printed(result)[4] == ""
    (finding,) = [f for f in result.findings if f.code == "class_decision_unused"]
    assert finding.cell == "B6"
    (unscored,) = unused_decisions(decisions(("a", "Tốt")), {"a": "Xã A"})
    assert unscored.facts["row"] == "Xã A"


def test_without_a_local_table_the_class_by_law_is_printed():
    result = settled(rulebook=TT)
    assert printed(result) == result.unit_scores["class_law"].tolist()
    assert "class_unknown" not in {f.code for f in result.findings}


@pytest.mark.parametrize(
    "bands",
    [
        [{"name": "Tốt", "from": 9}, {"name": "Tốt", "from": 8}],
        [{"name": "Tốt", "from": 9}, {"name": "Khá", "from": 9}],
        [{"name": "Tốt", "from": "chín"}],
        [{"name": "Tốt", "from": -1}],
        [],
    ],
)
def test_a_table_that_contradicts_itself_is_refused(bands: list[dict[str, object]]) -> None:
    with pytest.raises(ValueError):
        OfficeClasses.model_validate({"basis": "total", "decision": "x", "bands": bands})


def test_a_threshold_is_exact_and_its_class_begins_at_it():
    table = OFFICE.table
    assert [table.classify(Fraction(x)) for x in ("9.5", "9.49", "8.5", "8.49", "5", "4.99")] == [
        "Xuất sắc", "Tốt", "Tốt", "Trung bình", "Trung bình", "chưa rõ quy tắc",
    ]  # fmt: skip
