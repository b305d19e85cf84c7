"""Published points beside recomputed ones: read from the supplement, checked, printed; groups that are missing."""

import io

import openpyxl
import pandas as pd
import pytest
from two_levels import CODES, COUNTS, POINTS, counts, forms, score, scored, supplement

from pipeline.load.forms.form_sheet import HEADER_ROW


def findings(result, code):
    return result.findings[result.findings["code"] == code]


def test_the_form_asks_for_what_the_rulebook_needs():
    files = forms()
    assert set(files) >= {"bo-sung.xlsx", "dieu-chinh.xlsx", "giai-trinh.xlsx", "phan-loai.xlsx"}
    assert "tham-dinh.xlsx" not in files  # no criterion is by option
    book = files["bo-sung.xlsx"]
    assert {"Đánh giá trực tiếp", "Công chức"}.isdisjoint(book.sheetnames)
    guide = [str(c.value) for row in book["Hướng dẫn"].iter_rows() for c in row if c.value]
    assert not [line for line in guide if "Đánh giá trực tiếp" in line or "liên hệ" in line]
    assert [line[:2] for line in guide[1:]] == [f"{n}." for n in range(1, len(guide))]
    heads = [c.value for c in book["Điểm 766"][HEADER_ROW]]
    assert heads == ["STT", "Mã đơn vị", "Tên đơn vị", *CODES, "TONG_SCORE"]
    components = [c.value for c in book["Điểm thành phần"][HEADER_ROW]]
    assert "PUBLISH_ON_TIME" in components and len(components) == 2 + 16
    asked = {str(c.value) for c in book["Số liệu bổ sung"][HEADER_ROW]}
    assert {"Hồ sơ có nghĩa vụ tài chính", "Hồ sơ đã số hóa"} <= asked
    assert asked.isdisjoint({"Không phải liên hệ lần nào", "Kéo dài", "Mức độ 3", "Công khai TTHC"})


def test_the_published_points_are_printed_and_both_are_kept():
    result = scored()
    group = result.group_scores.set_index(["unit_id", "group"]).loc[("so-a", "tdgq")]
    assert (group["published"], group["recomputed"], group["printed"]) == (19.03, 19.72, 19.03)
    assert (group["which"], group["difference"]) == ("published", pytest.approx(0.69))
    assert group["source"] == "bo-sung.xlsx!Điểm 766!E7"
    missing = result.group_scores.set_index(["unit_id", "group"]).loc[("xa-d", "ckmb")]
    assert missing["which"] == "missing" and pd.isna(missing["printed"])


def test_a_difference_names_both_figures_once_a_group():
    (found,) = findings(scored(), "portal_points_differ").to_dict("records")
    assert "“Sở A” công bố 19,03, tính lại 19,72 (bo-sung.xlsx, sheet Điểm 766, ô E7)" in found["message"]
    assert found["units"].startswith("so-a; so-b; xa-a")


def test_totals_classes_and_ranks_within_a_level():
    units = scored().unit_scores.set_index("name")
    assert units["total"].to_dict() == {
        "Sở A": 90.19, "Sở B": 63.01, "Sở C": 37.64, "Xã A": 93.21, "Xã B": 73.59, "Xã C": 93.21, "Xã D": 36.52
    }  # fmt: skip
    assert units["class_printed"].to_dict() == {
        "Sở A": "Xuất sắc", "Sở B": "Trung bình", "Sở C": "", "Xã A": "Xuất sắc", "Xã B": "Khá", "Xã C": "Xuất sắc",
        "Xã D": "",
    }  # fmt: skip
    assert units["rank"].dropna().astype(int).to_dict() == {"Sở A": 1, "Sở B": 2, "Xã A": 1, "Xã C": 1, "Xã B": 3}
    assert units.loc["Xã D", "total_max"] == 38  # never rescaled


def test_missing_groups_are_named():
    (found,) = findings(scored(), "groups_missing").to_dict("records")
    assert found["units"] == "so-c; xa-d" and "thiếu nhóm “Công khai, minh bạch”" in found["message"]


def test_published_points_alone_are_enough():
    result = score({"bo-sung.xlsx": supplement()})
    units = result.unit_scores.set_index("unit_id")
    assert (units.loc["xa-a", "status"], units.loc["xa-a", "total"]) == ("published", 93.21)
    assert units.loc["xa-d", "status"] == "missing"


@pytest.mark.parametrize(
    ("points", "total", "code", "said"),
    [
        ((18, 20.01, 8, 8, 20, 18), 92.01, "portal_points_impossible", "TDGQ: điểm công bố 20,01"),
        ((18, -1, 8, 8, 20, 18), 71, "form_cell_unread", "Xã A"),
        ((18, 19.81, 8.1, 8.55, 20.75, 18), 93.23, "portal_total_differs", "93,23, các nhóm cộng được 93,21"),
    ],
)
def test_a_row_that_cannot_be_right_is_not_used(points, total, code, said):
    result = score(
        {"so-lieu.xlsx": counts(), "bo-sung.xlsx": supplement({"Xã A": points}, {"Xã A": total})},
    )
    (found,) = findings(result, code).to_dict("records")
    assert said in found["message"] and (found["unit_id"], found["file"]) == ("xa-a", "bo-sung.xlsx")
    groups = result.group_scores[result.group_scores["unit_id"] == "xa-a"]
    assert groups["published"].isna().all() and groups.set_index("group").loc["tdgq", "printed"] == 19.79


def test_a_cell_that_is_no_number_is_named():
    result = score({"so-lieu.xlsx": counts(), "bo-sung.xlsx": supplement({"Xã A": (18, "tốt", 8, 8, 20, 18)})})
    (found,) = findings(result, "form_cell_unread").to_dict("records")
    assert (found["unit_id"], found["cell"]) == ("xa-a", "E11")
    assert result.group_scores.set_index("unit_id").loc["xa-a", "published"].isna().all()


def test_the_portals_own_headings_are_read():
    """A table of the portal pasted over the sheet: other headings, other order."""
    book = openpyxl.load_workbook(io.BytesIO(supplement()))
    sheet = book["Điểm 766"]
    heads = {c.value: c for c in sheet[HEADER_ROW]}
    heads["Tên đơn vị"].value, heads["TDGQ"].value, heads["TONG_SCORE"].value = "TEN", "Tiến độ (20đ)", "TỔNG ĐIỂM"
    out = io.BytesIO()
    book.save(out)
    result = score({"so-lieu.xlsx": counts(), "bo-sung.xlsx": out.getvalue()})
    assert result.unit_scores.set_index("name")["total"]["Xã A"] == 93.21


def test_every_unit_of_the_sample_is_scored():
    assert set(scored().unit_scores["name"]) == set(COUNTS) and set(POINTS) < set(COUNTS)
