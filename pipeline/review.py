"""Files and findings of a check -> marked copies. Files are read again by the limited process, only those concerned."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import pandas as pd

from pipeline.extract.containers.sandbox import open_all
from pipeline.extract.showable_cells import showable_cells
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.load.review.copy_names import copy_names
from pipeline.load.review.marked_copies import MarkedCopies, render_copy
from pipeline.registry import UnitIndex

#: cells of all copies of a check; later files show only headers and the rows near a finding
MOST_CELLS = 400_000
#: of a zip's member, after the zip's own name (`extract.containers`)
_INSIDE = " › "
#: `bo-sung.xlsx!Số liệu bổ sung!C7 ghi 5`, `cong.xlsx, sheet II.06a, ô B9`, `cong.csv, ô B9`
_PLACE = re.compile(
    r"(?P<file>.+?)(?:(?:!|, sheet )(?P<sheet>.*)(?:!|, ô )|, ô )(?P<cell>[A-Z]{1,3}[1-9]\d{0,6})(?: ghi .*)?",
    re.DOTALL,
)
_LONGEST_PLACE = 600
#: places a finding names beside its own that are marked; letters of its texts (the review workbook has them whole)
_MOST_NAMED, _LONGEST_TEXT = 20, 1_000


def marked_copies(
    files: Mapping[str, bytes], sources: Sequence[str], findings: pd.DataFrame, index: UnitIndex
) -> MarkedCopies:
    """A copy of every file that can be opened and of which something is said of a place in it, or an error at all.

    files: name -> bytes, as they were read; sources: names of all of the period, members of zips too;
    findings: Findings frame, whose order the positions count. Deterministic.
    """
    about = _about(findings, sources)
    names = copy_names([*sources, *about])
    copies: dict[str, bytes] = {}
    of_file: dict[str, str] = {}
    locations: dict[int, tuple[str, str]] = {}
    room = MOST_CELLS
    for _, parts in open_all(_concerned(files, about)):
        for part in parts:
            if part.name not in about or part.name in of_file or not part.grids:
                continue
            shown = [showable_cells(grid, vocabulary(), index) for grid in part.grids]
            copy = render_copy(part.name, shown, about[part.name], room)
            room -= copy.size
            name = of_file[part.name] = names[part.name]
            copies[name] = copy.data
            locations |= {position: (name, at) for position, at in copy.locations.items()}
    return MarkedCopies(copies, of_file, locations)


def _about(findings: pd.DataFrame, sources: Sequence[str]) -> dict[str, list[tuple[int, dict[str, str]]]]:
    """File -> its findings with their positions, where any can be shown; one of two places is told of at both."""
    found: dict[str, list[tuple[int, dict[str, str]]]] = {}
    known = set(sources)
    for position, record in enumerate(findings.to_dict("records")):
        row = {str(k): str(v) for k, v in record.items()}
        own = (row["file"], row["sheet"], row["cell"])
        named = islice(_named(row["found"][: _MOST_NAMED * _LONGEST_PLACE], known), _MOST_NAMED)
        row |= {k: _cut(row[k]) for k in ("message", "found", "expected", "action")}
        for place in dict.fromkeys([own, *named]):
            if place[0]:
                at = dict(zip(("file", "sheet", "cell"), place, strict=True))
                found.setdefault(place[0], []).append((position, {**row, **at}))
    return {
        file: rows
        for file, rows in found.items()
        if any(f["cell"] or f["sheet"] or f["severity"] == "error" for _, f in rows)
    }


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + " …"


def _named(found: str, files: set[str]) -> Iterator[tuple[str, str, str]]:
    """The places a finding names in what it found: a unit, an entry in several places."""
    for piece in found.split("; "):
        match = _PLACE.fullmatch(piece) if len(piece) <= _LONGEST_PLACE else None
        if match is not None and match["file"] in files:
            yield match["file"], match["sheet"] or "", match["cell"]


def _concerned(files: Mapping[str, bytes], about: Mapping[str, object]) -> dict[str, bytes]:
    """The files themselves and the zips that hold one of those, in the order of names."""
    return {name: files[name] for name in sorted(files) if any(_is_of(name, file) for file in about)}


def _is_of(name: str, file: str) -> bool:
    return file == name or file.startswith(name + _INSIDE)
