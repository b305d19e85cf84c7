"""What report, workbooks and pages show, as plain values and Vietnamese sentences; no layout, no files."""
