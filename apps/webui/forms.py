"""Forms of records: only rows that the user may choose, and a version that tells of somebody else's change."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.actors import Actor
from apps.core.addresses import number_in
from apps.core.fields import related_model
from apps.core.models import Record
from apps.core.rules import permitted, record_rule, rules_of
from apps.core.scope import ScopedQuerySet

DASH = "—"


class PickWidget(forms.TextInput):
    """A text box under which the server lists, while one types, the rows that may be meant."""

    template_name = "webui/widgets/pick.html"

    def __init__(self, model: type[models.Model], field: str) -> None:
        super().__init__()
        self.model, self.field = model, field

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the context, with the address that suggests."""
        context = super().get_context(name, value, attrs)
        context["suggest_url"] = reverse("suggest", args=[self.model._meta.label_lower, self.field])
        return context


class PickField(forms.ModelChoiceField[Record]):
    """A row chosen by typing its name, or its surer name where two share one: no list of a thousand options.

    `model` and `field` say what it is chosen for: what may be chosen there is suggested.
    """

    queryset: ScopedQuerySet[Any]

    def __init__(self, queryset: ScopedQuerySet[Any], model: type[models.Model], field: str, **kwargs: Any) -> None:
        super().__init__(queryset, widget=PickWidget(model, field), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Return the text that stands in the box."""
        if isinstance(value, int) or (isinstance(value, str) and value.startswith("#")):
            number = number_in(str(value).lstrip("#"))
            value = (self.queryset.filter(pk=number).first() if number is not None else None) or ""
        return value.names()[-1] if isinstance(value, Record) else value

    def to_python(self, value: Any) -> Record | None:
        """Return the row called `value`; raise ValidationError if there is none, or naming all if there are several."""
        text = str(value or "").strip()
        if not text:
            return None
        found: list[Record] = [row for row in self.queryset.search(text)[:50] if text in row.names()]
        if len(found) == 1:
            return found[0]
        if found:
            names = "、".join(row.names()[-1] for row in found)
            raise forms.ValidationError(
                _("Several are called “%(text)s”. Write one of: %(names)s.") % {"text": text, "names": names}
            )
        near = "、".join(row.names()[-1] for row in self.queryset.search(text)[:5])
        hint = _("Did you mean %(names)s?") % {"names": near} if near else _("Check the name, or add it first.")
        raise forms.ValidationError(_("There is no “%(text)s” here. %(hint)s") % {"text": text, "hint": hint})

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether another row is meant."""
        return bool(self.prepare_value(initial) != (data or None))


class RowsField(forms.ModelMultipleChoiceField[Any]):
    """Several rows; what no id can be is refused like the id of no row, as the field for one row does."""

    def clean(self, value: Any) -> Any:
        """Return the rows; raise ValidationError for one that is not offered."""
        for text in value or ():
            if number_in(str(text)) is None:
                raise forms.ValidationError(self.error_messages["invalid_pk_value"], params={"pk": text})
        return super().clean(value)


def pick_or_list(field: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    """Return the form field of a model field: a box to type in for many rows, the browser's own date picker."""
    remote = related_model(field) if isinstance(field, models.ForeignKey) else None
    if remote and issubclass(remote, Record) and remote.picked_by_text:
        return PickField(
            remote.objects.all(),
            field.model,
            field.name,
            required=not field.blank,
            label=field.verbose_name.capitalize(),
            help_text=field.help_text,
        )
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        kwargs["widget"] = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    if isinstance(field, models.ManyToManyField):
        kwargs["form_class"] = RowsField
    return field.formfield(**kwargs)


def mark_empty_choice(field: forms.Field) -> None:
    """Let the choice of nothing read like an empty value anywhere else, not as a row of dashes."""
    if isinstance(field, forms.ModelChoiceField):
        field.empty_label = field.empty_label and DASH
    elif isinstance(field, forms.TypedChoiceField):
        field.choices = [(value, label if value or value == 0 else DASH) for value, label in field.widget.choices]


class RecordForm(forms.ModelForm[Any]):
    """Base of all forms: choices within the user's scope, the user's own place filled in, a guarded version.

    `fetch` names, for a list of rows, the relations that their names are read from.
    """

    fetch: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    read_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        formfield_callback = pick_or_list

    def __init__(self, *args: Any, user: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if self.instance.pk:
            self.fields["read_version"].initial = self.instance.version
        for name in rules_of(self._meta.model).fixed(user, self.instance):
            self.fields.pop(name, None)
        for level in ("township", "school", "teacher"):
            # Who works in one place only need not name it.
            if level in self.fields and getattr(user.scope, level):
                del self.fields[level]
                if not self.instance.pk:
                    setattr(self.instance, f"{level}_id", getattr(user.scope, level))
        for name, field in self.fields.items():
            if isinstance(field, PickField) and self.instance.pk:
                # The row itself, fetched along with the record, instead of one more query for its name.
                self.initial[name] = getattr(self.instance, name)
            if isinstance(field, forms.ModelChoiceField) and isinstance(field.queryset, ScopedQuerySet):
                own = rules_of(self._meta.model).offered.get(name)
                seen = field.queryset.visible_to(user)
                rows = own(user) if own else permitted(seen, user, record_rule(self._meta.model, "add").permission)
                rows = cast(ScopedQuerySet[Any], rows).to_choose(getattr(self.instance, f"{name}_id", None))
                field.queryset = rows.select_related(*self.fetch[name]) if name in self.fetch else rows
            mark_empty_choice(field)
        for name in [name for name in self.fields if name.endswith("_since_is")]:
            # Nothing is asked of a new record, nor of what the user may not write.
            if not self.instance.pk or name.removesuffix("_is") not in self.fields:
                del self.fields[name]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def _get_validation_exclusions(self) -> set[str]:
        # The place filled in for the user is checked like a typed one, so that uniqueness is told in the form.
        out: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # Django's, missing in its stubs
        return out - {"township", "school", "teacher"}.difference(self.fields)


CORRECTION, NEW = "correction", "new"


def since_question(*facts: str) -> forms.ChoiceField:
    """Return the question that is asked where one of these facts of a stored record is changed."""
    return forms.ChoiceField(
        label=gettext_lazy("If that was changed"),
        choices=[
            (CORRECTION, gettext_lazy("A correction: it was entered wrongly")),
            (NEW, gettext_lazy("New since the day below; before, it was as it stood here")),
        ],
        widget=forms.RadioSelect(attrs={"data-facts": " ".join(facts)}),
        required=False,
    )


class AsksSince(forms.ModelForm[Any]):
    """A form of a record that keeps facts: where one is changed it asks whether that is a correction, or since when.

    For each field of a day, such as `title_since`, it has a question `title_since_is`, made by `since_question`. The
    day is then the one in the field itself.
    """

    @property
    def since(self) -> dict[str, date]:
        """Return the days since when changed facts are new, by the field that holds each."""
        return {
            column: self.cleaned_data[column]
            for column in self._changed()
            if self.cleaned_data.get(f"{column}_is") == NEW
        }

    def _changed(self) -> dict[str, list[str]]:
        """Return, by the field of their day, the facts that differ from what the stored record says."""
        found: dict[str, list[str]] = {}
        for fact, column in self._meta.model.since_of.items():
            known = self.initial.get(fact)
            if self.instance.pk and fact in self.changed_data and known not in ("", None):
                found.setdefault(column, []).append(fact)
        return found

    def clean(self) -> dict[str, Any] | None:
        """Refuse a changed fact without an answer, and a new one without its day."""
        data = super().clean()
        for column, facts in self._changed().items():
            names = "、".join(str(self.fields[fact].label) for fact in facts)
            answer = self.cleaned_data.get(f"{column}_is")
            if not answer:
                told = _("“%(names)s” was changed: say whether that is a correction, or new since a day.")
                self.add_error(f"{column}_is", told % {"names": names})
            elif answer == NEW and (not self.cleaned_data.get(column) or column not in self.changed_data):
                self.add_error(column, _("Give the day since when “%(names)s” is so.") % {"names": names})
        return data


def refuse(form: forms.BaseForm, error: ValidationError) -> None:
    """Show `error`, raised on writing, at its fields where the form has them, else above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(NON_FIELD_ERRORS, error)
        return
    for name, found in error.error_dict.items():
        form.add_error(name if name in form.fields else NON_FIELD_ERRORS, found)
