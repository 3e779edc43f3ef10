"""Which models are audited, and what of them: said once, above each model."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from auditlog.registry import auditlog
from django.db import models

Model = TypeVar("Model", bound=type[models.Model])

# What every writing sets anew tells nothing.
OWN = ("version", "created_at", "updated_at")
# Kind of record that is not audited → why.
REASONS: dict[type[models.Model], str] = {}


def audited(
    *, hide: Iterable[str] = (), without: Iterable[str] = (), only: Iterable[str] = ()
) -> Callable[[Model], Model]:
    """Audit a model: who created, changed or deleted which row when, and each field's old and new value.

    Of `hide`, personal data, the audit tells that it changed and never what it holds; of fields that are `without`
    nothing; with `only`, it tells of these fields alone.
    """

    def register(model: Model) -> Model:
        auditlog.register(
            model,
            include_fields=list(only),
            exclude_fields=[*OWN, *without],
            mask_fields=list(hide),
            mask_callable="apps.core.audit.hidden",
        )
        return model

    return register


def not_audited(*, because: str) -> Callable[[Model], Model]:
    """State why a kind of record is not audited."""

    def state(model: Model) -> Model:
        REASONS[model] = because
        return model

    return state


def hidden(text: str) -> str:
    """Return what the audit keeps of personal data: that it was there, nothing of it."""
    return "***" if text else ""
