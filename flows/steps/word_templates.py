"""The office's own Word templates, in `reference/mau` of the data folder. A paper without one uses the shipped one.

The shipped templates are in `reference/mau/co-san`, to be copied one folder up and edited there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flows.steps.shared_paths import typed_path
from pipeline.load.word.papers import REMINDER, REPORT, shipped_template
from pipeline.publish.atomic_files import replace_files

#: folder of the templates, below the data folder
FOLDER: Final = Path("reference") / "mau"
#: size limit of a template in bytes, far above what an office makes
MOST_BYTES: Final = 10_000_000
#: folder of copies of the shipped templates, below `FOLDER`
SHIPPED: Final = "co-san"


@dataclass(frozen=True)
class OwnTemplate:
    """The template of one paper. `data`: None if the office has none, or it cannot be read (`unreadable`: why)."""

    path: Path
    data: bytes | None = None
    unreadable: str = ""

    def notes(self, problem: str = "") -> tuple[str, ...]:
        """Vietnamese: why the template was not used and what to do; empty if it was. `problem`: of filling it."""
        problem = self.unreadable or problem
        if not problem:
            return ()
        return (
            f"Mẫu Word {typed_path(self.path)} không dùng được: {problem}. Khi chưa sửa, {self.path.name} được lập "
            "theo mẫu có sẵn. Việc cần làm: sửa mẫu rồi chạy lại; muốn bỏ mẫu riêng thì xoá tệp đó.",
        )


def own_template(data_dir: Path, name: str) -> OwnTemplate:
    """The office's template of a paper. `name`: of the paper, as `bao-cao.docx`. Does not raise OSError."""
    path = data_dir / FOLDER / name
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            return OwnTemplate(path, unreadable="tệp lớn hơn 10 MB")
        return OwnTemplate(path, data)
    except FileNotFoundError:
        return OwnTemplate(path)
    except OSError as error:
        why = error.strerror or type(error).__name__
        return OwnTemplate(path, unreadable=f"không đọc được ({why}); nếu đang mở trong Word thì đóng lại")


def write_shipped_templates(data_dir: Path) -> Path:
    """Write copies of the shipped templates for the office to start from. Returns their folder. Raises OSError."""
    folder = data_dir / FOLDER / SHIPPED
    folder.mkdir(parents=True, exist_ok=True)
    replace_files(folder, {name: shipped_template(name) for name in (REPORT, REMINDER)}, [])
    return folder
