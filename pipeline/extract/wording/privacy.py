"""Decides which texts of an input a finding, a report or a copy may repeat: none that may identify a person.

A text that has to be corrected is quoted where it can be an office or a status only. Any other text is named by its
cell.
"""

from __future__ import annotations

import re

from pipeline.text import fold, nfc

NOT_REPEATED = "(không nhắc lại: có thể là thông tin cá nhân)"
#: a phone number, the number of an identity card, an e-mail address
_PERSONAL_NUMBER = re.compile(r"\d(?:[ .\-]?\d){8,}|@")
#: words that announce a person or where a person is found
_PERSONAL_WORDS = re.compile(
    r"\b(?:ông|bà|người|đt|sđt|cccd|cmnd|điện thoại|chủ hồ sơ|họ (?:và )?tên|hotline|e-?mail|địa chỉ|liên hệ)\b"
)
#: first words of office names; a person's name begins with none of these
_OFFICES = (
    "ubnd|u.b.n.d|ủy ban|uỷ ban|hđnd|hội đồng|phòng|sở|ban quản|ban chỉ|ban dân|ban tiếp|ban tổ|xã|phường|thị trấn",
    "thị xã|huyện|quận|thành phố|tỉnh|đặc khu|chi cục|cục|trung tâm|bộ phận|bộ|công an|viện|toà|tòa|chi nhánh",
    "văn phòng|bảo hiểm|bhxh|kho bạc|thuế|trạm|trường|đội|hạt|công ty|quỹ|tập đoàn|account|tài khoản|cấp|đơn vị",
    "cơ quan|tổng|thanh tra",
)
#: first words of statuses; where a surname is spelt alike ("Hồ", "Từ", "Lưu", "Thẩm") with the second word
_STATUSES = (
    "chờ|đã|đang|được|không|yêu cầu|cần|mới|tạm|dừng|trả|chuyển|hết hạn|quá hạn|đúng hạn|trước hạn|xử lý|tiếp nhận",
    "hoàn|bổ sung|bị|từ chối|rút|hủy|huỷ|thu hồi|liên thông|lưu trữ|ký|phát hành|trình|thẩm định|thẩm tra|phê duyệt",
    "gửi|nhận|kết thúc|thực hiện|hồ sơ|công dân|chưa|còn|sắp|đến hạn|trạng thái",
)
#: first words of ways of reception; a person's name begins with none of these
_CHANNELS = (
    "trực|qua|nộp|tại|cổng|bưu|dịch|hình|online|zalo|email|kiosk|app|ứng|toàn|một|mức|điện|mạng|hệ|gửi|vnpost",
)
#: a surname that is common in Việt Nam and a second word, both with capitals; no words of statuses spelt alike
_SURNAMES = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ(?! Sơ)|Ngô|Dương|Lý(?! Do)|Đinh|Trịnh|Đoàn|Trương",
    "Mai|Đào|Lâm|Phùng|Tô|Tạ|Chu|Châu|Quách|Thái|Cao|Hà|Lương|Lưu(?! Trữ)|Vương|Triệu|Nông|Lò|Vàng|Giàng|Sùng|Hầu",
)
_NAME = re.compile(rf"\b(?:{'|'.join(_SURNAMES)}) [A-ZÀ-ỸĐ]\w*")
_ORDINALS = r"(?:\W|(?:\d+|[ivx]+)[.)])*"
_OFFICE = re.compile(rf"{_ORDINALS}(?:{'|'.join(_OFFICES)})\b|(?:p|x|tt|tp|h|q|vp)\. ?\w", re.IGNORECASE)
_CHANNEL = re.compile(rf"\W*(?:{'|'.join(_CHANNELS)})\b", re.IGNORECASE)
_STATUS = re.compile(rf"\W*(?:{'|'.join(_STATUSES)})\b", re.IGNORECASE)


def may_identify_person(text: str) -> bool:
    """Whether a line of text may name a person or hold a phone number, an address or the like."""
    return bool(_PERSONAL_NUMBER.search(text) or _PERSONAL_WORDS.search(fold(text)))


def quoted(text: str) -> str:
    """A line of a title in quotation marks, as a finding repeats it; `NOT_REPEATED` where it may identify a person."""
    return NOT_REPEATED if may_identify_person(text) else f"“{text}”"


def is_surely_office(text: str) -> bool:
    """Whether a name can be that of an office only, not of a person."""
    return _OFFICE.match(nfc(text)) is not None and not _PERSONAL_NUMBER.search(text)


def is_surely_status(text: str) -> bool:
    """Whether a text can be the status of a dossier only, not a person's name or data."""
    return _STATUS.match(nfc(text)) is not None and not _may_name_person(text)


def is_surely_channel(text: str) -> bool:
    """Whether a text can be a way of reception only, not a person's name or data."""
    return _CHANNEL.match(nfc(text)) is not None and not _may_name_person(text)


def _may_name_person(text: str) -> bool:
    return may_identify_person(text) or _NAME.search(nfc(text).title() if text.isupper() else nfc(text)) is not None
