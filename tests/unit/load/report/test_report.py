"""The report: its words come from the figures, its tables hold, its signed part keeps to what an office signs."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import pytest

from pipeline.load.report.report import render_report
from pipeline.result import Scored, Stamp
from schemas.office import OfficeClasses

City = Callable[..., Scored]
Units = list[tuple[object, ...]]
ANNEX = "## Phụ lục nguồn số liệu"
UNESCAPED_PIPE = re.compile(r"(?<!\\)\|")


def changed(units: Units, unit: str, **values: int) -> Units:
    """The units with some figures of one of them replaced, by position in the tuple."""
    places = {"online": 3, "direct": 4, "early": 6, "on_time": 7, "late": 8, "pending": 9, "overdue": 10}
    return [
        tuple(next((v for k, v in values.items() if places[k] == i), x) for i, x in enumerate(u)) if u[0] == unit else u
        for u in units
    ]


def tables(text: str) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.startswith("|"):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [t for t in found if t]


def section(text: str, start: str, end: str) -> str:
    return text.split(start, 1)[1].split(end, 1)[0]


def with_rows(scored: Scored, frame: str, unit: str, **values: object) -> Scored:
    """The city with some cells of one unit's row replaced, in a frame of the checked or the scored quarter."""
    checked = frame == "entities"
    table = (scored.checked.entities if checked else getattr(scored, frame)).copy()
    for column, value in values.items():
        table.loc[table["unit_id"] == unit, column] = value
    if checked:
        return dataclasses.replace(scored, checked=dataclasses.replace(scored.checked, entities=table))
    return dataclasses.replace(scored, **{frame: table})


def test_a_level_set_aside_prints_no_figures_and_is_left_out_of_the_whole(city: City, stamp: Stamp) -> None:
    scored = with_rows(city(), "entities", "huyen", status="set_aside", status_reason="số liệu riêng không khớp")
    scored = with_rows(scored, "level_scores", "huyen", total=None, total_max=None)
    text = section(render_report(scored, stamp), "### 2.1.", "### 2.2.")
    own = section(text, "của cấp huyện đã tiếp nhận", "của cấp xã")
    assert own.startswith(" là ………… hồ sơ.")
    assert "- Chưa chấm điểm: số liệu riêng không khớp." in own
    assert not re.search(r"\d", own)
    whole = section(text, "Trong kỳ báo cáo", "của cấp huyện")
    assert "Số liệu chưa gồm: Cấp thành phố" in whole
    lower = section(text, "của cấp xã đã tiếp nhận là ", " hồ sơ")
    assert f"đã tiếp nhận là {lower} hồ sơ" in whole


def test_an_average_of_a_lower_maximum_says_so(city: City, stamp: Stamp) -> None:
    scored = with_rows(city(), "unit_scores", "u-a", officer_average_max=1.0)
    table = section(render_report(scored, stamp), "## Kết quả đánh giá, xếp loại", ANNEX)
    average = scored.unit_scores.set_index("unit_id").loc["u-a", "officer_average"]
    line = next(x for x in table.split("\n") if "Phòng A" in x)
    assert f"| {average:.2f}/1 |".replace(".", ",") in line
    assert "ĐTB ghi dạng “điểm/tối đa”" in table
    assert "điểm/tối đa" not in render_report(city(), stamp)


def test_a_class_nobody_knows_is_left_to_the_office(city: City, stamp: Stamp) -> None:
    scored, otherwise = city(), "chưa rõ"
    book = scored.rulebook
    assert book is not None and book.local_class is not None
    local = book.local_class.model_copy(update={"otherwise": otherwise})
    scored = dataclasses.replace(scored, rulebook=book.model_copy(update={"local_class": local}))
    table = render_report(with_rows(scored, "unit_scores", "u-a", class_printed=otherwise), stamp)
    assert f"Phân loại ghi “{otherwise}”" in table and "trước khi ký" in table
    assert "Phân loại ghi" not in render_report(scored, stamp)


