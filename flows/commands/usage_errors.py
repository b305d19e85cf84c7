"""Errors in how `tthc` is used, in Vietnamese. The command line library has only English messages."""

from __future__ import annotations

import re

_COMMAND = re.compile(r"No such command '([^']*)'")
_HELP = "Xem “tthc --help”."


class UsageError(Exception):
    """An argument of a command is wrong. The message is Vietnamese; `tthc` prints it and exits with status 2."""


def usage_error_text(error: Exception) -> str | None:
    """Vietnamese: what is wrong with the command line. None if the exception is not one of the library's usage errors.

    The library's exception classes are private, so they are recognised by name.
    """
    names = {c.__name__ for c in type(error).__mro__}
    if "MissingParameter" in names:
        parameter = getattr(error, "param", None)
        label = getattr(parameter, "metavar", None) or getattr(parameter, "name", "") or ""
        option = next((name for name in getattr(parameter, "opts", ()) if name.startswith("--")), "")
        return f"thiếu {f'{option} {label}'.strip()}. {_HELP}"
    if "NoSuchOption" in names:
        near = ", ".join(getattr(error, "possibilities", None) or ())
        return f"không có tuỳ chọn {getattr(error, 'option_name', '')}{f' (có {near})' if near else ''}. {_HELP}"
    command = _COMMAND.match(str(getattr(error, "message", "")))
    if command:
        return f"không có lệnh {command[1]}. {_HELP}"
    if "UsageError" in names:
        return f"{getattr(error, 'message', error)} {_HELP}"
    return None
