"""Random edits through the pages that people use, chosen by a seeded dice: create, change, delete."""

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

from django import forms
from django.test import Client

from apps.accounts.models import User
from apps.core.models import Record
from apps.schools.models import Township
from apps.webui.pages import REGISTRY, Pages
from fixtures.demo.town import LAST_DAY

# What is entered from day to day, and so often it comes up.
KINDS = {
    "observations.observation": 5,
    "handbook.handbookentry": 5,
    "research.activity": 4,
    "research.attendance": 4,
    "research.activityguest": 2,
    "research.researchersurvey": 2,
    "research.smallproject": 2,
    "research.projectmember": 2,
    "research.basemember": 1,
    "teachers.appointment": 3,
    "teachers.teacher": 2,
    "teachers.teachingassignment": 1,
    "ethics.honour": 3,
    "ethics.misconductcase": 3,
    "ethics.campaignparticipant": 2,
    "ethics.contestentry": 2,
    "exchange.posting": 1,
    "schools.schoolgrade": 1,
    "schools.studygroup": 1,
    "schools.designation": 1,
}
VERBS = {"create": 5, "update": 4, "delete": 3}
# Left as they are: another place would only be refused, and names and numbers are no figures.
KEPT = {"township", "rubric", "name", "no", "id_number", "phone", "birth_date"}


class Editor:
    """An office that edits its town's records as the dice falls; `done` counts kind, verb and whether it was taken."""

    def __init__(self, client: Client, user: User, township: Township, seed: int) -> None:
        self.client, self.user, self.township, self.dice = client, user, township, Random(seed)
        self.done: Counter[tuple[str, str, bool]] = Counter()

    def edit(self) -> None:
        """Do one thing to one record."""
        kind = self.dice.choices(list(KINDS), list(KINDS.values()))[0]
        verb = self.dice.choices(list(VERBS), list(VERBS.values()))[0]
        pages = REGISTRY[kind]
        record = self.one(pages)
        if record is None:
            return
        before = pages.model.objects.count()
        if verb == "delete":
            answer = self.client.post(pages.url("delete", record.pk))
            taken = pages.model.objects.count() < before
        else:
            answer = self.write(pages, record, verb)
            taken = answer.status_code == 302
        assert answer.status_code in (200, 302, 403), (kind, verb, record.pk, answer.status_code)
        self.done[kind, verb, taken] += 1

    def one(self, pages: Pages) -> Record | None:
        """Return one of the town's records of a kind, None without any."""
        rows = pages.model.objects.within(self.township.scope).order_by("pk")
        number = rows.count()
        return rows[self.dice.randrange(number)] if number else None

    def write(self, pages: Pages, record: Record, verb: str) -> Any:
        """Send the form of a record, with something else in it: as a new record or as the same one."""
        address = pages.url("update", record.pk)
        form = pages.form(instance=record, user=self.user)
        data = {}
        for field in form:
            value = field.value()
            if isinstance(value, bool):
                value = "on" if value else None
            data[field.html_name] = value.isoformat() if isinstance(value, date) else value
        for name in self.dice.sample(sorted(form.fields), min(3, len(form.fields))):
            if name not in KEPT:
                data[form.add_prefix(name)] = self.other(form.fields[name], data[form.add_prefix(name)])
        if verb == "create":
            address = pages.url("create")
            data.pop("read_version", None)
        return self.client.post(address, {name: value for name, value in data.items() if value is not None})

    def other(self, field: forms.Field, value: Any) -> Any:
        """Return another value for a field, one that people might enter."""
        if isinstance(field, forms.ChoiceField | forms.ModelChoiceField) and hasattr(field.widget, "choices"):
            return self.dice.choice([str(key) for key, _label in field.choices])
        if isinstance(field, forms.DateField):
            return (LAST_DAY - timedelta(days=self.dice.randrange(450))).isoformat()
        if isinstance(field, forms.BooleanField):
            return None if value else "on"
        if isinstance(field, forms.DecimalField | forms.IntegerField) and value not in (None, ""):
            return str(max(0, int(float(value)) + self.dice.randrange(-2, 3)))
        if isinstance(field, forms.ModelChoiceField):
            rows = field.queryset.order_by("pk")
            return rows[self.dice.randrange(rows.count())].names()[-1]
        return f"{value or ''}之{self.dice.randrange(9)}" if isinstance(field, forms.CharField) else value
