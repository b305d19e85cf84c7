"""Makes the sample of 2022-Q1 from the figures of Báo cáo 85/BC-UBND: `python data/make_sample.py [folder]`.

Figures that the report prints are copied. Values that its scores imply are marked “suy luận từ báo cáo”; values that
only the program needs are marked “dữ liệu dựng”. The exports imitate the portal's layout: no file of the portal is in
the sample. The same figures give the same bytes.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from sample_exports import export
from sample_forms import forms_of_report

from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry
from pipeline.rulebooks import installed

HERE = Path(__file__).parent
PERIOD = Period(2022, 1)
LEVEL_FILE = "bao-cao-85-levels.csv"


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of a CSV file of data/reference: column -> text."""
    with (HERE / "reference" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sample() -> dict[str, bytes]:
    """File name -> bytes of every file of the sample."""
    units = read_table("bao-cao-85-units.csv")
    levels = read_table(LEVEL_FILE)
    printed = read_table("bao-cao-85-printed.csv")
    index = UnitIndex(read_registry((HERE / "reference" / "units.csv").read_bytes()), PERIOD)
    city = [u for u in units if u["level"] == "huyen"]
    communes = [u for u in units if u["level"] == "xa"]
    return {
        "II.06a-phong-ban.xlsx": export("CÁC PHÒNG, BAN, ĐƠN VỊ THÀNH PHỐ", city, PERIOD, total=True),
        "II.06a-xa-phuong.xlsx": export("UBND CÁC XÃ, PHƯỜNG", communes, PERIOD, total=True),
        "II.06a-cap.xlsx": export("CẤP THÀNH PHỐ VÀ CẤP XÃ, PHƯỜNG", levels, PERIOD, total=False),
        **forms_of_report(PERIOD, index, installed(), units, levels, printed),
    }


def main() -> None:
    """Write the sample into the folder of the first argument, else into data/raw/2022-Q1."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "raw" / str(PERIOD)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in sample().items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
