"""Dossier lists (one row a dossier): the header, the rows, checks of the list, and the counts of a period."""
