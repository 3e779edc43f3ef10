"""The project keeps what it says: commands of the README exist, templates are used, tests are collected."""

import ast
import json
import re
import tomllib
from pathlib import Path

from django.conf import settings
from django.core.management import get_commands

ROOT = Path(settings.BASE_DIR)
README = (ROOT / "README.md").read_text()


def test_make_targets_of_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"make ([a-z-]+)", README))
    assert named
    assert named - targets == set()


def test_commands_of_the_readme_exist() -> None:
    named = set(re.findall(r"manage\.py ([a-z_]+)", README))
    assert {"import_workbook", "export_workbook", "annual_summary", "load_demo"} <= named
    assert named - set(get_commands()) == set()


def test_the_readme_says_what_each_package_is_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    packages = {re.match(r"[\w-]+", line)[0] for line in wanted}
    rows = re.findall(r"^\| ([^|]+) \|[^|]+\|$", README, re.M)
    named = {name for row in rows for name in re.findall(r"[\w-]+", row)}
    assert packages - named == set()
    manifest = json.loads((ROOT / "package.json").read_text())
    of_node = {*manifest["dependencies"], *manifest["devDependencies"]}
    in_words = {name.split("/")[-1].removesuffix(".org") for name in of_node}
    assert in_words - {name.lower() for name in named} == set()


def test_every_template_is_used() -> None:
    templates = ROOT / "templates"
    texts = [
        p.read_text()
        for folder in ("apps", "templates", "townedu")
        for p in (ROOT / folder).rglob("*")
        if p.suffix in {".py", ".html", ".txt"}
    ]
    used = "\n".join(texts)
    by_name = {"400.html", "403.html", "404.html", "500.html", "403_csrf.html"}
    overridden = ("admin/", "registration/", "django/")
    names = [str(path.relative_to(templates)) for path in templates.rglob("*") if path.is_file()]
    # A text for one kind of place stands beside the general one and is found by its name.
    named = {name: name.replace(".school.", ".").replace(".teacher.", ".") for name in names}
    unused = [n for n in names if n not in by_name and not n.startswith(overridden) and named[n] not in used]
    assert unused == []


def test_every_test_file_tests_something() -> None:
    empty = []
    for path in (ROOT / "tests").rglob("test_*.py"):
        names = [node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]
        if not any(name.startswith("test_") for name in names):
            empty.append(str(path))
    assert empty == []


def test_no_module_is_an_attic() -> None:
    banned = {"utils.py", "helpers.py", "signals.py", "constants.py"}
    assert [str(path) for path in (ROOT / "apps").rglob("*.py") if path.name in banned] == []


def test_files_stay_readable() -> None:
    long = [
        (str(path.relative_to(ROOT)), count)
        for folder in ("apps", "townedu")
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts and (count := len(path.read_text().splitlines())) > 400
    ]
    assert long == []
