"""Jinja2 templates of the report and the reminder. A package, so that they are installed with the code."""
