"""`tthc init`: a data folder for a new office; what an unprepared folder says; offices by name."""

import os
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import Tthc, in_this_process, tree
from offices import export_bytes, full_row, totals
from openpyxl import load_workbook
from workbooks import of_rows

from flows.commands.init import InitOptions, init_lines
from flows.steps.stored_office import stored_office
from flows.steps.stored_registry import stored_registry

ROWS = [
    full_row(1, "Phòng Tư pháp", 1, 20, 0, 20, 1, 0),
    full_row(2, "Thanh tra", 0, 4, 0, 4, 0, 0),
    full_row(3, "Xã Mai Sơn", 3, 30, 1, 30, 2, 0),
    full_row(4, "Phường Đông Hải", 0, 9, 0, 9, 0, 0),
]
EXPORT = export_bytes([*ROWS, totals(ROWS, "UBND thành phố Vân Sơn")])
NAMED = ("--name", "UBND thành phố Vân Sơn", "--province", "Điện Biên")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with nothing but an export, where `tthc` is typed; no office has a name yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TTHC_OFFICES", str(tmp_path / "settings" / "offices.toml"))
    monkeypatch.delenv("TTHC_DATA_DIR", raising=False)
    (tmp_path / "bieu.xlsx").write_bytes(EXPORT)
    return tmp_path


@pytest.fixture
def typed(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Tthc:
    """Runs `tthc …` in that folder; nobody is at the terminal."""
    monkeypatch.setattr("sys.stdin", open(os.devnull, encoding="utf-8"))  # noqa: SIM115, PTH123

    return in_this_process(capsys)


def test_from_an_export_to_scores(here: Path, typed: Tthc) -> None:
    done = typed("init", *NAMED, "--export", "bieu.xlsx")
    assert done.returncode == 0, done.stderr
    assert "Đã tạo data/reference/units.csv: 4 đơn vị" in done.stdout
    assert "“UBND thành phố Vân Sơn” (dòng cộng mọi đơn vị, bieu.xlsx" in done.stdout
    assert done.stdout.endswith("    tthc check 2022-Q1    (đọc và kiểm tra)\n")
    assert sorted(p.name for p in (here / "data").iterdir()) == ["out", "raw", "reference"]
    registry = stored_registry(here / "data").frame()
    assert registry["name"].tolist() == [
        "Cấp thành phố",
        "Phòng Tư pháp",
        "Thanh tra",
        "Cấp xã",
        "Xã Mai Sơn",
        "Phường Đông Hải",
    ]
    office = stored_office(here / "data")
    assert office is not None
    assert (office.name, list(office.levels)) == ("UBND thành phố Vân Sơn", ["huyen", "xa"])
    scored = typed("score", "2022-Q1", "--direct")
    assert scored.returncode == 0, scored.stdout + scored.stderr
    assert "Quy định: QĐ 1187/QĐ-UBND (2019) – quy định của Điện Biên đang có hiệu lực" in scored.stdout
    assert "4 được chấm điểm, 0 để riêng" in scored.stdout
    assert "UBND THÀNH PHỐ VÂN SƠN" in (here / "data/out/2022-Q1/r1/bao-cao.md").read_text("utf-8")


def test_nothing_is_overwritten(here: Path, typed: Tthc) -> None:
    assert typed("init", *NAMED, "--export", "bieu.xlsx").returncode == 0
    before = tree(here / "data")
    again = typed("init", "--name", "UBND huyện B", "--province", "Lai Châu", "--export", "bieu.xlsx")
    assert again.returncode == 0
    assert again.stdout.count("giữ nguyên") == 3
    assert tree(here / "data") == before


def test_without_an_export_the_registry_waits_for_one(here: Path, typed: Tthc) -> None:
    done = typed("init", *NAMED)
    assert "chưa có tệp nào của cổng" in done.stdout
    assert not (here / "data/reference/units.csv").exists()
    (here / "data/raw/2022-Q1").mkdir()
    (here / "data/raw/2022-Q1/bieu.xlsx").write_bytes(EXPORT)
    assert "Đã tạo data/reference/units.csv: 4 đơn vị" in typed("init").stdout


def test_levels_and_rulebook_of_the_options(here: Path, typed: Tthc) -> None:
    done = typed("init", *NAMED, "--levels", "so=Khối sở", "--rulebook", "tt-01-2018", "--export", "bieu.xlsx")
    assert done.returncode == 0, done.stderr
    assert set(stored_registry(here / "data").frame()["level"]) == {"so"}
    content = tomllib.loads((here / "data/reference/office.toml").read_text("utf-8"))
    assert content == {**content, "rulebook": "tt-01-2018", "levels": {"so": {}}}
    assert "theo TT 01/2018/TT-VPCP – tệp của văn phòng (office.toml) chọn" in typed("check", "2022-Q1", "--all").stdout


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "Thiếu --name"),
        (("--name", "A"), "Thiếu --province"),
        ((*NAMED, "--rulebook", "qd-9"), "Không có quy định “qd-9”"),
        ((*NAMED, "--levels", "Cấp Xã"), "--levels"),
        ((*NAMED, "--levels", "xa, xa"), "--levels"),
        ((*NAMED, "--export", "khong.xlsx"), "khong.xlsx"),
        ((*NAMED, "--office", "Vân Sơn", "--data", "x"), "chữ thường không dấu"),
        ((*NAMED, "--office", "van-son"), "--data"),
    ],
)
def test_wrong_use_makes_nothing(here: Path, typed: Tthc, options: tuple[str, ...], says: str) -> None:
    done = typed("init", *options)
    assert done.returncode == 2
    assert says in done.stderr
    assert not (here / "data").exists()


