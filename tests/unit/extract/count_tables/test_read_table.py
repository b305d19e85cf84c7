"""Count tables -> counts by unit; what the rows give away; what cannot serve."""

import re
from typing import Any

import pytest
from readings import codes


def value(reading: Any, unit: str, measure: str) -> int:
    frame = reading.frame(set())
    return int(frame.loc[(frame["unit_id"] == unit) & (frame["measure"] == measure), "value"].sum())


def test_every_count_keeps_its_cell(export: Any, read: Any, row: Any, total_row: Any) -> None:
    rows = [row(1, "Phòng A", 1, 2, 0, 3, 0, 0), row(2, "Xã D", 4, 5, 1, 7, 1, 1)]
    reading = read(export([*rows, total_row(rows)]))
    frame = reading.frame(set())
    late = frame[(frame["unit_id"] == "xa-d") & (frame["measure"] == "resolved_late")].iloc[0]
    assert (late["value"], late["source_file"], late["source_cell"]) == (1, "so-lieu.xlsx", "J9")
    assert codes(reading) == []


def test_a_changed_total_row_sets_nothing_aside(export: Any, read: Any, row: Any, total_row: Any) -> None:
    rows = [row(1, "Phòng A", 1, 2, 0, 3, 0, 0), row(2, "Phòng B", 4, 5, 1, 7, 1, 1)]
    total = total_row(rows)
    total[7] += 1
    (finding,) = read(export([*rows, total])).findings
    assert (finding.code, finding.cell, finding.found, finding.expected) == ("total_row_wrong", "H10", "11", "10")


def test_totals_of_sections_and_of_the_whole(export: Any, read: Any, row: Any, total_row: Any) -> None:
    first, second = [row(1, "Phòng A", 1, 2, 0, 3, 0, 0)], [row(1, "Xã D", 4, 5, 1, 7, 1, 1)]
    rows = [
        ["Các phòng ban"],
        *first,
        total_row(first, "Cộng"),
        ["Cấp xã"],
        *second,
        total_row(second, "Cộng"),
        total_row([*first, *second]),
    ]
    assert codes(read(export(rows))) == []


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (1.5, "cell_not_a_count"),
        ("abc", "cell_not_a_count"),
        (-2, "cell_not_a_count"),
        ("#REF!", "cell_error"),
        ("=1+1", "cell_formula"),
    ],
)
def test_a_bad_cell_costs_its_unit_and_names_itself(export: Any, read: Any, row: Any, found: Any, code: str) -> None:
    bad = row(1, "Phòng A", 1, 2, 0, 3, 0, 0)
    bad[7] = found
    reading = read(export([bad, row(2, "Phòng B", 4, 5, 1, 7, 1, 1)]))
    (finding,) = reading.findings
    assert (finding.code, finding.unit_id, finding.cell) == (code, "phong-a", "H8")
    assert value(reading, "phong-b", "resolved_early") == 7


def test_a_blank_is_zero_only_where_the_row_closes_with_it(export: Any, read: Any, row: Any) -> None:
    closes, opens = row(1, "Phòng A", 1, 2, 0, 3, 0, 0), row(2, "Phòng B", 4, 5, 1, 7, 1, 1)
    closes[8] = None  # on time 0
    opens[9] = "-"  # late 1
    findings = {f.unit_id: (f.code, f.cell) for f in read(export([closes, opens])).findings}
    assert findings == {"phong-a": ("cell_blank", "I8"), "phong-b": ("cell_blank_open", "J9")}


def test_a_blank_in_a_required_total_is_an_error(export: Any, read: Any, row: Any) -> None:
    opens = row(1, "Phòng A", 1, 2, 0, 3, 0, 0)
    opens[2] = None
    assert codes(read(export([opens]))) == ["cell_blank_open"]


def test_text_numbers_and_name_variants(export: Any, read: Any) -> None:
    rows = [
        ["1", "  - UBND XÃ  ĐÔNG Ê ", "1.502", "130", "1.372", "0", "1.502", "1.502", "0", "0", "0", "0", "0"],
        ["2", "Pho\u0300ng A", 3, 1, 2, 0, 3, 3, 0, 0, 0, 0, 0],
    ]
    reading = read(export(rows))
    assert codes(reading) == []
    assert value(reading, "xa-e", "received_total") == 1502
    assert value(reading, "phong-a", "received_total") == 3


