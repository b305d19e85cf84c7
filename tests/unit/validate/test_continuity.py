"""This quarter against the published ones before it."""

from collections.abc import Sequence

import pandas as pd
import past as made
import pytest
from past import NOTHING_SAID, counts, quarter, unit

from pipeline.finding_catalogue import catalogue, findings_frame
from pipeline.findings import Finding
from pipeline.periods import Period
from pipeline.publish.csv_tables import csv_bytes
from pipeline.publish.published_quarters import (
    COUNTS,
    PastQuarter,
    changed_references,
    past_quarter,
    unusable_quarter,
)
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry
from pipeline.validate.continuity import check_continuity, families

REGISTRY = """unit_id,name,kind,level,parent,aliases,valid_from,valid_to,successor,note
xa,Cấp xã,level,xa,,,,,,
a,Xã A,unit,xa,xa,,,,,
b,Xã B,unit,xa,xa,,,,,
c,Xã C,unit,xa,xa,,,2022-03-31,d,
d,Xã D,unit,xa,xa,,2022-04-01,2022-05-31,e,
e,Xã E,unit,xa,xa,,2022-06-01,,,
g,Xã G,unit,xa,xa,,,2022-03-01,,
h,Xã H,unit,xa,xa,,2022-03-15,,,
"""


def index(period: str = "2022-Q2", registry: str = REGISTRY) -> UnitIndex:
    return UnitIndex(read_registry(registry.encode()), Period.parse(period))


def check(
    now: made.Units, *past: PastQuarter, period: str = "2022-Q2", registry: str = REGISTRY, said: pd.DataFrame = NOTHING_SAID,
    corrected: Sequence[tuple[str, str]] = (),
) -> list[Finding]:  # fmt: skip
    return check_continuity(counts(now, corrected), said, index(period, registry), past)


def short(found: Sequence[Finding]) -> list[tuple[str, str]]:
    return [(f.code, f.unit_id) for f in found]


def message(finding: Finding) -> str:
    return str(findings_frame([finding])["message"].iloc[0])


# --- carried over ----------------------------------------------------------------------------------------


def test_what_was_pending_is_carried_over() -> None:
    before = quarter("2022-Q1", {"a": unit(pending=7), "b": unit(pending=3)})
    (found,) = check({"a": unit(carried=7), "b": unit(carried=4)}, before)
    assert (found.code, found.unit_id, found.found, found.expected) == ("continuity_broken", "b", "4", "3")
    assert (found.file, found.sheet, found.cell) == ("a.xlsx", "S", "F2")
    assert message(found) == (
        "“Xã B”: kỳ trước chuyển qua 4, nhưng quý I năm 2022 (bản r1) còn đang giải quyết 3 (a.xlsx, S, ô K2): chênh +1."
    )


def test_corrected_counts_are_compared_with_corrected_ones_and_said() -> None:
    before = quarter("2022-Q1", {"a": unit(pending=7)}, corrected=[("a", "pending_total")])
    assert check({"a": unit(carried=7)}, before, corrected=[("a", "carried_over")]) == []
    (found,) = check({"a": unit(carried=9)}, before, corrected=[("a", "carried_over")])
    assert "chuyển qua 9 (đã điều chỉnh), nhưng" in message(found)
    assert "giải quyết 7 (a.xlsx, S, ô K1) (đã điều chỉnh): chênh +2" in message(found)


def test_only_the_quarter_just_before_is_compared() -> None:
    assert check({"a": unit(carried=7)}, quarter("2021-Q4", {"a": unit(pending=3)})) == []


def test_a_blank_is_no_difference_and_totals_tell_what_they_can() -> None:
    before = quarter("2022-Q1", {"a": unit(pending=3)})
    assert check({"a": {"resolved_total": 5, "resolved_early": 5}}, before) == []
    told = {"received_total": 50, "received_in_period": 46}
    assert [(f.found, f.expected, f.cell) for f in check({"a": told}, before)] == [("4", "3", "C1")]


