"""The workbooks of a revision and their sheets."""
