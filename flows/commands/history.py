"""`tthc history`: the revisions of every period: who requested them and why, which is current, which was signed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from flows.steps.other_quarters import published_periods
from flows.steps.schedule import ZONE
from pipeline.finding_catalogue import SEVERITY_NAMES
from pipeline.periods import Period
from pipeline.publish import revisions
from pipeline.publish.ledger import ALTERNATIVES, head_text, out_and_name, read_ledger
from pipeline.publish.revision_state import WORKED_OUT, RevisionState, revision_state
from pipeline.publish.signed_revisions import read_signings, signings_damage
from pipeline.publish.verification import verify
from pipeline.text import nfc, shortened_list, vn_day, vn_int
from schemas.manifest import Manifest, SetAside, Signing

_HEADS = ("Bản", "Công bố lúc", "Người yêu cầu", *SEVERITY_NAMES.values(), "Để riêng", "Tình trạng", "Lý do")
#: positions of columns with numbers, which are aligned right
_NUMBERS = (3, 4, 5, 6)
#: most names in a list of what is set aside
_MOST_NAMES = 8


def history_lines(out_dir: Path, only: Period | None) -> Iterator[str]:
    """Vietnamese lines: a table for each period, oldest first, and below it the tables of its alternatives.

    `out_dir`: contains one folder per period. `only`: print this period alone.
    """
    periods = [only] if only is not None else list(published_periods(out_dir))
    printed = 0
    for period in periods:
        lines = list(_period(out_dir / str(period)))
        if lines:
            yield from ([""] if printed else [])
            yield f"{period.name[:1].upper()}{period.name[1:]} ({period})"
            yield from lines
            printed += 1
    if printed:
        yield from _verification(out_dir)
    if not printed:
        yield f"Chưa công bố bản nào của {only.name}." if only else f"Chưa công bố bản nào trong {out_dir}."


def _verification(out_dir: Path) -> Iterator[str]:
    """One line: whether everything of all periods is as it was published; below it the last entry of the ledger."""
    result = verify(out_dir)
    yield ""
    if result.alarms:
        places = shortened_list([problem.place for problem in result.alarms])
        yield f"Không còn như đã công bố: {places}. Xem từng chỗ và cách xử lý: “tthc verify”."
    else:
        yield "Mọi bản của mọi kỳ còn như đã công bố (“tthc verify”)."
    yield from filter(None, [head_text(result.ledger)])


def _period(folder: Path) -> Iterator[str]:
    try:
        signings = read_signings(folder)
    except ValueError as error:
        signings = ()
        yield f"  Chú ý: {error}"
    damage = signings_damage(folder)
    if damage:
        yield f"  Chú ý: {damage}"
    yield from _table(folder, signings)
    alternatives = folder / ALTERNATIVES
    for place in sorted(alternatives.iterdir()) if alternatives.is_dir() else ():
        lines = list(_table(place, ()))
        if lines:
            yield f"  Phương án theo {place.name} (không ký ban hành):"
            yield from lines


def _table(folder: Path, signings: Sequence[Signing]) -> Iterator[str]:
    """The revisions of a folder as an aligned table; further facts of a revision are lines below its row."""
    found = revisions.current_revision(folder)
    current = found.manifest.revision if found.manifest else ""
    rows: list[tuple[str, ...]] = []
    below: list[list[str]] = []
    out, name = out_and_name(folder)
    ledger = read_ledger(out)
    there = revisions.revision_ids(folder)
    for revision in sorted({*there, *ledger.recorded(name)}, key=lambda text: int(text[1:])):
        if revision not in there:
            rows.append(_without_manifest(revision, f"thư mục không còn{_signed_text(revision, signings)}"))
            below.append([])
            continue
        try:
            manifest = revisions.read_manifest(folder / revision)
            altered = revisions.altered_files(folder / revision, manifest, ledger)
        except ValueError as error:
            rows.append(_without_manifest(revision, f"hỏng: {str(error).partition(': ')[2]}"))
            below.append([])
            continue
        if revisions.MANIFEST in altered:  # nothing that it says is printed
            why = f"hỏng: manifest.json đã bị sửa sau khi công bố{_signed_text(revision, signings)}"
            rows.append(_without_manifest(revision, why))
            below.append([])
            continue
        state = revision_state(folder / revision, manifest, signings)
        states = ["hiện hành"] if revision == current else []
        states += [state.text] if state is not None else []
        states += ["đã bị sửa sau khi công bố"] if altered else []
        rows.append(_row(manifest, "; ".join(states)))
        below.append([*_below(manifest, altered), *_before_signature(state, revision == current)])
    if rows:
        first, *lines = _aligned([_HEADS, *rows])
        yield first
        for line, more in zip(lines, below, strict=True):
            yield line
            yield from more


def _without_manifest(revision: str, state: str) -> tuple[str, ...]:
    return (revision, *[""] * (len(_HEADS) - 3), state, "")


def _signed_text(revision: str, signings: Sequence[Signing]) -> str:
    numbers = [signing.number for signing in signings if signing.revision == revision]
    return f" (bản này đã ký {numbers[-1]})" if numbers else ""


def _row(manifest: Manifest, state: str) -> tuple[str, ...]:
    at = manifest.created_at.astimezone(ZONE)
    counts = {str(severity): count for severity, count in manifest.findings.items()}
    return (
        manifest.revision,
        f"{vn_day(at.date())} {at:%H:%M}",
        nfc(manifest.requested_by),
        *(vn_int(counts.get(severity, 0)) for severity in SEVERITY_NAMES),
        vn_int(len(manifest.set_aside)),
        state,
        nfc(manifest.reason),
    )


def _below(manifest: Manifest, altered: Sequence[str]) -> Iterator[str]:
    if manifest.replaces:
        yield f"        thay thế {manifest.replaces}"
    if manifest.set_aside:
        names = list(dict.fromkeys(_name(part) for part in manifest.set_aside))
        rest = f" và {vn_int(len(names) - _MOST_NAMES)} mục nữa" if len(names) > _MOST_NAMES else ""
        yield f"        để riêng: {'; '.join(names[:_MOST_NAMES])}{rest}"
    if altered:
        yield f"        thiếu hoặc bị sửa: {', '.join(altered)}"


def _before_signature(state: RevisionState | None, is_current: bool) -> Iterator[str]:
    """What the current revision lacks, or why a revision was signed although something was missing."""
    if state is None:
        return
    if state.signing is not None:
        if state.signing.missing:
            yield f"        ký khi chưa đủ điều kiện, lý do: {nfc(state.signing.despite)}"
            yield from (f"          còn thiếu: {nfc(line)}" for line in state.signing.missing[:_MOST_NAMES])
            unnamed = len(state.signing.missing) - _MOST_NAMES
            yield from [f"          và {vn_int(unnamed)} việc nữa: ky-ban-hanh.json của kỳ"] if unnamed > 0 else []
        return
    if is_current:
        yield from (f"        trước khi ký: {nfc(item.what)}" for item in state.items[:_MOST_NAMES])
        more = len(state.items) - _MOST_NAMES
        yield from (
            [f"        và {vn_int(more)} việc nữa: sheet “Trước khi ký” của doi-chieu.xlsx"] if more > 0 else []
        )
        yield from ([f"        ({WORKED_OUT})"] if state.worked_out else [])


def _name(part: SetAside) -> str:
    return nfc(part.name or part.unit_id or part.file)


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines with columns as wide as their longest text, numbers aligned right."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = []
        for i, (text, width) in enumerate(zip(row, widths, strict=True)):
            blank = " " * (width - _width(text))
            cells.append(blank + text if i in _NUMBERS else text + blank)
        yield ("  " + "  ".join(cells)).rstrip()


def _width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) != 0 for c in text)
