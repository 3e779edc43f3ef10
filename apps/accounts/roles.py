"""The four roles, as plain data: name, description in the office's words, and what each may do."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

# app → models, separated by blanks; the office keeps all of them.
RECORDS = {
    "core": "schoolyear term",
    "accounts": "user",
    "schools": "district township school designation schoolgrade culturenote studygroup researcher",
    "teachers": "teacher appointment teachingassignment",
    "research": "activity attendance activityguest photo basemember researchersurvey smallproject projectmember",
    "observations": "rubric rubricitem observation observationscore observationquota",
    "ethics": "assessmentcycle questionnaire questionnaireitem surveyresponse ethicsassessment misconductcase honour "
    "contest contestentry campaign campaignparticipant",
    "handbook": "requirement handbookentry handbookscore",
    "exchange": "exchangeround posting",
    "reports": "annualsummary summarysection sectionrevision paragraphcomment summaryversion summarybatch summarypiece",
    "workbooks": "importbatch importchange headermapping",
}


@dataclass(frozen=True)
class Role:
    """A role: its group's name, how people call it, what it is for, its permissions, whether it uses the admin."""

    key: str
    name: str
    description: str
    permissions: frozenset[str]
    back_room: bool = False


def allow(verbs: str, **models: str) -> frozenset[str]:
    """Return the permissions of `verbs` on the models (names separated by blanks) of each app."""
    return frozenset(
        f"{app}.{verb}_{model}" for app, names in models.items() for model in names.split() for verb in verbs.split()
    )


OFFICE = Role(
    "office",
    _("Education office"),
    _("Keeps the township's master data, opens rounds and cycles, reviews, and composes the annual summary."),
    allow("view add change delete", **RECORDS)
    | {
        "teachers.view_personal_data",
        "observations.confirm_observation",
        "ethics.decide_ethicsassessment",
        "handbook.review_handbookentry",
        "reports.finalise_annualsummary",
    },
    back_room=True,
)
PRINCIPAL = Role(
    "principal",
    _("Principal"),
    _(
        "Enters the school's assessments and observations, reviews handbook entries, keeps the school's workbook "
        "and writes the school's summary."
    ),
    allow(
        "view",
        core="schoolyear term",
        schools="school designation schoolgrade culturenote studygroup researcher",
        teachers="teacher appointment teachingassignment",
        research="activity attendance activityguest photo basemember researchersurvey smallproject projectmember",
        observations="rubric observation observationquota",
        ethics="assessmentcycle questionnaire ethicsassessment misconductcase honour contest contestentry campaign "
        "campaignparticipant",
        handbook="requirement handbookentry handbookscore",
        exchange="exchangeround posting",
        reports="annualsummary summarysection sectionrevision paragraphcomment summaryversion summarybatch",
        workbooks="importbatch",
    )
    | allow(
        "add change delete",
        schools="schoolgrade culturenote studygroup",
        teachers="teachingassignment",
        research="activity attendance activityguest photo basemember smallproject projectmember",
        observations="observation",
        ethics="contestentry campaignparticipant",
        reports="annualsummary summarysection summarybatch",
    )
    | allow("add change", ethics="ethicsassessment honour", reports="paragraphcomment", workbooks="importbatch")
    | allow("change", schools="school", teachers="teacher")
    | {"observations.confirm_observation", "handbook.review_handbookentry"},
)
TEACHER = Role(
    "teacher",
    _("Teacher"),
    _("Fills in the handbook, records lessons observed, and sees own observations, hours, assessment and file."),
    allow(
        "view",
        teachers="teacher appointment teachingassignment",
        research="activity attendance smallproject projectmember",
        observations="observation",
        ethics="ethicsassessment honour contestentry",
        handbook="requirement handbookentry handbookscore",
        exchange="posting",
        reports="annualsummary",
    )
    | allow("add change delete", handbook="handbookentry")
    | allow("add change", observations="observation")
    | {"observations.confirm_observation"},
)
RESEARCHER = Role(
    "researcher",
    _("Researcher"),
    _("Observes lessons, comments, and records visits and surveys in the townships served."),
    allow(
        "view",
        schools="school designation schoolgrade studygroup culturenote researcher",
        research="activity activityguest basemember researchersurvey photo smallproject",
        observations="rubric observation",
    )
    | allow("add change", observations="observation", research="researchersurvey"),
)
ROLES = (OFFICE, PRINCIPAL, TEACHER, RESEARCHER)
