"""The pure path of a quarter: files -> counts -> checks -> scores -> reports -> a published revision."""
