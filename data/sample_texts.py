"""Documents and report fields of Báo cáo 85; obvious typing errors are corrected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from pipeline.load.forms.fill_form import Entry

STATED = "Báo cáo 85/BC-UBND"
INFERRED = "Suy luận từ báo cáo"

DOCUMENTS: Sequence[Mapping[str, Entry]] = [
    {
        "role": "Căn cứ",
        "title": "Quyết định",
        "number": "1187/QĐ-UBND",
        "issued_on": dt.date(2019, 11, 13),
        "issuer": "UBND tỉnh",
        "subject": (
            "về ban hành nội dung, phương thức chấm điểm đánh giá việc giải quyết thủ tục hành chính trên địa bàn "
            "tỉnh Điện Biên"
        ),
    },
    {
        "role": "Văn bản chỉ đạo của cấp trên",
        "title": "Công văn",
        "number": "265/VPUB-KSTT",
        "issued_on": dt.date(2022, 3, 7),
        "issuer": "Văn phòng UBND tỉnh",
        "subject": (
            "về việc gửi báo cáo công tác kiểm soát TTHC quý I năm 2022 trên Hệ thống thông tin báo cáo Chính phủ và "
            "báo cáo kết quả chấm điểm đánh giá việc giải quyết TTHC quý I năm 2022"
        ),
    },
    {
        "role": "Văn bản triển khai",
        "title": "Văn bản",
        "number": "415/UBND-VP",
        "issued_on": dt.date(2021, 3, 8),
        "issuer": "UBND thành phố",
        "subject": (
            "về việc báo cáo công tác kiểm soát TTHC quý I năm 2022 trên Hệ thống thông tin báo cáo Chính phủ và báo "
            "cáo kết quả chấm điểm đánh giá việc giải quyết TTHC quý I năm 2022"
        ),
        "implements": "265/VPUB-KSTT",
        "note": "Ngày chép đúng như báo cáo in (08/3/2021)",
    },
    {
        "role": "Văn bản hướng dẫn",
        "title": "Hướng dẫn",
        "number": "105/VPUB-KSTT",
        "issued_on": dt.date(2020, 3, 18),
        "issuer": "Văn phòng UBND tỉnh",
        "subject": "về việc hướng dẫn chấm điểm đánh giá việc giải quyết TTHC trên địa bàn tỉnh",
        "note": f"{INFERRED}: cơ quan ban hành (theo ký hiệu văn bản)",
    },
]

DIRECTIONS = (
    "Tiếp tục tăng cường chỉ đạo các cơ quan, đơn vị, UBND các xã, phường thực hiện Quyết định số 1187/QĐ-UBND ngày "
    "13/11/2019 của UBND tỉnh về ban hành nội dung, phương thức chấm điểm đánh giá việc giải quyết thủ tục hành chính "
    "trên địa bàn tỉnh Điện Biên.",
    "Tăng cường kiểm tra, giám sát, thực hiện nghiêm quy chế phối hợp, nêu cao tinh thần trách nhiệm trong tiếp nhận "
    "và giải quyết thủ tục hành chính tại cơ quan, đơn vị.",
    "Tiếp tục chỉ đạo công chức, viên chức tiếp nhận hồ sơ tại Bộ phận tiếp nhận và Trả kết quả của cơ quan, đơn vị "
    "có trách nhiệm hướng dẫn tổ chức, cá nhân, doanh nghiệp cung cấp đầy đủ thông tin cụ thể về địa chỉ (gồm số nhà; "
    "tổ dân phố, bản; xã, phường); số điện thoại; email (nếu có) khi thực hiện giao dịch tại Bộ phận tiếp nhận và Trả "
    "kết quả.",
    "Thực hiện nghiêm túc, kịp thời chế độ thông tin báo cáo theo quy định.",
)
RECIPIENTS = (
    "Văn phòng UBND tỉnh",
    "Lãnh đạo UBND TP",
    "Các phòng, ban, đơn vị TP",
    "Cổng thông tin điện tử TP",
    "Bộ phận tiếp nhận & trả kết quả TP",
    "UBND các xã, phường",
    "Lưu: VT",
)

#: without the signer: the sample has no name of a real person
FIELDS: Sequence[Mapping[str, Entry]] = [
    {"field": "Cơ quan ban hành", "value": "UBND thành phố Điện Biên Phủ", "note": STATED},
    {"field": "Cơ quan nhận báo cáo (cấp trên)", "value": "UBND tỉnh Điện Biên", "note": INFERRED},
    {"field": "Tên địa bàn", "value": "thành phố Điện Biên Phủ", "note": STATED},
    {"field": "Địa danh ghi trên báo cáo", "value": "Điện Biên Phủ", "note": INFERRED},
    {"field": "Số, ký hiệu báo cáo", "value": "85/BC-UBND", "note": STATED},
    {"field": "Ngày báo cáo", "value": dt.date(2022, 3, 18), "note": STATED},
    {"field": "Thay mặt", "value": "TM. ỦY BAN NHÂN DÂN", "note": STATED},
    {"field": "Chức vụ người ký", "value": "CHỦ TỊCH", "note": STATED},
    {
        "field": "Văn bản triển khai gửi đến (mục 1)",
        "value": "các phòng, ban, đơn vị thành phố; UBND các xã, phường",
        "note": STATED,
    },
    {
        "field": "Lý do trễ hạn – Cấp thành phố",
        "value": "do công chức, viên chức phòng chuyên môn quên tích kết thúc trên cổng dịch vụ công",
        "note": STATED,
    },
    {
        "field": "Lý do trễ hạn – Cấp xã, phường",
        "value": "do công chức quên tích kết thúc trên cổng dịch vụ công",
        "note": STATED,
    },
    {
        "field": "Tên đơn vị trên Biểu mẫu 03 – Cấp thành phố",
        "value": "UBND thành phố Điện Biên Phủ",
        "note": STATED,
    },
    {
        "field": "Tên đơn vị trên Biểu mẫu 03 – Cấp xã, phường",
        "value": "UBND các xã, phường",
        "note": STATED,
    },
    {
        "field": "Tên nhóm đơn vị trong bảng kết quả – Cấp thành phố",
        "value": "Các phòng, ban chuyên môn thuộc UBND thành phố",
        "note": STATED,
    },
    {
        "field": "Tên nhóm đơn vị trong bảng kết quả – Cấp xã, phường",
        "value": "UBND các xã, phường",
        "note": STATED,
    },
    {
        "field": "Ghi chú về công khai TTHC (Biểu mẫu 03) – Cấp thành phố",
        "value": (
            "Niêm yết, công khai TTHC tại Bộ phận Tiếp nhận và Trả kết quả của UBND cấp huyện theo quy định tại "
            "văn bản số 574/VPUB-KSTT ngày 15/10/2021 của Văn phòng UBND tỉnh (phụ lục I, phụ lục II); "
            "http://tpdienbienphu.dienbien.gov.vn/"
        ),
        "note": STATED,
    },
    *({"field": "Phương hướng nhiệm vụ kỳ sau (mục 3)", "value": text, "note": STATED} for text in DIRECTIONS),
    *({"field": "Nơi nhận", "value": text, "note": STATED} for text in RECIPIENTS),
]
