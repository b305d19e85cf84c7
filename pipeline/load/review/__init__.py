"""What a check leaves: the review workbook and the marked copies of files with findings."""
