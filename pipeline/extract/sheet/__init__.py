"""One sheet of a file: its grid of cells, the matrix of its values, dates, row marks, hidden rows and columns."""
