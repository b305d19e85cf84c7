"""A kind of criterion that the program does not have: a model and a scoring are enough for the whole path."""

import datetime as dt
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from importlib import resources
from typing import Any, Literal

import numpy as np
import openpyxl
import pandas as pd
import pytest
from falling_share import FallingShareCriterion, score_falling_share
from openpyxl import Workbook
from phieu import put, rows_of, sent_out
from pydantic import ValidationError

from pipeline import quarter, rulebooks
from pipeline.load.forms.analyst_forms import blank_forms, form_workbooks
from pipeline.load.forms.appraisal_rows import known_scores
from pipeline.load.forms.fill_form import fill_form
from pipeline.load.forms.form_sheet import HEADER_ROW
from pipeline.load.report.report import render_report
from pipeline.load.workbook.checking_workbook import render_checking
from pipeline.load.workbook.signed_workbook import render_signed
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.result import Scored, Stamp
from pipeline.rulebooks import RulebookChoice, read_rulebooks
from pipeline.score.kinds import register_scoring, scoring_of
from pipeline.score.kinds.base import KindScore, Outcome, ScoringInput
from pipeline.score.score import score_entities
from schemas.frames import Assessments, Choices, Entities, Figures
from schemas.rulebook import AverageCriterion, Criterion, Rulebook, criterion_kind, criterion_kinds

pytestmark = pytest.mark.slow  # a whole quarter for each test

SHIPPED = "qd-1187-2019.toml"
ONLINE = """[[criteria]]
id = "online"
number = "9"
label = "Tiến độ và chất lượng cung cấp dịch vụ công trực tuyến"
kind = "falling_share"
max_points = 2
citation = "Quyết định thử, tiêu chí 9"
reading = "Cách tính: tỷ lệ tính trên mọi hồ sơ tiếp nhận."
share = "Tỷ lệ hồ sơ trực tuyến"
numerator = ["eligible_online"]
denominator = ["eligible_received"]
limit = "60%"

"""
PETITIONS = """[[criteria]]
id = "petitions"
number = "8"
label = "Tiếp thu, giải trình đối với các ý kiến phản ánh, kiến nghị"
kind = "falling_share"
max_points = 2
citation = "Quyết định thử, tiêu chí 8"
share = "Tỷ lệ phản ánh xử lý đúng thời hạn"
numerator = ["petitions_on_time"]
denominator = ["petitions_received"]
limit = "90%"

"""
TEXT = resources.files("pipeline").joinpath("reference/rulebooks", SHIPPED).read_text("utf-8")


def with_the_kind() -> str:
    """The shipped rulebook with its criteria 8 and 9 replaced by two of the kind."""
    text = TEXT
    for ident, table in (("petitions", PETITIONS), ("online", ONLINE)):
        old = re.compile(rf'\[\[criteria\]\]\nid = "{ident}"\n.*?(?=\[\[criteria\]\]\nid|# ---)', re.DOTALL)
        text, replaced = old.subn(lambda _, table=table: table, text)
        assert replaced == 1
    return text


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return read_rulebooks({"thu.toml": with_the_kind().encode()})["qd-1187-2019"]


@dataclass(frozen=True)
class Office:
    """The invented district in a quarter that is scored by the rulebook."""

    period: Period
    index: UnitIndex
    registry_csv: bytes
    counts: bytes
    book: Rulebook

    def blank(self) -> dict[str, Workbook]:
        return form_workbooks(self.period, self.index, {self.book.id: self.book})

    def score(self, **forms: Workbook) -> Scored:
        """The counts and some filled forms (`bo_sung`, `tham_dinh`, …), read and scored."""
        files = {"so-lieu.xlsx": self.counts}
        for name, workbook in forms.items():
            out = io.BytesIO()
            workbook.save(out)
            files[f"{name.replace('_', '-')}.xlsx"] = out.getvalue()
        checked = quarter.check(quarter.read_period(self.period, files, self.registry_csv))
        return quarter.score(checked, RulebookChoice(self.book, self.book, False, ()))


