from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.core.addresses import number_in
from apps.figures.figures import Figure
from apps.reports.actions import refuse_unknown
from apps.reports.composing.document import all_chapters, default_texts, figures_of, joined
from apps.reports.composing.outline import OUTLINE
from apps.reports.models import AnnualSummary, SummarySection
from apps.reports.rules import open_summaries, reviewers
from apps.webui.forms import DASH, RecordForm


class TokenTextForm(forms.ModelForm[SummarySection]):
    """Checks the tokens of a text."""

    @property
    def its_summary(self) -> AnnualSummary | None:
        """Return the summary that the section belongs to, as far as it is known yet."""
        return self.instance.summary if self.instance.summary_id else None

    def clean_text(self) -> str:
        """Return the text; raise ValidationError for tokens that name no figure, with their places."""
        text: str = self.cleaned_data["text"]
        try:
            refuse_unknown(text, self.its_summary.kind if self.its_summary else "")
        except forms.ValidationError as error:
            raise forms.ValidationError(error.error_dict["text"]) from error
        return text


class SummarySectionForm(TokenTextForm, RecordForm):
    """A section's heading, place and text; tokens are checked, and the labels that can be used are listed."""

    class Meta(RecordForm.Meta):
        model = SummarySection
        fields = ["summary", "order", "level", "heading", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 14, "data-tokens": ""})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.instance.edited and not self.is_bound:
            summary = self.instance.summary
            texts = default_texts(summary.scope, summary.period, self.figures)
            self.initial["text"] = joined(texts, self.instance.key_list)

    @property
    def its_summary(self) -> AnnualSummary | None:
        """Return the summary that the section belongs to, or that is chosen for it."""
        if self.instance.summary_id:
            return self.instance.summary
        chosen = number_in(str(self["summary"].value() or ""))
        return open_summaries(self.user).filter(pk=chosen).first() if chosen else None

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Return key → figure of the summary, in Chinese."""
        summary = self.its_summary
        return figures_of(summary.scope, summary.period) if summary else {}

    @property
    def labels(self) -> list[tuple[str, list[Figure]]]:
        """Return the figures that tokens may name, under the titles of their chapters."""
        figures = self.figures
        groups = [
            (
                str(chapter.title),
                [figures[tally.key] for tally in chapter.tallies_at("teacher") if tally.key in figures],
            )
            for chapter in all_chapters()
        ]
        return [group for group in groups if group[1]]

    @property
    def hint(self) -> str:
        """Return what the outline says about writing this section."""
        return next((str(h.hint) for h in OUTLINE if h.hint and h.keys == self.instance.key_list), "")


class ReviewForm(forms.Form):
    """Who reviews a summary: an account that may."""

    def __init__(self, *args: Any, summary: AnnualSummary, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = reviewers(summary)
        empty = None if len(found) == 1 else DASH
        self.fields["reviewer"] = forms.ModelChoiceField(queryset=found, label=_("reviewer"), empty_label=empty)


class CommentForm(forms.Form):
    """A remark on a paragraph, which is known by how it begins."""

    paragraph = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    text = forms.CharField(label=_("remark"), max_length=1000)


class ReopenForm(forms.Form):
    """Why a finalised summary is opened again."""

    reason = forms.CharField(label=_("reason for reopening"), max_length=200)
