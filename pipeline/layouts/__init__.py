"""How the sheets of exports were read: decisions with their grounds, and the answers of the office to open ones."""
