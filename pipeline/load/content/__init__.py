"""What report and workbook say: sentences, names, rows of tables. Knows no file format."""
