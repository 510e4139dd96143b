"""Remedies that make a condition admit what the request has: corrected, added, or as a pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.catalog import keys
from simulator.diagnosis.cause import Rank, Remedy
from simulator.diagnosis.near.slips import differing, slip
from simulator.diagnosis.permissions import also_named
from simulator.diagnosis.words import LAYER_NAMES
from simulator.diagnostic import Access
from simulator.matcher.glob import compile_glob, read_glob
from simulator.policy.edits import add_value, move_test, replace_string
from simulator.sts.call import Call
from simulator.sts.context import condition_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.findings import Shortfall
    from simulator.diagnostic import Edit
    from simulator.matcher.statement import StatementMatch, TestEvidence
    from simulator.policy.model import ConditionTest

#: The operators with which one more value admits that value.
_POSITIVE: Final = frozenset(
    {"StringEquals", "StringLike", "StringEqualsIgnoreCase", "ArnEquals", "ArnLike", "IpAddress"}
)
_EXACT: Final = frozenset({"StringEquals", "StringEqualsIgnoreCase", "IpAddress"})
#: What is asked of these protects somebody, and another value of theirs would not.
_GUARDS: Final = frozenset({keys.MFA_PRESENT, keys.MFA_AGE, keys.EXTERNAL_ID})
#: What is asked of these keeps whole networks, accounts or organizations out.
_PERIMETERS: Final = ("aws:source", "aws:principalorg", "aws:resourceorg", "aws:principalaccount")
_WILD: Final = frozenset("*?$")


def admitted(finding: Shortfall, match: StatementMatch, evidence: TestEvidence) -> Iterator[Remedy]:
    """Yield the edits after which a test admits the one value that the request has."""
    test, given = evidence.test, evidence.actual or ()
    if len(given) != 1 or test.operator not in _POSITIVE or test.key.lower() in _GUARDS:
        return
    (value,), document = given, match.statement.document
    if test.operator not in _EXACT and _WILD & set(value):
        return  # as a pattern it would admit more
    said = f"`{test.key}` = `{value}`"

    def remedy(title: str, edits: tuple[Edit, ...], also: tuple[str, ...]) -> Remedy:
        return Remedy(
            title,
            Access.WIDENED,
            edits=edits,
            also_allows=also,
            rank=Rank.UNGUARDED if test.key.lower().startswith(_PERIMETERS) else Rank.ORDINARY,
        )

    also = _also(finding, test, said)
    for place, text in _near(test, value):
        edit = replace_string(document, test.values.place(place), value)
        title = f"correct `{text}` to `{value}` in the {LAYER_NAMES[finding.layer]}"
        yield remedy(title, (edit,), also)
    title = f"let the {LAYER_NAMES[finding.layer]} admit {said}"
    yield remedy(title, (add_value(document, test.values, value),), also)
    patterns = _patterns(test, value)
    if patterns:
        operator = test.written.replace("StringEquals", "StringLike")
        title = f"test `{test.key}` with `{operator}`, for which `*` stands for anything"
        wider = (f"whoever has a `{test.key}` like `{patterns[0]}`",)
        edits = move_test(document, match.statement, test, operator)
        yield from (remedy(title, edits, wider),) if edits else ()


def _near(test: ConditionTest, value: str) -> Iterator[tuple[int, str]]:
    """Yield the value of a test that is nearly the one of the request, with its place."""
    for place, text in enumerate(test.values.items):
        # What differs in digits has been numbered: `build-1` stays where `build-2` is admitted.
        is_number = "".join(differing(value, text)).isdigit()
        if not _WILD & set(text) and not is_number and slip(value, text) is not None:
            yield place, text
            return


def _patterns(test: ConditionTest, value: str) -> tuple[str, ...]:
    """Return the values that were meant as patterns, and would match the value as such."""
    if test.operator != "StringEquals":
        return ()
    wild = (text for text in test.values.items if _WILD & set(text) == {"*"})
    return tuple(text for text in wild if compile_glob(read_glob(text))(value))


def _also(finding: Shortfall, test: ConditionTest, said: str) -> tuple[str, ...]:
    """Return what else comes in with a value."""
    asked, key = finding.asked, test.key.lower()
    identity = asked.identity if isinstance(asked, Call) else None
    if identity is not None and key in map(str.lower, condition_keys(identity)):
        return (f"whoever the provider vouches for with {said}",)
    if key == "aws:principalarn":
        return also_named(finding.evaluation.request.principal)
    return (f"other calls with {said}, of whomever the statement names",)
