"""The published tables for other programs: CSV, JSON and Parquet files, described by a data package."""
