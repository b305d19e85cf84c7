"""`tthc sign`: each item of the checklist refuses the signature by name; mended, the next revision is signed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from commands import Tthc

from pipeline.load.forms.analyst_forms import form_workbooks
from pipeline.load.forms.fill_form import fill_form
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry
from pipeline.rulebooks import installed

Q1 = Period(2022, 1)
NUMBER = ("--number", "85/BC-UBND", "--date", "2022-03-18")
FIELDS = {
    "Cơ quan ban hành": "UBND huyện Mẫu",
    "Cơ quan nhận báo cáo (cấp trên)": "UBND tỉnh Mẫu",
    "Tên địa bàn": "huyện Mẫu",
    "Địa danh ghi trên báo cáo": "Mẫu",
    "Chức vụ người ký": "CHỦ TỊCH",
    "Họ tên người ký": "Người ký",
    "Lý do trễ hạn – Cấp huyện": "do quên tích kết thúc trên cổng",
    "Lý do trễ hạn – Cấp xã": "do chờ phối hợp",
    "Phương hướng nhiệm vụ kỳ sau (mục 3)": "Tiếp tục thực hiện.",
    "Nơi nhận": "UBND tỉnh",
}
DOCUMENTS = [
    {"role": "Căn cứ", "title": "Quyết định", "number": "1187/QĐ-UBND", "issued_on": "13/11/2019"},
    {"role": "Văn bản triển khai", "title": "Công văn", "number": "4/UBND", "issued_on": "08/3/2022"},
]
UNITS = ("Phòng A", "Phòng B", "Xã C", "Xã D")

Forms = Callable[..., None]


@pytest.fixture
def forms(office: Path) -> Forms:
    """Write the forms of the office: complete, but for what is named."""
    raw = office / "raw" / "2022-Q1"

    def write(
        without: str = "",
        documents: list[dict[str, str]] = DOCUMENTS,
        classes: tuple[str, ...] = UNITS,
        name: str = "Khá",
    ) -> None:
        index = UnitIndex(read_registry((office / "reference/units.csv").read_bytes()), Q1)
        books = form_workbooks(Q1, index, installed())
        fields = [{"field": field, "value": value} for field, value in FIELDS.items() if field != without]
        fill_form(books["bo-sung.xlsx"], "BS-05", fields)
        fill_form(books["bo-sung.xlsx"], "BS-04", documents)
        decided = {"class_name": name, "reason": "theo quy chế", "decided_by": "Chủ tịch UBND huyện"}
        fill_form(books["phan-loai.xlsx"], "PL-01", [{"unit": unit, **decided} for unit in classes])
        for file in ("bo-sung.xlsx", "phan-loai.xlsx"):
            books[file].save(raw / file)

    return write


def score_and_sign(tthc: Tthc, revision: str) -> tuple[int, str]:
    """(exit status, what was printed) of signing the revision that scoring makes."""
    assert f"bản {revision}" in tthc("score", "2022-Q1", "--direct").stdout
    done = tthc("sign", "2022-Q1", revision, *NUMBER)
    return done.returncode, done.stdout + done.stderr


def refused_then_signed(tthc: Tthc, spoil: Callable[[], None], mend: Callable[[], None], *words: str) -> None:
    """Sign refuses the spoilt quarter and names the words in one line; the mended one is signed."""
    spoil()
    status, said = score_and_sign(tthc, "r1")
    assert status == 1 and "chưa đủ điều kiện ký" in said
    items = [line for line in said.splitlines() if line.startswith("  ")]
    assert any(all(word in line and "→" in line for word in words) for line in items), said
    mend()
    status, said = score_and_sign(tthc, "r2")
    assert status == 0, said


def test_a_complete_quarter_is_ready_and_is_signed(forms: Forms, tthc: Tthc) -> None:
    forms()
    done = tthc("score", "2022-Q1", "--direct")
    assert "Tình trạng: đủ điều kiện ký" in done.stdout
    assert "hiện hành; đủ điều kiện ký" in tthc("history").stdout
    assert tthc("sign", "2022-Q1", "r1", *NUMBER).returncode == 0
    assert "hiện hành; đã ký 85/BC-UBND ngày 18/3/2022" in tthc("history").stdout


def test_a_blank_field_refuses(forms: Forms, tthc: Tthc) -> None:
    field = "Họ tên người ký"  # each field: tests/unit/load/content/test_before_signature.py
    refused_then_signed(tthc, lambda: forms(without=field), forms, field, "còn trống", "bo-sung.xlsx")


@pytest.mark.parametrize(("position", "words"), [(0, "Văn bản làm căn cứ"), (1, "Văn bản triển khai")])
def test_a_missing_document_refuses(forms: Forms, tthc: Tthc, position: int, words: str) -> None:
    rest = [d for i, d in enumerate(DOCUMENTS) if i != position]
    refused_then_signed(tthc, lambda: forms(documents=rest), forms, words, "còn trống")


def test_a_document_without_its_date_refuses(forms: Forms, tthc: Tthc) -> None:
    undated = [{k: v for k, v in DOCUMENTS[0].items() if k != "issued_on"}, DOCUMENTS[1]]
    refused_then_signed(tthc, lambda: forms(documents=undated), forms, "Ngày ban hành", "1187/QĐ-UBND")


@pytest.mark.parametrize(("level", "unit"), [("Cấp huyện", "Phòng B 3"), ("Cấp xã", "Xã C 2")])
def test_late_dossiers_without_a_reason_refuse(forms: Forms, tthc: Tthc, level: str, unit: str) -> None:
    refused_then_signed(tthc, lambda: forms(without=f"Lý do trễ hạn – {level}"), forms, level, unit, "chưa có lý do")


def test_open_dossiers_after_their_deadline_refuse_until_explained(
    office: Path, forms: Forms, tthc: Tthc, put: Callable[..., None], rows: tuple[Any, ...]
) -> None:
    def spoil() -> None:
        forms()
        put((*rows[:-1], ("Xã D", 0, 77, 1, 70, 7, 0, 0, 1)))

    def mend() -> None:
        tthc("forms", "2022-Q1")
        path = office / "raw" / "2022-Q1" / "giai-trinh.xlsx"
        book = openpyxl.load_workbook(path)
        entry = {"unit": "Xã D", "measure": "Đang giải quyết quá hạn", "reason": "chờ phối hợp", "count": 1}
        fill_form(book, "GT-01", [entry])
        book.save(path)

    refused_then_signed(tthc, spoil, mend, "Cấp xã", "đang giải quyết quá hạn", "Xã D 1", "giai-trinh.xlsx")


def test_an_unknown_class_refuses_until_the_office_decides(forms: Forms, tthc: Tthc) -> None:
    refused_then_signed(tthc, lambda: forms(classes=()), forms, "Phòng B", "chưa rõ quy tắc", "phan-loai.xlsx")


def test_an_error_refuses(forms: Forms, tthc: Tthc) -> None:
    refused_then_signed(tthc, lambda: forms(name="Giỏi"), forms, "không có mức phân loại", "phan-loai.xlsx › Phân loại")


@pytest.mark.parametrize("words", [("Chưa được chấm", "“Xã D”", "cong.xlsx"), ("Cấp xã được tính", "Xã D")])
def test_a_unit_set_aside_and_its_level_refuse(
    forms: Forms,
    tthc: Tthc,
    put: Callable[..., None],
    rows: tuple[Any, ...],
    broken_rows: tuple[Any, ...],
    words: tuple[str, ...],
) -> None:
    def spoil() -> None:
        forms(classes=UNITS[:-1])
        put(broken_rows)

    def mend() -> None:
        forms()
        put(rows)

    refused_then_signed(tthc, spoil, mend, *words)


def test_a_reason_signs_and_stands_in_record_history_and_the_replacing_report(
    office: Path, forms: Forms, tthc: Tthc
) -> None:
    forms(without="Họ tên người ký")
    tthc("score", "2022-Q1", "--direct")
    assert tthc("sign", "2022-Q1", "r1", *NUMBER, "--despite", " ").returncode == 2
    done = tthc("sign", "2022-Q1", "r1", *NUMBER, "--despite", "Ký gấp")
    assert done.returncode == 0 and "Ký khi chưa đủ điều kiện (lý do: Ký gấp)" in done.stdout
    record = json.loads((office / "out/2022-Q1/ky-ban-hanh.json").read_text("utf-8"))["signings"][0]
    assert record["despite"] == "Ký gấp" and "Họ tên người ký" in record["missing"][0]
    history = tthc("history").stdout
    assert "(ký khi còn thiếu 1 việc)" in history and "lý do: Ký gấp" in history
    assert "ký khi còn thiếu 1 việc" in tthc("status").stdout
    forms()
    tthc("score", "2022-Q1", "--direct")
    signed, annex = (office / "out/2022-Q1/r2/bao-cao.md").read_text("utf-8").split("Phụ lục nguồn số liệu")
    assert "được ký khi chưa đủ điều kiện ký, lý do đã ghi: Ký gấp" in annex and "Ký gấp" not in signed


def test_check_lists_what_is_missing(forms: Forms, tthc: Tthc) -> None:
    forms(without="Họ tên người ký")
    said = tthc("check", "2022-Q1", "--all").stdout
    assert "Chưa ký được: mục còn trống trong báo cáo: họ tên người ký." in said
    assert "Trước khi ký (1 việc):" in said and "1. Họ tên người ký còn trống" in said
    forms()
    ready = tthc("check", "2022-Q1", "--all").stdout
    assert "Trước khi ký: đủ điều kiện ký." in ready and "Trước khi ký: không còn việc gì bắt buộc." in ready


def test_a_quarter_without_a_unit_to_score_is_not_published(
    office: Path, tthc: Tthc, put: Callable[..., None], rows: tuple[Any, ...]
) -> None:
    put(tuple((*row[:4], row[4] + 1, *row[5:]) for row in rows))
    done = tthc("score", "2022-Q1", "--direct")
    assert done.returncode == 1
    assert "Không đơn vị nào của quý I năm 2022 có số liệu để chấm (4 đơn vị:" in done.stderr
    assert "tthc check 2022-Q1" in done.stderr
    assert not (office / "out/2022-Q1/r1").exists()
    put(rows)
    assert "Đã công bố bản r1" in tthc("score", "2022-Q1", "--direct").stdout
    put(tuple((*row[:4], row[4] + 1, *row[5:]) for row in rows))
    again = tthc("score", "2022-Q1", "--direct")
    assert again.returncode == 1 and "Bản r1 còn nguyên" in again.stderr
    assert not (office / "out/2022-Q1/r2").exists()