@pytest.mark.parametrize(
    ("code", "compared"), [("identity_broken", False), ("unit_repeated", False), ("contacts_do_not_add_up", True)]
)
def test_counts_in_doubt_are_not_compared_then_or_now(code: str, compared: bool) -> None:
    expected = [("continuity_broken", "a")] if compared else []
    broken = quarter("2022-Q1", {"a": unit(pending=7)}, {"a": code})
    assert short(check({"a": unit(carried=8)}, broken)) == expected
    facts = dict.fromkeys(("row", "label", "difference", "times", "what", "cells"), "")
    said = findings_frame([Finding(code, "a", facts=facts)])
    assert short(check({"a": unit(carried=8)}, quarter("2022-Q1", {"a": unit(pending=7)}), said=said)) == expected


def test_a_level_is_told_only_where_it_differs_by_something_else_than_its_units() -> None:
    before = quarter("2022-Q1", {"xa": unit(pending=10), "a": unit(pending=7), "b": unit(pending=3)})
    units = {"a": unit(carried=8), "b": unit(carried=3)}
    assert short(check({"xa": unit(carried=11), **units}, before)) == [("continuity_broken", "a")]
    both = [("continuity_broken", "xa"), ("continuity_broken", "a")]
    assert short(check({"xa": unit(carried=12), **units}, before)) == both


# --- units that end and begin ----------------------------------------------------------------------------


def test_dossiers_follow_the_successor_over_chains() -> None:
    before = quarter("2022-Q1", {"c": unit(pending=4), "a": unit()})
    assert families(index().registry, Period(2022, 2).end)["c"] == "e"
    now = {"a": unit(), "e": unit(carried=4)}
    assert check(now, before) == []
    (found,) = check({"a": unit(), "e": unit(carried=3)}, before)
    assert "“Xã E”: kỳ trước chuyển qua 3" in message(found)
    assert "còn đang giải quyết 4 (Xã C 4, theo cột successor của units.csv): chênh −1" in message(found)


def test_in_the_quarter_of_the_change_old_and_new_are_one() -> None:
    before = quarter("2022-Q1", {"c": unit(pending=4)})
    assert check({"c": unit(carried=1), "d": unit(carried=1), "e": unit(carried=2)}, before) == []
    assert short(check({"c": unit(carried=1), "e": unit(carried=2)}, before)) == [("continuity_broken", "e")]


def test_a_family_is_not_compared_where_a_member_is_in_doubt() -> None:
    before = quarter("2022-Q1", {"c": unit(pending=4), "d": unit(pending=2)}, {"d": "identity_broken"})
    assert check({"e": unit(carried=1)}, before) == []


def test_successors_that_run_in_circles_end_nowhere() -> None:
    circle = REGISTRY.replace("2022-06-01,,,", "2022-06-01,2022-06-05,c,")
    assert families(index(registry=circle).registry, Period(2022, 2).end)["c"] == "c"
    assert families(index(registry=circle).registry, Period(2022, 1).end)["c"] == "c"


def test_a_unit_that_ended_with_dossiers_pending_and_without_successor_has_vanished() -> None:
    before = quarter("2022-Q1", {"a": unit(), "g": unit(pending=6)})
    (found,) = check({"a": unit()}, before)
    assert (found.code, found.unit_id) == ("unit_vanished", "")
    assert "“Xã G” có số liệu ở quý I năm 2022 (bản r1), còn 6 hồ sơ đang giải quyết" in message(found)
    assert "chỉ có đến hết ngày 01/3/2022, không ghi đơn vị kế tiếp (successor)" in message(found)
    assert check({"a": unit()}, quarter("2022-Q1", {"a": unit(), "g": unit()})) == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "không còn dòng nào có mã này"),
        ("b,Xã B,ignore,,,,,,,\n", "không phải đơn vị (kind = ignore)"),
        ("b,Xã B,unit,xa,xa,,2023-01-01,,,\n", "chưa có trong kỳ này"),
        (
            "b,Xã B,unit,xa,xa,,,2022-03-01,h,\nh,Xã H,unit,xa,xa,,2023-01-01,,,\n",
            "còn đơn vị kế tiếp Xã H cũng không có",
        ),
    ],
)
def test_a_unit_that_fell_out_of_the_registry_has_vanished(line: str, why: str) -> None:
    registry = REGISTRY.replace("b,Xã B,unit,xa,xa,,,,,\n", line)
    if "\nh," in line:
        registry = registry.replace("h,Xã H,unit,xa,xa,,2022-03-15,,,\n", "")
    (found,) = check({"a": unit()}, quarter("2022-Q1", {"a": unit(), "b": unit(pending=1)}), registry=registry)
    assert found.code == "unit_vanished" and why in message(found)
    nothing_left = check({"a": unit()}, quarter("2022-Q1", {"a": unit(), "b": unit()}), registry=registry)
    # what the registry ends by a date is meant; a line that is gone may not be
    assert short(nothing_left) == ([] if "2022-03-01" in line else [("unit_vanished", "")])


