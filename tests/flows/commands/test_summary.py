"""The words at the end of a run: what is set aside once, a score with its maximum where that is reduced."""

from flows.commands.summary import _aside, _provisional
from pipeline.rulebooks import installed
from schemas.manifest import SetAside

ROW = {
    "total": 9.6,
    "total_max": 18.0,
    "officer_average": 9.6,
    "officer_average_max": 10.0,
    "class_printed": "Khá",
    "status_reason": "",
}
QD = installed()["qd-1187-2019"]


def test_a_score_names_its_maximum_only_where_it_is_reduced() -> None:
    assert _provisional(ROW, QD) == "9,60 · ĐTB 9,60 · phân loại Khá"
    assert _provisional({**ROW, "total_max": 12.0}, QD) == "9,60/12 · ĐTB 9,60 · phân loại Khá"
    assert _provisional({**ROW, "officer_average_max": 8.0}, QD) == "9,60 · ĐTB 9,60/8 · phân loại Khá"


def test_why_there_is_no_score_or_only_a_part_of_one() -> None:
    none = {**ROW, "total": None, "officer_average": None, "class_printed": "", "status_reason": "Chưa có số liệu"}
    assert _provisional(none, QD) == "Chưa có số liệu"
    waiting = {
        **ROW,
        "total": 0.0,
        "total_max": 2.0,
        "officer_average": None,
        "class_printed": "",
        "status_reason": "Chờ",
    }
    assert _provisional(waiting, QD) == "0,00/2 · Chờ"


def test_a_unit_set_aside_for_one_reason_is_one_line_with_all_its_cells() -> None:
    parts = [
        SetAside(
            what="unit", unit_id="a", name="Xã A", file="x.xlsx", cell=cell, code="identity_broken", title="Không khớp"
        )
        for cell in ("C11", "G11")
    ]
    other = SetAside(
        what="unit", unit_id="b", name="Xã B", file="", cell="", code="unit_missing", title="Thiếu số liệu"
    )
    assert list(_aside([*parts, other])) == [
        "đơn vị Xã A: Không khớp [x.xlsx › C11, G11]",
        "đơn vị Xã B: Thiếu số liệu",
    ]
