"""The state of a revision: what its manifest recorded, or what an older one can still tell."""

import datetime as dt
from pathlib import Path

import pytest

from pipeline.publish.fingerprint import sha256
from pipeline.publish.publication import publish
from pipeline.publish.revision_state import READY, revision_state
from pipeline.publish.revisions import read_manifest
from schemas.manifest import Manifest, SignatureItem, Signing, UnitCounts

AT = dt.datetime(2022, 3, 18, 9, tzinfo=dt.UTC)
ITEM = SignatureItem(kind="field", what="Họ tên người ký còn trống.", action="Nhập tên.")
FINDINGS = """\ufeffseverity,code,file,sheet,cell,message,action
error,identity_broken,a.xlsx,S,C7,Không khớp.,Xuất lại.
warning,class_unknown,,,,Chưa rõ phân loại.,Xác định.
warning,level_differs,a.xlsx,S,C9,Chênh.,Đối chiếu.
notice,unit_no_dossiers,a.xlsx,S,C8,Không có hồ sơ.,
"""


#: what was signed
SIGNED_CONTENT = b"{}"


def manifest(items: list[SignatureItem] | None, *, alternative: bool = False, scored: int = 1) -> Manifest:
    return Manifest(
        period="2022-Q1", revision="r1", previous=None, alternative=alternative, rulebook=None, reason="",
        fingerprint="0" * 64, code_version="0", registry_sha256="0" * 64, inputs=[], set_aside=[],
        units=UnitCounts(scored=scored, set_aside=0, without_dossiers=0), totals=[], before_signature=items,
        findings={"error": 0, "warning": 0, "notice": 0}, flow_run_id=None, created_at=AT, files={},
    )  # fmt: skip


def signing(revision: str = "r1", missing: tuple[str, ...] = ()) -> Signing:
    return Signing(
        revision=revision, manifest_sha256=sha256(SIGNED_CONTENT), number="85/BC-UBND", date=AT.date(), recorded_by="an",
        recorded_at=AT, missing=missing, despite="gấp" if missing else "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("items", "signings", "text"),
    [
        ([ITEM], (), "dự thảo (còn 1 việc trước khi ký)"),
        ([], (), READY),
        ([], (signing(),), "đã ký 85/BC-UBND ngày 18/3/2022"),
        ([ITEM], (signing(missing=("tên",)),), "đã ký 85/BC-UBND ngày 18/3/2022 (ký khi còn thiếu 1 việc)"),
        ([], (signing(), signing("r2")), "đã ký 85/BC-UBND ngày 18/3/2022, nay đã được thay thế"),
        ([ITEM], (signing("r2"),), "dự thảo (còn 1 việc trước khi ký)"),
    ],
)
def test_draft_ready_or_signed(
    tmp_path: Path, items: list[SignatureItem], signings: tuple[Signing, ...], text: str
) -> None:
    (tmp_path / "manifest.json").write_bytes(SIGNED_CONTENT)
    state = revision_state(tmp_path, manifest(items), signings)
    assert state is not None
    assert (state.text, state.worked_out) == (text, False)


def test_a_signing_counts_for_the_content_that_was_signed(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(b"other")
    state = revision_state(tmp_path, manifest([]), (signing(),))
    assert state is not None and state.text == READY


def test_an_alternative_has_no_state(tmp_path: Path) -> None:
    assert revision_state(tmp_path, manifest([], alternative=True), ()) is None


def test_the_state_of_an_older_revision_is_worked_out_from_its_tables(tmp_path: Path) -> None:
    fields = "\ufefffield,value\nplace,Điện Biên Phủ\nsigner_title,\n"
    files = {"findings.csv": FINDINGS.encode(), "report_fields.csv": fields.encode()}
    path = publish(tmp_path / "2022-Q1", files, manifest(None))
    assert "before_signature" not in (path / "manifest.json").read_text()
    state = revision_state(path, read_manifest(path), ())
    assert state is not None and state.worked_out
    assert [(item.kind, item.what) for item in state.items] == [
        ("error", "Không khớp."),
        ("class", "Chưa rõ phân loại."),
        ("field", "Chức vụ người ký còn trống."),
        ("field", "Họ tên người ký còn trống."),
    ]
    assert state.items[0].where == "a.xlsx › S › C7"


def test_an_older_revision_without_a_scored_unit_is_no_report_to_sign(tmp_path: Path) -> None:
    path = publish(tmp_path / "2022-Q1", {}, manifest(None, scored=0))
    state = revision_state(path, read_manifest(path), ())
    assert state is not None and [item.kind for item in state.items] == ["unit"]
