"""The walk through a new kind of record is true: its example has the files that it names, and no others."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGE = (ROOT / "docs" / "add-a-record.md").read_text()
APP = "mentoring"
# Folders of which each has a place for an app's own files, or tells of it.
PLACES = (f"apps/{APP}/", f"templates/{APP}/", f"tests/{APP}/", "tests/", "fixtures/", "locale/", "docs/")
# Folders that hold nothing that people write; and what those files are called that hold text.
NOT_OURS = {
    ".git",
    ".venv",
    "node_modules",
    "var",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".import_linter_cache",
}
WRITTEN = {"", ".py", ".toml", ".txt", ".md", ".html", ".js", ".css", ".sh", ".json", ".yml"}
MAKE = re.compile(r"^([a-z-]+):", re.MULTILINE)


def part(title: str) -> str:
    """Return what stands under a heading of the page."""
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def code(text: str) -> list[str]:
    """Return what a text says in code style."""
    return re.findall(r"`([^`\n]+)`", text)


def paths(text: str) -> set[str]:
    """Return the files and folders that a text names."""
    return {word for word in code(text) if "/" in word or word.endswith((".toml", ".md"))}


def files(folder: str) -> set[str]:
    """Return the files below a folder, but for what Python leaves there."""
    found = (path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(ROOT)) for path in found}


def ours(folder: Path) -> bool:
    """Return whether a folder is no cache of a tool: those begin with a dot, as `.ci` does."""
    return folder.name == ".ci" or not folder.name.startswith(".")


def sources() -> set[str]:
    """Return the files that people write, all over the project."""
    folders = [path.name for path in ROOT.iterdir() if path.is_dir() and path.name not in NOT_OURS and ours(path)]
    found = {path for folder in folders for path in files(folder) if not path.startswith("static/vendor/")}
    found |= {path.name for path in ROOT.iterdir() if path.is_file() and path.name not in NOT_OURS}
    return {path for path in found if Path(path).suffix in WRITTEN}


def names_of(folder: str) -> set[str]:
    """Return the names of classes, functions, their arguments, methods and attributes in the code of a folder."""
    names: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                    names.add(name)
                case ast.arg(arg=str(name)) | ast.keyword(arg=str(name)):
                    names.add(name)
                case ast.Name(id=name, ctx=ast.Store()):
                    names.add(name)
    return names


def imports_of(room: Path) -> set[str]:
    """Return the rooms of the same app that a room imports from."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(room.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            found |= {node.module} if node.module else {alias.name for alias in node.names}
    return found


def test_every_path_on_the_page_exists() -> None:
    assert sorted(path for path in paths(PAGE) if not (ROOT / path).exists()) == []


@pytest.mark.parametrize(
    ("folder", "title"),
    [(f"apps/{APP}", "The rooms, in order"), (f"templates/{APP}", "The rooms, in order"), (f"tests/{APP}", "Tests")],
)
def test_page_names_exactly_the_files_of_the_example(folder: str, title: str) -> None:
    named = {path for path in paths(part(title)) if path.startswith(f"{folder}/")}
    there = files(folder) - {f"tests/{APP}/__init__.py"}
    assert named == there


def test_each_room_imports_only_from_those_above_it_in_the_list() -> None:
    steps = re.findall(rf"^\d+\. `apps/{APP}/(\w+)\.py`", part("The rooms, in order"), re.MULTILINE)
    rooms = [step for step in steps if step != "__init__"]
    assert len(rooms) > 9
    upward = {
        room: imports_of(ROOT / "apps" / APP / f"{room}.py") - set(rooms[:place]) for place, room in enumerate(rooms)
    }
    assert {room: wrong for room, wrong in upward.items() if wrong} == {}


def test_steps_are_numbered_without_a_gap() -> None:
    numbers = re.findall(r"^(\d+)\. ", part("The rooms, in order"), re.MULTILINE)
    assert numbers == [str(place) for place in range(1, len(numbers) + 1)]


def test_every_name_on_the_page_is_in_the_code() -> None:
    asked = {word for word in code(PAGE) if re.fullmatch(r"\w+", word)}
    assert len(asked) > 30
    known = names_of("apps") | names_of("tests/architecture") | {"DOMAIN_APPS"}
    assert sorted(asked - known) == []


def test_the_example_uses_what_each_step_says() -> None:
    """A name of the code that a step says stands in the file of that step, or in those that it builds on."""
    text = "\n".join((ROOT / path).read_text() for path in files(f"apps/{APP}") if path.endswith(".py"))
    asked = {word for word in code(part("The rooms, in order")) if re.fullmatch(r"\w+", word)}
    assert sorted(word for word in asked if not re.search(rf"\b{word}\b", text)) == []


def test_the_app_is_named_elsewhere_only_where_the_page_says() -> None:
    word = re.compile(rf"\b{APP}\b", re.IGNORECASE)
    elsewhere = {path for path in sources() if not path.startswith(PLACES) and word.search((ROOT / path).read_text())}
    assert elsewhere == {path for path in paths(part("Lines elsewhere")) if not path.startswith(PLACES)}


def test_fixtures_and_shared_tests_name_the_app_only_where_the_page_says() -> None:
    folders = ("fixtures", "tests/architecture")
    naming = {
        path
        for folder in folders
        for path in files(folder)
        if path.endswith(".py") and re.search(rf"\b{APP}", (ROOT / path).read_text())
    }
    assert naming - {"tests/architecture/test_docs.py"} == {
        path for path in paths(PAGE) if path.startswith(folders) and path != "tests/architecture"
    } - {"tests/architecture/test_docs.py"}


def test_commands_of_the_page_exist() -> None:
    targets = set(MAKE.findall((ROOT / "Makefile").read_text()))
    commands = re.findall(r"^    (.+)$", part("Commands"), re.MULTILINE)
    made = {command.split()[1] for command in commands if command.startswith("make ")}
    assert made == {"messages", "lint"}
    assert made <= targets
    assert f".venv/bin/python manage.py makemigrations {APP}" in commands
    assert f".venv/bin/python -m pytest tests/{APP} tests/architecture" in commands
