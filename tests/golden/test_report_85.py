"""The real case: Báo cáo 85/BC-UBND, quý I/2022, produced again from the sample, and what cannot be right in it.

Expected scores are read from the printed table the sample is made from, never typed here a second time.
"""

import csv
import re

import pandas as pd
import pytest
from repository import ROOT

from pipeline import quarter, rulebooks
from pipeline.office_file import read_office
from pipeline.periods import Period
from pipeline.result import Scored, Stamp

PERIOD = Period(2022, 1)
OFFICE = read_office((ROOT / "data/reference/office.toml").read_bytes())
CRITERIA = [
    "total_time",
    "agency_time",
    "contacts",
    "agencies",
    "attitude",
    "desk",
    "disclosure",
    "petitions",
    "online",
]
#: rows whose printed figures are of other data, or wrong in themselves
ROW_OF_OTHER_DATA = "thanh-tra"


def run(rulebook: str | None = None, without: str = "") -> Scored:
    files = {f.name: f.read_bytes() for f in (ROOT / "data/raw/2022-Q1").glob("*.xlsx") if f.name != without}
    registry = (ROOT / "data/reference/units.csv").read_bytes()
    return quarter.score(
        quarter.check(quarter.read_period(PERIOD, files, registry, office=OFFICE)),
        rulebooks.choose(PERIOD, rulebook, OFFICE),
    )


@pytest.fixture(scope="module")
def local() -> Scored:
    return run()


@pytest.fixture(scope="module")
def national() -> Scored:
    return run("tt-01-2018")


@pytest.fixture(scope="module")
def uncorrected() -> Scored:
    return run(without="dieu-chinh.xlsx")


@pytest.fixture(scope="module")
def printed() -> dict[str, dict[str, str]]:
    with (ROOT / "data/reference/bao-cao-85-units.csv").open(encoding="utf-8", newline="") as file:
        return {row["unit_key"]: row for row in csv.DictReader(file)}


def criteria_of(scored: Scored, unit: str) -> dict[str, float]:
    rows = scored.criterion_scores[(scored.criterion_scores["unit_id"] == unit) & scored.criterion_scores["counted"]]
    return dict(zip(rows["criterion"], rows["printed"], strict=True))


def level(scored: Scored, unit: str) -> pd.Series:
    return scored.level_scores.set_index("unit_id").loc[unit]


def unit(scored: Scored, name: str) -> pd.Series:
    return scored.unit_scores.set_index("unit_id").loc[name]


def said(scored: Scored, code: str, unit_id: str | None = None) -> list[str]:
    rows = scored.findings[scored.findings["code"] == code]
    return rows["message"][rows["unit_id"] == unit_id].tolist() if unit_id is not None else rows["message"].tolist()


def test_the_forms_of_the_quarter_leave_nothing_to_the_office_file(local: Scored) -> None:
    assert local.checked.office == ()
    assert local.rulebook_ground == "tệp của văn phòng (office.toml) chọn quy định này"


def test_level_totals_and_criteria_are_the_printed_ones(local: Scored) -> None:
    assert level(local, "huyen")["total"] == 15.85
    assert level(local, "xa")["total"] == 14.86
    assert list(criteria_of(local, "huyen").values()) == [1.95, 1.95, 1.98, 1.98, 2, 2, 2, 2, 0]
    assert list(criteria_of(local, "xa").values()) == [1.62, 1.62, 2, 2, 1.63, 2, 2, 2, 0]


def test_twenty_of_twenty_one_units_have_their_printed_criteria(
    local: Scored, printed: dict[str, dict[str, str]]
) -> None:
    scored = {u: r for u, r in printed.items() if r["printed_total"]}
    assert len(scored) == 21
    differing = {
        u
        for u, r in scored.items()
        if criteria_of(local, u) != {c: float(r[f"c{i}"]) for i, c in enumerate(CRITERIA, 1)}
    }
    assert differing == {ROW_OF_OTHER_DATA}


