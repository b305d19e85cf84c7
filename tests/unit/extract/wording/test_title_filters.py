"""What stands above or over a table and makes its numbers another thing: filters, parts, other times, percentages."""

import tomllib
from collections.abc import Callable, Sequence
from importlib import resources
from typing import Any

import pytest
from readings import codes

from pipeline.extract.period import FilesReading, read_files
from pipeline.extract.wording.title_filters import narrowing_titles
from pipeline.extract.wording.vocabulary import Vocabulary, vocabulary
from pipeline.periods import Period
from pipeline.registry import UnitIndex

FLAT = ["Tổng số tiếp nhận", "Đã giải quyết trước hạn", "Đã giải quyết đúng hạn", "Đã giải quyết quá hạn"]


@pytest.fixture
def reading(period: Period, index: UnitIndex) -> Callable[[bytes], FilesReading]:
    return lambda data: read_files({"a.xlsx": data}, period, index, vocabulary())


def counts(found: FilesReading) -> dict[str, int]:
    frame = found.counts.frame(found.files_set_aside())
    return dict(zip(frame["measure"], frame["value"], strict=True))


@pytest.mark.parametrize(
    "title",
    [
        "TÌNH HÌNH GIẢI QUYẾT HỒ SƠ TRỰC TUYẾN",
        "Thống kê hồ sơ nộp qua dịch vụ bưu chính công ích",
        "Danh sách hồ sơ quá hạn",
        "Hình thức tiếp nhận: Trực tuyến",
        "Từ ngày 15/12/2021, lĩnh vực: Đất đai, trạng thái: Tất cả",
        "Đơn vị tính: nghìn hồ sơ",
        "(ĐVT: %)",
        "Đơn vị tính: Thủ tục hành chính",
    ],
)
def test_titles_that_narrow(title: str) -> None:
    assert narrowing_titles(["Quý I năm 2022", title], vocabulary(), quarter=1) == [title]


@pytest.mark.parametrize(
    "title",
    [
        "CỔNG DỊCH VỤ CÔNG TRỰC TUYẾN TỈNH MẪU",
        "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH TẠI PHÒNG A",
        "Tiếp nhận, giải quyết hồ sơ trực tuyến và trực tiếp",
        "Số hồ sơ trước hạn, đúng hạn, quá hạn",
        "Hình thức tiếp nhận: Tất cả; lĩnh vực: --Tất cả--; thủ tục:",
        "Hình thức: trực tiếp, trực tuyến, BCCI",
        "Đơn vị tính: Số hồ sơ TTHC.",
        "Đơn vị tính: Hồ sơ, %",
        "Tình hình giải quyết hồ sơ tiếp nhận trong kỳ",
        "Danh sách hồ sơ tiếp nhận, giải quyết",
        "KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH: PHÒNG A",
        "Thủ tục hành chính: Quý I năm 2022",
    ],
)
def test_titles_that_do_not(title: str) -> None:
    assert narrowing_titles([title], vocabulary(), quarter=1) == []


def test_a_new_condition_is_a_line_in_the_vocabulary() -> None:
    text = resources.files("pipeline").joinpath("reference/labels.toml").read_text("utf-8")
    raw = tomllib.loads(text)
    raw["filter"]["keys"].append("Nhóm đối tượng")
    title = "Nhóm đối tượng: Doanh nghiệp"
    assert narrowing_titles([title], vocabulary(), quarter=1) == []
    assert narrowing_titles([title], Vocabulary(raw), quarter=1) == [title]


def test_a_list_of_one_state_and_counts_from_the_beginning_of_the_year() -> None:
    pending, from_the_year = "Danh sách hồ sơ đang xử lý", "Số liệu lũy kế từ đầu năm 2022"
    assert narrowing_titles([pending], vocabulary(), quarter=1, is_list=True) == [pending]
    assert narrowing_titles([from_the_year], vocabulary(), quarter=2) == [from_the_year]
    assert narrowing_titles([from_the_year], vocabulary(), quarter=1) == []


def test_a_narrowed_table_is_refused_by_name(reading: Any, export: Any, row: Any) -> None:
    found = reading(export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0)], titles=("Lĩnh vực: Đất đai", "Quý I năm 2022")))
    (finding,) = found.findings
    assert (finding.code, finding.cell, finding.found) == ("table_narrowed", "D1", "“Lĩnh vực: Đất đai”")
    assert counts(found) == {}


@pytest.mark.parametrize(
    ("title", "online", "direct", "late", "kept"),
    [
        ("Thống kê hồ sơ dịch vụ công trực tuyến", 3, 2, 0, True),
        ("Thống kê hồ sơ dịch vụ công trực tuyến", 5, 0, 0, False),
        ("Tình hình hồ sơ quá hạn", 3, 2, 2, True),
        ("Hình thức tiếp nhận: trực tuyến", 3, 2, 0, False),
    ],
)
def test_a_title_narrows_no_table_that_counts_what_it_leaves_out(
    reading: Any, export: Any, row: Any, title: str, online: int, direct: int, late: int, kept: bool
) -> None:
    found = reading(export([row(1, "Phòng A", online, direct, 0, 3, 0, late)], titles=(title, "Quý I năm 2022")))
    assert codes(found) == ([] if kept else ["table_narrowed"])
    assert counts(found).get("received_total") == (online + direct if kept else None)


