"""`tthc diff` of two quarters: every difference against an independent computation, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from commands import Tthc
from openpyxl import load_workbook
from quarters import PERIODS, UNITS, made_quarters, put_quarter

from flows.commands.diff import compare_periods, write_comparison
from flows.steps.job import Job

EXPORT = Callable[..., bytes]
MEASURES = {
    "received_online": 1, "received_direct": 2, "carried_over": 3, "resolved_early": 4, "resolved_on_time": 5,
    "resolved_late": 6, "pending_in_time": 7,
}  # fmt: skip
NAMES = {
    "received_online": "Tiếp nhận trực tuyến",
    "resolved_early": "Đã giải quyết trước hạn",
    "resolved_late": "Đã giải quyết quá hạn",
}


@pytest.fixture
def quarters(office: Path, export: EXPORT, tthc: Tthc) -> dict[str, tuple]:
    made = {period: rows for period, rows in made_quarters().items() if period in PERIODS[:3]}
    for period, rows in made.items():
        put_quarter(office, export, period, rows)
        assert tthc("score", period, "--direct").returncode == 0
    return made


def test_counts_scores_and_ranks_of_two_quarters(office: Path, quarters: dict[str, tuple], tthc: Tthc) -> None:
    done = tthc("diff", "2022-Q3", "2022-Q1")  # the earlier one is first, however they are typed
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("# So sánh: quý III năm 2022 (bản r1) với quý I năm 2022 (bản r1)\n")
    assert tthc("diff", "2022-Q1", "2022-Q3").stdout == done.stdout
    for place, unit in enumerate(UNITS):
        for measure, name in NAMES.items():
            was, now = (quarters[p][place][MEASURES[measure]] for p in ("2022-Q1", "2022-Q3"))
            line = next((x for x in done.stdout.splitlines() if x.startswith(f"| {unit} | {name} |")), "")
            if was == now:
                assert not line
                continue
            assert f"| {was} | {now} ({'+' if now > was else '−'}{abs(now - was)}" in line
            share = f"{round(abs(now - was) / was * 100 + 1e-9, 1):g}".replace(".", ",") if was else ""
            assert line.endswith(f"{share}%) |" if share else ") |")
    assert "Tệp đầu vào" not in done.stdout
    assert "## Tổng điểm và điểm trung bình" in done.stdout
    assert "| Tóm tắt | 2022-Q1 (r1) | 2022-Q3 (r1) |" in done.stdout


def test_the_comparison_as_a_workbook(office: Path, quarters: dict[str, tuple], tthc: Tthc) -> None:
    job = Job.of("2022-Q2", office, None)
    path = write_comparison(job, compare_periods(job, "2022-Q1"))
    assert path == office / "out" / "2022-Q2" / "so-sanh-2022-Q1-2022-Q2.xlsx"
    (sheet,) = load_workbook(path).worksheets
    texts = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert {"Trước (2022-Q1 (r1))", "Sau (2022-Q2 (r1))"} <= texts
    assert any("So sánh: quý II năm 2022 (bản r1) với quý I năm 2022 (bản r1)" in text for text in texts)
    assert tthc("verify").returncode == 0


def test_two_rulebooks_compare_counts_only(
    office: Path, quarters: dict[str, tuple], export: EXPORT, tthc: Tthc
) -> None:
    toml = office / "reference" / "office.toml"
    toml.write_text(toml.read_text("utf-8") + 'rulebook = "tt-01-2018"\n', "utf-8")
    put_quarter(office, export, "2022-Q4", made_quarters()["2022-Q4"])
    assert tthc("score", "2022-Q4", "--direct").returncode == 0
    done = tthc("diff", "2022-Q3", "2022-Q4")
    assert done.returncode == 0
    assert "không so sánh điểm" in done.stdout
    assert "## Số liệu" in done.stdout
    for title in ("Tổng điểm", "Thứ hạng", "Xếp loại", "Điểm từng tiêu chí"):
        assert f"## {title}" not in done.stdout
    report = (office / "out" / "2022-Q4" / "r1" / "bao-cao.md").read_text("utf-8")
    assert "hai kỳ không theo cùng một quy định chấm điểm" in report
    assert "So với quý" not in report


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("2022-Q1", "2022-Q1"), "Cùng một kỳ"),
        (("2022-Q1", "2023-Q1"), "Chưa công bố bản nào của quý I năm 2023"),
        (("2022-Q1", "2022"), "dài khác nhau"),
        (("2025-Q2", "2025-Q3"), "01/7/2025"),
        (("2022-Q1", "r1"), "hai kỳ (như 2022-Q1 2022-Q2)"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    office: Path, published: None, tthc: Tthc, arguments: tuple[str, str], said: str
) -> None:
    done = tthc("diff", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
