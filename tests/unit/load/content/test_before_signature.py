"""The checklist before the signature: each cause once, with its place and what to do; number and date are no part."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from pipeline.finding_catalogue import findings_frame
from pipeline.findings import Finding
from pipeline.forms.catalogue import form_catalogue
from pipeline.load.content.before_signature import before_signature
from pipeline.result import Scored
from schemas.manifest import SignatureItem

City = Callable[..., Scored]
FIELDS: dict[str, Any] = {
    "superior_body": "UBND tỉnh Thử", "issuing_body": "UBND thành phố Thử", "area_name": "thành phố Thử",
    "place": "Thử", "signer_title": "CHỦ TỊCH", "signer": "Người ký", "recipients": ["A", "B"], "directions": "Làm.",
    "late_reason:huyen": "do chờ phối hợp", "late_reason:xa": "do chờ phối hợp",
}  # fmt: skip


def items(scored: Scored, kind: str) -> list[SignatureItem]:
    return [item for item in before_signature(scored) if item.kind == kind]


def with_findings(scored: Scored, *findings: Finding) -> Scored:
    return dataclasses.replace(scored, findings=findings_frame(findings))


def test_filled_fields_leave_no_blank_and_number_and_date_are_not_asked(city: City) -> None:
    assert [i for i in items(city(fields=FIELDS), "field") if "Thông tin báo cáo" in i.where] == []


@pytest.mark.parametrize("key", [key for key in FIELDS if not key.startswith("late_reason")])
def test_each_blank_field_is_one_item(city: City, key: str) -> None:
    (item,) = [i for i in items(city(fields={**FIELDS, key: ""}), "field") if "Thông tin báo cáo" in i.where]
    label = next(field.label for field in form_catalogue().fields if field.key == key)
    assert item.what.startswith(f"{label} còn trống") and label in item.where


def test_a_blank_field_names_its_entry_and_the_office_s_file(city: City) -> None:
    (item,) = [i for i in items(city(fields={**FIELDS, "signer": ""}), "field") if "Thông tin" in i.where]
    assert item.what == "Họ tên người ký còn trống: báo cáo in “…………”."
    assert item.where == "bo-sung.xlsx › Thông tin báo cáo › mục “Họ tên người ký”"
    assert "reference/office.toml" in item.action


def test_a_unit_set_aside_is_one_item_with_the_places_and_steps_of_its_errors(city: City) -> None:
    place = {"unit_id": "u-f", "file": "a.xlsx", "sheet": "S", "found": "x", "expected": "y"}
    facts = {"row": "Xã F", "why": "x", "label": "Tổng", "equation": "a = b"}
    one, two = (Finding("form_required_blank", cell=cell, facts=facts, **place) for cell in ("C7", "D7"))
    scored = with_findings(city(fields=FIELDS), one, two)
    (item,) = items(scored, "unit")
    assert item.what == "Chưa được chấm: “Xã F” – tiếp nhận 9 hồ sơ nhưng đã giải quyết 18 hồ sơ."
    assert item.where == "a.xlsx › S › C7; a.xlsx › S › D7"
    assert item.action == scored.findings["action"].iloc[0]
    assert items(scored, "error") == [], "the cause is named once, with its unit"


def test_units_of_one_cause_are_one_item_and_all_are_named(city: City) -> None:
    scored = city(fields=FIELDS)
    entities = scored.checked.entities.copy()
    missing = entities["unit_id"].isin(["u-a", "u-b", "u-f"])
    entities.loc[missing, ["status", "status_reason"]] = ["missing", "Chưa có số liệu"]
    found = [Finding("unit_missing", unit_id=u, found=u, facts={"row": u}) for u in ("u-a", "u-b", "u-f")]
    scored = dataclasses.replace(scored, checked=dataclasses.replace(scored.checked, entities=entities))
    (item,) = items(with_findings(scored, *found), "unit")
    assert all(name in item.what for name in ("“Phòng A”", "Xã F")) and item.what.endswith("– chưa có số liệu.")


def test_an_error_of_no_unit_is_an_item_and_a_warning_is_none(city: City) -> None:
    error = Finding("class_name_unknown", file="phan-loai.xlsx", sheet="S", cell="B6", found="Giỏi", facts={"row": "A"})
    warning = Finding("class_decision_unused", file="b.xlsx", facts={"row": "A", "why": "không có điểm"})
    scored = with_findings(city(fields=FIELDS), dataclasses.replace(error, expected="Khá"), warning)
    assert [i.where for i in items(scored, "error")] == ["phan-loai.xlsx › S › B6"]


@pytest.mark.parametrize(("status", "basis"), [("set_aside", "sum"), ("missing", "mixed"), ("set_aside", "own")])
def test_a_level_that_is_the_sum_of_its_scored_units_only_is_an_item(city: City, status: str, basis: str) -> None:
    scored = city(fields=FIELDS)
    entities = scored.checked.entities.copy()
    entities.loc[entities["unit_id"] == "u-f", ["status", "status_reason"]] = [status, "Số liệu không khớp"]
    entities.loc[entities["unit_id"] == "xa", "basis"] = basis
    scored = dataclasses.replace(scored, checked=dataclasses.replace(scored.checked, entities=entities))
    found = [i.what for i in items(scored, "partial_level")]
    without = "Cấp xã, phường được tính từ tổng các đơn vị còn lại, chưa gồm: Xã F."
    assert found == ([without] if basis != "own" else [])


def test_an_unknown_class_is_an_item(city: City) -> None:
    unknown = Finding("class_unknown", unit_id="u-a", found="chưa rõ quy tắc", facts={"row": "“Phòng A”"})
    (item,) = items(with_findings(city(fields=FIELDS), unknown), "class")
    assert "“Phòng A”" in item.what and "phan-loai.xlsx" in item.action


def test_late_dossiers_need_a_reason_by_kind(city: City) -> None:
    without = {k: v for k, v in FIELDS.items() if not k.startswith("late_reason")}
    resolved, pending = items(city(fields=without), "explanation")
    assert "đã giải quyết quá hạn: 01 hồ sơ chưa có lý do (Phòng A 1)" in resolved.what
    assert "Lý do trễ hạn" in resolved.where
    assert "đang giải quyết quá hạn: 01 hồ sơ" in pending.what and pending.where == "giai-trinh.xlsx"
    assert [i.what for i in items(city(fields=FIELDS), "explanation")] == [pending.what]


def test_an_undated_document_is_named_with_its_cell(city: City) -> None:
    scored = city(fields=FIELDS)
    row = dict.fromkeys(scored.checked.documents.columns, "") | {
        "role": "basis", "title": "Quyết định", "number": "9/QĐ", "source_file": "bo-sung.xlsx",
        "source_sheet": "Văn bản", "source_cell": "C6",
    }  # fmt: skip
    documents = pd.DataFrame([row], columns=scored.checked.documents.columns, dtype="str")
    scored = dataclasses.replace(scored, checked=dataclasses.replace(scored.checked, documents=documents))
    found = {i.what.split(":")[0]: i.where for i in items(scored, "field")}
    assert found["Ngày ban hành của văn bản 9/QĐ còn trống"] == "bo-sung.xlsx › Văn bản › C6"
    assert "Văn bản triển khai còn trống" in found and "Văn bản làm căn cứ còn trống" not in found
