"""What reviewers say about a summary's paragraphs."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.audit import audited
from apps.core.models import Record
from apps.core.stamps import paired

from .summaries import SummarySection, reached_by


@audited()
class ParagraphComment(Record):
    """A remark on a paragraph, which is known by its opening: it is found again wherever it moves."""

    reached_from = reached_by("section__summary__")
    dated_by = ("section__summary__starts_on", "section__summary__ends_on")

    section = models.ForeignKey(
        SummarySection, models.CASCADE, related_name="comments", verbose_name=_("section of a summary")
    )
    quote = models.CharField(_("paragraph"), max_length=60, blank=True)
    text = models.TextField(_("remark"), max_length=1000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )
    resolved_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("remark on a summary")
        verbose_name_plural = _("remarks on summaries")
        ordering = ["section", "pk"]
        constraints = [
            paired(
                "resolved",
                name="comment_resolved_paired",
                violation_error_message=_("A remark that is done says when and by whom."),
            )
        ]

    def __str__(self) -> str:
        return self.text[:30]

    def get_absolute_url(self) -> str:
        """Return the address of its section on the summary's page."""
        return self.section.get_absolute_url()
