"""Rulebooks: bad ones are refused, and the right one is chosen."""

import datetime as dt
import tomllib
from fractions import Fraction
from importlib import resources

import pytest
from offices import OFFICE
from pydantic import ValidationError

from pipeline.periods import Period
from pipeline.rulebooks import (
    ProvinceUnknownError,
    RulebookUndecidedError,
    applies_in,
    choose,
    in_force,
    installed,
    read_rulebooks,
    validity,
)
from schemas.office import Office
from schemas.rulebook import Rulebook


def raw(rulebook_id="qd-1187-2019"):
    folder = resources.files("pipeline").joinpath("reference/rulebooks")
    return tomllib.loads(folder.joinpath(f"{rulebook_id}.toml").read_text("utf-8"))


def criterion(data, name):
    return next(c for c in data["criteria"] if c["id"] == name)


def unknown_key(data):
    data["criteria"][0]["weight"] = 2


def points_over_max(data):
    data["criteria"][0]["options"][0]["points"] = 3


def points_not_descending(data):
    criterion(data, "desk")["options"].reverse()


def negative_points(data):
    criterion(data, "contacts")["options"][-1]["points"] = -1


def unknown_measure(data):
    data["criteria"][0]["options"][0]["count"] = ["resolved_fast"]


def unknown_measure_in_ratio(data):
    data["ratios"]["desk"]["denominator"] = ["procedures"]


def unknown_ratio(data):
    criterion(data, "desk")["options"][0]["all"] = [{"ratio": "share", "at_least": 1}]


def unknown_level(data):
    criterion(data, "desk")["options"][0]["levels"] = ["tinh"]


def missing_citation(data):
    del data["criteria"][0]["citation"]


def empty_citation(data):
    data["criteria"][0]["citation"] = ""


def float_threshold(data):
    criterion(data, "desk")["options"][1]["all"] = [{"ratio": "desk", "at_least": 0.9}]


def float_points(data):
    data["criteria"][0]["options"][1]["points"] = 0.5


def two_bounds(data):
    criterion(data, "desk")["options"][1]["all"] = [{"ratio": "desk", "at_least": "90%", "below": "100%"}]


def condition_on_the_last(data):
    criterion(data, "desk")["options"][-1]["all"] = [{"ratio": "desk", "below": "90%"}]


def option_without_condition(data):
    criterion(data, "desk")["options"][0]["all"] = []


def average_without_denominator(data):
    del data["criteria"][0]["denominator"]


def average_option_without_count(data):
    del data["criteria"][0]["options"][1]["count"]


def unknown_category(data):
    criterion(data, "disclosure")["options"][0]["all"] = [{"category": "disclosure", "one_of": ["all"]}]


def incomplete_default(data):
    del data["defaults"][0]["values"]["contacted_once"]


def default_for_unknown_criterion(data):
    data["defaults"][-1]["criteria"] = ["internet"]


def repeated_criterion(data):
    data["criteria"].append(data["criteria"][0])


def ends_before_it_begins(data):
    data["valid_to"] = dt.date(2018, 1, 1)


BREAKS = [
    unknown_key,
    points_over_max,
    points_not_descending,
    negative_points,
    unknown_measure,
    unknown_measure_in_ratio,
    unknown_ratio,
    unknown_level,
    missing_citation,
    empty_citation,
    float_threshold,
    float_points,
    two_bounds,
    condition_on_the_last,
    option_without_condition,
    average_without_denominator,
    average_option_without_count,
    unknown_category,
    incomplete_default,
    default_for_unknown_criterion,
    repeated_criterion,
    ends_before_it_begins,
]


@pytest.mark.parametrize("broken", BREAKS, ids=lambda f: f.__name__)
def test_a_bad_rulebook_is_refused(broken):
    data = raw()
    Rulebook.model_validate(data)  # sound until broken
    broken(data)
    with pytest.raises(ValidationError):
        Rulebook.model_validate(data)


