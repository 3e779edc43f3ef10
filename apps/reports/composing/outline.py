"""The default outline, as data: headings, the sections of chapters that stand under them, and the office's own words.

It follows the summaries that township education offices write. Headings are numbered by their level when they are
printed (GB/T 9704-2012, 7.3.3: 一、 then （一） then 1.).
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from apps.figures.figures import Chapter, Section

# What no app can say: the opening, and what the office itself thinks of the year.
OWN = Chapter(
    key="reports",
    title=_("Annual summary"),
    sections=(
        Section("reports.preface", _("Preface"), "reports/prose/preface.txt"),
        Section("reports.problems", _("Problems"), "reports/prose/problems.txt"),
        Section("reports.next_steps", _("Next steps"), "reports/prose/next_steps.txt"),
    ),
)


@dataclass(frozen=True)
class Heading:
    """A place in an outline: its level (1 to 3), its heading (none for the preface), the sections that stand there."""

    level: int
    heading: str
    keys: tuple[str, ...] = ()
    hint: str = ""


HINT = _("Write this in your own words; the labels beside show how things stand.")
OUTLINE = (
    Heading(1, "", ("reports.preface",), _("The opening has no heading.")),
    Heading(1, _("Ethics of teachers (heading)")),
    Heading(2, _("Exchange of teachers (heading)"), ("exchange.rotation",)),
    Heading(2, _("Ethics education and campaigns (heading)"), ("ethics.education",)),
    Heading(2, _("Three-in-one action handbook (heading)"), ("handbook.action", "research.salons")),
    Heading(2, _("Ethics assessment (heading)"), ("ethics.assessment",)),
    Heading(2, _("Honours and models (heading)"), ("ethics.honours",)),
    Heading(1, _("Efficient classroom (heading)")),
    Heading(
        2,
        _("Junior middle schools (heading)"),
        ("schools.junior", "handbook.guides", "research.album", "observations.guidance"),
    ),
    Heading(
        2, _("Primary schools (heading)"), ("schools.experimental", "research.meetings", "observations.demonstrations")
    ),
    Heading(2, _("Subject bases (heading)"), ("schools.bases", "research.bases")),
    Heading(1, _("Small research projects (heading)"), ("research.projects",)),
    Heading(
        1,
        _("Research activities and training (heading)"),
        ("teachers.staff", "research.training", "observations.practice"),
    ),
    Heading(1, _("Problems (heading)"), ("reports.problems",), HINT),
    Heading(1, _("Next steps (heading)"), ("reports.next_steps",), HINT),
)

# A school's summary: it is of one stage, so its efficient classroom is told by what was done.
SCHOOL_CLASSROOM = (
    Heading(
        2,
        _("Classroom reform of the school (heading)"),
        ("schools.junior", "schools.experimental", "handbook.guides", "research.album"),
    ),
    Heading(
        2,
        _("Observation meetings and guidance (heading)"),
        ("research.meetings", "observations.demonstrations", "observations.guidance"),
    ),
)
STAGES = [
    place for place, heading in enumerate(OUTLINE) if {"schools.junior", "schools.experimental"} & {*heading.keys}
]
SCHOOL_OUTLINE = (*OUTLINE[: STAGES[0]], *SCHOOL_CLASSROOM, *OUTLINE[STAGES[-1] + 1 :])

# A teacher's development file (教师专业发展档案).
TEACHER_OUTLINE = (
    Heading(1, _("Basic facts and appointment (heading)"), ("teachers.staff",)),
    Heading(1, _("Ethics of the teacher (heading)"), ("ethics.education", "ethics.assessment")),
    Heading(1, _("Classroom teaching (heading)"), ("observations.practice",)),
    Heading(1, _("Action handbook of the teacher (heading)"), ("handbook.action",)),
    Heading(1, _("Research activities and training hours (heading)"), ("research.training", "research.salons")),
    Heading(1, _("Small research projects of the teacher (heading)"), ("research.projects",)),
    Heading(1, _("Honours and exchange (heading)"), ("ethics.honours", "exchange.rotation")),
    Heading(1, _("Comment of the school (heading)"), (), HINT),
)


def outline_of(kind: str) -> tuple[Heading, ...]:
    """Return the default outline of a summary of this kind of place."""
    return {"teacher": TEACHER_OUTLINE, "school": SCHOOL_OUTLINE}.get(kind, OUTLINE)


# The default prose speaks of the whole township; the summary of a school speaks of itself.
PLACE_WORDS = {"school": (("全镇", "全校"), ("我镇", "我校"))}
# And it speaks of a year; what is said of a term speaks of the term.
TERM_WORDS = (("本年度", "本学期"), ("全年", "本学期"), ("一年来", "一学期来"), ("年内", "学期内"))
# Tables of all schools have one row in the annex of a school.
TABLE_WORDS = {"school": ("各校", "学校")}
