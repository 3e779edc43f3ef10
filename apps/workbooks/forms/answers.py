from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.schools.models import School
from apps.workbooks.plan import Answers
from apps.workbooks.reading.cells import Month, Wrong, day

# So many people are asked about at once; of more, the file is to be mended.
ASKED = 200


class AnswerForm(forms.Form):
    """What a file leaves open: since when, schools that nobody knows, rows that may be somebody who is stored."""

    def __init__(self, *args: Any, questions: Mapping[str, Any], answers: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions, self.given = questions, Answers.of(answers)
        if number := questions.get("undated"):
            self._ask_since(number)
        self.schools = {f"school_{place}": asked for place, asked in enumerate(questions.get("schools", ())[:ASKED])}
        for name, asked in self.schools.items():
            self._ask_school(name, asked)
        self.alike = {f"same_{place}": asked for place, asked in enumerate(questions.get("alike", ())[:ASKED])}
        for name, asked in self.alike.items():
            label = _("%(sheet)s, row %(row)d: the same person as %(stored)s") % asked
            self.fields[name] = forms.BooleanField(
                label=label,
                required=False,
                initial=asked["taken"],
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )

    def _ask_since(self, number: int) -> None:
        label = ngettext(
            "The day of arrival at the school is missing for %(number)d person. Take it as",
            "The day of arrival at the school is missing for %(number)d people. Take it for all as",
            number,
        )
        since = self.given.since
        self.fields["since"] = forms.CharField(
            label=label % {"number": number},
            required=False,
            max_length=20,
            initial="" if since is None else f"{since:%Y-%m}" if self.given.month else since.isoformat(),
            help_text=_(
                "A day or a month, such as 2019-09. Left empty it is kept as not known, and the years at the school, "
                "on which the exchange hangs, count from the school year's first day until it is filled in."
            ),
            widget=forms.TextInput(attrs={"class": "form-control"}),
        )

    def _ask_school(self, name: str, asked: Mapping[str, Any]) -> None:
        stages = [
            (f"stage:{value}", _("create it as %(stage)s") % {"stage": label}) for value, label in School.Stage.choices
        ]
        known = [(f"school:{pk}", _("it is %(school)s") % {"school": called}) for pk, called in asked["like"]]
        guess = f"stage:{asked['stage']}" if asked["stage"] and not asked["like"] else ""
        self.fields[name] = forms.ChoiceField(
            label=asked["name"],
            choices=[("", _("please choose")), *known, *stages],
            required=False,
            initial=asked["answer"] or guess,
            help_text=ngettext("on %(number)d row", "on %(number)d rows", asked["rows"]) % {"number": asked["rows"]},
            widget=forms.Select(attrs={"class": "form-select"}),
        )

    def clean_since(self) -> Answers:
        """Return the day or month as an answer; raise ValidationError for what is none."""
        text = self.cleaned_data["since"].strip()
        if not text:
            return Answers()
        try:
            since = day(text)
        except Wrong as error:
            raise ValidationError(str(error)) from error
        return Answers(since, month=isinstance(since, Month))

    def clean(self) -> dict[str, Any]:
        """Return the answers as the action takes them; those to questions that are no longer asked stay."""
        data = super().clean() or {}
        since = data.get("since") or self.given
        schools = {asked["name"]: data[name] for name, asked in self.schools.items() if data.get(name)}
        same = {asked["place"]: asked["pk"] for name, asked in self.alike.items() if data.get(name)}
        asked_of = {asked["place"] for asked in self.alike.values()}
        same |= {place: pk for place, pk in self.given.same.items() if place not in asked_of}
        return {"answers": Answers(since.since, since.month, {**self.given.schools, **schools}, same)}
