"""The one rule for a number in a cell: what is a number of dossiers, a score, a printed figure, and what is a blank.

Exports and forms ask the same functions, so that a text means the same number in both; only an export may print the
unit or the share beside a number (`as_exported_count`). Nothing is guessed: a text with
two possible meanings is refused with the reason.

What a blank means:

- A blank is never a number by itself. A blank is an empty cell or a mark that programs print for "nothing"
  (`BLANK_MARKS`).
- Export, row of a unit or level: a blank becomes 0 only where the identities of its own row close with 0, and a warning
  says so (`extract/count_tables/blank_cells.py` decides). Otherwise it is an error and sets its unit aside.
- Export, row whose counts are all blank: the export lists a unit without dossiers. All its counts are 0, without a
  finding about the cells; the unit is reported as one without dossiers.
- Export, total row: a blank states nothing, so its column is not compared with the rows. A mark is the same as an empty
  cell, and so are an error cell and a formula that was never calculated. Text that is no number is reported as a wrong
  total (`extract/count_tables/control_totals.py`).
- Form: only an empty cell is a blank. It means that no information was given; the rulebook decides what follows.
  Exception: an empty part of an item of several columns is 0 where another part is filled, and a warning reports it
  (`form_part_blank`, `extract/forms/supplement.py`).
- Form: a mark that a person typed is refused, because it may mean 0 or unknown. For a count the finding asks to enter
  0 if there are none, or to clear the cell if the number is not known. For a score or a printed figure the finding
  says that the mark is no number.
- Dossier list: an empty date or a mark (here also `nat`) means that there is no date (`date_columns.py`).
"""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

from pipeline.text import nfc, vn_int

#: No office has more dossiers in a quarter. The limit holds for scores and printed figures too.
MAX_COUNT: Final = 100_000_000
#: A total row adds up at most 10.000 rows of that size.
MAX_TOTAL: Final = 1_000_000_000_000
#: Lower-case texts that programs print for "nothing", of counts and dates. An empty cell is a blank without a mark.
BLANK_MARKS: Final = frozenset({"-", "–", "—", "null", "none", "n/a", "nan"})

# Why a cell holds no number: Vietnamese, read after “Ô … ghi …:”.
NO_COUNT: Final = "không phải số nguyên không âm"
NO_NUMBER: Final = "không phải số"
FRACTION: Final = "số thập phân, không phải số hồ sơ"
FRACTION_OR_CODE: Final = "số thập phân hoặc mã, không phải số hồ sơ"
NEGATIVE: Final = "số âm"
TOO_LARGE: Final = f"lớn hơn {vn_int(MAX_COUNT)}, mức nhiều nhất của một ô số hồ sơ"
TOO_LARGE_TOTAL: Final = f"lớn hơn {vn_int(MAX_TOTAL)}, mức nhiều nhất của một ô tổng"
PERCENT: Final = "tỷ lệ phần trăm"
TRUTH_VALUE: Final = "giá trị đúng/sai, không phải số"
DATE: Final = "ngày hoặc giờ, không phải số"
TWO_LINES: Final = "nhiều dòng trong một ô, không rõ là một số hay nhiều số"
OTHER_DIGITS: Final = "chữ số không phải 0–9, gõ lại bằng chữ số thường"
ERROR: Final = "ô lỗi"
UNCALCULATED: Final = "công thức chưa được tính"
OTHER_FORMAT: Final = "định dạng của ô làm số hiện ra khác số ô giữ"
OTHER_TEXT: Final = "định dạng của ô làm chữ hiện ra khác chữ ô giữ"
STRUCK: Final = "ô bị gạch ngang, không rõ có tính hay không"
PARTLY_STRUCK: Final = "một phần chữ trong ô bị gạch ngang, không rõ phần nào được tính"
RAISED: Final = "trong ô có chỉ số trên hoặc dưới, không rõ số nào là số hồ sơ"
#: beginnings of the reasons for which only a person can say what a cell holds
IN_DOUBT: Final = (OTHER_FORMAT, OTHER_TEXT, STRUCK, PARTLY_STRUCK, RAISED)
NOT_SHOWN: Final = "trang không hiện số này"
SHARED: Final = "không rõ là số của cột nào"
#: for a form, where a person typed the mark
UNCLEAR_MARK: Final = "không rõ là 0 hay chưa biết; không có thì nhập 0, chưa biết thì để trống ô"

