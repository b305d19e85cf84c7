"""The registry: which office a written name means, and what makes it unusable."""

import datetime as dt
from collections.abc import Sequence

import pytest
from offices import REGISTRY, export_bytes, full_row, totals
from openpyxl import Workbook
from workbooks import saved

from pipeline import quarter
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.registry_file import RegistryError, read_registry

Q1 = Period(2022, 1)
HEADINGS = ("Mã", "Tên đơn vị", "Loại", "Cấp", "Tên khác", "Từ ngày", "Đến ngày")


def index(extra: str = "", period: Period = Q1) -> UnitIndex:
    return UnitIndex(read_registry((REGISTRY + extra).encode()), period)


@pytest.mark.parametrize(
    "written",
    ["Xã Đông Ê", "xã đông ê", "UBND xã Đông Ê", "ỦY BAN NHÂN DÂN XÃ ĐÔNG Ê", "Uỷ ban nhân dân xã Đông Ê", " - Xã  Đông Ê ", "– Xã Đông Ê:",
     "Xa\u0303 Đo\u0302ng E\u0302", "X. Đông Ê", "Xã\u00a0Đông\u00a0Ê", "Xã Đông Ê\u200b", "xa-e"],
)  # fmt: skip
def test_ways_of_writing_one_name(written: str) -> None:
    assert index().resolve(written).unit_id == "xa-e"


def test_letters_that_look_alike() -> None:
    found = index("xa-ma,Xã Mường Phăng,unit,xa,,,,,,\n").resolve("Xã Mường Phǎng")
    assert found.unit_id == "xa-ma"


@pytest.mark.parametrize("written", ["Đông Ê", "Xã Đông E", "Xã Dông Ê", "Phòng"])
def test_near_is_not_the_same(written: str) -> None:
    assert index().resolve(written).unit_id == ""


def test_near_names_are_suggested_never_taken() -> None:
    found = index().resolve("Xã Đông E")
    assert (found.unit_id, found.near[0]) == ("", "Xã Đông Ê")


def test_a_name_of_two_times() -> None:
    extra = "xa-d-moi,Xã D,unit,xa,,,2025-07-01,,,\n"
    assert index(extra).resolve("Xã D").unit_id == "xa-d"
    assert index(extra, Period(2025, 4)).resolve("Xã D").unit_id == "xa-d-moi"
    assert set(index(extra, Period(2025, 3)).resolve("Xã D").candidates) == {"xa-d", "xa-d-moi"}


def test_a_name_the_registry_ignores_counts_for_nobody_but_in_the_total() -> None:
    rows = [full_row(1, "Phòng A", 1, 2, 0, 3, 0, 0), full_row(2, "account không đúng", 0, 4, 0, 4, 0, 0)]
    data = export_bytes([*rows, totals(rows)])
    registry = (REGISTRY + "sai,account không đúng,ignore,,,,,,,\n").encode()
    result = quarter.check(quarter.read_period(Q1, {"a.xlsx": data}, registry))
    codes = set(result.findings["code"]) - {"unit_missing", "level_without_units"}
    assert codes == {"row_ignored"}
    assert set(result.counts["unit_id"]) == {"phong-a"}
    assert "sai" not in set(result.entities["unit_id"])


