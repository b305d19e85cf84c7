"""Names of files that are made from foreign texts: valid on Windows, on Linux and in a zip, and readable."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from pipeline.text import nfc

#: characters that Windows does not allow in file names or that break links
_FORBIDDEN = re.compile(r"[<>:\"/\\|?*%#]+")
#: names of devices: Windows opens no file that is called so, whatever follows the first full stop
_DEVICES = re.compile(r"(?:con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
#: before a name of a device, and the name of a text of which nothing is left
_PREFIX: Final = "tep"
#: Excel opens no path above 218 letters, and no system allows a name above 255 bytes. A temporary file, an ending and a
#: lock file of Excel need some of them
_MOST_LETTERS, _MOST_BYTES = 80, 180


def disk_stem(text: str) -> str:
    """The text as the name of a file, without an ending: at most 80 letters and 180 bytes, never empty.

    Forbidden and invisible characters become `_`, names of devices (`CON`, `nul.2022`) begin with `tep-`; full stops
    and spaces at the ends, and signs that mark a file as hidden or temporary at its start, are left out.
    """
    shown = "".join("_" if _unseen(c) else c for c in " ".join(text.split()))
    plain = " ".join(nfc(_FORBIDDEN.sub("_", shown)).split()).strip(" .~$_-")[:_MOST_LETTERS]
    while len(plain.encode("utf-8")) > _MOST_BYTES:
        plain = plain[:-1]
    plain = plain.strip(" .") or _PREFIX
    return f"{_PREFIX}-{plain}" if _DEVICES.fullmatch(plain.partition(".")[0].strip()) else plain


def _unseen(character: str) -> bool:
    """Whether this is a control or format character, a surrogate, or a character of no or of private meaning."""
    return unicodedata.category(character).startswith("C")
