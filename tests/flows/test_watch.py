"""The landing zone: when a period is at rest, what starts a review, what does not, and what a restart remembers."""

import os
from pathlib import Path
from typing import Any

import pytest

from flows import watch
from flows.steps.failures import JobFailed
from flows.watch import Watcher, single_watcher


class Zone:
    """A data folder, a watcher of it and what it started."""

    def __init__(self, data: Path) -> None:
        self.data, self.started, self.keys, self.said = data, [], [], []
        self.refuse: Exception | None = None
        (data / "raw").mkdir(parents=True)
        self.restart()

    def restart(self) -> None:
        self.watch = Watcher(self.data, self._start, self.said.append)

    def _start(self, period: str, key: str) -> None:
        if self.refuse is not None:
            raise self.refuse
        self.started.append(period)
        self.keys.append(key)

    def put(self, name: str, data: bytes = b"x", period: str = "2022-Q1") -> Path:
        path = self.data / "raw" / period / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def looks(self, n: int = 2) -> list[str]:
        before = len(self.started)
        for _ in range(n):
            self.watch.poll()
        return self.started[before:]


@pytest.fixture
def zone(tmp_path: Path) -> Zone:
    return Zone(tmp_path / "data")


def test_new_file_starts_one_review_once_it_is_at_rest(zone: Zone) -> None:
    zone.put("cong.xlsx")
    assert zone.looks(1) == []
    assert zone.looks(1) == ["2022-Q1"]
    assert zone.looks(5) == []


def test_file_still_being_copied_is_waited_for(zone: Zone) -> None:
    for size in range(1, 5):
        zone.put("cong.xlsx", b"x" * size)
        assert zone.looks(1) == []
    assert zone.looks(1) == ["2022-Q1"]


@pytest.mark.parametrize("folder", ["phieu", "thay-the"])
def test_what_units_send_starts_a_review(zone: Zone, folder: str) -> None:
    zone.put("cong.xlsx")
    zone.looks()
    zone.put(f"{folder}/xa-c.xlsx")
    assert zone.looks() == ["2022-Q1"]


def test_change_addition_and_removal_start_a_touch_does_not(zone: Zone) -> None:
    path = zone.put("cong.xlsx")
    zone.looks()
    os.utime(path, ns=(1, 1))
    assert zone.looks(3) == []
    zone.put("cong.xlsx", b"y")
    os.utime(path, ns=(2, 2))
    assert zone.looks(3) == ["2022-Q1"]
    other = zone.put("khac.xlsx")
    assert zone.looks(3) == ["2022-Q1"]
    other.unlink()
    assert zone.looks(3) == ["2022-Q1"]
    path.unlink()
    assert zone.looks(3) == ["2022-Q1"]  # what was said of its files is no longer true
    assert zone.looks(3) == []


def test_same_content_again_after_another_is_reviewed_again_under_a_key_of_its_own(zone: Zone) -> None:
    for data in (b"a", b"b", b"a"):
        zone.put("cong.xlsx", data)
        assert zone.looks(3) == ["2022-Q1"]
    assert len(set(zone.keys)) == 3


@pytest.mark.parametrize(
    "name",
    [
        "~$cong.xlsx", ".an", ".DS_Store", "ket-qua-ra-soat.xlsx", "ket-qua-ra-soat (2).xlsx", "~$ket-qua-ra-soat.xlsx",
        "cong.xlsx.tmp", "cong.part", "phieu-gui-di/Xã C.xlsx", "cu/cong.xlsx", "phieu/~$Xã C.xlsx",
    ],
)  # fmt: skip
def test_what_is_nobodys_data_starts_nothing(zone: Zone, name: str) -> None:
    zone.put("cong.xlsx")
    zone.looks()
    zone.put(name)
    assert zone.looks(3) == []


def test_returned_workbooks_count(zone: Zone) -> None:
    zone.put("phieu/Xã C.xlsx")
    assert zone.looks(3) == ["2022-Q1"]
    zone.put("phieu/Xã D.xlsx")
    assert zone.looks(3) == ["2022-Q1"]


