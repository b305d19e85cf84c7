"""The provinces of Viet Nam: the 63 of before 1 July 2025, whose names the 34 of today keep.

Source: Nghị quyết 202/2025/QH15 (the merger), which gives every new province the name of one of the old ones.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import Final

#: their names
NAMES: Final = (
    "An Giang", "Bà Rịa – Vũng Tàu", "Bạc Liêu", "Bắc Giang", "Bắc Kạn", "Bắc Ninh", "Bến Tre", "Bình Dương",
    "Bình Định", "Bình Phước", "Bình Thuận", "Cà Mau", "Cao Bằng", "Cần Thơ", "Đà Nẵng", "Đắk Lắk", "Đắk Nông",
    "Điện Biên", "Đồng Nai", "Đồng Tháp", "Gia Lai", "Hà Giang", "Hà Nam", "Hà Nội", "Hà Tĩnh", "Hải Dương",
    "Hải Phòng", "Hậu Giang", "Hòa Bình", "Hồ Chí Minh", "Huế", "Hưng Yên", "Khánh Hòa", "Kiên Giang", "Kon Tum",
    "Lai Châu", "Lạng Sơn", "Lào Cai", "Lâm Đồng", "Long An", "Nam Định", "Nghệ An", "Ninh Bình", "Ninh Thuận",
    "Phú Thọ", "Phú Yên", "Quảng Bình", "Quảng Nam", "Quảng Ngãi", "Quảng Ninh", "Quảng Trị", "Sóc Trăng", "Sơn La",
    "Tây Ninh", "Thái Bình", "Thái Nguyên", "Thanh Hóa", "Thừa Thiên Huế", "Tiền Giang", "Trà Vinh", "Tuyên Quang",
    "Vĩnh Long", "Vĩnh Phúc", "Yên Bái",
)  # fmt: skip
#: what may stand before the name, and the country after it
_AROUND: Final = re.compile(r"^(?:(?:ubnd|uy ban nhan dan|tinh|thanh pho|tp|t) )+| (?:viet nam|vn)$")


def _key(text: str) -> str:
    """A name without case, diacritics, punctuation, and the words around it: `UBND tỉnh Điện Biên` -> `dien bien`."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return _AROUND.sub("", " ".join(letters.split()))


_BY_KEY: Final = {_key(name): name for name in NAMES}


def province_named(text: str) -> str:
    """The province that a text names, as this module writes it. Raises ValueError (Vietnamese) for none."""
    name = _BY_KEY.get(_key(text))
    if name is None:
        near = difflib.get_close_matches(_key(text), _BY_KEY, n=1)
        hint = f"; gần nhất: “{_BY_KEY[near[0]]}”" if near else ""
        raise ValueError(f"“{text}” không phải tên một tỉnh, thành phố; ghi như “Điện Biên”{hint}")
    return name
