"""The words of a title that nothing explains: they may narrow a table or a list to a part of the dossiers.

"KẾT QUẢ GIẢI QUYẾT HỒ SƠ ĐẤT ĐAI TẠI PHÒNG A, QUÝ I" without title words, office and period leaves "đất đai". A text
is looked at where it speaks of what is counted: it names dossiers or procedures, begins as a title, continues one in
capital letters, or is a field of work and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.extract.wording.office_spans import without_offices
from pipeline.extract.wording.phrases import Phrase
from pipeline.extract.wording.title_filters import lets_all_pass
from pipeline.extract.wording.title_periods import title_periods
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.registry import UnitIndex, name_key
from pipeline.text import fold, nfc

#: words of the longest text that is read as a title; a longer one is a note
_LONGEST = 80
#: words of the longest line that continues a title
_LONGEST_CONTINUED = 12
#: cells of a row that are looked for in its joined line
_MOST_CELLS = 12
_ORDINAL = re.compile(
    r"^\W*(?:(?:(?:phụ lục|phụ biểu|bảng|biểu(?: mẫu| số)?|mẫu(?: số)?|phần|mục) ?(?:số ?)?[:.]? ?)?"
    r"(?:\d+[a-z]?(?:\.\d+)*|[ivx]+|[a-e]) ?[.):/\-–]+ ?)+(?=\w)"
)
#: form codes and numbers of documents: `II.06a/VPCP/KSTT`, `85/BC-UBND`
_CODE = re.compile(
    r"(?<!\w)(?=\S*\d)(?=\S*[^\W\d])[\w.\-]*\d[\w.\-]*(?:/[\w.\-]+)*|(?<!\w)(?:[\w.\-]+/)+[\w.\-]*-[\w.\-]*"
)
#: the form code without its number
_CODE_WORDS = re.compile(r"(?<!\w)(?:vpcp|kstt|bc-\w+)(?!\w)")
_DATE = re.compile(
    r"(?:ngày ?)?(?:\d{1,2}|(?<!…)…++|(?<!\.)\.{2,}+) ?tháng ?"
    r"(?:\d{1,2}|…+|\.{2,}) ?năm ?(?:\d{2,4}|…+|\.{2,})|\d{1,2}[/.\-]\d{1,2}(?:[/.\-]\d{2,4})?"
    r"|\d{1,2}(?::\d{2})+|\d{4}-\d{2}-\d{2}"
)
#: what a citation says up to its end: `ban hành kèm theo Thông tư số …`
_CITATION = re.compile(
    r"(?:\(? ?(?:ban hành )?kèm theo\b|\(? ?ban hành (?:theo|tại)\b"
    r"|\(? ?theo (?:thông tư|nghị định|quyết định|công văn|kế hoạch|quy định tại|mẫu)\b"
    r"|\b(?:thông tư|quyết định|nghị định|công văn) (?:số )?\d).*$"
)
#: what is included narrows nothing
_INCLUDED = re.compile(r"(?:\bbao gồm cả\b|\bkể cả\b|\bgồm cả\b|\btính cả\b)[^)\]]*")
_ROMAN = re.compile(r"^[ivx]+$")
_WORD = re.compile(r"[\w%]+|[^\w\s]")
#: concepts that are no part of the dossiers of a period, or of which a title may compare two
_NO_PARTS = frozenset(("total", "in_period", "carried_over"))
#: the procedures of one level of online service
LEVEL = "level"
#: punctuation that ends a name and a phrase
_BOUNDARY = "|"


class Unexplained(NamedTuple):
    """What is not explained in a text."""

    text: str  # as shown
    phrase: str  # normalised; no period, no office, no number
    field: bool = False  # it follows "lĩnh vực": a field of work for sure


def unexplained(
    titles: Sequence[str], sheet: str, vocabulary: Vocabulary, index: UnitIndex, year: int | None = None
) -> list[Unexplained]:
    """What is not explained in the titles of a table, in the name of its sheet last; one entry a phrase.

    `titles`: the texts above the header, cell by cell; a row of several cells may follow as one joined line.
    """
    return list(_unexplained(tuple(titles), sheet, vocabulary, index, year))


@lru_cache(maxsize=1 << 12)  # the files of a period share their titles
def _unexplained(
    titles: tuple[str, ...], sheet: str, vocabulary: Vocabulary, index: UnitIndex, year: int | None
) -> tuple[Unexplained, ...]:
    found: dict[str, Unexplained] = {}
    unfiltered = any(lets_all_pass(title, vocabulary) for title in titles)
    for text in spoken_texts(titles, sheet, vocabulary, index):
        read = _without_filter(text, vocabulary) if unfiltered else text
        for part in _in_text(read, vocabulary, index, year):
            found.setdefault(part.phrase, part._replace(text=text))
    return tuple(found.values())


def _without_filter(text: str, vocabulary: Vocabulary) -> str:
    """A title without the words that say that what follows was found under a filter."""
    shown = fold(text)
    for phrase in vocabulary.title_scope["filtered"]:
        shown = re.sub(rf"\b{' '.join(phrase)}\b", " ; ", shown)
    return shown if shown != fold(text) else text


def has_ordinal(text: str) -> bool:
    """Whether a title is numbered: "I. Hồ sơ trực tuyến", "Bảng 2: …"."""
    return _ORDINAL.match(fold(text)) is not None


def spoken_texts(titles: Sequence[str], sheet: str, vocabulary: Vocabulary, index: UnitIndex) -> list[str]:
    """The titles that speak of what is counted, and the name of the sheet where it does."""
    of_tab = _plain_words(sheet)
    subjects = vocabulary.title_scope["subjects"]
    tab_speaks = bool(of_tab) and (_occurs(of_tab, subjects) or _is_field(of_tab, vocabulary, index))
    return [*_spoken(tuple(titles), vocabulary, index), *([sheet] if tab_speaks else [])]


@lru_cache(maxsize=1 << 12)
def named_part(text: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """(concept, its words) of a text that names one part of the dossiers only: `("online", "dịch vụ công trực tuyến")`.

    ("", "") for a text that names none or several. The name of a portal names no channel. A level of online service
    ("toàn trình") is `LEVEL` and no channel: its dossiers may be handed in at the desk.
    """
    label = list(_plain_words(text))
    scope = vocabulary.title_scope
    naming = (p for p in scope["phrases"] if len(p) > 2 and vocabulary.concepts(p))
    for phrase in (*scope["systems"], *naming, *scope["desks"]):
        for at in _starts(tuple(label), phrase):
            if phrase not in scope["systems"] or not _comes_through(label, at, scope["through"]):
                label[at : at + len(phrase)] = [_BOUNDARY] * len(phrase)
    concepts = vocabulary.concepts(tuple(label))
    named = {c for c, _ in concepts} - _NO_PARTS
    if len(named) != 1:
        return "", ""
    (concept,) = named
    phrases = [p for p in vocabulary.phrases_of({concept}) if len(p) > 1 and _starts(tuple(label), p)]
    if ("online", True) in concepts:
        concept, phrases = LEVEL, [p for p in phrases if ("online", True) in vocabulary.concepts(p)]
    named_by = max((" ".join(p) for p in phrases), key=len, default="")
    return (concept, named_by) if named_by else ("", "")


def _comes_through(label: Sequence[str], at: int, through: Sequence[Phrase]) -> bool:
    return any(tuple(label[max(0, at - len(p)) : at]) == p for p in through)


@lru_cache(maxsize=1 << 12)  # the files of a period share their titles
def _spoken(titles: tuple[str, ...], vocabulary: Vocabulary, index: UnitIndex) -> tuple[str, ...]:
    spoken = []
    continued = False
    for i, text in enumerate(titles):
        label = _plain_words(text)
        if not label or len(label) > _LONGEST:
            continue
        if _is_metadata(text, vocabulary) or _joins_metadata(titles, i, vocabulary):
            continue
        speaks = _speaks(label, vocabulary) or _is_field(label, vocabulary, index) or _is_part(text, vocabulary, index)
        capital = text.isupper()
        if speaks or (continued and capital and len(label) <= _LONGEST_CONTINUED):
            spoken.append(text)
        continued = speaks and capital
    return tuple(spoken)


def _speaks(label: Phrase, vocabulary: Vocabulary) -> bool:
    scope = vocabulary.title_scope
    return _occurs(label, scope["subjects"]) or any(label[: len(p)] == p for p in scope["begins"])


def _is_field(label: Phrase, vocabulary: Vocabulary, index: UnitIndex) -> bool:
    """Whether a text is a field of work and no short name of an office ("Tư pháp" beside "Phòng Tư pháp")."""
    return label in vocabulary.title_scope["fields"] and not any(
        f" {' '.join(label)}" in f" {name_key(name)}" for name in index.names.values()
    )


def _is_part(text: str, vocabulary: Vocabulary, index: UnitIndex) -> bool:
    """Whether a text names one part of the dossiers and nothing else: "(Trực tuyến)", "Mức độ toàn trình"."""
    return bool(named_part(text, vocabulary)[0]) and not _in_text(text, vocabulary, index, None)


@lru_cache(maxsize=1 << 12)
def _is_metadata(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a line says who, when, by which act or in which unit, and not what is counted."""
    label = _plain_words(text)
    only = _occurs(label, [p for p in vocabulary.title_scope["only"] if p[0] == "chỉ"])
    numbered = re.match(r"\W*số ?[:.…]|\W*số ?\d* ?/", fold(text)) is not None
    return not only and (numbered or any(label[: len(p)] == p for p in vocabulary.title_scope["skipped"]))


