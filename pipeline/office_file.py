"""Reads the office's own file (data/reference/office.toml), and refuses one that it does not understand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError

from pipeline.text import is_too_long, nfc, xml_text
from pipeline.toml_lines import line_of
from schemas.office import Office

#: how messages name the file
OFFICE_FILE: Final = "office.toml"
_LINE: Final = re.compile(r"line (\d+)")
#: kind of error of pydantic -> (Vietnamese: what is wrong, what to do)
_FAULTS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("chưa có mục này", "ghi thêm mục này"),
    "string_type": ("không phải chữ", "ghi giá trị trong dấu ngoặc kép"),
    "string_too_short": ("để trống", "ghi giá trị của mục này"),
    "tuple_type": ("không phải danh sách", 'ghi các dòng trong ngoặc vuông, như ["dòng 1", "dòng 2"]'),
    "dict_type": ("không phải nhóm mục", "ghi tên nhóm trên một dòng riêng, trong ngoặc vuông"),
    "model_type": ("không phải nhóm mục", "ghi tên nhóm trên một dòng riêng, trong ngoặc vuông"),
    "date_type": ("không phải ngày", "ghi ngày như 2019-11-13, không có dấu ngoặc kép"),
    "date_from_datetime_parsing": ("không phải ngày", "ghi ngày như 2019-11-13, không có dấu ngoặc kép"),
    "date_from_datetime_inexact": ("không phải ngày", "ghi ngày như 2019-11-13, không có giờ"),
}
_OTHER_FAULT: Final = ("giá trị không dùng được", "sửa giá trị của mục này")


class OfficeFileError(ValueError):
    """An office file that cannot be used. The message is Vietnamese: file, line and key, fault, what to do."""

    def __init__(self, name: str, where: str, what: str, step: str) -> None:
        place = f"{name}, {where}" if where else name
        super().__init__(f"{place}: {what}. Việc cần làm: {step}, lưu lại rồi chạy lại.")


def read_office(data: bytes, name: str = OFFICE_FILE) -> Office:
    """The office of a file. `name`: of the file, for messages. Raises OfficeFileError with the line of the fault."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise OfficeFileError(name, "", "chữ trong tệp không ở dạng UTF-8", "lưu tệp dạng UTF-8") from None
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:  # brackets nested without end are no office file
        line = _LINE.search(str(error))
        where = f"dòng {line[1]}" if line else "dòng cuối"
        step = "sửa dòng này hoặc dòng trước nó (dạng: tên = giá trị; chữ để trong dấu ngoặc kép; mỗi tên một lần)"
        raise OfficeFileError(name, where, "không đúng cú pháp TOML", step) from None
    if any(map(is_too_long, _texts(content))):
        step = "rút ngắn nội dung trong dấu ngoặc kép"
        raise OfficeFileError(name, "", "có một giá trị dài bất thường", step)
    try:
        return Office.model_validate(_clean(content))
    except ValidationError as error:
        faults = error.errors(include_url=False)
        # a misspelt key is unknown and leaves another one missing: the unknown one is the cause
        first = next((fault for fault in faults if fault["type"] == "extra_forbidden"), faults[0])
        fault = str(first["ctx"]["error"]) if first["loc"] == ("province",) and "ctx" in first else ""
        raise _refused(name, text, first["loc"], first["type"], fault) from None


def _texts(value: object) -> Iterator[str]:
    """Every text and every key of a parsed file."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        yield from (text for entry in value.values() for text in _texts(entry))
    elif isinstance(value, list):
        yield from (text for entry in value for text in _texts(entry))


def _clean(value: object) -> Any:
    """The same content with every text in NFC, without control characters; line breaks are kept."""
    if isinstance(value, str):
        return xml_text(value)
    if isinstance(value, list):
        return [_clean(entry) for entry in value]
    if isinstance(value, dict):
        return {nfc(key): _clean(entry) for key, entry in value.items()}
    return value


def _refused(name: str, text: str, path: Sequence[int | str], kind: str, fault: str) -> OfficeFileError:
    """The refusal of the key at a path of the file. `kind`: pydantic's kind of error; `fault`: in words, or ""."""
    key = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    what, step = _FAULTS.get(kind, _OTHER_FAULT)
    if fault:
        what, step = fault, "sửa tên tỉnh, thành phố"
    elif kind == "extra_forbidden":
        what, step = "không có mục tên như vậy", f"xoá hoặc sửa tên mục; các mục có ở đây: {', '.join(_keys_at(path))}"
    elif kind == "literal_error":
        what, step = "không phải một giá trị của mục này", "ghi basis (căn cứ) hoặc guidance (hướng dẫn)"
    line = line_of(text, path[:-1] if kind == "missing" else path)
    return OfficeFileError(name, f"dòng {line}, mục {key}" if line else f"mục {key}", what, step)


def _keys_at(path: Sequence[int | str]) -> list[str]:
    """The keys that exist beside the last part of a path."""
    model: type[BaseModel] = Office
    for part in path[:-1]:  # an index, or the name of a level, leads into the model that is found already
        if part in model.model_fields:
            annotation = model.model_fields[str(part)].annotation
            parts = (annotation, *get_args(annotation))
            model = next((p for p in parts if isinstance(p, type) and issubclass(p, BaseModel)), model)
    return list(model.model_fields)
