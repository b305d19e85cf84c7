"""Another program than the one that published: what an upgrade may change, put into the program that runs."""

import io

import openpyxl
import pytest
from openpyxl.styles import Font

from flows.steps import manifest_draft
from pipeline.load.workbook import workbook

#: a sentence of the report, and another wording of it
SENTENCE = ("Số hồ sơ đã giải quyết là", "Số hồ sơ giải quyết xong là")


def other_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """A docstring was edited, a module has another name."""
    monkeypatch.setattr(manifest_draft, "code_hash", lambda: "0" * 64)


def other_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new release of openpyxl."""
    version = manifest_draft.version
    monkeypatch.setattr(manifest_draft, "version", lambda name: "99.0" if name == "openpyxl" else version(name))


def other_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release of openpyxl that writes the workbook in another way, and in another font."""
    other_versions(monkeypatch)

    def write(book: openpyxl.Workbook) -> bytes:
        for sheet in book.worksheets:
            sheet["A1"].font = Font(name="Arial", size=20)
            sheet.column_dimensions["A"].width = 99
        saved = io.BytesIO()
        book.save(saved)
        return saved.getvalue()

    monkeypatch.setattr(workbook, "deterministic_xlsx", write)
