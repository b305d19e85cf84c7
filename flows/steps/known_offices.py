"""The offices of this account by name: a small TOML file, name -> data folder."""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path

from flows.steps.failures import JobFailed
from pipeline.publish.atomic_files import period_lock, regular_bytes, replace_file

#: environment variable with the path of the file
FILE = "TTHC_OFFICES"
#: what the name of an office may be: it is part of keys of pages
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_HEAD = "# Các văn phòng trên máy này: tên = thư mục dữ liệu. “tthc init --office TÊN --data THƯ_MỤC” ghi thêm.\n"


def offices_file() -> Path:
    """The file: TTHC_OFFICES, else `tthc-scorecard/offices.toml` in the account's folder of settings."""
    named = os.environ.get(FILE)
    if named:
        return Path(named)
    settings = os.environ.get("XDG_CONFIG_HOME")
    return (Path(settings) if settings else Path.home() / ".config") / "tthc-scorecard" / "offices.toml"


def known_offices() -> dict[str, Path]:
    """Name -> data folder; empty without the file. Raises JobFailed (Vietnamese) for a file that cannot be used."""
    path = offices_file()
    try:
        content = tomllib.loads(regular_bytes(path).decode("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise JobFailed(
            f"Không đọc được danh sách văn phòng {path} ({error}). Việc cần làm: sửa tệp (mỗi dòng: tên = "
            '"thư mục dữ liệu"), hoặc xoá tệp rồi ghi lại bằng “tthc init --office”.'
        ) from None
    wrong = next((k for k, v in content.items() if not (NAME.fullmatch(k) and isinstance(v, str) and v)), None)
    if wrong is not None:
        raise JobFailed(
            f"Danh sách văn phòng {path}, mục “{wrong}” không dùng được. Việc cần làm: ghi tên bằng chữ thường không "
            'dấu, số, gạch nối, và thư mục trong dấu ngoặc kép, như van-son = "/srv/van-son".'
        )
    return {name: Path(folder) for name, folder in content.items()}


def record_office(name: str, data_dir: Path) -> None:
    """Add an office to the file. Raises JobFailed if the name is another folder's already, OSError if not written."""
    path = offices_file()
    with period_lock(path.parent):
        offices = known_offices()
        if offices.get(name, data_dir).resolve() != data_dir.resolve():
            raise JobFailed(f"Tên văn phòng “{name}” đã là của {offices[name]}: chọn tên khác, hoặc sửa {path}.")
        offices[name] = data_dir.resolve()
        lines = [f"{key} = {json.dumps(str(folder), ensure_ascii=False)}" for key, folder in sorted(offices.items())]
        replace_file(path, (_HEAD + "\n".join(lines) + "\n").encode())


def office_label(data_dir: Path) -> str:
    """The name of the office with this data folder, where more than one is known; "" otherwise."""
    try:
        offices = known_offices()
    except JobFailed:
        return ""
    if len(offices) < 2:
        return ""
    return next((name for name, folder in offices.items() if folder.resolve() == data_dir.resolve()), "")
