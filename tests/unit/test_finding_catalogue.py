"""The frame of findings: units and consequences of a finding, equal findings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.finding_catalogue import findings_frame
from pipeline.findings import Place


def test_a_finding_carries_its_units_and_what_follows_from_it() -> None:
    total, level = Place("xa.xlsx", "II.06a", "C21"), Place("cap.csv", "", "C8")
    after = (total.consequence("Dòng tổng chênh 1."), level.consequence("Số riêng của cấp chênh 1."))
    kept_total = Place("").consequence("Kéo theo: 2 đơn vị.")
    finding = Place("xa.xlsx", "II.06a", "C9").finding(
        "unit_missing", "xa-d", found="Xã D", units=("xa-d", "xa-e"), consequences=(*after, kept_total), row="Xã D"
    )
    frame = findings_frame([finding, replace(finding), replace(finding, consequences=after)])
    assert len(frame) == 2  # equal findings once; other consequences are another finding
    shown = frame.loc[frame["consequences"].str.endswith("2 đơn vị.")].iloc[0]
    assert shown["units"] == "xa-d; xa-e"
    assert shown["consequences"] == "Dòng tổng chênh 1. Số riêng của cấp chênh 1. Kéo theo: 2 đơn vị."
    assert shown["consequence_places"] == "xa.xlsx, sheet II.06a, ô C21; cap.csv, ô C8"
    plain = findings_frame([Place("xa.xlsx").finding("unit_missing", row="Xã D")]).iloc[0]
    assert (plain["units"], plain["consequences"], plain["consequence_places"]) == ("", "", "")


@pytest.mark.parametrize(
    "code",
    [
        "part_exceeds_whole", "parts_exceed_whole", "contacts_do_not_add_up", "level_contacts_do_not_add_up", "sum_differs",
        "level_supplement_differs", "part_exceeds_whole_scored", "assessment_unknown", "assessment_not_possible",
        "correction_refused", "appraisal_refused",
    ],
)  # fmt: skip
def test_the_next_step_names_the_file_that_the_cell_is_in(code: str) -> None:
    words = ("row", "label", "whole", "parts", "why", "correction", "what", "written")
    place = Place("phieu/xa-a.xlsx", "Phiếu", "E9")
    frame = findings_frame([place.finding(code, "a", found="1", expected="2", **dict.fromkeys(words, "x"))])
    action = str(frame["action"].iloc[0])
    assert "phieu/xa-a.xlsx" in action
    assert not [name for name in ("bo-sung", "dieu-chinh", "tham-dinh") if name in action]
