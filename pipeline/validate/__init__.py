"""Checks what was read: corrects counts, compares figures, and decides who is scored."""
