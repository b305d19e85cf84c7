"""The office's words in a quarter: where the forms are blank, and never instead of what they say."""

import datetime as dt

import pandas as pd
import pytest
from offices import OFFICE, REGISTRY

from pipeline.forms.catalogue import form_catalogue
from pipeline.office_words import class_words, level_findings, office_fields, with_office_words
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry
from schemas.forms import ReportField
from schemas.frames import Documents, ReportFields
from schemas.office import LegalBasis, LevelWords, Office, OfficeClasses, ReportWords

INDEX = UnitIndex(read_registry(REGISTRY.encode()), Period(2022, 1))
FULL = Office(
    name="UBND huyện Mẫu",
    province="Điện Biên",
    levels={"huyen": LevelWords(form_unit="UBND huyện"), "xa": LevelWords(unit_group="Các xã")},
    report=ReportWords(place="Mẫu", signer_title=("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), recipients=("A", "B")),
    documents=(
        LegalBasis(role="basis", title="Quyết định", number="1/QĐ", issued_on=dt.date(2019, 11, 13)),
        LegalBasis(role="guidance", title="Hướng dẫn", number="2/HD"),
    ),
)


def fields(*pairs: tuple[str, str]) -> pd.DataFrame:
    rows = [(field, value, "bo-sung.xlsx", "Thông tin báo cáo", "B5") for field, value in pairs]
    return pd.DataFrame(rows, columns=ReportFields.empty().columns, dtype="str")


def values(frame: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(frame["field"], frame["value"], strict=True))


def test_blank_fields_take_the_words_of_the_office() -> None:
    found, documents, used = with_office_words(fields(), Documents.empty(), FULL, INDEX)
    assert values(found) == [
        ("issuing_body", "UBND huyện Mẫu"),
        ("place", "Mẫu"),
        ("signer_title", "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"),
        ("form_unit:huyen", "UBND huyện"),
        ("unit_group:xa", "Các xã"),
        ("recipients", "A"),
        ("recipients", "B"),
    ]
    assert set(found["source_file"]) == {"office.toml"}
    assert documents[["role", "number", "issued_on"]].values.tolist() == [
        ["basis", "1/QĐ", "2019-11-13"],
        ["guidance", "2/HD", ""],
    ]
    assert [(w.field, w.value) for w in used][:2] == values(found)[:2]
    assert [w.value for w in used if w.field == "documents"] == ["Quyết định · 1/QĐ · 2019-11-13", "Hướng dẫn · 2/HD"]


def test_the_table_of_classes_is_one_word_and_another_table_another_word() -> None:
    table = {"basis": "total", "decision": "QĐ 12", "bands": [{"name": "Khá", "from": 9}, {"name": "Tốt", "from": 12}]}
    (word,) = class_words(OfficeClasses.model_validate(table))
    assert (word.field, word.value) == ("classes", "QĐ 12 (tổng điểm): Tốt từ 12; Khá từ 9")
    other = OfficeClasses.model_validate({**table, "basis": "officer_average"})
    assert class_words(other) != (word,) and class_words(None) == ()


def test_what_the_forms_say_is_kept() -> None:
    said = fields(("place", "Nơi khác"), ("recipients", "C"))
    own = pd.DataFrame(
        [("basis", "Nghị quyết", "9/NQ", "", "", "", "", "bo-sung.xlsx", "Văn bản", "C5")],
        columns=Documents.empty().columns,
        dtype="str",
    )
    found, documents, used = with_office_words(said, own, FULL, INDEX)
    assert [v for v in values(found) if v[0] in ("place", "recipients")] == [("place", "Nơi khác"), ("recipients", "C")]
    assert documents["number"].tolist() == ["9/NQ", "2/HD"]
    assert {"place", "recipients"}.isdisjoint(w.field for w in used)


def test_an_office_without_words_changes_nothing_but_its_name() -> None:
    said = fields(("issuing_body", "UBND huyện Mẫu cũ"))
    found, documents, used = with_office_words(said, Documents.empty(), OFFICE, INDEX)
    assert values(found) == values(said)
    assert documents.empty
    assert used == ()


def test_every_word_is_a_field_of_the_report() -> None:
    known: dict[str, ReportField] = {field.key: field for field in form_catalogue().fields}
    everything = Office(
        name="x",
        province="Lai Châu",
        levels={"xa": LevelWords(**dict.fromkeys(LevelWords.model_fields, "z"))},
        report=ReportWords(
            **{k: ("z",) if "tuple" in str(f.annotation) else "z" for k, f in ReportWords.model_fields.items()}
        ),
    )
    found = [field for field, _ in office_fields(everything, INDEX)]
    assert len(found) == len(ReportWords.model_fields) + len(LevelWords.model_fields)
    assert all(known[key].per_level == bool(level) for key, _, level in (f.partition(":") for f in found))


@pytest.mark.parametrize(
    ("levels", "differ"), [((), False), (("huyen", "xa"), False), (("xa",), True), (("huyen", "xa", "so"), True)]
)
def test_levels_are_those_of_the_registry(levels: tuple[str, ...], differ: bool) -> None:
    office = OFFICE.model_copy(update={"levels": {level: LevelWords() for level in levels}})
    assert [f.code for f in level_findings(office, INDEX)] == ["office_levels_differ"] * differ
