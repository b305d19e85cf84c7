"""Marking a published revision as signed and issued: a record beside the revisions, which themselves never change.

What a report is called is what the next revision replaces, and what a corrected period is compared with.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from contextlib import suppress
from pathlib import Path

from pipeline.periods import Period
from pipeline.publish import revisions
from pipeline.publish.atomic_files import PublishError, explain, replace_file
from pipeline.publish.fingerprint import sha256
from pipeline.text import nfc, vn_day
from schemas.manifest import Manifest, Signing, Signings

_NUMBER = re.compile(r"\d{1,6}[A-Za-zĐđ]?(/[\w.&-]+)+")
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_NOTHING = "Không có gì được ghi."


def report_name(signing: Signing) -> str:
    """`Báo cáo số 85/BC-UBND ngày 18/3/2022`."""
    return f"Báo cáo số {signing.number} ngày {vn_day(signing.date)}"


def parse_number(text: str) -> str:
    """The number of a document, `85/BC-UBND`. Raises ValueError, in Vietnamese."""
    number = nfc(text).removeprefix("Số:").removeprefix("Số").strip()
    if not _NUMBER.fullmatch(number) or len(number) > 60:
        raise ValueError(f"Số văn bản “{text}” không đúng dạng: viết như 85/BC-UBND.")
    return number


def parse_date(text: str, period: Period) -> dt.date:
    """`2022-03-18` or `18/3/2022`, not before the period's last day. Raises ValueError, in Vietnamese."""
    written = _DAY_FIRST.fullmatch(text.strip())
    day = None
    with suppress(ValueError):
        if written:
            day = dt.date(int(written[3]), int(written[2]), int(written[1]))
        else:
            day = dt.date.fromisoformat(text.strip())
    if day is None:
        raise ValueError(f"Ngày ký “{text}” không đúng: viết như 2022-03-18.")
    if day < period.end:
        raise ValueError(
            f"Ngày ký {vn_day(day)} trước ngày cuối của {period.name} ({vn_day(period.end)}): xem lại năm, tháng."
        )
    return day


def revision_to_sign(folder: Path, revision: str) -> Manifest:
    """The manifest of a revision that could be signed. Raises ValueError, in Vietnamese, for one that is none."""
    if "/" in revision or revision.startswith(revisions.ALTERNATIVES):
        raise ValueError(f"“{revision}” là phương án tham khảo: chỉ bản chính (r1, r2 …) được ký ban hành.")
    there = revisions.revision_ids(folder)
    if revision not in there:
        raise ValueError(f"Không có bản “{revision}” trong {folder} (có: {', '.join(there) or 'chưa có bản nào'}).")
    manifest = revisions.read_manifest(folder / revision)
    if manifest.alternative:
        raise ValueError(f"Bản {revision} là phương án tham khảo: chỉ bản chính được ký ban hành.")
    return manifest


def sign(
    folder: Path, revision: str, *, number: str, date: dt.date, by: str, at: dt.datetime, replace: bool = False
) -> Signing:
    """Record that a revision was signed. Only under the lock; the same again writes nothing.

    Raises ValueError (Vietnamese) for what cannot be signed, PublishError where it is altered, another one is signed
    already and `replace` was not said, or the disk does not take it.
    """
    manifest = revision_to_sign(folder, revision)
    data = (folder / revision / revisions.MANIFEST).read_bytes()
    signing = Signing(
        revision=revision, manifest_sha256=sha256(data), number=number, date=date, recorded_by=by, recorded_at=at
    )
    altered = _altered(folder, manifest)
    if altered:
        raise PublishError(
            f"Bản {revision} không còn như đã công bố ({', '.join(altered)} thiếu hoặc đã bị sửa). {_NOTHING} "
            f"Chạy lại “tthc score {manifest.period}” rồi ký bản mới."
        )
    try:
        before = revisions.read_signings(folder)
    except ValueError as error:
        if not replace:
            raise PublishError(str(error)) from None
        before = ()
    last = before[-1] if before else None
    if last is not None and _same(last, signing):
        return last
    if last is not None and not replace:
        raise PublishError(
            f"Bản {last.revision} đã ký ({report_name(last)}). {_NOTHING} "
            "Nếu bản mới thay báo cáo đó, hoặc lần trước ghi nhầm, thêm --replace."
        )
    # a number written down wrongly was never issued, and one number is issued once
    kept = tuple(s for s in before if s.revision != revision and s.number != number)
    record = Signings(signings=(*kept, signing))
    try:
        replace_file(folder / revisions.SIGNED, (record.model_dump_json(indent=2) + "\n").encode())
    except OSError as error:
        raise PublishError(explain(folder, error, _NOTHING)) from None
    return signing


def doubts(folder: Path, signing: Signing) -> list[str]:
    """What of a record is worth a second look, in Vietnamese: a number or day that the report itself does not print, or
    a day before that of the report it replaces. Nothing for a report whose number and day are written in by hand.
    """
    said = []
    for field, mine, shown in (
        ("report_number", signing.number, "số"),
        ("report_date", signing.date.isoformat(), "ngày"),
    ):
        printed = _printed(folder / signing.revision, field)
        if printed and printed != mine:
            one, other = (_shown(field, text) for text in (printed, mine))
            said.append(f"báo cáo của bản {signing.revision} in {shown} {one}, {shown} vừa ghi là {other}")
    with suppress(ValueError):
        before = [s for s in revisions.read_signings(folder) if s.revision != signing.revision]
        if before and before[-1].date > signing.date:
            said.append(
                f"ngày ký {vn_day(signing.date)} trước ngày của báo cáo được thay thế ({report_name(before[-1])})"
            )
    return said


def _printed(revision: Path, field: str) -> str:
    with (
        suppress(OSError, UnicodeError, csv.Error),
        (revision / "report_fields.csv").open(encoding="utf-8-sig") as file,
    ):
        return next((nfc(row.get("value") or "") for row in csv.DictReader(file) if row.get("field") == field), "")
    return ""


def _shown(field: str, text: str) -> str:
    if field == "report_date":
        with suppress(ValueError):
            return vn_day(dt.date.fromisoformat(text))
    return text


def _altered(folder: Path, manifest: Manifest) -> tuple[str, ...]:
    """As `standing` tells: `current.json` knows the hash of the manifest that stands."""
    found = revisions.standing(folder)
    if found.manifest is not None and found.manifest.revision == manifest.revision:
        return found.altered
    return revisions.altered_files(folder / manifest.revision, manifest)


def _same(one: Signing, other: Signing) -> bool:
    return one.model_dump(exclude={"recorded_by", "recorded_at"}) == other.model_dump(
        exclude={"recorded_by", "recorded_at"}
    )
