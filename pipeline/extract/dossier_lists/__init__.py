"""Lists with one row a dossier: read, checked, counted by date."""
