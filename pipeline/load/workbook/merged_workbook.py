"""tong-hop-2022-Q1.xlsx: the units of many offices ranked in one table, for the office of a province."""

from __future__ import annotations

import datetime as dt
from typing import Final

import pandas as pd
from openpyxl import Workbook

from pipeline.extract.sheet.date_texts import VIETNAM
from pipeline.load.content.sentences import upper_first
from pipeline.load.excel.audit_table import AuditColumn, AuditTable, number_values, text_values, write_audit_table
from pipeline.load.excel.styles import SEVERITY_FILLS, new_workbook, set_tab
from pipeline.load.excel.xlsx_bytes import deterministic_xlsx
from pipeline.load.workbook.contents_sheet import put_contents
from pipeline.merged.merged_tables import Merged
from pipeline.text import vn_day, vn_int

LEVELS_SHEET: Final = "Địa phương"
SOURCES_SHEET: Final = "Bản đã dùng"
NOTES_SHEET: Final = "Cần xem"
_ALL: Final = "Mọi địa phương được gộp"
_SEVERITIES: Final = {"warning": "Cảnh báo", "notice": "Lưu ý"}


def merged_workbook(merged: Merged) -> bytes:
    """The workbook as .xlsx bytes: contents, a ranking for each level, offices, revisions used, notes."""
    workbook, title = new_workbook(), f"TỔNG HỢP ĐIỂM CÁC ĐỊA PHƯƠNG {merged.period.name.upper()}"
    entries = []
    for level, name in merged.level_names.items():
        sheet = _put(workbook, _ranking(merged.units.loc[merged.units["level"] == level], name), "score")
        entries.append((sheet, f"{name}: mọi đơn vị của các địa phương, xếp theo hạng"))
    entries.append(
        (_put(workbook, _offices(merged), "score"), "Từng địa phương: trung bình, cao nhất, thấp nhất, hồ sơ")
    )
    entries.append((_put(workbook, _sources(merged.sources), "source"), "Bản nào của địa phương nào đã được dùng"))
    entries.append(
        (_put(workbook, _notes(merged.notes), "todo"), f"{vn_int(len(merged.notes))} điều cần xem trước khi dùng")
    )
    period = merged.period
    facts = [
        f"Kỳ: {upper_first(period.name)}. Số liệu từ ngày {vn_day(period.start)} đến hết ngày {vn_day(period.end)}.",
        f"Quy định chấm điểm: {merged.rulebook.short or merged.rulebook.id}.",
        f"{vn_int(len(merged.sources))} địa phương, {vn_int(len(merged.units))} đơn vị, "
        f"{vn_int(int(merged.units['rank'].notna().sum()))} đơn vị có hạng.",
    ]
    put_contents(workbook, title, entries, facts)
    workbook.properties.title = title
    workbook.properties.creator = ""
    return deterministic_xlsx(workbook)


def _put(workbook: Workbook, table: AuditTable, use: str) -> str:
    """Add a sheet. Returns its name, which Excel's rules may have shortened."""
    sheet = write_audit_table(workbook, table)
    set_tab(sheet.ws, use)
    return str(sheet.ws.title)


def _ranking(units: pd.DataFrame, level: str) -> AuditTable:
    columns = [
        AuditColumn("Hạng", number_values(units, "rank"), "count"),
        AuditColumn("Đơn vị", text_values(units, "name"), most=40),
        AuditColumn("Địa phương", text_values(units, "office"), most=34),
        AuditColumn("Tổng điểm", number_values(units, "total"), "score"),
        AuditColumn("Điểm tối đa", number_values(units, "total_max"), "score"),
        AuditColumn("ĐTB CCVC", number_values(units, "officer_average"), "score"),
        AuditColumn("Phân loại", [text or "–" for text in units["class_printed"]], "center", most=18),
        AuditColumn("Hạng ở địa phương", number_values(units, "office_rank"), "count"),
        AuditColumn("Trước hạn", number_values(units, "early"), "count"),
        AuditColumn("Đúng hạn", number_values(units, "on_time"), "count"),
        AuditColumn("Quá hạn", number_values(units, "late"), "count"),
        AuditColumn("Ghi chú", text_values(units, "status_reason"), most=40),
    ]
    note = "Hạng theo tổng điểm in trong báo cáo của địa phương; bằng điểm thì cùng hạng. Đơn vị không có hạng ở cuối."
    return AuditTable(f"Xếp hạng {level}", f"XẾP HẠNG {level.upper()}", columns, note, frozen=2)


