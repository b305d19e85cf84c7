"""The measures of counts and supplement, each defined once, with its Vietnamese name.

All are whole numbers (dossiers, procedures or petitions) of one unit or level in one period. Which counts add up to
which others is defined in `pipeline.arithmetic.identities`.
"""

from __future__ import annotations

#: Counts, in the order of the form II.06a. Vietnamese names as the forms write them.
COUNT_NAMES: dict[str, str] = {
    "received_total": "Tiếp nhận: tổng số",
    "received_online": "Tiếp nhận trực tuyến",
    "received_direct": "Tiếp nhận trực tiếp, dịch vụ bưu chính",
    "received_in_period": "Tiếp nhận trong kỳ (mọi hình thức)",
    "carried_over": "Kỳ trước chuyển qua",
    "resolved_total": "Đã giải quyết: tổng số",
    "resolved_early": "Đã giải quyết trước hạn",
    "resolved_on_time": "Đã giải quyết đúng hạn",
    "resolved_late": "Đã giải quyết quá hạn",
    "pending_total": "Đang giải quyết: tổng số",
    "pending_in_time": "Đang giải quyết trong hạn",
    "pending_overdue": "Đang giải quyết quá hạn",
    "withdrawn": "Hồ sơ xin rút",
    "returned": "Hồ sơ trả lại",
}

#: Counts that follow from others, or that an export gives in their place: "Đúng và trước hạn" in one column.
DERIVED_NAMES: dict[str, str] = {"resolved_in_time": "Đã giải quyết trước hạn và đúng hạn"}

#: The two kinds of "hồ sơ quá hạn" that reasons are asked for: resolved too late, and still open after the deadline.
LATE_MEASURES = ("resolved_late", "pending_overdue")

