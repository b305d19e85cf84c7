"""One sheet: its grid of cells, what a cell says, numbers, dates, marks in rows, hidden rows."""
