"""Fixtures of the shipped registry."""

from form_books import city

__all__ = ["city"]
