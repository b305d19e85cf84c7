"""The shipped registry and rulebooks, the blank forms of 2022-Q1, and a reader of workbooks changed by a test."""

from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook
from repository import ROOT
from workbooks import saved

from pipeline.extract.containers.excel import read_workbook
from pipeline.extract.forms.read_forms import FormFrames, read_form_sheets
from pipeline.forms.catalogue import form_catalogue
from pipeline.load.forms.analyst_forms import form_workbook
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry
from pipeline.rulebooks import installed

PERIOD = Period(2022, 1)


@pytest.fixture(scope="module")
def city() -> UnitIndex:
    return UnitIndex(read_registry((ROOT / "data/reference/units.csv").read_bytes()), PERIOD)


@pytest.fixture
def books(city: UnitIndex) -> dict[str, Workbook]:

    class Blank(dict[str, Workbook]):
        """Made when first asked for: most tests need one of the three."""

        def __missing__(self, name: str) -> Workbook:
            form = next(f for f in form_catalogue().forms if f.file == name)
            self[name] = form_workbook(form, PERIOD, city, installed())
            return self[name]

    return Blank()


@pytest.fixture
def read_forms(city: UnitIndex) -> Callable[..., FormFrames]:
    """Workbooks (or their bytes) by file name -> what is read from them."""

    def reading(files: dict[str, Any], period: Period = PERIOD) -> FormFrames:
        grids = []
        for name, book in files.items():
            grids += read_workbook(name, book if isinstance(book, bytes) else saved(book))
        return read_form_sheets(grids, period, city, installed())

    return reading
