"""What the headings of dossier lists say: short forms, identifiers, headings without diacritics, leaves under a band."""

import pytest

from pipeline.extract.wording.vocabulary import vocabulary

LISTS = vocabulary().lists


@pytest.mark.parametrize("label", ["Mã HS", "Số HS", "MÃ HỒ SƠ", "ma_ho_so", "maHoSo", "So ho so", "Số biên nhận"])
def test_codes(label: str) -> None:
    assert LISTS.key((label,)) == "code"


@pytest.mark.parametrize(
    ("path", "kind", "group"),
    [
        (("Hẹn trả",), "due", "promised"), (("Hạn trả KQ",), "due", "promised"), (("ngayHenTra",), "due", "promised"),
        (("Ngay hen tra",), "due", "promised"), (("Ngày hẹn trả (dd/mm/yyyy)",), "due", "promised"), (("Hạn xử lý",), "due", "step"),
        (("Ngày hẹn trả (gia hạn)",), "due", "variant"), (("Hẹn trả ban đầu",), "due", "variant"),
        (("TG tiếp nhận",), "received", "accepted"), (("ngay_tiep_nhan",), "received", "accepted"), (("Ngày nhận",), "received", "taken"),
        (("Ngày, tháng, năm", "Nhận"), "received", "taken"), (("Tiếp nhận", "Ngày"), "received", "accepted"),
        (("Hoàn Thành",), "finished", "completed"), (("Ngày Trả KQ",), "finished", "handed_over"), (("Ngày có kết quả",), "finished", "result"),
        (("Ngày, tháng, năm", "Trả"), "finished", "handed_over"), (("Trả kết quả", "Ngày"), "finished", "handed_over"),
        (("Ngày kết thúc xử lý (dự kiến)",), "finished", "planned"), (("Ngày trả kết quả thực tế",), "finished", "handed_over"),
        (("Ngày thẩm định xong",), "finished", "stage"), (("Ngày chuyển kết quả về Một cửa",), "finished", "passed_on"),
        (("Ngày hẹn trả lại (sau xin lỗi)",), "due", "renewed"), (("Ngày công dân nhận kết quả",), "finished", "passed_on"),
    ],
)  # fmt: skip
def test_dates(path: tuple[str, ...], kind: str, group: str) -> None:
    heading = LISTS.date_heading(path)
    assert heading is not None and (heading.kind, heading.group) == (kind, group)


@pytest.mark.parametrize(
    "label", ["Ngày nộp hồ sơ", "Ngày giao NV", "Ngày ký", "Ghi chú", "Người tiếp nhận hồ sơ cũ nhất"]
)
def test_what_names_no_date_that_counts(label: str) -> None:
    heading = LISTS.date_heading((label,))
    assert heading is None or not heading.named


@pytest.mark.parametrize(
    ("path", "role"),
    [
        (("Cơ quan/đơn vị",), "plain"), (("don_vi",), "plain"), (("Đơn vị giải quyết",), "resolving"), (("Phòng ban xử lý",), "resolving"),
        (("Đơn vị", "Tiếp nhận"), "receiving"), (("Bộ phận một cửa",), "desk"), (("BỘ PHẬN MỘT CỬA TIẾP NHẬN",), "desk"), (("Xã / Phường",), "place"), (("Đơn vị chủ trì",), "other"), (("Đơn vị nộp",), None),
        (("Cơ quan cấp trên",), None), (("Người xử lý",), None), (("Cán bộ đơn vị",), None), (("Trạng thái",), None),
    ],
)  # fmt: skip
def test_offices(path: tuple[str, ...], role: str | None) -> None:
    assert LISTS.office(path) == role
