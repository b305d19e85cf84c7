"""Asked once, answered in Excel, kept: `cach-doc.xlsx` from `tthc check` to the manifest and the next quarter.

The reading of tables is wrapped: the column “Trước hạn” of every table is a question for the office.
"""

import io
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from asked_layouts import CHOICES, MORE, ask
from commands import Tthc, tree
from openpyxl import load_workbook
from workbooks import saved

from flows.server.folder_state import content_hash, folder_snapshot
from flows.steps.question_file import questions_written
from pipeline.layouts.decisions import COLUMN_MEANINGS, Decision, options
from pipeline.publish.revisions import read_manifest

FILE, BY = "cach-doc.xlsx", "Công chức 1"


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    ask(monkeypatch)
    yield
    MORE.clear()


@pytest.fixture
def answer(office: Path) -> Callable[..., None]:
    """Type a name and answers (number of the question -> text) into the first sheet of the workbook."""

    def write(name: str | None = BY, period: str = "2022-Q1", **texts: str | None) -> None:
        path = office / "raw" / period / FILE
        book = load_workbook(path)
        for row in book.worksheets[0].iter_rows():
            if row[0].value == "Người trả lời:" and name is not None:
                row[3].value = name
            if str(row[0].value) in {key.removeprefix("cau") for key in texts}:
                row[3].value = texts[f"cau{row[0].value}"]
        path.write_bytes(saved(book))

    return write


def raw(office: Path, period: str = "2022-Q1") -> Path:
    return office / "raw" / period


def kept(office: Path) -> dict[str, bytes]:
    return {n: d for n, d in tree(office / "reference" / "layouts").items() if n != ".khoa"}


def manifest(office: Path, revision: str) -> Any:
    return read_manifest(office / "out" / "2022-Q1" / revision)


def test_check_writes_the_questions_once_and_says_where(office: Path, tthc: Tthc, asking: None) -> None:
    done = tthc("check", "2022-Q1", "--all")
    assert "1 câu hỏi về cách đọc tệp của cổng: data/raw/2022-Q1/cach-doc.xlsx" in done.stdout
    assert done.stdout.index("cach-doc.xlsx") > 0 and done.returncode == 1
    first = (raw(office) / FILE).read_bytes()
    again = tthc("check", "2022-Q1", "--all")
    assert "Đang có 1 câu hỏi" in again.stdout
    assert (raw(office) / FILE).read_bytes() == first
    assert "cach-doc.xlsx: " not in again.stdout  # it is none of the files of the period


def test_nothing_is_written_where_nothing_is_open(office: Path, tthc: Tthc) -> None:
    tthc("check", "2022-Q1", "--all")
    assert not (raw(office) / FILE).exists()
    assert not (office / "reference" / "layouts").exists()


def test_an_answer_is_used_in_the_same_run_and_kept(office: Path, tthc: Tthc, asking: None, answer) -> None:
    tthc("check", "2022-Q1", "--all")
    answer()
    done = tthc("check", "2022-Q1", "--all")
    assert done.returncode == 0
    assert f"đọc theo xác nhận của {BY}" in done.stdout
    ((name, text),) = kept(office).items()
    assert name.endswith(".toml")
    assert f'by = "{BY}"' in text.decode()
    assert 'meaning = "resolved_early"' in text.decode()
    assert "câu hỏi" not in tthc("check", "2022-Q1", "--all").stdout


def test_the_next_quarter_is_read_without_a_question(office: Path, tthc: Tthc, asking: None, answer, export) -> None:
    tthc("check", "2022-Q1", "--all")
    answer()
    tthc("check", "2022-Q1", "--all")
    (name,) = kept(office)
    later = raw(office, "2022-Q2")
    later.mkdir()
    (later / "moi.xlsx").write_bytes(export(((("Phòng A", 1, 2, 0, 1, 1, 0, 1, 0)),), "Quý II năm 2022"))
    done = tthc("check", "2022-Q2", "--all")
    assert f"đọc theo xác nhận của {BY}" in done.stdout
    assert not (later / FILE).exists()
    assert list(kept(office)) == [name]