def _offices(merged: Merged) -> AuditTable:
    rows = merged.levels
    columns = [
        AuditColumn("Cấp", text_values(rows, "level_name"), most=28),
        AuditColumn("Địa phương", [text or _ALL for text in rows["office"]], most=34),
        AuditColumn("Số đơn vị", number_values(rows, "units"), "count"),
        AuditColumn("Có hạng", number_values(rows, "ranked"), "count"),
        AuditColumn("Điểm trung bình", number_values(rows, "mean"), "score"),
        AuditColumn("Cao nhất", number_values(rows, "highest"), "score"),
        AuditColumn("Thấp nhất", number_values(rows, "lowest"), "score"),
        AuditColumn("Trước hạn", number_values(rows, "early"), "count"),
        AuditColumn("Đúng hạn", number_values(rows, "on_time"), "count"),
        AuditColumn("Quá hạn", number_values(rows, "late"), "count"),
        AuditColumn("Điểm của cấp", number_values(rows, "level_total"), "score"),
        AuditColumn("Điểm tối đa của cấp", number_values(rows, "level_total_max"), "score"),
        AuditColumn("Hạng theo điểm của cấp", number_values(rows, "level_rank"), "count"),
    ]
    note = (
        "Trung bình, cao nhất, thấp nhất và số hồ sơ đã giải quyết là của các đơn vị có hạng (số hồ sơ trống: có đơn "
        "vị không có đủ số trong bản). Điểm của cấp do địa phương chấm từ số liệu của cấp, không phải trung bình."
    )
    fills = ["" if office else "D9E1F2" for office in rows["office"]]
    return AuditTable(LEVELS_SHEET, "CÁC ĐỊA PHƯƠNG THEO CẤP", columns, note, fills, frozen=2)


def _sources(sources: pd.DataFrame) -> AuditTable:
    columns = [
        AuditColumn("Địa phương", text_values(sources, "office"), most=34),
        AuditColumn("Bản", text_values(sources, "revision"), "center"),
        AuditColumn("Đã ký", [text or "chưa ký" for text in sources["signed"]], most=30),
        AuditColumn("Công bố ngày", [_day(text) for text in sources["created_at"]], "center", most=28),
        AuditColumn("Mã của manifest.json", text_values(sources, "manifest_sha256"), most=36),
        AuditColumn("Phiên bản chương trình", text_values(sources, "code_version"), most=22),
    ]
    note = "Mọi bản còn như đã công bố khi gộp (kiểm tra theo sổ công bố của từng địa phương)."
    return AuditTable(SOURCES_SHEET, "BẢN ĐÃ DÙNG CỦA TỪNG ĐỊA PHƯƠNG", columns, note)


def _day(moment: str) -> str:
    """The day in Vietnam of a moment in ISO 8601."""
    return vn_day(dt.datetime.fromisoformat(moment).astimezone(dt.timezone(VIETNAM)).date())


def _notes(notes: pd.DataFrame) -> AuditTable:
    columns = [
        AuditColumn("Mức", [_SEVERITIES[text] for text in notes["severity"]], "center"),
        AuditColumn("Địa phương", [text or "nhiều địa phương" for text in notes["office"]], most=34),
        AuditColumn("Điều cần xem", text_values(notes, "message"), most=70),
        AuditColumn("Việc cần làm", text_values(notes, "action"), most=50),
    ]
    fills = [SEVERITY_FILLS[text] for text in notes["severity"]]
    return AuditTable(NOTES_SHEET, "CẦN XEM TRƯỚC KHI DÙNG", columns, "", fills, ["Mức"])