def test_an_unknown_unit_is_named_with_the_nearest(export: Any, read: Any, row: Any) -> None:
    (finding,) = read(export([row(1, "Xã Đông E", 1, 2, 0, 3, 0, 0)])).findings
    assert finding.code == "unit_unknown" and "Xã Đông Ê" in str(finding.facts["near"])


def test_a_unit_of_another_time(export: Any, read: Any, row: Any) -> None:
    (finding,) = read(export([row(1, "Xã Mới", 1, 2, 0, 3, 0, 0)])).findings
    assert finding.code == "unit_not_in_period"


def test_a_gap_in_the_ordinals(export: Any, read: Any, row: Any) -> None:
    rows = [row(1, "Phòng A", 1, 2, 0, 3, 0, 0), row(3, "Phòng C", 1, 2, 0, 3, 0, 0)]
    (finding,) = read(export(rows)).findings
    assert (finding.code, finding.found, finding.expected) == ("stt_gap", "3", "1")


def test_fields_of_work_are_added_up_for_the_reporting_unit(export: Any, read: Any, row: Any, total_row: Any) -> None:
    rows = [row(1, "Đất đai", 1, 2, 0, 3, 0, 0), row(2, "Hộ tịch", 4, 5, 1, 7, 1, 1)]
    reading = read(export([*rows, total_row(rows)], titles=("II.06a", "- Đơn vị báo cáo: UBND xã D")))
    assert codes(reading) == []
    assert value(reading, "xa-d", "resolved_early") == 10
    assert reading.places.keys() == {"xa-d"}


def test_fields_of_work_under_their_unit(export: Any, read: Any, row: Any) -> None:
    rows = [
        ["I", "Xã D"],
        row(1, "Đất đai", 1, 2, 0, 3, 0, 0),
        ["II", "Xã Đông Ê"],
        row(1, "Đất đai", 0, 1, 0, 1, 0, 0),
        row(2, "Hộ tịch", 4, 5, 1, 7, 1, 1),
    ]
    reading = read(export(rows))
    assert (value(reading, "xa-d", "resolved_early"), value(reading, "xa-e", "resolved_early")) == (3, 8)


def test_early_and_on_time_in_one_column_is_refused_by_name(export: Any, read: Any) -> None:
    columns = [
        ("STT",),
        ("Đơn vị",),
        ("Tổng tiếp nhận",),
        ("Đã giải quyết", "Tổng"),
        ("Đã giải quyết", "Đúng và trước hạn"),
        ("Đã giải quyết", "Quá hạn"),
        ("Đang giải quyết",),
    ]
    (finding,) = read(export([[1, "Phòng A", 5, 4, 3, 1, 1]], columns=columns)).findings
    assert finding.code == "table_merged_deadline" and "Đúng và trước hạn" in finding.found


def test_on_time_without_early_is_the_same_refusal(export: Any, read: Any) -> None:
    columns = [
        ("STT",),
        ("Đơn vị",),
        ("Tổng tiếp nhận",),
        ("Đã giải quyết", "Tổng"),
        ("Đã giải quyết", "Trả đúng thời hạn"),
        ("Đã giải quyết", "Quá hạn"),
        ("Đang giải quyết",),
    ]
    assert codes(read(export([[1, "Phòng A", 5, 4, 3, 1, 1]], columns=columns))) == ["table_merged_deadline"]


PORTAL = [
    ("STT",), ("Đơn vị",), ("Tiếp nhận", "Tổng số"), ("Tiếp nhận", "Kỳ trước"), ("Tiếp nhận", "Trong kỳ"),
    ("Đã xử lý", "Trước hạn"), ("Đã xử lý", "Đúng hạn"), ("Đã xử lý", "Quá hạn"),
    ("Đã xử lý", "Tỷ lệ trước hạn, đúng hạn"),
    ("Đang xử lý", "Trong hạn"), ("Đang xử lý", "Quá hạn"),
]  # fmt: skip


def test_in_the_period_without_channels(export: Any, read: Any) -> None:
    reading = read(export([[1, "Phòng A", 10, 2, 8, 5, 3, 1, "88,9%", 1, 0]], columns=PORTAL))
    assert codes(reading) == []
    assert value(reading, "phong-a", "received_in_period") == 8
    assert value(reading, "phong-a", "received_direct") == 0  # not known, not derived from nothing


