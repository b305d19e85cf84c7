"""`tthc verify`: whether all that was published is as it was published, and the acceptance of what a person knows.

The clock is read here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from flows.commands.usage_errors import UsageError
from flows.steps.failures import publish_errors_as_failures
from flows.steps.schedule import ZONE
from flows.steps.shared_paths import typed_path
from pipeline.publish.ledger import LEDGER, Ledger, head_text
from pipeline.publish.verification import Problem, Verification, accept, verify
from pipeline.text import nfc, vn_day, vn_int

#: fewest digits of a hash that a person may type
_FEWEST_DIGITS = 12


def accept_problems(data_dir: Path, places: Sequence[str], reason: str, by: str) -> None:
    """Record that a person accepts the problems at these places, as `tthc verify` prints them.

    Raises UsageError for a place without a problem or a missing reason, JobFailed if it cannot be recorded.
    """
    if not nfc(reason).strip():
        raise UsageError("--accept cần một lý do, như --reason “Khôi phục bản sao lưu ngày 3/4/2022”.")
    found = {problem.place: problem for problem in verify(data_dir / "out").alarms}
    unknown = [place for place in places if place not in found]
    if unknown:
        there = f"có: {', '.join(found)}" if found else "hiện không có chỗ nào"
        raise UsageError(f"Không có chỗ nào tên “{unknown[0]}” cần chấp nhận ({there}).")
    now = dt.datetime.now().astimezone().replace(microsecond=0)
    with publish_errors_as_failures():
        chosen = [found[place] for place in dict.fromkeys(places)]
        accept(data_dir / "out", chosen, by=by, reason=nfc(reason).strip(), at=now)


def verification_lines(data_dir: Path, result: Verification, head: str = "") -> Iterator[str]:
    """Vietnamese lines: what was checked, each problem with what to do, the last entry of the ledger.

    `head`: a hash that was noted earlier, or its first digits; "" for none.
    """
    alarms = result.alarms
    yield (
        f"Đã kiểm tra {typed_path(data_dir / 'out')}: {vn_int(result.revisions)} bản của {vn_int(result.periods)} kỳ, "
        f"{vn_int(result.ledger.last)} mục trong sổ công bố."
    )
    if alarms:
        yield f"Không còn như đã công bố: {vn_int(len(alarms))} chỗ."
        for problem in alarms:
            yield from _problem_lines(problem)
    elif head_is_missing(result.ledger, head):
        yield "Các bản còn lại khớp với sổ công bố hiện có."
    else:
        yield ("Ngoài các chỗ đã chấp nhận, mọi" if result.problems else "Mọi") + " bản còn như đã công bố."
    for problem in result.problems:
        if problem.accepted is not None:
            at = problem.accepted.at.astimezone(ZONE)
            yield f"  Đã chấp nhận [{problem.place}] {problem.text} ({vn_day(at.date())}, {problem.reason})."
    yield from (f"  {note}" for note in result.notes)
    if head_is_missing(result.ledger, head):
        yield (
            f"Sổ công bố không có mục nào mang mã {head}: các mục cuối đã bị xoá, hoặc cả sổ đã bị làm lại sau khi mã "
            f"này được ghi. → Khôi phục {LEDGER} và thư mục các kỳ từ bản sao lưu, rồi kiểm tra lại."
        )
    elif head:
        yield f"Mã đã ghi ({head}) còn trong sổ công bố."
    yield head_text(result.ledger) or "Chưa có sổ công bố: sổ bắt đầu từ lần công bố sau."


def _problem_lines(problem: Problem) -> Iterator[str]:
    yield f"  [{problem.place}] {problem.text}."
    yield (
        f"      → {problem.action}. Không khôi phục được mà biết rõ lý do: "
        f"tthc verify --accept {problem.place} --reason “…”"
    )


def head_is_missing(ledger: Ledger, head: str) -> bool:
    """Whether a hash that was noted earlier is that of no entry. `head`: at least its first digits; "" for none."""
    return bool(head) and not any(digest.startswith(head) for digest in ledger.hashes.values())


def checked_head(head: str) -> str:
    """The typed hash. Raises UsageError if it is none or too short."""
    digits = head.strip().casefold().rstrip("…")
    if head and (len(digits) < _FEWEST_DIGITS or set(digits) - set("0123456789abcdef")):
        raise UsageError(f"Mã “{head}” không đúng: chép ít nhất {_FEWEST_DIGITS} ký tự đầu của mã kiểm đã ghi.")
    return digits
