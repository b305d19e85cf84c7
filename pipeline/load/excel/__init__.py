"""How a workbook looks and is written: styles, widths, sheets, reproducible bytes."""
