"""Early and on time in one column: enough from 1 July 2025 on, where it and the late dossiers make up the total."""

import io

import openpyxl
import pytest
from two_levels import COUNTS, PERIOD, REGISTRY, score

from pipeline import quarter
from pipeline.periods import Period
from pipeline.result import Stamp


def merged(title: str = "Từ ngày 01/07/2026 đến ngày 30/09/2026", wrong: str = "") -> bytes:
    """A table in the layout of form 07a with "Đúng và trước hạn"; one dossier too many for the unit `wrong`."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT TTHC"])
    sheet.append([title])
    sheet.append(["STT", "Đơn vị", "Tiếp nhận", "", "", "", "Đã giải quyết", "", "", "Đang giải quyết", "", ""])
    heads = ["Tổng số", "Trực tuyến", "Trực tiếp", "Kỳ trước chuyển", "Tổng số", "Đúng và trước hạn", "Quá hạn"]
    sheet.append(["", "", *heads, "Tổng số", "Chưa đến hạn", "Quá hạn"])
    for place in ("A3:A4", "B3:B4", "C3:F3", "G3:I3", "J3:L3"):
        sheet.merge_cells(place)
    for number, (unit, row) in enumerate(COUNTS.items(), 1):
        early, on_time, late, inside, over = row
        total, extra = sum(row), unit == wrong
        in_time = early + on_time + extra
        resolved = early + on_time + late
        sheet.append([number, unit, total, total - 50, 40, 10, resolved, in_time, late, inside + over, inside, over])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_one_column_is_enough_for_the_index_set():
    result = score({"so-lieu.xlsx": merged()})
    assert [c for c in result.findings["code"] if c.startswith("table_")] == []
    group = result.group_scores.set_index(["unit_id", "group"])
    assert group.loc[("so-a", "tdgq"), "recomputed"] == 19.72  # as from the two columns
    assert group.loc[("xa-b", "tdgq"), "recomputed"] == 18.73
    report = quarter.render(result, Stamp("r1"))["bao-cao.md"].decode()
    assert "19,72\\*" in report and "trước hạn 0 hồ sơ" not in report


def test_a_row_in_which_it_does_not_close_refuses_the_table():
    result = score({"so-lieu.xlsx": merged(wrong="Xã B")})
    refused = [c for c in result.findings["code"] if c in ("table_merged_unproven", "layout_open")]
    assert refused and result.checked.counts.empty


@pytest.mark.parametrize("period", [Period(2025, 2), Period(2022, 1)])
def test_before_it_is_refused_as_ever(period):
    title = f"Từ ngày {period.start:%d/%m/%Y} đến ngày {period.end:%d/%m/%Y}"
    checked = quarter.check(quarter.read_period(period, {"so-lieu.xlsx": merged(title)}, REGISTRY))
    assert "table_merged_deadline" in set(checked.findings["code"])
    assert PERIOD.end > period.end