def test_in_the_period_holds_the_direct_ones_beside_other_channels(export: Any, read: Any) -> None:
    columns = [*PORTAL[:5], ("Tiếp nhận", "Qua mạng"), ("Tiếp nhận", "Qua BCCI"), *PORTAL[5:]]
    reading = read(
        export(
            [[1, "Phòng A", 10, 2, 4, 3, 1, 5, 3, 1, 88.9, 1, 0], [2, "Phòng B", 4, 0, 4, 0, 0, 4, 0, 0, 100, 0, 0]],
            columns=columns,
        )
    )
    assert codes(reading) == []
    assert (value(reading, "phong-a", "received_direct"), value(reading, "phong-a", "received_online")) == (5, 3)


def test_in_the_period_that_nothing_settles_is_asked(export: Any, read: Any) -> None:
    columns = [*PORTAL[:5], ("Tiếp nhận", "Qua mạng"), *PORTAL[5:]]
    rows = [[1, "Phòng A", 10, 2, 8, 3, 5, 3, 1, 88.9, 1, 0], [2, "Phòng B", 7, 0, 4, 3, 7, 0, 0, 100, 0, 0]]
    assert codes(read(export(rows, columns=columns))) == ["layout_open"]


def test_withdrawn_outside_and_inside(export: Any, read: Any) -> None:
    done, open_ = "Hồ sơ đã giải quyết", "Hồ sơ đang giải quyết"
    columns = [
        *((label,) for label in ("STT", "Cơ quan", "Tổng", "Tiếp nhận", "Kỳ trước chuyển qua")),
        *((done, label) for label in ("Số hồ sơ", "Sớm", "Đúng", "Trễ")),
        *((open_, label) for label in ("Số hồ sơ", "Chưa đến hạn", "Đã quá hạn")),
        ("CD rút hồ sơ",),
        ("Hồ sơ trả lại",),
    ]
    outside = read(export([[1, "Phòng A", 10, 8, 2, 6, 4, 1, 1, 1, 1, 0, 2, 1]], columns=columns))
    inside = read(export([[1, "Phòng A", 10, 8, 2, 9, 7, 1, 1, 1, 1, 0, 2, 1]], columns=columns))
    assert codes(outside) == codes(inside) == []
    assert (value(outside, "phong-a", "withdrawn"), value(outside, "phong-a", "returned")) == (2, 1)
    assert value(inside, "phong-a", "withdrawn") == 0


def test_split_columns_are_added_and_their_total_is_not_counted_twice(export: Any, read: Any, ii06a: Any) -> None:
    split = [
        *ii06a[:3],
        ("Tiếp nhận", "Trực tuyến", "Tổng số"),
        ("Tiếp nhận", "Trực tuyến", "Toàn trình"),
        ("Tiếp nhận", "Trực tuyến", "Một phần"),
        ("Tiếp nhận", "Trực tiếp"),
        *ii06a[5:],
    ]
    row = [1, "Phòng A", 10, 6, 4, 2, 3, 1, 9, 5, 3, 1, 1, 1, 0]
    with_total = read(export([row], columns=split))
    without = read(export([[*row[:3], *row[4:]]], columns=[*split[:3], *split[4:]]))
    assert codes(with_total) == codes(without) == []
    assert value(with_total, "phong-a", "received_online") == value(without, "phong-a", "received_online") == 6


def test_a_column_nobody_knows_is_said(export: Any, read: Any, ii06a: Any, row: Any) -> None:
    reading = read(export([[*row(1, "Phòng A", 1, 2, 0, 3, 0, 0), 7]], columns=[*ii06a, ("Số phong bì",)]))
    assert [(f.code, f.cell) for f in reading.findings] == [("column_ignored", "N6")]


def test_of_two_columns_of_one_meaning_the_sums_decide(export: Any, read: Any, ii06a: Any, row: Any) -> None:
    columns = [*ii06a, ("Số lượng hồ sơ đã giải quyết khác", "Trước hạn")]
    reading = read(export([[*row(1, "Phòng A", 1, 2, 0, 3, 0, 0), 7]], columns=columns))
    assert codes(reading) == ["column_ignored"] and value(reading, "phong-a", "resolved_early") == 3


