"""The measures of counts and supplement, each defined once, with its Vietnamese name.

A measure is a whole number (of dossiers, procedures or petitions) of one unit or level in one period.
"""

from __future__ import annotations

RECEIVED_PARTS = ("received_online", "received_direct", "carried_over")
RESOLVED_PARTS = ("resolved_early", "resolved_on_time", "resolved_late")
PENDING_PARTS = ("pending_in_time", "pending_overdue")

#: group -> (its total, its parts): a total is the sum of its parts.
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "received": ("received_total", RECEIVED_PARTS),
    "resolved": ("resolved_total", RESOLVED_PARTS),
    "pending": ("pending_total", PENDING_PARTS),
}

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
)

#: Parts that exclude each other never exceed their whole together: above it a share would be more than 100 %.
PARTS_WITHIN: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("petitions_on_time", "petitions_prolonged"), ("petitions_received",)),
    (("procedures_at_desk", "procedures_exempt"), ("procedures_total",)),
    (("procedures_appraised_at_desk", "procedures_exempt"), ("procedures_total",)),
    (("eligible_late",), ("resolved_late", "pending_overdue")),
    (("eligible_unresolved",), ("eligible_online",)),
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
    "phản ánh, kiến nghị": ("petitions_received", "petitions_on_time", "petitions_prolonged"),
    "hồ sơ của TTHC có dịch vụ công trực tuyến": tuple(m for m in SUPPLEMENT_NAMES if m.startswith("eligible_")),
}

#: Measures of a group that mean something only together: units' sums are taken of all of them or of none.
SUMMED_TOGETHER: tuple[tuple[str, ...], ...] = (
    *CONTACT_GROUPS,
    SUPPLEMENT_GROUPS["phản ánh về thái độ"],
    ("eligible_received", "eligible_online"),
)

#: The category `disclosure`: how procedures are published.
DISCLOSURE_NAMES: dict[str, str] = {
    "both": "Cả hai hình thức niêm yết và điện tử",
    "one": "Một trong hai hình thức niêm yết hoặc điện tử",
    "none": "Không công khai chính xác, đầy đủ, kịp thời",
}

#: Every measure, counts first.
MEASURE_NAMES: dict[str, str] = {**COUNT_NAMES, **SUPPLEMENT_NAMES}
