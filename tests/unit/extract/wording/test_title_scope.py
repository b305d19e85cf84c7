"""A title is explained word by word, or the office is asked whether the table counts all dossiers."""

import random

import pytest
from offices import REGISTRY
from table_titles import HARMLESS, NARROWING

from pipeline.extract.sheet.grid import Grid
from pipeline.extract.sheet_titles import ScopeReading, scope_decision, shared_titles
from pipeline.extract.wording.title_scope import named_part, unexplained
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.layouts.confirmed import Answer
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry

PERIOD = Period(2023, 3)
INDEX = UnitIndex(read_registry(REGISTRY.encode()), PERIOD)
ALL = ("received_online", "received_direct", "resolved_early", "resolved_on_time", "resolved_late", "pending_overdue")


def scope(
    titles: list[str], sheet: str = "Sheet1", answers: dict[str, str] | None = None, *, is_list: bool = False
) -> ScopeReading:
    given = {
        ("scope", subject): Answer(meaning, "bieu", "Công chức 1", PERIOD.end)
        for subject, meaning in (answers or {}).items()
    }
    grid = Grid("a.xlsx", sheet, [[t] for t in titles])
    return scope_decision(grid, titles, PERIOD, vocabulary(), INDEX, None if is_list else lambda: ALL[:0], given)


def phrases(titles: list[str], sheet: str = "Sheet1") -> list[str]:
    return [part.phrase for part in unexplained(titles, sheet, vocabulary(), INDEX, PERIOD.year)]


def test_there_are_enough_titles() -> None:
    assert len(HARMLESS) >= 120 and len(NARROWING) >= 80
    assert not set(HARMLESS) & set(NARROWING)


@pytest.mark.parametrize("line", HARMLESS)
def test_a_title_that_says_nothing_of_the_dossiers(line: str) -> None:
    titles = line.split(" || ")
    assert phrases(titles) == []
    assert scope(titles).accepted, scope(titles).finding


@pytest.mark.parametrize("line", NARROWING)
def test_a_title_that_may_narrow_is_refused_or_asked(line: str) -> None:
    found = scope(line.split(" || "))
    assert not found.accepted and found.finding is not None
    assert found.finding.code == ("layout_open" if found.decisions else "table_narrowed")


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("KẾT QUẢ GIẢI QUYẾT HỒ SƠ ĐẤT ĐAI TẠI PHÒNG A QUÝ III NĂM 2023", "đất đai"),
        ("Kết quả giải quyết hồ sơ đất đai tại UBND xã Lạ, từ ngày 15/6/2023 đến ngày 14/9/2023", "đất đai"),
        ("3. Danh sách 120 hồ sơ gửi thư xin lỗi (Quý 3/2023)", "thư xin lỗi"),
        ("BÁO CÁO HỒ SƠ CẤP GIẤY PHÉP XÂY DỰNG THÁNG 9 NĂM 2023", "giấy phép xây dựng"),
        ("KẾT QUẢ CUNG CẤP DỊCH VỤ CÔNG TRỰC TUYẾN QUÝ III", "dịch vụ công trực tuyến"),
    ],
)
def test_the_subject_has_no_period_no_office_and_no_number(title: str, subject: str) -> None:
    decision = scope([title]).decisions[0]
    assert decision is not None
    assert (decision.topic, decision.subject, decision.ground, decision.meaning) == ("scope", subject, "open", "part")
    assert [o.value for o in decision.options] == ["all", "part"]


def test_the_word_of_the_office() -> None:
    title = "KẾT QUẢ GIẢI QUYẾT HỒ SƠ ĐẤT ĐAI"
    asked, whole, part = (scope([title], answers=a) for a in ({}, {"đất đai": "all"}, {"đất đai": "part"}))
    assert asked.finding is not None and asked.finding.code == "layout_open" and title in asked.finding.found
    assert (asked.finding.cell, whole.accepted, part.accepted) == ("A1", True, False)
    assert [d.ground for d in whole.decisions] == ["confirmed"]
    assert whole.finding is not None and whole.finding.code == "layout_confirmed"
    assert part.finding is not None and part.finding.code == "table_narrowed"
    assert "Công chức 1" in part.finding.found


@pytest.mark.parametrize(
    ("tab", "subject"), [("HS đất đai", "đất đai"), ("Hộ tịch", "hộ tịch"), ("Hồ sơ liên thông", "liên thông"),
                         ("Sheet1", ""), ("TTHC", ""), ("Phòng A", ""), ("Quý III", ""), ("Tổng hợp", ""), ("II.06a", "")]
)  # fmt: skip
def test_the_name_of_the_sheet_is_a_title_too(tab: str, subject: str) -> None:
    assert phrases(["TỔNG HỢP KẾT QUẢ GIẢI QUYẾT TTHC"], tab) == ([subject] if subject else [])


