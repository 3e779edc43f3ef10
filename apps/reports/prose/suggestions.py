"""Sentences for problems and next steps, offered where the figures suggest them.

The thresholds are defaults of ours: they only decide what is offered, and the office decides what is written.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from apps.figures.figures import Figure

from .tokens import plain, render

PROBLEMS, NEXT_STEPS = "reports.problems", "reports.next_steps"


@dataclass(frozen=True)
class Suggestion:
    """A sentence with tokens for the section `where`, offered when `when` holds for the values of the figures `of`."""

    where: str
    of: tuple[str, ...]
    when: Callable[..., bool]
    sentence: str


@dataclass(frozen=True)
class Offer:
    """A sentence that fits, as it would be printed now, and the figures that say so."""

    sentence: str
    text: str
    figures: tuple[Figure, ...]


def _share_below(percent: int) -> Callable[[Decimal, Decimal], bool]:
    """Return the condition that the first value is less than so many per cent of the second."""
    return lambda part, whole: bool(whole) and 100 * part < percent * whole


def _below(bound: int) -> Callable[[Decimal], bool]:
    return lambda value: value < bound


def _any(*values: Decimal) -> bool:
    return any(value > 0 for value in values)


SUGGESTIONS = (
    Suggestion(PROBLEMS, ("exchange.share",), _below(10),
               "教师交流力度不够，交流比例为{交流比例}%，低于规定的比例。"),
    Suggestion(PROBLEMS, ("exchange.backbone_share",), _below(20),
               "骨干教师参与交流偏少，仅占交流教师的{交流骨干教师占比}%。"),
    Suggestion(PROBLEMS, ("handbook.completion",), _below(95),
               "行动手册填写不够均衡，手册完成率为{手册完成率}%，少数教师存在补写、漏写现象。"),
    Suggestion(PROBLEMS, ("handbook.review_rate",), _below(100),
               "部分学校对行动手册审阅不够及时，审阅率为{行动手册审阅率}%。"),
    Suggestion(PROBLEMS, ("observations.each",), _below(15),
               "听课议课的面还不够宽，教师人均听课{人均听课节数}节，与教学常规要求尚有差距。"),
    Suggestion(PROBLEMS, ("observations.taught_by", "teachers.count"), _share_below(95),
               "做课活动覆盖面不够，承担做课任务的教师{做课教师人数}名，仍有教师未上过研讨课。"),
    Suggestion(PROBLEMS, ("research.project_schools", "schools.count"), _share_below(100),
               "小课题研究开展不平衡，开展研究的学校{开展小课题学校数}所，其余学校尚未起步。"),
    Suggestion(PROBLEMS, ("research.project_teachers", "teachers.count"), _share_below(50),
               "参与小课题研究的教师{小课题参与教师人数}名，参与面有待扩大，课题成果提炼和推广不够。"),
    Suggestion(PROBLEMS, ("research.hours_each",), _below(72),
               "教师培训学时不足，人均学时{人均学时}学时，与规定学时还有差距。"),
    Suggestion(PROBLEMS, ("teachers.backbone", "teachers.count"), _share_below(20),
               "骨干教师数量偏少，全部教师中骨干教师{骨干教师人数}名，示范引领力量不足。"),
    Suggestion(PROBLEMS, ("ethics.misconduct",), _any,
               "个别教师师德意识淡薄，全年查处失德行为{失德行为查处件数}件，师德教育仍需常抓不懈。"),
    Suggestion(PROBLEMS, ("ethics.grade_basic", "ethics.grade_unqualified"), _any,
               "师德考核中基本合格{师德考核基本合格人数}人、不合格{师德考核不合格人数}人，帮扶教育措施有待跟进。"),
    Suggestion(NEXT_STEPS, ("exchange.share",), _below(10),
               "加大教师交流力度，完善交流考核和待遇保障，推动优秀教师向薄弱学校流动。"),
    Suggestion(NEXT_STEPS, ("handbook.completion",), _below(95),
               "把行动手册的填写纳入月查月评，在{手册完成率}%的基础上进一步提高完成质量。"),
    Suggestion(NEXT_STEPS, ("observations.each",), _below(15),
               "落实听课节数要求，健全听课、议课、做课台账，做到有课必听、有听必议。"),
    Suggestion(NEXT_STEPS, ("research.project_schools", "schools.count"), _share_below(100),
               "扩大小课题研究覆盖面，力争各校均有研究项目，推广{小课题优秀数}项优秀课题的经验。"),
    Suggestion(NEXT_STEPS, ("research.hours_each",), _below(72),
               "统筹安排校本培训，认真落实学时登记，确保教师年度培训学时达标。"),
    Suggestion(NEXT_STEPS, ("teachers.backbone", "teachers.count"), _share_below(20),
               "实施骨干教师培养计划，发挥{骨干教师人数}名骨干教师的传帮带作用，加快青年教师成长。"),
    Suggestion(NEXT_STEPS, ("ethics.misconduct",), _any,
               "开展师德警示教育，严格执行师德考核结果运用，对失德行为实行零容忍。"),
)  # fmt: skip


def offers(keys: Iterable[str], figures: Mapping[str, Figure]) -> list[Offer]:
    """Return the sentences that the figures suggest for a section with these keys; none where a figure is missing."""
    keys, by_label = set(keys), {figure.label: figure for figure in figures.values()}
    found = []
    for suggestion in SUGGESTIONS:
        stated = [figures[key] for key in suggestion.of if key in figures and figures[key].value is not None]
        if suggestion.where not in keys or len(stated) < len(suggestion.of):
            continue
        if suggestion.when(*(Decimal(str(figure.value)) for figure in stated)):
            found.append(Offer(suggestion.sentence, plain(render(suggestion.sentence, by_label)), tuple(stated)))
    return found
