"""The steps of a run (read, check, score, write, publish) and what they need: job, raw folder, manifest, progress."""
