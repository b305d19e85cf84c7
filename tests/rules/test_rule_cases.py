"""The cases of the TOML files beside this module, run through the real rulebooks."""

import tomllib
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from pipeline.arithmetic.identities import GROUPS
from pipeline.arithmetic.rounding import half_up
from pipeline.rulebooks import installed
from pipeline.score.score import score_entities
from pipeline.text import vn_decimal
from schemas.frames import Assessments, Choices, Entities, Figures, PortalPoints
from schemas.measures import DISCLOSURE_NAMES, MEASURE_NAMES

HERE = Path(__file__).parent
CASES = [
    case
    for name in ("cham-diem.toml", "bo-chi-so-766.toml")
    for case in tomllib.loads((HERE / name).read_text("utf-8"))["truong_hop"]
]
TABLES = tomllib.loads((HERE / "lam-tron-xep-loai-xep-hang.toml").read_text("utf-8"))
MEASURE_IDS = {name: measure for measure, name in MEASURE_NAMES.items()}
DISCLOSURE_IDS = {name: option for option, name in DISCLOSURE_NAMES.items()}
NOT_COUNTED = "không tính"
TOTALS = {
    "tong": "total",
    "toi_da": "total_max",
    "dtb": "officer_average",
    "dtb_toi_da": "officer_average_max",
}
TRIMMED = {"toi_da", "dtb_toi_da"}


def frame(model, rows, integers=()):
    columns = list(model.to_schema().columns)
    typed = {c: "Int64" if c in integers else "str" for c in columns}
    return pd.DataFrame(rows, columns=columns).astype(typed)


def figures(unit_id, named):
    """Figures of one entity by Vietnamese name, with the totals that follow from them."""
    values = {MEASURE_IDS[name]: value for name, value in named.items()}
    for group in GROUPS.values():
        if group.total not in values and all(p in values for p in group.parts):
            values[group.total] = sum(values[p] for p in group.parts)
    return [(unit_id, measure, value, "entered", f"t!s!{measure}") for measure, value in values.items()]


def run(case):
    rulebook = installed()[case["quy_dinh"]]
    level = case["cap"]
    entities = [
        (level, "cấp", "level", level, "scored", "", "own"),
        ("don-vi", "Đơn vị", "unit", level, case.get("tinh_trang", "scored"), "", "own"),
    ]
    rows = figures("don-vi", case.get("so_lieu", {})) + figures(level, case.get("so_lieu_cua_cap", {}))
    said = [("don-vi", "disclosure", DISCLOSURE_IDS[case["cong_khai"]], "t!s!c")] if "cong_khai" in case else []
    ids = {c.number: c.id for c in rulebook.criteria}
    by_hand = [
        ("don-vi", rulebook.id, ids[number], option, "lý do nêu trong biểu", "t", "s", "h")
        for number, option in case.get("danh_gia_tay", {}).items()
    ]
    return rulebook, score_entities(
        frame(Entities, entities),
        frame(Figures, rows, {"value"}),
        frame(Choices, said),
        frame(Assessments, by_hand),
        rulebook,
        published(case.get("cong_bo", {})),
    )


def published(points):
    cells = [("don-vi", code, float(value), "t", "s", "h") for code, value in points.items()]
    return frame(PortalPoints, cells).astype({"points": "float64"})


def shown(value, places, *, trim=False):
    return NOT_COUNTED if pd.isna(value) else vn_decimal(value, places, trim=trim)


@pytest.mark.parametrize("case", CASES, ids=[c["ten"] for c in CASES])
def test_case(case):
    rulebook, result = run(case)
    mine = result.criterion_scores[result.criterion_scores["unit_id"] == "don-vi"].set_index("number")
    unit = result.unit_scores.set_index("unit_id").loc["don-vi"]
    places = rulebook.rounding
    expected, got = {}, {}
    for number, printed in case.get("diem", {}).items():
        expected[number] = printed
        got[number] = shown(mine.at[number, "printed"], places.print_places)
    for number, basis in case.get("co_so", {}).items():
        expected[number, "co_so"], got[number, "co_so"] = basis, mine.at[number, "basis"]
    codes = {group.id: group.code for group in rulebook.groups}
    groups = result.group_scores[result.group_scores["unit_id"] == "don-vi"]
    groups = groups.assign(code=groups["group"].map(codes)).set_index("code")
    for code, printed in case.get("nhom", {}).items():
        expected[code], got[code] = printed, shown(groups.at[code, "printed"], places.total_places)
    for code, which in case.get("lay", {}).items():
        expected[code, "lay"], got[code, "lay"] = which, groups.at[code, "which"]
    for key, column in TOTALS.items():
        if key in case:
            expected[key] = case[key]
            got[key] = shown(unit[column], places.total_places, trim=key in TRIMMED)
    for key, column in {"xep_loai": "class_law", "xep_loai_dia_phuong": "class_local"}.items():
        if key in case:
            expected[key], got[key] = case[key], unit[column]
    assert expected, "a case says what it expects"
    assert got == expected
    for number, words in case.get("giai_thich", {}).items():
        assert words in mine.at[number, "explanation"]


def test_case_names_are_unique():
    names = [c["ten"] for c in CASES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("case", TABLES["lam_tron"], ids=lambda c: c["ten"])
def test_rounding(case):
    assert vn_decimal(float(half_up([case["tu"]], [case["mau"]], case["chu_so"])[0]), case["chu_so"]) == case["ket_qua"]


@pytest.mark.parametrize("case", TABLES["xep_loai"], ids=lambda c: " ".join(c.values()))
def test_class(case):
    rulebook = installed()[case["quy_dinh"]]
    tables = {
        "đơn vị": rulebook.unit_class,
        "địa phương": rulebook.local_class,
        "công chức": rulebook.officer_class,
    }
    assert tables[case["bang"]].classify(Fraction(case["diem"].replace(",", "."))) == case["ket_qua"]


@pytest.mark.parametrize("case", TABLES["xep_hang"], ids=lambda c: c["ten"])
def test_rank(case):
    rulebook = installed()["qd-1187-2019"]
    units = case["don_vi"]
    entities = [(u["ten"], u["ten"], "unit", u["cap"], u.get("tinh_trang", "scored"), "", "own") for u in units]
    rows, by_hand = [], []
    for u in units:
        names = ("resolved_early", "resolved_on_time", "resolved_late")
        rows += [(u["ten"], m, n, "entered", "t") for m, n in zip(names, u["ho_so"], strict=True)]
        by_hand += [
            (u["ten"], rulebook.id, c, "2", "như nhau", "t", "s", "h")
            for c in ("desk", "disclosure", "petitions", "online")
        ]
    result = score_entities(
        frame(Entities, entities),
        frame(Figures, rows, {"value"}),
        Choices.empty(),
        frame(Assessments, by_hand),
        rulebook,
    )
    ranks = result.unit_scores.set_index("unit_id")["rank"]
    got = {u: "" if pd.isna(r) else str(r) for u, r in ranks.items()}
    assert got == {u["ten"]: u["hang"] for u in units}
