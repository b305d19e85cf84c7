"""The national portal's tables of scores: columns by their labels, rows by unit, points with their cells."""
