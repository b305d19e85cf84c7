"""The office that reports a sheet, as its title rows name it: the line "Đơn vị báo cáo: …", and names in titles."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.text import nfc

_REPORTER = re.compile(r"(?:^[\s\-–+]*đơn vị|(?:đơn vị|cơ quan)(?: thực hiện)? báo cáo) ?: ?(.*)$", re.IGNORECASE)
#: what may follow the reporter in the same line: the recipient, the unit of measure, the period
_AFTER_REPORTER = re.compile(
    r"(?:(?<![-–;,.+]) ?[-–;,.+]++)? ?(?:đơn vị|cơ quan) ?(?:nhận|tính)\b.*$| ?[-–;,] ?kỳ báo cáo.*$", re.IGNORECASE
)
_AT = re.compile(r"\b(?:tại|của) (.+)$", re.IGNORECASE)
_PUNCTUATION = " .;…-–+"


def reporter_name(texts: Iterable[str]) -> str:
    """The name in the first reporter line, or in the text after it; "" where there is none.

    `- Đơn vị báo cáo: UBND phường A` -> `UBND phường A`. `texts`: the filled cells of the title rows, in order.
    """
    titles = [nfc(t) for t in texts]
    for text, following in zip(titles, [*titles[1:], ""], strict=False):
        match = _REPORTER.search(text)
        if match:
            name = _AFTER_REPORTER.sub("", match[1]).strip(_PUNCTUATION) or following.strip(_PUNCTUATION)
            if name and ":" not in name:
                return name
    return ""


def office_names(texts: Iterable[str]) -> list[str]:
    """Candidates for the name of the reporting office: what follows "tại" or "của", then every title as a whole."""
    titles = [nfc(t).strip(" .;:…") for t in texts]
    return [*(m[1] for t in titles if (m := _AT.search(t))), *titles]
