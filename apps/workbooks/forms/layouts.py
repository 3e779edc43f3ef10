from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.sheets import Sheet
from apps.workbooks.reading.layouts import Mappable, choices


class LayoutForm(forms.Form):
    """What each column of a page means: a select box for each header."""

    def __init__(self, *args: Any, page: Mappable, sheet: Sheet, sheets: Sequence[Sheet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page, self.sheet = page, sheet
        known = page.fields if page.sheet is sheet else {}
        options = [("", _("Leave it aside")), *choices(sheet, sheets)]
        for place, name in page.heads.names.items():
            self.fields[f"place_{place}"] = forms.ChoiceField(
                label=name,
                choices=options,
                required=False,
                initial=known.get(place, ""),
                help_text=page.samples.get(place, ""),
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def clean(self) -> dict[str, Any]:
        """Refuse two headers that mean the same."""
        data = super().clean() or {}
        taken: dict[str, str] = {}
        for name, meaning in list(data.items()):
            if meaning and meaning in taken:
                self.add_error(
                    name, _("“%(header)s” means this already.") % {"header": self.fields[taken[meaning]].label}
                )
            elif meaning:
                taken[meaning] = name
        return data

    @property
    def meanings(self) -> dict[int, str]:
        """Return place → field, "" for what is left aside."""
        return {int(name.removeprefix("place_")): meaning for name, meaning in self.cleaned_data.items()}
