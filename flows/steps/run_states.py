"""How runs end, in the words that Prefect's pages, notifications and `tthc status` show. No other module spells them.

Prefect keeps a type (COMPLETED, FAILED …), which its own logic follows, beside the name of a state, which is ours.
"""

from __future__ import annotations

#: on every run of this program: notifications and `tthc status` know them by it
TAG = "tthc"

DONE = "Hoàn thành"
WITH_EXCLUSIONS = "Hoàn thành, còn phần chưa chấm được"
UNCHANGED = "Không có gì thay đổi"
WAITING = "Chờ dữ liệu"
FAILED = "Không thực hiện được"
REVIEWED = "Đã rà soát"
REVIEWED_ERRORS = "Đã rà soát, có lỗi cần sửa"

#: of `flows.steps.job.Outcome.state`, which the command line's exit status and the tests speak of
OF_OUTCOME = {"Completed": DONE, "CompletedWithExclusions": WITH_EXCLUSIONS, "Unchanged": UNCHANGED}

#: Prefect's own names, for `tthc status` and notifications; the pages show these in English
OF_PREFECT = {
    "Scheduled": "Đã lên lịch",
    "Late": "Đến giờ mà chưa chạy",
    "AwaitingConcurrencySlot": "Đợi đến lượt",
    "AwaitingRetry": "Đợi chạy lại",
    "Pending": "Sắp chạy",
    "Submitting": "Sắp chạy",
    "InfrastructurePending": "Sắp chạy",
    "Retrying": "Đang chạy lại",
    "Suspended": "Tạm dừng",
    "Running": "Đang chạy",
    "Completed": DONE,
    "Failed": FAILED,
    "TimedOut": "Quá thời gian cho phép",
    "Crashed": "Dừng giữa chừng",
    "Cancelling": "Đang huỷ",
    "Cancelled": "Đã huỷ",
}

#: for the pages of flows and deployments
EXPLAINED = f"""Trạng thái khi kết thúc:

- **{DONE}**: đã công bố bản mới.
- **{WITH_EXCLUSIONS}**: đã công bố bản mới; có đơn vị, tệp hoặc dòng phải để riêng vì thiếu hoặc sai số liệu.
- **{UNCHANGED}**: bản đang có đã đúng với số liệu; không công bố gì.
- **{WAITING}**: còn đơn vị chưa gửi; lần chạy này không công bố gì (chỉ khi chạy theo lịch, trước ngày 22).
- **{FAILED}**: không công bố gì; dòng cuối của nhật ký và ô State Message cho biết vì sao và phải làm gì.
"""


def in_words(name: str) -> str:
    """A state's name as an office reads it: our own names stay, Prefect's are translated."""
    return OF_PREFECT.get(name, name)
