"""Jinja2 templates of what people read. A package only so that they are installed with the code."""
