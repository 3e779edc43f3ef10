"""What the rest of the house needs to know of this app."""

from django.utils.translation import gettext_lazy as _

from apps.core.years import uncopied
from apps.webui.manifests import Default, Entry, FirstStep, Manifest, Place, YearPart, allow

from .actions import DEFAULT_DOCUMENT, carry_rounds, take_default_round
from .chapter import CHAPTER
from .models import ExchangeRound
from .sheets import SHEETS

MANIFEST = Manifest(
    address="exchange/",
    menu=(Entry("exchange", _("Exchange postings"), "people", 30),),
    chapter=CHAPTER,
    sheets=SHEETS,
    outline=(Place("exchange.rotation", {"exchange": 10, "teacher_honours": 20}),),
    permissions={
        "office": allow("view add change delete", "exchange", "exchangeround posting"),
        "principal": allow("view", "exchange", "exchangeround posting"),
        "teacher": allow("view", "exchange", "posting"),
    },
    first_steps=(
        FirstStep(
            "round",
            _("Exchange round"),
            _("By which document teachers are exchanged this year, and who may be."),
            100,
            "exchange.add_exchangeround",
            lambda user, year: ExchangeRound.objects.visible_to(user).filter(school_year=year),
            _("%(number)d rounds this school year"),
            "exchange:exchangeround_list",
            ways=((_("Import"), "workbooks:home"), (_("Make your own"), "exchange:exchangeround_create")),
            default=Default(_("Take the general limits"), take_default_round, DEFAULT_DOCUMENT),
        ),
    ),
    next_year=(
        YearPart(
            _("Exchange round with its document and limits"),
            50,
            "exchange:exchangeround_list",
            lambda year, following, by: uncopied(ExchangeRound.objects.all(), year, following, by),
            carry_rounds,
        ),
    ),
)
