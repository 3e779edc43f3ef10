"""Rubrics by which lessons are scored: items with maxima, cut-offs of the grades."""

import re
from decimal import Decimal

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.audit import audited
from apps.core.models import Record
from apps.schools.models import BY_TOWNSHIP, Township

# An item as people write it: 教学目标 10, 教学目标：10 or 教学目标10分.
ITEM = re.compile(r"(?P<name>.*?\D)[\s:：]*(?P<maximum>\d+(\.\d)?)\s*分?")
BETWEEN = re.compile(r"[\n;；]")


@audited()
class Rubric(Record):
    """A version of a lesson rubric (评课量表): items with maxima that add up to 100, and the cut-offs of the grades."""

    reached_from = BY_TOWNSHIP

    township = models.ForeignKey(Township, models.PROTECT, related_name="rubrics", verbose_name=_("township"))
    name = models.CharField(_("name"), max_length=60)
    edition = models.CharField(_("edition"), max_length=20)
    document = models.CharField(_("document"), max_length=100, blank=True, help_text=_("Where the rubric comes from."))
    excellent_from = models.DecimalField(_("excellent from"), max_digits=4, decimal_places=1, default=85)
    good_from = models.DecimalField(_("good from"), max_digits=4, decimal_places=1, default=75)
    fair_from = models.DecimalField(_("fair from"), max_digits=4, decimal_places=1, default=60)
    in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")
        ordering = ["name", "-edition"]
        constraints = [
            models.UniqueConstraint(
                fields=["township", "name", "edition"],
                name="rubric_edition_once",
                violation_error_message=_("This edition of the rubric is already there."),
            ),
            models.CheckConstraint(
                name="rubric_cutoffs_in_order",
                condition=Q(
                    excellent_from__gt=F("good_from"),
                    good_from__gt=F("fair_from"),
                    fair_from__gt=0,
                    excellent_from__lte=100,
                ),
                violation_error_message=_("The cut-offs must fall from excellent to fair, between 0 and 100."),
            ),
        ]

    # Items read from a workbook, before they are written.
    items_read: "list[RubricItem] | None" = None

    def __str__(self) -> str:
        return f"{self.name} {self.edition}"

    @property
    @admin.display(description=_("rubric items"))
    def items_text(self) -> str:
        """Return the items with their maxima as people write them, in order: 教学目标 10；教学内容 10."""
        return "；".join(f"{item.name} {item.maximum.normalize():f}" for item in self.items.all())

    @property
    def applied(self) -> bool:
        """Return whether a lesson was scored by it: from then on its items and cut-offs stay as they are."""
        return self.pk is not None and self.observations.filter(score__isnull=False).exists()

    def read_items(self, text: str) -> list["RubricItem"]:
        """Return unsaved items from text, one a line or separated by ；.

        Raises ValidationError for a line without name or maximum, and unless the maxima add up to 100.
        """
        lines = [line.strip() for line in BETWEEN.split(text) if line.strip()]
        items = []
        for order, line in enumerate(lines, 1):
            found = ITEM.fullmatch(line)
            name = found["name"].strip(" \t:：　") if found else ""
            if not found or not name:
                raise ValidationError(
                    _("“%(line)s” is no item: write its name and its maximum, separated by a blank.") % {"line": line}
                )
            items.append(RubricItem(rubric=self, order=order, name=name, maximum=Decimal(found["maximum"])))
        total = sum(item.maximum for item in items)
        if total != 100:
            raise ValidationError(
                _("The maxima of the items add up to %(total)s; they must add up to 100.") % {"total": total}
            )
        return items


@audited()
class RubricItem(Record):
    """An item of a rubric and its maximum."""

    reached_from = {
        "district": "rubric__township__district",
        "township": "rubric__township",
        "school": ("rubric__township", "township"),
        "teacher": ("rubric__township", "township"),
    }

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="items", verbose_name=_("rubric"))
    order = models.PositiveSmallIntegerField(_("order"))
    name = models.CharField(_("name"), max_length=60)
    maximum = models.DecimalField(
        _("maximum"), max_digits=4, decimal_places=1, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = _("rubric item")
        verbose_name_plural = _("rubric items")
        ordering = ["rubric", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["rubric", "order"],
                name="rubric_item_order_once",
                violation_error_message=_("Two items cannot stand at the same place."),
            ),
            models.CheckConstraint(
                name="rubric_item_maximum_sensible",
                condition=Q(maximum__gt=0, maximum__lte=100),
                violation_error_message=_("An item's maximum lies between 1 and 100."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
