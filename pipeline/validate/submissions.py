"""Who has sent what: the exports that count a unit's dossiers, and the workbook (phiếu) the unit itself returns."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from pipeline.arithmetic.wide_counts import MEASURES
from pipeline.finding_catalogue import catalogue
from pipeline.result import Checked
from schemas.frames import ReturnsStatus


def returns_status(checked: Checked, sent_out: Collection[str] = ()) -> pd.DataFrame:
    """ReturnsStatus of the period's units. `sent_out`: unit ids whose workbook was made and sent to them.

    A workbook is expected of the units it was sent to; of all units where some came back and nobody knows who was
    sent one; of nobody where the office works without: none was made, or none has come back and the office enters its
    units' figures itself. It is not needed of a unit whose supplement is entered elsewhere, nor of one without
    dossiers, which is not scored.
    """
    units = checked.entities.loc[checked.entities["kind"] == "unit"]
    returns, supplement = checked.returns, checked.supplement
    files = set(returns["source_file"])
    answered = returns.groupby("unit_id", sort=False)["blank"].all().to_dict()
    elsewhere = set(supplement.loc[~supplement["source_file"].isin(files), "unit_id"]) & set(units["unit_id"])
    expected = set(sent_out) or (set(units["unit_id"]) if answered else set())
    if elsewhere and not answered:
        expected = set()  # `tthc forms` makes workbooks for every office: this one fills in bo-sung.xlsx
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


def only_made(checked: Checked, sent_out: Collection[str]) -> bool:
    """Whether workbooks lie ready and nothing says that the office uses them: none came back, no figure is entered."""
    units = set(checked.entities.loc[checked.entities["kind"] == "unit", "unit_id"])
    return bool(units & set(sent_out)) and checked.returns.empty and not units & set(checked.supplement["unit_id"])


#: what an office has to know then: to wait for its units is right only if it sent the workbooks to them
ONLY_MADE = (
    "Chưa phiếu nào gửi về và bo-sung.xlsx chưa có số của đơn vị nào. Nếu văn phòng tự nhập số liệu: nhập vào "
    "bo-sung.xlsx; nếu kỳ này không dùng phiếu: xoá thư mục phieu-gui-di."
)


def missing_units(checked: Checked, sent_out: Collection[str] = ()) -> list[str]:
    """Names of the units of which something is still to come, in registry order; empty when every unit is there.

    To come are counts in a readable export, and the unit's own workbook where one is expected (`returns_status`).
    """
    status = returns_status(checked, sent_out)
    waiting = ~status["has_counts"] | status["sent"].isin(["not_sent", "blank"])
    return status.loc[waiting, "name"].tolist()


def _disagreements(checked: Checked) -> dict[str, str]:
    """unit -> the titles of the errors and warnings about what stands in its returned workbook."""
    found = checked.findings
    files = set(checked.returns.loc[~checked.returns["blank"], "source_file"])
    rows = found.loc[
        (found["unit_id"] != "") & found["file"].isin(files) & (found["severity"] != "notice"), ["unit_id", "code"]
    ]
    titles: dict[str, dict[str, None]] = {}
    for unit_id, code in zip(rows["unit_id"], rows["code"], strict=True):
        titles.setdefault(unit_id, {})[catalogue()[code].title] = None
    return {u: "; ".join(t) for u, t in titles.items()}


def counts_shown(checked: Checked) -> tuple[dict[str, dict[str, int]], dict[str, str]]:
    """What is printed in units' workbooks: unit -> measure -> the count scored today; unit -> why it is shown none.

    A unit whose counts are set aside is shown none: a figure that is in doubt would come back as confirmed.
    """
    units = checked.entities.loc[checked.entities["kind"] == "unit"]
    standing = set(units.loc[units["status"].isin(["scored", "no_resolved", "no_dossiers"]), "unit_id"])
    figures = checked.figures.loc[checked.figures["unit_id"].isin(standing) & checked.figures["measure"].isin(MEASURES)]
    counts: dict[str, dict[str, int]] = {}
    for unit_id, measure, value in zip(figures["unit_id"], figures["measure"], figures["value"], strict=True):
        counts.setdefault(str(unit_id), {})[str(measure)] = int(value)
    waiting = units.loc[~units["unit_id"].isin(list(counts)), ["unit_id", "status_reason"]]
    reasons = {
        str(u): f"Phần số liệu của cổng để trống: {str(why)[:1].lower()}{str(why)[1:]}."
        for u, why in zip(waiting["unit_id"], waiting["status_reason"], strict=True)
    }
    return counts, reasons
