from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from apps.core.access import Request, requires

from . import models
from .actions import reveal_personal_data


@requires("teachers.view_personal_data")
@require_POST
def reveal(request: Request, pk: int) -> HttpResponse:
    """Show ID number and phone in full, once, and note who looked."""
    teacher = get_object_or_404(models.Teacher.objects.visible_to(request.user), pk=pk)
    data = reveal_personal_data(teacher=teacher, by=request.user)
    return render(request, "teachers/reveal.html", {"teacher": teacher, "data": data})
