"""A small invented district and the exports its portal would give; everything here is made up for the tests."""

from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
from workbooks import saved

from schemas.office import Office

#: the district's own file, with nothing but what it must have
OFFICE = Office(name="UBND huyện Mẫu", province="Điện Biên")
OFFICE_FILE = f'name = "{OFFICE.name}"\nprovince = "{OFFICE.province}"\n'

REGISTRY = """unit_id,name,kind,level,parent,aliases,valid_from,valid_to,successor,note
huyen,Cấp huyện,level,huyen,,UBND huyện Mẫu;Các phòng ban,,2025-06-30,,
phong-a,Phòng A,unit,huyen,,P. A;Phòng An ninh A,,2025-06-30,,
phong-b,Phòng B,unit,huyen,,,,2025-06-30,,
phong-c,Phòng C,unit,huyen,,,,2025-06-30,,
xa,Cấp xã,level,xa,,"UBND các xã, phường",,,,
xa-d,Xã D,unit,xa,,,,2025-06-30,xa-de,
xa-e,Xã Đông Ê,unit,xa,,X. Đông Ê;Phường Ê,,2025-06-30,xa-de,
xa-de,Xã Mới,unit,xa,,Xã D Mới,2025-07-01,,,
"""

#: II.06a: (labels top to bottom) per column
II06A = [
    ("TT",),
    ("Lĩnh vực, công việc giải quyết theo cấp",),
    ("Tiếp nhận", "Tổng số"),
    ("Tiếp nhận", "Trong đó", "Trực tuyến"),
    ("Tiếp nhận", "Trong đó", "Trực tiếp, dịch vụ bưu chính"),
    ("Tiếp nhận", "Từ kỳ trước"),
    ("Số lượng hồ sơ đã giải quyết", "Tổng số"),
    ("Số lượng hồ sơ đã giải quyết", "Trước hạn"),
    ("Số lượng hồ sơ đã giải quyết", "Đúng hạn (Bao gồm cả hồ sơ chờ Bổ sung và Trả lại / Xin rút)"),
    ("Số lượng hồ sơ đã giải quyết", "Quá hạn"),
    ("Số lượng hồ sơ đang giải quyết", "Tổng số"),
    ("Số lượng hồ sơ đang giải quyết", "Trong hạn"),
    ("Số lượng hồ sơ đang giải quyết", "Quá hạn"),
]

Row = Sequence[Any]


def write_header(sheet: Any, columns: Sequence[tuple[str, ...]], top: int) -> int:
    """Merged header rows; the number of the row below."""
    depth = max(len(c) for c in columns)
    for level in range(depth):
        start = 0
        while start < len(columns):
            path = columns[start][: level + 1]
            end = start
            if len(columns[start]) > level:
                while (
                    end + 1 < len(columns) and columns[end + 1][: level + 1] == path and len(columns[end + 1]) > level
                ):
                    end += 1
                last = len(columns[start]) == level + 1
                sheet.cell(top + level, start + 1, columns[start][level])
                bottom = top + depth - 1 if last else top + level
                if bottom > top + level or end > start:
                    sheet.merge_cells(start_row=top + level, end_row=bottom, start_column=start + 1, end_column=end + 1)
            start = end + 1
    return top + depth


def export_bytes(
    rows: Sequence[Row],
    columns: Sequence[tuple[str, ...]] = II06A,
    titles: Sequence[str] = (
        "Biểu số II.06a/VPCP/KSTT",
        "Kỳ báo cáo: Quý I năm 2022 (Từ ngày 15/12/2021 đến ngày 14/03/2022)",
    ),
    index_row: bool = True,
    footer: bool = True,
    change: Callable[[Any], None] | None = None,
) -> bytes:
    """A workbook as a portal leaves it: titles, merged header, index row, the rows given, a signature block."""
    book = openpyxl.Workbook()
    sheet = book.active
    for i, title in enumerate(titles):
        sheet.cell(1 + i, 4, title)
    below = write_header(sheet, columns, len(titles) + 2)
    if index_row:
        for i in range(len(columns)):
            sheet.cell(below, i + 1, "(3)=(4)+(5)+(6)" if i == 2 else f"({i + 1})")
        below += 1
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is not None:
                sheet.cell(below + r, c + 1, value)
    if footer:
        end = below + len(rows) + 1
        sheet.cell(end, 9, "…, ngày 18 tháng 3 năm 2022")
        sheet.cell(end + 1, 2, "Người làm báo cáo")
        sheet.cell(end + 1, 9, "THỦ TRƯỞNG ĐƠN VỊ")
    if change is not None:
        change(sheet)
    return saved(book)


def full_row(
    stt: Any, name: str, online: int, direct: int, carried: int, early: int, on_time: int, late: int, overdue: int = 0
) -> list[Any]:
    """A II.06a row whose identities hold; what is not resolved is pending within its deadline unless overdue."""
    total, resolved = online + direct + carried, early + on_time + late
    pending = total - resolved
    return [
        stt,
        name,
        total,
        online,
        direct,
        carried,
        resolved,
        early,
        on_time,
        late,
        pending,
        pending - overdue,
        overdue,
    ]


def totals(rows: Sequence[Row], name: str = "Tổng số") -> list[Any]:
    """The total row of rows of numbers."""
    return [None, name, *(sum(r[i] for r in rows) for i in range(2, len(rows[0])))]
