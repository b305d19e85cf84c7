"""What a level takes from the supplement of its units, and what it must not."""

from collections.abc import Mapping

import pandas as pd

from pipeline.arithmetic.figure_columns import with_implied_cells
from pipeline.arithmetic.wide_counts import MEASURES
from pipeline.finding_catalogue import findings_frame
from pipeline.validate.level_supplement import level_supplement, supplement_gaps
from schemas.measures import SUPPLEMENT_NAMES

RESOLVED = ("resolved_early", "resolved_on_time", "resolved_late")
MEMBERS = {"xa": ["a", "b"]}
NAMES = {"xa": "Cấp xã", "a": "Xã A", "b": "Xã B"}


def tables(
    entered: Mapping[str, Mapping[str, int]], resolved: Mapping[str, tuple[int, int, int]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What was entered, and the same with the cells that can only be 0."""
    ids = ["xa", "a", "b"]
    supplement = pd.DataFrame(index=ids, columns=list(SUPPLEMENT_NAMES)).astype("Int64")
    counts = pd.DataFrame(index=ids, columns=MEASURES).astype("Int64")
    for unit, values in entered.items():
        supplement.loc[unit, list(values)] = list(values.values())
    for unit, values3 in resolved.items():
        counts.loc[unit, list(RESOLVED)] = list(values3)
    return supplement, with_implied_cells(counts.join(supplement))[list(SUPPLEMENT_NAMES)]


def level(
    entered: Mapping[str, Mapping[str, int]], resolved: Mapping[str, tuple[int, int, int]] | None = None
) -> dict[str, int]:
    table, summed = level_supplement(*tables(entered, resolved or {"a": (5, 2, 1), "b": (3, 0, 1)}), MEMBERS)
    known = table.loc["xa"].dropna()
    assert set(summed.columns[summed.loc["xa"]]) <= set(known.index)
    return {str(m): int(v) for m, v in known.items()}


def gaps(entered: Mapping[str, Mapping[str, int]]) -> list[str]:
    found = supplement_gaps(*tables(entered, {"a": (5, 2, 1), "b": (3, 0, 1)}), MEMBERS, NAMES)
    return findings_frame(found)["message"].tolist()


def test_blank_cells_that_can_only_be_0_do_not_stop_a_sum() -> None:
    none = {"petitions_received": 0}
    some = {"petitions_received": 10, "petitions_on_time": 9, "petitions_prolonged": 0}
    assert level({"a": none, "b": some}) == {
        "petitions_received": 10, "petitions_on_time": 9, "petitions_prolonged": 0,
    }  # fmt: skip
    assert level({"a": {"contacted_never": 8}, "b": {"contacted_never": 2, "contacted_once": 2}}) == {
        "contacted_never": 10, "contacted_once": 2, "contacted_more": 0,
    }  # fmt: skip


def test_a_unit_without_online_dossiers_has_none_unresolved() -> None:
    some = {"eligible_received": 30, "eligible_online": 12, "eligible_unresolved": 4}
    assert level({"a": some, "b": {"eligible_received": 9, "eligible_online": 0}}) == {
        "eligible_received": 39, "eligible_online": 12, "eligible_unresolved": 4,
    }  # fmt: skip


def test_a_unit_with_nothing_resolved_counts_with_its_petitions_and_no_contacts() -> None:
    entered = {"a": {"contacted_never": 8, "petitions_prolonged": 0}, "b": {"petitions_prolonged": 5}}
    assert level(entered, {"a": (5, 2, 1), "b": (0, 0, 0)}) == {
        "contacted_never": 8, "contacted_once": 0, "contacted_more": 0, "petitions_prolonged": 5,
    }  # fmt: skip


def test_a_cell_of_the_levels_own_stands_for_its_whole_group() -> None:
    entered = {
        "xa": {"procedures_total": 157},
        "a": {"procedures_total": 157, "procedures_online": 18, "petitions_received": 0},
        "b": {"procedures_total": 157, "procedures_online": 18, "petitions_received": 0},
    }
    assert level(entered) == {"procedures_total": 157, "petitions_received": 0}


def test_what_only_some_units_entered_is_not_summed_and_the_others_are_named() -> None:
    entered = {"a": {"complaints_early": 1}, "b": {"petitions_received": 0}}
    assert level(entered) == {}
    assert gaps(entered) == [
        "Cấp xã: phản ánh về thái độ mới nhập đủ cho 1 trên 2 đơn vị (còn thiếu: Xã B), nên không cộng được cho cấp.",
        "Cấp xã: phản ánh, kiến nghị mới nhập đủ cho 1 trên 2 đơn vị (còn thiếu: Xã A), nên không cộng được cho cấp.",
    ]
    assert gaps({"a": {"complaints_early": 1, "petitions_received": 0}}) == [
        "Cấp xã: phản ánh về thái độ; phản ánh, kiến nghị mới nhập đủ cho 1 trên 2 đơn vị (còn thiếu: Xã B), "
        "nên không cộng được cho cấp."
    ]
    assert gaps({**entered, "xa": {"complaints_early": 1, "petitions_received": 0}}) == []


def test_zeros_that_nobody_entered_are_no_knowledge_of_the_level() -> None:
    resolved = {"a": (5, 2, 0), "b": (3, 0, 0)}  # no late dossier, so no late one with a complaint
    assert level({}, resolved) == {}
    assert level({"a": {"complaints_early": 1}}, resolved) == {}
    assert gaps({}) == []
