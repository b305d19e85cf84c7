"""What a list is asked for, what is proven or refused, and what the answer of the office makes of it."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
import pytest
from workbooks import saved

from pipeline.extract.period import FilesReading, read_files
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.layouts.confirmed import NONE_CONFIRMED, ConfirmedLayout, ConfirmedLayouts
from pipeline.periods import Period
from pipeline.registry import UnitIndex

HEAD = ["Mã hồ sơ", "Đơn vị", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Trạng thái"]
Answers = dict[tuple[str, str], str]
Read = Callable[..., FilesReading]


def dossier(i: int, end: str | None = "19/01/2022", status: str = "Đã trả kết quả", unit: str = "Phòng A") -> list[Any]:
    return [f"H18.12-220110-{i:04d}", unit, "10/01/2022", "20/01/2022", end, status]


def book(*sheets: Sequence[Sequence[Any]], tabs: Sequence[str] = (), merged: Sequence[str] = ()) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for i, rows in enumerate(sheets):
        sheet = workbook.create_sheet(tabs[i] if tabs else f"Trang {i}")
        for row in rows:
            sheet.append(row)
        for cells in merged:
            sheet.merge_cells(cells)
    return saved(workbook)


@pytest.fixture
def read(period: Period, index: UnitIndex) -> Read:
    """Files -> the reading; with `answers` as the office gives them after the first one."""

    def reading(*files: bytes, answers: Answers | None = None) -> FilesReading:
        named = {f"{i}.xlsx": data for i, data in enumerate(files)}
        first = read_files(named, period, index, vocabulary(), confirmed=NONE_CONFIRMED)
        if answers is None:
            return first
        labels = first.layouts[0].labels
        layout = ConfirmedLayout("ds", "list", labels, answers, "Công chức 1", dt.date(2022, 3, 20))  # type: ignore[arg-type]
        return read_files(named, period, index, vocabulary(), confirmed=ConfirmedLayouts([layout]))

    return reading


def codes(reading: FilesReading) -> list[str]:
    return [f.code for f in [*reading.findings, *reading.counts.findings]]


def counts(reading: FilesReading, unit: str = "phong-a") -> dict[str, int]:
    frame = reading.counts.frame(reading.files_set_aside())
    sums = frame.loc[(frame["unit_id"] == unit) & (frame["value"] > 0)].groupby("measure")["value"].sum()
    return {str(m).removeprefix("resolved_"): int(v) for m, v in sums.items()}


def test_result_beside_handing_over_is_asked_and_then_read(read: Read) -> None:
    head = [*HEAD[:4], "Ngày có kết quả", "Ngày trả kết quả"]
    data = book([head, *([*dossier(i)[:4], "20/01/2022", "24/01/2022"] for i in range(3))])
    asked = read(data)
    assert (codes(asked), counts(asked)) == (["layout_open"], {})
    (decision,) = asked.layouts[0].open
    assert (decision.subject, [o.value for o in decision.options]) == (
        "end_date",
        ["ngày có kết quả", "ngày trả kết quả"],
    )
    assert decision.examples == ("20/01/2022 – 24/01/2022",) * 3
    for chosen, how in (("ngày có kết quả", "on_time"), ("ngày trả kết quả", "late")):
        answered = read(data, answers={("end_date", "end_date"): chosen})
        assert (codes(answered), counts(answered)[how]) == (["layout_confirmed"], 3)
    assert "Công chức 1, 20/3/2022" in str(read(data, answers={("end_date", "end_date"): "ngày có kết quả"}).findings)


def test_the_completion_is_asked_where_it_is_blank_or_after_the_handing_over(read: Read) -> None:
    head = [*HEAD[:4], "Hoàn thành", "Ngày trả KQ"]
    for end in (None, "25/01/2022"):
        asked = read(book([head, *([*dossier(i)[:4], end, "24/01/2022"] for i in range(5))]))
        assert codes(asked) == ["layout_open"]


def test_deadline_states_prove_the_result(read: Read) -> None:
    head = [*HEAD[:4], "Ngày có kết quả", "Ngày trả kết quả", "Tình trạng"]
    rows = [[*dossier(i)[:4], "20/01/2022", "24/01/2022", "Đúng hạn"] for i in range(6)]
    reading = read(book([head, *rows]))
    assert (codes(reading), counts(reading)["on_time"]) == ([], 6)
    assert [(d.topic, d.ground) for d in reading.layouts[0].decisions if d.ground == "proven"] == [
        ("end_date", "proven")
    ]
    # that the portal measures at the handing over does not make it right
    late = [[*row[:-1], "Quá hạn 4 ngày"] for row in rows]
    assert codes(read(book([head, *late]))) == ["layout_open"]


def test_dates_that_the_states_of_the_list_contradict_are_asked(read: Read) -> None:
    head = [*HEAD, "Tình trạng hạn"]
    head[-1] = "Tình trạng"
    rows = [[*dossier(i, "24/01/2022"), "Đúng hạn"] for i in range(5)]
    asked = read(book([head, *rows]))
    assert codes(asked) == ["layout_open"] and "5 trên 5" in str(asked.findings[0].facts["why"])
    answered = read(book([head, *rows]), answers={("end_date", "end_date"): "ngày kết thúc xử lý"})
    assert (codes(answered), counts(answered)["late"]) == (["layout_confirmed"], 5)
    # open dossiers that have all ended
    assert codes(read(book([HEAD, *(dossier(i, status="Đang xử lý") for i in range(4))]))) == ["layout_open"]


def test_a_column_of_deadline_states_only_is_no_status(read: Read) -> None:
    rows = [dossier(1, status="Trước hạn"), dossier(2, "21/01/2022", "Quá hạn 1 ngày"), dossier(3, None, "Còn hạn")]
    reading = read(book([HEAD, *rows]))
    assert codes(reading) == [] and counts(reading)["early"] == counts(reading)["late"] == 1
    assert counts(reading)["pending_total"] == 1


@pytest.mark.parametrize(
    ("status", "meaning", "measure"),
    [("Đã hủy", "left_out", ""), ("Đã hủy", "done", "early"), ("Từ chối giải quyết", "withdrawn", "on_time")],
)
def test_an_unknown_status_costs_its_unit_until_it_is_answered(
    read: Read, status: str, meaning: str, measure: str
) -> None:
    data = book([HEAD, dossier(1, "15/01/2022", status), dossier(2, "20/01/2022"), dossier(3, unit="Phòng B")])
    asked = read(data)
    assert [(f.code, f.unit_id) for f in asked.counts.findings] == [("layout_open_unit", "phong-a")]
    answered = read(data, answers={("status", status.casefold()): meaning})
    assert codes(answered) == ["layout_confirmed"]
    assert counts(answered)["received_total"] == (1 if meaning == "left_out" else 2)
    assert not measure or counts(answered)[measure] == (2 if measure == "on_time" else 1)


def test_an_end_before_the_reception_is_refused_with_the_rows(read: Read) -> None:
    data = book([HEAD, *(dossier(i, "02/01/2022", "Đã hủy") for i in range(3)), dossier(9, unit="Phòng B")])
    refused = read(data, answers={("end_date", "end_date"): "ngày kết thúc xử lý"})
    assert codes(refused) == ["layout_contradicted"] and "dòng 2, 3, 4" in str(refused.findings[0].facts["why"])
    assert counts(refused, "phong-b") == {}


@pytest.mark.parametrize(("meaning", "end"), [("open", "15/01/2022"), ("waiting", "15/01/2022"), ("done", None)])
def test_a_status_that_the_dates_contradict_is_asked_again(read: Read, meaning: str, end: str | None) -> None:
    """Only the unit with such dossiers waits; the answer is named and not used."""
    data = book([HEAD, *(dossier(i, end, "Đã hủy") for i in range(3)), dossier(9, unit="Phòng B")])
    refused = read(data, answers={("status", "đã hủy"): meaning})
    assert set(codes(refused)) == {"layout_answer_refused", "layout_open_unit"}
    (warning,) = [f for f in refused.findings if f.code == "layout_answer_refused"]
    assert "dòng 2, 3, 4" in str(warning.facts["why"])
    (question,) = refused.layouts[0].open
    assert question.reason.startswith("trái với số liệu: ") and question.meaning == ""
    assert counts(refused, "phong-b")["received_total"] == 1


def test_a_status_that_may_name_a_person_is_asked_by_its_row(read: Read) -> None:
    asked = read(book([HEAD, dossier(1, status="Hồ Văn Một"), dossier(2)]))
    (decision,) = asked.layouts[0].open
    assert "Một" not in str(asked) and "một" not in str(decision).casefold().replace("một phần", "")
    assert "dòng 2" in decision.reason


@pytest.mark.parametrize(
    ("one", "other", "codes_of"),
    [
        ("Đơn vị giải quyết", "Đơn vị tiếp nhận", ["layout_open"]), ("Cơ quan xử lý", "Nơi nhận hồ sơ", ["layout_open"]),
        ("Đơn vị", "Đơn vị nộp", []), ("Phòng ban", "Cơ quan cấp trên", []), ("Đơn vị thụ lý", "Người tiếp nhận", []),
    ],
)  # fmt: skip
def test_two_offices(read: Read, one: str, other: str, codes_of: list[str]) -> None:
    head = [*HEAD, other]
    head[1] = one
    data = book([head, *([*dossier(i), "Phòng B"] for i in range(3))])
    asked = read(data)
    assert (codes(asked), bool(counts(asked))) == (codes_of, not codes_of)
    if codes_of:
        for chosen, unit in ((one, "phong-a"), (other, "phong-b")):
            answered = read(data, answers={("office", "office"): chosen.casefold()})
            assert (codes(answered), counts(answered, unit)["received_total"]) == (["layout_confirmed"], 3)


def test_offices_that_agree_or_of_which_one_is_registered(read: Read) -> None:
    for other in ("Phòng A", "Bộ phận một cửa"):
        reading = read(book([[*HEAD, "Đơn vị tiếp nhận"], [*dossier(1), other]]))
        assert (codes(reading), counts(reading)["received_total"]) == ([], 1)


@pytest.mark.parametrize(
    ("title", "place", "expected"),
    [
        ("BÁO CÁO TÌNH HÌNH TIẾP NHẬN HỒ SƠ - XÃ D", "D", []), ("DANH SÁCH HỒ SƠ TẠI XÃ D QUÝ I NĂM 2022", "Xã D", []),
        ("DANH SÁCH HỒ SƠ XÃ D", "Thôn Bảy", []), ("DANH SÁCH HỒ SƠ XÃ D", "Xã Đông Ê", ["layout_open"]),
    ],
)  # fmt: skip
def test_the_unit_in_the_title_and_the_place_in_the_rows(
    read: Read, title: str, place: str, expected: list[str]
) -> None:
    head = [HEAD[0], "Xã / Phường", *HEAD[2:]]
    data = book([[title], head, dossier(1, unit=place)])
    asked = read(data)
    assert (codes(asked), counts(asked, "xa-d").get("received_total")) == (expected, None if expected else 1)
    answered = read(data, answers={("office", "office"): "title"})
    assert counts(answered, "xa-d")["received_total"] == 1


def test_headings_that_nobody_knows_over_codes_and_dates(read: Read) -> None:
    head = ["Khóa", "Đơn vị", "Mốc một", "Mốc hai", "Mốc ba", "Trạng thái"]
    data = book([head, dossier(1), dossier(2, None, "Đang xử lý")])
    asked = read(data)
    assert set(codes(asked)) == {"layout_open"} and counts(asked) == {}
    answers = {(t, t): v for t, v in (("received_date", "mốc một"), ("due_date", "mốc hai"), ("end_date", "mốc ba"))}
    answered = read(data, answers=answers)
    assert (codes(answered), counts(answered)["early"]) == (["layout_confirmed"], 1)


def test_no_birthday_is_offered_as_a_date(read: Read) -> None:
    head = ["Mã hồ sơ", "Đơn vị", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày sinh", "Ngày cấp CCCD"]
    reading = read(book([head, [*dossier(1)[:4], "05/06/1980", "01/02/2021"]]))
    assert codes(reading) == ["list_without_dates"] and "1980" not in str(reading) and "01/02/2021" not in str(reading)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (("05/02/22", "06/02/22", "07/02/22"), "layout_open"), (("15/02/22", "16/02/22", "15/02/22"), ""),
        (("22/02/15", "22/02/26", "22/02/25"), ""), (("02/15/22", "02/16/22", "02/15/22"), ""),
    ],
)  # fmt: skip
def test_dates_with_a_two_digit_year(read: Read, days: tuple[str, ...], expected: str) -> None:
    row = ["X1", "Phòng A", *days, "Đã trả kết quả"]
    asked = read(book([HEAD, row]))
    assert codes(asked) == [expected] * bool(expected)
    assert expected or counts(asked)["early"] == 1
    if expected:
        answered = read(book([HEAD, row]), answers={("date_order", "date_order"): "dmy"})
        assert (codes(answered), counts(answered)["late"]) == (["layout_confirmed"], 1)


def test_codes_tell_the_order_of_dates(read: Read) -> None:
    rows = [
        [f"H18.12-2201{d:02d}-0001", "Phòng A", f"01/{d:02d}/2022", "02/05/2022", "02/01/2022", ""] for d in (5, 9, 11)
    ]
    assert codes(read(book([HEAD, *rows]))) == ["list_unclear_dates"]
    short = [[f"H18.12-2202{d:02d}-0001", "Phòng A", f"{d:02d}/02/22", "12/02/22", "11/02/22", ""] for d in (5, 9, 11)]
    assert counts(read(book([HEAD, *short])))["early"] == 3


@pytest.mark.parametrize("title", ["DANH SÁCH HỒ SƠ GỬI THƯ XIN LỖI", "Danh sách hồ sơ", "Theo dõi"])
def test_a_list_of_late_dossiers_only_is_asked(read: Read, title: str) -> None:
    rows = [dossier(i, "25/01/2022") for i in range(9)] + [dossier(i, None, "Đang xử lý") for i in range(10, 13)]
    data = book([[title], HEAD, *rows])
    asked = read(data)
    assert (codes(asked), counts(asked)) == (["layout_open"], {})
    (question,) = asked.layouts[0].open
    assert (question.topic, [o.value for o in question.options]) == ("scope", ["all", "part"])
    assert counts(read(data, answers={("scope", question.subject): "all"}))["late"] == 9
    assert codes(read(data, answers={("scope", question.subject): "part"})) == ["table_narrowed"]


RESOLVED = [["CHI TIẾT HỒ SƠ ĐÃ GIẢI QUYẾT"], HEAD, dossier(1), dossier(2, "21/01/2022"), dossier(3, unit="Phòng B")]
PENDING = [["CHI TIẾT HỒ SƠ ĐANG XỬ LÝ"], HEAD, dossier(4, None, "Đang xử lý")]


def test_two_halves_are_all_dossiers(read: Read) -> None:
    tabs = book(RESOLVED[1:], PENDING[1:], tabs=["Đã giải quyết", "Đang xử lý"])
    for files in ((book(RESOLVED), book(PENDING)), (tabs,)):
        reading = read(*files)
        assert (codes(reading), counts(reading)["received_total"], counts(reading, "phong-b")["received_total"]) == (
            [],
            3,
            1,
        )


@pytest.mark.parametrize(
    "files",
    [
        (book(RESOLVED),), (book(PENDING),), (book(RESOLVED), book([*PENDING[:2], dossier(4, None, "Đang xử lý", "Phòng C")])),
        (book(RESOLVED), book([["HỒ SƠ ĐANG XỬ LÝ QUÁ HẠN"], *PENDING[1:]])), (book(RESOLVED), book([*PENDING, dossier(5)])),
        (book(RESOLVED), book([["HỒ SƠ ĐANG XỬ LÝ LĨNH VỰC ĐẤT ĐAI"], *PENDING[1:]])),
    ],
)  # fmt: skip
def test_one_half_is_refused(read: Read, files: tuple[bytes, ...]) -> None:
    reading = read(*files)
    assert set(codes(reading)) == {"table_narrowed"} and counts(reading) == {}


def test_an_unknown_way_of_reception_is_asked_without_an_error(read: Read) -> None:
    head = [*HEAD, "Hình thức nộp"]
    data = book([head, [*dossier(1), "Zalo mini app"], [*dossier(2), "Trực tiếp"]])
    asked = read(data)
    assert codes(asked) == ["list_channel_unknown"] and "received_online" not in counts(asked)
    assert [(d.topic, d.subject) for d in asked.layouts[0].open] == [("channel", "zalo mini app")]
    answered = read(data, answers={("channel", "zalo mini app"): "online"})
    assert counts(answered)["received_online"] == 1 and codes(answered) == ["layout_confirmed"]


@pytest.mark.parametrize(
    ("head", "merged"),
    [
        ([["STT", "Mã hồ sơ", "Đơn vị", "Ngày, tháng, năm", None, None], [None, None, None, "Nhận", "Hẹn trả", "Trả"]], ["D1:F1", "A1:A2", "B1:B2", "C1:C2"]),
        ([["STT", "Mã hồ sơ", "Đơn vị", "Ngày, tháng, năm", None, None], [None, None, None, "Nhận", "Hẹn trả", "Trả"]], []),
        ([["A", "Hồ sơ", None, "Ngày, tháng, năm", None, None], ["STT", "Mã HS", "Đơn vị", "Nhận", "Hẹn trả", "Trả"]], ["B1:C1", "D1:F1"]),
    ],
)  # fmt: skip
def test_leaves_under_a_band(read: Read, head: list[list[Any]], merged: list[str]) -> None:
    reading = read(book([*head, [1, *dossier(1)[:5]]], merged=merged))
    assert (codes(reading), counts(reading)["early"]) == ([], 1)
    assert "ngày, tháng, năm › nhận" in reading.layouts[0].labels


def test_a_dossier_without_any_date(read: Read) -> None:
    rows = [dossier(1), ["H18.12-220110-0009", "Phòng A", None, None, None, "Mới nộp"]]
    assert codes(read(book([HEAD, *rows]))) == []
    rows[1][5] = "Đang xử lý"
    assert codes(read(book([HEAD, *rows]))) == ["list_bad_date"]


def test_a_title_beside_another_text_above_the_header_is_no_band_only(read: Read) -> None:
    rows = [["DANH SÁCH HỒ SƠ QUÁ HẠN", None, None, "Mẫu 01"], HEAD, dossier(1), dossier(2)]
    assert codes(read(book(rows, merged=["A1:C1"]))) == ["table_narrowed"]


def test_the_columns_of_a_list_are_named_with_examples_that_are_no_personal_data(read: Read) -> None:
    rows = [HEAD, *(dossier(i) for i in range(1, 9))]
    (layout,) = read(book(rows)).layouts
    shown = {d.meaning: d for d in layout.decisions if d.topic == "column"}
    assert set(shown) >= {"Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Trạng thái"}
    assert shown["Ngày tiếp nhận"].examples[0] == "10/01/2022"
    assert shown["Mã hồ sơ"].examples == () and not layout.open
    assert all(d.ground == "known" and not d.options for d in shown.values())


NO_ENDS = [x for x in HEAD if x != "Ngày kết thúc xử lý"]


def pending(i: int, status: str = "Đang xử lý", unit: str = "Phòng A") -> list[Any]:
    return [x for at, x in enumerate(dossier(i, None, status, unit)) if at != 4]


@pytest.mark.parametrize(
    "files",
    [
        (book(RESOLVED), book([["HỒ SƠ ĐANG XỬ LÝ"], NO_ENDS, pending(4)])),
        (book(RESOLVED), book([["DANH SÁCH HỒ SƠ"], NO_ENDS, pending(4, "Chờ bổ sung")])),
        (book(RESOLVED[1:], [NO_ENDS, pending(4)], tabs=["Đã giải quyết", "Đang xử lý"]),),
        (
            book([["HỒ SƠ ĐÃ GIẢI QUYẾT TRƯỚC HẠN, ĐÚNG HẠN"], HEAD, dossier(1), dossier(3, unit="Phòng B")]),
            book([["HỒ SƠ ĐÃ GIẢI QUYẾT TRỄ HẠN"], HEAD, dossier(2, "21/01/2022")]),
            book([["HỒ SƠ ĐANG GIẢI QUYẾT"], NO_ENDS, pending(4)]),
        ),
    ],
)
def test_lists_that_together_hold_all_dossiers(read: Read, files: tuple[bytes, ...]) -> None:
    reading = read(*files)
    assert codes(reading) == []
    assert [counts(reading)[m] for m in ("received_total", "total", "late", "pending_total")] == [3, 2, 1, 1]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ((book([NO_ENDS, pending(4)]),), "table_narrowed"),
        ((book([NO_ENDS, pending(4), pending(5, "Đã trả kết quả")]),), "list_without_dates"),
        ((book([NO_ENDS, pending(4), pending(5, "Chờ trả kết quả")]),), "list_without_dates"),
        ((book([["HỒ SƠ ĐÃ GIẢI QUYẾT TRƯỚC HẠN, ĐÚNG HẠN"], HEAD, dossier(1)]), book([["HỒ SƠ ĐANG GIẢI QUYẾT"], NO_ENDS, pending(4)])), "table_narrowed"),
        ((book([["HỒ SƠ ĐÃ GIẢI QUYẾT TRỄ HẠN"], HEAD, dossier(1)]), book([["HỒ SƠ ĐANG GIẢI QUYẾT"], NO_ENDS, pending(4)])), "table_narrowed"),
        ((book(RESOLVED), book([NO_ENDS, pending(4, unit="Phòng C")])), "table_narrowed"),
    ],
)  # fmt: skip
def test_lists_that_leave_dossiers_out(read: Read, files: tuple[bytes, ...], found: str) -> None:
    reading = read(*files)
    assert set(codes(reading)) == {found} and counts(reading) == {}


@pytest.mark.parametrize(
    ("heading", "values", "known"),
    [
        ("Hình thức", ("Trực tuyến", "Trực tiếp"), True), ("Kênh", ("Online", "Bưu chính"), True), ("Nguồn", ("Trực tuyến", "Trực tiếp"), True),
        ("Nguồn", ("Trực tuyến", "Sở A"), False), ("Hình thức trả kết quả", ("Trực tuyến", "Trực tiếp"), False),
    ],
)  # fmt: skip
def test_a_wide_heading_is_one_of_channels_by_its_values(read: Read, heading: str, values: Any, known: bool) -> None:
    reading = read(book([[*HEAD, heading], *([*dossier(i), v] for i, v in enumerate(values))]))
    assert (codes(reading), counts(reading).get("received_online", 0)) == ([], int(known))


@pytest.mark.parametrize(
    ("desk", "office", "found"),
    [
        ("Bộ phận một cửa", "Đơn vị giải quyết", []), ("Bộ phận một cửa tiếp nhận", "Phòng ban xử lý", []), ("Bộ phận tiếp nhận một cửa", "Cơ quan thụ lý", []),
        ("Đơn vị tiếp nhận", "Đơn vị giải quyết", ["layout_open"]), ("Bộ phận một cửa", "Đơn vị", ["layout_open"]),
    ],
)  # fmt: skip
def test_a_desk_is_not_the_office_that_resolves(read: Read, desk: str, office: str, found: list[str]) -> None:
    head = ["Mã hồ sơ", desk, office, *HEAD[2:]]
    rows = [[dossier(i)[0], "Phòng B", *dossier(i)[1:]] for i in range(3)]
    reading = read(book([head, *rows]))
    assert (codes(reading), counts(reading).get("received_total", 0)) == (found, 0 if found else 3)
