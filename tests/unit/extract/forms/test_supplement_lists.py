"""Officers, documents, report fields, corrections and printed figures."""

import datetime as dt

import pytest

from pipeline.finding_catalogue import catalogue, findings_frame
from pipeline.load.forms.fill_form import fill_form
from schemas.measures import COUNT_NAMES, MEASURE_NAMES

BS, DC, TC = "bo-sung.xlsx", "dieu-chinh.xlsx", "tu-cham.xlsx"
CORRECTION = {
    "unit": "Xã Pá Khoang",
    "measure": COUNT_NAMES["resolved_early"],
    "expected": 28,
    "value": 25,
    "reason": "chép nhầm",
    "approver": "Lãnh đạo Văn phòng",
    "approved_on": dt.date(2022, 3, 18),
}
#: column of each key in the sheet “Điều chỉnh”
COLUMN = {
    "expected": "D",
    "value": "E",
    "measure": "C",
    "counter_measure": "F",
    "reason": "G",
    "approver": "H",
    "approved_on": "I",
}


def found(frames):
    return [(f.code, f.unit_id, f.cell) for f in frames.findings]


def test_officers(books, read_forms):
    entries = [
        {"officer": "Công chức 1", "unit": "Cấp thành phố", "score": "9,96"},
        {"officer": "Công chức 2", "unit": "Phường Him Lam"},
        {"officer": "Công chức 3", "unit": "Phường Him Lam", "score": 10.5},
        {"officer": "", "unit": "Phường Him Lam", "score": 9},
    ]
    fill_form(books[BS], "BS-03", entries)
    frames = read_forms({BS: books[BS]})
    assert frames.officers["unit_id"].tolist() == ["huyen", "him-lam"]
    assert frames.officers["score"].isna().tolist() == [False, True] and frames.officers.loc[0, "score"] == 9.96
    assert found(frames) == [("form_row_skipped", "him-lam", "E8"), ("form_row_skipped", "", "B9")]
    assert len(findings_frame(frames.findings)) == 2


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (dt.date(2022, 3, 7), "2022-03-07"),
        ("07/3/2022", "2022-03-07"),
        ("7-3-2022", "2022-03-07"),
        ("2022-03-07", "2022-03-07"),
        (44627, "2022-03-07"),
        ("", ""),
        ("13/13/2022", None),
        ("tháng 3", None),
        (12, None),
        (60000, None),
    ],
)
def test_dates_of_documents(books, read_forms, written, read):
    fill_form(books[BS], "BS-04", [{"role": "Căn cứ", "title": "Quyết định", "number": "1/QĐ"}])
    cell = books[BS]["Văn bản"]["D6"]
    cell.value = written or None
    if isinstance(written, int):
        cell.number_format = "General"
    frames = read_forms({BS: books[BS]})
    assert frames.documents["issued_on"].tolist() == [read or ""]
    assert found(frames) == ([("form_cell_unread", "", "D6")] if read is None else [])


def test_an_unknown_role_drops_the_document(books, read_forms):
    fill_form(books[BS], "BS-04", [{"role": "Khác", "title": "Quyết định", "number": "1/QĐ"}])
    frames = read_forms({BS: books[BS]})
    assert frames.documents.empty and found(frames) == [("form_row_skipped", "", "A6")]


def test_report_fields_keep_their_order(books, read_forms):
    entries = [
        {"field": "Ngày báo cáo", "value": dt.date(2022, 3, 18)},
        {"field": "Lý do trễ hạn – Cấp xã, phường", "value": "do mất mạng"},
        {"field": "Nơi nhận", "value": "Văn phòng"},
        {"field": "Nơi nhận", "value": "Lưu: VT"},
    ]
    fill_form(books[BS], "BS-05", entries)
    sheet = books[BS]["Thông tin báo cáo"]
    last = sheet.max_row
    for offset, (name, value) in enumerate([("Mục lạ", "x"), ("Ngày báo cáo", "19/3/2022"), ("Nơi nhận", "C")], 1):
        sheet.cell(last + offset, 1).value, sheet.cell(last + offset, 2).value = name, value
    frames = read_forms({BS: books[BS]})
    assert frames.report_fields[["field", "value"]].to_numpy().tolist() == [
        ["report_date", "2022-03-18"],
        ["late_reason:xa", "do mất mạng"],
        ["recipients", "Văn phòng"],
        ["recipients", "Lưu: VT"],
        ["recipients", "C"],
    ]
    assert found(frames) == [("form_row_skipped", "", f"A{last + 1}"), ("form_repeated", "", f"B{last + 2}")]


def test_a_correction(books, read_forms):
    fill_form(books[DC], "DC-01", [CORRECTION])
    frames = read_forms({DC: books[DC]})
    row = frames.corrections.iloc[0]
    assert not frames.findings
    assert (row["correction_id"], row["unit_id"], row["measure"]) == ("DC-01", "pa-khoang", "resolved_early")
    assert (row["expected"], row["value"], row["approved_on"], row["status"]) == (28, 25, "2022-03-18", "declared")
    assert row["source_cell"] == "E6"


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"approver": ""},
        {"approved_on": ""},
        {"approved_on": "hôm qua"},
        {"measure": "Hồ sơ đẹp"},
        {"counter_measure": "Hồ sơ đẹp"},
        {"counter_measure": COUNT_NAMES["resolved_early"]},
        {"expected": "hai tám"},
        {"value": 25.5},
        {"value": -25},
        {"value": 28},
    ],
)
def test_a_correction_with_a_slip_is_refused_and_sets_its_unit_aside(books, read_forms, wrong):
    fill_form(books[DC], "DC-01", [{**CORRECTION, **wrong}])
    frames = read_forms({DC: books[DC]})
    (key,) = wrong
    assert found(frames) == [("correction_refused", "pa-khoang", f"{COLUMN[key]}6")]
    assert catalogue()["correction_refused"].sets_aside == "unit"
    assert frames.corrections.empty and "DC-01" in findings_frame(frames.findings).loc[0, "message"]


