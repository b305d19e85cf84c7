"""The Word papers of a run and of a review, the office's own templates, and the PDF of LibreOffice."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import Tthc, process, tree
from upgrades import other_code
from word_files import all_text, edited, opened, replaced

from flows.steps import pdf
from flows.steps.file_names import lock_file_of
from flows.steps.progress import lines_to
from flows.steps.word_templates import MOST_BYTES, own_template
from pipeline import quarter
from pipeline.load.word.papers import REMINDER, REPORT, shipped_template

SCORE = ("score", "2022-Q1", "--direct")
SIGN = ("sign", "2022-Q1", "r1", "--number", "85/BC-UBND", "--date", "2022-03-18", "--despite", "thử")


def out(office: Path, revision: str = "r1") -> Path:
    return office / "out" / "2022-Q1" / revision


def manifest(office: Path, revision: str = "r1") -> dict:
    return json.loads((out(office, revision) / "manifest.json").read_text("utf-8"))


def own(office: Path, before: str, after: str, name: str = REPORT) -> Path:
    """The office's template: the shipped one with one text typed anew."""
    path = office / "reference" / "mau" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(edited(shipped_template(name), replaced(before, after)))
    return path


# --- templates of the office -----------------------------------------------------------------------------


def test_init_hands_out_the_templates(office: Path, tthc: Tthc) -> None:
    done = tthc("init")
    assert done.returncode == 0, done.stderr
    assert "data/reference/mau/co-san" in done.stdout
    folder = office / "reference" / "mau" / "co-san"
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == {n: shipped_template(n) for n in (REPORT, REMINDER)}
    assert "Mẫu Word" not in tthc("check", "2022-Q1").stdout


@pytest.mark.usefixtures("published")
def test_an_edited_template_makes_a_new_revision_of_the_same_figures(office: Path, tthc: Tthc) -> None:
    assert "Unchanged" in tthc(*SCORE).stdout
    own(office, "1. Tình hình triển khai thực hiện", "1. Công tác chỉ đạo, điều hành")
    done = tthc(*SCORE)
    assert "Đã công bố bản r2" in done.stdout and "Chú ý: Mẫu Word" not in done.stdout
    assert "1. Công tác chỉ đạo, điều hành" in all_text((out(office, "r2") / REPORT).read_bytes())
    for name in ("bao-cao.docx", "counts.csv", "unit_scores.csv"):
        same = (out(office) / name).read_bytes() == (out(office, "r2") / name).read_bytes()
        assert same is (name != "bao-cao.docx"), name
    assert manifest(office, "r2")["fingerprint"] == manifest(office)["fingerprint"]
    assert "Unchanged" in tthc(*SCORE).stdout


@pytest.mark.usefixtures("published")
def test_a_template_that_prints_the_same_makes_no_revision(office: Path, tthc: Tthc) -> None:
    path = office / "reference" / "mau" / REPORT
    path.parent.mkdir()
    path.write_bytes(shipped_template(REPORT))
    assert "Unchanged" in tthc(*SCORE).stdout


def test_a_broken_template_is_named_and_everything_is_published(office: Path, tthc: Tthc) -> None:
    assert tthc(*SCORE).returncode == 0
    # an alternative has no public copy and nothing to send back
    expected = {n for n in manifest(office)["files"] if "/" not in n} - {"cham-diem-cong-khai.xlsx"}
    own(office, "{{ heading.place }}", "{{ heading.noi_ky }}")
    done = tthc(*SCORE, "--reason", "thử mẫu", "--rulebook", "tt-01-2018")
    assert done.returncode == 0, done.stderr
    note = next(line for line in done.stdout.split("\n") if "Mẫu Word" in line)
    assert "data/reference/mau/bao-cao.docx không dùng được: không có trường “noi_ky”" in note
    assert "{{ heading.noi_ky }}" in note and "Việc cần làm" in note
    made = office / "out" / "2022-Q1" / "phuong-an" / "tt-01-2018" / "r1"
    assert {p.name for p in made.iterdir()} - {"manifest.json", "du-lieu"} == expected - {"thay-doi.md"}
    assert "BÁO CÁO" in all_text((made / REPORT).read_bytes())
    assert "không có trường “noi_ky”" in tthc("check", "2022-Q1").stdout