def test_without_a_rulebook_contradictory_counts_are_not_printed(city: City, stamp: Stamp) -> None:
    text = render_report(city(scored=False), stamp)
    line = next(x for x in text.split("\n") if x.startswith("| 2 | Xã F |"))
    assert not re.search(r"\d", line.split("Xã F", 1)[1].split("Tiếp nhận")[0])


def test_a_counter_measure_stands_with_its_correction(city: City, stamp: Stamp) -> None:
    scored = city()
    corrections = scored.checked.corrections.assign(counter_measure="resolved_late").astype({"counter_measure": "str"})
    checked = dataclasses.replace(scored.checked, corrections=corrections)
    assert "bù vào: Đã giải quyết quá hạn" in render_report(dataclasses.replace(scored, checked=checked), stamp)


def test_a_printed_figure_of_the_whole_area_names_it(city: City, stamp: Stamp) -> None:
    scored = city()
    whole = scored.comparison.assign(unit_id="", item="received_total", kind="count", agrees=False)
    whole = whole.astype({"unit_id": "str", "item": "str", "kind": "str"})
    annex = render_report(dataclasses.replace(scored, comparison=whole), stamp).split("### H.")[1]
    assert "| Toàn địa bàn | Tiếp nhận: tổng số |" in annex


@pytest.fixture(scope="module")
def report(city: City, stamp: Stamp) -> str:
    """The report of the unchanged city."""
    return render_report(city(), stamp)


def test_order_of_parts(report: str) -> None:
    parts = [
        "# BÁO CÁO",
        "## 1. Tình hình",
        "### 2.1.",
        "### 2.2.",
        "## 3. Phương hướng nhiệm vụ chủ yếu quý II năm 2022",
        "./.",
        "***Nơi nhận:***",
        "## Biểu mẫu số 03 (TP)",
        "## Biểu mẫu số 03 (cấp xã)",
        "## Biểu mẫu số 01",
        "## Kết quả đánh giá, xếp loại",
        ANNEX,
    ]
    places = [report.index(p) for p in parts]
    assert places == sorted(places)
    assert report.count("\n## ", report.index(ANNEX)) == 0, "nothing follows the annex"


@pytest.mark.parametrize("scored", [True, False])
def test_every_table_has_equal_columns(city: City, stamp: Stamp, scored: bool) -> None:
    text = render_report(city(scored=scored), stamp)
    found = tables(text)
    assert len(found) > 5
    for table in found:
        widths = {len(UNESCAPED_PIPE.findall(line)) for line in table}
        assert len(widths) == 1, table[:2]
        assert re.fullmatch(r"(\|:?-{3,}:?)+\|", table[1]), table[:2]


@pytest.mark.parametrize("scored", [True, False])
def test_text_is_clean_and_deterministic(city: City, stamp: Stamp, scored: bool) -> None:
    text = render_report(city(scored=scored), stamp)
    assert text == render_report(city(scored=scored), stamp)
    assert text.endswith("\n") and not text.endswith("\n\n")
    assert "\r" not in text and "\n\n\n" not in text
    assert not [line for line in text.split("\n") if line != line.rstrip()]
    assert not [x for x in ("None", "nan", "<NA>", "Undefined", "****") if x in text]


def test_a_hostile_name_stays_text(report: str) -> None:
    assert r"Phòng B\|C &lt;b&gt;&amp;\*đặc\*" in report
    assert "<" not in report


def test_counts_of_the_whole_and_of_levels(report: str) -> None:
    part = section(report, "### 2.1.", "### 2.2.")
    assert "đã tiếp nhận là 2.019 hồ sơ, trong đó: trực tuyến 06 hồ sơ, kỳ trước chuyển qua 03 hồ sơ" in part
    assert "của cấp huyện đã tiếp nhận là 2.012 hồ sơ" in part
    assert "2.010 hồ sơ, trong đó: trước hạn 2.007 hồ sơ, đúng hạn 02 hồ sơ, quá hạn 01 hồ sơ" in part
    assert "của cấp xã đã tiếp nhận là 07 hồ sơ, trong đó: trực tuyến 02 hồ sơ, trực tiếp 05 hồ sơ." in part