def under(band: str, columns: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [*columns[:2], *((band, *c) for c in columns[2:])]


@pytest.mark.parametrize("band", ["Lũy kế từ đầu năm", "Cùng kỳ năm trước", "Kỳ trước", "Hồ sơ trực tuyến"])
def test_a_band_of_other_dossiers_over_the_whole_table(
    reading: Any, export: Any, row: Any, ii06a: list[tuple[str, ...]], band: str
) -> None:
    found = reading(export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0)], columns=under(band, ii06a)))
    assert counts(found) == {}
    assert len(codes(found)) == 1


@pytest.mark.parametrize("band", ["Kỳ này", "Quý I năm 2022", "Số liệu trong kỳ"])
def test_a_band_of_the_period_over_the_whole_table(
    reading: Any, export: Any, row: Any, ii06a: list[tuple[str, ...]], band: str
) -> None:
    found = reading(export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0)], columns=under(band, ii06a)))
    assert (len(counts(found)), codes(found)) == (11, [])


def test_a_band_beside_that_of_the_period_is_not_used(
    reading: Any, export: Any, row: Any, ii06a: list[tuple[str, ...]]
) -> None:
    this, other = row(1, "Phòng A", 10, 25, 5, 20, 8, 3), row(1, "Phòng A", 100, 250, 50, 200, 80, 30)
    columns = [*under("Kỳ này", ii06a), *under("Lũy kế từ đầu năm", ii06a)[2:]]
    assert counts(reading(export([[*this, *other[2:]]], columns=columns)))["received_total"] == 40


@pytest.mark.parametrize("leaves", [("Quý IV/2021", "Quý I/2021"), ("Tháng 1", "Tháng 2"), ("Năm nay", "Năm trước")])
def test_one_measure_at_several_times_is_never_added_up(reading: Any, export: Any, leaves: tuple[str, str]) -> None:
    columns = [("STT",), ("Đơn vị",), *((label, leaf) for label in FLAT for leaf in leaves)]
    found = reading(export([[1, "Phòng A", 40, 30, 20, 15, 8, 7, 3, 2]], columns=columns))
    assert counts(found) == {}
    assert codes(found)


@pytest.mark.parametrize("said", ["(%)", "(tỷ lệ %)", "(lũy kế)", "(so với cùng kỳ)"])
def test_what_brackets_say_of_a_column_is_heard(reading: Any, export: Any, said: str) -> None:
    columns = [("STT",), ("Đơn vị",), *((x,) for label in FLAT for x in (label, f"{label} {said}"))]
    found = reading(export([[1, "Phòng A", 40, 100, 20, 50, 8, 20, 3, 8]], columns=columns))
    assert (counts(found), codes(found)) == (
        {"received_total": 40, "resolved_early": 20, "resolved_on_time": 8, "resolved_late": 3},
        [],
    )


@pytest.mark.parametrize(
    ("label", "measure"),
    [
        ("Quá hạn (đang giải quyết)", "pending_overdue"),
        ("Tổng số (tiếp nhận)", "received_total"),
        ("Tiếp nhận (trực tuyến)", "received_online"),
        ("Quá hạn (8)=(9)+(10) (đã giải quyết)", "resolved_late"),
        ("Đã giải quyết đúng hạn (kể cả hồ sơ trả lại)", "resolved_on_time"),
        ("Đã giải quyết quá hạn (không tính hồ sơ trước hạn)", "resolved_late"),
    ],
)
def test_a_band_or_a_channel_in_brackets(label: str, measure: str) -> None:
    assert vocabulary().meaning((label,)).measure == measure


@pytest.mark.parametrize(
    "path",
    [
        ("Đã giải quyết", "Không đúng hạn"),
        ("Đã giải quyết (không đúng hạn)",),
        ("Đã giải quyết", "Hồ sơ (chưa đúng hạn)"),
        ("Tiếp nhận (không trực tuyến)",),
        ("Tiếp nhận", "Không qua mạng"),
        ("Trực tuyến", "Đã giải quyết", "Trước hạn"),
        ("Đã giải quyết (hồ sơ trực tuyến)", "Trước hạn"),
        ("Trực tuyến", "Tiếp nhận", "Tổng số"),
    ],
)
def test_the_opposite_and_a_part_are_not_the_whole(path: tuple[str, ...]) -> None:
    meaning = vocabulary().meaning(path)
    assert meaning.measure == ""
    assert meaning.contrary or meaning.share_of
