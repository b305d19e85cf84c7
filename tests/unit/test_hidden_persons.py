"""Whatever place of a list somebody's data stands in, nothing that leaves the program repeats it."""

import html
import io
import zipfile
from typing import Any

import pytest
from offices import OFFICE, export_bytes, full_row
from workbooks import of_rows

from pipeline import quarter
from pipeline.extract.wording.privacy import is_surely_channel, is_surely_office, is_surely_status, may_identify_person
from pipeline.load.review.review_workbook import render_review
from pipeline.periods import Period
from pipeline.result import Stamp
from pipeline.review import marked_copies
from pipeline.rulebooks import choose

NAME, PHONE, CARD, ADDRESS = "Công Chức Bí-Mật", "0900000001", "000000000012", "Số 5 ngõ Bí-Mật"
SECRETS = ("Bí-Mật", PHONE, CARD)
HEAD = [
    "Số hồ sơ", "Tên thủ tục hành chính", "Chủ hồ sơ", "Số điện thoại", "CCCD", "Địa chỉ", "Cơ quan/đơn vị",
    "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Trạng thái hồ sơ", "Hình thức tiếp nhận",
]  # fmt: skip
PRIVATE, UNIT, STATUS = (2, 3, 4, 5), 6, 10


def rows() -> list[list[str]]:
    return [
        [f"H-{i}", "Cấp giấy", NAME, PHONE, CARD, ADDRESS, "Phòng A", "20/12/2021", "30/12/2021", "28/12/2021", "Đã trả kết quả", "Trực tiếp"]
        for i in range(6)
    ]  # fmt: skip


def as_xlsx(lines: list[list[str]]) -> bytes:
    return of_rows(lines)


def as_csv(lines: list[list[str]]) -> bytes:
    return "\n".join(";".join(line) for line in lines).encode()


def as_page(lines: list[list[str]]) -> bytes:
    return f"<table>{''.join('<tr>' + ''.join(f'<td>{c}</td>' for c in r) + '</tr>' for r in lines)}</table>".encode()


def swapped(private: int, other: int, *, only: int | None = None) -> list[list[str]]:
    """The list with two columns of its rows exchanged, of one row only where `only` says which."""
    lines = rows()
    for i, line in enumerate(lines):
        if only in (None, i):
            line[private], line[other] = line[other], line[private]
    return [HEAD, *lines]


def headed(column: int, head: str) -> list[list[str]]:
    return [[*HEAD[:column], head, *HEAD[column + 1 :]], *rows()]


LISTS = {
    **{f"column {p} and {o}": swapped(p, o) for p in PRIVATE for o in (0, UNIT, 7, 9, STATUS, 11)},
    **{f"row, {p} and {o}": swapped(p, o, only=3) for p in PRIVATE for o in (0, UNIT, 7, 9, STATUS, 11)},
    **{f"{p} headed {h}": headed(p, h) for p in PRIVATE for h in ("Đơn vị", "Trạng thái", "Ngày hẹn trả", "", "Số hồ sơ")},
    "shifted": [HEAD, *(line[1:] for line in rows())],
    "no header": rows(),
    "titles": [[f"Lĩnh vực: Đất đai, chủ hồ sơ {NAME}"], [f"Người nộp: {NAME} từ ngày 01/01/2020 đến ngày 31/03/2020"], HEAD, *rows()],
    "signed": [HEAD, *rows(), [], [f"Người lập: {NAME}", PHONE], [CARD, ADDRESS]],
    "old font": [["M· hå s¬", "Chñ hå s¬"], [f"Hå s¬ {NAME}", PHONE]],
    "nothing": [[f"KHÔNG TÌM THẤY DỮ LIỆU của ông {NAME}", PHONE], ["", CARD]],
}  # fmt: skip


