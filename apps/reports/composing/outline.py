"""The default outline, as data: headings, the sections of chapters that stand under them, and the office's own words.

It follows the summaries that township education offices write. Headings are numbered by their level when they are
printed (GB/T 9704-2012, 7.3.3: 一、 then （一） then 1.).
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from apps.core.labels import Label
from apps.figures.figures import Chapter, Section
from apps.webui.manifests import manifests

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
    """A place in an outline: its level (1 to 3), its heading (none for the preface), the sections that stand there.

    `key` names it for the manifests, which place their sections under it; `own` are sections of no app.
    """

    level: int
    heading: Label
    key: str = ""
    hint: Label = ""
    own: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of the sections that stand here, by their rank."""
        placed = [
            (place.headings[self.key], place.section)
            for manifest in manifests()
            for place in manifest.outline
            if self.key in place.headings
        ]
        return (*self.own, *(section for _rank, section in sorted(placed)))


HINT = _("Write this in your own words; the labels beside show how things stand.")
OUTLINE = (
    Heading(1, "", hint=_("The opening has no heading."), own=("reports.preface",)),
    Heading(1, _("Ethics of teachers (heading)")),
    Heading(2, _("Exchange of teachers (heading)"), "exchange"),
    Heading(2, _("Ethics education and campaigns (heading)"), "education"),
    Heading(2, _("Three-in-one action handbook (heading)"), "handbook"),
    Heading(2, _("Ethics assessment (heading)"), "assessment"),
    Heading(2, _("Honours and models (heading)"), "honours"),
    Heading(1, _("Efficient classroom (heading)")),
    Heading(2, _("Junior middle schools (heading)"), "junior"),
    Heading(2, _("Primary schools (heading)"), "primary"),
    Heading(2, _("Subject bases (heading)"), "bases"),
    Heading(1, _("Small research projects (heading)"), "projects"),
    Heading(1, _("Research activities and training (heading)"), "training"),
    Heading(1, _("Problems (heading)"), hint=HINT, own=("reports.problems",)),
    Heading(1, _("Next steps (heading)"), hint=HINT, own=("reports.next_steps",)),
)

# A school's summary: it is of one stage, so its efficient classroom is told by what was done.
SCHOOL_CLASSROOM = (
    Heading(2, _("Classroom reform of the school (heading)"), "school_classroom"),
    Heading(2, _("Observation meetings and guidance (heading)"), "school_meetings"),
)
STAGES = [place for place, heading in enumerate(OUTLINE) if heading.key in {"junior", "primary"}]
SCHOOL_OUTLINE = (*OUTLINE[: STAGES[0]], *SCHOOL_CLASSROOM, *OUTLINE[STAGES[-1] + 1 :])

# A teacher's development file (教师专业发展档案).
TEACHER_OUTLINE = (
    Heading(1, _("Basic facts and appointment (heading)"), "teacher_facts"),
    Heading(1, _("Ethics of the teacher (heading)"), "teacher_ethics"),
    Heading(1, _("Classroom teaching (heading)"), "teacher_classroom"),
    Heading(1, _("Action handbook of the teacher (heading)"), "teacher_handbook"),
    Heading(1, _("Research activities and training hours (heading)"), "teacher_training"),
    Heading(1, _("Small research projects of the teacher (heading)"), "teacher_projects"),
    Heading(1, _("Honours and exchange (heading)"), "teacher_honours"),
    Heading(1, _("Comment of the school (heading)"), hint=HINT),
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
