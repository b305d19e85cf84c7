"""The forms of a period, blank or filled in with what is known, and the workbook (phiếu) of each unit."""
