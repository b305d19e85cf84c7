"""The only way to the terminal: no name of a file or text of a cell can move the cursor or hide a word."""

from __future__ import annotations

import sys

import typer

from pipeline.text import visible


def terminal_text(text: str) -> str:
    """A text for a terminal or a log: control and direction characters as escapes (`\\x1b`); line breaks stay.

    Names are on one line already where they come in: `raw_folder`, `open_file`, `findings_frame`.
    """
    return visible(text, kept="\n")


def echo(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print `terminal_text` to stdout, or to stderr if `err`, and flush it. Letters it cannot show are escaped."""
    shown = terminal_text(text)
    encoding = getattr(sys.stderr if err else sys.stdout, "encoding", None) or "utf-8"
    typer.echo(shown.encode(encoding, "backslashreplace").decode(encoding), err=err, nl=nl)
