"""The page on the architecture names only what is there."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGES = sorted((ROOT / "docs").glob("*.md"))
# Words in code style that are no names of ours.
WORDS = {"make", "lint"}


def code_words(page: Path) -> list[str]:
    """Return what stands in code style on a page, outside blocks of code."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    return re.findall(r"`([^`\n]+)`", text)


def names_in_code() -> set[str]:
    """Return the names of all classes, functions, methods, arguments, attributes and constants of the code."""
    names: set[str] = set()
    for path in [*ROOT.glob("apps/**/*.py"), *ROOT.glob("townedu/*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                names.add(node.name)
                if isinstance(node, ast.ClassDef):
                    names |= {f"{node.name}.{part.name}" for part in node.body if isinstance(part, ast.FunctionDef)}
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            elif isinstance(node, ast.arg | ast.keyword) and node.arg:
                names.add(node.arg)
    return names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_on_the_page_is_there(page: Path) -> None:
    paths = [word for word in code_words(page) if "/" in word and not re.search(r"[<… ]", word)]
    rooms = ROOT / "apps" / "reports", ROOT / "apps" / "workbooks"
    missing = [
        word for word in paths if not (ROOT / word).exists() and not any((room / word).exists() for room in rooms)
    ]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_name_on_the_page_is_in_the_code(page: Path) -> None:
    names = names_in_code()
    asked = [word for word in code_words(page) if re.fullmatch(r"[A-Za-z_]+(\.[a-z_]+)?", word)]
    files = {path.name for path in ROOT.glob("apps/**/*.py")}
    assert [word for word in asked if word not in names | files | WORDS and not (ROOT / word).exists()] == []
