"""Makes the second sample, quý III/2026 of a province with two levels: `python data/make_sample_2026.py [folder]`.

All figures are made (“dữ liệu dựng”); the units of `data/mau-2026/reference/units.csv` are those of Điện Biên after
1 July 2025. Some units hold figures that the national portal published for units elsewhere, so that their points can
be compared: `PUBLISHED_ELSEWHERE`. The same program gives the same bytes.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from pipeline import rulebooks
from pipeline.load.excel.xlsx_bytes import deterministic_xlsx, write_text
from pipeline.load.forms.analyst_forms import form_workbooks
from pipeline.load.forms.fill_form import fill_form
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry

HERE = Path(__file__).parent / "mau-2026"
BOOK = rulebooks.installed()["qd-766-2022"]
PERIOD = rulebooks.period_of(Period(2026, 3), BOOK)
NOTE = "Dữ liệu dựng để thử chương trình; không phải số liệu của đơn vị nào."
#: unit_id -> its counts, the figures of the supplement, the points of its groups, and where they were published
PUBLISHED_ELSEWHERE = {
    "muong-phang-03325": {
        "counts": (2441, 50, 100, 27),
        "figures": {
            "eresult_due": 2618, "eresult": 2497, "digitized": 1520, "reused": 1543, "data_shared": 2,
            "citizen_data": 1105, "citizen_procedures": 388, "citizen_procedures_connected": 28, "dossiers_disliked": 1,
        },
        "points": {"CKMB": "11.79", "TDGQ": "19.41", "CLGQ": "6.31", "TTTT": "7.34", "MDSH": "12.49", "MDHL": "18"},
    },
    "dien-bien-phu-03127": {
        "figures": {
            "payable": 3816, "paid_online": 3082, "fee_procedures": 37, "fee_procedures_paid_online": 17,
            "fee_procedures_used": 10,
        },
        "points": {"TTTT": "6.68"},
    },
    "muong-thanh-03334": {
        "figures": {
            "payable": 2656, "paid_online": 2410, "fee_procedures": 38, "fee_procedures_paid_online": 13,
            "fee_procedures_used": 5,
        },
        "points": {"TTTT": "6.63"},
    },
    "so-cong-thuong": {
        "figures": {
            "payable": 110, "paid_online": 110, "fee_procedures": 13, "fee_procedures_paid_online": 12,
            "fee_procedures_used": 0,
        },
        "points": {"TTTT": "8.00"},
    },
}  # fmt: skip
#: a unit that is not in the portal's table: its class stays open
NOT_PUBLISHED = "tia-dinh-03385"
#: a unit whose points the portal made from other dossiers than its export shows
OTHER_DOSSIERS = "na-tau-03316"
HEADS = {
    "A6": "STT", "B6": "Đơn vị", "C6": "Số hồ sơ tiếp nhận", "C7": "Tổng số", "D7": "Trực tuyến", "D8": "Toàn trình",
    "E8": "Một phần", "F7": "Trực tiếp", "G7": "Từ kỳ trước chuyển qua", "H6": "Số hồ sơ đã giải quyết",
    "H7": "Tổng số", "I7": "Đúng và trước hạn", "J7": "Quá hạn", "K6": "Số hồ sơ đang giải quyết", "K7": "Tổng số",
    "L7": "Chưa đến hạn", "M7": "Quá hạn",
}  # fmt: skip
MERGED = "A6:A8 B6:B8 C6:G6 C7:C8 D7:E7 F7:F8 G7:G8 H6:J6 H7:H8 I7:I8 J7:J8 K6:M6 K7:K8 L7:L8 M7:M8"
CODES = ("TDGQ", "MDHL", "MDSH", "TTTT", "CLGQ", "CKMB")


def units() -> list[dict[str, str]]:
    """The units of the period, in the order of the registry."""
    with (HERE / "reference" / "units.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["kind"] == "unit" and not row["valid_to"]]


def counts(place: int, unit: str) -> tuple[int, int, int, int]:
    """Dossiers resolved in time, resolved late, pending in time, pending overdue."""
    made = PUBLISHED_ELSEWHERE.get(unit, {}).get("counts")
    if made is not None:
        return made  # type: ignore[return-value]
    late = (7 * place) % 23
    return 240 + 173 * place % 1900, late, 12 + 5 * place % 60, late % 3


def rounded(points: Fraction) -> Decimal:
    """Points with two decimals, half up."""
    return (Decimal(points.numerator) / points.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)


def published(place: int, unit: str) -> dict[str, Decimal]:
    """The points of the groups and their total, as the portal would print them."""
    in_time, late, pending, overdue = counts(place, unit)
    share = Fraction(in_time + pending, in_time + late + pending + overdue)
    is_so = unit.startswith("so-")
    points = {
        "TDGQ": rounded(20 * share) - (Decimal("0.35") if unit == OTHER_DOSSIERS else 0),
        "MDHL": 12 + rounded(min(Fraction(6), 6 * share / Fraction(9, 10))),
        "MDSH": rounded(Fraction(980 + 37 * place % 1150, 100)),
        "TTTT": rounded(Fraction(410 + 53 * place % 560, 100)),
        "CLGQ": Decimal("10.00") if is_so else rounded(Fraction(470 + 29 * place % 340, 100)),
        "CKMB": rounded(Fraction(1179 + 71 * place % 621, 100)),
    }
    made = PUBLISHED_ELSEWHERE.get(unit, {}).get("points", {})
    points |= {code: Decimal(value) for code, value in made.items()}  # type: ignore[union-attr]
    return {**points, "TONG_SCORE": sum(points.values(), Decimal(0))}


def count_table(area: str, rows: Sequence[tuple[int, Mapping[str, str]]]) -> bytes:
    """An export in the layout of form 07a/BTP: what was resolved before and on time is one column."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "07a"
    titles = (
        "Biểu số 07a/BTP",
        f"TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH TẠI {area}",
        f"Kỳ báo cáo: Quý III năm 2026 (Từ ngày {PERIOD.start:%d/%m/%Y} đến ngày {PERIOD.end:%d/%m/%Y})",
        NOTE,
    )
    for row, title in enumerate(titles, 1):
        write_text(sheet.cell(row, 1), title)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=13)
    for address, text in HEADS.items():
        write_text(sheet[address], text)
        sheet[address].font = Font(bold=True)
        sheet[address].alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for cells in MERGED.split():
        sheet.merge_cells(cells)
    for line, (place, unit) in enumerate(rows, 1):
        in_time, late, pending, overdue = counts(place, unit["unit_id"])
        whole = in_time + late + pending + overdue
        carried, direct = whole // 20, whole // 6
        online = whole - carried - direct
        values = (whole, online - online // 3, online // 3, direct, carried, in_time + late, in_time, late)
        write_text(sheet.cell(8 + line, 1), str(line))
        write_text(sheet.cell(8 + line, 2), unit["name"])
        for column, value in enumerate((*values, pending + overdue, pending, overdue), 3):
            sheet.cell(8 + line, column).value = value
    sheet.column_dimensions["B"].width = 36
    workbook.properties.creator = "data/make_sample_2026.py"
    return deterministic_xlsx(workbook)


def score_table(rows: Sequence[tuple[int, Mapping[str, str]]]) -> bytes:
    """The table of scores as the old interface of the national portal saves it: points as texts."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "Quý III-2026"
    heads = ("ID", "TEN", "TEN_COQUAN", "MA_COQUAN", "LOAI_COQUAN", "CAPDONVIID", "ID_COQUAN", *CODES, "TONG_SCORE")
    for column, head in enumerate((*heads, "ROW_STT"), 1):
        write_text(sheet.cell(1, column), head)
    listed = [(place, unit) for place, unit in rows if unit["unit_id"] != NOT_PUBLISHED]
    for line, (place, unit) in enumerate(listed, 1):
        points = published(place, unit["unit_id"])
        kind = ("2", "1") if unit["level"] == "so" else ("3", "2")
        shown = [format(points[code].normalize(), "f") for code in (*CODES, "TONG_SCORE")]
        for column, text in enumerate((str(line), unit["name"], unit["name"], "", *kind, "", *shown, str(line)), 1):
            write_text(sheet.cell(1 + line, column), text)
    sheet.column_dimensions["B"].width = sheet.column_dimensions["C"].width = 36
    workbook.properties.creator = "data/make_sample_2026.py"
    return deterministic_xlsx(workbook)


def supplement(rows: Sequence[Mapping[str, str]]) -> bytes:
    """bo-sung.xlsx: no petitions; figures of some units; the words of the report."""
    index = UnitIndex(read_registry((HERE / "reference" / "units.csv").read_bytes()), PERIOD)
    workbook = form_workbooks(PERIOD, index, rulebooks.installed())["bo-sung.xlsx"]
    figures: dict[str, Mapping[str, int]] = {
        unit: values["figures"]
        for unit, values in PUBLISHED_ELSEWHERE.items()  # type: ignore[misc]
    }
    fill_form(
        workbook,
        "BS-01",
        [{"unit": u["name"], "petitions_received": 0, **figures.get(u["unit_id"], {})} for u in rows],
    )
    names = {u["unit_id"]: u["name"] for u in rows}
    copies = {"unit": names["muong-phang-03325"], "ELECTRONIC_CERTIFIED_COPY": 2}
    fill_form(workbook, "BS-07", [copies])
    return deterministic_xlsx(workbook)


def sample() -> dict[str, bytes]:
    """File name -> bytes of every file of the sample."""
    rows = list(enumerate(units()))
    of = {level: [(place, unit) for place, unit in rows if unit["level"] == level] for level in ("so", "xa")}
    return {
        "07a-so-nganh.xlsx": count_table("CÁC SỞ, BAN, NGÀNH", of["so"]),
        "07a-xa-phuong.xlsx": count_table("UBND CÁC XÃ, PHƯỜNG", of["xa"]),
        "Điểm 766 Quý III-2026.xlsx": score_table(rows),
        "bo-sung.xlsx": supplement([unit for _, unit in rows]),
    }


def main() -> None:
    """Write the sample into the folder of the first argument, else into data/mau-2026/raw/2026-Q3."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "raw" / "2026-Q3"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in sample().items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