def test_templates_that_cannot_be_read(office: Path) -> None:
    path = office / "reference" / "mau" / REPORT
    assert own_template(office, REPORT).data is None and own_template(office, REPORT).notes() == ()
    path.mkdir(parents=True)
    assert "không đọc được" in own_template(office, REPORT).notes()[0]
    path.rmdir()
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    (note,) = own_template(office, REPORT).notes()
    assert "bao-cao.docx không dùng được: tệp lớn hơn 10 MB" in note and own_template(office, REPORT).data is None


@pytest.mark.usefixtures("published")
def test_after_the_signature_a_template_alone_replaces_no_report(office: Path, tthc: Tthc) -> None:
    assert tthc(*SIGN).returncode == 0
    own(office, "1. Tình hình triển khai thực hiện", "1. Công tác chỉ đạo, điều hành")
    before = tree(office / "out")
    done = tthc(*SCORE)
    assert done.returncode != 0
    assert "Mẫu bao-cao.docx của văn phòng đã thay đổi từ khi công bố bản r1" in done.stderr
    assert "Công tác chỉ đạo, điều hành" in done.stderr and "nâng cấp" not in done.stderr
    assert tree(office / "out") == before
    assert "Đã công bố bản r2" in tthc(*SCORE, "--reason", "Sửa đề mục").stdout


def test_a_check_without_a_paper_to_write_does_not_load_the_library(office: Path) -> None:
    earlier = """
import sys
from flows.cli import main
try:
    main(["check", "2022-Q1"])
except SystemExit as end:
    print(end.code, "docxtpl" in sys.modules, file=sys.stderr)
"""
    assert process(office, "rulebooks", before=earlier).stderr.splitlines()[0] == "0 False"


# --- revisions of a program that wrote no Word file ---------------------------------------------------------


@pytest.fixture
def older(tthc: Tthc, monkeypatch: pytest.MonkeyPatch) -> None:
    """r1 of such a program, under the one of today."""
    with monkeypatch.context() as patch:
        render = quarter.render
        patch.setattr(quarter, "render", lambda *given: {k: v for k, v in render(*given).items() if k != REPORT})
        assert tthc(*SCORE).returncode == 0
    other_code(monkeypatch)


@pytest.mark.usefixtures("older")
def test_an_unsigned_quarter_gets_its_word_file(office: Path, tthc: Tthc) -> None:
    assert "Đã công bố bản r2" in tthc(*SCORE).stdout
    assert (out(office, "r2") / REPORT).is_file()


@pytest.mark.usefixtures("older")
def test_a_signed_quarter_is_kept_until_somebody_asks(office: Path, tthc: Tthc) -> None:
    assert tthc(*SIGN).returncode == 0
    done = tthc(*SCORE)
    assert done.returncode == 0 and "Unchanged" in done.stdout
    assert "Đã công bố bản r2" in tthc(*SCORE, "--reason", "Thêm tệp Word").stdout
    assert (out(office, "r2") / REPORT).is_file()


# --- the reminder ----------------------------------------------------------------------------------------


def test_the_reminder_is_a_letter_and_an_edited_one_is_kept(office: Path, tthc: Tthc, put: Callable, rows) -> None:
    put(rows[:-1])
    done = tthc("check", "2022-Q1")
    path = office / "out" / "2022-Q1" / "ra-soat" / REMINDER
    assert f"data/out/2022-Q1/ra-soat/{REMINDER}" in done.stdout
    text = all_text(path.read_bytes())
    assert "V/v đôn đốc gửi số liệu chấm điểm việc giải quyết thủ tục hành chính quý I năm 2022" in text
    assert "Kính gửi: Xã D." in text and "- Như trên;" in text and "BÁO CÁO" not in text
    assert opened(path.read_bytes()).sections[0].left_margin.mm == pytest.approx(30, abs=0.1)

    mine = edited(path.read_bytes(), replaced("Lưu: VT.", "Lưu: VT, VP."))
    path.write_bytes(mine)
    put(rows[:-2])
    done = tthc("check", "2022-Q1")
    assert path.read_bytes() == mine and "đã có người sửa" in done.stdout
    assert "Xã C; Xã D" in all_text((path.parent / "nhac-viec (2).docx").read_bytes())
    put(rows)
    tthc("check", "2022-Q1")
    assert [p.name for p in path.parent.glob("nhac-viec*")] == [REMINDER]


def test_a_template_of_the_reminder(office: Path, tthc: Tthc, put: Callable, rows) -> None:
    own(office, "- {{ recipient }}", "- {{ recipient }} (bản điện tử)", REMINDER)
    put(rows[:-1])
    tthc("check", "2022-Q1")
    text = all_text((office / "out" / "2022-Q1" / "ra-soat" / REMINDER).read_bytes())
    assert "- Như trên; (bản điện tử)" in text


