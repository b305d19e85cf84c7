"""How a workbook looks and is stored: cell styles, page set-up, text sizes, sheets, reproducible bytes.

Every font, border, fill and print setting of the published workbooks, the forms and the review is decided here.
"""
