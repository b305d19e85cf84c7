"""The tables of one published quarter, read back so that quarters can be summed up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from pipeline.arithmetic.wide_counts import complete, wide
from pipeline.findings import Place
from pipeline.periods import Period
from pipeline.publish.csv_tables import read_csv_table
from pipeline.validate.continuity import carried_over
from pipeline.validate.figures import supplement_by_unit
from pipeline.validate.statuses import NOT_SCORED

#: the tables that are used: name of the file -> the columns that are needed
NEEDED: Mapping[str, tuple[str, ...]] = {
    "counts.csv": ("unit_id", "measure", "value"),
    "supplement.csv": ("unit_id", "item", "value", "option"),
    "documents.csv": ("role", "title", "number", "issued_on", "issuer", "subject", "implements"),
    "report_fields.csv": ("field", "value"),
    "criterion_scores.csv": ("unit_id", "criterion", "option", "basis"),
    "unit_scores.csv": ("unit_id", "name", "level", "status", "status_reason"),
    "level_scores.csv": ("unit_id", "name", "level", "status", "status_reason"),
    "officer_scores.csv": ("officer", "unit_id", "position", "basis"),
}


class UnequalQuartersError(ValueError):
    """Quarters cannot be summed up. The message is Vietnamese and says what to do."""


@dataclass(frozen=True)
class PublishedQuarter:
    """A published quarter as bytes. `folder`: `2022-Q1/r1`; `files`: those of NEEDED; `shown`: Vietnamese, its name.

    Attributes that read a table raise UnequalQuartersError if it is not one of this program.
    """

    period: Period
    folder: str
    shown: str
    files: Mapping[str, bytes] = field(repr=False)

    def table(self, name: str) -> pd.DataFrame:
        """A table as texts, with the columns of NEEDED and `row`, the number of each row in the file."""
        columns = list(NEEDED[name])
        try:
            frame = read_csv_table(self.files[name])[columns].copy()
        except (KeyError, ValueError):
            raise UnequalQuartersError(
                f"Không đọc được {self.folder}/{name}: bản này do chương trình cũ công bố. Việc cần làm: công bố lại "
                f"{self.period.name} (tthc score {self.period} --reason “…”) rồi tổng hợp lại."
            ) from None
        frame["row"] = [str(n) for n in range(2, len(frame) + 2)]
        return frame

    @cached_property
    def counts(self) -> pd.DataFrame:
        """counts.csv with Int64 values."""
        frame = self.table("counts.csv")
        frame["value"] = pd.to_numeric(frame["value"]).astype("Int64")
        return frame

    @cached_property
    def figures(self) -> pd.DataFrame:
        """The completed counts: index unit_id, one Int64 column a count measure; carried over also where it follows."""
        raw = self.counts.assign(original_value=pd.array([None] * len(self.counts), dtype="Int64"))
        table = complete(wide(raw))[0]
        table["carried_over"] = carried_over(table)
        return table

    @cached_property
    def supplement(self) -> pd.DataFrame:
        """supplement.csv with Int64 values."""
        frame = self.table("supplement.csv")
        frame["value"] = pd.to_numeric(frame["value"].where(frame["value"] != "")).astype("Int64")
        return frame

    @cached_property
    def entries(self) -> pd.DataFrame:
        """The figures of the supplement: index unit_id, one Int64 column a measure."""
        return supplement_by_unit(self.supplement)

    @cached_property
    def entities(self) -> pd.DataFrame:
        """Units, then levels: unit_id, name, level, status, status_reason."""
        frames = [self.table("unit_scores.csv"), self.table("level_scores.csv")]
        return pd.concat(frames, ignore_index=True)

    @cached_property
    def unusable(self) -> dict[str, str]:
        """Units and levels without usable counts -> the reason, Vietnamese."""
        rows = self.entities.loc[self.entities["status"].isin(NOT_SCORED)]
        return dict(zip(rows["unit_id"], rows["status_reason"], strict=True))

    @cached_property
    def first_rows(self) -> dict[tuple[str, str], str]:
        """(unit_id, measure) -> the number of its first row in counts.csv; with the measure "": the unit's first."""
        return _first_rows(self.counts, "measure")

    @cached_property
    def entry_rows(self) -> dict[tuple[str, str], str]:
        """(unit_id, item) -> the number of its first row in supplement.csv."""
        return _first_rows(self.supplement, "item")

    def place(self, unit: str, measure: str) -> Place:
        """The cell of counts.csv with a number, or the first row of the unit where the number follows from others."""
        row = self.first_rows.get((unit, measure)) or self.first_rows.get((unit, ""), "")
        return Place(f"{self.folder}/counts.csv", "", f"C{row}" if row else "")


def _first_rows(frame: pd.DataFrame, key: str) -> dict[tuple[str, str], str]:
    whole = frame.drop_duplicates("unit_id")
    single = frame.drop_duplicates(["unit_id", key])
    rows = {(str(unit), ""): str(row) for unit, row in zip(whole["unit_id"], whole["row"], strict=True)}
    keys = zip(single["unit_id"], single[key], strict=True)
    return rows | {(str(u), str(k)): str(row) for (u, k), row in zip(keys, single["row"], strict=True)}


def require_same_units(quarters: Sequence[PublishedQuarter], current: Mapping[str, str]) -> None:
    """Raises UnequalQuartersError if a quarter has other units than the registry has in the period.

    `current`: unit_id -> level, of the registry. Names and spellings may differ.
    """
    for quarter in quarters:
        entities = quarter.table("unit_scores.csv")
        then = dict(zip(entities["unit_id"], entities["level"], strict=True))
        names = dict(zip(entities["unit_id"], entities["name"], strict=True))
        if then == dict(current):
            continue
        gone = [str(names[u]) for u in then if u not in current]
        added = [u for u in current if u not in then]
        moved = [str(names[u]) for u in then if u in current and current[u] != then[u]]
        lists = (("nay không còn", gone), ("nay mới có (mã)", added), ("nay ở cấp khác", moved))
        differ = "; ".join(f"{label}: {', '.join(units)}" for label, units in lists if units)
        raise UnequalQuartersError(
            f"{quarter.shown} có danh mục đơn vị khác ({differ}), nên không cộng các quý được. Việc cần làm, chọn một: "
            "sửa danh mục đơn vị (units.csv) nếu ghi nhầm rồi công bố lại quý đó; hoặc tổng hợp nửa năm gồm các quý có "
            "cùng đơn vị (như 2022-H2); đơn vị sáp nhập, tách giữa kỳ thì báo cáo từng quý."
        )