@pytest.fixture
def office(
    period: Period,
    index: UnitIndex,
    registry_csv: bytes,
    export: Callable[..., bytes],
    row: Callable[..., list[Any]],
    book: Rulebook,
    monkeypatch: pytest.MonkeyPatch,
) -> Office:
    monkeypatch.setattr(rulebooks, "installed", lambda: {book.id: book})
    # online: A 10 of 33 dossiers (below the limit of 60 %), B 18 of 30 (exactly 60 %), C 29 of 30 (above)
    rows = [
        row(1, "Phòng A", 10, 20, 3, 12, 5, 1),
        row(2, "Phòng B", 18, 12, 0, 20, 5, 0),
        row(3, "Phòng C", 29, 1, 0, 20, 5, 0),
    ]
    return Office(period, index, registry_csv, export(rows), book)


def of(frame: pd.DataFrame, unit: str, criterion: str) -> pd.DataFrame:
    return frame[(frame["unit_id"] == unit) & (frame["criterion"] == criterion)]


def supplement(office: Office, **petitions: int) -> Workbook:
    workbook = office.blank()["bo-sung.xlsx"]
    fill_form(workbook, "BS-01", [{"unit": "Phòng A", **petitions}])
    return workbook


# --- the rulebook ---------------------------------------------------------------------------------------------------


def test_a_rulebook_of_toml_holds_the_kind(book):
    online = book.criteria[-1]
    assert isinstance(online, FallingShareCriterion) and online.limit == Fraction(3, 5)
    assert (book.max_total, online.measures(book.ratios)) == (18, ("eligible_online", "eligible_received"))
    assert Rulebook.model_validate(book.model_dump(mode="json")) == book


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ('limit = "60%"', "limit = 0.6", "criteria.8.falling_share.limit", "not as a float"),
        ('limit = "60%"', "limit = 0", "criteria.8.falling_share.limit", "greater than 0"),
        ('limit = "60%"', "", "criteria.8.falling_share.limit", "Field required"),
        ('share = "Tỷ lệ hồ sơ', 'when = 1\nshare = "Tỷ lệ hồ sơ', "criteria.8.falling_share.when", "not permitted"),
        ('["eligible_online"]\ndenominator = ["eligible_received"]\nlimit', '["online"]\ndenominator = ["eligible_received"]\nlimit',
         "online: unknown measure 'online'", ""),
        ('kind = "falling_share"\nmax_points = 2\ncitation = "Quyết định thử, tiêu chí 9"',
         'kind = "rising"\nmax_points = 2\ncitation = "Quyết định thử, tiêu chí 9"', "criteria.8", "'falling_share'"),
    ],
)  # fmt: skip
def test_a_slip_names_its_place(old, new, place, message):
    text = with_the_kind()
    assert old in text
    with pytest.raises(ValueError, match=r"thu\.toml") as refused:
        read_rulebooks({"thu.toml": text.replace(old, new).encode()})
    assert place in str(refused.value) and message in str(refused.value)


# --- scores and evidence --------------------------------------------------------------------------------------------


def test_points_are_exact_and_capped(office):
    scores = office.score().criterion_scores
    for unit, exact in {
        "phong-a": 2 - Fraction(2 * 10 * 5, 33 * 3),
        "phong-b": Fraction(0),
        "phong-c": Fraction(0),
    }.items():
        row = of(scores, unit, "online").iloc[0]
        assert row["counted"] and Fraction(int(row["numerator"]), int(row["denominator"])) == exact
        assert row["printed"] == float(round(exact, 2))
        assert row["basis"] == "default"
        assert row["explanation"].endswith("Cách tính: tỷ lệ tính trên mọi hồ sơ tiếp nhận.")


def test_the_evidence_has_the_share_and_its_denominator(office):
    rows = of(office.score().criterion_evidence, "phong-a", "online")
    assert rows["role"].tolist() == ["condition", "denominator"]
    assert rows["text"].iloc[0] == "Tỷ lệ hồ sơ trực tuyến so với mức 60%"
    assert rows["measures"].iloc[0] == "eligible_online / eligible_received"
    assert rows["value"].tolist() == [pytest.approx(10 / 33), 33]
    assert rows["outcome"].iloc[0] == "đạt" and set(rows["origin"]) == {"default: eligible"}
    assert "so-lieu.xlsx" in rows["source"].iloc[0]


