"""File formats (xlsx, xls, XML Spreadsheet, HTML, csv, zip): bytes -> sheets, what each hides, in a limited process."""
