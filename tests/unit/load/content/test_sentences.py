"""Sentences from counts: one wording, zero parts left out, non-zero ones never."""

from __future__ import annotations

import pytest
from scored_city import PARTS

from pipeline.load.content.sentences import (
    date_or_blank,
    level_note,
    long_date_or_blank,
    online_note,
    pending_lines,
    received_text,
    resolved_text,
    sum_figures,
    unit_note,
)


def figures(**parts: int) -> dict[str, int]:
    return dict.fromkeys(PARTS, 0) | parts


@pytest.mark.parametrize(
    ("parts", "note"),
    [
        (
            {"received_direct": 21, "resolved_early": 21},
            "Tiếp nhận trực tiếp 21 hồ sơ. Đã giải quyết trước hạn 21 hồ sơ.",
        ),
        (
            {
                "received_online": 194,
                "received_direct": 8,
                "carried_over": 40,
                "resolved_early": 207,
                "resolved_late": 10,
                "pending_in_time": 25,
            },
            "Tổng tiếp nhận 242 hồ sơ: trực tuyến 194 hồ sơ, kỳ trước chuyển qua 40 hồ sơ, trực tiếp 08 hồ sơ. "
            "Đã giải quyết 217 hồ sơ: trước hạn 207 hồ sơ, quá hạn 10 hồ sơ. Đang giải quyết trong hạn 25 hồ sơ.",
        ),
        (
            {"carried_over": 2, "pending_overdue": 2},
            "Kỳ trước chuyển qua 02 hồ sơ. Chưa có hồ sơ giải quyết xong. Đang giải quyết quá hạn 02 hồ sơ.",
        ),
        ({}, "Không có hồ sơ phát sinh."),
        (
            {
                "received_direct": 9,
                "resolved_early": 1,
                "pending_in_time": 1,
                "pending_overdue": 1,
                "withdrawn": 4,
                "returned": 2,
            },
            "Tiếp nhận trực tiếp 09 hồ sơ. Đã giải quyết trước hạn 01 hồ sơ. "
            "Đang giải quyết trong hạn 01 hồ sơ, quá hạn 01 hồ sơ. Hồ sơ xin rút: 04 hồ sơ. Hồ sơ trả lại: 02 hồ sơ.",
        ),
    ],
)
def test_unit_note(parts: dict[str, int], note: str) -> None:
    assert unit_note(figures(**parts)) == note


def test_nothing_is_said_of_what_is_unknown() -> None:
    assert unit_note({}) == ""
    assert unit_note({"resolved_total": 5}) == "Đã giải quyết 05 hồ sơ."
    assert received_text({"received_online": 3}) == "………… hồ sơ"
    assert pending_lines({}) == ["Số hồ sơ đang giải quyết: ………… hồ sơ"]
    assert online_note({}, "cấp huyện") == ""


def test_level_note() -> None:
    known = figures(received_direct=3166, resolved_early=2731, resolved_late=68, pending_in_time=367)
    assert level_note(known) == (
        "Tổng số hồ sơ nhận giải quyết là 3.166 hồ sơ. Đã giải quyết: trước hạn 2.731 hồ sơ; quá hạn 68 hồ sơ. "
        "Đang giải quyết trong hạn 367 hồ sơ."
    )


def test_resolved_text() -> None:
    known = figures(resolved_early=7650, resolved_on_time=2902, resolved_late=106)
    assert (
        resolved_text(known) == "10.658 hồ sơ, trong đó: trước hạn 7.650 hồ sơ, đúng hạn 2.902 hồ sơ, quá hạn 106 hồ sơ"
    )
    assert resolved_text(figures()) == "0 hồ sơ"


def test_online_note() -> None:
    known = {
        "procedures_total": 298,
        "procedures_online": 68,
        "eligible_received": 1661,
        "eligible_carried_over": 147,
        "eligible_direct": 1156,
        "eligible_online": 358,
        "eligible_resolved": 1537,
        "eligible_early": 1505,
        "eligible_late": 32,
        "eligible_pending": 124,
        "eligible_unresolved": 1,
    }
    assert online_note(known, "cấp huyện", [("mức độ 3", 11), ("mức độ 4", 57)]) == (
        "Tổng số TTHC thuộc thẩm quyền giải quyết của cấp huyện: 298. Số TTHC được triển khai dịch vụ công trực tuyến "
        "mức độ 3, 4: 68 (mức độ 3 là 11, mức độ 4 là 57). Số hồ sơ của các TTHC này: tổng số nhận giải quyết là 1.661 "
        "hồ sơ, trong đó: kỳ trước chuyển qua 147 hồ sơ, trực tiếp 1.156 hồ sơ, trực tuyến 358 hồ sơ. Đã giải quyết "
        "1.537 hồ sơ: trước hạn 1.505 hồ sơ, quá hạn 32 hồ sơ. Đang giải quyết 124 hồ sơ. Hồ sơ trực tuyến không "
        "được giải quyết: 01 hồ sơ."
    )


def test_add_up_keeps_only_what_all_know() -> None:
    assert sum_figures([{"a": 1, "b": 2}, {"a": 3}]) == {"a": 4}
    assert sum_figures([]) == {}


@pytest.mark.parametrize(
    ("iso", "short"),
    [
        ("2022-03-07", "07/3/2022"),
        ("2019-11-13", "13/11/2019"),
        ("2022-02-01", "01/02/2022"),
        ("", "…………"),
        ("tháng 3", "tháng 3"),
    ],
)
def test_vn_date(iso: str, short: str) -> None:
    assert date_or_blank(iso) == short


def test_vn_long_date() -> None:
    assert long_date_or_blank("2022-03-08") == "ngày 08 tháng 3 năm 2022"
    assert long_date_or_blank("") == "ngày …… tháng …… năm ……"


def test_a_total_that_its_parts_contradict_is_not_said() -> None:
    known = {
        "eligible_received": 533,
        "eligible_online": 162,
        "eligible_resolved": 529,
        "eligible_early": 513,
        "eligible_late": 19,
    }
    note = online_note(known, "cấp xã")
    assert "533 hồ sơ." in note and "162" not in note
    assert "Đã giải quyết: trước hạn 513 hồ sơ, quá hạn 19 hồ sơ." in note and "529" not in note
