"""Work on one file ends at its time limit; the other files are read; nothing is left behind."""

import subprocess
import sys
import threading
import time
from typing import Any

import pytest
from repository import ROOT
from workbooks import of_rows

from flows.steps.failures import JobFailed, disk_errors_as_failures
from pipeline.extract import period as period_module
from pipeline.extract.period import read_files
from pipeline.extract.sheet import cell_matrix
from pipeline.extract.sheet.cell_matrix import CellMatrix
from pipeline.extract.sheet.grid import Grid
from pipeline.extract.time_limit import OutOfTimeError, StepTooLongError, Watch, step_limit
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.periods import Period


def endless() -> None:
    while True:
        sum(range(1_000))


def test_work_without_end_is_ended() -> None:
    before = threading.active_count()
    with Watch(0.1) as watch, pytest.raises(OutOfTimeError), watch.limit():
        endless()
    assert threading.active_count() == before


def test_a_library_that_catches_everything_does_not_keep_the_work() -> None:
    caught = []
    with Watch(0.1) as watch:
        watch.AGAIN = 0.05  # type: ignore[misc]
        with pytest.raises(OutOfTimeError), watch.limit():
            try:
                endless()
            except BaseException as error:
                caught.append(error)
            endless()
    assert len(caught) == 1


def test_each_block_has_the_time_of_its_own() -> None:
    with Watch(0.4) as watch:
        for _ in range(6):
            with watch.limit():
                time.sleep(0.1)
        time.sleep(0.5)  # between two blocks nothing is watched


def test_blocks_that_end_at_the_limit_raise_inside_or_not_at_all() -> None:
    ended = 0
    with Watch(0.01) as watch:
        watch.AGAIN = 0.01  # type: ignore[misc]
        for i in range(200):
            try:
                with watch.limit():
                    time.sleep(0.0098 + i % 5 / 10_000)
            except OutOfTimeError:
                ended += 1
            sum(range(100))  # an exception that comes late would come here
    assert 0 <= ended <= 200


def test_a_file_that_takes_too_long_is_a_finding_and_the_others_are_read(
    monkeypatch: pytest.MonkeyPatch, index: Any, export: Any, row: Any
) -> None:
    read = period_module.read_sheet

    def slow(grid: Grid, *args: Any, **more: Any) -> Any:
        if grid.file.startswith("b"):
            endless()
        return read(grid, *args, **more)

    monkeypatch.setattr(period_module, "SECONDS", 1.0)
    monkeypatch.setattr(period_module, "read_sheet", slow)
    good = export([row(1, "Phòng Nội vụ", 1, 2, 0, 3, 0, 0)])
    other = export([row(1, "Phòng Tư pháp", 1, 2, 0, 3, 0, 0)])
    files = {"a.xlsx": good, "b.xlsx": of_rows([["x", 1]]), "c.xlsx": other}
    reading = read_files(files, Period(2022, 1), index, vocabulary())
    assert [(s.path, s.role) for s in reading.sources] == [
        ("a.xlsx", "counts"),
        ("b.xlsx", "unread"),
        ("c.xlsx", "counts"),
    ]
    assert [(f.code, f.file) for f in reading.findings] == [("file_too_large", "b.xlsx")]


def test_memory_that_runs_out_in_one_file_costs_that_file(
    monkeypatch: pytest.MonkeyPatch, index: Any, export: Any, row: Any
) -> None:
    def greedy(grid: Grid, *args: Any, **more: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(period_module, "read_sheet", greedy)
    reading = read_files({"a.xlsx": export([row(1, "A", 1, 2, 0, 3, 0, 0)])}, Period(2022, 1), index, vocabulary())
    assert [(f.code, f.file) for f in reading.findings] == [("file_too_large", "a.xlsx")]


def test_an_interrupted_table_of_values_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception between the lines that add a value would shift the codes of all values after it."""
    see, calls = cell_matrix.see, []

    def interrupted(value: Any) -> Any:
        calls.append(value)
        if value == "dừng":
            raise OutOfTimeError
        return see(value)

    monkeypatch.setattr(cell_matrix, "see", interrupted)
    with pytest.raises(OutOfTimeError):
        CellMatrix([["một giá trị mới", "dừng"]])
    made = CellMatrix([["một giá trị mới", 7.0]])
    assert [c.text for c in made.row(0)] == ["một giá trị mới", "7"]
    assert len(made.cells) == 3


def test_a_step_over_all_files_ends_with_its_name_and_what_to_do() -> None:
    with (
        pytest.raises(StepTooLongError, match=r"Bước chấm điểm chạy quá .* đưa lại từng tệp"),
        step_limit("chấm điểm", 0.001),
    ):
        while True:
            pass


def test_a_step_that_takes_too_long_is_a_failure_of_the_job() -> None:
    with pytest.raises(JobFailed, match="Bước kiểm tra"), disk_errors_as_failures(), step_limit("kiểm tra", 0.001):
        while True:
            pass


def test_after_a_limit_calls_work_under_a_profiler_too() -> None:
    """A flag left in the interpreter made the next call under a profiler run for ever."""
    program = """
import sys
from pipeline.extract.time_limit import OutOfTimeError, Watch
ends = 0
for _ in range(20):
    with Watch(0.001) as watch:
        try:
            with watch.limit():
                while True:
                    pass
        except OutOfTimeError:
            ends += 1
sys.setprofile(lambda frame, event, argument: None)
(lambda: None)()
sys.setprofile(None)
print(ends)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "20"
