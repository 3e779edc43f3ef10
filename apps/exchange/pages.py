"""The pages of the exchange, declared."""

from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.webui.pages import Button, ListColumn, Pages, Related
from apps.webui.verbs import Verb

from . import actions, filters, forms, rules
from .models import ExchangeRound, Posting


def _over(posting: Posting) -> bool:
    """Return whether a posting is over: it has ended, or its round has closed."""
    return (posting.ends_on or posting.round.closes_on) < timezone.localdate()


POSTING_VERBS = (
    Verb(
        "assess",
        _("Assess"),
        rules.may_assess,
        actions.assess_posting,
        takes="posting",
        said=_("Assessed: %(record)s"),
        form=forms.AssessForm,
        initial=lambda row: {"score": row.score, "grade": row.grade, "version": row.version},
        next_when=lambda row: not row.grade and _over(row),
    ),
    Verb(
        "end",
        _("End the posting"),
        rules.may_end,
        actions.end_posting,
        takes="posting",
        said=lambda row: (
            _("Ended: %(teacher)s returns to %(school)s.") % {"teacher": row.teacher, "school": row.from_school}
        ),
        question=_("The teacher belongs to the sending school again from the day after."),
        form=forms.EndForm,
        initial=lambda row: {"ends_on": timezone.localdate()},
        shown=lambda row: row.ends_on is None,
        next_when=_over,
    ),
)


class PostingPages(Pages[Posting]):
    model, form, filterset = Posting, forms.PostingForm, filters.PostingFilter
    kept = ("round", "to_school", "way", "starts_on")
    menu = "exchange"
    fetch = ("teacher", "from_school", "to_school", "round__school_year")
    columns = (
        ListColumn("teacher.name", _("teacher"), sort="teacher__no"),
        ListColumn("from_school.name", _("from school"), sort="from_school__code"),
        ListColumn("to_school.name", _("to school"), sort="to_school__code"),
        ListColumn("way"),
        ListColumn("starts_on", kind="date"),
        ListColumn("ends_on", kind="date"),
        ListColumn("score", kind="num"),
        ListColumn("grade"),
    )
    detail = ("teacher", "round", "from_school", "to_school", "way", "starts_on", "ends_on", "score", "grade")
    hint = _("Record which teachers go to another school, or import the workbook's sheet “Exchange postings”.")

    verbs = POSTING_VERBS

    def save(self, *, form: forms.PostingForm, by: Actor, version: int | None) -> Posting:
        """Write the posting and, when it is new, the teacher's move."""
        return actions.post_teacher(posting=form.instance, by=by, version=version)

    def remove(self, *, record: Posting, by: Actor) -> None:
        """Delete the posting and undo the teacher's move."""
        actions.delete_posting(record=record, by=by)

    def left_open(self, teachers: Collection[int], day: date) -> Iterator[tuple[int, Posting]]:
        """Return the postings of these teachers that have no last day, or one after `day`."""
        rows = Posting.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), teacher__in=teachers)
        for row in rows.filter(round__closes_on__gte=day).select_related(*self.fetch):
            yield row.teacher_id, row


class ExchangeRoundPages(Pages[ExchangeRound]):
    model, form, filterset = ExchangeRound, forms.ExchangeRoundForm, filters.ExchangeRoundFilter
    menu = "exchange"
    fetch = ("township", "school_year")
    detail_template = "exchange/round_detail.html"
    columns = (
        ListColumn("school_year", sort="school_year__start_year"),
        ListColumn("document"),
        ListColumn("opens_on", kind="date"),
        ListColumn("closes_on", kind="date"),
        ListColumn("reference_date", kind="date"),
    )
    detail = (
        "school_year", "document", "opens_on", "closes_on", "reference_date", "exchange_share", "backbone_share",
        "years_at_school", "gaps_break", "oldest_man", "oldest_woman", "township.name",
    )  # fmt: skip
    related = (
        Related(
            "exchange.posting", "round", ("teacher.name", "from_school.name", "to_school.name", "starts_on", "grade")
        ),
    )
    hint = _("Open this school year's round with its governing document and its limits.")

    verbs = (
        Verb(
            "next",
            _("Open the next round"),
            rules.may_open_next,
            actions.open_next_round,
            takes="round",
            said=_("Opened: %(result)s. Check its days."),
            next_when=lambda round: round.closes_on < timezone.localdate() and not round.followed,
        ),
    )

    def buttons(self, user: Actor, record: ExchangeRound) -> Iterator[Button]:
        """Show who is eligible, before what is done with the round."""
        address = f"{reverse('exchange:eligible')}?period={record.school_year.start_year}"
        yield Button(_("Eligible teachers"), address, method="get")
        yield from super().buttons(user, record)


PAGES = (
    PostingPages(),
    ExchangeRoundPages(),
)
