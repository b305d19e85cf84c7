"""Vietnamese under old fonts or in a wrong encoding is named, in labels and above a table whose labels are Unicode."""

from pathlib import Path
from typing import Any

import pytest

import pipeline
from pipeline.extract.period import FilesReading, read_files
from pipeline.extract.wording.legacy_encodings import legacy_text
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.periods import Period
from pipeline.registry import UnitIndex

UNICODE = "STT;Đơn vị;Tổng tiếp nhận;Kỳ trước;Trong kỳ;Trước hạn;Đúng hạn;Quá hạn\n1;Phòng A;3;1;2;3;0;0\n"
TCVN3 = "STT;§¬n vÞ;Tæng tiÕp nhËn;Kú tr\u00adíc;Trong kú;Tr\u00adíc h¹n;§óng h¹n;Qu¸ h¹n\n1;Phßng A;3;1;2;3;0;0\n"
VNI = "STT;Ñôn vò;Toång tieáp nhaän;Kyø tröôùc;Trong kyø;Tröôùc haïn;Ñuùng haïn;Quaù haïn\n1;Phoøng A;3;1;2;3;0;0\n"


def reading(data: bytes, period: Period, index: UnitIndex) -> FilesReading:
    return read_files({"a.csv": data}, period, index, vocabulary())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (TCVN3.encode(), "TCVN3"),
        (TCVN3.encode("latin-1"), "TCVN3"),
        (VNI.encode(), "VNI"),
        (VNI.encode("latin-1"), "VNI"),
        (UNICODE.encode().decode("cp1252", "ignore").encode(), "sai bảng mã"),
        (UNICODE.encode("utf-7"), "UTF-7"),
        (UNICODE.encode("latin-1", "replace"), "dấu hỏi"),
    ],
)
def test_labels_that_are_not_unicode(data: bytes, said: str, period: Period, index: UnitIndex) -> None:
    read = reading(data, period, index)
    (finding,) = read.findings
    assert finding.code == "file_legacy_text" and said in finding.found and finding.cell
    assert read.files_set_aside() == {"a.csv"}


@pytest.mark.parametrize(
    "title", ["Tõ ngµy 15/12/2020 ®Õn ngµy 14/03/2021", "LÜnh vùc: §Êt ®ai", "Töø ngaøy 15/12/2020"]
)
def test_a_title_that_is_not_heard_refuses_its_table(title: str, period: Period, index: UnitIndex) -> None:
    read = reading(f"{title};;;;;;;\n{UNICODE}".encode(), period, index)
    assert [f.code for f in read.findings] == ["file_legacy_text"] and read.counts.frame(set()).empty


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-32-le", "utf-32-be"])
def test_unicode_is_read(encoding: str, period: Period, index: UnitIndex) -> None:
    read = reading(UNICODE.encode(encoding), period, index)
    assert (read.findings, set(read.counts.frame(set())["unit_id"])) == ([], {"phong-a"})


@pytest.mark.parametrize(
    "text",
    [
        "Đơn vị §1",
        "“Tiếp nhận” – số hồ sơ?",
        "Kỳ báo cáo: Quý I (×)",
        "TỔNG HỢP",
        "Nguyễn Văn Ö",
        "C+ABC-D",
        "mấy giờ?",
    ],
)
def test_what_is_unicode_is_not_suspected(text: str) -> None:
    assert legacy_text(text) == ""


def test_the_vocabulary_is_not_suspected(ii06a: Any) -> None:
    lines = Path(pipeline.__file__).with_name("reference").joinpath("labels.toml").read_text("utf-8").splitlines()
    assert [x for x in [*lines, *(t for row in ii06a for t in row)] if legacy_text(x)] == []