def test_a_tab_named_as_an_office_is_no_field_of_work() -> None:
    index = UnitIndex(read_registry((REGISTRY + "tp,Phòng Tư pháp,unit,huyen,,,,,,\n").encode()), PERIOD)
    found = unexplained([], "Tư pháp", vocabulary(), index)
    assert (found, phrases([], "Tư pháp")) == ([], ["tư pháp"])


@pytest.mark.parametrize("title", ["Trạng thái: APPROVED", "Trạng thái báo cáo: Đã duyệt", "Trạng thái: Đã chốt số liệu",
                                   "Lĩnh vực: Tất cả", "Thủ tục: -- Tất cả --; Hình thức: Tất cả"])  # fmt: skip
def test_the_state_of_the_export_and_filters_that_let_all_pass(title: str) -> None:
    assert scope([title]).accepted


@pytest.mark.parametrize("title", ["Trạng thái: Đã xử lý", "Lĩnh vực: Đất đai", "KẾT QUẢ GIẢI QUYẾT HỒ SƠ LĨNH VỰC XÂY DỰNG",
                                   "Kênh tiếp nhận: Trực tuyến", "Đối tượng: Doanh nghiệp"])  # fmt: skip
def test_what_surely_narrows_is_not_asked(title: str) -> None:
    found = scope([title])
    assert found.finding is not None and (found.finding.code, found.decisions) == ("table_narrowed", ())


def test_a_channel_in_the_title_of_a_table_that_counts_the_other_one() -> None:
    titles = ["BÁO CÁO DỊCH VỤ CÔNG TRỰC TUYẾN"]
    grid = Grid("a.xlsx", "Sheet1", [titles])
    whole = scope_decision(grid, titles, PERIOD, vocabulary(), INDEX, lambda: ALL, {})
    assert whole.accepted and not scope(titles).accepted
    assert named_part("CỔNG DỊCH VỤ CÔNG TRỰC TUYẾN TỈNH MẪU", vocabulary()) == ("", "")


@pytest.mark.parametrize(
    ("titles", "subject"),
    [
        (["Báo cáo hồ sơ dịch vụ công trực tuyến toàn trình"], "toàn trình"),
        (["TỔNG HỢP HỒ SƠ DVCTT MỘT PHẦN"], "một phần"),
        (["KẾT QUẢ GIẢI QUYẾT HỒ SƠ MỨC ĐỘ 4"], "mức độ 4"),
        (["KẾT QUẢ GIẢI QUYẾT HỒ SƠ", "(Toàn trình)"], "toàn trình"),
        (["KẾT QUẢ GIẢI QUYẾT HỒ SƠ", "Mức độ: một phần"], "một phần"),
    ],
)
def test_a_level_of_online_service_is_asked_even_where_direct_dossiers_are_counted(
    titles: list[str], subject: str
) -> None:
    grid = Grid("a.xlsx", "Sheet1", [[t] for t in titles])
    found = scope_decision(grid, titles, PERIOD, vocabulary(), INDEX, lambda: ALL, {})
    asked = [d.subject for d in found.decisions]
    assert not found.accepted and (asked == [subject] or found.finding.code == "table_narrowed")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("titles", "shared"),
    [
        ([["TỔNG HỢP", "Quý III", "I. Hồ sơ trực tuyến"], ["II. Hồ sơ trực tiếp"]], ["TỔNG HỢP", "Quý III"]),
        ([["TỔNG HỢP HỒ SƠ", "Hồ sơ trực tuyến"], ["Hồ sơ trực tiếp"]], ["TỔNG HỢP HỒ SƠ"]),
        ([["Hồ sơ trực tuyến"], ["Hồ sơ trực tiếp"], ["Tổng hợp"]], []),
        ([["TỔNG HỢP HỒ SƠ ĐẤT ĐAI"], ["UBND các xã"]], ["TỔNG HỢP HỒ SƠ ĐẤT ĐAI"]),
        ([["TỔNG HỢP HỒ SƠ ĐẤT ĐAI"], []], ["TỔNG HỢP HỒ SƠ ĐẤT ĐAI"]),
        ([["TỔNG HỢP HỒ SƠ ĐẤT ĐAI"]], []),
    ],
)
def test_which_titles_of_a_sheet_are_those_of_all_its_tables(titles: list[list[str]], shared: list[str]) -> None:
    assert shared_titles(titles, vocabulary(), INDEX) == shared


def test_no_text_takes_long_or_breaks_the_reading() -> None:
    rng = random.Random(1)
    parts = [
        "hồ sơ",
        "tại",
        "phòng",
        "-",
        "(",
        ")",
        "quý",
        "III",
        "2023",
        "của",
        "xã",
        ",",
        "lĩnh vực",
        "a" * 50,
        "1/2",
        ":",
        "…",
    ]
    for _ in range(300):
        text = " ".join(rng.choices(parts, k=rng.randint(1, 100)))
        assert all(p.phrase for p in unexplained([text], text[:31], vocabulary(), INDEX, 2023))
