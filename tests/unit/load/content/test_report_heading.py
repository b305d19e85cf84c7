"""The lines above a signature (pipeline/load/content/report_heading.py)."""

import pytest

from pipeline.load.content.report_heading import title_lines
from pipeline.load.report.report import render_report
from pipeline.result import Stamp


@pytest.mark.parametrize(
    ("entered", "lines"),
    [
        ("CHỦ TỊCH", ("CHỦ TỊCH",)),
        ("KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH", ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        ("KT. CHỦ TỊCH PHÓ CHỦ TỊCH", ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),  # as older versions published it
        ("KT. CHỦ TỊCH - PHÓ CHỦ TỊCH", ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        ("TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH", ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH")),
        ("TL. CHỦ TỊCH\nCHÁNH VĂN PHÒNG", ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")),
        ("PHÓ CHỦ TỊCH PHỤ TRÁCH", ("PHÓ CHỦ TỊCH PHỤ TRÁCH",)),
        ("TM. ỦY BAN NHÂN DÂN THÀNH PHỐ", ("TM. ỦY BAN NHÂN DÂN THÀNH PHỐ",)),
    ],
)
def test_a_title_is_printed_on_the_lines_that_it_has(entered: str, lines: tuple[str, ...]) -> None:
    assert title_lines(entered) == lines


def test_the_deputy_signs_below_the_title_of_the_head(city, stamp: Stamp) -> None:
    fields = {
        "on_behalf": "TM. ỦY BAN NHÂN DÂN",
        "signer_title": "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
        "recipients": ["UBND tỉnh", "Lưu: VT."],
    }
    text = render_report(city(fields=fields), stamp)
    assert (
        "| ***Nơi nhận:*** | **TM. ỦY BAN NHÂN DÂN** |\n|:---|:---:|\n"
        "| - UBND tỉnh; | **KT. CHỦ TỊCH** |\n| - Lưu: VT. | **PHÓ CHỦ TỊCH** |\n|  | **…………** |\n"
    ) in text