def test_totals_averages_and_classes(local: Scored, printed: dict[str, dict[str, str]]) -> None:
    wrong = {}
    for name, row in printed.items():
        if not row["printed_total"]:
            continue
        found = unit(local, name)
        pairs = {
            "total": (found["total"], float(row["printed_total"])),
            "average": (found["officer_average"], float(row["printed_officer_average"])),
            "class": (found["class_local"], row["printed_class"]),
        }
        wrong |= {(name, what): pair for what, pair in pairs.items() if pair[0] != pair[1]}
    assert set(wrong) == {
        *((ROW_OF_OTHER_DATA, what) for what in ("total", "average", "class")),
        ("nam-thanh", "average"),
    }
    assert wrong["nam-thanh", "average"] == (9.36, 9.77)


def test_pa_khoang_with_its_correction(local: Scored) -> None:
    found = unit(local, "pa-khoang")
    assert (found["total"], found["officer_average"], found["class_law"], found["class_local"]) == (
        15.11,
        7.11,
        "Xuất sắc",
        "Trung bình",
    )


def test_pa_khoang_without_it_is_set_aside_and_the_others_stay(uncorrected: Scored, local: Scored) -> None:
    assert unit(uncorrected, "pa-khoang")["status"] == "set_aside"
    (message,) = said(uncorrected, "identity_broken", "pa-khoang")
    assert "704" in message and "701" in message
    others = uncorrected.unit_scores["unit_id"] != "pa-khoang"
    columns = ["unit_id", "total", "officer_average", "class_local"]
    pd.testing.assert_frame_equal(uncorrected.unit_scores.loc[others, columns], local.unit_scores.loc[others, columns])
    assert level(uncorrected, "xa")["total"] == 14.86


def test_an_assessed_option_over_what_figures_give_is_said_with_both(local: Scored) -> None:
    rows = local.findings[local.findings["code"] == "assessment_over_figures"]
    assert rows[["unit_id", "severity", "found", "expected"]].to_numpy().tolist() == [
        ["muong-thanh", "warning", "2", "0"],
        ["pa-khoang", "warning", "2", "0"],
    ]
    assert rows["message"].str.contains("tính từ số liệu và mặc định của biểu được 0").all()


def test_a_unit_without_dossiers_is_listed_not_scored(local: Scored) -> None:
    found = unit(local, "noi-vu")
    assert (found["status_reason"], pd.isna(found["total"])) == ("Không có hồ sơ phát sinh", True)


@pytest.mark.parametrize(
    ("level_id", "cell_values"),
    [
        ("huyen", {"2.253": "2.255", "555": "553"}),
        ("xa", {"7.862": "7.863", "7.697": "7.698", "4.919": "4.920", "7.859": "7.860"}),
    ],
)
def test_every_difference_between_level_and_units_is_a_finding(
    local: Scored, level_id: str, cell_values: dict[str, str]
) -> None:
    rows = local.findings[(local.findings["code"] == "level_differs") & (local.findings["unit_id"] == level_id)]
    assert dict(zip(rows["found"], rows["expected"], strict=True)) == cell_values


@pytest.mark.parametrize(
    "words",
    [
        ("Cấp xã, phường", "529", "532"),
        ("Cấp xã, phường", "kỳ trước chuyển qua", "9", "3"),
        ("Cấp thành phố", "2.799", "2.867"),
        ("Cấp xã, phường", "8.859"),
        ("Cấp thành phố", "ô 1 điểm", "0"),
        ("Xã Pá Khoang", "703", "700"),
    ],
)
def test_printed_figures_that_cannot_be_right_are_named(local: Scored, words: tuple[str, ...]) -> None:
    assert any(all(w in message for w in words) for message in said(local, "printed_impossible"))


def test_the_gap_in_the_ordinals_and_the_date_of_a_document(local: Scored) -> None:
    assert [m for m in said(local, "stt_gap") if "6" in m and "8" in m]
    assert [m for m in said(local, "document_date") if "415/UBND-VP" in m and "08/3/2021" in m and "07/3/2022" in m]


