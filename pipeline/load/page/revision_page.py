"""index.html of a revision: scoreboard, pictures, findings, changes, and every unit with its criteria."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from pipeline.finding_catalogue import SEVERITY_NAMES, catalogue
from pipeline.load.charts.svg import Picture
from pipeline.load.content.before_signature import before_signature
from pipeline.load.content.changes import ChangeSection, change_sections
from pipeline.load.content.class_notes import class_notes
from pipeline.load.content.display_names import ROLE_NAMES, DisplayNames, place_text
from pipeline.load.content.frame_rows import records, report_field
from pipeline.load.page.html_environment import render_page
from pipeline.load.page.unit_pages import PageUnit, page_units, without_officers
from pipeline.publish.published_scores import PublishedScores, comparable_before
from pipeline.publish.revision_diff import Changes
from pipeline.result import Scored, Stamp


@dataclass(frozen=True)
class PageFinding:
    """A finding; `units`: ids of the units and levels it concerns."""

    severity: str
    title: str
    place: str
    message: str
    consequences: str
    action: str
    units: tuple[tuple[str, str], ...]  # (unit_id, name)
    number: int  # in the list of all findings, from 1


#: a finding about more units is told once, and linked from each of them
MOST_REPEATED = 5
#: a note of so many criteria or more is printed once, and linked from each of them
SHARED_FROM, _SHORT_NOTE = 20, 60


def revision_page(
    scored: Scored,
    stamp: Stamp,
    pictures: Sequence[Picture],
    found: Changes | None = None,
    history: Sequence[PublishedScores] = (),
) -> bytes:
    """The bytes of the page. `found`: changes since the revision before; `history`: published quarters before this."""
    checked, book = scored.checked, scored.rulebook
    hide, names = without_officers(checked), DisplayNames.of(scored)
    past = comparable_before(history, checked.period, book.id) if book is not None else ()
    units = page_units(scored, past, hide)
    findings = _findings(scored, names, hide)
    of_unit: dict[str, list[PageFinding]] = {}
    for finding in findings:
        for unit_id, _ in finding.units:
            of_unit.setdefault(unit_id, []).append(finding)
    return render_page(
        "ban.html.j2",
        {
            "period": checked.period,
            "stamp": stamp,
            "area": report_field(checked, "area_name"),
            "body": report_field(checked, "issuing_body"),
            "rulebook": book,
            "ground": scored.rulebook_ground,
            "notices": scored.rulebook_notices,
            "places": book.rounding.print_places if book is not None else 2,
            "levels": [unit for unit in units if unit.is_level],
            "units": units,
            "since": past[-1].period if past and past[-1].period == checked.period.previous else None,
            "past": past,
            "apart": [quarter for quarter in history if quarter not in past],
            "pictures": [(picture.title, Markup(picture.svg)) for picture in pictures],
            "class_notes": class_notes(scored),
            "before_signature": [hide(item.what) for item in before_signature(scored)],
            "findings": findings,
            "finding_counts": [(name, sum(f.severity == name for f in findings)) for name in SEVERITY_NAMES.values()],
            "of_unit": of_unit,
            "most_repeated": MOST_REPEATED,
            "shared": _shared_notes(units),
            "changes": _changes(found, hide),
            "changed_from": found.before.revision if found is not None else "",
            "sources": [(file.path, ROLE_NAMES[file.role], file.sha256[:12]) for file in checked.sources],
            "all_quarters": "../../../../index.html" if stamp.alternative else "../../index.html",
        },
    )


def _shared_notes(units: Sequence[PageUnit]) -> dict[str, int]:
    """The long notes that many criteria have, numbered in the order in which they come first."""
    times = Counter(note for unit in units for criterion in unit.criteria for note in criterion.notes)
    often = [note for note, count in times.items() if count >= SHARED_FROM and len(note) > _SHORT_NOTE]
    return {note: number for number, note in enumerate(often, 1)}


def _findings(scored: Scored, names: DisplayNames, hide: Callable[[str], str]) -> list[PageFinding]:
    """All findings, the most severe first."""
    result: list[PageFinding] = []
    for row in records(scored.findings):
        ids = dict.fromkeys(x for x in (row["unit_id"], *str(row["units"]).split("; ")) if x in names.units)
        result.append(
            PageFinding(
                severity=SEVERITY_NAMES[str(row["severity"])],
                title=catalogue()[str(row["code"])].title,
                place=place_text(row["file"], row["sheet"], row["cell"]),
                message=hide(str(row["message"])),
                consequences=hide(str(row["consequences"])),
                action=hide(str(row["action"])),
                units=tuple((str(unit), names.unit(unit)) for unit in ids),
                number=len(result) + 1,
            )
        )
    return result


def _changes(found: Changes | None, hide: Callable[[str], str]) -> list[ChangeSection]:
    """The sections of changes that have rows, without those of officers."""
    if found is None:
        return []
    sections = change_sections(replace(found, officers=()))
    return [
        replace(section, rows=tuple((hide(a), hide(b), hide(c), hide(d)) for a, b, c, d in section.rows))
        for section in sections
        if section.rows
    ]
