"""Answers that the rows contradict are marked where they were given, and nowhere else."""

from dataclasses import replace

import pytest
from layouts import QUESTION, table

from pipeline.findings import Finding
from pipeline.layouts.contradicted import with_contradictions
from pipeline.layouts.decisions import Layout
from pipeline.layouts.question_sheets import question_sheets

WHY = "các tổng không khớp, ví dụ ở dòng 7, 8"
ANSWERED = table(confirmed="Công chức 1")


def refused(found: str, layout: Layout = ANSWERED) -> Finding:
    facts = {"by": "xác nhận của Công chức 1, 15/9/2023", "why": WHY}
    return Finding("layout_contradicted", "", layout.file, layout.sheet, layout.rows, found, facts=facts)


def marked(layout: Layout, finding: Finding) -> list[str]:
    (found,) = with_contradictions([layout], [finding])
    return [d.subject for d in found.decisions if d.against == WHY]


def test_the_decision_that_the_finding_names_is_marked_and_asked_again() -> None:
    finding = refused("cột F “Đã xử lý › Sớm” = “Đã giải quyết trước hạn”")
    assert marked(ANSWERED, finding) == [QUESTION[1]]
    (sheet,) = question_sheets(with_contradictions([ANSWERED], [finding]))
    assert (sheet.open, sheet.unsettled) == (1, (QUESTION,))
    assert sheet.texts[QUESTION] == "Đã giải quyết trước hạn"


@pytest.mark.parametrize(
    "finding",
    [
        refused("cột AF “Đã xử lý › Sớm”"),
        refused("cột C “Tiếp nhận › Tổng số”"),
        refused("cột F “Đã xử lý › Sớm”", replace(ANSWERED, file="khac.xlsx")),
        refused("cột F “Đã xử lý › Sớm”", replace(ANSWERED, rows="20:21")),
        replace(refused("cột F “Đã xử lý › Sớm”"), code="layout_open"),
    ],
)
def test_other_columns_files_tables_and_findings_mark_nothing(finding: Finding) -> None:
    assert marked(ANSWERED, finding) == []
