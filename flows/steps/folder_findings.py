"""Findings about the folders of a quarter, as opposed to findings about the contents of its files.

There are two kinds. Files of the raw folder that were not read (links, subfolders, unreadable files) are an input
without a hash. The warning that a later quarter was published is no input: every revision made after that contains the
warning, but the warning alone is no reason for a new revision. Both kinds are in the findings.csv of a revision.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import pandas as pd

from pipeline.result import Scored
from schemas.frames import Findings

#: code of the warning about later quarters
LATER: Final = "later_published"
#: codes that `flows.steps.raw_folder` uses for files it did not read. Findings about files that were read use them too
_UNREAD: Final = frozenset({"file_ignored", "file_unreadable", "file_too_large"})
#: separator between a zip file and its member in the `file` of a finding
_INSIDE: Final = " › "


def unread_files(findings: pd.DataFrame, inputs: Iterable[str]) -> frozenset[tuple[str, str]]:
    """(name, code) of the entries of the raw folder that were not read.

    `findings`: a revision's findings.csv (one row per finding, at least the columns code and file). `inputs`: the names
    of the files that were read; findings about these, or about members of a zip among them, are not returned.
    """
    read = frozenset(inputs)
    rows = findings.loc[findings["code"].isin(_UNREAD), ["file", "code"]]
    return frozenset((file, code) for file, code in rows.itertuples(index=False) if file.split(_INSIDE)[0] not in read)


def with_later_warning_of(scored: Scored, published: pd.DataFrame) -> Scored:
    """`scored` with the warning about later quarters exactly as in `published` (a revision's findings.csv).

    The warning is put at the same row position. Without a warning in `published`, the result has none either. Raises
    pandera.errors.SchemaErrors if the published row is not a valid finding.
    """
    findings = scored.findings
    columns = list(findings.columns)
    rows = findings.loc[findings["code"] != LATER].values.tolist()
    then = published.reindex(columns=columns, fill_value="")
    if LATER not in {*findings["code"], *then["code"]}:
        return scored
    for position, row in enumerate(then.itertuples(index=False, name=None)):
        if row[columns.index("code")] == LATER:
            rows.insert(position, list(row))
    return replace(scored, findings=Findings.validate(pd.DataFrame(rows, columns=columns, dtype="str"), lazy=True))
