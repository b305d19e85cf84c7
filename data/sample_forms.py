"""The forms bo-sung, dieu-chinh and tu-cham of the sample, filled in with what Báo cáo 85 prints or implies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from sample_texts import DOCUMENTS, FIELDS

from pipeline.forms.catalogue import BOX, BOX_NAME, form_catalogue, match_option
from pipeline.load.excel.xlsx_bytes import deterministic_xlsx
from pipeline.load.forms.analyst_forms import form_workbooks
from pipeline.load.forms.fill_form import Entry, fill_form
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from schemas.measures import COUNT_NAMES, DISCLOSURE_NAMES, MEASURE_NAMES
from schemas.rulebook import Rulebook

Table = Sequence[Mapping[str, str]]
#: units whose criteria 3 and 4 imply how their late dossiers were handled: several contacts, or one
MORE = {"quan-ly-do-thi", "tai-nguyen-moi-truong"}
ONCE = {"nam-thanh"}
#: justified complaints that criterion 5 of Nam Thanh implies: one for each late dossier
COMPLAINTS = {"nam-thanh": 27}
#: change of a unit's resolved dossiers by its correction
CORRECTED = {"pa-khoang": -3}
COMMUNE_PROCEDURES = 157
#: STT as printed: the city's list has no 7
PRINTED_STT = {"thanh-tra": 8, "van-hoa-thong-tin": 9, "noi-vu": 10, "giao-duc": 11}
RULEBOOK = "qd-1187-2019"
NATIONAL = "tt-01-2018"
INFERRED = "Suy luận từ báo cáo"
MADE = "Dữ liệu dựng"
#: the levels' rows of the supplement: figures of the two forms “Biểu mẫu 03” and of their notes
LEVELS: dict[str, dict[str, Entry]] = {
    "huyen": {
        "contacted_never": 2731,
        "contacted_once": 68,
        "contacted_more": 0,
        "agencies_none": 2731,
        "agencies_one": 68,
        "agencies_more": 0,
        "procedures_total": 298,
        "procedures_at_desk": 298,
        "procedures_appraised_at_desk": 298,
        "petitions_received": 0,
        "petitions_on_time": 0,
        "petitions_prolonged": 0,
        "procedures_level3": 11,
        "procedures_level4": 57,
        "eligible_received": 1661,
        "eligible_carried_over": 147,
        "eligible_direct": 1156,
        "eligible_online": 358,
        "eligible_resolved": 1537,
        "eligible_early": 1505,
        "eligible_on_time": 0,
        "eligible_late": 32,
    },
    "xa": {
        "contacted_never": 7821,
        "contacted_once": 38,
        "contacted_more": 0,
        "agencies_none": 7821,
        "agencies_one": 38,
        "agencies_more": 0,
        "procedures_total": 157,
        "procedures_at_desk": 157,
        "procedures_appraised_at_desk": 157,
        "petitions_received": 27,
        "petitions_on_time": 27,
        "petitions_prolonged": 0,
        "procedures_level3": 5,
        "procedures_level4": 12,
        "eligible_received": 533,
        "eligible_carried_over": 9,
        "eligible_direct": 362,
        "eligible_online": 162,
        "eligible_resolved": 529,
        "eligible_early": 513,
        "eligible_on_time": 0,
        "eligible_late": 19,
        "eligible_pending": 1,
    },
}
LEVEL_NOTES = {
    "huyen": (
        "Biểu mẫu 03 (TP): số lần liên hệ, số cơ quan; số TTHC và hồ sơ của TTHC trực tuyến theo ghi chú tiêu chí 9. "
        f"{INFERRED}: phản ánh bằng 0 (tiêu chí 5 bằng 2,00; tiêu chí 8 đánh dấu ô 2 điểm), 298/298 TTHC tại Một cửa "
        f"(tiêu chí 6, ô 100 %), đúng hạn 0. {MADE}: TTHC thẩm định tại Một cửa, không thuộc đối tượng."
    ),
    "xa": (
        "Biểu mẫu 03 (xã phường): số lần liên hệ, số cơ quan; số TTHC và hồ sơ của TTHC trực tuyến theo ghi chú "
        f"tiêu chí 9, kể cả 09 hồ sơ kỳ trước và 529 đã giải quyết như in. {INFERRED}: phản ánh về thái độ bằng 0 "
        "(tiêu chí 5 bỏ hồ sơ quá hạn khỏi mẫu số), 27 phản ánh xử lý đúng hạn là của phường Nam Thanh, 157/157 TTHC "
        f"tại Một cửa, đúng hạn 0. {MADE}: TTHC thẩm định tại Một cửa, không thuộc đối tượng."
    ),
}


def forms_of_report(
    period: Period,
    index: UnitIndex,
    rulebooks: Mapping[str, Rulebook],
    units: Table,
    levels: Table,
    printed: Table,
) -> dict[str, bytes]:
    """File name -> bytes of the three forms. The report gives no numbers for the form of explanations.

    `units`, `levels`, `printed`: rows of the CSV files in data/reference.
    """
    files = {f.id: f.file for f in form_catalogue().forms if f.id in ("BS", "DC", "TC")}
    made = form_workbooks(period, index, rulebooks)
    books = {name: made[name] for name in files.values()}
    supplement, corrections, self_scores = (books[files[form]] for form in ("BS", "DC", "TC"))
    scored = [u for u in units if u["c1"]]
    rows = [_level_row(i, index.names[i]) for i in LEVELS] + [_unit_row(u, index) for u in scored]
    fill_form(supplement, "BS-01", rows)
    fill_form(supplement, "BS-02", list(_assessed(scored, index, rulebooks)))
    fill_form(supplement, "BS-03", list(_officers(units, index)))
    fill_form(supplement, "BS-04", DOCUMENTS)
    fill_form(supplement, "BS-05", FIELDS)
    fill_form(corrections, "DC-01", [_correction(index)])
    fill_form(self_scores, "TC-01", [_printed_row(row, index) for row in (*levels, *units)])
    fill_form(self_scores, "TC-02", [_printed_figure(row, index, rulebooks) for row in printed])
    return {name: deterministic_xlsx(book) for name, book in books.items()}


def _level_row(level: str, name: str) -> dict[str, Entry]:
    complaints: dict[str, Entry] = {"complaints_early": 0, "complaints_on_time": 0, "complaints_late": 0}
    desk: dict[str, Entry] = {"procedures_exempt": 0, "disclosure": DISCLOSURE_NAMES["both"]}
    return {"unit": name, **LEVELS[level], **complaints, **desk, "note": LEVEL_NOTES[level]}


def _unit_row(unit: Mapping[str, str], index: UnitIndex) -> dict[str, Entry]:
    """The row of a unit with contacts, agencies and complaints that give its printed criteria 3, 4 and 5."""
    key = unit["unit_key"]
    late = int(unit["resolved_late"])
    resolved = sum(int(unit[m]) for m in ("resolved_early", "resolved_on_time")) + late + CORRECTED.get(key, 0)
    more, once = (late if key in MORE else 0), (late if key in ONCE else 0)
    complaints = COMPLAINTS.get(key, 0)
    row: dict[str, Entry] = {"unit": index.names[key]}
    row |= {"contacted_never": resolved - once - more, "contacted_once": once, "contacted_more": more}
    row |= {"agencies_none": resolved - once - more, "agencies_one": once, "agencies_more": more}
    row |= {"complaints_early": 0, "complaints_on_time": 0, "complaints_late": complaints}
    row |= {"petitions_received": complaints, "petitions_on_time": complaints, "petitions_prolonged": 0}
    row |= {"disclosure": DISCLOSURE_NAMES["both"]}
    notes = [
        f"{INFERRED}: số lần liên hệ, số cơ quan (tiêu chí 3, 4), phản ánh (tiêu chí 5, 8), công khai (tiêu chí 7)."
    ]
    if unit["level"] == "xa":
        row |= dict.fromkeys(
            ("procedures_total", "procedures_at_desk", "procedures_appraised_at_desk"), COMMUNE_PROCEDURES
        )
        row |= {"procedures_exempt": 0}
        notes.append("Số TTHC của cấp xã theo Biểu mẫu 03: 157, tiếp nhận 100 % tại Một cửa (tiêu chí 6).")
        notes.append(f"{MADE}: TTHC thẩm định tại Một cửa, không thuộc đối tượng.")
    if key in CORRECTED:
        notes.append("Cộng theo số đã giải quyết sau điều chỉnh (700).")
    if complaints:
        notes.append("27 hồ sơ quá hạn tính 0 điểm ở tiêu chí 5, tiêu chí 8 đạt 2: 27 phản ánh, xử lý đúng hạn.")
    return {**row, "note": " ".join(notes)}


def _assessed(units: Table, index: UnitIndex, rulebooks: Mapping[str, Rulebook]) -> Iterator[dict[str, Entry]]:
    """Options assessed by hand under each rulebook: `desk` of the city's units, `online` of two communes."""
    for rulebook in (rulebooks[RULEBOOK], rulebooks[NATIONAL]):
        for unit in units:
            if unit["level"] == "huyen":
                yield _option(unit, index, rulebook, "desk", unit["c6"], _desk_reason(rulebook, unit["c6"]))
        for unit in units:
            if unit["unit_key"] in ("muong-thanh", "pa-khoang"):
                share = f"{int(unit['received_online'])} hồ sơ trực tuyến"
                reason = (
                    f"{INFERRED}: Báo cáo 85 in 2 điểm, với {share} thì số liệu cho 0 điểm; có thể điểm được "
                    "đánh giá trên số liệu khác."
                )
                yield _option(unit, index, rulebook, "online", unit["c9"], reason)


