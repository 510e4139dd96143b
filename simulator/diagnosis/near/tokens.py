"""Why the claims of a token are not those that a trust policy asks for.

https://docs.github.com/en/actions/reference/security/oidc
https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.diagnosis.near.miss import Miss
from simulator.federation.model import WebIdentity

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.diagnosis.near.values import Compared
    from simulator.sts.call import Identity

    _Fits = Callable[[Compared], bool]

_GITHUB: Final = "token.actions.githubusercontent.com"
_COGNITO: Final = "cognito-identity.amazonaws.com"
_EKS: Final = re.compile(r"oidc\.eks\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/id/.+")
_IDS: Final = re.compile(r"repo:[^/:]+@\d+/[^:]+@\d+(?::|$)")
_BRANCH: Final = ":ref:refs/heads/"
_ACCOUNT: Final = "system:serviceaccount:"
_SAML_AUD: Final = "saml:aud"


def misses_of(identity: Identity | None, key: str) -> tuple[Miss[Compared], ...]:
    """Return how a claim of a token or an assertion can miss, by who made it.

    What is small enough to be a slip of the pen comes before.
    """
    if not isinstance(identity, WebIdentity):
        return _OF_ASSERTIONS if identity is not None and key.lower() == _SAML_AUD else ()
    issuer, _, claim = key.lower().rpartition(":")
    if issuer != identity.issuer.lower():
        return ()
    if claim == "aud":
        return (*(_AZP if identity.claims.get("azp") else ()), *_OF_AUDIENCES)
    if claim == "sub" and _EKS.fullmatch(issuer):
        return _OF_SERVICE_ACCOUNTS
    return _OF_CLAIMS.get((issuer, claim), ())


def _comes(mark: str) -> _Fits:
    """Return whether a mark is in the value that comes and not in the one that is wanted."""
    return lambda found: mark in found.given and mark not in found.wanted


def _has_ids(found: Compared) -> bool:
    return _IDS.match(found.given) is not None and not _IDS.match(found.wanted)


def _repository(sub: str) -> str:
    """Return owner and name of the repository in a sub, with what stands before it."""
    return ":".join(sub.split(":")[:2])


def _same_repository(found: Compared) -> bool:
    return _repository(found.given) == _repository(found.wanted)


def _no_prefix(found: Compared) -> bool:
    return found.given.startswith("repo:") and not found.wanted.startswith(("repo:", "*"))


def _short_ref(found: Compared) -> bool:
    after = found.wanted.removeprefix(_repository(found.wanted))
    branch = found.given.partition(_BRANCH)[2]
    return (
        bool(branch)
        and _same_repository(found)
        and after.endswith(branch)
        and (_BRANCH not in found.wanted)
    )


def _other_branch(found: Compared) -> bool:
    return _same_repository(found) and _BRANCH in found.given and _BRANCH in found.wanted


def _other_repository(found: Compared) -> bool:
    of_one = found.given.partition(":")[2].partition("/")[0]
    return found.wanted.startswith(f"repo:{of_one}/") and not _same_repository(found)


def _words(found: Compared) -> tuple[list[str], list[str]]:
    """Return namespace and name of two service accounts, as far as they have them."""
    texts = (found.given, found.wanted)
    one, other = (text.removeprefix(_ACCOUNT).split(":") for text in texts)
    return one, other


def _swapped(found: Compared) -> bool:
    ours, theirs = _words(found)
    return ours == theirs[::-1] != theirs


def _other_namespace(found: Compared) -> bool:
    ours, theirs = _words(found)
    return ours[1:] == theirs[1:] != []


def _other_account(found: Compared) -> bool:
    ours, theirs = _words(found)
    return ours[0] == theirs[0]


def _no_account(found: Compared) -> bool:
    return found.given.startswith(_ACCOUNT) and not found.wanted.startswith(_ACCOUNT)


_OF_SUBJECTS: Final[tuple[Miss[Compared], ...]] = (
    Miss(
        "the sub of a newer repository has the ids of owner and repository,"
        " `repo:OWNER@ID/REPOSITORY@ID:…`",
        _has_ids,
    ),
    Miss(
        "a job with an `environment` has it in its sub, in the place of the ref",
        _comes(":environment:"),
    ),
    Miss(
        "a job for a pull request has `pull_request` in its sub, and no ref",
        _comes(":pull_request"),
    ),
    Miss("a job for a tag has `ref:refs/tags/TAG` in its sub", _comes(":ref:refs/tags/")),
    Miss("a sub begins with `repo:`", _no_prefix),
    Miss("a sub has the whole ref: `ref:refs/heads/BRANCH`", _short_ref),
    Miss("the job runs on another branch of the repository", _other_branch),
    Miss("the job is of another repository of the same owner", _other_repository),
)
_OF_SERVICE_ACCOUNTS: Final[tuple[Miss[Compared], ...]] = (
    Miss("a sub is `system:serviceaccount:NAMESPACE:NAME`: the two are swapped", _swapped),
    Miss("a sub begins with `system:serviceaccount:`", _no_account),
    Miss("the service account is that of another namespace", _other_namespace),
    Miss("the namespace is the same, and the service account is another one", _other_account),
)
_AZP: Final[tuple[Miss[Compared], ...]] = (
    Miss("`aud` is the `azp` of a token that has one", lambda _: True),  # STS-62
)
_OF_AUDIENCES: Final[tuple[Miss[Compared], ...]] = (
    Miss(
        "a token has the audience that was asked for: `sts.amazonaws.com` by AWS's own tools, and"
        " the address of the owner where GitHub was asked for none",
        lambda found: "sts.amazonaws.com" in (found.given, found.wanted),
    ),
)
_OF_ASSERTIONS: Final[tuple[Miss[Compared], ...]] = (
    Miss(  # STS-60
        "the key holds the address to which the assertion was sent, its `Recipient`",
        lambda _: True,
    ),
)
_OF_CLAIMS: Final = {
    (_GITHUB, "sub"): _OF_SUBJECTS,
    (_COGNITO, "amr"): (
        Miss["Compared"](
            "whoever has not signed in to the identity pool is `unauthenticated`",
            lambda found: found.given == "unauthenticated",
        ),
    ),
}
