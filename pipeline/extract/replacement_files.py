"""The folder of files that units sent again, and which files lie in it."""

from __future__ import annotations

#: in the folder of a period: the rows of these files count instead of those that other exports have of the same units
FOLDER = "thay-the"
#: separator between a zip file and its member in the name of a file
_INSIDE = " › "


def is_replacement(file: str) -> bool:
    """Whether a file, or a member of a zip, is in the folder."""
    return file.startswith(f"{FOLDER}/")


def stored_file(file: str) -> str:
    """The file on disk: of a member of a zip the zip."""
    return file.split(_INSIDE)[0]
