"""Two revisions, side by side."""

import datetime as dt

import pandas as pd
import pytest

from pipeline.load.content.changes import changes_markdown, kept_lines
from pipeline.publish.csv_tables import csv_bytes, read_csv_table
from pipeline.publish.fingerprint import sha256
from pipeline.publish.revision_diff import Change, changes
from pipeline.publish.revision_tables import IncomparableError, RevisionFrames, read_frames
from schemas.frames import ReplacedCounts
from schemas.manifest import InputFile, LevelTotal, Manifest, RulebookUsed, UnitCounts

COUNTS = [("xa-c", "received_online", 100), ("xa-c", "resolved_early", 28), ("xa-d", "received_online", 7)]
SCORES = [
    ("xa-c", "Xã C", 15.11, 7.11, "Xuất sắc", "Trung bình", 1),
    ("xa-d", "Xã D", 14.5, 6.5, "Tốt", "", 2),
]
ROWS = ["unit_id", "name", "total", "officer_average", "class_law", "class_local", "rank"]


def with_maximum(most: float) -> dict[str, bytes]:
    named = files()
    frame = read_frames(named, manifest("r1")).unit_scores.assign(total_max=str(most), officer_average_max="10")
    return {**named, "unit_scores.csv": csv_bytes(frame)}


def test_another_maximum_is_a_change_of_the_total() -> None:
    before, after = (read_frames(with_maximum(most), manifest(name)) for name, most in (("r1", 14), ("r2", 12)))
    found = changes(before, after)
    assert {(c.name, c.item, c.before, c.after) for c in found.totals} == {
        ("Xã C", "Tổng điểm tối đa", "14", "12"),
        ("Xã D", "Tổng điểm tối đa", "14", "12"),
    }
    assert changes(read_frames(files(), manifest("r1")), after).totals == ()


def manifest(revision: str, **changed: object) -> Manifest:
    facts: dict[str, object] = {
        "period": "2022-Q1",
        "revision": revision,
        "previous": None,
        "alternative": False,
        "rulebook": RulebookUsed(id="qd-1187-2019", sha256=sha256(b"rules")),
        "reason": "",
        "fingerprint": sha256(revision.encode()),
        "code_version": "0.1.0",
        "registry_sha256": sha256(b"registry"),
        "inputs": [InputFile(path="cong.xlsx", sha256=sha256(b"1"), role="counts")],
        "set_aside": [],
        "units": UnitCounts(scored=2, set_aside=0, without_dossiers=0),
        "totals": [LevelTotal(unit_id="xa", name="Cấp xã", total=14.86, total_max=18)],
        "findings": {"error": 0, "warning": 1, "notice": 2},
        "flow_run_id": None,
        "created_at": dt.datetime(2022, 3, 15, tzinfo=dt.UTC),
        "files": {},
    }
    return Manifest.model_validate({**facts, **changed})


def files(
    counts: list[tuple[str, str, int]] = COUNTS,
    scores: list[tuple[str, str, float, float, str, str, int]] = SCORES,
    criterion: float = 1.9666666667,
    status: str = "scored",
) -> dict[str, bytes]:
    units = pd.DataFrame(scores, columns=ROWS).assign(status=status, status_reason="")
    units["rank"] = units["rank"].astype("Int64")
    level = pd.DataFrame([("xa", "Cấp xã", 14.86, 6.86, "Tốt", "")], columns=ROWS[:-1])
    criteria = {
        "unit_id": ["xa-c"], "criterion": ["total_time"], "number": ["1"], "label": ["Thời gian"],
        "score": [criterion], "printed": [round(criterion, 2)],
    }  # fmt: skip
    officers = {
        "officer": ["Công chức 1", "Công chức 1"],
        "unit_id": ["xa-c", "xa-c"],
        "score": [8.0, 7.5],
        "class_law": "x",
    }
    tables = {
        "counts": pd.DataFrame(counts, columns=["unit_id", "measure", "value"]),
        "criterion_scores": pd.DataFrame(criteria),
        "unit_scores": units,
        "level_scores": level.assign(status="scored", status_reason=""),
        "officer_scores": pd.DataFrame(officers),
    }
    return {f"{name}.csv": csv_bytes(frame) for name, frame in tables.items()}


def side(revision: str, data: dict[str, bytes] | None = None, **changed: object) -> RevisionFrames:
    return read_frames(data or files(), manifest(revision, **changed))


