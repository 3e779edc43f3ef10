from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkbooksConfig(AppConfig):
    name = "apps.workbooks"
    verbose_name = _("Workbooks")