def _joins_metadata(titles: Sequence[str], at: int, vocabulary: Vocabulary) -> bool:
    """Whether a text is the joined line of the cells before it, one of which is a line of metadata or of a filter."""
    cells: list[str] = []
    for text in reversed(titles[max(0, at - _MOST_CELLS) : at]):
        cells.insert(0, text)
        if len(cells) > 1 and " ".join(cells) == titles[at]:
            return any(":" in c or _is_metadata(c, vocabulary) for c in cells)
    return False


@lru_cache(maxsize=1 << 12)  # the files of a period share their titles
def _in_text(text: str, vocabulary: Vocabulary, index: UnitIndex, year: int | None) -> tuple[Unexplained, ...]:
    return tuple(_of_segments(text, vocabulary, index, year))


def _of_segments(text: str, vocabulary: Vocabulary, index: UnitIndex, year: int | None) -> Iterator[Unexplained]:
    for segment in without_offices(_segments(text, year), index):
        known = _known(segment, vocabulary)
        unknown = [i for i, word in enumerate(segment) if not known[i] and _says_something(word)]
        if unknown:
            start, end = unknown[0], unknown[-1] + 1
            phrase = " ".join(w for w in segment[start:end] if w != _BOUNDARY)
            before = [w for w in segment[:start] if w != _BOUNDARY]
            yield Unexplained(text, phrase, field=_names_field(before))


