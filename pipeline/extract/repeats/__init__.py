"""Dossiers that several tables of a period show: which table counts, and which ones were only compared with it."""
