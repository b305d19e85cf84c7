"""The registry of units of a data folder on disk: reference/units.csv, or units.xlsx in its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from flows.steps.failures import JobFailed
from flows.steps.typed_commands import init_command
from pipeline.publish.atomic_files import is_left_empty, is_transient, regular_bytes
from pipeline.registry_file import RegistryError, read_registry

#: names of the file; one of them is there
CSV, WORKBOOK = "units.csv", "units.xlsx"


@dataclass(frozen=True)
class StoredRegistry:
    """The file of a registry as bytes."""

    path: Path
    data: bytes

    def frame(self) -> pd.DataFrame:
        """The frame `schemas.frames.Registry`. Raises JobFailed for a registry that cannot be used."""
        try:
            return read_registry(self.data, self.path.name)
        except RegistryError as error:
            raise JobFailed(registry_error_text(error)) from None


def registry_error_text(error: RegistryError) -> str:
    """Vietnamese: the registry cannot be used, and why."""
    return f"Danh mục đơn vị không dùng được – {error}"


def registry_paths(data_dir: Path) -> list[Path]:
    """The files of the data folder that hold a registry: none, one or two. A file without content is none."""
    folder = data_dir / "reference"
    return [path for path in (folder / CSV, folder / WORKBOOK) if path.exists() and not is_left_empty(path)]


def stored_registry(data_dir: Path) -> StoredRegistry:
    """The registry of a data folder.

    Raises JobFailed if there is none, if both files are there, or if the file cannot be read.
    """
    found = registry_paths(data_dir)
    if len(found) > 1:
        raise JobFailed(
            f"Có hai danh mục đơn vị: {found[0]} và {found[1]}. Việc cần làm: giữ một tệp, chuyển tệp kia ra khỏi "
            "thư mục reference (xem hai tệp khác nhau ở đâu trước khi chuyển), rồi chạy lại."
        )
    path = found[0] if found else data_dir / "reference" / CSV
    empty = next((p for p in (path, path.with_name(WORKBOOK)) if not found and is_left_empty(p)), None)
    if empty is not None:
        raise JobFailed(
            f"Danh mục đơn vị {empty} rỗng (0 byte): lần ghi trước bị dừng giữa chừng. Việc cần làm: đặt lại tệp từ "
            f"bản sao lưu, hoặc xoá tệp rồi chạy “{init_command(data_dir)}” để lập lại; rồi chạy lại."
        )
    try:
        return StoredRegistry(path, regular_bytes(path))
    except FileNotFoundError:
        raise JobFailed(
            f"Không đọc được danh mục đơn vị {path}: không có tệp này. Việc cần làm: chạy “{init_command(data_dir)}” "
            "để lập danh mục từ một tệp của cổng, hoặc đặt lại units.csv (units.xlsx) từ bản sao lưu; rồi chạy lại."
        ) from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise JobFailed(
            f"Không đọc được danh mục đơn vị {path}: {why}. Việc cần làm: cho chương trình quyền đọc tệp, rồi "
            "chạy lại.",
            transient=is_transient(error),
        ) from None
