"""The content of Prefect's pages: artifacts, the progress bar, form fields, names and tags of runs."""
