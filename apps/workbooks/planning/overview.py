"""The workbook's first sheets: the township, its district and the school year; the district's researchers.

With them a workbook is whole: it can be imported into an empty database.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from apps.core.actors import Actor
from apps.core.labels import Label
from apps.core.models import Record, SchoolYear, Term
from apps.core.rules import in_scope, reaches_all, record_rule, rules_of
from apps.core.scope import Scope
from apps.core.sheets import Column, Sheet
from apps.schools.models import District, Researcher, Township
from apps.webui.manifests import sheets
from apps.workbooks.files.validation import UserError, broken_is_said
from apps.workbooks.language import spoken
from apps.workbooks.plan import Change, Ids, Part, Place, Problem
from apps.workbooks.reading.cells import Wrong, is_empty, key, plain
from apps.workbooks.reading.columns import BoundColumn
from apps.workbooks.reading.references import Resolver

from .constraints import lies_within

# Sheets that a workbook may have beyond records: the words on how to fill it in, and the lists behind drop-downs.
COVER, CHOICES = "填表说明", "选项"
TITLE = gettext_lazy("Overview")
HEADS = (gettext_lazy("Item"), gettext_lazy("Content"))
SERVED = gettext_lazy("Township served")

RESEARCHERS = Sheet(
    Researcher,
    gettext_lazy("Researchers"),
    key=("name",),
    yearly=False,
    district_field="district",
    columns=(
        Column(gettext_lazy("Name"), "name", required=True, aliases=("教研员",)),
        Column(gettext_lazy("Duty"), "duty", aliases=("职务",)),
        Column(gettext_lazy("Stage"), "stage", "choice", aliases=("学段",)),
        Column(gettext_lazy("Subject"), "subject", "choice", aliases=("学科",)),
    ),
)


@dataclass(frozen=True)
class Fact:
    """A line of the overview: whose field it is (district, township, year, term1 or term2), and how it is read."""

    who: str
    column: Column

    @property
    def label(self) -> str:
        """Return the line's first cell."""
        return spoken(self.column.header)


def _fact(who: str, header: Label, field: str, kind: str = "text", *, required: bool = True) -> Fact:
    return Fact(who, Column(header, field, kind, required))


FACTS = (
    _fact("township", gettext_lazy("Township"), "name"),
    _fact("township", gettext_lazy("Township code"), "code"),
    _fact("township", gettext_lazy("Education office"), "office_name"),
    _fact("township", gettext_lazy("Backbone teachers from level"), "backbone_from", "choice"),
    _fact("township", gettext_lazy("Form of teacher numbers"), "number_pattern", required=False),
    _fact("district", gettext_lazy("District"), "name"),
    _fact("district", gettext_lazy("District code"), "code"),
    _fact("district", gettext_lazy("Research office"), "office_name", required=False),
    _fact("year", gettext_lazy("School year begins in"), "start_year", "integer"),
    _fact("year", gettext_lazy("First day of the school year"), "starts_on", "date"),
    _fact("year", gettext_lazy("Last day of the school year"), "ends_on", "date"),
    _fact("term1", gettext_lazy("First day of the first term"), "starts_on", "date"),
    _fact("term1", gettext_lazy("Last day of the first term"), "ends_on", "date"),
    _fact("term2", gettext_lazy("First day of the second term"), "starts_on", "date"),
    _fact("term2", gettext_lazy("Last day of the second term"), "ends_on", "date"),
)
MODELS: dict[str, type[Record]] = {
    "district": District,
    "township": Township,
    "year": SchoolYear,
    "term1": Term,
    "term2": Term,
}
WHO = {District: "district", Township: "township", SchoolYear: "year"}
R = TypeVar("R", District, Township, SchoolYear, Term)


def stored(township: Township, year: SchoolYear | None) -> dict[str, Record | None]:
    """Return the five records of the overview, None for those that are not there."""
    terms = (
        {term.number: term for term in Term.objects.filter(school_year=year.pk).select_related("school_year")}
        if year
        else {}
    )
    return {
        "district": township.district,
        "township": township,
        "year": year,
        "term1": terms.get(1),
        "term2": terms.get(2),
    }


def written(township: Township, year: SchoolYear) -> Iterator[tuple[str, Any]]:
    """Yield label and value of each line of the overview."""
    records, resolver = stored(township, year), Resolver(township.scope)
    for fact in FACTS:
        record = records[fact.who]
        column = BoundColumn(_sheet(fact), fact.column, resolver)
        yield fact.label, column.written(getattr(record, column.attname)) if record else None


def _sheet(fact: Fact) -> Sheet:
    return Sheet(MODELS[fact.who], TITLE, key=(), columns=(fact.column,))


