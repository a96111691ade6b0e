"""New migrations only add, or say from which version on the code bears what they take away (docs/decisions/0034)."""

import ast
from pathlib import Path

import pytest

from lk_reflex.core.migrations import SCRIPTS

#: The first one that a running version has to bear; those before it were never rolled out.
FIRST = "0007"
VERSIONS = sorted(path for path in (SCRIPTS / "versions").glob("*.py") if path.name >= FIRST)
#: What code that is still running would stumble over.
TAKING = {"drop_table", "drop_column", "rename_table", "drop_constraint", "create_check_constraint",
          "create_unique_constraint", "create_foreign_key", "create_exclude_constraint"}  # fmt: skip


def contracts(source: str) -> list[str]:
    """The calls in `upgrade` that take something away from older code, or demand of it what it doesn't give."""
    module = ast.parse(source)
    upgrade = next(one for one in module.body if isinstance(one, ast.FunctionDef) and one.name == "upgrade")
    made = {_first(call) for call in _calls(upgrade, "create_table")}
    return [f"{_name(call)}({_first(call)})" for call in _calls(upgrade) if _first(call) not in made and _takes(call)]


def _calls(tree: ast.AST, name: str = "") -> list[ast.Call]:
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    return [call for call in found if not name or _name(call) == name]


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _first(call: ast.Call) -> str:
    return ast.unparse(call.args[0]) if call.args else ""


def _takes(call: ast.Call) -> bool:
    given = {word.arg: word.value for word in call.keywords}
    if _name(call) == "alter_column":
        no_longer_empty = "nullable" in given and ast.unparse(given["nullable"]) == "False"
        return no_longer_empty or "new_column_name" in given or "type_" in given
    if _name(call) == "add_column":
        return any(_demanding(column) for column in _calls(call, "Column"))
    if _name(call) == "create_index":
        return "unique" in given and ast.unparse(given["unique"]) == "True"
    return _name(call) in TAKING


def _demanding(column: ast.Call) -> bool:
    """A column that older code doesn't fill and the database doesn't either."""
    given = {word.arg: ast.unparse(word.value) for word in column.keywords}
    return given.get("nullable") == "False" and "server_default" not in given


def said(path: Path) -> dict[str, str]:
    """The module's plain assignments: revision, down_revision, works_from."""
    found = (one for one in ast.parse(path.read_text()).body if isinstance(one, ast.Assign))
    return {ast.unparse(one.targets[0]): ast.literal_eval(one.value) for one in found}


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_a_migration_says_which_code_works_after_it(path):
    names = said(path)
    assert "works_from" in names, "say which version of the code works on this schema: docs/decisions/0034"
    before = {said(one)["revision"]: said(one).get("works_from", "0006") for one in VERSIONS} | {"0006": "0006"}
    if contracts(path.read_text()):
        assert names["works_from"] > before[names["down_revision"]], (
            f"{contracts(path.read_text())} takes away what works_from = {names['works_from']} still uses"
        )
    else:
        assert names["works_from"] == before[names["down_revision"]], "it only adds: whatever worked goes on working"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('op.drop_column("users", "email")', 1),
        ('op.alter_column("users", "email", nullable=False)', 1),
        ('op.alter_column("users", "email", new_column_name="mail")', 1),
        ('op.add_column("users", sa.Column("a", sa.String(), nullable=False))', 1),
        ('op.add_column("users", sa.Column("a", sa.String(), nullable=False, server_default=""))', 0),
        ('op.add_column("users", sa.Column("a", sa.String(), nullable=True))', 0),
        ('op.create_index("ix", "users", ["a"], unique=True)', 1),
        ('op.create_index("ix", "users", ["a"])', 0),
        ('op.create_table("new", sa.Column("a", sa.String(), nullable=False))', 0),
        ('with op.batch_alter_table("users") as batch:\n        batch.drop_column("email")', 1),
    ],
)
def test_the_rule_tells_adding_from_taking_away(line, found):
    assert len(contracts(f"def upgrade():\n    {line}\n")) == found
