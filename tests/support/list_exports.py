"""Dossier lists made from true dossiers, in words, forms of dates and layouts of portals that nobody has listed.

One `random.Random(seed)` decides everything. A list says what a careful person makes of it: right as it stands, or what
has to be asked, and then how the office answers.
"""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from workbooks import saved

from pipeline.layouts.decisions import column_subject

START, END = dt.date(2021, 12, 15), dt.date(2022, 3, 14)
UNITS = {"phong-a": "Phòng A", "phong-b": "Phòng B", "phong-c": "Phòng C", "xa-d": "Xã D"}
Counts = dict[str, int]
Cells = Callable[["Dossier"], Any]


@dataclass
class Dossier:
    """One dossier as it is. `meaning`: done | open | waiting | withdrawn | not_received | left_out."""

    code: str
    unit: str
    received: dt.date
    due: dt.date
    end: dt.date | None
    handed: dt.date | None
    meaning: str
    online: bool
    status: str = ""


@dataclass
class ListExport:
    """Files of a list, the true counts, and the answers that it needs."""

    files: dict[str, bytes]
    truth: dict[str, Counts]
    labels: tuple[str, ...]
    answers: dict[tuple[str, str], str] = field(default_factory=dict)
    units_asked: set[str] = field(default_factory=set)  # set aside until the answer; all where the list is asked
    layout: str = ""

    @property
    def provable(self) -> bool:
        """Whether the deadline states of the list may tell which of two ends is meant."""
        return "end asked" in self.layout and ("status inside" in self.layout or "status beside" in self.layout)

    @property
    def whole(self) -> bool:
        """Whether nothing is counted before the answer."""
        return any(topic not in {"status", "channel"} for topic, _ in self.answers)


def counted(dossiers: list[Dossier]) -> dict[str, Counts]:
    """The counts of each unit, dossier by dossier."""
    truth: dict[str, Counts] = {}
    for d in dossiers:
        c = truth.setdefault(d.unit, dict.fromkeys(
            ("received_total", "carried_over", "received_in_period", "received_online", "received_direct", "resolved_total",
             "resolved_early", "resolved_on_time", "resolved_late", "pending_total", "pending_in_time", "pending_overdue"), 0))  # fmt: skip
        if d.meaning in {"not_received", "left_out"} or d.received > END or (d.end and d.end < START):
            continue
        new = d.received >= START
        ended = d.end is not None and d.end <= END
        names = ["received_total", "received_in_period" if new else "carried_over"]
        names += ["received_online" if d.online else "received_direct"] if new else []
        if ended and d.end is not None:
            how = "early" if d.end < d.due else "late" if d.end > d.due else "on_time"
            names += ["resolved_total", "resolved_on_time" if d.meaning == "withdrawn" else f"resolved_{how}"]
        else:
            overdue = d.due < END and d.meaning != "waiting"
            names += ["pending_total", "pending_overdue" if overdue else "pending_in_time"]
        for name in names:
            c[name] += 1
    return truth


def _day(format_: str) -> Callable[[dt.date], Any]:
    return lambda d: d.strftime(format_)


def _utc(d: dt.date) -> str:
    return f"{d - dt.timedelta(days=1):%Y-%m-%d}T17:00:00.000Z"


