"""ket-qua/<đơn vị>.xlsx: a unit's own result, to send back to it: score, place, what cost points, last quarters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.disk_names import disk_stem
from pipeline.finding_catalogue import SEVERITY_NAMES
from pipeline.load.content.chart_findings import short_name
from pipeline.load.content.display_names import place_text
from pipeline.load.content.frame_rows import Row, records
from pipeline.load.content.headings import SheetHeadings
from pipeline.load.content.level_forms import LevelForm, unit_forms
from pipeline.load.content.level_places import LevelPlaces, level_places
from pipeline.load.content.lost_points import CriterionLoss, lost_points
from pipeline.load.content.remarks import not_scored_reason
from pipeline.load.content.score_decimals import score_decimals
from pipeline.load.content.sentences import as_sentence, upper_first
from pipeline.load.excel.native_charts import ChartArea, add_line
from pipeline.load.excel.page_setup import set_up_page
from pipeline.load.excel.sheet_writer import SheetWriter
from pipeline.load.excel.styles import (
    BODY,
    CENTER,
    HEAD,
    LINE,
    NOTE,
    SECTION,
    TITLE,
    new_workbook,
    score_format,
    set_tab,
)
from pipeline.load.excel.xlsx_bytes import deterministic_xlsx
from pipeline.load.workbook.contents_sheet import paper_facts
from pipeline.load.workbook.form_sheets import write_level_form
from pipeline.publish.published_scores import PublishedScore, PublishedScores, comparable_before
from pipeline.result import Scored, Stamp
from pipeline.text import vn_decimal, vn_int, without_diacritics

FOLDER: Final = "ket-qua"
_RESULT, _FORM = "Kết quả", "Biểu 03"
#: of the columns, in Excel's units
_WIDTHS: Final = [7.0, 34.0, 9.0, 9.0, 9.0, 36.0, 36.0]
#: letters of a name that leave room for an id behind it
_NAME_LENGTH: Final = 50
#: earlier quarters that are shown: a year
_MOST_QUARTERS: Final = 4


@dataclass(frozen=True)
class _UnitResult:
    """What the papers of one unit print. `row`: of UnitScores; `losses`: most points first, uncounted last."""

    row: Row
    place: LevelPlaces | None
    losses: Sequence[CriterionLoss]
    form: LevelForm | None
    findings: Sequence[Row]
    past: Sequence[tuple[PublishedScores, PublishedScore]]  # oldest first


def render_unit_results(scored: Scored, stamp: Stamp, history: Sequence[PublishedScores] = ()) -> dict[str, bytes]:
    """Path inside the revision -> .xlsx bytes, a workbook a unit, scored or not. Empty without a rulebook.

    `history`: published scores of other quarters; the last ones that may be compared with this one are shown.
    """
    if scored.rulebook is None:
        return {}
    past = comparable_before(history, scored.checked.period, scored.rulebook.id)[-_MOST_QUARTERS:]
    headings, facts = SheetHeadings.of(scored), paper_facts(scored, stamp)
    names = unit_paths(scored)
    return {
        names[str(unit.row["unit_id"])]: _workbook(scored, unit, headings, facts) for unit in _results(scored, past)
    }


def unit_paths(scored: Scored) -> dict[str, str]:
    """unit_id -> path of the unit's workbook inside the revision. Names that are alike on a disk get the unit's id."""
    ids, names = (list(map(str, scored.unit_scores[column])) for column in ("unit_id", "name"))
    # without diacritics, as all names of a revision: not every disk takes them
    plain = [disk_stem(without_diacritics(name)) for name in names]
    used = Counter(plain)
    stems = {u: n if used[n] == 1 else f"{n[:_NAME_LENGTH]} {u}" for u, n in zip(ids, plain, strict=True)}
    return {unit: f"{FOLDER}/{disk_stem(stem)}.xlsx" for unit, stem in stems.items()}


def _results(scored: Scored, past: Sequence[PublishedScores]) -> list[_UnitResult]:
    losses, forms = lost_points(scored), unit_forms(scored)
    places = {place.level: place for place in level_places(scored)}
    findings: dict[str, list[Row]] = {}
    for finding in records(scored.findings):
        if finding["severity"] != "notice" and finding["unit_id"]:
            findings.setdefault(str(finding["unit_id"]), []).append(finding)
    results = []
    for row in records(scored.unit_scores):
        unit = str(row["unit_id"])
        mine = [(quarter, quarter.scores[unit]) for quarter in past if unit in quarter.scores]
        ordered = sorted(losses.get(unit, ()), key=lambda x: (x.lost is None, -(x.lost or 0.0)))
        place = places.get(str(row["level"])) if row["rank"] is not None else None
        results.append(_UnitResult(row, place, ordered, forms.get(unit), findings.get(unit, []), mine))
    return results


def _workbook(scored: Scored, unit: _UnitResult, headings: SheetHeadings, facts: Sequence[str]) -> bytes:
    workbook, book = new_workbook(), scored.rulebook
    assert book is not None  # the caller makes none without a rulebook
    sheet = SheetWriter(workbook, _RESULT, _WIDTHS)
    title = f"KẾT QUẢ CHẤM ĐIỂM GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH\n{scored.checked.period.name.upper()}"
    lines = [
        (title, TITLE),
        (str(unit.row["name"]), LINE.with_(bold=True, horizontal="center", size=13)),
        *((line, LINE) for line in _summary(unit, book.rounding.print_places)),
        *((fact, LINE.with_(size=11, italic=True)) for fact in facts),
    ]
    row = sheet.put_lines(lines, len(_WIDTHS)) + 1
    row = _losses(sheet, row, unit, book.rounding.print_places)
    row = _findings(sheet, row, unit.findings)
    row = _past(sheet, row, unit, scored, book.rounding.print_places)
    sheet.fit()
    set_up_page(sheet.ws, landscape=True)
    set_tab(sheet.ws, "score")
    if unit.form is not None:
        under = f"(Theo kết quả chấm điểm {scored.checked.period.name})"
        write_level_form(workbook, unit.form, _FORM, under, headings, book.rounding)
    workbook.active = 0
    workbook.properties.title = f"{unit.row['name']}: kết quả chấm điểm {scored.checked.period.name}"
    workbook.properties.creator = ""
    return deterministic_xlsx(workbook)


def _summary(unit: _UnitResult, places: int) -> list[str]:
    """Score, class and place in the level; or why the unit has none."""
    row = unit.row

    def points(value: float) -> str:
        return vn_decimal(value, score_decimals(value, places))

    if row["total"] is None:
        return [as_sentence(upper_first(not_scored_reason(row) or "chưa được chấm điểm trong kỳ này"))]
    lines = [f"Tổng điểm: {points(row['total'])} trên tối đa {points(row['total_max'])} điểm."]
    if row["officer_average"] is not None:
        most = points(row["officer_average_max"])
        lines.append(f"Điểm trung bình công chức, viên chức: {points(row['officer_average'])} trên tối đa {most} điểm.")
    if row["class_printed"]:
        lines.append(f"Phân loại: {row['class_printed']}.")
    if unit.place is not None:
        place = unit.place
        lines.append(
            f"Xếp thứ {vn_int(int(row['rank']))} trong {vn_int(len(place.units))} đơn vị được xếp hạng của "
            f"“{place.name}”; cao nhất {points(place.highest)}, thấp nhất {points(place.lowest)} điểm."
        )
    lost = [x for x in unit.losses if x.lost]
    if lost:
        shown = "; ".join(f"{x.number}. {x.label} ({points(x.lost or 0.0)} điểm)" for x in lost[:3])
        lines.append(f"Mất điểm nhiều nhất ở: {shown}.")
    elif unit.losses:
        lines.append("Không mất điểm ở tiêu chí nào được tính.")
    return lines


def _heading(sheet: SheetWriter, row: int, title: str, heads: Mapping[str, int]) -> int:
    """A title and a row of headings. `heads`: heading -> columns it covers. Returns the next row."""
    sheet.put(row, 1, title, SECTION, columns=len(_WIDTHS))
    column = 1
    for head, columns in heads.items():
        sheet.put(row + 1, column, head, HEAD.with_(size=11), columns=columns)
        column += columns
    return row + 2


def _losses(sheet: SheetWriter, row: int, unit: _UnitResult, places: int) -> int:
    """A row a criterion, most lost points first. Returns the next free row."""
    if not unit.losses:
        return row
    heads = {"TC": 1, "Tiêu chí": 1, "Tối đa": 1, "Điểm": 1, "Mất": 1, "Cách tính": 1, "Giải thích": 1}
    row = _heading(sheet, row, "Điểm từng tiêu chí, mất nhiều xếp trước", heads)
    for loss in unit.losses:
        sheet.put(row, 1, loss.number, CENTER)
        sheet.put(row, 2, loss.label, BODY)
        for column, value in ((3, loss.max_points), (4, loss.printed), (5, loss.lost)):
            shown = CENTER.with_(number=score_format(value, places), bold=column == 5 and bool(value))
            sheet.put(row, column, "–" if value is None else value, shown)
        sheet.put(row, 6, loss.how, NOTE)
        sheet.put(row, 7, loss.why, NOTE)
        row += 1
    return row + 1


def _findings(sheet: SheetWriter, row: int, findings: Sequence[Row]) -> int:
    """Errors and warnings about the unit alone. Returns the next free row."""
    if not findings:
        return row
    heads = {"Mức": 1, "Nội dung": 4, "Việc cần làm": 1, "Vị trí": 1}
    row = _heading(sheet, row, "Điều cần xem lại trong số liệu", heads)
    for finding in findings:
        sheet.put(row, 1, SEVERITY_NAMES[str(finding["severity"])], NOTE)
        sheet.put(row, 2, finding["message"], NOTE, columns=4)
        sheet.put(row, 6, finding["action"], NOTE)
        sheet.put(row, 7, place_text(finding["file"], finding["sheet"], finding["cell"]), NOTE)
        row += 1
    return row + 1


def _past(sheet: SheetWriter, row: int, unit: _UnitResult, scored: Scored, places: int) -> int:
    """The totals of the quarters before and of this one, oldest first, with a chart. Returns the next free row.

    Nothing where no earlier quarter was published.
    """
    if not unit.past:
        return row
    heads = {"Kỳ": 2, "Tổng điểm": 1, "Tối đa": 1, "Hạng": 1, "Phân loại": 1, "Bản": 1}
    row = _heading(sheet, row, "Các kỳ trước", heads)
    head = row - 1
    now = unit.row
    lines = [(q.period, s.total, s.most, s.rank, s.class_printed, q.revision) for q, s in unit.past]
    this = (scored.checked.period, now["total"], now["total_max"], now["rank"], now["class_printed"], "kỳ này")
    for period, total, most, rank, grade, revision in (*lines, this):
        sheet.put(row, 1, upper_first(period.name), BODY, columns=2)
        for column, value in ((3, total), (4, most)):
            sheet.put(row, column, "–" if value is None else value, CENTER.with_(number=score_format(value, places)))
        sheet.put(row, 5, rank, CENTER)
        sheet.put(row, 6, grade, CENTER)
        sheet.put(row, 7, revision, CENTER)
        row += 1
    if None not in [total for _, total, *_ in (*lines, this)]:
        area = ChartArea(1, 3, 3, head, row - 1)
        add_line(sheet.ws, f"A{row + 1}", _trend_title(unit), area, size=(16.0, 7.0))
    return row + 1


def _trend_title(unit: _UnitResult) -> str:
    """`Phòng A: 15,63 điểm, tăng 0,40 so với quý IV năm 2021`. Both have a total."""
    quarter, before = unit.past[-1]
    now = float(unit.row["total"])
    change = round(now - (before.total or 0.0), 6)
    how = f"{'tăng' if change > 0 else 'giảm'} {vn_decimal(abs(change), 2, trim=True)}" if change else "không đổi"
    total = vn_decimal(now, 2, trim=True)
    return f"{short_name(unit.row['name'])}: {total} điểm, {how} so với {quarter.period.name}"