def test_equal_revisions_have_no_changes() -> None:
    found = changes(side("r1"), side("r2"))
    assert found.results == 0
    assert found.inputs == found.grounds == ()
    assert "Không có số liệu, điểm, thứ hạng hay xếp loại nào thay đổi." in changes_markdown(found)


def test_inputs_are_told_by_hash() -> None:
    new = [
        InputFile(path="cong.xlsx", sha256=sha256(b"2"), role="counts"),
        InputFile(path="dieu-chinh.xlsx", sha256=sha256(b"3"), role="form"),
    ]
    old = [
        InputFile(path="cong.xlsx", sha256=sha256(b"1"), role="counts"),
        InputFile(path="cu.xlsx", sha256=sha256(b"4"), role="counts"),
    ]
    found = changes(side("r1", inputs=old), side("r2", inputs=new))
    assert [(c.name, c.item) for c in found.inputs] == [
        ("cong.xlsx", "sửa"),
        ("cu.xlsx", "bỏ"),
        ("dieu-chinh.xlsx", "thêm"),
    ]


def test_counts_are_compared_as_sums_of_their_cells() -> None:
    split = [("xa-c", "received_online", 60), ("xa-c", "received_online", 40), *COUNTS[1:]]
    assert changes(side("r1"), side("r2", files(split))).counts == ()
    corrected = [COUNTS[0], ("xa-c", "resolved_early", 25), COUNTS[2]]
    found = changes(side("r1"), side("r2", files(corrected))).counts
    assert found == (Change("xa-c", "Xã C", "Đã giải quyết trước hạn", "28", "25"),)


LEVELS = {"unit_scores.csv": "xa", "level_scores.csv": "xa"}


def with_levels(counts: list[tuple[str, str, int]], replaced: list[tuple[str, ...]] = ()) -> dict[str, bytes]:
    """Tables that say of what level each unit is, and which rows were replaced."""
    data = files(counts)
    for name, level in LEVELS.items():
        data[name] = csv_bytes(read_csv_table(data[name]).assign(level=level))
    if replaced:
        data["replaced.csv"] = csv_bytes(pd.DataFrame(replaced, columns=[*ReplacedCounts.to_schema().columns]))
    return data


def level_counts(c: int, d: int, level: int) -> list[tuple[str, str, int]]:
    return [("xa-c", "resolved_late", c), ("xa-d", "resolved_late", d), ("xa", "resolved_late", level)]


def kept(before: list[tuple[str, str, int]], after: list[tuple[str, str, int]]) -> list[str]:
    found = changes(side("r1", with_levels(before)), side("r2", with_levels(after)))
    return kept_lines(found)


def test_a_level_that_kept_its_number_is_told_with_the_one_that_fits() -> None:
    assert kept(level_counts(10, 28, 38), level_counts(6, 28, 38)) == [
        "Cấp xã, đã giải quyết quá hạn: số riêng 38 vẫn tính cả số cũ của Xã C (10, nay 6); "
        "số khớp với các đơn vị là 34."
    ]


def test_a_level_that_never_fitted_is_told_so() -> None:
    (line,) = kept(level_counts(10, 28, 40), level_counts(6, 28, 40))
    assert "số riêng vẫn là 40, trong khi số của Xã C (10, nay 6) đã đổi" in line
    assert line.endswith("số khớp với các đơn vị là 34; trước đó đã chênh 2.")


@pytest.mark.parametrize(
    "after",
    [
        level_counts(6, 28, 34),  # it followed
        level_counts(6, 32, 38),  # it fits all the same
        level_counts(10, 28, 38),  # nothing changed
        level_counts(6, 28, 38)[:2],  # it is the sum now
    ],
)
def test_a_level_that_fits_is_not_told(after: list[tuple[str, str, int]]) -> None:
    assert kept(level_counts(10, 28, 38), after) == []


