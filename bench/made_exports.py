"""Makes a period of many exports with a table of about a hundred rows each, with or without styles.

Each office has one file in one of three layouts: by field of work (II.06a), by procedure (flat header), eGov portal.
"""

from __future__ import annotations

import io
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests/support")]

from offices import II06A, write_header  # noqa: E402

FIELDS = (
    "Hộ tịch",
    "Chứng thực",
    "Đất đai",
    "Môi trường",
    "Bảo trợ xã hội",
    "Người có công",
    "Nuôi con nuôi",
    "Thi đua, khen thưởng",
    "Tín ngưỡng, tôn giáo",
    "Văn hóa cơ sở",
    "Thư viện",
    "Thể dục, thể thao",
    "Giáo dục và đào tạo",
    "Phổ biến, giáo dục pháp luật",
    "Bồi thường nhà nước",
    "Hòa giải ở cơ sở",
    "Giải quyết khiếu nại",
    "Giải quyết tố cáo",
    "Tiếp công dân",
    "Xử lý đơn thư",
    "Phòng, chống tham nhũng",
    "Nông nghiệp",
    "Lâm nghiệp",
    "Thủy lợi",
    "Thủy sản",
    "Chăn nuôi và thú y",
    "Trồng trọt",
    "Phòng, chống thiên tai",
    "Đường thủy nội địa",
    "Đường bộ",
    "Xây dựng",
    "Quy hoạch xây dựng, kiến trúc",
    "Nhà ở và công sở",
    "Lao động, tiền lương",
    "Việc làm",
    "An toàn, vệ sinh lao động",
    "Giảm nghèo",
    "Trẻ em",
    "Phòng, chống tệ nạn xã hội",
    "Dân số, kế hoạch hóa gia đình",
    "Dân quân tự vệ",
    "Nghĩa vụ quân sự",
    "Công thương",
    "An toàn thực phẩm",
    "Hợp tác xã",
    "Thành lập và hoạt động của hộ kinh doanh",
    "Tài chính",
    "Quản lý công sản",
)
WORK = (
    "Cấp mới",
    "Cấp lại",
    "Điều chỉnh",
    "Đăng ký",
    "Đăng ký lại",
    "Gia hạn",
    "Xác nhận",
    "Thẩm định",
    "Công nhận",
    "Thay đổi thông tin",
    "Hỗ trợ",
    "Cấp bản sao",
    "Chấm dứt",
)
FLAT = [
    ("STT",),
    ("Tên thủ tục hành chính",),
    ("Tổng số hồ sơ tiếp nhận",),
    ("Tiếp nhận trực tuyến",),
    ("Tiếp nhận trực tiếp, dịch vụ bưu chính",),
    ("Tiếp nhận từ kỳ trước",),
    ("Tổng số đã giải quyết",),
    ("Đã giải quyết trước hạn",),
    ("Đã giải quyết đúng hạn",),
    ("Đã giải quyết quá hạn",),
    ("Tổng số đang giải quyết",),
    ("Đang giải quyết trong hạn",),
    ("Đang giải quyết quá hạn",),
]
EGOV = [
    ("STT",),
    ("Lĩnh vực",),
    ("Tổng",),
    ("Tiếp nhận trong kỳ",),
    ("Kỳ trước chuyển qua",),
    ("Hồ sơ đã giải quyết", "Số hồ sơ"),
    ("Hồ sơ đã giải quyết", "Sớm"),
    ("Hồ sơ đã giải quyết", "Đúng"),
    ("Hồ sơ đã giải quyết", "Trễ"),
    ("Hồ sơ đang giải quyết", "Số hồ sơ"),
    ("Hồ sơ đang giải quyết", "Chưa đến hạn"),
    ("Hồ sơ đang giải quyết", "Đã quá hạn"),
]
_LINE = Side(style="thin")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD = Font(name="Times New Roman", size=11, bold=True)
_BODY = Font(name="Times New Roman", size=11)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(vertical="center", wrap_text=True)
_SHADE = PatternFill("solid", fgColor="D9E1F2")


def registry(count: int) -> bytes:
    """The bytes of a registry with `count` communes."""
    lines = ["unit_id,name,kind,level,parent,aliases,valid_from,valid_to,successor,note", "xa,Cấp xã,level,xa,,,,,,"]
    lines += [f"xa-{i},Xã Số {i},unit,xa,,UBND xã Số {i},,,," for i in range(count)]
    return "\n".join(lines).encode()


def period_files(count: int, *, styled: bool = True) -> dict[str, bytes]:
    """`count` files, name -> bytes, one unit each; equal from run to run except the date inside the zip."""
    return {f"{i:03d}-xa-so-{i}.xlsx": one(i, styled=styled) for i in range(count)}


