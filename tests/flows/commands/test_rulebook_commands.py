"""`tthc rulebooks check` and `try`, and the office's own rulebooks in its data folder."""

import re
from pathlib import Path

import openpyxl
import pytest
from repository import ROOT
from two_levels import PERIOD, REGISTRY, counts, supplement

from flows.cli import app
from flows.commands.forms import write_forms
from flows.commands.rulebook_check import check_file
from flows.commands.rulebook_try import try_lines, try_rulebook
from flows.commands.usage_errors import UsageError
from flows.steps.failures import JobFailed
from flows.steps.job import Job
from flows.steps.scoring_steps import run
from flows.steps.stored_rulebooks import stored_rulebooks
from pipeline.forms.carry_over import CarriedOver
from pipeline.load.forms.analyst_forms import needed_forms
from pipeline.publish.fingerprint import rulebook_hash
from pipeline.rulebook_file import rulebook_of
from pipeline.rulebooks import installed

GUIDE = (ROOT / "docs/quy-dinh-moi.md").read_text("utf-8")
OWN = re.search(r"```toml\n(id = .*?)```", GUIDE, re.DOTALL)[1]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a quarter of 2026 and no office file."""
    raw = tmp_path / "raw" / str(PERIOD)
    raw.mkdir(parents=True)
    (raw / "so-lieu.xlsx").write_bytes(counts())
    (raw / "bo-sung.xlsx").write_bytes(supplement())
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "units.csv").write_bytes(REGISTRY)
    return tmp_path


def own(data: Path, text: str = OWN, name: str = "qd-12-2026.toml") -> Path:
    folder = data / "reference" / "rulebooks"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


def test_the_example_of_the_guide_is_a_sound_rulebook():
    book, faults = rulebook_of(OWN.encode())
    assert faults == () and book is not None
    assert (book.id, book.max_total, book.period) == ("qd-12-2026", 10, "calendar")


def test_a_rulebook_of_the_office_takes_part_in_precedence(data):
    own(data, OWN.replace('provinces = ["Điện Biên"]', "provinces = []"))
    job = Job.of("2026-Q3", data, None)
    assert job.choice.rulebook is not None and job.choice.rulebook.id == "qd-12-2026"
    assert str(job.period.end) == "2026-09-30"
    assert Job.of("2026-Q1", data, None).choice.rulebook.id == "qd-766-2022"  # valid from 1 April
    books = stored_rulebooks(data)
    assert rulebook_hash(books["qd-12-2026"]) != rulebook_hash(books["qd-766-2022"])


def test_an_own_rulebook_with_a_fault_stops_the_run_and_names_it(data):
    path = own(data, OWN.replace("max_points = 10", "max_points = 10.5"))
    job = Job.of("2026-Q3", data, None)
    with pytest.raises(JobFailed, match=r"qd-12-2026\.toml không dùng được\. Dòng \d+.*dấu ngoặc kép") as refused:
        job.require_ready()
    assert f"tthc rulebooks check {path}" in str(refused.value)


def test_an_id_that_is_taken_is_refused(data):
    own(data, OWN.replace('id = "qd-12-2026"', 'id = "qd-766-2022"'))
    with pytest.raises(JobFailed, match="“qd-766-2022” đã có"):
        stored_rulebooks(data)


def test_try_scores_and_shows_a_unit_step_by_step(data):
    path = data / "thu.toml"
    path.write_text(OWN, "utf-8")
    text = "\n".join(try_lines(try_rulebook(path, "2026-Q3", data), "xã b"))
    assert "không công bố gì" in text and not (data / "out").exists()
    # 330 + 10 in time of 363 against a target of 95 %
    assert "1. Hồ sơ giải quyết đúng hạn: 9,86 (tối đa 10)" in text
    assert "Tỷ lệ hồ sơ đúng hạn so với chỉ tiêu 95%: 93,66%" in text and "Tử số của tỷ lệ: 340" in text
    assert "so-lieu.xlsx" in text and "Tốt" in text
    with pytest.raises(UsageError, match=r"Không có đơn vị “Xã Z”\. Các đơn vị: Sở A"):
        list(try_lines(try_rulebook(path, "2026-Q3", data), "Xã Z"))


def test_the_steps_of_an_index_set_show_both_scores(data):
    shipped = (ROOT / "pipeline/reference/rulebooks/qd-766-2022.toml").read_text("utf-8")
    path = data / "thu.toml"
    path.write_text(shipped.replace('id = "qd-766-2022"', 'id = "thu"', 1), "utf-8")
    text = "\n".join(try_lines(try_rulebook(path, "2026-Q3", data), "Xã A"))
    assert "Nhóm 2. Tiến độ giải quyết: 19,81 (công bố 19,81; tính lại 19,79 = 19,79)" in text
    assert "Tổng: 93,21/100 điểm, Xuất sắc, hạng 1" in text


def test_check_of_a_shipped_id_and_of_a_file_that_is_not_there(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text(OWN.replace("qd-12-2026", "tt-01-2018"), "utf-8")
    assert "mã của một quy định đã cài" in check_file(path)[1][0]
    with pytest.raises(JobFailed, match="Không đọc được tệp quy định"):
        check_file(tmp_path / "b.toml")


def test_the_commands_are_in_the_help():
    names = {c.name for g in app.registered_groups for c in g.typer_instance.registered_commands}
    assert names >= {"check", "try"}


def test_the_forms_of_the_quarter_are_those_of_its_rulebook(data):
    (data / "raw" / str(PERIOD) / "bo-sung.xlsx").unlink()
    lines = list(write_forms(Job.of("2026-Q3", data, None)))
    made = {path.name for path in (data / "raw" / str(PERIOD)).glob("*.xlsx")}
    assert made >= {"bo-sung.xlsx", "dieu-chinh.xlsx", "giai-trinh.xlsx", "phan-loai.xlsx"}
    assert any("Không tạo tu-cham.xlsx, tham-dinh.xlsx" in line for line in lines)
    sheets = openpyxl.load_workbook(data / "raw" / str(PERIOD) / "bo-sung.xlsx").sheetnames
    assert "Điểm 766" in sheets and "Đánh giá trực tiếp" not in sheets
    again = list(write_forms(Job.of("2026-Q3", data, None)))
    assert not [line for line in again if "lỗi" in line]


def test_answers_of_an_earlier_rulebook_fill_only_the_columns_that_are_left():
    form = next(f for f in needed_forms(PERIOD, installed()) if f.file == "bo-sung.xlsx")
    entries = [{"unit": "Xã A", "procedures_total": 40, "procedures_at_desk": 38}, {"unit": "Xã B", "disclosure": "x"}]
    carried = CarriedOver({"BS-01": (PERIOD, entries), "BS-02": (PERIOD, [{"unit": "Xã A", "option": "2"}])})
    assert carried.within(form).sheets == {"BS-01": (PERIOD, [{"unit": "Xã A", "procedures_total": 40}])}


def test_a_quarter_is_scored_and_published(data):
    result = run(Job.of("2026-Q3", data, None))
    assert result.manifest.rulebook is not None and result.manifest.rulebook.id == "qd-766-2022"
    assert {"group_scores.csv", "portal_points.csv", "bao-cao.md"} <= {p.name for p in result.path.iterdir()}
