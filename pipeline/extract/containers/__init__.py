"""Bytes -> sheets: xlsx, xls, HTML, csv, zip, read in a process with limits, and what each of them hides."""
