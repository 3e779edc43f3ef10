"""What happens to a small project (小课题) from the application to its conclusion.

The files of a project follow one another so in the handbook of small projects of Zhuguang Primary School:
application, opening report, mid-term report, application for conclusion, conclusion with a verdict. What is of the
school's own level the school's leading group decides, everything above the education office.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, F
from django.utils.translation import gettext as _

from apps.core.actions import write_record, write_records
from apps.research.models import ProjectMember, SmallProject
from apps.schools.models import Level

Stage = SmallProject.Stage
OPEN = (Stage.APPLIED, Stage.APPROVED, Stage.RUNNING, Stage.MIDTERM, Stage.CLOSING)
# What only a decision sets.
DECIDED = ("stage", "approved_on", "closed_on", "result")


def may_decide(user: Any, project: SmallProject) -> bool:
    """Return whether `user` decides on this project: a school on its own level's, the office on all.

    None is the system, which may.
    """
    return user is None or project.level == Level.SCHOOL or user.scope.kind not in {"school", "teacher"}


@transaction.atomic
def _move(
    project: SmallProject, by: Any, stages: Iterable[str], to: str, decision: bool = False, **fields: Any
) -> SmallProject:
    """Take `project` from one of `stages` to the stage `to`, as the database has it now, and return it.

    Raises ValidationError if it stands elsewhere, PermissionDenied if `by` may not take this decision.
    """
    project = SmallProject.objects.select_for_update().get(pk=project.pk)
    if decision and not may_decide(by, project):
        raise PermissionDenied
    if project.stage not in stages:
        raise ValidationError(
            _("“%(project)s” stands at “%(stage)s”, where this cannot be done.")
            % {"project": project, "stage": project.get_stage_display()}
        )
    project.stage = to
    for name, value in fields.items():
        setattr(project, name, value)
    return write_record(record=project, by=by)


def approve_project(*, project: SmallProject, on: date, by: Any) -> SmallProject:
    """Establish an applied-for project (立项); `on` must not lie before the application."""
    return _move(project, by, [Stage.APPLIED], Stage.APPROVED, decision=True, approved_on=on)


def reject_project(*, project: SmallProject, by: Any) -> SmallProject:
    """Turn an application down (不立项)."""
    return _move(project, by, [Stage.APPLIED], Stage.REJECTED, decision=True)


def open_project(*, project: SmallProject, on: date, by: Any) -> SmallProject:
    """Open an established project with its report (开题)."""
    _not_before(on, project.approved_on, _("A project is opened after it was established."))
    return _move(project, by, [Stage.APPROVED], Stage.RUNNING, opened_on=on)


def pass_midterm(*, project: SmallProject, on: date, by: Any) -> SmallProject:
    """Let a running project pass its mid-term review (中期检查)."""
    _not_before(on, project.opened_on, _("The mid-term review comes after the opening."))
    return _move(project, by, [Stage.RUNNING], Stage.MIDTERM, decision=True, midterm_on=on)


def apply_for_closing(*, project: SmallProject, outcome: str, by: Any) -> SmallProject:
    """Apply for conclusion (结题申请) after the mid-term review, saying what came of the project."""
    if not outcome.strip():
        raise ValidationError({"outcome": _("Say what came of the project.")})
    return _move(project, by, [Stage.MIDTERM], Stage.CLOSING, outcome=outcome.strip())


def close_project(*, project: SmallProject, result: str, on: date, by: Any) -> SmallProject:
    """Conclude a project (结题) with its verdict: excellent, qualified or unqualified."""
    if result not in SmallProject.Result.values:
        raise ValidationError({"result": _("Choose a result.")})
    _not_before(on, project.midterm_on, _("The conclusion comes after the mid-term review."))
    return _move(project, by, [Stage.CLOSING], Stage.CLOSED, decision=True, result=result, closed_on=on)


def drop_project(*, project: SmallProject, by: Any) -> SmallProject:
    """Give up a project that is neither concluded nor turned down (撤项)."""
    return _move(project, by, OPEN, Stage.DROPPED)


def _not_before(on: date, earlier: date | None, sentence: str) -> None:
    if earlier and on < earlier:
        raise ValidationError({"on": sentence})


@transaction.atomic
def save_projects(*, records: Sequence[SmallProject], by: Any, fields: Iterable[str] = ()) -> None:
    """Write checked projects of a workbook; raise ValidationError naming those on which `by` may not decide."""
    stored = SmallProject.objects.in_bulk([record.pk for record in records if record.pk])
    refused = [
        record.title
        for record in records
        if _decides(record, stored.get(record.pk)) and not may_decide(by, stored.get(record.pk, record))
    ]
    if refused:
        raise ValidationError(
            _("Only the education office decides on projects above the school's level: %(names)s.")
            % {"names": "、".join(refused)}
        )
    write_records(records=records, by=by, fields=fields)


def _decides(record: SmallProject, stored: SmallProject | None) -> bool:
    """Return whether writing `record` would take a decision: set what only verbs set, or change a decided level."""
    before = stored or SmallProject()
    if stored and stored.stage != Stage.APPLIED and stored.level != record.level:
        return True
    return any(getattr(record, name) != getattr(before, name) for name in DECIDED)


@transaction.atomic
def save_member(*, record: ProjectMember, by: Any, version: int | None = None) -> ProjectMember:
    """Write one member; raise ValidationError when the team would be larger than its call allows."""
    SmallProject.objects.select_for_update().filter(pk=record.project_id).first()  # two at once would both fit
    return write_record(record=record, by=by, version=version)


@transaction.atomic
def save_members(*, records: Sequence[ProjectMember], by: Any, fields: Iterable[str] = ()) -> None:
    """Write checked members of a workbook; raise ValidationError naming the teams that became too large."""
    write_records(records=records, by=by, fields=fields)
    teams = Counter(record.project_id for record in records)
    large = SmallProject.objects.filter(pk__in=teams).annotate(team=Count("members")).filter(team__gt=F("team_limit"))
    if found := list(large):
        names = "、".join(f"{project}（{project.team} > {project.team_limit}）" for project in found)
        raise ValidationError(_("These teams are larger than their call allows: %(names)s.") % {"names": names})
