"""Reads the file of the registry of units (CSV or Excel) and refuses one that contradicts itself."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import pandas as pd
import pandera.errors

from pipeline.registry import frame_rows, name_key, row_keys
from pipeline.registry_table import COLUMNS, RegistryError, RegistryTable, registry_table
from schemas.frames import Registry

__all__ = ["RegistryError", "read_registry"]

#: column -> what its cells have to hold, in Vietnamese
_EXPECTED = {
    "unit_id": "chữ thường không dấu, số và dấu gạch nối, mỗi mã một dòng",
    "name": "tên đơn vị, không để trống",
    "kind": "unit, level hoặc ignore (đơn vị, cấp, bỏ qua)",
    "valid_from": "một ngày như 2025-06-30, hoặc để trống",
    "valid_to": "một ngày như 2025-06-30, hoặc để trống",
}


def read_registry(data: bytes, name: str = "") -> pd.DataFrame:
    """The frame `schemas.frames.Registry` from the bytes of a file: one row a unit, a level or an ignored name.

    The file is a CSV (UTF-8) or an Excel workbook; `name`: its name in messages. Headings are the names of the columns
    or Vietnamese ones. Raises RegistryError.
    """
    table = registry_table(data, name)
    frame = pd.DataFrame(list(table.rows), columns=COLUMNS, dtype="str")
    try:
        Registry.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        case = cases.iloc[0]
        column = str(case["column"])
        # the same value twice: both places
        same = cases.loc[(cases["column"] == column) & (cases["failure_case"] == case["failure_case"]), "index"]
        places = dict.fromkeys(table.place(int(index), column) for index in same.dropna())
        raise RegistryError(
            table.name,
            f"giá trị không hợp lệ “{case['failure_case']}”",
            f"sửa ô này ({_EXPECTED.get(column, 'không để trống')})",
            "; ".join(places) or f"cột {column}",
        ) from None
    _refuse_contradictions(frame, table)
    return frame


def _refuse_contradictions(frame: pd.DataFrame, table: RegistryTable) -> None:
    """Raises RegistryError for dangling references, impossible dates, and levels without or with two rows."""
    rows = frame_rows(frame)
    ids = {row["unit_id"] for row in rows}
    levels = [row["level"] for row in rows if row["kind"] == "level"]
    for number, row in enumerate(rows):
        for column in ("parent", "successor"):
            if row[column] and row[column] not in ids:
                raise RegistryError(
                    table.name,
                    f"{row['unit_id']}: {column} “{row[column]}” không có trong danh mục",
                    f"sửa cột {column} thành mã (cột unit_id) của một dòng đang có, thêm dòng đó, hoặc xoá ô này",
                    table.place(number, column),
                )
        for column in ("valid_from", "valid_to"):
            if row[column] and not _is_day(row[column]):
                raise RegistryError(
                    table.name,
                    f"{row['unit_id']}: {column} “{row[column]}” không phải một ngày",
                    "ghi lại ngày như 2025-06-30, hoặc xoá ô này nếu không có ngày",
                    table.place(number, column),
                )
        if row["valid_from"] and row["valid_to"] and row["valid_to"] < row["valid_from"]:
            raise RegistryError(
                table.name,
                f"{row['unit_id']}: hết hiệu lực {row['valid_to']} trước khi có {row['valid_from']}",
                "sửa hai ngày ở các cột valid_from, valid_to của dòng này",
                table.place(number, "valid_to"),
            )
        _refuse_false_origin(number, rows, table)
        if row["kind"] == "ignore":
            continue
        if not row["level"]:
            raise RegistryError(
                table.name,
                f"{row['unit_id']}: thiếu cấp (cột level)",
                "ghi cấp của đơn vị ở cột level của dòng này",
                table.place(number, "level"),
            )
        if row["level"] not in levels:
            raise RegistryError(
                table.name,
                f"cấp “{row['level']}” chưa có dòng kind = level",
                "thêm dòng của cấp này, hoặc sửa cột level của các đơn vị ghi cấp này",
                table.place(number, "level"),
            )
    repeated = [n for n, row in enumerate(rows) if row["kind"] == "level" and levels.count(row["level"]) > 1]
    if repeated:
        raise RegistryError(
            table.name,
            f"cấp “{rows[repeated[0]]['level']}” được khai hai lần",
            "giữ một dòng kind = level của cấp này, xoá dòng kia",
            "; ".join(table.place(number, "level") for number in repeated),
        )
    _refuse_shared_names(rows, table)
    _refuse_shared_codes(rows, table)


def _refuse_false_origin(number: int, rows: list[dict[str, str]], table: RegistryTable) -> None:
    """Raises RegistryError for a unit that was formed on no day, or from a unit that did not end before that day.

    What a name meant before a merger is another unit: one row with one id would join its figures with the new unit's.
    """
    row = rows[number]
    origins = {name_key(written) for written in row["formed_from"].split(";")} - {""}
    if not origins:
        return
    if not row["valid_from"]:
        raise RegistryError(
            table.name,
            f"{row['unit_id']}: có đơn vị cũ (cột formed_from) mà không có ngày thành lập",
            "ghi ngày đơn vị mới có hiệu lực ở cột valid_from; đơn vị cũ, kể cả đơn vị trùng tên, là dòng riêng với mã "
            "riêng",
            table.place(number, "valid_from"),
        )
    for other, former in enumerate(rows):
        if other == number or not origins & {*row_keys(former), former["unit_id"]}:
            continue
        began = former["valid_from"] >= row["valid_from"]  # a new unit that has an old unit's name
        if not began and (not former["valid_to"] or former["valid_to"] >= row["valid_from"]):
            raise RegistryError(
                table.name,
                f"{row['unit_id']} có từ ngày {row['valid_from']}, hình thành từ {former['unit_id']}, mà đơn vị này "
                "vẫn còn hiệu lực khi đó",
                "ghi ngày cuối cùng của đơn vị cũ ở cột valid_to, hoặc sửa cột formed_from",
                f"{table.place(other, 'valid_to')}; {table.place(number, 'formed_from')}",
            )


def _refuse_shared_codes(rows: list[dict[str, str]], table: RegistryTable) -> None:
    """Raises RegistryError where one code of the portal is two units'."""
    first: dict[str, int] = {}
    for number, row in enumerate(rows):
        code = row["code"].casefold()
        if code and first.setdefault(code, number) != number:
            raise RegistryError(
                table.name,
                f"mã “{row['code']}” ghi cho hai đơn vị: {rows[first[code]]['unit_id']} và {row['unit_id']}",
                "sửa cột code của một trong hai; chưa rõ mã thì để trống",
                f"{table.place(first[code], 'code')}; {table.place(number, 'code')}",
            )


def _refuse_shared_names(rows: list[dict[str, str]], table: RegistryTable) -> None:
    """Raises RegistryError where one name means two rows whose validity overlaps."""
    owners: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        for key in row_keys(row):
            for earlier in owners[key]:
                other = rows[earlier]
                apart = (other["valid_to"] and row["valid_from"] and row["valid_from"] > other["valid_to"]) or (
                    row["valid_to"] and other["valid_from"] and other["valid_from"] > row["valid_to"]
                )
                if not apart:
                    both = f"{other['unit_id']} và {row['unit_id']}"
                    raise RegistryError(
                        table.name,
                        f"tên “{key}” chỉ hai đơn vị cùng thời gian: {both}",
                        "sửa tên hoặc tên khác (cột aliases) của một trong hai; đơn vị này thay đơn vị kia thì ghi "
                        "ngày ở valid_to của đơn vị trước và valid_from của đơn vị sau",
                        f"{table.place(earlier, 'name')}; {table.place(number, 'name')}",
                    )
            owners[key].append(number)


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True
