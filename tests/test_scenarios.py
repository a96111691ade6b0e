"""docs/scenarios.md names tests that are there, for each of the forty scenarios."""

import ast
import re

from tests.site import ROOT

LINE = re.compile(r"^\| (\d+) \| (.+?) \| ?(.*)\|$", re.MULTILINE)
#: Played by no test yet; whoever adds it takes its number out.
NOT_YET: list[int] = []
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


def test_every_scenario_has_tests_and_all_that_are_named_are_there():
    lines = {int(number): NAMED.findall(tests) for number, _, tests in LINE.findall(_book())}
    assert sorted(lines) == list(range(1, 41))
    assert [number for number, tests in lines.items() if not tests] == NOT_YET
    named = {pair for tests in lines.values() for pair in tests}
    assert sorted(f"{path}::{name}" for path, name in named if name not in _tests_of(path)) == []
    assert _book().count("::") == sum(map(len, lines.values())), "a name that nobody can read"


def _book() -> str:
    return (ROOT / "docs" / "scenarios.md").read_text("utf-8")


def _tests_of(path: str) -> set[str]:
    """Its functions and the methods of its classes."""
    file = ROOT / path
    tree = ast.parse(file.read_text("utf-8")) if file.exists() else ast.Module([], [])
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