#: characters of the longest cell that prints a number with its unit and share
_LONGEST_PRINTED: Final = 60
#: per cent of all
_WHOLE: Final = 100
#: Digits without marks. Up to nine may start with 0 (`09`); ten and more start with 1-9 and are too large.
_DIGITS = re.compile(r"[0-9]{1,9}|[1-9][0-9]{9,}")
#: Groups of thousands by one mark. A number below 1.000 has none: `0.123` and `012.345` are decimals or codes.
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?:,[0-9]{3})+|(?: [0-9]{3})+)|0[.,]000")
#: One or two zeros after the decimal mark: `12.0`, `1502,00`, `1.502,00`. Three zeros are thousands.
_ZERO_DECIMALS = re.compile(r"([0-9]{1,9}|[0-9]{1,3}(?:\.[0-9]{3})+(?=,)|[0-9]{1,3}(?:,[0-9]{3})+(?=\.))[.,]0{1,2}")
#: A score: one mark is the decimal mark (`1.502` is 1,502); where both marks stand, the first groups thousands.
_DECIMAL = re.compile(r"[0-9]{1,9}|(?:0|0?[1-9]|[1-9][0-9]{1,8})[.,][0-9]{1,6}")
_GROUPED_DECIMAL = re.compile(r"([1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+(?=,)|(?:,[0-9]{3})+(?=\.)))[.,]([0-9]{1,6})")
_UNIT = r"(?:(?:bộ )?(?:hồ sơ|hs)(?: tthc)?|bộ)"
_SHARE = r"([0-9]{1,3}(?:[.,][0-9]{1,6})?) ?%"
#: A number of dossiers with its unit, its share in per cent, or both, as portals print them in one cell: `587 hồ sơ`,
#: `587 (hồ sơ)`, `277 (55,2%)`, `277 - 55,2%`, `277 HS (55,2%)`; the share on a line of its own too. `12 (3)` and
#: `12/15` have no sign that says which number is which, and `3-5%` may be a range.
_WITH_UNIT_OR_SHARE = re.compile(
    rf"([0-9][0-9., ]*?)(?P<unit>\s?(?:{_UNIT}|\( ?{_UNIT} ?\)))?"
    rf"(?P<share>\s?\( ?{_SHARE} ?\)|\s?\[ ?{_SHARE} ?\]|\s[-–—] {_SHARE}|\s?[/;]\s?{_SHARE}|\n{_SHARE})?",
    re.IGNORECASE,
)
#: Line breaks, tabs and other control characters. They part two texts; they group no thousands.
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
#: A text of digits and marks only, with the signs that say why it is no number of dossiers.
_NUMBER_LIKE = re.compile(r"(?P<minus>[-–−]?)[.,\s]*\d[\d.,\s]*(?P<percent>%?)")


class Count(NamedTuple):
    """A cell read as a number of dossiers.

    `kind`: `ok` (with `value`), `blank` (empty, or a mark in `found`), `bad` (no count), `error` (an error cell) or
    `formula` (never calculated). `found`: what the cell shows. `why`: Vietnamese, the reason of the last three.
    """

    kind: Literal["ok", "blank", "bad", "error", "formula"]
    value: int = 0
    found: str = ""
    why: str = ""


class NoNumber(NamedTuple):
    """A cell that holds no score. `why`: Vietnamese, the reason."""

    why: str


def as_count(value: object) -> Count:
    """The number of dossiers that a cell value states: whole, from 0 to `MAX_COUNT`.

    Text may group thousands by `.`, `,` or a space (`1.502`, `1 502`) and may end in zero decimals (`12.0`, `1502,00`).
    A number of Excel is never multiplied: 1.502 as a number is a fraction. Digits are 0-9 only. `12.000` is 12000; a
    table in which every number ends in three zeros is refused as a whole (`three_decimals`).
    """
    if isinstance(value, str):
        return _count_of_text(value)
    if value is None:
        return Count("blank")
    if isinstance(value, bool):
        return Count("bad", found="ĐÚNG" if value else "SAI", why=TRUTH_VALUE)
    if not isinstance(value, int | float):
        return Count("bad", found=nfc(value), why=DATE)
    if 0 <= value <= MAX_COUNT and value == int(value):
        return Count("ok", int(value))
    shown = str(value) if isinstance(value, int) else f"{value:.15g}".replace(".", ",")
    return Count("bad", found=shown, why=_why_number(value) or FRACTION)


