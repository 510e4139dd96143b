"""The policies in what commands of the aws CLI print: one, a list of them, all of an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.documents import organizations
from simulator.documents.candidate import Candidate, is_policy, may_be_policy, written
from simulator.policy import kinds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.policy.kinds import PolicyKind
    from simulator.syntax import JsonValue, Path

#: The keys under which a policy is printed, beside a key that tells more, and the kind it then is.
_KEYS: Final[Mapping[str, tuple[tuple[str, PolicyKind | None], ...]]] = {
    "AssumeRolePolicyDocument": (("", kinds.TRUST),),
    "PolicyDocument": (
        ("VpcEndpointId", kinds.ENDPOINT),  # ec2 describe-vpc-endpoints
        *((name, kinds.IDENTITY) for name in ("PolicyName", "UserName", "RoleName", "GroupName")),
        ("", None),
    ),
    "Document": (("VersionId", kinds.IDENTITY), ("", None)),
    "Policy": (("", None),),
    "ResourcePolicy": (("", None),),
    "InlinePolicy": (("", kinds.IDENTITY),),  # sso-admin get-inline-policy-for-permission-set
    "policy": (("", None),),
    "policyDocument": (("", kinds.RESOURCE),),  # logs describe-resource-policies
    "policyText": (("", None),),
}
_CONTENT: Final = "Content"


def candidates(value: JsonValue, path: Path = ()) -> Iterator[Candidate]:
    """Yield the policies in what was printed; of managed ones, the version that is in force."""
    if isinstance(value, list):
        for index, each in enumerate(value):
            if is_policy(each):
                yield Candidate((*path, index), written((*path, index)))
            else:
                yield from candidates(each, (*path, index))
    elif isinstance(value, dict) and value.get("IsDefaultVersion") is not False:
        for key, each in value.items():
            here = (*path, key)
            if _is_one(each) and (key in _KEYS or key == _CONTENT):
                yield from _candidate(key, here, value)
            else:
                yield from candidates(each, here)


def _is_one(value: JsonValue) -> bool:
    if isinstance(value, str):
        return may_be_policy(value) or value[:3].lower() == "%7b"
    return is_policy(value)


def _candidate(key: str, path: Path, around: dict[str, JsonValue]) -> Iterator[Candidate]:
    if key == _CONTENT:
        summary = around.get("PolicySummary")
        type_ = summary.get("Type") if isinstance(summary, dict) else None
        if type_ is None or type_ in organizations.KINDS:
            yield Candidate(path, written(path), organizations.KINDS.get(str(type_)))
        return
    kind = next(kind for beside, kind in _KEYS[key] if not beside or beside in around)
    yield Candidate(path, written(path), kind)
