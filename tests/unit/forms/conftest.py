"""Fixtures of the shipped registry and of a reader of forms."""

from form_books import city, read_forms

__all__ = ["city", "read_forms"]
