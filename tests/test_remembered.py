"""docs/decisions/0039 names whatever a process remembers by itself: several processes run, and any of them may die."""

import ast
import re
from collections.abc import Iterator

from tests.site import ROOT

BOOK = ROOT / "docs" / "decisions" / "0039-what-a-process-may-remember.md"
CODE = ROOT / "lk_reflex"
NAMED = re.compile(r"`([\w/]+\.py): (\w+(?:, \w+)*)`")
KEEPS = {"lru_cache", "cache", "cached"}
HOLDS = {"dict", "set", "list", "deque", "Counter", "defaultdict", "OrderedDict", "WeakKeyDictionary", "count"}
#: Stand-ins are one process by what they stand for; what an import or a printing holds lives as long as that.
APART = ("standins", "exchange", "texts", "voices")


def test_the_book_names_all_of_it_and_nothing_else():
    named = {f"{path}: {name}" for path, names in NAMED.findall(BOOK.read_text("utf-8")) for name in names.split(", ")}
    found = remembered()
    assert sorted(found - named) == [], "in nobody's book: is it harmless where there are several processes?"
    assert sorted(named - found) == []


def test_it_finds_what_outlives_a_call():
    code = (
        "from functools import lru_cache\n_seen: set[int] = set()\nTABLE = {1: 2}\nheld = {}\n"
        "@lru_cache(maxsize=1)\ndef made(): ...\nclass Kept:\n    def __init__(self):\n"
        "        self._of: dict[str, int] = {}\n        self.name = ''\n        self.under_way = Counter()\n"
    )
    assert set(_found(ast.parse(code))) == {"_seen", "held", "made", "Kept"}


def remembered() -> set[str]:
    """«path: name» of module-level containers but constants, kept answers, and classes that hold a container."""
    return {
        f"{path.relative_to(CODE).as_posix()}: {name}"
        for path in CODE.rglob("*.py")
        if not path.relative_to(CODE).as_posix().startswith(APART)
        for name in _found(ast.parse(path.read_text("utf-8")))
    }


def _found(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(_called(one) in KEEPS for one in node.decorator_list):
            yield node.name
    for node in tree.body:
        yield from (name for name in _assigned(node, ast.Name) if name != name.upper())
        if isinstance(node, ast.ClassDef) and any(_assigned(line, ast.Attribute) for line in _first_lines(node)):
            yield node.name


def _first_lines(made: ast.ClassDef) -> list[ast.stmt]:
    return [
        line for one in made.body if isinstance(one, ast.FunctionDef) and one.name == "__init__" for line in one.body
    ]


def _assigned(node: ast.stmt, kind: type[ast.expr]) -> list[str]:
    """The names that get a new container of their own here."""
    value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
    if not isinstance(value, ast.Dict | ast.List | ast.Set) and _called(value) not in HOLDS:
        return []
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]  # type: ignore[union-attr]
    return [getattr(one, "id", getattr(one, "attr", "")) for one in targets if isinstance(one, kind)]


def _called(node: ast.expr | None) -> str:
    """The plain name of what is called, or of a decorator without brackets."""
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