@pytest.mark.parametrize("kind", ["thành phố", "thị xã", "huyện", "quận"])
def test_the_upper_level_is_named_as_the_office(here: Path, typed: Tthc, kind: str) -> None:
    named = ("--name", f"UBND {kind} Vân Sơn", "--province", "Điện Biên")
    assert typed("init", *named, "--export", "bieu.xlsx").returncode == 0
    registry = stored_registry(here / "data").frame().set_index("unit_id")
    assert registry.loc["huyen", "name"] == f"Cấp {kind}"
    assert registry.loc["xa-mai-son", "level"] == "xa"


def test_a_person_is_asked(here: Path) -> None:
    asked: list[str] = []

    def ask(question: str, proposed: str) -> str:
        asked.append(question)
        return {"Tên": "UBND huyện A", "Tỉn": "Lai Châu"}.get(question[:3], proposed)

    list(init_lines(here / "data", InitOptions(), ask))
    office = stored_office(here / "data")
    assert office is not None
    assert (office.name, office.province, office.rulebook) == ("UBND huyện A", "Lai Châu", "")
    assert len(asked) == 3
    assert "tt-01-2018" in asked[2]
    assert "qd-1187-2019" not in asked[2]  # of another province


@pytest.mark.parametrize(
    "command",
    [("check", "2022-Q1"), ("score", "2022-Q1", "--direct"), ("forms", "2022-Q1"), ("layouts", "2022-Q1"), ("history",), ("status",),
     ("diff", "2022-Q1", "r1", "r2"), ("sign", "2022-Q1", "r1", "--number", "1/BC", "--date", "2022-03-18")],
)  # fmt: skip
def test_every_command_names_the_way_out_of_an_unprepared_folder(
    here: Path, typed: Tthc, command: tuple[str, ...]
) -> None:
    missing = typed(*command)
    assert missing.returncode == 2
    assert "“tthc init”" in missing.stderr
    (here / "trống").mkdir()
    empty = typed(*command, "--data", "trống")
    assert empty.returncode == 1
    assert "“tthc init --data 'trống'”" in empty.stderr or "“tthc init --data trống”" in empty.stderr


