"""Whether the texts around a table or a list allow it to be counted: its period, and all dossiers or only a part."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.extract.sheet.grid import Grid
from pipeline.extract.wording.legacy_encodings import encoding_fault
from pipeline.extract.wording.title_filters import channel_of, names_other_part, narrowing_titles
from pipeline.extract.wording.title_periods import lone_periods, match_period, quarters_named, title_periods
from pipeline.extract.wording.title_scope import has_ordinal, named_part, spoken_texts, unexplained
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.findings import Finding, Place
from pipeline.layouts.confirmed import Answer, Question
from pipeline.layouts.decisions import SCOPE_MEANINGS, Decision, options
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.shown_text import kept_text
from pipeline.text import fold, vn_day

#: a year for texts of which only matters whether they name a time
_ANY_YEAR = 2000
#: the marks around what is quoted end nowhere inside it
_PLAIN_QUOTES = str.maketrans("“”", '""')


@dataclass(frozen=True)
class TitleCheck:
    """Whether the titles allow the table to be counted for the period, and the finding where they raise a question."""

    accepted: bool
    finding: Finding | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The finding, or nothing."""
        return () if self.finding is None else (self.finding,)


@dataclass(frozen=True)
class ScopeReading(TitleCheck):
    """Whether the titles say that a table or a list counts all dossiers; open where only the office can tell.

    `decisions`: one for each phrase that nothing explains, open or confirmed.
    """

    decisions: tuple[Decision, ...] = ()
    channel: str = ""  # "online" or "direct", where that alone narrows it


def scope_decision(
    grid: Grid,
    titles: Sequence[str],
    period: Period,
    vocabulary: Vocabulary,
    index: UnitIndex,
    counted: Callable[[], Collection[str]] | None,
    answers: Mapping[Question, Answer],
) -> ScopeReading:
    """Whether a table or list is of all dossiers, by its titles and the name of its sheet.

    Refused: titles that name a filter, a part of the dossiers, one field of work or another time, and those that cannot
    be read. A title with words that nothing explains is an open decision, unless `answers` has the office's word on it.
    `counted`: the measures of which the table counts any dossier (see `narrowing_titles`); None for a list.
    """
    unreadable = next(((title, wrong) for title in titles if (wrong := encoding_fault(title))), None)
    if unreadable is not None:
        title, wrong = unreadable
        finding = place_of_text(title, grid).finding("file_legacy_text", found=f"{wrong}: {_quoted(title)}")
        return ScopeReading(False, finding)
    narrowing = narrowing_titles(
        titles, vocabulary, quarter=period.quarter, is_list=counted is None, counted=counted or frozenset[str]
    )
    parts = unexplained(titles, grid.sheet, vocabulary, index, period.year)
    fields = [part.text for part in parts if part.field]
    if narrowing or fields:
        narrowed = tuple(dict.fromkeys([*narrowing, *fields, *(part.text for part in parts)]))
        channels = {channel_of(text, vocabulary) for text in narrowed}
        channel = channels.pop() if len(channels) == 1 else ""
        return ScopeReading(False, _narrowed(narrowed[0], grid), channel=channel)
    asked: dict[str, str] = {}
    phrases: dict[str, str] = {}
    for part in parts:
        asked[kept_text(part.phrase)], phrases[kept_text(part.phrase)] = part.text, part.phrase
    for text in spoken_texts(titles, grid.sheet, vocabulary, index):
        concept, phrase = named_part(text, vocabulary)
        if concept and not names_other_part(concept, counted or frozenset[str]):
            asked.setdefault(kept_text(phrase), text)
            phrases.setdefault(kept_text(phrase), phrase)
    decisions = tuple(_decision(key, phrases[key], text, grid, answers) for key, text in asked.items())
    return _of_decisions(decisions, asked, grid)


def shared_titles(titles: Sequence[Sequence[str]], vocabulary: Vocabulary, index: UnitIndex) -> list[str]:
    """The titles over the first of several tables of a sheet that are those of the other ones as well.

    `titles`: of each table, top to bottom. Over the first table stand the titles of the sheet, then its own caption
    ("I. Hồ sơ trực tuyến"), which the tables below replace by theirs.
    """
    if len(titles) < 2 or not titles[0]:
        return []
    first, following = titles[0], titles[1]
    at = next((i for i, t in enumerate(first) if has_ordinal(t)), None) if any(map(has_ordinal, following)) else None
    if at is None:
        spoken, spoken_below = (spoken_texts(x, "", vocabulary, index) for x in (first, following))
        alike = len(spoken) > 1 or all(channel_of(x[-1], vocabulary) for x in (spoken, spoken_below) if x)
        dated = len(first) > 1 and all(title_periods(x[-1:], _ANY_YEAR) for x in (first, following) if x)
        at = len(first) - 1 if dated and following else len(first)
        if spoken and spoken_below and alike:
            at = max(i for i, t in enumerate(first) if t == spoken[-1])
    return list(first[:at])


