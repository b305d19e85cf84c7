"""Records that a published revision was signed and issued: in the ledger, and in a file beside the revisions.

The next revision replaces the signed report by its number and date, and other periods are compared with the signed
revision (pipeline/publish/signed_revisions.py).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pipeline.periods import Period
from pipeline.publish import revisions
from pipeline.publish.atomic_files import PublishError, is_transient, write_error_text
from pipeline.publish.csv_cells import plain_text
from pipeline.publish.ledger import ALTERNATIVES, Ledger, append, out_and_name
from pipeline.publish.publication import start_ledger
from pipeline.publish.revision_state import WORKED_OUT, item_text, revision_state
from pipeline.publish.signed_revisions import REPLACING, read_signings, restore_signings, write_signings
from pipeline.text import nfc, vn_day, vn_int
from schemas.ledger import Event, KnownSignings, Signed
from schemas.manifest import Manifest, Signing, Signings

_NUMBER = re.compile(r"\d{1,6}[A-Za-zĐđ]?(/[\w.&-]+)+")
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_NOTHING = "Không có gì được ghi."


def report_name(signing: Signing) -> str:
    """`Báo cáo số 85/BC-UBND ngày 18/3/2022`."""
    return f"Báo cáo số {signing.number} ngày {vn_day(signing.date)}"


def parse_number(text: str) -> str:
    """The number of a document from typed text, `85/BC-UBND`. Raises ValueError (Vietnamese) for another form."""
    number = nfc(text).removeprefix("Số:").removeprefix("Số").strip()
    if not _NUMBER.fullmatch(number) or len(number) > 60:
        raise ValueError(f"Số văn bản “{text}” không đúng dạng: viết như 85/BC-UBND.")
    return number


def parse_date(text: str, period: Period) -> dt.date:
    """The date of signing from `2022-03-18` or `18/3/2022`.

    Raises ValueError (Vietnamese) if it is no date or before the last day of the period.
    """
    written = _DAY_FIRST.fullmatch(text.strip())
    day = None
    with suppress(ValueError):
        if written:
            day = dt.date(int(written[3]), int(written[2]), int(written[1]))
        else:
            day = dt.date.fromisoformat(text.strip())
    if day is None:
        raise ValueError(f"Ngày ký “{text}” không đúng: viết như 18/3/2022 hoặc 2022-03-18.")
    if day < period.end:
        raise ValueError(
            f"Ngày ký {vn_day(day)} trước ngày cuối của {period.name} ({vn_day(period.end)}): xem lại năm, tháng."
        )
    return day


def revision_to_sign(folder: Path, revision: str) -> Manifest:
    """The manifest of a revision that may be signed.

    Raises ValueError (Vietnamese) if it does not exist, is unreadable or is an alternative.
    """
    if "/" in revision or revision.startswith(ALTERNATIVES):
        raise ValueError(f"“{revision}” là phương án tham khảo: chỉ bản chính (r1, r2 …) được ký ban hành.")
    there = revisions.revision_ids(folder)
    if revision not in there:
        raise ValueError(revisions.no_such_revision(revision, str(folder), there))
    manifest = revisions.read_manifest(folder / revision)
    if manifest.alternative:
        raise ValueError(f"Bản {revision} là phương án tham khảo: chỉ bản chính được ký ban hành.")
    return manifest


def record_signing(
    folder: Path,
    revision: str,
    *,
    number: str,
    date: dt.date,
    by: str,
    at: dt.datetime,
    replace: bool = False,
    despite: str = "",
) -> Signing:
    """Record that a revision was signed and return the record. Only under the lock. Repeating it writes nothing.

    `number`, `date`: of the document. `by`, `at`: who records it and when. `replace`: a revision is signed already and
    this record replaces it. `despite`: why a revision that is not ready is signed nevertheless. Raises ValueError
    (Vietnamese) for a revision that may not be signed. Raises PublishError if its files were altered, if another one is
    signed and `replace` is false, if something is missing and there is no reason, or if the disk does not take the
    record.
    """
    manifest = revision_to_sign(folder, revision)
    restore_signings(folder)
    altered = revisions.altered_files(folder / revision, manifest)
    if altered:
        raise PublishError(
            f"Bản {revision} không còn như đã công bố ({', '.join(altered)} thiếu hoặc đã bị sửa). {_NOTHING} "
            f"Chấm điểm lại {Period.parse_any(manifest.period).name} rồi ký bản mới."
        )
    extra = revisions.extra_files(folder / revision, manifest)
    if extra:
        raise PublishError(
            f"Trong thư mục của bản {revision} có tệp không được công bố cùng bản đó ({', '.join(extra)}). {_NOTHING} "
            "Đưa các tệp đó ra khỏi thư mục rồi ghi lại."
        )
    try:
        before = read_signings(folder)
    except ValueError as error:
        if not replace:
            raise PublishError(str(error)) from None
        before = ()
    missing, reason = _missing(folder, manifest, before, despite)
    signing = Signing(
        revision=revision,
        manifest_sha256=revisions.file_hash(folder / revision / revisions.MANIFEST),
        number=number,
        date=date,
        recorded_by=by,
        recorded_at=at,
        despite=reason,
        missing=missing,
    )
    last = before[-1] if before else None
    if last is not None and _same(last, signing):
        return last
    if last is not None and not replace:
        raise PublishError(
            f"Bản {last.revision} đã ký ({report_name(last)}). {_NOTHING} "
            f"Nếu bản mới thay báo cáo đó, hoặc lần trước ghi nhầm: {REPLACING}."
        )
    if missing and not reason:
        raise PublishError(_not_ready(manifest, missing))
    # drop the earlier record of this revision (a typing error) and of this number (a number is issued once)
    kept = tuple(s for s in before if s.revision != revision and s.number != number)
    _record(folder, Signings(signings=(*kept, signing)), before, at)
    return signing


def _record(folder: Path, record: Signings, before: Sequence[Signing], at: dt.datetime) -> None:
    """Write the record into the ledger, then into the file. `before`: the signings that were read."""
    out, name = out_and_name(folder)

    def event(ledger: Ledger) -> Event:
        known = ledger.signings(name)
        if known and known[-1].record.signings != tuple(before):
            raise PublishError(f"Một người khác vừa ghi lần ký của kỳ này. {_NOTHING} Xem “tthc history” rồi ghi lại.")
        return Signed(signings=KnownSignings(folder=name, record=record))

    try:
        start_ledger(out, at)
        append(out, event, at)
    except OSError as error:
        raise PublishError(write_error_text(out, error, _NOTHING), transient=is_transient(error)) from None
    try:
        write_signings(folder, record)
    except OSError as error:
        kept = "Lần ký đã vào sổ công bố; lần chạy sau ghi lại tệp ky-ban-hanh.json."
        raise PublishError(write_error_text(folder, error, kept)) from None


def _missing(folder: Path, manifest: Manifest, before: Sequence[Signing], despite: str) -> tuple[tuple[str, ...], str]:
    """What keeps a revision from being signed, a line each, and the reason why it is signed nevertheless.

    A record that is written again, for a typing error, keeps what the first one says.
    """
    known = next((s for s in reversed(before) if s.revision == manifest.revision), None)
    if known is not None:
        return known.missing, (nfc(despite) or known.despite) if known.missing else ""
    state = revision_state(folder / manifest.revision, manifest, ())
    missing = tuple(item_text(item) for item in state.items) if state is not None else ()
    return missing, nfc(despite) if missing else ""


def _not_ready(manifest: Manifest, missing: Sequence[str]) -> str:
    """Vietnamese lines: what is missing before the signature, and what to do."""
    older = f" ({WORKED_OUT})" if manifest.before_signature is None else ""
    return "\n".join(
        [
            f"Bản {manifest.revision} chưa đủ điều kiện ký{older}: còn {vn_int(len(missing))} việc. {_NOTHING}",
            *(f"  {number}. {line}" for number, line in enumerate(missing, 1)),
            f"Việc cần làm: làm từng việc trên, chấm điểm lại {Period.parse_any(manifest.period).name} rồi ký bản mới. "
            "Vẫn phải ký bản này thì ghi lý do vào ô “Vẫn ký vì” (lệnh: --despite): lý do được ghi cùng lần ký.",
        ]
    )


def signing_warnings(folder: Path, signing: Signing) -> list[str]:
    """Vietnamese warnings about a record that is probably a typing error.

    A warning if the report prints another number or date, or if the date is before that of the replaced report. No
    warning for a report whose number and date are filled in by hand.
    """
    warnings = []
    for field, mine, label in (
        ("report_number", signing.number, "số"),
        ("report_date", signing.date.isoformat(), "ngày"),
    ):
        printed = _printed(folder, signing.revision, field)
        if printed and printed != mine:
            one, other = (_field_text(field, text) for text in (printed, mine))
            warnings.append(f"báo cáo của bản {signing.revision} in {label} {one}, {label} vừa ghi là {other}")
    with suppress(ValueError):
        before = [s for s in read_signings(folder) if s.revision != signing.revision]
        if before and before[-1].date > signing.date:
            warnings.append(
                f"ngày ký {vn_day(signing.date)} trước ngày của báo cáo được thay thế ({report_name(before[-1])})"
            )
    return warnings


def _printed(folder: Path, revision: str, field: str) -> str:
    """The value of a field in the revision's report_fields.csv; "" if it has none or the file is not as published."""
    path = folder / revision
    with suppress(OSError, ValueError, csv.Error):
        data = revisions.published_file(path, revisions.read_manifest(path), "report_fields.csv") or b""
        rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        return next((nfc(plain_text(row.get("value") or "")) for row in rows if row.get("field") == field), "")
    return ""


def _field_text(field: str, text: str) -> str:
    if field == "report_date":
        with suppress(ValueError):
            return vn_day(dt.date.fromisoformat(text))
    return text


def _same(one: Signing, other: Signing) -> bool:
    """Whether two records differ at most in who recorded them and when."""
    return one.model_dump(exclude={"recorded_by", "recorded_at"}) == other.model_dump(
        exclude={"recorded_by", "recorded_at"}
    )
