"""What a sheet was taken for: the decisions of its reading, each with its ground.

A decision is *known* (the vocabulary explains every word, and nothing in the table contradicts it), *proven* (the
numbers of the table allow this reading and no other), *confirmed* (the office has answered, see `confirmed.py`) or
*open*. Nothing that hangs on an open decision is counted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from pipeline.shown_text import kept_before, kept_text, label_key
from schemas.measures import COUNT_NAMES

Ground = Literal["known", "proven", "confirmed", "open"]
Topic = Literal[
    "column",
    "received_date",
    "due_date",
    "end_date",
    "office",
    "status",
    "channel",
    "scope",
    "repeat",
    "date_order",
    "dates",
]
Kind = Literal["table", "list"]
#: topics whose answer is a column: its meaning is the subject of one
COLUMN_TOPICS: Final = frozenset({"received_date", "due_date", "end_date", "office"})

#: what a column may hold beside one measure -> its Vietnamese name
OTHER_MEANINGS: Final = {
    "resolved_in_time": "Đã giải quyết trước hạn và đúng hạn, gộp một cột",
    "pending_waiting": "Đang giải quyết: chờ bổ sung, tạm dừng (tính trong hạn)",
    "outside": "Xin rút, trả lại, từ chối: ngoài số đã và đang giải quyết",
    "unused": "Không dùng (phần, tổng hoặc tỷ lệ của các cột khác)",
}
#: what a column of a count table may mean -> its Vietnamese name, as the analyst chooses it
COLUMN_MEANINGS: Final = {**COUNT_NAMES, **OTHER_MEANINGS}
#: meaning of the status of a dossier -> its Vietnamese name
STATUS_MEANINGS: Final = {
    "open": "Đang giải quyết",
    "waiting": "Chờ người dân (bổ sung, nghĩa vụ tài chính), tạm dừng: tính trong hạn",
    "done": "Đã giải quyết, theo ngày kết thúc",
    "withdrawn": "Công dân rút hồ sơ: tính là đã giải quyết đúng hạn",
    "not_received": "Cơ quan chưa tiếp nhận (mới đăng ký, từ chối tiếp nhận): không có trong số tiếp nhận",
    "left_out": "Đã tiếp nhận rồi huỷ, từ chối, trả lại: bỏ khỏi mọi số, cả số tiếp nhận và số đã giải quyết",
}
CHANNEL_MEANINGS: Final = {"online": "Trực tuyến", "direct": "Trực tiếp, dịch vụ bưu chính"}
DATE_ORDERS: Final = {"dmy": "Ngày/tháng/năm", "mdy": "Tháng/ngày/năm", "ymd": "Năm/tháng/ngày"}
#: what doubtful dates of dossiers are -> its Vietnamese name
DATES_MEANINGS: Final = {
    "wait": "Ngày ghi sai hoặc chưa rõ: chờ đơn vị sửa trên cổng rồi xuất lại, chưa tính đơn vị",
    "as_written": "Ngày ghi đúng: tính theo các ngày này",
}
SCOPE_MEANINGS: Final = {"all": "Toàn bộ hồ sơ của kỳ", "part": "Chỉ một phần hồ sơ: không dùng bảng này"}


class Option(NamedTuple):
    """An answer that a decision allows. `text`: Vietnamese, as a drop-down shows it."""

    value: str
    text: str


@dataclass(frozen=True)
class Decision:
    """One decision of a reading. Texts are Vietnamese; what may be personal data is hidden (`shown_text`)."""

    topic: Topic
    subject: str  # what is decided, normalised: the key under which an answer is kept
    shown: str  # the same as the file shows it: `G “Đã xử lý › Sớm”`
    meaning: str  # the value of an option; where the decision is open the best guess, "" without one
    ground: Ground
    reason: str = ""  # "khớp 8/8 dòng"; why it is open; who confirmed it and when
    options: tuple[Option, ...] = ()  # the answers allowed; () where nobody is asked
    examples: tuple[str, ...] = ()  # up to three values of the file
    against: str = ""  # how the rows contradict the answer of the office (Vietnamese); "" where they do not

    @property
    def unsettled(self) -> bool:
        """Whether the office has to answer: nothing decides, or the rows contradict its answer."""
        return self.ground == "open" or bool(self.against)


class WithHeader:
    """What names a layout: its kind and the labels of its header."""

    kind: Kind
    header: tuple[tuple[str, ...], ...]  # of each column left to right: its labels, top to bottom, as shown

    @property
    def labels(self) -> tuple[str, ...]:
        """The normalised labels of its columns: `column_subject` of each."""
        return tuple(column_subject(path) for path in self.header)

    @property
    def signature(self) -> str:
        """What makes two sheets the same layout: kind and labels in their order; no numbers, no file names."""
        return signature_of(self.kind, self.labels)


@dataclass(frozen=True)
class Layout(WithHeader):
    """A sheet, or a table of it, by its header, and what was decided about it."""

    kind: Kind
    file: str
    sheet: str
    rows: str  # the rows of the header as a finding names them: `8:10`
    header: tuple[tuple[str, ...], ...]
    decisions: tuple[Decision, ...]

    @property
    def open(self) -> tuple[Decision, ...]:
        """The decisions that only the office can make."""
        return tuple(d for d in self.decisions if d.ground == "open")

    @property
    def confirmed(self) -> tuple[Decision, ...]:
        """The decisions that follow an answer of the office."""
        return tuple(d for d in self.decisions if d.ground == "confirmed")


@lru_cache(maxsize=1 << 12)
def column_subject(path: tuple[str, ...]) -> str:
    """The labels over a column as one key: case folded, single spaces, `đã xử lý › sớm`; of a hidden label its key."""
    return " › ".join(kept_text(text) for label in path if (text := label_key(label)))


def kept_label(label: str) -> str:
    """A label of a file of the office as `column_subject` makes it: files of before have hidden labels in full."""
    return " › ".join(kept_before(part) for part in label.split(" › "))


def signature_of(kind: Kind, labels: Sequence[str]) -> str:
    """Twelve hexadecimal digits that name a layout. `labels`: as `column_subject` makes them, or as they are shown."""
    return hashlib.sha256("\n".join((kind, *labels)).encode()).hexdigest()[:12]


def options(meanings: dict[str, str], *values: str) -> tuple[Option, ...]:
    """The options of some values, or of all, in the order of `meanings`."""
    return tuple(Option(v, text) for v, text in meanings.items() if not values or v in values)
