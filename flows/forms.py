"""`tthc forms`: the blank workbooks of a period, written where its files arrive, over nothing."""

from __future__ import annotations

from collections.abc import Iterator

from flows.failure import JobFailed
from flows.job import Job
from pipeline.load.blank_forms import blank_forms
from pipeline.rulebooks import installed
from pipeline.units import RegistryError, UnitIndex, read_registry


def write_forms(job: Job) -> Iterator[str]:
    """A Vietnamese line a file. Raises JobFailed."""
    registry = job.data_dir / "reference" / "units.csv"
    try:
        index = UnitIndex(read_registry(registry.read_bytes()), job.period)
        job.raw.mkdir(parents=True, exist_ok=True)
    except RegistryError as error:
        raise JobFailed(f"Danh mục đơn vị không dùng được – {error}") from None
    except OSError as error:
        raise JobFailed(f"Không dùng được {error.filename}: {error.strerror}.") from None
    for name, data in blank_forms(job.period, index, installed()).items():
        path = job.raw / name
        try:
            with path.open("xb") as file:  # never over what an analyst filled in
                file.write(data)
            yield f"Đã tạo {path}"
        except FileExistsError:
            yield f"Đã có {path}: giữ nguyên"
        except OSError as error:
            raise JobFailed(f"Không ghi được {path}: {error.strerror}.") from None