@pytest.mark.parametrize(
    ("name", "lock"),
    [("nhac-viec.docx", "~$ac-viec.docx"), ("bao-cao.docx", "~$ao-cao.docx"), ("mau-01.docx", "~$mau-01.docx"), ("bieu-so.xlsx", "~$bieu-so.xlsx")],
)  # fmt: skip
def test_lock_files_of_office_programs(tmp_path: Path, name: str, lock: str) -> None:
    assert lock_file_of(tmp_path, name) == ""
    (tmp_path / lock).touch()
    assert lock_file_of(tmp_path, name) == lock


# --- the PDF ---------------------------------------------------------------------------------------------


@pytest.fixture
def libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a program in the place of LibreOffice. Its last argument is the Word file, the one before it the folder."""

    def install(script: str) -> None:
        path = tmp_path / "soffice"
        path.write_text(f'#!/bin/sh\nfor last; do :; done\nfolder=$(dirname "$last")\n{script}\n')
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv(pdf.SOFFICE, str(path))

    return install


def printed(docx: bytes = b"docx") -> tuple[dict[str, bytes], list[str]]:
    lines: list[str] = []
    with lines_to(lines.append):
        return pdf.print_report(docx), lines


def test_folders_of_killed_runs_are_removed_and_no_others(
    libreoffice: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary, kept = tmp_path / "tmp", tmp_path / "kept"
    for name in ("tthc-pdf-old", "tthc-pdf-running", "other"):
        (temporary / name / "profile").mkdir(parents=True)
    kept.mkdir()
    (temporary / "tthc-pdf-link").symlink_to(kept)
    for path in (temporary / "tthc-pdf-old", temporary / "other", kept):
        os.utime(path, (1, 1))
    monkeypatch.setattr(pdf.tempfile, "tempdir", str(temporary))
    libreoffice('printf "%%PDF" > "$folder/bao-cao.pdf"')
    assert printed()[0]
    assert sorted(p.name for p in temporary.iterdir()) == ["other", "tthc-pdf-link", "tthc-pdf-running"]
    assert kept.is_dir()


def test_a_pdf_is_part_of_the_revision_and_makes_none(office: Path, tthc: Tthc, libreoffice: Callable) -> None:
    libreoffice('echo "%PDF-1.6 $(date +%N)" > "$folder/bao-cao.pdf"')
    assert tthc(*SCORE).returncode == 0
    assert (out(office) / "bao-cao.pdf").read_bytes().startswith(b"%PDF")
    assert "bao-cao.pdf" in manifest(office)["files"]
    assert "Unchanged" in tthc(*SCORE).stdout


@pytest.mark.usefixtures("published", "upgraded")
def test_a_revision_without_pdf_is_not_published_again_for_it(tthc: Tthc, libreoffice: Callable) -> None:
    libreoffice('echo "%PDF" > "$folder/bao-cao.pdf"')
    assert "Unchanged" in tthc(*SCORE).stdout


@pytest.mark.parametrize("script", ["exit 3", 'echo "no" > "$folder/bao-cao.pdf"', "kill -9 $$"])
def test_a_failed_conversion_is_said_and_fails_nothing(libreoffice: Callable, script: str) -> None:
    libreoffice(script)
    files, (line,) = printed()
    assert files == {} and line.startswith("Không lập được bao-cao.pdf bằng LibreOffice")


def test_a_conversion_that_hangs_is_ended_with_what_it_started(
    tmp_path: Path, libreoffice: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 0.5)
    libreoffice(f"sleep 600 & echo $! > {tmp_path}/child; wait")
    files, (line,) = printed()
    assert files == {} and "giây" in line
    child = int((tmp_path / "child").read_text())
    state = Path(f"/proc/{child}/stat")
    assert not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z"


def test_without_libreoffice_a_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(pdf.SOFFICE, "khong-co-chuong-trinh-nay")
    monkeypatch.setattr(pdf, "_PLACES", ())
    files, (line,) = printed()
    assert files == {} and "chưa cài LibreOffice" in line
    monkeypatch.setenv(pdf.SOFFICE, pdf.NO_PDF)
    assert printed() == ({}, [])


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_prints_the_report(office: Path, published: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(pdf.SOFFICE)
    files, lines = printed((out(office) / REPORT).read_bytes())
    assert lines == [] and files[pdf.PDF].startswith(b"%PDF")
