"""The forms of the first steps, one a page."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.forms import BaseUserCreationForm
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.forms import USERNAME_HELP
from apps.accounts.models import User
from apps.schools.models import District, Township

# As places are called; the words of the papers.
DISTRICTS = ("县", "区", "市", "旗")
RESEARCH_OFFICES = ("县教研室", "区教研室", "县教师发展中心", "区教师发展中心", "县教科所", "教师进修学校")
TOWNSHIPS = ("镇", "乡", "街道", "片区")
# So many townships can be named at the beginning.
MOST = 40
OFFICES = ("教育组", "中心学校", "学区", "教育总支")


class SuggestingInput(forms.TextInput):
    """A text box that offers words, and takes any other."""

    template_name = "firstrun/suggesting.html"

    def __init__(self, words: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = words

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the context, with the words to offer."""
        return super().get_context(name, value, attrs) | {"words": self.words}


def kind(label: Any, words: Sequence[str]) -> forms.ChoiceField:
    """Return a field for the kind of a place."""
    return forms.ChoiceField(label=label, choices=[(word, word) for word in words], initial=words[0])


def whole_name(name: str, kind: str, kinds: Sequence[str]) -> str:
    """Return the name of a place with its kind, which may have been typed with it."""
    name = "".join(name.split())
    return name if name.endswith(tuple(kinds)) and len(name) > 2 else name + kind


class CodeForm(forms.Form):
    """The one-time code that was printed."""

    code = forms.CharField(
        label=gettext_lazy("One-time code"),
        max_length=60,
        help_text=gettext_lazy("It was printed where the site was set up. Blanks and hyphens do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


class CountyForm(forms.Form):
    """The district and its research office."""

    name = forms.CharField(label=gettext_lazy("Name of the county or district"), max_length=36)
    kind = kind(gettext_lazy("Kind of the county or district"), DISTRICTS)
    office_name = forms.CharField(
        label=gettext_lazy("Name of the research office"),
        max_length=40,
        help_text=gettext_lazy("As it is written in papers: choose one or write your own."),
        widget=SuggestingInput(RESEARCH_OFFICES),
    )

    def district(self) -> District:
        """Return the district, not stored."""
        data = self.cleaned_data
        return District(name=whole_name(data["name"], data["kind"], DISTRICTS), office_name=data["office_name"].strip())


class TownshipForm(forms.Form):
    """A township and its education office; an empty one is left out."""

    name = forms.CharField(label=gettext_lazy("Name of the township"), max_length=36)
    kind = kind(gettext_lazy("Kind of the township"), TOWNSHIPS)
    office = forms.CharField(
        label=gettext_lazy("Name of the education office"),
        max_length=30,
        initial=OFFICES[0],
        help_text=gettext_lazy("The whole name, or what follows the township's name in papers."),
        widget=SuggestingInput(OFFICES),
    )

    def township(self) -> Township:
        """Return the township, not stored."""
        data = self.cleaned_data
        name = whole_name(data["name"], data["kind"], TOWNSHIPS)
        office = "".join(data["office"].split())
        bare = "".join(data["name"].split())
        return Township(name=name, office_name=office if office.startswith(bare) else name + office)


class Townships(forms.BaseFormSet[TownshipForm]):
    """The townships of an installation: one at least, no name twice."""

    def clean(self) -> None:
        """Check the names against each other."""
        if any(self.errors):
            return
        names = [township.name for township in self.townships()]
        if not names:
            raise forms.ValidationError(_("Name one township at least."))
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise forms.ValidationError(_("“%(name)s” stands here twice.") % {"name": twice[0]})

    def townships(self) -> list[Township]:
        """Return the townships, not stored."""
        return [form.township() for form in self.forms if form.has_changed() and form.cleaned_data.get("name")]


TownshipFormSet = forms.formset_factory(TownshipForm, formset=Townships, extra=1, max_num=MOST, absolute_max=MOST)


class AccountForm(BaseUserCreationForm[User]):
    """The first office account, with its own password."""

    class Meta:
        model = User
        fields = ["name", "username"]
        labels = {"name": gettext_lazy("Your name")}
        help_texts = {"username": USERNAME_HELP}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs.pop("autofocus", None)  # the name comes first
        self.fields["name"].widget.attrs["autofocus"] = True
