from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from apps.core.access import Request, requires
from apps.schools.models import School, standing_on
from apps.teachers.models import Teacher, serving
from apps.webui.forms import refuse

from .actions import record_attendance
from .forms import AttendanceListForm
from .models import Activity, Photo


@requires("research.add_attendance")
def activity_attendance(request: Request, pk: int) -> HttpResponse:
    """Record who of a school took part: its teachers of that day, all ticked."""
    activity = get_object_or_404(Activity.objects.visible_to(request.user).select_related("school"), pk=pk)
    there = School.objects.visible_to(request.user).filter(township=activity.school.township_id)
    schools = list(there.filter(standing_on(activity.date) | Q(pk=activity.school_id)))
    asked = request.GET.get("school", "")
    school = next((school for school in schools if str(school.pk) == (asked or str(activity.school_id))), None)
    if not school:
        raise Http404
    teachers = Teacher.objects.visible_to(request.user).filter(serving(activity.date, school=school.pk))
    sent = request.POST if request.method == "POST" else None
    form = AttendanceListForm(sent, teachers=teachers.exclude(attendances__activity=activity))
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


@requires("research.view_photo")
@require_safe
def photo_file(request: Request, pk: int) -> FileResponse:
    """Send a picture to those who may see it."""
    photo = get_object_or_404(Photo.objects.visible_to(request.user), pk=pk)
    try:
        file = photo.image.open()
    except FileNotFoundError:
        raise Http404 from None
    kind = "image/png" if str(photo.image.name).endswith(".png") else "image/jpeg"
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=86400"}
    return FileResponse(file, content_type=kind, headers=headers)
