"""The Vietnamese names of run states, for Prefect's pages, notifications and `tthc status`. Other modules import them.

A state in Prefect has a type (COMPLETED, FAILED …), which Prefect's logic uses, and a name, which this program sets.
"""

from __future__ import annotations

#: the tag of every run of this program: notifications and `tthc status` filter by it
TAG = "tthc"

DONE = "Hoàn thành"
WITH_EXCLUSIONS = "Hoàn thành, còn phần chưa chấm được"
UNCHANGED = "Không có gì thay đổi"
WAITING = "Chờ dữ liệu"
FAILED = "Không thực hiện được"
REVIEWED = "Đã rà soát"
REVIEWED_ERRORS = "Đã rà soát, có lỗi cần sửa"
FORMS_MADE = "Đã tạo biểu"
COMPARED = "Đã so sánh"
SIGNED = "Đã ghi bản ký"

#: `flows.steps.run_values.RunResult.state` -> name
OF_RESULT = {"Completed": DONE, "CompletedWithExclusions": WITH_EXCLUSIONS, "Unchanged": UNCHANGED}

#: Prefect's own names -> Vietnamese, for `tthc status` and notifications; Prefect's pages show them in English
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

#: Markdown for the descriptions of flows and deployments
EXPLAINED = f"""Trạng thái khi kết thúc:

- **{DONE}**: đã công bố bản mới.
- **{WITH_EXCLUSIONS}**: đã công bố bản mới; có đơn vị, tệp hoặc dòng phải để riêng vì thiếu hoặc sai số liệu.
- **{UNCHANGED}**: bản đang có đã đúng với số liệu; không công bố gì.
- **{WAITING}**: còn đơn vị chưa gửi; lần chạy này không công bố gì (chỉ khi chạy theo lịch, trước ngày 22).
- **{FAILED}**: không công bố gì; dòng cuối của nhật ký và ô State Message cho biết vì sao và phải làm gì.
"""


def vietnamese_name(name: str) -> str:
    """The Vietnamese name of a state. Names of this program are returned as they are."""
    return OF_PREFECT.get(name, name)
