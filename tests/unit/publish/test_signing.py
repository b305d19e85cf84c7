"""A signed revision: what may be signed, what the record holds, what others compare themselves with."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from upgrades import without_ledger

from pipeline.periods import Period
from pipeline.publish import atomic_files, revisions
from pipeline.publish.atomic_files import PublishError
from pipeline.publish.fingerprint import sha256
from pipeline.publish.ledger import LEDGER
from pipeline.publish.publication import publish
from pipeline.publish.signed_revisions import read_signings, reference_revision, signed, signings_damage
from pipeline.publish.signing import parse_date, parse_number, record_signing, report_name, signing_warnings
from schemas.manifest import Manifest, SignatureItem, Signing, Signings, UnitCounts

Q1 = Period(2022, 1)
AT = dt.datetime(2022, 3, 18, 9, tzinfo=dt.UTC)


def manifest(revision: str, *, alternative: bool = False) -> Manifest:
    return Manifest(
        period="2022-Q1", revision=revision, previous=None, alternative=alternative, rulebook=None, reason="",
        fingerprint=sha256(revision.encode()), code_version="0", registry_sha256=sha256(b""), inputs=[], set_aside=[],
        units=UnitCounts(scored=1, set_aside=0, without_dossiers=0), totals=[],
        findings={"error": 0, "warning": 0, "notice": 0}, flow_run_id=None, created_at=AT, files={},
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """2022-Q1 with r1, r2 (current)."""
    place = tmp_path / "2022-Q1"
    for revision in ("r1", "r2"):
        publish(place, {"counts.csv": revision.encode()}, manifest(revision))
    return place


@pytest.fixture
def put(folder: Path) -> Callable[..., Signing]:
    def call(revision: str, number: str = "85/BC-UBND", day: int = 18, **more: Any) -> Signing:
        date = dt.date(2022, 3, day)
        return record_signing(folder, revision, **{"number": number, "date": date, "by": "an", "at": AT, **more})

    return call


def content(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_nothing_is_signed_at_first_and_the_current_revision_is_compared_with(folder: Path) -> None:
    assert signed(folder) is None
    found = reference_revision(folder.parent, Q1)
    assert found is not None
    assert (found.manifest.revision, found.path, found.signing, found.damage) == ("r2", folder / "r2", None, ())
    assert reference_revision(folder.parent, Q1.next) is None


def test_the_record_stands_beside_the_revisions_which_do_not_change(folder: Path, put: Callable[..., Signing]) -> None:
    before = content(folder)
    made = put("r1")
    assert signed(folder) == made
    after = content(folder)
    record = json.loads(after.pop("ky-ban-hanh.json"))
    assert after == before
    assert record["signings"] == [{
        "revision": "r1", "manifest_sha256": sha256((folder / "r1" / "manifest.json").read_bytes()),
        "number": "85/BC-UBND", "date": "2022-03-18", "recorded_by": "an", "recorded_at": "2022-03-18T09:00:00Z",
    }]  # fmt: skip
    assert report_name(made) == "Báo cáo số 85/BC-UBND ngày 18/3/2022"
    assert revisions.current_revision(folder).manifest == revisions.read_manifest(folder / "r2")


def test_the_signed_revision_is_compared_with_before_the_current_one(folder: Path, put: Callable[..., Signing]) -> None:
    put("r1")
    found = reference_revision(folder.parent, Q1)
    assert found is not None and found.signing is not None
    assert (found.manifest.revision, found.path, found.signing.number) == ("r1", folder / "r1", "85/BC-UBND")


def test_another_one_needs_replace_and_the_first_is_remembered(folder: Path, put: Callable[..., Signing]) -> None:
    put("r1")
    before = content(folder)
    with pytest.raises(PublishError, match=r"Bản r1 đã ký \(Báo cáo số 85/BC-UBND ngày 18/3/2022\).*--replace"):
        put("r2", "97/BC-UBND")
    assert content(folder) == before
    put("r2", "97/BC-UBND", replace=True)
    assert [(s.revision, s.number) for s in read_signings(folder)] == [
        ("r1", "85/BC-UBND"),
        ("r2", "97/BC-UBND"),
    ]
    now = signed(folder)
    assert now is not None and now.revision == "r2"


def test_the_same_again_writes_nothing_and_a_wrong_number_is_put_right(
    folder: Path, put: Callable[..., Signing]
) -> None:
    put("r1", "58/BC-UBND")
    before = content(folder)
    assert put("r1", "58/BC-UBND", by="bình", at=AT + dt.timedelta(days=1)).recorded_by == "an"
    assert content(folder) == before
    with pytest.raises(PublishError, match="--replace"):
        put("r1", "85/BC-UBND")
    put("r1", "85/BC-UBND", replace=True)
    assert [s.number for s in read_signings(folder)] == ["85/BC-UBND"]


@pytest.mark.parametrize(
    ("revision", "said"),
    [
        ("r3", r"Không có bản “r3” trong .* \(có: r1, r2\)"),
        ("R1", "Không có bản “R1”"),
        ("phuong-an/tt-01-2018/r1", "phương án tham khảo"),
    ],
)
def test_what_is_no_revision_proper_is_refused(
    folder: Path, put: Callable[..., Signing], revision: str, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        put(revision)
    assert not (folder / "ky-ban-hanh.json").exists()


def test_an_alternative_is_refused_wherever_it_lies(folder: Path) -> None:
    place = folder / "phuong-an" / "tt-01-2018"
    publish(place, {}, manifest("r1", alternative=True))
    with pytest.raises(ValueError, match="phương án tham khảo"):
        record_signing(place, "r1", number="85/BC-UBND", date=AT.date(), by="", at=AT)


@pytest.mark.parametrize("revision", ["r1", "r2"])
@pytest.mark.parametrize("change", ["counts.csv", "manifest.json"])
def test_an_altered_revision_is_refused(folder: Path, put: Callable[..., Signing], revision: str, change: str) -> None:
    path = folder / revision / change
    path.write_bytes(path.read_bytes() + b" " if change == "counts.csv" else b"{}")
    with pytest.raises((PublishError, ValueError), match=change):
        put(revision)
    assert not (folder / "ky-ban-hanh.json").exists()


def test_manifest_edited_so_that_it_still_reads_is_seen_for_the_current_one(
    folder: Path, put: Callable[..., Signing]
) -> None:
    path = folder / "r2" / "manifest.json"
    path.write_text(path.read_text().replace('"reason": ""', '"reason": "khác"'))
    with pytest.raises(PublishError, match="không còn như đã công bố"):
        put("r2")


@pytest.mark.parametrize("name", ["counts.csv", "manifest.json"])
def test_a_signed_revision_that_was_altered_later_is_told(folder: Path, put: Callable[..., Signing], name: str) -> None:
    put("r1")
    path = folder / "r1" / name
    path.write_bytes(path.read_bytes() + b"\n")
    found = reference_revision(folder.parent, Q1)
    assert found is not None
    assert (found.manifest.revision, found.altered) == ("r1", (name,))
    assert found.damage == (f"r1: {name} thiếu hoặc đã bị sửa sau khi ký.",)


def test_a_signed_revision_that_is_gone_gives_way_to_the_current_one(folder: Path, put: Callable[..., Signing]) -> None:
    put("r1")
    (folder / "r1" / "manifest.json").unlink()
    found = reference_revision(folder.parent, Q1)
    assert found is not None and found.signing is None
    assert found.manifest.revision == "r2"
    assert "r1: manifest.json thiếu" in found.damage[0]


@pytest.mark.parametrize("damaged", ["{", "", None, '{"signings": []}'])
def test_an_altered_file_of_signings_is_not_used_and_is_written_again(
    folder: Path, put: Callable[..., Signing], damaged: str | None
) -> None:
    put("r1")
    before = (folder / "ky-ban-hanh.json").read_bytes()
    (folder / "ky-ban-hanh.json").unlink()
    if damaged is not None:
        (folder / "ky-ban-hanh.json").write_text(damaged)
    found = signed(folder)
    assert found is not None and found.revision == "r1"
    assert "lấy từ sổ công bố" in signings_damage(folder)
    put("r1")
    assert (folder / "ky-ban-hanh.json").read_bytes() == before
    assert signings_damage(folder) == ""


def test_a_file_of_signings_that_the_ledger_does_not_hold_signs_nothing(
    folder: Path, put: Callable[..., Signing]
) -> None:
    record = Signings(signings=(put("r1"),)).model_dump_json()
    max((folder.parent / LEDGER).iterdir()).unlink()
    (folder / "ky-ban-hanh.json").write_text(record)
    assert signed(folder) is None
    assert "không có trong sổ công bố" in signings_damage(folder)


def test_an_unreadable_record_of_a_program_without_a_ledger_is_no_missing_record(
    folder: Path, put: Callable[..., Signing]
) -> None:
    without_ledger(folder.parent)
    (folder / "ky-ban-hanh.json").write_text("{")
    with pytest.raises(ValueError, match=r"ky-ban-hanh\.json không đọc được"):
        signed(folder)
    found = reference_revision(folder.parent, Q1)
    assert found is not None and "không đọc được" in found.damage[0]
    with pytest.raises(PublishError, match="--replace"):
        put("r1")
    put("r1", replace=True)
    assert signed(folder) is not None


def test_disk_that_does_not_take_the_record_keeps_the_old_one(
    folder: Path, put: Callable[..., Signing], monkeypatch: pytest.MonkeyPatch
) -> None:
    put("r1")
    before = content(folder)
    monkeypatch.setattr(atomic_files.os, "fsync", lambda handle: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(PublishError, match=r"hết dung lượng đĩa\. Không có gì được ghi"):
        put("r2", "97/BC-UBND", replace=True)
    assert content(folder) == before


@pytest.mark.parametrize(
    ("text", "expected"),
    [("85/BC-UBND", "85/BC-UBND"), (" Số: 07/BC-VP ", "07/BC-VP"), ("12a/BC-UBND.TH", "12a/BC-UBND.TH")],
)
def test_numbers_of_documents(text: str, expected: str) -> None:
    assert parse_number(text) == expected


@pytest.mark.parametrize("text", ["", "85", "BC-UBND", "85 BC", "…/BC-UBND", "85/BC-UBND | x", "85/" + "B" * 60])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="viết như 85/BC-UBND"):
        parse_number(text)


@pytest.mark.parametrize("text", ["2022-03-18", "18/3/2022", " 18/03/2022 "])
def test_dates(text: str) -> None:
    assert parse_date(text, Q1) == dt.date(2022, 3, 18)


@pytest.mark.parametrize("text", ["", "18-3", "2022-02-30", "30/2/2022", "2022"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="viết như 18/3/2022 hoặc 2022-03-18"):
        parse_date(text, Q1)


def test_a_report_is_not_signed_before_its_quarter_ends() -> None:
    assert parse_date("2022-03-14", Q1) == Q1.end
    with pytest.raises(ValueError, match="trước ngày cuối của quý I năm 2022 \\(14/3/2022\\)"):
        parse_date("2021-03-18", Q1)


NAME = SignatureItem(kind="field", what="Họ tên người ký còn trống.", where="bo-sung.xlsx", action="Nhập tên.")


def test_what_is_missing_refuses_the_signature_line_by_line(folder: Path, put: Callable[..., Signing]) -> None:
    error = SignatureItem(kind="error", what="Tệp hỏng.", action="Xuất lại.")
    publish(folder, {"counts.csv": b"r3"}, manifest("r3").model_copy(update={"before_signature": [error, NAME]}))
    before = content(folder)
    with pytest.raises(PublishError) as refused:
        put("r3")
    lines = str(refused.value).splitlines()
    assert "Bản r3 chưa đủ điều kiện ký: còn 2 việc." in lines[0]
    assert lines[1:3] == [
        "  1. Tệp hỏng. → Xuất lại.",
        "  2. Họ tên người ký còn trống. [bo-sung.xlsx] → Nhập tên.",
    ]
    assert "--despite" in lines[3] and content(folder) == before


def test_a_reason_signs_nevertheless_and_is_kept_when_a_number_is_put_right(
    folder: Path, put: Callable[..., Signing]
) -> None:
    publish(folder, {"counts.csv": b"r3"}, manifest("r3").model_copy(update={"before_signature": [NAME]}))
    signing = put("r3", despite="  ký gấp ")
    assert (signing.despite, len(signing.missing)) == ("ký gấp", 1)
    assert "Họ tên người ký" in signing.missing[0]
    right = put("r3", "86/BC-UBND", replace=True)
    assert (right.number, right.despite, right.missing) == ("86/BC-UBND", "ký gấp", signing.missing)
    assert read_signings(folder) == (right,)


def test_a_ready_revision_needs_no_reason_and_records_none(folder: Path, put: Callable[..., Signing]) -> None:
    publish(folder, {"counts.csv": b"r3"}, manifest("r3").model_copy(update={"before_signature": []}))
    signing = put("r3", despite="không cần")
    assert (signing.despite, signing.missing) == ("", ())


FIELDS = "\ufefffield,value,source_file,source_sheet,source_cell\nreport_number,{},bo-sung.xlsx,Báo cáo,B10\nreport_date,{},,,\n"


def test_a_number_or_day_that_the_report_does_not_print_is_doubted(folder: Path) -> None:
    fields = FIELDS.format("86/BC-UBND", "2022-03-21").encode()
    publish(folder, {"report_fields.csv": fields}, manifest("r3"))
    signing = record_signing(
        folder, "r3", number="85/BC-UBND", date=dt.date(2022, 3, 18), by="an", at=AT, despite="thử"
    )
    assert signing_warnings(folder, signing) == [
        "báo cáo của bản r3 in số 86/BC-UBND, số vừa ghi là 85/BC-UBND",
        "báo cáo của bản r3 in ngày 21/3/2022, ngày vừa ghi là 18/3/2022",
    ]
    right = record_signing(folder, "r3", number="86/BC-UBND", date=dt.date(2022, 3, 21), by="an", at=AT, replace=True)
    assert signing_warnings(folder, right) == []


def test_a_report_without_number_and_day_is_not_doubted(folder: Path, put: Callable[..., Signing]) -> None:
    publish(folder, {"report_fields.csv": FIELDS.format("", "").encode()}, manifest("r3"))
    assert signing_warnings(folder, put("r1")) == []  # no such file
    assert signing_warnings(folder, put("r3", "97/BC-UBND", day=19, replace=True, despite="thử")) == []


def test_a_day_before_the_replaced_report_is_doubted(folder: Path, put: Callable[..., Signing]) -> None:
    put("r1", day=18)
    assert signing_warnings(folder, put("r2", "97/BC-UBND", day=17, replace=True)) == [
        "ngày ký 17/3/2022 trước ngày của báo cáo được thay thế (Báo cáo số 85/BC-UBND ngày 18/3/2022)"
    ]
    assert signing_warnings(folder, put("r2", "97/BC-UBND", day=18, replace=True)) == []
