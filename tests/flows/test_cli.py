"""`tthc` as it is typed: exit status, what it says, what it writes."""

import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import Tthc, process, start, tree
from openpyxl import load_workbook

from pipeline.publish.atomic_files import period_lock


def manifest(office: Path, revision: str = "r1") -> dict[str, object]:
    read: dict[str, object] = json.loads((office / "out" / "2022-Q1" / revision / "manifest.json").read_text())
    return read


def test_direct_publishes_a_whole_revision_and_says_where(office: Path, tthc: Tthc) -> None:
    done = tthc("score", "2022-Q1", "--direct")
    assert done.returncode == 0, done.stderr
    for number in range(1, 6):
        assert f"[{number}/5]" in done.stdout
    assert "data/out/2022-Q1/r1/bao-cao.docx" in done.stdout
    assert "4 được chấm điểm, 0 để riêng" in done.stdout
    folder = office / "out" / "2022-Q1" / "r1"
    published = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert {
        "bao-cao.md", "bao-cao.docx", "cham-diem.xlsx", "doi-chieu.xlsx", "cham-diem-cong-khai.xlsx", "counts.csv", "criterion_scores.csv", "unit_scores.csv", "level_scores.csv",
        "officer_scores.csv", "findings.csv", "manifest.json",
    } <= published  # fmt: skip
    assert set(manifest(office)["files"]) == published - {"manifest.json"}  # type: ignore[call-overload]
    assert manifest(office)["flow_run_id"] is None


def test_prefect_is_not_loaded(office: Path) -> None:
    commands = (
        ("forms", "2022-Q1"),
        ("check", "2022-Q1"),
        ("score", "2022-Q1", "--direct"),
        ("rulebooks",),
        ("diff", "2022-Q1", "r1", "r1"),
    )
    earlier = """
import sys
from flows.cli import main
for command in {commands}:
    try:
        main(list(command))
    except SystemExit as end:
        print(end.code, "prefect" in sys.modules, *command, file=sys.stderr)
"""
    done = process(office, "rulebooks", before=earlier.format(commands=commands))
    assert done.stderr.splitlines() == [*(f"0 False {' '.join(c)}" for c in commands), "False"]


@pytest.mark.usefixtures("published")
def test_second_run_is_unchanged_and_writes_nothing(office: Path, tthc: Tthc) -> None:
    before = tree(office)
    done = tthc("score", "2022-Q1", "--direct", "--reason", "một lý do khác không phải là thay đổi")
    assert done.returncode == 0
    assert "Unchanged – Không có gì thay đổi so với r1" in done.stdout
    assert tree(office) == before


@pytest.mark.usefixtures("published")
def test_changed_input_is_a_new_revision_with_what_changed(
    office: Path, tthc: Tthc, put: Callable[..., None], rows: tuple
) -> None:
    first = tree(office / "out" / "2022-Q1" / "r1")
    name, online, direct, before, early, on_time, late, in_time, overdue = rows[2]
    put((*rows[:2], (name, online, direct, before, early - 10, on_time + 10, late, in_time, overdue), rows[3]))
    done = tthc("score", "2022-Q1", "--direct", "--reason", "Xã C đính chính")
    assert done.returncode == 0
    assert tree(office / "out" / "2022-Q1" / "r1") == first
    assert (manifest(office, "r2")["previous"], manifest(office, "r2")["reason"]) == ("r1", "Xã C đính chính")
    page = (office / "out" / "2022-Q1" / "r2" / "thay-doi.md").read_text()
    assert "Lý do: Xã C đính chính" in page
    assert f"| Xã C | Đã giải quyết trước hạn | {early} | {early - 10} |" in page
    assert "| cong.xlsx | sửa |" in page
    assert tthc("diff", "2022-Q1", "r1", "r2").stdout == page


