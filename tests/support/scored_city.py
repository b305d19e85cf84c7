"""A small city that never existed, scored by hand: every case a report must say something about."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
from collections.abc import Callable
from functools import cache
from typing import Any

import pandas as pd
import pytest

from pipeline.finding_catalogue import findings_frame
from pipeline.findings import Finding
from pipeline.periods import Period
from pipeline.result import Checked, Scored, SourceFile, Stamp
from schemas import frames
from schemas.rulebook import Rulebook

#: unit, name, level, online, direct, carried over, early, on time, late, pending in time, overdue, status
UNITS: list[tuple[Any, ...]] = [
    ("u-a", "Phòng A", "huyen", 4, 5, 3, 7, 2, 1, 1, 1, "scored"),
    ("u-b", "Phòng B|C\n<b>&*đặc*", "huyen", 0, 2000, 0, 2000, 0, 0, 0, 0, "scored"),
    ("u-d", "Phòng D", "huyen", 0, 0, 0, 0, 0, 0, 0, 0, "no_dossiers"),
    ("u-e", "Phường E", "xa", 0, 5, 0, 5, 0, 0, 0, 0, "scored"),
    ("u-f", "Xã F", "xa", 0, 9, 0, 9, 9, 0, 0, 0, "set_aside"),
    ("u-g", "Xã G", "xa", 2, 0, 0, 0, 0, 0, 2, 0, "no_resolved"),
]
REASONS = {
    "no_dossiers": "Không có hồ sơ phát sinh",
    "no_resolved": "Chưa có hồ sơ giải quyết xong",
    "set_aside": "Tiếp nhận 9 hồ sơ nhưng đã giải quyết 18 hồ sơ",
}
PARTS = (
    "received_online",
    "received_direct",
    "carried_over",
    "resolved_early",
    "resolved_on_time",
    "resolved_late",
    "pending_in_time",
    "pending_overdue",
)


def rulebook() -> Rulebook:
    """Three criteria: one average, one assessed or derived, one that may lack information."""
    average = [
        {"id": "2", "text": "Trước hạn", "points": 2, "count": ["resolved_early"]},
        {"id": "1", "text": "Đúng hạn", "points": 1, "count": ["resolved_on_time"]},
        {"id": "0", "text": "Quá hạn", "points": 0, "count": ["resolved_late"]},
    ]
    share = {"ratio": "online", "at_least": "30%"}
    return Rulebook.model_validate(
        {
            "id": "qd-thu-2020",
            "title": "Quyết định số 9/QĐ-THỬ",
            "short": "QĐ 9",
            "issued_on": dt.date(2020, 1, 1),
            "valid_from": dt.date(2020, 1, 1),
            "precedence": 1,
            "provinces": [],
            "levels": [
                {"id": "huyen", "name": "cấp huyện", "form_suffix": "TP"},
                {"id": "xa", "name": "cấp xã"},
            ],
            "rounding": {"total_places": 2, "print_places": 2},
            "ratios": {
                "online": {
                    "label": "Tỷ lệ",
                    "numerator": ["received_online"],
                    "denominator": ["received_total"],
                }
            },
            "criteria": [
                {
                    "id": "total_time",
                    "number": "1",
                    "label": "Thời gian giải quyết",
                    "kind": "average",
                    "max_points": 2,
                    "citation": "Điều 1",
                    "denominator": ["resolved_early", "resolved_on_time", "resolved_late"],
                    "officers": True,
                    "options": average,
                },
                {
                    "id": "online",
                    "number": "2",
                    "label": "Dịch vụ công trực tuyến",
                    "kind": "first_match",
                    "max_points": 2,
                    "citation": "Điều 2",
                    "reading": "Tính trên mọi hồ sơ.",
                    "options": [
                        {"id": "2", "text": "Từ 30%", "points": 2, "all": [share]},
                        {"id": "0", "text": "Dưới 30%", "points": 0},
                    ],
                },
            ],
            "unit_class": {
                "basis": "total",
                "citation": "Điều 3 | khoản 1",
                "bands": [{"label": "Tốt", "at_least": 3}, {"label": "Khá", "at_least": 0, "up_to": 3}],
            },
            "local_class": {
                "basis": "officer_average",
                "citation": "suy luận",
                "bands": [{"label": "Hạng nhất", "at_least": 0}],
            },
            "officer_class": {
                "basis": "officer_average",
                "citation": "Điều 4",
                "bands": [
                    {"label": "Hoàn thành", "at_least": 1},
                    {"label": "Chưa hoàn thành", "at_least": 0, "up_to": 1},
                ],
            },
        }
    )


def frame(model: type[frames.Frame], rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as the model's columns and types; columns left out are "" or NA."""
    empty = model.empty()
    data = {
        c: pd.array([r.get(c, "" if str(empty[c].dtype) == "str" else None) for r in rows], dtype=empty[c].dtype)
        for c in empty.columns
    }
    return model.validate(pd.DataFrame(data, columns=list(empty.columns)), lazy=True)


