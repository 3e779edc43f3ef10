from apps.webui.views import record_urls

from . import pages

app_name = "schools"
urlpatterns = [
    *record_urls(pages.SchoolPages()),
    *record_urls(pages.DesignationPages()),
    *record_urls(pages.SchoolGradePages()),
    *record_urls(pages.CultureNotePages()),
    *record_urls(pages.StudyGroupPages()),
    *record_urls(pages.ResearcherPages()),
    *record_urls(pages.TownshipPages()),
    *record_urls(pages.DistrictPages()),
]
