"""The kind `share`: points by how much of a target a share reaches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from schemas.rulebook.criterion import Criterion, criterion_kind
from schemas.rulebook.numbers import Exact, Ratio, unsigned


@criterion_kind
class ShareCriterion(Criterion):
    """Points = min(max_points, max_points × ratio ÷ target).

    `empty_points`: the points where the denominator is 0; without it the criterion is not known then. `import_code`:
    the name of the same points where a system publishes them; they are used where the figures are not known, and
    compared where they are.
    """

    kind: Literal["share"]
    ratio: str  # of the rulebook's ratios, by name
    target: Exact = Field(default=1, gt=0, validate_default=True)
    empty_points: Exact | None = None
    import_code: str = ""
    has_empty_points: ClassVar[bool] = True
    how: ClassVar[str] = "tính theo tỷ lệ so với chỉ tiêu"

    @model_validator(mode="after")
    def _empty_points_within_the_maximum(self) -> Self:
        if self.empty_points is not None and not 0 <= self.empty_points <= self.max_points:
            raise ValueError(f"{self.id}: empty_points phải từ 0 đến điểm tối đa của tiêu chí")
        return self

    def measures(self, ratios: Mapping[str, Ratio]) -> tuple[str, ...]:
        """The measures of the ratio. KeyError for an unknown one."""
        return unsigned([*ratios[self.ratio].numerator, *ratios[self.ratio].denominator])

    def ratio_names(self) -> tuple[str, ...]:
        """The one ratio."""
        return (self.ratio,)

    def import_codes(self) -> tuple[str, ...]:
        """The published counterpart, if it has one."""
        return (self.import_code,) if self.import_code else ()
