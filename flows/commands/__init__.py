"""What the command line does beside scoring: forms, review, signing, history, comparison, status."""
