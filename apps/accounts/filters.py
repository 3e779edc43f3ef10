import django_filters
from django.utils.translation import gettext_lazy as _

from apps.figures.filters import RecordFilter

from .models import User
from .roles import ROLES


class UserFilter(RecordFilter):
    role = django_filters.ChoiceFilter(
        label=_("Role"), field_name="groups__name", choices=[(r.key, r.name) for r in ROLES]
    )
    search = ("username", "name")

    class Meta:
        model = User
        fields = ["is_active"]
