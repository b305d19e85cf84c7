"""A quarter that is run again with the same inputs, perhaps by another program: is there anything new to publish?

The text of the files decides (`pipeline/publish/text_differences.py`), not the source of the program and not the
release of a library. If a report of the quarter was signed, other text is published only with a reason; `refusal` is
the message without one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from flows.steps.folder_findings import left_alone, with_later_quarters_of
from pipeline import quarter
from pipeline.load.content.changes import result_lines
from pipeline.periods import Period
from pipeline.publish.csv_tables import csv_bytes, read_table
from pipeline.publish.fingerprint import same_inputs
from pipeline.publish.revision_diff import Changes
from pipeline.publish.revisions import Standing
from pipeline.publish.signing import report_name
from pipeline.publish.text_differences import Difference, differences, in_words
from pipeline.result import Scored, Stamp
from pipeline.text import vn_int
from schemas.frames import Findings
from schemas.manifest import Manifest, Signing

FINDINGS = "findings.csv"
#: figures, and other places, that a refusal lists
MOST_FIGURES, MOST_PLACES = 10, 5


@dataclass(frozen=True)
class Again:
    """The current revision of a quarter, and what today's program scored from the same inputs."""

    manifest: Manifest
    folder: Path  # of the revision; its files are as they were published
    scored: Scored  # with the warning about later quarters as the revision has it

    @classmethod
    def of(cls, stands: Standing, draft: Manifest, signing: Signing | None, scored: Scored) -> Again | None:
        """None where a new revision is due whatever it contains: there is no revision yet, its files were altered,
        other inputs went in, or it does not replace the report that was signed. The signed revision itself replaces
        what it replaced when it was published. Raises OSError where its files cannot be read.
        """
        before, path = stands.manifest, stands.path
        if before is None or path is None or stands.altered or not same_inputs(before, draft):
            return None
        is_signed = signing is not None and signing.revision == before.revision
        if not is_signed and before.replaces != draft.replaces:
            return None
        published = (path / FINDINGS).read_bytes() if FINDINGS in before.files else b""
        then, now = _findings(published), _findings(csv_bytes(scored.findings))
        inputs = [file.path for file in before.inputs]
        if left_alone(then, inputs) != left_alone(now, inputs):
            return None
        return cls(before, path, with_later_quarters_of(scored, then))

    def unchanged(self, draft: Manifest) -> bool:
        """Whether there is nothing new to publish. The same program makes the same files from the same inputs: then
        nothing is rendered.
        """
        before = self.manifest
        by_the_same = before.built_with is not None and before.built_with == draft.built_with
        return by_the_same or next(self.differences(), None) is None

    def differences(self) -> Iterator[Difference]:
        """Where the published files differ from those that are rendered today under the same stamp.

        Lazy, tables first: if only the first difference is taken and it is in a table, no report and no workbook is
        rendered. Raises OSError where the published files cannot be read.
        """
        published = {name: (self.folder / name).read_bytes() for name in self.manifest.files}
        tables = quarter.csv_tables(self.scored)
        yield from differences(_part(published, tables=True), tables)
        rendered = quarter.render(self.scored, Stamp.of(self.manifest), tables)
        yield from differences(_part(published, tables=False), _part(rendered, tables=False))


def refusal(again: Again, draft: Manifest, signing: Signing, found: Changes | None) -> str:
    """Why nothing is published of a signed quarter, what the new program would change, and what to do. Vietnamese.

    `found`: the draft against the standing revision, None where their tables cannot be compared. Figures are listed;
    where no figure changes, the places of report, workbook and tables that do.
    """
    lines, most = result_lines(found) if found is not None else [], MOST_FIGURES
    if not lines:
        # an analyst looks into the report first; tables repeat what it contains
        ordered = sorted(again.differences(), key=lambda d: d.file.endswith(".csv"))
        lines, most = [in_words(d) for d in ordered], MOST_PLACES
    grounds = [f"{c.item}: {c.before or '–'} → {c.after or '–'}" for c in found.grounds] if found is not None else []
    revision, period, report = again.manifest.revision, Period.parse(draft.period), report_name(signing)
    more = len(lines) - most
    return "\n".join(
        [
            f"Chương trình đã được nâng cấp từ khi công bố bản {revision} của {period.name}"
            + (f" ({'; '.join(grounds)})" if grounds else "")
            + f". Kỳ này đã ký {report}. Tệp số liệu, các biểu và danh mục đơn vị không thay đổi, nhưng chương trình "
            "hiện nay cho kết quả khác ở:",
            *(f"- {line};" for line in lines[:most]),
            *([f"- và {vn_int(more)} chỗ khác nữa."] if more > 0 else []),
            f"Không có gì được công bố; bản {revision} còn nguyên. Việc cần làm: muốn giữ báo cáo đã ký thì không phải "
            f"làm gì; muốn công bố bản mới thay thế {report} thì chạy lại và ghi lý do: "
            f"tthc score {period} --reason “…” (trên trang Prefect: cham-diem-lai, ô Lý do).",
        ]
    )


def _part(files: Mapping[str, bytes], *, tables: bool) -> dict[str, bytes]:
    """The CSV tables among the files of a revision, or all the others."""
    return {name: data for name, data in files.items() if name.endswith(".csv") == tables}


def _findings(data: bytes) -> pd.DataFrame:
    """A published findings.csv with today's columns, without rows where the bytes are no table."""
    columns = list(Findings.to_schema().columns)
    try:
        return read_table(data).reindex(columns=columns, fill_value="")
    except ValueError:
        return pd.DataFrame(columns=columns, dtype="str")
