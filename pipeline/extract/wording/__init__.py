"""Vietnamese wording: what labels, titles and names mean (vocabulary, column meaning, periods, filters, offices)."""
