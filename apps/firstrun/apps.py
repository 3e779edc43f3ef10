from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FirstRunConfig(AppConfig):
    name = "apps.firstrun"
    verbose_name = _("First steps")
