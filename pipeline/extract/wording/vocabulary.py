"""The vocabulary of the exports (`reference/labels.toml`) for the recognisers of tables, rows, lists and titles."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Any, NamedTuple

from pipeline.extract.sheet.cell_matrix import TextPredicate
from pipeline.extract.wording.column_meaning import Meaning, column_meaning
from pipeline.extract.wording.label_concepts import LabelConcepts
from pipeline.extract.wording.list_words import ListWords
from pipeline.extract.wording.phrases import Phrase, Phrases, words
from pipeline.text import fold

#: words of a label at most; a longer text in a header row is a title or a note
LONGEST_LABEL = 25
_BULLETS = ("-", "–", "—", "+", "*", "•")


class RowLabel(NamedTuple):
    """The kinds of a row that its name shows; all False for the plain name of a unit or a field."""

    total: bool  # "Tổng số"
    starts_total: bool  # "Cộng cấp xã"
    within: bool  # "Trong đó"
    repeats: bool  # counts of another period: "Cùng kỳ năm trước", "Năm 2021"
    signature: bool  # "Người lập biểu"
    bullet: bool  # "- Đất đai"


class Vocabulary(LabelConcepts):
    """labels.toml, ready to match. `raw`: as parsed; raises KeyError where a group of phrases is missing."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        super().__init__(raw)
        self.raw = raw
        #: labels of the leading columns: unit, field of work, ordinal
        self.unit_labels = {words(x) for x in raw["unit"]["labels"]}
        self.field_labels = {words(x) for x in raw["field"]["labels"]}
        self.stt_labels = {words(x) for x in raw["stt"]["labels"]}
        self.name_labels = self.unit_labels | self.field_labels | self.stt_labels
        #: a text that may be in the header of a count table, over counts or over names
        self.table_heads = TextPredicate(lambda text: self._heads_a_column(words(text)))
        self._total_rows = {words(x) for x in raw["rows"]["total"]}
        self._total_starts = [words(x) for x in raw["rows"]["total_starts"]]
        self._repeating_rows = [words(x) for x in raw["rows"]["repeats"]]
        self._within_rows = [words(x) for x in raw["rows"]["within"]]
        self._signature_rows = [words(x) for x in raw["rows"]["signature"]]
        #: what a portal writes instead of rows
        self.empty_answers = Phrases(raw["empty_answer"]["phrases"])
        #: printed filters: names of conditions, values that select everything, units of many dossiers
        self.filter_keys, self.filter_all = ([fold(x) for x in raw["filter"][k]] for k in ("keys", "all"))
        self.scales = [fold(x) for x in raw["filter"]["scales"]]
        #: dossier lists: headings, statuses, channels
        self.lists = ListWords(raw)
        #: how the value of a filter begins that is the state of the export and not of its dossiers
        self.export_states = [fold(x) for x in raw["filter"]["states"]]
        #: what titles may say of a table of all dossiers: group -> phrases, the longest first
        self.title_scope = {
            group: sorted({words(x) for x in texts}, key=lambda p: (-len(p), p))
            for group, texts in raw["title_scope"].items()
        }
        known = {*self.title_scope["phrases"], *self.named_phrases, *self.neutral_labels}
        #: what a word of a title may belong to without narrowing anything, the longest first
        self.explaining_phrases = sorted(known, key=lambda p: (-len(p), p))
        #: meaning of a status -> its texts
        self.dossier_status = self.lists.statuses
        #: the plain name of a row: neither total nor mark nor bullet
        self.only_names = TextPredicate(lambda text: not any(self._row_label(text)))
        #: `_row_label` and `column_meaning`, cached: the files of a period repeat their labels
        self.row_label = lru_cache(maxsize=1 << 15)(self._row_label)
        self._meaning_of: dict[tuple[str, ...], Meaning] = {}

    def meaning(self, path: tuple[str, ...]) -> Meaning:
        """The meaning of a column from its labels, top to bottom (`("Đã giải quyết", "Quá hạn")`)."""
        if path not in self._meaning_of:
            self._meaning_of[path] = column_meaning(path, self)
        return self._meaning_of[path]

    def is_empty_answer(self, label: Phrase) -> bool:
        """Whether a portal writes this instead of rows ("Không có dữ liệu")."""
        return self.empty_answers.occur_in(label)

    def titles_count_procedures(self, labels: Sequence[Phrase]) -> bool:
        """Whether titles and headings name procedures as what is counted, and dossiers nowhere."""
        named = any(self.procedures.occur_in(x) for x in labels)
        return named and not any(self.dossier_words.occur_in(x) for x in labels)

    def can_head_count_table(self, label: Phrase) -> bool:
        """Whether a header cell can belong to a count table: it names a band, a concept or another time."""
        named = self.band(label) or self.whole_band(label) or self.concepts(label)
        return bool(named or self.other_times.occur_in(label))

    def heads_counts(self, label: Phrase) -> bool:
        """Whether a text is short enough for a label, and can head a count table."""
        return 0 < len(label) <= LONGEST_LABEL and self.can_head_count_table(label)

    def _heads_a_column(self, label: Phrase) -> bool:
        return label in self.name_labels or self.heads_counts(label)

    def _row_label(self, text: str) -> RowLabel:
        """The kinds of a row named `text`."""
        label = words(text)

        def starts(phrases: list[Phrase]) -> bool:
            return any(label[: len(p)] == p for p in phrases)

        return RowLabel(
            total=label in self._total_rows,
            starts_total=starts(self._total_starts),
            within=starts(self._within_rows),
            repeats=starts(self._repeating_rows) or (label[:1] == ("năm",) and "".join(label[1:2]).isdigit()),
            signature=starts(self._signature_rows),
            bullet=text.startswith(_BULLETS),
        )


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that is shipped with the program."""
    return Vocabulary(tomllib.loads(resources.files("pipeline").joinpath("reference/labels.toml").read_text("utf-8")))
