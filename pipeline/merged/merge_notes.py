"""What a person should know about a province's table before it is used: Vietnamese notes, warnings first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from pipeline.merged.office_revision import OfficeRevision
from pipeline.text import shortened_list, spelling_key, vn_decimal, vn_int

Note = dict[str, str]


def merge_notes(
    offices: Sequence[OfficeRevision], units: pd.DataFrame, names: Mapping[str, str], distinct: Sequence[str]
) -> list[Note]:
    """The rows of MergeNotes. `units`: MergedUnits; `names`: level -> its name; `distinct`: as in `refusals`."""
    warnings = [
        *_without_rank(units),
        *_other_maxima(units, names),
        *_other_bases(offices, names),
        *_other_classes(offices),
    ]
    notices = [*_not_signed(offices), *_other_programs(offices), *_same_names(units, names), *_distinct(distinct)]
    return [{"severity": "warning", **note} for note in warnings] + [{"severity": "notice", **note} for note in notices]


def _note(office: str, message: str, action: str) -> Note:
    return {"office": office, "message": message, "action": action}


def _without_rank(units: pd.DataFrame) -> Iterator[Note]:
    """Units of an office whose data are wrong or missing: they could change every rank."""
    left = units.loc[units["status"].isin(["set_aside", "missing"])]
    for office, rows in left.groupby("office", sort=False):
        yield _note(
            str(office),
            f"{vn_int(len(rows))} đơn vị để riêng hoặc chưa gửi số liệu nên không có hạng: "
            f"{shortened_list([str(n) for n in rows['name']])}.",
            "Địa phương sửa hoặc bổ sung số liệu, công bố lại; rồi gộp lại.",
        )


def _other_maxima(units: pd.DataFrame, names: Mapping[str, str]) -> Iterator[Note]:
    """Units of a level that could not reach the same total: a criterion was not counted for some."""
    ranked = units.loc[units["rank"].notna()]
    for level, rows in ranked.groupby("level", sort=False):
        sizes = rows["total_max"].value_counts().sort_index(ascending=False)
        if len(sizes) < 2:
            continue
        parts = [
            f"{vn_decimal(float(str(most)), trim=True)} điểm: {vn_int(int(n))} đơn vị" for most, n in sizes.items()
        ]
        yield _note(
            "",
            f"{names[str(level)]}: điểm tối đa đạt được không như nhau ({'; '.join(parts)}), vì có tiêu chí không tính "
            "cho một số đơn vị. Hạng so tổng điểm, như ở từng địa phương.",
            "Xem cột “Điểm tối đa” trước khi dùng hạng; thiếu số liệu thì địa phương bổ sung, công bố lại.",
        )


def _other_bases(offices: Sequence[OfficeRevision], names: Mapping[str, str]) -> Iterator[Note]:
    """Levels that some offices scored from the level's own counts and others from the sum of the units."""
    for level, name in names.items():
        found = {o.name: s.basis for o in offices for s in o.scores.scores.values() if s.is_level and s.level == level}
        bases = {basis for basis in found.values() if basis}
        if len(bases) < 2:
            continue
        words = {"own": "số riêng của cấp", "sum": "tổng các đơn vị", "mixed": "cả hai nguồn"}
        parts = [f"{words[b]}: {', '.join(o for o, x in found.items() if x == b)}" for b in words if b in bases]
        yield _note(
            "",
            f"{name}: điểm của cấp tính từ nguồn khác nhau ({'; '.join(parts)}).",
            "So điểm của cấp thì cân nhắc điều này; hạng của đơn vị không bị ảnh hưởng.",
        )


def _other_classes(offices: Sequence[OfficeRevision]) -> Iterator[Note]:
    """Printed classes on different grounds: an office's own table of thresholds, its decision, the rulebook."""
    found: dict[str, dict[str, None]] = {}
    for office in offices:
        for score in office.scores.scores.values():
            if score.class_basis:
                found.setdefault(score.class_basis, {})[office.name] = None
    if not ("office" in found or "decided" in found):
        return
    words = {
        "office": "bảng mức riêng của",
        "decided": "quyết định cho từng đơn vị của",
        "local": "quy định của địa phương, ở",
        "law": "quy định của trung ương, ở",
    }
    parts = [f"{words[basis]} {', '.join(found[basis])}" for basis in words if basis in found]
    yield _note(
        "",
        f"Cột “Phân loại” có căn cứ khác nhau: {'; '.join(parts)}. Hạng theo tổng điểm, không theo phân loại.",
        "Không so phân loại giữa các địa phương đó; cần so thì thống nhất một bảng mức, công bố lại rồi gộp lại.",
    )


def _not_signed(offices: Sequence[OfficeRevision]) -> Iterator[Note]:
    for office in offices:
        revision = office.manifest.revision
        if office.signing is None:
            open_items = len(office.manifest.before_signature or ())
            draft = f", còn {vn_int(open_items)} việc trước khi ký" if open_items else ""
            yield _note(office.name, f"Bản {revision} chưa ký ban hành{draft}.", "Khi địa phương ký thì gộp lại.")
        elif office.newest != revision:
            yield _note(
                office.name,
                f"Dùng bản đã ký {revision}; địa phương đã công bố bản {office.newest}, chưa ký.",
                "Hỏi địa phương có ký bản thay thế không; có thì gộp lại sau khi ký.",
            )


def _other_programs(offices: Sequence[OfficeRevision]) -> Iterator[Note]:
    programs = {o.manifest.built_with.code_sha256 if o.manifest.built_with else "" for o in offices}
    if len(programs) > 1:
        shown = "; ".join(f"{o.name}: {o.manifest.code_version}" for o in offices)
        yield _note(
            "",
            f"Các địa phương chấm bằng phiên bản chương trình khác nhau ({shown}).",
            "Quy định đã được kiểm tra là như nhau. Muốn chắc chắn thì chạy lại ở địa phương bằng phiên bản mới: lần "
            "chạy cho biết có số nào khác không.",
        )


def _same_names(units: pd.DataFrame, names: Mapping[str, str]) -> Iterator[Note]:
    """Units of one name in several offices: bodies of one kind, or one unit with other figures."""
    keys = units["name"].map(spelling_key)
    for level, rows in units.groupby("level", sort=False):
        found = rows.groupby(keys.loc[rows.index], sort=False)
        shared = [str(same["name"].iloc[0]) for _, same in found if same["office"].nunique() > 1]
        if shared:
            yield _note(
                "",
                f"{names[str(level)]}: tên có ở nhiều địa phương: {shortened_list(shared, 10, 'tên')}. Mỗi dòng ghi "
                "kèm địa phương.",
                "Nếu là một đơn vị mà hai địa phương cùng chấm: bỏ khỏi danh mục của một nơi, công bố lại rồi gộp lại.",
            )


def _distinct(distinct: Sequence[str]) -> Iterator[Note]:
    if distinct:
        quoted = ", ".join(f"“{name}”" for name in distinct)
        yield _note(
            "",
            f"Người gộp xác nhận là các đơn vị khác nhau tuy cùng tên, cùng số hồ sơ: {quoted}.",
            "Giữ lại căn cứ của xác nhận này.",
        )
