"""What an office may take over instead of making its own rubric and quotas."""

from decimal import Decimal

from django.db import transaction

from apps.core.actions import save_records
from apps.core.actors import Actor, demand_somebody
from apps.core.models import SchoolYear
from apps.observations.models import ObservationQuota, Rubric, RubricItem
from apps.schools.models import Township
from apps.teachers.models import Teacher

from .rubric import save_rubric

# In the language of the papers that they come from: 中小学高效课堂评价标准 (2014). Its cut-offs are the model's own.
RUBRIC = ("高效课堂评价标准", "通用版", "通用量表，依《中小学高效课堂评价标准》（2014年）")
ITEMS = (
    ("教学目标", 10),
    ("教学内容", 10),
    ("教学结构", 20),
    ("教学方法", 20),
    ("教学状态", 10),
    ("教学效果", 20),
    ("教学特色", 10),
)
# There is no national number: what schools' rules ask for most often in a term.
LESSONS = {
    Teacher.Position.PRINCIPAL: 20,
    Teacher.Position.VICE: 20,
    Teacher.Position.MIDDLE: 20,
    Teacher.Position.TEACHER: 15,
}
QUOTA_SOURCE = "通用任务，依各地学校常见听课制度，请与本地文件核对"


@transaction.atomic
def take_default_rubric(*, year: SchoolYear, by: Actor) -> int:
    """Add the default rubric to each township of `by` that has none, and return how many were added.

    Raises PermissionDenied unless `by` may add rubrics.
    """
    demand_somebody(by)
    name, edition, document = RUBRIC
    without = Township.objects.visible_to(by).filter(rubrics__isnull=True)
    for township in without:
        rubric = Rubric(township=township, name=name, edition=edition, document=document)
        items = [
            RubricItem(order=order, name=called, maximum=Decimal(maximum))
            for order, (called, maximum) in enumerate(ITEMS, 1)
        ]
        save_rubric(rubric=rubric, items=items, by=by)
    return len(without)


@transaction.atomic
def take_default_quotas(*, year: SchoolYear, by: Actor) -> int:
    """Set the default quotas for the year's terms in each township of `by` that has none in it; return their number.

    Raises PermissionDenied unless `by` may add quotas.
    """
    demand_somebody(by)
    townships = Township.objects.visible_to(by)
    without = townships.exclude(observation_quotas__term__school_year=year)
    new = [
        ObservationQuota(township=township, term=term, position=position, lessons=lessons, document=QUOTA_SOURCE)
        for township in without
        for term in year.terms.all()
        for position, lessons in LESSONS.items()
    ]
    save_records(records=new, by=by)
    return len(new)
