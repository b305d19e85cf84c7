"""The page with the text of a published report, to be read in the browser."""

from __future__ import annotations

import re

#: heading of the annex, which is not signed; templates/phu-luc.md.j2 writes it
ANNEX = "\n## Phụ lục nguồn số liệu\n"
#: a picture of the report, which is a file that the server does not have
_PICTURE = re.compile(r"^!\[([^\]\n]*)\]\([^)\n]*\)$", re.MULTILINE)
#: most letters on a page, because an artifact is one row of the server's database
MOST_LETTERS = 200_000


def report_page(report: str) -> str:
    """Markdown: the report without its annex, at most MOST_LETTERS of it. `report`: the text of bao-cao.md.

    Of a picture there is its title, which says what it shows.
    """
    signed = report.split(ANNEX)[0].rstrip().removesuffix("---").rstrip() + "\n"
    signed = _PICTURE.sub(r"- \1", signed)
    if len(signed) <= MOST_LETTERS:
        return signed
    whole_lines = signed[:MOST_LETTERS].rpartition("\n")[0]
    return f"{whole_lines}\n\nTrang này chỉ hiện phần đầu; toàn văn ở bao-cao.md, trong thư mục của bản.\n"
