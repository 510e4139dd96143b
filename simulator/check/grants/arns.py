"""Resources of which there is no type: another word, a Region or an account too many or too few.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-invalid-arn-resource
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.check.grants.access import after_matching_more
from simulator.check.grants.assumed import only_assumes
from simulator.check.grants.coverage import ANY_SERVICE, service_of
from simulator.check.grants.listing import Budget
from simulator.check.subject import is_open
from simulator.policy.edits import replace_string
from simulator.policy.elements import resource_flaw

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulator.check.subject import Subject
    from simulator.diagnostic import Edit
    from simulator.policy.findings import Findings
    from simulator.policy.model import Document, Statement, Values
    from simulator.syntax import Path

NO_SUCH_TYPE: Final = "IAM680"
OTHER_PLACE: Final = "IAM681"

_STEPS: Final = 1_000_000
_REGION, _ACCOUNT = 3, 4
_NAMES: Final = {_REGION: "Region", _ACCOUNT: "account id"}
_SHOWN: Final = 2


class _Pattern(NamedTuple):
    """A resource of a statement, its fields, and the formats of the ARNs of its service."""

    statement: Statement
    text: str
    path: Path
    fields: list[str]
    formats: tuple[str, ...]

    def with_any(self, *places: int) -> str:
        """Return the resource with any text in some of its fields."""
        fields = ["*" if place in places else field for place, field in enumerate(self.fields)]
        return ":".join(fields)


def no_such_resource(findings: Findings, subject: Subject) -> None:
    """Tell of resources that are of no type that their service has."""
    budget = Budget(_STEPS)
    for statement in subject.statements:
        for pattern in _patterns(statement):
            # Policies that people write have not so many, nor any so long.
            if not budget.spend() or findings.is_full:
                return
            if not _is_plain(pattern) and budget.spend(len(pattern.text) * len(pattern.formats)):
                _check(findings, subject.document, pattern)


def _patterns(statement: Statement) -> Iterator[_Pattern]:
    if statement.resources is None or (only_assumes(statement) and not statement.resources.negated):
        return  # told as what is no role
    values: Values = statement.resources.values
    for index, text in enumerate(values.items):
        if not text.startswith("arn:") or is_open(text):
            continue
        fields = text.split(":", 5)  # RES-1
        if len(fields) < 6 or resource_flaw(fields) is not None:
            continue  # told when it was read
        formats = _formats(fields[2], statement)
        if formats:
            yield _Pattern(statement, text, values.place(index), fields, formats)


def _formats(word: str, statement: Statement) -> tuple[str, ...]:
    from simulator.catalog.resource_types import arn_formats  # noqa: PLC0415 - takes 5 ms

    found = arn_formats(word)
    others = {service_of(action) for action in statement.actions.values.items[:50]}
    return found or arn_formats(word, others - {ANY_SERVICE})


def _fitting(text: str, pattern: _Pattern) -> tuple[str, ...]:
    from simulator.catalog.formats import fits_format  # noqa: PLC0415 - likewise

    return tuple(each for each in pattern.formats if fits_format(text, each))


def _is_plain(pattern: _Pattern) -> bool:
    """Whether a resource is surely of a type of its service, as most are."""
    from simulator.catalog.resource_types import quick_test  # noqa: PLC0415 - likewise

    return bool(quick_test(pattern.formats)(pattern.text))


def _check(findings: Findings, document: Document, pattern: _Pattern) -> None:
    if _fitting(pattern.text, pattern):
        return
    for places in ((_ACCOUNT,), (_REGION,), (_REGION, _ACCOUNT)):
        fitting = _fitting(pattern.with_any(*places), pattern)
        if fitting:
            _other_place(findings, document, pattern._replace(formats=fitting), places)
            return
    _no_type(findings, pattern)


def _other_place(
    findings: Findings, document: Document, pattern: _Pattern, places: Sequence[int]
) -> None:
    fields = pattern.fields
    extra = [place for place in places if fields[place]]
    wrong = " and no ".join(_NAMES[place] for place in extra)
    lacking = " and ".join(_NAMES[place] for place in places if not fields[place])
    is_plain = len(extra) == len(places)
    findings.warn(  # RES-1, RES-4
        OTHER_PLACE,
        pattern.path,
        f"such resources of `{fields[2]}` have "
        + (f"no {wrong} in their ARN" if extra else f"their {lacking} in the ARN")
        + f": `{pattern.text}` matches none",
        f"expected nothing where `{fields[extra[0]]}` stands"
        if extra
        else f"the {lacking} is missing",
        help=_examples(pattern),
        access=after_matching_more(pattern.statement) if is_plain else None,
        edits=partial(_emptied, document, pattern, places) if is_plain else None,
    )


def _emptied(document: Document, pattern: _Pattern, places: Sequence[int]) -> tuple[Edit]:
    fields = ["" if place in places else field for place, field in enumerate(pattern.fields)]
    return (replace_string(document, pattern.path, ":".join(fields)),)


def _no_type(findings: Findings, pattern: _Pattern) -> None:
    other_case = pattern._replace(formats=tuple(map(str.lower, pattern.formats)))
    only_case = bool(_fitting(pattern.text.lower(), other_case))
    findings.warn(  # RES-9
        NO_SUCH_TYPE,
        pattern.path,
        f"`{pattern.text}` is of no type of resource that AWS lists for `{pattern.fields[2]}`",
        "upper and lower case count here" if only_case else "so this probably matches nothing",
        help=_examples(pattern),
    )


def _examples(pattern: _Pattern) -> str:
    from simulator.catalog.names import likeness  # noqa: PLC0415 - likewise
    from simulator.catalog.resource_types import head  # noqa: PLC0415 - likewise

    by_head: dict[str, str] = {}
    for format_ in sorted(_of_actions(pattern) or pattern.formats, key=len):
        by_head.setdefault(head(format_.split(":", 5)[5]), format_)
    close = sorted(likeness(head(pattern.fields[5]), by_head, 0), reverse=True)
    shown = [by_head[name] for _, name in close[:_SHOWN]]
    more = " and others" if len(by_head) > len(shown) else ""
    return f"its resources are {', '.join(f'`{each}`' for each in shown)}{more}"


def _of_actions(pattern: _Pattern) -> list[str]:
    """Return those of the formats that are of resources of the statement's actions."""
    from simulator.catalog.actions import find_action, resource_formats  # noqa: PLC0415 - likewise

    found = map(find_action, pattern.statement.actions.values.items[:50])
    used = {
        format_ for action in found if action is not None for format_ in resource_formats(action)
    }
    return [format_ for format_ in pattern.formats if format_ in used]
