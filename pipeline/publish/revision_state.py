"""The state of a published revision: a draft, ready to be signed, or signed.

It follows from what the manifest recorded at publication (`Manifest.before_signature`) and from the signings of the
period. Revisions of older programs recorded no checklist: theirs is worked out from the tables that they have.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from pipeline.publish.csv_cells import plain_text
from pipeline.publish.revisions import MANIFEST, file_hash, published_file
from pipeline.text import nfc, row_range, vn_day, vn_int
from schemas.manifest import Manifest, SignatureItem, Signing

DRAFT, READY = "dự thảo", "đủ điều kiện ký"
#: said beside the state of a revision whose checklist is worked out
WORKED_OUT = (
    "bản do phiên bản cũ của chương trình công bố, chỉ xét được lỗi, phân loại và phần ký; "
    "chạy lại “tthc score” để xét đủ"
)
#: warnings that keep a revision of an older program from being signed -> kind of the item
_KINDS = {"class_unknown": "class", "level_without_units": "partial_level"}
#: fields of the report without which the signature has blanks -> label
_SIGNATURE_FIELDS = {
    "place": "Địa danh ghi trên báo cáo",
    "signer_title": "Chức vụ người ký",
    "signer": "Họ tên người ký",
}


@dataclass(frozen=True)
class RevisionState:
    """The state of a revision. `items`: what kept it from being signed when it was published.

    `signing`: the record of its signing, None without one; `replaced`: a later report replaced it; `worked_out`: an
    older program published it, so that `items` need not be complete.
    """

    items: tuple[SignatureItem, ...]
    signing: Signing | None = None
    replaced: bool = False
    worked_out: bool = False

    @property
    def text(self) -> str:
        """`dự thảo (còn 3 việc trước khi ký)`, `đủ điều kiện ký`, `đã ký 85/BC-UBND ngày 18/3/2022`."""
        if self.signing is not None:
            replaced = ", nay đã được thay thế" if self.replaced else ""
            despite = f" (ký khi còn thiếu {vn_int(len(self.signing.missing))} việc)" if self.signing.missing else ""
            return f"đã ký {self.signing.number} ngày {vn_day(self.signing.date)}{replaced}{despite}"
        return f"{DRAFT} (còn {vn_int(len(self.items))} việc trước khi ký)" if self.items else READY


def item_text(item: SignatureItem) -> str:
    """`Họ tên người ký còn trống. [bo-sung.xlsx › …] → Nhập vào bo-sung.xlsx rồi chạy lại.`"""
    return f"{item.what}{f' [{item.where}]' if item.where else ''} → {item.action}"


def revision_state(path: Path, manifest: Manifest, signings: Sequence[Signing]) -> RevisionState | None:
    """The state of a revision; None for an alternative, which is never signed.

    `path`: the revision's folder; `signings`: those of the period, oldest first. A signing counts for the content whose
    hash it names.
    """
    if manifest.alternative:
        return None
    signing = next((s for s in reversed(signings) if s.revision == manifest.revision), None)
    if signing is not None and file_hash(path / MANIFEST) != signing.manifest_sha256:
        signing = None  # another content was signed
    worked_out = manifest.before_signature is None
    items = tuple(_worked_out(path, manifest)) if manifest.before_signature is None else manifest.before_signature
    return RevisionState(tuple(items), signing, signing is not None and signing is not signings[-1], worked_out)


def _worked_out(path: Path, manifest: Manifest) -> Iterator[SignatureItem]:
    """The checklist of a revision of an older program, from its manifest, findings.csv and report_fields.csv."""
    if not manifest.units.scored:
        yield SignatureItem(
            kind="unit", what="Không đơn vị nào được chấm.", action="Sửa số liệu, nhập đủ tệp rồi chạy lại."
        )
    for row in _rows(path, manifest, "findings.csv"):
        kind = "error" if row.get("severity") == "error" else _KINDS.get(row.get("code", ""))
        if kind:
            parts = (row.get("file", ""), row.get("sheet", ""), row_range(row.get("cell", "")))
            yield SignatureItem.model_validate(
                {
                    "kind": kind,
                    "what": row.get("message", ""),
                    "where": " › ".join(p for p in parts if p),
                    "action": row.get("action", ""),
                }
            )
    if "report_fields.csv" in manifest.files:
        entered = {row.get("field") for row in _rows(path, manifest, "report_fields.csv") if row.get("value")}
        for field, label in _SIGNATURE_FIELDS.items():
            if field not in entered:
                yield SignatureItem(
                    kind="field",
                    what=f"{label} còn trống.",
                    where="bo-sung.xlsx › Thông tin báo cáo",
                    action="Nhập vào bo-sung.xlsx rồi chạy lại.",
                )


def _rows(path: Path, manifest: Manifest, table: str) -> list[dict[str, str]]:
    """The rows of a published table; none if it is not as published or no table. Raises OSError if a share is away."""
    with suppress(UnicodeError, csv.Error):
        text = (published_file(path, manifest, table) or b"").decode("utf-8-sig")
        return [
            {str(k): nfc(plain_text(v or "")) for k, v in row.items()}
            for row in csv.DictReader(StringIO(text, newline=""))
        ]
    return []
