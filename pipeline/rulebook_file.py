"""What is wrong with a rulebook's file, in Vietnamese, with the line, for a person who writes it in a text editor."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import ValidationError

from pipeline.text import nfc
from pipeline.toml_lines import line_of
from schemas.rulebook import Rulebook, criterion_kinds

_LINE: Final = re.compile(r"line (\d+)")
_OWN: Final = re.compile(r"^Value error, ")
#: the part of the file that a message of the whole rulebook begins with: "ratios on_time: …"
_NAMED: Final = re.compile(r"^(ratios|defaults|groups)?:? ?([\w-]+):")
#: kind of error of pydantic -> Vietnamese: what is wrong, what to do
_FAULTS: Final[Mapping[str, str]] = {
    "missing": "chưa có mục này, ghi thêm",
    "string_type": "phải là chữ trong dấu ngoặc kép",
    "string_too_short": "không được để trống",
    "list_type": "phải là danh sách trong ngoặc vuông",
    "dict_type": "phải là một nhóm mục",
    "model_type": "phải là một nhóm mục",
    "int_type": "phải là số nguyên, không có dấu ngoặc kép",
    "int_parsing": "phải là số nguyên, không có dấu ngoặc kép",
    "bool_type": "phải là true hoặc false",
    "bool_parsing": "phải là true hoặc false",
    "date_type": "phải là ngày như 2026-01-31, không có dấu ngoặc kép",
    "date_from_datetime_parsing": "phải là ngày như 2026-01-31, không có dấu ngoặc kép",
    "date_from_datetime_inexact": "phải là ngày như 2026-01-31, không có giờ",
    "too_short": "danh sách thiếu phần tử",
    "greater_than": "phải lớn hơn 0",
    "extra_forbidden": "không có mục tên như vậy; sửa tên hoặc xoá dòng",
    "literal_error": "không phải một giá trị của mục này",
}


def rulebook_of(data: bytes) -> tuple[Rulebook | None, tuple[str, ...]]:
    """The rulebook of a file, and its faults: Vietnamese, one each, in the order of the file. One of them is empty."""
    try:
        text = data.decode("utf-8-sig")
        content = tomllib.loads(text)
    except UnicodeDecodeError:
        return None, ("Chữ trong tệp không ở dạng UTF-8: lưu lại tệp dạng UTF-8.",)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = _LINE.search(str(error))
        where = f"Dòng {line[1]}" if line else "Dòng cuối"
        why = "sửa dòng này hoặc dòng trước nó (dạng: tên = giá trị; chữ để trong dấu ngoặc kép; mỗi tên một lần)"
        return None, (f"{where}: không đúng cú pháp TOML; {why}.",)
    try:
        return Rulebook.model_validate(content), ()
    except ValidationError as error:
        found = [_fault(text, content, fault) for fault in error.errors(include_url=False)]
        return None, tuple(said for _, said in sorted(dict.fromkeys(found)))


def _fault(text: str, content: Mapping[str, object], fault: Mapping[str, object]) -> tuple[int, str]:
    """(line, sentence) of one error of pydantic; line 0 where the error is of the whole file."""
    kind, message = str(fault["type"]), str(fault["msg"])
    path = _path_in_file(fault["loc"])  # type: ignore[arg-type]
    own = _OWN.sub("", message) if kind == "value_error" else ""
    if not path:
        path = _named_place(content, own)
        own = own.partition(": ")[2] if path and ": " in own else own
    line = line_of(text, path[:-1] if kind == "missing" and len(path) > 1 else path)
    where = f"Dòng {line}" if line else "Cả tệp"
    shown = " › ".join(_shown(content, path))
    what = own or _FAULTS.get(kind, "giá trị không dùng được")
    if kind.startswith("union_tag"):
        what = f"loại tiêu chí (kind) phải là một trong: {', '.join(sorted(criterion_kinds()))}"
    return line, f"{where}{f', {shown}' if shown else ''}: {what.rstrip('.')}."


def _path_in_file(loc: Sequence[int | str]) -> list[int | str]:
    """A place as pydantic names it without the kind of a criterion, which is no key of the file."""
    return [part for at, part in enumerate(loc) if not (at == 2 and loc[0] == "criteria" and part in criterion_kinds())]


def _named_place(content: Mapping[str, object], message: str) -> list[int | str]:
    """The place of the part that a message about the whole rulebook names at its beginning; [] for none."""
    named = _NAMED.match(message)
    key, name = (named[1] or "criteria", named[2]) if named else ("", "")
    part = content.get(key)
    if isinstance(part, Mapping):
        return [key, name] if name in part else []
    entries = part if isinstance(part, list) else []
    at = next((n for n, e in enumerate(entries) if isinstance(e, Mapping) and e.get("id") == name), None)
    if at is not None:
        return [key, at]
    return [name] if name in content else []


def _shown(content: Mapping[str, object], path: Sequence[int | str]) -> list[str]:
    """A path as a person reads it: entries of a list by their id, else by their number from 1."""
    shown: list[str] = []
    value: object = content
    for part in path:
        if isinstance(part, int):
            value = value[part] if isinstance(value, list) and part < len(value) else None
            shown.append(nfc(str(value["id"])) if isinstance(value, Mapping) and "id" in value else f"mục {part + 1}")
        else:
            value = value.get(part) if isinstance(value, Mapping) else None
            shown.append(nfc(part))
    return shown
