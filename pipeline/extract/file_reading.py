"""What one file of a period gave."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.extract.read_sheet import SheetReading
from pipeline.findings import Finding
from pipeline.result import SourceFile


@dataclass(frozen=True)
class FileReading:
    """What one file was taken for, its sheets, and what is wrong with the file as a whole."""

    source: SourceFile
    sheets: tuple[SheetReading, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """The findings of its sheets, but for those of their tables, then its own."""
        return (*(finding for sheet in self.sheets for finding in sheet.findings), *self.findings)
