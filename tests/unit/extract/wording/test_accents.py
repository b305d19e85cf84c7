"""Labels without diacritics and names of columns, as the vocabulary writes them."""

from typing import Any

import pytest

from pipeline.extract.sheet.grid import Grid
from pipeline.extract.wording.accents import with_accents
from pipeline.extract.wording.vocabulary import vocabulary


def restored(*rows: list[Any]) -> list[list[Any]]:
    return [list(r) for r in with_accents(Grid("a.csv", "", list(rows)), vocabulary()).rows]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["STT", "Don vi", "Tiep nhan"], ["stt", "đơn vị", "tiếp nhận"]),
        (["don_vi", "da_xu_ly_truoc_han", "da_xu_ly_qua_han"], ["đơn vị", "đã xử lý trước hạn", "đã xử lý quá hạn"]),
        (["donVi", "daGiaiQuyetDungHan", "tongTiepNhan"], ["đơn vị", "đã giải quyết đúng hạn", "tổng tiếp nhận"]),
        (["DON_VI", "TONG_TIEP_NHAN", "DANG_XU_LY"], ["đơn vị", "tổng tiếp nhận", "đang xử lý"]),
    ],
)
def test_labels_are_written_as_the_vocabulary_has_them(written: list[str], read: list[str]) -> None:
    assert restored(written) == [read]


@pytest.mark.parametrize(
    "row",
    [
        ["III", "P. A", "385", "2.310", "188"],  # numbers stored as text
        ["STT", "Đơn vị", "Tiep nhan"],  # diacritics: nothing was lost
        ["Code", "Name", "Value", "Total"],  # another language
        ["Tiep nhan", None, None],  # too little
    ],
)
def test_other_rows_stay_as_they_are(row: list[Any]) -> None:
    assert restored(row) == [row]


def test_a_total_below_such_labels_is_a_total() -> None:
    head, total = ["Don vi", "Tiep nhan", "Da giai quyet"], ["Tong cong", 5, 4]
    assert restored(head, total)[1] == ["tổng cộng", 5, 4]
    assert restored(["Đơn vị", "Tiếp nhận", "Đã giải quyết"], total)[1] == total
