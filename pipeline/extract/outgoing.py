"""What leaves the reading of files: every finding, decision and note, with the texts of the files that may be shown.

Wherever a text of a file was put into a sentence, it passes here once more. File names are shown as they are: without
them nobody finds the file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pipeline.extract.sheet.grid import Grid
from pipeline.findings import Consequence, Finding
from pipeline.forms.catalogue import form_words
from pipeline.layouts.decisions import Decision, Layout, Option
from pipeline.shown_text import MAX_LENGTH, Lexicon

#: (file, sheet)
Sheet = tuple[str, str]
#: findings about the unit of a row: of a count table they name places and offices that the registry does not know
_OF_ROWS = frozenset(
    (
        *("unit_unknown", "unit_ambiguous", "unit_unclear", "unit_elsewhere", "rows_elsewhere", "row_ignored"),
        *("unit_not_in_period", "level_not_in_period"),
    )
)
#: the same of a form
_OF_FORM_ROWS = frozenset(("form_unit_unknown", "unit_ambiguous", "unit_not_in_period", "level_not_in_period"))
#: facts of findings that the office has said
_OF_THE_OFFICE = frozenset({"by"})


def with_shown_tabs(grids: Iterable[Grid], lexicon: Lexicon) -> tuple[Grid, ...]:
    """The sheets of a file; one whose name may be that of a person is shown as `trang 3`."""
    return tuple(
        grid if not grid.sheet or lexicon.knows(grid.sheet) else replace(grid, shown_sheet=f"trang {number}")
        for number, grid in enumerate(grids, 1)
    )


@lru_cache(maxsize=8)
def form_lexicon(lexicon: Lexicon) -> Lexicon:
    """What may be shown of forms: the words of a registry's lexicon and those of the forms themselves."""
    return lexicon.with_names(form_words())


def form_findings(
    findings: Iterable[Finding], forms: Collection[str], files: Iterable[str], lexicon: Lexicon
) -> list[Finding]:
    """The findings; those about forms with the texts that may be shown. An export may have the shape of a form.

    `forms`: names of the files that hold forms; `files`: of all files; `lexicon`: that of the registry. Of a form the
    words of its own headings, lists and rulebooks are known too.
    """
    if not forms:
        return list(findings)
    outgoing = Outgoing(form_lexicon(lexicon), {*files, *forms}, forms=frozenset(forms))
    return [outgoing.finding(f) if f.file in forms else f for f in findings]


@dataclass(frozen=True)
class Outgoing:
    """Makes what leaves the reading of a period.

    `files`: names of the files. `tables`: sheets of count tables, whose rows are places and offices. `forms`: files of
    forms, of which that is true too.
    """

    lexicon: Lexicon
    files: Collection[str]
    tables: Collection[Sheet] = frozenset()
    forms: Collection[str] = frozenset()
    _names: re.Pattern[str] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Prepare the search for file names."""
        names = sorted({name for name in self.files if name}, key=len, reverse=True)
        object.__setattr__(self, "_names", re.compile("|".join(map(re.escape, names))) if names else None)

    def findings(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings, their texts as they may be shown."""
        return tuple(map(self.finding, findings))

    def layouts(self, layouts: Iterable[Layout]) -> tuple[Layout, ...]:
        """The layouts, the texts of their decisions as they may be shown."""
        return tuple(replace(x, decisions=tuple(map(self._decision, x.decisions))) for x in layouts)

    def text(self, text: str, *, places: bool = False) -> str:
        """A sentence, between the names of files in it. `places`: see `Lexicon.sentence`."""
        names: Sequence[str] = self._names.findall(text) if self._names is not None else []
        if not names or self._names is None:
            return self.lexicon.sentence(text, places=places)
        between = [self.lexicon.sentence(part, places=places) if part else "" for part in self._names.split(text)]
        return "".join(part for pair in zip(between, [*names, ""], strict=True) for part in pair)

    def lines(self, text: str) -> str:
        """Several sentences, one a line."""
        return "\n".join(self.text(line) if line else "" for line in text.split("\n"))

    def finding(self, finding: Finding) -> Finding:
        """The finding, its texts as they may be shown."""
        of_table = finding.code in _OF_ROWS and (finding.file, finding.sheet) in self.tables
        places = of_table or (finding.code in _OF_FORM_ROWS and finding.file in self.forms)

        def shown(text: str) -> str:
            if (
                finding.file in self.forms and len(text) > MAX_LENGTH
            ):  # nobody reads on, and nothing limits the time here
                text = f"{text[:MAX_LENGTH]}…"
            return self.text(text, places=places) if text else text

        return replace(
            finding,
            found=shown(finding.found),
            expected=shown(finding.expected),
            facts={
                key: shown(value) if isinstance(value, str) and key not in _OF_THE_OFFICE else value
                for key, value in finding.facts.items()
            },
            consequences=tuple(Consequence(c.file, c.sheet, c.cell, self.text(c.text)) for c in finding.consequences),
        )

    def _decision(self, decision: Decision) -> Decision:
        confirmed = decision.ground == "confirmed"  # its reason names who answered
        return replace(
            decision,
            shown=self.text(decision.shown),
            reason=decision.reason if confirmed or not decision.reason else self.text(decision.reason),
            examples=tuple(self.text(e) if e else e for e in decision.examples),
            options=tuple(Option(o.value, self.text(o.text)) for o in decision.options),
        )
