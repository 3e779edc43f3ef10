"""Who may take the actions of workbooks: what one may write, the rules of the records say at each cell."""

from types import SimpleNamespace
from typing import Any

from apps.accounts.models import User
from apps.core.actors import SYSTEM
from apps.schools.models import SchoolGrade
from apps.workbooks.actions import exports, imports, layouts, rosters, undo
from apps.workbooks.exporting.asked import YearAsked
from apps.workbooks.models import ImportBatch, WorkbookExport
from apps.workbooks.plan import Answers
from apps.workbooks.planning.workbook import plan_import
from apps.workbooks.planning.workbook_plan import Plan
from apps.workbooks.reading.headers import Heads
from apps.workbooks.reading.layouts import Mappable
from tests.architecture.actions.rows import Row
from tests.workbooks.conftest import book, headers, sheet_of, title, upload


def grades() -> Any:
    """A file with a grade of the town's first school."""
    rows = [
        headers(SchoolGrade, "school", "school_year", "grade", "classes"),
        ["镇初级中学", 2025, "七年级", 4],
    ]
    return upload(book((title(SchoolGrade), rows)))


def brought(town: SimpleNamespace, *, whole: bool = False) -> dict[str, Any]:
    """A workbook of the school, or of the whole township, to be previewed."""
    scope = town.township.scope if whole else town.school.scope
    return {"file": grades(), "scope": scope, "year": town.year, "township": town.township}


def previewed(town: SimpleNamespace, *, whole: bool = False) -> ImportBatch:
    batch = imports.preview_workbook(**brought(town, whole=whole), by=SYSTEM.imports)
    assert batch.status == ImportBatch.Status.PREVIEWED
    return batch


def imported(town: SimpleNamespace, *, whole: bool = False) -> ImportBatch:
    batch = previewed(town, whole=whole)
    imports.commit_now(batch=batch, by=SYSTEM.imports)
    assert batch.status == ImportBatch.Status.COMMITTED
    return batch


def planned(town: SimpleNamespace, *, whole: bool = False) -> dict[str, Any]:
    given = brought(town, whole=whole)
    scope = None if whole else given["scope"]
    plan: Plan = plan_import(
        given["file"], by=SYSTEM.imports, scope=scope, township=given["township"], year=given["year"]
    )
    return {"file": given["file"], "plan": plan}


def answered(town: SimpleNamespace, *, whole: bool = False) -> dict[str, Any]:
    return {"batch": previewed(town, whole=whole), "answers": Answers()}


def mapped(town: SimpleNamespace, *, whole: bool = False) -> dict[str, Any]:
    """A page whose first column is said to hold the school."""
    page = Mappable("名单", Heads(1, 1, {0: "哪所学校"}))
    batch = previewed(town, whole=whole)
    return {"batch": batch, "page": page, "sheet": sheet_of(SchoolGrade), "fields": {0: "school"}}


def asked(town: SimpleNamespace) -> dict[str, Any]:
    """The year's workbook; whoever has it made gets what that one sees."""
    return {"asked": YearAsked(town.township.scope, town.township, town.year, SYSTEM.imports)}


def unmade(town: SimpleNamespace, status: str = "running") -> WorkbookExport:
    """An export that the office has asked for."""
    inputs = {"township": town.township, "school_year": town.year, "inputs": "x"}
    office, _new = User.objects.get_or_create(username="the-office", defaults={"township": town.township})
    return WorkbookExport.objects.create(user=office, name="x.xlsx", status=status, attempt=1, **inputs)


def failed(town: SimpleNamespace) -> WorkbookExport:
    return unmade(town, "failed")


ROWS = (
    Row(exports.start_export, asked, "office principal teacher colleague neighbour researcher stranger", system=False),
    Row(exports.cancel_export, lambda town: {"export": unmade(town)}, "office", "of the office", system=False),
    Row(exports.resume_export, lambda town: {"export": failed(town)}, "office", "of the office", system=False),
    Row(imports.preview_workbook, brought, "office principal"),
    Row(imports.preview_workbook, lambda town: brought(town, whole=True), "office", "of the township"),
    Row(imports.preview_now, brought, "office principal"),
    Row(imports.preview_now, lambda town: brought(town, whole=True), "office", "of the township"),
    Row(imports.check_again, lambda town: {"batch": previewed(town)}, "office principal"),
    Row(imports.check_again, lambda town: {"batch": previewed(town), "file": grades()}, "office principal", "mended"),
    Row(imports.check_again, lambda town: {"batch": previewed(town, whole=True)}, "office", "of the township"),
    Row(imports.answer_questions, answered, "office principal"),
    Row(imports.answer_questions, lambda town: answered(town, whole=True), "office", "of the township"),
    Row(imports.commit_import, lambda town: {"batch": previewed(town)}, "office principal"),
    Row(imports.commit_import, lambda town: {"batch": previewed(town, whole=True)}, "office", "of the township"),
    Row(imports.commit_now, lambda town: {"batch": previewed(town)}, "office principal"),
    Row(imports.commit_now, lambda town: {"batch": previewed(town, whole=True)}, "office", "of the township"),
    Row(imports.import_file, planned, "office principal"),
    Row(imports.import_file, lambda town: planned(town, whole=True), "office", "of the township"),
    Row(rosters.decide_roster, lambda town: {"batch": previewed(town), "decided": {}}, "office principal"),
    Row(
        rosters.decide_roster,
        lambda town: {"batch": previewed(town, whole=True), "decided": {}},
        "office",
        "of the township",
    ),
    Row(layouts.map_columns, mapped, "office principal"),
    Row(layouts.map_columns, lambda town: mapped(town, whole=True), "office", "of the township"),
    Row(undo.undo_import, lambda town: {"batch": imported(town)}, "office principal"),
    Row(undo.undo_import, lambda town: {"batch": imported(town, whole=True)}, "office", "of the township"),
)