@pytest.mark.parametrize(
    ("petitions", "explanation"),
    [
        ({}, "chưa có số liệu “Phản ánh, kiến nghị đã tiếp nhận”, “Phản ánh, kiến nghị xử lý đúng thời hạn”"),
        ({"petitions_received": 0}, "không có gì để tính “Tỷ lệ phản ánh xử lý đúng thời hạn” (mẫu số bằng 0)"),
    ],
)
def test_a_share_over_nothing_or_of_unknown_figures_is_not_counted(office, petitions, explanation):
    scored = office.score(bo_sung=supplement(office, **petitions))
    row = of(scored.criterion_scores, "phong-a", "petitions").iloc[0]
    assert not row["counted"] and pd.isna(row["printed"]) and explanation in row["explanation"]
    unit = scored.unit_scores.set_index("unit_id").loc["phong-a"]
    assert unit["total_max"] == 12  # 1–5 and 9; a criterion that is not counted takes its points out of the maximum


def test_a_boundary_of_rounding_is_exact(book):
    """A total that ends in exactly 5 thousandths is rounded half up."""
    frame = {
        "unit_id": ["a"] * 5,
        "measure": ["resolved_early", "resolved_on_time", "resolved_late", "eligible_online", "eligible_received"],
        "value": pd.array([0, 200, 0, 597, 2000], dtype="Int64"),
        "origin": ["entered"] * 5,
        "source": ["t"] * 5,
    }
    figures = Figures.validate(pd.DataFrame(frame).astype({c: "str" for c in frame if c != "value"}))
    entity = pd.DataFrame(
        [("a", "Phòng A", "unit", "huyen", "scored", "", "own")], columns=list(Entities.empty().columns)
    )
    result = score_entities(entity.astype("str"), figures, Choices.empty(), Assessments.empty(), book)
    # on time: 1 + 1 + 2 + 2 + 1 = 7 points; 2 × (1 - 597/2000 ÷ 3/5) = 1,005
    assert result.unit_scores["total"].item() == 8.01


# --- report, workbook -----------------------------------------------------------------------------------------------


def test_the_report_prints_the_score_and_how_it_came_about(office):
    text = render_report(office.score(), Stamp("r1"))
    annex = text.split("## Phụ lục nguồn số liệu")[1]
    assert "Tiêu chí 9: Cách tính: tỷ lệ tính trên mọi hồ sơ tiếp nhận." in annex
    basis = next(line for line in annex.split("\n") if "Tiêu chí 9: " in line and "Phòng A" in line)
    assert "Phòng A (0,99)" in basis and "tính mọi hồ sơ tiếp nhận của đơn vị" in basis
    line = next(x for x in text.split("\n") if x.startswith("| **9** |"))
    # Biểu mẫu 03 of the level: maximum, dossiers of the denominator, score with all its decimals; no line follows
    assert [x.strip(" *") for x in line.split("|")][3:6] == ["2", "93", "0,00"]
    other = next(x for x in text.split("\n") if x.startswith("| **8** |"))
    assert "Không tính điểm: chưa có số liệu “Phản ánh, kiến nghị đã tiếp nhận”" in other


def test_the_workbook_shows_the_share_as_a_percentage(office):
    sheets = openpyxl.load_workbook(io.BytesIO(render_checking(office.score(), Stamp("r1"))))
    used = [[str(c.value) for c in row] for row in sheets["Số đã dùng"].iter_rows()]
    of_a = [row[1:6] for row in used if row[0] == "Phòng A" and row[1].startswith("9.")]
    shares = [row for row in of_a if "mức 60%" in row[1]]
    assert [row[3:] for row in shares] == [["30,3%", "đạt"]]
    assert any(row[1] == "Mẫu số" and row[3] == "33" for row in of_a)
    sheets = openpyxl.load_workbook(io.BytesIO(render_signed(office.score(), Stamp("r1"))))
    form = sheets[next(name for name in sheets.sheetnames if name.startswith("Biểu 03"))]
    block = next(row for row in form.iter_rows() if str(row[0].value) == "9")
    assert [c.value for c in block][2:5] == [2, 93, 0]


