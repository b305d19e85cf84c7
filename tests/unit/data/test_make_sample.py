"""The sample: made again byte for byte, marked where the report is silent, every printed name known."""

import csv
import subprocess
import sys
import zipfile

import pytest
from repository import ROOT

from pipeline.extract.containers.excel import read_workbook
from pipeline.extract.forms.read_forms import FormFrames, read_form_sheets
from pipeline.periods import Period
from pipeline.registry import UnitIndex, read_registry
from pipeline.rulebooks import installed

PRINTED_NAMES = {
    "Tài chính - Kế hoạch": "tai-chinh-ke-hoach",
    "Nội vụ": "noi-vu",
    "Xã Mường Phǎng": "muong-phang",
    "Xã Nà Táu": "na-tau",
    "UBND phường Him Lam": "him-lam",
    "P. Him Lam": "him-lam",
    "PHÒNG TNMT - TRUNG TÂM QLĐĐ": "tai-nguyen-moi-truong",
    "UBND thành phố Điện Biên Phủ": "huyen",
    "UBND các xã, phường": "xa",
    "Các phòng, ban, đơn vị thành phố": "huyen",
    "CẤP XÃ - PHƯỜNG": "xa",
}


@pytest.fixture(scope="module")
def frames(city: UnitIndex) -> FormFrames:
    """What is read from the forms of the sample."""
    folder = ROOT / "data/raw/2022-Q1"
    grids = [g for f in sorted(folder.glob("*.xlsx")) for g in read_workbook(f.name, f.read_bytes())]
    return read_form_sheets(grids, Period(2022, 1), city, installed())


def members(path):
    """What a workbook holds, uncompressed: zlib builds compress the same content to other bytes."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.slow
def test_the_sample_is_made_again_byte_for_byte(tmp_path):
    subprocess.run([sys.executable, str(ROOT / "data/make_sample.py"), str(tmp_path)], check=True, cwd=ROOT)
    made = {f.name: members(f) for f in tmp_path.iterdir()}
    kept = {f.name: members(f) for f in (ROOT / "data/raw/2022-Q1").iterdir() if f.suffix == ".xlsx"}
    assert set(made) == set(kept)
    assert [name for name in made if made[name] != kept[name]] == []


@pytest.mark.parametrize(("written", "unit"), PRINTED_NAMES.items())
def test_printed_names_are_known(city, written, unit):
    assert city.resolve(written).unit_id == unit


def test_every_unit_of_the_report_is_known_by_its_printed_name(city):
    with (ROOT / "data/reference/bao-cao-85-units.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 22
    assert [city.resolve(r["unit_name"]).unit_id for r in rows] == [r["unit_key"] for r in rows] == city.units()


def test_a_name_means_another_unit_after_the_reform():
    registry = read_registry((ROOT / "data/reference/units.csv").read_bytes())
    after, across = UnitIndex(registry, Period(2025, 4)), UnitIndex(registry, Period(2025, 3))
    assert after.resolve("phường Mường Thanh").unit_id == "muong-thanh-2025"
    assert across.resolve("phường Mường Thanh").candidates == ("muong-thanh", "muong-thanh-2025")
    assert after.level_ids() == ["xa"] and after.resolve("Phòng Tư pháp").outside == ("tu-phap",)


def test_the_only_finding_of_the_forms_is_the_gap_the_report_prints(frames):
    assert [(f.code, f.cell, f.found) for f in frames.findings] == [("stt_gap", "A13", "8")]


def test_contacts_add_up_to_the_dossiers_resolved(frames):
    with (ROOT / "data/reference/bao-cao-85-units.csv").open(encoding="utf-8", newline="") as file:
        rows = {r["unit_key"]: r for r in csv.DictReader(file) if r["c1"]}
    supplement = frames.supplement
    for group in ("contacted", "agencies"):
        sums = supplement[supplement["item"].str.startswith(group)].groupby("unit_id")["value"].sum()
        for unit, row in rows.items():
            resolved = sum(int(row[f"resolved_{x}"]) for x in ("early", "on_time", "late"))
            assert sums[unit] == resolved - (3 if unit == "pa-khoang" else 0), unit


def test_what_the_report_does_not_state_is_marked(frames):
    units = frames.supplement[~frames.supplement["unit_id"].isin(["huyen", "xa"])]
    assert units["note"].str.contains("Suy luận từ báo cáo").all()
    made = frames.supplement["item"].isin(["procedures_appraised_at_desk", "procedures_exempt"])
    assert frames.supplement.loc[made, "note"].str.contains("Dữ liệu dựng").all()
    assert frames.assessments["reason"].str.contains("Suy luận từ báo cáo|Dữ liệu dựng").all()
    assert frames.corrections["reason"].str.contains("Suy luận từ báo cáo").all()


def test_no_real_person_stands_in_the_sample(frames):
    people = frames.officers.loc[frames.officers["unit_id"] == "huyen", "officer"].tolist()
    assert people == ["Công chức 1", "Công chức 2", "Công chức 3"]
    assert "signer" not in set(frames.report_fields["field"])
