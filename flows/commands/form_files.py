"""A form's file in the period's folder: made, or brought up to date while nobody has entered anything in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flows.steps.file_names import opened_by
from pipeline.extract.containers.excel import read_workbook
from pipeline.load.forms.form_sheet import HEADER_ROW
from pipeline.publish.atomic_files import replace_file
from schemas.forms import Form, FormSheet

#: sheets whose prefilled cells are today's state of the period's other files: which kinds of column, and the column
#: without which a row is not the program's ("": every row is)
_FILLED_IN = {"appraisals": (("score",), ""), "explanations": (("unit", "choice", "count"), "late")}


def put(path: Path, form: Form, data: bytes, what: str, *, blank: bool) -> str:
    """Make the form; one that stands, and is `blank` as far as it was read, gets `what` as it is today."""
    return refresh(path, form, data, what) if blank and path.exists() else create(path, data)


def create(path: Path, data: bytes) -> str:
    """Never over what an analyst filled in."""
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        return f"Đã có {path}: giữ nguyên"
    return f"Đã tạo {path}"


def refresh(path: Path, form: Form, data: bytes, what: str) -> str:
    """The form that stands gets `what` as it is today if that is all that differs: not a word of anybody's is lost."""
    old = path.read_bytes()
    if old == data or dict(_words(form, old)) != dict(_words(form, data)):
        return f"Đã có {path}: giữ nguyên"
    if opened_by(path.parent, path.name):
        return f"Chưa cập nhật {what} trong {path}: đang mở trong Excel, đóng lại rồi chạy lại"
    replace_file(path, data)
    return f"Đã cập nhật {what} trong {path} (chưa có ô nào được nhập)"


def _words(form: Form, data: bytes) -> Iterator[tuple[tuple[str, int, int], str]]:
    """Every filled cell but those that the program fills in anew."""
    sheets = {s.name: s for s in form.sheets}
    for grid in read_workbook(form.file, data):
        sheet = sheets.get(grid.sheet)
        for row in range(grid.top, grid.height):
            texts = grid.row_texts(row)
            own = _own_columns(sheet, {c for c, _ in texts}) if sheet and row >= HEADER_ROW else set()
            for column, text in texts:
                if column not in own:
                    yield (grid.sheet, row, column), text


def _own_columns(sheet: FormSheet, filled: set[int]) -> set[int]:
    """The columns of a row that the program filled in. `filled`: those that hold something."""
    kinds, mark = _FILLED_IN.get(sheet.target, ((), ""))
    columns = {n: c.key for n, c in enumerate(sheet.columns) if c.prefilled and c.kind in kinds}
    return set(columns) if not mark or any(columns.get(n) == mark for n in filled) else set()
