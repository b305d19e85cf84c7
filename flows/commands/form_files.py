"""Writes a form into the period's folder. An existing form is updated only while nothing is entered in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from flows.steps.file_names import lock_file_of
from pipeline.extract.containers.excel import read_workbook
from pipeline.load.forms.form_sheet import HEADER_ROW
from pipeline.publish.atomic_files import create_file, is_left_empty, regular_bytes, replace_file
from schemas.forms import Form, FormSheet

#: an existing form among the period's files: nothing entered, only answers of an earlier quarter, unreadable, other
FormState = Literal["blank", "filled_in", "damaged", "other"]
#: sheet -> (kinds of columns that the program prefills from the period's other files, key of the column that marks a
#: prefilled row; "" if all rows are prefilled)
_PREFILLED = {"appraisals": (("score",), ""), "explanations": (("unit", "choice", "count"), "late")}


def create_or_update(path: Path, form: Form, data: bytes, what: str, state: FormState) -> str:
    """Create the form, or update it if nothing is entered in it. Returns a Vietnamese line.

    `what`: Vietnamese, the prefilled values. Raises OSError.
    """
    if state == "blank" and not is_left_empty(path):
        return update_form(path, form, data, what)
    return create_form(path, data, state)


def create_form(path: Path, data: bytes, state: FormState) -> str:
    """Create the file; an existing one is kept, unless it has no content. Returns a Vietnamese line. Raises OSError."""
    was_empty = is_left_empty(path)
    try:
        create_file(path, data)
    except FileExistsError:
        return kept_form(path, state)
    if was_empty:
        return f"Đã tạo lại {path.name}: tệp có sẵn rỗng (0 byte), lần ghi trước đã bị dừng giữa chừng"
    return f"Đã tạo {path.name}"


def kept_form(path: Path, state: FormState) -> str:
    """Vietnamese: an existing form is kept; one that cannot be read is kept too, with what to do."""
    if state != "damaged":
        return f"Đã có {path.name}: giữ nguyên"
    return (
        f"Đã có {path.name} nhưng không đọc được (tệp hỏng hoặc ghi dở): giữ nguyên. "
        "Mở bằng Excel rồi lưu lại; không mở được thì đổi tên hoặc xoá tệp này, rồi tạo biểu lại."
    )


def update_form(path: Path, form: Form, data: bytes, what: str) -> str:
    """Replace the existing form if only prefilled values (`what`, Vietnamese) differ. Nothing that was entered is lost.

    A form that is open in an office program is kept. Returns a Vietnamese line. Raises OSError.
    """
    old = regular_bytes(path)
    if old == data or _entered(form, old) != _entered(form, data):
        return f"Đã có {path.name}: giữ nguyên"
    if lock_file_of(path.parent, path.name):
        return f"Chưa cập nhật {what} trong {path.name}: đang mở trong Excel, đóng lại rồi chạy lại"
    replace_file(path, data)
    return f"Đã cập nhật {what} trong {path.name} (chưa có ô nào được nhập)"


def _entered(form: Form, data: bytes) -> dict[tuple[str, int, int], str]:
    """(sheet, row, column) -> text of every filled cell, without the cells that the program prefills."""
    return dict(_entered_cells(form, data))


def _entered_cells(form: Form, data: bytes) -> Iterator[tuple[tuple[str, int, int], str]]:
    sheets = {s.name: s for s in form.sheets}
    for grid in read_workbook(form.file, data):
        sheet = sheets.get(grid.sheet)
        for row in range(grid.top, grid.height):
            texts = grid.row_texts(row)
            prefilled = _prefilled_columns(sheet, {c for c, _ in texts}) if sheet and row >= HEADER_ROW else set()
            for column, text in texts:
                if column not in prefilled:
                    yield (grid.sheet, row, column), text


def _prefilled_columns(sheet: FormSheet, filled: set[int]) -> set[int]:
    """Positions of the columns that the program prefills in a row. `filled`: positions of its filled columns."""
    kinds, mark = _PREFILLED.get(sheet.target, ((), ""))
    columns = {n: c.key for n, c in enumerate(sheet.columns) if c.prefilled and c.kind in kinds}
    return set(columns) if not mark or any(columns.get(n) == mark for n in filled) else set()
