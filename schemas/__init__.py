"""Pandera models of the frames that cross modules; pydantic models of rulebooks, forms and manifests; the measures."""
