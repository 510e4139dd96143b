"""What an incident proves without any policy: who called, which layer said no, what it leaves open.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.arn import parse_arn
from simulator.decision.verdict import Layer
from simulator.diagnosis.words import LAYER_NAMES
from simulator.incident.meanings import meaning_of
from simulator.incident.model import Kind
from simulator.request.principal import (
    AccountRoot,
    FederatedUser,
    PrincipalError,
    RoleSession,
    User,
    parse_principal,
    parse_unsigned,
    principal_arn,
)
from simulator.sts.operations import UNSIGNED, Operation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.incident.meanings import Meaning
    from simulator.incident.model import Incident, Reason
    from simulator.request.principal import Signed


class Proof(NamedTuple):
    """What is known from an incident alone, and what is not.

    `meaning` explains AWS's error, if it is none of those that say who is not authorized.
    """

    meaning: Meaning | None
    known: tuple[str, ...]
    unknown: tuple[str, ...]


def proof_of(incident: Incident) -> Proof:
    """Return what an incident proves."""
    meaning = refusal_meaning(incident)
    denied = hangs_on_policies(incident)
    known = (
        *_caller(incident),
        *(_accounts(incident) if denied else ()),
        *(_reason(incident) if denied else ()),
        *(_of_role(incident) if denied else ()),
    )
    return Proof(meaning, known, tuple(_unknown(incident)) if denied else ())


def hangs_on_policies(incident: Incident) -> bool:
    """Whether policies led to it, as far as AWS's error tells."""
    return incident.is_denial and refusal_meaning(incident) is None


def may_be_decided(incident: Incident) -> bool:
    """Whether deciding it anew can come to what AWS said: by policies, or by a rule of STS."""
    meaning = refusal_meaning(incident)
    by_rule = meaning is not None and meaning.code is not None and incident.whole
    return by_rule or incident.kind is Kind.ENCODED or hangs_on_policies(incident)


def refusal_meaning(incident: Incident) -> Meaning | None:
    """Return what an error means that STS gives whatever the policies say."""
    found = meaning_of(incident.message, incident.code, by_sts=incident.may_be_of_sts)
    is_text = found is not None and found.text
    return found if is_text or not incident.is_denial else None


def principal_of(incident: Incident) -> Signed | None:
    """Return the caller as a principal of an account, if it is told as one."""
    try:
        return parse_principal(incident.caller or "")
    except PrincipalError:
        return None


_HOW: Final = {
    True: ", with a session made with MFA",
    False: ", with a session made without MFA",
    None: "",
}
_WITH: Final = {
    "long_term": ", with long-term access keys, which carry no MFA",
    "session": ", with a session",
}


def _caller(incident: Incident) -> Iterator[str]:
    principal = principal_of(incident)
    match principal:
        case User(arn=arn):
            how = _HOW[incident.mfa] or _WITH.get(incident.credentials or "", "")
            yield f"the caller is the user `{arn.name}` of the account `{arn.account}`{how}"
        case RoleSession(arn=arn):
            yield (
                f"the caller is a session of the role `{principal.role_name}` of the account"
                f" `{arn.account}`: what counts is that role, not who assumed it, and the session"
                " carries no MFA, whatever it was made with"  # CTX-41
            )
        case AccountRoot(arn=arn):
            yield f"the caller is the root user of the account `{arn.account}`"
        case FederatedUser(arn=arn):
            yield (
                f"the caller is the federated user `{arn.name}` of the account `{arn.account}`: it"
                " can do at most what the user can who called GetFederationToken"
            )
        case None:
            yield from _other_caller(incident)


def _other_caller(incident: Incident) -> Iterator[str]:
    subject = incident.claims.get("sub")
    if subject is not None:
        yield f"the caller presents a token of `{incident.claims['iss']}` for `{subject}`"
    elif incident.caller and parse_unsigned(incident.caller):
        yield f"the caller is `{incident.caller}`"
    elif incident.provider is not None:
        yield f"the caller presents an assertion of the provider `{incident.provider}`"
    elif incident.assumes in UNSIGNED:
        yield "the call is signed by nobody: the token or the assertion says who calls"
    elif incident.caller_account is not None:
        yield f"the caller is of the account `{incident.caller_account}`"


def _accounts(incident: Incident) -> Iterator[str]:
    """Yield how caller and resource stand to each other."""
    principal, owner = principal_of(incident), _owner(incident)
    if principal is None or owner is None:
        return
    account = principal.arn.account
    what = "role" if incident.assumes else "resource"
    if owner != account:
        yield (  # EVAL-30x
            f"the {what} is in another account, `{owner}`: its own policy there and the caller's"
            f" policies in `{account}` must both allow, and neither account can mend the other's"
        )
    elif incident.assumes:
        yield (  # EVAL-17, EVAL-20
            f"the role is in the caller's account, `{owner}`: its trust policy must allow it"
        )


def _owner(incident: Incident) -> str | None:
    arn = parse_arn(incident.role or incident.resource or "")
    return arn.account or None if arn else None


