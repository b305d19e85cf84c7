"""The same dossiers in several tables: the whole counts, what agrees with it is no conflict, what does not is refused."""

from collections.abc import Mapping

import pytest
from offices import REGISTRY
from repeated_tables import KINDS, Case, make

from pipeline.extract import period as files_module
from pipeline.extract.containers.open_file import open_file
from pipeline.extract.count_records import repeated_units
from pipeline.extract.period import FilesReading, read_files
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.finding_catalogue import units_set_aside
from pipeline.layouts.confirmed import NONE_CONFIRMED, ConfirmedLayout, ConfirmedLayouts
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry

PERIOD = Period(2022, 1)
INDEX = UnitIndex(read_registry(REGISTRY.encode()), PERIOD)


@pytest.fixture(autouse=True)
def without_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are opened here and not in a process of their own."""
    monkeypatch.setattr(
        files_module, "open_all", lambda files, budget: iter([(n, open_file(n, d)) for n, d in files.items()])
    )


def read(files: Mapping[str, bytes], confirmed: ConfirmedLayouts = NONE_CONFIRMED) -> FilesReading:
    return read_files(files, PERIOD, INDEX, vocabulary(), confirmed=confirmed)


def counted(reading: FilesReading) -> dict[str, dict[str, int]]:
    aside = reading.files_set_aside()
    counts, repeated = repeated_units(reading.counts, INDEX, aside)
    broken = units_set_aside([*reading.findings, *reading.counts.findings, *repeated])
    frame = counts.frame(aside)
    numbers: dict[str, dict[str, int]] = {}
    for (unit, measure), value in frame.groupby(["unit_id", "measure"])["value"].sum().items():
        if unit not in broken:
            numbers.setdefault(str(unit), {})[str(measure)] = int(value)
    return numbers


def questions(reading: FilesReading, topic: str) -> list[tuple[str, tuple[str, ...]]]:
    decisions = [d for layout in reading.layouts for d in layout.open if d.topic == topic]
    return [(d.subject, tuple(o.value for o in d.options)) for d in decisions]


def answered(reading: FilesReading, topic: str, meaning: str) -> ConfirmedLayouts:
    """The answer of the office to the first question on a topic, kept under the layout that asked it."""
    layout, decision = next((x, d) for x in reading.layouts for d in x.open if d.topic == topic)
    question = (decision.topic, decision.subject)
    return ConfirmedLayouts(
        [ConfirmedLayout("bieu", layout.kind, layout.labels, {question: meaning}, "Công chức 1", PERIOD.end)]
    )


def wrong(case: Case, numbers: Mapping[str, Mapping[str, int]]) -> list[str]:
    found = [f"{u} is counted" for u in case.refused & numbers.keys()]
    return found + [f"{u}: {numbers.get(u)} is not {c}" for u, c in case.truth.items() if numbers.get(u) != c]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", KINDS)
def test_each_dossier_counts_once_or_not_at_all(kind: str, seed: int) -> None:
    case = make(kind, seed)
    assert not wrong(case, counted(read(case.files)))


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("channels_and_sum", {"table_counted_elsewhere"}),
        ("field_sheets_and_all", {"table_counted_elsewhere"}),
        ("month_sheets_and_quarter", {"table_counted_elsewhere"}),
        ("the_quarter_before_beside", {"table_counted_elsewhere"}),
        ("two_equal_files", {"table_counted_elsewhere"}),
        ("both_channels_only", {"tables_added"}),
        ("one_channel_only", {"table_narrowed"}),
        ("channels_that_contradict_their_sum", {"table_narrowed"}),
        ("field_sheets_only", {"layout_open"}),
        ("nameless_sheets_that_do_not_add_up", {"unit_repeated"}),
        ("two_files_that_differ_in_a_unit", {"table_counted_elsewhere", "unit_repeated"}),
    ],
)
def test_what_is_said_of_it(kind: str, codes: set[str]) -> None:
    reading = read(make(kind, 0).files)
    repeated = repeated_units(reading.counts, INDEX, reading.files_set_aside())[1]
    said = {f.code for f in [*reading.findings, *reading.counts.findings, *repeated]}
    assert said - {"table_settled"} == codes


def test_a_notice_names_both_tables() -> None:
    notices = [f for f in read(make("channels_and_sum", 1).files).findings if f.code == "table_counted_elsewhere"]
    assert [f.cell for f in notices] == ["4:4", "12:12"] or len(notices) == 2
    assert all("kenh.xlsx" in f.found and "kenh.xlsx" in f.expected and f.facts["why"] for f in notices)


@pytest.mark.parametrize("kind", [k for k in KINDS if k not in {"two_files_that_differ_in_a_unit"}])
def test_what_is_proven_is_not_asked(kind: str) -> None:
    case = make(kind, 2)
    if case.truth:
        reading = read(case.files)
        assert not questions(reading, "repeat") and not questions(reading, "scope")


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("nameless_sheets_that_do_not_add_up", None),  # names that say nothing cannot be asked about
        ("months_only", None),  # a month is not the quarter
        ("months_that_contradict_the_quarter", 1),
        ("two_files_that_differ_in_a_unit", 2),
    ],
)
def test_what_is_not_proven_is_asked_where_the_tables_have_names(kind: str, options: int | None) -> None:
    for seed in range(3):
        asked = questions(read(make(kind, seed).files), "repeat")
        assert [len(choices) for _, choices in asked] == ([] if options is None else [options])


def test_the_question_is_the_same_in_every_quarter() -> None:
    asked = [questions(read(make("two_files_that_differ_in_a_unit", seed).files), "repeat") for seed in range(3)]
    assert asked[0] == asked[1] == asked[2]
    assert not any(c.isdigit() for subject, _ in asked[0] for c in subject)


def test_the_table_that_the_office_chose_counts() -> None:
    case = make("two_files_that_differ_in_a_unit", 0)
    reading = read(case.files)
    ((_, choices),) = questions(reading, "repeat")
    numbers = [counted(read(case.files, answered(reading, "repeat", choice))) for choice in choices]
    assert [set(n) for n in numbers] == [set(case.truth) | case.refused] * 2
    assert abs(numbers[0]["phong-b"]["received_total"] - numbers[1]["phong-b"]["received_total"]) == 7


def test_a_title_that_the_office_explained_is_no_question_any_more() -> None:
    case = make("a_part_larger_than_the_whole", 0)
    first = read(case.files)
    assert questions(first, "scope") == [("đất đai", ("all", "part"))]
    part, whole = (read(case.files, answered(first, "scope", meaning)) for meaning in ("part", "all"))
    assert not counted(part) and "table_narrowed" in {f.code for f in part.findings}
    assert not counted(whole) and questions(whole, "repeat")  # two tables of all dossiers that differ


def test_a_table_of_a_file_that_is_set_aside_proves_nothing() -> None:
    case = make("two_equal_files", 0)
    broken = make("one_channel_only", 0).files["a.xlsx"]
    reading = read({**case.files, "a-xau.xlsx": broken})
    assert counted(reading) == case.truth