def _desk_reason(rulebook: Rulebook, points: str) -> str:
    if rulebook.id == RULEBOOK:
        return f"{INFERRED}: Báo cáo 85 in {points} điểm; số TTHC riêng của đơn vị không in."
    return f"{MADE}: theo mức Báo cáo 85 in ({points} điểm, QĐ 1187); số TTHC riêng của đơn vị không in."


def _option(
    unit: Mapping[str, str], index: UnitIndex, rulebook: Rulebook, criterion: str, points: str, reason: str
) -> dict[str, Entry]:
    found = next(c for c in rulebook.criteria if c.id == criterion)
    option = match_option(points, found, unit["level"]) or match_option(f"{points} điểm", found, unit["level"])
    if not option:
        raise ValueError(f"{rulebook.id}: {criterion} has no option of {points} points")
    name = index.names[unit["unit_key"]]
    entry: dict[str, Entry] = {"unit": name, "rulebook": rulebook.id, "criterion": found.label}
    return {**entry, "option": option, "reason": reason, "source": "Báo cáo 85/BC-UBND, bảng kết quả"}


def _officers(units: Table, index: UnitIndex) -> Iterator[dict[str, Entry]]:
    """Biểu mẫu 01 without real names: three officers of the city's desk, then a line a commune with its name."""
    position = "Bộ phận tiếp nhận & Trả kết quả"
    for number, score in enumerate((10, 9.96, 9.88), 1):
        note = "Họ tên thay bằng số thứ tự; điểm theo Biểu mẫu 01"
        officer: dict[str, Entry] = {"stt": number, "officer": f"Công chức {number}"}
        yield {**officer, "unit": index.names["huyen"], "position": position, "score": score, "note": note}
    for number, unit in enumerate((u for u in units if u["level"] == "xa"), 1):
        name = index.names[unit["unit_key"]]
        yield {"stt": number, "officer": name, "unit": name, "position": position}


