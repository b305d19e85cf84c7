"""Published revisions on disk: writing them atomically, recording signings, reading them back and comparing them."""
