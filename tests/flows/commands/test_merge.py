"""`tthc merge`: the table of a province recomputed from the published CSV files, and what is refused by name."""

import csv
import json
import shutil
from collections.abc import Callable
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import pytest
from commands import Tthc, in_this_process, tree
from openpyxl import load_workbook

from flows.cli import main
from pipeline.publish.fingerprint import sha256

EXPORT = Callable[..., bytes]
#: Phòng A has 2 dossiers less on time than in the first office, Xã D the same name and other figures
ROWS = (
    ("Phòng A", 40, 50, 10, 62, 33, 0, 5, 0),
    ("Phòng C", 5, 20, 0, 10, 12, 3, 0, 0),
    ("Xã D", 100, 300, 4, 380, 18, 4, 2, 0),
    ("Xã E", 0, 77, 1, 70, 8, 0, 0, 0),
)


def publish(data: Path, expected: int = 0) -> Path:
    with pytest.raises(SystemExit) as end:
        main(["score", "2022-Q1", "--direct", "--data", str(data)])
    assert end.value.code == expected
    return data


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, first_revision: Path, export: EXPORT) -> Path:
    """`a` and `b`, two published offices of one province; with tests that change them copying them first."""
    folder = tmp_path_factory.mktemp("tinh")
    shutil.copytree(first_revision.parent, folder / "a")
    shutil.copytree(first_revision.parent / "reference", folder / "b" / "reference")
    second(folder / "b", export(ROWS))
    return folder


def second(data: Path, exported: bytes, toml: str = "", expected: int = 0) -> Path:
    registry = data / "reference" / "units.csv"
    text = registry.read_text("utf-8").replace("phong-b,Phòng B", "phong-c,Phòng C")
    registry.write_text(text.replace("xa-d,Xã D", "xa-e,Xã E").replace("xa-c,Xã C", "xa-c,Xã D"), "utf-8")
    (data / "reference" / "office.toml").write_text(f'name = "UBND huyện B"\nprovince = "Điện Biên"\n{toml}', "utf-8")
    (data / "raw" / "2022-Q1").mkdir(parents=True)
    (data / "raw" / "2022-Q1" / "cong.xlsx").write_bytes(exported)
    return publish(data, expected)


@pytest.fixture
def offices(tmp_path: Path, made: Path) -> Path:
    """A copy of the two offices, which a test may change."""
    return Path(shutil.copytree(made, tmp_path / "tinh"))


@pytest.fixture
def tthc(offices: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tthc:
    """Run `tthc …` beside the two offices."""
    monkeypatch.chdir(offices)
    return in_this_process(capsys)


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))


def of_office(folder: Path, name: str) -> list[dict[str, str]]:
    return rows(folder / "out" / "2022-Q1" / "r1" / name)


