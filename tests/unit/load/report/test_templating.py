"""Templates escape every value: no output without a filter that makes it Markdown."""

from __future__ import annotations

from importlib import resources

import pytest
from jinja2 import UndefinedError, nodes

from pipeline.load.report.templating import SAFE_FILTERS, diem, environment, md, roman, so, tidy

NAMES = sorted(f.name for f in resources.files("templates").iterdir() if f.name.endswith(".j2"))


def safe(node: nodes.Node) -> bool:
    if isinstance(node, nodes.CondExpr):
        return safe(node.expr1) and (node.expr2 is None or safe(node.expr2))
    if isinstance(node, nodes.Filter):
        return node.name in SAFE_FILTERS
    return isinstance(node, nodes.TemplateData | nodes.Const)


def unsafe(source: str) -> list[str]:
    tree = environment().parse(source)
    return [str(n) for output in tree.find_all(nodes.Output) for n in output.nodes if not safe(n)]


@pytest.mark.parametrize("name", NAMES)
def test_every_value_passes_a_filter(name: str) -> None:
    source = resources.files("templates").joinpath(name).read_text("utf-8")
    assert unsafe(source) == []


def test_the_check_itself_sees_a_bare_value() -> None:
    assert unsafe("{{ name }}") and unsafe('{{ name or "–" | md }}') and unsafe('{{ "a" if x else name }}')
    assert not unsafe('{{ (name or "–") | md }}')


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        environment().from_string("{{ absent | md }}").render()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a|b", r"a\|b"),
        ("a\nb\r\nc\td", "a b c d"),
        ("<script> & co", "&lt;script&gt; &amp; co"),
        ("back\\slash", r"back\\slash"),
        ("*x* [y](z)", r"\*x\* \[y\](z)"),
        ("1. một", r"1\. một"),
        ("- gạch", r"\- gạch"),
        ("a\u202eb", "ab"),
        ("Phường E", "Phường E"),
        ("15/12/2021 – 1,95", "15/12/2021 – 1,95"),
    ],
)
def test_md(text: str, expected: str) -> None:
    assert md(text) == expected


def test_numbers() -> None:
    assert [so(2799), so(3), so(None)] == ["2.799", "3", ""]
    assert [diem(16.0), diem(15.8), diem(None), diem(2.0, exact=True), diem(1.6, 1)] == [
        "16",
        "15,80",
        "–",
        "2,00",
        "1,6",
    ]
    assert [roman(n) for n in (1, 4, 9, 12)] == ["I", "IV", "IX", "XII"]


def test_tidy() -> None:
    assert tidy("\n\na  \r\nb\n\n\n\nc") == "a\nb\n\nc\n"
