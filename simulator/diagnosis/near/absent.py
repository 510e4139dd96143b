"""Why a request does not have a condition key, and whether such a caller can ever have it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.catalog import keys
from simulator.catalog.condition_keys import find_key
from simulator.catalog.global_keys import Presence
from simulator.federation.keys import not_condition_keys
from simulator.federation.model import WebIdentity
from simulator.request.principal import Federated, ServicePrincipal
from simulator.sts.call import Call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.diagnosis.asked import Asked

_ENDPOINT: Final = "only what comes through a VPC endpoint has the key"  # CTX-11
#: By the requests that have a key (`Presence`): why this one does not.
_BY_PRESENCE: Final[Mapping[str, str]] = {
    Presence.USER: "only IAM users have a name: no session of a role ever has the key",
    Presence.SERVICE: "only AWS services that call by their own name send the key",
    Presence.TEMPORARY: "only temporary credentials have the key: access keys of a user never",
    Presence.ORGANIZATION: "the caller's account is in no organization",  # CTX-3
    Presence.PRINCIPAL_TAGS: "the caller has no such tag",  # CTX-7
    Presence.RESOURCE_TAGS: "the role or resource has no such tag",  # CTX-16
    Presence.RESOURCE_ORGANIZATION: "the account of the resource is in no organization",
    Presence.TAGS: "no such tag is passed with the call",  # CTX-17
    Presence.FEDERATION: "only a session that began with a token has the key",  # CTX-23
    Presence.SOURCE_IDENTITY: "the caller's session has no source identity",  # CTX-20
    Presence.CREDENTIALS: "only credentials that this service has delivered to"
    " an instance, a function or a job have the key",  # CTX-28
    Presence.IDENTITY_CENTER: "only users of IAM Identity Center have the key",
    Presence.ASSUMED_ROOT: "only sessions of AssumeRoot have the key",  # CTX-27
    Presence.FORWARDED: "only a call that an AWS service makes for the"
    " caller has the key",  # CTX-14
    Presence.ENDPOINT: _ENDPOINT,
    Presence.ENDPOINT_ORGANIZATION: _ENDPOINT,
    Presence.MFA: "only temporary credentials and calls with an MFA code have the key",  # CTX-8
    Presence.MFA_USED: "only who has used MFA has the key",  # CTX-9
    Presence.PUBLIC: "what comes through a VPC endpoint has no public address",  # CTX-11
    Presence.ASSERTION: "only an assertion brings the key",
}
_BY_KEY: Final[Mapping[str, str]] = {
    keys.SOURCE_IDENTITY: "no source identity is passed with the call, and none was set before",
    "sts:transitivetagkeys": "no tag is passed on to later sessions",  # CTX-21
}
_RESOURCE_TAG: Final = "iam:resourcetag/"


#: What of the same is so of callers without an account.
_BY_CALLER: Final[Mapping[type, Mapping[str, str]]] = {
    ServicePrincipal: {
        Presence.SERVICE: "not every service sends it, and not with every call: see the page of"
        " this one on confused deputies",  # EVAL-71
        Presence.ORGANIZATION: "a service is in no organization: `aws:SourceOrgID` is that on whose"
        " behalf it calls",
        Presence.PRINCIPAL_TAGS: "a service has no tags",
    },
    Federated: {
        Presence.ORGANIZATION: "whoever comes with a token or an assertion is in no organization",
        Presence.PRINCIPAL_TAGS: "whoever comes with a token or an assertion has no tags yet, only"
        " `aws:RequestTag/…`",
    },
}


def why_absent(key: str, asked: Asked) -> str | None:
    """Return why a request does not have a key, if that is known."""
    wanted, found = key.lower(), find_key(key)
    if isinstance(asked, Call) and isinstance(asked.identity, WebIdentity):
        told = _in_token(key, asked.identity)
        if told is not None:
            return told
    if found is None:
        return None
    if wanted.startswith(_RESOURCE_TAG):
        return _BY_PRESENCE[Presence.RESOURCE_TAGS]
    of_kind = _BY_CALLER.get(type(asked.principal), {}).get(found.presence)
    return of_kind or _BY_KEY.get(wanted) or _BY_PRESENCE.get(found.presence)


def _in_token(key: str, identity: WebIdentity) -> str | None:
    """Return why a token does not bring a key."""
    issuer, _, claim = key.rpartition(":")
    if not issuer:
        return f"the name of a key begins with its issuer: `{identity.issuer}:{claim}`"
    if issuer.lower() in ("aws", "sts", "iam", "saml"):
        return None
    if issuer.lower() != identity.issuer.lower():
        return (
            f"the keys of this token begin with `{identity.issuer}:`, and these with another issuer"
        )
    if key.lower() in map(str.lower, not_condition_keys(identity)):
        return "the token has this claim, but AWS makes no condition key of it"  # SUR-45
    return "the token does not have this claim"
