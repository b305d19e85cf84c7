"""Layouts of an invented portal: a count table with two unclear columns, and a list with unknown statuses."""

from collections.abc import Iterable

from pipeline.layouts.decisions import (
    CHANNEL_MEANINGS,
    COLUMN_MEANINGS,
    STATUS_MEANINGS,
    Decision,
    Layout,
    Option,
    column_subject,
    options,
)

UNCLEAR = ("Đã xử lý", "Sớm")
#: header, letter, meaning, ground, reason
COLUMNS = (
    (("STT",), "A", "unused", "known", "từ vựng"),
    (("Đơn vị",), "B", "", "known", "tên đơn vị"),
    (("Tiếp nhận", "Tổng số"), "C", "received_total", "proven", "khớp 8/8 dòng"),
    (("Tiếp nhận", "Trực tuyến"), "D", "received_online", "known", "từ vựng"),
    (("Đã xử lý", "Tổng số"), "E", "resolved_total", "proven", "khớp 8/8 dòng"),
    (UNCLEAR, "F", "resolved_early", "open", "hai cách hiểu cùng khớp 8/8 dòng"),
    (("Đã xử lý", "Hợp lệ"), "G", "", "open", "từ “hợp lệ” chưa có trong từ vựng"),
)
QUESTION = ("column", column_subject(UNCLEAR))
OTHER = ("column", column_subject(("Đã xử lý", "Hợp lệ")))


def table(file: str = "cong.xlsx", confirmed: str = "", extra: Iterable[Decision] = ()) -> Layout:
    """The count table. `confirmed`: the grounds of its unclear columns are an answer of this person."""
    decisions = []
    for path, letter, meaning, ground, reason in COLUMNS:
        asked = options(COLUMN_MEANINGS, "resolved_early", "resolved_on_time", "unused") if ground == "open" else ()
        if ground == "open" and confirmed:
            ground, reason, meaning = "confirmed", f"xác nhận của {confirmed}, 15/9/2023", "resolved_early"
        shown = f"{letter} “{' › '.join(path)}”"
        decisions.append(
            Decision("column", column_subject(path), shown, meaning, ground, reason, asked, ("12", "0", "7"))  # type: ignore[arg-type]
        )
    header = tuple(path for path, *_ in COLUMNS)
    return Layout("table", file, "Tổng hợp", "5:6", header, (*decisions, *extra))


def dossiers(file: str = "ds.xlsx") -> Layout:
    """The list of dossiers."""
    header = (("Mã hồ sơ",), ("Ngày tiếp nhận",), ("Ngày hẹn trả",), ("Ngày trả",), ("Trạng thái",), ("Kênh",))
    asked = options(STATUS_MEANINGS)
    dates = (Option("ngày trả", "D “Ngày trả”"), Option("ngày ký", "H “Ngày ký”"))
    return Layout(
        "list",
        file,
        "Danh sách",
        "3",
        header,
        (
            Decision(
                "end_date", "end_date", "Ngày kết thúc xử lý", "ngày trả", "open", "hai cột", dates, ("15/3/2022",)
            ),
            Decision("status", "đang chờ ý kiến", "“Đang chờ ý kiến” (14 hồ sơ)", "open", "open", "", asked, ()),
            Decision("status", "đã trả", "“Đã trả” (1.204 hồ sơ)", "done", "known", "từ vựng"),
            Decision("channel", "kios", "“Kios” (3 hồ sơ)", "", "open", "", options(CHANNEL_MEANINGS), ()),
        ),
    )