def as_exported_count(value: object) -> Count:
    """The number of dossiers that a cell of an export states: as `as_count`, and beside it its unit or its share.

    Portals print `277 (55,2%)` or `587 hồ sơ` in one cell, on one line or two. A share alone is no number of dossiers.
    """
    count = as_count(value)
    if count.kind != "bad" or not isinstance(value, str) or len(value) > _LONGEST_PRINTED:
        return count
    lines = "\n".join(filter(None, map(nfc, _BREAKS.split(value))))
    match = _WITH_UNIT_OR_SHARE.fullmatch(lines)
    if match is None or not (match["unit"] or match["share"]):
        return count
    share = next((float(s.replace(",", ".")) for s in match.groups()[3:] if s), 0.0)
    digits = _digits(match[1]) if share <= _WHOLE else ""
    return Count("ok", int(digits)) if digits and int(digits) <= MAX_COUNT else count


def as_total(value: object) -> Count:
    """The number that a cell of a total row states: as `as_exported_count`, up to `MAX_TOTAL`."""
    count = as_exported_count(value)
    if count.why != TOO_LARGE:
        return count
    if isinstance(value, int | float):
        number = int(value) if value <= MAX_TOTAL and value == int(value) else MAX_TOTAL + 1
    else:
        digits = _digits(count.found)
        number = int(digits) if digits and len(digits) <= len(str(MAX_TOTAL)) else MAX_TOTAL + 1
    return Count("ok", number) if number <= MAX_TOTAL else count._replace(why=TOO_LARGE_TOTAL)


def as_figure(value: object) -> Count:
    """A count as a document prints it: as `as_count`, or several counts with `+` between them (`11 + 57` is 68)."""
    whole = as_count(value)
    if whole.kind != "bad" or not isinstance(value, str) or "+" not in value:
        return whole
    parts = [as_count(part) for part in value.split("+")]
    total = sum(part.value for part in parts)
    return Count("ok", total) if all(part.kind == "ok" for part in parts) and total <= MAX_COUNT else whole


def as_decimal(value: object) -> float | NoNumber | None:
    """The score that a cell value states, from 0 to `MAX_COUNT`, with up to six decimals; None for an empty cell.

    Either mark is the decimal mark: `1,95`, `1.95`. A score is at most a few tens of points, so a single mark never
    groups thousands: the text `1.502` is 1.502 points. With both marks the first one groups: `1.502,5` is 1502.5.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return NoNumber(TRUTH_VALUE)
    if isinstance(value, int | float):
        return float(value) if 0 <= value <= MAX_COUNT else NoNumber(_why_number(value) or NO_NUMBER)
    if not isinstance(value, str):
        return NoNumber(DATE)
    text = nfc(value)
    if not text:
        return None
    grouped = _GROUPED_DECIMAL.fullmatch(text)
    if grouped:
        text = f"{re.sub('[.,]', '', grouped[1])}.{grouped[2]}"
    elif not _DECIMAL.fullmatch(text):
        return NoNumber(_why_text(text, NO_NUMBER, NO_NUMBER))
    number = float(text.replace(",", "."))
    return number if number <= MAX_COUNT else NoNumber(TOO_LARGE)


def _count_of_text(value: str) -> Count:
    text = nfc(value)
    if not text or text.casefold() in BLANK_MARKS:
        return Count("blank", found=text)
    if " " in text and _BREAKS.search(value.strip()):
        return Count("bad", found=text, why=TWO_LINES)
    if text.startswith("#"):
        return Count("error", found=text, why=ERROR)
    digits = _digits(text)
    if digits and len(digits) < 10 and int(digits) <= MAX_COUNT:
        return Count("ok", int(digits))
    return Count("bad", found=text, why=TOO_LARGE if digits else _why_text(text, FRACTION_OR_CODE, NO_COUNT))


def _digits(text: str) -> str:
    """The digits of a whole number without its marks; "" where the text is none."""
    if _DIGITS.fullmatch(text):
        return text
    zero_decimals = _ZERO_DECIMALS.fullmatch(text)
    whole = zero_decimals[1] if zero_decimals else text
    return re.sub(r"[., ]", "", whole) if _DIGITS.fullmatch(whole) or _GROUPED.fullmatch(whole) else ""


def _why_number(value: float) -> str:
    """Why a number of Excel is none here; "" where only its decimals can be the reason."""
    if value != value:  # NaN
        return NO_NUMBER
    return NEGATIVE if value < 0 else TOO_LARGE if value > MAX_COUNT else ""


def _why_text(text: str, signs: str, other: str) -> str:
    """Why a text is no number. `signs`: the reason where it is made of digits and marks only; `other`: of any other."""
    like = _NUMBER_LIKE.fullmatch(text)
    if like is None:
        return other
    if like["percent"]:
        return PERCENT
    if like["minus"]:
        return NEGATIVE
    return signs if text.isascii() else OTHER_DIGITS
