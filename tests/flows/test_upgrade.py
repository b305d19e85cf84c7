"""A published quarter and a program that was changed since: unchanged as long as it says the same."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from commands import Tthc, tree
from upgrades import SENTENCE, other_bytes, other_code, other_versions, without_ledger

from flows.steps import job as jobs
from flows.steps import manifest_draft, revision_draft
from flows.steps.failures import JobFailed
from flows.steps.job import Job
from flows.steps.scoring_steps import run
from pipeline import quarter
from pipeline.publish.fingerprint import sha256
from pipeline.publish.revision_diff import changes
from pipeline.publish.revision_tables import read_frames
from pipeline.publish.revisions import read_manifest
from pipeline.publish.signing import record_signing
from schemas.manifest import Manifest

SCORE = ("score", "2022-Q1", "--direct")
SIGN = ("sign", "2022-Q1", "r1", "--number", "85/BC-UBND", "--date", "2022-03-18", "--despite", "thử")


def out(office: Path, revision: str = "r1") -> Path:
    return office / "out" / "2022-Q1" / revision


@pytest.fixture
def signed(published: None, tthc: Tthc) -> None:
    """r1 is published and signed."""
    assert tthc(*SIGN).returncode == 0


@pytest.fixture
def rescored(monkeypatch: pytest.MonkeyPatch, upgraded: None) -> None:
    """An upgrade that gives half a point, not one, for a dossier resolved on time."""
    choose = jobs.choose

    def changed(*arguments: Any) -> Any:
        choice = choose(*arguments)
        first, *others = choice.rulebook.criteria
        options = [o.model_copy(update={"points": Fraction(1, 2)}) if o.id == "1" else o for o in first.options]
        criteria = [first.model_copy(update={"options": options}), *others]
        return replace(choice, rulebook=choice.rulebook.model_copy(update={"criteria": criteria}))

    monkeypatch.setattr(jobs, "choose", changed)


# --- the same inputs, the same content ---------------------------------------------------------------------


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, bytes]]:
    """The files that were rendered, a dictionary each time."""
    made: list[dict[str, bytes]] = []
    render = quarter.render

    def noted(*arguments: Any) -> dict[str, bytes]:
        made.append(render(*arguments))
        return made[-1]

    monkeypatch.setattr(quarter, "render", noted)
    return made


@pytest.mark.parametrize(("upgrade", "same_bytes"), [(other_code, True), (other_versions, True), (other_bytes, False)])
@pytest.mark.usefixtures("signed")
def test_an_upgrade_that_says_the_same_publishes_nothing(
    office: Path, tthc: Tthc, monkeypatch: pytest.MonkeyPatch, rendered: list, upgrade: Callable, same_bytes: bool
) -> None:
    before = tree(office / "out")
    upgrade(monkeypatch)
    for reason in ((), ("--reason", "thử lại")):
        done = tthc(*SCORE, *reason)
        assert (done.returncode, done.stderr) == (0, "")
        assert "Unchanged – Không có gì thay đổi so với r1" in done.stdout
    assert tree(office / "out") == before
    assert len(rendered) == 2
    assert (rendered[0]["cham-diem.xlsx"] == before["2022-Q1/r1/cham-diem.xlsx"]) is same_bytes


@pytest.mark.usefixtures("published")
def test_the_same_program_renders_nothing_again(tthc: Tthc, rendered: list, request: pytest.FixtureRequest) -> None:
    assert "Unchanged" in tthc(*SCORE).stdout
    assert rendered == []
    request.getfixturevalue("upgraded")
    assert "Unchanged" in tthc(*SCORE).stdout
    assert len(rendered) == 1


@pytest.mark.usefixtures("signed", "reworded")
def test_a_replacing_revision_stays_what_it_is_under_the_next_program(
    office: Path, tthc: Tthc, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its page and sheet of changes name both programs: they are not compared."""
    assert "Đã công bố bản r2" in tthc(*SCORE, "--reason", "Câu chữ mới").stdout
    before = tree(office / "out")
    monkeypatch.setattr(manifest_draft, "code_hash", lambda: "1" * 64)
    other_bytes(monkeypatch)
    assert "Unchanged – Không có gì thay đổi so với r2" in tthc(*SCORE).stdout
    assert tree(office / "out") == before


# --- a revision of the program before the manifest named it ------------------------------------------------


@pytest.fixture
def older(office: Path, monkeypatch: pytest.MonkeyPatch) -> Manifest:
    """r1 as that program published it, signed: no `built_with`, a fingerprint of inputs and program."""
    with monkeypatch.context() as patch:
        draft = revision_draft.draft_manifest
        without = {"built_with": None, "fingerprint": sha256(b"inputs, code and versions of libraries")}
        patch.setattr(revision_draft, "draft_manifest", lambda *a: draft(*a).model_copy(update=without))
        run(Job.of("2022-Q1", office, None))
    path = out(office) / "manifest.json"
    facts = json.loads(path.read_text("utf-8"))
    del facts["built_with"]
    path.write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", "utf-8")
    without_ledger(office / "out")
    at = dt.datetime(2022, 3, 18, tzinfo=dt.UTC)
    record_signing(path.parent.parent, "r1", number="85/BC-UBND", date=at.date(), by="văn thư", at=at, despite="thử")
    return read_manifest(path.parent)