def test_a_folder_without_an_office_file_is_not_scored_by_a_guess(office: Path, tthc: Tthc) -> None:
    (office / "reference" / "office.toml").unlink()
    for command in (("check", "2022-Q1"), ("forms", "2022-Q1"), ("score", "2022-Q1", "--direct")):
        done = tthc(*command)
        assert done.returncode == 1
        assert "“tthc init”" in done.stderr
        assert "QĐ 1187/QĐ-UBND (2019): Điện Biên" in done.stderr
    chosen = tthc("check", "2022-Q1", "--all", "--rulebook", "qd-1187-2019")
    assert chosen.returncode == 0
    assert "không biết quy định này có phải của tỉnh mình" in chosen.stdout


@pytest.mark.usefixtures("published")
def test_init_drafts_the_file_of_an_office_from_what_it_published(
    office: Path, tthc: Tthc, monkeypatch: pytest.MonkeyPatch
) -> None:
    (office / "reference" / "office.toml").unlink()
    proposed: dict[str, str] = {}

    def ask(question: str, answer: str) -> str:
        proposed[question] = answer
        return answer

    list(init_lines(office, InitOptions(), ask))
    found = stored_office(office)
    assert found is not None
    assert (found.name, found.province) == ("UBND thành phố A", "Điện Biên")
    assert list(found.levels) == ["huyen", "xa"]
    assert "Unchanged" in tthc("score", "2022-Q1", "--direct").stdout


def test_a_damaged_office_file_is_named_with_its_line(office: Path, tthc: Tthc) -> None:
    path = office / "reference" / "office.toml"
    path.write_text(path.read_text("utf-8") + "noi_nhan = 1\n", "utf-8")
    done = tthc("check", "2022-Q1")
    assert done.returncode == 1
    assert "office.toml, dòng 3, mục noi_nhan" in done.stderr


def test_an_unknown_rulebook_of_the_office_file_is_a_failure(office: Path, tthc: Tthc) -> None:
    path = office / "reference" / "office.toml"
    path.write_text(path.read_text("utf-8") + 'rulebook = "qd-9"\n', "utf-8")
    done = tthc("check", "2022-Q1")
    assert done.returncode == 1
    assert "mục rulebook" in done.stderr


def test_two_registries_are_refused_with_both_names(office: Path, tthc: Tthc) -> None:
    (office / "reference" / "units.xlsx").write_bytes(b"PK")
    done = tthc("check", "2022-Q1")
    assert done.returncode == 1
    assert "units.csv và " in done.stderr
    assert "units.xlsx" in done.stderr


@pytest.mark.usefixtures("published")
def test_the_words_of_the_office_are_an_input(office: Path, tthc: Tthc) -> None:
    path = office / "reference" / "office.toml"
    path.write_text("# lời ghi\n" + path.read_text("utf-8"), "utf-8")
    assert "Unchanged" in tthc("score", "2022-Q1", "--direct").stdout  # a comment is no word of the report
    path.write_text(path.read_text("utf-8") + '[report]\nplace = "Mường Thanh"\n', "utf-8")
    assert "Đã công bố bản r2" in tthc("score", "2022-Q1", "--direct").stdout
    revision = office / "out" / "2022-Q1" / "r2"
    report = (revision / "bao-cao.md").read_text("utf-8")
    assert "*Mường Thanh, ngày" in report
    assert "để trống: Cơ quan ban hành: UBND thành phố A; Địa danh ghi trên báo cáo: Mường Thanh." in report
    listed = [
        [c.value for c in row] for row in load_workbook(revision / "doi-chieu.xlsx")["Nguồn"].iter_rows(max_col=2)
    ]
    assert ["Địa danh ghi trên báo cáo", "Mường Thanh"] in listed
    changes = (revision / "thay-doi.md").read_text("utf-8")
    assert "| Lấy từ tệp của văn phòng (office.toml) | UBND thành phố A | UBND thành phố A; Mường Thanh |" in changes


