"""Scored quarter -> what people read: Markdown, Excel, CSV."""
