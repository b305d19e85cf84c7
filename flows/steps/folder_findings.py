"""Findings about the folders a quarter was read from, not about what its files hold.

There are two kinds. What was left alone in the raw folder (links, subfolders, files that cannot be read) is an input
without a hash. That a later quarter was published is no input: each revision made after that contains the warning, but
the warning alone is no reason for a new revision. Both are recorded in the findings.csv of a revision.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import pandas as pd

from pipeline.result import Scored
from schemas.frames import Findings

LATER: Final = "later_published"
#: findings of `flows.steps.raw_folder`; the same codes are used for files that were read, which are among the inputs
_LEFT_ALONE: Final = frozenset({"file_ignored", "file_unreadable", "file_too_large"})
#: between a zip and the file in it, as findings name it
_INSIDE: Final = " › "


def left_alone(findings: pd.DataFrame, inputs: Iterable[str]) -> frozenset[tuple[str, str]]:
    """(name, code) of what lay in the raw folder and was not read.

    `findings`: a revision's findings.csv (columns code, file, a row a finding). `inputs`: names of the files that were
    read; findings in them, or in the members of a zip, are content.
    """
    read = frozenset(inputs)
    rows = findings.loc[findings["code"].isin(_LEFT_ALONE), ["file", "code"]]
    return frozenset((file, code) for file, code in rows.itertuples(index=False) if file.split(_INSIDE)[0] not in read)


def with_later_quarters_of(scored: Scored, published: pd.DataFrame) -> Scored:
    """`scored` with the warning about later quarters of `published` (a revision's findings.csv), in the same row.

    Without the warning where `published` has none. Raises pandera.errors.SchemaErrors for a row that is no finding.
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
