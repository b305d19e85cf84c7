"""The deployments that do what a command does beside scoring: forms, the comparison of two revisions, signing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from commands import tree

from flows.steps import run_states
from pipeline.publish.signed_revisions import signed

pytestmark = pytest.mark.usefixtures("prefect_server", "office_data")

PERIOD = "2022-Q1"
SIGNED_REPORT = {"period": PERIOD, "number": "85/BC-UBND", "date": "18/3/2022", "requested_by": "Văn thư"}


@pytest.fixture
def office_data(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The office's folder is the one of the service."""
    monkeypatch.setenv("TTHC_DATA_DIR", str(office))


@pytest.fixture
def two_revisions(office_data: None, published: None, put: Callable[..., None], rows: tuple, office: Path) -> None:
    """r1, and r2 in which ten dossiers of Xã C are late."""
    from flows.rescore import rescore

    name, online, direct, before, early, on_time, late, in_time, overdue = rows[2]
    put((*rows[:2], (name, online, direct, before, early - 10, on_time, late + 10, in_time, overdue), rows[3]))
    state = rescore(period=PERIOD, reason="Xã C gửi lại", requested_by="Văn phòng", return_state=True)
    assert state.name == run_states.DONE


def forms(period: str = PERIOD) -> Any:
    from flows.make_forms import make_forms

    return make_forms(period, return_state=True)


def compare(**asked: str) -> Any:
    from flows.compare_published import compare_published

    return compare_published(**{"period": PERIOD, **asked}, return_state=True)


def sign(**asked: Any) -> Any:
    """Sign the office's report, which prints no number and no signer."""
    from flows.record_signing import record_signing

    return record_signing(**{**SIGNED_REPORT, "revision": "r1", "despite": "Ký gấp", **asked}, return_state=True)


def run_of(state: Any) -> Any:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        return client.read_flow_run(state.state_details.flow_run_id)


def page(key: str) -> str:
    from prefect.artifacts import Artifact

    found = Artifact.get(key)
    assert found is not None, key
    return str(found.data)


def refused(state: Any, *parts: str) -> None:
    """The run ended refused, with these parts in its message and without a traceback of an unexpected exception."""
    assert (state.type.value, state.name) == ("FAILED", run_states.FAILED)
    assert [part for part in parts if part not in state.message] == []
    assert "ngoài dự kiến" not in state.message


# --- tao-bieu --------------------------------------------------------------------------------------------


def test_forms_of_a_new_period_are_made_with_its_folder(office: Path) -> None:
    state = forms("2022-Q2")
    assert (state.type.value, state.name) == ("COMPLETED", run_states.FORMS_MADE)
    made = {p.name for p in (office / "raw" / "2022-Q2").iterdir()}
    assert {"bo-sung.xlsx", "dieu-chinh.xlsx", "giai-trinh.xlsx", "phieu", "phieu-gui-di"} <= made
    assert run_of(state).name == "2022-Q2 · tạo biểu"
    assert {"tthc", "2022-Q2", "tạo biểu"} <= set(run_of(state).tags)
    text = page("bieu-2022-q2")
    assert str(office / "raw" / "2022-Q2") in text and "- Đã tạo bo-sung.xlsx" in text


def test_forms_keep_what_was_entered(office: Path) -> None:
    forms()
    path = office / "raw" / PERIOD / "bo-sung.xlsx"
    book = openpyxl.load_workbook(path)
    book["Văn bản"]["B9"] = "Quyết định"
    book.save(path)
    entered = path.read_bytes()
    assert forms().name == run_states.FORMS_MADE
    assert path.read_bytes() == entered
    assert "- Đã có bo-sung.xlsx: giữ nguyên" in page("bieu-2022-q1")


def test_forms_without_a_usable_registry_are_refused(office: Path) -> None:
    (office / "reference" / "units.csv").write_text("nothing", "utf-8")
    refused(forms(), "Danh mục đơn vị không dùng được")


def test_pages_show_the_folder_as_offices_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTHC_SHARE", r"\\may-chu\tthc")
    assert r"\\may-chu\tthc\raw\2022-Q1" in forms().message
    text = page("bieu-2022-q1")
    assert r"    \\may-chu\tthc\raw\2022-Q1" in text.splitlines()
    assert "/raw/" not in text


