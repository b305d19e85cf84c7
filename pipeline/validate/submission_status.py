"""Which units have sent their data: exports that count their dossiers, and the workbooks (phiếu) that they return.

`sent_out` is always the ids of the units whose workbook was made for them.

The office may enter the figures of a unit itself. Figures that rarely change (`carries_over` in reference/forms.toml:
numbers of procedures, disclosure) do not show that it did: they may come from an earlier quarter.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import PurePosixPath

import pandas as pd

from pipeline.arithmetic.wide_counts import MEASURES
from pipeline.finding_catalogue import catalogue
from pipeline.forms.unit_sheet_lines import input_columns, unit_of_file
from pipeline.result import Checked
from pipeline.validate.statuses import USABLE
from schemas.frames import ReturnsStatus

#: values of ReturnsStatus.sent of a unit whose workbook is still to come
NOT_FILLED_IN = ("not_sent", "blank")


def returns_status(checked: Checked, sent_out: Collection[str] = ()) -> pd.DataFrame:
    """The ReturnsStatus frame: one row a unit of the period.

    A workbook is expected of

    - the units in `sent_out`, if there are any;
    - all units, if some workbooks came back and `sent_out` is empty;
    - no unit, if no workbook was made, or if none came back and the office enters the figures of its units itself.

    It is not needed of a unit whose figures of the quarter are entered elsewhere, nor of a unit without dossiers.
    """
    units = checked.entities.loc[checked.entities["kind"] == "unit"]
    answered = checked.returns.groupby("unit_id", sort=False)["blank"].all().to_dict()
    elsewhere = _entered_by_office(checked)
    expected = set(sent_out) or (set(units["unit_id"]) if answered else set())
    if elsewhere and not answered:
        expected = set()  # `tthc forms` makes workbooks for every office; this office fills in bo-sung.xlsx instead
    elsewhere |= set(units.loc[units["status"] == "no_dossiers", "unit_id"])
    counted = set(checked.counts["unit_id"])
    against = _disagreements(checked)
    rows = []
    for unit_id, name in zip(units["unit_id"], units["name"], strict=True):
        if not answered.get(unit_id, True):
            sent = "sent"
        elif unit_id in elsewhere or (unit_id not in expected and unit_id not in answered):
            sent = "not_needed"
        else:
            sent = "blank" if unit_id in answered else "not_sent"
        rows.append((unit_id, name, unit_id in counted, sent, against.get(unit_id, "")))
    columns = list(ReturnsStatus.to_schema().columns)
    frame = pd.DataFrame(rows, columns=columns).astype({c: "bool" if c == "has_counts" else "str" for c in columns})
    return ReturnsStatus.validate(frame, lazy=True)


def _entered_by_office(checked: Checked) -> set[str]:
    """Ids of the units with a figure of the quarter that no returned workbook holds."""
    units = set(checked.entities.loc[checked.entities["kind"] == "unit", "unit_id"])
    supplement, returned = checked.supplement, set(checked.returns["source_file"])
    of_quarter = supplement["item"].isin(_quarterly_items()) & ~supplement["source_file"].isin(returned)
    return units & set(supplement.loc[of_quarter, "unit_id"])


@cache
def _quarterly_items() -> frozenset[str]:
    """The items of the supplement that are new in each quarter: those that do not carry over to the next one."""
    return frozenset(c.feeds for c in input_columns() if not c.carries_over)


def workbooks_unused(checked: Checked, sent_out: Collection[str]) -> bool:
    """Whether workbooks were made, none came back, and no figure of the quarter is entered elsewhere.

    The program then cannot know whether the office uses workbooks.
    """
    units = set(checked.entities.loc[checked.entities["kind"] == "unit", "unit_id"])
    return bool(units & set(sent_out)) and checked.returns.empty and not _entered_by_office(checked)


#: The advice to the office in that case: waiting for the units is right only if the workbooks were sent to them.
WORKBOOKS_UNUSED = (
    "Chưa phiếu nào gửi về và bo-sung.xlsx chưa có số phát sinh trong kỳ của đơn vị nào (không kể số TTHC, công khai "
    "TTHC). Nếu văn phòng tự nhập số liệu: nhập vào bo-sung.xlsx; nếu kỳ này không dùng phiếu: xoá thư mục "
    "phieu-gui-di."
)


def missing_units(checked: Checked, sent_out: Collection[str] = ()) -> list[str]:
    """The names of the units whose data are not complete, in registry order.

    A unit lacks counts in a readable export, or its workbook where one is expected (`returns_status`).
    """
    status = returns_status(checked, sent_out)
    waiting = ~status["has_counts"] | status["sent"].isin(NOT_FILLED_IN)
    return status.loc[waiting, "name"].tolist()


def _disagreements(checked: Checked) -> dict[str, str]:
    """unit_id -> the titles of the errors and warnings about its returned workbook, in Vietnamese.

    A workbook that is set aside as a whole belongs to the unit that its file is named after, and counts only if the
    unit has sent no other one.
    """
    found = checked.findings.loc[checked.findings["severity"] != "notice"]
    returned = checked.returns.loc[~checked.returns["blank"]]
    read, answered = set(returned["source_file"]), set(returned["unit_id"])
    of_read = found.loc[(found["unit_id"] != "") & found["file"].isin(read), ["unit_id", "code"]]
    refused = found.loc[found["sets_aside"] == "file", ["file", "code"]]
    owners = [unit_of_file(PurePosixPath(file).name) for file in refused["file"]]
    pairs = list(zip(of_read["unit_id"], of_read["code"], strict=True))
    pairs += [(u, code) for u, code in zip(owners, refused["code"], strict=True) if u not in answered]
    titles: dict[str, dict[str, None]] = {}
    for unit_id, code in pairs:
        titles.setdefault(unit_id, {})[catalogue()[code].title] = None
    return {u: "; ".join(t) for u, t in titles.items()}


def workbook_counts(checked: Checked) -> tuple[dict[str, dict[str, int]], dict[str, str]]:
    """The counts for units' workbooks: unit_id -> count measure -> count; and unit_id -> why there are none.

    A unit whose counts are set aside gets none: a doubtful figure would come back as confirmed. Reasons are Vietnamese.
    """
    units = checked.entities.loc[checked.entities["kind"] == "unit"]
    usable = set(units.loc[units["status"].isin(list(USABLE)), "unit_id"])
    figures = checked.figures.loc[checked.figures["unit_id"].isin(usable) & checked.figures["measure"].isin(MEASURES)]
    counts: dict[str, dict[str, int]] = {}
    for unit_id, measure, value in zip(figures["unit_id"], figures["measure"], figures["value"], strict=True):
        counts.setdefault(str(unit_id), {})[str(measure)] = int(value)
    waiting = units.loc[~units["unit_id"].isin(list(counts)), ["unit_id", "status_reason"]]
    reasons = {
        str(u): f"Phần số liệu của cổng để trống: {str(why)[:1].lower()}{str(why)[1:]}."
        for u, why in zip(waiting["unit_id"], waiting["status_reason"], strict=True)
    }
    return counts, reasons
