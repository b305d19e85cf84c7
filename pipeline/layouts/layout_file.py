"""A file of data/reference/layouts: the answers of the office about one layout, as TOML that a person can edit."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, cast

from pipeline.layouts.decisions import COLUMN_TOPICS, Kind, Topic, kept_label, signature_of
from pipeline.layouts.question_sheets import KIND_NAMES, TOPIC_NAMES
from pipeline.layouts.stored_layouts import StoredAnswer, StoredLayout
from pipeline.text import is_too_long, nfc

#: ending of the files
SUFFIX: Final = ".toml"
_HEAD: Final = """\
# Câu trả lời của văn phòng về cách đọc một mẫu tệp của cổng (cach-doc.xlsx). Chương trình ghi, người sửa tay được:
# - meaning: nghĩa được chọn (mã); text: nghĩa đó bằng lời; by, on, period: ai trả lời, ngày nào, trong kỳ nào.
# - meaning = "" nghĩa là câu trả lời đã rút: từ kỳ đó chương trình hỏi lại.
# - Không đổi kind, labels, topic, subject: đó là cách nhận ra mẫu tệp và câu hỏi. Mã ở cuối tên tệp tính từ đó.
# - Xoá một mục [[answers]] thì lần sau chương trình hỏi lại câu đó.
"""
_KEYS: Final = frozenset({"kind", "labels", "answers"})
_ANSWER_KEYS: Final = ("topic", "subject", "meaning", "text", "shown", "by", "on", "period")
_OPTIONAL: Final = frozenset({"text", "shown"})
#: keys whose text may be blank
_MAY_BE_BLANK: Final = _OPTIONAL | {"meaning"}
_PERIOD: Final = re.compile(r"\d{4}-Q[1-4]")
#: topics whose subject is no label of the file
_OWN_SUBJECTS: Final = COLUMN_TOPICS | {"dates", "repeat"}
#: bytes of the longest file of a layout
_MAX_BYTES: Final = 1_000_000
_LINE: Final = re.compile(r"line (\d+)")
_SIGNATURE_LENGTH: Final = 12


class LayoutFileError(ValueError):
    """A file of answers that cannot be used. The message is Vietnamese: where in the file, fault, what to do."""

    def __init__(self, where: str, what: str, step: str) -> None:
        super().__init__(f"{where}: {what}. Việc cần làm: {step}" if where else f"{what}. Việc cần làm: {step}")
        self.where, self.what, self.step = where, what, step


def layout_text(layout: StoredLayout) -> str:
    """The text of the file of a layout. The same layout gives the same text."""
    lines = [_HEAD, f"kind = {_quoted(layout.kind)}  # {KIND_NAMES[layout.kind]}", "labels = ["]
    lines += [f"  {_quoted(label)}," for label in layout.labels]
    lines.append("]")
    topics = list(TOPIC_NAMES)
    for answer in sorted(layout.answers, key=lambda a: (topics.index(a.topic), a.subject, a.period)):
        lines += ["", "[[answers]]", *_answer_lines(answer)]
    return "\n".join(lines) + "\n"


def _answer_lines(answer: StoredAnswer) -> Iterator[str]:
    yield f"topic = {_quoted(answer.topic)}  # {TOPIC_NAMES[answer.topic]}"
    for key in ("subject", "shown", "meaning", "text", "by"):
        yield f"{key} = {_quoted(getattr(answer, key))}"
    yield f"on = {answer.on.isoformat()}"
    yield f"period = {_quoted(answer.period)}"


def _quoted(text: str) -> str:
    """A basic string of TOML: its escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def read_layout(data: bytes, name: str) -> StoredLayout:
    """The layout of a file. `name`: of the file, without `.toml`. Raises LayoutFileError."""
    if len(data) > _MAX_BYTES:
        raise LayoutFileError("", f"lớn hơn {_MAX_BYTES // 1_000_000} MB", "xoá tệp để trả lời lại")
    content = _toml(data)
    _refuse_keys(content, _KEYS, _KEYS, "")
    kind, labels = content["kind"], content["labels"]
    if kind not in KIND_NAMES:
        raise LayoutFileError("kind", f"“{kind}” không phải loại nào", f"ghi {' hoặc '.join(KIND_NAMES)}")
    if not isinstance(labels, list) or not labels or not all(isinstance(label, str) for label in labels):
        raise LayoutFileError("labels", "không phải danh sách tên cột", 'ghi lại tên các cột, như labels = ["stt", …]')
    if any(map(is_too_long, labels)):
        raise LayoutFileError("labels", "có tên cột dài bất thường", "xoá tệp để trả lời lại")
    signature = signature_of(cast(Kind, kind), labels)
    if not name.endswith((signature, signature_of(cast(Kind, kind), tuple(map(kept_label, labels))))):
        step = f"sửa lại labels như cũ; nếu sửa có chủ ý thì đổi {name[-_SIGNATURE_LENGTH:]} trong tên tệp thành mã này"
        raise LayoutFileError("labels", f"kind và labels cho mã {signature}, khác mã ở cuối tên tệp", step)
    answers = content["answers"]
    if not isinstance(answers, list):
        raise LayoutFileError("answers", "không phải danh sách", "ghi mỗi câu trả lời dưới một dòng [[answers]]")
    read = tuple(_answer(entry, number) for number, entry in enumerate(answers, 1))
    _refuse_repetitions(read)
    return StoredLayout(name, cast(Kind, kind), tuple(labels), read)


