"""Who has sent what, and whose figures disagree (pipeline/validate/submission_status.py)."""

from dataclasses import replace

import pandas as pd
import pytest

from pipeline import quarter
from pipeline.periods import Period
from pipeline.result import Checked
from pipeline.validate.submission_status import missing_units, returns_status, workbooks_unused
from schemas.frames import Returns, Supplement


@pytest.fixture
def checked(period: Period, registry_csv: bytes, export, row) -> Checked:
    """Phòng A and B and Xã D have dossiers, Phòng C has none at all, Xã Đông Ê is in no file."""
    some, nothing = (10, 20, 3, 12, 5, 1), (0,) * 6
    rows = [row(1, "Phòng A", *some), row(2, "Phòng B", *some), row(3, "Phòng C", *nothing), row(4, "Xã D", *some)]
    reading = quarter.read_period(period, {"so-lieu.xlsx": export(rows)}, registry_csv)
    return quarter.check(reading)


def returned(*rows: tuple[str, bool, str]) -> pd.DataFrame:
    frame = pd.DataFrame(
        [(u, blank, file, "Phiếu", "A2") for u, blank, file in rows], columns=list(Returns.to_schema().columns)
    )
    return Returns.validate(frame.astype({c: "bool" if c == "blank" else "str" for c in frame.columns}))


def entered(unit: str, file: str, item: str = "contacted_never") -> pd.DataFrame:
    frame = pd.DataFrame(
        [(unit, item, "", 1, "", "", file, "Phiếu", "C9")], columns=list(Supplement.to_schema().columns)
    )
    return frame.astype({c: "Int64" if c == "value" else "str" for c in frame.columns})


def sent(frame: pd.DataFrame) -> dict[str, str]:
    return dict(zip(frame["unit_id"], frame["sent"], strict=True))


def test_an_office_without_workbooks_of_units_waits_for_counts_only(checked: Checked) -> None:
    status = returns_status(checked)
    assert set(status["sent"]) == {"not_needed"}
    assert status.set_index("unit_id")["has_counts"].to_dict() == {
        "phong-a": True, "phong-b": True, "phong-c": True, "xa-d": True, "xa-e": False,
    }  # fmt: skip
    assert missing_units(checked) == ["Xã Đông Ê"]


def test_every_unit_is_expected_to_answer_what_it_was_sent(checked: Checked) -> None:
    both = returned(("phong-a", False, "phieu/a.xlsx"), ("phong-b", True, "phieu/b.xlsx"))
    asked = replace(checked, returns=both)
    everybody = ["phong-a", "phong-b", "phong-c", "xa-d", "xa-e"]
    expected = {
        "phong-a": "sent", "phong-b": "blank", "phong-c": "not_needed", "xa-d": "not_sent", "xa-e": "not_sent",
    }  # fmt: skip
    assert sent(returns_status(asked, everybody)) == expected
    assert sent(returns_status(asked)) == expected  # nobody knows who was asked: some answered
    assert missing_units(asked, everybody) == ["Phòng B", "Xã D", "Xã Đông Ê"]
    # only two were asked
    assert sent(returns_status(asked, ["phong-a", "phong-b"]))["xa-d"] == "not_needed"


def test_what_is_entered_elsewhere_need_not_be_sent(checked: Checked) -> None:
    asked = replace(checked, supplement=entered("xa-d", "bo-sung.xlsx"))
    assert sent(returns_status(asked, ["xa-d", "phong-a"]))["xa-d"] == "not_needed"
    # what its own return says is no other place
    answered = replace(
        checked,
        supplement=entered("xa-d", "phieu/d.xlsx"),
        returns=returned(("xa-d", True, "phieu/d.xlsx")),
    )
    assert sent(returns_status(answered, ["xa-d", "phong-a"]))["xa-d"] == "blank"


def test_a_corrected_return_beside_a_blank_one_is_sent(checked: Checked) -> None:
    both = returned(("phong-a", True, "phieu/a.xlsx"), ("phong-a", False, "phieu/a (2).xlsx"))
    assert sent(returns_status(replace(checked, returns=both)))["phong-a"] == "sent"


def test_workbooks_that_were_only_made_are_asked_of_nobody_once_the_office_enters_figures_itself(
    checked: Checked,
) -> None:
    everybody = ["phong-a", "phong-b", "phong-c", "xa-d", "xa-e"]
    assert workbooks_unused(checked, everybody) and not workbooks_unused(checked, [])
    assert missing_units(checked, everybody) == ["Phòng A", "Phòng B", "Xã D", "Xã Đông Ê"]
    typed = replace(checked, supplement=entered("phong-b", "bo-sung.xlsx"))
    assert not workbooks_unused(typed, everybody)
    assert set(sent(returns_status(typed, everybody)).values()) == {"not_needed"}
    assert missing_units(typed, everybody) == ["Xã Đông Ê"]  # it has no counts
    # a row of a level says nothing of the units
    assert workbooks_unused(replace(checked, supplement=entered("huyen", "bo-sung.xlsx")), everybody)
    # one answer, even a blank one, and the office does use them
    asked = replace(typed, returns=returned(("phong-a", True, "phieu/a.xlsx")))
    assert sent(returns_status(asked, everybody))["xa-d"] == "not_sent" and not workbooks_unused(asked, everybody)


@pytest.mark.parametrize("item", ["procedures_total", "procedures_at_desk", "procedures_online", "disclosure"])
def test_what_rarely_changes_does_not_show_that_the_office_enters_the_figures_of_the_quarter(
    checked: Checked, item: str
) -> None:
    everybody = ["phong-a", "phong-b", "phong-c", "xa-d", "xa-e"]
    confirmed = replace(
        checked, supplement=pd.concat([entered(u, "bo-sung.xlsx", item) for u in everybody], ignore_index=True)
    )
    status = returns_status(confirmed, everybody)
    assert {u for u, s in sent(status).items() if s == "not_sent"} == {"phong-a", "phong-b", "xa-d", "xa-e"}
    assert workbooks_unused(confirmed, everybody)
    # nor does it answer for a unit once other workbooks came back
    answered = replace(confirmed, returns=returned(("phong-a", False, "phieu/a.xlsx")))
    assert sent(returns_status(answered, everybody))["xa-d"] == "not_sent"
