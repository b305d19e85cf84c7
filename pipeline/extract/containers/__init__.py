"""File formats (xlsx, xls, XML Spreadsheet 2003, HTML, csv, zip): bytes -> sheets, and what each format hides, in a limited process."""
