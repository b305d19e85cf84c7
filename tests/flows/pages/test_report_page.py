"""The page with the report's text, for copying into Word."""

from pathlib import Path

import pytest

from flows.pages import report_page
from pipeline.publish.revisions import current_revision


@pytest.mark.usefixtures("published")
def test_the_page_has_the_report_and_not_its_annex(office: Path) -> None:
    revision = current_revision(office / "out" / "2022-Q1").path
    assert revision is not None
    report = (revision / "bao-cao.md").read_text("utf-8")
    assert "Phụ lục nguồn số liệu" in report
    page = report_page.report_page(report)
    before_pictures = page.partition("\n- Cấp huyện:")[0]
    assert before_pictures != page and report.startswith(before_pictures)
    assert "![" in report and "![" not in page
    assert page.count("# BÁO CÁO") == 1 and "Biểu mẫu số 01" in page
    assert "Phụ lục nguồn số liệu" not in page and not page.rstrip().endswith("---")


def test_a_report_too_long_for_a_page_says_where_the_rest_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_page, "MOST_LETTERS", 25)
    page = report_page.report_page("# Báo cáo\n\n" + "một dòng\n" * 10)
    shown, told = page.rstrip().rsplit("\n\n", 1)
    assert len(shown) <= 25 and shown.endswith("một dòng")
    assert "bao-cao.md" in told
