"""The pictures of a quarter: hand-written SVG that prints in grey, with titles that state what they show."""
