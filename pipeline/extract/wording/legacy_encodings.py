"""Detects Vietnamese text in a legacy encoding (TCVN3, VNI) and text that was opened in a wrong encoding.

Such text matches no label of the vocabulary, and a title that names another period or a filter would not be
recognised. Its file is therefore reported and not counted.
"""

from __future__ import annotations

import re
import unicodedata

#: characters that Vietnamese text in Unicode does not contain: a quick test before the slow one
_SUSPECT = re.compile(
    r"[¡-¿ÄÅÆÇËÎÏÑÖ×ØÛÜÞßäåæçëîïñö÷øûüþÿ\x80-\x9f\ufffd]"
    # `+` and `-` around letters and digits (UTF-7), looked for once in each run of such characters
    r"|(?<![A-Za-z0-9+/])[A-Za-z0-9/]*+\+[A-Za-z0-9+/]{2,}+-|\w\?|\?\w"
)
#: expressions that the exports of every portal contain
_EXPECTED = re.compile(
    r"\b(?:tiếp nhận|hồ sơ|giải quyết|đơn vị|trước hạn|đúng hạn|quá hạn|trong hạn|tổng số|thủ tục|trực tuyến|trực tiếp"
    r"|kỳ trước|trong kỳ|lĩnh vực|kỳ báo cáo|từ ngày|đến ngày|phường|cơ quan)\b"
)
#: TCVN 5712:1993 (TCVN3, ABC fonts), displayed as Latin-1 -> Unicode
_TCVN3 = str.maketrans(
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦",
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
)
#: VNI fonts, displayed as Latin-1: a base letter followed by a character for its diacritics
_VNI = re.compile(r"[aeouyôö][ùøûõïâáàåãäêéèúüë]", re.IGNORECASE)
_VNI_MARKS = {
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323", "â": "\u0302", "á": "\u0302\u0301",
    "à": "\u0302\u0300", "å": "\u0302\u0309", "ã": "\u0302\u0303", "ä": "\u0302\u0323", "ê": "\u0306",
    "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309", "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
#: VNI letters of one character
_VNI_LETTERS = str.maketrans("ôöñæóòî", "ơưđỉĩịỵ")
#: expected expressions whose Vietnamese letters a program replaced by question marks
_LOST = re.compile(
    r"ti\?p nh\?n|h\? s\?|gi\?i quy\?t|[đd?]\?n v\?|\btr\?+c h\?n|[đd?]úng h\?n|quá h\?n|th\? t\?c|t\?ng s\?"
)
#: expected expressions written without diacritics
_WITHOUT_DIACRITICS = re.compile(
    r"\b(?:ho so|don vi|(?:qua|dung|truoc) han|giai quyet|tiep nhan|da xu ly)\b", re.IGNORECASE
)


def lacks_diacritics(text: str) -> bool:
    """Whether a text is Vietnamese written without diacritics."""
    return _WITHOUT_DIACRITICS.search(text) is not None


def encoding_fault(text: str) -> str:
    """The fault in the encoding of a text, in Vietnamese; "" for none. `text`: as the file has it, not normalised.

    The text is converted from each legacy encoding in turn. The fault is the first one whose result contains an
    expected expression.
    """
    if not _SUSPECT.search(text) or _is_expected(text):
        return ""
    for fault, convert in _CONVERSIONS:
        if _is_expected(convert(text)):
            return fault
    return "chữ có dấu đã mất, thay bằng dấu hỏi" if _LOST.search(text.casefold()) else ""


def _is_expected(text: str) -> bool:
    return _EXPECTED.search(unicodedata.normalize("NFC", text).casefold()) is not None


def _tcvn3(text: str) -> str:
    return text.translate(_TCVN3)


def _vni(text: str) -> str:
    parts, end, text = list[str](), 0, text.lower()
    for pair in _VNI.finditer(text):
        # the text up to and including the base letter, then its diacritics
        parts += [text[end : pair.start() + 1].translate(_VNI_LETTERS), _VNI_MARKS[pair[0][1]]]
        end = pair.end()
    return "".join([*parts, text[end:].translate(_VNI_LETTERS)])


def _windows_1252_bytes(text: str) -> bytes:
    """The bytes that windows-1252 displays as the text."""
    return b"".join(c.encode("cp1252", "ignore") or (c.encode("latin-1") if c < "\u0100" else b"") for c in text)


def _utf_8(text: str) -> str:
    return _windows_1252_bytes(text).decode("utf-8", "ignore")


def _utf_7(text: str) -> str:
    return text.encode("ascii", "ignore").decode("utf-7", "ignore")


def _latin_1(text: str) -> str:
    """Latin-1 text that `text_encoding` decoded as windows-1258, its last resort for bytes that are no UTF-8."""
    return text.encode("cp1258", "ignore").decode("latin-1")


#: (fault, in Vietnamese; conversion that repairs it)
_CONVERSIONS = (
    ("chữ theo phông cũ TCVN3 (ABC, .VnTime)", _tcvn3),
    ("chữ theo phông cũ VNI", _vni),
    ("chữ UTF-8 bị mở sai bảng mã", _utf_8),
    ("chữ ở bảng mã UTF-7", _utf_7),
    ("chữ theo phông cũ TCVN3 (ABC, .VnTime)", lambda text: _tcvn3(_latin_1(text))),
    ("chữ theo phông cũ VNI", lambda text: _vni(_latin_1(text))),
)
