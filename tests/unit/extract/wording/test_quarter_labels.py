"""Columns of the period beside columns of another quarter, and titles that compare the two."""

from collections.abc import Sequence

import pytest
from readings import codes

from pipeline.extract.period import FilesReading, read_files
from pipeline.extract.wording.quarter_labels import shows_quarters
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.periods import Period
from pipeline.registry import UnitIndex

FLAT = ["Tổng số tiếp nhận", "Đã giải quyết trước hạn", "Đã giải quyết đúng hạn", "Đã giải quyết quá hạn"]
MEASURES = ["received_total", "resolved_early", "resolved_on_time", "resolved_late"]
NOW, BEFORE = [40, 20, 15, 3], [31, 16, 9, 2]
TITLE = "TỔNG HỢP KẾT QUẢ GIẢI QUYẾT HỒ SƠ"


def read(rows: Sequence[Sequence[object]], period: Period, index: UnitIndex) -> FilesReading:
    text = "\n".join(",".join(str(cell) for cell in row) for row in rows)
    return read_files({"so-lieu.csv": text.encode()}, period, index, vocabulary())


def counts(found: FilesReading) -> dict[str, int]:
    frame = found.counts.frame(found.files_set_aside())
    return dict(zip(frame["measure"], frame["value"], strict=True))


def flat(label: str, own: str, other: str, *, other_first: bool = False) -> list[Sequence[object]]:
    """A table with two columns for each measure; `label`: how a measure and its time are written together."""
    times = [(other, BEFORE), (own, NOW)] if other_first else [(own, NOW), (other, BEFORE)]
    head = [label.format(measure=m, time=time) for m in FLAT for time, _ in times]
    row = [numbers[i] for i in range(len(FLAT)) for _, numbers in times]
    return [["STT", "Đơn vị", *head], [1, "Phòng A", *row]]


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("Quý I/2022", "Quý IV/2021"),
        ("Quý I năm 2022", "Quý I năm 2021"),
        ("Quý I", "Quý IV"),
        ("Q1/2022", "Q4/2021"),
        ("Quý 1-2022", "Quý 4-2021"),
        ("Quý này", "Quý trước"),
        ("Kỳ này", "Kỳ trước"),
    ],
)
@pytest.mark.parametrize("label", ["{measure} {time}", "{time} {measure}"])
@pytest.mark.parametrize("other_first", [False, True])
def test_the_columns_of_the_period_count(
    period: Period, index: UnitIndex, own: str, other: str, label: str, other_first: bool
) -> None:
    found = read([[f"{TITLE} QUÝ I NĂM 2022"], *flat(label, own, other, other_first=other_first)], period, index)
    assert counts(found) == dict(zip(MEASURES, NOW, strict=True))
    assert set(codes(found)) <= {"table_settled"}


@pytest.mark.parametrize(
    ("own", "other"), [("Quý II/2021", "Quý IV/2021"), ("Quý II", "Quý III"), ("Năm 2022", "Năm 2021")]
)
def test_columns_of_other_times_only_are_not_counted(period: Period, index: UnitIndex, own: str, other: str) -> None:
    found = read([[f"{TITLE} QUÝ I NĂM 2022"], *flat("{measure} {time}", own, other)], period, index)
    assert counts(found) == {}
    assert codes(found)


def test_a_column_of_another_quarter_alone_is_not_used(period: Period, index: UnitIndex) -> None:
    head = [f"{m} {t}" for m in FLAT for t in ("Quý I/2022", "Quý IV/2021")]
    rows = [["STT", "Đơn vị", *head, "Đang giải quyết trong hạn Quý IV/2021"], [1, "Phòng A", *range(40, 49)]]
    found = counts(read([[f"{TITLE} QUÝ I NĂM 2022"], *rows], period, index))
    assert "pending_in_time" not in found and "pending_total" not in found


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("(So sánh Quý I năm 2022 với Quý IV năm 2021)", ""),
        ("SO SÁNH QUÝ IV NĂM 2021 VÀ QUÝ I NĂM 2022", ""),
        ("So sánh Quý I với Quý IV", ""),
        ("So sánh Quý II với Quý III năm 2021", "period_mismatch"),
        ("So sánh Quý I với Quý IV năm 2021", "period_mismatch"),
        ("Quý IV năm 2021 (từ ngày 15/9/2021 đến ngày 14/12/2021)", "period_mismatch"),
    ],
)
def test_a_title_that_compares_quarters(period: Period, index: UnitIndex, title: str, code: str) -> None:
    found = read([[TITLE], [title], *flat("{measure} {time}", "Quý I", "Quý IV")], period, index)
    assert (code in codes(found)) if code else (counts(found)["received_total"] == NOW[0])
    assert bool(code) != bool(counts(found))


def test_a_title_that_compares_quarters_over_rows_of_both(period: Period, index: UnitIndex) -> None:
    rows: list[Sequence[object]] = [["STT", "Đơn vị", "Kỳ", *FLAT]]
    rows += [[1, "Phòng A", "Quý I", *NOW], [1, "Phòng A", "Quý IV", *BEFORE]]
    found = read([[TITLE], ["SO SÁNH QUÝ I VÀ QUÝ IV NĂM 2022"], *rows], period, index)
    assert (counts(found), codes(found)) == ({}, ["period_mismatch"])


@pytest.mark.parametrize(
    ("labels", "shown"),
    [
        (["Quý I/2022", "Quý IV/2021"], True),
        (["Quý I", "Quý I/2021"], True),
        (["Quý I/2022"], False),
        (["Quý II", "Quý III"], False),
        (["Tiếp nhận Quý I/2022", "Tiếp nhận Quý II/2022"], True),
        (["Quý I/2021 Tiếp nhận", "Quý I/2020 Tiếp nhận"], False),
        (["Tiếp nhận", "Kỳ trước"], False),
    ],
)
def test_which_labels_show_the_period_beside_another_quarter(labels: list[str], shown: bool) -> None:
    assert shows_quarters(labels, Period(2022, 1)) is shown