def test_offices_by_name_are_never_mixed(here: Path, typed: Tthc) -> None:
    for name, province in (("van-son", "Điện Biên"), ("hoa-binh", "Lai Châu")):
        done = typed(
            "init",
            "--data",
            name,
            "--office",
            name,
            "--name",
            f"UBND {name}",
            "--province",
            province,
            "--export",
            "bieu.xlsx",
        )
        assert done.returncode == 0, done.stderr
        assert f"tthc --office {name} check 2022-Q1" in done.stdout
    listed = typed("offices").stdout
    assert f"van-son: {here / 'van-son'} (UBND van-son)" in listed
    assert f"hoa-binh: {here / 'hoa-binh'} (UBND hoa-binh)" in listed
    checked = typed("--office", "hoa-binh", "check", "2022-Q1")
    assert "Văn phòng: hoa-binh – UBND hoa-binh" in checked.stderr
    assert "theo TT 01/2018/TT-VPCP" in checked.stdout
    assert (here / "hoa-binh/out/2022-Q1").is_dir()
    assert not (here / "van-son/out/2022-Q1").exists()
    same = typed("--office", "van-son", "history", "--data", "van-son")
    assert same.returncode == 0
    other = typed("--office", "van-son", "history", "--data", "hoa-binh")
    assert other.returncode == 2
    assert "hai thư mục khác nhau" in other.stderr
    unknown = typed("--office", "vanson", "history")
    assert unknown.returncode == 2
    assert "hoa-binh, van-son" in unknown.stderr
    taken = typed("init", "--data", "van-son", "--office", "hoa-binh")
    assert taken.returncode == 1
    assert "đã là của" in taken.stderr
    assert typed("history").returncode == 2  # the name of one command line does not reach the next


def test_a_damaged_list_of_names_stops_only_who_uses_it(here: Path, typed: Tthc) -> None:
    assert typed("init", *NAMED, "--export", "bieu.xlsx").returncode == 0
    (here / "settings").mkdir()
    (here / "settings" / "offices.toml").write_text('"Vân Sơn" = 3\n', "utf-8")
    assert typed("history").returncode == 0
    for command in (("offices",), ("--office", "van-son", "history")):
        done = typed(*command)
        assert done.returncode == 1
        assert "mục “Vân Sơn”" in done.stderr


def test_one_office_is_not_named_in_what_is_printed(office: Path, tthc: Tthc, put: Callable[..., None]) -> None:
    assert "Văn phòng:" not in tthc("history").stderr


def test_no_person_of_a_list_becomes_a_unit(here: Path, typed: Tthc) -> None:
    """A column of offices can hold whoever handed in the dossier, a phone number, an identity number."""
    head = ["STT", "Mã hồ sơ", "Đơn vị", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày trả kết quả", "Trạng thái"]
    persons = ["Lò Văn Zqua", "0987650001", "Xã Mai Sơn - bà Zqua", "034567890123"]
    names = ["Phòng Tư pháp", "Xã Mai Sơn", *persons]
    rows = [
        [
            n,
            f"000.{n:02d}.H18-220105-{n:04d}",
            names[n % len(names)],
            "05/01/2022",
            "20/01/2022",
            "18/01/2022",
            "Đã trả",
        ]
        for n in range(24)
    ]
    (here / "bieu.xlsx").write_bytes(of_rows([head, *rows]))
    done = typed("init", *NAMED, "--export", "bieu.xlsx")
    written = (here / "data/reference/units.csv").read_text("utf-8-sig")
    assert "Phòng Tư pháp" in written and "Xã Mai Sơn," in written
    for text in (written, done.stdout, done.stderr):
        assert not [p for p in ("Zqua", "0987650001", "034567890123") if p in text]
    assert "có thể là của một người" in done.stdout
