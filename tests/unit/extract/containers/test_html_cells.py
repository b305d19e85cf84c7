"""Pages as browsers show them: where lines end, what is not shown, and every text around the table."""

from collections.abc import Callable
from typing import Any

import pytest
from readings import codes

from pipeline.extract.period import FilesReading, read_files
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.periods import Period
from pipeline.registry import UnitIndex

HEAD = "".join(
    f"<td>{label}</td>"
    for label in ("STT", "Đơn vị", "Tổng số tiếp nhận", "Đã giải quyết trước hạn", "Đã giải quyết đúng hạn", "Đã trả quá hạn")
)  # fmt: skip
ROW = "<tr><td>1</td><td>Phòng A</td><td>40000</td><td>20</td><td>8</td><td>2</td></tr>"
OTHER = "Kỳ báo cáo: Quý II năm 2022"


@pytest.fixture
def page(period: Period, index: UnitIndex) -> Callable[..., FilesReading]:
    def read(rows: str, above: str = "{}") -> FilesReading:
        table = f"<table><tr>{HEAD}</tr>{rows}</table>"
        data = f"<html><body>{above.format(table) if '{}' in above else above + table}</body></html>".encode()
        return read_files({"a.xls": data}, period, index, vocabulary())

    return read


def early(reading: FilesReading) -> list[int]:
    frame = reading.counts.frame(reading.files_set_aside())
    return frame.loc[frame["measure"] == "resolved_early", "value"].tolist()


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("<td><b>1</b>2</td>", 12),
        ("<td><span style='display: none'>00000020</span>20</td>", 20),
        ("<td>20<script>var a = 3;</script></td>", 20),
        ("<td x:num='1502'>1.502</td>", 1502),
        ("<td x:num='20'></td>", 20),
        ("<td style='display:none'>7</td><td>20</td>", 20),
    ],
)
def test_a_number_as_the_page_shows_it(page: Any, cell: str, number: int) -> None:
    reading = page(ROW.replace("<td>20</td>", cell))
    assert (early(reading), codes(reading)) == ([number], [])


@pytest.mark.parametrize(
    "cell",
    [
        "<td>12<br>345</td>",
        "<td><div>12</div><div>345</div></td>",
        "<td>12<sup>3</sup></td>",
        "<td><del>1</del>2</td>",
        "<td x:num='21'>20</td>",
        "<td x:num='1.502'>1.502</td>",
    ],
)
def test_two_things_in_one_cell_are_no_number(page: Any, cell: str) -> None:
    code = "cell_shown_otherwise" if "<del>" in cell else "cell_not_a_count"
    assert codes(page(ROW.replace("<td>20</td>", cell))) == [code]


@pytest.mark.parametrize(
    "above",
    [
        OTHER,
        f"<i>{OTHER}</i>",
        "<p><b>Kỳ báo cáo:</b> Quý II năm 2022</p>",
        f"<div>UBND tỉnh<br>{OTHER}</div>",
        f"<ul><li>{OTHER}</li></ul>",
        f"<table><tr><td>{OTHER}</td></tr><tr><td>{{}}</td></tr></table>",
        f"<table><tr><td>{OTHER}<br>{{}}</td></tr></table>",
    ],
)
def test_every_text_around_a_table_is_heard(page: Any, above: str) -> None:
    assert codes(page(ROW, above)) == ["period_mismatch"]


def test_a_caption_is_heard(page: Any) -> None:
    assert codes(page(f"<caption><b>Kỳ báo cáo:</b> Quý II năm 2022</caption>{ROW}")) == ["period_mismatch"]


def test_a_hidden_row_is_said_and_a_hidden_table_not_read(page: Any) -> None:
    hidden = ROW.replace("<tr>", "<tr style='display:none'>").replace("Phòng A", "Phòng B")
    reading = page(ROW + hidden, f"<div hidden><table><tr>{HEAD}</tr>{ROW.replace('20', '21')}</table></div>")
    assert (early(reading), codes(reading)) == ([20, 20], ["sheet_hidden", "rows_hidden"])


@pytest.mark.parametrize("span", ["0", "2"])
def test_a_heading_that_reaches_into_the_rows_refuses_the_page(period: Period, index: UnitIndex, span: str) -> None:
    table = f"<table><tr>{HEAD.replace('<td>', f'<td rowspan={span}>', 2)}</tr>{ROW}</table>"
    reading = read_files({"a.xls": table.encode()}, period, index, vocabulary())
    assert early(reading) == []
    assert codes(reading) == [{"0": "file_unreadable", "2": "table_heading_over_rows"}[span]]
