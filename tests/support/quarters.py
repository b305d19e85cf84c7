"""Eight quarters of the small office, each going on where the one before ended, made by a rule of their own."""

from collections.abc import Callable
from pathlib import Path

ROMAN = ("I", "II", "III", "IV")
PERIODS = [f"{year}-Q{quarter}" for year in (2022, 2023) for quarter in (1, 2, 3, 4)]
UNITS = {"Phòng A": "huyen", "Phòng B": "huyen", "Xã C": "xa", "Xã D": "xa"}


def made_quarters() -> dict[str, tuple]:
    """Period -> rows of the export (online, direct, carried over, early, on time, late, in time, overdue)."""
    pending = dict.fromkeys(UNITS, 0)
    quarters = {}
    for number, period in enumerate(PERIODS):
        rows = []
        for place, unit in enumerate(UNITS):
            online, direct = 20 + 7 * number + 3 * place, 50 + (11 * number * (place + 1)) % 40
            received = online + direct + pending[unit]
            left, late, on_time = (number + place) % 5, (3 * number + place) % 6, (number * place) % 9 + 4
            early = received - left - late - on_time
            rows.append((unit, online, direct, pending[unit], early, on_time, late, left, 0))
            pending[unit] = left
        quarters[period] = tuple(rows)
    return quarters


def put_quarter(office: Path, export: Callable[..., bytes], period: str, rows: tuple) -> None:
    """Replace the export of a quarter."""
    folder = office / "raw" / period
    folder.mkdir(exist_ok=True)
    (folder / "cong.xlsx").write_bytes(export(rows, f"Quý {ROMAN[int(period[-1]) - 1]} năm {period[:4]}"))