def test_a_changed_figure_changes_its_sentences(city: City, stamp: Stamp, units: Units) -> None:
    text = render_report(city(changed(units, "u-b", direct=3000, early=3000)), stamp)
    assert "của cấp huyện đã tiếp nhận là 3.012 hồ sơ" in text
    assert "toàn thành phố có tổng số hồ sơ TTHC đã tiếp nhận là 3.019 hồ sơ" in text
    assert "Tiếp nhận trực tiếp 3.000 hồ sơ. Đã giải quyết trước hạn 3.000 hồ sơ." in text
    assert "| | Trước hạn | 2 | 3.007 | | |" in text
    assert "2.000" not in text


def test_pending_overdue_is_said_only_when_there_is_any(city: City, stamp: Stamp, units: Units) -> None:
    with_overdue = render_report(city(), stamp)
    without = render_report(city(changed(units, "u-a", overdue=0, pending=2)), stamp)
    assert with_overdue.count("Số hồ sơ đang giải quyết quá hạn: 01 hồ sơ") == 2
    assert "Đang giải quyết trong hạn 01 hồ sơ, quá hạn 01 hồ sơ." in with_overdue
    assert "đang giải quyết quá hạn" not in without.split(ANNEX)[0]


def test_late_reason_or_a_blank_only_where_something_is_late(city: City, stamp: Stamp, units: Units) -> None:
    given = render_report(
        city(fields={"late_reason:huyen": "do quên tích kết thúc", "late_reason:xa": "do mất điện"}), stamp
    )
    assert "quá hạn 01 hồ sơ (*do quên tích kết thúc*)." in given
    assert "mất điện" not in given, "nothing is late at cấp xã"
    assert "quá hạn 01 hồ sơ (*nguyên nhân: …………*)." in render_report(city(), stamp)
    assert "nguyên nhân" not in render_report(city(changed(units, "u-a", late=0, early=8)), stamp)


def test_a_reduced_maximum_is_said(report: str) -> None:
    assert "- Tổng điểm chung đạt 2/2 điểm." in report
    assert "Không tính Tiêu chí 2: tổng điểm tối đa có thể đạt là 2." in section(report, "### 2.1.", "### 2.2.")
    assert "| | **TỔNG ĐIỂM** | **2** | | **2,00** | Không tính Tiêu chí 2" in report
    assert "| **2** | **Dịch vụ công trực tuyến** | **2** |  | **–** | Không tính: thiếu số TTHC. |" in report


def test_units_not_scored_stand_with_their_reason(report: str) -> None:
    table = section(report, "## Kết quả đánh giá, xếp loại", ANNEX)
    assert "| 3 | Phòng D | – | – | – | – | – | Không có hồ sơ phát sinh. |" in table
    assert "| 2 | Xã F | – | – | – | – | – | Chưa chấm điểm: Tiếp nhận 9 hồ sơ nhưng" in table
    assert "Chưa có hồ sơ giải quyết xong. Tiếp nhận trực tuyến 02 hồ sơ." in table
    text = section(report, "### 2.1.", "### 2.2.")
    assert "- Xã F: tiếp nhận 9 hồ sơ nhưng đã giải quyết 18 hồ sơ." in text
    assert text.count("chưa gồm: Xã F.") == 2, "both the whole and its level lack the unit"


def test_form_03_marks_and_counts(report: str) -> None:
    form = section(report, "## Biểu mẫu số 03 (TP)", "## Biểu mẫu số 03 (cấp xã)")
    assert "| | Dưới 30% | 0 | x | | |" in form
    assert form.count("| x |") == 1
    assert "| **1** | **Thời gian giải quyết** | **2** | **2.010** | **2,00** | Tổng số hồ sơ nhận giải quyết" in form
    assert "của cấp huyện: 90. Số TTHC được triển khai dịch vụ công trực tuyến mức độ 3, 4: 20." in form


def test_officers_by_class(report: str) -> None:
    assert "| 1 | Công chức 1 | Một cửa | 9,96 | X |  |" in report
    assert "| 2 | Xã F | Một cửa |" in report
    assert "Trả kết quả: cả 02 trường hợp được đánh giá (danh sách tại Biểu mẫu số 01) hoàn thành." in report
    assert "Chưa đánh giá: Xã F (đơn vị chưa được chấm)." in report


