"""Faults of a rulebook's file, as a person with a text editor reads them: the line, the part, what is wrong."""

from importlib import resources

import pytest

from pipeline.rulebook_file import rulebook_of

TEXT = resources.files("pipeline").joinpath("reference/rulebooks/qd-766-2022.toml").read_text("utf-8")


def line(text: str, words: str) -> int:
    return next(n for n, x in enumerate(text.splitlines(), 1) if words in x)


def test_a_sound_file_has_no_fault():
    book, faults = rulebook_of(TEXT.encode())
    assert book is not None and book.id == "qd-766-2022" and faults == ()


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ('number = "3.3"', 'nubmer = "3.3"', "nubmer", "received_online › nubmer: không có mục tên như vậy"),
        ("max_points = 20\ncitation", "max_points = 20.5\ncitation", "max_points = 20.5", "trong dấu ngoặc kép"),
        ('ratio = "paid_online"', 'ratio = "paid"', 'number = "4.1"', "không có tỷ lệ 'paid'"),
        ('["eresult"]', '["eresults"]', "[ratios.electronic_results]", "không có chỉ tiêu 'eresults'"),
        ('kind = "share"\nlevels', 'kind = "shares"\nlevels', 'number = "3.1"', "phải là một trong: average"),
        ('group = "tdgq"', 'group = "tdqg"', 'number = "2.1"', "nhóm 'tdqg' không có trong groups"),
        ("empty_points = 6\nimport_code = \"PETITION_PR", "empty_points = 7\nimport_code = \"PETITION_PR",
         'number = "6.1"', "empty_points phải từ 0 đến điểm tối đa"),
        ('levels = ["so", "xa"]\nimport_code = "CLGQ.A"', 'levels = ["xa"]\nimport_code = "CLGQ.A"', "",
         "nhóm clgq có 12 điểm, các tiêu chí của nhóm ở cấp so cộng được 10"),
        ('code = "TDGQ"', 'code = "TONG_SCORE"', "", "TONG_SCORE có hơn một lần"),
        ('import_code = "DOSSIER_SYNC"', 'import_code = "PUBLISH_ON_TIME"', "", "PUBLISH_ON_TIME có hơn một lần"),
        ("criterion_places = 2\n", "", "", "phải có criterion_places"),
        ('period = "calendar"', 'period = "month"', "period = ", "không phải một giá trị"),
        ("valid_from = 2025-07-01", 'valid_from = "01/7/2025"', "valid_from", "phải là ngày như 2026-01-31"),
        ('title = "Quyết', 'titel = "Quyết', "titel", "không có mục tên như vậy"),
        ("precedence = 10\n", "", "", "precedence: chưa có mục này, ghi thêm"),
        ('numerator = ["eresult"]', 'numerator = "eresult"', "numerator = \"eresult\"", "phải là danh sách"),
    ],
)  # fmt: skip
def test_a_fault_names_its_line_and_what_is_wrong(old, new, at, said):
    assert TEXT.count(old) >= 1
    text = TEXT.replace(old, new, 1)
    book, faults = rulebook_of(text.encode())
    assert book is None
    (found,) = [fault for fault in faults if said in fault]
    assert "Value error" not in found and "Input should" not in found
    if at:
        assert abs(int(found.split(",")[0].removeprefix("Dòng ").split(":")[0]) - line(text, at)) <= 4


def test_several_faults_are_named_at_once_in_the_order_of_the_file():
    text = TEXT.replace('number = "6.1"', 'nubmer = "6.1"').replace('label = "Tiến độ giải quyết"', "label = 3")
    faults = rulebook_of(text.encode())[1]
    assert len(faults) == 3  # a misspelt key is unknown and leaves another one missing
    numbers = [int(f.split(",")[0].removeprefix("Dòng ")) for f in faults]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'id = "a"\ntitle = \n', "Dòng 2: không đúng cú pháp TOML"),
        ("id = “a”\n".encode(), "Dòng 1: không đúng cú pháp TOML"),
        ("tên = 1".encode("utf-16"), "không ở dạng UTF-8"),
    ],
)
def test_what_is_no_toml_names_the_line(data, said):
    assert said in rulebook_of(data)[1][0]


def test_a_criterion_may_not_leave_an_empty_denominator_to_its_ratio():
    text = TEXT.replace("[ratios.petitions]\n", "[ratios.petitions]\nwhen_empty = 1\n")
    assert "when_empty" in rulebook_of(text.encode())[1][0]