class Overview:
    """The overview of one workbook: its facts, and what an import would do with them."""

    def __init__(self, book: Any) -> None:
        self.title = spoken(TITLE)
        self.cells: dict[tuple[str, str], tuple[str, Any]] = {}
        self.problems: list[Problem] = []
        self.changes: list[Change] = []
        self.new: list[Record] = []
        self.changed: list[Record] = []
        self.unchanged: list[Record] = []
        self._read(book)

    def _read(self, book: Any) -> None:
        known = {key(fact.label): fact for fact in FACTS}
        with override("en"):
            known |= {key(str(fact.column.header)): fact for fact in FACTS}
        page = next((page for page in book.worksheets if key(page.title) in (key(self.title), key(str(TITLE)))), None)
        with broken_is_said():
            rows = list(page.iter_rows(max_row=60, max_col=2, values_only=True)) if page is not None else []
        for number, values in enumerate(rows, 1):
            fact = known.get(key(values[0])) if values and isinstance(values[0], str) else None
            value = values[1] if fact and len(values) > 1 else None
            if fact and not is_empty(value):
                self._take(fact, f"B{number}", value)

    def _take(self, fact: Fact, cell: str, raw: Any) -> None:
        column = BoundColumn(_sheet(fact), fact.column, Resolver(Scope("nothing")))
        try:
            self.cells[fact.who, column.name] = cell, column.read(plain(raw), set())
        except Wrong as error:
            self.problems.append(Problem(self.title, cell, error.what, error.remedy))

    def value(self, who: str, name: str) -> Any:
        """Return what the overview says, None where it says nothing."""
        return self.cells.get((who, name), ("", None))[1]

    # The place that the workbook belongs to.

    def place(
        self,
        *,
        scope: Scope | None,
        township: Township | None,
        code: str,
        year: SchoolYear | None,
        start_year: int | None,
        by: Actor,
        ids: Ids,
    ) -> Place:
        """Return the place of an import, with a township and school year yet to be founded where they may be.

        `scope` is the school scope of who imports, if it is one; `township` and `year` are what was asked for, None
        for what is not stored; `code` and `start_year` say what was asked for then. Raises UserError.
        """
        self.by = by
        found = self._year(year, start_year, ids)
        township = township or self._township(code, ids)
        self._terms(found, ids)
        place = Place(scope or township.scope, township, found, by)
        self._refuse_another(place)
        self._compare(place)
        return place

    def _refuse_another(self, place: Place) -> None:
        """Raise UserError for a workbook of another township than the one it is imported into."""
        said = self.value("township", "code")
        if said and said != place.township.code:
            raise UserError(
                _("The workbook belongs to another township (%(code)s) than %(township)s. Choose the right file.")
                % {"code": said, "township": place.township}
            )

    def _may_found(self, record: Record) -> bool:
        """Return whether who imports may add this record: by its rule, and within reach once it is there."""
        return record_rule(type(record), "add")(self.by, record) and lies_within(record, self.by.scope) is not False

    def _township(self, code: str, ids: Ids) -> Township:
        """Return the township that is asked for by code, or that the overview names, or the only one there is."""
        rows, said = Township.objects.visible_to(self.by).select_related("district"), self.value("township", "code")
        if wanted := code or said:
            found: Township | None = rows.filter(code=wanted).first()
        else:
            known = list(rows[:2])
            if len(known) > 1:
                raise UserError(_("There are several townships. Say which one the workbook belongs to."))
            found = known[0] if known else None
        if found is not None:
            return found
        stored = District.objects.filter(code=self.value("district", "code")).first()
        district = stored or self._filled(District(pk=ids.next()))
        township = self._filled(Township(pk=ids.next(), district=district))
        may_found = self._may_found(township) and (stored or self._may_found(district))
        if not may_found or not said or said != wanted:
            raise UserError(
                _("There is no such township. Add it first, or fill in the sheet “%(sheet)s”.") % {"sheet": self.title}
            )
        if not stored:
            self._found("district", district)
        self._found("township", township)
        return township

    def _year(self, year: SchoolYear | None, start_year: int | None, ids: Ids) -> SchoolYear:
        """Return the school year that is asked for, or that the overview names; raise UserError if there is none."""
        said = self.value("year", "start_year")
        wanted = year.start_year if year else start_year
        if said and wanted and said != wanted:
            raise UserError(
                _("The workbook is for the school year that begins in %(said)d, not %(wanted)d. Choose the right file.")
                % {"said": said, "wanted": wanted}
            )
        named: int | None = said or wanted
        if year is None and named:
            year = SchoolYear.objects.filter(start_year=named).first()
        if year is not None:
            return year
        if not said and not wanted and self.by.account is None:
            raise UserError(
                _("Neither --year nor the sheet “%(sheet)s” says which school year it is. Add --year YEAR.")
                % {"sheet": self.title}
            )
        days = self.value("year", "starts_on") and self.value("year", "ends_on")
        founded = self._filled(SchoolYear(pk=ids.next()))
        if not said or not days or not self._may_found(founded):
            raise UserError(
                _("There is no such school year. Add it first, or fill in the sheet “%(sheet)s”.")
                % {"sheet": self.title}
            )
        self._found("year", founded)
        return founded

    def _terms(self, year: SchoolYear, ids: Ids) -> None:
        known = {term.number for term in Term.objects.filter(school_year=year.pk)}
        for number in (1, 2):
            if number in known or not self.value(f"term{number}", "starts_on"):
                continue
            term = self._filled(Term(pk=ids.next(), school_year=year, number=number))
            if self._may_found(term):
                self._found(f"term{number}", term)

    def _filled(self, record: R) -> R:
        """Return a record that is yet to be written, with what the overview says of it."""
        who = f"term{record.number}" if isinstance(record, Term) else WHO[type(record)]
        for fact in FACTS:
            if fact.who == who and (value := self.value(who, fact.column.field)) is not None:
                setattr(record, fact.column.field, value)
        return record

    def _found(self, who: str, record: Record) -> None:
        """Take up a record that is yet to be written, and note what it lacks."""
        for fact in FACTS:
            if fact.who == who and fact.column.required and getattr(record, fact.column.field) in (None, ""):
                self.problems.append(
                    Problem(
                        self.title,
                        "",
                        _("“%(header)s” must not be empty.") % {"header": fact.label},
                        _("Fill in the cell."),
                    )
                )
        self._check(who, record)
        self.new.append(record)

    def _compare(self, place: Place) -> None:
        """Note which stored records the overview changes."""
        waiting = {id(record) for record in self.new}
        for who, record in stored(place.township, place.year if place.year.pk > 0 else None).items():
            if record is None or id(record) in waiting:
                continue
            if self._differs(who, record):
                self._check(who, record)
                self.changed.append(record)
            else:
                self.unchanged.append(record)

    def _differs(self, who: str, record: Record) -> bool:
        resolver, differing = Resolver(Scope("nothing")), []
        for fact in (fact for fact in FACTS if fact.who == who):
            cell, value = self.cells.get((fact.who, fact.column.field), ("", None))
            column = BoundColumn(_sheet(fact), fact.column, resolver)
            if value is not None and not column.same(getattr(record, column.name), value):
                differing.append((cell, column, value))
        fixed = self._fixed(record) if differing else set()
        for cell, column, value in differing:
            if fixed is None or column.name in fixed:
                what = _("You may not change this, and it differs from what is stored.")
                remedy = _("Leave it as it was, or ask the education office.")
                self.problems.append(Problem(self.title, cell, what, remedy))
                continue
            old, new = column.shown(getattr(record, column.name)), column.shown(value)
            self.changes.append(Change(self.title, cell, str(record), column.header, old, new))
            setattr(record, column.name, value)
        return bool(differing)

    def _fixed(self, record: Record) -> set[str] | None:
        """Return the fields of a stored record that who imports may not write; None stands for all of them."""
        if not in_scope(self.by, record) or not record_rule(type(record), "change")(self.by, record):
            return None
        return set() if reaches_all(self.by) else set(rules_of(type(record)).fixed(self.by, record))

    def _check(self, who: str, record: Record) -> None:
        """Note which rules a record breaks; what it hangs on may not be stored yet."""
        parents = {
            f.name for f in record._meta.concrete_fields if f.is_relation and (getattr(record, f.attname) or 0) < 0
        }
        try:
            record.full_clean(exclude=parents)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                cell = self.cells.get((who, name), ("", None))[0]
                self.problems.append(Problem(self.title, cell, "".join(messages), _("Correct the cell.")))

    @property
    def part(self) -> Part:
        """Return the overview as a part of the plan."""
        wrong = set(range(len({problem.cell for problem in self.problems})))
        return Part(
            _sheet(FACTS[0]), self.title, new=self.new, changed=self.changed, unchanged=self.unchanged, wrong=wrong
        )


def all_sheets() -> tuple[Sheet, ...]:
    """Return all sheets of a workbook in the order in which they are written: what is referred to comes first."""
    return (RESEARCHERS, *sheets())


def serving(place: Place) -> set[int]:
    """Return the ids of the researchers who serve the township."""
    pairs = Researcher.townships.through.objects.filter(township=place.township.pk)
    return set(pairs.values_list("researcher_id", flat=True))