def _names_field(before: Sequence[str]) -> bool:
    """Whether what follows these words is one field of work: "lĩnh vực", but not "theo lĩnh vực"."""
    named = list(before[-2:]) == ["lĩnh", "vực"]
    return named and (len(before) < 3 or before[-3] not in {"theo", "các", "từng", "mọi", "mỗi", "tất", "cả", "nhóm"})


def _segments(text: str, year: int | None) -> list[list[str]]:
    """The words of a text without ordinals, periods, dates, codes and citations; parts around those are separate."""
    plain = nfc(text)
    for period in title_periods([plain], year):
        plain = plain.replace(period.text, " ; ")
    shown = _ORDINAL.sub("", fold(plain))
    for pattern in (_CITATION, _INCLUDED, _DATE, _CODE, _CODE_WORDS):
        shown = pattern.sub(" ; ", shown)
    return [part for raw in shown.split(";") if (part := _words_of(raw))]


def _words_of(text: str) -> list[str]:
    """The words of a text; punctuation between them as one boundary."""
    found: list[str] = []
    for token in _WORD.findall(text):
        if token[0].isalnum() or token[0] == "%":
            found.append(token)
        elif found and found[-1] != _BOUNDARY:
            found.append(_BOUNDARY)
    return found


@lru_cache(maxsize=1 << 12)
def _plain_words(text: str) -> Phrase:
    """The words of a text without a leading ordinal; what is in brackets counts."""
    return tuple(w for w in _words_of(_ORDINAL.sub("", fold(text))) if w != _BOUNDARY)


def _known(segment: Sequence[str], vocabulary: Vocabulary) -> list[bool]:
    """Of each word of a segment whether a phrase of the vocabulary explains it."""
    plain = [i for i, w in enumerate(segment) if w != _BOUNDARY]
    label = tuple(segment[i] for i in plain)
    known = [w == _BOUNDARY for w in segment]
    scope = vocabulary.title_scope
    for system in scope["systems"]:
        for at in _starts(label, system):
            if not any(label[max(0, at - len(p)) : at] == p for p in scope["through"]):
                for i in range(at, at + len(system)):
                    known[plain[i]] = True
    taken = [known[i] for i in plain]
    barred = [False] * len(label)
    for phrase in scope["only"]:
        for at in _starts(label, phrase):
            barred[at : at + len(phrase)] = [True] * len(phrase)
    for phrase in scope["systems"]:  # what came through a system is no name of it
        for at in _starts(label, phrase):
            if not taken[at]:
                barred[at : at + len(phrase)] = [True] * len(phrase)
    for phrase in vocabulary.explaining_phrases:
        for at in _starts(label, phrase):
            span = range(at, at + len(phrase))
            if not any(taken[i] or barred[i] for i in span):
                for i in span:
                    taken[i] = True
                    known[plain[i]] = True
    return known


def _says_something(word: str) -> bool:
    return len(word) > 1 and not any(c.isdigit() for c in word) and not _ROMAN.match(word)


def _starts(label: Phrase, phrase: Phrase) -> list[int]:
    if phrase[0] not in label:
        return []
    return [i for i in range(len(label) - len(phrase) + 1) if label[i : i + len(phrase)] == phrase]


def _occurs(label: Phrase, phrases: Sequence[Phrase]) -> bool:
    return any(_starts(label, p) for p in phrases)
