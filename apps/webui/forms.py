"""Forms of records: only rows that the user may choose, and a version that tells of somebody else's change."""

from collections.abc import Mapping
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from apps.core.actors import Actor
from apps.core.addresses import number_in
from apps.core.fields import related_model
from apps.core.models import Record
from apps.core.rules import permitted, record_rule, rules_of
from apps.core.scope import ScopedQuerySet

DASH = "—"


class PickWidget(forms.TextInput):
    """A text box that suggests names from the server while one types."""

    template_name = "webui/widgets/pick.html"

    # The label of the model whose rows are suggested.
    model_label = ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the context, with the address that suggests."""
        context = super().get_context(name, value, attrs)
        context["suggest_url"] = reverse_lazy("suggest", args=[self.model_label])
        return context


class PickField(forms.ModelChoiceField[Record]):
    """A row chosen by typing its name, or its surer name where two share one: no list of a thousand options."""

    widget = PickWidget
    queryset: ScopedQuerySet[Any]

    def __init__(self, queryset: ScopedQuerySet[Any], **kwargs: Any) -> None:
        kwargs.pop("limit_choices_to", None)
        widget = PickWidget()
        widget.model_label = queryset.model.label
        super().__init__(queryset, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Return the text that stands in the box."""
        if isinstance(value, int) or (isinstance(value, str) and value.startswith("#")):
            value = self.queryset.filter(pk=str(value).lstrip("#")).first() or value
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
                field.queryset = rows.select_related(*self.fetch[name]) if name in self.fetch else rows
            mark_empty_choice(field)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def _get_validation_exclusions(self) -> set[str]:
        # The place filled in for the user is checked like a typed one, so that uniqueness is told in the form.
        out: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # Django's, missing in its stubs
        return out - {"township", "school", "teacher"}.difference(self.fields)


def refuse(form: forms.BaseForm, error: ValidationError) -> None:
    """Show `error`, raised on writing, at its fields where the form has them, else above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(NON_FIELD_ERRORS, error)
        return
    for name, found in error.error_dict.items():
        form.add_error(name if name in form.fields else NON_FIELD_ERRORS, found)