def test_one_class_and_the_hand_assessed_criterion(report: str) -> None:
    row = next(x for x in report.split("\n") if x.startswith("| 1 | Phường E | 2 | 2 |"))
    assert "| Hạng nhất | Tiếp nhận" in row
    assert "- Tiêu chí 2 đánh giá trực tiếp, không tính từ số hồ sơ: Phường E." in report
    assert "- Phân loại: theo ĐTB CCVC, cách xếp của địa phương." in report
    assert "Tốt" not in section(report, "## Kết quả đánh giá, xếp loại", ANNEX)


def test_the_signed_text_knows_no_machinery(report: str) -> None:
    signed, annex = report.split(ANNEX)
    words = ("u-a", "u-b", "qd-thu-2020", "r2", "abc123", "xlsx", "sha", "huyen", "resolved_", "default", "mặc định")
    written = re.sub(r"\]\(bieu-do-[^)]*\.svg\)", "]", signed)
    assert written != signed
    assert not [w for w in words if w in written]
    assert all(w in annex for w in ("r2", "thay bản r1", "abc123", "qd-thu-2020", "sửa số của Phòng A"))


def test_annex_names_sources_corrections_and_differences(report: str) -> None:
    annex = report.split(ANNEX)[1]
    assert r"| bang\|1.xlsx | Số liệu hồ sơ | 0123456789ab |" in annex
    assert r"- bang\|1.xlsx: biểu II.06a." in annex
    assert (
        r"| Phòng A | Đã giải quyết trước hạn | 8 → 7 | bang\|1.xlsx › S › F5 | chép nhầm | Chủ tịch, 07/3/2022 |"
        in annex
    )
    assert "lấy tỷ lệ của cấp" in annex and "đếm theo sổ riêng" in annex
    assert "- Tiêu chí 2: Tính trên mọi hồ sơ." in annex
    assert "0 lỗi, 0 cảnh báo, 01 lưu ý." in annex
    assert "| Phòng A | Tổng điểm | – | 3,50 | 3,60 | in sai | – |" in annex
    assert "Đã so 2 số; 1 số khác nhau." in annex


def test_without_a_rulebook_counts_are_printed_and_no_scores(city: City, stamp: Stamp) -> None:
    text = render_report(city(scored=False), stamp)
    assert "Chưa có căn cứ chấm điểm cho quý I năm 2022" in text
    assert "| 1 | Phòng A | 12 | 4 | 5 | 3 | 10 | 7 | 2 | 1 | 2 | 1 | 1 |  |" in text
    assert "của cấp thành phố đã tiếp nhận là 2.012 hồ sơ" in text
    assert not [
        x
        for x in ("Biểu mẫu số 03", "Biểu mẫu số 01", "TỔNG ĐIỂM", "Tổng điểm chung", "Kết quả chấm điểm")
        if x in text
    ]


def test_blanks_where_nothing_was_entered(city: City, stamp: Stamp) -> None:
    head = render_report(city(fields={}), stamp).split("## 1.")[0]
    assert "| Số: …………/BC-UBND | *…………, ngày …… tháng …… năm ……* |" in head
    assert "trên địa bàn …………" in head


def test_report_fields_are_printed(city: City, stamp: Stamp) -> None:
    fields = {
        "report_number": "85/BC-UBND",
        "report_date": "2022-03-18",
        "place": "Thử",
        "signer_title": "CHỦ TỊCH",
        "recipients": ["UBND tỉnh", "Lưu: VT."],
        "directions": ["Một việc.", "1. Việc hai."],
        "addressees": "các phòng; các xã",
    }
    text = render_report(city(fields=fields), stamp)
    assert "| Số: 85/BC-UBND | *Thử, ngày 18 tháng 3 năm 2022* |" in text
    assert text.count("Báo cáo số: 85/BC-UBND ngày 18/3/2022") == 5
    assert "| - UBND tỉnh; | **CHỦ TỊCH** |\n| - Lưu: VT. | **…………** |" in text
    assert "- Một việc.\n" in text and "- 1\\. Việc hai.\n" in text
    assert " đến các phòng; các xã theo các mẫu phiếu" in text


