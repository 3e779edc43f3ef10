"""Records are written by one road: verbs that demand their rule, of an actor who is somebody."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

APPS = Path(settings.BASE_DIR) / "apps"
# What writes whoever may: for verbs only, which have demanded their rule.
UNASKED = {"write_record", "write_records", "erase_record"}


def modules() -> Iterator[tuple[str, str, ast.Module]]:
    """Yield app, path within the app, and content of every module of the apps."""
    for path in sorted(APPS.rglob("*.py")):
        app, *rest = path.relative_to(APPS).parts
        if rest and "migrations" not in rest:
            yield app, "/".join(rest), ast.parse(path.read_text())


def imported(tree: ast.Module) -> set[str]:
    """Return the names that a module imports from the actions of core; `*` for all of them."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("core.actions"):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").endswith("core"):
            found |= {"*" for alias in node.names if alias.name == "actions"}
        elif isinstance(node, ast.Import):
            found |= {"*" for alias in node.names if alias.name == "apps.core.actions"}
    return found


def test_records_written_without_asking_are_written_by_actions_only() -> None:
    outside = [
        f"{app}/{path}"
        for app, path, tree in modules()
        if app != "core" and path != "actions.py" and not path.startswith("actions/")
        if imported(tree) & (UNASKED | {"*"})
    ]
    assert outside == []


def vague(annotation: ast.expr | None) -> bool:
    """Return whether a parameter's type lets anything pass, or nobody."""
    if annotation is None:
        return True
    names = {node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)}
    nothing = any(isinstance(node, ast.Constant) and node.value is None for node in ast.walk(annotation))
    return "Any" in names or nothing


def test_who_acts_is_an_actor_by_type() -> None:
    found = [
        f"{app}/{path}: {node.name}({given.arg})"
        for app, path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for given in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        if given.arg in {"by", "user"} and vague(given.annotation)
    ]
    assert found == []
