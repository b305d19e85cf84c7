"""How many decimals a printed score has: the one rule for report, Word report and workbooks."""

from __future__ import annotations


def score_decimals(value: float, places: int, *, exact: bool = False) -> int:
    """None for a whole score (`16`), else `places` (`15,80`).

    `exact`: a whole one has them too (`2,00`), as Biểu mẫu 03 prints an average and the total.
    """
    return 0 if float(value).is_integer() and not exact else places
