"""A rerun: a quarter is run again with the same inputs, perhaps by a newer program. Is there anything new to publish?

The text of the rendered files decides (`pipeline/publish/text_differences.py`), not the program's source and not the
release of a library. If a report of the quarter was signed, other text is published only with a reason. Without one the
run is refused with the message of `refusal_text`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from flows.steps.folder_findings import unread_files, with_later_warning_of
from pipeline import quarter
from pipeline.load.content.changes import result_lines
from pipeline.load.word.papers import REPORT, word_report
from pipeline.periods import Period
from pipeline.publish.atomic_files import regular_bytes
from pipeline.publish.csv_tables import csv_bytes, read_csv_table
from pipeline.publish.fingerprint import same_inputs
from pipeline.publish.revision_diff import Changes
from pipeline.publish.revisions import CurrentRevision, published_file
from pipeline.publish.signing import report_name
from pipeline.publish.text_differences import Difference, difference_text, differences
from pipeline.result import Scored, Stamp
from pipeline.text import vn_int
from schemas.frames import Findings
from schemas.manifest import Manifest, Signing

FINDINGS = "findings.csv"
#: how many changed figures, or other changed places, a refusal lists
MOST_FIGURES, MOST_PLACES = 10, 5


@dataclass(frozen=True)
class Rerun:
    """The current revision of a quarter, and the scores that this program computed from the same inputs."""

    manifest: Manifest
    folder: Path  # of the revision; its files have their published hashes
    scored: Scored  # the warning about later quarters is that of the revision
    word_template: bytes | None = None  # the office's own template of the Word report

    @classmethod
    def of(
        cls,
        current: CurrentRevision,
        draft: Manifest,
        signing: Signing | None,
        scored: Scored,
        word_template: bytes | None = None,
    ) -> Rerun | None:
        """None if a new revision is needed whatever it contains.

        That is so if there is no revision yet, its files were altered, the inputs differ, or it does not name the
        signed report as replaced (the signed revision itself does not need to). Raises OSError if its files cannot be
        read.
        """
        before, path = current.manifest, current.path
        if before is None or path is None or current.altered or not same_inputs(before, draft):
            return None
        is_signed = signing is not None and signing.revision == before.revision
        if not is_signed and before.replaces != draft.replaces:
            return None
        published = published_file(path, before, FINDINGS) or b""
        then, now = _findings(published), _findings(csv_bytes(scored.findings))
        inputs = [file.path for file in before.inputs]
        if unread_files(then, inputs) != unread_files(now, inputs):
            return None
        return cls(before, path, with_later_warning_of(scored, then), word_template)

    def unchanged(self, draft: Manifest, *, keep: bool) -> bool:
        """Whether there is nothing new to publish. `keep`: the report was signed, and nobody asked for another.

        A file that the revision lacks, of a kind that its program did not write, is no reason to replace a kept one.

        The same program makes the same files from the same inputs, so nothing is rendered if code and libraries are
        those of the revision. Otherwise the files are rendered and compared. Raises OSError if they cannot be read.
        """
        before = self.manifest
        same_program = before.built_with is not None and before.built_with == draft.built_with
        if same_program:
            return True
        found = (d for d in self.differences() if not keep or d.file in before.files)
        return next(found, None) is None

    def differences(self) -> Iterator[Difference]:
        """Where the published files differ from the files that this program renders with the same stamp.

        Lazy, tables first: a caller that takes only the first difference, and finds it in a table, causes no rendering
        of report and workbook. Raises OSError if the published files cannot be read.
        """
        published = {name: regular_bytes(self.folder / name) for name in self.manifest.files}
        tables = quarter.csv_tables(self.scored)
        yield from differences(_part(published, tables=True), tables)
        stamp = Stamp.of(self.manifest)
        word = word_report(self.scored, stamp, self.word_template)
        rendered = quarter.render(self.scored, stamp, tables, None, word)
        yield from differences(_part(published, tables=False), _part(rendered, tables=False))


def refusal_text(rerun: Rerun, draft: Manifest, signing: Signing, found: Changes | None) -> str:
    """Vietnamese: why a signed quarter is not published again, what the program would change, and what to do.

    `found`: the changes against the current revision; None if the tables cannot be compared. Changed figures are
    listed, or changed places of report, workbook and tables if no figure changes.
    """
    lines, most = result_lines(found) if found is not None else [], MOST_FIGURES
    if not lines:
        # the report comes first: the tables repeat its content
        ordered = sorted(rerun.differences(), key=lambda d: d.file.endswith(".csv"))
        lines, most = [difference_text(d) for d in ordered], MOST_PLACES
    grounds = [f"{c.item}: {c.before or '–'} → {c.after or '–'}" for c in found.grounds] if found is not None else []
    revision, period, report = rerun.manifest.revision, Period.parse_any(draft.period), report_name(signing)
    more = len(lines) - most
    program, template = "Chương trình đã được nâng cấp", f"Mẫu {REPORT} của văn phòng đã thay đổi"
    cause, subject = (template, "mẫu") if _only_template_differs(rerun.manifest, draft) else (program, "chương trình")
    return "\n".join(
        [
            f"{cause} từ khi công bố bản {revision} của {period.name}"
            + (f" ({'; '.join(grounds)})" if grounds else "")
            + f". Kỳ này đã ký {report}. Tệp số liệu, các biểu và danh mục đơn vị không thay đổi, nhưng {subject} "
            "hiện nay cho kết quả khác ở:",
            *(f"- {line};" for line in lines[:most]),
            *([f"- và {vn_int(more)} chỗ khác nữa."] if more > 0 else []),
            f"Không có gì được công bố; bản {revision} còn nguyên. Việc cần làm: muốn giữ báo cáo đã ký thì không phải "
            f"làm gì; muốn công bố bản mới thay thế {report} thì chạy lại và ghi lý do: "
            f"tthc score {period} --reason “…” (trên trang Prefect: cham-diem-lai, ô Lý do).",
        ]
    )


def _only_template_differs(before: Manifest, draft: Manifest) -> bool:
    """Whether the same program, with another template of the office, made the revision."""
    built, now = before.built_with, draft.built_with
    return (
        built is not None and now is not None and built.model_copy(update={"word_template": now.word_template}) == now
    )


def _part(files: Mapping[str, bytes], *, tables: bool) -> dict[str, bytes]:
    """The CSV tables among the files of a revision, or with `tables=False` all other files."""
    return {name: data for name, data in files.items() if name.endswith(".csv") == tables}


def _findings(data: bytes) -> pd.DataFrame:
    """A published findings.csv with the columns of this program; no rows if the bytes are no table."""
    columns = list(Findings.to_schema().columns)
    try:
        return read_csv_table(data).reindex(columns=columns, fill_value="")
    except ValueError:
        return pd.DataFrame(columns=columns, dtype="str")
