"""The measure that a column counts, from the labels above it, top to bottom (`("Đã giải quyết", "Quá hạn")`).

A label path is resolved by its nearest band and its nearest concept; labels above and below must not contradict them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.extract.wording.label_concepts import Concept, LabelConcepts
from pipeline.extract.wording.phrases import Phrase, bracket_words, included_words, label_words

_TIME = re.compile(r"quý|tháng \d{1,2}\b|\b20\d\d\b|năm (?:nay|trước)")
_DEADLINES = {"early", "on_time", "in_time", "late"}
#: (upper, lower) concept where the lower is a part of the upper: `Trong hạn {Trước hạn, Đúng hạn}`
_NESTED = {("in_time", "early"), ("in_time", "on_time"), ("on_time", "early"), ("on_time", "in_time")}
#: concept above -> concepts below it that divide its count by channel or period and count nothing else
_SHARES = {
    **dict.fromkeys(_DEADLINES, ("online", "direct", "carried_over", "in_period")),
    "carried_over": ("online", "direct"),
}
_EXCLUDING = frozenset(("không", "chưa", "trừ"))
_CHANNELS = frozenset(("online", "direct"))
#: concepts that under a channel count the dossiers of that channel only
_COUNTED_BY_CHANNEL = _DEADLINES | {"total"}
#: a label: its words, and those in its brackets
_Tier = tuple[Phrase, Phrase]


@dataclass(frozen=True)
class Meaning:
    """What one column counts. `measure` "": the column is not used."""

    measure: str = ""
    part: bool = False  # one of several columns that add up to the measure
    band: str = ""
    concepts: tuple[str, ...] = ()
    derived: bool = False  # a percentage or the like: ignored on purpose
    contrary: bool = False  # its labels contradict each other ("Đúng hạn › Đã có thư xin lỗi")
    #: unknown words in a label ("Thanh toán trực tuyến") or an unclear band: used only if a row sum confirms it
    needs_proof: bool = False
    rate_of: str = ""  # late | in_time: the dossiers of which a derived column is a percentage
    both_bands: bool = False  # counts resolved and pending dossiers together
    share_of: str = ""  # the measure of which it is a share by channel or period ("Kỳ trước › Trực tiếp")


def column_meaning(path: tuple[str, ...], vocabulary: LabelConcepts) -> Meaning:
    """The meaning of a column from its labels, top to bottom."""
    tiers = [(label_words(p), bracket_words(p)) for p in path]
    tiers = [t for t in tiers if t[0]]
    labels = [label for label, _ in tiers]
    if not labels or _is_uncounted(tiers, vocabulary):
        return Meaning(derived=bool(labels), rate_of=_rate_of(tiers, vocabulary))
    bands = [*(_band_of(tier, vocabulary) for tier in reversed(tiers)), *map(vocabulary.whole_band, reversed(labels))]
    band = next(filter(None, bands), "")
    concepts, at = _nearest_concepts(tiers, vocabulary)
    names = {c for c, _ in concepts}
    for channel in ("online", "direct"):
        if names == {channel, "in_period"}:
            names = {channel}
    if len(names) > 1:
        return Meaning(band=band, concepts=tuple(sorted(names)))
    named = vocabulary.band(labels[-1]) or (len(labels) == 1 and vocabulary.whole_band(labels[-1]))
    if not names and not named and labels[-1] not in vocabulary.neutral_labels:
        return Meaning(band=band)  # some unknown share of the band ("Có thu phí")
    if not names:
        measure = _measure_of_band(band)
        if measure == "received_open":
            measure = _including_carried_over(path[-1], vocabulary) or measure
        return Meaning(measure=measure, band=band, needs_proof=_has_unknown_words(tiers, vocabulary))
    concept = names.pop()
    above = [found[0][0] for t in tiers[:at] if len(found := _concepts_of(t, vocabulary)) == 1]
    negated = any(vocabulary.is_negated(label) for label in tiers[at])
    of_other_time = any(_TIME.search(" ".join(label)) for label in labels[at + 1 :])
    if negated or of_other_time or any(_exclude_each_other(upper, concept) for upper in above):
        return Meaning(band=band, concepts=(concept,), contrary=True)
    if ("online", True) in concepts and any(vocabulary.band(label) for label in labels[at + 1 :]):
        # "Toàn trình › Tiếp nhận": dossiers of procedures offered so, however they were handed in
        return Meaning(band=band, concepts=("online",), share_of=_measure_of_band(band) and f"{band}_total")
    if band == "waiting" and concept != "total":
        return Meaning(band=band, concepts=(concept,), share_of=vocabulary.measures[band]["total"])
    whole = next((upper for upper in reversed(above) if concept in _SHARES.get(upper, ())), "")
    if not whole and concept in _COUNTED_BY_CHANNEL and any(vocabulary.band(label) for label in labels[: at + 1]):
        # "Trực tuyến › Đã giải quyết › Trước hạn": the early ones of one channel, not all early ones
        whole = concept if _CHANNELS.intersection(above) else ""
    if whole:
        share_of = vocabulary.measures.get(band or "none", {}).get(whole, "")
        return Meaning(band=band, concepts=(concept,), share_of=share_of, contrary=not share_of)
    # a level of service ("Toàn trình") is not only a channel: procedures have one too
    says_online = any(("online", False) in vocabulary.concepts(label) for label in labels)
    both_bands = any(vocabulary.names_both_bands(text) for tier in tiers for text in tier)
    if both_bands and concept == "total":
        return Meaning(derived=True)  # what is resolved and pending together
    return Meaning(
        measure=_measure(band, concept, vocabulary),
        part=any(part for _, part in concepts) or _is_split(labels, at, vocabulary),
        band=band,
        concepts=(concept,),
        needs_proof=_has_unknown_words(tiers, vocabulary) or (concept == "online" and not says_online),
        both_bands=both_bands,
    )


def _rate_of(tiers: Sequence[_Tier], vocabulary: LabelConcepts) -> str:
    """Which dossiers a percentage is of, by the deadlines that its labels name; "" where they name none or both."""
    named = {c for label, aside in tiers for text in (label, aside) for c, _ in vocabulary.concepts(text)} & _DEADLINES
    return "" if not named else "late" if named == {"late"} else "" if "late" in named else "in_time"


def _band_of(tier: _Tier, vocabulary: LabelConcepts) -> str:
    """The band of a label, else the one in its brackets ("Quá hạn (đang giải quyết)").

    Brackets that repeat what the label says explain it: "Kỳ trước (hồ sơ đang xử lý của kỳ trước)".
    """
    label, aside = tier
    explained = set(vocabulary.concepts(label)) & set(vocabulary.concepts(aside)) - {("total", False)}
    return vocabulary.band(label) or ("" if explained else vocabulary.sole_band(aside))


def _measure_of_band(band: str) -> str:
    """The measure of a lowest label that names its band only.

    "Tiếp nhận" may count everything received, or what came in during the period: the row sums decide later.
    """
    return {
        "received": "received_open",
        "resolved": "resolved_total",
        "pending": "pending_total",
        "waiting": "pending_waiting",
    }.get(band, "")


def _including_carried_over(label: str, vocabulary: LabelConcepts) -> str:
    """What a bare "Tiếp nhận" counts where it says whether it includes what was carried over; "" where it does not."""
    listed = included_words(label)
    named = ("carried_over", False) in vocabulary.concepts(listed) or "tồn" in listed
    excluded = _EXCLUDING.intersection(listed)
    return ("received_in_period" if excluded else "received_total") if named else ""


def _measure(band: str, concept: str, vocabulary: LabelConcepts) -> str:
    measure = vocabulary.measures.get(band or "none", {}).get(concept)
    if not measure and concept in {"withdrawn", "returned"}:
        return vocabulary.measures["none"].get(concept, "")
    return measure or ""


def _exclude_each_other(upper: str, lower: str) -> bool:
    """Whether no dossier can be both: late and on time, online and direct."""
    if {upper, lower} == {"online", "direct"}:
        return True
    return upper != lower and {upper, lower} <= _DEADLINES and (upper, lower) not in _NESTED


def _is_uncounted(tiers: Sequence[_Tier], vocabulary: LabelConcepts) -> bool:
    """Whether a column holds a percentage, procedures, or dossiers of a time other than the table's."""
    for label, aside in tiers[-2:]:
        if vocabulary.is_uncounted(label) or ("số" not in aside and vocabulary.uncounted_phrases.occur_in(aside)):
            return True
    for label, aside in tiers:
        other_time = vocabulary.other_times.occur_in(label) or vocabulary.other_times.occur_in(aside)
        if other_time or vocabulary.counts_procedures(label):
            return True
    # "Kỳ trước › Đã giải quyết" counts what was resolved in the period before, not what was carried over
    before = [i for i, (label, _) in enumerate(tiers) if vocabulary.concepts(label) == [("carried_over", False)]]
    return any(
        not vocabulary.band(tiers[i][0]) and any(vocabulary.band(label) for label, _ in tiers[i + 1 :]) for i in before
    )


