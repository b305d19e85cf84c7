"""The registry: which office a written name means, and what makes it unusable."""

import pytest
from offices import REGISTRY, export_bytes, full_row, totals

from pipeline import quarter
from pipeline.periods import Period
from pipeline.registry import RegistryError, UnitIndex, read_registry

Q1 = Period(2022, 1)


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
    assert what.startswith("units.csv: ") and says in what
    assert do in step and step.endswith("lưu lại dạng “CSV UTF-8” rồi chạy lại.")


def test_a_registry_from_excel() -> None:
    text = REGISTRY.replace(",", "\t").replace(";", ",").replace("\t", ";")
    frame = read_registry(("\ufeff" + text).encode())
    assert frame["unit_id"].tolist()[:2] == ["huyen", "phong-a"]


def test_dates_as_excel_saves_them() -> None:
    found = index("x,Xã Cũ,unit,xa,,,01/02/2020,31/12/2021,,\n").registry.iloc[-1]
    assert (found["valid_from"], found["valid_to"]) == ("2020-02-01", "2021-12-31")


def test_a_registry_without_its_columns_names_them() -> None:
    with pytest.raises(RegistryError, match=r"thiếu cột level\. Việc cần làm: ghi đủ tên các cột"):
        read_registry(b"unit_id,name,kind\na,b,unit\n")
    with pytest.raises(RegistryError, match=r"không ở dạng UTF-8\. Việc cần làm: mở tệp"):
        read_registry("unit_id,name,kind,level\na,Phòng Á,unit,xa\n".encode("cp1258", "replace"))
