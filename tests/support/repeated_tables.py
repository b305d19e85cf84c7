"""Files that show the same dossiers more than once, made from true counts: wholes and parts, months, copies.

One `random.Random(seed)` decides everything, so a failing period can be made again from its kind and seed.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook
from workbooks import saved

NAMES = {"phong-a": "Phòng A", "phong-b": "Phòng B", "phong-c": "Phòng C", "xa-d": "Xã D", "xa-e": "Xã Đông Ê"}
OFFICES, COMMUNES = ("phong-a", "phong-b", "phong-c"), ("xa-d", "xa-e")
FIELDS = ("Hộ tịch", "Chứng thực", "Đất đai", "Bảo trợ xã hội", "Người có công")
#: label and measure of each count column
COLUMNS = (
    ("Tổng số tiếp nhận", "received_total"),
    ("Tiếp nhận từ kỳ trước", "carried_over"),
    ("Tiếp nhận trong kỳ", "received_in_period"),
    ("Tổng số đã giải quyết", "resolved_total"),
    ("Đã giải quyết trước hạn", "resolved_early"),
    ("Đã giải quyết đúng hạn", "resolved_on_time"),
    ("Đã giải quyết quá hạn", "resolved_late"),
    ("Tổng số đang giải quyết", "pending_total"),
    ("Đang giải quyết trong hạn", "pending_in_time"),
    ("Đang giải quyết quá hạn", "pending_overdue"),
)
FEW = tuple(c for c in COLUMNS if c[1] not in {"carried_over", "received_in_period", "resolved_total"})
QUARTER = "Kỳ báo cáo: Quý I năm 2022"
TITLE = "TỔNG HỢP KẾT QUẢ GIẢI QUYẾT TTHC"
Counts = dict[str, int]
ByUnit = dict[str, Counts]
Row = list[Any]


@dataclass
class Case:
    """Files of one period, and what a careful reader takes from them: unit -> measure -> number."""

    files: dict[str, bytes]
    truth: ByUnit
    #: units that nobody can decide: they must not be counted
    refused: frozenset[str] = frozenset()
    #: whether the units that are not refused must be counted: the numbers prove it
    readable: bool = True
    options: list[str] = field(default_factory=list)


def numbers(rng: random.Random, carried: int | None = None) -> Counts:
    """One row whose identities hold."""
    carried = rng.randint(1, 30) if carried is None else carried
    came = rng.randint(5, 300)
    overdue, late = rng.randint(0, 4), rng.randint(0, 9)
    in_time = rng.randint(0, max(0, carried + came - overdue - late) // 4)
    resolved = carried + came - overdue - in_time
    early = rng.randint(0, resolved - late)
    return {
        "received_total": carried + came, "carried_over": carried, "received_in_period": came,
        "resolved_total": resolved, "resolved_early": early, "resolved_on_time": resolved - late - early, "resolved_late": late,
        "pending_total": in_time + overdue, "pending_in_time": in_time, "pending_overdue": overdue,
    }  # fmt: skip


def added(parts: Sequence[Counts]) -> Counts:
    """The sums of rows."""
    return {m: sum(p[m] for p in parts) for m in parts[0]}


def summed(parts: Sequence[ByUnit]) -> ByUnit:
    """The sums of tables with the same units."""
    return {u: added([p[u] for p in parts]) for u in parts[0]}


def drawn(rng: random.Random, units: Sequence[str] = tuple(NAMES)) -> ByUnit:
    """Random rows of some units."""
    return {u: numbers(rng) for u in units}


def table(rng: random.Random, counts: ByUnit, columns: Sequence[tuple[str, str]] = COLUMNS) -> list[Row]:
    """Header and rows of a table by unit, with or without a total row."""
    rows: list[Row] = [["STT", "Đơn vị", *(label for label, _ in columns)]]
    rows += [[i, NAMES[u], *(c[m] for _, m in columns)] for i, (u, c) in enumerate(counts.items(), 1)]
    if rng.random() < 0.4:
        total = added(list(counts.values()))
        rows.append([None, "Tổng số", *(total[m] for _, m in columns)])
    return rows


def book(sheets: Mapping[str, Sequence[Row]]) -> bytes:
    """A workbook of these sheets."""
    result = Workbook()
    result.remove(result.worksheets[0])
    for name, rows in sheets.items():
        sheet = result.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(result)


def stacked(rng: random.Random, top: Sequence[str], blocks: Sequence[tuple[str, ByUnit]]) -> list[Row]:
    """A sheet with several tables, each under its caption."""
    rows: list[Row] = [[t] for t in top]
    for caption, counts in blocks:
        rows += [[caption], *table(rng, counts), []]
    return rows


def changed(counts: ByUnit, unit: str) -> ByUnit:
    """The table with another number of dossiers of one unit; its identities still hold."""
    row = counts[unit]
    more = {m: row[m] + 7 for m in ("received_total", "received_in_period", "resolved_total", "resolved_early")}
    return {**counts, unit: {**row, **more}}


def months_of(rng: random.Random) -> tuple[list[ByUnit], ByUnit]:
    """Three months that follow each other, and their quarter."""
    months: list[ByUnit] = []
    for _ in range(3):
        months.append({u: numbers(rng, months[-1][u]["pending_total"] if months else None) for u in NAMES})
    quarter = {}
    for u in NAMES:
        row = added([m[u] for m in months])
        row |= {"carried_over": months[0][u]["carried_over"]}
        row |= {m: months[-1][u][m] for m in ("pending_total", "pending_in_time", "pending_overdue")}
        row["received_total"] = row["carried_over"] + row["received_in_period"]
        quarter[u] = row
    return months, quarter


# --- kinds ------------------------------------------------------------------------------------------------------------


def channels_and_sum(rng: random.Random) -> Case:
    online, direct = drawn(rng), drawn(rng)
    whole = summed([online, direct])
    last = rng.choice(["III. Tổng hợp", "III. Tổng cộng (I + II)", "III. Toàn bộ hồ sơ"])
    blocks = [("I. Hồ sơ trực tuyến", online), ("II. Hồ sơ trực tiếp, bưu chính", direct), (last, whole)]
    if rng.random() < 0.3:
        blocks = [("I. Tổng hợp", whole), ("II. Hồ sơ trực tuyến", online), ("III. Hồ sơ trực tiếp", direct)]
    return Case({"kenh.xlsx": book({"Sheet1": stacked(rng, [TITLE, QUARTER], blocks)})}, whole)


def channels_that_contradict_their_sum(rng: random.Random) -> Case:
    online, direct = drawn(rng), drawn(rng)
    whole = changed(summed([online, direct]), "xa-d")
    blocks = [("I. Hồ sơ trực tuyến", online), ("II. Hồ sơ trực tiếp", direct), ("III. Tổng hợp", whole)]
    return Case({"a.xlsx": book({"Sheet1": stacked(rng, [TITLE, QUARTER], blocks)})}, {}, frozenset(NAMES))


def channel_sheets_and_all(rng: random.Random) -> Case:
    online, direct = drawn(rng), drawn(rng)
    whole = summed([online, direct])
    sheets = {"Trực tuyến": online, "Trực tiếp": direct, rng.choice(["Tổng hợp", "Tất cả", "TH"]): whole}
    data = book({name: [[TITLE], [QUARTER], *table(rng, c)] for name, c in sheets.items()})
    return Case({"a.xlsx": data}, whole)


def both_channels_only(rng: random.Random) -> Case:
    online, direct = drawn(rng), drawn(rng)
    blocks = [("I. Hồ sơ trực tuyến", online), ("II. Hồ sơ trực tiếp và bưu chính", direct)]
    return Case({"a.xlsx": book({"Sheet1": stacked(rng, [TITLE, QUARTER], blocks)})}, summed([online, direct]))


def a_file_for_each_channel(rng: random.Random) -> Case:
    online, direct = drawn(rng), drawn(rng)
    filters = {"truc-tuyen.xlsx": "Hình thức tiếp nhận: Trực tuyến", "truc-tiep.xlsx": "Hình thức tiếp nhận: Trực tiếp"}
    files = {
        name: book({"Sheet1": [[TITLE], [QUARTER], [title], *table(rng, counts)]})
        for (name, title), counts in zip(filters.items(), (online, direct), strict=True)
    }
    return Case(files, summed([online, direct]))


def channels_of_other_fields_beside(rng: random.Random) -> Case:
    titles = ("Hồ sơ trực tuyến", "Hồ sơ trực tiếp", "Hồ sơ đất đai")
    files = {f"{i}.xlsx": book({"Sheet1": [[t], [QUARTER], *table(rng, drawn(rng))]}) for i, t in enumerate(titles)}
    files["1.xlsx"] = book(
        {
            "Sheet1": [[titles[1]], [QUARTER], *table(rng, drawn(rng))],
            "Sheet2": [["Lĩnh vực: Đất đai"], [QUARTER], *table(rng, drawn(rng))],
        }
    )
    return Case(files, {}, frozenset(NAMES))


def one_channel_only(rng: random.Random) -> Case:
    rows = stacked(rng, [TITLE, QUARTER], [("Hồ sơ trực tuyến", drawn(rng))])
    return Case({"a.xlsx": book({"Sheet1": rows})}, {}, frozenset(NAMES))


def online_in_two_levels_only(rng: random.Random) -> Case:
    blocks = [("I. Hồ sơ toàn trình", drawn(rng)), ("II. Hồ sơ trực tiếp", drawn(rng))]
    return Case({"a.xlsx": book({"Sheet1": stacked(rng, [TITLE, QUARTER], blocks)})}, {}, frozenset(NAMES))


def summary_and_details(rng: random.Random) -> Case:
    fields = rng.sample(FIELDS, 3)
    of_field = {u: [numbers(rng) for _ in fields] for u in NAMES}
    whole = {u: added(rows) for u, rows in of_field.items()}
    details: list[Row] = [["STT", "Đơn vị", "Lĩnh vực", *(label for label, _ in COLUMNS)]]
    for u, rows in of_field.items():
        details += [[len(details), NAMES[u], f, *(c[m] for _, m in COLUMNS)] for f, c in zip(fields, rows, strict=True)]
    sheets = {"Tổng hợp": [[TITLE], [QUARTER], *table(rng, whole)], "Chi tiết": [["Chi tiết theo lĩnh vực"], *details]}
    return Case({"a.xlsx": book(sheets)}, whole)


def summary_and_a_sheet_a_unit(rng: random.Random) -> Case:
    sheets: dict[str, list[Row]] = {}
    whole: ByUnit = {}
    for u, name in NAMES.items():
        rows = [numbers(rng) for _ in range(3)]
        whole[u] = added(rows)
        head: Row = ["STT", "Lĩnh vực", *(label for label, _ in COLUMNS)]
        body = [[i, f, *(c[m] for _, m in COLUMNS)] for i, (f, c) in enumerate(zip(FIELDS, rows, strict=False), 1)]
        sheets[name] = [[f"Đơn vị báo cáo: {name}"], [QUARTER], head, *body]
    sheets = {"Tổng hợp": [[TITLE], [QUARTER], *table(rng, whole)], **sheets}
    return Case({"a.xlsx": book(sheets)}, whole)


def field_sheets_and_all(rng: random.Random) -> Case:
    fields = rng.sample(FIELDS, 3)
    parts = [drawn(rng) for _ in fields]
    whole = summed(parts)
    sheets = {f: [[TITLE], [QUARTER], *table(rng, c)] for f, c in zip(fields, parts, strict=True)}
    sheets[rng.choice(["Tổng cộng", "Tổng hợp"])] = [[TITLE], [QUARTER], *table(rng, whole)]
    return Case({"a.xlsx": book(sheets)}, whole)


def field_sheets_only(rng: random.Random) -> Case:
    sheets = {f: [[TITLE], [QUARTER], *table(rng, drawn(rng))] for f in rng.sample(FIELDS, 3)}
    return Case({"a.xlsx": book(sheets)}, {}, frozenset(NAMES))


def nameless_sheets_and_their_sum(rng: random.Random) -> Case:
    parts = [drawn(rng) for _ in range(rng.randint(2, 4))]
    sheets = {f"Sheet{i}": [[TITLE], *table(rng, c)] for i, c in enumerate([*parts, summed(parts)], 1)}
    return Case({"a.xlsx": book(sheets)}, summed(parts))


def nameless_sheets_that_do_not_add_up(rng: random.Random) -> Case:
    sheets = {f"Sheet{i}": [[TITLE], *table(rng, drawn(rng))] for i in range(1, 4)}
    return Case({"a.xlsx": book(sheets)}, {}, frozenset(NAMES))


def month_sheets_and_quarter(rng: random.Random) -> Case:
    months, quarter = months_of(rng)
    sheets = {f"Tháng {i}": [[TITLE], [f"Tháng {i} năm 2022"], *table(rng, m)] for i, m in enumerate(months, 1)}
    sheets["Quý I"] = [[TITLE], [QUARTER], *table(rng, quarter)]
    return Case({"a.xlsx": book(sheets)}, quarter)


def stacked_months_and_quarter(rng: random.Random) -> Case:
    months, quarter = months_of(rng)
    blocks = [(f"{i}. Tháng {i} năm 2022", m) for i, m in enumerate(months, 1)]
    blocks.append(("4. Quý I năm 2022", quarter))
    return Case({"a.xlsx": book({"Sheet1": stacked(rng, [TITLE], blocks)})}, quarter)


def stacked_months_and_the_rest_without_a_name(rng: random.Random) -> Case:
    months, quarter = months_of(rng)
    blocks = [(f"Tháng {i}", m) for i, m in enumerate(months, 1)] + [
        (rng.choice(["Cả quý", "Cộng", "Tổng hợp"]), quarter)
    ]
    return Case({"a.xlsx": book({"Sheet1": stacked(rng, [TITLE, QUARTER], blocks)})}, quarter)


def months_that_contradict_the_quarter(rng: random.Random) -> Case:
    months, quarter = months_of(rng)
    sheets = {f"Tháng {i}": [[f"Tháng {i} năm 2022"], *table(rng, m)] for i, m in enumerate(months, 1)}
    sheets["Quý I"] = [[QUARTER], *table(rng, changed(quarter, "xa-d"))]
    return Case({"a.xlsx": book(sheets)}, {}, frozenset(NAMES), options=["quý i"])


def two_months_and_the_quarter(rng: random.Random) -> Case:
    months, quarter = months_of(rng)
    sheets = {f"Tháng {i}": [[f"Tháng {i} năm 2022"], *table(rng, m)] for i, m in enumerate(months[:2], 1)}
    sheets["Quý I"] = [[QUARTER], *table(rng, quarter)]
    return Case({"a.xlsx": book(sheets)}, quarter)


def months_only(rng: random.Random) -> Case:
    months, _ = months_of(rng)
    sheets = {f"T{i}": [[f"Tháng {i} năm 2022"], *table(rng, m)] for i, m in enumerate(months, 1)}
    return Case({"a.xlsx": book(sheets)}, {}, frozenset(NAMES))


def the_quarter_before_beside(rng: random.Random) -> Case:
    this = drawn(rng)
    sheets = {
        "Quý IV-2021": [[TITLE], ["Quý IV năm 2021"], *table(rng, drawn(rng))],
        "Quý I-2022": [[TITLE], ["Quý I năm 2022"], *table(rng, this)],
    }
    return Case({"a.xlsx": book(sheets)}, this)


def two_equal_files(rng: random.Random) -> Case:
    counts = drawn(rng)
    files = {f"{n}.xlsx": book({"Sheet1": [[QUARTER], *table(rng, counts)], n: [["Ghi chú"]]}) for n in ("a", "b")}
    return Case(files, counts)


def two_files_that_differ_in_a_unit(rng: random.Random) -> Case:
    counts = drawn(rng)
    other = changed(counts, "phong-b")
    files = {
        f"{n}.xlsx": book({"Sheet1": [[QUARTER], *table(rng, c)]}) for n, c in (("so-bo", counts), ("chinh", other))
    }
    return Case(
        files, {u: c for u, c in counts.items() if u != "phong-b"}, frozenset(["phong-b"]), options=["bo so", "chinh"]
    )


def a_file_with_fewer_columns(rng: random.Random) -> Case:
    counts = drawn(rng)
    files = {
        "gon.xlsx": book({"Sheet1": [[QUARTER], *table(rng, counts, FEW)]}),
        "day-du.xlsx": book({"Sheet1": [[QUARTER], *table(rng, counts)]}),
    }
    return Case(files, counts)


def levels_and_all(rng: random.Random) -> Case:
    offices, communes = drawn(rng, OFFICES), drawn(rng, COMMUNES)
    whole = {**offices, **communes}
    sheets = {
        "Cấp huyện": [[TITLE], [QUARTER], *table(rng, offices)],
        "Cấp xã": [[TITLE], [QUARTER], *table(rng, communes)],
        "Tổng hợp": [[TITLE], [QUARTER], *table(rng, whole)],
    }
    return Case({"a.xlsx": book(sheets)}, whole)


def a_part_in_another_file(rng: random.Random) -> Case:
    part, rest = drawn(rng), drawn(rng)
    title = rng.choice(["KẾT QUẢ GIẢI QUYẾT HỒ SƠ ĐẤT ĐAI", "Lĩnh vực: Đất đai", "THỐNG KÊ HỒ SƠ LIÊN THÔNG"])
    files = {
        "mot-phan.xlsx": book({"Sheet1": [[title], [QUARTER], *table(rng, part)]}),
        "tat-ca.xlsx": book({"Sheet1": [[TITLE], [QUARTER], *table(rng, summed([part, rest]))]}),
    }
    return Case(files, summed([part, rest]))


def a_part_larger_than_the_whole(rng: random.Random) -> Case:
    counts, more = drawn(rng), drawn(rng)
    sheets = {
        "Sheet1": [["KẾT QUẢ GIẢI QUYẾT HỒ SƠ ĐẤT ĐAI"], [QUARTER], *table(rng, summed([counts, more]))],
        "Sheet2": [[TITLE], [QUARTER], *table(rng, counts)],
    }
    return Case({"a.xlsx": book(sheets)}, {}, frozenset(NAMES))


def a_title_that_narrows_all_blocks(rng: random.Random) -> Case:
    online, direct = drawn(rng), drawn(rng)
    top = [
        rng.choice(["TỔNG HỢP HỒ SƠ ĐẤT ĐAI", "Lĩnh vực: Đất đai", "KẾT QUẢ GIẢI QUYẾT HỒ SƠ LĨNH VỰC XÂY DỰNG"]),
        QUARTER,
    ]
    blocks = [("I. Hồ sơ trực tuyến", online), ("II. Hồ sơ trực tiếp", direct)]
    if rng.random() < 0.7:
        blocks.append(("III. Tổng hợp", summed([online, direct])))
    return Case({"a.xlsx": book({"Sheet1": stacked(rng, top, blocks)})}, {}, frozenset(NAMES))


KINDS: dict[str, Callable[[random.Random], Case]] = {
    kind.__name__: kind
    for kind in (
        *(
            channels_and_sum,
            channels_that_contradict_their_sum,
            channel_sheets_and_all,
            both_channels_only,
            one_channel_only,
        ),
        *(
            online_in_two_levels_only,
            summary_and_details,
            summary_and_a_sheet_a_unit,
            field_sheets_and_all,
            field_sheets_only,
        ),
        *(nameless_sheets_and_their_sum, nameless_sheets_that_do_not_add_up, month_sheets_and_quarter),
        *(
            two_months_and_the_quarter,
            stacked_months_and_the_rest_without_a_name,
            stacked_months_and_quarter,
            months_that_contradict_the_quarter,
            months_only,
            the_quarter_before_beside,
        ),
        *(two_equal_files, two_files_that_differ_in_a_unit, a_file_with_fewer_columns, levels_and_all),
        *(a_part_in_another_file, a_part_larger_than_the_whole, a_title_that_narrows_all_blocks),
    )
}


def make(kind: str, seed: int) -> Case:
    """The period of a kind and a seed."""
    return KINDS[kind](random.Random(f"{kind} {seed}"))
