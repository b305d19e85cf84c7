"""A small office of two levels and four units (dữ liệu dựng), in a data folder of its own."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from commands import Tthc, in_this_process
from openpyxl import Workbook
from upgrades import SENTENCE, other_code
from workbooks import saved

# before anything imports Prefect: no network, and the start of the embedded server is given time
from flows.cli import main
from flows.server.runtime import SETTINGS
from pipeline.load.report import templating

os.environ.update(SETTINGS)
# no run starts LibreOffice unless a test asks for it
os.environ["TTHC_SOFFICE"] = "khong"
# the offices of whoever runs the tests are none of theirs
os.environ["TTHC_OFFICES"] = str(Path(__file__).parent / "khong-co" / "offices.toml")

HERE = Path(__file__).parent
#: a test that asks for one of these runs `tthc` or a flow over a whole quarter
WHOLE_RUNS = {"office", "tthc", "prefect_server"}

Row = tuple[str, int, int, int, int, int, int, int, int]

REGISTRY = """unit_id,name,kind,level,parent,aliases,valid_from,valid_to,successor,note
huyen,Cấp huyện,level,huyen,,,,,,
phong-a,Phòng A,unit,huyen,huyen,,,,,
phong-b,Phòng B,unit,huyen,huyen,,,,,
xa,Cấp xã,level,xa,,,,,,
xa-c,Xã C,unit,xa,xa,,,,,
xa-d,Xã D,unit,xa,xa,,,,,
"""
OFFICE_FILE = 'name = "UBND thành phố A"\nprovince = "Điện Biên"\n'
# online, direct, carried over | early, on time, late | in time, overdue
ROWS: tuple[Row, ...] = (
    ("Phòng A", 40, 50, 10, 60, 35, 0, 5, 0),
    ("Phòng B", 5, 20, 0, 10, 12, 3, 0, 0),
    ("Xã C", 100, 300, 4, 390, 10, 2, 2, 0),
    ("Xã D", 0, 77, 1, 70, 8, 0, 0, 0),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of whole runs as slow, so that a new one is left out of `make quick` too."""
    for item in items:
        if HERE in item.path.parents and WHOLE_RUNS & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


def make_export(
    rows: tuple[Row, ...], period: str = "Quý I năm 2022 (Từ ngày 15/12/2021 đến ngày 14/03/2022)"
) -> bytes:
    """An II.06a export by unit."""
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "Biểu số II.06a/VPCP/KSTT"
    sheet["A2"] = "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH"
    sheet["A3"] = f"Kỳ báo cáo: {period}"
    heads = {
        "A5": "STT", "B5": "Đơn vị", "C5": "Tiếp nhận", "C6": "Tổng số", "D6": "Trong đó", "D7": "Trực tuyến",
        "E7": "Trực tiếp, dịch vụ bưu chính", "F7": "Từ kỳ trước", "G5": "Số lượng hồ sơ đã giải quyết",
        "G6": "Tổng số", "H6": "Trước hạn", "I6": "Đúng hạn", "J6": "Quá hạn",
        "K5": "Số lượng hồ sơ đang giải quyết", "K6": "Tổng số", "L6": "Trong hạn", "M6": "Quá hạn",
    }  # fmt: skip
    for address, text in heads.items():
        sheet[address] = text
    for merged in ("A5:A7", "B5:B7", "C5:F5", "C6:C7", "D6:F6", "G5:J5", "K5:M5", *(f"{c}6:{c}7" for c in "GHIJKLM")):
        sheet.merge_cells(merged)
    for number in range(1, 14):
        sheet.cell(8, number, f"({number})")
    for line, (name, online, direct, before, early, on_time, late, in_time, overdue) in enumerate(rows, 1):
        values = [
            line, name, online + direct + before, online, direct, before,
            early + on_time + late, early, on_time, late, in_time + overdue, in_time, overdue,
        ]  # fmt: skip
        for column, value in enumerate(values, 1):
            sheet.cell(8 + line, column, value)
    return saved(book)


def broken(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The last unit resolves one dossier more than it received."""
    name, online, direct, before, early, on_time, late, in_time, overdue = rows[-1]
    return (*rows[:-1], (name, online, direct, before, early + 1, on_time, late, in_time, overdue))


def furnished(data: Path, exported: bytes) -> Path:
    """The folder, with the office's registry and its export."""
    (data / "reference").mkdir(parents=True)
    (data / "reference" / "units.csv").write_text(REGISTRY, "utf-8")
    (data / "reference" / "office.toml").write_text(OFFICE_FILE, "utf-8")
    (data / "raw" / "2022-Q1").mkdir(parents=True)
    (data / "raw" / "2022-Q1" / "cong.xlsx").write_bytes(exported)
    return data


@pytest.fixture(scope="session")
def exported() -> bytes:
    """The office's export, the same bytes for all: a workbook holds when it was made."""
    return make_export(ROWS)


@pytest.fixture
def office(tmp_path: Path, exported: bytes) -> Path:
    """A data folder whose 2022-Q1 has one good export."""
    return furnished(tmp_path / "data", exported)


@pytest.fixture(scope="session")
def first_revision(tmp_path_factory: pytest.TempPathFactory, exported: bytes) -> Path:
    """What `tthc score 2022-Q1 --direct` leaves in the office's `out`: to be copied, not to be changed."""
    data = furnished(tmp_path_factory.mktemp("first") / "data", exported)
    with pytest.raises(SystemExit) as end:
        main(["score", "2022-Q1", "--direct", "--data", str(data)])
    assert not end.value.code
    return data / "out"


@pytest.fixture
def published(office: Path, first_revision: Path) -> None:
    """The office's export is published as r1 already."""
    shutil.copytree(first_revision, office / "out")


@pytest.fixture
def upgraded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program than the one that published."""
    other_code(monkeypatch)


@pytest.fixture
def reworded(monkeypatch: pytest.MonkeyPatch, upgraded: None) -> Iterator[None]:
    """An upgrade that edits one sentence of the report."""
    source = templating._template_text
    monkeypatch.setattr(templating, "_template_text", lambda name: (source(name) or "").replace(*SENTENCE) or None)
    templating.environment.cache_clear()
    yield
    templating.environment.cache_clear()


@pytest.fixture
def put(office: Path) -> Callable[[tuple[Row, ...]], None]:
    """Replace the office's export."""

    def write(rows: tuple[Row, ...]) -> None:
        (office / "raw" / "2022-Q1" / "cong.xlsx").write_bytes(make_export(rows))

    return write


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One throw-away Prefect database and server for all tests that run the flow."""
    os.environ.setdefault("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=90):
        yield


@pytest.fixture
def rows() -> tuple[Row, ...]:
    """What the office's export holds."""
    return ROWS


@pytest.fixture
def broken_rows() -> tuple[Row, ...]:
    """The same with one unit whose counts contradict each other."""
    return broken(ROWS)


@pytest.fixture
def later(office: Path) -> None:
    """The same office in a quarter that no rulebook covers."""
    raw = office / "raw" / "2025-Q3"
    raw.mkdir()
    (raw / "cong.xlsx").write_bytes(make_export(ROWS, "Quý III năm 2025"))


@pytest.fixture
def tthc(office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tthc:
    """Run `tthc …` in the office's folder, in this process."""
    monkeypatch.chdir(office.parent)

    return in_this_process(capsys)


@pytest.fixture
def export() -> Callable[..., bytes]:
    """Makes an export of given rows."""
    return make_export