def test_the_shipped_rulebooks():
    books = installed()
    assert set(books) == {"qd-1187-2019", "qd-766-2022", "tt-01-2018"}
    for book in (LOCAL, NATIONAL):
        assert book.max_total == 18
        assert book.period == "cutoff_15_14"
        assert sum(c.max_points for c in book.criteria if c.officers) == 10
        assert all(c.citation for c in book.criteria)
    index_set = books["qd-766-2022"]
    assert index_set.max_total == 100
    assert {g.code: g.max_points for g in index_set.groups} == {
        "CKMB": 18, "TDGQ": 20, "CLGQ": 12, "TTTT": 10, "MDSH": 22, "MDHL": 18
    }  # fmt: skip
    assert {len(index_set.criteria_at(level.id)) for level in index_set.levels} == {21}
    assert (index_set.period, index_set.officer_class) == ("calendar", None)
    numbers = {b: {c.id: c.number for c in books[b].criteria} for b in books}
    assert list(numbers["qd-1187-2019"].values()) == [str(i) for i in range(1, 10)]
    assert list(numbers["tt-01-2018"].values()) == [f"CS{i}" for i in range(1, 10)]
    assert numbers["qd-1187-2019"]["attitude"] == "5"
    assert numbers["tt-01-2018"]["attitude"] == "CS7"
    assert books["tt-01-2018"].defaults == []


def test_thresholds_are_exact_fractions():
    desk = next(c for c in installed()["qd-1187-2019"].criteria if c.id == "desk")
    assert desk.options[1].all[0].at_least == Fraction(9, 10)
    assert isinstance(desk.options[1].all[0].at_least, Fraction)


def test_a_repeated_id_is_refused():
    folder = resources.files("pipeline").joinpath("reference/rulebooks")
    data = folder.joinpath("tt-01-2018.toml").read_bytes()
    with pytest.raises(ValueError, match=r"b\.toml: mã quy định “tt-01-2018”"):
        read_rulebooks({"a.toml": data, "b.toml": data})


def test_a_broken_file_is_named():
    with pytest.raises(ValueError, match=r"x\.toml: tệp quy định không dùng được"):
        read_rulebooks({"x.toml": b"id = "})


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (Period(2018, 4), None),
        (Period(2019, 1), "tt-01-2018"),
        (Period(2019, 3), "tt-01-2018"),
        (Period(2019, 4), "qd-1187-2019"),
        (Period(2025, 2), "qd-1187-2019"),
        (Period(2025, 3), None),  # of districts until 30 June, without them from 1 July
        (Period(2025, 1, 4), None),
        (Period(2025, 4), "qd-766-2022"),
        (Period(2026, 1), "qd-766-2022"),
    ],
)
def test_the_rulebook_of_a_period(period, expected):
    book = in_force(installed(), period)
    assert (book.id if book else None) == expected


def codes(choice):
    return [f.code for f in choice.findings]


#: a national decision and one of a province with the same validity
BOOKS = installed()
LOCAL, NATIONAL = BOOKS["qd-1187-2019"], BOOKS["tt-01-2018"]
ELSEWHERE = Office(name="UBND huyện B", province="Tỉnh Lai Châu")


def test_the_rulebook_in_force_is_chosen():
    choice = choose(Period(2022, 1), office=OFFICE)
    assert choice.rulebook is choice.applying is LOCAL
    assert not choice.alternative
    assert codes(choice) == []
    assert "quy định của Điện Biên" in choice.ground
    assert choose(Period(2022, 1), "qd-1187-2019", OFFICE) == choice


def test_the_decision_of_a_province_is_no_law_elsewhere():
    choice = choose(Period(2022, 1), office=ELSEWHERE)
    assert choice.rulebook is choice.applying is NATIONAL
    assert codes(choice) == []
    assert "không có quy định riêng của Lai Châu" in choice.ground


@pytest.mark.parametrize("province", ["Điện Biên", "tỉnh Điện Biên", " TỈNH  ĐIỆN BIÊN ", "Điện Biên"])
def test_ways_of_writing_a_province(province):
    assert applies_in(LOCAL, Office(name="A", province=province).province)
    assert not applies_in(LOCAL, "Lai Châu")


def test_without_an_office_file_no_province_is_guessed():
    with pytest.raises(ProvinceUnknownError, match="QĐ 1187/QĐ-UBND \\(2019\\): Điện Biên"):
        choose(Period(2022, 1))
    assert choose(Period(2019, 2)).rulebook is NATIONAL  # no province has a decision of its own yet
    assert codes(choose(Period(2018, 1))) == ["no_rulebook"]


