"""Exports in which single numbers were changed, and what a check reports of the change."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl
from offices import II06A, export_bytes, full_row, totals

from pipeline import quarter
from pipeline.periods import Period
from pipeline.result import Checked

PERIOD = Period(2022, 1)
KINDS = ("+1", "-1", "x10", "swapped digits", "blank")
_REGISTRY_HEAD = "unit_id,name,kind,level,parent,aliases,valid_from,valid_to,successor,note"


def new_number(number: int, kind: str) -> int | str | None:
    """The number after a change, None for a blank; "" where the change leaves it as it is or below 0."""
    if kind == "blank":
        return None
    digits = str(number)
    swapped = [digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in range(len(digits) - 1)]
    other = next((int(s) for s in swapped if s[0] != "0" and s != digits), number)
    after = {"+1": number + 1, "-1": number - 1, "x10": number * 10, "swapped digits": other}[kind]
    return "" if after == number or after < 0 else after


@dataclass(frozen=True)
class Cell:
    """A cell with a number: of a unit, a level, or ("") a total row."""

    file: str
    address: str
    owner: str
    number: int

    @property
    def row(self) -> int:
        """The row of the sheet."""
        return int(re.sub(r"\D", "", self.address))


@dataclass(frozen=True)
class City:
    """The files of a quarter whose numbers are changed: name -> bytes."""

    files: Mapping[str, bytes]
    registry: bytes

    def check(self, changes: Mapping[tuple[str, str], Any] | None = None) -> Checked:
        """The quarter with some cells changed: (file, address) -> new value."""
        files = dict(self.files)
        for name in {file for file, _ in changes or {}}:
            book = openpyxl.load_workbook(io.BytesIO(files[name]))
            sheet = book.worksheets[0]
            for (file, address), value in (changes or {}).items():
                if file == name:
                    sheet[address] = value
            out = io.BytesIO()
            book.save(out)
            files[name] = out.getvalue()
        return quarter.check(quarter.read_period(PERIOD, files, self.registry))

    @cached_property
    def baseline(self) -> Checked:
        """The quarter without a change."""
        return self.check()

    @cached_property
    def cells(self) -> list[Cell]:
        """The cells of units and levels, by the reading of the unchanged files, in its order."""
        counts = self.baseline.counts
        numbers = counts["original_value"].fillna(counts["value"])
        found = zip(counts["source_file"], counts["source_cell"], counts["unit_id"], numbers, strict=True)
        return [Cell(str(f), str(c), str(u), int(n)) for f, c, u, n in found]

    @cached_property
    def total_cells(self) -> list[Cell]:
        """The cells of the total rows."""
        found = []
        for name, data in self.files.items():
            for row in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows():
                if len(row) > 1 and re.match(r"(Tổng|Cộng)", str(row[1].value or "")):
                    found += [Cell(name, c.coordinate, "", c.value) for c in row[2:] if isinstance(c.value, int)]
        return found

    def levels(self) -> set[str]:
        """The ids of levels."""
        entities = self.baseline.entities
        return set(entities.loc[entities["kind"] == "level", "unit_id"])


@dataclass(frozen=True)
class Outcome:
    """What a check reports of a change, beside what it reports of the unchanged files."""

    told: str
    new: list[dict[str, str]] = field(default_factory=list)  # new errors and warnings
    aside: tuple[str, ...] = ()  # units and levels that are not used any more


def outcome(city: City, cells: Sequence[Cell], after: Checked) -> Outcome:
    """What is reported of a change of some cells.

    `told`: `cell` (the first error points to nothing else), `row` (it points into the changed row), `named` (another
    finding, or the text of the error, names the cell), `aside` (the unit is set aside, the row is not named), `file`
    (several units are set aside), `warned` (nothing is set aside, a finding names a changed cell), `unnamed` (nothing is
    set aside, some finding is new), `same` (no figure changed), `silent`.
    """
    known = {_key(r) for r in city.baseline.findings.to_dict("records")}
    new = [dict(r) for r in after.findings.to_dict("records") if r["severity"] != "notice" and _key(r) not in known]
    aside = _lost(city.baseline, after)
    errors = [f for f in new if f["severity"] == "error"]
    owners = {c.owner for c in cells}
    text = " ".join(f"{f['cell']} {f['message']} {f['consequences']}" for f in new)
    named = all(re.search(rf"\b{c.address}\b", text) for c in cells)
    if not new:
        same = city.baseline.figures.equals(after.figures)
        return Outcome("same" if same else "silent", new, aside)
    if len(set(aside) - city.levels()) > len(owners - city.levels() - {""}):
        return Outcome("file", new, aside)
    if not aside:
        return Outcome("warned" if named else "unnamed", new, aside)
    pointed = [set(re.findall(r"[A-Z]+\d+", f["cell"])) for f in errors[: len(cells)]]
    at = {(f["file"], int(re.sub(r"\D", "", c))) for f, some in zip(errors, pointed, strict=False) for c in some}
    if pointed and all((c.file, c.row) in at for c in cells):
        exact = sorted(map(sorted, pointed)) == sorted([c.address] for c in cells)
        return Outcome("cell" if exact else "row", new, aside)
    return Outcome("named" if named else "aside", new, aside)


def _key(row: Mapping[Any, Any]) -> tuple[str, ...]:
    # a warning about a level that stood before may now hold other numbers
    return tuple(str(row[k]) for k in ("code", "unit_id", "file", "cell"))


def _lost(before: Checked, after: Checked) -> tuple[str, ...]:
    lost = []
    for checked in (before, after):
        entities = checked.entities
        lost.append(set(entities.loc[entities["status"].isin(["set_aside", "missing"]), "unit_id"]))
    return tuple(sorted(lost[1] - lost[0]))


# --- cities -----------------------------------------------------------------------------------------------------------


def sample_city(data: Path) -> City:
    """The exports of the sample and its correction. `data`: the project's folder of data."""
    names = ("II.06a-cap.xlsx", "II.06a-phong-ban.xlsx", "II.06a-xa-phuong.xlsx", "dieu-chinh.xlsx")
    files = {name: (data / "raw" / "2022-Q1" / name).read_bytes() for name in names}
    return City(files, (data / "reference" / "units.csv").read_bytes())


