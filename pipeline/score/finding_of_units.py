"""A finding about one unit, or about several at once that have the same cause."""

from __future__ import annotations

import pandas as pd

from pipeline.findings import Finding
from pipeline.text import vn_int


def finding_of_units(code: str, rows: pd.DataFrame, found: str, expected: str = "", **facts: object) -> Finding:
    """A finding that names each unit of `rows` (columns unit_id, name) in its fact `row`."""
    names = [f"“{name}”" for name in rows["name"]]
    who = names[0] if len(names) == 1 else f"{vn_int(len(names))} đơn vị ({'; '.join(names)})"
    ids = [str(unit) for unit in rows["unit_id"]]
    units = tuple(ids) if len(ids) > 1 else ()
    return Finding(
        code, "" if units else ids[0], found=found, expected=expected, facts={"row": who, **facts}, units=units
    )
