"""What a number format shows is what counts: a code under which a number reads otherwise is no plain one."""

import random

import pytest
import python_calamine
from offices import full_row

from pipeline.extract.containers.number_formats import (
    is_date_code,
    plain_code,
    reformatted_number,
    shown_number,
    shows_texts,
)
from pipeline.extract.sheet.numbers import as_exported_count

PLAIN = [
    "General", "", "0", "#,##0", "0.00", "#,##0.00", "0.0", "0.##", "#", "000", "??0", "@", "0;-0;;@", "0;(0)", "0;;;", "0* ",
    '_(* #,##0_);_(* (#,##0);_(* "-"??_);_(@_)', '#,##0;-#,##0;"-"', '#,##0" hồ sơ"', '0\\ "bộ"', '0" (hồ sơ)"', "[Red]0", "[Color 12]0",
    "[$-42A]#,##0", "#,##0 ;(#,##0)", 'General" HS"', "0_ ;[Red]\\-0\\ ", "dd/mm/yyyy", "[$-42A]dd/mm/yyyy;@", "[h]:mm", '"Ngày "dd/mm/yyyy',
]  # fmt: skip
#: code -> a number, and what is shown for it; None where that is not known
ODD: dict[str, tuple[int, str | None]] = {
    "#.##0": (20, "20,000"), "0 giờ h": (12, None), '0"0"': (12, "120"), '"9"0': (12, "912"), "0\\0": (12, "120"), "9": (12, "9"), '0" nghìn"': (12, "12 nghìn"), "0%": (2, "200%"),
    '0"%"': (12, "12%"), "0‰": (12, "12‰"), "-0": (5, "-5"), "\\-0": (5, "-5"), "0.,": (1502, "2,"), "#,##0,": (1502, "2"),
    '0.0,,"tr"': (1_502_000, "1,5tr"), ";;;": (12, ""), ";0": (12, ""), '"12"': (7, "12"), '0;0;"5"': (0, "5"), "0*0": (12, "120"),
    "00-00": (1502, "15-02"), "0 0": (12, "1 2"), "0.000": (12, "12,000"), '0"."000': (12, "0.012"), 'General"x"': (12, "12x"),
    '0"/"0': (12, "1/2"), '0" đ"': (12, "12 đ"), "[$₫-42A]0": (12, "₫12"), '0",5"': (12, "12,5"), '[>100]0;"x"': (12, None),
    "# ?/?": (12, None), "0.00E+00": (12, None), "[DBNum1]0": (12, None), "[$-D07041E]0": (12, None), "0;0;0;0;0": (12, None),
    "0e": (12, None), 'dd/mm/"2023"': (44_600, None), "0" * 301: (12, None), "+0": (12, "+12"), "0!": (12, "12!"), '@"1"': (12, "121"),
}  # fmt: skip


@pytest.mark.parametrize("code", PLAIN)
def test_a_plain_code(code: str) -> None:
    assert plain_code(code)


@pytest.mark.parametrize("code", ODD)
def test_a_code_that_shows_another_number(code: str) -> None:
    number, shown = ODD[code]
    misread = reformatted_number(str(number), (code,))
    assert not plain_code(code) and misread is not None and misread.other_number
    assert shown_number(code, number) == shown


def test_a_plain_code_reads_as_its_number_for_any_number() -> None:
    rng = random.Random(7)
    for code in PLAIN:
        for _ in range(50):
            number = int(10 ** rng.uniform(0, 7.9))
            shown = shown_number(code, number)
            assert is_date_code(code) or as_exported_count((shown or "").removesuffix(",")).value == number, (
                code,
                number,
            )


def test_random_codes_are_plain_only_if_they_show_the_number() -> None:
    """Literals put anywhere into plain codes: whatever is called plain still shows its digits and no other."""
    rng = random.Random(11)
    pieces = [
        '"0"',
        "\\7",
        "%",
        ",",
        '" nghìn"',
        "-",
        "*5",
        '" "',
        "_)",
        '"hồ sơ"',
        "[Red]",
        ".",
        "0",
        "?",
        ";",
        "x",
        "(",
        "E+0",
    ]
    plain = 0
    for _ in range(4_000):
        code = list("#,##0") if rng.random() < 0.5 else ["0"]
        for _ in range(rng.randint(1, 3)):
            code.insert(rng.randint(0, len(code)), rng.choice(pieces))
        text = "".join(code)
        if plain_code(text) and not is_date_code(text):
            plain += 1
            shown = shown_number(text, 90_418) or ""
            digits = "".join(c for c in shown.partition(",")[0] if c.isdigit())
            assert digits.lstrip("0") == "90418" and "%" not in shown and "nghìn" not in shown and "-" not in shown, (
                text
            )
    assert plain > 200


@pytest.mark.parametrize(("code", "shows"), [("@", True), ("0", True), ("0;-0;;@", True), ("_(@_)", True), (";;;", False), ('@"0"', False), ('0;0;0;"x"', False), ('@" hồ sơ"', True)])  # fmt: skip
def test_what_a_code_makes_of_a_text(code: str, shows: bool) -> None:
    assert shows_texts(code) is shows


def test_a_code_with_a_name_is_not_repeated() -> None:
    misread = reformatted_number("12", ('"Nguyễn Văn A "0',))
    assert misread is not None and "Nguyễn" not in misread.text + misread.why and "12" in misread.why
    misread = reformatted_number("12", ('"0912345678"0',))
    assert misread is not None and "0912345678" not in misread.text + misread.why


def test_codes_of_dates_are_dates_for_the_reader_library(export: object) -> None:
    """A code that is called one of dates, though the library returns a number under it, would let the number pass."""
    import io

    from offices import export_bytes

    codes = [
        "dd/mm/yyyy",
        "[$-42A]dd/mm/yyyy;@",
        '"Ngày "dd" tháng "mm',
        "d-m",
        "mmm",
        "[h]:mm",
        "hh:mm AM/PM",
        "yyyy",
        "[ss]",
        "m/d/yy h:mm",
        "s",
        "[$-409]d",
    ]

    for code in codes:

        def change(sheet: object, code: str = code) -> None:
            sheet["H8"].number_format = code  # type: ignore[index]

        data = export_bytes([full_row(1, "Phòng A", 10, 25, 5, 20, 8, 3)], change=change)
        book = python_calamine.load_workbook(io.BytesIO(data))
        values = [v for row in book.get_sheet_by_index(0).to_python() for v in row]
        assert is_date_code(code) and any(not isinstance(v, str | float | int) for v in values), code
