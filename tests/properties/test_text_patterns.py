"""Every regular expression of the program costs steps in proportion to its text, on the worst texts for it."""

import ast
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from regex_steps import CountedPattern, TooManyStepsError, worst_inputs
from repository import ROOT

from pipeline.extract.wording.title_periods import MAX_TITLE
from pipeline.review import _LONGEST_PLACE

PACKAGES = ("pipeline", "schemas", "flows")
#: module -> characters of the longest text that its patterns see
SHORT_TEXTS = {
    **dict.fromkeys((f"pipeline.extract.wording.title_{x}" for x in ("periods", "filters", "scope", "offices")), MAX_TITLE),
    "pipeline.review": _LONGEST_PLACE,
}  # fmt: skip
#: repeats of a piece at 1x, and how many times the steps may be at 8x (8 and what is lost in rounding; a square has 64)
ONCE, MOST = 6, 14
#: steps that a text of SHORT_TEXTS may cost
STEPS = 1_500_000
_ANCHORED = {"match", "fullmatch"}


def compiled_patterns() -> list[tuple[str, str | bytes, int]]:
    """(module, pattern, flags) of every pattern that is compiled while all modules are imported."""
    program = """
import importlib, json, pkgutil, re, sys
found, compiled = {}, re._compile
def spy(pattern, flags):
    frame = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__") == "re":
        frame = frame.f_back
    module = frame.f_globals.get("__name__", "") if frame is not None else ""
    if module.partition(".")[0] in sys.argv[1:] and isinstance(pattern, (str, bytes)):
        is_bytes = isinstance(pattern, bytes)
        found[module, pattern.decode("latin-1") if is_bytes else pattern, is_bytes, int(flags)] = None
    return compiled(pattern, flags)
re._compile = spy
for name in sys.argv[1:]:
    for module in pkgutil.walk_packages(importlib.import_module(name).__path__, name + "."):
        importlib.import_module(module.name)
print(json.dumps(list(found)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, *PACKAGES], cwd=ROOT, check=True, capture_output=True, text=True
    )
    listed = json.loads(done.stdout.splitlines()[-1])
    return [(m, p.encode("latin-1") if is_bytes else p, flags) for m, p, is_bytes, flags in listed]


def sources() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts), ast.parse(path.read_text(encoding="utf-8"))


def patterns_in_functions() -> dict[tuple[str, str, int], set[str]]:
    """(module, pattern, 0) -> methods, of the constant patterns that functions give to `re` or to `.str` of a frame."""
    found: dict[tuple[str, str, int], set[str]] = {}
    for module, tree in sources():
        constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                continue
            of = node.func.value
            of_re = isinstance(of, ast.Name) and of.id == "re" and node.func.attr != "escape"
            of_text = isinstance(of, ast.Attribute) and of.attr == "str" and node.func.attr in (
                "contains", "match", "fullmatch", "extract", "replace"
            )  # fmt: skip
            if any(k.arg == "regex" and getattr(k.value, "value", True) is False for k in node.keywords):
                continue
            first = node.args[0]
            text = constants.get(first.id) if isinstance(first, ast.Name) else getattr(first, "value", None)
            if (of_re or of_text) and isinstance(text, str):
                found.setdefault((module, text, 0), set()).add(
                    "search" if node.func.attr == "compile" else node.func.attr
                )
    return found


def used_methods() -> dict[str, set[str]]:
    """Pattern -> the methods that the program calls on the name it is assigned to; {} where that is not known."""
    methods: dict[str, set[str]] = {}
    for module, tree in sources():
        named = {
            n.value.id: set() for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)
        }  # type: ignore[var-annotated]
        plain: dict[str, int] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                named[node.value.id].add(node.attr)
                plain[node.value.id] = plain.get(node.value.id, 0) - 1
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                plain[node.id] = plain.get(node.id, 0) + 1
        loaded = importlib.import_module(module.removesuffix(".__init__")) if named else None
        for name, attributes in named.items():
            value = getattr(loaded, name, None)
            if isinstance(value, re.Pattern) and not plain.get(name):
                methods.setdefault(repr(value.pattern), set()).update(attributes - {"pattern"})
    return methods


def linear(pattern: str | bytes, flags: int, anchored: bool, whole: bool) -> tuple[str | bytes, ...] | None:
    """None; or (head, piece, tail) of a text whose cost grows faster than its length."""
    counted = CountedPattern(pattern, flags)
    for head, piece, tail in worst_inputs(pattern, flags):
        counted.steps, counted.most = 0, 100_000
        try:
            counted.spans(head + piece * ONCE + tail, anchored=anchored, whole=whole)  # type: ignore[operator]
            counted.steps, counted.most = 0, MOST * counted.steps + 200
            counted.spans(head + piece * 8 * ONCE + tail, anchored=anchored, whole=whole)  # type: ignore[operator]
        except TooManyStepsError:
            return head, piece, tail
    return None


@pytest.mark.slow
def test_every_pattern_is_linear() -> None:
    methods = used_methods()
    in_functions = patterns_in_functions()
    patterns = dict.fromkeys([*compiled_patterns(), *in_functions])
    assert len(patterns) > 150
    worse = []
    for module, pattern, flags in patterns:
        used = methods.get(repr(pattern)) or in_functions.get((module, pattern, flags)) or {"search"}  # type: ignore[arg-type]
        bad = linear(pattern, flags, used <= _ANCHORED, used == {"fullmatch"})
        if bad is not None and module in SHORT_TEXTS:
            head, piece, tail = bad
            counted = CountedPattern(pattern, flags)
            counted.most = STEPS
            text = (head + piece * SHORT_TEXTS[module])[: SHORT_TEXTS[module] - len(tail)] + tail  # type: ignore[operator]
            try:
                counted.spans(text, anchored=used <= _ANCHORED, whole=used == {"fullmatch"})
                continue
            except TooManyStepsError:
                pass
        if bad is not None:
            worse.append((module, pattern, bad))
    assert worse == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"\s*([-–]+)\s*", "a - b –– c"), (r"(?:^|;)\s*(a|bc)\s*:\s*([^;]*)", "a: 1; bc :2;d"), (r"(a+)(b|c)?\1", "aaabaaa aa"),
        (r"(?<!\d)\d{1,3}(?:\.\d{3})+(?!\d)", "1.234 12.345.678 1234.567"), (r"(?i:Q)[1-4]?\b", "q1 Q q5"),
        (r"(?:a|ab)(?:c|bcd)*?d?", "abcd acd abbcd"), (r"x*", "axxb"), (r"(?>a+)b|a", "aaab aa"), (r"a++b?", "aab a"),
        (r"^\W*(\w+)\W*$", " ab, "), (r"<!--.*?-->|<(s)\b.*?</\1>", "<s>x</s><!-- y -->"), (r"(?:a*)*b", "aab b"),
    ],
)  # fmt: skip
def test_the_counting_matcher_finds_what_re_finds(pattern: str, text: str) -> None:
    found = CountedPattern(pattern).spans(text, anchored=False)
    assert found == [m.span() for m in re.finditer(pattern, text)]


@pytest.mark.parametrize("pattern", [r"\s*-", r"(a+)+b", r"^\w*\d\w*$", r"x.*y", r"(?:a|a)*b", r"\+[a+]{2,}-"])
def test_a_pattern_that_grows_faster_is_found(pattern: str) -> None:
    assert linear(pattern, 0, anchored=False, whole=False) is not None
