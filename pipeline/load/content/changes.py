"""What a new revision changed, for whoever has to explain it: thay-doi.md, `tthc diff` and the sheet "Thay đổi"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.finding_catalogue import SEVERITY_NAMES
from pipeline.markdown import cell, table
from pipeline.periods import Period
from pipeline.publish.revision_diff import Change, Changes
from pipeline.text import vn_decimal, vn_int
from schemas.manifest import Manifest

#: the page beside the report, from r2 on
_WHOLE = re.compile(r"-?\d+(\.0+)?")
_NUMBER = re.compile(r"-?\d+\.\d+(e-?\d+)?")


#: kinds of change in the order they are read, each with its title
_PARTS = (
    ("status", "Tình trạng đơn vị"),
    ("counts", "Số liệu"),
    ("totals", "Tổng điểm và điểm trung bình"),
    ("ranks", "Thứ hạng"),
    ("classes", "Xếp loại"),
    ("criteria", "Điểm từng tiêu chí"),
    ("officers", "Công chức"),
    ("appraisals", "Thẩm định"),
)
NO_RESULTS = "Không có số liệu, điểm, thứ hạng hay xếp loại nào thay đổi."
NO_INPUTS = "Tệp đầu vào: không thay đổi."


@dataclass(frozen=True)
class Section:
    """One kind of change as people read it: (name, item, before, after) a row; a column without a head is not shown."""

    title: str
    header: tuple[str, str, str, str]
    rows: tuple[tuple[str, str, str, str], ...]


def title(found: Changes) -> str:
    """`Thay đổi: quý I năm 2022, bản r2 so với bản r1`."""
    before, after = found.before, found.after
    return f"Thay đổi: {Period.parse(after.period).name}, bản {after.revision} so với bản {before.revision}"


def why(found: Changes) -> str:
    """The reason as it was given."""
    return f"Lý do: {found.after.reason}" if found.after.reason else "Lý do: không ghi."


def sections(found: Changes) -> Iterator[Section]:
    """What there is to say: the page and the sheet both print this. A kind without a change is left out."""
    before, after = found.before.revision, found.after.revision
    yield Section("Tóm tắt", ("Tóm tắt", "", before, after), tuple(_totals(found.before, found.after)))
    inputs = tuple((c.name, c.item, c.before[:12] or "–", c.after[:12] or "–") for c in found.inputs)
    yield Section("Tệp đầu vào", ("Tệp", "Thay đổi", "Mã băm trước", "Mã băm sau"), inputs)
    # versions and hashes are no figures: 0.47 stays 0.47
    grounds = tuple(("", c.item, c.before or "–", c.after or "–") for c in found.grounds)
    yield Section("Căn cứ và chương trình", ("", "Mục", "Trước", "Sau"), grounds)
    for part, heading in _PARTS:
        changed: tuple[Change, ...] = getattr(found, part)
        rows = tuple((c.name, c.item, *_figures(c.before, c.after)) for c in changed)
        yield Section(heading, ("Đơn vị", "Mục", "Trước", "Sau"), rows)


def changes_markdown(found: Changes) -> str:
    """The page, Vietnamese Markdown."""
    parts = [f"# {title(found)}\n", cell(why(found)) + "\n"]
    summary, inputs, *others = sections(found)
    parts.append(_table(summary, right=True))
    parts.append(f"## {inputs.title}\n\n{_table(inputs)}" if inputs.rows else NO_INPUTS + "\n")
    for part in others:
        if part.rows:
            right = part.header[0] != ""
            parts.append(f"## {part.title} ({vn_int(len(part.rows))})\n\n{_table(part, right=right)}")
    if not found.results:
        parts.append(NO_RESULTS + "\n")
    return "\n".join(parts)


def result_lines(found: Changes) -> list[str]:
    """`Xã C, Tổng điểm: 15,11 → 15,36`: each count, score, rank and class that changed, a line.

    The changes of a unit or level stand together: its counts, its criteria, then what follows from them.
    """
    parts = (found.status, found.counts, found.criteria, found.totals, found.classes, found.ranks, found.officers)
    order = {subject: i for i, subject in enumerate(dict.fromkeys(c.subject for part in parts for c in part))}
    ordered = sorted((c for part in parts for c in part), key=lambda c: order[c.subject])
    return [f"{c.name}, {c.item}: {' → '.join(_figures(c.before, c.after))}" for c in ordered]


def _table(part: Section, *, right: bool = False) -> str:
    shown = [i for i, head in enumerate(part.header) if head]
    rows = [[row[i] for i in shown] for row in part.rows]
    return table([part.header[i] for i in shown], rows, right=(len(shown) - 2, len(shown) - 1) if right else ())


def _totals(before: Manifest, after: Manifest) -> Iterator[tuple[str, str, str, str]]:
    old = {t.unit_id: t for t in before.totals}
    for t in after.totals:
        yield t.name, "", _score(old[t.unit_id].total) if t.unit_id in old else "–", _score(t.total)
    for severity, name in SEVERITY_NAMES.items():
        yield name, "", _count(before, severity), _count(after, severity)


def _figures(before: str, after: str) -> tuple[str, str]:
    """Two figures in Vietnamese form, with as many decimals as it takes to tell them apart."""
    for places in (2, 4, 10):
        shown = _figure(before, places), _figure(after, places)
        if shown[0] != shown[1]:
            break
    return shown


def _figure(text: str, places: int) -> str:
    if not text:
        return "–"
    if _WHOLE.fullmatch(text):
        return vn_int(int(float(text)))
    return vn_decimal(float(text), places) if _NUMBER.fullmatch(text) else text


def _score(value: float | None) -> str:
    return "–" if value is None else _figure(str(value), 2)


def _count(manifest: Manifest, severity: str) -> str:
    return vn_int({str(k): v for k, v in manifest.findings.items()}.get(severity, 0))
