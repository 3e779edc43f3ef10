"""Reads settings from the environment and refuses bad values with one sentence that names them."""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def flag(name: str, default: bool = False) -> bool:
    """Return the switch `name`; raise ImproperlyConfigured if it is neither on nor off."""
    value = os.environ.get(name, str(default)).strip().lower()
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return value in TRUE


def words(name: str, default: str = "") -> list[str]:
    """Return the comma-separated values of `name`, without blanks."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def origins(name: str) -> list[str]:
    """Return the comma-separated web origins of `name`; raise ImproperlyConfigured for one without a scheme."""
    for origin in (found := words(name)):
        if urlsplit(origin).scheme not in {"http", "https"}:
            raise ImproperlyConfigured(f"{name} must list addresses like https://host, not {origin!r}.")
    return found


def url(name: str, schemes: set[str]) -> str:
    """Return the address `name` or an empty string; raise ImproperlyConfigured for a foreign scheme."""
    value = os.environ.get(name, "")
    if value and urlsplit(value).scheme not in schemes:
        raise ImproperlyConfigured(f"{name} must begin with one of {', '.join(sorted(schemes))}://")
    return value


def mail(name: str) -> dict[str, str | int | bool]:
    """Return Django's settings for the mail server `name`, none without one; raise ImproperlyConfigured for a bad one.

    smtps://user:password@host/?from=address speaks TLS from the start, smtp:// once connected (`tls=0`: not at all).
    """
    value = url(name, {"smtp", "smtps"})
    if not value:
        return {}
    try:
        parts = urlsplit(value)
        port, asked = parts.port, parse_qs(parts.query)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not a mail server: {error}.") from None
    user, direct = unquote(parts.username or ""), parts.scheme == "smtps"
    sender = asked.get("from", [user])[0]
    if not parts.hostname or "@" not in sender:
        raise ImproperlyConfigured(f"{name} must name a host and a sender, like smtps://host/?from=office@example.org.")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or (465 if direct else 587),
        "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": direct,
        "EMAIL_USE_TLS": not direct and asked.get("tls") != ["0"],
        "DEFAULT_FROM_EMAIL": sender,
    }


def database(name: str, default_file: Path) -> dj_database_url.DBConfig:
    """Return Django's settings for the database `name`, by default the SQLite file `default_file`.

    SQLite gets WAL and immediate transactions: with deferred ones, writers that read first fail at once
    when another process writes, whatever the timeout.
    """
    value = os.environ.get(name) or f"sqlite:///{default_file}"
    try:
        settings = dj_database_url.parse(value, conn_max_age=60, conn_health_checks=True)
    except (dj_database_url.ParseError, dj_database_url.UnknownSchemeError) as error:
        raise ImproperlyConfigured(f"{name} is not a database address: {error}.") from None
    if settings["ENGINE"].endswith("sqlite3"):
        settings["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    return settings


def secret_key(file: Path) -> str:
    """Return SECRET_KEY or the key that set-up wrote to `file`; raise ImproperlyConfigured if neither is there."""
    value = os.environ.get("SECRET_KEY") or (file.read_text().strip() if file.is_file() else "")
    if len(value) < 32:
        raise ImproperlyConfigured(
            f"SECRET_KEY needs at least 32 characters: set it, or run 'make setup' to write {file.name}."
        )
    return value


def folder(name: str, default: Path) -> Path:
    """Return the folder `name`; raise ImproperlyConfigured if it is a file."""
    value = Path(os.environ.get(name) or default)
    if value.is_file():
        raise ImproperlyConfigured(f"{name} must be a folder, {value} is a file.")
    return value
