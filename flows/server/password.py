"""The password of Prefect's server: the configured one, else one that is made once and kept in a file of its user."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from flows.steps.failures import JobFailed

#: environment variables of the server and of its clients
OF_SERVER, OF_CLIENT = "PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING"
#: name of the file, in PREFECT_HOME beside the database of the server
FILE = "mat-khau.txt"
USER = "quan-tri"
#: what docs/systemd/tthc.env.example holds in place of a password
EXAMPLE = "DOI-MAT-KHAU-NAY"
#: letters and digits that are not mistaken for one another. Without vowels, d and w, a Vietnamese keyboard (Telex, VNI)
#: does not change what is typed
_ALPHABET = "bcfghjkmnpqrstvxz23456789"
#: `name:password`; Prefect compares ASCII texts only
_VALID = re.compile(r"[!-9;-~]+:[!-~]{8,}")


def make_password() -> str:
    """A new `name:password`, 92 random bits in groups of five characters."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))
    return f"{USER}:{'-'.join(groups)}"


def stored_password(home: Path) -> str | None:
    """The password of the file in `home`; None without a file. Afterwards only its owner can read the file.

    Raises JobFailed if the file cannot be used.
    """
    path = home / FILE
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            os.fchmod(handle, 0o600)
            text = file.read(1000).decode("ascii", "replace").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise JobFailed(f"Không dùng được tệp mật khẩu {path} ({error.strerror}): xoá nó rồi chạy lại.") from None
    if not is_valid(text):
        raise JobFailed(
            f"Mật khẩu trong {path} không dùng được: ghi một dòng “tên:mật-khẩu”, mật khẩu từ 8 ký tự trở lên, "
            "không dấu, không có dấu cách; hoặc xoá tệp để chương trình tạo mật khẩu mới."
        )
    return text


def ensure_password(home: Path) -> tuple[str, bool]:
    """(password of the file in `home`, whether it was made now). Hold `runtime.serialised_start` meanwhile.

    Raises JobFailed if the file cannot be used or written.
    """
    known = stored_password(home)
    if known is not None:
        return known, False
    path, made = home / FILE, make_password()
    draft = path.with_name(f".{FILE}.{secrets.token_hex(8)}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(made + "\n")
                file.flush()
                os.fsync(handle)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise JobFailed(f"Không ghi được tệp mật khẩu {path} ({error.strerror}).") from None
    return made, True


def password_lines(home: Path, password: str, made: bool) -> list[str]:
    """Vietnamese: what to type on the login page, once, and where it is found later."""
    path = home / FILE
    if made:
        return [f"Đã tạo mật khẩu của trang, chỉ hiện lần này: {password}", f"Mật khẩu được giữ trong {path}."]
    return [f"Mật khẩu của trang: xem tệp {path}."]


def is_valid(text: str) -> bool:
    """Whether a text is a `name:password` that was chosen and can be compared."""
    return _VALID.fullmatch(text) is not None and EXAMPLE not in text


def is_on_this_machine(address: str) -> bool:
    """Whether a URL is of the loopback: the stored password is sent nowhere else."""
    try:
        return urlsplit(address).hostname in ("127.0.0.1", "localhost", "::1")
    except ValueError:
        return False
