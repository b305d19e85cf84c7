"""Nothing writes a file, or prints, but through the functions that are made for it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: module -> the calls that it may make, and why
ALLOWED = {
    "pipeline/publish/atomic_files.py": {"open", "os.open", "replace", "link", "unlink", "rmtree"},  # the functions
    "pipeline/publish/publication.py": {"rename", "rmtree"},  # the staging folder of a revision
    "pipeline/publish/ledger.py": {"link", "unlink"},  # an entry under a name that must not exist
    "flows/server/password.py": {"os.open", "replace", "unlink"},  # readable by its owner alone from the first byte
    "pipeline/load/zip_bytes.py": {"ZipFile"},  # an archive in memory
    "flows/steps/pdf.py": {"write_bytes", "rmtree"},  # temporary folders for LibreOffice
    "pipeline/load/excel/xlsx_bytes.py": {"ZipFile", "save"},  # a workbook in memory
    "flows/watch.py": {"os.open"},  # a lock without content
    "flows/server/runtime.py": {"open"},  # a lock without content
    "flows/server/automations.py": {"save"},  # a block on Prefect's server
    "flows/steps/raw_folder.py": {"os.open"},  # reads only
    "flows/commands/review_file.py": {"unlink"},  # an earlier workbook of the program's own
    "pipeline/extract/containers/open_file.py": {"open"},  # a member of an archive, to read
    "pipeline/arithmetic/wide_counts.py": {"rename"},  # an index
    "flows/steps/terminal.py": {"echo"},
}
#: methods that write a file wherever they are called on a path, a frame or a workbook
METHODS = {
    "write_text", "write_bytes", "touch", "symlink_to", "hardlink_to", "rename", "unlink", "save", "rmtree",
    "to_csv", "to_excel", "to_json", "to_parquet", "to_pickle", "copy2", "copyfile", "copyfileobj", "copytree", "move",
    "mkstemp", "NamedTemporaryFile", "TemporaryFile", "ZipFile", "make_archive", "link", "symlink", "truncate", "tofile",
}  # fmt: skip
MODES = set("wax+")


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Name):
                yield function.id, node
            elif isinstance(function, ast.Attribute):
                of_os = isinstance(function.value, ast.Name) and function.value.id == "os"
                yield f"os.{function.attr}" if of_os and function.attr == "open" else f".{function.attr}", node


def mode_of(call: ast.Call, position: int) -> str:
    given = [k.value for k in call.keywords if k.arg == "mode"] or call.args[position : position + 1]
    return str(given[0].value) if given and isinstance(given[0], ast.Constant) else "" if not given else "w"


def writes(source: str) -> set[str]:
    """The calls of a module that write a file or print."""
    found = set()
    for name, call in calls(ast.parse(source)):
        plain = name.lstrip(".")
        if plain == "open" and MODES & set(mode_of(call, 0 if name.startswith(".") else 1)):
            found.add("open")
        elif name == "os.open" or name == "print" or (name.startswith(".") and plain == "echo"):
            found.add(plain)
        elif plain == "ZipFile":
            if MODES & set(mode_of(call, 1)):
                found.add(plain)
        elif name.startswith(".") and plain == "replace" and len(call.args) == 1 and not call.keywords:
            found.add(plain)  # of a path; a text has two arguments, a value has names
        elif plain in METHODS and (
            name.startswith(".") or plain in {"NamedTemporaryFile", "mkstemp", "copyfile", "move"}
        ):
            found.add(plain)
    return found


@pytest.mark.parametrize(
    "path", [p for d in ("flows", "pipeline", "schemas") for p in sorted((ROOT / d).rglob("*.py"))]
)
def test_only_the_functions_made_for_it_write_and_print(path: Path) -> None:
    found = writes(path.read_text("utf-8"))
    assert found <= ALLOWED.get(path.relative_to(ROOT).as_posix(), set())


@pytest.mark.parametrize(
    "source",
    [
        "path.write_text('a')", "path.write_bytes(b'')", "open(p, 'w')", "path.open('xb')", "path.open(mode='a')",
        "open(p, m)", "shutil.copyfile(a, b)", "book.save(p)", "frame.to_csv(p)", "zipfile.ZipFile(p, 'w')",
        "os.open(p, os.O_CREAT)", "draft.replace(path)", "draft.rename(path)", "print('a')", "typer.echo('a')",
        "tempfile.NamedTemporaryFile()", "path.touch()",
    ],
)  # fmt: skip
def test_a_direct_write_is_found(source: str) -> None:
    assert writes(source)


@pytest.mark.parametrize(
    "source", ["open(p)", "p.open('rb')", "t.replace('a', 'b')", "zipfile.ZipFile(d)", "echo('a')"]
)
def test_what_only_reads_is_not(source: str) -> None:
    assert not writes(source)