#: Measures of the supplement (bo-sung.xlsx): figures that no export gives.
SUPPLEMENT_NAMES: dict[str, str] = {
    "contacted_never": "Hồ sơ không phải liên hệ lần nào",
    "contacted_once": "Hồ sơ chỉ liên hệ một lần",
    "contacted_more": "Hồ sơ phải liên hệ hơn một lần",
    "agencies_none": "Hồ sơ không phải liên hệ với cơ quan nào",
    "agencies_one": "Hồ sơ phải liên hệ với một cơ quan",
    "agencies_more": "Hồ sơ phải liên hệ với hơn một cơ quan",
    "complaints_early": "Hồ sơ trước hạn có phản ánh về thái độ được kết luận đúng",
    "complaints_on_time": "Hồ sơ đúng hạn có phản ánh về thái độ được kết luận đúng",
    "complaints_late": "Hồ sơ quá hạn có phản ánh về thái độ được kết luận đúng",
    "procedures_total": "Tổng số TTHC thuộc thẩm quyền",
    "procedures_at_desk": "Số TTHC tiếp nhận, trả kết quả tại Bộ phận Một cửa",
    "procedures_appraised_at_desk": "Số TTHC được tiếp nhận, thẩm định, phê duyệt tại Bộ phận Một cửa",
    "procedures_exempt": "Số TTHC không thuộc đối tượng tiếp nhận tại Bộ phận Một cửa",
    "petitions_received": "Phản ánh, kiến nghị đã tiếp nhận",
    "petitions_on_time": "Phản ánh, kiến nghị xử lý đúng thời hạn",
    "petitions_prolonged": "Phản ánh, kiến nghị kéo dài",
    "procedures_online": "Số TTHC có dịch vụ công trực tuyến mức độ 3, 4",
    "eligible_received": "Hồ sơ của TTHC có dịch vụ công trực tuyến: tổng tiếp nhận",
    "eligible_carried_over": "Hồ sơ của TTHC có dịch vụ công trực tuyến: kỳ trước chuyển qua",
    "eligible_direct": "Hồ sơ của TTHC có dịch vụ công trực tuyến: trực tiếp",
    "eligible_online": "Hồ sơ của TTHC có dịch vụ công trực tuyến: trực tuyến",
    "eligible_resolved": "Hồ sơ của TTHC có dịch vụ công trực tuyến: đã giải quyết",
    "eligible_early": "Hồ sơ của TTHC có dịch vụ công trực tuyến: trước hạn",
    "eligible_on_time": "Hồ sơ của TTHC có dịch vụ công trực tuyến: đúng hạn",
    "eligible_late": "Hồ sơ của TTHC có dịch vụ công trực tuyến: quá hạn",
    "eligible_pending": "Hồ sơ của TTHC có dịch vụ công trực tuyến: đang giải quyết",
    "eligible_unresolved": "Hồ sơ trực tuyến không được giải quyết",
    "petitions_dissatisfied": "Phản ánh, kiến nghị không hài lòng về kết quả, bị phản ánh tiếp hoặc xử lý quá hạn",
    "dossiers_disliked": "Hồ sơ có phản ánh, kiến nghị hoặc bị đánh giá không hài lòng",
    "payable": "Hồ sơ có nghĩa vụ tài chính",
    "paid_online": "Hồ sơ đã thanh toán trực tuyến",
    "fee_procedures": "TTHC có phí, lệ phí",
    "fee_procedures_paid_online": "TTHC có phí, lệ phí có giao dịch thanh toán trực tuyến",
    "fee_procedures_used": "TTHC có phí, lệ phí có phát sinh hồ sơ",
    "eresult_due": "Hồ sơ thuộc diện cấp kết quả điện tử",
    "eresult": "Hồ sơ đã cấp kết quả điện tử",
    "digitized": "Hồ sơ đã số hóa giấy tờ khi giải quyết",
    "reused": "Hồ sơ có khai thác, sử dụng lại dữ liệu số hóa",
    "data_shared": "Hồ sơ số hóa có kết nối, chia sẻ để sử dụng lại",
    "citizen_data": "Hồ sơ có sử dụng dữ liệu dân cư",
    "citizen_procedures": "TTHC có đối tượng là công dân",
    "citizen_procedures_connected": "TTHC đã kết nối dữ liệu dân cư",
    "service_procedures": "TTHC có dịch vụ công trực tuyến toàn trình hoặc một phần",
    "services_online": "Số dịch vụ công trực tuyến",
    "services_used": "Dịch vụ công trực tuyến có phát sinh hồ sơ",
}

#: A part never exceeds its whole; where the whole is 0 a blank part is 0.
PART_OF: tuple[tuple[str, str], ...] = (
    ("complaints_early", "resolved_early"),
    ("complaints_on_time", "resolved_on_time"),
    ("complaints_late", "resolved_late"),
    ("procedures_at_desk", "procedures_total"),
    ("procedures_appraised_at_desk", "procedures_total"),
    ("procedures_exempt", "procedures_total"),
    ("procedures_online", "procedures_total"),
    ("petitions_on_time", "petitions_received"),
    ("petitions_prolonged", "petitions_received"),
    ("eligible_received", "received_total"),
    ("eligible_carried_over", "carried_over"),
    ("eligible_direct", "received_direct"),
    ("eligible_online", "received_online"),
    ("eligible_online", "eligible_received"),
    ("eligible_resolved", "resolved_total"),
    ("eligible_early", "resolved_early"),
    ("eligible_on_time", "resolved_on_time"),
    ("eligible_pending", "pending_total"),
    ("petitions_dissatisfied", "petitions_received"),
    ("paid_online", "payable"),
    ("fee_procedures_paid_online", "fee_procedures"),
    ("fee_procedures_used", "fee_procedures"),
    ("eresult", "eresult_due"),
    ("citizen_procedures_connected", "citizen_procedures"),
    ("service_procedures", "procedures_total"),
    ("services_used", "services_online"),
)