def test_an_alternative_says_so_before_anything_else(city: City, stamp: Stamp) -> None:
    text = render_report(city(), dataclasses.replace(stamp, alternative=True))
    assert text.startswith("**PHƯƠNG ÁN THAM KHẢO – KHÔNG KÝ BAN HÀNH**")
    assert "PHƯƠNG ÁN" not in render_report(city(), stamp)


def test_officers_of_several_classes_are_counted(city: City, stamp: Stamp) -> None:
    scored = city()
    officers = scored.officer_scores.copy()
    officers.loc[0, "class_law"] = "Chưa hoàn thành"
    text = render_report(dataclasses.replace(scored, officer_scores=officers), stamp)
    assert "trong 02 trường hợp được đánh giá (danh sách tại Biểu mẫu số 01), 01 trường hợp hoàn thành, " in text
    assert "01 trường hợp chưa hoàn thành." in text
    assert "| 1 | Công chức 1 | Một cửa | 9,96 |  | X |" in text


def test_a_class_that_the_office_decided_has_its_ground_below_the_table(city: City, stamp: Stamp) -> None:
    ground = {"class_printed": "Khá", "class_basis": "decided", "class_ground": "Chủ tịch quyết định; lý do: ít hồ sơ"}
    table = section(render_report(with_rows(city(), "unit_scores", "u-a", **ground), stamp), "## Kết quả đánh", ANNEX)
    assert next(x for x in table.split("\n") if "Phòng A" in x).split(" | ")[6] == "Khá"
    assert "- Phòng A: phân loại Khá do Chủ tịch quyết định; lý do: ít hồ sơ." in table


def test_the_thresholds_of_the_office_stand_below_the_table_with_their_decision(city: City, stamp: Stamp) -> None:
    scored = city()
    office = OfficeClasses.model_validate(
        {
            "basis": "total",
            "decision": "Quyết định 12",
            "bands": [{"name": "A", "from": 3}, {"name": "B", "from": "2,5"}],
        }
    )
    checked = dataclasses.replace(scored.checked, classes=office)
    text = render_report(dataclasses.replace(scored, checked=checked), stamp)
    assert "- Phân loại: theo tổng điểm, bảng mức của cơ quan (Quyết định 12): A từ 3; B từ 2,5." in text


def test_without_a_local_table_the_class_by_law_is_printed(city: City, stamp: Stamp) -> None:
    scored = city()
    assert scored.rulebook is not None
    law = scored.unit_scores.assign(class_printed=scored.unit_scores["class_law"])
    scored = dataclasses.replace(scored, unit_scores=law)
    book = scored.rulebook.model_copy(update={"local_class": None})
    text = render_report(dataclasses.replace(scored, rulebook=book), stamp)
    table = next(t for t in tables(text) if "TÊN CƠ QUAN" in t[0])
    assert {len(UNESCAPED_PIPE.findall(line)) for line in table} == {9}
    assert r"- Phân loại: theo tổng điểm, Điều 3 \| khoản 1." in text and "Hạng nhất" not in text
    assert "| 1,60 | Tốt | Tổng tiếp nhận" in text


def test_a_level_without_counts_is_named_and_the_rest_is_said(city: City, stamp: Stamp) -> None:
    scored = city()
    figures = scored.checked.figures
    lost = figures.loc[(figures["unit_id"] != "xa") | (figures["measure"] == "procedures_total")]
    checked = dataclasses.replace(scored.checked, figures=lost.reset_index(drop=True))
    text = render_report(dataclasses.replace(scored, checked=checked), stamp)
    assert "toàn thành phố có tổng số hồ sơ TTHC đã tiếp nhận là 2.012 hồ sơ" in text
    assert "Số liệu chưa gồm: Cấp xã, phường." in text
    assert "của cấp xã đã tiếp nhận là ………… hồ sơ" in text
