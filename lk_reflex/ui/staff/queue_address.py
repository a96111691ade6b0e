"""The queue's filters as they stand in its address, so that links, Back and saved filters work. No Reflex here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from lk_reflex.domain.requests.desk.wanted import Sort, Wanted, Whose
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import Status
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.staff.days import FIRST, LAST, read_day

SEARCH, ORGANIZATION, KIND, STATUS, WHOSE = "search", "organization", "kind", "status", "whose"
SORT, OVERDUE, AFTER = "sort", "overdue", "after"
ANY, YES = "any", "yes"
#: Of what is typed into the search, so much stands in an address.
LONGEST_SEARCH = 200
BACKWARDS = "Последний день раньше первого. Поменяйте их местами"
NO_LETTERS = "Введите слово или номер: в запросе нет ни букв, ни цифр"


@dataclass(frozen=True, slots=True)
class Asked:
    """The address's parameters as texts; each is known to be one of the choices, or empty."""

    search: str = ""
    organization: str = ""
    kind: str = ""
    status: str = ""
    whose: str = ""
    first: str = ""
    last: str = ""
    sort: str = ""
    overdue: str = ""
    after: str = ""


def asked(parameter: Callable[[str], str]) -> Asked:
    """What an address asks for; whatever is no choice of ours is left out."""
    organization = row_id(parameter(ORGANIZATION))
    return Asked(
        search=_storable(parameter(SEARCH))[:LONGEST_SEARCH].strip(),
        organization=str(organization) if organization else "",
        kind=_one_of(parameter(KIND), frozenset(Kind)),
        status=_one_of(parameter(STATUS), frozenset({*Status, ANY} - {Status.DRAFT})),
        whose=_one_of(parameter(WHOSE), frozenset(Whose)),
        first=_storable(parameter(FIRST))[:20].strip(),
        last=_storable(parameter(LAST))[:20].strip(),
        sort=_one_of(parameter(SORT), frozenset(Sort) - {Sort.NEWEST}),
        overdue=YES if parameter(OVERDUE) == YES else "",
        after=_plain(parameter(AFTER)),
    )


def asked_by_form(form: Mapping[str, str]) -> Asked:
    """The same of a form's fields."""
    return asked(lambda name: form.get(name, ""))


def query_of(one: Asked) -> str:
    """The part of the address after «?»; empty for the queue as it is."""
    return urlencode([(name, getattr(one, name)) for name in Asked.__slots__ if getattr(one, name)])


def wanted(one: Asked) -> tuple[Wanted, dict[str, str]]:
    """What the queue is asked for, and what is wrong with the fields."""
    errors: dict[str, str] = {}
    first, last = read_day(one.first, FIRST, errors), read_day(one.last, LAST, errors)
    if first and last and last < first:
        errors[LAST] = BACKWARDS
    found = Wanted(
        search=one.search,
        organization_id=row_id(one.organization) or None,
        kind=Kind(one.kind) if one.kind else None,
        status=Status(one.status) if one.status and one.status != ANY else None,
        any_status=one.status == ANY,
        overdue=one.overdue == YES,
        whose=Whose(one.whose) if one.whose else None,
        first=first,
        last=last,
        sort=Sort(one.sort) if one.sort else Sort.NEWEST,
        after=one.after,
    )
    if one.search and not found.words:
        errors[SEARCH] = NO_LETTERS
    return found, errors


def from_the_start(one: Asked) -> Asked:
    """The same filters, from their first page on."""
    return replace(one, after="")


def turned(meant: Wanted) -> Wanted:
    """The queue read from its other end; the same where it can't be."""
    ends = {Sort.NEWEST: Sort.OLDEST, Sort.OLDEST: Sort.NEWEST}
    return replace(meant, sort=ends[meant.order]) if meant.order in ends else meant


def _one_of(text: str, choices: frozenset[str]) -> str:
    return str(text) if text in choices else ""


def _plain(text: str) -> str:
    return text if len(text) <= 17 and text.isascii() and text.isalnum() else ""


def _storable(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()
