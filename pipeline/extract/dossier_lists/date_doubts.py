"""Dates of dossiers that cannot be right, or hardly can: which dossiers they concern, and what the office decides.

An impossible date (an end before the reception, a year 1900 or 2202) has to be corrected in the portal. A doubtful one
(a promise before the reception, a year far from all others) may be right: the office is asked about exactly these
dossiers, and an answer holds as long as they are the same. Until then their units are not counted. Days are compared,
no times: a promise on the day of reception is plain. The bounds and their reasons are in
`reference/dossier_dates.toml`.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
import pandas as pd

from pipeline.layouts.confirmed import Answer, Question
from pipeline.layouts.decisions import DATES_MEANINGS, Decision, options
from pipeline.periods import Period
from pipeline.text import vn_int

#: kinds of dates that cannot be right -> how a finding names them
IMPOSSIBLE: Final[Mapping[str, str]] = {
    "received_impossible": "có ngày tiếp nhận không thể có (trước năm 2004 hoặc hàng chục năm sau kỳ)",
    "end_impossible": "có ngày kết thúc không thể có (hàng chục năm sau kỳ)",
    "end_before_received": "kết thúc trước ngày tiếp nhận",
    "due_impossible": "có hạn trả không thể có (trước năm 2004 hoặc hàng chục năm sau kỳ)",
}
#: kinds of dates that the office is asked about -> how a finding and a question name them
DOUBTFUL: Final[Mapping[str, str]] = {
    "received_late": "có ngày tiếp nhận cách xa mọi ngày khác của danh sách, hơn một năm sau kỳ",
    "end_late": "có ngày kết thúc cách xa mọi ngày khác của danh sách, hơn một năm sau kỳ",
    "due_before_received": "có hạn trả trước ngày tiếp nhận",
    "due_late": "có hạn trả hơn ba năm sau ngày tiếp nhận",
}
#: meaning of an answer: the dates are right as they are
AS_WRITTEN: Final = "as_written"
#: rows that a question names
_EXAMPLES: Final = 5


@dataclass(frozen=True)
class DateBounds:
    """The bounds of `dossier_dates.toml`."""

    first_day: np.datetime64
    longest_gap: np.timedelta64
    longest_promise: np.timedelta64
    never_after: np.timedelta64


@cache
def date_bounds() -> DateBounds:
    """The bounds that the package comes with."""
    text = resources.files("pipeline").joinpath("reference/dossier_dates.toml").read_text("utf-8")
    read = tomllib.loads(text)
    days = (np.timedelta64(read[f"{name}_days"], "D") for name in ("longest_gap", "longest_promise", "never_after"))
    return DateBounds(np.datetime64(read["first_day"]), *days)


def date_kinds(frame: pd.DataFrame, period: Period, judged: pd.Series) -> pd.Series:
    """Of each dossier the kind of its first date that cannot or hardly can be right; "" for none.

    `frame`: received, due, finished, bad_date. `judged`: the dossiers whose due date decides something.
    """
    bounds = date_bounds()
    start, end = np.datetime64(period.start), np.datetime64(period.end)
    received, due, finished = frame["received"], frame["due"], frame["finished"]
    horizon = _last_connected_day(pd.concat([received, finished]), end, bounds.longest_gap)
    never, far = end + bounds.never_after, horizon + bounds.longest_gap
    promised_from = received.where(received > horizon, horizon)
    before = finished.notna() & (finished < start) & (finished >= bounds.first_day)
    kinds = {
        "received_impossible": (received < bounds.first_day) | (received > never),
        "end_impossible": finished > never,
        "end_before_received": finished < received,
        "received_late": (received > far) & ~before,
        "end_late": finished > far,
        "due_impossible": judged & ((due < bounds.first_day) | (due > never)),
        "due_before_received": judged & (due < received),
        "due_late": judged & (due > promised_from + pd.Timedelta(bounds.longest_promise)),
    }
    found = np.select([m & ~frame["bad_date"] for m in kinds.values()], list(kinds), default="")
    return pd.Series(found, index=frame.index, dtype="str")


def _last_connected_day(days: pd.Series, end: np.datetime64, gap: np.timedelta64) -> np.datetime64:
    """The last day after `end` that no gap longer than `gap` parts from it: how far the export reaches."""
    later = np.unique(days[days > end].to_numpy("datetime64[s]"))
    steps = np.concatenate([np.array([end], dtype="datetime64[s]"), later])
    too_far = np.flatnonzero(np.diff(steps) > gap)
    last: np.datetime64 = steps[too_far[0]] if len(too_far) else steps[-1]
    return last


def date_decisions(frame: pd.DataFrame, answers: Mapping[Question, Answer]) -> dict[str, Decision]:
    """Kind -> the decision about the dossiers with a doubtful date of that kind.

    `frame`: row, code, received, due, finished, doubt (from `date_kinds`). An answer is about exactly these dossiers.
    """
    found = {}
    for kind in DOUBTFUL:
        rows = frame.loc[frame["doubt"] == kind]
        if rows.empty:
            continue
        subject = f"{kind} {_digest(rows)}"
        numbers = ", ".join(map(str, rows["row"].head(_EXAMPLES))) + (", …" if len(rows) > _EXAMPLES else "")
        shown = f"{vn_int(len(rows))} hồ sơ {DOUBTFUL[kind]} (dòng {numbers})"
        answer = answers.get(("dates", subject))
        asked = options(DATES_MEANINGS)
        if answer is not None and answer.meaning in DATES_MEANINGS:
            found[kind] = Decision("dates", subject, shown, answer.meaning, "confirmed", answer.reason, asked)
        else:
            why = "các ngày này khó có thật"
            found[kind] = Decision("dates", subject, shown, "wait", "open", why, asked)
    return found


def _digest(rows: pd.DataFrame) -> str:
    """What tells some dossiers with their dates from others, whatever their order. No code can be read from it."""
    written = rows["code"].astype("str")
    for kind in ("received", "due", "finished"):
        written = written + "|" + rows[kind].dt.strftime("%Y-%m-%d").fillna("")
    return hashlib.sha256("\n".join(sorted(written)).encode()).hexdigest()[:12]


def with_decisions(frame: pd.DataFrame, decisions: Mapping[str, Decision]) -> pd.DataFrame:
    """The frame with what was decided: dates that are right as they are leave no doubt.

    `doubt_state`: Vietnamese, what the office has answered of a dossier that is still in doubt.
    """
    right = [kind for kind, d in decisions.items() if d.ground == "confirmed" and d.meaning == AS_WRITTEN]
    waits = {kind: d.reason for kind, d in decisions.items() if d.ground == "confirmed" and d.meaning != AS_WRITTEN}
    doubt = frame["doubt"].where(~frame["doubt"].isin(right), "").astype("str")
    states = {kind: waits.get(kind, "") for kind in doubt.unique()}
    return frame.assign(doubt=doubt, doubt_state=doubt.map(states).astype("str"))
