"""What Excel shows for a number under a number format, and whether that is the number that the cell holds.

Excel stores 200% as 2, shows 1502000 as 1502 under a format in thousands and 12 as 120 under `0"0"`. A code is *plain*
where this module renders samples of numbers of every length and each reads as the number itself, by the rule that also
reads texts (`numbers.as_exported_count`): `#,##0`, `0.00`, accounting formats, `0" hồ sơ"`. Under any other code a cell
is rendered by its own value; what reads otherwise, or cannot be rendered, is no number of dossiers.

Format codes: ECMA-376 part 1, §18.8.30 (numFmt) and §18.8.31; the same codes are used in .xls files (MS-XLS, record
Format). The decimal and thousands marks are those of Vietnamese settings: `1.502,5`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Final, Literal

from pipeline.extract.sheet.grid import MisreadCell
from pipeline.extract.sheet.numbers import OTHER_FORMAT, OTHER_TEXT, as_count, as_decimal, as_exported_count
from pipeline.text import fold, nfc

#: ids of built-in formats that no file defines -> their codes; those that are plain or of dates are left out. Ids 27-36
#: and 50-58 show dates in some languages, and the reader library returns numbers for them
BUILT_IN_CODES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("5", "6", "7", "8"), '"$"#,##0'),
    "9": "0%",
    "10": "0.00%",
    "11": "0.00E+00",
    "12": "# ?/?",
    "13": "# ??/??",
    "48": "##0.0E+0",
    **{str(i): "[$-F800]" for i in (*range(27, 37), *range(50, 59))},
}
#: names of formats in XML Spreadsheet 2003 and in pages of Excel -> their codes. The last three show words
NAMED_CODES: Final[Mapping[str, str]] = {
    "General Number": "General",
    "Fixed": "0.00",
    "Standard": "#,##0.00",
    "Percent": "0.00%",
    "Scientific": "0.00E+00",
    "Currency": '"$"#,##0.00',
    "Euro Currency": '"€"#,##0.00',
    **dict.fromkeys(("General Date", "Long Date", "Medium Date", "Short Date"), "dd/mm/yyyy"),
    **dict.fromkeys(("Long Time", "Medium Time", "Short Time"), "hh:mm:ss"),
    **{name: f'"{name}"' for name in ("Yes/No", "True/False", "On/Off")},
}
#: numbers of every length that a cell of dossiers can have
_SAMPLES: Final = (0, 1, 10, 12, 123, 1502, 12_345, 123_456, 1_234_567, 12_345_678, 100_000_000)
_TOKEN = re.compile(
    r'(?P<quoted>"[^"]*"?)|\\(?P<escaped>.)|(?P<pad>_.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)(?:\]|\Z)|(?P<general>General)'
    r"|(?P<power>E[+-])|(?P<half>AM/PM|A/P)|(?P<digit>[0#?])|(?P<sign>[.,%;@/])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_COLOUR = re.compile(r"black|blue|cyan|green|magenta|red|white|yellow|colou?r ?\d{1,2}", re.IGNORECASE)
_CONDITION = re.compile(r"(?:[<>]=?|=|<>)\s*-?[\d.]+")
#: a currency or none, and a language of four hexadecimal digits at most: more of them choose other digits or calendars
_LOCALE = re.compile(r"\$(?P<symbol>[^-]*)(?:-[0-9A-F]{1,4})?", re.IGNORECASE)
#: elapsed time; the date or time in the form of the computer's settings
_TIME = re.compile(r"h+|m+|s+|\$-F[48]00", re.IGNORECASE)
_DATE_LETTERS, _OTHER_LETTERS = frozenset("dmyhs"), frozenset("beg")
#: characters of the longest code that is looked at, and of the text that a finding repeats
_LONGEST_CODE, _LONGEST_SHOWN = 300, 60
#: words of formats that a finding may repeat: any other text may be about a person
_WORDS: Final = frozenset(
    word
    for words in (
        "general e k m x f yes no on off true false",
        *("nghìn", "ngàn", "triệu", "tr", "tỷ", "tỉ", "đồng", "đ", "hồ", "sơ", "hs", "bộ", "không", "có"),
        "d dd mm mmm mmmm yy yyyy h hh s ss red blue black green white yellow cyan magenta color",
    )
    for word in words.split()
)


@dataclass(frozen=True)
class _Digits:
    """The number in a section: placeholders and what stands between them."""

    whole: tuple[str, ...]  # placeholders (0 # ?) and, between them, literals with a leading quotation mark
    decimals: tuple[str, ...]
    has_mark: bool
    grouped: bool
    divided: int  # by a thousand, how often
    per_cent: int


@dataclass(frozen=True)
class _Section:
    """One section of a code. `kind`: number, general (as it is stored), text, date, or unknown: not rendered."""

    kind: Literal["number", "general", "text", "date", "unknown"]
    conditional: bool = False
    before: str = ""
    after: str = ""
    digits: _Digits | None = None
    literals: str = ""
    shows_text: bool = False


def plain_code(code: str) -> bool:
    """Whether every number of dossiers shows its own value under a code, or the code is one of dates."""
    return _is_plain(code[: _LONGEST_CODE + 1])


@lru_cache(maxsize=1 << 10)
def _is_plain(code: str) -> bool:
    sections = _sections(code)
    if any(s.kind == "date" for s in sections):
        # the reader library returns a date; a digit of the format would make it another day
        numbers = any(re.search(r"\d", s.literals) or (s.digits is not None and s.digits.whole) for s in sections)
        return not numbers and all(s.kind in ("date", "text", "general") for s in sections)
    return not any(s.conditional for s in sections) and all(shows_itself(code, n) for n in _SAMPLES)


@lru_cache(maxsize=1 << 10)
def shows_texts(code: str) -> bool:
    """Whether a code shows every text as it is: `@`, or no section of texts. `;;;` shows none, `@"0"` adds to them."""
    of_texts = [s for s in _sections(code[: _LONGEST_CODE + 1]) if s.kind == "text"]
    if not of_texts:
        return True
    seen = as_exported_count(f"{of_texts[-1].before}12{of_texts[-1].after}")
    return of_texts[-1].shows_text and seen.kind == "ok" and seen.value == 12


def is_date_code(code: str) -> bool:
    """Whether a code shows a number as a date or a time."""
    return any(s.kind == "date" for s in _sections(code))


def odd_codes(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes among some that are not plain, or that show texts otherwise than they are."""
    return tuple(dict.fromkeys(code for code in codes if not plain_code(code) or not shows_texts(code)))


