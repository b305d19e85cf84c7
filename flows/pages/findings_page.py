"""The page with the findings of a period, most severe first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

import pandas as pd

from pipeline.finding_catalogue import SEVERITY_NAMES
from pipeline.load.content.display_names import CONSEQUENCE
from pipeline.markdown import escaped
from pipeline.text import row_range, vn_int

#: most findings on a page, because an artifact is one row of the server's database; findings.csv has all of them
MOST_FINDINGS = 300


def findings_page(found: pd.DataFrame, where: str) -> str:
    """Markdown: the findings by severity with place and next step. `found`: a Findings frame, one row per finding."""
    counts = ", ".join(f"{vn_int(int((found['severity'] == s).sum()))} {n.lower()}" for s, n in SEVERITY_NAMES.items())
    parts = [f"# Phát hiện {escaped(where)}\n", f"{counts}.\n"]
    # a file that was set aside comes before the units that are set aside because of it
    weight = found["severity"].map({s: i for i, s in enumerate(SEVERITY_NAMES)}) * 2 + (found["sets_aside"] != "file")
    printed = found.iloc[weight.argsort(kind="stable")].head(MOST_FINDINGS)
    for severity, name in SEVERITY_NAMES.items():
        rows = printed.loc[printed["severity"] == severity].to_dict("records")
        if rows:
            parts += [f"## {name}\n", "\n".join(_items(rows)) + "\n"]
    if len(found) > len(printed):
        parts.append(f"Còn {vn_int(len(found) - len(printed))} phát hiện nữa trong findings.csv.\n")
    return "\n".join(parts)


def _items(rows: list[dict[str, str]]) -> Iterator[str]:
    """List items of findings. The next step of several findings in a row is written once, below the last of them."""
    for action, several in groupby(rows, key=lambda f: f["action"] if f["severity"] != "notice" else ""):
        for finding in several:
            at = finding_place(finding)
            yield f"- {escaped(finding['message'])}" + (f" *({escaped(at)})*" if at else "")
            if finding.get("consequences"):
                yield f"    - {CONSEQUENCE}{escaped(finding['consequences'])}"
        if action:
            yield f"    - Việc cần làm: {escaped(action)}"


def finding_place(finding: Mapping[str, str]) -> str:
    """`bo-sung.xlsx › Đơn vị › C7`: file, sheet and cell (or rows: `dòng 4`) of a finding, without empty parts."""
    return " › ".join(filter(None, (finding["file"], finding["sheet"], row_range(finding["cell"]))))
