"""The page of a revision and of all quarters in Chromium, opened from the disk: sort, search, keyboard, phone, print."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Page, browser
from processes import family, until
from repository import ROOT

from flows.commands.sign import sign_revision
from flows.steps.job import Job
from flows.steps.scoring_steps import run

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("chromium")]
PHONE = 390
#: the cells of a column of the scoreboard, of the rows that are shown
COLUMN = "[...document.querySelectorAll('.board tbody tr:not([hidden])')].map(r => r.cells[{}].innerText)"
HEADS = "[...document.querySelectorAll('.board thead th')].map(h => h.getAttribute('aria-sort'))"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, published and signed."""
    data = tmp_path_factory.mktemp("data")
    for name in ("raw", "reference"):
        (data / name).symlink_to(ROOT / "data" / name)
    job = Job.of("2022-Q1", data, None)
    run(job)
    sign_revision(job, "r1", "85/BC-UBND", "18/3/2022", "văn thư", False, "thử")
    return data / "out"


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory, kept: Path) -> Iterator[Page]:
    with family(dict(os.environ), kept) as processes, browser(processes, tmp_path_factory.mktemp("profile")) as page:
        yield page


@pytest.fixture
def page(tab: Page, out: Path) -> Iterator[Page]:
    """The page of the revision, as at the first visit."""
    tab.resize(1000)
    tab.open("about:blank")
    tab.open((out / "2022-Q1" / "r1" / "index.html").as_uri())
    tab.wait_for("Bảng điểm", "22 trên 22 dòng")
    yield tab
    tab.scripts(allowed=True)


def test_a_heading_sorts_and_says_so(page: Page, kept: Path) -> None:
    page.save(kept / "trang-1280.png")
    names = page.script(COLUMN.format(0))
    page.click("Tổng điểm")
    totals = [float(t.replace(",", ".")) for t in page.script(COLUMN.format(3)) if t != "–"]
    assert len(totals) == 21 and totals == sorted(totals) and totals[0] < totals[-1]
    assert page.script(COLUMN.format(3))[-1] == "–"
    assert page.script(HEADS) == ["none", "none", "none", "ascending", "none", "none", "none", "none"]
    page.click("Tổng điểm")
    falling = page.script(COLUMN.format(3))
    assert falling[0] == "18,00" and falling[-1] == "–"
    assert page.script(HEADS)[3] == "descending"
    page.click("Đơn vị")
    assert page.script(COLUMN.format(0)) != names
    assert sorted(page.script(COLUMN.format(0))) == sorted(names)


def test_a_search_needs_no_diacritics(page: Page) -> None:
    page.type_into("input[type=search]", "noong bua")
    page.wait_for("1 trên 22 dòng")
    assert page.script(COLUMN.format(0)) == ["Phường Noong Bua"]
    page.script("document.querySelector('input[type=search]').value = ''")
    page.script(
        "(() => { const s = document.querySelector('select'); s.selectedIndex = 1;"
        " s.dispatchEvent(new Event('change')); })()"
    )
    assert set(page.script(COLUMN.format(1))) == {"Cấp thành phố"}


def test_everything_is_reached_by_keyboard(page: Page) -> None:
    page.press("Tab", 9)
    assert page.script("document.activeElement.className") == "skip"
    seen = []
    for _ in range(20):
        page.press("Tab", 9)
        seen.append(page.script("document.activeElement.innerText || document.activeElement.type"))
    assert seen[:3] == ["Bảng điểm", "Biểu đồ", "Từng đơn vị"]
    assert "search" in seen and "Tổng điểm" in seen
    page.script("[...document.querySelectorAll('th button')].find(b => b.innerText == 'Hạng').focus()")
    page.press("Enter", 13, "\r")
    assert page.script(HEADS)[2] == "ascending"


def test_a_link_opens_its_unit_with_the_calculation(page: Page) -> None:
    shown = "(2 × 2.731 + 1 × 68) ÷ 2.799 = 1,9757"
    assert shown not in page.text()
    page.script("location.hash = '#dv-huyen'")
    text = page.wait_for(shown)
    assert "Nguồn: bo-sung.xlsx › Số liệu bổ sung › C6, D6, E6" in text
    assert page.script("document.activeElement.tagName") == "SUMMARY"


def test_nothing_is_asked_for_elsewhere(page: Page) -> None:
    assert page.script("performance.getEntriesByType('resource').length") == 0
    blocked = """new Promise(done => {
        document.addEventListener('securitypolicyviolation', e => done(e.violatedDirective), {once: true});
        const foreign = document.createElement('script');
        foreign.textContent = 'window.ran = true';
        document.body.append(foreign);
        setTimeout(() => done('allowed'), 3000);
    })"""
    assert page.script(blocked).startswith("script-src")
    assert page.script("window.ran === undefined")


def test_a_phone_shows_it_without_scrolling_the_page_sideways(page: Page, kept: Path) -> None:
    page.resize(844, PHONE)
    page.script("location.hash = '#dv-huyen'")
    page.save(kept / "trang-390.png")
    assert page.script("document.documentElement.scrollWidth") <= PHONE


def test_without_scripts_it_is_read(page: Page, out: Path) -> None:
    page.scripts(allowed=False)
    page.open("about:blank")
    page.open((out / "2022-Q1" / "r1" / "index.html").as_uri())
    text = page.wait_for("Phường Noong Bua", "Từng đơn vị")
    assert "Tìm đơn vị" not in text  # nothing that would do nothing
    assert page.script("document.querySelectorAll('button, input, select').length") == 0
    assert page.script("document.querySelectorAll('details.unit summary').length") == 24


def test_it_is_printed_on_a_few_pages(page: Page, kept: Path) -> None:
    printed = page.pdf()
    (kept / "trang-in.pdf").write_bytes(printed)
    assert printed.startswith(b"%PDF") and printed.count(b"/Type /Page\n") <= 12


def test_the_page_of_all_quarters_leads_to_the_revision(tab: Page, out: Path, kept: Path) -> None:
    tab.resize(1000)
    tab.open((out / "index.html").as_uri())
    tab.wait_for("Báo cáo số 85/BC-UBND ngày 18/3/2022", "22 trên 22 dòng")
    tab.save(kept / "moi-ky-1280.png")
    tab.click("r1")
    tab.wait_for("Kết quả giải quyết thủ tục hành chính quý I năm 2022")
    until("the address of the revision", lambda: tab.script("location.pathname").endswith("/2022-Q1/r1/index.html"), 5)
