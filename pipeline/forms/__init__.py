"""The analysts' and units' forms as data: shared by the reading side (extract) and the writing side (load)."""
