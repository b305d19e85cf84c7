"""The documents say what the program does: commands, targets, files, forms and findings by name.

`python -P tests/unit/test_documents.py` writes the table of findings into docs/phat-hien.md again.
"""

import importlib
import re
import shutil
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml
from openpyxl import load_workbook

from flows import cli
from pipeline.finding_catalogue import SEVERITY_NAMES, CatalogueEntry, catalogue
from pipeline.forms.catalogue import form_catalogue
from pipeline.markdown import escaped
from pipeline.publish.revisions import read_manifest
from pipeline.text import vn_decimal
from schemas.frames import Registry

ROOT = Path(__file__).resolve().parents[2]
README, GUIDE, RUNBOOK = ROOT / "README.md", ROOT / "docs/huong-dan.md", ROOT / "docs/runbook.md"
FINDINGS = ROOT / "docs/phat-hien.md"
DOCUMENTS = (README, GUIDE, RUNBOOK, ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md"))
BEGIN, END = "<!-- bảng phát hiện: bắt đầu -->", "<!-- bảng phát hiện: hết -->"
ASIDE = {"none": "–", "unit": "đơn vị", "file": "tệp", "level": "số của cấp", "row": "dòng"}
PERIOD = "2022-Q1"


def findings_table(entries: Mapping[str, CatalogueEntry]) -> str:
    """Every finding, most severe first, in the catalogue's order."""
    order = list(SEVERITY_NAMES)
    lines = ["| Phát hiện | Mức độ | Nội dung | Việc cần làm | Để riêng |", "|---|---|---|---|---|"]
    for code, entry in sorted(entries.items(), key=lambda item: order.index(item[1].severity)):
        message, action = (re.sub(r"\{\w+\}", "…", text) for text in (entry.message, entry.action))
        what = f"{escaped(entry.title)}<br>`{code}`"
        severity, aside = SEVERITY_NAMES[entry.severity], ASIDE[entry.sets_aside]
        lines.append(f"| {what} | {severity} | {escaped(message)} | {escaped(action)} | {aside} |")
    return "\n".join(lines)


def with_table(text: str) -> str:
    """The page of findings with the table as it should be."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{findings_table(catalogue())}\n{END}{rest.split(END)[1]}"


def code_lines(text: str) -> Iterator[str]:
    """Indented and fenced lines, and inline code."""
    yield from re.findall(r"^ {4,}(.+)$", text, re.M)
    yield from (line for block in re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S) for line in block.splitlines())
    yield from re.findall(r"`([^`\n]+)`", text)


def uses(path: Path) -> list[tuple[str, list[str]]]:
    """(command, its options) of each `tthc …` in a document."""
    lines = [line.split("#")[0] for line in code_lines(path.read_text("utf-8"))]
    found = [re.search(r"\btthc ([a-z]\w*)\b(.*)", line) for line in lines]
    return [(match[1], re.findall(r"--[a-z-]+", match[2])) for match in found if match]


def commands() -> dict[str, set[str]]:
    """Every subcommand with its options."""
    group = typer.main.get_command(cli.app)
    return {
        name: {o for p in command.params for o in p.opts if o.startswith("--")}
        for name, command in group.commands.items()  # type: ignore[attr-defined]
    }


def deployed_flows() -> dict[str, Any]:
    """Name of each deployment of prefect.yaml -> its flow."""
    found = {}
    for deployment in yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]:
        module, function = deployment["entrypoint"].rsplit(".", 1)
        found[deployment["name"]] = getattr(importlib.import_module(module), function)
    return found


def targets() -> set[str]:
    text = (ROOT / "Makefile").read_text("utf-8")
    return set(re.findall(r"^([a-z]+):", text, re.M))


def test_the_table_of_findings_is_current() -> None:
    text = FINDINGS.read_text("utf-8")
    assert text == with_table(text), "run: python -P tests/unit/test_documents.py"


def test_the_table_names_every_finding_once() -> None:
    rows = findings_table(catalogue()).splitlines()[2:]
    assert len(rows) == len(catalogue())
    assert all(row.count(" | ") == 4 and "{" not in row for row in rows)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_every_command_in_a_document_exists(path: Path) -> None:
    known = commands()
    for command, options in uses(path):
        assert command in known, f"{path.name}: tthc {command}"
        assert set(options) <= known[command] | {"--help"}, f"{path.name}: tthc {command} {options}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_every_make_target_in_a_document_exists(path: Path) -> None:
    named = {t for line in code_lines(path.read_text("utf-8")) for t in re.findall(r"\bmake ([a-z]+)\b", line)}
    assert named <= targets()


@pytest.mark.parametrize("path", [README, GUIDE], ids=lambda p: p.name)
def test_every_command_is_documented(path: Path) -> None:
    assert {command for command, _ in uses(path)} == set(commands())


def test_every_option_of_a_run_is_documented() -> None:
    options = {option for known in commands().values() for option in known} - {"--help"}
    code = " ".join(code_lines(GUIDE.read_text("utf-8")))
    assert sorted(o for o in options if o not in code) == []


def test_every_target_but_clean_is_documented() -> None:
    text = README.read_text("utf-8") + RUNBOOK.read_text("utf-8")
    assert sorted(t for t in targets() - {"clean"} if f"make {t}" not in text) == []


def test_the_test_command_is_what_the_runner_calls() -> None:
    runner = (ROOT / ".ci/run").read_text("utf-8").strip().splitlines()[-1].removeprefix("exec ")
    assert runner in {line.split("#")[0].strip() for line in code_lines(README.read_text("utf-8"))}


@pytest.fixture(scope="module")
def revisions(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two revisions of the sample: the second without its corrections, so that something is wrong in it."""
    data = tmp_path_factory.mktemp("tai-lieu") / "data"
    for part in (f"raw/{PERIOD}", "reference"):
        shutil.copytree(ROOT / "data" / part, data / part)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(data.parent)
        for _ in range(2):
            with pytest.raises(SystemExit):
                cli.main(["score", PERIOD, "--direct"])
            (data / "raw" / PERIOD / "dieu-chinh.xlsx").unlink(missing_ok=True)
    published = [data / "out" / PERIOD / name for name in ("r1", "r2")]
    assert all(p.is_dir() for p in published)
    return published


@pytest.mark.slow
def test_the_summary_in_the_readme_is_the_sample_s(revisions: list[Path]) -> None:
    manifest = read_manifest(revisions[0])
    text = README.read_text("utf-8")
    for level in manifest.totals:
        assert level.total is not None and level.total_max is not None
        assert f"{level.name}: {vn_decimal(level.total)} trên {vn_decimal(level.total_max, trim=True)} điểm" in text
    units = manifest.units
    scored = (
        f"Đơn vị: {units.scored} được chấm điểm, {units.set_aside} để riêng, {units.without_dossiers} không có hồ sơ"
    )
    assert scored in text and f"{manifest.findings['error']} lỗi" in text


@pytest.mark.slow
def test_every_file_of_a_revision_is_described(revisions: list[Path]) -> None:
    text = GUIDE.read_text("utf-8")
    inputs = [p.name for p in (ROOT / "data/raw" / PERIOD).iterdir()]
    names = {p.relative_to(revision).as_posix() for revision in revisions for p in revision.rglob("*") if p.is_file()}
    assert "thay-doi.md" in names
    for name in inputs:  # a file made of an input is described as <tệp>…
        names = {n if n == name else n.replace(name, "<tệp>") for n in names}
    names = {"ket-qua/<đơn vị>.xlsx" if n.startswith("ket-qua/") else n for n in names}
    names = {"du-lieu/<bảng>.parquet" if n.endswith(".parquet") else n for n in names}
    assert sorted(n for n in names if f"`{n}`" not in text) == []


@pytest.mark.slow
def test_every_sheet_of_the_workbook_is_described(revisions: list[Path]) -> None:
    text = GUIDE.read_text("utf-8")
    books = ("cham-diem.xlsx", "doi-chieu.xlsx")
    sheets = [s for b in books for s in load_workbook(revisions[0] / b, read_only=True).sheetnames]
    table = text[text.index("Các sheet của") : text.index("### 5.1.")]
    assert len(sheets) > 5
    assert [s for s in sheets if s not in table] == []


def test_every_sheet_and_column_of_the_forms_is_described() -> None:
    text = GUIDE.read_text("utf-8")
    chapter = text[text.index("## 2. ") : text.index("## 3. ")]
    for form in (*form_catalogue().forms, form_catalogue().unit_form):
        assert f"`{form.file.format(unit='‹mã›', name='‹tên›')}`" in chapter
        missing = [s.name for s in form.sheets if f"“{s.name}”" not in chapter]
        missing += [c.header for s in form.sheets for c in s.columns if c.header not in chapter]
        assert missing == []


def test_every_column_of_the_registry_is_described() -> None:
    chapter = GUIDE.read_text("utf-8").split("## 7. ")[1].split("## 8. ")[0]
    assert [c for c in Registry.to_schema().columns if f"`{c}`" not in chapter] == []


def test_the_first_page_of_the_guide_names_no_command_and_every_form() -> None:
    text = GUIDE.read_text("utf-8")
    page = text[text.index("## Một quý trong mười bước") : text.index("## 1. ")]
    assert len(re.findall(r"^\d+\. ", page, re.M)) == 10
    assert not re.search(r"\b(tthc|make|pandoc|source)\b|\s--[a-z]", page)
    flows = deployed_flows()
    assert [name for name in flows if name not in page] == []
    for name, flow in flows.items():
        if name != "cham-diem-quy":  # it runs by itself
            assert f"| {name} – {flow.name} |" in page


def test_every_field_of_the_forms_is_named_in_the_guide() -> None:
    text = GUIDE.read_text("utf-8")
    fields = [f for flow in deployed_flows().values() for f in flow.parameters.model_dump()["properties"].values()]
    titles = {field["title"] for field in fields}
    assert len(titles) > 8
    assert sorted(title for title in titles if f"“{title}”" not in text) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_links_and_pictures_lead_somewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    headings = {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^#+ (.+)$", text, re.M)}
    for target in re.findall(r"\]\((?!https:)([^)\s]+)\)", text):
        file, _, anchor = target.partition("#")
        assert (path.parent / file).exists() if file else anchor in headings, f"{path.name}: {target}"
    assert text == unicodedata.normalize("NFC", text)


if __name__ == "__main__":
    FINDINGS.write_text(with_table(FINDINGS.read_text("utf-8")), "utf-8")