def one(number: int, *, styled: bool) -> bytes:
    """The export of one office as bytes. `styled`: with fonts, borders and alignment as portals write them."""
    rng = random.Random(number)
    writers: tuple[Callable[[random.Random], tuple[list[tuple[str, ...]], list[list[Any]]]], ...]
    writers = (_by_field, _by_procedure, _egov)
    columns, rows = writers[number % 3](rng)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = ("II.06a", "Sheet1", "BaoCao")[number % 3]
    _heading(sheet, f"UBND xã Số {number}")
    top = write_header(sheet, columns, 7)
    for r in range(7, top) if styled else ():
        for c in range(1, len(columns) + 1):
            cell = sheet.cell(r, c)
            cell.font, cell.border, cell.alignment, cell.fill = _HEAD, _BORDER, _CENTRE, _SHADE
    if number % 3 != 2:
        for c in range(1, len(columns) + 1):
            sheet.cell(top, c, f"({c})").alignment = _CENTRE
        top += 1
    totals = [None, "Tổng số", *(sum(_plain(r[c]) for r in rows) for c in range(2, len(columns)))]
    for r, row in enumerate([*rows, totals]):
        for c, value in enumerate(row, 1):
            cell = sheet.cell(top + r, c, value)
            if styled:
                cell.font, cell.border = (_HEAD if r == len(rows) else _BODY), _BORDER
                cell.alignment = _LEFT if c == 2 else _CENTRE
    end = top + len(rows) + 2
    sheet.cell(end, 9, f"Số {number}, ngày 18 tháng 3 năm 2022").font = _BODY
    sheet.cell(end + 1, 2, "Người làm báo cáo").font = _HEAD
    sheet.cell(end + 1, 9, "THỦ TRƯỞNG ĐƠN VỊ").font = _HEAD
    sheet.column_dimensions["B"].width = 48
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _heading(sheet: Worksheet, office: str) -> None:
    lines = (
        "Biểu số II.06a/VPCP/KSTT",
        f"TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH TẠI {office.upper()}",
        "Kỳ báo cáo: Quý I năm 2022 (Từ ngày 15/12/2021 đến ngày 14/03/2022)",
        f"- Đơn vị báo cáo: {office}",
        "Đơn vị tính: Số hồ sơ TTHC.",
    )
    for row, line in enumerate(lines, 1):
        sheet.cell(row, 1, line).font = _HEAD
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=12)


def _plain(value: Any) -> int:
    return int(value.replace(".", "")) if isinstance(value, str) else value


def _numbers(rng: random.Random, *, split: bool) -> list[int]:
    """The counts of a row whose identities hold: eleven, or ten without channels. Most rows have few dossiers."""
    big = rng.choice([0, 0, 0, 2, 15, 400])
    early, on_time, late, in_time, overdue = (rng.randint(0, big) // k for k in (1, 2, 9, 3, 9))
    resolved, pending = early + on_time + late, in_time + overdue
    online = rng.randint(0, resolved + pending)
    carried = rng.randint(0, resolved + pending - online)
    direct = resolved + pending - online - carried
    came = [online, direct, carried] if split else [online + direct, carried]
    return [resolved + pending, *came, resolved, early, on_time, late, pending, in_time, overdue]


def _by_field(rng: random.Random) -> tuple[list[tuple[str, ...]], list[list[Any]]]:
    names = [f"{f} – {w.lower()}" for f in FIELDS for w in rng.sample(WORK, 3)]
    rng.shuffle(names)
    return II06A, [[i, n, *_numbers(rng, split=True)] for i, n in enumerate(names[: rng.randint(105, 125)], 1)]


def _by_procedure(rng: random.Random) -> tuple[list[tuple[str, ...]], list[list[Any]]]:
    names = [f"{w} giấy tờ thuộc lĩnh vực {f.lower()} (thẩm quyền cấp xã)" for f in FIELDS for w in rng.sample(WORK, 4)]
    rng.shuffle(names)
    shown = [[f"{v:,}".replace(",", ".") for v in _numbers(rng, split=True)] for _ in names[: rng.randint(100, 120)]]
    return FLAT, [[str(i), n, *v] for i, (n, v) in enumerate(zip(names, shown, strict=False), 1)]


def _egov(rng: random.Random) -> tuple[list[tuple[str, ...]], list[list[Any]]]:
    names = [f"{f}: {w.lower()}" for f in FIELDS for w in rng.sample(WORK, 3)]
    return EGOV, [[i, n, *_numbers(rng, split=False)] for i, n in enumerate(names[: rng.randint(110, 130)], 1)]
