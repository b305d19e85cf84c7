"""The number formats of an XML Spreadsheet 2003 that make Excel show another number than a cell stores."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline.extract.containers.number_formats import format_effect, reformatted_number
from pipeline.extract.sheet.grid import MisreadCell

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
#: names of formats instead of codes. The last three show words
_NAMED = {"Percent": "%", "Yes/No": "Yes/No", "True/False": "True/False", "On/Off": "On/Off"}
#: styles that inherit from each other; a longer chain is a circle
_MOST_PARENTS = 100


class CellStyles:
    """The effects of the styles by their ids. `styles`: the `Style` elements of the workbook."""

    def __init__(self, styles: Iterable[Element]) -> None:
        parents: dict[str, str] = {}
        own: dict[str, str] = {}
        for style in styles:
            name = style.get(f"{_SS}ID", "")
            parents[name] = style.get(f"{_SS}Parent", "Default" if name != "Default" else "")
            number_format = style.find(f"{_SS}NumberFormat")
            if number_format is not None:
                code = number_format.get(f"{_SS}Format", "")
                own[name] = _NAMED.get(code) or format_effect(code)
        self._effects = {name: _inherited(name, parents, own) for name in parents}

    def reformatted(self, number: str, style: str) -> MisreadCell | None:
        """The cell of a stored number as a person sees it; None where Excel shows the stored number.

        `style`: the id of its style; "" for the default.
        """
        effect = self._effects.get(style or "Default", "")
        return reformatted_number(number, effect) if effect else None


def _inherited(name: str, parents: dict[str, str], own: dict[str, str]) -> str:
    for _ in range(_MOST_PARENTS):
        if name in own:
            return own[name]
        name = parents.get(name, "")
    return ""