def test_a_unit_without_data_is_missing_and_has_not_vanished_too() -> None:
    assert check({"a": unit()}, quarter("2022-Q1", {"a": unit(), "b": unit(pending=3)})) == []


def test_a_unit_appears_that_existed_but_was_not_there() -> None:
    before = quarter("2022-Q1", {"a": unit()}, {"b": "unit_missing"})
    (found,) = check({"a": unit(), "b": unit(carried=2)}, before)
    assert (found.code, found.unit_id, found.cell) == ("unit_appeared", "b", "F2")
    assert "“Xã B” có 50 hồ sơ tiếp nhận, trong đó 2 kỳ trước chuyển qua; quý I năm 2022 (bản r1) không có" in message(
        found
    )
    nothing = dict.fromkeys(unit(), 0)
    assert check({"a": unit(), "b": nothing}, before) == []


def test_a_new_unit_appears_only_with_dossiers_of_somebody_else() -> None:
    before = quarter("2022-Q1", {"a": unit()})
    assert check({"a": unit(), "h": unit()}, before) == []
    (found,) = check({"a": unit(), "h": unit(carried=2)}, before)
    assert (found.code, found.unit_id) == ("unit_appeared", "h")
    assert "không đơn vị cũ nào ghi đơn vị này là kế tiếp" in message(found)


# --- shares ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("late", "said"),
    [(309, []), (310, [("share_jumps", "a")]), (90, [("share_jumps", "a")]), (91, [])],
)
def test_a_share_outside_all_it_was(late: int, said: list[tuple[str, str]]) -> None:
    """Late 19 % and 21 % before: told from 31 % on, and down to 9 %."""
    past = [quarter("2022-Q1", {"a": unit(1620, 0, 380)}), quarter("2021-Q4", {"a": unit(1580, 0, 420)})]
    found = check({"a": unit(1000 - late, 0, late)}, *past)
    assert short(found) == said


def test_a_jump_is_told_once_a_unit_with_every_number() -> None:
    past = [quarter("2022-Q1", {"a": unit(90, 0, 10)}), quarter("2021-Q3", {"a": unit(95, 0, 5)})]
    (found,) = check({"a": unit(40, 0, 60)}, *past)
    assert message(found) == (
        "“Xã A”: tỷ lệ trước hạn 40% (40/100); quá hạn 60% (60/100); các quý trước: "
        "trước hạn quý I/2022 90% (90/100), quý III/2021 95% (95/100); "
        "quá hạn quý I/2022 10% (10/100), quý III/2021 5% (5/100)."
    )
    assert (found.file, found.cell) == ("a.xlsx", "H1")


def test_the_online_share_is_of_what_came_in_the_period() -> None:
    past = [quarter(q, {"a": unit(990, online=250, pending=100)}) for q in ("2022-Q1", "2021-Q4")]
    (found,) = check({"a": unit(990, online=100, carried=100)}, *past)
    assert (found.code, found.found) == ("share_jumps", "trực tuyến 11,1% (100/900)")


def test_one_quarter_before_has_to_be_twice_as_far_away() -> None:
    one = quarter("2022-Q1", {"a": unit(900, 0, 100)})
    assert check({"a": unit(710, 0, 290)}, one) == []
    assert short(check({"a": unit(700, 0, 300)}, one)) == [("share_jumps", "a")]


def test_few_dossiers_say_nothing_then_or_now() -> None:
    far = {"a": unit(0, 0, 100)}
    assert check({"a": unit(0, 0, 29)}, quarter("2022-Q1", {"a": unit(100, 0, 0)})) == []
    assert check(far, quarter("2022-Q1", {"a": unit(29, 0, 0)})) == []
    assert short(check(far, quarter("2022-Q1", {"a": unit(30, 0, 0)}))) == [("share_jumps", "a")]


