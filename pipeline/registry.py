"""The registry of units: which office a written name means in a period. Exact after normalisation, never fuzzy."""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import io
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial

import pandas as pd
import pandera.errors

from pipeline.periods import Period
from pipeline.text import fold, nfc, plain
from schemas.frames import Registry

COLUMNS = list(Registry.to_schema().columns)
_OPTIONAL = {"parent", "aliases", "valid_from", "valid_to", "successor", "note"}
#: what a cell of these columns has to be
_EXPECTED = {
    "unit_id": "chữ thường không dấu, số và dấu gạch nối, mỗi mã một dòng",
    "name": "tên đơn vị, không để trống",
    "kind": "unit, level hoặc ignore",
    "valid_from": "một ngày như 2025-06-30, hoặc để trống",
    "valid_to": "một ngày như 2025-06-30, hoặc để trống",
}
_EXCEL_DATE = re.compile(r"^(\d{2})/(\d{2})/(\d{4})$")
#: a comparison with every name of the registry costs a millisecond: a file of invented names must not cost an hour
_SUGGESTED, _LONG_NAME = 500, 200
_REMEMBERED = 1 << 16
#: an ordinal written into the name (`1. Phòng A`, `II. Sở B`); not "X." or "P.", which stand for Xã and Phường
ORDINAL = re.compile(r"^(?:\d{1,3}|I{1,3}|IV|VI{0,3}|IX|XI{1,3})\s*[.)\-–/]\s*(?=\w)")
_UBND = re.compile(r"^(ubnd|ủy ban nhân dân|uỷ ban nhân dân)\s+")


class RegistryError(ValueError):
    """A registry that cannot be used at all: the message is Vietnamese, names the row and ends with what to do."""

    def __init__(self, name: str, what: str, step: str) -> None:
        super().__init__(f"{name}: {what}. Việc cần làm: {step}, lưu lại dạng “CSV UTF-8” rồi chạy lại.")


def name_key(written: object) -> str:
    """A written name as compared: folded, one spelling of "uỷ/ủy", without a leading "UBND"."""
    return _UBND.sub("", fold(written).replace("uỷ ban", "ủy ban").rstrip(" .:;,"))


@dataclass(frozen=True)
class Resolution:
    """What a written name means: a `unit_id`, or several `candidates`, or neither, with `near` names to suggest."""

    unit_id: str = ""
    candidates: tuple[str, ...] = ()
    ignored: bool = False  # the registry says that the name is no unit
    outside: tuple[str, ...] = ()  # known units that did not exist in the period
    suggest: Callable[[], tuple[str, ...]] = field(default=tuple, compare=False, repr=False)

    @property
    def near(self) -> tuple[str, ...]:
        """Names of units that look alike, looked for when asked: a field of work is no unit and needs none."""
        return self.suggest()


def read_registry(data: bytes, name: str = "units.csv") -> pd.DataFrame:
    """Registry frame from CSV bytes (UTF-8, BOM allowed; `,` or `;`). Raises RegistryError."""
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
                # Excel shows and saves a date as 30/06/2025
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


def _rows(frame: pd.DataFrame) -> list[dict[str, str]]:
    return [{str(k): str(v) for k, v in row.items()} for row in frame.to_dict("records")]


def _refuse_contradictions(frame: pd.DataFrame, name: str) -> None:
    rows = _rows(frame)
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
    owners: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        for key in _keys(row):
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


def _keys(row: Mapping[str, str]) -> set[str]:
    return {name_key(n) for n in (row["name"], *row["aliases"].split(";")) if name_key(n)}


