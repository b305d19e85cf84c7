"""The office's own file: what it gives, and that a fault is named with its line, its key and what to do."""

import datetime as dt

import pytest

from pipeline.office_file import OfficeFileError, read_office
from pipeline.toml_lines import line_of

TEXT = """\
# Tệp của văn phòng
name = "UBND thành phố A"
province = "Điện Biên"
rulebook = "qd-1187-2019"

[levels.huyen]
form_unit = "UBND TP A"
[levels.xa]

[report]
signer_title = ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
on_behalf = "TM. ỦY BAN NHÂN DÂN"
recipients = [
  "Văn phòng UBND tỉnh",
  # sau dòng này
  "Lưu: VT",
]

[[documents]]
role = "basis"
title = "Quyết định"
number = "1187/QĐ-UBND"
issued_on = 2019-11-13
[[documents]]
role = "guidance"
title = "Hướng dẫn"
number = "105/VPUB-KSTT"
"""


def test_a_whole_file() -> None:
    office = read_office(TEXT.encode())
    assert (office.name, office.province, office.rulebook) == ("UBND thành phố A", "Điện Biên", "qd-1187-2019")
    assert list(office.levels) == ["huyen", "xa"]
    assert office.levels["huyen"].form_unit == "UBND TP A"
    assert office.report.signer_title == ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    assert office.report.on_behalf == ("TM. ỦY BAN NHÂN DÂN",)
    assert office.report.recipients == ("Văn phòng UBND tỉnh", "Lưu: VT")
    assert [d.issued_on for d in office.documents] == [dt.date(2019, 11, 13), None]


def test_only_name_and_province_are_needed() -> None:
    office = read_office('\ufeffname = "Sở A"\r\nprovince = "Tỉnh Lai Châu"\r\n'.encode())
    assert (office.rulebook, office.levels, office.documents, office.report.place) == ("", {}, (), "")


def test_text_is_composed_and_keeps_its_lines() -> None:
    office = read_office('name = "Uy\u0309 ban"\nprovince = "Huế"\nreport.signer_title = "KT. CHỦ TỊCH\\nPHÓ"'.encode())
    assert office.name == "Uỷ ban"
    assert office.report.signer_title == ("KT. CHỦ TỊCH", "PHÓ")


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ('province = "Điện Biên"\n', "", "mục province", "chưa có mục này"),
        ("name =", "ten =", "dòng 2, mục ten", "các mục có ở đây: name, province, rulebook, levels"),
        ('name = "UBND thành phố A"', 'name = " "', "dòng 2, mục name", "để trống"),
        ('rulebook = "qd-1187-2019"', "rulebook = 1187", "dòng 4, mục rulebook", "không phải chữ"),
        ('rulebook = "qd-1187-2019"', 'rulebook = "qd', "dòng 4", "cú pháp TOML"),
        ("form_unit", "form_units", "dòng 7, mục form_units", "form_unit, unit_group, disclosure_note"),
        ("[levels.xa]", "levels.xa = 3", "dòng 8, mục levels", "unit_group"),
        ("[levels.xa]", "[levels]\nxa = 3", "dòng 9, mục xa", "không phải nhóm mục"),
        ("[report]", "[reports]", "dòng 10, mục reports", "report"),
        ("recipients = [", "noi_nhan = [", "dòng 13, mục noi_nhan", "recipients"),
        ('  "Lưu: VT",', "  5,", "dòng 13, mục recipients", "không phải chữ"),
        ("[[documents]]\nrole = \"guidance\"", "[[documents]]\nso = 1\nrole = \"guidance\"", "dòng 25, mục so", "issued_on"),
        ('role = "guidance"', 'role = "huong dan"', "dòng 25, mục role", "guidance (hướng dẫn)"),
        ("2019-11-13", '"ngày 13/11/2019"', "dòng 23, mục issued_on", "không phải ngày"),
        ("2019-11-13", "2019-11-13T10:00:00", "dòng 23, mục issued_on", "không phải ngày"),
        ('title = "Hướng dẫn"\n', "", "dòng 24, mục title", "chưa có mục này"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_line_and_key(old: str, new: str, where: str, what: str) -> None:
    assert old in TEXT
    with pytest.raises(OfficeFileError) as caught:
        read_office(TEXT.replace(old, new, 1).encode())
    place, _, rest = str(caught.value).partition(": ")
    assert place == f"office.toml, {where}"
    assert what in rest
    assert "Việc cần làm: " in rest


def test_text_in_another_encoding_is_named() -> None:
    with pytest.raises(OfficeFileError, match="UTF-8"):
        read_office(TEXT.encode("utf-16"))


def test_the_line_of_a_statement_of_several_lines_is_its_first() -> None:
    text = 'a = """\nb = 1\n"""\n\n# lời\nb = [\n  1,\n  2,\n]\nc = 3\n'
    assert [line_of(text, [key]) for key in ("a", "b", "c", "d")] == [1, 6, 10, 0]


@pytest.mark.parametrize(
    "text",
    ["Điện Biên", "tỉnh Điện Biên", "UBND tỉnh Điện Biên", "ĐIỆN BIÊN", "Dien Bien", "T. Điện Biên", "Tỉnh: Điện Biên", "Điện-Biên", "Điện Biên, Việt Nam"],
)  # fmt: skip
def test_a_province_is_known_however_it_is_written(text: str) -> None:
    assert read_office(f'name = "A"\nprovince = "{text}"\n'.encode()).province == "Điện Biên"


@pytest.mark.parametrize(("text", "near"), [("Điện Bien Phủ", "Điện Biên"), ("Hà Nôị 1", "Hà Nội"), ("Xyz", "")])
def test_a_province_that_is_none_is_refused_with_the_nearest(text: str, near: str) -> None:
    with pytest.raises(OfficeFileError, match=f"dòng 2, mục province.*không phải tên một tỉnh.*{near}"):
        read_office(f'name = "A"\nprovince = "{text}"\n'.encode())


@pytest.mark.parametrize(
    "text", ['[classes]\nbands = [{ name = "A", from = "1/0" }]\n', "x = " + "[" * 5000 + "]" * 5000]
)
def test_what_no_person_writes_is_a_fault_of_the_file(text: str) -> None:
    with pytest.raises(OfficeFileError):
        read_office(f'name = "A"\nprovince = "Huế"\n{text}'.encode())