def test_ranks_means_and_sums_are_those_of_the_published_tables(offices: Path, tthc: Tthc) -> None:
    done = tthc("merge", "2022-Q1", "--from", "a", "--from", "b", "--to", "bang")
    assert done.returncode == 0, done.stderr
    names = {"a": "UBND thành phố A", "b": "UBND huyện B"}
    published = [(names[o], unit) for o in names for unit in of_office(offices / o, "unit_scores.csv")]
    merged = rows(offices / "bang" / "don-vi-2022-Q1.csv")
    assert len(merged) == len(published) == 8
    for office, unit in published:
        rivals = [u for _, u in published if u["level"] == unit["level"]]
        (found,) = [m for m in merged if (m["office"], m["unit_id"]) == (office, unit["unit_id"])]
        assert int(found["rank"]) == 1 + sum(Fraction(u["total"]) > Fraction(unit["total"]) for u in rivals)
        assert [found[c] for c in ("total", "class_printed", "office_rank")] == [
            unit[c] for c in ("total", "class_printed", "rank")
        ]
    places = [(m["level"], int(m["rank"])) for m in merged]
    assert places == sorted(places)
    for line in rows(offices / "bang" / "dia-phuong-2022-Q1.csv"):
        mine = [u for o, u in published if u["level"] == line["level"] and line["office"] in ("", o)]
        exact = sum(Fraction(u["total"]) for u in mine) / len(mine)
        assert Fraction(line["mean"]) == Fraction(int(exact * 100 + Fraction(1, 2)), 100)
        folders = [o for o, name in names.items() if line["office"] in ("", name)]
        counts = [(c, o) for o in folders for c in of_office(offices / o, "counts.csv")]
        for column in ("early", "on_time", "late"):
            ids = {(o, u["unit_id"]) for o in folders for n, u in published if n == names[o] and u in mine}
            expected = sum(
                int(c["value"]) for c, o in counts if c["measure"] == f"resolved_{column}" and (o, c["unit_id"]) in ids
            )
            assert int(line[column]) == expected
    document = json.loads((offices / "bang" / "tong-hop-2022-Q1.json").read_text("utf-8"))
    assert [str(u["rank"]) for u in document["tables"]["units"]] == [m["rank"] for m in merged]
    manifest = json.loads((offices / "a" / "out" / "2022-Q1" / "r1" / "manifest.json").read_text("utf-8"))
    assert document["rulebook"]["sha256"] == manifest["rulebook"]["sha256"]


def test_the_workbook_names_revisions_and_what_to_look_at(offices: Path, tthc: Tthc) -> None:
    assert tthc("merge", "2022-Q1", "--from", "a", "--from", "b/out", "--to", "bang").returncode == 0
    first = tree(offices / "bang")
    assert tthc("merge", "2022-Q1", "--from", "a", "--from", "b", "--to", "bang").returncode == 0
    assert tree(offices / "bang") == first  # the same revisions, the same bytes
    book = load_workbook(BytesIO(first["tong-hop-2022-Q1.xlsx"]))
    assert book.sheetnames == [
        "Mục lục",
        "Xếp hạng Cấp huyện",
        "Xếp hạng Cấp xã",
        "Địa phương",
        "Bản đã dùng",
        "Cần xem",
    ]
    assert [c.value for c in book["Xếp hạng Cấp xã"]["B"]][3:] == [
        u["name"] for u in rows(offices / "bang" / "don-vi-2022-Q1.csv") if u["level"] == "xa"
    ]
    used = [[c.value for c in row[:3]] for row in book["Bản đã dùng"].iter_rows(min_row=4)]
    assert used == [["UBND thành phố A", "r1", "chưa ký"], ["UBND huyện B", "r1", "chưa ký"]]
    notes = " ".join(str(c.value) for c in book["Cần xem"]["C"])
    assert "Phòng A" in notes and "Xã D" in notes and "chưa ký" in notes


def change_scores(offices: Path) -> None:
    path = offices / "b" / "out" / "2022-Q1" / "r1" / "unit_scores.csv"
    path.write_bytes(path.read_bytes() + b" ")


def remove_ledger(offices: Path) -> None:
    shutil.rmtree(offices / "b" / "out" / "so-cong-bo")


def change_ledger(offices: Path) -> None:
    (entry,) = (offices / "b" / "out" / "so-cong-bo").iterdir()
    manifest = (offices / "b" / "out" / "2022-Q1" / "r1" / "manifest.json").read_bytes()
    entry.write_bytes(entry.read_bytes().replace(sha256(manifest).encode(), sha256(b"").encode()))


def other_rulebook(offices: Path) -> None:
    shutil.rmtree(offices / "b" / "out")
    toml = offices / "b" / "reference" / "office.toml"
    toml.write_text(toml.read_text("utf-8") + 'rulebook = "tt-01-2018"\n', "utf-8")
    publish(offices / "b")


def other_province(offices: Path) -> None:
    toml = offices / "b" / "reference" / "office.toml"
    toml.write_text(toml.read_text("utf-8").replace("Điện Biên", "Hà Nội"), "utf-8")