def test_a_revision_names_the_answers_and_only_they_are_inputs(office: Path, tthc: Tthc, asking: None, answer) -> None:
    tthc("check", "2022-Q1", "--all")
    answer()
    assert tthc("score", "2022-Q1", "--direct").returncode == 0
    (used,) = manifest(office, "r1").layouts
    assert (used.by, [a.meaning for a in used.answers]) == (BY, ["resolved_early"])
    assert f"{used.name}.toml" in kept(office)
    assert [i.path for i in manifest(office, "r1").inputs] == ["cong.xlsx"]
    report = (office / "out/2022-Q1/r1/bao-cao.md").read_text("utf-8")
    assert "| H “Trước hạn” = Đã giải quyết trước hạn | Công chức 1 |" in report
    sources = load_workbook(office / "out/2022-Q1/r1/doi-chieu.xlsx")["Nguồn"]
    assert "H “Trước hạn” = Đã giải quyết trước hạn" in {c.value for row in sources.iter_rows() for c in row}
    assert f"| {FILE} |" not in report
    tthc("layouts", "2022-Q1")  # another workbook, the same answers
    assert "Unchanged" in tthc("score", "2022-Q1", "--direct").stdout
    (raw(office) / FILE).unlink()
    assert "Unchanged" in tthc("score", "2022-Q1", "--direct").stdout


def test_another_answer_is_another_revision_that_says_so(office: Path, tthc: Tthc, asking: None, answer) -> None:
    tthc("check", "2022-Q1", "--all")
    answer()
    tthc("score", "2022-Q1", "--direct")
    answer("Công chức 2", cau1="Đã giải quyết đúng hạn")
    tthc("score", "2022-Q1", "--direct")
    (used,) = manifest(office, "r2").layouts
    assert (used.by, used.answers[0].meaning) == ("Công chức 2", "resolved_on_time")
    assert manifest(office, "r2").fingerprint != manifest(office, "r1").fingerprint
    changes = (office / "out/2022-Q1/r2/thay-doi.md").read_text("utf-8")
    assert "Câu trả lời về cách đọc tệp của cổng" in changes
    assert len(kept(office)) == 1


def test_writing_the_questions_changes_no_published_quarter(office: Path, tthc: Tthc, published: None) -> None:
    before = manifest(office, "r1")
    assert before.layouts == []
    assert "layouts" not in json.loads((office / "out/2022-Q1/r1/manifest.json").read_bytes())
    done = tthc("layouts", "2022-Q1")
    assert "Không tệp nào" in done.stdout or (raw(office) / FILE).exists()
    assert "Unchanged" in tthc("score", "2022-Q1", "--direct").stdout


def test_layouts_writes_every_layout_to_change_an_answer(office: Path, tthc: Tthc, asking: None, answer) -> None:
    tthc("check", "2022-Q1", "--all")
    answer()
    tthc("check", "2022-Q1", "--all")
    (raw(office) / FILE).unlink()
    done = tthc("layouts", "2022-Q1")
    assert done.returncode == 0 and "1 mẫu bảng, danh sách" in done.stdout
    answer("Công chức 2", cau1="Đã giải quyết đúng hạn")
    done = tthc("check", "2022-Q1", "--all")
    assert "đọc theo xác nhận của Công chức 2" in done.stdout
    (text,) = kept(office).values()
    assert text.decode().count("[[answers]]\n") == 1


