"""Reads the file of the registry of units (CSV) and refuses one that contradicts itself."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections import defaultdict

import pandas as pd
import pandera.errors

from pipeline.registry import frame_rows, row_keys
from pipeline.text import nfc
from schemas.frames import Registry

COLUMNS = list(Registry.to_schema().columns)
_OPTIONAL = {"parent", "aliases", "valid_from", "valid_to", "successor", "note"}
#: column -> what its cells have to hold, in Vietnamese
_EXPECTED = {
    "unit_id": "chữ thường không dấu, số và dấu gạch nối, mỗi mã một dòng",
    "name": "tên đơn vị, không để trống",
    "kind": "unit, level hoặc ignore",
    "valid_from": "một ngày như 2025-06-30, hoặc để trống",
    "valid_to": "một ngày như 2025-06-30, hoặc để trống",
}
#: a date as Excel displays and saves it
_EXCEL_DATE = re.compile(r"^(\d{2})/(\d{2})/(\d{4})$")


class RegistryError(ValueError):
    """A registry that cannot be used. The message is Vietnamese: file, row, fault, what to do."""

    def __init__(self, name: str, what: str, step: str) -> None:
        super().__init__(f"{name}: {what}. Việc cần làm: {step}, lưu lại dạng “CSV UTF-8” rồi chạy lại.")


def read_registry(data: bytes, name: str = "units.csv") -> pd.DataFrame:
    """The frame `schemas.frames.Registry` from the bytes of a CSV file: one row a unit, a level or an ignored name.

    The file is UTF-8, with or without a byte order mark, delimited by `,` or `;`. Raises RegistryError.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RegistryError(name, "chữ trong tệp không ở dạng UTF-8", "mở tệp, xem lại các tên tiếng Việt") from None
    header = text.split("\n", 1)[0]
    delimiter = "," if header.count(",") >= header.count(";") else ";"
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    columns = [nfc(c) for c in reader.fieldnames or []]
    missing = [c for c in COLUMNS if c not in columns and c not in _OPTIONAL]
    if missing:
        raise RegistryError(
            name,
            f"thiếu cột {', '.join(missing)}",
            "ghi đủ tên các cột ở dòng đầu (docs/huong-dan.md, mục Danh mục đơn vị)",
        )
    rows = []
    for raw in reader:
        row = {nfc(k): nfc(v or "") for k, v in raw.items() if k is not None}
        if any(row.values()):
            rows.append({c: row.get(c, "") for c in COLUMNS})
            for column in ("valid_from", "valid_to"):
                rows[-1][column] = _EXCEL_DATE.sub(r"\3-\2-\1", rows[-1][column])
    frame = pd.DataFrame(rows, columns=COLUMNS, dtype="str")
    try:
        Registry.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        case = errors.failure_cases.iloc[0]
        where = f"dòng {int(case['index']) + 2}, " if pd.notna(case["index"]) else ""
        raise RegistryError(
            name,
            f"{where}cột {case['column']} có giá trị không hợp lệ “{case['failure_case']}”",
            f"sửa ô này ({_EXPECTED.get(str(case['column']), 'không để trống')})",
        ) from None
    _refuse_contradictions(frame, name)
    return frame


def _refuse_contradictions(frame: pd.DataFrame, name: str) -> None:
    """Raises RegistryError for dangling references, impossible dates, and levels without or with two rows."""
    rows = frame_rows(frame)
    ids = {row["unit_id"] for row in rows}
    for row in rows:
        for column in ("parent", "successor"):
            if row[column] and row[column] not in ids:
                raise RegistryError(
                    name,
                    f"{row['unit_id']}: {column} “{row[column]}” không có trong danh mục",
                    f"sửa cột {column} thành mã (cột unit_id) của một dòng đang có, thêm dòng đó, hoặc xoá ô này",
                )
        for column in ("valid_from", "valid_to"):
            if row[column] and not _is_day(row[column]):
                raise RegistryError(
                    name,
                    f"{row['unit_id']}: {column} “{row[column]}” không phải một ngày",
                    "ghi lại ngày như 2025-06-30, hoặc xoá ô này nếu không có ngày",
                )
        if row["valid_from"] and row["valid_to"] and row["valid_to"] < row["valid_from"]:
            raise RegistryError(
                name,
                f"{row['unit_id']}: hết hiệu lực {row['valid_to']} trước khi có {row['valid_from']}",
                "sửa hai ngày ở các cột valid_from, valid_to của dòng này",
            )
    without = [row["unit_id"] for row in rows if row["kind"] != "ignore" and not row["level"]]
    if without:
        raise RegistryError(name, f"{without[0]}: thiếu cấp (cột level)", "ghi cấp của đơn vị ở cột level của dòng này")
    levels = [row["level"] for row in rows if row["kind"] == "level"]
    repeated = sorted({level for level in levels if levels.count(level) > 1})
    if repeated:
        raise RegistryError(
            name,
            f"cấp “{repeated[0]}” được khai hai lần",
            "giữ một dòng kind = level của cấp này, xoá dòng kia",
        )
    orphan = sorted({row["level"] for row in rows if row["kind"] != "ignore"} - set(levels))
    if orphan:
        raise RegistryError(
            name,
            f"cấp “{orphan[0]}” chưa có dòng kind = level",
            "thêm dòng của cấp này, hoặc sửa cột level của các đơn vị ghi cấp này",
        )
    _refuse_shared_names(rows, name)


def _refuse_shared_names(rows: list[dict[str, str]], name: str) -> None:
    """Raises RegistryError where one name means two rows whose validity overlaps."""
    owners: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        for key in row_keys(row):
            for other in owners[key]:
                apart = (other["valid_to"] and row["valid_from"] and row["valid_from"] > other["valid_to"]) or (
                    row["valid_to"] and other["valid_from"] and other["valid_from"] > row["valid_to"]
                )
                if not apart:
                    both = f"{other['unit_id']} và {row['unit_id']}"
                    raise RegistryError(
                        name,
                        f"tên “{key}” chỉ hai đơn vị cùng thời gian: {both}",
                        "sửa tên hoặc tên khác (cột aliases) của một trong hai; đơn vị này thay đơn vị kia thì ghi "
                        "ngày ở valid_to của đơn vị trước và valid_from của đơn vị sau",
                    )
            owners[key].append(row)


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True