def test_other_printed_scores_that_differ_are_only_those_of_two_rows(local: Scored) -> None:
    rows = local.comparison[~local.comparison["agrees"]]
    assert set(rows.loc[rows["kind"] != "count", "unit_id"]) == {"thanh-tra", "nam-thanh", "huyen", "xa"}
    assert set(rows.loc[rows["kind"] != "count"].query("unit_id in ['huyen', 'xa']")["item"]) == {"box:online"}
    counts = rows.loc[rows["kind"] == "count"]
    differing = set(zip(counts["unit_id"], counts["printed"], strict=True))
    assert differing == {("huyen", "2.799"), ("xa", "8.859"), ("pa-khoang", "28")}


def test_the_national_rulebook_on_the_same_sample(national: Scored) -> None:
    assert [criteria_of(national, lv)["total_time"] for lv in ("huyen", "xa")] == [2.0, 1.6]
    assert (level(national, "huyen")["total"], level(national, "xa")["total"]) == (16.0, 14.8)
    communes = [unit(national, u) for u in ("muong-phang", "na-tau", "pa-khoang")]
    assert [(c["total"], c["class_law"]) for c in communes] == [(13.0, "Tốt"), (13.0, "Tốt"), (15.0, "Xuất sắc")]


def test_no_default_of_the_local_form_is_used_nationally(national: Scored, local: Scored) -> None:
    assert "default" in set(local.criterion_scores["basis"])
    assert "default" not in set(national.criterion_scores["basis"])


def test_every_count_can_be_found_in_its_file(local: Scored) -> None:
    counts = local.checked.counts
    assert (counts["source_cell"].str.fullmatch(r"[A-Z]+\d+")).all()
    assert counts.groupby(["unit_id", "measure"]).size().max() == 1
    row = counts[(counts["unit_id"] == "pa-khoang") & (counts["measure"] == "resolved_early")].iloc[0]
    assert (row["value"], row["original_value"], row["source_file"]) == (25, 28, "II.06a-xa-phuong.xlsx")


def test_text_and_tables_are_the_same_bytes_again(local: Scored) -> None:
    again = run()
    one, other = quarter.render(local, Stamp("r1")), quarter.render(again, Stamp("r1"))
    assert {n for n in one if one[n] != other[n]} == set()


def test_without_a_rulebook_in_force_nothing_is_scored() -> None:
    period = Period(2025, 3)
    registry = (ROOT / "data/reference/units.csv").read_bytes()
    scored = quarter.score(
        quarter.check(quarter.read_period(period, {}, registry)), rulebooks.choose(period, office=OFFICE)
    )
    assert scored.rulebook is None and scored.criterion_scores.empty
    assert "chưa có căn cứ chấm điểm" in quarter.render(scored, Stamp("r1"))["bao-cao.md"].decode()


@pytest.fixture(scope="module")
def report(local: Scored) -> str:
    return quarter.render(local, Stamp("r1"))["bao-cao.md"].decode()


@pytest.mark.parametrize(
    "sentence",
    [
        "tổng số hồ sơ TTHC đã tiếp nhận là 11.028 hồ sơ, trong đó: trực tuyến 520 hồ sơ",
        "kỳ trước chuyển qua 558 hồ sơ, trực tiếp 9.950 hồ sơ",
        "trước hạn 7.650 hồ sơ, đúng hạn 2.902 hồ sơ, quá hạn 106 hồ sơ",
        "Số hồ sơ đang giải quyết trong hạn: 370 hồ sơ",
        "Tổng điểm chung đạt 15,85/18 điểm",
        "Tổng điểm chung đạt 14,86/18 điểm",
    ],
)  # fmt: skip
def test_the_report_says_what_the_seed_says(report: str, sentence: str) -> None:
    assert sentence in report


def signed_part(report: str) -> str:
    return report.split("Phụ lục nguồn số liệu")[0]


@pytest.mark.parametrize("word", ["r1", "qd-1187", "huyen", "2.799 hồ sơ; trễ hạn 68", "8.859", "Sớm hạn"])
def test_revision_ids_and_slips_stay_out_of_the_signed_text(report: str, word: str) -> None:
    shown = re.sub(r"\]\(bieu-do-[^)]*\.svg\)", "]", signed_part(report))  # names of files are not printed
    assert word not in shown