@pytest.mark.parametrize(
    ("change", "says", "do"),
    [
        ("x,Phòng A,unit,huyen,,,,,,\n", "hai đơn vị", "aliases"),
        ("x,Tên,unit,huyen,khong-co,,,,,\n", "khong-co", "thành mã"),
        ("x,Tên,unit,tinh,,,,,,\n", "tinh", "thêm dòng của cấp này"),
        ("x,Tên,unit,,,,,,,\n", "thiếu cấp", "ghi cấp"),
        ("x,Tên,unit,xa,,,2025-01-01,2024-01-01,,\n", "2024-01-01", "sửa hai ngày"),
        ("x,Tên,unit,xa,,,2025-13-01,,,\n", "2025-13-01", "ghi lại ngày"),
        ("x,Tên,loại khác,xa,,,,,,\n", "loại khác", "unit, level hoặc ignore"),
        ("phong-a,Tên,unit,xa,,,,,,\n", "phong-a", "mỗi mã một dòng"),
        (",Tên,unit,xa,,,,,,\n", "unit_id", "chữ thường không dấu"),
        ("huyen-2,Cấp hai,level,huyen,,,,,,\n", "hai lần", "xoá dòng kia"),
    ],
)
def test_a_registry_that_contradicts_itself_is_refused_with_what_to_do(change: str, says: str, do: str) -> None:
    with pytest.raises(RegistryError) as refused:
        index(change)
    what, _, step = str(refused.value).partition(" Việc cần làm: ")
    assert what.startswith("units.csv, dòng ") and "dòng 10" in what.partition(":")[0] and says in what
    assert do in step and step.endswith("lưu lại dạng “CSV UTF-8” rồi chạy lại.")


def test_a_registry_from_excel() -> None:
    text = REGISTRY.replace(",", "\t").replace(";", ",").replace("\t", ";")
    frame = read_registry(("\ufeff" + text).encode())
    assert frame["unit_id"].tolist()[:2] == ["huyen", "phong-a"]


def workbook(*rows: Sequence[object], headings: Sequence[str] = HEADINGS) -> bytes:
    """A registry as an office keeps it in Excel: a title above the headings, a blank row between the rows."""
    book = Workbook()
    sheet = book.active
    sheet.append(["Danh mục đơn vị"])
    sheet.append(list(headings))
    for row in (
        ("huyen", "Cấp huyện", "cấp", "huyen"),
        ("phong-a", "Phòng A", "đơn vị", "huyen", "P. A; Phòng An"),
        (),
        *rows,
    ):
        sheet.append(list(row))
    return saved(book)


def test_a_registry_in_a_workbook() -> None:
    day = dt.datetime(2025, 6, 30)
    frame = read_registry(workbook(("phong-b", "Phòng B", "Đơn vị", "huyen", None, dt.date(2020, 2, 1), day)))
    assert frame["unit_id"].tolist() == ["huyen", "phong-a", "phong-b"]
    assert frame["kind"].tolist() == ["level", "unit", "unit"]
    assert frame["aliases"].tolist() == ["", "P. A; Phòng An", ""]
    assert frame.iloc[-1][["valid_from", "valid_to"]].tolist() == ["2020-02-01", "2025-06-30"]


def test_a_registry_in_a_workbook_may_have_the_headings_of_the_csv_file() -> None:
    frame = read_registry(workbook(headings=["unit_id", "name", "kind", "level", "aliases"]))
    assert frame["unit_id"].tolist() == ["huyen", "phong-a"]
    assert frame["valid_from"].tolist() == ["", ""]


@pytest.mark.parametrize(
    ("row", "cell", "says"),
    [
        (("phong-b", "Phòng A", "đơn vị", "huyen"), "ô B4; ô B6", "hai đơn vị"),
        (("phong-b", "Phòng B", "đơn vị", "xa"), "ô D6", "cấp “xa”"),
        (("phong b", "Phòng B", "đơn vị", "huyen"), "ô A6", "phong b"),
        (("phong-b", "Phòng B", "phòng", "huyen"), "ô C6", "phòng"),
        (("phong-b", "Phòng B", "đơn vị", "huyen", "", "tháng 6"), "ô F6", "tháng 6"),
        (("phong-b", "=NA()", "đơn vị", "huyen"), "ô B6", "NA()"),
    ],
)
def test_a_workbook_that_contradicts_itself_is_refused_with_the_cell(
    row: Sequence[object], cell: str, says: str
) -> None:
    with pytest.raises(RegistryError) as refused:
        read_registry(workbook(row))
    what, _, step = str(refused.value).partition(" Việc cần làm: ")
    assert what.startswith(f"units.xlsx, {cell}: ")
    assert says in what
    assert step.endswith("lưu lại rồi chạy lại.")