def figures(units: list[tuple[Any, ...]]) -> dict[str, dict[str, int]]:
    """Figures of units and levels, totals included; a set-aside unit counts for nothing in its level."""
    known = {u[0]: dict(zip(PARTS, u[3:11], strict=True)) for u in units}
    for level in ("huyen", "xa"):
        mine = [known[u[0]] for u in units if u[2] == level and u[11] != "set_aside"]
        known[level] = {p: sum(f[p] for f in mine) for p in PARTS}
    for f in known.values():
        f["received_total"] = f["received_online"] + f["received_direct"] + f["carried_over"]
        f["resolved_total"] = f["resolved_early"] + f["resolved_on_time"] + f["resolved_late"]
        f["pending_total"] = f["pending_in_time"] + f["pending_overdue"]
    known["huyen"] |= {
        "procedures_total": 90,
        "procedures_online": 20,
        "eligible_received": 40,
        "eligible_online": 4,
    }
    return known


def entities(units: list[tuple[Any, ...]]) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for level, name in (("huyen", "Cấp thành phố"), ("xa", "Cấp xã, phường")):
        basis = "own" if level == "huyen" else "sum"
        rows.append(
            {
                "unit_id": level,
                "name": name,
                "kind": "level",
                "level": level,
                "status": "scored",
                "basis": basis,
            }
        )
        rows.extend(
            {
                "unit_id": u[0],
                "name": u[1],
                "kind": "unit",
                "level": level,
                "status": u[11],
                "status_reason": REASONS.get(u[11], ""),
                "basis": "own",
            }
            for u in units
            if u[2] == level
        )
    return frame(frames.Entities, rows)


