"""The report and the reminder as Markdown, from the templates."""
