"""What a section said earlier: who wrote it, and when."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.audit import audited
from apps.core.models import Record

from .summaries import SummarySection, reached_by


@audited(without=["text"])
class SectionRevision(Record):
    """A section's heading and text as somebody left them; what one person writes in one sitting is one revision."""

    reached_from = reached_by("section__summary__")
    dated_by = ("section__summary__starts_on", "section__summary__ends_on")

    section = models.ForeignKey(
        SummarySection, models.CASCADE, related_name="revisions", verbose_name=_("section of a summary")
    )
    heading = models.CharField(_("heading"), max_length=60, blank=True)
    text = models.TextField(_("text"), blank=True)
    edited = models.BooleanField(_("text changed by hand"), default=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("written by")
    )

    class Meta:
        verbose_name = _("earlier text of a section")
        verbose_name_plural = _("earlier texts of sections")
        ordering = ["section", "-pk"]
        indexes = [models.Index(fields=["section", "-updated_at"], name="revision_of_section")]

    def __str__(self) -> str:
        return self.heading or str(self.section)

    def get_absolute_url(self) -> str:
        """Return the address of its section's history."""
        return self.section.history_url
