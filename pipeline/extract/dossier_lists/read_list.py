"""A dossier list (one row a dossier) -> a frame of the columns that are counted. Other columns are not read.

Personal data of applicants (names, addresses, phone numbers) is in the other columns. What is not known, proven or
confirmed by the office is asked; a list with an open question about all of it is not counted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from pipeline.extract.dossier_lists.clock_shift import midnight_shifts
from pipeline.extract.dossier_lists.contradicted_answers import contradicted_columns, contradicted_statuses
from pipeline.extract.dossier_lists.date_choice import (
    DATE_NAMES,
    TOPICS,
    Contradictions,
    DateChoices,
    asked_again,
    choose_dates,
    date_candidates,
)
from pipeline.extract.dossier_lists.date_order import codes_say_month_first, short_orders
from pipeline.extract.dossier_lists.list_checks import (
    has_month_first_dates,
    incomplete_list,
    unit_sections,
    units_by_section,
)
from pipeline.extract.dossier_lists.list_columns import ListColumns
from pipeline.extract.dossier_lists.list_decisions import ColumnChoice, answered_column, open_finding
from pipeline.extract.dossier_lists.list_header import ListHeader, find_header
from pipeline.extract.dossier_lists.list_statuses import (
    Meanings,
    StatusColumns,
    channel_column,
    channel_meanings,
    judged_by_states,
    read_statuses,
    reopened,
    status_meanings,
)
from pipeline.extract.dossier_lists.office_choice import choose_office
from pipeline.extract.sheet.grid import Grid
from pipeline.extract.wording.list_words import DATE_KINDS, PLANNED, DateHeading
from pipeline.extract.wording.reporting_office import looks_like_office, reporting_unit, tab_conflict
from pipeline.extract.wording.status_words import status_words
from pipeline.extract.wording.title_offices import reporter_name
from pipeline.extract.wording.title_periods import MAX_TITLE
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.findings import Finding, Place
from pipeline.layouts.confirmed import NONE_CONFIRMED, Answer, ConfirmedLayouts, Question
from pipeline.layouts.decisions import DATE_ORDERS, Decision, Layout, column_subject, options
from pipeline.registry import UnitIndex
from pipeline.shown_text import shown_heading
from pipeline.text import vn_int

#: meaning of a column -> its name in the notes
_NAMES = {
    "code": "mã hồ sơ",
    "unit": "đơn vị",
    "received": "ngày tiếp nhận",
    "due": "ngày hẹn trả",
    "finished": "ngày kết thúc",
    "status": "trạng thái",
    "channel": "hình thức tiếp nhận",
}
#: share of rows without a date or without digits in the code, from which the header is not over its columns
_MISFITS = 0.2
#: share of ended dossiers whose deadline state their days contradict, and of open ones with an end, that is no accident
_IN_DOUBT, _OPEN_WITH_END = 0.2, 0.5
#: rows that a finding names; words of an office's name in a title
_EXAMPLES, _NAME_WORDS = 5, 9
#: a text that states a day, of the calendar or not: `31/02/2022`, `Ngày 5-6-1900`, `1900-01-01 00:00:00`
_WRITTEN_AS_DAY = re.compile(r"\d ?[/.\-] ?\d{1,2} ?[/.\-] ?\d")


@dataclass(frozen=True)
class DossierList:
    """The counted columns of one sheet, one row a dossier.

    `frame`: file, sheet; row (number in the sheet, from 1); code; unit (name as written); received, due, finished
    (datetime64, NaT where blank); bad_date (bool: a date cell holds something else); status, channel (as written, ""
    where the list has no such column); meaning (of the status: STATUS_MEANINGS, "dates" where it says only whether the
    deadline was met, "" where it is open or blank), way (online, direct, ""); shown_otherwise (bool: a counted cell is
    struck through or shows something else than it holds); doubt (kind of a date that cannot or hardly can be right,
    "" for none, see `date_doubts`), doubt_state (what the office has answered of it).
    """

    frame: pd.DataFrame
    has_channel: bool
    titles: tuple[str, ...]  # the texts above the header
    notes: tuple[str, ...]  # Vietnamese: what each column was taken for
    header: ListHeader
    answers: Mapping[Question, Answer]  # of the office, for lists with this header
    shared_headings: tuple[str, ...] = ()  # of codes, units, reception and promise: the same in all lists of an export
    has_ends: bool = True  # a column holds the ends; else every dossier is pending
    names_units: bool = True  # a column names the unit of each dossier; else its titles, its tab or its groups do


@dataclass(frozen=True)
class ListReading:
    """A sheet that is a dossier list: the list where it can be counted, what was decided, and what is wrong."""

    layout: Layout
    found: DossierList | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Choices:
    """What each column of a list was taken for."""

    dates: DateChoices
    office: ColumnChoice
    statuses: StatusColumns
    channel: int | None
    order: Decision | None

    @property
    def all(self) -> list[ColumnChoice]:
        return [*self.dates.choices.values(), self.office]

    @property
    def columns(self) -> dict[str, int]:
        """Meaning -> column, of those that were chosen."""
        found = {kind: choice.column for kind, choice in self.dates.choices.items()} | {"unit": self.office.column}
        status = self.statuses.columns[0] if self.statuses.columns else None
        found |= {"status": status, "channel": self.channel}
        return {key: column for key, column in found.items() if column is not None}


def read_dossiers(
    grid: Grid, vocabulary: Vocabulary, index: UnitIndex, confirmed: ConfirmedLayouts = NONE_CONFIRMED
) -> ListReading | None:
    """The list of a sheet, or why it is not counted; None where the sheet is no dossier list.

    `confirmed`: what the office has said of lists with this header.
    """
    header = find_header(grid, vocabulary.lists)
    if header is None:
        return None
    answers = confirmed.answers("list", tuple(column_subject(path) for path in header.paths))
    titles = tuple(t[:MAX_TITLE] for r in range(grid.top, header.titles_end) for _, t in grid.row_texts(r))
    columns = ListColumns(grid, header, vocabulary.lists, index.lexicon)
    title_unit = _title_unit(titles, grid.sheet, index)
    chosen = _choose(columns, title_unit, answers, index)
    decisions = [c.decision for c in chosen.all if c.decision is not None and not _is_known(c)]
    decisions += [chosen.order] if chosen.order is not None else []
    shown = tuple(tuple(map(shown_heading, path)) for path in header.paths)
    layout = Layout("list", grid.file, grid.tab, header.rows, shown, tuple(decisions))
    refused = _refused_columns(columns, chosen)
    layout = replace(layout, decisions=(*_known_columns(columns, chosen), *layout.decisions))
    if refused:
        return ListReading(layout, None, refused)
    frame = _frame(columns, chosen)
    statuses = status_meanings(frame, columns, answers)
    channels = channel_meanings(frame, columns, answers)
    layout = replace(layout, decisions=(*layout.decisions, *statuses.decisions, *channels.decisions))
    if "finished" not in chosen.dates.choices and not _all_pending(frame, columns, statuses):
        return ListReading(layout, None, (_without_dates(columns, chosen),))
    if frame.empty:
        notes = tuple(_notes(0, grid, header, chosen))
        return ListReading(
            layout, DossierList(_with_meanings(frame, statuses, channels), False, titles, notes, header, {})
        )
    frame = _with_meanings(frame, statuses, channels)
    doubted = _doubted_dates(frame.loc[~frame["status"].isin(list(statuses.confirmed))], columns, chosen)
    if doubted is not None and doubted.decision is not None:
        others = tuple(d for d in layout.decisions if d.topic != doubted.decision.topic)
        layout = replace(layout, decisions=(doubted.decision, *others))
        return ListReading(layout, None, (open_finding(doubted, grid, header),))
    wrong = _shifted(frame, columns, chosen) or incomplete_list(grid, set(frame["row"] - 1))
    refused = () if wrong is None else (wrong,)
    refused = refused or tuple(contradicted_columns(frame, grid, header, chosen.dates.choices))
    if refused:
        return ListReading(layout, None, refused)
    contradicted = contradicted_statuses(frame, grid, statuses)
    if contradicted:
        statuses = reopened(statuses, {t: f"trái với số liệu: {f.facts['why']}" for t, f in contradicted.items()})
        frame = _with_meanings(frame, statuses, channels)
        others = tuple(d for d in layout.decisions if d.topic not in {"status", "channel"})
        layout = replace(layout, decisions=(*others, *statuses.decisions, *channels.decisions))
    units = _unit_names(frame, columns, chosen.office, title_unit, titles, index)
    if isinstance(units, Finding):
        return ListReading(layout, None, (units,))
    frame["unit"] = units
    wrong = _rows_without_code_or_unit(frame, grid)
    if wrong is not None:
        return ListReading(layout, None, (wrong,))
    found = DossierList(
        frame,
        chosen.channel is not None,
        titles,
        tuple(_notes(len(frame), grid, header, chosen)),
        header,
        answers,
        shared_headings=_shared_headings(header, chosen),
        has_ends="finished" in chosen.dates.choices,
        names_units=chosen.office.column is not None,
    )
    return ListReading(layout, found, tuple(contradicted.values()))


# --- which columns ----------------------------------------------------------------------------------------------------


def _choose(columns: ListColumns, title_unit: str, answers: Mapping[Question, Answer], index: UnitIndex) -> _Choices:
    """What each column is taken for."""
    candidates = date_candidates(columns)
    order = _set_order(columns, candidates, answers, index.period.year)
    statuses = read_statuses(columns)
    channel = channel_column(columns)

    def contradictions(due: int) -> Contradictions:
        return partial(_contradictions, columns, statuses, due)

    dates = choose_dates(columns, candidates, answers, contradictions)
    taken = [*candidates, *(c.column for c in dates.choices.values() if c.column is not None)]
    office = choose_office(columns, title_unit, answers, index, taken)
    return _Choices(dates, office, statuses, channel, order)


def _is_known(choice: ColumnChoice) -> bool:
    """Whether words alone chose the column: nobody has to be asked."""
    return choice.decision is None or choice.decision.ground == "known"


def _known_columns(columns: ListColumns, chosen: _Choices) -> list[Decision]:
    """What the columns were taken for that nobody has to choose, without examples of codes and names."""
    header = columns.header
    decided = {c.column for c in chosen.all if not _is_known(c)}
    found = []
    for key, column in {"code": header.code, **chosen.columns}.items():
        if column in decided:
            continue
        examples: tuple[str, ...] = ()
        if key in DATE_KINDS:
            examples = columns.day_examples([column])
        elif key == "unit":
            examples = columns.office_examples(column)
        name, meaning = header.named_column(column), _NAMES[key][:1].upper() + _NAMES[key][1:]
        found.append(Decision("column", header.subject(column), name, meaning, "known", "từ vựng", (), examples))
    return found


def _contradictions(columns: ListColumns, statuses: StatusColumns, due: int, column: int) -> tuple[int, int]:
    """How many deadline states the days of a column contradict, and of how many: see `judged_by_states`."""
    return judged_by_states(statuses, columns.days(column)[0], columns.days(due)[0], columns.coded)


def _set_order(
    columns: ListColumns, candidates: Mapping[int, DateHeading], answers: Mapping[Question, Answer], year: int
) -> Decision | None:
    """Set how the dates of the list are read; the decision about the order of those with a two-digit year."""
    header = columns.header
    named = {kind: [c for c, h in candidates.items() if h.kind == kind] for kind in DATE_KINDS}
    for kind in DATE_KINDS:
        column, _ = answered_column(TOPICS[kind], answers, header, header.columns)
        named[kind] = [column] if column is not None else named[kind]
    moments = {*named["received"], *named["finished"]}
    columns.shifts = midnight_shifts(
        columns, named["received"], named["finished"], [c for c in {*candidates, *named["due"]} if c not in moments]
    )
    orders = short_orders(columns, candidates, next(iter(named["received"]), None), year)
    if not orders or orders == ["dmy"]:
        return None
    columns.order = orders[0]
    if len(orders) == 1:
        return Decision(
            "date_order", "date_order", DATE_ORDERS[orders[0]], orders[0], "proven", "mọi ngày của danh sách"
        )
    answer = answers.get(("date_order", "date_order"))
    asked = options(DATE_ORDERS, *orders)
    shown = "Thứ tự ngày, tháng, năm của các ngày viết hai chữ số năm"
    if answer is not None and answer.meaning in orders:
        columns.order = answer.meaning
        return Decision("date_order", "date_order", shown, answer.meaning, "confirmed", answer.reason, asked)
    examples = tuple(dict.fromkeys(str(v) for c in candidates for v in columns.sample(c)))[:3]
    why = "các ngày đọc được theo nhiều thứ tự"
    return Decision("date_order", "date_order", shown, "dmy", "open", why, asked, examples)


def _refused_columns(columns: ListColumns, chosen: _Choices) -> tuple[Finding, ...]:
    """Why the columns of a list cannot be counted: open choices, a date that is missing, months first."""
    grid, header = columns.grid, columns.header
    place = grid.place_of(header.rows)
    if chosen.dates.unclear:
        found = ", ".join(header.named_column(c) for c in chosen.dates.unclear)
        return (place.finding("list_unclear_dates", found=found),)
    if {"received", "due"} - chosen.dates.choices.keys():
        return (_without_dates(columns, chosen),)
    asked = [open_finding(choice, grid, header) for choice in chosen.all if choice.open]
    if chosen.order is not None and chosen.order.ground == "open":
        shown = chosen.order.shown[:1].lower() + chosen.order.shown[1:]
        asked.append(place.finding("layout_open", found=shown, why=f" ({chosen.order.reason})"))
    dates = [c.column for c in chosen.dates.choices.values() if c.column is not None]
    turned = [c for c in dates if has_month_first_dates(columns.values(c))]
    received = chosen.dates.choices["received"].column
    if received is not None and not turned and codes_say_month_first(columns.codes, columns.days(received)[0]):
        turned = [received]
    if turned:
        return (place.finding("list_unclear_dates", found=", ".join(header.named_column(c) for c in turned)),)
    return tuple(asked)


def _without_dates(columns: ListColumns, chosen: _Choices) -> Finding:
    missing = [name for kind, name in DATE_NAMES.items() if kind not in chosen.dates.choices]
    place = columns.grid.place_of(columns.header.rows)
    return place.finding("list_without_dates", found=", ".join(missing), expected="đủ ba cột ngày")


def _all_pending(frame: pd.DataFrame, columns: ListColumns, statuses: Meanings) -> bool:
    """Whether the statuses of a list without ends say of every dossier that it is pending."""
    told = frame["status"].map({"": "", **statuses.of_text})
    return bool(len(frame) and (told.isin(["open", "waiting"]) & ~_has_result(frame, columns)).all())


def _has_result(frame: pd.DataFrame, columns: ListColumns) -> pd.Series:
    """Of each dossier whether its result is there and waits for the citizen: "Chờ trả kết quả"."""
    reader = status_words(columns.lists)
    return frame["status"].map({t: reader.has_result(t) for t in frame["status"].unique()}).astype(bool)


def _doubted_dates(frame: pd.DataFrame, columns: ListColumns, chosen: _Choices) -> ColumnChoice | None:
    """The question about the end, where words chose it and the states of the dossiers contradict its days."""
    choices = chosen.dates.choices
    end, due = choices.get("finished", ColumnChoice(None)), choices["due"]
    decided = {"confirmed", "proven"}
    if end.column is None or due.column is None or (end.decision and end.decision.ground in decided):
        return None
    candidates = [end.column, *(c for c, h in date_candidates(columns).items() if _is_other_end(c, h, end.column))]
    wrong, judged = _contradictions(columns, chosen.statuses, due.column, end.column)
    if wrong >= 2 and wrong > _IN_DOUBT * judged:
        why = f"tình trạng hạn ghi trong danh sách trái với các ngày ở {vn_int(wrong)} trên {vn_int(judged)} hồ sơ"
        return asked_again("finished", columns, candidates, why)
    awaits = frame["meaning"].isin(["open", "waiting"]) & ~_has_result(frame, columns)
    ended = awaits & frame["finished"].notna()
    if ended.sum() >= 2 and ended.sum() > _OPEN_WITH_END * awaits.sum():
        why = f"{vn_int(int(ended.sum()))} hồ sơ đang giải quyết có ngày này"
        return asked_again("finished", columns, candidates, why)
    return None


def _is_other_end(column: int, heading: DateHeading, chosen: int) -> bool:
    return column != chosen and heading.kind == "finished" and heading.group != PLANNED


def confirmed_notice(layout: Layout) -> tuple[Finding, ...]:
    """One notice where a list was read by answers of the office."""
    if not layout.confirmed:
        return ()
    found = "; ".join(d.shown for d in layout.confirmed)
    by = "; ".join(dict.fromkeys(d.reason for d in layout.confirmed))
    place = Place(layout.file, layout.sheet, layout.rows)
    return (place.finding("layout_confirmed", found=found, by=by),)


# --- the rows ---------------------------------------------------------------------------------------------------------


def _notes(dossiers: int, grid: Grid, header: ListHeader, chosen: _Choices) -> list[str]:
    sheet = f", trang “{grid.tab}”" if grid.tab else ""
    lines = [f"Danh sách {dossiers} hồ sơ{sheet}:"]
    for key, column in {"code": header.code, **chosen.columns}.items():
        letter = grid.address(header.bottom, column).rstrip("0123456789")
        lines.append(f"  cột {letter} “{header.label(column)}” = {_NAMES[key]}")
    return lines


def _shared_headings(header: ListHeader, chosen: _Choices) -> tuple[str, ...]:
    at = {"code": header.code, **chosen.columns}
    return tuple(header.subject(at[key]) if key in at else "" for key in ("code", "unit", "received", "due"))


def _frame(columns: ListColumns, chosen: _Choices) -> pd.DataFrame:
    """The columns of DossierList, without the meanings, for the rows below the header that are dossiers."""
    at, header = chosen.columns, columns.header
    frame = pd.DataFrame({"row": columns.rows, "code": columns.codes})
    blank = pd.Series("", index=frame.index, dtype="str")
    frame["unit"] = columns.offices(at["unit"]) if "unit" in at else blank
    frame["status"] = chosen.statuses.text
    frame["channel"] = columns.texts(at["channel"]) if "channel" in at else blank
    bad = pd.Series(False, index=frame.index)
    for kind in DATE_KINDS:
        if kind in at:
            frame[kind], wrong = columns.days(at[kind])
            bad |= wrong
        else:
            frame[kind] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[s]")
    frame["shown_otherwise"] = columns.shown_otherwise([header.code, *at.values(), *chosen.statuses.columns])
    frame["bad_date"] = bad & ~frame["shown_otherwise"]
    frame["doubt"] = frame["doubt_state"] = blank
    frame["file"], frame["sheet"] = columns.grid.file, columns.grid.tab
    # totals and signatures below the list have text in the first column and no date
    dated = frame[list(DATE_KINDS)].notna().any(axis=1)
    has_code = frame["code"] != ""
    stated = has_code & frame["code"].str.contains(r"\d") & (frame["status"] != "")
    is_dossier = (has_code & (dated | frame["bad_date"])) | frame["received"].notna() | stated
    return frame.loc[is_dossier & (columns.coded | ~has_code)].reset_index(drop=True)


def _with_meanings(frame: pd.DataFrame, statuses: Meanings, channels: Meanings) -> pd.DataFrame:
    meaning = frame["status"].map({"": "", **statuses.of_text}).astype("str")
    way = frame["channel"].map({"": "", **channels.of_text}).astype("str")
    return frame.assign(meaning=meaning, way=way)


def _title_unit(titles: Sequence[str], sheet: str, index: UnitIndex) -> str:
    """The id of the unit that a list is about by its titles or its tab; "" where that is unknown or ambiguous."""
    reported = reporting_unit(titles, sheet, index)
    if reported or index.resolve(reporter_name(titles)).candidates:
        return reported
    found = {unit for title in titles for unit in _units_inside(title, index)}
    return found.pop() if len(found) == 1 else ""


def _units_inside(title: str, index: UnitIndex) -> set[str]:
    """The units whose names stand in a title: "… HỒ SƠ - PHƯỜNG MAI SƠN QUÝ III"."""
    texts = title.replace("–", " ").replace(" - ", " ").replace(":", " ").replace(",", " ").split()
    found = set[str]()
    for start in range(len(texts)):
        if not looks_like_office(" ".join(texts[start : start + 3])):
            continue
        for end in range(min(len(texts), start + _NAME_WORDS), start + 1, -1):
            unit = index.resolve(" ".join(texts[start:end])).unit_id
            if unit and index.kinds[unit] == "unit":
                found.add(unit)
                break
    return found


def _unit_names(
    frame: pd.DataFrame,
    columns: ListColumns,
    office: ColumnChoice,
    title_unit: str,
    titles: Sequence[str],
    index: UnitIndex,
) -> pd.Series | Finding:
    """The unit name of each dossier, "" where unknown; a finding where two places name different units.

    Names come from the list's own column, else from the row above each group, else from the titles or the tab.
    """
    grid = columns.grid
    has_names = office.column is not None and bool((frame["unit"] != "").any())
    above = "" if has_names else title_unit
    conflict = None if has_names else tab_conflict(above, titles, grid, index)
    if conflict is not None:
        return conflict
    blank = bool((frame["unit"] == "").any())
    sections = unit_sections(grid, columns.header.bottom + 1, frame["row"] - 1, index) if blank else []
    last = int(frame["row"].max())
    sections = [(row, name) for row, name in sections if row < last]
    others = [name for _, name in sections if above and index.resolve(name).unit_id != above]
    if others:
        inside = ", ".join(dict.fromkeys(others))
        both = f"{index.names[above]} (phía trên bảng hoặc tên trang), {inside} (trong danh sách)"
        return grid.place(sections[0][0], grid.left).finding("unit_unclear", found=both)
    names = units_by_section(frame, sections) if sections else frame["unit"]
    if (names != "").any():
        return names
    return pd.Series(index.names[above] if above else reporter_name(titles), index=frame.index, dtype="str")


def _rows_without_code_or_unit(frame: pd.DataFrame, grid: Grid) -> Finding | None:
    """A finding where rows with dates have no code, or some rows but not all have no unit."""
    for column, name in (("code", "mã hồ sơ"), ("unit", "tên đơn vị")):
        blank = frame.loc[frame[column] == "", "row"]
        if len(blank) and (column == "code" or len(blank) < len(frame)):
            rows = ", ".join(map(str, blank.head(_EXAMPLES))) + (", …" if len(blank) > _EXAMPLES else "")
            place = grid.place_of(f"dòng {rows}")
            found, expected = f"{len(blank)} dòng không có {name}", f"mỗi dòng có {name}"
            return place.finding("list_incomplete", found=found, expected=expected)
    return None


def _shifted(frame: pd.DataFrame, columns: ListColumns, chosen: _Choices) -> Finding | None:
    """A finding where many date cells are no dates or many codes have no digit: the header is not over its columns.

    A cell that is written as a date is under its heading, whatever day it states.
    """
    found = ""
    without_digits = ~frame.loc[frame["code"] != "", "code"].str.contains(r"\d")
    if frame["bad_date"].mean() > _MISFITS:
        misplaced = pd.Series(False, index=pd.RangeIndex(len(columns.rows)))
        for kind in DATE_KINDS:
            if kind in chosen.columns:
                _, bad = columns.days(chosen.columns[kind])
                misplaced |= bad & ~columns.texts(chosen.columns[kind]).str.contains(_WRITTEN_AS_DAY)
        number = int(misplaced.set_axis(columns.rows).reindex(frame["row"]).sum())
        if number > _MISFITS * len(frame):
            found = f"{number} trên {len(frame)} dòng có ô ngày không phải ngày"
    elif without_digits.mean() > _MISFITS:
        found = f"{int(without_digits.sum())} trên {len(frame)} mã hồ sơ không có chữ số"
    place = columns.grid.place_of(columns.header.rows)
    return place.finding("list_shifted", found=found, expected="giá trị đúng cột") if found else None