def copy_of_the_first(offices: Path) -> None:
    shutil.rmtree(offices / "b")
    shutil.copytree(offices / "a", offices / "b")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (change_scores, ("b: 2022-Q1/r1", "unit_scores.csv", "sao lưu")),
        (remove_ledger, ("b: ", "r1", "sổ công bố", "chép lại cả thư mục out")),
        (change_ledger, ("b: 2022-Q1/r1", "manifest.json")),
        (other_rulebook, ("QĐ 1187", "TT 01/2018", "UBND huyện B (bản r1)", "hoặc gộp riêng")),
        (other_province, ("Điện Biên: UBND thành phố A", "Hà Nội: UBND huyện B")),
        (copy_of_the_first, ("hai lần", "UBND thành phố A", "a và b")),
    ],
)
def test_revisions_that_do_not_belong_together_are_refused_by_name(
    offices: Path, tthc: Tthc, spoil: Callable[[Path], None], said: tuple[str, ...]
) -> None:
    spoil(offices)
    done = tthc("merge", "2022-Q1", "--from", "a", "--from", "b", "--to", "bang")
    assert done.returncode == 1
    assert [text for text in said if text not in done.stderr] == []
    assert len(done.stderr.strip().splitlines()) == 2  # one cause, one line
    assert not (offices / "bang").exists()


def test_a_unit_that_two_offices_scored_is_refused_unless_a_person_vouches(
    offices: Path, tthc: Tthc, export: EXPORT
) -> None:
    shutil.rmtree(offices / "b")
    shutil.copytree(offices / "a" / "reference", offices / "b" / "reference")
    same = ("Xã D", 0, 77, 1, 70, 8, 0, 0, 0)  # as in the first office
    second(offices / "b", export((*ROWS[:2], same, ROWS[3])))
    refused = tthc("merge", "2022-Q1", "--from", "a", "--from", "b", "--to", "bang")
    assert refused.returncode == 1
    assert '--distinct "Xã D"' in refused.stderr  # as a terminal takes it
    done = tthc("merge", "2022-Q1", "--from", "a", "--from", "b", "--to", "bang", "--distinct", "Xã D")
    assert done.returncode == 0
    assert "xác nhận là các đơn vị khác nhau" in done.stdout
    unknown = tthc("merge", "2022-Q1", "--from", "a", "--from", "b", "--to", "bang", "--distinct", "Xã Z")
    assert unknown.returncode == 2 and "“Xã Z”" in unknown.stderr


def test_classes_by_an_office_table_are_not_compared_with_others(offices: Path, tthc: Tthc, export: EXPORT) -> None:
    assert "Phân loại" not in tthc("merge", "2022-Q1", "--from", "a", "--from", "b", "--to", "bang").stdout
    shutil.rmtree(offices / "b")
    shutil.copytree(offices / "a" / "reference", offices / "b" / "reference")
    bands = (
        'basis = "total"\ndecision = "12/QĐ-UBND"\nbands = [{ name = "Đạt", from = 0 }, { name = "Tốt", from = 9 }]\n'
    )
    second(offices / "b", export(ROWS), f"\n[classes]\n{bands}")
    done = tthc("merge", "2022-Q1", "--from", "a", "--from", "b", "--to", "bang")
    assert done.returncode == 0, done.stderr
    assert "bảng mức riêng của UBND huyện B; quy định của địa phương, ở UBND thành phố A." in done.stdout


