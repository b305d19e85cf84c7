"""Fixtures of the invented city, scored by hand."""

from scored_city import city, stamp

__all__ = ["city", "stamp"]
