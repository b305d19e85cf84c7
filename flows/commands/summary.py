"""The text at the end of a run. Vietnamese, without markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.steps.run_values import RunResult
from flows.steps.shared_paths import typed_path
from pipeline.finding_catalogue import SEVERITY_NAMES
from pipeline.periods import Period
from pipeline.text import row_range, vn_decimal, vn_int
from schemas.manifest import Manifest, SetAside

#: what is set aside -> Vietnamese
_WHAT = {"unit": "đơn vị", "file": "tệp", "level": "số liệu riêng của", "row": "một dòng"}
#: most lines about what is set aside in a state's message; the page of findings has all
MOST_ASIDE = 5


def summary_text(result: RunResult) -> str:
    """Lines with level totals, numbers of units and findings, what is set aside, notes, and the report's path."""
    manifest = result.manifest
    lines = [("Unchanged – " if result.unchanged else "") + _ended(result)]
    lines += _figures(manifest)
    lines += [f"  Để riêng: {line}" for line in _aside(manifest.set_aside)]
    lines += [f"  Chú ý: {note}" for note in result.notes]
    lines.append(f"  Báo cáo: {typed_path(result.path / 'bao-cao.md')}")
    return "\n".join(lines)


def summary_sentences(result: RunResult, report: str) -> str:
    """The summary as sentences, because Prefect's pages show a state's message as one paragraph. `report`: its path."""
    aside = list(_aside(result.manifest.set_aside))
    more = len(aside) - MOST_ASIDE
    lines = [
        _ended(result),
        *_figures(result.manifest),
        *(f"Để riêng: {line}" for line in aside[:MOST_ASIDE]),
        *([f"Để riêng còn {vn_int(more)} mục nữa, xem trang phát hiện"] if more > 0 else []),
        *(f"Chú ý: {note}" for note in result.notes),
        f"Báo cáo: {report}",
    ]
    return "\n".join(f"{line.strip().rstrip('.')}." for line in lines)


def _ended(result: RunResult) -> str:
    manifest, name = result.manifest, Period.parse(result.manifest.period).name
    if result.unchanged:
        return f"Không có gì thay đổi so với {manifest.revision} ({name}); không ghi gì."
    if manifest.alternative:
        return f"Đã công bố phương án {manifest.revision} của {name}; bản chính không thay đổi."
    return f"Đã công bố bản {manifest.revision} của {name}."


def _figures(manifest: Manifest) -> Iterator[str]:
    if manifest.rulebook is None:
        yield "  Chưa có căn cứ chấm điểm: số liệu đã được đọc, kiểm tra và in ra, chưa chấm."
    else:
        yield f"  Quy định: {manifest.rulebook.short or manifest.rulebook.id}"
    places = manifest.rulebook.places if manifest.rulebook else 2
    for level in manifest.totals:
        yield f"  {level.name}: {_points(level.total, level.total_max, places)}"
    units = manifest.units
    yield (
        f"  Đơn vị: {units.scored} {'được chấm điểm' if manifest.rulebook else 'có số liệu'}, "
        f"{units.set_aside} để riêng, {units.without_dossiers} không có hồ sơ để chấm"
    )
    found = {str(severity): count for severity, count in manifest.findings.items()}
    yield "  Phát hiện: " + ", ".join(f"{vn_int(found.get(s, 0))} {n.lower()}" for s, n in SEVERITY_NAMES.items())


def _aside(parts: Sequence[SetAside]) -> Iterator[str]:
    """A line for each thing that is set aside and each reason, with all cells that show it."""
    cells: dict[tuple[str, str, str], list[str]] = {}
    for part in parts:
        what = f"{_WHAT[part.what]} {part.name or part.unit_id}".rstrip()
        cells.setdefault((what, part.title, part.file), []).append(part.cell)
    for (what, title, file), where in cells.items():
        place = " › ".join(x for x in (file, ", ".join(row_range(c) for c in where if c)) if x)
        yield f"{what}: {title}" + (f" [{place}]" if place else "")


def _points(total: float | None, most: float | None, places: int) -> str:
    if total is None:
        return "không chấm"
    return vn_decimal(total, places) + (f" trên {vn_decimal(most, trim=True)} điểm" if most is not None else " điểm")