def _decision(key: str, phrase: str, text: str, grid: Grid, answers: Mapping[Question, Answer]) -> Decision:
    """Whether a phrase narrows a table, as the office has answered; open without an answer. `key`: of the phrase."""
    where = place_of_text(text, grid).cell
    decision = Decision(
        "scope",
        key,
        f"{f'ô {where}: ' if where else 'tên trang: '}{_quoted(text)}",
        "part",
        "open",
        f"chưa rõ “{phrase}” là mọi hồ sơ của kỳ hay chỉ một phần",
        options(SCOPE_MEANINGS),
    )
    answer = answers.get(("scope", key))
    if answer is None or answer.meaning not in SCOPE_MEANINGS:
        return decision
    return replace(decision, meaning=answer.meaning, ground="confirmed", reason=answer.reason)


def _of_decisions(decisions: tuple[Decision, ...], asked: Mapping[str, str], grid: Grid) -> ScopeReading:
    """The reading of a table of which these phrases were decided or are to be. `asked`: key -> title."""
    part = next((d for d in decisions if d.ground == "confirmed" and d.meaning == "part"), None)
    open_ = next((d for d in decisions if d.ground == "open"), None)
    finding: Finding | None = None
    if part is not None:
        finding = _narrowed(asked[part.subject], grid, f" ({part.reason})")
    elif open_ is not None:
        text = asked[open_.subject]
        finding = place_of_text(text, grid).finding("layout_open", found=_quoted(text), why=f": {open_.reason}")
    elif decisions:
        text = asked[decisions[0].subject]
        said = place_of_text(text, grid).finding("layout_confirmed", found=_quoted(text), by=decisions[0].reason)
        return ScopeReading(True, said, decisions)
    return ScopeReading(finding is None, finding, decisions)


def _quoted(text: str) -> str:
    return f"“{text.translate(_PLAIN_QUOTES)}”"


def _narrowed(text: str, grid: Grid, why: str = "") -> Finding:
    return place_of_text(text, grid).finding("table_narrowed", found=_quoted(text) + why)


def check_title_period(
    grid: Grid,
    titles: Sequence[str],
    beside: Sequence[str],
    period: Period,
    *,
    is_list: bool = False,
    compares: bool = False,
) -> TitleCheck:
    """Refuse a table whose titles name another period; a finding where they name another length of time.

    `beside`: the texts beside and below the table. They and the name of the sheet count only where no title names a
    quarter. A title that names the period and another quarter too was not changed everywhere: it gets a finding, unless
    the table `compares` the two in columns of their own.
    """
    if compares and any(match_period(p, period) == "same" for p in quarters_named(titles, period.year)):
        return TitleCheck(True)
    named = title_periods(titles, period.year)
    if not any(p.exact for p in named):
        lone = lone_periods([*beside, grid.sheet], period.year)
        named = [*(p for p in lone if p.exact), *named, *lone]
    judged = match_period(named[0], period, by_dates=is_list) if named else "same"
    differing = [p for p in named if p.exact and match_period(p, period, by_dates=is_list) == "other"]
    finding: Finding | None = None
    if judged != "same" or differing:
        text = (named[0] if judged != "same" else differing[0]).text
        codes = {"other": "period_mismatch", "other_days": "period_other_days"}
        code = codes.get(judged, "period_differs")
        finding = place_of_text(text, grid).finding(code, found=_quoted(text), expected=in_words(period))
    return TitleCheck(judged not in ("other", "other_days"), finding)


def place_of_text(text: str, grid: Grid) -> Place:
    """The first cell that holds a text; the sheet where no single cell does (the name of the sheet, a joined row)."""
    wanted = fold(text)
    for row in range(grid.top, grid.height):
        for column, shown in grid.row_texts(row):
            if wanted in fold(shown):
                return grid.place(row, column)
    return grid.place_of()


def in_words(period: Period) -> str:
    """`quý I năm 2022 (15/12/2021 – 14/3/2022)`."""
    return f"{period.name} ({vn_day(period.start)} – {vn_day(period.end)})"
