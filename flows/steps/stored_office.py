"""The office's own file of a data folder (reference/office.toml) on disk."""

from __future__ import annotations

from pathlib import Path

from flows.steps.failures import JobFailed
from flows.steps.typed_commands import init_command
from pipeline.office_file import OFFICE_FILE, OfficeFileError, read_office
from pipeline.publish.atomic_files import is_transient, regular_bytes
from schemas.office import Office

#: size limit in bytes, far above what a person writes
_MAX_BYTES = 1_000_000


def office_file_path(data_dir: Path) -> Path:
    """The office's file of a data folder, whether it exists or not."""
    return data_dir / "reference" / OFFICE_FILE


def stored_office(data_dir: Path) -> Office | None:
    """The office of a data folder; None for a folder without an office file.

    Raises JobFailed for a file that cannot be read or used, with its path and the line of the fault.
    """
    path = office_file_path(data_dir)
    try:
        data = regular_bytes(path, most=_MAX_BYTES + 1)
        if len(data) > _MAX_BYTES:
            raise JobFailed(f"Tệp của văn phòng {path} lớn hơn 1 MB: không phải tệp này. Việc cần làm: xem lại tệp.")
        if not data:
            raise JobFailed(
                f"Tệp của văn phòng {path} rỗng (0 byte): lần ghi trước bị dừng giữa chừng. Việc cần làm: đặt lại tệp "
                f"từ bản sao lưu, hoặc xoá tệp rồi chạy “{init_command(data_dir)}” để lập lại."
            )
        return read_office(data, str(path))
    except FileNotFoundError:
        return None
    except OSError as error:
        why = error.strerror or type(error).__name__
        step = "cho chương trình quyền đọc tệp rồi chạy lại"
        raise JobFailed(
            f"Không đọc được tệp của văn phòng {path}: {why}. Việc cần làm: {step}.", transient=is_transient(error)
        ) from None
    except OfficeFileError as error:
        raise JobFailed(f"Tệp của văn phòng không dùng được – {error}") from None