def test_a_revision_of_an_older_program_is_unchanged_too(office: Path, tthc: Tthc, older: Manifest) -> None:
    assert older.built_with is None
    report = (out(office) / "bao-cao.md").read_text("utf-8")
    assert f"- Dấu nhận dạng của dữ liệu vào, quy định và chương trình: {older.fingerprint}." in report
    before = tree(office / "out")
    assert "Unchanged – Không có gì thay đổi so với r1" in tthc(*SCORE).stdout
    assert tree(office / "out") == before


def test_a_revision_of_an_older_program_can_be_compared_listed_and_replaced(
    office: Path, tthc: Tthc, older: Manifest, reworded: None
) -> None:
    assert "đã ký 85/BC-UBND" in tthc("history").stdout
    assert tthc(*SIGN).returncode == 0  # once more: nothing to write
    assert "Chương trình đã được nâng cấp" in tthc(*SCORE).stderr
    assert "Đã công bố bản r2" in tthc(*SCORE, "--reason", "Câu chữ mới").stdout
    report = (out(office, "r2") / "bao-cao.md").read_text("utf-8")
    assert f"- Dấu nhận dạng của dữ liệu vào và quy định: {read_manifest(out(office, 'r2')).fingerprint}." in report
    page = (out(office, "r2") / "thay-doi.md").read_text("utf-8")
    assert tthc("diff", "2022-Q1", "r1", "r2").stdout == page
    assert "| Phiên bản chương trình |" in page


# --- the same inputs, other content ------------------------------------------------------------------------


@pytest.mark.usefixtures("signed", "reworded")
def test_another_sentence_in_a_signed_quarter_needs_a_reason(office: Path, tthc: Tthc) -> None:
    before = tree(office / "out")
    done = tthc(*SCORE)
    assert done.returncode == 1
    assert "Chương trình đã được nâng cấp từ khi công bố bản r1 của quý I năm 2022" in done.stderr
    assert "Kỳ này đã ký Báo cáo số 85/BC-UBND ngày 18/3/2022" in done.stderr
    (line,) = [x for x in done.stderr.splitlines() if x.startswith("- ")]
    assert line.startswith("- bao-cao.md, dòng ")
    assert f": “{SENTENCE[0]} 600 hồ sơ" in line and f" → “{SENTENCE[1]} 600 hồ sơ" in line
    assert "Không có gì được công bố" in done.stderr and "tthc score 2022-Q1 --reason" in done.stderr
    assert tree(office / "out") == before


@pytest.mark.usefixtures("signed", "reworded")
def test_with_a_reason_the_replacing_report_is_published(office: Path, tthc: Tthc) -> None:
    done = tthc(*SCORE, "--reason", "Câu chữ mới của mục 2.1")
    assert done.returncode == 0, done.stderr
    report = (out(office, "r2") / "bao-cao.md").read_text("utf-8")
    assert SENTENCE[1] in report and "*(Thay thế Báo cáo số 85/BC-UBND ngày 18/3/2022 của " in report
    manifest = read_manifest(out(office, "r2"))
    assert (manifest.reason, manifest.replaces) == ("Câu chữ mới của mục 2.1", "Báo cáo số 85/BC-UBND ngày 18/3/2022")
    assert "Unchanged – Không có gì thay đổi so với r2" in tthc(*SCORE).stdout


@pytest.mark.usefixtures("published", "reworded")
def test_a_quarter_that_is_not_signed_is_published_again_without_asking(office: Path, tthc: Tthc) -> None:
    assert "Đã công bố bản r2" in tthc(*SCORE).stdout
    page = (out(office, "r2") / "thay-doi.md").read_text("utf-8")
    assert "| Phiên bản chương trình |" in page and "Tệp đầu vào: không thay đổi." in page


