"""What statuses and ways of reception mean: known only where every word is explained."""

import pytest

from pipeline.extract.wording.status_words import BY_DATES, channel_words, status_words
from pipeline.extract.wording.vocabulary import vocabulary

STATUSES = status_words(vocabulary().lists)
CHANNELS = channel_words(vocabulary().lists)


@pytest.mark.parametrize(
    ("meaning", "texts"),
    [
        ("waiting", "Chờ thực hiện nghĩa vụ tài chính|Chờ công dân bổ sung|Yêu cầu nộp phí|Chưa nộp lệ phí|Đang chờ bổ sung hồ sơ|"
         "Công dân đang bổ sung|Chờ người dân hoàn thiện hồ sơ|Tạm dừng chờ bổ sung|Tạm dừng xử lý hồ sơ|Đã yêu cầu bổ sung"),
        ("open", "Chờ lãnh đạo phê duyệt|Đang trình ký|Chưa phân công xử lý|Đang xử lý (quá hạn)|Quá hạn - Đang xử lý|4. Đang xử lý|"
         "Mới tiếp nhận|Đang xử lý: còn 2 ngày làm việc|Dang xu ly|Đang thực hiện"),
        ("done", "Đã trả kết quả - đúng hạn|Đã trả KQ|Đã giải quyết trước hạn|Đã trả kết quả quá hạn 2 ngày 3 giờ|Da tra ket qua|"
         "Đã trả kết quả cho công dân|(9) Đã xử lý xong"),
        ("not_received", "Chờ tiếp nhận|Mới nộp|Chưa tiếp nhận hồ sơ|Vừa nộp hồ sơ|Không được tiếp nhận"),
        ("withdrawn", "Công dân xin rút hồ sơ|Đã rút hồ sơ|Công dân yêu cầu rút hồ sơ"),
        (BY_DATES, "Trễ hạn 3 ngày|Còn hạn|Trước hạn|Chưa đến hạn|Quá hạn giải quyết|Còn 3 ngày"),
        ("", "Đã hủy|Từ chối giải quyết|Trả lại hồ sơ|Đã trả hồ sơ|Đã trả kết quả (từ chối)|Chờ rút hồ sơ|Đang xử lý hồ sơ bổ sung|"
         "Đã bổ sung hồ sơ theo yêu cầu|Chờ xác định nghĩa vụ tài chính|Đang tiếp nhận|Chờ họp hội đồng|Đang chờ|Quá hạn bổ sung|"
         "Đã giải quyết, chờ trả kết quả|Công dân đã nộp phí|Chưa yêu cầu bổ sung|Chờ cán bộ tiếp nhận|Không đủ điều kiện|"
         "Đúng hạn - Quá hạn"),
    ],
)  # fmt: skip
def test_statuses(meaning: str, texts: str) -> None:
    assert {t: STATUSES.read(t).meaning for t in texts.split("|")} == dict.fromkeys(texts.split("|"), meaning)


@pytest.mark.parametrize(
    ("text", "state"),
    [("Đã trả kết quả - đúng hạn", "on_time"), ("Quá hạn 3 ngày", "late"), ("Đang xử lý (còn hạn)", "in_time"), ("Đang xử lý", "")],
)  # fmt: skip
def test_the_deadline_state_in_a_status(text: str, state: str) -> None:
    assert STATUSES.read(text).deadline == state


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("Nộp trực tuyến qua Cổng DVC quốc gia", "online"), ("Trực tiếp tại bộ phận một cửa", "direct"), ("Qua BCCI", "direct"),
        ("Kiosk", ""), ("Trực tiếp/Trực tuyến", ""), ("Mức độ toàn trình", ""),
    ],
)  # fmt: skip
def test_ways_of_reception(text: str, way: str) -> None:
    assert CHANNELS.read(text) == way
