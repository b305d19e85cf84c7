"""File formats (xlsx, xls, HTML, csv, zip): bytes -> sheets, and what each format hides, in a limited process."""
