"""One person, one account: who heads a school or works in the office, and is a teacher of the roster besides."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from apps.accounts.models import User
from apps.core.rules import demand
from apps.ethics import rules as ethics
from apps.ethics.actions import decide_assessment, save_assessments
from apps.exchange import rules as exchange
from apps.handbook import rules as handbook
from apps.handbook.models import HandbookEntry, waits_for
from apps.mentoring import rules as mentoring
from apps.observations import rules as observations
from apps.observations.models import Observation
from apps.reports import rules as reports
from apps.research import rules as research
from tests.architecture.rows import all_pages, make
from tests.ethics.factories import AssessmentFactory, CaseFactory
from tests.factories import TeacherFactory, UserFactory
from tests.handbook.factories import HandbookEntryFactory, HandbookScoreFactory, RequirementFactory
from tests.observations.factories import ObservationFactory, RubricFactory
from tests.two_places import person, signed_in


@pytest.fixture
def head(town: SimpleNamespace, cast: dict[str, Any]) -> User:
    """The head of the school, who is one of its teachers."""
    return person(town.teacher, school=town.school)


@pytest.fixture
def clerk(town: SimpleNamespace, cast: dict[str, Any]) -> User:
    """Somebody of the office, who is a teacher of the school."""
    return person(town.teacher, township=town.township)


@pytest.fixture
def guest(town: SimpleNamespace, cast: dict[str, Any]) -> User:
    """The head of the school, who is on the roster of another."""
    return person(town.neighbour, school=town.school)


def test_account_of_a_head_who_teaches_has_both_roles_and_the_wider_scope(town: SimpleNamespace, head: User) -> None:
    assert {group.name for group in head.groups.all()} == {"principal", "teacher"}
    assert (head.role, head.is_staff) == ("校长、教师", False)
    assert head.scope == town.school.scope
    assert head.own_scope == replace(head.scope, kind="teacher", teacher=town.teacher.pk)


def test_account_of_the_office_who_teaches_has_both_roles_and_the_wider_scope(
    town: SimpleNamespace, clerk: User
) -> None:
    assert {group.name for group in clerk.groups.all()} == {"office", "teacher"}
    assert (clerk.role, clerk.is_staff, clerk.scope) == ("教育组、教师", True, town.township.scope)


@pytest.mark.parametrize("wider", ["researcher", "district"])
def test_teacher_with_a_place_that_does_not_go_together_is_refused(town: SimpleNamespace, wider: str) -> None:
    place = {"researcher": town.researcher, "district": town.township.district}[wider]
    user = User(username="both", name="两处", teacher=town.teacher, **{wider: place})
    with pytest.raises(ValidationError, match="一个账号只属于一处"):
        user.full_clean(exclude=["password"])


def test_teacher_of_another_township_than_the_school_is_refused(town: SimpleNamespace) -> None:
    user = User(username="both", name="两处", teacher=town.stranger, school=town.school)
    with pytest.raises(ValidationError, match="该教师在其他乡镇的名册上"):
        user.full_clean(exclude=["password"])


def test_form_of_an_account_takes_a_teacher_beside_the_school(
    town: SimpleNamespace, cast: dict[str, Any], browser: Any
) -> None:
    cast["teacher"].delete()
    data = {
        "username": "head", "name": "校长", "role": "principal", "school": town.school.pk,
        "teacher": "王思远（001）", "is_active": "on",
    }  # fmt: skip
    assert browser("office").post("/accounts/user/new/", data).status_code == 302
    user = User.objects.get(username="head")
    assert (user.school, user.teacher, {g.name for g in user.groups.all()}) == (
        town.school, town.teacher, {"principal", "teacher"},
    )  # fmt: skip
    # Who only teaches has the teacher's role alone.
    data |= {"role": "teacher", "read_version": user.version}
    assert browser("office").post(f"/accounts/user/{user.pk}/edit/", data).status_code == 302
    user = User.objects.get(username="head")
    assert (user.school, user.teacher, {g.name for g in user.groups.all()}) == (None, town.teacher, {"teacher"})


def test_office_names_itself_as_a_teacher_once_and_does_not_take_it_back(
    town: SimpleNamespace, cast: dict[str, Any], browser: Any
) -> None:
    cast["teacher"].delete()
    own, client = cast["office"], browser("office")
    page = f"/accounts/user/{own.pk}/edit/"
    data = {"username": own.username, "name": "李文静", "teacher": "王思远（001）", "read_version": own.version}
    assert client.post(page, data).status_code == 302
    own = User.objects.get(pk=own.pk)
    assert (own.teacher, {g.name for g in own.groups.all()}) == (town.teacher, {"office", "teacher"})
    assert "teacher" not in client.get(page).context["form"].fields


def test_head_who_teaches_writes_the_own_handbook_and_reviews_that_of_others(town: SimpleNamespace, head: User) -> None:
    client, asked = signed_in(head), RequirementFactory(township=town.township)
    page = "/handbook/handbookentry/new/"
    assert "teacher" not in client.get(page).context["form"].fields
    data = {"requirement": asked.pk, "date": "2025-10-13", "title": "《春》导学案", "content": "一", "then": "submit"}
    assert client.post(page, data).status_code == 302
    own = HandbookEntry.objects.get()
    assert (own.teacher, own.status) == (town.teacher, "submitted")
    other = HandbookEntryFactory(teacher=town.colleague, requirement=asked)
    assert list(HandbookEntry.objects.visible_to(head).filter(waits_for(head))) == [other]
    assert client.post(f"/handbook/handbookentry/{own.pk}/approve/", {"read_version": own.version}).status_code == 403
    answer = client.post(f"/handbook/handbookentry/{other.pk}/approve/", {"read_version": other.version})
    assert answer.status_code == 302
    assert set(HandbookEntry.objects.values_list("teacher", "status")) == {
        (town.teacher.pk, "submitted"),
        (town.colleague.pk, "approved"),
    }


def test_head_who_teaches_writes_no_entry_for_others(town: SimpleNamespace, head: User) -> None:
    entry = HandbookEntryFactory(teacher=town.colleague, status="draft")
    assert signed_in(head).get(f"/handbook/handbookentry/{entry.pk}/edit/").status_code == 403


def test_start_page_of_a_head_who_teaches_shows_both_kinds_of_work(town: SimpleNamespace, head: User) -> None:
    HandbookEntryFactory(teacher=town.teacher, status="returned")
    HandbookEntryFactory(teacher=town.colleague)
    ObservationFactory(teacher=town.teacher)
    text = signed_in(head).get("/").content.decode()
    for said in (
        "退回给您的手册条目",
        "待您审阅",
        "待您确认",
        "作为教师",
        "我的行动手册",
        "我的专业发展档案",
        "打开年度总结",
    ):
        assert said in text, said
    assert f'href="{town.teacher.get_absolute_url()}"' in text


def test_head_who_teaches_records_lessons_of_colleagues_and_for_others(town: SimpleNamespace, head: User) -> None:
    rubric = RubricFactory(township=town.township)
    own = Observation(teacher=town.colleague, observer_teacher=town.teacher, school=town.school, rubric=rubric)
    for_another = Observation(teacher=town.colleague, observer_name="周敏", school=town.school, rubric=rubric)
    of_own_lesson = Observation(teacher=town.teacher, observer_name="周敏", school=town.school, rubric=rubric)
    may = [observations.may_record(head, row) for row in (own, for_another, of_own_lesson)]
    assert may == [True, True, False]


def test_head_who_teaches_sees_own_rows_of_another_school_and_only_those(town: SimpleNamespace, guest: User) -> None:
    own = HandbookEntryFactory(teacher=town.neighbour)
    others = HandbookEntryFactory(teacher=TeacherFactory(school=town.other, no="008", name="钱丽"))
    given = ObservationFactory(teacher=town.neighbour)
    draft = ObservationFactory(teacher=town.neighbour, status="draft", lesson_no=2)
    seen = HandbookEntry.objects.visible_to(guest)
    assert (own in seen, others in seen) == (True, False)
    lessons = Observation.objects.visible_to(guest)
    assert (given in lessons, draft in lessons) == (True, False)
    client = signed_in(guest)
    assert client.get(own.get_absolute_url()).status_code == 200
    assert client.get(others.get_absolute_url()).status_code == 404


def test_head_who_teaches_does_at_another_school_what_teachers_do_and_no_more(
    town: SimpleNamespace, guest: User
) -> None:
    """The permissions of a head end with the school: what hangs on own rows elsewhere is only read."""
    attendance = make(next(p.model for p in all_pages() if p.model.label == "research.attendance"), town.other)
    attendance.teacher = town.neighbour
    attendance.save()
    client = signed_in(guest)
    assert client.get(attendance.get_absolute_url()).status_code == 200
    for page in ("edit", "delete"):
        assert client.post(f"/research/attendance/{attendance.pk}/{page}/").status_code == 403
    given = ObservationFactory(teacher=town.neighbour)
    client.post(f"/observations/observation/{given.pk}/confirm/")
    assert Observation.objects.get(pk=given.pk).status == "confirmed"


def test_own_misconduct_of_another_school_is_not_seen_as_its_head_would(town: SimpleNamespace, guest: User) -> None:
    case = CaseFactory(school=town.other, teacher=town.neighbour)
    assert case not in type(case).objects.visible_to(guest)


@pytest.mark.parametrize("who", ["head", "clerk"])
def test_nobody_with_two_places_decides_on_what_is_the_own(
    who: str, town: SimpleNamespace, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(who)
    kinds = {pages.model.label: pages.model for pages in all_pages()}
    assessment = AssessmentFactory(school=town.school, teacher=town.teacher, school_score=90)
    entry = HandbookEntryFactory(teacher=town.teacher)
    lesson = ObservationFactory(teacher=town.teacher)
    project = make(kinds["research.smallproject"], town.school, level=1)
    member = make(kinds["research.projectmember"], town.school)
    member.project, member.teacher = project, town.teacher
    member.save()
    pair = make(kinds["mentoring.mentoringpair"], town.school)
    pair.apprentice = town.teacher
    posting = make(kinds["exchange.posting"], town.school)
    posting.teacher = town.teacher
    summary = make(kinds["reports.annualsummary"], town.school)
    summary.teacher, summary.school = town.teacher, None
    score = HandbookScoreFactory.build(teacher=town.teacher, school=town.school)
    case = CaseFactory.build(teacher=town.teacher, school=town.school)
    decided = {
        "assessment written": ethics.may_write(actor, assessment),
        "assessment added": ethics.may_add(actor, assessment),
        "assessment decided": ethics.may_decide(actor, assessment),
        "case": ethics.of_others(actor, case),
        "entry reviewed": handbook.may_review(actor, entry),
        "entry in review changed": handbook.may_edit(actor, entry),
        "handbook score": handbook.may_score(actor, score),
        "lesson written": observations.may_write(actor, lesson),
        "lesson reopened": observations.may_reopen(actor, lesson),
        "project decided": research.may_decide(actor, project),
        "member changed": research.may_change_member(actor, member),
        "pair ended": mentoring.may_end(actor, pair),
        "posting assessed": exchange.may_assess(actor, posting),
        "own file written": reports.may_write(actor, summary),
        "own file finalised": reports.may_finalise(actor, summary),
    }
    assert {what for what, may in decided.items() if may} == set()
    assert {"status", "quality", "comment"} <= set(handbook.reviewed_fields(actor, entry))


def test_clerk_decides_on_colleagues_and_not_on_the_own_in_bulk(town: SimpleNamespace, clerk: User) -> None:
    own = AssessmentFactory(school=town.school, teacher=town.teacher, status="submitted", total=95)
    other = AssessmentFactory(school=town.school, teacher=town.colleague, status="submitted", total=95)
    with pytest.raises(PermissionDenied):
        decide_assessment(assessment=own, grade="qualified", by=clerk)
    decide_assessment(assessment=other, grade="qualified", by=clerk)
    own.grade = "excellent"
    with pytest.raises(ValidationError, match="本人的考核"):
        save_assessments(records=[own], by=clerk, fields=["grade"])


def test_head_known_by_the_own_account_is_not_taken_for_another_principal(town: SimpleNamespace, head: User) -> None:
    vice = TeacherFactory(school=town.school, no="009", name="周书记", position="principal")
    assessment = AssessmentFactory(school=town.school, teacher=vice)
    assert ethics.may_write(head, assessment)
    without = UserFactory(role="principal", school=town.school)
    assert not ethics.may_write(without, assessment)


def test_rule_demanded_of_an_own_row_elsewhere_asks_for_the_role_that_gives_the_permission(
    town: SimpleNamespace, guest: User
) -> None:
    given = ObservationFactory(teacher=town.neighbour)
    demand(observations.may_confirm, guest, given)
    entry = HandbookEntryFactory(teacher=town.neighbour)
    with pytest.raises(PermissionDenied):
        demand(handbook.may_review, guest, entry)
