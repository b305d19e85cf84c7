"""Where the repository is: tests find its files by this path, whatever folder the test is in."""

from pathlib import Path

#: the folder that holds pyproject.toml
ROOT = Path(__file__).resolve().parents[2]
