"""Several files that are the same form: what they say alike counts once, what contradicts counts nowhere, one finding."""

import io

import pytest
from openpyxl import load_workbook
from repository import ROOT
from workbooks import saved

from pipeline.finding_catalogue import catalogue, units_set_aside
from pipeline.load.forms.fill_form import fill_form

SAMPLE = ROOT / "data/raw/2022-Q1"
FRAMES = (
    "supplement", "assessments", "corrections", "explanations", "officers", "documents", "report_fields", "printed",
    "printed_figures", "appraisals",
)  # fmt: skip
BS, COPY = "bo-sung.xlsx", "bo-sung (1).xlsx"


def sample(name):
    return (SAMPLE / name).read_bytes()


def changed(name, cells):
    """A form of the sample, saved again with other values: (sheet, cell) -> value."""
    book = load_workbook(io.BytesIO(sample(name)))
    for (sheet, cell), value in cells.items():
        book[sheet][cell] = value
    return saved(book)


def entries(frames):
    """Everything that was read, without the file that it was read from."""
    return {name: getattr(frames, name).drop(columns="source_file").to_numpy().tolist() for name in FRAMES}


@pytest.mark.parametrize("form", ["bo-sung.xlsx", "dieu-chinh.xlsx", "tu-cham.xlsx"])
@pytest.mark.parametrize("copy", ["{} (1).xlsx", "a/{} - bản sao.xlsx"])
def test_a_form_saved_again_is_one_notice_and_changes_nothing(read_forms, form, copy):
    alone = read_forms({form: sample(form)})
    name = copy.format(form.removesuffix(".xlsx"))
    both = read_forms({name: changed(form, {}), form: sample(form)})
    (notice,) = (f for f in both.findings if f.code.startswith("form_copies"))
    assert notice.code == "form_copies_agree" and catalogue()[notice.code].severity == "notice"
    assert form in str(notice.facts["files"]) and name in str(notice.facts["files"])
    others = [f for f in both.findings if f is not notice]
    assert [(f.code, f.cell) for f in others] == [(f.code, f.cell) for f in alone.findings]
    # the same entries; the order of the frame of a form is that of the files
    mine, theirs = entries(both), entries(alone)
    assert {n: sorted(map(str, rows)) for n, rows in mine.items()} == {
        n: sorted(map(str, rows)) for n, rows in theirs.items()
    }
    assert set(both.supplement["source_file"]) <= {form}


def test_copies_that_differ_are_one_finding_with_every_cell(read_forms):
    at = ("Số liệu bổ sung", "C7"), ("Số liệu bổ sung", "C8")
    both = read_forms({BS: sample(BS), COPY: changed(BS, {at[0]: 1, at[1]: 2})})
    alone = read_forms({BS: sample(BS)})
    (finding,) = both.findings
    assert finding.code == "form_copies_differ" and (finding.file, finding.cell) == (COPY, "C7")
    for file in (BS, COPY):
        for sheet, cell in at:
            assert f"{file}!{sheet}!{cell} ghi " in finding.found
    assert finding.facts["count"] == "2" and len(finding.units) == 2
    assert units_set_aside(both.findings) == set(finding.units)
    # the two cells count nowhere, all others once
    assert len(both.supplement) == len(alone.supplement) - 2
    assert {"C7", "C8"} & set(both.supplement["source_cell"]) == set()


def test_many_differences_are_counted_and_the_first_ones_named(read_forms):
    cells = {("Số liệu bổ sung", f"C{row}"): 1 for row in (*range(7, 17), *range(18, 30))}
    (finding,) = read_forms({BS: sample(BS), COPY: changed(BS, cells)}).findings
    count = int(str(finding.facts["count"]))
    assert count > 10 and finding.facts["more"] == f" và {count - 3} mục khác"
    assert str(finding.facts["shown"]).count(" ghi ") == 6 and finding.found.endswith(f"và {count - 10} mục khác")


def test_a_cell_that_one_copy_leaves_blank_is_used_and_reported(read_forms):
    both = read_forms({BS: sample(BS), COPY: changed(BS, {("Số liệu bổ sung", "C7"): None})})
    (finding,) = both.findings
    assert (finding.code, finding.facts["count"], finding.cell) == ("form_copies_partial", "1", "C7")
    assert catalogue()[finding.code].severity == "warning"
    assert len(both.supplement) == len(read_forms({BS: sample(BS)}).supplement)


