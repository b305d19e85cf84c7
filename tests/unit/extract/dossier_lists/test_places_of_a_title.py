"""A list under the name of one unit with a column of places: the places are that unit's, or the office is asked."""

from collections.abc import Callable

import pytest
from workbooks import of_rows

from pipeline.extract.period import FilesReading, read_files
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry

HEAD = ["Mã hồ sơ", "Xã / Phường", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Trạng thái"]
Read = Callable[[list[str], str, list[str]], FilesReading]


@pytest.fixture
def read(period: Period, registry_csv: bytes) -> Read:
    """Names of the units of an office, the title of a list, the places in its rows -> the reading."""
    head, level, unit = registry_csv.decode().splitlines()[:3]
    fields = head.split(",")

    def reading(names: list[str], title: str, places: list[str]) -> FilesReading:
        own = dict(zip(fields, unit.split(","), strict=True))
        units = [",".join({**own, "unit_id": f"u{i}", "name": n, "aliases": ""}.values()) for i, n in enumerate(names)]
        index = UnitIndex(read_registry("\n".join([head, level, *units]).encode()), period)
        rows = [
            [f"H18.12-220110-{i:04d}", place, "10/01/2022", "20/01/2022", "19/01/2022", "Đã trả kết quả"]
            for i, place in enumerate(places * 3)
        ]
        data = of_rows([[f"DANH SÁCH HỒ SƠ CỦA {title}"], HEAD, *rows])
        return read_files({"a.xlsx": data}, period, index, vocabulary())

    return reading


@pytest.mark.parametrize(
    ("names", "title", "places"),
    [
        (["Phường 1", "Phường 10"], "PHƯỜNG 10", ["Phường 1", "Phường 10"]),
        (["Xã Tân An", "Xã Tân An Hội"], "XÃ TÂN AN HỘI", ["Tân An", "Tân An Hội"]),
        (["Xã Tân An", "Xã Đông Tân An"], "XÃ ĐÔNG TÂN AN", ["Tân An"]),
        (["Xã Tạ An", "Xã Tà An"], "XÃ TẠ AN", ["Tà An"]),
    ],
)
def test_other_places_are_not_counted_for_the_title(
    read: Read, names: list[str], title: str, places: list[str]
) -> None:
    reading = read(names, title, places)
    assert ([f.code for f in reading.findings], reading.counts.places) == (["layout_open"], {})


@pytest.mark.parametrize("place", ["Tân An", "Xã Tân An", "Tan An"])
def test_the_place_of_the_title_is_counted_for_it(read: Read, place: str) -> None:
    reading = read(["Xã Tân An", "Xã Bình Lộc"], "XÃ TÂN AN", [place])
    assert ([f.code for f in reading.findings], set(reading.counts.places)) == ([], {"u0"})
