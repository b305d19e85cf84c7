"""Vietnamese names for ids: units, levels, criteria, measures, bases of scores, statuses, roles of files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from pipeline.forms.catalogue import BOX, WHOLE_AREA
from pipeline.result import Scored
from schemas.measures import MEASURE_NAMES
from schemas.rulebook import Criterion

BASIS_NAMES: Final = {
    "computed": "Tính từ số liệu",
    "imported": "Lấy điểm công bố",
    "default": "Có số mặc định của biểu mẫu",
    "assessed": "Đánh giá trực tiếp",
    "appraised": "Thẩm định",
    "not_counted": "Không tính",
}
#: basis of the score that the report uses, beside an appraisal or a self-score
USED_NAMES: Final = {**BASIS_NAMES, "not_scored": "Không chấm"}
#: bases of scores that a person decided
BY_HAND: Final = {basis: BASIS_NAMES[basis] for basis in ("assessed", "appraised")}
#: how what follows from a finding begins
CONSEQUENCE: Final = "Kéo theo: "
LEVEL_BASIS_NAMES: Final = {
    "own": "Số liệu riêng của cấp",
    "sum": "Cộng từ các đơn vị",
    "mixed": "Một phần số riêng, một phần cộng từ các đơn vị",
}
ORIGIN_NAMES: Final = {
    "entered": "nhập",
    "corrected": "đã điều chỉnh",
    "derived": "cộng từ các phần",
    "sum": "cộng từ các đơn vị",
    "implied": "suy ra",
    "assessed": "đánh giá trực tiếp",
    "appraised": "thẩm định",
    "default": "số mặc định",
}
ASIDE_NAMES: Final = {"none": "", "unit": "Đơn vị", "file": "Tệp", "level": "Dòng của cấp", "row": "Dòng"}
STATUS_NAMES: Final = {"declared": "Đã khai", "applied": "Đã áp dụng", "refused": "Không áp dụng"}
EXPLANATION_NAMES: Final = {
    "declared": "Đã khai",
    "stands": "Giữ nguyên số liệu",
    "recounted": "Đã tính lại",
    "refused": "Không tính lại",
    "unused": "Không dùng",
}
COMPARISON_NAMES: Final = {"score": "Điểm", "class": "Phân loại", "count": "Số liệu"}
ROLE_NAMES: Final = {
    "counts": "Số liệu hồ sơ",
    "replacement": "Số liệu đơn vị gửi lại",
    "form": "Biểu mẫu đã nhập",
    "supplement": "Số liệu bổ sung",
    "corrections": "Điều chỉnh",
    "printed": "Số đã in, tự chấm",
    "unread": "Không đọc",
}
#: state of a unit's workbook
SENT_NAMES: Final = {
    "sent": "đã gửi",
    "blank": "đã gửi nhưng để trống",
    "not_sent": "chưa gửi",
    "not_needed": "không cần",
}
DOCUMENT_NAMES: Final = {
    "basis": "Căn cứ",
    "directive": "Văn bản chỉ đạo",
    "implementation": "Văn bản triển khai",
    "guidance": "Hướng dẫn",
    "replaces": "Thay thế",
}
_ITEMS: Final = {
    "total": "Tổng điểm",
    "officer_average": "ĐTB CCVC",
    "class": "Phân loại",
}


def origin_text(origin: str) -> str:
    """The kinds of origin of a figure: `implied; default: eligible` -> `suy ra; số mặc định`.

    What follows a colon is left out: the explanation of the score names it.
    """
    kinds = [part.split(":")[0].strip() for part in origin.split(";")]
    return "; ".join(ORIGIN_NAMES.get(kind, kind) for kind in kinds if kind)


def criterion_heading(criterion: Criterion) -> str:
    """`Tiêu chí 1`, or the rulebook's own number where it is no plain number (`CS7`)."""
    return f"Tiêu chí {criterion.number}" if criterion.number.isdigit() else criterion.number


def supplement_item(item: object) -> str:
    """The name of an item of the supplement: a measure, or `disclosure`, which is also the id of a criterion."""
    return "Công khai TTHC" if item == "disclosure" else MEASURE_NAMES.get(str(item), str(item))


@dataclass(frozen=True)
class DisplayNames:
    """Names of the units and criteria of one quarter, by id. An id without a name is shown as it is."""

    units: dict[str, str] = field(default_factory=dict)
    criteria: dict[str, Criterion] = field(default_factory=dict)

    @classmethod
    def of(cls, scored: Scored) -> DisplayNames:
        """Names of the period's units and levels and of the rulebook's criteria."""
        entities: pd.DataFrame = scored.checked.entities
        units = dict(zip(entities["unit_id"].astype(str), entities["name"].astype(str), strict=True))
        criteria = {c.id: c for c in scored.rulebook.criteria} if scored.rulebook else {}
        return cls(units, criteria)

    def unit(self, unit_id: object) -> str:
        """A unit's or level's name."""
        return self.units.get(str(unit_id), str(unit_id))

    def area(self, unit_id: object) -> str:
        """A unit's or level's name, or that of the whole area: the subject of a printed figure."""
        return "Toàn địa bàn" if unit_id == WHOLE_AREA else self.unit(unit_id)

    def item(self, item: object) -> str:
        """The name of a criterion, a total, a measure or a category."""
        key = str(item)
        if key in self.criteria:
            return f"{criterion_heading(self.criteria[key])}: {self.criteria[key].label}"
        if key.startswith(BOX):
            return f"Ô đánh dấu, {self.item(key.removeprefix(BOX))}"
        return _ITEMS.get(key) or MEASURE_NAMES.get(key, key)

    def option(self, criterion: object, option: object) -> str:
        """The text of an option of a criterion, by their ids."""
        found = self.criteria.get(str(criterion))
        line = found.line(str(option)) if found else None
        return line.text if line else str(option)


def place_text(file: object, sheet: object, cell: object) -> str:
    """`bang.xlsx › Biểu 06a › D12`, without the parts that are empty."""
    return " › ".join(str(x) for x in (file, sheet, cell) if x)