# --- forms ----------------------------------------------------------------------------------------------------------


def test_blank_forms_have_the_criterion_but_no_options(office):
    files = blank_forms(office.period, office.index, {office.book.id: office.book})
    assert set(files) == set(office.blank())
    words = openpyxl.load_workbook(io.BytesIO(files["bo-sung.xlsx"]))["Danh mục"]
    listed = [str(c.value) for row in words.iter_rows() for c in row if c.value]
    assert "Tiến độ và chất lượng cung cấp dịch vụ công trực tuyến" in listed  # of the drop-down
    assert not [x for x in listed if x.startswith("9. ")]  # of the table of options


def test_a_unit_workbook_asks_for_the_figures_of_the_criterion(office):
    workbook = sent_out("phong-a", office.index, office.period, {"received_total": 33}, {office.book.id: office.book})
    (at,) = rows_of(workbook, "Tiến độ và chất lượng cung cấp dịch vụ công trực tuyến")
    band = "Hồ sơ của các TTHC có dịch vụ công trực tuyến"
    (asked,) = [r for r in rows_of(workbook, "Nhận trực tuyến", band) if r > at]
    assert rows_of(workbook, "Tổng điểm tự chấm")[0] > asked
    put(workbook, "Tổng tiếp nhận", 20, band=band)
    put(workbook, "Nhận trực tuyến", 6, band=band)
    put(workbook, "Tiến độ và chất lượng cung cấp dịch vụ công trực tuyến", 1.5, column=5)
    scored = office.score(phieu=workbook)
    row = of(scored.criterion_scores, "phong-a", "online").iloc[0]
    assert (row["printed"], row["basis"]) == (1.0, "computed")
    compared = scored.comparison.set_index(["unit_id", "item"]).loc[("phong-a", "online")]
    assert (compared["printed"], compared["computed"], compared["agrees"]) == ("1,5", "1", False)


def test_a_printed_score_is_compared(office):
    workbook = office.blank()["tu-cham.xlsx"]
    fill_form(workbook, "TC-01", [{"unit": "Phòng A", "9": 0.99}, {"unit": "Phòng B", "9": 1.9}])
    scored = office.score(tu_cham=workbook)
    compared = scored.comparison.set_index(["unit_id", "item"])["agrees"]
    assert compared["phong-a", "online"] and not compared["phong-b", "online"]


def assessed(office: Office, option: str) -> Scored:
    workbook = office.blank()["bo-sung.xlsx"]
    entry = {"unit": "Phòng A", "rulebook": office.book.id, "criterion": "9", "option": option, "reason": "đếm ở sổ"}
    fill_form(workbook, "BS-02", [entry])
    return office.score(bo_sung=workbook)


@pytest.mark.parametrize("option", ["2", "hai điểm"])
def test_an_assessment_by_option_is_refused_by_name(office, option):
    scored = assessed(office, option)
    (refused,) = scored.findings[scored.findings["code"] == "assessment_not_possible"].to_dict("records")
    why = "tiêu chí 9 tính giảm dần theo tỷ lệ, không đánh giá bằng một mức"
    assert why in refused["message"] and "Phòng A" in refused["message"]
    assert (refused["file"], refused["unit_id"]) == ("bo-sung.xlsx", "phong-a")
    assert of(scored.criterion_scores, "phong-a", "online")["basis"].item() == "default"


def appraised(office: Office, number: int, points: object, **supplement_of_a: int) -> Scored:
    workbook = office.blank()["tham-dinh.xlsx"]
    sheet = workbook["Thẩm định"]
    at = next(
        r for r in range(HEADER_ROW + 1, sheet.max_row + 1)
        if sheet.cell(r, 1).value == "Phòng A" and str(sheet.cell(r, 2).value).startswith(f"{number}. ")
    )  # fmt: skip
    values = {6: points, 7: "đã xem", 8: "Công chức 1", 9: dt.date(2022, 3, 20)}
    for column, value in values.items():
        sheet.cell(at, column).value = value
    return office.score(tham_dinh=workbook, bo_sung=supplement(office, **supplement_of_a))


def codes(scored: Scored) -> list[str]:
    return [c for c in scored.findings["code"] if c.startswith("appraisal")]


