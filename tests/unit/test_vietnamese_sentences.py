"""No identifier of the code stands inside a Vietnamese sentence: in the catalogues, the templates and the program."""

import ast
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from repository import ROOT

from pipeline.extract.forms.form_entries import FormContext
from pipeline.extract.forms.supplement_lists import field_name
from pipeline.finding_catalogue import catalogue
from pipeline.forms.catalogue import form_catalogue
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry
from pipeline.rulebooks import installed

#: words joined by underscores; a file name (`unit_scores.csv`) is none, nor a key of office.toml before its "="
IDENTIFIER = re.compile(r"(?<![\w./›-])[a-z]+(?:_[a-z]+)+(?!\.[a-z]{2,4}\b)(?![\w(]|\s*=)")
#: what a placeholder of a template or of `str.format` holds is no text
PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\{[a-z_]*\}", re.DOTALL)
#: columns of units.csv, which an analyst types as they are
COLUMNS = frozenset((ROOT / "data/mau-2026/reference/units.csv").read_text("utf-8-sig").splitlines()[0].split(","))
FIELDS = [field.key for field in form_catalogue().fields]


def is_vietnamese(text: str) -> bool:
    """Whether a text has letters that English has not."""
    return any(ord(c) > 127 and unicodedata.category(c).startswith("L") for c in text)


def identifiers(text: str) -> list[str]:
    bare = PLACEHOLDER.sub(" ", text)
    found = IDENTIFIER.findall(bare) if is_vietnamese(bare) else []
    return [word for word in found if word not in COLUMNS]


def texts_of_program(path: Path) -> Iterator[str]:
    """The texts of a module but its docstrings. An f-string is one text, with blanks for its values."""
    tree = ast.parse(path.read_text("utf-8"))
    inner = {
        id(v) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for v in ast.walk(node) if v is not node
    }
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {id(n.body[0].value) for n in ast.walk(tree) if isinstance(n, documented) and n.body and isinstance(n.body[0], ast.Expr)}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(v.value) if isinstance(v, ast.Constant) else " … " for v in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner | docstrings:
            yield node.value


def test_the_pattern_finds_what_it_has_to() -> None:
    assert identifiers("“Thông tin báo cáo” – report_number có ở hai nơi") == ["report_number"]
    assert identifiers("Mục signer_title để trống.") == ["signer_title"]
    assert identifiers("Ghi ngày ở cột valid_to của dòng này.") == []
    assert identifiers("# Ngày ban hành\nissued_on = 2019-11-13") == []
    assert identifiers("Xem unit_scores.csv ở thư mục của bản.") == []
    assert identifiers("Ô {source_cell} của {{ heading.signer_title | md }} để trống") == []


def test_no_text_of_the_catalogue_of_findings_names_an_identifier() -> None:
    for code, entry in catalogue().items():
        for text in (entry.title, entry.found, entry.expected, entry.message, entry.action, entry.step):
            assert not identifiers(text), f"{code}: {text}"
            assert not set(FIELDS) & set(re.findall(r"[a-z_]+", PLACEHOLDER.sub(" ", text))), f"{code}: {text}"


@pytest.mark.parametrize("path", sorted((ROOT / "templates").glob("*.j2")), ids=lambda p: p.name)
def test_no_template_prints_an_identifier(path: Path) -> None:
    assert identifiers(path.read_text("utf-8")) == []


@pytest.mark.parametrize("folder", ["flows", "pipeline"])
def test_no_text_of_the_program_mixes_an_identifier_into_vietnamese(folder: str) -> None:
    mixed = {
        f"{path.relative_to(ROOT)}: {text}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for text in texts_of_program(path)
        if identifiers(text)
    }
    assert mixed == set()


def test_every_field_of_the_report_has_a_name_for_findings() -> None:
    index = UnitIndex(read_registry((ROOT / "data/reference/units.csv").read_bytes()), Period(2022, 1))
    context = FormContext(index, installed())
    for field in form_catalogue().fields:
        for field_id in [f"{field.key}:{level}" for level in ("huyen", "xa")] if field.per_level else [field.key]:
            name = field_name(field_id, context)
            assert name.startswith(field.label) and field.key not in name
            assert (" – Cấp " in name) == field.per_level
