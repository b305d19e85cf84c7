"""Errors of use, in Vietnamese: the command line library knows them in English only."""

from __future__ import annotations

import re

_COMMAND = re.compile(r"No such command '(.*)'")
_HELP = "Xem “tthc --help”."


def explain(error: Exception) -> str | None:
    """What was wrong with the command line, or None when the error is not about it.

    The library keeps these classes private, so they are told by name.
    """
    names = {c.__name__ for c in type(error).__mro__}
    if "MissingParameter" in names:
        parameter = getattr(error, "param", None)
        label = getattr(parameter, "metavar", None) or getattr(parameter, "name", "") or ""
        return f"thiếu {label}. {_HELP}"
    if "NoSuchOption" in names:
        near = ", ".join(getattr(error, "possibilities", None) or ())
        return f"không có tuỳ chọn {getattr(error, 'option_name', '')}{f' (có {near})' if near else ''}. {_HELP}"
    command = _COMMAND.match(str(getattr(error, "message", "")))
    if command:
        return f"không có lệnh {command[1]}. {_HELP}"
    if "UsageError" in names:
        return f"{getattr(error, 'message', error)} {_HELP}"
    return None
