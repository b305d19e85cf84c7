"""Tables of counts: header -> columns -> rows -> owners -> counts -> control totals."""
