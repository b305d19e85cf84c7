"""Text that is Vietnamese only under an old font, or was opened in the wrong encoding: told by what it would say.

Read as it stands, no label is known, and worse: a title that names another period or a filter is not heard.
"""

from __future__ import annotations

import re
import unicodedata

#: letters that no Vietnamese text in Unicode has: a quick look before a slow one
_ODD = re.compile(r"[¡-¿ÄÅÆÇËÎÏÑÖ×ØÛÜÞßäåæçëîïñö÷øûüþÿ\x80-\x9f\ufffd]|\+[A-Za-z0-9+/]{2,}-|\w\?|\?\w")
#: what exports of every portal say
_SAID = re.compile(
    r"\b(?:tiếp nhận|hồ sơ|giải quyết|đơn vị|trước hạn|đúng hạn|quá hạn|trong hạn|tổng số|thủ tục|trực tuyến|trực tiếp"
    r"|kỳ trước|trong kỳ|lĩnh vực|kỳ báo cáo|từ ngày|đến ngày|phường|cơ quan)\b"
)
#: TCVN 5712 (ABC) as a page of Western Europe shows it
_TCVN3 = str.maketrans(
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦",
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
)
#: VNI: a letter and, behind it, one for its marks; some letters alone
_VNI = re.compile(r"[aeouyôö][ùøûõïâáàåãäêéèúüë]", re.IGNORECASE)
_VNI_MARKS = {
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323", "â": "\u0302", "á": "\u0302\u0301",
    "à": "\u0302\u0300", "å": "\u0302\u0309", "ã": "\u0302\u0303", "ä": "\u0302\u0323", "ê": "\u0306",
    "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309", "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_LETTERS = str.maketrans("ôöñæóòî", "ơưđỉĩịỵ")
#: what is left of letters that a program could not write
_LOST = re.compile(
    r"ti\?p nh\?n|h\? s\?|gi\?i quy\?t|[đd?]\?n v\?|\btr\?+c h\?n|[đd?]úng h\?n|quá h\?n|th\? t\?c|t\?ng s\?"
)


#: what exports say, written without marks
_UNMARKED = re.compile(r"\b(?:ho so|don vi|(?:qua|dung|truoc) han|giai quyet|tiep nhan|da xu ly)\b", re.IGNORECASE)


def unmarked(text: str) -> bool:
    """Whether a text is Vietnamese of which the marks were left out."""
    return _UNMARKED.search(text) is not None


def legacy_text(text: str) -> str:
    """What is wrong with the encoding of a text as the file has it; "" for nothing."""
    if not _ODD.search(text) or _says(text):
        return ""
    for name, read in _WAYS:
        if _says(read(text)):
            return name
    return "chữ có dấu đã mất, thay bằng dấu hỏi" if _LOST.search(text.casefold()) else ""


def _says(text: str) -> bool:
    return _SAID.search(unicodedata.normalize("NFC", text).casefold()) is not None


def _tcvn3(text: str) -> str:
    return text.translate(_TCVN3)


def _vni(text: str) -> str:
    parts, end, text = list[str](), 0, text.lower()
    for pair in _VNI.finditer(text):
        # up to the letter as it stands, then the marks it has
        parts += [text[end : pair.start() + 1].translate(_VNI_LETTERS), _VNI_MARKS[pair[0][1]]]
        end = pair.end()
    return "".join([*parts, text[end:].translate(_VNI_LETTERS)])


def _bytes(text: str) -> bytes:
    """The bytes that a page of Western Europe shows so."""
    return b"".join(c.encode("cp1252", "ignore") or (c.encode("latin-1") if c < "\u0100" else b"") for c in text)


def _utf_8(text: str) -> str:
    return _bytes(text).decode("utf-8", "ignore")


def _utf_7(text: str) -> str:
    return text.encode("ascii", "ignore").decode("utf-7", "ignore")


def _western(text: str) -> str:
    """A text that was taken for windows-1258, the last resort for bytes that are no UTF-8."""
    return text.encode("cp1258", "ignore").decode("latin-1")


_WAYS = (
    ("chữ theo phông cũ TCVN3 (ABC, .VnTime)", _tcvn3),
    ("chữ theo phông cũ VNI", _vni),
    ("chữ UTF-8 bị mở sai bảng mã", _utf_8),
    ("chữ ở bảng mã UTF-7", _utf_7),
    ("chữ theo phông cũ TCVN3 (ABC, .VnTime)", lambda text: _tcvn3(_western(text))),
    ("chữ theo phông cũ VNI", lambda text: _vni(_western(text))),
)
