"""Who a trust policy may name; whether he exists is known to AWS alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.policy.principal_flaws import UNIQUE_ID
from simulator.storing.refusal import Text

if TYPE_CHECKING:
    from simulator.storing.refusal import Refusal
    from simulator.storing.submitted import Submitted
    from simulator.syntax import JsonValue, Path

_SYNTAX: Final = Text("Syntax error in policy.", recorded=False)
_EMPTY: Final = Text("Missing required field Principal cannot be empty!", recorded=False)
_NOBODY: Final = Text(
    "Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: The passed in"
    " policy has a statement with no principals!",
    recorded=False,
)
_STAR: Final = Text(  # ERR-63
    'AssumeRolepolicy contained an invalid principal: "STAR":"*".', recorded=False
)
_NO_OBJECT: Final = Text("Principal must be a JSON object.", recorded=False)
_TYPE: Final = Text('Invalid principal in policy: "{}"', recorded=False)
_INVALID: Final = Text('Invalid principal in policy: "{}":"{}"', recorded=False)  # ERR-62
_FEDERATED: Final = Text(
    "Federated principals must be valid domain names or SAML metadata ARNs", recorded=False
)

# PRN-2, PRN-6: users and roles as far as their names may have these characters
_AWS: Final = re.compile(
    r"\*|[0-9]{12}"
    r"|arn:[a-z-]+:iam::[0-9]{12}:(?:root|(?:user|role)/[!-)+->@-~]+)"
    r"|arn:[a-z-]+:sts::[0-9]{12}:(?:assumed-role|federated-user)/[!-)+->@-~]+"
)
_ORIGIN_ACCESS: Final = re.compile(r"arn:[a-z-]+:iam::cloudfront:user/.+", re.DOTALL)
_DOMAINS: Final = (".amazonaws.com", ".amazonaws.com.cn", ".amazon.com", ".aws.internal")
_CHINA: Final = ".cn"
# Reported as refused with `.cn` although they are in China.
_NOT_OF_CHINA: Final = frozenset(
    f"{name}.amazonaws.com"
    for name in (
        "apigateway",
        "autoscaling",
        "cloudformation",
        "ecs",
        "ecs-tasks",
        "ecs.application-autoscaling",
        "eks",
        "events",
        "lambda",
        "monitoring.rds",
        "sqs",
    )
)
_PROVIDER: Final = re.compile(
    r"arn:[a-z-]+:iam::[0-9]{12}:(?:saml|oidc)-provider/.+|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
    re.DOTALL,
)  # PRN-4


def principal_flaw(submitted: Submitted, path: Path, value: JsonValue) -> Refusal | None:
    """Return how AWS refuses the principals of a statement of a trust policy, if it does."""
    if submitted.is_open(value):
        return None
    if type(value) is str:
        return (_STAR if value == "*" else _NO_OBJECT).about(path)  # PRN-8
    if not isinstance(value, dict):
        return _SYNTAX.about(path)
    if not value:
        return _EMPTY.about(path)
    answers = (_typed(submitted, (*path, name), name, inner) for name, inner in value.items())
    return next((answer for answer in answers if answer is not None), None)


def _typed(submitted: Submitted, path: Path, name: str, value: JsonValue) -> Refusal | None:
    if submitted.is_open(value):
        return None
    if name not in _CHECKS:  # PRN-1
        return _TYPE.about(path, name)
    if value == []:
        return _NOBODY.about(path)
    for index, item in enumerate(value if isinstance(value, list) else (value,)):
        place = (*path, index) if isinstance(value, list) else path
        if submitted.is_open(item):
            continue
        if type(item) is not str:
            return _SYNTAX.about(place)
        text = _CHECKS[name](item)
        if text is not None:
            return text.about(place, name.upper(), item)
    return None


def is_entity(value: str) -> bool:
    """Whether a text can name an account, a user, a role, a session, or everyone."""
    account = value.replace("-", "") if value[:1].isdigit() else value
    is_known = _AWS.fullmatch(account) or UNIQUE_ID.fullmatch(value)
    return bool(is_known or _ORIGIN_ACCESS.fullmatch(value))


def _aws(value: str) -> Text | None:
    return None if is_entity(value) else _INVALID


def _service(value: str) -> Text | None:
    is_fine = value.endswith(_DOMAINS) and "*" not in value and "?" not in value  # PRN-5
    if is_fine and not (value.endswith(_CHINA) and value.removesuffix(_CHINA) in _NOT_OF_CHINA):
        return None
    return _INVALID


def _federated(value: str) -> Text | None:
    return None if _PROVIDER.fullmatch(value) else _FEDERATED


# No canonical user assumes a role.
_CHECKS: Final = {"AWS": _aws, "Service": _service, "Federated": _federated}
