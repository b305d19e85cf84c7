"""The looks of cells in an XML Spreadsheet 2003: number formats and struck fonts of its styles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from pipeline.extract.containers.cell_looks import PLAIN, CellLook, look_of
from pipeline.extract.containers.number_formats import NAMED_CODES, is_date_code

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
#: styles that inherit from each other; a longer chain is a circle
_MOST_PARENTS = 100


_T = TypeVar("_T")


class CellStyles:
    """The looks of the styles by their ids. `styles`: the `Style` elements of the workbook."""

    def __init__(self, styles: Iterable[Element]) -> None:
        parents: dict[str, str] = {}
        codes: dict[str, str] = {}
        struck: dict[str, bool] = {}
        for style in styles:
            name = style.get(f"{_SS}ID", "")
            parents[name] = style.get(f"{_SS}Parent", "Default" if name != "Default" else "")
            number_format, font = style.find(f"{_SS}NumberFormat"), style.find(f"{_SS}Font")
            if number_format is not None:
                code = number_format.get(f"{_SS}Format", "")
                codes[name] = NAMED_CODES.get(code, code)
            if font is not None:
                struck[name] = font.get(f"{_SS}StrikeThrough", "0").strip() in ("1", "true")
        self._codes = {name: _inherited(name, parents, codes) or "" for name in parents}
        self._looks = {
            name: look_of(code, struck=bool(_inherited(name, parents, struck))) for name, code in self._codes.items()
        }

    def look(self, style: str) -> CellLook:
        """The look of a style. `style`: its id; "" for the default."""
        return self._looks.get(style or "Default", PLAIN)

    def shows_dates(self, style: str) -> bool:
        """Whether a style shows numbers as dates."""
        return is_date_code(self._codes.get(style or "Default", ""))


def _inherited(name: str, parents: Mapping[str, str], own: Mapping[str, _T]) -> _T | None:
    """What a style or the nearest of its parents says; None where none does."""
    for _ in range(_MOST_PARENTS):
        if name in own:
            return own[name]
        name = parents.get(name, "")
    return None
