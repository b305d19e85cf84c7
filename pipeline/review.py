"""The path of a review: files and findings of a check -> marked copies.

Files with findings are read again, in the sandbox (`extract.containers.sandbox`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

import pandas as pd

from pipeline.extract.containers.sandbox import SECONDS, open_all
from pipeline.extract.outgoing import with_shown_tabs
from pipeline.extract.showable_cells import showable_cells
from pipeline.extract.time_limit import OutOfTimeError, Watch
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.load.content.display_names import place_text
from pipeline.load.review.copy_names import copy_names
from pipeline.load.review.finding_marks import FindingRow
from pipeline.load.review.marked_copies import MarkedCopies, render_copy
from pipeline.registry import UnitIndex

#: cells in all copies of a check; files after it is reached show headers and rows around findings only
MOST_CELLS = 400_000
#: between the name of a zip and of its member (`extract.containers`)
_MEMBER = " › "
#: a place in the text of a finding:
#: `bo-sung.xlsx!Số liệu bổ sung!C7 ghi 5`, `cong.xlsx, sheet II.06a, ô B9`, `cong.csv, ô B9`
_PLACE = re.compile(
    r"(?P<file>.+?)(?:(?:!|, sheet )(?P<sheet>.*)(?:!|, ô )|, ô )(?P<cell>[A-Z]{1,3}[1-9]\d{0,6})(?: ghi .*)?",
    re.DOTALL,
)
_LONGEST_PLACE = 600  # letters
#: further places of a finding that are marked; letters of its texts (the review workbook has the whole texts)
_MOST_PLACES, _LONGEST_TEXT = 20, 1_000


def marked_copies(
    files: Mapping[str, bytes], sources: Sequence[str], findings: pd.DataFrame, index: UnitIndex
) -> MarkedCopies:
    """A copy of every readable file with an error, or with a finding of a sheet or cell. Same input, same bytes.

    `files`: name -> bytes, as they were read; `sources`: names of all files of the period and of members of zips;
    `findings`: Findings, whose rows are the positions of `MarkedCopies.locations`.
    """
    by_file = _findings_by_file(findings, sources)
    all_names = copy_names([*sources, *by_file])
    copies: dict[str, bytes] = {}
    names: dict[str, str] = {}
    locations: dict[int, tuple[str, str]] = {}
    cells_left = MOST_CELLS
    with Watch(SECONDS) as watch:
        for _, parts in open_all(_files_to_read(files, by_file)):
            for part in parts:
                if part.name not in by_file or part.name in names or not part.grids:
                    continue
                try:
                    with watch.limit():
                        grids = with_shown_tabs(part.grids, index.lexicon)
                        shown = [showable_cells(replace(grid), vocabulary(), index) for grid in grids]
                except OutOfTimeError:
                    continue
                copy = render_copy(part.name, shown, by_file[part.name], cells_left)
                cells_left -= copy.size
                name = names[part.name] = all_names[part.name]
                copies[name] = copy.data
                locations |= {position: (name, place) for position, place in copy.locations.items()}
    return MarkedCopies(copies, names, locations)


def _findings_by_file(findings: pd.DataFrame, sources: Sequence[str]) -> dict[str, list[tuple[int, FindingRow]]]:
    """File -> (position, finding) of the findings that a copy would show. A finding with several places is in each."""
    by_file: dict[str, list[tuple[int, FindingRow]]] = {}
    known = set(sources)
    for position, record in enumerate(findings.to_dict("records")):
        row = {str(k): str(v) for k, v in record.items()}
        own = (row["file"], row["sheet"], row["cell"])
        further = islice(_places_in(row["found"][: _MOST_PLACES * _LONGEST_PLACE], known), _MOST_PLACES)
        row |= {k: _cut(row[k]) for k in ("message", "found", "expected", "action", "consequences")}
        places = dict.fromkeys([own, *further])
        for place in places:
            if place[0]:
                by_file.setdefault(place[0], []).append((position, row | _fields(place)))
        cause = {"mark": "consequence", "cause": place_text(*own), "cause_file": row["file"]}
        for place in islice(_places_in(row["consequence_places"], known), _MOST_PLACES):
            if place not in places:
                by_file.setdefault(place[0], []).append((position, row | _fields(place) | cause))
    return {
        file: rows
        for file, rows in by_file.items()
        if any(f["cell"] or f["sheet"] or f["severity"] == "error" for _, f in rows)
    }


def _fields(place: tuple[str, str, str]) -> dict[str, str]:
    return dict(zip(("file", "sheet", "cell"), place, strict=True))


def _cut(text: str) -> str:
    """A text cut to the letters that a copy has room for."""
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + " …"


def _places_in(found: str, files: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """(file, sheet, cell) of the places that the text of a finding names, such as all entries of a unit."""
    for piece in found.split("; "):
        match = _PLACE.fullmatch(piece) if len(piece) <= _LONGEST_PLACE else None
        if match is not None and match["file"] in files:
            yield match["file"], match["sheet"] or "", match["cell"]


def _files_to_read(files: Mapping[str, bytes], wanted: Collection[str]) -> dict[str, bytes]:
    """The wanted files and the zips that contain one of them, sorted by name."""
    return {name: files[name] for name in sorted(files) if any(_is_or_contains(name, file) for file in wanted)}


def _is_or_contains(name: str, file: str) -> bool:
    return file == name or file.startswith(name + _MEMBER)