def _correction(index: UnitIndex) -> dict[str, Entry]:
    return {
        "correction_id": "DC-01",
        "unit": index.names["pa-khoang"],
        "measure": COUNT_NAMES["resolved_early"],
        "expected": 28,
        "value": 25,
        "reason": (
            f"{INFERRED}: tiếp nhận 701 hồ sơ nhưng 28 + 675 + 1 = 704; 28 là số trực tuyến chép sang ô trước hạn; "
            "trước hạn 25 cho đúng tổng 701 và điểm 15,11; 7,11 đã in"
        ),
        "approver": f"({MADE}: báo cáo không nêu người phê duyệt)",
        "approved_on": dt.date(2022, 3, 18),
        "note": f"{MADE}: người và ngày phê duyệt; ngày lấy theo ngày báo cáo.",
    }


def _printed_row(row: Mapping[str, str], index: UnitIndex) -> dict[str, Entry]:
    """The printed criteria, total, ĐTB CCVC and class of a unit or level; a score that is not printed stays blank."""
    key = row["unit_key"]
    entry: dict[str, Entry] = {"unit": index.names[key]}
    if key in PRINTED_STT:
        entry["stt"] = PRINTED_STT[key]
    entry |= {str(n): float(row[f"c{n}"]) for n in range(1, 10) if row[f"c{n}"]}
    for column, source in (("total", "printed_total"), ("officer_average", "printed_officer_average")):
        if row.get(source):
            entry[column] = float(row[source])
    if row.get("printed_class"):
        entry["class"] = row["printed_class"]
    if key == "noi-vu":
        entry["note"] = "Không có hồ sơ phát sinh"
    elif key == "thanh-tra":
        entry["note"] = "Bản quét mất một ô trong tiêu chí 6 – 9; đọc theo tổng điểm 13,14"
    elif key in LEVELS:
        entry["note"] = row["note"]
    return entry


def _printed_figure(row: Mapping[str, str], index: UnitIndex, rulebooks: Mapping[str, Rulebook]) -> dict[str, Entry]:
    measure = row["measure"]
    if measure.startswith(BOX):
        criteria = {c.id: c.number for c in rulebooks[RULEBOOK].criteria}
        name = f"{BOX_NAME} {criteria[measure.removeprefix(BOX)]}"
    else:
        name = MEASURE_NAMES[measure]
    unit = index.names[row["unit_id"]] if row["unit_id"] else form_catalogue().whole_area[0]
    return {"unit": unit, "measure": name, "place": row["place"], "value": row["text"]}
