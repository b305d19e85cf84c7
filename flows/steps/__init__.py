"""Steps of a run: read the raw folder, check, score, write, publish; what they report while they run."""
