"""The kind `imported`: points that only another system has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from schemas.rulebook.criterion import Criterion, criterion_kind
from schemas.rulebook.numbers import Ratio


@criterion_kind
class ImportedCriterion(Criterion):
    """The points that another system published under `import_code`, from 0 to `max_points`, with their cell."""

    kind: Literal["imported"]
    import_code: str = Field(min_length=1)
    how: ClassVar[str] = "lấy điểm đã công bố"

    def measures(self, ratios: Mapping[str, Ratio]) -> tuple[str, ...]:
        """None: nothing is computed."""
        return ()

    def import_codes(self) -> tuple[str, ...]:
        """The code of the published points."""
        return (self.import_code,)
