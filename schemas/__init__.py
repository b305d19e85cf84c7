"""Pandera models of the frames that cross modules, pydantic models of rulebook and manifest."""
