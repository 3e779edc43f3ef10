"""What the rest of the house needs to know of this app."""

from django.utils.translation import gettext_lazy as _

from apps.core.models import SchoolYear

from .manifests import Entry, FirstStep, Manifest, allow

MANIFEST = Manifest(
    menu=(Entry("years", _("School years"), "base", 40),),
    permissions={
        "office": allow("view add change delete", "core", "schoolyear term"),
        "principal": allow("view", "core", "schoolyear term"),
    },
    first_steps=(
        FirstStep(
            "years",
            _("School year and terms"),
            _("Everything that runs by the year or the term hangs on them."),
            20,
            "core.view_schoolyear",
            lambda user, year: SchoolYear.objects.filter(terms__isnull=False),
            _("%(number)d school years with their terms"),
            "core:schoolyear_list",
            ways=((_("Add the school year"), "core:schoolyear_create"),),
            doubtful=lambda user, year: SchoolYear.objects.filter(terms__isnull=True),
            doubt=_("%(number)d without terms"),
        ),
    ),
)