def reformatted_number(value: str, codes: Sequence[str]) -> MisreadCell | None:
    """The cell of a stored number as a person sees it; None where every one of the codes shows the number itself.

    `value`: the number as the file writes it. Several codes: a conditional format may put one in place of another.
    """
    try:
        number = float(value)
    except ValueError:
        return None
    for code in codes:
        if not shows_itself(code, number):
            return _misread(code, number)
    return None


def _misread(code: str, number: float) -> MisreadCell:
    shown = shown_number(code, number)
    held = as_count(number).found or str(int(number))
    repeated = _may_repeat(code)
    by = f"định dạng “{nfc(code)}”" if repeated and len(code) <= _LONGEST_SHOWN else "định dạng riêng của ô"
    text = shown if shown and repeated and len(shown) <= _LONGEST_SHOWN else held
    return MisreadCell(text, False, other_number=True, why=f"{OTHER_FORMAT}: ô giữ số {held}, {by}")


def reformatted_text(text: str, codes: Sequence[str]) -> MisreadCell | None:
    """The cell of a text under a code that shows another one, or none; None where every code shows the text itself."""
    code = next((code for code in codes if not shows_texts(code)), None)
    if code is None:
        return None
    by = f"định dạng “{nfc(code)}”" if _may_repeat(code) and len(code) <= _LONGEST_SHOWN else "định dạng riêng của ô"
    return MisreadCell(text, False, other_number=True, why=f"{OTHER_TEXT}: {by}")


def _may_repeat(code: str) -> bool:
    """Whether a finding may repeat a code: it holds known words only, and no long number."""
    if not code.isprintable() or re.search(r"\d(?:[ .\-]?\d){8,}", code):
        return False
    return _WORDS.issuperset(re.findall(r"[^\W\d_]+", fold(code)))


def shows_itself(code: str, number: float) -> bool:
    """Whether a code shows a number with its own value. A 0 may also show as blank or as a mark for nothing.

    Negative numbers are not judged: they are no number of dossiers and no score. Decimals may be rounded.
    """
    if number < 0:
        return True
    if number != number or number == float("inf"):
        return False
    return all(_reads_as(_render(section, number), number) for section in _candidates(code, number))