def leaving(data: bytes, period: Period, registry: bytes) -> dict[str, str]:
    """Everything that is published or left beside, as text."""
    files = {"ds.xlsx": data, "tot.xlsx": export_bytes([full_row(1, "Phòng B", 1, 2, 0, 3, 0, 0)])}
    reading = quarter.read_period(period, files, registry)
    scored = quarter.score(quarter.check(reading), choose(period, office=OFFICE))
    copies = marked_copies(files, [s.path for s in scored.checked.sources], scored.findings, reading.index)
    made = {**quarter.render(scored, Stamp("r1")), **copies.files, "review.xlsx": render_review(scored, copies)}
    texts = {}
    for name, content in made.items():
        parts = [content]
        if content[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                parts = [archive.read(n) for n in archive.namelist()]
        texts[name] = html.unescape("\n".join(p.decode("utf-8", "replace") for p in parts))
    assert {"findings.csv", "bao-cao.md", "cham-diem.xlsx"} <= texts.keys()
    return texts


@pytest.mark.slow  # a whole quarter for each
@pytest.mark.parametrize("place", LISTS)
def test_it_is_not_repeated(place: str, period: Period, registry_csv: bytes) -> None:
    for name, text in leaving(as_xlsx(LISTS[place]), period, registry_csv).items():
        assert [s for s in SECRETS if s in text] == [], name


@pytest.mark.slow
@pytest.mark.parametrize("place", ["column 2 and 6", "shifted", "titles", "no header"])
@pytest.mark.parametrize("kind", [as_csv, as_page], ids=lambda k: k.__name__)
def test_nor_of_other_files(kind: Any, place: str, period: Period, registry_csv: bytes) -> None:
    for name, text in leaving(kind(LISTS[place]), period, registry_csv).items():
        assert [s for s in SECRETS if s in text] == [], name


def test_a_column_of_persons_is_one_finding(period: Period, registry_csv: bytes) -> None:
    lines = [line for _ in range(20) for line in rows()]
    for i, line in enumerate(lines):
        line[0], line[UNIT] = f"H-{i}", f"Bí-Mật {i}"
    reading = quarter.read_period(period, {"ds.xlsx": as_xlsx([HEAD, *lines])}, registry_csv)
    (finding,) = [f for f in reading.files.counts.findings if f.code == "unit_unknown"]
    assert finding.facts["near"] == " (120 hồ sơ, 120 cách viết.)" and finding.cell == "dòng 2, 3, 4, 5, 6, …"


def test_an_office_and_a_status_are_named(period: Period, registry_csv: bytes) -> None:
    lines = rows()
    lines[1][UNIT], lines[2][UNIT], lines[3][STATUS] = "UBND phường Lạ", "Phòng AA", "Chờ họp hội đồng"
    reading = quarter.read_period(period, {"ds.xlsx": as_xlsx([HEAD, *lines])}, registry_csv)
    said = {(f.code, f.facts.get("statuses") or f.found) for f in reading.files.counts.findings}
    assert {
        ("unit_unknown", "UBND phường Lạ"),
        ("unit_unknown", "Phòng AA"),
        ("layout_open_unit", "Chờ họp hội đồng"),
    } <= said


@pytest.mark.parametrize(
    "text", ["UBND xã", "1. Phòng Nội vụ", "- Chi cục Thuế", "P. Him", "II. Sở Y tế", "account lạ"]
)
def test_what_can_only_be_an_office(text: str) -> None:
    assert is_surely_office(text) and not is_surely_status(text)


@pytest.mark.parametrize(
    "text", ["Hồ Văn Một", "Từ Thị Hai", "Ban Văn Ba", "Lưu Bốn", "Thẩm Năm", "0900000001", "Số 5, phường Sáu"]
)
def test_what_may_be_a_person(text: str) -> None:
    assert not is_surely_office(text) and not is_surely_status(text)


def test_a_line_with_a_number_of_somebody() -> None:
    assert may_identify_person("Liên hệ 0900 000 001") and not may_identify_person(
        "Từ ngày 15/12/2021 đến ngày 14/03/2022"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Trực tiếp", True), ("Qua Bưu Chính Công Ích", True), ("Cổng DVC Quốc Gia", True), ("NỘP TRỰC TUYẾN", True),
        ("Trực tiếp - Lê Thị Mẫu", False), ("TRỰC TIẾP: LÊ THỊ MẪU", False), ("Qua bưu điện 0900 000 001", False),
        ("Người nộp", False), ("Lê Thị Mẫu", False),
    ],
)  # fmt: skip
def test_a_way_of_reception_is_shown_only_without_a_person(text: str, shown: bool) -> None:
    assert is_surely_channel(text) is shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Đang lưu hồ sơ", True),
        ("CHỜ LƯU TRỮ HỒ SƠ", True),
        ("Đã Trả Kết Quả", True),
        ("Chuyển cho Trần Thị Mẫu", False),
    ],
)
def test_a_status_is_shown_only_without_a_person(text: str, shown: bool) -> None:
    assert is_surely_status(text) is shown
