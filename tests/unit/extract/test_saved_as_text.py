"""Numbers and rows that a way of saving makes look like others."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.extract.period import FilesReading, read_files
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.periods import Period
from pipeline.registry import UnitIndex

HEAD = [
    "STT",
    "Đơn vị",
    "Tổng tiếp nhận",
    "Đã giải quyết trước hạn",
    "Đã giải quyết đúng hạn",
    "Đang giải quyết trong hạn",
]
ROWS = [
    ["1", "Phòng A", "12", "5", "4", "3"],
    ["2", "Phòng B", "40", "20", "15", "5"],
    ["3", "Xã D", "7", "7", "0", "0"],
]


@pytest.fixture
def saved(period: Period, index: UnitIndex) -> Callable[[str], FilesReading]:
    return lambda text: read_files({"a.csv": text.encode()}, period, index, vocabulary())


def csv(rows: list[list[str]]) -> str:
    return "\r\n".join(";".join(r) for r in [HEAD, *rows])


def codes(reading: FilesReading) -> list[str]:
    return [f.code for f in [*reading.findings, *reading.counts.findings]]


def early(reading: FilesReading) -> dict[str, int]:
    frame = reading.counts.frame(reading.files_set_aside())
    rows = frame[frame["measure"] == "resolved_early"]
    return dict(zip(rows["unit_id"], rows["value"], strict=True))


@pytest.mark.parametrize("mark", [".", ","])
def test_three_decimals_are_not_thousands(saved: Any, mark: str) -> None:
    reading = saved(csv([[*r[:2], *(f"{n}{mark}000" for n in r[2:])] for r in ROWS]))
    assert (early(reading), codes(reading)) == ({}, ["table_three_decimals"])
    # one number that is not round says that the others are thousands
    rows = [[*r[:2], *(f"{n}{mark}000" if int(n) else "0" for n in r[2:])] for r in ROWS]
    assert early(saved(csv(rows)))["phong-a"] == 5000


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows(saved: Any) -> None:
    text = csv(ROWS)
    assert codes(saved(text.replace("Phòng B", '"Phòng B'))) == ["file_unreadable"]
    assert early(saved(text.replace("Phòng B", '"Phòng\nB"'))) == {"phong-a": 5, "phong-b": 20, "xa-d": 7}


def test_what_is_entered_in_a_page_is_what_it_shows(period: Period, index: UnitIndex) -> None:
    def cell(number: str) -> str:
        return f'<td><input type="hidden" value="99"><input value="{number}"></td>'

    rows = "".join(f"<tr><td>{a}</td><td>{b}</td>{''.join(map(cell, rest))}</tr>" for a, b, *rest in ROWS)
    page = f"<table><tr>{''.join(f'<th>{h}</th>' for h in HEAD)}</tr>{rows}</table>"
    reading = read_files({"a.xls": page.encode()}, period, index, vocabulary())
    assert early(reading) == {"phong-a": 5, "phong-b": 20, "xa-d": 7}


@pytest.mark.parametrize(("name", "total"), [("Nhãn hàng", "Tổng cuối"), ("Row Labels", "Grand Total")])
def test_a_pivot_table(saved: Any, name: str, total: str) -> None:
    sums = [str(sum(int(r[i]) for r in ROWS)) for i in range(2, 6)]
    rows = [[name, *HEAD[2:]], *(r[1:] for r in ROWS), [total, *sums]]
    reading = saved("\r\n".join(";".join(r) for r in rows))
    assert (early(reading), codes(reading)) == ({"phong-a": 5, "phong-b": 20, "xa-d": 7}, [])
    rows[-1][2] = "1"
    assert "control_total" in codes(saved("\r\n".join(";".join(r) for r in rows)))


@pytest.mark.parametrize(
    "head",
    [["STT", "§¬n vÞ", "Hå s¬ tiÕp nhËn", "Qu¸ h¹n"], ["STT", "Ñôn vò", "Hoà sô", "Quaù haïn"], ["STT", "Don vi", "Ho so tiep nhan", "Qua han"],
     ["STT", "Đơn vị".encode().decode("cp1252", "replace"), "Hồ sơ".encode().decode("cp1252", "replace"), "Số"]],
)  # fmt: skip
def test_letters_that_are_not_read_are_said_by_name(saved: Any, head: list[str]) -> None:
    assert codes(saved("\r\n".join([";".join(head), "1;A;2;3"]))) == ["file_legacy_text"]


@pytest.mark.parametrize("printed", ["{0} hồ sơ", "{0} ({1}%)", "{0} HS - {1}%"])
def test_numbers_with_their_unit_or_share(saved: Any, printed: str) -> None:
    rows = [[*r[:2], *(printed.format(n, round(100 * int(n) / int(r[2]))) for n in r[2:])] for r in ROWS]
    reading = saved(csv(rows))
    assert (early(reading), codes(reading)) == ({"phong-a": 5, "phong-b": 20, "xa-d": 7}, [])
    rows[0][3] = "41,7%"
    assert "cell_not_a_count" in codes(saved(csv(rows)))