def _reads_as(shown: str | None, number: float) -> bool:
    """Whether a shown text is the number."""
    if shown is None:
        return False
    text = shown.strip().removesuffix(",")
    if number == int(number):
        count = as_exported_count(text)
        # beyond the largest number of dossiers the cell is refused by its value
        return (
            (count.kind == "ok" and count.value == number)
            or (count.kind == "blank" and not number)
            or (count.why.startswith("lớn hơn") and re.sub(r"\D", "", text.partition(",")[0]) == str(int(number)))
        )
    seen = as_decimal(text)
    places = len(text.partition(",")[2])
    return isinstance(seen, float) and abs(seen - number) <= 0.5 * 10**-places * (1 + 1e-9)


def shown_number(code: str, number: float) -> str | None:
    """The text that a code shows for a number from 0 up; None where this module cannot tell."""
    shown = {_render(section, number) for section in _candidates(code, number)}
    return shown.pop() if len(shown) == 1 else None


def _candidates(code: str, number: float) -> Sequence[_Section]:
    """The sections that may show a number from 0 up: one; all of numbers where a section has a condition."""
    sections = _sections(code)
    numeric = [s for s in sections if s.kind != "text"]
    if not numeric:
        return [_Section("general", before=s.before, after=s.after) for s in sections]
    if any(s.conditional for s in numeric):
        return numeric
    return [numeric[2] if len(numeric) > 2 and not number else numeric[0]]


# --- reading a code ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 10)
def _sections(code: str) -> tuple[_Section, ...]:
    if len(code) > _LONGEST_CODE:
        return (_Section("unknown"),)
    parts: list[list[re.Match[str]]] = [[]]
    for token in _TOKEN.finditer(code):
        if token["sign"] == ";":
            parts.append([])
        else:
            parts[-1].append(token)
    if len(parts) == 1 and not parts[0]:
        return (_Section("general"),)
    if len(parts) > 4:
        return (_Section("unknown"),)
    found = [_section(part) for part in parts]
    if len(found) == 4:  # the fourth section is one of texts, whatever it holds
        found[3] = replace(found[3], kind="text", shows_text=found[3].kind == "text")
    return tuple(found)


def _section(tokens: Sequence[re.Match[str]]) -> _Section:
    builder = _SectionBuilder()
    for token in tokens:
        builder.add(token)
    return builder.section()


class _SectionBuilder:
    """Reads one section token by token."""

    def __init__(self) -> None:
        self.kind: Literal["number", "general", "text", "date", "unknown"] = "number"
        self.conditional = False
        self.before = self.between = self.literals = ""
        self.whole: list[str] = []
        self.decimals: list[str] = []
        self.has_mark = self.grouped = False
        self.commas = 0  # since the last placeholder of the whole part
        self.divided = self.per_cent = 0
        self.last_is_digit = False

    def add(self, token: re.Match[str]) -> None:
        name = token.lastgroup or ""
        value = token[name]
        after_digit, self.last_is_digit = self.last_is_digit, False
        if name in ("quoted", "escaped", "fill"):
            text = value.strip('"') if name == "quoted" else value
            self._literal(text if name != "fill" or text != " " else "")
        elif name == "bracket":
            self._bracket(value)
        elif name == "general":
            self._becomes("general")
            self._end_of_text()
        elif name == "digit":
            self._digit(value)
        elif name in ("power", "half"):
            self._becomes("date" if name == "half" else "unknown")
        elif name == "sign":
            self._sign(value, after_digit)
        elif name == "other":
            letter = value.casefold()
            if letter in _DATE_LETTERS:
                self._becomes("date")
            elif letter in _OTHER_LETTERS:
                self._becomes("unknown")
            else:
                self._literal(value)

    def _becomes(self, kind: Literal["general", "text", "date", "unknown"]) -> None:
        """What shows in the section. A date stays one; what cannot be rendered stays so beside anything else."""
        rank = ("number", "general", "text", "unknown", "date")
        self.kind = max(self.kind, kind, key=rank.index)

    def _literal(self, text: str) -> None:
        self.between += text
        self.literals += text

    def _end_of_text(self) -> None:
        """The literals so far stand before the number."""
        self.before += self.between
        self.between = ""

    def _bracket(self, text: str) -> None:
        locale = _LOCALE.fullmatch(text)
        if _TIME.fullmatch(text):
            self._becomes("unknown" if text.startswith("$") else "date")
        elif _CONDITION.fullmatch(text):
            self.conditional = True
        elif locale is not None:
            self._literal(locale["symbol"])
        elif not _COLOUR.fullmatch(text):
            self._becomes("unknown")

    def _digit(self, placeholder: str) -> None:
        self.last_is_digit = True
        if self.kind == "general":
            self._becomes("unknown")
        target = self.decimals if self.has_mark else self.whole
        if not self.whole and not self.decimals:
            self._end_of_text()
        elif self.between:
            target.append(f'"{self.between}')
            self.between = ""
        if self.commas:
            if self.has_mark:
                self._becomes("unknown")
            self.grouped, self.commas = True, 0
        target.append(placeholder)

    def _sign(self, sign: str, after_digit: bool) -> None:
        if sign == "%":
            self.per_cent += 1
            self._literal("%")
        elif sign == "@":
            self._becomes("text")
            self._end_of_text()
        elif sign == ".":
            if self.has_mark or (self.between and self.whole):
                self._becomes("unknown")
            self.has_mark = self.last_is_digit = True
            self.divided, self.commas = self.divided + self.commas, 0
            if not self.whole:
                self._end_of_text()
        elif sign == ",":
            if after_digit:
                self.commas += 1
                self.last_is_digit = True
            else:
                self._becomes("unknown")
        elif self.whole or self.decimals:  # a fraction, unless the section is one of dates
            self._becomes("unknown")
        else:
            self._literal(sign)

    def section(self) -> _Section:
        has_number = bool(self.whole or self.decimals)
        digits = None
        if has_number:
            digits = _Digits(
                tuple(self.whole),
                tuple(self.decimals),
                self.has_mark,
                self.grouped,
                self.divided + self.commas,
                self.per_cent,
            )
        if self.per_cent and self.kind == "general":
            self.kind = "unknown"
        is_shown = has_number or self.kind in ("general", "text")
        before, after = (self.before, self.between) if is_shown else (self.between, "")
        return _Section(self.kind, self.conditional, before, after, digits, self.literals, self.kind == "text")


