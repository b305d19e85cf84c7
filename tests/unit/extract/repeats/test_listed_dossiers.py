"""A count table and a dossier list of the same units, and count tables of different measures."""

import pytest

from pipeline.extract.count_records import repeated_units
from pipeline.extract.period import FilesReading, read_files
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.periods import Period
from pipeline.registry import UnitIndex

PERIOD_LINE = "Từ ngày 15/12/2021 đến ngày 14/03/2022"
UNITS = ("Phòng A", "Phòng B")


def dossiers(*, more_late: int = 0) -> str:
    """A list of two units: each has two early dossiers, one late one, one that is pending."""
    lines = [
        "DANH SÁCH HỒ SƠ",
        PERIOD_LINE,
        "Mã hồ sơ,Đơn vị,Ngày tiếp nhận,Ngày hẹn trả,Ngày kết thúc xử lý,Trạng thái",
    ]
    for u, unit in enumerate(UNITS):
        ends = ["18/01/2022", "19/01/2022", "25/01/2022", *["26/01/2022"] * (more_late if u else 0), ""]
        for i, end in enumerate(ends):
            state = "Đã trả kết quả" if end else "Đang xử lý"
            lines.append(f"H18.{u}-220110-{i:04d},{unit},10/01/2022,20/01/2022,{end},{state}")
    return "\n".join(lines)


def table(title: str, head: str, *rows: str, time: str = PERIOD_LINE) -> str:
    return "\n".join(
        [
            title,
            time,
            f"STT,Đơn vị,{head}",
            *(f"{i},{u},{r}" for i, (u, r) in enumerate(zip(UNITS, rows, strict=True), 1)),
        ]
    )


WHOLE = table(
    "TỔNG HỢP KẾT QUẢ GIẢI QUYẾT HỒ SƠ",
    "Tổng số tiếp nhận,Đã giải quyết trước hạn,Đã giải quyết đúng hạn,Đã giải quyết quá hạn,Đang giải quyết trong hạn,Đang giải quyết quá hạn",
    *["4,2,0,1,0,1"] * 2,
)
RESOLVED = table(
    "KẾT QUẢ GIẢI QUYẾT HỒ SƠ", "Đã giải quyết trước hạn,Đã giải quyết đúng hạn,Đã giải quyết quá hạn", *["2,0,1"] * 2
)


def pending(*rows: str, time: str = PERIOD_LINE) -> str:
    head = "Đang giải quyết - Tổng số,Đang giải quyết trong hạn,Đang giải quyết quá hạn"
    return table("TÌNH HÌNH GIẢI QUYẾT HỒ SƠ", head, *rows, time=time)


def read(period: Period, index: UnitIndex, **files: str) -> FilesReading:
    return read_files({f"{name}.csv": text.encode() for name, text in files.items()}, period, index, vocabulary())


def codes(reading: FilesReading, index: UnitIndex) -> set[str]:
    repeated = repeated_units(reading.counts, index, reading.files_set_aside())[1]
    return {f.code for f in [*reading.findings, *reading.counts.findings, *repeated]} - {"table_settled"}


def late(reading: FilesReading) -> dict[str, int]:
    frame = reading.counts.frame(reading.files_set_aside())
    return frame.loc[frame["measure"] == "resolved_late"].groupby("unit_id")["value"].sum().to_dict()


@pytest.mark.parametrize("names", [("bang", "danh-sach"), ("tong-hop", "chi-tiet")])
def test_a_list_that_says_what_a_table_says_counts_once(
    period: Period, index: UnitIndex, names: tuple[str, str]
) -> None:
    reading = read(period, index, **dict(zip(names, (WHOLE, dossiers()), strict=True)))
    assert (codes(reading, index), late(reading)) == ({"table_counted_elsewhere"}, {"phong-a": 1, "phong-b": 1})
    assert {b.file for b in reading.counts.blocks if b.kept.any()} == {f"{names[0]}.csv"}


def test_a_unit_of_which_list_and_table_differ_is_a_conflict(period: Period, index: UnitIndex) -> None:
    reading = read(period, index, bang=WHOLE, danh_sach=dossiers(more_late=1))
    repeated = repeated_units(reading.counts, index, reading.files_set_aside())[1]
    assert [(f.code, f.unit_id) for f in repeated] == [("unit_repeated", "phong-b")]


def test_tables_of_different_measures_are_joined(period: Period, index: UnitIndex) -> None:
    reading = read(period, index, da_giai_quyet=RESOLVED, dang_giai_quyet=pending("1,0,1", "1,0,1"))
    frame = reading.counts.frame(reading.files_set_aside())
    of_a = frame.loc[frame["unit_id"] == "phong-a"].set_index("measure")
    assert codes(reading, index) == {"tables_joined"}
    assert of_a["value"].to_dict() == {
        "resolved_early": 2,
        "resolved_on_time": 0,
        "resolved_late": 1,
        "pending_total": 1,
        "pending_in_time": 0,
        "pending_overdue": 1,
    }
    assert of_a["source_file"].to_dict()["pending_total"] == "dang_giai_quyet.csv"


RECEIVED = "Tổng số tiếp nhận,Tiếp nhận trực tuyến,Tiếp nhận trực tiếp,Kỳ trước chuyển qua"
RESOLVED_TOTAL = "Tổng số đã giải quyết,Đã giải quyết trước hạn,Đã giải quyết đúng hạn,Đã giải quyết quá hạn"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # a measure in both, with other numbers
        (
            RESOLVED,
            table("TÌNH HÌNH GIẢI QUYẾT HỒ SƠ", f"Tổng số tiếp nhận,{RESOLVED_TOTAL}", "9,3,2,0,1", "9,3,1,1,1"),
        ),
        # of another time
        (RESOLVED, pending("1,0,1", "1,0,1", time="Từ ngày 15/12/2021 đến ngày 14/01/2022")),
        # received is not what is resolved and pending
        (
            table("TÌNH HÌNH TIẾP NHẬN HỒ SƠ", RECEIVED, "9,5,3,1", "9,5,3,1"),
            table(
                "TÌNH HÌNH GIẢI QUYẾT HỒ SƠ",
                f"{RESOLVED_TOTAL},Đang giải quyết - Tổng số,Đang giải quyết trong hạn,Đang giải quyết quá hạn",
                *["3,2,0,1,1,0,1"] * 2,
            ),
        ),
    ],
)
def test_tables_that_do_not_complete_each_other_are_not_joined(
    period: Period, index: UnitIndex, first: str, second: str
) -> None:
    found = codes(read(period, index, a=first, b=second), index)
    assert "tables_joined" not in found and found & {"unit_repeated", "table_counted_elsewhere"}