@pytest.mark.parametrize(
    ("expression", "measure"),
    [("(3=4+5+6)", "received_direct"), ("(3)=(4)+(5)", "received_in_period")],
)
def test_an_index_row_settles_what_the_rows_cannot_tell_apart(
    export: Any, read: Any, expression: str, measure: str
) -> None:
    columns = [*PORTAL[:5], ("Tiếp nhận", "Qua mạng"), *PORTAL[5:]]

    def marks(sheet: Any) -> None:
        below = next(r for r in range(1, 30) if sheet.cell(r, 1).value == "(1)")
        sheet.cell(below, 3, expression)

    # nothing online: "Trong kỳ" could be either
    reading = read(export([[1, "Phòng A", 10, 2, 8, 0, 5, 3, 1, 88.9, 1, 0]], columns=columns, change=marks))
    assert value(reading, "phong-a", measure) == 8
    assert [f.code for f in reading.findings] == ["table_settled"]


def test_what_was_settled_is_said(export: Any, read: Any) -> None:
    columns = [*PORTAL[:5], ("Tiếp nhận", "Qua mạng"), *PORTAL[5:]]
    reading = read(export([[1, "Phòng A", 10, 2, 5, 3, 5, 3, 1, 88.9, 1, 0]], columns=columns))
    (finding,) = reading.findings
    assert finding.code == "table_settled" and "Tiếp nhận trực tiếp, dịch vụ bưu chính" in finding.found


def test_a_number_under_no_heading_refuses_the_table(export: Any, read: Any, ii06a: Any, row: Any) -> None:
    reading = read(export([[*row(1, "Phòng A", 1, 2, 0, 3, 0, 0), 7]], columns=ii06a))
    assert codes(reading) == ["table_unheaded_numbers"]
    assert reading.findings[0].cell == "N8"


def test_sums_that_hold_in_no_row_are_asked(export: Any, read: Any) -> None:
    columns = [*PORTAL[:5], ("Tiếp nhận", "Trực tiếp"), *PORTAL[5:]]
    rows = [[i, f"Phòng {x}", 50 + i, 4, 11 + i, 35, 20 + i, 15, 5, 88.9, 7, 3] for i, x in enumerate("ABC")]
    assert codes(read(export(rows, columns=columns))) == ["layout_open"]


@pytest.mark.parametrize(
    ("value", "style"),
    [
        (2, "0%"),
        (2.0, "0.00%"),
        (2, "#,##0\\ %"),
        (2, "0.0%;-0.0%"),
        (200, '0"%"'),
        ("200 %", "General"),
        ("200%", "0"),
    ],
)
def test_a_percentage_is_no_count(export: Any, read: Any, row: Any, value: Any, style: str) -> None:
    def show(sheet: Any) -> None:
        sheet["J8"].value, sheet["J8"].number_format = value, style

    rows = [row(1, "Phòng A", 1, 2, 0, 1, 0, 2), row(2, "Phòng B", 4, 5, 1, 7, 1, 1)]
    (finding,) = read(export(rows, change=show)).findings
    assert (finding.code, finding.unit_id, finding.cell) == ("cell_not_a_count", "phong-a", "J8")
    assert re.sub(r"[ ,0]", "", finding.found) == "2%"


@pytest.mark.parametrize("style", ["0", "#,##0", '0" hồ sơ"', "General"])
def test_a_number_whose_format_does_not_change_it_is_what_it_is(export: Any, read: Any, row: Any, style: str) -> None:
    def show(sheet: Any) -> None:
        sheet["J8"].number_format = style

    reading = read(export([row(1, "Phòng A", 1, 2, 0, 1, 0, 2)], change=show))
    assert codes(reading) == [] and value(reading, "phong-a", "resolved_late") == 2


def test_a_total_may_be_larger_than_a_row(export: Any, read: Any, row: Any, total_row: Any) -> None:
    rows = [
        row(1, "Phòng A", 60_000_000, 20_000_000, 5, 40_000_000, 8, 3),
        row(2, "Phòng B", 50_000_000, 1, 0, 9, 0, 0),
    ]
    total = total_row(rows)
    assert total[2] > 100_000_000
    assert list(read(export([*rows, total])).findings) == []
    total[2] = f"{total[2]:,}".replace(",", ".")
    assert list(read(export([*rows, total])).findings) == []
    total[2] = 10**13
    (finding,) = read(export([*rows, total])).findings
    assert (finding.code, finding.cell) == ("control_total", "C10") and "1.000.000.000.000" in finding.found
    (finding, *_) = read(export([row(1, "Phòng A", 100_000_001, 0, 0, 0, 0, 0)])).findings
    assert (finding.code, finding.cell) == ("cell_not_a_count", "C8") and "100.000.000" in str(finding.facts["why"])