_NAMES = ("Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy")
_DATES: dict[str, Callable[[dt.date], Any]] = {
    "plain": _day("%d/%m/%Y"), "clock": _day("%d/%m/%Y 23:59:59"), "iso": _day("%Y-%m-%dT08:30:00"), "utc": _utc,
    "offset": _day("%Y-%m-%dT00:00:00+07:00"), "zero": lambda d: f"{d - dt.timedelta(days=1):%Y-%m-%dT20:15:00+00:00}",
    "gmt": lambda d: f"{d - dt.timedelta(days=1):%a, %d %b %Y} 17:00:00 GMT", "oracle": lambda d: f"{d:%d-%b-%y}".upper(),
    "named": _day("%d-%b-%Y"), "spaced": _day("%d %b %Y"), "short": _day("%d/%m/%y"), "dots": _day("%d.%m.%y"),
    "compact": _day("%Y%m%d"), "stamp": _day("%Y%m%d080000"), "number": lambda d: int(f"{d:%Y%m%d}"),
    "halves": _day("%d/%m/%Y 05:30:00 CH"), "true": lambda d: dt.datetime(d.year, d.month, d.day, 9, 30),
    "before": lambda d: dt.datetime(d.year, d.month, d.day) - dt.timedelta(seconds=3),
    "second": lambda d: dt.datetime(d.year, d.month, d.day) - dt.timedelta(seconds=1),
    "epoch": lambda d: int((dt.datetime(d.year, d.month, d.day) - dt.datetime(1970, 1, 1)).total_seconds()) * 1000 - 25_200_000,
    "weekday": lambda d: f"{'Chủ nhật' if d.weekday() == 6 else f'Thứ {_NAMES[d.weekday()].lower()}'}, {d:%d/%m/%Y}",
    "words": lambda d: f"ngày {d.day} tháng {d.month} năm {d.year}", "thg": lambda d: f"{d.day:02d}-Thg{d.month}-{d:%y}",
    "serial": lambda d: (d - dt.date(1899, 12, 30)).days - 2e-5, "year": _day("%Y/%m/%d"),
}  # fmt: skip
_CODES = ("Mã hồ sơ", "Số hồ sơ", "Mã HS", "Số HS", "ma_ho_so", "maHoSo", "Số biên nhận", "Số thứ tự hệ thống")
_RECEIVED = (
    "Ngày tiếp nhận",
    "Ngày nhận",
    "Ngày nhận HS",
    "TG tiếp nhận",
    "ngay_tiep_nhan",
    "ngayTiepNhan",
    "Tiếp nhận",
    "Ngày tiếp nhận HS",
)
_DUE = (
    "Ngày hẹn trả",
    "Hẹn trả",
    "Hạn trả KQ",
    "ngay_hen_tra",
    "Ngay hen tra",
    "Hẹn trả kết quả",
    "Hạn giải quyết",
    "Thời hạn",
)
_END = (
    "Ngày kết thúc xử lý",
    "Hoàn thành",
    "Ngày hoàn thành",
    "Ngày có KQ",
    "Ngày trả KQ",
    "ngay_ket_thuc",
    "ngayTraKetQua",
    "Giải quyết xong",
)
_OFFICE = (
    "Đơn vị",
    "Cơ quan/đơn vị",
    "Phòng ban",
    "don_vi",
    "Đơn vị thụ lý",
    "Tên đơn vị",
    "Cơ quan xử lý",
    "ĐV giải quyết",
)
_STATUS = ("Trạng thái", "Tình trạng hồ sơ", "trang_thai", "Trạng thái xử lý", "Tình trạng")
_CHANNEL = ("Hình thức tiếp nhận", "Hình thức nộp", "Kênh tiếp nhận", "hinh_thuc_nop")
_SAID = {
    "done": ("Đã trả kết quả", "Hoàn thành", "Đã giải quyết xong", "Đã xử lý", "Đã trả KQ", "10. Đã trả kết quả", "Đã có kết quả"),
    "open": ("Đang xử lý", "Chờ lãnh đạo ký duyệt", "Đang thẩm định hồ sơ", "Chưa giải quyết", "Chờ phân công xử lý", "Đang trình ký", "Được tiếp nhận"),
    "waiting": (
        "Chờ công dân bổ sung", "Yêu cầu nộp phí", "Chờ thực hiện nghĩa vụ tài chính", "Chờ người dân hoàn thiện hồ sơ", "Cần bổ sung giấy tờ",
        "Đề nghị tổ chức bổ sung hồ sơ", "Đang chờ thanh toán lệ phí", "Tạm dừng chờ bổ sung", "Chưa nộp phí", "Công dân đang bổ sung hồ sơ",
    ),
    "withdrawn": ("Công dân xin rút hồ sơ", "Đã rút hồ sơ", "Người nộp tự rút hồ sơ"),
    "not_received": ("Chờ tiếp nhận", "Mới nộp", "Chưa tiếp nhận hồ sơ", "Mới đăng ký", "Vừa nộp hồ sơ"),
}  # fmt: skip
_UNKNOWN = {
    "left_out": ("Đã hủy", "Từ chối giải quyết", "Trả lại hồ sơ", "Không đủ điều kiện", "Đã chuyển cơ quan khác", "Hủy theo yêu cầu"),
    "open": ("Chờ họp hội đồng", "Đang hội ý liên ngành", "Chờ kết quả giám định"),
    "waiting": ("Chờ công dân ký hợp đồng", "Chờ xác định giá đất", "Đang hoàn thiện"),
    "not_received": ("Mới lưu nháp", "Chờ kiểm tra trước tiếp nhận"),
}  # fmt: skip
_DISTRACTIONS: dict[str, Cells] = {
    "Chủ hồ sơ": lambda d: "NGUOI-NOP", "Ngày sinh": lambda d: dt.date(1980, 5, 6), "Tên thủ tục": lambda d: "Chứng thực",
    "Đơn vị nộp hồ sơ": lambda d: "Phòng C", "Cơ quan cấp trên": lambda d: "UBND huyện Mẫu", "Số ngày quá hạn": lambda d: 0,
    "Ngày giao NV": lambda d: d.received.strftime("%d/%m/%Y"), "Ghi chú": lambda d: None, "Người xử lý": lambda d: "Công chức 1",
}  # fmt: skip


