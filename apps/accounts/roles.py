"""The four roles, as plain data: name, description in the office's words; the manifests say what each may do."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from apps.core.labels import Label
from apps.webui.manifests import manifests


@dataclass(frozen=True)
class Role:
    """A role: its group's name, how people call it, what it is for, and whether it uses the admin."""

    key: str
    name: Label
    description: Label
    back_room: bool = False

    @cached_property
    def permissions(self) -> frozenset[str]:
        """Return what the role may do, as the apps' manifests say."""
        return frozenset().union(*(manifest.permissions.get(self.key, ()) for manifest in manifests()))


OFFICE = Role(
    "office",
    _("Education office"),
    _("Keeps the township's master data, opens rounds and cycles, reviews, and composes the annual summary."),
    back_room=True,
)
PRINCIPAL = Role(
    "principal",
    _("Principal"),
    _(
        "Enters the school's assessments and observations, reviews handbook entries, keeps the school's workbook "
        "and writes the school's summary."
    ),
)
TEACHER = Role(
    "teacher",
    _("Teacher"),
    _("Fills in the handbook, records lessons observed, and sees own observations, hours, assessment and file."),
)
RESEARCHER = Role(
    "researcher",
    _("Researcher"),
    _("Observes lessons, comments, and records visits and surveys in the townships served."),
)
ROLES = (OFFICE, PRINCIPAL, TEACHER, RESEARCHER)
