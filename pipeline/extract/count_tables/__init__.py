"""Count tables: sheet -> tables -> columns -> rows -> owners -> counts -> control totals (see `read_table`)."""
