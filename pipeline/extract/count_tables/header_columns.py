"""The columns of a header: the labels over each of them, top to bottom, whether or not the cells were merged."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.extract.sheet.grid import Grid, MergedRange, column_letter
from pipeline.extract.wording.column_meaning import Meaning
from pipeline.extract.wording.phrases import Phrase, bracket_words, words
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.shown_text import shown_heading

#: in a header of one row these may divide what is resolved or pending as well as what was received
_DIVIDES_ANY_BAND = frozenset(("online", "direct", "carried_over", "in_period"))
#: shares that are together all dossiers of a measure
_COMPLETE_SHARES = ({"direct", "online"}, {"carried_over", "in_period"}, {"in_time", "late"})
#: (band, deadline) -> measure, of a header of one row (`Tổng số đã giải quyết | Trước hạn | …`)
_DEADLINE_OF_BAND = {
    ("resolved", "early"): "resolved_early",
    ("resolved", "on_time"): "resolved_on_time",
    ("resolved", "in_time"): "resolved_in_time",
    ("resolved", "late"): "resolved_late",
    ("pending", "in_time"): "pending_in_time",
    ("pending", "on_time"): "pending_in_time",
    ("pending", "late"): "pending_overdue",
}


@dataclass(frozen=True)
class HeaderColumn:
    """A column of a header: its labels, top to bottom, and what they mean."""

    index: int  # sheet column, from 0
    path: tuple[str, ...]
    meaning: Meaning
    below: Meaning | None = None  # without its top label, where it has several

    @property
    def letter(self) -> str:
        """`C`."""
        return column_letter(self.index)

    @property
    def label(self) -> str:
        """Its labels as they are shown: `Đã giải quyết › Quá hạn`."""
        return " › ".join(map(shown_heading, self.path))

    def __hash__(self) -> int:
        return hash((self.index, self.path))  # cheap: columns are keys of what is worked out once a header


def read_columns(grid: Grid, block: tuple[int, int], vocabulary: Vocabulary) -> tuple[HeaderColumn, ...]:
    """Every column of the header rows `block` (first, last; sheet rows from 0)."""
    rows = range(block[0], block[1] + 1)
    texts = tuple(tuple(grid.row_texts(row)) for row in rows)
    merges = tuple(dict.fromkeys(merged for row in rows for merged in grid.merges_over(row)))
    above = {(r, c): grid.text(r, c) for (r, c), _ in merges if r < block[0]}
    if any(above.values()):
        return _columns_of(grid, block, vocabulary)
    return _columns_of_texts(texts, merges, block[0], (grid.left, grid.width), vocabulary)


@lru_cache(maxsize=1 << 10)  # the exports of a period share their headers
def _columns_of_texts(
    texts: tuple[tuple[tuple[int, str], ...], ...],
    merges: tuple[MergedRange, ...],
    top: int,
    span: tuple[int, int],
    vocabulary: Vocabulary,
) -> tuple[HeaderColumn, ...]:
    """The columns of a header by its texts. `texts`: of each row its (column, text); `span`: first column, width."""
    left, width = span
    rows = []
    for row in texts:
        text_of = dict(row)
        rows.append([text_of.get(column, "") for column in range(left, width)])
    return _columns_of(Grid("", "", rows, top=top, left=left, merges=merges), (top, top + len(rows) - 1), vocabulary)


def _columns_of(grid: Grid, block: tuple[int, int], vocabulary: Vocabulary) -> tuple[HeaderColumn, ...]:
    columns: list[HeaderColumn] = []
    bands = _unmerged_bands(grid, block, vocabulary)
    for column in range(grid.left, grid.width):
        if column > grid.left and _shares_heading(column - 1, column, grid, block):
            continue
        own = _path([grid.merged_text(row, column) for row in range(block[0], block[1] + 1)])
        under = _path(
            [grid.merged_text(row, bands.get((row, column), column)) for row in range(block[0], block[1] + 1)]
        )
        meaning = vocabulary.meaning(under)
        # a band written in a cell to the left is used only where it gives the label below a meaning
        if not (meaning.measure or meaning.derived or meaning.share_of or len(meaning.concepts) > 1):
            under, meaning = own, vocabulary.meaning(own)
        below = vocabulary.meaning(under[1:]) if len(under) > 1 else None
        columns.append(HeaderColumn(column, under, meaning, below))
    of_period, of_others = _by_time(columns, vocabulary)
    read = [*_with_complete_shares(_with_bands_from_left(of_period)), *of_others]
    paths = {c.index: c.path for c in columns}
    own_paths = (c if c.path == paths[c.index] else replace(c, path=paths[c.index]) for c in read)
    return tuple(sorted(own_paths, key=lambda c: c.index))


def _shares_heading(before: int, column: int, grid: Grid, block: tuple[int, int]) -> bool:
    """Whether the heading of a column is merged with that of the column before, in all header rows.

    A number in the second column is then a number under no heading.
    """
    rows = range(block[0], block[1] + 1)
    return all(grid.is_merged(r) and grid.anchor(r, before) == grid.anchor(r, column) for r in rows)


def _with_complete_shares(columns: list[HeaderColumn]) -> list[HeaderColumn]:
    """The columns; `Quá hạn {Trực tuyến, Trực tiếp}` without a total become parts that are added up.

    Beside a column of the whole its shares are not used. One share alone is no whole: `resolve_columns` refuses it.
    """
    whole = {c.meaning.measure for c in columns}
    found: dict[str, list[HeaderColumn]] = {}
    for column in columns:
        if column.meaning.share_of and column.meaning.share_of not in whole:
            found.setdefault(column.meaning.share_of, []).append(column)
    out = {c.index: c for c in columns}
    for measure, shares in found.items():
        kinds = {c.meaning.concepts[0] for c in shares}
        alike = len({c.path[:-1] for c in shares}) == 1 and len({c.path for c in shares}) == len(shares)
        adds_up = alike and kinds in _COMPLETE_SHARES
        for column in shares:
            meaning = column.meaning
            changed = replace(meaning, measure=measure, part=True) if adds_up else replace(meaning, contrary=True)
            out[column.index] = replace(column, meaning=changed)
    return list(out.values())


def _by_time(columns: list[HeaderColumn], vocabulary: Vocabulary) -> tuple[list[HeaderColumn], list[HeaderColumn]]:
    """(columns of the period, columns of another time); "Kỳ trước" beside "Kỳ này" counts the period before.

    A label of another time is one where the same label with words of this period stands beside it, at any height of
    the header. "Tiếp nhận {Kỳ này, Kỳ trước}" alone may also mean what was carried over: the numbers decide. Beside
    columns of another time "Kỳ này" says nothing of what is counted: the columns of the period are read without it.
    """
    tiers = {c.index: [words(p) for p in c.path] for c in columns}
    known = {tuple(own[: at + 1]) for own in tiers.values() for at in range(len(own))}
    pairs = {c.index: at for c in columns if (at := _before_now(tiers[c.index], known, vocabulary)) is not None}
    compared = any(vocabulary.compared.occur_in(label) for own in tiers.values() for label in own)
    carried_over = any(("carried_over", False) in vocabulary.concepts(tiers[i][at]) for i, at in pairs.items())
    if pairs and (compared or len(pairs) > 1 or not carried_over):
        other = {c.index for c in columns if c.index in pairs or _names_other_quarter(tiers[c.index], vocabulary)}
        others = [replace(c, meaning=Meaning(derived=True)) for c in columns if c.index in other]
        return [_without_now(c, vocabulary) for c in columns if c.index not in other], others
    doubted = [replace(c, meaning=replace(c.meaning, needs_proof=True)) if c.index in pairs else c for c in columns]
    return doubted, []


def _names_other_quarter(labels: Sequence[Phrase], vocabulary: Vocabulary) -> bool:
    """Whether a label names another quarter by its number ("Quá hạn Quý II/2023"), and not what was carried over."""
    for label in labels:
        other, own = vocabulary.before.rests_of(label), vocabulary.now.rests_of(label)
        named = bool(other) and (not own or len(other[0]) < len(own[0]))
        if named and ("carried_over", False) not in vocabulary.concepts(label):
            return True
    return False


def _without_now(column: HeaderColumn, vocabulary: Vocabulary) -> HeaderColumn:
    """A column without the words that only say that it is of the period ("Kỳ này", "Quá hạn Q1/2022")."""
    path = tuple(filter(None, (_timeless(label, vocabulary) for label in column.path)))
    if path == column.path:
        return column
    below = vocabulary.meaning(path[1:]) if len(path) > 1 else None
    return replace(column, path=path, meaning=vocabulary.meaning(path), below=below)


def _timeless(text: str, vocabulary: Vocabulary) -> str:
    """A label without the words of this period that it begins or ends with; "" where nothing is left."""
    label = words(text)
    rest = next(iter(vocabulary.now.rests_of(label)), label)
    return text if rest == label or (rest and bracket_words(text)) else " ".join(rest)


def _before_now(own: Sequence[Phrase], known: Set[tuple[Phrase, ...]], vocabulary: Vocabulary) -> int | None:
    """The tier at which a column names the period before, where this period stands beside it; None for no tier."""
    for at, label in enumerate(own):
        for rest in vocabulary.before.rests_of(label):
            if any(
                (*own[:at], with_phrase) in known
                for now in vocabulary.now
                for with_phrase in ((*rest, *now), (*now, *rest))
            ):
                return at
    return None


def _path(texts: list[str]) -> tuple[str, ...]:
    """The labels over a column, without blanks and repetitions."""
    path: list[str] = []
    for text in texts:
        if text and (not path or path[-1] != text):
            path.append(text)
    return tuple(path)


def _unmerged_bands(grid: Grid, block: tuple[int, int], vocabulary: Vocabulary) -> dict[tuple[int, int], int]:
    """(header row, column) -> the column that holds the band's text, where an export wrote it in the first cell only.

    Certain only in a row without cells merged across, and where no column of counts is left of the row's first band.
    Otherwise the texts may be centred over their columns, and each column keeps its own labels.
    """
    bands: dict[tuple[int, int], int] = {}
    top, bottom = block

    def below(row: int, column: int) -> str:
        return next((t for r in range(row + 1, bottom + 1) if (t := grid.text(r, column))), "")

    for row in range(top, bottom):
        if any(right > left for (_, left), (_, right) in grid.merges_from(row)):
            continue
        band, started, found = -1, False, {}
        for column in range(grid.left, grid.width):
            text, under = grid.text(row, column), below(row, column)
            if text:
                # a label with nothing under it (STT, "Ghi chú") ends the band before it
                band = column if under else -1
                started = started or bool(under)
            elif under and grid.anchor(row, column) == (row, column):
                if band >= 0:
                    found[row, column] = band
                elif not started and row == top and vocabulary.can_head_count_table(words(under)):
                    found = {}
                    break
            elif not under:
                band = -1
        bands |= found
    return bands


def _with_bands_from_left(columns: list[HeaderColumn]) -> list[HeaderColumn]:
    """The columns; among labels side by side without a band over them a deadline belongs to the band left of it.

    `Tổng số đã giải quyết | Trước hạn | …` in a header of one row, or under "Kỳ này".
    """
    band = ""
    group: tuple[str, ...] = ()
    out: list[HeaderColumn] = []
    for column in columns:
        meaning = column.meaning
        if column.path[:-1] != group:
            band, group = "", column.path[:-1]
        alone = len(meaning.concepts) == 1 and not meaning.band
        if meaning.band:
            band = meaning.band
        elif alone and band in {"resolved", "pending"} and _DIVIDES_ANY_BAND & set(meaning.concepts):
            column = replace(column, meaning=replace(meaning, needs_proof=True))  # of what is received, or of this band
        elif alone and (band, meaning.concepts[0]) in _DEADLINE_OF_BAND:
            measure = _DEADLINE_OF_BAND[band, meaning.concepts[0]]
            column = replace(column, meaning=replace(meaning, measure=measure, band=band))
        elif meaning.measure.startswith("resolved_"):
            band = "resolved"  # a bare "Trước hạn" can only be of what is resolved
        out.append(column)
    return out
