"""What words mean: the vocabulary of columns, titles, filters, offices, places, personal data, old encodings."""
