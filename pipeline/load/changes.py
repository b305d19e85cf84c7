"""thay-doi.md: what a new revision changed, for whoever has to explain it."""

from __future__ import annotations

import re

from pipeline.compare import Change, Changes
from pipeline.markdown import cell, table
from pipeline.periods import Period
from pipeline.text import vn_decimal, vn_int
from schemas.manifest import Manifest

_WHOLE = re.compile(r"-?\d+(\.0+)?")
_NUMBER = re.compile(r"-?\d+\.\d+(e-?\d+)?")


def changes_markdown(found: Changes) -> str:
    """The page, Vietnamese Markdown. A section without a change is left out."""
    before, after = found.before, found.after
    head = f"# Thay đổi: {Period.parse(after.period).name}, bản {after.revision} so với bản {before.revision}\n"
    why = f"Lý do: {cell(after.reason)}" if after.reason else "Lý do: không ghi."
    parts = [head, why + "\n", _totals(before, after), _inputs(found.inputs)]
    parts.append(_section("Căn cứ và chương trình", found.grounds, ("Mục", "Trước", "Sau"), named=False))
    for title, part in (
        ("Tình trạng đơn vị", found.status),
        ("Số liệu", found.counts),
        ("Tổng điểm và điểm trung bình", found.totals),
        ("Thứ hạng", found.ranks),
        ("Xếp loại", found.classes),
        ("Điểm từng tiêu chí", found.criteria),
        ("Công chức", found.officers),
    ):
        parts.append(_section(title, part, ("Đơn vị", "Mục", "Trước", "Sau")))
    if not found.results:
        parts.append("Không có số liệu, điểm, thứ hạng hay xếp loại nào thay đổi.\n")
    return "\n".join(part for part in parts if part)


def _totals(before: Manifest, after: Manifest) -> str:
    old = {t.unit_id: t for t in before.totals}
    rows = [(t.name, _score(old[t.unit_id].total) if t.unit_id in old else "–", _score(t.total)) for t in after.totals]
    for severity, name in (("error", "Lỗi"), ("warning", "Cảnh báo"), ("notice", "Lưu ý")):
        rows.append((name, _count(before, severity), _count(after, severity)))
    return table(("Tóm tắt", before.revision, after.revision), rows, right=(1, 2))


def _inputs(changed: tuple[Change, ...]) -> str:
    if not changed:
        return "Tệp đầu vào: không thay đổi.\n"
    rows = [(c.name, c.item, c.before[:12] or "–", c.after[:12] or "–") for c in changed]
    return "## Tệp đầu vào\n\n" + table(("Tệp", "Thay đổi", "Mã băm trước", "Mã băm sau"), rows)


def _section(title: str, changed: tuple[Change, ...], header: tuple[str, ...], *, named: bool = True) -> str:
    if not changed:
        return ""
    rows = [((c.name,) if named else ()) + (c.item, *_figures(c.before, c.after)) for c in changed]
    figures = (len(header) - 2, len(header) - 1)
    return f"## {title} ({vn_int(len(changed))})\n\n" + table(header, rows, right=figures if named else ())


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