def made_city(
    rng: random.Random,
    communes: int = 8,
    *,
    total: bool = True,
    sections: bool = False,
    levels: bool = True,
    shuffled: bool = False,
    dropped: Sequence[int] = (),
) -> City:
    """A city with random numbers, offices and communes.

    `total`: with a row of sums; `sections`: a row of sums after offices and after communes too, in one file; `levels`:
    with a file of the levels' own rows; `shuffled`: the rows in no order; `dropped`: positions of columns left out.
    """
    offices = [(f"phong-{i}", f"Phòng Số {i}") for i in range(1, 6)]
    villages = [(f"xa-{i}", f"Xã Số {i}") for i in range(1, communes + 1)]
    lines = [_REGISTRY_HEAD, "huyen,Cấp huyện,level,huyen,,,,,,", "xa,Cấp xã,level,xa,,,,,,"]
    lines += [f"{u},{n},unit,huyen,,,,,," for u, n in offices] + [f"{u},{n},unit,xa,,,,,," for u, n in villages]
    parts = [[_numbers(rng, i, n) for i, (_, n) in enumerate(group, 1)] for group in (offices, villages)]
    for rows in parts if shuffled else ():
        rng.shuffle(rows)
        for i, row in enumerate(rows, 1):
            row[0] = i
    own = [["I", "Cấp huyện", *totals(parts[0])[2:]], ["II", "Cấp xã", *totals(parts[1])[2:]]]
    if sections:
        all_rows = [["Các phòng"], *parts[0], totals(parts[0], "Cộng phòng"), ["Các xã"], *parts[1]]
        all_rows += [totals(parts[1], "Cộng xã"), totals([*parts[0], *parts[1]], "Tổng cộng")]
        tables = {"II.06a.xlsx": all_rows}
    else:
        tables = {f"{n}.xlsx": [*rows, *([totals(rows)] if total else [])] for n, rows in zip("ab", parts, strict=True)}
    tables |= {"cap.xlsx": own} if levels else {}
    columns = [c for i, c in enumerate(II06A) if i not in dropped]
    files = {
        name: export_bytes(
            [[v for i, v in enumerate(row) if i not in dropped] for row in rows], columns, index_row=not dropped
        )
        for name, rows in tables.items()
    }
    return City(files, "\n".join(lines).encode())


def _numbers(rng: random.Random, stt: int, name: str) -> list[Any]:
    big = rng.choice([3, 40, 900])
    online, direct, carried = rng.randint(0, big), rng.randint(1, big), rng.randint(0, big // 3)
    resolved = rng.randint((online + direct + carried) // 2, online + direct + carried)
    late = rng.randint(0, resolved // 9)
    early = rng.randint(0, resolved - late)
    pending = online + direct + carried - resolved
    return full_row(
        stt, name, online, direct, carried, early, resolved - late - early, late, rng.randint(0, pending // 4)
    )


def single_changes(cells: Sequence[Cell]) -> Iterator[tuple[Cell, str, int | None]]:
    """Every change of every cell: the cell, the kind of change and the new number."""
    for cell in cells:
        for kind in KINDS:
            after = new_number(cell.number, kind)
            if not isinstance(after, str):
                yield cell, kind, after
