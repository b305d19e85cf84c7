"""How the sheets of `cach-doc.xlsx` are recognised, and the hidden sheet that holds their facts for the program."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Final

from pipeline.layouts.decisions import Kind
from pipeline.layouts.question_sheets import KIND_NAMES, QuestionSheet, sheet_facts, sheet_of_facts
from pipeline.text import nfc

#: begins cell A1 of every sheet of the workbook
_MARK: Final = "CÁCH ĐỌC TỆP CỦA CỔNG"
LISTS_TITLE: Final = f"{_MARK} · DANH MỤC"
FACTS_TITLE: Final = f"{_MARK} · DỮ LIỆU"
_MARKED: Final = re.compile(rf"{_MARK} ·(.*)", re.IGNORECASE)
#: in the last rows of a sheet; workbooks of before have it in their title
_SIGNATURE: Final = re.compile(r"(?:^Mã mẫu:|· mã) ([0-9a-f]{12})$", re.IGNORECASE)
#: letters of a cell with facts: Excel holds 32,767
_PIECE: Final = 30_000

#: texts by which the cells of a sheet are found
NUMBER_HEAD: Final = "Câu"
ANSWER_HEAD: Final = "Được hiểu là"
NAME_LABEL: Final = "Người trả lời"


def sheet_title(kind: Kind) -> str:
    """Cell A1 of the sheet of a layout: `CÁCH ĐỌC TỆP CỦA CỔNG · BẢNG SỐ LIỆU`."""
    return f"{_MARK} · {KIND_NAMES[kind].upper()}"


def signature_mark(signature: str) -> str:
    """The text below a sheet by which the program knows its layout: `Mã mẫu: 0123456789ab`."""
    return f"Mã mẫu: {signature}"


def is_marked(text: str) -> bool:
    """Whether this is cell A1 of a sheet of the workbook."""
    return _MARKED.match(nfc(text)) is not None


def signature_in(text: str) -> str:
    """The signature in a text of a sheet; "" without one."""
    found = _SIGNATURE.search(nfc(text))
    return found[1].lower() if found else ""


def fact_cells(sheet: QuestionSheet) -> list[str]:
    """The cells of a row of facts: signature, hash, and the facts in pieces. Plain ASCII without spaces."""
    text = json.dumps(sheet_facts(sheet), separators=(",", ":")).replace(" ", "\\u0020")
    pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
    return [sheet.layout.signature, _digest(text), *pieces]


def sheet_of_cells(cells: list[str]) -> QuestionSheet | None:
    """The sheet of a row of facts, without texts; None if the row was altered."""
    signature, digest, text = *cells[:2], "".join(cells[2:])
    if _digest(text) != digest:
        return None
    try:
        sheet = sheet_of_facts(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return sheet if sheet.layout.signature == signature else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
