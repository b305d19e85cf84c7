"""Drafts the office's own file (office.toml): what is known is written, the rest stands as comments to fill in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from schemas.office import Office

_HEAD: Final = """\
# Tệp của văn phòng: những gì giống nhau ở mọi quý, ghi một lần. Mở bằng Notepad, lưu dạng UTF-8.
# Ô nào của bo-sung.xlsx (sheet “Thông tin báo cáo”, “Văn bản”) đã ghi thì dùng ô đó; để trống thì dùng tệp này.
# Chữ để trong dấu ngoặc kép. Dòng bắt đầu bằng dấu # không được đọc: bỏ dấu # ở đầu dòng khi đã điền.
"""
#: keys of [report] -> (Vietnamese: what it is, an example)
_REPORT: Final[Mapping[str, tuple[str, str]]] = {
    "superior_body": ("Cơ quan chủ quản, nhận báo cáo", '"UBND tỉnh …"'),
    "issuing_body": ("Cơ quan ban hành; bỏ dòng này thì dùng tên ở mục name", '"UBND thành phố …"'),
    "area_name": ("Tên địa bàn, như viết trong câu", '"thành phố …"'),
    "place": ("Địa danh ghi trên báo cáo", '"…"'),
    "on_behalf": ("Thay mặt", '"TM. ỦY BAN NHÂN DÂN"'),
    "signer_title": ("Chức vụ người ký, mỗi dòng một mục", '["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]'),
    "signer": ("Họ tên người ký", '"…"'),
    "addressees": ("Văn bản triển khai gửi đến (mục 1 của báo cáo)", '"các phòng, ban; UBND các xã, phường"'),
    "recipients": ("Nơi nhận, mỗi dòng một mục", '["Văn phòng UBND tỉnh", "Lưu: VT"]'),
}
#: keys of [levels.…] -> (Vietnamese: what it is, an example)
_LEVELS: Final[Mapping[str, tuple[str, str]]] = {
    "form_unit": ("Tên đơn vị trên Biểu mẫu 03; bỏ thì dùng tên cấp", '"…"'),
    "unit_group": ("Tên nhóm đơn vị trong bảng kết quả; bỏ thì dùng tên cấp", '"…"'),
    "disclosure_note": ("Ghi chú về công khai TTHC trên Biểu mẫu 03", '"…"'),
}
_DOCUMENTS: Final = """
# Văn bản báo cáo nêu tên ở mọi quý, mỗi văn bản một nhóm [[documents]]; role: basis (căn cứ), guidance (hướng dẫn).
# [[documents]]
# role = "basis"
# title = "Quyết định"
# number = "…/QĐ-UBND"
# issued_on = 2019-11-13
# issuer = "UBND tỉnh"
# subject = "về ban hành …"
"""


def office_text(office: Office, rulebooks: Sequence[str] = ()) -> str:
    """The text of office.toml. `rulebooks`: ids to choose from, named in a comment where the office has none.

    What is left blank is written as a comment with an example. `read_office` gives the same office again.
    """
    lines = [_HEAD + f"name = {_quoted(office.name)}", f"province = {_quoted(office.province)}"]
    known = f" Các mã: {', '.join(rulebooks)}." if rulebooks else ""
    lines.append(f"# Mã quy định chấm điểm; không ghi thì lấy quy định đang có hiệu lực của tỉnh.{known}")
    lines.append(f"rulebook = {_quoted(office.rulebook)}" if office.rulebook else '# rulebook = "…"')
    if office.levels:
        lines += ["", "# Các cấp trong danh mục đơn vị, và cách gọi trong các biểu."]
    for level, words in office.levels.items():
        lines += [f"[levels.{level}]", *_values(words.model_dump(), _LEVELS), ""]
    lines += ["", "[report]", *_values(office.report.model_dump(), _REPORT)]
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n" + _documents(office)


def _values(values: Mapping[str, object], known: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    for key, (meaning, example) in known.items():
        value = values[key]
        written = value if isinstance(value, str) else list(value) if isinstance(value, tuple) else ""
        if isinstance(written, list) and written:
            yield f"{key} = [{', '.join(map(_quoted, written))}]  # {meaning}"
        elif isinstance(written, str) and written:
            yield f"{key} = {_quoted(written)}  # {meaning}"
        else:
            yield f"# {key} = {example}  # {meaning}"


def _documents(office: Office) -> str:
    if not office.documents:
        return _DOCUMENTS
    lines = [_DOCUMENTS.split("\n")[1]]
    for document in office.documents:
        lines.append("[[documents]]")
        for key, value in document.model_dump(mode="json").items():
            if value:
                lines.append(f"{key} = {value if key == 'issued_on' else _quoted(value)}")
        lines.append("")
    return "\n" + "\n".join(lines)


def _quoted(text: str) -> str:
    """A basic string of TOML: its escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
