"""Figures -> scores of criteria, units, levels and officers by one rulebook, with the evidence of each score."""
