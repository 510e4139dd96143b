"""Statements, actions and resources that could be left out: others say as much.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-suggestion-redundant-statement
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.check.grants.coverage import ANY_SERVICE, Extent, service_of
from simulator.check.grants.listing import Budget, Listing
from simulator.diagnostic import Access
from simulator.evaluation.relation import UNDENIABLE
from simulator.matcher.inclusion import ACTIONS, covers_action, resources
from simulator.policy.edits import remove_values
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from simulator.check.subject import Subject
    from simulator.matcher.inclusion import Language
    from simulator.policy.findings import Findings
    from simulator.policy.model import Document, Statement, Values

NEVER_ALLOWS: Final = "IAM660"
STATEMENT: Final = "IAM661"
ACTION: Final = "IAM662"
RESOURCE: Final = "IAM663"
NOT_COMPARED: Final = "IAM664"

_SHOWN: Final = 3


class _Word(NamedTuple):
    code: str
    one: str
    several: str


_ACTION: Final = _Word(ACTION, "action", "actions")
_RESOURCE: Final = _Word(RESOURCE, "resource", "resources")


def needless(findings: Findings, subject: Subject) -> None:
    """Tell of what has no effect beside other statements, or beside other entries of its list."""
    budget = Budget()
    left_out = _statements(findings, subject, budget) if len(subject.statements) > 1 else set()
    for statement in subject.statements:
        if statement.number not in left_out:
            _lists(findings, statement, budget)
    if budget.is_spent:
        findings.note(
            NOT_COMPARED,
            ("Statement",),
            "the policy is so large that not all of its statements were compared",
            "some of these may do nothing beside others",
        )


# --- Statements


def _statements(findings: Findings, subject: Subject, budget: Budget) -> set[int]:
    """Tell of statements that others cover, and return their numbers."""
    told: set[int] = set()
    extents = [Extent(statement) for statement in subject.statements]
    candidates = _Candidates(extents)
    for extent in extents:
        statement = extent.statement
        denying = candidates.of(extent, Effect.DENY) if _can_be_denied(statement) else ()
        wide = _first_covering(denying, extent, budget, as_strongly=False)
        if wide is not None:
            told.add(statement.number)
            _never_allows(findings, statement, wide.statement)
            continue
        as_strongly = statement.effect is Effect.ALLOW  # PRN-37
        others = candidates.of(extent, statement.effect)
        wide = _first_covering(others, extent, budget, as_strongly=as_strongly)
        if wide is not None:
            told.add(statement.number)
            _says_nothing_new(findings, subject.document, statement, wide.statement)
    return told


def _can_be_denied(statement: Statement) -> bool:
    """Whether a Deny may leave nothing of what a statement allows."""
    if statement.effect is Effect.DENY:
        return False
    texts = statement.actions.values.items
    return statement.actions.negated or not any(map(_is_undeniable, texts))


def _is_undeniable(action: str) -> bool:
    """Whether a pattern names a call that works whatever is denied: STS-4, STS-6."""
    if service_of(action) != "sts":
        return False
    return any(covers_action(action, each) for each in UNDENIABLE)


class _Candidates:
    """The statements of a policy by effect and by the services that they speak of."""

    def __init__(self, extents: Iterable[Extent]) -> None:
        self._by_service: dict[tuple[Effect, str], list[Extent]] = {}
        for extent in extents:
            effect = extent.statement.effect
            negated = extent.statement.actions.negated
            for service in {ANY_SERVICE} if negated else extent.services:
                self._by_service.setdefault((effect, service), []).append(extent)

    def of(self, extent: Extent, effect: Effect) -> Iterator[Extent]:
        """Yield the statements of an effect that may cover one."""
        actions = extent.statement.actions
        # They have to cover each of its actions, so also the first.
        first = () if actions.negated else map(service_of, actions.values.items[:1])
        for service in dict.fromkeys((ANY_SERVICE, *first)):
            for other in self._by_service.get((effect, service), ()):
                if other is not extent:
                    yield other


def _first_covering(
    candidates: Iterable[Extent], narrow: Extent, budget: Budget, *, as_strongly: bool
) -> Extent | None:
    for wide in candidates:
        if not budget.spend():
            return None
        if not wide.could_cover(narrow):
            continue
        if not wide.covers(narrow, budget, as_strongly=as_strongly):
            continue
        # Of two that say the same the first stays.
        is_later = wide.statement.number > narrow.statement.number
        same = wide.statement.effect is narrow.statement.effect
        if not (same and is_later and narrow.covers(wide, budget, as_strongly=as_strongly)):
            return wide
    return None


def _never_allows(findings: Findings, statement: Statement, denying: Statement) -> None:
    findings.error(  # EVAL-2, POL-24
        NEVER_ALLOWS,
        statement.path,
        f"{statement.title} never allows anything: {denying.title} denies all of it",
        "nothing of this takes effect",
        help="a Deny wins over every Allow, in whatever order they stand: limit what it denies, or"
        " remove what is not to be allowed",
        beside=((denying.path, "whenever the other applies, this does too"),),
    )


def _says_nothing_new(
    findings: Findings, document: Document, statement: Statement, other: Statement
) -> None:
    verb = "allows" if statement.effect is Effect.ALLOW else "denies"
    findings.note(
        STATEMENT,
        statement.path,
        f"{statement.title} {verb} nothing that {other.title} does not",
        "the policy means the same without this",
        beside=((other.path, f"this {verb} as much, or more"),),
        access=Access.UNCHANGED,
        edits=partial(remove_values, document, ("Statement",), {statement.number - 1}),
    )


# --- Lists


def _lists(findings: Findings, statement: Statement, budget: Budget) -> None:
    actions = statement.actions.values
    if len(actions.items) > 1 and _may_overlap(ACTIONS, actions.items):
        _list(findings, _ACTION, actions, Listing(ACTIONS, actions.items), budget)
    if statement.resources is None or len(statement.resources.values.items) < 2:
        return
    found, language = statement.resources.values, resources(variables=statement.variables)
    if _may_overlap(language, found.items):
        _list(findings, _RESOURCE, found, Listing(language, found.items), budget)


def _may_overlap(language: Language, texts: Sequence[str]) -> bool:
    """Whether some of several patterns may cover others: most lists are of different names."""
    if any("*" in text or "?" in text for text in texts):
        return True
    return len(set(map(language.key, texts))) < len(texts)


def _list(
    findings: Findings, word: _Word, values: Values, listing: Listing, budget: Budget
) -> None:
    found = list(listing.needless(budget))
    if not found:
        return
    (index, wide), *others = found
    text = values.items[index]
    message = (
        f"{len(found)} {word.several} add nothing to others of their list, such as `{text}`"
        if others
        else f"the {word.one} `{text}` adds nothing to `{values.items[wide]}` of the same list"
    )
    findings.note(
        word.code,
        values.place(index),
        message,
        _seen(values, listing, index, wide),
        beside=[(values.place(i), _seen(values, listing, i, w)) for i, w in others[:_SHOWN]],
        access=Access.UNCHANGED,
        edits=partial(remove_values, findings.document, values.path, {i for i, _ in found}),
    )


def _seen(values: Values, listing: Listing, index: int, wide: int) -> str:
    if listing.are_same(index, wide):
        return f"entry {wide + 1} of the list says the same"
    return f"`{values.items[wide]}` takes this in"
