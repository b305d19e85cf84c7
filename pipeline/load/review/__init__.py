"""Files that a check writes: the review workbook, and marked copies of the files with findings."""