def test_units_set_aside_have_no_rank_and_are_named(offices: Path, tthc: Tthc, export: EXPORT) -> None:
    shutil.rmtree(offices / "b")
    shutil.copytree(offices / "a" / "reference", offices / "b" / "reference")
    name, *figures = ROWS[3]
    second(offices / "b", export((*ROWS[:3], (name, *figures[:3], figures[3] + 9, *figures[4:]))), expected=3)
    done = tthc("merge", "2022-Q1", "--from", "a", "--from", "b", "--to", "bang")
    assert done.returncode == 3
    assert "không có hạng: Xã E" in done.stdout
    last = rows(offices / "bang" / "don-vi-2022-Q1.csv")[-1]
    assert (last["name"], last["rank"], last["status"]) == ("Xã E", "", "set_aside")


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("2022-Q2", "--from", "a", "--from", "b"), 1, "tthc score 2022-Q2"),
        (("2022-Q1", "--from", "a", "--from", "a/out"), 2, "cùng một thư mục"),
        (("2022-Q1", "--from", "a"), 2, "ít nhất hai"),
        (("2022-Q1",), 2, "ít nhất hai"),
        (("2022-Q1", "--from", "a", "--from", "trong"), 2, "Trong trong chưa có kỳ nào"),
        (("2022-Q1", "--from", "a", "--from", "khong-co"), 2, "“khong-co”"),
        (("2022-Q1", "--from", "a", "--from", "b/out/2022-Q1/r1"), 2, "thư mục của một bản"),
        (("2022-Q1", "--from", "a", "--from", "b/out/2022-Q1"), 2, "thư mục của một kỳ"),
        (("2025", "--from", "a", "--from", "b"), 2, "2025-H1"),
    ],
)
def test_what_cannot_be_merged_at_all(
    offices: Path, tthc: Tthc, arguments: tuple[str, ...], status: int, said: str
) -> None:
    (offices / "trong").mkdir()
    done = tthc("merge", *arguments, "--to", "bang")
    assert (done.returncode, said in done.stderr) == (status, True), done.stderr
    assert not (offices / "bang").exists()


def test_named_offices_and_a_folder_inside_publications(
    offices: Path, tthc: Tthc, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = offices / "van-phong.toml"
    known.write_text("".join(f'noi-{o} = "{offices / o}"\n' for o in ("a", "b")), "utf-8")
    monkeypatch.setenv("TTHC_OFFICES", str(known))
    done = tthc("merge", "2022-Q1", "--to", "bang")
    assert done.returncode == 0, done.stderr
    assert tthc("merge", "2022-Q1", "--from", "noi-a", "--from", "b", "--to", "bang").returncode == 0
    for used, words in (("a/out/2022-Q1", "các bản đã công bố"), ("b/raw/2022-Q1", "các tệp đầu vào")):
        before = tree(offices / used)
        refused = tthc("merge", "2022-Q1", "--to", used)
        assert refused.returncode == 2 and f"nằm trong {words}" in refused.stderr
        assert tree(offices / used) == before
    assert "thiếu --to THƯ_MỤC" in tthc("merge", "2022-Q1").stderr
    assert tthc("--office", "noi-a", "verify").returncode == 0


def test_the_signed_revision_is_used_and_a_newer_one_is_named(offices: Path, tthc: Tthc, export: EXPORT) -> None:
    signed = ("--number", "7/BC-UBND", "--date", "2022-03-18", "--despite", "thử", "--data", "b")
    assert tthc("sign", "2022-Q1", "r1", *signed).returncode == 0
    name, online, direct, carried, early, on_time, *rest = ROWS[1]
    changed = (ROWS[0], (name, online, direct, carried, early + 2, on_time - 2, *rest), *ROWS[2:])
    (offices / "b" / "raw" / "2022-Q1" / "cong.xlsx").write_bytes(export(changed))
    assert tthc("score", "2022-Q1", "--direct", "--reason", "thử", "--data", "b").returncode == 0
    done = tthc("merge", "2022-Q1", "--from", "a", "--from", "b", "--to", "bang")
    assert "UBND huyện B: bản r1, Báo cáo số 7/BC-UBND ngày 18/3/2022" in done.stdout
    assert "Dùng bản đã ký r1; địa phương đã công bố bản r2" in done.stdout
    (found,) = [u for u in rows(offices / "bang" / "don-vi-2022-Q1.csv") if u["name"] == "Phòng C"]
    assert (found["early"], found["on_time"]) == (str(early), str(on_time))
