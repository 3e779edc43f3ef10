from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TeachersConfig(AppConfig):
    name = "apps.teachers"
    verbose_name = _("Teachers")

    def ready(self) -> None:
        """Let the roster follow when schools are merged: the actions say so where they are read."""
        from . import actions  # noqa: F401  # models are there only now