class Maker:
    """What one seed decides."""

    def __init__(self, seed: int) -> None:
        self.rng = rng = random.Random(seed)
        self.units = rng.sample(sorted(UNITS), rng.randint(2, 4))
        self.dossiers = [self._dossier(u, i) for u in self.units for i in range(rng.randint(8, 14))]
        self.form = rng.choice(list(_DATES))
        self.day = _DATES[self.form]
        self.columns: list[tuple[str, Cells]] = []
        self.answers: dict[tuple[str, str], str] = {}
        self.units_asked: set[str] = set()
        self.titles: list[str] = ["DANH SÁCH HỒ SƠ", "Từ ngày 15/12/2021 đến ngày 14/03/2022"]
        self.told: list[str] = [self.form]

    def _dossier(self, unit: str, number: int) -> Dossier:
        rng = self.rng
        received = START + dt.timedelta(days=rng.randint(-12, 80))
        due = received + dt.timedelta(days=rng.randint(6, 20))
        end = due + dt.timedelta(days=rng.choice([-4, -2, 0, 0, 2, 3]))
        meaning = rng.choice(["done"] * 5 + ["open"] * 2)
        ended = meaning == "done"
        code = f"H18.{sorted(UNITS).index(unit) + 10}-{received:%y%m%d}-{number:04d}"
        handed = end + dt.timedelta(days=rng.randint(2, 5))
        return Dossier(code, unit, received, due, end if ended else None, handed if ended else None, meaning, rng.random() < 0.4)  # fmt: skip

    def pick(self, *values: Any) -> Any:
        """One of several values."""
        return self.rng.choice(values)

    def date(self, name: str) -> Cells:
        """The cells of a day of a dossier, in the form of this list."""
        return lambda d: None if getattr(d, name) is None else self.day(getattr(d, name))

    def ask(self, topic: str, value: str, subject: str = "") -> None:
        """Note an answer that the list needs."""
        self.answers[topic, subject or topic] = value

    # --- kinds -------------------------------------------------------------------------------------------------------

    def code(self) -> None:
        """The column of codes; a heading that nobody knows is proven by its codes."""
        self.columns.append((self.pick(*_CODES), lambda d: d.code))

    def received(self) -> None:
        """The day of reception, alone or beside the day of submission or another one."""
        how = self.pick("alone", "alone", "alone", "submitted", "taken", "asked", "only submitted")
        before: Cells = lambda d: self.day(d.received - dt.timedelta(days=2))  # noqa: E731
        if how == "alone":
            self.columns.append((self.pick(*_RECEIVED), self.date("received")))
        elif how == "submitted":
            self.columns += [
                (self.pick("Ngày nộp", "Ngày nộp hồ sơ", "Ngày gửi"), before),
                ("Ngày tiếp nhận", self.date("received")),
            ]
        elif how == "taken":
            self.columns += [("Ngày tiếp nhận", self.date("received")), ("Ngày nhận", before)]
        elif how == "asked":
            pair = [
                ("Ngày tiếp nhận", self.date("received")),
                (self.pick("Ngày nhận hồ sơ", "Ngày tiếp nhận bổ sung"), before),
            ]
            self.columns += pair
            self.ask("received_date", column_subject((pair[0][0],)))
        else:
            label = self.pick("Ngày nộp", "Ngày vào sổ", "Ngày đăng ký")
            self.columns.append((label, self.date("received")))
            self.ask("received_date", column_subject((label,)))
        self.told.append(f"received {how}")

    def due(self) -> None:
        """The promised day, alone, beside the same in other words, or beside another one."""
        how = self.pick("alone", "alone", "alone", "equal", "step", "asked", "unnamed")
        later: Cells = lambda d: self.day(d.due + dt.timedelta(days=5))  # noqa: E731
        if how == "alone":
            self.columns.append((self.pick(*_DUE), self.date("due")))
        elif how == "equal":
            self.columns += [
                ("Ngày hẹn trả", self.date("due")),
                (self.pick("Hạn giải quyết", "Ngày hẹn trả (gia hạn)"), self.date("due")),
            ]
        elif how == "step":
            self.columns += [("Hạn xử lý", later), (self.pick("Ngày hẹn trả", "Hẹn trả KQ"), self.date("due"))]
        elif how == "asked":
            one, other = self.pick(
                ("Ngày hẹn trả", "Ngày hẹn trả (gia hạn)"), ("Hẹn trả ban đầu", "Hẹn trả điều chỉnh"), ("Hẹn trả", "Hạn giải quyết"),
                ("Ngày hẹn trả", "Ngày gia hạn"), ("Hạn trả KQ", "Ngày hẹn trả mới"), ("Hẹn trả lần 1", "Hẹn trả lần 2"),
            )  # fmt: skip
            self.columns += [(one, self.date("due")), (other, later)]
            self.ask("due_date", column_subject((one,)))
        else:
            label = self.pick("Mốc cam kết", "Ngày cam kết", "Deadline")
            self.columns.append((label, self.date("due")))
            self.ask("due_date", column_subject((label,)))
        self.told.append(f"due {how}")

    def end(self) -> None:
        """The day of the end: alone, beside the handing over in words that tell, equal, or in words that leave doubt."""
        how = self.pick("alone", "alone", "alone", "known", "equal", "asked", "unnamed")
        if how == "alone":
            self.columns.append((self.pick(*_END), self.date("end")))
        elif how == "known":
            one, other = self.pick(
                ("Hoàn thành", "Ngày Trả KQ"), ("Ngày kết thúc xử lý", "Ngày trả kết quả"), ("Ngày giải quyết xong", "Ngày nhận kết quả"),
                ("Ngày hoàn tất", "Ngày trả"), ("ngay_hoan_thanh", "ngay_tra_ket_qua"), ("Ngày xử lý xong", "Trả kết quả"),
            )  # fmt: skip
            pair = [(one, self.date("end")), (other, self.date("handed"))]
            self.columns += pair if self.rng.random() < 0.5 else pair[::-1]
        elif how == "equal":
            self.columns += [("Ngày có kết quả", self.date("end")), ("Ngày trả kết quả", self.date("end"))]
        elif how == "asked":
            one, other = self.pick(
                ("Ngày có kết quả", "Ngày trả kết quả"), ("Ngày có KQ", "Ngày nhận KQ"), ("Ngày kết thúc", "Ngày trả kết quả"),
                ("Ngày hoàn thành", "Ngày kết thúc"), ("Ngày có kết quả", "Ngày hoàn thành"), ("Ngày trả KQ", "Ngày trả KQ cho dân"),
            )  # fmt: skip
            pair = [(one, self.date("end")), (other, self.date("handed"))]
            self.columns += pair if self.rng.random() < 0.5 else pair[::-1]
            self.ask("end_date", column_subject((one,)))
        else:
            label = self.pick("Ngày phát hành văn bản", "Ngày ký duyệt", "Ngày đóng")
            self.columns.append((label, self.date("end")))
            self.ask("end_date", column_subject((label,)))
        self.told.append(f"end {how}")

    def office(self) -> None:
        """The office: alone, beside the one that only receives, beside an equal one, or beside one of no registry."""
        how = self.pick("alone", "alone", "alone", "asked", "equal", "higher", "one known", "title", "unnamed")
        name: Cells = lambda d: UNITS[d.unit]  # noqa: E731
        other: Cells = lambda d: "Xã Đông Ê"  # noqa: E731
        if how == "alone":
            self.columns.append((self.pick(*_OFFICE), name))
        elif how == "asked":
            one, two = self.pick(
                ("Đơn vị giải quyết", "Đơn vị tiếp nhận"), ("Cơ quan xử lý", "Nơi nhận hồ sơ"), ("Đơn vị", "Đơn vị tiếp nhận"),
                ("Phòng ban", "Cơ quan thực hiện"), ("Đơn vị thụ lý", "Bộ phận tiếp nhận"),
            )  # fmt: skip
            self.columns += [(two, other), (one, name)]
            self.ask("office", column_subject((one,)))
        elif how == "equal":
            self.columns += [("Đơn vị tiếp nhận", name), ("Đơn vị giải quyết", name)]
        elif how == "higher":
            self.columns += [("Cơ quan cấp trên", other), ("Cơ quan", name), ("Đơn vị nộp", other)]
        elif how == "one known":
            self.columns += [("Đơn vị tiếp nhận", lambda d: "Bộ phận một cửa"), ("Phòng ban", name)]
        elif how == "unnamed":
            label = self.pick("Thuộc", "Nhóm hồ sơ của")
            self.columns.append((label, name))
            self.ask("office", column_subject((label,)))
        else:
            self.dossiers = [d for d in self.dossiers if d.unit == self.units[0]]
            self.titles[0] = f"DANH SÁCH HỒ SƠ CỦA {UNITS[self.units[0]].upper()}"
            if UNITS[self.units[0]].startswith("Xã") and self.rng.random() < 0.5:
                self.columns.append(("Xã / Phường", lambda d: "D"))
        self.told.append(f"office {how}")

    def statuses(self) -> None:
        """Statuses in a portal's own words, some of which nobody knows; with deadline states in or beside them."""
        rng = self.rng
        for meaning in ("waiting", "withdrawn", "not_received"):
            for d in rng.sample(self.dossiers, min(len(self.dossiers), rng.randint(0, 3))):
                self._restate(d, meaning)
        for d in self.dossiers:
            d.status = rng.choice(_SAID[d.meaning])
        how = self.pick("plain", "plain", "plain", "asked", "inside", "beside", "none")
        if how == "asked":
            meaning = rng.choice(list(_UNKNOWN))
            text = rng.choice(_UNKNOWN[meaning])
            unit = rng.choice([d.unit for d in self.dossiers])
            for d in [d for d in self.dossiers if d.unit == unit][:2]:
                self._restate(d, meaning)
                if meaning == "left_out" and rng.random() < 0.5:
                    d.end = d.handed = d.received + dt.timedelta(days=3)
                d.status = text
                if d.received <= END and not (d.end and d.end < START):
                    self.units_asked.add(unit)
            self.ask("status", meaning, text.casefold())
        elif how == "inside":
            mark = self.pick(" - {}", " ({})", ": {}", " {}")
            for d in self.dossiers:
                if state := self._state(d):
                    d.status += mark.format(state)
        if how == "none":
            for d in self.dossiers:
                if d.meaning not in {"done", "open"}:
                    d.meaning = "done" if d.end else "open"
        else:
            if how == "beside":
                self.columns.append((self.pick("Tình trạng", "Tình trạng xử lý"), self._state))
            self.columns.append(
                (
                    self.pick("Trạng thái", "Trạng thái hồ sơ") if how == "beside" else self.pick(*_STATUS),
                    lambda d: d.status,
                )
            )
        self.told.append(f"status {how}")

    def _restate(self, d: Dossier, meaning: str) -> None:
        d.meaning = meaning
        if meaning == "withdrawn":
            d.end = d.handed = d.received + dt.timedelta(days=2)
        else:
            d.end = d.handed = None

    def _state(self, d: Dossier) -> str:
        if d.meaning in {"withdrawn", "not_received", "left_out"}:
            return ""
        if d.end is None:
            return "Quá hạn" if d.due < END else "Còn hạn"
        late = (d.end - d.due).days
        return "Trước hạn" if late < 0 else f"Quá hạn {late} ngày" if late else "Đúng hạn"

    def channel(self) -> None:
        """The way of reception, some of it in words that nobody knows."""
        if self.rng.random() < 0.25:
            strange = self.rng.choice(["Zalo mini app", "Kiosk", "Mức độ toàn trình"])
            online = strange
            self.ask("channel", "online", strange.casefold())
        else:
            online = self.pick("Trực tuyến", "Nộp trực tuyến qua Cổng DVC quốc gia", "Qua mạng")
        direct = self.pick("Trực tiếp", "Trực tiếp tại bộ phận một cửa", "Qua BCCI", "Bưu điện")
        self.columns.append((self.pick(*_CHANNEL), lambda d: online if d.online else direct))

    def export(self) -> ListExport:
        """The files."""
        self.office()
        self.statuses()
        self.code()
        self.received()
        self.due()
        self.end()
        self.channel()
        for label in self.rng.sample(sorted(_DISTRACTIONS), self.rng.randint(0, 4)):
            self.columns.append((label, _DISTRACTIONS[label]))
        order = self.rng.sample(range(len(self.columns)), len(self.columns))
        if any("nhận" in t.split()[-1:] for t in self.told):
            order = list(range(len(self.columns)))
        columns = [self.columns[i] for i in order]
        labels = tuple(column_subject((label,)) for label, _ in columns)
        rows = [[cells(d) for _, cells in columns] for d in self.dossiers]
        book = openpyxl.Workbook()
        sheet = book.active
        for line in [*([t] for t in self.titles), [], [label for label, _ in columns], *rows]:
            sheet.append(line)
        truth = {UNITS[u]: c for u, c in counted(self.dossiers).items()}
        asked = {UNITS[u] for u in self.units_asked}
        return ListExport({"ds.xlsx": saved(book)}, truth, labels, self.answers, asked, "; ".join(self.told))


def make(seed: int) -> ListExport:
    """The list of a seed."""
    return Maker(seed).export()