def test_a_distance_that_chance_explains_is_not_told() -> None:
    past = [quarter("2022-Q1", {"a": unit(24, 0, 6)}), quarter("2021-Q4", {"a": unit(24, 0, 6)})]
    assert check({"a": unit(17, 0, 13)}, *past) == []


# --- what is compared with -------------------------------------------------------------------------------


def test_without_history_or_without_counts_nothing_is_said() -> None:
    assert check({"a": unit(carried=3)}) == []
    assert check({}, quarter("2022-Q1", {"a": unit(pending=3), "x": unit()})) == []


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (None, "counts.csv thiếu hoặc đã bị sửa"),
        (b"unit_id,measure,value\r\n", "counts.csv thiếu hoặc đã bị sửa"),
    ],
)
def test_counts_that_are_not_the_published_ones_are_not_used(data: bytes | None, why: str) -> None:
    period = Period(2022, 1)
    read = past_quarter(period, made.manifest(period, b"as published"), data)
    assert (read.counts, read.used.counts_sha256) == (None, "")
    (found,) = check({"a": unit(carried=3)}, read)
    assert found.code == "past_damaged" and why in message(found)
    assert message(found).endswith("Kỳ này không so được với quý đó.")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"unit_id,measure,value\r\na,pending_total,3\r\n",
        csv_bytes(counts({"a": unit()})).replace(b",40,", b",x,"),
        csv_bytes(counts({"a": unit()})).replace(b",40,", b",99999999999999999999,"),
        b"\xff\xfe\x00",
    ],
)
def test_a_table_of_another_version_is_not_used(data: bytes) -> None:
    period = Period(2022, 1)
    read = past_quarter(period, made.manifest(period, data), data)
    assert read.counts is None and "không hiểu được counts.csv" in read.used.damage


def test_a_revision_of_another_quarter_is_not_used() -> None:
    data = csv_bytes(counts({"a": unit()}))
    read = past_quarter(Period(2022, 1), made.manifest(Period(2021, 1), data), data)
    assert read.counts is None and read.used.damage == "r1: là bản của kỳ 2021-Q1"


def test_what_is_read_is_what_was_published() -> None:
    frame = counts({"a": unit(pending=2)}, [("a", "pending_total")])
    data = csv_bytes(frame)
    read = past_quarter(Period(2022, 1), made.manifest(Period(2022, 1), data), data)
    assert read.counts is not None
    pd.testing.assert_frame_equal(read.counts, frame)
    assert read.used.counts_sha256 == made.manifest(Period(2022, 1), data).files[COUNTS]


def test_changes_name_the_quarter_that_has_a_new_revision() -> None:
    one, other = quarter("2022-Q1", {"a": unit()}).used, quarter("2022-Q1", {"a": unit(carried=1)}).used
    older = quarter("2021-Q4", {"a": unit()}).used
    of = made.manifest(Period(2022, 2), b"")
    before = of.model_copy(update={"past": [one, older]})
    after = of.model_copy(update={"past": [other.model_copy(update={"revision": "r2"}), older]})
    name = "Kỳ trước đã có bản mới: quý I năm 2022"
    assert list(changed_references(before, after)) == [
        (name, f"r1 ({one.counts_sha256[:12]})", f"r2 ({other.counts_sha256[:12]})")
    ]
    assert list(changed_references(before, before)) == []
    gone = of.model_copy(update={"past": [unusable_quarter(Period(2022, 1), ["hỏng"], "r1").used]})
    assert [c[0] for c in changed_references(before, gone)] == [
        "Kỳ trước dùng để so sánh: quý IV năm 2021",
        "Kỳ trước dùng để so sánh: quý I năm 2022",
    ]
    assert [c[2] for c in changed_references(before, gone)] == ["", "r1 (không dùng được)"]


def test_history_sets_nobody_aside() -> None:
    codes = ("past_damaged", "continuity_broken", "unit_vanished", "unit_appeared", "share_jumps")
    assert {(catalogue()[c].sets_aside, catalogue()[c].severity == "error") for c in codes} == {("none", False)}
