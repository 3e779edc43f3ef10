from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.webui.forms import RecordForm

from .models import PLACES, ROLE_OF_PLACE, User
from .roles import ROLES
from .rules import is_own


class UserForm(RecordForm):
    """An account, its role and its place."""

    role = forms.ChoiceField(label=_("Role"), choices=[(role.key, role.name) for role in ROLES])

    class Meta(RecordForm.Meta):
        model = User
        fields = ["username", "name", "role", "township", "school", "teacher", "researcher", "is_active"]
        labels = {"name": _("Name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_own(self.user, self.instance):
            del self.fields["role"]
        elif self.instance.pk and (group := self.instance.groups.first()):
            self.fields["role"].initial = group.name

    def clean(self) -> dict[str, Any]:
        """Check that the place fits the role; the own ones stay as they are."""
        data = super().clean() or {}
        if "role" not in self.fields:
            return data
        wanted = [place for place, role in ROLE_OF_PLACE.items() if role == (data.get("role") or "office")]
        wanted.sort(key=lambda place: place not in self.fields)
        for place in set(PLACES) - set(wanted):
            # Only the place of the role counts; the office's own township is not a principal's.
            data[place] = None
            setattr(self.instance, place, None)
        if not any(data.get(place) or getattr(self.instance, f"{place}_id") for place in wanted):
            field = wanted[0] if wanted[0] in self.fields else None
            self.add_error(field, _("Say for which place this role is."))
        return data
