"""The analysts' and units' workbooks, read back."""
