"""Dossier lists: what is counted for whom, what is refused, and that nobody's personal data is kept."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pandas as pd
import pytest
from offices import OFFICE
from workbooks import saved

from pipeline import quarter
from pipeline.extract.sheet.date_columns import to_days
from pipeline.periods import Period
from pipeline.result import Checked, Stamp
from pipeline.rulebooks import choose

HEADER = [
    "Số hồ sơ", "Tên thủ tục hành chính", "Phòng ban", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý",
    "Chủ hồ sơ", "Số điện thoại", "Trạng thái hồ sơ", "Hình thức tiếp nhận",
]  # fmt: skip
#: marked values: none of them may come out anywhere
OWNER, PHONE = "NGUOI-NOP-BI-MAT", "0900-BI-MAT"


def book(rows: list[list[Any]], header: list[str] | None = None, titles: tuple[str, ...] = ()) -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for title in titles:
        sheet.append([title])
    sheet.append(header or HEADER)
    for row in rows:
        sheet.append(row)
    return saved(workbook)


def dossier(
    code: int, unit: str, received: Any, due: Any, finished: Any, status: str = "Đã trả kết quả", way: str = "Trực tiếp"
) -> list[Any]:
    return [f"H18.12-220318-{code:04d}", "Thủ tục", unit, received, due, finished, OWNER, PHONE, status, way]


@pytest.fixture
def checked(period: Period, registry_csv: bytes) -> Callable[..., Checked]:
    def run(*files: bytes) -> Checked:
        named = {f"{i}.xlsx": data for i, data in enumerate(files)}
        return quarter.check(quarter.read_period(period, named, registry_csv))

    return run


def counts(checked: Checked, unit: str) -> dict[str, int]:
    rows = checked.counts[checked.counts["unit_id"] == unit]
    return {m: int(v) for m, v in rows.groupby("measure")["value"].sum().items() if v}


def codes(checked: Checked, severity: str = "error") -> set[str]:
    rows = checked.findings[checked.findings["severity"] == severity]
    return set(rows["code"]) - {"unit_missing"}


ROWS = [
    dossier(1, "Phòng A", "01/02/2022", "10/02/2022", "09/02/2022 16:59:00"),
    dossier(2, "Phòng A", "01/02/2022", "10/02/2022", "10/02/2022 23:59:59"),
    dossier(3, "Phòng A", "01/02/2022", "10/02/2022", "11/02/2022 00:00:01", way="Trực tuyến"),
    dossier(4, "Phòng A", "01/12/2021", "20/12/2021", "15/12/2021"),  # carried over, early
    dossier(5, "Phòng A", "01/12/2021", "20/12/2021", "14/12/2021"),  # finished before the period: out
    dossier(6, "Phòng A", "14/03/2022", "20/03/2022", "15/03/2022"),  # ended after it: pending
    dossier(7, "Phòng A", "15/03/2022", "20/03/2022", None, "Đang xử lý"),  # received after it: out
    dossier(8, "Phòng A", "01/03/2022", "05/03/2022", None, "Đang xử lý"),  # overdue
    dossier(9, "Phòng A", "01/03/2022", "05/03/2022", None, "Yêu cầu bổ sung giấy tờ"),  # waiting
    dossier(10, "Phòng A", "01/03/2022", "05/03/2022", "09/03/2022", "Công dân yêu cầu rút hồ sơ"),
    dossier(11, "Phòng A", "01/03/2022", None, "09/03/2022"),  # no due date
    dossier(12, "Phòng A", "01/03/2022", "05/03/2022", None, "Không được tiếp nhận"),
]


def test_counts_by_date(checked: Callable[..., Checked]) -> None:
    result = checked(book(ROWS))
    assert counts(result, "phong-a") == {
        "received_total": 9, "carried_over": 1, "received_in_period": 8, "received_online": 1, "received_direct": 7,
        "resolved_total": 6, "resolved_early": 2, "resolved_on_time": 3, "resolved_late": 1,
        "pending_total": 3, "pending_in_time": 2, "pending_overdue": 1,
    }  # fmt: skip
    assert codes(result) == set()
    assert codes(result, "notice") >= {"list_without_due"}


def test_the_source_is_the_file_and_how_many_rows(checked: Callable[..., Checked]) -> None:
    assert set(checked(book(ROWS)).counts["source_cell"]) == {"12 dòng"}


def test_without_the_channel_online_and_direct_are_unknown_not_zero(checked: Callable[..., Checked]) -> None:
    result = checked(book([r[:-1] for r in ROWS], HEADER[:-1]))
    assert set(result.counts["measure"]).isdisjoint({"received_online", "received_direct"})
    assert counts(result, "phong-a")["received_in_period"] == 8
    figures = result.figures[result.figures["unit_id"] == "phong-a"]
    assert set(figures["measure"]).isdisjoint({"received_online", "received_direct"})


def test_a_code_in_two_files_counts_once(checked: Callable[..., Checked]) -> None:
    result = checked(book(ROWS[:3]), book(ROWS[2:5]))
    assert counts(result, "phong-a")["received_total"] == 4
    assert "list_repeated" in codes(result, "notice")


def test_a_code_with_two_contents_is_a_conflict(checked: Callable[..., Checked]) -> None:
    other = dossier(1, "Phòng A", "01/02/2022", "10/02/2022", "12/02/2022")
    assert codes(checked(book([ROWS[0], other]))) == {"list_conflict"}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (dossier(1, "Phòng A", "31/02/2022", "10/03/2022", "09/03/2022"), "list_bad_date"),
        (dossier(1, "Phòng A", "10/02/2022", "20/02/2022", "09/02/2022"), "list_date_impossible"),
        (dossier(1, "Phòng A", "01/02/2022", "10/02/2022", None), "list_done_without_date"),
    ],
)
def test_a_bad_date_sets_its_unit_aside(checked: Callable[..., Checked], row: list[Any], code: str) -> None:
    good = [dossier(i, "Phòng B", "01/02/2022", "10/02/2022", "09/02/2022") for i in range(10, 20)]
    result = checked(book([row, *good]))
    assert codes(result) == {code}
    assert dict(zip(result.entities["unit_id"], result.entities["status"], strict=True))["phong-b"] == "scored"


def test_without_dates_a_list_is_refused_by_name(checked: Callable[..., Checked]) -> None:
    result = checked(book([[r[0], r[2], r[8]] for r in ROWS], [HEADER[0], HEADER[2], HEADER[8]]))
    assert codes(result) == {"list_without_dates"}


def test_a_shifted_list_is_refused(checked: Callable[..., Checked]) -> None:
    shifted = [r[1:] for r in ROWS]
    assert codes(checked(book(shifted))) == {"list_shifted"}


def test_dates_that_no_calendar_has_are_named_as_dates_in_a_short_list(checked: Callable[..., Checked]) -> None:
    wrong = [dossier(i, "Phòng A", "01/02/2022", "31/02/2022", "09/02/2022") for i in range(2)]
    good = [dossier(i, "Phòng B", "01/02/2022", "10/02/2022", "09/02/2022") for i in range(10, 13)]
    result = checked(book([*wrong, *good]))
    assert codes(result) == {"list_bad_date"}
    assert dict(zip(result.entities["unit_id"], result.entities["status"], strict=True))["phong-b"] == "scored"


def test_a_ledger_with_two_header_rows_and_the_unit_above(checked: Callable[..., Checked]) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet["A1"] = "Đơn vị: UBND xã D"
    for cell, text in {"A3": "STT", "B3": "Mã hồ sơ", "C3": "Họ tên chủ hồ sơ", "D3": "Ngày, tháng, năm", "D4": "Nhận hồ sơ", "E4": "Hẹn trả kết quả", "F3": "Trả kết quả", "F4": "Ngày nhận kết quả"}.items():  # fmt: skip
        sheet[cell] = text
    for merged in ("A3:A4", "B3:B4", "C3:C4", "D3:E3"):
        sheet.merge_cells(merged)
    sheet.append([1, "0001", OWNER, dt.datetime(2022, 2, 1), 44602.5, "2022-02-09"])
    result = checked(saved(workbook))
    assert counts(result, "xa-d") == {
        "received_total": 1,
        "received_in_period": 1,
        "resolved_total": 1,
        "resolved_early": 1,
    }


def test_of_two_columns_of_offices_the_one_the_registry_knows(checked: Callable[..., Checked]) -> None:
    header = [*HEADER, "Cơ quan/đơn vị"]
    result = checked(book([[*r[:2], "Bộ phận một cửa", *r[3:], "Phòng A"] for r in ROWS], header))
    assert counts(result, "phong-a")["received_total"] == 9


def test_a_dossier_that_names_no_code_or_no_unit_is_not_lost(checked: Callable[..., Checked]) -> None:
    for column in (0, 2):
        rows = [list(r) for r in ROWS]
        rows[1][column] = None
        assert "list_incomplete" in codes(checked(book(rows)))


def test_a_header_repeated_inside_a_list_is_no_dossier(checked: Callable[..., Checked]) -> None:
    result = checked(book([*ROWS[:4], HEADER, *ROWS[4:]]))
    assert codes(result) == set() and counts(result, "phong-a")["received_total"] == 9


def test_a_date_formula_never_calculated_is_no_blank(checked: Callable[..., Checked]) -> None:
    rows = [dossier(1, "Phòng A", "01/02/2022", "=D1+9", "09/02/2022")]
    rows += [dossier(i, "Phòng B", "01/02/2022", "10/02/2022", "09/02/2022") for i in range(10, 20)]
    assert codes(checked(book(rows))) == {"list_bad_date"}


def test_a_ledger_whose_header_was_not_merged(checked: Callable[..., Checked]) -> None:
    header = ["STT", "Mã hồ sơ", "Ngày, tháng, năm", None, "Trả kết quả"]
    lower = [None, None, "Nhận hồ sơ", "Hẹn trả kết quả", "Ngày nhận kết quả"]
    rows = [lower, [1, "0001", "01/02/2022", "10/02/2022", "09/02/2022"]]
    for titles in (("XÃ D", "SỔ THEO DÕI HỒ SƠ"), ("Đơn vị báo cáo: UBND xã D",)):
        assert counts(checked(book(rows, header, titles)), "xa-d")["resolved_early"] == 1


def test_no_personal_data_comes_out(period: Period, checked: Callable[..., Checked]) -> None:
    result = checked(book(ROWS), book([dossier(77, "Phòng lạ", "31/02/2022", "x", "y", "Lạ")]))
    outputs = quarter.render(quarter.score(result, choose(period, office=OFFICE)), Stamp("r1"))
    frames = [getattr(result, name) for name in ("counts", "figures", "findings", "supplement")]
    text = "".join(f.to_csv() for f in frames) + str(result.sources)
    text += "".join(
        data.decode("utf-8", "replace") for name, data in outputs.items() if not name.endswith((".xlsx", ".docx"))
    )
    workbook = openpyxl.load_workbook(io.BytesIO(outputs["doi-chieu.xlsx"]))
    text += "".join(str(c.value) for sheet in workbook for row in sheet.iter_rows() for c in row if c.value)
    assert OWNER not in text and PHONE not in text and "BI-MAT" not in text


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("01/02/2022 08:30:00", "2022-02-01"), ("08:30, 01/02/2022", "2022-02-01"), ("1/2/2022", "2022-02-01"),
        ("2022-02-01T08:30:00", "2022-02-01"), ("2022-02-01", "2022-02-01"), (44593.3125, "2022-02-01"), (44593, "2022-02-01"),
        ("44593.3125", "2022-02-01"), (dt.datetime(2022, 2, 1, 23, 59), "2022-02-01"), (dt.date(2022, 2, 1), "2022-02-01"),
        ("13/12/2021", "2021-12-13"), ("01/02/2022 8h30", "2022-02-01"), ("Ngày 01/02/2022 lúc 08:30", "2022-02-01"),
    ],
)  # fmt: skip
def test_dates_are_read_day_first(written: Any, day: str) -> None:
    days, wrong = to_days(pd.Series([written], dtype="object"))
    assert (str(days.iloc[0].date()), wrong.iloc[0]) == (day, False)


@pytest.mark.parametrize("written", ["12/31/2021", "31/02/2022", "hôm qua", 5, 99999.0, "2022"])
def test_what_is_no_date_is_said(written: Any) -> None:
    days, wrong = to_days(pd.Series([written], dtype="object"))
    assert days.isna().iloc[0] and wrong.iloc[0]


@pytest.mark.parametrize("written", [None, "", "null", "-"])
def test_blanks_are_no_error(written: Any) -> None:
    days, wrong = to_days(pd.Series([written], dtype="object"))
    assert days.isna().iloc[0] and not wrong.iloc[0]
