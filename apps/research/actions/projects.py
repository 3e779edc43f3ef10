"""What happens to a small project (小课题) from the application to its conclusion.

The files of a project follow one another so in the handbook of small projects of Zhuguang Primary School:
application, opening report, mid-term report, application for conclusion, conclusion with a verdict. What is of the
school's own level the school's leading group decides, everything above the education office.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, F
from django.utils.translation import gettext as _

from apps.core.actions import lock, save_record, save_records, write_record
from apps.core.actors import Actor, demand_somebody
from apps.core.labels import Label
from apps.core.rules import Rule, demand
from apps.research.models import ProjectMember, SmallProject
from apps.research.rules import DECIDED, UNDER_WAY, decides, may_advance, may_decide

Stage = SmallProject.Stage


def _begin(rule: Rule[SmallProject], by: Actor, project: SmallProject, *stages: str) -> None:
    """Lock `project` for a step that starts from `stages`.

    Raises PermissionDenied if `by` may not take it, ValidationError if the project stands elsewhere.
    """
    demand(rule, by, lock(project))
    if project.stage not in stages:
        raise ValidationError(
            _("“%(project)s” stands at “%(stage)s”, where this cannot be done.")
            % {"project": project, "stage": project.get_stage_display()}
        )


def _end(project: SmallProject, by: Actor, stage: str, **fields: Any) -> SmallProject:
    """Write that `project` has reached a stage, with what the step brought, and return it."""
    for name, value in {"stage": stage, **fields}.items():
        setattr(project, name, value)
    return write_record(record=project, by=by)


@transaction.atomic
def approve_project(*, project: SmallProject, on: date, by: Actor) -> SmallProject:
    """Establish an applied-for project (立项); `on` must not lie before the application."""
    _begin(may_decide, by, project, Stage.APPLIED)
    return _end(project, by, Stage.APPROVED, approved_on=on)


@transaction.atomic
def reject_project(*, project: SmallProject, by: Actor) -> SmallProject:
    """Turn an application down (不立项)."""
    _begin(may_decide, by, project, Stage.APPLIED)
    return _end(project, by, Stage.REJECTED)


@transaction.atomic
def open_project(*, project: SmallProject, on: date, by: Actor) -> SmallProject:
    """Open an established project with its report (开题)."""
    _begin(may_advance, by, project, Stage.APPROVED)
    _not_before(on, project.approved_on, _("A project is opened after it was established."))
    return _end(project, by, Stage.RUNNING, opened_on=on)


@transaction.atomic
def pass_midterm(*, project: SmallProject, on: date, by: Actor) -> SmallProject:
    """Let a running project pass its mid-term review (中期检查)."""
    _begin(may_decide, by, project, Stage.RUNNING)
    _not_before(on, project.opened_on, _("The mid-term review comes after the opening."))
    return _end(project, by, Stage.MIDTERM, midterm_on=on)


@transaction.atomic
def apply_for_closing(*, project: SmallProject, outcome: str, by: Actor) -> SmallProject:
    """Apply for conclusion (结题申请) after the mid-term review, saying what came of the project."""
    _begin(may_advance, by, project, Stage.MIDTERM)
    if not outcome.strip():
        raise ValidationError({"outcome": _("Say what came of the project.")})
    return _end(project, by, Stage.CLOSING, outcome=outcome.strip())


@transaction.atomic
def close_project(*, project: SmallProject, result: str, on: date, by: Actor) -> SmallProject:
    """Conclude a project (结题) with its verdict: excellent, qualified or unqualified."""
    _begin(may_decide, by, project, Stage.CLOSING)
    if result not in SmallProject.Result.values:
        raise ValidationError({"result": _("Choose a result.")})
    _not_before(on, project.midterm_on, _("The conclusion comes after the mid-term review."))
    return _end(project, by, Stage.CLOSED, result=result, closed_on=on)


@transaction.atomic
def drop_project(*, project: SmallProject, by: Actor) -> SmallProject:
    """Give up a project that is neither concluded nor turned down (撤项)."""
    _begin(may_advance, by, project, *UNDER_WAY)
    return _end(project, by, Stage.DROPPED)


def _not_before(on: date, earlier: date | None, sentence: Label) -> None:
    if earlier and on < earlier:
        raise ValidationError({"on": sentence})


@transaction.atomic
def save_projects(*, records: Sequence[SmallProject], by: Actor, fields: Iterable[str] = ()) -> None:
    """Write checked projects of a workbook; raise PermissionDenied naming those on which `by` may not decide."""
    demand_somebody(by)
    stored = SmallProject.objects.in_bulk([record.pk for record in records if record.pk])
    decisions = [record for record in records if _decision(record, stored.get(record.pk))]
    refused = [record.title for record in decisions if not decides(by, stored.get(record.pk, record))]
    if refused:
        raise PermissionDenied(
            _("Only the education office decides on these projects: %(names)s.") % {"names": "、".join(refused)}
        )
    save_records(records=records, by=by, fields=fields)


def _decision(record: SmallProject, stored: SmallProject | None) -> bool:
    """Return whether writing `record` would take a decision: set what only verbs set, or change a decided level."""
    before = stored or SmallProject()
    if stored and stored.stage != Stage.APPLIED and stored.level != record.level:
        return True
    return any(getattr(record, name) != getattr(before, name) for name in DECIDED)


@transaction.atomic
def save_member(*, record: ProjectMember, by: Actor, version: int | None = None) -> ProjectMember:
    """Write one member; raise ValidationError when the team would be larger than its call allows."""
    _lock_teams({record.project_id})  # two at once would both fit
    return save_record(record=record, by=by, version=version)


@transaction.atomic
def save_members(*, records: Sequence[ProjectMember], by: Actor, fields: Iterable[str] = ()) -> None:
    """Write checked members of a workbook; raise ValidationError naming the teams that became too large."""
    demand_somebody(by)
    teams = Counter(record.project_id for record in records)
    _lock_teams(teams)
    save_records(records=records, by=by, fields=fields)
    large = SmallProject.objects.filter(pk__in=teams).annotate(team=Count("members")).filter(team__gt=F("team_limit"))
    if found := list(large.values_list("title", "team", "team_limit")):
        names = "、".join(f"{title}（{team} > {limit}）" for title, team, limit in found)
        raise ValidationError(_("These teams are larger than their call allows: %(names)s.") % {"names": names})


def _lock_teams(projects: Collection[int]) -> None:
    list(SmallProject.objects.select_for_update().filter(pk__in=projects).order_by("pk").values_list("pk"))
