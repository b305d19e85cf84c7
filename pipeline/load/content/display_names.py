"""The words a reader sees in place of ids: units, levels, criteria, measures, bases, roles."""

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
    "default": "Có số mặc định của biểu mẫu",
    "assessed": "Đánh giá trực tiếp",
    "appraised": "Thẩm định",
    "not_counted": "Không tính",
}
#: which score the report uses, beside an appraisal or a self-score
USED_NAMES: Final = {**BASIS_NAMES, "not_scored": "Không chấm"}
#: scores that somebody judged instead of computing them, as the forms say it
BY_HAND: Final = {basis: BASIS_NAMES[basis] for basis in ("assessed", "appraised")}
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
    "form": "Biểu mẫu đã nhập",
    "supplement": "Số liệu bổ sung",
    "corrections": "Điều chỉnh",
    "printed": "Số đã in, tự chấm",
    "unread": "Không đọc",
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


def origin_words(origin: str) -> str:
    """Where a figure comes from: `implied; default: eligible` -> `suy ra; số mặc định`; the explanation says which."""
    kinds = [part.split(":")[0].strip() for part in origin.split(";")]
    return "; ".join(ORIGIN_NAMES.get(kind, kind) for kind in kinds if kind)


def criterion_heading(criterion: Criterion) -> str:
    """`Tiêu chí 1`, or the index's own sign (`CS7`) where the rulebook numbers it so."""
    return f"Tiêu chí {criterion.number}" if criterion.number.isdigit() else criterion.number


def supplement_item(item: object) -> str:
    """An item of the supplement: a measure, or the category that shares its id with a criterion."""
    return "Công khai TTHC" if item == "disclosure" else MEASURE_NAMES.get(str(item), str(item))


@dataclass(frozen=True)
class Names:
    """Names of one scored period. An id without a name is shown as it is: nothing is dropped in silence."""

    units: dict[str, str] = field(default_factory=dict)
    criteria: dict[str, Criterion] = field(default_factory=dict)

    @classmethod
    def of(cls, scored: Scored) -> Names:
        """Names of the period's units and of the rulebook's criteria."""
        entities: pd.DataFrame = scored.checked.entities
        units = dict(zip(entities["unit_id"].astype(str), entities["name"].astype(str), strict=True))
        criteria = {c.id: c for c in scored.rulebook.criteria} if scored.rulebook else {}
        return cls(units, criteria)

    def unit(self, unit_id: object) -> str:
        """A unit's or level's name."""
        return self.units.get(str(unit_id), str(unit_id))

    def area(self, unit_id: object) -> str:
        """A unit's or level's name, or the whole area's: what printed figures are about."""
        return "Toàn địa bàn" if unit_id == WHOLE_AREA else self.unit(unit_id)

    def item(self, item: object) -> str:
        """A criterion, a total, a measure or a category in words."""
        key = str(item)
        if key in self.criteria:
            return f"{criterion_heading(self.criteria[key])}: {self.criteria[key].label}"
        if key.startswith(BOX):
            return f"Ô đánh dấu, {self.item(key.removeprefix(BOX))}"
        return _ITEMS.get(key) or MEASURE_NAMES.get(key, key)

    def option(self, criterion: object, option: object) -> str:
        """The text of a criterion's option."""
        found = self.criteria.get(str(criterion))
        line = found.line(str(option)) if found else None
        return line.text if line else str(option)
