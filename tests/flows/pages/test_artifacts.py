"""What a chief of office reads in Prefect's pages: results first, whole sentences, no more than is read."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from flows.commands.summary import MOST_ASIDE, summary_sentences
from flows.pages import changes_page as changes_page_module
from flows.pages.changes_page import changes_page
from flows.pages.findings_page import findings_page
from flows.pages.scoreboard_page import scoreboard_page
from flows.steps import scoring_steps as steps
from flows.steps.job import Job
from flows.steps.run_values import Draft
from flows.steps.scoring_steps import run
from flows.steps.waiting_reminder import Reminder
from pipeline.result import Scored

#: fewer than the pages have, so that a small office fills them
MOST_ROWS = 10


def asked(office: Path) -> Job:
    return Job.of("2022-Q1", office, None, reason="Xã C gửi lại")


def drafted(office: Path) -> tuple[Scored, Draft]:
    """What would be published now."""
    job = asked(office)
    inputs = steps.read_inputs(job)
    scored = steps.score_units(job, steps.check_counts(job, inputs))
    with job.lock():
        return scored, steps.write_reports(job, inputs, scored)


def changed(rows: tuple) -> tuple:
    """Xã C resolves a hundred later."""
    name, online, direct, before, early, on_time, late, in_time, overdue = rows[2]
    return (*rows[:2], (name, online, direct, before, early - 100, on_time, late + 100, in_time, overdue), rows[3])


def test_changes_begin_with_results_and_hold_no_hash(office: Path, put: Callable[..., None], rows: tuple) -> None:
    run(asked(office))
    put(changed(rows))
    found = drafted(office)[1].changes
    assert found is not None
    page = changes_page(found)
    heads = [line for line in page.splitlines() if line.startswith("## ")]
    order = [
        next(i for i, h in enumerate(heads) if h.startswith(f"## {t}")) for t in ("Tổng điểm", "Số liệu", "Điểm từng")
    ]
    assert order == sorted(order)
    assert "- cong.xlsx: sửa" in page and "Lý do: Xã C gửi lại" in page
    assert "băm" not in page
    assert not [c for c in found.inputs if c.after[:12] in page]


def test_a_file_set_aside_does_not_fill_the_page(
    office: Path, put: Callable[..., None], rows: tuple, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes_page_module, "MOST_ROWS", MOST_ROWS)
    run(asked(office))
    put((rows[3], (*rows[0][:4], rows[0][4] + 1, *rows[0][5:])))  # of the two units left one contradicts itself
    found = drafted(office)[1].changes
    assert found is not None and len(found.counts) > MOST_ROWS
    page = changes_page(found)
    tables = page.split("## ")[1:]
    assert all(sum(line.startswith("| ") for line in t.splitlines()) <= MOST_ROWS + 1 for t in tables)
    longer = [t for t in tables if "dòng nữa trong tệp thay-doi.md" in t]
    left = len(found.counts) - MOST_ROWS
    assert any(f"Còn {left} dòng nữa" in t for t in longer)
    states = next(t for t in tables if t.startswith("Tình trạng đơn vị"))
    assert "| Đơn vị | Trước | Sau |" in states and "---:" not in states


def test_a_message_is_whole_sentences_with_the_first_things_set_aside(
    office: Path, put: Callable[..., None], rows: tuple
) -> None:
    put((*((*row[:4], row[4] + 1, *row[5:]) for row in rows[:3]), rows[3]))
    (office / "raw" / "2022-Q1" / "hong.xlsx").write_bytes(b"PK\x03\x04 hong")
    (office / "raw" / "2022-Q1" / "la.xlsx").write_bytes(b"la")
    (office / "raw" / "2022-Q1" / "khac.xlsx").write_bytes(b"khac")
    outcome = run(asked(office))
    told = summary_sentences(outcome, "/so-lieu/bao-cao.md")
    assert all(line.endswith(".") and line == line.strip() for line in told.splitlines())
    aside = [line for line in told.splitlines() if line.startswith("Để riêng: ")]
    more = len({(s.what, s.unit_id, s.file, s.title) for s in outcome.manifest.set_aside}) - MOST_ASIDE
    assert len(aside) == MOST_ASIDE and more > 0
    assert f"Để riêng còn {more} mục nữa, xem trang phát hiện." in told
    assert told.splitlines()[-2] == "Báo cáo: /so-lieu/bao-cao.md."
    assert told.splitlines()[-1].startswith("Sổ công bố: mục 1, mã kiểm ")
    again = summary_sentences(run(asked(office)), "x")
    assert again.startswith("Không có gì thay đổi so với r1") and "Unchanged" not in again


def test_what_costs_a_file_comes_first_and_what_to_do_is_said_once() -> None:
    columns = ("severity", "message", "action", "file", "sheet", "cell", "sets_aside")
    frame = pd.DataFrame(
        [
            ("error", "Xã A chỉ có trong tệp", "Sửa tệp.", "a.xlsx", "", "B1", "unit"),
            ("error", "Xã B chỉ có trong tệp", "Sửa tệp.", "a.xlsx", "", "B2", "unit"),
            ("error", "Dòng tổng sai", "Sửa dòng tổng.", "a.xlsx", "", "B9", "file"),
            ("warning", "Tệp cũ", "Xem lại.", "b.xlsx", "", "", "none"),
        ],
        columns=list(columns),
        dtype="str",
    )
    lines = [
        line.split(" *(")[0] for line in findings_page(frame, "quý I").splitlines() if line.lstrip().startswith("- ")
    ]
    assert lines == [
        "- Dòng tổng sai", "    - Việc cần làm: Sửa dòng tổng.", "- Xã A chỉ có trong tệp", "- Xã B chỉ có trong tệp",
        "    - Việc cần làm: Sửa tệp.", "- Tệp cũ", "    - Việc cần làm: Xem lại.",
    ]  # fmt: skip


def test_the_scoreboard_has_the_classes_of_the_report(office: Path) -> None:
    scored, _ = drafted(office)
    head = "| Hạng | Đơn vị | Tổng điểm | ĐTB CCVC |"
    assert f"{head} Phân loại | Theo quy định |" in scoreboard_page(scored, "quý I")
    job = Job.of("2022-Q1", office, "tt-01-2018")
    other = steps.score_units(job, steps.check_counts(job, steps.read_inputs(job)))
    assert f"{head} Phân loại | Theo quy định |" in scoreboard_page(other, "quý I")


def test_the_page_of_who_has_not_sent_holds_the_letter_of_the_check(
    office: Path, put: Callable[..., None], rows: tuple, tthc: Callable[..., object]
) -> None:
    put(rows[:3])
    tthc("check", "2022-Q1")
    letter = (office / "out" / "2022-Q1" / "ra-soat" / "don-doc.md").read_text("utf-8")
    assert "Xã D" in letter
    job = asked(office)
    checked = steps.check_counts(job, steps.read_inputs(job))
    reminder = Reminder.of_checked(job, checked, frozenset())
    before, _, copied = reminder.markdown.partition("\n---\n\n")
    assert copied.strip() == letter.strip()
    assert "- Xã D" in before and "Chưa gửi: Xã D." in reminder.text
    # nothing was exported yet: no unit can mend that, and there is no letter
    assert "---" not in Reminder.nothing_arrived(job).markdown
