"""Published revisions of many offices as one table of a province: checks, ranks over all offices, sums."""
