"""What the pages of Prefect show: artifacts, the progress bar, form fields, names of runs."""