def test_a_correction_of_nobody_and_two_of_one_figure(books, read_forms):
    other = {**CORRECTION, "value": 26}
    fill_form(books[DC], "DC-01", [{**CORRECTION, "unit": "Xã Không Có"}, CORRECTION, other])
    frames = read_forms({DC: books[DC]})
    assert found(frames) == [
        ("correction_without_unit", "", "B6"),
        ("form_conflict", "pa-khoang", "E8"),
    ]
    assert frames.corrections.empty


def test_printed_scores_and_the_gap_in_stt(books, read_forms):
    entries = [
        {"unit": "Cấp thành phố", "1": 1.95, "total": "15,85"},
        {"unit": "Phòng Tư pháp", "5": "hai", "class": "Xuất sắc", "officer_average": 10},
        {"unit": "Thanh tra", "stt": 8},
    ]
    fill_form(books[TC], "TC-01", entries)
    frames = read_forms({TC: books[TC]})
    read = frames.printed[["unit_id", "item", "text", "rulebook", "source_cell"]].to_numpy().tolist()
    assert read == [
        ["huyen", "total_time", "1,95", "qd-1187-2019", "C6"],
        ["huyen", "total", "15,85", "qd-1187-2019", "L6"],
        ["tu-phap", "attitude", "hai", "qd-1187-2019", "G7"],
        ["tu-phap", "officer_average", "10", "qd-1187-2019", "M7"],
        ["tu-phap", "class", "Xuất sắc", "qd-1187-2019", "N7"],
    ]
    assert frames.printed["value"].tolist()[:2] == [1.95, 15.85] and frames.printed["value"].isna().tolist()[2:] == [
        True,
        False,
        True,
    ]
    assert found(frames) == [("stt_gap", "", "A13"), ("form_cell_unread", "tu-phap", "G7")]
    assert "từ 6 sang 8" in " ".join(findings_frame(frames.findings)["message"])


def test_criteria_are_numbered_as_the_named_rulebook_numbers_them(books, read_forms):
    fill_form(books[TC], "TC-01", [{"unit": "Phòng Tư pháp", "5": 2, "7": 1}])
    books[TC]["Điểm đã in"]["C3"].value = "Thông tư 01"
    frames = read_forms({TC: books[TC]})
    assert found(frames) == [("form_rulebook_unknown", "", "C3")] and frames.printed.empty
    books[TC]["Điểm đã in"]["C3"].value = "tt-01-2018"
    assert read_forms({TC: books[TC]}).printed["item"].tolist() == ["desk", "attitude"]


def test_printed_figures(books, read_forms):
    entries = [
        ("Toàn thành phố", MEASURE_NAMES["received_total"], "11.028"),
        ("Cấp xã", "resolved_early", "8.859"),
        ("Cấp xã", "Ô điểm tiêu chí 9", 1),
        ("Cấp xã", MEASURE_NAMES["procedures_online"], "5 + 12"),
        ("Cấp xã", MEASURE_NAMES["eligible_carried_over"], "09"),
        ("Cấp xã", "Số đẹp", "1"),
        ("Cấp xã", MEASURE_NAMES["carried_over"], "mấy"),
    ]
    rows = [{"unit": u, "measure": m, "place": "mục 2.1", "value": v} for u, m, v in entries]
    fill_form(books[TC], "TC-02", rows)
    frames = read_forms({TC: books[TC]})
    assert frames.printed_figures[["unit_id", "measure", "text"]].to_numpy().tolist() == [
        ["", "received_total", "11.028"],
        ["xa", "resolved_early", "8.859"],
        ["xa", "box:online", "1"],
        ["xa", "procedures_online", "5 + 12"],
        ["xa", "eligible_carried_over", "09"],
        ["xa", "carried_over", "mấy"],
    ]
    assert frames.printed_figures["value"].tolist()[:5] == [11028, 8859, 1, 17, 9]
    assert found(frames) == [("form_row_skipped", "xa", "C11"), ("form_cell_unread", "xa", "E12")]


def test_the_titles_of_the_signer_keep_their_lines_and_other_fields_do_not(books, read_forms):
    entries = [
        {"field": "Chức vụ người ký", "value": "KT. CHỦ TỊCH \n\nPHÓ  CHỦ TỊCH"},
        {"field": "Tên địa bàn", "value": "thành phố\nĐiện Biên Phủ"},
    ]
    fill_form(books[BS], "BS-05", entries)
    read = read_forms({BS: books[BS]}).report_fields.set_index("field")["value"]
    assert read["signer_title"] == "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"
    assert read["area_name"] == "thành phố Điện Biên Phủ"
