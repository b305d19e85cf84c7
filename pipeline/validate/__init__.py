"""Checks over all files of a quarter: corrections, explanations, consistency, levels, figures, quarters before."""
