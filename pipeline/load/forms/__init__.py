"""The blank and pre-filled forms of a period, and the workbook of each unit."""
