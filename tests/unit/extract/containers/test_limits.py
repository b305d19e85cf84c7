"""Texts have a longest length; files share one budget of content; what exceeds it is one finding."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
from workbooks import of_rows

from pipeline.extract.containers import open_file as open_file_module
from pipeline.extract.containers.limits import Budget, units
from pipeline.extract.containers.open_file import open_file
from pipeline.extract.containers.sandbox import open_all
from pipeline.extract.sheet.grid import Grid, MisreadCell, UnreadableError
from pipeline.text import MAX_MARKS, MAX_TEXT, is_too_long

LONG = "a" * (MAX_TEXT + 1)
MARKED = "o" + "\u0301\u0323" * 200


def csv(text: str) -> bytes:
    return f"a;b;c\n1;{text};3\n".encode()


def html(text: str) -> bytes:
    return f"<table><tr><td>1</td><td>{text}</td></tr></table>".encode()


def xml(text: str) -> bytes:
    cell = f'<Row><Cell><Data ss:Type="String">{text}</Data></Cell></Row>'
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    sheet = f'<Worksheet ss:Name="Trang 1"><Table>{cell}</Table></Worksheet>'
    return f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}">{sheet}</Workbook>'.encode()


def zipped(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


@pytest.mark.parametrize("write", [csv, html, xml])
def test_a_cell_longer_than_excel_allows_refuses_its_file(write: Any) -> None:
    (part,) = open_file("a", write(LONG))
    assert part.code == "file_text_too_long" and "ô " in part.detail and "32.768" in part.detail
    assert not part.grids


@pytest.mark.parametrize("write", [csv, html, xml, lambda text: of_rows([["x", text]])])
def test_marks_one_upon_the_other_refuse_their_file(write: Any) -> None:
    (part,) = open_file("a", write(MARKED))
    assert part.code == "file_text_too_long" and f"hơn {MAX_MARKS} dấu" in part.detail


@pytest.mark.parametrize("write", [csv, html, xml, lambda text: of_rows([["x", text]])])
def test_a_long_honest_text_is_read_whole(write: Any) -> None:
    text = ("Đề nghị giải quyết hồ sơ. " * 1_250)[: MAX_TEXT - 1].strip()
    (part,) = open_file("a", write(text))
    assert part.code == "" and text in [v for row in part.grids[0].rows for v in row]


@pytest.mark.parametrize(
    "grid",
    [
        Grid("a", "x" * 300, [["1"]]),
        Grid("a", "s", [["1"]], misread={(0, 0): MisreadCell(LONG, True)}),
        Grid("a", "s", [["1", 2.0, LONG]]),
        Grid("a", "s", [[], ["\u0316" * 300]]),
    ],
    ids=["name of a sheet", "formula", "cell", "marks alone"],
)
def test_no_text_of_a_sheet_is_left_out(grid: Grid) -> None:
    with pytest.raises(UnreadableError) as refused:
        units(grid)
    assert refused.value.code == "file_text_too_long"


def test_letters_with_their_own_marks_are_no_run() -> None:
    assert not is_too_long("o\u0302\u0323" * 5_000)


def test_long_names_of_members_are_cut_and_kept_apart() -> None:
    names = [f"{'x' * 400}{i}.csv" for i in range(3)]
    parts = open_file("a.zip", zipped({n: csv(n[-5]) for n in names}))
    assert len({p.name for p in parts}) == 3 and all(len(p.name) < 200 and not p.code for p in parts)


@pytest.mark.parametrize(
    ("plain", "more"),
    [
        (Grid("a", "s", [[1.0]]), Grid("a", "s", [[1.0], *[[]] * 999, [1.0]])),
        (Grid("a", "s", [[1.0], [2.0]]), Grid("a", "s", [[1.0], [*[""] * 999, 2.0]])),
        (Grid("a", "s", [["x"]]), Grid("a", "s", [["x" * 16_000]])),
        (Grid("a", "s", [[1.0]]), Grid("a", "s", [[1.0]], merges=(((0, 0), (9, 99)),))),
        (Grid("a", "s", [[1.0]]), Grid("a", "s", [[1.0]], merges=(((0, 0), (0, 1)),) * 500)),
        (Grid("a", "s", [[1.0]]), Grid("a", "s", [[1.0]], hidden_rows=frozenset(range(500)))),
    ],
    ids=["blank rows", "one wide row", "text", "a merged range", "merged ranges", "hidden rows"],
)
def test_everything_that_takes_memory_is_counted(plain: Grid, more: Grid) -> None:
    assert units(more) >= units(plain) + 990


def rows(count: int, seed: int) -> Sequence[Sequence[Any]]:
    return [[f"x{seed}", i, i + 1] for i in range(count)]


def test_the_file_that_exceeds_the_rest_is_refused_and_the_next_are_read() -> None:
    files = {
        "1": of_rows(rows(90, 1)),
        "2": of_rows(rows(900, 2)),
        "3": of_rows(rows(90, 3)),
        "4": of_rows(rows(90, 4)),
    }
    budget = Budget(2_000)
    answers = dict(open_all(files, budget))
    assert [answers[n][0].code for n in files] == ["", "period_too_large", "", ""]
    spent = sum(p.units for parts in answers.values() for p in parts)
    assert budget.left == 2_000 - spent and spent > 3 * 90 * 3


def test_a_budget_serves_several_calls_and_outlives_a_worker() -> None:
    budget = Budget(2_000)
    for name in ("1", "2", "3"):
        ((_, (part,)),) = list(open_all({name: of_rows(rows(150, int(name)))}, budget))
        assert part.code == ("" if name != "3" else "period_too_large")


def test_members_of_an_archive_share_the_limit_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    members = {f"{i}.csv": ("a;b;c\n" + "1;2;3\n" * 100 + f"{i};;x\n").encode() for i in range(5)}
    parts = open_file("a.zip", zipped(members), most=2_000)
    assert [p.code for p in parts] == ["", "", "", "period_too_large", "period_too_large"]
    monkeypatch.setattr(open_file_module, "FILE_UNITS", 500)
    (part,) = open_file("a.csv", members["0.csv"], most=500)
    assert part.code == "file_too_large"
