"""Fields: finding one of a model, and personal data at rest (encrypted text, and the digest by which it is found)."""

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import models


def field_of(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    """Return the field `name` of a model; raise FieldDoesNotExist for a set of other rows, or for none."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise FieldDoesNotExist(f"{model.__name__} has no field named “{name}” of its own.")
    return field


def related_model(field: models.Field[Any, Any]) -> type[models.Model]:
    """Return the model to whose rows a field refers; raise FieldDoesNotExist for a field that refers to none."""
    model = field.related_model
    if model is None:
        raise FieldDoesNotExist(f"{field} refers to no rows.")
    return model


@lru_cache
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise ImproperlyConfigured("FIELD_KEYS must list keys of 32 bytes in URL-safe base64.") from None


def digest(text: str) -> str:
    """Return the keyed digest (64 hexadecimal digits) of `text`, to find an encrypted value without reading it."""
    return hmac.new(settings.FIELD_KEYS[-1].encode(), text.encode(), hashlib.sha256).hexdigest()


# A very long text is encrypted in pieces of so many characters: one of all would be in memory eight times meanwhile.
PIECE = 1_000_000
# Stands between the pieces; none of them holds it.
BETWEEN = "."


class EncryptedTextField(models.TextField[str, str]):
    """Text that the database holds encrypted (Fernet) under FIELD_KEYS: the first key writes, all read."""

    def get_prep_value(self, value: Any) -> str:
        """Return the encrypted form of `value`; an empty one stays empty."""
        value = super().get_prep_value(value)
        cipher = _cipher(tuple(settings.FIELD_KEYS))
        pieces = (value[start : start + PIECE] for start in range(0, len(value), PIECE)) if value else ()
        return BETWEEN.join(cipher.encrypt(piece.encode()).decode() for piece in pieces)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str:
        """Return the plain text, or an empty one when no key opens it."""
        try:
            cipher = _cipher(tuple(settings.FIELD_KEYS))
            return "".join(cipher.decrypt(piece.encode()).decode() for piece in (value or "").split(BETWEEN) if piece)
        except InvalidToken:
            return ""
