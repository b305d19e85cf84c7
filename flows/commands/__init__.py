"""The logic of the commands of `tthc` except scoring itself: check, forms, diff, history, sign, status, rulebooks."""
