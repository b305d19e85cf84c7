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
    ("meaning", "texts"),
    [
        ("waiting", "Chờ công dân nộp bổ sung|Yêu cầu bổ sung hồ sơ|Đang bổ sung|Chờ bổ sung giấy tờ|Chờ bổ sung thông tin|"
         "Chờ thanh toán|Chờ thanh toán phí|Chờ nộp thuế|Chờ nộp phí, lệ phí|Tạm dừng chờ thực hiện nghĩa vụ thuế|"
         "Tạm dừng - chờ bổ sung hồ sơ|Tạm dừng do chờ bổ sung|Dừng xử lý chờ bổ sung|Công dân chưa bổ sung|"
         "Tạm dừng giải quyết|Chờ bổ sung, hoàn thiện hồ sơ|Đã thông báo nộp phí|CHỜ THỰC HIỆN NGHĨA VỤ TÀI CHÍNH|"
         "Đang chờ công dân thanh toán|Thông báo bổ sung|Chờ hoàn thành nghĩa vụ tài chính|Chờ người nộp bổ sung hồ sơ|"
         "Tạm dừng xử lý - yêu cầu bổ sung"),
        ("open", "Đã phân công xử lý|Đang trình lãnh đạo|Đang xác minh|Chờ ý kiến phối hợp|Dự thảo kết quả|Đang dự thảo kết quả|"
         "Trình ký|Trình lãnh đạo phê duyệt|Đang lấy ý kiến cơ quan liên quan|Chờ kết quả xác minh|Đã trình ký|"
         "Đã thẩm định, chờ ký duyệt|Thẩm định hồ sơ|Phân công xử lý|Đang luân chuyển hồ sơ|Chờ ký số|Đang kiểm tra thực địa|"
         "Chờ chuyên viên thụ lý|Đã chuyển phòng chuyên môn|Đang phối hợp xử lý|Chờ trả kết quả|Chờ giao kết quả|"
         "Chờ công chức xử lý|Đang rà soát|Đang chờ ý kiến lãnh đạo"),
        ("done", "Đã giao kết quả|Đã trả cho công dân|Công dân đã nhận kết quả|Hoàn thành xử lý|Đã trả kết quả cho tổ chức, cá nhân|"
         "Kết thúc|Đã trả KQ|Đã trao trả kết quả|Kết thúc xử lý hồ sơ"),
        ("not_received", "Lưu nháp|LƯU NHÁP|Mới nộp trực tuyến|Từ chối tiếp nhận hồ sơ|Không tiếp nhận hồ sơ|Bị từ chối tiếp nhận|Bản nháp|"
         "Chưa gửi|Chưa nộp hồ sơ|Không được tiếp nhận hồ sơ|Nháp"),
        ("", "Đã trả hồ sơ|Đã trả hồ sơ cho công dân|Đã ký|Đã phê duyệt|Đã ban hành|Phê duyệt|Thẩm định không đạt|Thẩm định xong|"
         "Chờ ý kiến công dân|Chờ cơ quan thuế|Chờ họp hội đồng|Hủy|Từ chối giải quyết|Đã dừng|Không xử lý|Trả kết quả|Chờ|"
         "Đã nộp|Phân công trả kết quả|Chờ xử lý bổ sung|Đã trình ký, đã ban hành|Không giải quyết|"
         "Chưa thanh toán bổ sung thẩm định|Trình trả lại|Đã thẩm định không đạt|Chưa được|Không bổ sung|Không hoàn thành|"
         "Công dân không bổ sung|Chờ tiếp nhận bổ sung|Đã thanh toán|Đã bổ sung"),
    ],
)  # fmt: skip
def test_statuses_in_the_words_of_a_portal(meaning: str, texts: str) -> None:
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


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("Chờ trả kết quả", True), ("Chờ công dân nhận KQ", True), ("Chờ trả kết quả - đúng hạn", True),
        ("Chờ kết quả thẩm định", False), ("Chưa có kết quả", False), ("Đang xử lý", False),
    ],
)  # fmt: skip
def test_a_result_that_waits_for_the_citizen(text: str, there: bool) -> None:
    assert STATUSES.has_result(text) is there
