"""Another program than the one that published: what an upgrade may change, put into the program that runs."""

import io
import json
import shutil
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from flows.steps import manifest_draft
from pipeline.load.workbook import signed_workbook
from pipeline.publish.fingerprint import sha256
from pipeline.publish.ledger import LEDGER
from pipeline.publish.revisions import CURRENT, MANIFEST

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

    monkeypatch.setattr(signed_workbook, "deterministic_xlsx", write)


def without_ledger(out: Path) -> None:
    """Make a data/out one of the programs before the ledger: manifests name no hash of the one before, no entries."""
    for path in out.glob(f"**/r*/{MANIFEST}"):
        facts = json.loads(path.read_text("utf-8"))
        facts.pop("previous_sha256", None)
        path.write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", "utf-8")
    for path in out.glob(f"**/{CURRENT}"):
        named = json.loads(path.read_text("utf-8"))
        named["manifest_sha256"] = sha256((path.parent / named["revision"] / MANIFEST).read_bytes())
        path.write_text(json.dumps(named), "utf-8")
    shutil.rmtree(out / LEDGER, ignore_errors=True)
