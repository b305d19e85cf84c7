"""Which texts of an input may be repeated in what leaves the program: none that may name a person, or say where one is.

A text that has to be mended is named by its words where it can only be an office's or a status, else by its place.
"""

from __future__ import annotations

import re

from pipeline.text import fold, nfc

NOT_REPEATED = "(không nhắc lại: có thể là thông tin cá nhân)"
#: a phone number, the number of an identity card, an address of mail
_NUMBER_OF_SOMEBODY = re.compile(r"\d(?:[ .\-]?\d){8,}|@")
_SOMEBODY = re.compile(
    r"\b(?:ông|bà|người|đt|sđt|cccd|cmnd|điện thoại|chủ hồ sơ|họ (?:và )?tên|hotline|e-?mail|địa chỉ|liên hệ)\b"
)
#: how names of offices begin; a person's name begins with none of these
_OFFICES = (
    "ubnd|u.b.n.d|ủy ban|uỷ ban|hđnd|hội đồng|phòng|sở|ban quản|ban chỉ|ban dân|ban tiếp|ban tổ|xã|phường|thị trấn",
    "thị xã|huyện|quận|thành phố|tỉnh|đặc khu|chi cục|cục|trung tâm|bộ phận|bộ|công an|viện|toà|tòa|chi nhánh",
    "văn phòng|bảo hiểm|bhxh|kho bạc|thuế|trạm|trường|đội|hạt|công ty|quỹ|tập đoàn|account|tài khoản|cấp|đơn vị",
    "cơ quan|tổng|thanh tra",
)
#: how statuses begin; surnames that look alike ("Hồ", "Từ", "Lưu", "Thẩm") need their second word
_STATUSES = (
    "chờ|đã|đang|được|không|yêu cầu|cần|mới|tạm|dừng|trả|chuyển|hết hạn|quá hạn|đúng hạn|trước hạn|xử lý|tiếp nhận",
    "hoàn|bổ sung|bị|từ chối|rút|hủy|huỷ|thu hồi|liên thông|lưu trữ|ký|phát hành|trình|thẩm định|thẩm tra|phê duyệt",
    "gửi|nhận|kết thúc|thực hiện|hồ sơ|công dân|chưa|còn|sắp|đến hạn|trạng thái",
)
_ORDINALS = r"(?:\W|(?:\d+|[ivx]+)[.)])*"
_OFFICE = re.compile(rf"{_ORDINALS}(?:{'|'.join(_OFFICES)})\b|(?:p|x|tt|tp|h|q|vp)\.\s*\w", re.IGNORECASE)
_STATUS = re.compile(rf"\W*(?:{'|'.join(_STATUSES)})\b", re.IGNORECASE)


def names_somebody(text: str) -> bool:
    """Whether a line of text may name a person or say where one is found."""
    return bool(_NUMBER_OF_SOMEBODY.search(text) or _SOMEBODY.search(fold(text)))


def quoted(text: str) -> str:
    """A line of a title as a finding repeats it."""
    return NOT_REPEATED if names_somebody(text) else f"“{text}”"


def is_office(text: str) -> bool:
    """Whether a name can only be an office's."""
    return _OFFICE.match(nfc(text)) is not None and not _NUMBER_OF_SOMEBODY.search(text)


def is_status(text: str) -> bool:
    """Whether a text can only be the status of a dossier."""
    return _STATUS.match(nfc(text)) is not None and not names_somebody(text)
