"""Damages the cells of a table in a workbook, CSV or HTML file: numbers, rubbish, rows, columns, headings."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from typing import Any

import openpyxl
from lxml import html

#: wrong values for a cell that should contain a count, a date or a name
RUBBISH: tuple[Any, ...] = (
    None, "", "abc", "#REF!", "-1", -1, 1.5, "1,5", "1.2.3", "1e3", "=SUM(A1:A9)", "９", "²", "0x1F", True, 1e300,
    dt.datetime(2022, 2, 1), dt.date(2021, 12, 31), dt.time(8, 30), " 7 ", "31/02/2022", "01/13/2022", "Xã D", "-",
    44600, "Tổng số", "1\n2", "<b>3</b>", "12 345", "1'234", "00012", "+5", "x" * 5000,
)  # fmt: skip


#: headings without a meaning, as opposed to a heading with another meaning
_NO_LABEL = (None, "Cột lạ")


class Cells:
    """The cells of one table of a file as lists of rows. They can be changed and written back with `save`."""

    def __init__(self, rng: random.Random, name: str, data: bytes) -> None:
        self.delimiter = ""
        if data[:2] == b"PK":
            self.book = openpyxl.load_workbook(io.BytesIO(data))
            self.sheet = rng.choice([s for s in self.book.worksheets if s.max_row > 3] or self.book.worksheets)
            self.rows: list[list[Any]] = [[c.value for c in row] for row in self.sheet.iter_rows()]
        elif name.endswith("html"):
            self.tree = html.fromstring(data.decode("utf-8-sig"))
            self.lines = list(self.tree.iter("tr"))
            self.rows = [[td.text_content() for td in line] for line in self.lines]
        else:
            text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
            self.delimiter = "\t" if text.count("\t") > text.count(";") else ";"
            self.rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter))

    def save(self) -> bytes:
        """The bytes of the file with the current cells."""
        if self.delimiter:
            out = io.StringIO(newline="")
            csv.writer(out, delimiter=self.delimiter).writerows(
                [["" if v is None else v for v in r] for r in self.rows]
            )
            return out.getvalue().encode()
        if hasattr(self, "tree"):
            return self._save_html()
        for row in self.sheet.iter_rows():
            for cell in row:
                if isinstance(cell, openpyxl.cell.Cell):
                    cell.value = None
        for r, values in enumerate(self.rows, 1):
            for c, value in enumerate(values, 1):
                cell = self.sheet.cell(r, c)
                if isinstance(cell, openpyxl.cell.Cell):  # cells inside a merged range cannot be written
                    cell.value = value
        buffer = io.BytesIO()
        self.book.save(buffer)
        return buffer.getvalue()

    def _save_html(self) -> bytes:
        table = self.lines[0].getparent()
        kept = {id(line) for line in self.lines}
        shapes = [[dict(td.attrib) for td in line] for line in self.lines]
        for line in [x for x in table if id(x) in kept]:
            table.remove(line)
        for r, values in enumerate(self.rows):
            line = html.Element("tr")
            for c, value in enumerate(values):
                td = html.Element("td", shapes[r][c] if r < len(shapes) and c < len(shapes[r]) else {})
                td.text = "" if value is None else str(value).replace("\0", "")
                line.append(td)
            table.append(line)
        return html.tostring(self.tree, encoding="utf-8")

    @property
    def body(self) -> list[int]:
        """Positions of the rows with a number in the first or third cell."""
        return [r for r, row in enumerate(self.rows) if len(row) > 3 and any(is_number(v) for v in (row[0], *row[2:]))]


def is_number(value: Any) -> bool:
    """Whether a cell contains a whole number."""
    if isinstance(value, bool):
        return False
    return isinstance(value, int | float) or (
        isinstance(value, str) and value.replace(".", "").isascii() and value.replace(".", "").isdigit()
    )


_CELL_WAYS = (
    *("number", "number", "number", "rubbish", "rubbish", "swap cells", "swap rows", "swap names", "swap columns"),
    *("swap heads", "blank column", "head", "unheaded", "unmerge", "insert", "insert", "delete row", "shift row"),
)


def damage_cells(rng: random.Random, name: str, data: bytes) -> tuple[str, bytes]:
    """One random change of a table's cells: (what was done, bytes of the file)."""
    cells = Cells(rng, name, data)
    rows, body = cells.rows, cells.body
    heads = [r for r in range(len(rows)) if r < (body[0] if body else 3)]
    way = rng.choice(_CELL_WAYS)
    detail: object = ""
    if way in {"number", "rubbish"}:
        r = rng.choice(body)
        numeric = [c for c, v in enumerate(rows[r]) if is_number(v) and (c > 1 or way == "rubbish")]
        c = rng.choice(numeric if way == "number" or rng.random() < 0.8 else list(range(len(rows[r]))))
        old = rows[r][c]
        if way == "rubbish":
            rows[r][c] = rng.choice(RUBBISH)
        else:
            rows[r][c] = max(
                0, int(str(old).replace(".", "") if isinstance(old, str) else old) + rng.choice([1, -1, 7, 100, -3])
            )
        detail = (r, c, old, str(rows[r][c])[:30])
    elif way == "swap cells":
        r, s = rng.choice(body), rng.choice(body)
        c, d = rng.randrange(len(rows[r])), rng.randrange(len(rows[s]))
        d = c if rng.random() < 0.5 and c < len(rows[s]) else d
        rows[r][c], rows[s][d] = rows[s][d], rows[r][c]
        detail = (r, c, s, d)
    elif way in {"swap rows", "swap names"}:
        r, s = rng.sample(body, 2)
        if way == "swap rows":
            rows[r], rows[s] = rows[s], rows[r]
        else:
            rows[r][1], rows[s][1] = rows[s][1], rows[r][1]
        detail = (r, s)
    elif way in {"swap columns", "blank column", "swap heads"}:
        c, d = rng.sample(range(2, len(rows[body[0]])), 2)
        whole = cells.delimiter and rng.random() < 0.5
        for r in {"swap columns": body if not whole else heads + body, "blank column": body, "swap heads": heads[-2:]}[
            way
        ]:
            if max(c, d) < len(rows[r]):
                rows[r][c], rows[r][d] = (None, rows[r][d]) if way == "blank column" else (rows[r][d], rows[r][c])
        detail = (c, d, whole)
    elif way in {"head", "unheaded"}:
        r, c = rng.choice([(r, c) for r in heads for c, v in enumerate(rows[r]) if v not in (None, "")])
        detail = (r, c, rows[r][c])
        cut = [str(rows[r][c])[:-1], f"{rows[r][c]} x", "Tổng số", "Quá hạn", "Trong kỳ"]
        rows[r][c] = rng.choice(cut if way == "head" else _NO_LABEL)
    elif way == "unmerge":
        ranges = list(cells.sheet.merged_cells.ranges)
        for merged in ranges if rng.random() < 0.5 else [rng.choice(ranges)]:
            cells.sheet.unmerge_cells(str(merged))
    elif way == "insert":
        new = rng.choice(
            [
                [],
                [None, "Ghi chú: số liệu tạm tính"],
                list(rng.choice(rows)),
                ["9", "Xã Lạ", *["1"] * 9],
                list(rows[body[0]]),
            ]
        )
        at = rng.randrange(len(rows) + 1)
        if not cells.delimiter and not hasattr(cells, "tree"):
            at = rng.randrange(body[0], len(rows) + 1)  # the merged header is not moved
        rows.insert(at, new)
        detail = (at, new[:3])
    elif way == "delete row":
        detail = rng.choice(body)
        del rows[detail]
    else:
        r = rng.choice(body)
        detail = (r, rng.choice([-1, 1]))
        rows[r] = rows[r][:2] + (rows[r][3:] if detail[1] < 0 else [None, *rows[r][2:]])
    return f"cells: {way} {detail}", cells.save()