def test_periods_do_not_wait_for_each_other(zone: Zone) -> None:
    zone.put("a.xlsx", period="2022-Q1")
    zone.put("a.xlsx", period="2022-Q2")
    zone.put("a.xlsx", period="nháp")
    zone.put("a.xlsx", period="2022-Q5")
    zone.looks(1)
    zone.put("a.xlsx", b"more", period="2022-Q1")
    assert zone.looks(1) == ["2022-Q2"]
    assert zone.looks(1) == ["2022-Q1"]


def test_restart_starts_nothing_twice_and_forgets_no_change(zone: Zone) -> None:
    zone.put("cong.xlsx")
    zone.looks()
    zone.restart()
    assert zone.looks(3) == []
    zone.put("cong.xlsx", b"changed while nobody looked")
    zone.restart()
    assert zone.looks(3) == ["2022-Q1"]
    assert len(set(zone.keys)) == 2


def test_crash_between_start_and_memory_asks_again_with_the_same_key(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    zone.put("cong.xlsx")
    with monkeypatch.context() as patch:
        patch.setattr(Watcher, "_remember", lambda _: (_ for _ in ()).throw(OSError("no space")))
        zone.looks(2)
    zone.restart()
    zone.looks(2)
    assert len(zone.started) == 2 and len(set(zone.keys)) == 1  # the server makes one run of one key


def test_server_that_is_away_is_said_once_and_the_change_is_not_lost(zone: Zone) -> None:
    zone.put("cong.xlsx")
    zone.refuse = ConnectionError("refused")
    assert zone.looks(5) == []
    assert len(zone.said) == 1
    zone.refuse = None
    assert zone.looks(1) == ["2022-Q1"]


def test_quarters_published_before_anybody_watched_are_left_alone(zone: Zone) -> None:
    zone.put("cong.xlsx")
    (zone.data / "out" / "2022-Q1").mkdir(parents=True)
    (zone.data / "out" / "2022-Q1" / "current.json").write_text("{}")
    assert zone.looks(3) == []
    zone.put("cong.xlsx", b"new")
    assert zone.looks(3) == ["2022-Q1"]


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"2022-Q1": 1}'])
def test_damaged_memory_is_said_and_begun_anew(zone: Zone, damage: bytes) -> None:
    zone.put("cong.xlsx")
    zone.looks()
    (zone.data / "out" / ".theo-doi.json").write_bytes(damage)
    zone.restart()
    assert "không đọc được" in zone.said[-1]
    assert zone.looks(3) == ["2022-Q1"]


def test_one_watcher_a_data_folder(tmp_path: Path) -> None:
    with single_watcher(tmp_path) as first, single_watcher(tmp_path) as second:
        assert first and not second
    with single_watcher(tmp_path) as again:
        assert again


def test_the_trouble_of_one_period_is_not_the_others(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    zone.put("cong.xlsx")
    other = zone.data / "raw" / "2021-Q4"
    other.mkdir()
    (other / "cong.xlsx").write_bytes(b"x")
    real = watch.folder_snapshot

    def look(folder: Path) -> Any:
        if folder.name == "2021-Q4":
            raise OSError(5, "Input/output error")
        return real(folder)

    monkeypatch.setattr(watch, "folder_snapshot", look)
    assert zone.looks(3) == ["2022-Q1"]


@pytest.mark.parametrize(
    ("error", "shown", "hidden"),
    [
        (ValueError("Lò Văn Zqua 0987650001"), "ValueError", "Zqua"),
        (PermissionError(13, "Permission denied", "/kho/2022-Q1"), "Permission denied: /kho/2022-Q1", "Errno"),
        (JobFailed("Máy chủ không nhận mật khẩu."), "Máy chủ không nhận mật khẩu.", "…"),
    ],
)
def test_a_foreign_message_is_not_repeated(zone: Zone, error: Exception, shown: str, hidden: str) -> None:
    zone.put("cong.xlsx")
    zone.refuse = error
    zone.looks()
    assert shown in zone.said[-1] and hidden not in zone.said[-1]