def test_a_new_question_is_added_and_what_is_typed_stays(office: Path, tthc: Tthc, asking: None, answer) -> None:
    tthc("check", "2022-Q1", "--all")
    answer()
    choices = options(COLUMN_MEANINGS, *CHOICES)
    MORE.append(Decision("scope", "tên bảng", "A2 “Tình hình”", "resolved_early", "open", "", choices))
    done = tthc("check", "2022-Q1", "--all")
    assert "Đã ghi 1 câu hỏi" in done.stdout
    sheet = load_workbook(raw(office) / FILE).worksheets[0]
    cells = {str(row[0].value): row[3].value for row in sheet.iter_rows()}
    assert cells["Người trả lời:"] == BY
    assert (cells["1"], cells["2"]) == ("Đã giải quyết trước hạn", None)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda path: path.with_name("~$cach-doc.xlsx").write_bytes(b""), "đang mở trong Excel"),
        (lambda path: path.write_bytes(foreign(path.read_bytes())), "trang lạ"),
        (lambda path: path.write_bytes(b"PK hong"), "đã có một tệp khác mang tên này"),
    ],
)
def test_a_workbook_that_cannot_be_replaced_without_loss_is_kept(
    office: Path, tthc: Tthc, asking: None, answer, change: Callable[[Path], None], said: str
) -> None:
    tthc("check", "2022-Q1", "--all")
    answer(None, cau1="Đã giải quyết đúng hạn")
    path = raw(office) / FILE
    change(path)
    before = path.read_bytes()
    assert said in tthc("layouts", "2022-Q1").stdout
    assert path.read_bytes() == before


def foreign(data: bytes) -> bytes:
    book = load_workbook(io.BytesIO(data))
    book.create_sheet("Ghi chú")["A1"] = "hỏi lại cổng"
    return saved(book)


def test_a_cell_that_is_no_answer_is_named(office: Path, tthc: Tthc, asking: None, answer) -> None:
    tthc("check", "2022-Q1", "--all")
    answer(cau1="chắc vậy")
    done = tthc("check", "2022-Q1", "--all")
    assert "ghi “chắc vậy”, không phải một câu trong danh sách" in done.stdout
    assert "cach-doc.xlsx ›" in done.stdout
    assert kept(office) == {}


def test_a_damaged_file_of_answers_is_a_finding(office: Path, tthc: Tthc, asking: None, answer) -> None:
    tthc("check", "2022-Q1", "--all")
    answer()
    tthc("check", "2022-Q1", "--all")
    (name,) = kept(office)
    path = office / "reference" / "layouts" / name
    path.write_text("kind = \n", "utf-8")
    done = tthc("check", "2022-Q1", "--all")
    assert f"Tệp data/reference/layouts/{name}, dòng 1: không đúng cú pháp TOML" in done.stdout
    assert path.read_text("utf-8") == "kind = \n"
    shutil.rmtree(path.parent)
    path.parent.write_bytes(b"")
    assert tthc("check", "2022-Q1", "--all").returncode in (0, 1, 3)


def test_the_watcher_does_not_take_the_written_questions_for_news(
    office: Path, tthc: Tthc, asking: None, answer
) -> None:
    def seen() -> str:
        folder = raw(office)
        return content_hash(folder, folder_snapshot(folder), questions_written(office / "out" / "2022-Q1"))

    before = seen()
    tthc("check", "2022-Q1", "--all")
    assert seen() == before
    answer()
    assert seen() != before


def test_forms_are_filled_from_a_layout_that_was_answered(office: Path, tthc: Tthc, asking: None, answer) -> None:
    tthc("check", "2022-Q1", "--all")
    answer()
    assert "Điền sẵn" in tthc("forms", "2022-Q1").stdout
    assert len(kept(office)) == 1


def cells_of(path: Path) -> dict[str, tuple[Any, ...]]:
    """First cell of a row of the first sheet -> the values of the row."""
    sheet = load_workbook(path).worksheets[0]
    return {str(row[0]): row for row in sheet.iter_rows(values_only=True)}


def test_open_questions_and_the_cell_of_the_name_are_named(office: Path, tthc: Tthc, asking: None) -> None:
    done = tthc("check", "2022-Q1", "--all").stdout
    sheet = load_workbook(raw(office) / FILE).worksheets[0]
    rows = {str(row[0].value): row[3].coordinate for row in sheet.iter_rows()}
    assert f"trang “{sheet.title}”, ô {rows['1']}: Mỗi cột được hiểu là gì – H “Trước hạn”" in done
    assert f"ghi tên người trả lời ở ô {rows['Người trả lời:']} của trang “{sheet.title}”" in done


