"""Units' own workbooks on their way: written by `tthc forms`, dropped into `phieu/`, checked, scored, reminded of."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from commands import Tthc
from phieu import SHEET, VALUE, put, rows_of
from workbooks import saved

from flows.steps.raw_folder import read_raw

PERIOD = "2022-Q1"
NAMES = {u: f"phieu_{u}_{u}.xlsx" for u in ("phong-a", "phong-b", "xa-c", "xa-d")}


@pytest.fixture
def raw(office: Path, tthc: Tthc) -> Path:
    """The period's folder after `tthc forms`."""
    assert tthc("forms", PERIOD).returncode == 0
    return office / "raw" / PERIOD


def filled(raw: Path, unit: str, **values: object) -> bytes:
    """The unit's workbook with its contacts entered; `values`: changes of them."""
    book = openpyxl.load_workbook(raw / "phieu-gui-di" / NAMES[unit])
    resolved = book[SHEET].cell(rows_of(book, "Đã giải quyết: tổng số")[0], VALUE).value
    contacts = {"Không phải liên hệ lần nào": resolved, "Chỉ liên hệ một lần": 0, "Liên hệ hơn một lần": 0}
    for label, value in {**contacts, **values}.items():
        put(book, label, value)
    return saved(book)


def test_the_counts_of_the_period_are_in_the_workbooks(raw: Path) -> None:
    book = openpyxl.load_workbook(raw / "phieu-gui-di" / NAMES["xa-c"])
    cell = book[SHEET].cell(rows_of(book, "Tiếp nhận: tổng số")[0], VALUE)
    assert cell.value == 404 and cell.protection.locked


def test_a_unit_whose_counts_are_in_doubt_is_shown_none(office: Path, tthc: Tthc, put, broken_rows) -> None:
    put(broken_rows)
    assert tthc("forms", PERIOD).returncode == 0
    book = openpyxl.load_workbook(office / "raw" / PERIOD / "phieu-gui-di" / NAMES["xa-d"])
    assert book[SHEET].cell(rows_of(book, "Tiếp nhận: tổng số")[0], VALUE).value is None
    assert any("không khớp" in str(c.value) for row in book[SHEET].iter_rows(max_row=8) for c in row)


def test_returns_are_scored_like_typed_figures_and_named_with_their_folder(raw: Path, office: Path, tthc: Tthc) -> None:
    assert tthc("score", PERIOD, "--direct").returncode == 0
    (raw / "phieu" / "bản của A.xlsx").write_bytes(
        filled(raw, "phong-a", **{"Chỉ liên hệ một lần": 5, "Không phải liên hệ lần nào": 90})
    )
    assert tthc("score", PERIOD, "--direct").returncode == 0  # a new input is a new revision
    revision = office / "out" / PERIOD / "r2"
    supplement = pd.read_csv(revision / "supplement.csv")
    assert set(supplement["source_file"]) == {"phieu/bản của A.xlsx"}
    assert supplement.set_index("item")["value"].to_dict() == {
        "contacted_never": 90, "contacted_once": 5, "contacted_more": 0,
    }  # fmt: skip
    scores = pd.read_csv(revision / "criterion_scores.csv").set_index(["unit_id", "criterion"])
    assert scores.loc[("phong-a", "contacts"), "printed"] == 1.95  # (2 × 90 + 5) / 95
    assert "Unchanged" in tthc("score", PERIOD, "--direct").stdout
    (raw / "phieu-gui-di" / NAMES["xa-c"]).unlink()  # what was sent out is no input
    assert "Unchanged" in tthc("score", PERIOD, "--direct").stdout


def test_the_check_says_who_has_sent_and_drafts_the_reminder_until_nobody_is_missing(
    raw: Path, office: Path, tthc: Tthc
) -> None:
    (raw / "phieu" / "a.xlsx").write_bytes(filled(raw, "phong-a"))
    (raw / "phieu" / "b.xlsx").write_bytes((raw / "phieu-gui-di" / NAMES["phong-b"]).read_bytes())
    with zipfile.ZipFile(raw / "phieu" / "xã.zip", "w") as archive:
        archive.writestr("c.xlsx", filled(raw, "xa-c", **{"Chỉ liên hệ một lần": 1}))
    done = tthc("check", PERIOD, "--all")
    table = {line.split("  ")[1].strip(): line for line in done.stdout.splitlines() if line.startswith("  ")}
    assert "đã gửi  " in table["Phòng A"] and table["Phòng A"].endswith("–")
    assert "đã gửi nhưng để trống" in table["Phòng B"] and "chưa gửi" in table["Xã D"]
    assert "Số lần liên hệ không cộng đủ" in table["Xã C"]
    draft = office / "out" / PERIOD / "ra-soat" / "don-doc.md"
    text = draft.read_text("utf-8")
    assert "- Phòng B\n" in text and "- Xã D\n" in text and "- Xã C: số lần liên hệ không cộng đủ" in text
    assert "Phòng A" not in text and "quý I năm 2022" in text and "Kính gửi:** Phòng B; Xã C; Xã D." in text
    assert str(draft.name) in done.stdout

    (raw / "phieu" / "b.xlsx").write_bytes(filled(raw, "phong-b"))
    (raw / "phieu" / "d.xlsx").write_bytes(filled(raw, "xa-d"))
    (raw / "phieu" / "xã.zip").unlink()
    (raw / "c.xlsx").write_bytes(filled(raw, "xa-c"))  # beside the exports it is known by what it holds
    done = tthc("check", PERIOD, "--all")
    assert "4 đã gửi" in done.stdout and not draft.exists()