# --- so-sanh-hai-ban -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("two_revisions")
@pytest.mark.parametrize("asked", [{}, {"before": "r1", "after": " r2 "}], ids=["newest", "named"])
def test_two_revisions_are_compared_in_a_page_and_a_workbook(office: Path, asked: dict[str, str]) -> None:
    before = {name: data for name, data in tree(office / "out").items() if name.startswith(f"{PERIOD}/r")}
    state = compare(**asked)
    assert (state.type.value, state.name) == ("COMPLETED", run_states.COMPARED)
    path = office / "out" / PERIOD / "so-sanh-r1-r2.xlsx"
    assert str(path) in state.message
    assert run_of(state).name.startswith("2022-Q1 · so sánh hai bản · r1 → r2 · ")
    assert "Xã C" in page("so-sanh-2022-q1")
    cells = [row for row in openpyxl.load_workbook(path).active.iter_rows(values_only=True) if "Xã C" in row]
    assert any("Đã giải quyết quá hạn" in row and {"2", "12"} <= set(row) for row in cells)
    assert {name: data for name, data in tree(office / "out").items() if name in before} == before
    assert "r2" in page("cac-ban-2022-q1")


@pytest.mark.usefixtures("published")
def test_one_revision_cannot_be_compared_with_itself_by_default(office: Path) -> None:
    refused(compare(), "Mới có bản r1 của quý I năm 2022", "cần hai bản")
    refused(compare(before="r1"), "ghi cả “Bản trước” và “Bản sau”")
    refused(compare(before="r1", after="r7"), "Không có bản “r7”", "(có: r1)", "Ghi lại tên bản")
    refused(compare(period="2022-Q3"), "Chưa có bản nào của quý III năm 2022")
    refused(compare(period="2022-Q3", before="r1", after="r2"), "chưa có bản nào", "công bố kỳ này trước")
    assert not list((office / "out").rglob("so-sanh*"))


@pytest.mark.usefixtures("two_revisions")
def test_a_comparison_that_is_open_in_excel_is_not_replaced(office: Path) -> None:
    (office / "out" / PERIOD / "~$so-sanh-r1-r2.xlsx").write_bytes(b"")
    refused(compare(), "đang mở trong Excel", "trang Artifacts")
    assert "Xã C" in page("so-sanh-2022-q1")


# --- ghi-ban-da-ky ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("two_revisions")
def test_a_signed_revision_is_recorded_with_what_follows(office: Path) -> None:
    state = sign()
    assert (state.type.value, state.name) == ("COMPLETED", run_states.SIGNED)
    assert "Báo cáo số 85/BC-UBND ngày 18/3/2022" in state.message
    assert "bản hiện hành là r2" in state.message
    found = signed(office / "out" / PERIOD)
    assert found is not None and (found.revision, found.recorded_by) == ("r1", "Văn thư")
    assert run_of(state).name == "2022-Q1 · ghi bản đã ký · r1 · 85/BC-UBND"
    assert "đã ký 85/BC-UBND" in page("cac-ban-2022-q1")
    refused(sign(revision="r2", number="90/BC-UBND"), "Bản r1 đã ký", "“Thay bản đã ghi”")
    assert sign(revision="r2", number="90/BC-UBND", replace=True).name == run_states.SIGNED
    found = signed(office / "out" / PERIOD)
    assert found is not None and found.revision == "r2"


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"revision": "r7"}, ("Không có bản “r7”", "(có: r1)")),
        ({"revision": "phuong-an/tt-01-2018/r1"}, ("phương án tham khảo",)),
        ({"number": "tám mươi lăm"}, ("Số văn bản", "85/BC-UBND")),
        ({"date": "31/2/2022"}, ("Ngày ký “31/2/2022” không đúng", "18/3/2022")),
        ({"date": "18/3/2021"}, ("trước ngày cuối của quý I năm 2022",)),
        ({"period": "quý 1"}, ("Kỳ “quý 1” không đúng dạng", "2022-Q1")),
        ({"period": "2022-Q3", "date": "18/9/2022"}, ("chưa có bản nào",)),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else "",
)
def test_a_signing_is_refused_with_what_is_wrong(office: Path, wrong: dict[str, str], told: tuple[str, ...]) -> None:
    state = sign(**wrong)
    refused(state, *told)
    assert run_of(state).name.endswith("· ghi bản đã ký · không thực hiện được")
    assert signed(office / "out" / PERIOD) is None
    assert not (office / "out" / "2022-Q3").exists()


@pytest.mark.usefixtures("published")
def test_a_revision_that_is_not_ready_is_signed_only_with_a_reason(office: Path) -> None:
    refused(sign(despite=" "), "chưa đủ điều kiện ký", "Việc cần làm", "ô “Vẫn ký vì”")
    assert signed(office / "out" / PERIOD) is None
    state = sign(despite="Ký gấp theo yêu cầu của UBND tỉnh")
    assert state.name == run_states.SIGNED
    assert "lý do: Ký gấp theo yêu cầu của UBND tỉnh" in state.message
    found = signed(office / "out" / PERIOD)
    assert found is not None and found.despite == "Ký gấp theo yêu cầu của UBND tỉnh" and found.missing


@pytest.mark.usefixtures("published")
def test_a_small_letter_in_the_period_is_understood(office: Path) -> None:
    assert sign(period=" 2022-q1 ").name == run_states.SIGNED