def test_replaced_rows_are_told_once() -> None:
    row = ("xa-c", "resolved_late", "10", "6", "a.xlsx", "S", "J9", "thay-the/c.csv", "", "J2")
    same = ("xa-c", "resolved_early", "5", "5", "a.xlsx", "S", "H9", "thay-the/c.csv", "", "H2")
    told = ("nhập sót", "Công chức 1", "2022-03-20")
    counts = level_counts(6, 28, 34)
    before, undeclared = side("r1", with_levels(counts)), side("r2", with_levels(counts, [(*row, "", "", "")]))
    declared = side("r3", with_levels(counts, [(*row, *told), (*same, *told)]))
    page = changes_markdown(changes(before, declared))
    assert "| Xã C | Lý do: nhập sót; chấp nhận: Công chức 1, 20/3/2022 | a.xlsx | thay-the/c.csv |" in page
    assert "| Xã C | Đã giải quyết quá hạn | 10 (a.xlsx › S › J9) | 6 (thay-the/c.csv › J2) |" in page
    assert "trước hạn" not in page
    assert "Chưa ghi lý do và người chấp nhận" in changes_markdown(changes(before, undeclared))
    assert "nhập sót" in changes_markdown(changes(undeclared, declared))
    assert "gửi lại" not in changes_markdown(changes(declared, declared))


def test_a_unit_that_left_or_came_is_told() -> None:
    found = changes(side("r1"), side("r2", files(COUNTS[:2], SCORES[:1])))
    assert [(c.subject, c.item, c.after) for c in found.counts] == [("xa-d", "Tiếp nhận trực tuyến", "")]
    assert [(c.subject, c.before, c.after) for c in found.ranks] == [("xa-d", "2", "")]
    assert [(c.subject, c.before, c.after) for c in found.status] == [("xa-d", "được chấm điểm", "")]


def test_totals_ranks_and_classes() -> None:
    turned = [("xa-c", "Xã C", 14.2, 6.2, "Tốt", "Trung bình", 2), ("xa-d", "Xã D", 14.5, 6.5, "Tốt", "", 1)]
    found = changes(side("r1"), side("r2", files(scores=turned)))
    assert [(c.item, c.before, c.after) for c in found.totals] == [
        ("Tổng điểm", "15.11", "14.2"),
        ("ĐTB CCVC", "7.11", "6.2"),
    ]
    assert [(c.subject, c.before, c.after) for c in found.ranks] == [("xa-c", "1", "2"), ("xa-d", "2", "1")]
    assert [(c.item, c.before, c.after) for c in found.classes] == [("Xếp loại theo quy định", "Xuất sắc", "Tốt")]
    page = changes_markdown(found)
    assert "| Xã C | Tổng điểm | 15,11 | 14,20 |" in page
    assert "## Thứ hạng (2)" in page


def test_a_change_below_two_decimals_is_still_seen() -> None:
    found = changes(side("r1"), side("r2", files(criterion=1.9688888889)))
    assert [c.item for c in found.criteria] == ["1. Thời gian"]
    assert "| Xã C | 1. Thời gian | 1,9667 | 1,9689 |" in changes_markdown(found)


def test_namesakes_are_two_officers() -> None:
    data = files()
    data["officer_scores.csv"] = data["officer_scores.csv"].replace(b"7.5", b"7.0")
    found = changes(side("r1"), side("r2", data)).officers
    assert [(c.name, c.before, c.after) for c in found] == [("Công chức 1 – Xã C (2)", "7.5", "7.0")]


def test_grounds_and_reason() -> None:
    after = side("r2", rulebook=None, code_version="0.2.0", registry_sha256=sha256(b"2"), reason="Sửa | *theo* <cổng>")
    found = changes(side("r1"), after)
    assert [c.item for c in found.grounds] == ["Danh mục đơn vị", "Quy định chấm điểm", "Phiên bản chương trình"]
    assert "Lý do: Sửa \\| \\*theo\\* &lt;cổng&gt;\n" in changes_markdown(found)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("counts.csv", None, "thiếu counts.csv"),
        ("counts.csv", b"unit_id\nx\n", "thiếu cột measure, value"),
        ("counts.csv", b"unit_id,measure,value\nxa,received_online,nhieu\n", "không phải số nguyên"),
        ("unit_scores.csv", b"", "không đọc được unit_scores.csv"),
        ("unit_scores.csv", b"\xff\xfe\x00", "không đọc được unit_scores.csv"),
    ],
)
def test_tables_that_cannot_be_read_are_named(name: str, data: bytes | None, said: str) -> None:
    given = {k: v for k, v in files().items() if k != name} | ({name: data} if data is not None else {})
    with pytest.raises(IncomparableError, match=said):
        read_frames(given, manifest("r1"))
