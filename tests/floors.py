"""Workbooks of some apps only: what they hold is enough to try the rules of imports, and quicker than all sheets."""

from dataclasses import replace

import pytest

from apps.webui import manifests


def only_sheets_of(monkeypatch: pytest.MonkeyPatch, *apps: str) -> None:
    """Let workbooks hold the sheets of these apps and no others."""
    kept = tuple(
        manifest if app in apps else replace(manifest, sheets=()) for app, manifest in manifests._manifests().items()
    )
    monkeypatch.setattr(manifests, "manifests", lambda: kept)
