"""Files are handed to the worker ahead of their answers: in order, none lost, nothing left behind."""

import datetime as dt
import threading
from typing import Any

import openpyxl
import pytest
from workbooks import of_rows, saved

from pipeline.extract.containers import sandbox
from pipeline.extract.containers.parts import read_parts
from pipeline.extract.containers.sandbox import read_all


def book(*rows: list[Any]) -> bytes:
    return of_rows(rows)


def far_cell() -> bytes:
    """One cell in each of two corners: the reader library aborts the process."""
    made = openpyxl.Workbook()
    made.active.cell(1, 1, 1)
    made.active.cell(1_048_576, 16_384, 1)
    return saved(made)


def test_what_arrives_is_what_was_read(export: Any, row: Any) -> None:
    """Numbers, texts, truths, blanks and dates, in several sheets and kinds of file, cell for cell and type for type."""
    files = {
        "a.xlsx": book([1, 2.5, "chữ", True, None, dt.datetime(2022, 1, 2, 3, 4), dt.time(8, 30), ""], [None, "x"]),
        "b.xlsx": export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0)]),
        "c.csv": b"a;b;c\n1;2;3\n",
        "d.xls": b"<table><tr><td rowspan=2>x</td><td>1</td></tr></table>",
        "e.zip": b"PK\3\4",
    }
    for name, parts in read_all(files):
        assert parts == read_parts(name, files[name])
        for got, read in zip(parts, read_parts(name, files[name]), strict=True):
            for one, other in zip(got.grids, read.grids, strict=True):
                assert [[type(v) for v in r] for r in one.rows] == [[type(v) for v in r] for r in other.rows]


def test_crashes_among_many_cost_themselves(export: Any, row: Any) -> None:
    good = {f"{i:02d}": export([row(1, f"Phòng {i}", 1, 2, 0, 3, 0, 0)]) for i in range(8)}
    files = dict(sorted({**good, "01": far_cell(), "04": far_cell(), "05": far_cell()}.items()))
    answers = list(read_all(files))
    assert [n for n, _ in answers] == list(files)
    for name, parts in answers:
        if name in {"01", "04", "05"}:
            assert [p.code for p in parts] == ["file_too_large"]
        else:
            assert parts == read_parts(name, files[name])


@pytest.mark.parametrize("size", [10, pytest.param(3_000_000, marks=pytest.mark.slow)])
def test_more_waits_than_the_pipe_holds(size: int) -> None:
    """Requests and answers beyond what a pipe takes: neither side waits for the other for ever."""
    text = b"a;b;c\n" + b"1;2;3\n" * (size // 6)
    answers = dict(read_all({str(i): text + str(i).encode() + b";;\n" for i in range(6)}))
    assert [len(answers[str(i)][0].grids[0].rows) for i in range(6)] == [size // 6 + 2] * 6


def test_who_stops_early_leaves_nothing_behind() -> None:
    threads = set(threading.enumerate())
    stream = read_all({str(i): b"a;b;c\n" + b"1;2;3\n" * 500_000 for i in range(4)})
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert set(threading.enumerate()) <= threads


@pytest.mark.parametrize(
    "worker",
    [
        "import signal; signal.pause()",
        "import signal; os.write(1, size); signal.pause()",
        "import time; [(os.write(1, b), time.sleep(0.05)) for b in [size, *[b'.'] * 40]]",
        "os.write(1, size + b'.')",
    ],
    ids=["silent", "silent after the size", "a byte at a time", "gone in the middle"],
)
def test_the_wait_for_each_file_is_limited(monkeypatch: pytest.MonkeyPatch, worker: str) -> None:
    """A worker that does not give its whole answer in the time of one file is ended; the next files get a new one."""
    monkeypatch.setattr(sandbox, "SECONDS", 0.2)
    monkeypatch.setattr(sandbox, "_START", f"import os; size = (40).to_bytes(8, 'little'); {worker}")
    answers = list(read_all({"1": b"a;b;c\n1;2;3\n", "2": b"a;b;c\n1;2;3\n"}))
    assert [parts[0].code for _, parts in answers] == ["file_too_large", "file_too_large"]
