from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from apps.core.access import requires
from apps.schools.models import School
from apps.teachers.models import Teacher, serving
from apps.webui.forms import refuse

from .actions import add_photos, may_decide, record_attendance
from .forms import AttendanceListForm, PhotosForm
from .models import Activity, Photo, SmallProject
from .pages import VERBS

CHANGE_PROJECT = "research.change_smallproject"


def own_activity(request: HttpRequest, pk: int) -> Activity:
    """Return the activity that the user sees under `pk`, or raise 404."""
    return get_object_or_404(Activity.objects.visible_to(request.user).select_related("school"), pk=pk)


def sent(request: HttpRequest) -> Any:
    """Return what was posted, None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


@requires("research.add_attendance")
def activity_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Record who of a school took part: its teachers of that day, all ticked."""
    activity = own_activity(request, pk)
    schools = list(School.objects.visible_to(request.user).filter(township=activity.school.township_id))
    asked = request.GET.get("school", "")
    school = next((school for school in schools if str(school.pk) == (asked or str(activity.school_id))), None)
    if not school:
        raise Http404
    teachers = Teacher.objects.visible_to(request.user).filter(serving(activity.date, school=school.pk))
    form = AttendanceListForm(sent(request), teachers=teachers.exclude(attendances__activity=activity))
    if form.is_valid():
        try:
            number = record_attendance(activity=activity, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            said = ngettext("%(number)d teacher recorded.", "%(number)d teachers recorded.", number)
            messages.success(request, said % {"number": number})
            return redirect(activity)
    listed = activity.attendances.filter(school=school).count()
    context = {"record": activity, "form": form, "schools": schools, "school": school, "listed": listed}
    return render(request, "research/attendance.html", context)


@requires("research.add_photo")
def activity_photos(request: HttpRequest, pk: int) -> HttpResponse:
    """Add several pictures to an activity."""
    activity = own_activity(request, pk)
    form = PhotosForm(sent(request), request.FILES or None)
    if form.is_valid():
        captions = form.cleaned_data["captions"].splitlines()
        try:
            photos = add_photos(activity=activity, files=form.cleaned_data["files"], captions=captions, by=request.user)
        except ValidationError as error:
            refuse(form, error)
        else:
            said = ngettext("%(number)d picture added.", "%(number)d pictures added.", len(photos))
            messages.success(request, said % {"number": len(photos)})
            return redirect(activity)
    return render(request, "research/verb.html", {"record": activity, "form": form, "title": _("Add pictures")})


@requires("research.view_photo")
@require_safe
def photo_file(request: HttpRequest, pk: int) -> FileResponse:
    """Send a picture to those who may see it."""
    photo = get_object_or_404(Photo.objects.visible_to(request.user), pk=pk)
    try:
        file = photo.image.open()
    except FileNotFoundError:
        raise Http404 from None
    kind = "image/png" if photo.image.name.endswith(".png") else "image/jpeg"
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=86400"}
    return FileResponse(file, content_type=kind, headers=headers)


def take_step(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Take a step of a small project after its form, or say why it cannot be taken."""
    project = get_object_or_404(SmallProject.objects.visible_to(request.user), pk=pk)
    verb = VERBS[key]
    if verb.decides and not may_decide(request.user, project):
        raise PermissionDenied
    form = verb.form(sent(request))
    if form.is_valid():
        try:
            project = verb.action(project=project, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            stage = {"project": project, "stage": project.get_stage_display()}
            messages.success(request, _("“%(project)s” now stands at “%(stage)s”.") % stage)
            return redirect(project)
    return render(request, "research/verb.html", {"record": project, "form": form, "title": verb.label})


@requires(CHANGE_PROJECT)
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Establish a project."""
    return take_step(request, pk, "approve")


@requires(CHANGE_PROJECT)
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn an application down."""
    return take_step(request, pk, "reject")


@requires(CHANGE_PROJECT)
def open_with_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an established project."""
    return take_step(request, pk, "open")


@requires(CHANGE_PROJECT)
def midterm(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a project pass its mid-term review."""
    return take_step(request, pk, "midterm")


@requires(CHANGE_PROJECT)
def closing(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply for a project's conclusion."""
    return take_step(request, pk, "closing")


@requires(CHANGE_PROJECT)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Conclude a project with its verdict."""
    return take_step(request, pk, "close")


@requires(CHANGE_PROJECT)
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up a project."""
    return take_step(request, pk, "drop")
