"""Published revisions on disk: written whole by one rename, signed, compared, read back."""
