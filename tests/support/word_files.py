"""Word files in tests: their paragraphs and tables, and edits as a person makes them in Word."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from docx import Document


def opened(data: bytes) -> Any:
    return Document(io.BytesIO(data))


def edited(data: bytes, change: Callable[[Any], None]) -> bytes:
    """The file after `change` of its document."""
    document, saved = opened(data), io.BytesIO()
    change(document)
    document.save(saved)
    return saved.getvalue()


def replaced(before: str, after: str) -> Callable[[Any], None]:
    """A change: a text of the body's paragraphs and tables typed anew; it must be there."""

    def change(document: Any) -> None:
        found = [t for t in document.element.body.iter("{*}t") if before in (t.text or "")]
        assert found, before
        for text in found:
            text.text = text.text.replace(before, after)

    return change


def all_text(data: bytes) -> str:
    """The paragraphs of the body, cells included, a line each."""
    return "\n".join(map(_text, opened(data).element.body.iter("{*}p")))


def _text(paragraph: Any) -> str:
    return "".join((part.text or "") if part.tag.endswith("}t") else "\n" for part in paragraph.iter("{*}t", "{*}br"))


def rows(table: Any) -> list[list[str]]:
    """The texts of a table's cells, each cell of the file once."""
    return [
        ["\n".join(map(_text, cell.iter("{*}p"))) for cell in row.iter("{*}tc")] for row in table._tbl.iter("{*}tr")
    ]
