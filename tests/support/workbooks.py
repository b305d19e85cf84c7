"""Workbooks and archives as bytes, as the files of a period arrive."""

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook


def saved(book: Workbook) -> bytes:
    """The workbook as the bytes of an .xlsx file."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def of_rows(rows: Iterable[Sequence[Any]], sheet: str = "Sheet") -> bytes:
    """An .xlsx of one sheet that holds these rows from A1 on."""
    book = Workbook()
    (only,) = book.worksheets
    only.title = sheet
    for row in rows:
        only.append(row)
    return saved(book)


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    """A zip archive of these members, by their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_parts(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The workbook with every part of its archive replaced by what `change(name, content)` gives."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return zipped({name: change(name, archive.read(name)) for name in archive.namelist()})
