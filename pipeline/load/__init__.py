"""Load: the report, the workbook, the charts, the forms and the review of a quarter, as bytes and texts."""
