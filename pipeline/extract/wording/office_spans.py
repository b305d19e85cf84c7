"""Names of offices inside a title: registered ones, and others by the kind they begin with ("tại Sở Nội vụ").

An office says whose dossiers are counted. The rows tell which units these are, so the name narrows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from pipeline.registry import UnitIndex, frame_rows, row_keys

#: kinds of places, whose names have at most `_PLACE_WORDS` words, and words that are no name after them
_PLACES = (
    "thị trấn",
    "thị xã",
    "thành phố",
    "đặc khu",
    "phường",
    "xã",
    "huyện",
    "quận",
    "tỉnh",
    "tp",
    "tx",
    "tt",
    "ubnd",
    "hđnd",
)
_COMMITTEES = ("ủy ban nhân dân", "uỷ ban nhân dân", "hội đồng nhân dân")
#: kinds of agencies, whose names go on to the end of the phrase
_AGENCIES = (
    *(
        "trung tâm phục vụ",
        "trung tâm hành chính công",
        "chi nhánh",
        "văn phòng",
        "chi cục",
        "ban quản lý",
        "ban chỉ đạo",
    ),
    *(
        "thanh tra",
        "kho bạc",
        "sở",
        "phòng",
        "ban",
        "cục",
        "bộ",
        "trung tâm",
        "trạm",
        "đội",
        "hạt",
        "viện",
        "tòa án",
        "toà án",
    ),
    *("bảo hiểm xã hội", "công an", "chi cục thuế", "cục thuế", "tổng cục", "điện lực", "kho bạc nhà nước"),
)
#: a word that makes the kind before it another word: "phòng cháy", "xã hội", "sở hữu", "ban hành"
_NO_KIND = {
    "phòng": {"cháy", "chống", "ngừa", "dịch", "khám", "trọ", "học", "vệ", "hộ", "thủ"},
    "xã": {"hội", "viên"},
    "sở": {"hữu", "thú"},
    "ban": {"hành", "đầu", "ngày", "công"},
    "bộ": {"đội", "hồ", "phận", "môn", "luật", "chỉ"},
    "cục": {"bộ"},
    "đội": {"ngũ"},
    "viện": {"trợ", "phí"},
    "trạm": {"xăng"},
}
#: words that make the kind after them another word: "cơ sở", "quốc phòng", "hợp tác xã"
_NOT_AFTER = {"sở": {"cơ", "trụ", "công"}, "phòng": {"quốc", "dự"}, "xã": {"tác"}}
#: agencies that are offices after a preposition or at the beginning only: elsewhere they name what is applied for
_WITH_PREPOSITION = {
    "bảo hiểm xã hội",
    "công an",
    "điện lực",
    "thanh tra",
    "trung tâm",
    "trạm",
    "đội",
    "hạt",
    "viện",
    "ban",
    "cục",
    "bộ",
    "chi nhánh",
}
_PREPOSITIONS = {"tại", "của", "thuộc", "ở", "bàn", "do", "giữa", "bởi"}
#: words at which a name ends
_STOPS = {
    *(
        "quý",
        "tháng",
        "năm",
        "từ",
        "đến",
        "kỳ",
        "theo",
        "trong",
        "về",
        "qua",
        "trên",
        "tthc",
        "dvc",
        "tại",
        "của",
        "bằng",
    ),
    *("tính", "được", "đã", "đang", "chưa", "gồm", "chỉ", "trừ", "riêng", "loại", "nhóm", "bao"),
}
_STOPPING_PAIRS = {
    *(
        ("lĩnh", "vực"),
        ("hồ", "sơ"),
        ("thủ", "tục"),
        ("tiếp", "nhận"),
        ("giải", "quyết"),
        ("thực", "hiện"),
        ("giai", "đoạn"),
    ),
    ("trực", "tuyến"),
}
#: how the name of an agency goes on after a comma or a dash: "Lao động - Thương binh và Xã hội"
_CONTINUED = (
    *(
        "thương binh",
        "thể thao",
        "đào tạo",
        "kế hoạch",
        "hạ tầng",
        "đô thị",
        "môi trường",
        "khoa học",
        "công nghệ",
        "truyền thông",
    ),
    *(
        "du lịch",
        "gia đình",
        "xã hội",
        "tài chính",
        "thông tin",
        "giao thông",
        "phát triển nông thôn",
        "xây dựng và",
        "dân tộc",
    ),
)
#: how the name of a place goes on after a dash: "Bà Rịa - Vũng Tàu"
_TWIN_PLACES = ("vũng tàu", "tháp chàm")
_PLACE_WORDS, _AGENCY_WORDS = 4, 14
_BOUNDARY = "|"
_FIRST_WORD = re.compile(r"[\w%]+")
#: names of registered offices are looked for with at most so many words
_LONGEST_NAME = 16


def without_offices(segments: Iterable[Sequence[str]], index: UnitIndex) -> Iterator[list[str]]:
    """The segments (words, "|" for punctuation) cut where they name an office; the names are left out."""
    for words in segments:
        part: list[str] = []
        at, after_office = 0, False
        while at < len(words):
            size = _office_at(words, at, index, after_office=after_office)
            if size and part[-2:] != ["lĩnh", "vực"]:
                if part:
                    yield part
                part, at, after_office = [], at + size, True
                continue
            after_office = after_office and words[at] in {_BOUNDARY, "và", "thuộc", "tại", "của"}
            part.append(words[at])
            at += 1
        if part:
            yield part


def _office_at(words: Sequence[str], at: int, index: UnitIndex, *, after_office: bool) -> int:
    """How many words from a position on name an office; 0 where none begins there."""
    if words[at] == _BOUNDARY:
        return 0
    registered = _registered(words, at, index)
    if registered:
        return registered
    begins = at == 0 or after_office or words[at - 1] in _PREPOSITIONS or words[at - 1] == _BOUNDARY
    for kind in (*_COMMITTEES, *_AGENCIES, *_PLACES):
        parts = kind.split()
        if list(words[at : at + len(parts)]) != parts:
            continue
        if kind in _WITH_PREPOSITION and not begins:
            continue
        if at and words[at - 1] in _NOT_AFTER.get(kind, ()):
            continue
        following = words[at + len(parts)] if at + len(parts) < len(words) else ""
        if following in _NO_KIND.get(kind, ()):
            continue
        return len(parts) + _name_length(words, at + len(parts), kind)
    return 0


def _name_length(words: Sequence[str], start: int, kind: str) -> int:
    """The words of the name after a kind. A place with more words than names have is followed by something else."""
    place = kind in _PLACES or kind in _COMMITTEES
    most = _PLACE_WORDS if place else _AGENCY_WORDS
    size = 0
    while start + size < len(words) and size < most:
        word = words[start + size]
        if word == _BOUNDARY and _goes_on(words, start + size + 1, _TWIN_PLACES if place else _CONTINUED):
            size, most = size + 1, most + 1
            continue
        pair = tuple(words[start + size : start + size + 2])
        if word == _BOUNDARY or word in _STOPS or pair in _STOPPING_PAIRS or word.isdigit():
            break
        if place and size == 0 and word in {"các", "và"}:
            break
        if place and _is_kind(words, start + size):
            break
        size += 1
    return size


def _goes_on(words: Sequence[str], at: int, known: Sequence[str]) -> bool:
    """Whether what follows a comma or a dash belongs to the name before it."""
    return any(list(words[at : at + len(x.split())]) == x.split() for x in known)


def _is_kind(words: Sequence[str], at: int) -> bool:
    return any(list(words[at : at + len(kind.split())]) == kind.split() for kind in _PLACES)


@lru_cache(maxsize=4)  # one index serves all files of a period
def _first_words(index: UnitIndex) -> frozenset[str]:
    """The first words of all registered names, as written and after "UBND", which a name may have or not."""
    keys = (key for row in frame_rows(index.registry) for key in row_keys(row))
    found = (_FIRST_WORD.search(key) for key in keys)
    return frozenset(("ubnd", "ủy", "uỷ", *(match[0] for match in found if match)))


def _registered(words: Sequence[str], at: int, index: UnitIndex) -> int:
    """The words of the longest registered name that begins at a position."""
    if words[at] not in _first_words(index):
        return 0
    end = min(len(words), at + _LONGEST_NAME)
    for stop in range(end, at, -1):
        name = " ".join(w for w in words[at:stop] if w != _BOUNDARY)
        found = index.resolve(name) if words[stop - 1] != _BOUNDARY else None
        if found is not None and (found.unit_id or found.candidates or found.ignored or found.outside):
            return stop - at
    return 0