@pytest.mark.usefixtures("published")
def test_the_page_of_changes_names_the_libraries(
    office: Path, tthc: Tthc, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    was = read_manifest(out(office)).built_with
    other_versions(monkeypatch)
    request.getfixturevalue("reworded")
    tthc(*SCORE)
    page = (out(office, "r2") / "thay-doi.md").read_text("utf-8")
    assert was is not None and f"| Thư viện openpyxl | {was.versions['openpyxl']} | 99.0 |" in page


@pytest.mark.usefixtures("signed", "rescored")
def test_a_changed_figure_names_unit_and_criterion(office: Path, tthc: Tthc) -> None:
    before = tree(office / "out")
    done = tthc(*SCORE)
    assert done.returncode == 1
    lines = [x for x in done.stderr.splitlines() if x.startswith("- ")]
    # Phòng A resolved 60 early and 35 on time: 155/95 before, 137,5/95 now
    label = "1. Tổng thời gian giải quyết hồ sơ thủ tục hành chính"
    assert f"- Phòng A, {label}: 1,63 → 1,45;" in lines
    assert any(line.startswith("- Phòng A, Tổng điểm: ") for line in lines)
    assert len(lines) == 11 and lines[-1].startswith("- và ") and lines[-1].endswith(" chỗ khác nữa.")
    assert "bao-cao.md" not in done.stderr
    assert tree(office / "out") == before


@pytest.mark.usefixtures("signed", "rescored")
def test_the_number_of_figures_left_out_is_right(office: Path, tthc: Tthc) -> None:
    said = tthc(*SCORE).stderr
    assert tthc(*SCORE, "--reason", "Quy định đã sửa").returncode == 0
    frames = [
        read_frames(
            {p.name: p.read_bytes() for p in out(office, r).iterdir() if p.is_file()}, read_manifest(out(office, r))
        )
        for r in ("r1", "r2")
    ]
    assert f"- và {changes(*frames).results - 10} chỗ khác nữa." in said


@pytest.mark.usefixtures("signed")
def test_an_alternative_of_a_signed_quarter_is_published_without_asking(
    tthc: Tthc, request: pytest.FixtureRequest
) -> None:
    other = (*SCORE, "--rulebook", "tt-01-2018")
    assert "Đã công bố phương án r1" in tthc(*other).stdout
    request.getfixturevalue("reworded")
    assert "Đã công bố phương án r2" in tthc(*other).stdout


def test_the_reason_of_the_schedule_replaces_no_signed_report(office: Path, signed: None, reworded: None) -> None:
    asked = Job.of("2022-Q1", office, None, reason="Chạy theo lịch, ngày 20/3/2022", automatic=True)
    with pytest.raises(JobFailed, match="Chương trình đã được nâng cấp"):
        run(asked)
    assert not out(office, "r2").exists()


@pytest.mark.usefixtures("signed", "reworded")
def test_a_signed_revision_that_was_altered_is_published_again_as_ever(office: Path, tthc: Tthc) -> None:
    (out(office) / "bao-cao.md").write_text("sửa tay")
    done = tthc(*SCORE)
    assert "Đã công bố bản r2" in done.stdout and "r1: bao-cao.md thiếu hoặc đã bị sửa" in done.stdout


# --- what the folders hold ---------------------------------------------------------------------------------


@pytest.fixture
def second_quarter(office: Path, export: Callable[..., bytes], rows: tuple) -> None:
    """2022-Q2 has an export, not published yet."""
    raw = office / "raw" / "2022-Q2"
    raw.mkdir()
    (raw / "cong.xlsx").write_bytes(export(rows, "Quý II năm 2022"))


@pytest.mark.usefixtures("signed", "second_quarter")
def test_a_later_quarter_published_meanwhile_is_no_other_content(
    office: Path, tthc: Tthc, request: pytest.FixtureRequest
) -> None:
    assert tthc("score", "2022-Q2", "--direct").returncode == 0
    request.getfixturevalue("upgraded")
    done = tthc(*SCORE)
    assert "Unchanged" in done.stdout and "Chú ý: Đã công bố quý II năm 2022" in done.stdout, done.stderr


@pytest.mark.usefixtures("second_quarter")
def test_a_revision_that_warns_of_a_later_quarter_is_compared_with_its_warning(
    office: Path, tthc: Tthc, request: pytest.FixtureRequest
) -> None:
    assert tthc("score", "2022-Q2", "--direct").returncode == 0
    assert tthc(*SCORE).returncode == 0
    assert "later_published" in (out(office) / "findings.csv").read_text("utf-8")
    assert tthc(*SIGN).returncode == 0
    request.getfixturevalue("upgraded")
    assert "Unchanged" in tthc(*SCORE).stdout
    (office / "out" / "2022-Q2").rename(office / "out" / "2022-Q2-cu")
    assert "Unchanged" in tthc(*SCORE).stdout


@pytest.mark.parametrize("program", ["same", "upgraded"])
@pytest.mark.usefixtures("signed")
def test_a_file_that_is_left_alone_is_another_input(
    office: Path, tthc: Tthc, request: pytest.FixtureRequest, program: str
) -> None:
    if program == "upgraded":
        request.getfixturevalue("upgraded")
    (office / "raw" / "2022-Q1" / "them").mkdir()
    done = tthc(*SCORE)
    assert done.returncode == 0, done.stderr
    assert "Đã công bố bản r2" in done.stdout
    assert "Unchanged" in tthc(*SCORE).stdout