#: Parts that exclude each other never exceed their whole together: above it a share would be more than 100 %.
PARTS_WITHIN: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("petitions_on_time", "petitions_prolonged"), ("petitions_received",)),
    (("procedures_at_desk", "procedures_exempt"), ("procedures_total",)),
    (("procedures_appraised_at_desk", "procedures_exempt"), ("procedures_total",)),
    (("eligible_late",), ("resolved_late", "pending_overdue")),
    (("eligible_unresolved",), ("eligible_online",)),
    *(((part,), ("resolved_total", "pending_total")) for part in ("digitized", "data_shared", "citizen_data")),
    (("dossiers_disliked",), ("resolved_total", "pending_total")),
)

#: The dossiers of procedures offered online: (total, its parts), checked where every part is given.
ELIGIBLE_SUMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("eligible_received", ("eligible_online", "eligible_direct", "eligible_carried_over")),
    ("eligible_resolved", ("eligible_early", "eligible_on_time", "eligible_late")),
    ("eligible_received", ("eligible_resolved", "eligible_pending")),
)

#: The measures of each group add up to the dossiers resolved.
CONTACT_GROUPS: tuple[tuple[str, ...], ...] = (
    ("contacted_never", "contacted_once", "contacted_more"),
    ("agencies_none", "agencies_one", "agencies_more"),
)

#: Groups of the supplement. A level that has own cells of a group uses no sums of its units in that group.
SUPPLEMENT_GROUPS: dict[str, tuple[str, ...]] = {
    "số lần liên hệ": CONTACT_GROUPS[0],
    "số cơ quan phải liên hệ": CONTACT_GROUPS[1],
    "phản ánh về thái độ": ("complaints_early", "complaints_on_time", "complaints_late"),
    "số TTHC": tuple(m for m in SUPPLEMENT_NAMES if m.startswith("procedures_")),
    "phản ánh, kiến nghị": (
        "petitions_received",
        "petitions_on_time",
        "petitions_prolonged",
        "petitions_dissatisfied",
    ),
    "hồ sơ của TTHC có dịch vụ công trực tuyến": tuple(m for m in SUPPLEMENT_NAMES if m.startswith("eligible_")),
    "hồ sơ không hài lòng": ("dossiers_disliked",),
    "hồ sơ có nghĩa vụ tài chính": ("payable", "paid_online"),
    "TTHC có phí, lệ phí": ("fee_procedures", "fee_procedures_paid_online", "fee_procedures_used"),
    "số hóa hồ sơ": ("eresult_due", "eresult", "digitized", "reused", "data_shared"),
    "dữ liệu dân cư": ("citizen_data", "citizen_procedures", "citizen_procedures_connected"),
    "dịch vụ công trực tuyến": ("service_procedures", "services_online", "services_used"),
}

#: Numbers of procedures: at every commune the same procedures, at the end of every quarter the same stock.
PROCEDURE_MEASURES: frozenset[str] = frozenset(
    (
        *SUPPLEMENT_GROUPS["số TTHC"],
        *SUPPLEMENT_GROUPS["TTHC có phí, lệ phí"],
        *SUPPLEMENT_GROUPS["dịch vụ công trực tuyến"],
        "citizen_procedures",
        "citizen_procedures_connected",
    )
)

#: Measures of a group that mean something only together: units' sums are taken of all of them or of none.
SUMMED_TOGETHER: tuple[tuple[str, ...], ...] = (
    *CONTACT_GROUPS,
    SUPPLEMENT_GROUPS["phản ánh về thái độ"],
    ("eligible_received", "eligible_online"),
    ("payable", "paid_online"),
    ("eresult_due", "eresult"),
)

#: The category `disclosure`: how procedures are published.
DISCLOSURE_NAMES: dict[str, str] = {
    "both": "Cả hai hình thức niêm yết và điện tử",
    "one": "Một trong hai hình thức niêm yết hoặc điện tử",
    "none": "Không công khai chính xác, đầy đủ, kịp thời",
}

#: Every measure, counts first.
MEASURE_NAMES: dict[str, str] = {**COUNT_NAMES, **DERIVED_NAMES, **SUPPLEMENT_NAMES}
