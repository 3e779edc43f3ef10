"""The pages of mentoring pairs, declared."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.webui.pages import COMMON, ListColumn, Pages, Related, Waiting
from apps.webui.verbs import Verb

from . import actions, filters, forms, rules
from .models import MentoringPair

SPAN = ("starts_on", "ends_on", "result")
OF_TEACHER = (
    Related(
        MentoringPair.label, "apprentice", ("mentor.name", *SPAN), _("Pairs in which the teacher learns"), later=True
    ),
    Related(
        MentoringPair.label, "mentor", ("apprentice.name", *SPAN), _("Pairs in which the teacher guides"), later=True
    ),
)


class MentoringPairPages(Pages[MentoringPair]):
    model, form, filterset = MentoringPair, forms.MentoringPairForm, filters.MentoringPairFilter
    kept = (*COMMON, "starts_on", "ends_on")
    menu = "mentoring"
    fetch = ("mentor", "apprentice", "school")
    columns = (
        ListColumn("mentor.name", sort="mentor__no"),
        ListColumn("apprentice.name", sort="apprentice__no"),
        ListColumn("school.name", _("school"), sort="school__code"),
        ListColumn("subject"),
        ListColumn("starts_on", kind="date"),
        ListColumn("ends_on", kind="date"),
        ListColumn("result"),
    )
    detail = (
        "mentor", "apprentice", "school", "subject", "starts_on", "ends_on", "agreement", "agreed_on", "result",
    )  # fmt: skip
    shown_on = {"teachers.teacher": OF_TEACHER}
    hint = _("Record which experienced teacher guides which apprentice, from when to when, and what they agreed.")
    verbs = (
        Verb(
            "end",
            _("End with a result"),
            rules.may_end,
            actions.end_pairing,
            takes="pair",
            said=_("Ended: %(record)s"),
            question=_("The pair is then over, and its result stands in the files of both teachers."),
            form=forms.EndForm,
            initial=lambda pair: {"on": min(pair.ends_on or timezone.localdate(), timezone.localdate())},
            shown=lambda pair: not pair.result,
            next_when=lambda pair: pair.ends_on is not None and pair.ends_on < timezone.localdate(),
        ),
        Verb(
            "extend",
            _("Extend"),
            rules.may_extend,
            actions.extend_pairing,
            takes="pair",
            said=_("Extended: %(record)s"),
            form=forms.ExtendForm,
            shown=lambda pair: not pair.result and pair.ends_on is not None,
        ),
    )

    def save(self, *, form: forms.MentoringPairForm, by: Actor, version: int | None) -> MentoringPair:
        """Write the pair, if the apprentice belonged to the school then."""
        return actions.save_pair(record=form.instance, by=by, version=version)

    def left_open(self, teachers: Collection[int], day: date) -> Iterable[tuple[int, MentoringPair]]:
        """Return the pairs of these teachers that have no result and do not end before `day`."""
        of_them = Q(mentor__in=teachers) | Q(apprentice__in=teachers)
        running = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
        for row in MentoringPair.objects.filter(of_them, running, result="").select_related(*self.fetch):
            yield from ((pk, row) for pk in (row.mentor_id, row.apprentice_id) if pk in teachers)

    def waiting(self, user: Actor) -> Iterable[Waiting]:
        """Return the pairs whose agreed time is over and whose result `user` may give, whatever their year."""
        if user.has_perm(rules.may_end.permission):
            text = _("Mentoring pairs whose time is over wait for a result")
            yield Waiting(text, {"waiting": "true"}, every_year=True)


PAGES = (MentoringPairPages(),)
