"""Identity providers that all their customers share: what a trust policy must ask of a token.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.federation.issuers import issuer_of
from simulator.policy.model import Effect
from simulator.storing.refusal import Text
from simulator.storing.values import tests, words

if TYPE_CHECKING:
    from simulator.storing.refusal import Refusal
    from simulator.storing.submitted import Object, Submitted
    from simulator.syntax import JsonValue, Path

COGNITO: Final = "cognito-identity.amazonaws.com"
_WEB_IDENTITY: Final = "sts:AssumeRoleWithWebIdentity"
_SHARED: Final = Text(
    "Trust policy with trusted principal {} must evaluate, using StringEquals, StringLike or"
    " StringEqualsIgnoreCase, {} which is not scoped to all."
)
_COGNITO: Final = Text(  # ERR-69
    "A condition block must be present for the Cognito provider", recorded=False
)
_OPERATORS: Final = frozenset({"StringEquals", "StringLike", "StringEqualsIgnoreCase"})
_PROVIDER: Final = re.compile(r"arn:[^:]+:iam::[^:]*:oidc-provider/(?P<issuer>.+)", re.DOTALL)
_ALL: Final = re.compile(r"[*?]+")


def untenanted(
    submitted: Submitted, path: Path, statement: Object, provider: str
) -> Refusal | None:
    """Return the refusal of a statement that admits all customers of a provider."""
    if submitted.is_open(statement.get("Condition")) or statement.get("Effect") != Effect.ALLOW:
        return None
    if provider == COGNITO:  # TRU-8
        is_scoped = _is_scoped(submitted, path, statement, _keys(provider))
        return None if is_scoped else _COGNITO.about(path)
    found = _PROVIDER.fullmatch(provider)
    keys = _keys(found["issuer"]) if found is not None else ()
    if not keys or not _admits_tokens(submitted, path, statement):
        return None
    if _is_scoped(submitted, path, statement, keys):  # TRU-7
        return None
    return _SHARED.about(path, provider, " or ".join(keys))


def _keys(issuer: str) -> tuple[str, ...]:
    """Return the condition keys of which one must be asked for, none of an unshared issuer."""
    claims = issuer_of(issuer).tenancy
    return tuple(claim if ":" in claim else f"{issuer}:{claim}" for claim in claims)


def _admits_tokens(submitted: Submitted, path: Path, statement: Object) -> bool:
    actions = submitted.texts((*path, "Action"), statement.get("Action"))
    return any(action == _WEB_IDENTITY for _, action in actions)


def _is_scoped(submitted: Submitted, path: Path, statement: Object, keys: tuple[str, ...]) -> bool:
    folded = {key.lower() for key in keys}
    return any(
        name in _OPERATORS and key.lower() in folded and _narrows(submitted, place, name, value)
        for place, name, key, value in tests(path, statement)
    )


def _narrows(submitted: Submitted, path: Path, operator: str, value: JsonValue) -> bool:
    """Whether the first value of a test is not one that anything fits: AWS asks no further."""
    head: JsonValue = value[:1] if isinstance(value, list) else [value]
    if isinstance(head, list) and any(map(submitted.is_open, head)):
        return True
    first = next((text for _, text in words(submitted, path, head)), "*")
    return first != "*" and not (operator == "StringLike" and _ALL.fullmatch(first))
