"""Whether the texts around a table or a list allow it to be counted: its period, and all dossiers or only a part."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from pipeline.extract.sheet.grid import Grid
from pipeline.extract.wording.legacy_encodings import encoding_fault
from pipeline.extract.wording.privacy import quoted
from pipeline.extract.wording.title_filters import narrowing_title
from pipeline.extract.wording.title_periods import lone_periods, match_period, title_periods
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.findings import Finding, Place
from pipeline.periods import Period
from pipeline.text import fold, vn_day


@dataclass(frozen=True)
class TitleCheck:
    """Whether the titles allow the table to be counted for the period, and the finding where they raise a question."""

    accepted: bool
    finding: Finding | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The finding, or nothing."""
        return () if self.finding is None else (self.finding,)


def check_title_scope(
    grid: Grid,
    titles: Sequence[str],
    period: Period,
    vocabulary: Vocabulary,
    counted: Callable[[], Collection[str]] | None,
) -> TitleCheck:
    """Refuse a table or list whose titles name a filter, a part of the dossiers or another time, or cannot be read.

    `counted`: the measures of which the table counts any dossier (see `narrowing_title`); None for a list.
    """
    unreadable = next(((title, wrong) for title in titles if (wrong := encoding_fault(title))), None)
    part = narrowing_title(
        titles, vocabulary, quarter=period.quarter, is_list=counted is None, counted=counted or frozenset[str]
    )
    finding: Finding | None = None
    if unreadable is not None:
        title, wrong = unreadable
        finding = place_of_text(title, grid).finding("file_legacy_text", found=f"{wrong}: {quoted(title)}")
    elif part:
        finding = place_of_text(part, grid).finding("table_narrowed", found=quoted(part))
    return TitleCheck(finding is None, finding)


def check_title_period(
    grid: Grid, titles: Sequence[str], beside: Sequence[str], period: Period, *, is_list: bool = False
) -> TitleCheck:
    """Refuse a table whose titles name another period; a finding where they name another length of time.

    `beside`: the texts beside and below the table. They and the name of the sheet count only where no title names a
    quarter. A title that names the period and another quarter too was not changed everywhere: it gets a finding.
    """
    named = title_periods(titles, period.year)
    if not any(p.exact for p in named):
        lone = lone_periods([*beside, grid.sheet], period.year)
        named = [*(p for p in lone if p.exact), *named, *lone]
    judged = match_period(named[0], period, by_dates=is_list) if named else "same"
    differing = [p for p in named if p.exact and match_period(p, period, by_dates=is_list) == "other"]
    finding: Finding | None = None
    if judged != "same" or differing:
        text = (named[0] if judged != "same" else differing[0]).text
        code = "period_mismatch" if judged == "other" else "period_differs"
        finding = place_of_text(text, grid).finding(code, found=quoted(text), expected=in_words(period))
    return TitleCheck(judged != "other", finding)


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
