"""The office's file of a data folder: found, absent, damaged, unreadable."""

from pathlib import Path

import pytest

from flows.steps.failures import JobFailed
from flows.steps.stored_office import office_file_path, stored_office

TEXT = 'name = "UBND thành phố A"\nprovince = "Điện Biên"\n'


def write(data_dir: Path, content: bytes) -> Path:
    path = office_file_path(data_dir)
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


def test_a_folder_without_the_file_has_no_office(tmp_path: Path) -> None:
    assert stored_office(tmp_path) is None


def test_the_office_of_the_file(tmp_path: Path) -> None:
    write(tmp_path, TEXT.encode())
    found = stored_office(tmp_path)
    assert found is not None
    assert found.name == "UBND thành phố A"


def test_a_fault_names_the_path_and_the_line(tmp_path: Path) -> None:
    path = write(tmp_path, (TEXT + 'sdt = "x"\n').encode())
    with pytest.raises(JobFailed, match=f"{path}, dòng 3, mục sdt"):
        stored_office(tmp_path)


def test_a_file_that_is_none_is_a_failure(tmp_path: Path) -> None:
    office_file_path(tmp_path).mkdir(parents=True)
    with pytest.raises(JobFailed, match=r"Không đọc được .*office\.toml"):
        stored_office(tmp_path)


def test_a_file_that_nobody_wrote_is_not_read_to_its_end(tmp_path: Path) -> None:
    write(tmp_path, b"#" * 2_000_000)
    with pytest.raises(JobFailed, match="lớn hơn 1 MB"):
        stored_office(tmp_path)