@pytest.mark.usefixtures("published")
def test_same_inputs_elsewhere_give_the_same_bytes(office: Path, tthc: Tthc) -> None:
    one = tree(office / "out" / "2022-Q1" / "r1")
    for path in sorted((office / "out").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    tthc("score", "2022-Q1", "--direct")
    other = tree(office / "out" / "2022-Q1" / "r1")
    del one["manifest.json"], other["manifest.json"]
    assert one == other


def test_unit_with_broken_counts_is_set_aside_and_the_rest_scored(
    office: Path, tthc: Tthc, put: Callable[..., None], broken_rows: tuple
) -> None:
    put(broken_rows)
    done = tthc("score", "2022-Q1", "--direct")
    assert done.returncode == 3
    assert "3 được chấm điểm, 1 để riêng" in done.stdout
    assert [(s["what"], s["unit_id"]) for s in manifest(office)["set_aside"]] == [("unit", "xa-d")]  # type: ignore[attr-defined]
    again = tthc("score", "2022-Q1", "--direct")
    assert again.returncode == 3
    assert "Unchanged" in again.stdout
    assert tthc("check", "2022-Q1", "--all").returncode == 3


def test_strict_publishes_nothing_on_an_error(
    office: Path, tthc: Tthc, put: Callable[..., None], broken_rows: tuple
) -> None:
    assert tthc("score", "2022-Q1", "--direct", "--strict").returncode == 0
    put(broken_rows)
    before = tree(office)
    done = tthc("score", "2022-Q1", "--direct", "--strict")
    assert done.returncode == 1
    assert "--strict" in done.stderr
    assert tree(office) == before


def test_strict_is_decided_before_the_fingerprint(
    office: Path, tthc: Tthc, put: Callable[..., None], broken_rows: tuple
) -> None:
    put(broken_rows)
    tthc("score", "2022-Q1", "--direct")
    assert tthc("score", "2022-Q1", "--direct", "--strict").returncode == 1


@pytest.mark.usefixtures("published")
def test_another_rulebook_is_an_alternative_that_leaves_the_current_revision(office: Path, tthc: Tthc) -> None:
    before = tree(office / "out")
    done = tthc("score", "2022-Q1", "--direct", "--rulebook", "tt-01-2018")
    assert done.returncode == 0
    after = tree(office / "out")
    assert {k: after[k] for k in before} == before
    new = {k for k in after if k not in before}
    assert "2022-Q1/phuong-an/tt-01-2018/r1/bao-cao.md" in new
    assert all(name.startswith(("2022-Q1/phuong-an/tt-01-2018/", "so-cong-bo/")) for name in new)


@pytest.mark.parametrize(
    "arguments",
    [
        ("score",),
        ("score", "2022-Q5", "--direct"),
        ("score", "2022-H3", "--direct"),
        ("score", "2022-Q1", "--rulebook", "qd-0", "--direct"),
        ("score", "2022-Q1", "--direct", "--nhanh"),
        ("check", "2022-Q1", "--data", "khong-co"),
        ("diff", "2022-Q1", "r1", "r2"),
        ("cham",),
    ],
)
def test_wrong_use(office: Path, tthc: Tthc, arguments: tuple[str, ...]) -> None:
    done = tthc(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("Sai cách dùng: ")
    assert not (office / "out").exists()


def test_without_any_file_the_run_fails_and_says_where_they_go(office: Path, tthc: Tthc) -> None:
    (office / "raw" / "2022-Q1" / "cong.xlsx").unlink()
    for period in ("2022-Q1", "2022-Q2"):
        done = tthc("score", period, "--direct")
        assert done.returncode == 1
        assert f"data/raw/{period}" in done.stderr
        assert not (office / "out" / period / "r1").exists()


def test_files_without_counts_fail_and_are_named_by_check(office: Path, tthc: Tthc) -> None:
    (office / "raw" / "2022-Q1" / "cong.xlsx").write_bytes(b"not a workbook")
    done = tthc("score", "2022-Q1", "--direct")
    assert done.returncode == 1
    assert "tthc check 2022-Q1" in done.stderr
    checked = tthc("check", "2022-Q1", "--all")
    assert checked.returncode == 1
    assert "cong.xlsx" in checked.stdout
    assert not (office / "out" / "2022-Q1" / "current.json").exists()


def test_registry_that_contradicts_itself_fails(office: Path, tthc: Tthc) -> None:
    registry = office / "reference" / "units.csv"
    registry.write_text(registry.read_text() + "xa-e,Xã D,unit,xa,xa,,,,,\n")
    done = tthc("score", "2022-Q1", "--direct")
    assert done.returncode == 1
    assert "Danh mục đơn vị không dùng được" in done.stderr
    registry.unlink()
    assert "không có tệp này" in tthc("check", "2022-Q1", "--all").stderr


def test_links_and_folders_are_findings_hidden_files_are_not(office: Path, tthc: Tthc) -> None:
    raw = office / "raw" / "2022-Q1"
    (raw / "lien-ket.xlsx").symlink_to(office / "reference" / "units.csv")
    (raw / "thu-muc").mkdir()
    (raw / ".an.xlsx").write_bytes(b"x")
    (raw / "~$cong.xlsx").write_bytes(b"x")
    done = tthc("check", "2022-Q1", "--all")
    assert done.returncode == 0, done.stderr
    assert "symlink" in done.stdout
    assert "thư mục con" in done.stdout
    assert ".an.xlsx" not in done.stdout
    assert "~$" not in done.stdout


def test_check_publishes_nothing_and_shows_provisional_scores(office: Path, tthc: Tthc) -> None:
    before = tree(office)
    done = tthc("check", "2022-Q1", "--all")
    assert "Điểm tạm tính" in done.stdout
    assert "Xã C: " in done.stdout
    review = "out/2022-Q1/ra-soat/"
    assert {n: d for n, d in tree(office).items() if not n.startswith(review)} == before


def test_period_without_rulebook_is_counted_not_scored(office: Path, tthc: Tthc, later: None) -> None:
    done = tthc("score", "2025-Q3", "--direct")
    assert done.returncode == 0, done.stderr
    assert "Chưa có căn cứ chấm điểm" in done.stdout
    assert "4 có số liệu" in done.stdout
    record = json.loads((office / "out" / "2025-Q3" / "r1" / "manifest.json").read_text())
    assert (record["rulebook"], record["totals"]) == (None, [])
    explicit = tthc("score", "2025-Q3", "--direct", "--rulebook", "qd-1187-2019")
    assert explicit.returncode == 0
    record = json.loads((office / "out" / "2025-Q3" / "r2" / "manifest.json").read_text())
    assert (record["rulebook"]["id"], record["alternative"]) == ("qd-1187-2019", False)


def test_forms_are_never_written_over(office: Path, tthc: Tthc) -> None:
    assert tthc("forms", "2022-Q1").returncode == 0
    raw = office / "raw" / "2022-Q1"
    forms = ("bo-sung", "dieu-chinh", "tu-cham", "giai-trinh", "tham-dinh", "phan-loai")
    names = {"cong.xlsx", "phieu", "phieu-gui-di", "thay-the", *(f"{form}.xlsx" for form in forms)}
    assert {p.name for p in raw.iterdir()} == names
    sent = sorted((raw / "phieu-gui-di").iterdir())
    assert len(sent) == 4  # one a unit
    (raw / "bo-sung.xlsx").write_bytes(b"filled in")
    sent[0].write_bytes(b"filled in")
    sent[1].unlink()
    done = tthc("forms", "2022-Q1")
    assert "giữ nguyên" in done.stdout and "giữ nguyên 3 phiếu" in done.stdout
    assert "đã tạo 1, có số liệu của cổng cho 4 đơn vị;" in done.stdout
    assert (raw / "bo-sung.xlsx").read_bytes() == b"filled in"
    assert sent[0].read_bytes() == b"filled in" and sent[1].is_file()


def test_rulebooks_say_which_applies_when(tthc: Tthc) -> None:
    said = tthc("rulebooks").stdout
    assert "từ 2019-Q4 đến 2025-Q2: qd-1187-2019" in said
    assert "từ 2025-Q3 đến 2025-Q3: chưa có căn cứ chấm điểm" in said


def test_no_traceback_for_what_nobody_foresaw(office: Path) -> None:
    done = process(
        office, "score", "2022-Q1", "--direct",
        before="import pipeline.quarter as q\nq.check = lambda *_: 1 / 0\n",
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert "ZeroDivisionError" in done.stderr
    log = office / "out" / "loi-chuong-trinh.log"
    assert str(log.relative_to(office.parent)) in done.stderr
    assert log.read_text().rstrip().endswith("ZeroDivisionError")


def test_direct_waits_for_a_run_of_the_same_period(office: Path) -> None:
    with period_lock(office / "out" / "2022-Q1"):
        second = start(office, "score", "2022-Q1", "--direct")
        assert second.stdout is not None
        assert "đợi đến lượt" in second.stdout.readline()
        assert not (office / "out" / "2022-Q1" / "r1").exists()
    rest = second.stdout.read()
    second.stdout.close()
    assert second.wait() == 0
    assert "Đã công bố bản r1" in rest


def test_kill_9_between_rename_and_current_is_adopted_by_the_next_run(office: Path, tthc: Tthc) -> None:
    killed = process(
        office, "score", "2022-Q1", "--direct",
        before="import os, signal, pipeline.publish.publication as r\n"
        "r._name_current = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\n",
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    assert not (office / "out" / "2022-Q1" / "current.json").exists()
    done = tthc("score", "2022-Q1", "--direct")
    assert done.returncode == 0
    assert "Unchanged" in done.stdout
    assert json.loads((office / "out" / "2022-Q1" / "current.json").read_text())["revision"] == "r1"


@pytest.mark.usefixtures("published")
def test_revision_edited_by_hand_is_published_again(office: Path, tthc: Tthc) -> None:
    (office / "out" / "2022-Q1" / "r1" / "bao-cao.md").write_text("sửa tay")
    done = tthc("score", "2022-Q1", "--direct")
    assert "Đã công bố bản r2" in done.stdout
    assert "r1: bao-cao.md thiếu hoặc đã bị sửa sau khi công bố" in done.stdout
    assert (office / "out" / "2022-Q1" / "r1" / "bao-cao.md").read_text() == "sửa tay"


def test_folder_that_cannot_be_written_fails_clearly(office: Path, tthc: Tthc) -> None:
    (office / "out").write_text("a file where the folder should be")
    done = tthc("score", "2022-Q1", "--direct")
    assert done.returncode == 1
    assert "Không ghi được vào data/out/2022-Q1: ở đó là một tệp" in done.stderr


def test_forms_are_filled_with_late_dossiers_and_never_over_a_file(office: Path, tthc: Tthc) -> None:
    raw = office / "raw" / "2022-Q1"
    (raw / "tu-cham.xlsx").write_bytes(b"filled in")
    done = tthc("forms", "2022-Q1")
    assert done.returncode == 0 and "Điền sẵn 2 đơn vị có hồ sơ quá hạn" in done.stdout
    assert (raw / "tu-cham.xlsx").read_bytes() == b"filled in"
    sheet = load_workbook(raw / "giai-trinh.xlsx")["Giải trình"]
    kind = "Đã giải quyết quá hạn"
    rows = [[c.value for c in row[:3]] for row in sheet.iter_rows(min_row=6, max_row=8)]
    assert rows == [["Phòng B", kind, 3], ["Xã C", kind, 2], [None, None, None]]
    assert [c.protection.locked for c in sheet[6]][:5] == [True, True, True, False, False]
    assert not sheet["C8"].protection.locked  # a row the analyst adds
    assert tthc("score", "2022-Q1", "--direct").returncode in (0, 3)


def test_the_form_of_explanations_shows_todays_late_dossiers_until_somebody_enters_something(
    office: Path, tthc: Tthc, put: Callable[..., None], rows: tuple
) -> None:
    raw = office / "raw" / "2022-Q1"
    (raw / "cong.xlsx").unlink()
    path = raw / "giai-trinh.xlsx"

    def forms() -> str:
        return next(x for x in tthc("forms", "2022-Q1").stdout.splitlines() if "giai-trinh.xlsx" in x)

    def late() -> list[list[object]]:
        cells = load_workbook(path)["Giải trình"].iter_rows(min_row=6, max_row=8, values_only=True)
        return [list(row[:3]) for row in cells if row[0]]

    assert "Đã tạo" in forms() and late() == []
    put(rows)
    assert "Đã cập nhật số hồ sơ quá hạn" in forms()
    kind = "Đã giải quyết quá hạn"
    assert late() == [["Phòng B", kind, 3], ["Xã C", kind, 2]]
    assert "giữ nguyên" in forms()
    put((rows[0], rows[1], ("Xã C", 100, 300, 4, 392, 10, 0, 2, 0), rows[3]))
    lock = raw / "~$giai-trinh.xlsx"
    lock.write_bytes(b"")
    assert "đang mở trong Excel" in forms() and len(late()) == 2
    lock.unlink()
    assert "Đã cập nhật" in forms() and late() == [["Phòng B", kind, 3]]
    put(rows)
    # a unit alone, a note far beside the table: somebody's words
    for cell, words in (("A7", "Xã C"), ("T9", "hỏi lại Phòng B")):
        kept = path.read_bytes()
        book = load_workbook(path)
        book["Giải trình"][cell] = words
        book.save(path)
        entered = path.read_bytes()
        assert "giữ nguyên" in forms() and path.read_bytes() == entered
        path.write_bytes(kept)
    assert "Đã cập nhật" in forms() and len(late()) == 2


@pytest.mark.usefixtures("published")
def test_explanations_reach_report_manifest_and_fingerprint(office: Path, tthc: Tthc) -> None:
    tthc("forms", "2022-Q1")
    path = office / "raw" / "2022-Q1" / "giai-trinh.xlsx"
    book = load_workbook(path)
    for row, count in ((6, 3), (7, 2)):
        book["Giải trình"].cell(row, 4).value, book["Giải trình"].cell(row, 5).value = "chờ phối hợp", count
    book.save(path)
    before = (office / "out" / "2022-Q1" / "r1" / "counts.csv").read_bytes()
    assert tthc("score", "2022-Q1", "--direct").returncode == 0
    second = office / "out" / "2022-Q1" / "r2"
    assert (second / "counts.csv").read_bytes() == before
    assert "do chờ phối hợp 03 hồ sơ" in (second / "bao-cao.md").read_text("utf-8")
    assert "giai-trinh.xlsx" in {i["path"] for i in manifest(office, "r2")["inputs"]}  # type: ignore[attr-defined]
    assert "Unchanged" in tthc("score", "2022-Q1", "--direct").stdout
