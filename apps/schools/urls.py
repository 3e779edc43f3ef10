from apps.core.views import record_urls

from . import views

app_name = "schools"
urlpatterns = [
    *record_urls(views.SchoolPages()),
    *record_urls(views.DesignationPages()),
    *record_urls(views.SchoolGradePages()),
    *record_urls(views.CultureNotePages()),
    *record_urls(views.StudyGroupPages()),
    *record_urls(views.ResearcherPages()),
    *record_urls(views.TownshipPages()),
    *record_urls(views.DistrictPages()),
]
