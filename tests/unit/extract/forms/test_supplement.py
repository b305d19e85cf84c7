"""bo-sung.xlsx read back: round trip, every kind of slip with its cell, forms moved about by an analyst."""

import datetime as dt

import pytest

from pipeline.finding_catalogue import catalogue, findings_frame
from pipeline.forms.catalogue import match_criterion
from pipeline.load.forms.fill_form import fill_form
from pipeline.rulebooks import installed
from schemas.measures import DISCLOSURE_NAMES

BS = "bo-sung.xlsx"
# rows of the blank sheet: the city's level 6, its ten units, the communes' level 17
TU_PHAP, QLDT = 7, 8


def found(frames):
    return [(f.code, f.unit_id, f.cell) for f in frames.findings]


def test_blank_forms_are_no_input(books, read_forms):
    frames = read_forms({name: books[name] for name in (BS, "dieu-chinh.xlsx", "tu-cham.xlsx", "tham-dinh.xlsx")})
    assert {f.code for f in frames.findings} == {"form_blank"} and len(frames.findings) == 4
    assert not frames.filled
    assert all(getattr(frames, n).empty for n in ("supplement", "officers", "printed", "corrections", "report_fields"))


def test_what_is_filled_in_is_read_with_its_cell(books, read_forms):
    entry = {
        "unit": "Phòng Tư pháp",
        "contacted_never": 20,
        "contacted_once": 1,
        "procedures_level3": 5,
        "procedures_level4": 12,
        "disclosure": DISCLOSURE_NAMES["one"],
        "note": "phiếu đánh giá",
    }
    fill_form(books[BS], "BS-01", [entry])
    frames = read_forms({BS: books[BS]})
    assert not frames.findings and frames.filled == {BS}
    rows = frames.supplement.set_index(["item", "part"])
    assert rows.loc[("contacted_never", ""), "value"] == 20
    assert rows.loc[("contacted_never", ""), "source_cell"] == f"C{TU_PHAP}"
    assert rows.loc[("procedures_online", "Mức độ 3"), "value"] == 5
    assert rows.loc[("procedures_online", "Mức độ 4"), "value"] == 12
    assert rows.loc[("disclosure", ""), "option"] == "one"
    assert set(frames.supplement["note"]) == {"phiếu đánh giá"}
    assert set(frames.supplement["unit_id"]) == {"tu-phap"}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("nhiều", "cell_not_a_count"),
        (1.5, "cell_not_a_count"),
        (-1, "cell_not_a_count"),
        ("-", "cell_not_a_count"),
        (True, "cell_not_a_count"),
        (dt.datetime(2022, 1, 5), "cell_not_a_count"),
        (1e15, "cell_not_a_count"),
        (10**8 + 1, "cell_not_a_count"),
        ("0.123", "cell_not_a_count"),
        ("012.345", "cell_not_a_count"),
        ("1.502,003", "cell_not_a_count"),
        ("#REF!", "cell_error"),
        ("=1+1", "cell_formula"),
    ],
)
def test_a_bad_count_sets_its_unit_aside(books, read_forms, value, code):
    books[BS]["Số liệu bổ sung"].cell(QLDT, 3).value = value
    frames = read_forms({BS: books[BS]})
    assert found(frames) == [(code, "quan-ly-do-thi", f"C{QLDT}")]
    assert catalogue()[code].sets_aside == "unit"
    assert frames.supplement.empty
    assert not findings_frame(frames.findings).empty  # the message has all its facts


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("-", "không có thì nhập 0, chưa biết thì để trống ô"),
        ("n/a", "không có thì nhập 0, chưa biết thì để trống ô"),
        ("0.123", "số thập phân hoặc mã, không phải số hồ sơ"),
        (-1, "số âm"),
        (10**8 + 1, "lớn hơn 100.000.000, mức nhiều nhất của một ô số hồ sơ"),
    ],
)
def test_a_refused_count_says_what_is_wrong(books, read_forms, value, said):
    books[BS]["Số liệu bổ sung"].cell(QLDT, 3).value = value
    (message,) = findings_frame(read_forms({BS: books[BS]}).findings)["message"]
    assert f"ghi “{value}”: " in message and message.endswith(f"{said}.")


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (1502, 1502),
        (1502.0, 1502),
        ("1.502", 1502),
        ("1,502", 1502),
        ("09", 9),
        ("1 502", 1502),
        ("1.502,00", 1502),
        (10**8, 10**8),
    ],
)
def test_counts_as_offices_write_them(books, read_forms, value, count):
    books[BS]["Số liệu bổ sung"].cell(QLDT, 3).value = value
    frames = read_forms({BS: books[BS]})
    assert frames.supplement["value"].tolist() == [count]


def test_units_that_are_not_what_they_should_be(books, read_forms):
    sheet = books[BS]["Số liệu bổ sung"]
    for row, name in ((7, "Phòng Tư phap"), (8, None), (9, "Phường Điện Biên Phủ"), (11, "Phòng Kinh tế")):
        sheet.cell(row, 2).value = name
    for row in range(7, 12):
        sheet.cell(row, 3).value = 1
    frames = read_forms({BS: books[BS]})
    assert found(frames) == [
        ("form_unit_unknown", "", "B7"),
        ("form_row_without_unit", "", "B8"),
        ("unit_not_in_period", "", "B9"),
        ("unit_repeated", "kinh-te", "B11"),
    ]
    assert "Phòng Tư pháp" in findings_frame(frames.findings).set_index("code").loc["form_unit_unknown", "message"]


