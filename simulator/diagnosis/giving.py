"""How a fact that nobody gave is given: by the option that passes it, or else as a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.catalog import keys
from simulator.sts.call import Call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.diagnosis.asked import Asked

_MFA: Final = (
    "give `--mfa` or `--no-mfa`, which say whether the caller's credentials are a session made"
    " with a code"
)
#: What gives a key, of a request of any kind.
_OF_ALL: Final[Mapping[str, str]] = {
    "aws:resourceaccount": "give `--resource-account ACCOUNT`",  # CTX-15
    "aws:currenttime": "give `--context aws:CurrentTime=2026-11-24T12:00:00Z`: the clock is never"
    " looked at",
    # CTX-1
    "aws:principalarn": "give `--context aws:PrincipalArn=ARN`, the role's ARN with its path",
    keys.MFA_PRESENT: _MFA,  # CTX-8
    keys.MFA_AGE: "give `--context aws:MultiFactorAuthAge=SECONDS`, or `--no-mfa` if there was no"
    " MFA",  # CTX-9
}
#: What passes a key with a call of STS, and what says that the call does not pass it.
_OF_CALLS: Final[Mapping[str, str]] = {
    "sts:rolesessionname": "give `--role-session-name NAME`",
    keys.MFA_PRESENT: f"{_MFA}, or the device and the code of the call itself with"
    " `--serial-number` and `--token-code`",  # CTX-8
    **{
        key.lower(): f"give {option}, or `--context {key}=` if the call passes none"
        for key, option in {
            "sts:ExternalId": "`--external-id ID`",
            "sts:SourceIdentity": "`--source-identity NAME`",
            "aws:TagKeys": "the tags of the call with `--tags`",
            "sts:TransitiveTagKeys": "the keys with `--transitive-tag-keys`",
        }.items()
    },
}
#: The same of keys that end in the name of a tag.
_TAGS_OF_CALLS: Final[Mapping[str, str]] = {
    "aws:requesttag": "give `--tags Key={name},Value=VALUE`, or `--context {key}=` if the call"
    " passes no such tag",  # CTX-17
    "aws:principaltag": "give `--caller-tag {name}=VALUE`, or `--context {key}=` if the caller has"
    " no such tag",  # CTX-7
    "aws:resourcetag": "give the whole output of `aws iam get-role` with `--trust`, or"
    " `--context {key}=` if the role has no such tag",  # CTX-16
}
# CTX-12, CTX-13
_IN_EVERY_CALL: Final = frozenset(
    {"aws:requestedregion", "aws:epochtime", "aws:useragent", "aws:userid"}
)


def how_to_give(key: str, asked: Asked) -> str:
    """Return the advice that names the option by which a key is given."""
    is_call, (kind, _, name) = isinstance(asked, Call), key.partition("/")
    advice = _OF_CALLS.get(key.lower()) if is_call else None
    advice = advice or _OF_ALL.get(key.lower())
    if advice is not None:
        return advice
    if is_call and name and kind.lower() in _TAGS_OF_CALLS:
        return _TAGS_OF_CALLS[kind.lower()].format(name=name, key=key)
    if key.lower() in _IN_EVERY_CALL:
        return f"give `--context {key}=VALUE`"
    return f"give `--context {key}=VALUE`, or `--context {key}=` if the call does not have it"
