"""Counts and figures -> scores of criteria, units, levels and officers under one rulebook."""
