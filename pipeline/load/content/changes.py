"""The changes of a revision against the one before: text of thay-doi.md, `tthc diff` and the sheet "Thay đổi"."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.finding_catalogue import SEVERITY_NAMES
from pipeline.load.content.sentences import lower_first
from pipeline.markdown import escaped, pipe_table
from pipeline.periods import Period
from pipeline.publish.revision_diff import Change, Changes
from pipeline.text import vn_day, vn_decimal, vn_int, vn_percent
from schemas.manifest import Manifest

_WHOLE = re.compile(r"-?\d+(\.0+)?")
_NUMBER = re.compile(r"-?\d+\.\d+(e-?\d+)?")
#: letters of a file's hash that are shown
_HASH_LENGTH = 12

#: (field of `Changes`, title), in the order of the page
_KINDS = (
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
KEPT_TITLE = "Số riêng của cấp vẫn tính số cũ"
KEPT_ACTION = (
    "Việc cần làm, chọn một: đặt tệp xuất lại của cấp vào thư mục thay-the; khai điều chỉnh cho cấp trong "
    "dieu-chinh.xlsx; hoặc xuất lại không có dòng riêng của cấp, khi đó cấp là tổng các đơn vị."
)


@dataclass(frozen=True)
class ChangeSection:
    """A kind of change. `rows`: (name, item, before, after), Vietnamese; columns with an empty header are not shown."""

    title: str
    header: tuple[str, str, str, str]
    rows: tuple[tuple[str, str, str, str], ...]


def changes_title(found: Changes) -> str:
    """`Thay đổi: quý I năm 2022, bản r2 so với bản r1`; `So sánh: quý II … (bản r1) với quý I … (bản r2)`."""
    before, after = found.before, found.after
    if found.of_two_periods:
        return f"So sánh: {_period_name(after)} với {_period_name(before)}"
    return f"Thay đổi: {Period.parse_any(after.period).name}, bản {after.revision} so với bản {before.revision}"


def _period_name(manifest: Manifest) -> str:
    return f"{Period.parse_any(manifest.period).name} (bản {manifest.revision})"


def side_names(found: Changes) -> tuple[str, str]:
    """What the columns are headed with: `r1` and `r2`; of two periods `2022-Q1 (r2)` and `2022-Q2 (r1)`."""
    before, after = found.before, found.after
    if found.of_two_periods:
        return f"{before.period} ({before.revision})", f"{after.period} ({after.revision})"
    return before.revision, after.revision


def inputs_note(found: Changes) -> str:
    """NO_INPUTS where the inputs of two revisions of a period are the same; "" else."""
    return "" if found.inputs or found.of_two_periods else NO_INPUTS


def reason_line(found: Changes) -> str:
    """The reason given for the new revision, as a line; of two periods what of them is compared."""
    if found.of_two_periods and found.same_rulebook:
        return "Hai kỳ chấm theo cùng một quy định."
    if found.of_two_periods:
        return "Hai kỳ không chấm theo cùng một quy định: chỉ so sánh tình trạng và số liệu, không so sánh điểm."
    return f"Lý do: {found.after.reason}" if found.after.reason else "Lý do: không ghi."


def change_sections(found: Changes) -> Iterator[ChangeSection]:
    """The summary, the input files, the rulebook and program, then a section a kind of change; rows may be empty."""
    before, after = side_names(found)
    with_scores = found.same_rulebook or not found.of_two_periods
    summary = tuple(_summary(found.before, found.after, with_scores=with_scores))
    yield ChangeSection("Tóm tắt", ("Tóm tắt", "", before, after), summary)
    inputs = tuple(
        (c.name, c.item, c.before[:_HASH_LENGTH] or "–", c.after[:_HASH_LENGTH] or "–") for c in found.inputs
    )
    yield ChangeSection("Tệp đầu vào", ("Tệp", "Thay đổi", "Mã băm trước", "Mã băm sau"), inputs)
    # versions and hashes are texts, no figures: the version 0.47 is not written with a comma
    grounds = tuple(("", c.item, c.before or "–", c.after or "–") for c in found.grounds)
    yield ChangeSection("Căn cứ và chương trình", ("", "Mục", "Trước", "Sau"), grounds)
    yield ChangeSection("Đơn vị gửi lại số liệu", ("Đơn vị", "Mục", "Số cũ", "Số mới"), tuple(_replaced(found)))
    for kind, title in _KINDS:
        changed: tuple[Change, ...] = getattr(found, kind)
        shown = _moved_figures if found.of_two_periods else _figures
        rows = tuple((c.name, c.item, *shown(c.before, c.after)) for c in changed)
        yield ChangeSection(title, ("Đơn vị", "Mục", "Trước", "Sau"), rows)


def changes_markdown(found: Changes) -> str:
    """thay-doi.md, Vietnamese Markdown."""
    paragraphs = [f"# {changes_title(found)}\n", escaped(reason_line(found)) + "\n"]
    summary, inputs, *others = change_sections(found)
    paragraphs.append(_table(summary, right=True))
    if inputs.rows:
        paragraphs.append(f"## {inputs.title}\n\n{_table(inputs)}")
    elif inputs_note(found):
        paragraphs.append(inputs_note(found) + "\n")
    for section in others:
        if section.rows:
            right = section.header[0] != ""
            paragraphs.append(f"## {section.title} ({vn_int(len(section.rows))})\n\n{_table(section, right=right)}")
    if found.kept_levels:
        lines = "\n".join(f"- {escaped(line)}" for line in kept_lines(found))
        paragraphs.append(f"## {KEPT_TITLE}\n\n{lines}\n\n{escaped(KEPT_ACTION)}\n")
    if not found.results:
        paragraphs.append(NO_RESULTS + "\n")
    return "\n".join(paragraphs)


def result_lines(found: Changes) -> list[str]:
    """`Xã C, Tổng điểm: 15,11 → 15,36`: one line for each count, score, rank and class that changed.

    The lines of a unit or level are one after the other: its counts, its criteria, then what follows from them.
    """
    parts = (found.status, found.counts, found.criteria, found.totals, found.classes, found.ranks, found.officers)
    order = {subject: i for i, subject in enumerate(dict.fromkeys(c.subject for part in parts for c in part))}
    ordered = sorted((c for part in parts for c in part), key=lambda c: order[c.subject])
    return [f"{c.name}, {c.item}: {' → '.join(_figures(c.before, c.after))}" for c in ordered]


def kept_lines(found: Changes) -> list[str]:
    """A sentence for each number of a level that did not follow its units, with the number that would fit."""
    lines = []
    for kept in found.kept_levels:
        units = ", ".join(f"{name} ({vn_int(was)}, nay {vn_int(now)})" for name, was, now in kept.units)
        off = f"; trước đó đã chênh {vn_int(abs(kept.was_off))}" if kept.was_off else ""
        says = f"số riêng {vn_int(kept.stated)} vẫn tính cả số cũ của {units}"
        if kept.was_off:
            says = f"số riêng vẫn là {vn_int(kept.stated)}, trong khi số của {units} đã đổi"
        lines.append(
            f"{kept.name}, {lower_first(kept.measure)}: {says}; số khớp với các đơn vị là {vn_int(kept.fits)}{off}."
        )
    return lines


def _replaced(found: Changes) -> Iterator[tuple[str, str, str, str]]:
    """For each unit that sent a new export: why and who accepted it, then its numbers that differ, with their cells."""
    units: set[str] = set()
    for number in found.replaced:
        if number.unit_id not in units:
            units.add(number.unit_id)
            yield number.name, accepted_text(*number.declaration), number.old_file or "–", number.new_file or "–"
        if number.old_value == number.new_value:
            continue
        old, new = _at(number.old_value, number.old_place), _at(number.new_value, number.new_place)
        yield number.name, number.measure, old, new


def _at(value: str, place: str) -> str:
    """`10 (so-lieu.xlsx › II.06a › J23)`."""
    return f"{_figure(value, 0)} ({place})" if place else "–"


def accepted_text(reason: str, approver: str, approved_on: str) -> str:
    """`Lý do: nhập sót; chấp nhận: Công chức 1, 20/3/2022`, or that nobody has accepted it."""
    if not reason:
        return "Chưa ghi lý do và người chấp nhận"
    return f"Lý do: {reason}; chấp nhận: {approver}, {vn_day(dt.date.fromisoformat(approved_on))}"


def _table(section: ChangeSection, *, right: bool = False) -> str:
    """A Markdown table. `right`: the last two columns are figures."""
    shown = [i for i, header in enumerate(section.header) if header]
    rows = [[row[i] for i in shown] for row in section.rows]
    return pipe_table([section.header[i] for i in shown], rows, right=(len(shown) - 2, len(shown) - 1) if right else ())


def _summary(before: Manifest, after: Manifest, *, with_scores: bool) -> Iterator[tuple[str, str, str, str]]:
    old = {t.unit_id: t for t in before.totals}
    for t in after.totals if with_scores else ():
        yield t.name, "", _score(old[t.unit_id].total) if t.unit_id in old else "–", _score(t.total)
    for severity, name in SEVERITY_NAMES.items():
        yield name, "", _count(before, severity), _count(after, severity)


def _figures(before: str, after: str) -> tuple[str, str]:
    """Two figures in Vietnamese form, with as many decimals as are needed to show that they differ."""
    for places in (2, 4, 10):
        shown = _figure(before, places), _figure(after, places)
        if shown[0] != shown[1]:
            break
    return shown


def _moved_figures(before: str, after: str) -> tuple[str, str]:
    """`_figures`, the second with what it gained or lost: `120 (+10; +9,1%)`, `15,36 (+0,25)`."""
    was, now = _figures(before, after)
    if _WHOLE.fullmatch(before) and _WHOLE.fullmatch(after):
        one, other = int(float(before)), int(float(after))
        sign, gap = ("+" if other > one else "−"), abs(other - one)
        share = f"; {sign}{vn_percent(gap, one)}" if one > 0 else ""
        return was, f"{now} ({sign}{vn_int(gap)}{share})"
    if all(_NUMBER.fullmatch(x) or _WHOLE.fullmatch(x) for x in (before, after)):
        difference = float(after) - float(before)
        places = next((p for p in (2, 4, 10) if round(abs(difference), p)), 2)
        return was, f"{now} ({'+' if difference > 0 else '−'}{vn_decimal(abs(difference), places)})"
    return was, now


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