def test_the_form_of_appraisals_takes_any_number_up_to_the_maximum(office):
    scored = office.score()
    known = known_scores(scored.checked, office.book, scored, scored)
    data = blank_forms(office.period, office.index, {office.book.id: office.book}, known)["tham-dinh.xlsx"]
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Thẩm định"]
    at = next(
        r for r in range(HEADER_ROW + 1, sheet.max_row + 1)
        if sheet.cell(r, 1).value == "Phòng A" and str(sheet.cell(r, 2).value).startswith("9. ")
    )  # fmt: skip
    assert sheet.cell(at, 4).value == 0.99
    (check,) = [c for c in sheet.data_validations.dataValidation if f"F{at}" in c.sqref]
    assert (check.type, check.formula1, float(check.formula2)) == ("decimal", "0", 2.0)


def test_an_appraisal_is_compared_and_never_replaces_figures(office):
    assert codes(appraised(office, 9, 0.99)) == []
    differs = appraised(office, 9, 1.5)
    assert codes(differs) == ["appraisal_differs"]
    row = differs.appraised.set_index("criterion").loc["online"]
    assert (row["computed"], row["appraised"], row["used"], row["option_text"]) == (0.99, 1.5, "default", "")
    missing = appraised(office, 8, 2)
    assert codes(missing) == ["appraisal_not_possible"]
    message = missing.findings.loc[missing.findings["code"] == "appraisal_not_possible", "message"].item()
    assert "tiêu chí tính giảm dần theo tỷ lệ mà chưa tính được" in message


@pytest.mark.parametrize(("written", "why"), [(2.5, "lớn hơn điểm tối đa 2"), ("mức hai", "không phải điểm số")])
def test_an_appraisal_that_is_no_score_is_refused_with_its_cell(office, written, why):
    scored = appraised(office, 9, written)
    (refused,) = scored.findings[scored.findings["code"] == "appraisal_refused"].to_dict("records")
    assert why in refused["message"] and "tiêu chí 9" in refused["message"] and refused["cell"].startswith("F")


# --- registering ----------------------------------------------------------------------------------------------------


def test_every_kind_has_a_scoring(book):
    assert set(criterion_kinds()) >= {"average", "first_match", "falling_share"}
    scorings = {c.kind: scoring_of(c) for c in book.criteria}
    assert len(set(scorings.values())) == 3 and scorings["falling_share"] is score_falling_share


def test_a_kind_or_a_scoring_is_registered_once():
    class Again(Criterion):
        kind: Literal["average"]

    class Open(Criterion):
        kind: str

    with pytest.raises(ValueError, match="'average' exists already"):
        criterion_kind(Again)
    with pytest.raises(ValueError, match="Literal of one word"):
        criterion_kind(Open)
    with pytest.raises(ValueError, match="AverageCriterion has a scoring already"):
        register_scoring(AverageCriterion, score_falling_share)
    assert criterion_kinds()["average"] is AverageCriterion


class Unscored(FallingShareCriterion):
    """A kind that somebody forgot to register."""


class Generous(FallingShareCriterion):
    """A kind whose scoring gives more than the maximum."""


def score_generously(criterion: Generous, given: ScoringInput) -> KindScore:
    ones = np.ones(given.rows, dtype=np.int64)
    return KindScore(Outcome.of(ones.astype(bool), ones * 5, ones * 2), [])


register_scoring(Generous, score_generously)


@pytest.mark.parametrize(
    ("model", "error", "message"),
    [
        (Unscored, LookupError, "criterion online: the kind 'falling_share' has no scoring"),
        (Generous, ValueError, "criterion online: the kind 'falling_share' gives points outside 0 … 2"),
    ],
)
def test_a_kind_without_scoring_or_with_impossible_points_stops_the_scoring(office, model, error, message):
    online = model.model_validate(office.book.criteria[-1].model_dump())
    with pytest.raises(error, match=message):
        replace(office, book=office.book.model_copy(update={"criteria": [*office.book.criteria[:-1], online]})).score()


def test_a_criterion_is_frozen(book):
    with pytest.raises(ValidationError):
        book.criteria[-1].target = Fraction(1)
