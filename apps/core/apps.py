from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _

from . import journal


class CoreConfig(AppConfig):
    name = "apps.core"
    verbose_name = _("School years")

    def ready(self) -> None:
        """Let journals hear of all kinds of records; not of the audit's entries, nor of tables that only join."""
        for model in apps.get_models():
            if hasattr(model, "reached_from"):
                journal.listen(model)
