"""The pages of the exchange, declared."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.webui.pages import Button, ListColumn, Pages, Related

from . import actions, filters, forms, models


class PostingPages(Pages):
    model, form, filterset = models.Posting, forms.PostingForm, filters.PostingFilter
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

    def save(self, *, form: forms.PostingForm, by: Any, version: int | None) -> models.Posting:
        """Write the posting and, when it is new, the teacher's move."""
        return actions.post_teacher(posting=form.instance, by=by, version=version)

    def remove(self, *, record: models.Posting, by: Any) -> None:
        """Delete the posting and undo the teacher's move."""
        actions.delete_posting(posting=record, by=by)

    def buttons(self, user: Any, record: models.Posting) -> Iterable[Button]:
        """Offer to assess the posting and to end it."""
        if not self.may(user, "change", record):
            return
        main = not record.grade
        yield Button(_("Assess"), reverse("exchange:posting_assess", args=[record.pk]), main=main, method="get")
        if record.ends_on is None:
            yield Button(_("End the posting"), reverse("exchange:posting_end", args=[record.pk]), method="get")


class ExchangeRoundPages(Pages):
    model, form, filterset = models.ExchangeRound, forms.ExchangeRoundForm, filters.ExchangeRoundFilter
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
        "years_at_school", "oldest_man", "oldest_woman", "township.name",
    )  # fmt: skip
    related = (
        Related(
            "exchange.posting", "round", ("teacher.name", "from_school.name", "to_school.name", "starts_on", "grade")
        ),
    )
    hint = _("Open this school year's round with its governing document and its limits.")

    def buttons(self, user: Any, record: models.ExchangeRound) -> Iterable[Button]:
        """Show who is eligible; offer to open the round of the next school year."""
        address = f"{reverse('exchange:eligible')}?period={record.school_year.start_year}"
        yield Button(_("Eligible teachers"), address, method="get")
        if self.may(user, "add"):
            yield Button(_("Open the next round"), reverse("exchange:exchangeround_next", args=[record.pk]))


PAGES = (
    PostingPages(),
    ExchangeRoundPages(),
)