class UnitIndex:
    """Written names -> units of one period. Units count as existing when their validity overlaps the period."""

    def __init__(self, registry: pd.DataFrame, period: Period) -> None:
        start, end = period.start.isoformat(), period.end.isoformat()
        self.registry = registry
        self.period = period
        exists = ((registry["valid_from"] == "") | (registry["valid_from"] <= end)) & (
            (registry["valid_to"] == "") | (registry["valid_to"] >= start)
        )
        ignored = registry["kind"] == "ignore"
        #: units and levels that exist in the period, in registry order
        self.current = registry.loc[exists & ~ignored].reset_index(drop=True)
        self.names: Mapping[str, str] = dict(zip(registry["unit_id"], registry["name"], strict=True))
        self.levels: Mapping[str, str] = dict(zip(registry["unit_id"], registry["level"], strict=True))
        self.kinds: Mapping[str, str] = dict(zip(registry["unit_id"], registry["kind"], strict=True))
        self.order: Mapping[str, int] = {u: i for i, u in enumerate(registry["unit_id"])}
        self._current = self._index(self.current)
        self._outside = self._index(registry.loc[~exists & ~ignored])
        self._ignored = self._index(registry.loc[exists & ignored])
        self._ids = frozenset(self.current["unit_id"])
        self._resolved: dict[str, Resolution] = {}
        self._of_rows: dict[str, Resolution] = {}
        self._near: dict[str, tuple[str, ...]] = {}

    @staticmethod
    def _index(rows: pd.DataFrame) -> dict[str, list[str]]:
        index: dict[str, list[str]] = defaultdict(list)
        for row in _rows(rows):
            for key in sorted(_keys(row)):
                index[key].append(row["unit_id"])
        return dict(index)

    def resolve(self, written: object) -> Resolution:
        """The unit a name means. A unit id itself is accepted too."""
        text = str(written)
        found = self._resolved.get(text)
        if found is None:
            if len(self._resolved) >= _REMEMBERED:
                self._resolved.clear()
            found = self._resolved[text] = self._resolve(text)
        return found

    def resolve_row(self, name: str) -> Resolution:
        """The unit the name of a row means, as written or without the ordinal before it (`1. Phòng A`)."""
        found = self._of_rows.get(name)
        if found is None:
            if len(self._of_rows) >= _REMEMBERED:
                self._of_rows.clear()
            found = self._of_rows[name] = self._resolve_row(name)
        return found

    def _resolve_row(self, name: str) -> Resolution:
        found = self.resolve(name)
        lead = ORDINAL.match(name)
        if found.unit_id or found.candidates or not lead:
            return found
        without = self.resolve(name[lead.end() :])
        return without if without.unit_id or without.candidates or without.outside else found

    def _resolve(self, written: str) -> Resolution:
        key = name_key(written)
        found = self._current.get(key, [])
        if not found and nfc(written) in self._ids:
            found = [nfc(written)]
        if len(found) == 1:
            return Resolution(unit_id=found[0])
        if found:
            return Resolution(candidates=tuple(found))
        if key in self._ignored:
            return Resolution(ignored=True)
        return Resolution(outside=tuple(self._outside.get(key, ())), suggest=partial(self._suggest, key))

    def _suggest(self, key: str) -> tuple[str, ...]:
        if key not in self._near:
            if len(self._near) >= _SUGGESTED:
                return ()
            near = difflib.get_close_matches(plain(key[:_LONG_NAME]), list(self._known), n=3, cutoff=0.6)
            self._near[key] = tuple(dict.fromkeys(self.names[self._known[n]] for n in near))
        return self._near[key]

    @cached_property
    def _known(self) -> dict[str, str]:
        return {plain(k): ids[0] for k, ids in self._current.items()}

    def units(self, level: str | None = None) -> list[str]:
        """Unit ids of the period in registry order (of one level)."""
        rows = self.current.loc[self.current["kind"] == "unit"]
        return rows["unit_id"].tolist() if level is None else rows.loc[rows["level"] == level, "unit_id"].tolist()

    def level_ids(self) -> list[str]:
        """Ids of the level rows of the period in registry order."""
        return self.current.loc[self.current["kind"] == "level", "unit_id"].tolist()
