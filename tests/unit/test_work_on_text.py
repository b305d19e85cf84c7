"""What handles foreign text beside patterns makes function calls in proportion to it: counted, at 1x and at 8x."""

from collections.abc import Callable

import pytest
from counted_calls import calls

from pipeline.extract.outgoing import form_findings
from pipeline.findings import Place
from pipeline.registry import UnitIndex
from pipeline.shown_text import general

#: repeats at 1x, and how many times the calls may be at 8x (a square has 64)
ONCE, MOST = 100, 11


def assert_linear(work: Callable[[int], object]) -> None:
    work(1)  # what is read and kept at the first call
    once = calls(lambda: work(ONCE))
    assert once > ONCE / 2
    assert calls(lambda: work(8 * ONCE)) <= MOST * once


@pytest.mark.parametrize(
    "piece", ["hồ sơ ", "ho so ", "Zqua Lò ", "“a” ", "A1 ", "12/QĐ-UBND ", "xã A ", "a@b. ", "1a"]
)
def test_the_gate_for_shown_text(piece: str) -> None:
    assert_linear(lambda n: general()._sentence(piece * n, places=True))


@pytest.mark.parametrize("name", ["Phòng A", "Xã Zqua {}", "xã phường {}", "tổng {} 1.1"])
def test_resolving_the_names_of_rows(name: str, index: UnitIndex) -> None:
    assert_linear(lambda n: [index.resolve_row(name.format(f"{n}-{i}")) for i in range(n)])


def test_findings_about_a_form(index: UnitIndex) -> None:
    def work(n: int) -> object:
        place = Place("bo-sung.xlsx", "Số liệu bổ sung", "C7")
        found = [place.finding("form_cell_unread", found=f"Zqua {n} {i}", row=f"Xã {i} {n}") for i in range(n)]
        return form_findings(found, {"bo-sung.xlsx"}, ["bo-sung.xlsx"], index.lexicon)

    assert_linear(work)
