"""The heading of a report that replaces a signed one, and the sheet that says what it changed."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable

import openpyxl
import pytest

from pipeline.load.report.report import render_report
from pipeline.load.workbook.checking_workbook import render_checking
from pipeline.result import Scored, Stamp

City = Callable[..., Scored]


@pytest.mark.parametrize(
    ("named", "printed"),
    [
        ("Báo cáo số 85/BC-UBND ngày 18/3/2022", "Báo cáo số 85/BC-UBND ngày 18/3/2022"),
        ("Báo cáo số 1|<b>/*BC*", r"Báo cáo số 1\|&lt;b&gt;/\*BC\*"),
    ],
)
def test_what_is_replaced_stands_under_the_title(city: City, stamp: Stamp, named: str, printed: str) -> None:
    text = render_report(city(), dataclasses.replace(stamp, replaces=named))
    paragraphs = text.split("\n\n")
    at = next(i for i, p in enumerate(paragraphs) if p.startswith("## "))
    assert paragraphs[at + 1].startswith(f"*(Thay thế {printed} của ")
    assert paragraphs[at + 1].endswith(")*")
    assert paragraphs[at + 2].startswith("Thực hiện ")


def test_nothing_is_said_where_nothing_is_replaced(city: City, stamp: Stamp) -> None:
    plain, replacing = (render_report(city(), dataclasses.replace(stamp, replaces=r)) for r in ("", "Báo cáo số 1/BC"))
    assert "(Thay thế" not in plain
    assert [x for x in replacing.split("\n\n") if x not in plain.split("\n\n")] == [
        next(x for x in replacing.split("\n\n") if "Báo cáo số 1/BC" in x)
    ]


def test_no_sheet_of_changes_without_a_revision_before(city: City, stamp: Stamp) -> None:
    names = openpyxl.load_workbook(io.BytesIO(render_checking(city(), stamp))).sheetnames
    assert "Thay đổi" not in names and names[-1] == "Nguồn"
