"""Findings about forms: what is repeated of their cells, and how much of it."""

from pipeline.extract.outgoing import form_findings
from pipeline.findings import Finding, Place
from pipeline.registry import UnitIndex
from pipeline.shown_text import MAX_LENGTH

FORM, EXPORT = "bo-sung.xlsx", "cong.xlsx"


def outgoing(index: UnitIndex, finding: Finding) -> Finding:
    (found,) = form_findings([finding], {FORM}, [EXPORT, FORM], index.lexicon)
    return found


def test_place_and_known_words_stay(index: UnitIndex) -> None:
    place = Place(FORM, "Số liệu bổ sung", "C7")
    found = outgoing(index, place.finding("form_cell_unread", found="mười", why="không phải số", row="Lò Văn Zqua"))
    assert (found.file, found.sheet, found.cell, found.found) == (FORM, "Số liệu bổ sung", "C7", "mười")
    assert found.facts["why"] == "không phải số" and "Zqua" not in str(found.facts["row"])


def test_names_of_files_and_addresses_in_a_sentence_stay(index: UnitIndex) -> None:
    said = f"{FORM}!Số liệu bổ sung!C7 ghi Lò Văn Zqua; {EXPORT} ô D8 ghi 3"
    shown = outgoing(index, Place(FORM).finding("form_conflict", found=said)).found
    assert FORM in shown and "C7" in shown and f"{EXPORT} ô D8 ghi 3" in shown and "Zqua" not in shown


def test_a_finding_about_an_export_is_left_alone(index: UnitIndex) -> None:
    finding = Place(EXPORT).finding("form_conflict", found="Lò Văn Zqua")
    assert outgoing(index, finding) == finding


def test_a_long_cell_is_cut(index: UnitIndex) -> None:
    found = outgoing(index, Place(FORM).finding("form_conflict", found="hồ sơ " * MAX_LENGTH))
    assert found.found.startswith("hồ sơ hồ sơ") and len(found.found) <= MAX_LENGTH + 1