def test_the_marks_of_the_sheet_follow_the_answers(office: Path, tthc: Tthc, asking: None, answer) -> None:
    tthc("check", "2022-Q1", "--all")
    assert cells_of(raw(office) / FILE)["1"][5] == "đoán: xem lại"
    answer()
    assert "không còn câu nào chưa rõ" in tthc("check", "2022-Q1", "--all").stdout
    rows = cells_of(raw(office) / FILE)
    assert rows["1"][5] == "đã trả lời" and rows["1"][4].startswith(f"xác nhận của {BY}, ")
    assert rows["Người trả lời:"][3:5] == (BY, "← ghi họ tên. Có 1 ô trắng: 1 câu đã trả lời.")
    before = (raw(office) / FILE).read_bytes()
    tthc("check", "2022-Q1", "--all")
    assert (raw(office) / FILE).read_bytes() == before


def test_a_cleared_cell_withdraws_the_answer_and_the_question_is_open(
    office: Path, tthc: Tthc, asking: None, answer
) -> None:
    tthc("check", "2022-Q1", "--all")
    answer()
    tthc("check", "2022-Q1", "--all")
    answer(cau1=None)
    done = tthc("check", "2022-Q1", "--all")
    assert f"Câu “H “Trước hạn”” để trống: câu trả lời đã giữ được rút ({BY}, " in done.stdout
    assert "Đang có 1 câu hỏi" in done.stdout or "Đã ghi 1 câu hỏi" in done.stdout
    assert "đọc theo xác nhận" not in done.stdout
    (text,) = kept(office).values()
    assert 'meaning = ""' in text.decode() and "resolved_early" not in text.decode()
    assert cells_of(raw(office) / FILE)["1"][3:6:2] == (None, "chưa rõ: chọn")
    answer()
    answer(cau1="Đã giải quyết trước hạn")
    assert "đọc theo xác nhận" in tthc("check", "2022-Q1", "--all").stdout


def test_an_answer_withdrawn_in_a_later_quarter_stays_in_the_earlier_one(
    office: Path, tthc: Tthc, asking: None, answer, export
) -> None:
    tthc("check", "2022-Q1", "--all")
    answer()
    tthc("score", "2022-Q1", "--direct")
    raw(office, "2022-Q2").mkdir()
    (raw(office, "2022-Q2") / "moi.xlsx").write_bytes(
        export(((("Phòng A", 1, 2, 0, 1, 1, 0, 1, 0)),), "Quý II năm 2022")
    )
    tthc("layouts", "2022-Q2")
    answer("Công chức 2", "2022-Q2", cau1=None)
    assert "1 câu hỏi" in tthc("check", "2022-Q2", "--all").stdout
    assert "Unchanged" in tthc("score", "2022-Q1", "--direct").stdout
    assert "1 câu hỏi" in tthc("check", "2022-Q2", "--all").stdout


def test_a_copy_under_another_name_is_used_and_no_second_workbook_is_written(
    office: Path, tthc: Tthc, asking: None, answer
) -> None:
    tthc("check", "2022-Q1", "--all")
    answer()
    copy = (raw(office) / FILE).rename(raw(office) / "cach-doc (1).xlsx")
    done = tthc("layouts", "2022-Q1").stdout
    assert "Đã ghi cách đọc các tệp: data/raw/2022-Q1/cach-doc (1).xlsx" in done
    assert not (raw(office) / FILE).exists()
    assert cells_of(copy)["1"][5] == "đã trả lời"


def test_copies_that_differ_are_both_left_as_they_are(office: Path, tthc: Tthc, asking: None, answer) -> None:
    tthc("check", "2022-Q1", "--all")
    answer()
    copy = raw(office) / "cach-doc (1).xlsx"
    shutil.copy(raw(office) / FILE, copy)
    tthc("check", "2022-Q1", "--all")
    answer(cau1="Đã giải quyết đúng hạn")
    before = [path.read_bytes() for path in (copy, raw(office) / FILE)]
    done = tthc("layouts", "2022-Q1").stdout
    assert "giữ một tệp, chuyển tệp kia ra khỏi thư mục của kỳ" in done
    assert [path.read_bytes() for path in (copy, raw(office) / FILE)] == before
    checked = tthc("check", "2022-Q1", "--all").stdout
    assert "(“Đã giải quyết trước hạn”) vẫn được dùng" in checked