def test_an_office_without_workbooks_of_units_hears_nothing_of_them(office: Path, tthc: Tthc, rows, put) -> None:
    done = tthc("check", PERIOD, "--all")
    draft = office / "out" / PERIOD / "ra-soat" / "don-doc.md"
    assert "phiếu:" not in done.stdout and not draft.exists()
    put(rows[:-1])
    done = tthc("check", PERIOD, "--all")
    assert "CHƯA CÓ" in done.stdout
    text = draft.read_text("utf-8")
    assert "- Xã D" in text and "Xã C" not in text


def test_the_folder_of_returns_is_read_as_safely_as_the_period_s(office: Path) -> None:
    raw = office / "raw" / PERIOD
    for folder in ("phieu", "phieu/trong", "phieu-gui-di", "ra-soat", "khac"):
        (raw / folder).mkdir()
        (raw / folder / "x.xlsx").write_bytes(folder.encode())
    (raw / "phieu" / ".an.xlsx").write_bytes(b"x")
    (raw / "phieu" / "~$x.xlsx").write_bytes(b"x")
    (raw / "phieu" / "lien-ket.xlsx").symlink_to(raw / "cong.xlsx")
    (raw / "phieu-gui-di" / NAMES["xa-c"]).write_bytes(b"x")
    read = read_raw(raw)
    assert list(read.files) == ["cong.xlsx", "phieu/x.xlsx"]
    assert sorted(f.file for f in read.findings) == ["khac", "phieu/lien-ket.xlsx", "phieu/trong"]
    assert read.sent_out == {"xa-c"}


def test_a_link_in_the_place_of_the_folder_is_not_followed(office: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "noi-khac"
    elsewhere.mkdir()
    (elsewhere / "x.xlsx").write_bytes(b"x")
    raw = office / "raw" / PERIOD
    (raw / "phieu").symlink_to(elsewhere)
    read = read_raw(raw)
    assert list(read.files) == ["cong.xlsx"] and [f.file for f in read.findings] == ["phieu"]


def test_the_same_file_twice_is_one_return(raw: Path, tthc: Tthc) -> None:
    data = filled(raw, "phong-a")
    (raw / "phieu" / "a.xlsx").write_bytes(data)
    (raw / "phieu" / "a (2).xlsx").write_bytes(data)
    again = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(data)).save(again)  # other bytes, the same cells
    (raw / "phieu" / "a (3).xlsx").write_bytes(again.getvalue())
    done = tthc("check", PERIOD, "--all")
    assert done.returncode == 0 and "ghi khác nhau" not in done.stdout


# --- the draft of the reminder ---------------------------------------------------------------------------


def review_folder(office: Path) -> Path:
    return office / "out" / PERIOD / "ra-soat"


def drafts(office: Path) -> dict[str, str]:
    return {p.name: p.read_text("utf-8") for p in sorted(review_folder(office).glob("don-doc*.md"))}


