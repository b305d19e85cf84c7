"""The lists behind the drop-downs of the forms, and the sheet “Danh mục” that shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.catalogue import BOX_NAME, choice_names, form_catalogue
from pipeline.load.excel.form_styles import style_list_entry, style_list_heading
from pipeline.load.excel.xlsx_bytes import write_text
from pipeline.registry import UnitIndex
from pipeline.text import vn_decimal
from schemas.forms import Form, FormColumn
from schemas.rulebook import Rulebook

Rulebooks = Mapping[str, Rulebook]
#: (sheet code, column key) -> range of the column's list, as data validation takes it
ChoiceRanges = Mapping[tuple[str, str], str]
#: first row of the lists, under the title, a blank row and the headings
FIRST_ROW = 4


def column_choices(column: FormColumn, index: UnitIndex, rulebooks: Rulebooks) -> tuple[str, list[str]]:
    """(name of the list, its entries) of a column's drop-down; no entries where any text or number is allowed."""
    if column.kind == "unit":
        names = [index.names[u] for u in index.current["unit_id"]]
        whole = form_catalogue().whole_area[:1] if "cấp" in column.header else []
        return ("Đơn vị, địa bàn", names + whole) if whole else ("Đơn vị", names)
    if column.kind == "rulebook":
        return "Bộ tiêu chí", list(rulebooks)
    if column.prefilled:
        return "", []
    if column.kind == "criterion":
        return "Tiêu chí", list(dict.fromkeys(c.label for r in rulebooks.values() for c in r.criteria))
    if column.kind == "option":
        return "Mức điểm", list(_option_meanings(rulebooks))
    names = list(choice_names(column).values())
    if column.choices == "measures":
        count = max((len(r.criteria) for r in rulebooks.values()), default=0)
        names += [f"{BOX_NAME} {n}" for n in range(1, count + 1)]
    return ("Chỉ tiêu" if column.kind == "measure" else column.header), names


def write_lists(sheet: Worksheet, form: Form, index: UnitIndex, rulebooks: Rulebooks) -> dict[tuple[str, str], str]:
    """Fill the sheet “Danh mục” of a form: the lists of its columns, and the options of the criteria of all rulebooks.

    Returns (sheet code, column key) -> range of the list.
    """
    ranges: dict[tuple[str, str], str] = {}
    written: dict[str, str] = {}
    for definition in form.sheets:
        for column in definition.columns:
            name, entries = column_choices(column, index, rulebooks)
            if not entries:
                continue
            if name not in written:
                written[name] = _write_list(sheet, len(written) + 1, name, entries)
            ranges[definition.code, column.key] = written[name]
    kinds = {c.kind for s in form.sheets for c in s.columns}
    if kinds & {"option", "appraisal"}:
        start = len(written) + 2
        if "option" in kinds:  # the list itself has ids only: their meanings are in a table beside it
            _write_list(sheet, start, "Nghĩa của mã mức điểm", list(_option_meanings(rulebooks).values()))
            start += 2
        _write_options(sheet, start, rulebooks)
    return ranges


def _option_meanings(rulebooks: Rulebooks) -> dict[str, str]:
    """Id of an option -> `2-huyen: 2 điểm, chỉ cấp huyện`; all its meanings, where rulebooks differ."""
    meanings: dict[str, dict[str, None]] = {}
    for rulebook in rulebooks.values():
        names = {level.id: level.name for level in rulebook.levels}
        for option in (o for c in rulebook.criteria for o in c.lines()):
            points = vn_decimal(float(option.points), 2, trim=True)
            only = f", chỉ {', '.join(names[x] for x in option.level_ids())}" if option.level_ids() else ""
            meanings.setdefault(option.id, {})[f"{points} điểm{only}"] = None
    return {option_id: f"{option_id}: {' hoặc '.join(texts)}" for option_id, texts in meanings.items()}


def write_rulebook_list(ranges: ChoiceRanges, sheet: Worksheet, rulebooks: Rulebooks) -> str:
    """Write the list of the rulebooks' ids after the lists of `ranges`. Returns its range."""
    return _write_list(sheet, len(set(ranges.values())) + 1, "Bộ tiêu chí", list(rulebooks))


def write_choice_list(ranges: ChoiceRanges, sheet: Worksheet, column: FormColumn) -> str:
    """Write the list of a choice that is no column of the form, after the lists of `ranges`. Returns its range."""
    return _write_list(sheet, len(set(ranges.values())) + 1, column.header, list(choice_names(column).values()))


def _write_list(sheet: Worksheet, column: int, name: str, entries: Sequence[str]) -> str:
    """Write a list into a column. Returns its range."""
    letter = get_column_letter(column)
    _put_heading(sheet, column, name)
    for row, entry in enumerate(entries, FIRST_ROW):
        _put_entry(sheet, row, column, entry)
    sheet.column_dimensions[letter].width = min(60, max(14, *(len(e) + 2 for e in entries)))
    return f"'{sheet.title}'!${letter}${FIRST_ROW}:${letter}${FIRST_ROW + len(entries) - 1}"


def _write_options(sheet: Worksheet, column: int, rulebooks: Rulebooks) -> None:
    """The table of all options, from a column on: rulebook, criterion, id, points and text."""
    headings = ("Bộ tiêu chí", "Tiêu chí", "Mức điểm (mã)", "Điểm", "Nội dung của mức")
    for offset, (heading, width) in enumerate(zip(headings, (16, 40, 14, 8, 90), strict=True)):
        _put_heading(sheet, column + offset, heading)
        sheet.column_dimensions[get_column_letter(column + offset)].width = width
    row = FIRST_ROW
    for rulebook in rulebooks.values():
        for criterion in rulebook.criteria:
            for option in criterion.lines():
                label = f"{criterion.number}. {criterion.label}"
                texts = (rulebook.id, label, option.id, str(option.points), option.text)
                for offset, text in enumerate(texts):
                    _put_entry(sheet, row, column + offset, text)
                row += 1


def _put_heading(sheet: Worksheet, column: int, text: str) -> None:
    cell = sheet.cell(FIRST_ROW - 1, column)
    write_text(cell, text)
    style_list_heading(cell)


def _put_entry(sheet: Worksheet, row: int, column: int, text: str) -> None:
    cell = sheet.cell(row, column)
    write_text(cell, text)
    style_list_entry(cell)