def _has_unknown_words(tiers: Sequence[_Tier], vocabulary: LabelConcepts) -> bool:
    return any(vocabulary.has_unknown_words(text) for tier in tiers for text in tier)


def _concepts_of(tier: _Tier, vocabulary: LabelConcepts) -> list[Concept]:
    """The concepts of a label, and the one in its brackets where they name exactly one other."""
    label, aside = tier
    own = vocabulary.concepts(label)
    if own and set(own) & set(vocabulary.concepts(aside)):
        return own  # the brackets explain the label
    more = [c for c in vocabulary.concepts(aside) if c[0] != "total"] if aside else []
    if len(more) != 1 or more[0][0] in {name for name, _ in own}:
        return own
    return [*(c for c in own if c[0] != "total"), *more]


def _nearest_concepts(tiers: Sequence[_Tier], vocabulary: LabelConcepts) -> tuple[list[Concept], int]:
    """(concepts, index of their label): of the lowest label that names another concept than `total`.

    Without one: `total` of the lowest label that names it; ([], -1) where none does. "Tổng số" under "Trực tuyến" thus
    counts what is received online; the search for that ends at the nearest band.
    """
    lowest_total = -1
    for i in range(len(tiers) - 1, -1, -1):
        found = _concepts_of(tiers[i], vocabulary)
        if found and found != [("total", False)]:
            return found, i
        if found and lowest_total < 0:
            lowest_total = i
        if vocabulary.band(tiers[i][0]) and lowest_total >= 0:
            break
    return ([("total", False)], lowest_total) if lowest_total >= 0 else ([], -1)


def _is_split(labels: list[Phrase], at: int, vocabulary: LabelConcepts) -> bool:
    """Whether the column is one of several under the label of its concept (`Quá hạn` {có thư, chưa có})."""
    below = [label for label in labels[at + 1 :] if label not in vocabulary.neutral_labels]
    return bool(below) and not any(vocabulary.concepts(label) == [("total", False)] for label in below)
