"""What a column is called -> what it means, with the labels above it, if any."""

import tomllib
from importlib import resources

import pytest

from pipeline.extract.wording.vocabulary import Vocabulary, vocabulary

CASES = {
    ("Tiếp nhận", "Tổng số"): "received_total",
    ("Tiếp nhận", "Trong đó", "Trực tuyến"): "received_online",
    ("Tiếp nhận", "Trong đó", "Trực tiếp, dịch vụ bưu chính"): "received_direct",
    ("Tiếp nhận", "Từ kỳ trước"): "carried_over",
    ("Tiếp nhận", "ký trước chuyển qua"): "carried_over",
    ("Tiếp nhận", "Trong kỳ"): "received_in_period",
    ("Tiếp nhận", "Qua mạng"): "received_online",
    ("Tiếp nhận", "Qua BCCI"): "received_direct",
    ("Số lượng hồ sơ đã giải quyết", "Quá hạn"): "resolved_late",
    ("Số lượng hồ sơ đang giải quyết", "Quá hạn"): "pending_overdue",
    ("Đã xử lý", "Trong hạn"): "resolved_in_time",
    ("Đang xử lý", "Trong hạn"): "pending_in_time",
    ("Hồ sơ đã giải quyết", "Sớm"): "resolved_early",
    ("Hồ sơ đã giải quyết", "Đúng"): "resolved_on_time",
    ("Hồ sơ đã giải quyết", "Trễ"): "resolved_late",
    ("Hồ sơ đã giải quyết", "Số hồ sơ"): "resolved_total",
    ("Hồ sơ đang giải quyết", "Chưa đến hạn"): "pending_in_time",
    ("Hồ sơ đang giải quyết", "Đã quá hạn"): "pending_overdue",
    ("Kết quả giải quyết", "Số hồ sơ đang giải quyết", "Quá hạn"): "pending_overdue",
    ("Tổng số hồ sơ tiếp nhận (3)",): "received_total",
    ("Kỳ trước chuyển qua",): "carried_over",
    ("CD rút hồ sơ",): "withdrawn",
    ("Hồ sơ trả lại",): "returned",
    ("ĐÃ GIẢI QUYẾT", "TRỄ HẠN"): "resolved_late",
    ("Tiếp nhận", "Trực tuyến", "Tổng số"): "received_online",
}


@pytest.mark.parametrize(("path", "measure"), CASES.items(), ids=lambda v: " › ".join(v) if isinstance(v, tuple) else v)
def test_what_a_label_path_means(path: tuple[str, ...], measure: str) -> None:
    assert vocabulary().meaning(path).measure == measure


@pytest.mark.parametrize(
    "path", [("Đã xử lý", "Tỷ lệ trước hạn, đúng hạn"), ("% đúng hạn",), ("Đã giải quyết", "Tỉ lệ quá hạn")]
)
def test_percentages_are_no_counts(path: tuple[str, ...]) -> None:
    meaning = vocabulary().meaning(path)
    assert meaning.measure == "" and meaning.derived


@pytest.mark.parametrize("label", ["Đúng và trước hạn", "Trước hạn và đúng hạn", "Sớm, đúng hạn"])
def test_two_deadlines_in_one_label_are_both_seen(label: str) -> None:
    meaning = vocabulary().meaning(("Đã giải quyết", label))
    assert meaning.measure == "" and set(meaning.concepts) == {"early", "on_time"}


@pytest.mark.parametrize("leaf", ["Mức 3", "Mức độ 4", "Toàn trình", "Một phần"])
def test_split_columns_are_parts(leaf: str) -> None:
    meaning = vocabulary().meaning(("Tiếp nhận", "Trực tuyến", leaf))
    assert (meaning.measure, meaning.part) == ("received_online", True)


def test_a_new_word_is_a_line_of_the_vocabulary() -> None:
    raw = tomllib.loads(resources.files("pipeline").joinpath("reference/labels.toml").read_text("utf-8"))
    path = ("Đã giải quyết", "Vượt thời gian")
    assert vocabulary().meaning(path).measure != "resolved_late"
    raw["concepts"]["late"]["whole"].append("vượt thời gian")
    assert Vocabulary(raw).meaning(path).measure == "resolved_late"