def test_a_workbook_without_the_headings_names_them() -> None:
    with pytest.raises(RegistryError, match=r"units\.xlsx: thiếu cột unit_id \(“Mã”\)"):
        read_registry(workbook(headings=["Ký hiệu", "Tên đơn vị", "Loại", "Cấp"]))


def test_an_old_or_locked_workbook_is_named() -> None:
    with pytest.raises(RegistryError, match=r"units\.xlsx: không phải tệp \.xlsx"):
        read_registry(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def test_dates_as_excel_saves_them() -> None:
    found = index("x,Xã Cũ,unit,xa,,,01/02/2020,31/12/2021,,\n").registry.iloc[-1]
    assert (found["valid_from"], found["valid_to"]) == ("2020-02-01", "2021-12-31")


def test_a_registry_without_its_columns_names_them() -> None:
    with pytest.raises(RegistryError, match=r"thiếu cột level \(“Cấp”\)\. Việc cần làm: ghi đủ tên các cột"):
        read_registry(b"unit_id,name,kind\na,b,unit\n")
    with pytest.raises(RegistryError, match=r"không ở dạng UTF-8\. Việc cần làm: mở tệp"):
        read_registry("unit_id,name,kind,level\na,Phòng Á,unit,xa\n".encode("cp1258", "replace"))


def test_lines_that_end_with_cr_alone_are_lines(registry_csv: bytes) -> None:
    assert len(read_registry(registry_csv.replace(b"\r\n", b"\n").replace(b"\n", b"\r"))) == len(
        read_registry(registry_csv)
    )


#: a merger on 1/7/2025: the new commune keeps the name of one of the old ones
MERGED = (
    "xa-f-cu,Xã F,unit,xa,,,,2025-06-30,,,,\n"
    "xa-g,Xã G,unit,xa,,,,2025-06-30,,,,\n"
    "xa-f-moi,Xã F,unit,xa,,,2025-07-01,,,Xã F; xa-g,H18.99,\n"
)
WITH_ORIGIN = REGISTRY.replace("successor,note", "successor,formed_from,code,note", 1)


def merged(text: str, period: Period) -> UnitIndex:
    head, *rows = WITH_ORIGIN.splitlines()
    rows = [f"{row.rpartition(',')[0]},,,{row.rpartition(',')[2]}" for row in rows]
    return UnitIndex(read_registry("\n".join([head, *rows, text]).encode()), period)


def test_a_name_that_was_another_place_before_is_another_unit() -> None:
    assert merged(MERGED, Period(2025, 2)).resolve("UBND xã F").unit_id == "xa-f-cu"
    assert merged(MERGED, Period(2025, 4)).resolve("UBND xã F").unit_id == "xa-f-moi"


def test_a_code_of_the_portal_is_the_unit_that_has_it_now() -> None:
    assert merged(MERGED, Period(2026, 1)).resolve("h18.99").unit_id == "xa-f-moi"
    assert merged(MERGED, Period(2025, 1)).resolve("H18.99").unit_id == ""


@pytest.mark.parametrize(
    ("change", "says", "do"),
    [
        (("2025-07-01,,,Xã F", ",,,Xã G"), "không có ngày thành lập", "cột valid_from"),
        (("Xã G,unit,xa,,,,2025-06-30", "Xã G,unit,xa,,,,"), "hình thành từ xa-g", "ngày cuối cùng"),
        (("Xã G,unit,xa,,,,2025-06-30", "Xã G,unit,xa,,,,2025-07-01"), "hình thành từ xa-g", "ngày cuối cùng"),
        (("2025-06-30,,,,\nxa-f-moi", "2025-06-30,,,H18.99,\nxa-f-moi"), "hai đơn vị", "chưa rõ mã thì để trống"),
    ],
)
def test_a_unit_formed_from_others_begins_when_they_ended(change: tuple[str, str], says: str, do: str) -> None:
    assert change[0] in MERGED
    with pytest.raises(RegistryError) as refused:
        merged(MERGED.replace(*change), Period(2026, 1))
    assert says in str(refused.value) and do in str(refused.value)
