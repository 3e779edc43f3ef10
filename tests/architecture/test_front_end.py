"""Scripts and style sheets: short, in the folder of their app, used, and found under the names they are served by."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import override_settings

from townedu.settings import STORAGES

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "static"
IMPORT = re.compile(r"""^import[^"']*["'](.+?)["'];""", re.M)
OWN = [path for path in STATIC.rglob("*") if path.is_file() and "vendor" not in path.parts]
SCRIPTS = [path for path in OWN if path.suffix == ".js"]


def test_scripts_stay_readable() -> None:
    assert SCRIPTS
    lines = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in SCRIPTS}
    assert [(name, count) for name, count in lines.items() if count >= 200] == []


def test_every_static_file_lies_in_the_folder_of_an_app_or_of_the_site() -> None:
    rooms = {"townedu", *(path.parent.name for path in (ROOT / "apps").glob("*/__init__.py"))}
    assert {path.relative_to(STATIC).parts[0] for path in OWN} - rooms == set()
    assert [path.name for path in OWN if path.parent == STATIC] == []


def test_files_of_an_app_are_asked_for_by_its_templates_only() -> None:
    strangers = []
    for template in (ROOT / "templates").rglob("*.html"):
        for name in re.findall(r"{% static '([^']+)' %}", template.read_text()):
            app, own = name.split("/")[0], template.relative_to(ROOT / "templates").parts[0]
            if app not in {own, "townedu", "vendor"}:
                strangers.append((str(template.relative_to(ROOT)), name))
    assert strangers == []


def test_every_static_file_is_used() -> None:
    pages = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "apps").rglob("*.py")]
    named = {name for page in pages for name in re.findall(r"""["']([\w/]+\.(?:js|css|svg))["']""", page.read_text())}
    imported = {(path.parent / name).resolve() for path in SCRIPTS for name in IMPORT.findall(path.read_text())}
    used = imported | {STATIC / name for name in named}
    assert [str(path.relative_to(STATIC)) for path in OWN if path not in used] == []


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Path]:
    """Our static files as a public site serves them, collected into a folder of their own."""
    with override_settings(STORAGES=STORAGES, STATIC_ROOT=tmp_path, DEBUG=False):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["admin", "vendor"])
        yield tmp_path


def test_modules_import_each_other_under_the_names_they_are_served_by(served: Path) -> None:
    entry = served / staticfiles_storage.stored_name("reports/composer/composer.js")
    found: set[Path] = set()
    waiting = [entry]
    while waiting:
        script = waiting.pop()
        found.add(script)
        imported = {(script.parent / name).resolve() for name in IMPORT.findall(script.read_text())}
        waiting.extend(imported - found)
    plain = {re.sub(r"\.[0-9a-f]{12}\.js$", ".js", path.name) for path in found}
    assert plain == {path.name for path in (STATIC / "reports" / "composer").glob("*.js")}
    assert [path.name for path in found if not re.search(r"\.[0-9a-f]{12}\.js$", path.name)] == []
