"""`tthc merge`: one table of a province from the published revisions of many offices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from flows.commands.merge_sources import MergeSource, read_offices
from flows.commands.usage_errors import UsageError
from flows.steps.failures import JobFailed
from flows.steps.file_names import lock_file_of
from flows.steps.shared_paths import typed_path
from pipeline.load.tables.merged_files import merged_files
from pipeline.load.workbook.merged_workbook import merged_workbook
from pipeline.merged.merge_refusals import is_shared, period_refusal, refusals
from pipeline.merged.merged_tables import Merged, merge
from pipeline.periods import Period
from pipeline.publish.atomic_files import replace_files, write_error_text
from pipeline.text import nfc, vn_decimal, vn_int


def merge_offices(period: Period, sources: Sequence[MergeSource], distinct: Sequence[str]) -> Merged:
    """The tables of a province. `distinct`: see `refusals`.

    Raises UsageError for an impossible period and for a name in `distinct` that no two offices have, JobFailed that
    lists everything that keeps the revisions apart.
    """
    across = period_refusal(period)
    if across:
        raise UsageError(across)
    offices, refused = read_offices(sources, period)
    names = [nfc(name).strip() for name in distinct]
    unknown = [name for name in names if not is_shared(offices, name)] if not refused else []
    if unknown:
        raise UsageError(f"--distinct “{unknown[0]}”: không có đơn vị tên đó ở hai địa phương; xem lại tên.")
    refused += refusals(offices, names)
    if refused:
        lines = "".join(f"\n  {number}. {text}" for number, text in enumerate(refused, 1))
        raise JobFailed(f"Chưa gộp được {period.name}, không ghi gì:{lines}")
    return merge(period, offices, names)


def write_merged(merged: Merged, folder: Path) -> list[Path]:
    """Write the workbook, the CSV files and the JSON document, all or none, over earlier ones of the period.

    Raises JobFailed if they cannot be written or one is open in an office program.
    """
    files = {**merged_files(merged), f"tong-hop-{merged.period}.xlsx": merged_workbook(merged)}
    opened = [name for name in files if folder.is_dir() and lock_file_of(folder, name)]
    if opened:
        raise JobFailed(f"Tệp {typed_path(folder / opened[0])} đang mở trong Excel: đóng lại rồi chạy lại.")
    try:
        replace_files(folder, files, ())
    except OSError as error:
        raise JobFailed(write_error_text(folder, error, "Không ghi gì.")) from None
    return [folder / name for name in files]


def refuse_used(folder: Path, sources: Sequence[MergeSource]) -> None:
    """Raises UsageError for a folder inside an office's publications, where every file is accounted for, or its inputs.

    A run would read the province's table as an export of the office.
    """
    for source in sources:
        parts = {source.out: "các bản đã công bố"}
        if source.data_dir is not None:
            parts |= {source.data_dir / name: "các tệp đầu vào" for name in ("raw", "reference")}
        for part, words in parts.items():
            if folder.resolve().is_relative_to(part.resolve()):
                raise UsageError(f"--to {typed_path(folder)} nằm trong {words} của {source.label}: chọn thư mục khác.")


def merge_lines(merged: Merged, written: Sequence[Path]) -> Iterator[str]:
    """Vietnamese lines: what was merged, the first of each level, what to look at, where the files are."""
    ranked = int(merged.units["rank"].notna().sum())
    yield (
        f"Đã gộp {merged.period.name}: {vn_int(len(merged.sources))} địa phương, {vn_int(len(merged.units))} đơn vị, "
        f"{vn_int(ranked)} đơn vị có hạng ({merged.rulebook.short or merged.rulebook.id})."
    )
    for row in merged.sources.to_dict("records"):
        yield f"  {row['office']}: bản {row['revision']}, {row['signed'] or 'chưa ký'}"
    places = merged.rulebook.places
    for level, name in merged.level_names.items():
        first = merged.units.loc[(merged.units["level"] == level) & (merged.units["rank"] == 1)]
        if len(first):
            who = ", ".join(f"{unit} – {office}" for unit, office in zip(first["name"], first["office"], strict=True))
            yield f"  {name}: hạng 1 {who} ({vn_decimal(float(first['total'].iloc[0]), places)} điểm)"
    for row in merged.notes.to_dict("records"):
        about = f"{row['office']}: " if row["office"] else ""
        word = "Cảnh báo" if row["severity"] == "warning" else "Lưu ý"
        yield f"  [{word}] {about}{row['message']} → {row['action']}"
    yield from (f"  Tệp: {typed_path(path)}" for path in written)


def is_incomplete(merged: Merged) -> bool:
    """Whether units of an office were set aside or have sent nothing."""
    return bool(merged.units["status"].isin(["set_aside", "missing"]).any())
