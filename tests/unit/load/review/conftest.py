"""Fixtures of the shipped registry and of blank forms."""

from form_books import books, city

__all__ = ["books", "city"]
