"""Names on disk that are made from foreign texts are valid on Windows, whatever the text is."""

import pytest
from hostile_names import NAMES, check_name
from hypothesis import example, given

from pipeline.disk_names import disk_stem
from pipeline.load.review.copy_names import copy_names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Xã Nà Tấu – đợt 2", "Xã Nà Tấu – đợt 2"),
        ("CON", "tep-CON"),
        ("con .2022", "tep-con .2022"),
        ("Nul.tar", "tep-Nul.tar"),
        ("COM10", "COM10"),
        ("lpt³", "tep-lpt³"),
        ("Conan", "Conan"),
        ("a<b>:c", "a_b_c"),
        ("a\x1b\u202eb", "a__b"),
        ("…. .", "…"),
        ("~$a", "a"),
        ("\x07", "tep"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert disk_stem(text) == name


@given(NAMES)
@example("con" + "x" * 300)
@example("\U0001f600" * 100)
@example("a" * 79 + " .b")
def test_any_text_gives_a_name_for_windows(text: str) -> None:
    check_name(disk_stem(text) + ".danh-dau.xlsx")
    check_name(disk_stem(text))


def test_copies_whose_names_differ_in_case_only_get_numbers() -> None:
    names = copy_names(["goi.zip › CON.xlsx", "goi.zip › con.xlsx", "CON.xls", "con.csv"])
    assert len({name.casefold() for name in names.values()}) == 4
    for name in names.values():
        check_name(name)
