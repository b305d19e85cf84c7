"""The lists of words behind the drop-downs of the forms, and the sheet “Danh mục” that shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.catalogue import BOX_NAME, choice_names, form_catalogue
from pipeline.load.excel.xlsx_bytes import write_text
from pipeline.registry import UnitIndex
from pipeline.text import vn_decimal
from schemas.forms import Form, FormColumn
from schemas.rulebook import Rulebook

Rulebooks = Mapping[str, Rulebook]
#: First row of the lists: title, a blank row, headings.
FIRST_ROW = 4


def words(column: FormColumn, index: UnitIndex, rulebooks: Rulebooks) -> tuple[str, list[str]]:
    """(name of the list, its words) of a column's drop-down; no words where any text or number goes."""
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
    """Fill the sheet “Danh mục” of a form: its drop-downs' words, and the options of every rulebook's criteria.

    Returns (sheet code, column key) -> range of the words, as data validation takes it.
    """
    ranges: dict[tuple[str, str], str] = {}
    written: dict[str, str] = {}
    for definition in form.sheets:
        for column in definition.columns:
            name, entries = words(column, index, rulebooks)
            if not entries:
                continue
            if name not in written:
                written[name] = _write_list(sheet, len(written) + 1, name, entries)
            ranges[definition.code, column.key] = written[name]
    kinds = {c.kind for s in form.sheets for c in s.columns}
    if kinds & {"option", "appraisal"}:
        start = len(written) + 2
        if "option" in kinds:  # the list itself holds bare codes: the words stand beside it, in their own table
            _write_list(sheet, start, "Nghĩa của mã mức điểm", list(_option_meanings(rulebooks).values()))
            start += 2
        _write_options(sheet, start, rulebooks)
    return ranges


def _option_meanings(rulebooks: Rulebooks) -> dict[str, str]:
    """Code of an option -> `2-huyen: 2 điểm, chỉ cấp huyện`; every meaning, where there are several."""
    meanings: dict[str, dict[str, None]] = {}
    for rulebook in rulebooks.values():
        names = {level.id: level.name for level in rulebook.levels}
        for option in (o for c in rulebook.criteria for o in c.lines()):
            points = vn_decimal(float(option.points), 2, trim=True)
            only = f", chỉ {', '.join(names[x] for x in option.level_ids())}" if option.level_ids() else ""
            meanings.setdefault(option.id, {})[f"{points} điểm{only}"] = None
    return {code: f"{code}: {' hoặc '.join(said)}" for code, said in meanings.items()}


def rulebook_range(ranges: Mapping[tuple[str, str], str], sheet: Worksheet, rulebooks: Rulebooks) -> str:
    """The range of the rulebooks' ids, written behind the other lists when no column has it."""
    return _write_list(sheet, len(set(ranges.values())) + 1, "Bộ tiêu chí", list(rulebooks))


def choice_range(ranges: Mapping[tuple[str, str], str], sheet: Worksheet, column: FormColumn) -> str:
    """The range of a choice's words, written behind the other lists: for a choice that is no column of the form."""
    return _write_list(sheet, len(set(ranges.values())) + 1, column.header, list(choice_names(column).values()))


def _write_list(sheet: Worksheet, column: int, name: str, entries: Sequence[str]) -> str:
    letter = get_column_letter(column)
    _head(sheet.cell(FIRST_ROW - 1, column), name)
    for row, entry in enumerate(entries, FIRST_ROW):
        cell = sheet.cell(row, column)
        write_text(cell, entry)
        _plain(cell)
    sheet.column_dimensions[letter].width = min(60, max(14, *(len(e) + 2 for e in entries)))
    return f"'{sheet.title}'!${letter}${FIRST_ROW}:${letter}${FIRST_ROW + len(entries) - 1}"


def _write_options(sheet: Worksheet, column: int, rulebooks: Rulebooks) -> None:
    headings = ("Bộ tiêu chí", "Tiêu chí", "Mức điểm (mã)", "Điểm", "Nội dung của mức")
    for offset, (heading, width) in enumerate(zip(headings, (16, 40, 14, 8, 90), strict=True)):
        _head(sheet.cell(FIRST_ROW - 1, column + offset), heading)
        sheet.column_dimensions[get_column_letter(column + offset)].width = width
    row = FIRST_ROW
    for rulebook in rulebooks.values():
        for criterion in rulebook.criteria:
            for option in criterion.lines():
                label = f"{criterion.number}. {criterion.label}"
                texts = (rulebook.id, label, option.id, str(option.points), option.text)
                for offset, text in enumerate(texts):
                    cell = sheet.cell(row, column + offset)
                    write_text(cell, text)
                    _plain(cell)
                row += 1


def _head(cell: Cell | MergedCell, text: str) -> None:
    write_text(cell, text)
    cell.font = Font(name="Times New Roman", bold=True)


def _plain(cell: Cell | MergedCell) -> None:
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.font = Font(name="Times New Roman", size=11)
