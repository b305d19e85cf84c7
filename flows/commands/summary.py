"""The text at the end of a run. Vietnamese, without markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.steps.run_values import RunResult
from flows.steps.shared_paths import typed_path
from pipeline.finding_catalogue import SEVERITY_NAMES
from pipeline.load.word.papers import REPORT
from pipeline.periods import Period
from pipeline.publish.revision_state import WORKED_OUT, item_text
from pipeline.text import row_range, vn_decimal, vn_int
from schemas.manifest import Manifest, SetAside, SignatureItem

#: what is set aside -> Vietnamese
_WHAT = {"unit": "đơn vị", "file": "tệp", "level": "số liệu riêng của", "row": "một dòng"}
#: most lines about what is set aside in a state's message; the page of findings has all
MOST_ASIDE = 5
#: most lines about what is missing before the signature; the sheet “Trước khi ký” has all
MOST_ITEMS = 10


def summary_text(result: RunResult) -> str:
    """Lines with level totals, numbers of units and findings, what is set aside, notes, and the report's path."""
    manifest = result.manifest
    lines = [("Unchanged – " if result.unchanged else "") + _ended(result)]
    lines += _figures(manifest)
    lines += [f"  Để riêng: {line}" for line in _aside(manifest.set_aside)]
    lines += [f"  Chú ý: {note}" for note in result.notes]
    lines += [f"  {line}" for line in _signature_lines(result)]
    lines.append(f"  Báo cáo: {typed_path(result.path / REPORT)}")
    lines += [f"  {result.ledger}"] if result.ledger else []
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
        *([f"Tình trạng: {result.signature.text}"] if result.signature is not None else []),
        f"Báo cáo: {report}",
        *([result.ledger] if result.ledger else []),
    ]
    return "\n".join(f"{line.strip().rstrip('.')}." for line in lines)


def _signature_lines(result: RunResult) -> Iterator[str]:
    """The state of the revision, and what is missing before it is signed."""
    state = result.signature
    if state is None:
        return
    yield f"Tình trạng: {state.text}"
    if state.signing is None:
        yield from before_signature_lines(state.items)
    if state.worked_out and state.signing is None:
        yield f"Chú ý: {WORKED_OUT}"


def before_signature_lines(items: Sequence[SignatureItem], published: bool = True) -> Iterator[str]:
    """A numbered line for each thing that is missing before the signature, the most serious ones."""
    yield from (f"  {number}. {item_text(item)}" for number, item in enumerate(items[:MOST_ITEMS], 1))
    if len(items) > MOST_ITEMS:
        where = "sheet “Trước khi ký” của doi-chieu.xlsx" + ("" if published else ", có sau khi chấm")
        yield f"  và {vn_int(len(items) - MOST_ITEMS)} việc nữa: {where}"


def _ended(result: RunResult) -> str:
    manifest, name = result.manifest, Period.parse_any(result.manifest.period).name
    if result.unchanged:
        return f"Không có gì thay đổi so với {manifest.revision} ({name}); không ghi gì."
    if manifest.alternative:
        return f"Đã công bố phương án {manifest.revision} của {name}; bản chính không thay đổi."
    return f"Đã công bố bản {manifest.revision} của {name}."


def _figures(manifest: Manifest) -> Iterator[str]:
    if manifest.rulebook is None:
        yield "  Chưa có căn cứ chấm điểm: số liệu đã được đọc, kiểm tra và in ra, chưa chấm."
    else:
        ground = f" – {manifest.rulebook.ground}" if manifest.rulebook.ground else ""
        yield f"  Quy định: {manifest.rulebook.short or manifest.rulebook.id}{ground}"
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