def test_a_choice_not_on_the_list_and_a_half_entered_sum(books, read_forms):
    fill_form(books[BS], "BS-01", [{"unit": "Phòng Kinh tế", "disclosure": "có", "procedures_level3": 5}])
    frames = read_forms({BS: books[BS]})
    assert found(frames) == [("form_choice_unknown", "kinh-te", "P10"), ("form_part_blank", "kinh-te", "U10")]
    assert frames.supplement["value"].tolist() == [5]


def test_inserted_rows_and_columns_and_a_foreign_column(books, read_forms):
    fill_form(books[BS], "BS-01", [{"unit": "Phòng Tư pháp", "contacted_never": 21, "note": "sổ"}])
    sheet = books[BS]["Số liệu bổ sung"]
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.insert_cols(2)
    sheet.insert_rows(6, 2)
    sheet.insert_rows(1)
    sheet.cell(6, 2).value = "Người nhập"
    frames = read_forms({BS: books[BS]})
    assert found(frames) == [("column_ignored", "", "B6")]
    assert frames.supplement[["unit_id", "item", "value", "source_cell"]].to_numpy().tolist() == [
        ["tu-phap", "contacted_never", 21, "D10"]
    ]


@pytest.mark.parametrize("written", ["2022-Q2", "quý II năm 2022", "quý I năm 2021", ""])
def test_a_form_of_another_period_is_set_aside(books, read_forms, written):
    fill_form(books[BS], "BS-01", [{"unit": "Phòng Tư pháp", "contacted_never": 21}])
    books[BS]["Công chức"]["A1"].value = f"BIỂU BS-03 · CÔNG CHỨC · {'Kỳ ' + written if written else ''}"
    frames = read_forms({BS: books[BS]})
    assert found(frames) == [("period_mismatch", "", "A1")]
    assert frames.supplement.empty and not frames.filled


@pytest.mark.parametrize("written", ["2022-Q1", "2022/Q1", "quý I năm 2022", "Quý 1/2022"])
def test_ways_to_write_the_period(books, read_forms, written):
    books[BS]["Số liệu bổ sung"]["A1"].value = f"Biểu BS-01 – bổ sung – kỳ: {written}"
    fill_form(books[BS], "BS-01", [{"unit": "Phòng Tư pháp", "contacted_never": 21}])
    frames = read_forms({BS: books[BS]})
    assert not frames.findings and len(frames.supplement) == 1


def test_a_missing_and_a_doubled_column_set_the_file_aside(books, read_forms):
    sheet = books[BS]["Số liệu bổ sung"]
    sheet["C7"].value = 3
    sheet["B5"].value = "Cơ quan nào"
    assert ("form_column_missing", "", "A5") in found(read_forms({BS: books[BS]}))
    sheet["B5"].value, sheet["D5"].value = "Đơn vị", sheet["C5"].value
    frames = read_forms({BS: books[BS]})
    assert ("table_ambiguous_column", "", "D5") in found(frames) and frames.supplement.empty


def test_assessed_options(books, read_forms):
    good = {"unit": "P. Him Lam", "rulebook": "tt-01-2018", "criterion": "desk", "option": 2, "reason": "biên bản"}
    label = "Tổ chức tiếp nhận hồ sơ, giải quyết, trả kết quả tại Bộ phận Tiếp nhận và Trả kết quả"
    entries = [
        {**good, "source": "số 5"},
        {**good, "rulebook": "qd-1187-2019", "criterion": label, "option": "0"},
        {**good, "unit": "Phòng Kinh tế", "criterion": label},
        {**good, "rulebook": "tt-02"},
        {**good, "criterion": "10"},
        {**good, "option": "3"},
        {**good, "reason": ""},
    ]
    fill_form(books[BS], "BS-02", entries)
    frames = read_forms({BS: books[BS]})
    read = frames.assessments[["unit_id", "rulebook", "criterion", "option", "reason"]].to_numpy().tolist()
    assert read == [
        ["him-lam", "tt-01-2018", "desk", "2-xa", "biên bản (nguồn: số 5)"],
        ["him-lam", "qd-1187-2019", "desk", "0", "biên bản"],
        ["kinh-te", "tt-01-2018", "desk", "2-huyen", "biên bản"],
    ]
    unknown = "form_choice_unknown"
    assert [(c, u, cell) for c, u, cell in found(frames)] == [
        (unknown, "him-lam", "B9"),
        (unknown, "him-lam", "C10"),
        (unknown, "him-lam", "D11"),
        ("form_required_blank", "him-lam", "E12"),
    ]


def test_an_index_of_the_circular_is_no_criterion_of_a_decision_that_counts_otherwise() -> None:
    decision, circular = installed()["qd-1187-2019"], installed()["tt-01-2018"]
    for written in ("CS6", "Chỉ số 6"):
        assert match_criterion(written, decision) is None
        found = match_criterion(written, circular)
        assert found is not None and found.id == "disclosure"
    for written in ("6", "Tiêu chí 6"):
        found = match_criterion(written, decision)
        assert found is not None and found.id == "desk"