def test_without_an_office_file_a_request_is_followed_with_a_warning():
    choice = choose(Period(2022, 1), "qd-1187-2019")
    assert (choice.rulebook, choice.alternative) == (LOCAL, False)
    assert codes(choice) == ["rulebook_province_unknown"]
    assert "--rulebook" in choice.ground
    assert choose(Period(2022, 1), "tt-01-2018").alternative


def test_the_rulebook_that_the_office_names():
    named = OFFICE.model_copy(update={"rulebook": "tt-01-2018"})
    choice = choose(Period(2022, 1), office=named)
    assert choice.rulebook is choice.applying is NATIONAL
    assert (codes(choice), choice.alternative) == ([], False)
    assert "office.toml" in choice.ground
    assert choose(Period(2022, 1), "qd-1187-2019", named).alternative


def test_a_named_rulebook_that_is_not_in_force_is_reported():
    named = OFFICE.model_copy(update={"rulebook": "qd-1187-2019"})
    early = choose(Period(2019, 2), office=named)
    assert early.rulebook is NATIONAL
    assert codes(early) == ["rulebook_of_office_ended"]
    assert choose(Period(2019, 2), "tt-01-2018", named) == early  # as a run through Prefect asks again
    late = choose(Period(2025, 3), office=named)
    assert late.rulebook is None
    assert codes(late) == ["period_spans_change"]


def test_a_named_rulebook_of_another_province_is_used_and_reported():
    named = ELSEWHERE.model_copy(update={"rulebook": "qd-1187-2019"})
    choice = choose(Period(2022, 1), office=named)
    assert choice.rulebook is LOCAL
    assert codes(choice) == ["rulebook_other_province"]


def test_only_another_province_has_one(monkeypatch):
    monkeypatch.setattr("pipeline.rulebooks.installed", lambda: {LOCAL.id: LOCAL})
    choice = choose(Period(2022, 1), office=ELSEWHERE)
    assert choice.rulebook is None
    assert codes(choice) == ["rulebook_elsewhere"]
    asked = choose(Period(2022, 1), "qd-1187-2019", ELSEWHERE)
    assert (asked.rulebook, asked.alternative) == (LOCAL, False)
    assert codes(asked) == ["rulebook_other_province"]


def test_a_named_rulebook_that_is_not_installed_is_refused():
    named = OFFICE.model_copy(update={"rulebook": "qd-9999"})
    with pytest.raises(RulebookUndecidedError, match=r"office\.toml.*“qd-9999”.*qd-1187-2019, qd-766-2022, tt-01-2018"):
        choose(Period(2022, 1), office=named)


def test_validity_is_judged_on_the_last_day():
    assert choose(Period(2019, 4), office=OFFICE).rulebook is LOCAL  # ends 14/12/2019
    assert choose(Period(2025, 2), office=OFFICE).rulebook is LOCAL  # ends 14/6/2025
    straddling = choose(Period(2025, 3), office=OFFICE)  # 15/6 … 14/9/2025
    assert straddling.rulebook is None
    assert codes(straddling) == ["period_spans_change"]
    requested = choose(Period(2025, 3), "qd-766-2022", OFFICE)
    assert codes(requested) == ["rulebook_outside_validity"]


def test_another_rulebook_is_an_alternative():
    choice = choose(Period(2022, 1), "tt-01-2018", OFFICE)
    assert choice.rulebook is NATIONAL
    assert choice.applying is LOCAL
    assert choice.alternative
    assert codes(choice) == ["rulebook_alternative"]


def test_a_rulebook_asked_for_outside_its_validity():
    choice = choose(Period(2018, 1), "qd-1187-2019", OFFICE)
    assert choice.rulebook is LOCAL
    assert choice.applying is None
    assert not choice.alternative
    assert codes(choice) == ["rulebook_outside_validity"]
    early = choose(Period(2019, 2), "qd-1187-2019", OFFICE)
    assert early.alternative
    assert codes(early) == ["rulebook_alternative", "rulebook_outside_validity"]


def test_an_unknown_rulebook_is_refused_with_the_list():
    with pytest.raises(ValueError, match="Các quy định đã cài: qd-1187-2019, qd-766-2022, tt-01-2018"):
        choose(Period(2022, 1), "qd-9999")


def test_validity_reads_as_a_date():
    assert validity(installed()["tt-01-2018"]) == "từ 06/01/2019 đến 30/6/2025"