# --- rendering --------------------------------------------------------------------------------------------------------


def _render(section: _Section, number: float) -> str | None:
    if section.kind in ("unknown", "date"):
        return None
    if section.kind in ("general", "text"):
        shown = str(int(number)) if number == int(number) else f"{number:.10g}".replace(".", ",")
        return section.before + shown + section.after
    if section.digits is None:
        return section.before
    return section.before + _rendered_digits(section.digits, number) + section.after


def _rendered_digits(digits: _Digits, number: float) -> str:
    places = sum(len(d) == 1 for d in digits.decimals)
    scaled = Decimal(repr(number)).scaleb(2 * digits.per_cent - 3 * digits.divided)
    try:
        rounded = scaled.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    except InvalidOperation:  # more digits than the context has: no number of dossiers
        rounded = scaled
    whole, _, decimals = f"{rounded:f}".partition(".")
    text = _rendered_whole(digits, whole.lstrip("0"))
    return text + ("," + _rendered_decimals(digits.decimals, decimals) if digits.has_mark else "")


def _rendered_whole(digits: _Digits, whole: str) -> str:
    """The digits before the decimal mark, spread over their placeholders from the right."""
    shown: list[str] = []
    left, seen = list(whole), 0
    first = next((i for i, d in enumerate(digits.whole) if len(d) == 1), 0)
    for at in range(len(digits.whole) - 1, -1, -1):
        placeholder = digits.whole[at]
        if len(placeholder) > 1:
            shown.append(placeholder[1:])
            continue
        takes = max(1, len(left)) if at == first else 1
        for _ in range(takes):
            digit = left.pop() if left else {"0": "0", "?": " ", "#": ""}[placeholder]
            if digit:
                if digits.grouped and seen and seen % 3 == 0:
                    shown.append("." if digit != " " else " ")
                shown.append(digit)
                seen += 1
    return "".join(reversed(shown)) if digits.whole else whole


def _rendered_decimals(placeholders: Sequence[str], decimals: str) -> str:
    """The digits after the decimal mark. Zeros at the end are not shown for `#`, and are spaces for `?`."""
    shown: list[str] = []
    rest = decimals.ljust(sum(len(p) == 1 for p in placeholders), "0")
    at = 0
    last_zero = max((i for i, p in enumerate(placeholders) if p == "0"), default=-1)
    for position, placeholder in enumerate(placeholders):
        if len(placeholder) > 1:
            shown.append(placeholder[1:])
            continue
        # a # before a 0 shows its digit too: `#.##0` shows three decimals
        at_end = position > last_zero and not rest[at:].strip("0")
        shown.append({"0": rest[at], "?": " ", "#": ""}[placeholder] if at_end else rest[at])
        at += 1
    return "".join(shown)
