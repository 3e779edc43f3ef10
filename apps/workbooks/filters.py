from apps.schools.filters import BySchoolFilter

from .models import ImportBatch


class ImportBatchFilter(BySchoolFilter):
    search = ("name", "user__name")

    class Meta:
        model = ImportBatch
        fields = ["status"]
