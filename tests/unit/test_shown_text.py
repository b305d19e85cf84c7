"""Which texts of an input may be shown: known words and names of the registry, and nothing that may be a person."""

import ast
from pathlib import Path

import pytest

from pipeline.layouts.decisions import column_subject, kept_label
from pipeline.shown_text import NOT_REPEATED, general, kept_before, kept_text, shown_code, shown_heading, text_key

PLACES = general().with_names(["Phòng A", "UBND xã Trần Phú", "PA"])


@pytest.mark.parametrize(
    "text",
    [
        "Chờ bổ sung hồ sơ", "CHỜ HỌP HỘI ĐỒNG", "Đã trả kết quả (qua bưu điện)", "Hồ sơ đang xử lý", "Lý do từ chối",
        "Từ ngày 15/12/2021 đến ngày 14/03/2022", "Quá hạn 3 ngày", "Tình hình giải quyết TTHC quý I/2022", "1.234",
        "Lưu trữ hồ sơ", "Công dân rút hồ sơ", "Hoàn thành", "da tra ket qua", "=1+1", "Phòng Tư pháp", "",
    ],
)  # fmt: skip
def test_words_of_offices_are_shown(text: str) -> None:
    assert general().shown(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Nguyễn Văn A", NOT_REPEATED), ("nguyễn văn a", NOT_REPEATED), ("NGUYEN VAN A", NOT_REPEATED),
        ("Hồ Văn Minh", NOT_REPEATED), ("Lý Công Danh", NOT_REPEATED), ("Minh Hoa", NOT_REPEATED),
        ("Đã trả kết quả cho Hồ Thị Hiền", "Đã trả kết quả cho …"), ("Trần Công Dân", NOT_REPEATED),
        ("Danh sách hồ sơ của ông Lò Văn B", "Danh sách hồ sơ của …"), ("Đã gọi 0912 345 678", "Đã gọi …"),
        ("Đã gọi 0912.345.678", "Đã gọi …"), ("Đã gọi 0912/345/678", "Đã gọi …"), ("Chờ Thu", "Chờ …"), ("Số 001099012345", "Số …"), ("a@b.vn đã nộp", NOT_REPEATED),
        ("Số 5 ngõ Cổ Loa", "Số 5 …"), ("sinh ngày 15/12/1980", "sinh ngày …"), ("Xã Trần Phú", "Xã …"),
        ("Chờ bổ sung: Nguyễn A, xử lý", "Chờ bổ sung: …"),
    ],
)  # fmt: skip
def test_of_any_other_text_only_its_known_start_is(text: str, shown: str) -> None:
    assert general().shown(text) == shown


def test_names_of_the_registry_are_known_as_a_whole() -> None:
    assert PLACES.knows("UBND xã Trần Phú") and PLACES.knows("PA")
    assert not PLACES.knows("Trần Phú") and not PLACES.knows("UBND xã Trần")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Xã Tân Lập", "Xã Tân Lập"), ("UBND phường Lạ", "UBND phường Lạ"), ("XÃ ĐÔNG Ê", "XÃ ĐÔNG Ê"),
        ("Xã Nguyễn Văn Ba", "Xã …"), ("Nguyễn Văn Ba", NOT_REPEATED), ("Tân Lập", NOT_REPEATED),
        ("Phòng Nguyễn Hoa", "Phòng …"), ("Xã Tân Lập 0912345678", "Xã …"),
    ],
)  # fmt: skip
def test_a_place_behind_its_kind_is_shown_where_rows_are_places(text: str, shown: str) -> None:
    assert general().sentence(text, places=True).replace("Xã Tân Lập …", "Xã …") == shown
    if "…" not in shown and text != "UBND phường Lạ":
        assert general().sentence(text) != text


def test_a_sentence_hides_each_text_in_it_apart() -> None:
    shown = general().sentence("cột D “Ngày của Lò Văn B” khác cột E “Ngày hẹn trả” ở 12.345 dòng, ô AB12")
    assert shown == "cột D “Ngày của …” khác cột E “Ngày hẹn trả” ở 12.345 dòng, ô AB12"


@pytest.mark.parametrize("number", ["415/UBND-VP", "12/2021/QĐ-UBND", "7/TTr-SNV", "61/2018/NĐ-CP", "85/BC-UBND"])
def test_numbers_of_documents_are_shown(number: str) -> None:
    assert general().sentence(f"Quyết định {number} ghi ngày 08/3/2021") == f"Quyết định {number} ghi ngày 08/3/2021"


@pytest.mark.parametrize("text", ["12/LÒ-VĂN-ZQUA", "12/LO-VAN-A", "5/HOANG", "012345678/UBND", "12/UBND-Zqua"])
def test_a_name_in_the_shape_of_a_document_is_not(text: str) -> None:
    assert text not in general().sentence(f"Quyết định {text}")


def test_codes_are_shown_by_their_ends() -> None:
    assert shown_code("H18.12-220318-0001") == "H1…01"
    assert [shown_code(c) for c in ("NGUYỄN VĂN AN", "LE-VAN-BA", "H1-02", "")] == ["…"] * 4


def test_keys_are_kept_and_the_same_again() -> None:
    for label in ("Người nhập Lò Văn B", "Ngày hẹn trả", "sớm #2"):
        key = column_subject((label,))
        assert column_subject((shown_heading(label),)) == key == kept_label(key) == kept_text(key)
        assert "Lò" not in shown_heading(label) and "lò" not in key
    assert kept_before("0123456789ab") == "#abcdefghijkl" and len(text_key("x")) == 13
    assert shown_heading("Lò Văn B") != shown_heading("Lò Văn C")


def test_no_sentence_of_the_program_loses_a_word() -> None:
    """Words that a new sentence uses are to be added to common_words.toml."""
    lost = {}
    packages = ("extract", "validate", "score")  # whose findings pass the gate
    for path in sorted(p for package in packages for p in Path("pipeline", package).rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        defined = (ast.Module, ast.ClassDef, ast.FunctionDef)
        documented = {ast.get_docstring(n, clean=False) for n in ast.walk(tree) if isinstance(n, defined)}
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            sentence = (
                " " in text.strip()
                and any(c.isalpha() and not c.isascii() for c in text)
                and not set(text) & set("\\|^$<>*{}")
            )
            if sentence and general().sentence(text) != text and text not in documented:
                lost[text] = path.name
    assert lost == {}