def _toml(data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise LayoutFileError("", "chữ trong tệp không ở dạng UTF-8", "lưu lại tệp dạng UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        where = f"dòng {line[1]}" if line else ""
        raise LayoutFileError(
            where, "không đúng cú pháp TOML", "sửa dòng này (chữ để trong dấu ngoặc kép), hoặc xoá tệp để trả lời lại"
        ) from None


def _answer(entry: object, number: int) -> StoredAnswer:
    where = f"[[answers]] thứ {number}"
    if not isinstance(entry, dict):
        raise LayoutFileError(where, "không phải câu trả lời", "ghi đủ topic, subject, meaning, by, on, period")
    _refuse_keys(entry, frozenset(_ANSWER_KEYS), frozenset(_ANSWER_KEYS) - _OPTIONAL, where)
    for key in _ANSWER_KEYS:
        value = entry.get(key, "")
        if isinstance(value, str) and is_too_long(value):
            raise LayoutFileError(f"{where}, {key}", "dài bất thường", "rút ngắn, hoặc xoá tệp để trả lời lại")
        if key != "on" and (not isinstance(value, str) or (key not in _MAY_BE_BLANK and not nfc(value))):
            raise LayoutFileError(f"{where}, {key}", f"“{value}” không phải chữ", f"ghi {key} trong dấu ngoặc kép")
    if entry["topic"] not in TOPIC_NAMES:
        known = ", ".join(TOPIC_NAMES)
        raise LayoutFileError(f"{where}, topic", f"“{entry['topic']}” không có", f"ghi một trong: {known}")
    if type(entry["on"]) is not dt.date:
        raise LayoutFileError(f"{where}, on", f"“{entry['on']}” không phải ngày", "ghi ngày như on = 2023-09-15")
    if not _PERIOD.fullmatch(entry["period"]):
        raise LayoutFileError(f"{where}, period", f"“{entry['period']}” không phải kỳ", 'ghi kỳ như period = "2023-Q3"')
    return StoredAnswer(
        cast(Topic, entry["topic"]),
        # a topic of the whole list is its own subject, and no label
        entry["subject"] if entry["topic"] in _OWN_SUBJECTS else kept_label(entry["subject"]),
        kept_label(entry["meaning"]) if entry["topic"] in COLUMN_TOPICS else entry["meaning"],
        nfc(entry["by"]),
        entry["on"],
        entry["period"],
        entry.get("shown", ""),
        entry.get("text", ""),
    )


def _refuse_keys(entry: Mapping[str, object], known: frozenset[str], needed: frozenset[str], where: str) -> None:
    unknown, missing = sorted(set(entry) - known), sorted(needed - set(entry))
    if missing:
        raise LayoutFileError(where, f"thiếu {', '.join(missing)}", "ghi thêm, hoặc xoá tệp để trả lời lại")
    if unknown:
        raise LayoutFileError(where, f"có mục lạ {', '.join(unknown)}", "xoá hoặc sửa tên mục này")


def _refuse_repetitions(answers: Iterable[StoredAnswer]) -> None:
    seen: set[tuple[object, str]] = set()
    for number, answer in enumerate(answers, 1):
        key = (answer.question, answer.period)
        if key in seen:
            what = f"câu hỏi “{answer.shown or answer.subject}” có hai câu trả lời trong {answer.period}"
            raise LayoutFileError(f"[[answers]] thứ {number}", what, "giữ một câu trả lời, xoá câu kia")
        seen.add(key)
