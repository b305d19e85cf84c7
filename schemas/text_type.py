"""The pandera type of a text column."""

from __future__ import annotations

from typing import Any

import numpy as np
from pandera import dtypes
from pandera.engines import pandas_engine


@pandas_engine.Engine.register_dtype
@dtypes.immutable(init=True)
class Text(pandas_engine.STRING):
    """pandas' text type, checked once for a whole column.

    Pandera's own type checks every value and builds a report of failures even if there is none: half of the time that
    the checks of all frames take.
    """

    def check(self, pandera_dtype: dtypes.DataType, data_container: Any = None) -> bool:
        """Whether a column is of the type; one of objects is where all of them are text."""
        found = super().check(pandera_dtype, data_container)
        return found if isinstance(found, bool) else bool(np.asarray(found).all())
