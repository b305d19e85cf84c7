"""Sums and identities of counts, exact rounding, columns of figures. Knows no file and no rulebook."""