def criterion_rows(
    unit: str, kind: str, f: dict[str, int], book: Rulebook
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Both criteria of one unit by hand: u-e is assessed, u-a used a default, the level xa lacks the second."""
    time, online = book.criteria
    points, resolved = 2 * f["resolved_early"] + f["resolved_on_time"], f["resolved_total"]
    score = points / resolved if resolved else None
    common = {"unit_id": unit, "kind": kind, "max_points": 2.0, "option": "", "option_text": ""}
    counted = bool(resolved)
    first = common | {
        "criterion": time.id,
        "number": "1",
        "label": time.label,
        "counted": counted,
        "numerator": points if counted else None,
        "denominator": resolved if counted else None,
        "score": score,
        "printed": None if score is None else round(score, 2),
        "basis": "computed" if counted else "not_counted",
        "explanation": "" if counted else "chưa có hồ sơ giải quyết xong",
        "citation": time.citation,
    }
    known = unit != "xa"
    bases = {
        "u-e": ("assessed", "đếm theo sổ riêng"),
        "u-a": ("default", "lấy tỷ lệ của cấp"),
        "xa": ("not_counted", "thiếu số TTHC"),
    }
    basis, why = bases.get(unit, ("computed", ""))
    option = "2" if unit in ("u-e", "u-a") else "0"
    second = common | {
        "criterion": online.id,
        "number": "2",
        "label": online.label,
        "counted": known,
        "numerator": int(option) if known else None,
        "denominator": 1 if known else None,
        "score": float(option) if known else None,
        "printed": float(option) if known else None,
        "option": option if known else "",
        "option_text": "",
        "basis": basis,
        "explanation": why,
        "citation": online.citation,
    }
    evidence = [
        {
            "unit_id": unit,
            "criterion": time.id,
            "option": o,
            "role": role,
            "value": float(v),
            "origin": "entered",
        }
        for o, role, v in (
            ("2", "points", f["resolved_early"]),
            ("1", "points", f["resolved_on_time"]),
            ("0", "points", f["resolved_late"]),
            ("", "denominator", resolved),
        )
    ]
    return [first, second], evidence


def totals(rows: list[dict[str, Any]], row: dict[str, Any], *, resolved: bool) -> dict[str, Any]:
    counted = [r for r in rows if r["counted"]]
    total = round(sum(r["printed"] for r in counted), 2)
    average = rows[0]["printed"]
    return row | {
        "total": total,
        "total_max": 2.0 * len(counted),
        "officer_average": average,
        "officer_average_max": 2.0 if average is not None else None,
        "class_law": ("Tốt" if total >= 3 else "Khá") if resolved else "",
        "class_local": "Hạng nhất" if resolved else "",
        "class_printed": "Hạng nhất" if resolved else "",
        "class_basis": "local" if resolved else "",
        "class_ground": "suy luận" if resolved else "",
    }


def build(
    units: list[tuple[Any, ...]] | None = None,
    *,
    scored: bool = True,
    fields: dict[str, Any] | None = None,
    explanations: list[dict[str, Any]] | None = None,
) -> Scored:
    """The city scored; `scored` False = no rulebook in force. `fields`: report fields, a list for several lines."""
    units = UNITS if units is None else units
    known, book, names = figures(units), rulebook(), {u[0]: u[1] for u in units}
    given = {"area_name": "thành phố Thử", "issuing_body": "UBND thành phố Thử"} if fields is None else fields
    field_rows = [{"field": k, "value": v} for k, vs in given.items() for v in (vs if isinstance(vs, list) else [vs])]
    findings = findings_frame(
        [Finding("unit_no_dossiers", unit_id="u-d", file="bang|1.xlsx", sheet="S", cell="B7", found="Phòng D")]
    )
    correction = {
        "correction_id": "DC-01",
        "unit_id": "u-a",
        "measure": "resolved_early",
        "expected": 8,
        "value": 7,
        "reason": "chép nhầm",
        "approver": "Chủ tịch",
        "approved_on": "2022-03-07",
        "status": "applied",
        "source_file": "dieu-chinh.xlsx",
        "source_sheet": "Điều chỉnh",
        "source_cell": "E5",
    }
    count = {
        "unit_id": "u-a",
        "measure": "resolved_early",
        "value": 7,
        "original_value": 8,
        "correction_id": "DC-01",
        "source_file": "bang|1.xlsx",
        "source_sheet": "S",
        "source_cell": "F5",
    }
    documents = [
        {
            "role": "basis",
            "title": "Quyết định",
            "number": "9/QĐ-THỬ",
            "issued_on": "2020-01-01",
            "issuer": "UBND tỉnh",
            "subject": "ban hành cách chấm điểm",
        },
        {
            "role": "directive",
            "title": "Công văn",
            "number": "5/CV",
            "issued_on": "2022-03-07",
            "issuer": "Văn phòng",
            "subject": "về việc gửi báo cáo",
        },
    ]
    checked = Checked(
        period=Period(2022, 1),
        sources=(SourceFile("bang|1.xlsx", "0123456789abcdef" * 4, "counts", "biểu II.06a"),),
        entities=entities(units),
        counts=frame(frames.Counts, [count]),
        supplement=frame(
            frames.Supplement,
            [{"unit_id": "u-a", "item": "procedures_total", "value": 3, "note": "suy luận từ báo cáo"}],
        ),
        assessments=frames.Assessments.empty(),
        corrections=frame(frames.Corrections, [correction]),
        explanations=frame(frames.Explanations, explanations or []),
        officers=frames.Officers.empty(),
        documents=frame(frames.Documents, documents),
        report_fields=frame(frames.ReportFields, field_rows),
        printed=frames.Printed.empty(),
        printed_figures=frames.PrintedFigures.empty(),
        figures=frame(
            frames.Figures,
            [
                {"unit_id": u, "measure": m, "value": v, "origin": "entered"}
                for u, f in known.items()
                for m, v in f.items()
            ],
        ),
        choices=frames.Choices.empty(),
        findings=findings,
    )
    empty = Scored(
        checked,
        None,
        frames.CriterionScores.empty(),
        frames.CriterionEvidence.empty(),
        frames.UnitScores.empty(),
        frames.LevelScores.empty(),
        frames.OfficerScores.empty(),
        frames.Comparison.empty(),
        findings,
    )
    if not scored:
        return empty
    scores: list[dict[str, Any]] = []
    evidence: list[dict[str, Any]] = []
    unit_rows, level_rows = [], []
    for e in checked.entities.to_dict("records"):
        row = {k: e[k] for k in ("unit_id", "name", "level", "status", "status_reason")}
        if e["status"] in ("scored", "no_resolved"):
            mine, proof = criterion_rows(e["unit_id"], e["kind"], known[e["unit_id"]], book)
            scores, evidence = scores + mine, evidence + proof
            row = totals(mine, row, resolved=e["status"] == "scored")
        if e["kind"] == "level":
            level_rows.append(row | {"basis": e["basis"]})
        else:
            unit_rows.append(row)
    officers = [
        {
            "officer": "Công chức 1",
            "unit_id": "huyen",
            "level": "huyen",
            "position": "Một cửa",
            "score": 9.96,
            "basis": "entered",
            "class_law": "Hoàn thành",
        },
        {
            "officer": "Phường E",
            "unit_id": "u-e",
            "level": "xa",
            "position": "Một cửa",
            "score": 2.0,
            "basis": "unit_average",
            "class_law": "Hoàn thành",
        },
        {
            "officer": "Xã F",
            "unit_id": "u-f",
            "level": "xa",
            "position": "Một cửa",
            "basis": "none",
            "note": "đơn vị chưa được chấm",
        },
    ]
    comparison = [
        {
            "unit_id": "u-a",
            "item": "total",
            "kind": "score",
            "printed": "3,50",
            "computed": "3,60",
            "agrees": False,
            "explanation": "in sai",
        },
        {
            "unit_id": names and "u-e",
            "item": "total_time",
            "kind": "score",
            "printed": "2",
            "computed": "2",
            "agrees": True,
        },
    ]
    return dataclasses.replace(
        empty,
        rulebook=book,
        criterion_scores=frame(frames.CriterionScores, scores),
        criterion_evidence=frame(frames.CriterionEvidence, evidence),
        unit_scores=frame(frames.UnitScores, unit_rows),
        level_scores=frame(frames.LevelScores, level_rows),
        officer_scores=frame(frames.OfficerScores, officers),
        comparison=frame(frames.Comparison, comparison),
    )


@cache
def _unchanged() -> Scored:
    """The city as it is built without arguments: made once, as most tests begin with it."""
    return build()


@pytest.fixture(scope="session")
def city() -> Callable[..., Scored]:
    """Builds the city, as `build`. Every call gives frames of its own, which a test may change."""
    return lambda *arguments, **changed: (
        build(*arguments, **changed) if arguments or changed else copy.deepcopy(_unchanged())
    )


@pytest.fixture(scope="session")
def stamp() -> Stamp:
    """The revision that the city is published as: r2, which replaces r1."""
    return Stamp("r2", previous="r1", reason="sửa số của Phòng A", code_version="0.1.0", fingerprint="abc123")


@pytest.fixture
def units() -> list[tuple[Any, ...]]:
    """The units of the city, a list that a test may change."""
    return list(UNITS)