def test_two_parts_of_a_form_are_used_both(read_forms, books):
    fill_form(books[BS], "BS-01", [{"unit": "Phòng Tư pháp", "contacted_never": 21}])
    first = saved(books[BS])
    del books[BS]
    fill_form(books[BS], "BS-01", [{"unit": "Phòng Kinh tế", "contacted_never": 7}])
    both = read_forms({BS: first, COPY: books[BS]})
    assert [f.code for f in both.findings] == ["form_copies_agree"]
    assert sorted(both.supplement["unit_id"]) == ["kinh-te", "tu-phap"]


def test_fields_of_the_report_that_differ_are_left_out_and_named_in_vietnamese(read_forms):
    both = read_forms({BS: sample(BS), COPY: changed(BS, {("Thông tin báo cáo", "B10"): "86/BC-UBND"})})
    (finding,) = both.findings
    assert finding.code == "form_copies_differ_unscored" and not units_set_aside(both.findings)
    assert "Số, ký hiệu báo cáo" in str(finding.facts["shown"]) and "report_number" not in str(finding.facts)
    assert "report_number" not in set(both.report_fields["field"])
    assert "place" in set(both.report_fields["field"])


def test_a_correction_that_two_copies_state_otherwise_is_not_applied(read_forms):
    form = "dieu-chinh.xlsx"
    both = read_forms({form: sample(form), "dieu-chinh (1).xlsx": changed(form, {("Điều chỉnh", "E6"): 26})})
    (finding,) = both.findings
    assert (finding.code, finding.unit_id) == ("form_copies_differ", "pa-khoang")
    assert both.corrections.empty and units_set_aside(both.findings) == {"pa-khoang"}


def test_the_same_slip_in_two_copies_is_reported_once(read_forms):
    wrong = changed(BS, {("Số liệu bổ sung", "C7"): "nhiều"})
    both = read_forms({BS: wrong, COPY: wrong})
    assert sorted(f.code for f in both.findings) == ["cell_not_a_count", "form_copies_agree"]
    assert next(f.file for f in both.findings if f.code == "cell_not_a_count") == BS


def test_three_copies_are_one_finding(read_forms):
    third = "bo-sung (2).xlsx"
    both = read_forms({BS: sample(BS), COPY: sample(BS), third: changed(BS, {("Số liệu bổ sung", "C7"): 1})})
    (finding,) = both.findings
    assert finding.code == "form_copies_differ" and finding.file == third
    assert all(f"{file}!" in finding.found for file in (BS, COPY, third))


def with_rows(books, form, sheet, rows):
    """A blank form with these rows, as bytes."""
    books.pop(form, None)
    fill_form(books[form], sheet, rows)
    return saved(books[form])


def test_explanations_of_two_copies_are_compared_unit_by_unit(books, read_forms):
    form, other = "giai-trinh.xlsx", "giai-trinh (1).xlsx"
    same = {"unit": "Phòng Tư pháp", "reason": "chờ phối hợp", "count": 3}
    mine = {"unit": "Phòng Kinh tế", "reason": "lỗi hệ thống", "count": 2}
    first = with_rows(books, form, "GT-01", [same, mine])
    agree = read_forms({form: first, other: with_rows(books, form, "GT-01", [mine, same])})
    assert [f.code for f in agree.findings] == ["form_copies_agree"]
    assert agree.explanations["unit_id"].tolist() == ["tu-phap", "kinh-te"]
    differ = read_forms({form: first, other: with_rows(books, form, "GT-01", [same, {**mine, "count": 1}])})
    (finding,) = differ.findings
    assert finding.code == "form_copies_differ_unscored" and "Phòng Kinh tế" in str(finding.facts["shown"])
    assert differ.explanations["unit_id"].tolist() == ["tu-phap"] and not units_set_aside(differ.findings)


@pytest.mark.parametrize(
    ("points", "code", "count"), [(1.84, "form_copies_agree", 1), (2, "form_copies_differ_unscored", 0)]
)
def test_appraisals_of_two_copies(books, read_forms, points, code, count):
    form = "tham-dinh.xlsx"

    def appraised(value):
        books.pop(form, None)
        sheet = books[form]["Thẩm định"]
        row = next(r for r in range(1, 60) if sheet.cell(r, 1).value == "Phòng Tư pháp")
        for column, text in ((6, value), (7, "đã xem"), (8, "Công chức 1")):
            sheet.cell(row, column).value = text
        return saved(books[form])

    read = read_forms({form: appraised(1.84), "tham-dinh (1).xlsx": appraised(points)})
    assert [f.code for f in read.findings] == [code] and len(read.appraisals) == count
