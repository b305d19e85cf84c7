"""`tthc init`: makes the data folder of an office, drafts its file and its registry of units. Overwrites nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flows.commands.usage_errors import UsageError
from flows.steps.failures import JobFailed, publish_errors_as_failures
from flows.steps.known_offices import NAME, record_office
from flows.steps.other_quarters import published_quarters
from flows.steps.raw_folder import read_raw
from flows.steps.shared_paths import typed_path
from flows.steps.stored_office import office_file_path, stored_office
from flows.steps.stored_registry import CSV, registry_paths, stored_registry
from flows.steps.typed_commands import office_command
from flows.steps.word_templates import write_shipped_templates
from pipeline.disk_names import disk_stem
from pipeline.extract.containers.sandbox import open_all
from pipeline.extract.sheet.grid import Grid
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.office_draft import office_text
from pipeline.office_file import read_office
from pipeline.periods import Period
from pipeline.publish.atomic_files import create_file, error_reason, is_left_empty, regular_bytes, remove_left
from pipeline.publish.csv_tables import read_csv_table
from pipeline.publish.revisions import MANIFEST, published_file
from pipeline.publish.signed_revisions import reference_revision
from pipeline.registry_draft import (
    DraftLevel,
    RegistryDraft,
    draft_registry,
    is_of_communes,
    levels_of,
    registry_csv,
    shown_name,
)
from pipeline.registry_file import read_registry
from pipeline.rulebooks import applies_in, installed
from pipeline.text import nfc, shortened_list, vn_int
from schemas.office import LevelWords, Office, ReportWords
from schemas.provinces import province_named

#: levels of an office that names none: the ones that the installed rulebooks score
DEFAULT_LEVELS = "huyen=Cấp huyện, xa=Cấp xã"
_LEVEL = re.compile(r"([a-z0-9][a-z0-9-]*)(?:\s*=\s*(.+))?")
#: names of rows without a unit that are listed
_MOST_NAMES = 8

_EXAMPLE = "Ví dụ: tthc init --name “UBND thành phố A” --province “Điện Biên” --export bieu.xlsx."
#: kinds of districts in the name of an office, which name its upper level
_DISTRICTS = ("thành phố", "thị xã", "quận", "huyện")
#: asks a person: (question, proposed answer) -> answer
Ask = Callable[[str, str], str]


@dataclass(frozen=True)
class InitOptions:
    """What the command line says of the office; "" or empty for what it does not say."""

    name: str = ""
    province: str = ""
    rulebook: str = ""
    levels: str = ""
    exports: Sequence[Path] = field(default_factory=tuple)
    office: str = ""  # the name of the data folder on this machine


def init_lines(data_dir: Path, options: InitOptions, ask: Ask | None) -> Iterator[str]:
    """Prepare the data folder. Yields Vietnamese lines: what was made, what to look through, the next command.

    `ask`: None where nobody can be asked. Raises UsageError for wrong or missing options, JobFailed for a folder that
    cannot be used.
    """
    if options.office and not NAME.fullmatch(options.office):
        raise UsageError(f"Tên văn phòng “{options.office}”: ghi bằng chữ thường không dấu, số, gạch nối.")
    kept = None if is_left_empty(office_file_path(data_dir)) else stored_office(data_dir)
    office = kept or _asked_office(data_dir, options, ask)
    levels = _levels(options.levels or ", ".join(office.levels) or _usual_levels(office.name), office.name)
    files = _exports(data_dir, options.exports)
    draft = draft_registry(_grids(files), vocabulary(), office.name)
    try:
        for folder in ("raw", "reference", "out"):
            (data_dir / folder).mkdir(parents=True, exist_ok=True)
            remove_left(data_dir / folder)
        if options.office:
            with publish_errors_as_failures():
                record_office(options.office, data_dir)
        yield f"Thư mục dữ liệu: {typed_path(data_dir)}"
        yield from _office_lines(data_dir, office, kept is not None, _drafted_levels(draft, levels))
        yield from _registry_lines(data_dir, draft, levels, bool(files))
        yield from _template_lines(data_dir)
        period = _period(data_dir, draft, options.exports)
        yield from _copied(data_dir, options.exports, period)
    except OSError as error:
        raise JobFailed(f"Không ghi được {error.filename}: {error_reason(error)}.") from None
    yield from _next_lines(data_dir, options.office, period)


def _asked_office(data_dir: Path, options: InitOptions, ask: Ask | None) -> Office:
    """The office from the options, from what was published before, and from the answers of a person."""
    before = _published_words(data_dir / "out")
    name = options.name or _answer(
        ask, "Tên văn phòng (như UBND thành phố …)", before.get("issuing_body", ""), "--name"
    )
    typed = options.province or _answer(ask, "Tỉnh, thành phố", before.get("province", ""), "--province")
    try:
        province = province_named(typed)
    except ValueError as error:
        raise UsageError(f"--province: {error}.") from None
    rulebook = options.rulebook
    if not rulebook and ask is not None:
        known = "; ".join(f"{book.id} ({book.short})" for book in installed().values() if applies_in(book, province))
        question = f"Mã quy định chấm điểm – {known}; Enter: tự lấy quy định đang có hiệu lực"
        rulebook = nfc(ask(question, ""))
    if rulebook and rulebook not in installed():
        raise UsageError(f"Không có quy định “{rulebook}”. Các quy định đã cài: {', '.join(sorted(installed()))}.")
    report = {key: before[key] for key in ReportWords.model_fields if key in before and key != "signer"}
    report = {k: v.split("\n") if k in ("on_behalf", "signer_title", "recipients") else v for k, v in report.items()}
    return Office.model_validate({"name": name, "province": province, "rulebook": rulebook, "report": report})


def _answer(ask: Ask | None, question: str, proposed: str, option: str) -> str:
    answer = nfc(ask(question, proposed)) if ask is not None else ""
    if not answer:
        raise UsageError(f"Thiếu {option}: {question}. {_EXAMPLE}")
    return answer


def _published_words(out: Path) -> dict[str, str]:
    """Fields of the newest published report (field -> value, lines of a list joined), and the province of its rulebook.

    Empty where nothing was published, or its tables cannot be read.
    """
    for period in reversed(list(published_quarters(out))):
        found = reference_revision(out, period)
        if found is None or MANIFEST in found.altered:
            continue
        words: dict[str, list[str]] = {}
        try:
            table = read_csv_table(published_file(found.path, found.manifest, "report_fields.csv") or b"")
            for row in table.to_dict("records"):
                words.setdefault(str(row["field"]), []).append(str(row["value"]))
        except (OSError, ValueError, KeyError):
            continue
        book = installed().get(found.manifest.rulebook.id) if found.manifest.rulebook else None
        if book is not None and len(book.provinces) == 1:
            words["province"] = list(book.provinces)
        return {key: "\n".join(values) for key, values in words.items()}
    return {}


def _levels(text: str, office: str) -> tuple[DraftLevel, ...]:
    """Levels as typed: `huyen=Cấp thành phố, xa=Cấp xã`; ids alone are enough. Raises UsageError."""
    usual = dict(part.split("=") for part in _usual_levels(office).split(", "))
    found = []
    for part in filter(None, (nfc(p) for p in text.split(","))):
        match = _LEVEL.fullmatch(part)
        if not match:
            raise UsageError(f"--levels: “{part}” không đúng dạng; ghi như “{DEFAULT_LEVELS}”.")
        name = match[2] or usual.get(match[1], match[1])
        found.append(DraftLevel(match[1], name, match[1] == "xa" or is_of_communes(name)))
    if not found or len({level.id for level in found}) < len(found):
        raise UsageError(f"--levels: mỗi cấp một lần, ghi như “{DEFAULT_LEVELS}”.")
    return tuple(found)


def _usual_levels(office: str) -> str:
    """The default levels; the upper one is named as the office: "Cấp thành phố" of "UBND thành phố A"."""
    name = office.casefold()
    kind = min((kind for kind in _DISTRICTS if kind in name), key=name.index, default="huyện")
    return DEFAULT_LEVELS.replace("huyện", kind)


def _exports(data_dir: Path, named: Sequence[Path]) -> dict[str, bytes]:
    """Name -> bytes of the exports given, else of the newest period of the raw folder that has files."""
    if named:
        try:
            return {path.name: regular_bytes(path) for path in named}
        except OSError as error:
            raise UsageError(f"Không đọc được --export {error.filename}: {error_reason(error)}.") from None
    for folder in sorted(_period_folders(data_dir), reverse=True):
        files = dict(read_raw(folder).files)
        if files:
            return files
    return {}


def _period_folders(data_dir: Path) -> list[Path]:
    raw = data_dir / "raw"
    folders = [folder for folder in raw.iterdir() if folder.is_dir()] if raw.is_dir() else []
    return [folder for folder in folders if re.fullmatch(r"\d{4}-Q[1-4]", folder.name)]


def _grids(files: dict[str, bytes]) -> Iterator[Grid]:
    for _, opened in open_all(files):
        for one in opened:
            yield from (grid for grid in one.grids if grid.visible)


def _drafted_levels(draft: RegistryDraft, levels: Sequence[DraftLevel]) -> list[DraftLevel]:
    """The levels that the registry will have: those with a unit, all where no unit is known yet."""
    units = levels_of(draft, levels)
    return [level for level in levels if units[level.id] or not draft.units]


def _office_lines(data_dir: Path, office: Office, kept: bool, levels: Sequence[DraftLevel]) -> Iterator[str]:
    path = office_file_path(data_dir)
    if kept:
        yield f"Đã có {typed_path(path)} ({office.name}, {office.province}): giữ nguyên"
        return
    registry = None if not registry_paths(data_dir) else stored_registry(data_dir).frame()
    ids = [level.id for level in levels] if registry is None else registry["level"].drop_duplicates().tolist()
    office = office.model_copy(update={"levels": {level: LevelWords() for level in ids if level}})
    text = office_text(office, sorted(installed()))
    read_office(text.encode())
    create_file(path, text.encode())
    yield f"Đã tạo {typed_path(path)}: {office.name}, {office.province}"
    yield "    → Mở bằng Notepad, điền thêm địa danh, chức vụ người ký, nơi nhận, văn bản căn cứ: một lần cho mọi quý."


def _registry_lines(
    data_dir: Path, draft: RegistryDraft, levels: Sequence[DraftLevel], has_exports: bool
) -> Iterator[str]:
    existing = registry_paths(data_dir)
    if existing:
        yield f"Đã có {typed_path(existing[0])}: giữ nguyên"
        return
    path = data_dir / "reference" / CSV
    if not draft.units:
        why = "không thấy tên đơn vị trong tệp nào" if has_exports else "chưa có tệp nào của cổng"
        yield f"Chưa lập {typed_path(path)}: {why}."
        yield "    → Đặt một tệp của cổng có đủ các đơn vị (biểu II.06a theo đơn vị) vào thư mục raw/‹kỳ›,"
        yield "      hoặc chỉ ra bằng --export TỆP, rồi chạy lại lệnh này."
        return
    text = registry_csv(draft, levels)
    read_registry(text.encode())
    create_file(path, text.encode("utf-8-sig"))
    yield f"Đã tạo {typed_path(path)}: {vn_int(len(draft.units))} đơn vị"
    for level in levels:
        units = levels_of(draft, levels)[level.id]
        if units:
            yield f"    {level.name} ({level.id}): {'; '.join(shown_name(unit.name) for unit in units)}"
    if draft.left_out:
        names = [f"“{shown_name(left.name)}” ({left.why}, {left.place})" for left in draft.left_out]
        yield f"    Không lấy làm đơn vị: {shortened_list(names, _MOST_NAMES, 'dòng')}"
    yield "    → Mở bằng Excel, xem lại: tên in trong báo cáo, cấp của từng đơn vị, thứ tự, đơn vị còn thiếu; cách viết"
    yield "      khác của một tên thì thêm vào cột aliases (ngăn bằng dấu chấm phẩy)."


def _template_lines(data_dir: Path) -> Iterator[str]:
    with publish_errors_as_failures():
        folder = write_shipped_templates(data_dir)
    yield f"Mẫu Word có sẵn: {typed_path(folder)}"
    own = typed_path(folder.parent)
    yield f"    → Muốn sửa lời văn, nơi nhận, cách trình bày: chép mẫu lên {own} rồi sửa bằng Word."


def _period(data_dir: Path, draft: RegistryDraft, exports: Sequence[Path]) -> Period | None:
    """The quarter to go on with: the one that the given exports name, else the newest with files in the raw folder."""
    if exports:
        return max(draft.periods, default=None)
    with_files = [folder.name for folder in _period_folders(data_dir) if any(folder.iterdir())]
    if with_files:
        return Period.parse(max(with_files))
    return max(draft.periods, default=None)


def _copied(data_dir: Path, exports: Sequence[Path], period: Period | None) -> Iterator[str]:
    """Copy the exports given into the raw folder of the quarter that they name."""
    if exports and period is None:
        yield "Chưa chép tệp nào vào thư mục của kỳ: các bảng không nêu rõ một quý."
        yield f"    → Tự chép các tệp đó vào {typed_path(data_dir / 'raw')}/‹kỳ› (như 2022-Q1)."
    for export in exports if period is not None else ():
        ending = f".{disk_stem(export.suffix)}" if export.suffix else ""
        target = data_dir / "raw" / str(period) / (disk_stem(export.stem) + ending)
        target.parent.mkdir(parents=True, exist_ok=True)
        remove_left(target.parent)
        if target.exists() and not is_left_empty(target):
            yield f"Đã có {typed_path(target)}: giữ nguyên"
        else:
            create_file(target, regular_bytes(export))
            yield f"Đã chép {typed_path(Path(export.name))} vào {typed_path(target.parent)}"


def _next_lines(data_dir: Path, office: str, period: Period | None) -> Iterator[str]:
    raw = typed_path(data_dir / "raw")
    yield ""
    if not registry_paths(data_dir):
        command = office_command(data_dir, "init", office)
        yield f"Bước tiếp theo: đặt tệp của cổng vào {raw}/‹kỳ›, rồi chạy lại: {command}"
    elif period is None:
        yield f"Bước tiếp theo: đặt tệp của cổng vào {raw}/2022-Q1 (năm và quý), rồi chạy:"
        yield f"    {office_command(data_dir, 'check 2022-Q1', office)}"
    else:
        yield "Bước tiếp theo, sau khi xem lại hai tệp trên:"
        yield f"    {office_command(data_dir, f'forms {period}', office)}    (tạo các biểu để nhập)"
        yield f"    {office_command(data_dir, f'check {period}', office)}    (đọc và kiểm tra)"
