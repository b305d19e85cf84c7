"""The pages that are looked at: index.html of a revision and of all quarters, each one file without the network."""
