"""What a column is called -> what it means: the vocabulary of `reference/labels.toml`, applied to one label path."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Any, NamedTuple

from pipeline.extract.sheet.cell_matrix import TextPredicate
from pipeline.extract.wording.column_meaning import CHANNELS, OF_CHANNEL, SHARES, Meaning, contradict
from pipeline.extract.wording.phrases import Phrase, Phrases, bracket_words, label_words, words
from pipeline.text import fold

#: before a concept they make it its opposite ("không đúng hạn"), unless the vocabulary has both as one phrase
_NEGATIONS = frozenset(("không", "chưa", "chẳng", "trừ", "ngoài"))
_TIME = re.compile(r"quý|tháng \d{1,2}\b|\b20\d\d\b|năm (?:nay|trước)")

_BULLETS = ("-", "–", "—", "+", "*", "•")


class RowLabel(NamedTuple):
    """What the name of a row says of the row."""

    total: bool  # "Tổng số"
    starts_total: bool  # "Cộng cấp xã"
    within: bool  # "Trong đó"
    repeats: bool  # "Cùng kỳ năm trước", "Năm 2021"
    signature: bool  # "Người lập biểu"
    bullet: bool  # "- Đất đai"


class Vocabulary:
    """labels.toml, ready to match. `raw`: as parsed; KeyError where a group of phrases is missing."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.unit_labels = {words(x) for x in raw["unit"]["labels"]}
        self.field_labels = {words(x) for x in raw["field"]["labels"]}
        self.stt_labels = {words(x) for x in raw["stt"]["labels"]}
        self.neutral_labels = {words(x) for x in raw["neutral"]["labels"]}
        self.ignore_holds = Phrases(raw["ignore"]["holds"])
        self._cumulative = Phrases(raw["ignore"]["cumulative"])
        self.other_times = Phrases([*raw["ignore"]["cumulative"], *raw["ignore"]["other_times"]])
        self.ignore_starts = [words(x) for x in raw["ignore"]["starts"]]
        self.ignore_labels = {words(x) for x in raw["ignore"]["labels"]}
        self.total_rows = {words(x) for x in raw["rows"]["total"]}
        self.total_starts = [words(x) for x in raw["rows"]["total_starts"]]
        self.repeating_rows = [words(x) for x in raw["rows"]["repeats"]]
        self.within_rows = [words(x) for x in raw["rows"]["within"]]
        self.signature_rows = [words(x) for x in raw["rows"]["signature"]]
        self.empty_answers = Phrases(raw["empty_answer"]["phrases"])
        self.procedures = Phrases(raw["procedures"]["phrases"])
        self.procedure_labels = Phrases(raw["procedures"]["labels"])
        self.dossier_words = Phrases(raw["procedures"]["unless"])
        self.dossiers = {key: {words(x): i for i, x in enumerate(labels)} for key, labels in raw["dossiers"].items()}
        self.filter_keys, self.filter_all = ([fold(x) for x in raw["filter"][k]] for k in ("keys", "all"))
        self.scales = [fold(x) for x in raw["filter"]["scales"]]
        self.other_dates = Phrases(raw["dossier_dates"]["others"])
        titles = raw["dossier_titles"]
        self.list_titles, self.title_ends = ([words(x) for x in titles[k]] for k in ("begins", "ends"))
        self.title_words = {word for phrase in titles["words"] for word in words(phrase)}
        self.dossier_status = {key: {words(x) for x in labels} for key, labels in raw["dossier_status"].items()}
        self.open_starts = {words(x) for x in raw["dossier_status_starts"]["open"]}
        self.dossier_channel = {key: {words(x) for x in labels} for key, labels in raw["dossier_channel"].items()}
        self._fillers = {word for phrase in raw["filler"]["words"] for word in words(phrase)}
        self._bands = self._phrases({band: {"whole": p} for band, p in raw["bands"].items()})
        self._concepts = self._phrases(raw["concepts"])
        # a period repeats a few dozen labels in hundreds of files
        self._band_of: dict[Phrase, str] = {}
        self._concepts_of: dict[Phrase, list[tuple[str, bool]]] = {}
        self._meaning_of: dict[tuple[str, ...], Meaning] = {}
        self.says_more = lru_cache(maxsize=1 << 15)(self._says_more)
        self._meanings: dict[str, dict[str, str]] = raw["meanings"]
        self.row_label = lru_cache(maxsize=1 << 15)(self._row_label)
        #: what heads the codes of a list
        self.code_heads = TextPredicate(lambda text: words(text) in self.dossiers["code"])
        #: the name of a row that says nothing but whose row it is
        self.only_names = TextPredicate(lambda text: not any(self._row_label(text)))

    @staticmethod
    def _phrases(groups: dict[str, dict[str, list[str]]]) -> list[tuple[Phrase, str, bool]]:
        """(phrase, name, is a part), the longest phrases first."""
        found = [
            (words(text), name, kind == "part")
            for name, kinds in groups.items()
            for kind, texts in kinds.items()
            for text in texts
        ]
        return sorted(found, key=lambda p: -len(p[0]))

    @staticmethod
    def _hits(label: Phrase, phrases: list[tuple[Phrase, str, bool]]) -> list[tuple[int, int, str, bool]]:
        """(position, length, name, part) of the longest phrases in the label, none overlapping."""
        taken = [False] * len(label)
        hits = []
        for phrase, name, part in phrases:
            if phrase[0] not in label:
                continue
            size = len(phrase)
            for start in range(len(label) - size + 1):
                if label[start : start + size] == phrase and not any(taken[start : start + size]):
                    taken[start : start + size] = [True] * size
                    hits.append((start, size, name, part))
        return sorted(hits)

    def band(self, label: Phrase) -> str:
        """received | resolved | pending | "" – of a label that names several the last one (`nhận … đã giải quyết`)."""
        if label not in self._band_of:
            hits = self._hits(label, self._bands)
            self._band_of[label] = hits[-1][2] if hits else ""
        return self._band_of[label]

    def concepts(self, label: Phrase) -> list[tuple[str, bool]]:
        """(concept, is a part) named in the label; `total` only where nothing more exact is."""
        if label not in self._concepts_of:
            named = list(dict.fromkeys((name, part) for _, _, name, part in self._hits(label, self._concepts)))
            self._concepts_of[label] = [c for c in named if c[0] != "total"] or named
        return self._concepts_of[label]

    def is_ignored(self, label: Phrase) -> bool:
        """A percentage, a rank, a note …"""
        if label in self.ignore_labels or any(label[: len(s)] == s for s in self.ignore_starts):
            return True
        return self.ignore_holds.stand_in(label)

    def counts_procedures(self, label: Phrase) -> bool:
        """A number of procedures ("Số TTHC …"), not of dossiers."""
        return self.procedure_labels.stand_in(label) and not self.dossier_words.stand_in(label)

    def _row_label(self, text: str) -> RowLabel:
        label = words(text)

        def starts(phrases: list[Phrase]) -> bool:
            return any(label[: len(p)] == p for p in phrases)

        return RowLabel(
            total=label in self.total_rows,
            starts_total=starts(self.total_starts),
            within=starts(self.within_rows),
            repeats=starts(self.repeating_rows) or (label[:1] == ("năm",) and "".join(label[1:2]).isdigit()),
            signature=starts(self.signature_rows),
            bullet=text.startswith(_BULLETS),
        )

    def is_empty_answer(self, label: Phrase) -> bool:
        """What a portal writes instead of rows."""
        return self.empty_answers.stand_in(label)

    def titled_procedures(self, labels: Sequence[Phrase]) -> bool:
        """Whether titles and headings say that procedures are counted, and nowhere that dossiers are."""
        said = any(self.procedures.stand_in(x) for x in labels)
        return said and not any(self.dossier_words.stand_in(x) for x in labels)

    def speaks_of_counts(self, label: Phrase) -> bool:
        """Whether a header cell can belong to a count table."""
        return bool(self.band(label) or self.concepts(label) or self.other_times.stand_in(label))

    def counts_from_the_year(self, label: Phrase) -> bool:
        """Whether a title says that the counts run from the beginning of the year."""
        return self._cumulative.stand_in(label)

    def phrases_of(self, names: set[str]) -> list[Phrase]:
        """How the concepts or bands are written."""
        return [phrase for phrase, name, _ in (*self._concepts, *self._bands) if name in names]

    def meaning(self, path: tuple[str, ...]) -> Meaning:
        """The meaning of a column from its labels, top to bottom (`("Đã giải quyết", "Quá hạn")`)."""
        if path not in self._meaning_of:
            self._meaning_of[path] = self._meaning(path)
        return self._meaning_of[path]

    def _meaning(self, path: tuple[str, ...]) -> Meaning:
        tiers = [(label_words(p), bracket_words(p)) for p in path]
        tiers = [t for t in tiers if t[0]]
        labels = [p for p, _ in tiers]
        if not labels or self._is_no_count(tiers):
            return Meaning(derived=bool(labels))
        band = next((b for p, aside in reversed(tiers) if (b := self.band(p) or self._sole_band(aside))), "")
        concepts, at = self._nearest_concepts(tiers)
        names = {c for c, _ in concepts}
        if len(names) > 1 and names <= {"online", "in_period"}:
            names = {"online"}
        if len(names) > 1 and names <= {"direct", "in_period"}:
            names = {"direct"}
        if len(names) > 1:
            return Meaning(band=band, concepts=tuple(sorted(names)))
        if not names and not self.band(labels[-1]) and labels[-1] not in self.neutral_labels:
            return Meaning(band=band)  # some other share of the band ("Có thu phí"): not all of it
        if not names:
            # a leaf that only names its band ("Tiếp nhận"): everything of it, or what came in: the rows decide
            measure = {
                "received": "received_open",
                "resolved": "resolved_total",
                "pending": "pending_total",
            }.get(band, "")
            return Meaning(measure=measure, band=band, concepts=(), loose=self._is_loose(tiers))
        concept = names.pop()
        above = [found[0][0] for t in tiers[:at] if len(found := self._concepts_in(t)) == 1]
        opposite = any(map(self._is_negated, tiers[at])) or any(_TIME.search(" ".join(p)) for p in labels[at + 1 :])
        if opposite or any(contradict(upper, concept) for upper in above):
            return Meaning(band=band, concepts=(concept,), contrary=True)
        whole = next((upper for upper in reversed(above) if concept in SHARES.get(upper, ())), "")
        if not whole and concept in OF_CHANNEL and any(self.band(p) for p in labels[: at + 1]):
            # "Trực tuyến › Đã giải quyết › Trước hạn": not all of what is early
            whole = concept if CHANNELS.intersection(above) else ""
        if whole:
            share_of = self._meanings.get(band or "none", {}).get(whole, "")
            return Meaning(band=band, concepts=(concept,), share_of=share_of, contrary=not share_of)
        part = any(p for _, p in concepts) or self._is_split(labels, at)
        measure = self._meanings.get(band or "none", {}).get(concept) or (
            self._meanings["none"].get(concept, "") if concept in {"withdrawn", "returned"} else ""
        )
        loose = self._is_loose(tiers)
        return Meaning(measure=measure, part=part, band=band, concepts=(concept,), loose=loose)

    def _is_no_count(self, tiers: Sequence[tuple[Phrase, Phrase]]) -> bool:
        """A percentage, a number of procedures, or dossiers of another time than the table is of."""
        for label, aside in tiers[-2:]:
            if self.is_ignored(label) or ("số" not in aside and self.ignore_holds.stand_in(aside)):
                return True
        for label, aside in tiers:
            if self.counts_procedures(label) or self.other_times.stand_in(label) or self.other_times.stand_in(aside):
                return True
        # "Kỳ trước › Đã giải quyết": what was resolved then, not what was carried over
        before = [i for i, (label, _) in enumerate(tiers) if self.concepts(label) == [("carried_over", False)]]
        return any(not self.band(tiers[i][0]) and any(self.band(p) for p, _ in tiers[i + 1 :]) for i in before)

    def _is_loose(self, tiers: Sequence[tuple[Phrase, Phrase]]) -> bool:
        return any(self.says_more(said) for tier in tiers for said in tier)

    def _says_more(self, label: Phrase) -> bool:
        """Whether a label has words that name neither band nor concept and say nothing of their own."""
        if label in self.neutral_labels:
            return False
        known = {
            i
            for phrases in (self._bands, self._concepts)
            for start, size, _, _ in self._hits(label, phrases)
            for i in range(start, start + size)
        }
        rest = [word for i, word in enumerate(label) if i not in known]
        return any(len(w) > 1 and not w.isdigit() and w not in self._fillers for w in rest)

    def _sole_band(self, aside: Phrase) -> str:
        bands = {name for _, _, name, _ in self._hits(aside, self._bands)} if aside else set()
        return bands.pop() if len(bands) == 1 else ""

    def _concepts_in(self, tier: tuple[Phrase, Phrase]) -> list[tuple[str, bool]]:
        """The concepts of a label, with the one its brackets name."""
        label, aside = tier
        own = self.concepts(label)
        more = [c for c in self.concepts(aside) if c[0] != "total"] if aside else []
        if len(more) != 1 or more[0][0] in {name for name, _ in own}:
            return own
        return [*(c for c in own if c[0] != "total"), *more]

    def _is_negated(self, label: Phrase) -> bool:
        return any(start and label[start - 1] in _NEGATIONS for start, _, _, _ in self._hits(label, self._concepts))

    def _nearest_concepts(self, tiers: Sequence[tuple[Phrase, Phrase]]) -> tuple[list[tuple[str, bool]], int]:
        """Concepts of the lowest label with an exact one; a bare "Tổng số" under "Trực tuyến" is the online total."""
        lowest_total = -1
        for i in range(len(tiers) - 1, -1, -1):
            found = self._concepts_in(tiers[i])
            if found and found != [("total", False)]:
                return found, i
            if found and lowest_total < 0:
                lowest_total = i
            if self.band(tiers[i][0]) and lowest_total >= 0:
                break  # the total of the nearest band, not of something above it
        return ([("total", False)], lowest_total) if lowest_total >= 0 else ([], -1)

    def _is_split(self, labels: list[Phrase], at: int) -> bool:
        """Whether the column is one of several under the label of its concept (`Quá hạn` {có thư, chưa có})."""
        return at < len(labels) - 1 and not any(self.concepts(p) == [("total", False)] for p in labels[at + 1 :])


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary shipped with the program."""
    return Vocabulary(tomllib.loads(resources.files("pipeline").joinpath("reference/labels.toml").read_text("utf-8")))
