"""What is worth knowing about claims of tokens that a trust policy does not admit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.federation.model import WebIdentity
from simulator.sts.call import Call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.conditions import FailedTest

_GITHUB: Final = "token.actions.githubusercontent.com"
_IDS: Final = re.compile(r"repo:[^/:]+@\d+/[^:]+@\d+(?::|$)")


class _Hint(NamedTuple):
    """What is so of a subject that comes and of none that is wanted, and what to know then."""

    mark: str
    advice: str


# https://docs.github.com/en/actions/reference/security/oidc
_HINTS: Final = (
    _Hint(
        ":environment:", "a job with an `environment` has it in its sub, in the place of the ref"
    ),
    _Hint(":pull_request", "a job for a pull request has `pull_request` in its sub, and no ref"),
    _Hint(":ref:refs/tags/", "a job for a tag has `ref:refs/tags/TAG` in its sub"),
)


def about_token(failed: FailedTest) -> str | None:
    """Return why the subject of a token is not the one that a policy admits, if that is known."""
    asked, test = failed.finding.asked, failed.evidence.test
    identity = asked.identity if isinstance(asked, Call) else None
    if not isinstance(identity, WebIdentity) or len(failed.evidence.actual or ()) != 1:
        return None
    given, wanted = (failed.evidence.actual or ("",))[0], test.values.items
    hints = list(_plainly(test.operator, given, wanted))
    issuer = identity.issuer.lower()
    if issuer == _GITHUB and test.key.lower() == f"{issuer}:sub":
        hints += _of_github(given, wanted)
    return hints[0] if hints else None


def _plainly(operator: str, given: str, wanted: tuple[str, ...]) -> Iterator[str]:
    if operator == "StringEquals" and any("*" in text or "?" in text for text in wanted):
        # CND-20
        yield "for `StringEquals` a `*` is plain text: `StringLike` takes it for a wildcard"
    if any(text.lower() == given.lower() for text in wanted):
        yield "the two differ in upper and lower case only"  # CND-20


def _of_github(given: str, wanted: tuple[str, ...]) -> Iterator[str]:
    if _IDS.match(given) and not any(map(_IDS.match, wanted)):
        yield (
            "the sub of a newer repository has the ids of owner and repository,"
            " `repo:OWNER@ID/REPOSITORY@ID:…`"
        )
    for hint in _HINTS:
        if hint.mark in given and not any(hint.mark in text for text in wanted):
            yield hint.advice
