"""Identities and sums of counts, exact rounding, columns of figures. No files and no rulebooks here."""
