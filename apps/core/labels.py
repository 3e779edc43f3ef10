"""The type of a text that people read: translated at once, or only where it is shown."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise as Label
else:
    Label = str

__all__ = ["Label"]
