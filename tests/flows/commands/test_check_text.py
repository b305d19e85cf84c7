"""What `tthc check` prints: what to do first, in few lines; everything else behind `--all`."""

import shutil
from pathlib import Path

from commands import Tthc
from repository import ROOT

from flows.commands.check_text import summary_lines
from pipeline.load.review.review_summary import ReviewSummary
from pipeline.load.review.todo_list import TodoLine
from pipeline.periods import Period
from schemas.frames import ReturnsStatus

PERIOD = "2022-Q1"


def test_a_check_of_the_sample_fits_a_screen_and_begins_with_what_to_do(office: Path, tthc: Tthc) -> None:
    shutil.rmtree(office)
    for part in (f"raw/{PERIOD}", "reference"):
        shutil.copytree(ROOT / "data" / part, office / part)
    done = tthc("check", PERIOD)
    lines = done.stdout.splitlines()
    assert len(lines) <= 40
    assert lines[2] == "Việc cần làm:" and lines[3].startswith(" 1. ")
    numbers = [n for n in range(1, 12) if any(line.startswith(f"{n:>2}. ") for line in lines)]
    assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) <= 10
    state = next(n for n, line in enumerate(lines) if line.startswith("Đơn vị: "))
    assert lines[state + 1].startswith("Điểm tạm tính theo") and lines[state + 2].startswith("Chưa ký được:")
    assert "ket-qua-ra-soat.xlsx" in "\n".join(lines[state + 3 :])
    # how columns were read, notices and the scores of units: on demand
    everything = tthc("check", PERIOD, "--all").stdout
    assert everything.splitlines()[: state + 3] == lines[: state + 3]
    for text in ("Cảnh báo (", "Lưu ý (", "cột C “Tiếp nhận › Tổng số”", "    Phòng Tư pháp: 16,00"):
        assert text in everything and text not in done.stdout


def test_long_causes_are_cut_and_no_line_is_wider_than_a_screen() -> None:
    line = TodoLine("nguyên nhân " * 60, "tệp.xlsx › Trang › A1, B2", "việc phải làm " * 40, "hệ quả " * 60, (0,))
    summary = ReviewSummary((line,) * 12, ("Đơn vị: " + "Xã A, " * 60,), ReturnsStatus.empty())
    lines = list(summary_lines(Period(2022, 1), summary))
    assert max(map(len, lines)) <= 120
    assert sum(len(part) > 0 for part in lines[3:]) <= 10 * 7 + 5
    assert any("Còn 3 việc nữa" in text for text in lines)


def test_nothing_to_do_is_said() -> None:
    summary = ReviewSummary((), ("a", "b", "c"), ReturnsStatus.empty())
    assert list(summary_lines(Period(2022, 1), summary)) == [
        "Kiểm tra quý I năm 2022", "", "Việc cần làm: không có.", "", "a", "b", "c",
    ]  # fmt: skip
