"""A province with sở and xã in a quarter of 2026: counts, the forms filled in, and the scores by QĐ 766."""

import io
from collections.abc import Mapping, Sequence
from functools import cache

import openpyxl

from pipeline import quarter, rulebooks
from pipeline.load.forms.analyst_forms import form_workbooks
from pipeline.load.forms.fill_form import fill_form
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry
from pipeline.result import Scored

BOOK = rulebooks.installed()["qd-766-2022"]
PERIOD = rulebooks.period_of(Period(2026, 3), BOOK)
CODES = ("CKMB", "TDGQ", "CLGQ", "TTTT", "MDSH", "MDHL")
REGISTRY = (
    "unit_id,name,kind,level,parent,aliases,valid_from,valid_to,successor,note\n"
    'so,"Các sở, ban, ngành",level,so,,,,,,\n'
    + "".join(f"so-{x},Sở {x.upper()},unit,so,,,,,,\n" for x in "abc")
    + "xa,Các xã,level,xa,,,,,,\n"
    + "".join(f"xa-{x},Xã {x.upper()},unit,xa,,,,,,\n" for x in "abcd")
).encode()
#: unit -> early, on time, late, pending in time, pending overdue
COUNTS = {
    "Sở A": (900, 50, 12, 30, 2), "Sở B": (400, 30, 4, 20, 0), "Sở C": (90, 8, 2, 10, 0),
    "Xã A": (500, 40, 5, 20, 1), "Xã B": (300, 30, 20, 10, 3), "Xã C": (200, 20, 0, 5, 0), "Xã D": (100, 20, 10, 5, 0),
}  # fmt: skip
#: unit -> the points of the groups that the portal published, in the order of `CODES`; of "Sở C" and "Xã D" none
POINTS = {
    "Sở A": (18, 19.03, 10, 9.79, 15.37, 18), "Sở B": (0.75, 19.53, 4.48, 6.99, 13.26, 18),
    "Xã A": (18, 19.81, 8.1, 8.55, 20.75, 18), "Xã B": (4.37, 18.79, 4.7, 8.55, 19.18, 18),
    "Xã C": (18, 19.81, 8.1, 8.55, 20.75, 18),
}  # fmt: skip


def counts(title: str = "Từ ngày 01/07/2026 đến ngày 30/09/2026") -> bytes:
    """An export of `COUNTS` with this title."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT TTHC"])
    sheet.append([title])
    bands = ["Số hồ sơ nhận giải quyết", "", "", "", "Đã giải quyết", "", "", "", "Đang giải quyết", "", ""]
    sheet.append(["STT", "Đơn vị", *bands])
    heads = ["Tổng số", "Trực tuyến", "Trực tiếp", "Kỳ trước", "Tổng số", "Trước hạn", "Đúng hạn", "Quá hạn"]
    sheet.append(["", "", *heads, "Tổng số", "Trong hạn", "Quá hạn"])
    for place in ("A3:A4", "B3:B4", "C3:F3", "G3:J3", "K3:M3"):
        sheet.merge_cells(place)
    for number, (unit, row) in enumerate(COUNTS.items(), 1):
        total, resolved, pending = sum(row), sum(row[:3]), sum(row[3:])
        sheet.append([number, unit, total, total - 50, 40, 10, resolved, *row[:3], pending, *row[3:]])
    return _bytes(workbook)


def forms() -> dict[str, openpyxl.Workbook]:
    """The blank forms of the quarter."""
    return form_workbooks(PERIOD, UnitIndex(read_registry(REGISTRY), PERIOD), rulebooks.installed())


def supplement(
    points: Mapping[str, Sequence[float | str]] = POINTS, totals: Mapping[str, float] | None = None
) -> bytes:
    """bo-sung.xlsx with published points, and without petitions for "Sở C" and "Xã D"."""
    workbook = forms()["bo-sung.xlsx"]
    sums = {unit: round(sum(p for p in row if not isinstance(p, str)), 2) for unit, row in points.items()}
    rows = [
        {"unit": unit, **dict(zip(CODES, row, strict=True)), "TONG_SCORE": (totals or sums)[unit]}
        for unit, row in points.items()
    ]
    fill_form(workbook, "BS-06", rows)
    fill_form(workbook, "BS-01", [{"unit": unit, "petitions_received": 0} for unit in ("Sở C", "Xã D")])
    return _bytes(workbook)


def score(files: Mapping[str, bytes], period: Period = PERIOD) -> Scored:
    """The quarter of these files, scored by QĐ 766."""
    checked = quarter.check(quarter.read_period(period, files, REGISTRY))
    return quarter.score(checked, rulebooks.choose(period))


@cache
def scored() -> Scored:
    """The quarter with counts and published points. It is shared: do not change it."""
    return score({"so-lieu.xlsx": counts(), "bo-sung.xlsx": supplement()})


def _bytes(workbook: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