def test_a_draft_that_somebody_edited_is_neither_replaced_nor_removed(raw: Path, office: Path, tthc: Tthc) -> None:
    tthc("check", PERIOD)
    (written,) = drafts(office).values()
    edited = written.replace("trước ngày …………", "trước ngày 18/3/2022")
    (review_folder(office) / "don-doc.md").write_text(edited, "utf-8")
    done = tthc("check", PERIOD)  # nothing is new since the draft that was edited
    assert drafts(office) == {"don-doc.md": edited} and "được giữ nguyên; từ đó không có gì mới" in done.stdout

    (raw / "phieu" / "a.xlsx").write_bytes(filled(raw, "phong-a"))
    done = tthc("check", PERIOD)
    assert list(drafts(office)) == ["don-doc (2).md", "don-doc.md"] and drafts(office)["don-doc.md"] == edited
    assert "Phòng A" in edited and "Phòng A" not in drafts(office)["don-doc (2).md"]
    assert "don-doc (2).md" in done.stdout and "đã có người sửa" in done.stdout

    (raw / "phieu" / "b.xlsx").write_bytes(filled(raw, "phong-b"))
    tthc("check", PERIOD)  # the second draft was not edited: it is written anew
    assert list(drafts(office)) == ["don-doc (2).md", "don-doc.md"]
    assert "Phòng B" not in drafts(office)["don-doc (2).md"]

    for unit in ("xa-c", "xa-d"):
        (raw / "phieu" / f"{unit}.xlsx").write_bytes(filled(raw, unit))
    done = tthc("check", PERIOD)
    assert drafts(office) == {"don-doc.md": edited}
    assert "Không còn đơn vị nào thiếu" in done.stdout and "được giữ nguyên" in done.stdout
    assert list(drafts(office)) == ["don-doc.md"]


def test_a_draft_of_which_nothing_is_recorded_is_kept(raw: Path, office: Path, tthc: Tthc) -> None:
    tthc("check", PERIOD)
    (review_folder(office) / ".don-doc.json").unlink()
    (raw / "phieu" / "a.xlsx").write_bytes(filled(raw, "phong-a"))
    tthc("check", PERIOD)
    assert list(drafts(office)) == ["don-doc (2).md", "don-doc.md"]


def test_a_draft_that_is_open_is_not_replaced(raw: Path, office: Path, tthc: Tthc) -> None:
    tthc("check", PERIOD)
    before = drafts(office)["don-doc.md"]
    (review_folder(office) / ".~lock.don-doc.md#").write_text("x", "utf-8")
    (raw / "phieu" / "a.xlsx").write_bytes(filled(raw, "phong-a"))
    tthc("check", PERIOD)
    assert drafts(office)["don-doc.md"] == before and "don-doc (2).md" in drafts(office)


@pytest.mark.usefixtures("later")
def test_where_no_rulebook_applies_the_letter_mentions_no_score(office: Path, tthc: Tthc, rows, export) -> None:
    (office / "raw" / "2025-Q3" / "cong.xlsx").write_bytes(export(rows[:-1], "Quý III năm 2025"))
    tthc("forms", "2025-Q3")
    tthc("check", "2025-Q3")
    text = (office / "out" / "2025-Q3" / "ra-soat" / "don-doc.md").read_text("utf-8")
    assert "V/v đôn đốc gửi số liệu giải quyết thủ tục hành chính quý III năm 2025" in text
    assert "điểm" not in text and "tự chấm" not in text
    assert "đơn vị chưa có số liệu trên cổng dịch vụ công được nêu là chưa có số liệu trong báo cáo" in text


def test_what_follows_from_silence_is_told_of_those_it_concerns(office: Path, tthc: Tthc, rows, put) -> None:
    put(rows[:-1])  # without workbooks: only counts are missing
    tthc("check", PERIOD)
    (text,) = drafts(office).values()
    assert "chưa có số liệu trên cổng dịch vụ công thì chưa được chấm điểm" in text and "phiếu" not in text
    put(rows)
    tthc("forms", PERIOD)
    tthc("check", PERIOD)
    (text,) = drafts(office).values()
    assert (
        "chưa được chấm điểm" not in text and "thì được chấm theo số liệu hiện có" in text and "chưa khớp" not in text
    )


def test_a_workbook_that_cannot_be_used_is_not_called_unsent(raw: Path, office: Path, tthc: Tthc) -> None:
    book = openpyxl.load_workbook(raw / "phieu-gui-di" / NAMES["phong-b"])
    book[SHEET]["A1"] = str(book[SHEET]["A1"].value).replace("2022-Q1", "2021-Q4")
    (raw / "phieu" / NAMES["phong-b"]).write_bytes(saved(book))
    for unit in ("phong-a", "xa-c", "xa-d"):
        (raw / "phieu" / f"{unit}.xlsx").write_bytes(filled(raw, unit))
    tthc("check", PERIOD)
    (text,) = drafts(office).values()
    assert "Chưa gửi phiếu" not in text and "Kính gửi:** Phòng B." in text
    assert "chưa dùng được** (01 đơn vị)" in text and "- Phòng B: sai kỳ báo cáo" in text
    (raw / "phieu" / "b.xlsx").write_bytes(filled(raw, "phong-b"))
    tthc("check", PERIOD)
    assert drafts(office) == {}