def _reason(incident: Incident) -> Iterator[str]:
    reason = incident.reason
    if reason is not None:
        yield from _told_reason(incident, reason)
    elif incident.explicit is not None:
        yield (
            "a statement denies it: the statements below"
            if incident.explicit
            else "no statement denies it: nothing that has to allow it does"
        )
    elif incident.assumes in UNSIGNED:
        yield (  # ERR-50, ERR-55
            "nobody's permissions count but the trust policy's, and RCPs: it does not admit the"
            " token or the assertion as it is, its provider, its audience, its subject, or it does"
            " not allow the tags or the source identity in it"
        )
    elif incident.assumes:
        yield (  # ERR-18
            "STS does not say which policy stands in the way: trust policy, identity-based policy,"
            " permissions boundary, session policy, SCP and RCP all lead to this one text"
        )


def _told_reason(incident: Incident, reason: Reason) -> Iterator[str]:
    if reason.layer is None:
        yield "a statement denies it, and AWS does not say in which policy"
        return
    name, whose = LAYER_NAMES[reason.layer], _whose(incident, reason.layer)
    if reason.explicit:
        which = f", `{reason.policy}`" if reason.policy else ""
        yield f"a statement of {_article(name)} {name} denies it{which}{whose}"  # ERR-11, ERR-15
        if reason.layer is Layer.SCP and reason.policy is None:
            yield (  # ERR-13
                "with some services this text also comes where no service control policy allows it"
            )
    else:
        yield f"no {name} allows it{whose}"  # ERR-12
    if reason.through is not None:  # ERR-16
        yield f"the service that calls on the caller's behalf met a {LAYER_NAMES[reason.through]}"
    yield "other policies may stand in the way too: AWS names one layer only"  # ERR-14


def _article(name: str) -> str:
    return "an" if name[0] in "aei" else "a"


_CALLERS: Final = frozenset({Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION})


def _whose(incident: Incident, layer: Layer) -> str:
    """Return who has to change the policies of a layer."""
    principal, owner = principal_of(incident), _owner(incident)
    own = principal.arn.account if principal is not None else None
    match layer:
        case Layer.SESSION:
            return ": it was passed when the caller's session was made, by whoever made it"
        case Layer.SCP:
            return (
                ": it is attached in the caller's organization, whose administrator can change it"
            )
        case Layer.RCP:
            return (
                ": it is attached in the resource's organization, whose administrator can change it"
            )
        case Layer.ENDPOINT:
            return ": it belongs to the VPC endpoint through which the call went"
        case _ if layer in _CALLERS:
            return f": this is for the account `{own}` to change" if own else ""
        case _:
            return f": this is for the account `{owner}` to change" if owner else ""


#: What a call does that needs an action beside, and how a session does so by itself.
_NEEDS: Final[Mapping[str | None, tuple[str, str]]] = {
    "sts:TagSession": ("passes session tags", "hands some on"),  # STS-51
    "sts:SetSourceIdentity": ("sets a source identity", "has one"),  # STS-52
}


def _companion(incident: Incident) -> Iterator[str]:
    """Yield what needs an action beside that of assuming the role, and who has to allow it."""
    if incident.action not in _NEEDS:
        return
    what, by_itself = _NEEDS[incident.action]
    principal = principal_of(incident)
    if isinstance(principal, RoleSession):
        what += f", or the caller's session {by_itself}"
    also = ""
    if principal is not None:  # STS-50, STS-52, STS-53: as with sts:AssumeRole itself
        at_home = _owner(incident) == principal.arn.account
        where = ", where it does not name the caller," if at_home else ""
        also = f", and so has{where} the caller's own policy"
    # ERR-19a
    yield f"the call {what}: the trust policy has to allow `{incident.action}` as well{also}"


def _of_role(incident: Incident) -> Iterator[str]:
    if not incident.assumes:
        return
    arn = parse_arn(incident.role or "")
    yield from _companion(incident)
    if arn is not None and arn.kind != "role":
        yield f"`{arn}` is no role: roles have ARNs with `:role/`"
    elif arn is not None:
        yield (  # ERR-19
            "whether there is such a role is not proved: AWS answers the same where there is none"
        )
    principal = principal_of(incident)
    if arn is not None and isinstance(principal, RoleSession):
        own = principal_arn(principal)
        if (own.account, own.name) == (arn.account, arn.name):
            yield "the role assumes itself: since 2022 its trust policy has to name it"  # EVAL-26


#: What may be passed to STS, in people's words, and whether it was.
_PASSED: Final[Mapping[str, str]] = {
    "external_id": "external id",
    "role_session_name": "session name",
    "tags": "session tags",
    "source_identity": "source identity",
    "serial_number": "MFA code",
    "duration_seconds": "duration",
    "policy": "policies for the new session",
}


#: What is not known of the MFA of a user's credentials, by what is known of them.
_OPEN_MFA: Final[Mapping[str | None, tuple[str, ...]]] = {
    None: ("whether the credentials are access keys or a session made with MFA",),
    "session": ("whether the session was made with MFA",),
    "long_term": (),
}


def _unknown(incident: Incident) -> Iterator[str]:
    """Yield what was perhaps passed, and nobody told."""
    operation = incident.assumes
    if operation is None or incident.whole:
        return
    if incident.role is None:
        yield "role"
    by_token = operation is not Operation.ASSUME_ROLE
    carried = {"external_id", "serial_number"} if by_token else set()
    for field, words in _PASSED.items():
        if field not in carried and getattr(incident.parameters, field) in (None, ()):
            yield words
    if isinstance(principal_of(incident), User) and incident.mfa is None:
        yield from _OPEN_MFA[incident.credentials]
