"""Fixtures of blank forms and of a reader for them."""

from form_books import books, city, read_forms

__all__ = ["books", "city", "read_forms"]
