"""What a diagnosis says of any call of STS is so, and of any chain of them: its fixes fix.

A fix is carried out as people would: edits are written into the test file, a changed call is
written down with the parameters and the facts that it then has, and the file is read again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import given

from simulator.arn import parse_arn
from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer
from simulator.diagnosis.asked import outcome_of
from simulator.diagnosis.cause import Rank
from simulator.diagnosis.diagnose import diagnose
from simulator.diagnostic import Access
from simulator.federation.model import WebIdentity
from simulator.request.caller import Caller
from simulator.request.principal import AccountRoot, FederatedUser, RoleSession, principal_arn
from simulator.sts.parameters import Parameters
from simulator.syntax import apply_edits, by_text
from tests import sts_engine, sts_strategies

if TYPE_CHECKING:
    from simulator.diagnosis.cause import Remedy
    from simulator.diagnosis.fixes import Fix
    from simulator.sts.call import Call

Plain = dict[str, Any]
Drawn = tuple[Plain, Plain]

NOT_SAID: Parameters = Parameters()


def denied(file: Plain) -> tuple[Call, tuple[Fix, ...]] | None:
    """Return the call with which a test ends and its fixes, nothing where the call succeeds."""
    call, answer = sts_engine.links(file)[-1]
    if answer.outcome is Outcome.ALLOWED:
        return None
    return call, diagnose(call, answer).fixes


def carried_out(file: Plain, call: Call, fix: Fix) -> Plain:
    """Return the test file after a fix, up to the call that failed."""
    number = len(sts_engine.links(file)) - 1
    edits = (edit.in_file() for remedy in fix.remedies for edit in remedy.edits)
    for (name, text), changes in by_text(edits).items():
        assert name == sts_engine.NAME
        file = json.loads(apply_edits(text, changes))
    file = json.loads(json.dumps(file))
    for remedy in fix.remedies:
        attach(file, call, remedy)
    made = call
    for remedy in fix.remedies:
        if remedy.changed is not None:
            changed = remedy.changed(made)
            assert isinstance(changed, type(call))
            made = changed
    write(file, number, call, made)
    return file


def attach(file: Plain, call: Call, remedy: Remedy) -> None:
    """Write a new policy where it is to be attached."""
    if remedy.attached is None:
        return
    document = json.loads(remedy.attached.text)
    if remedy.attached_to is Layer.IDENTITY:
        entity(file, str(holder(call))).setdefault("policies", []).append(document)
    elif remedy.attached_to is Layer.TRUST:
        entity(file, call.parameters.role_arn)["trust_policy"] = document
    else:
        assert remedy.attached_to is Layer.SESSION
        test = file["tests"][0]
        said = test["caller"] if isinstance(test["caller"], dict) else {"arn": test["caller"]}
        test["caller"] = {**said, "session_policies": [document]}


def holder(call: Call) -> str:
    """Return the ARN of the user or role whose policies are the caller's."""
    assert isinstance(call.caller, Caller)
    principal = call.caller.principal
    if isinstance(principal, RoleSession) and principal.role is not None:
        return str(principal.role)
    return str(principal_arn(principal))


def entity(file: Plain, arn: str) -> Plain:
    """Return what a file says of a user or a role."""
    found = parse_arn(arn)
    assert found is not None
    return file["accounts"][found.account][f"{found.kind}s"][found.name]  # type: ignore[no-any-return]


def write(file: Plain, number: int, call: Call, made: Call) -> None:
    """Write a changed call in the place of a call, which is the last of a test."""
    test = file["tests"][0]
    hops = test.get("chain")
    hop = test if hops is None else hops[number]
    if hops is not None:
        del hops[number + 1 :]
    write_parameters(hop, made)
    write_context(test, hop, call, made)
    if isinstance(made.identity, WebIdentity) and made.identity != call.identity:
        hop["web_identity"]["claims"] = written_claims(made.identity)
    write_provider(file, call, made)
    if made.role is not None and made.role != call.role:
        maximum = made.role.max_session_duration
        entity(file, str(made.role.arn))["max_session_duration"] = maximum
    if made.regions != call.regions:
        assert isinstance(made.caller, Caller)
        account = made.caller.principal.arn.account
        file["accounts"][account]["regions"] = sorted(made.regions or ())
    if made.caller != call.caller:
        write_caller(file, hop, call, made)


def written_claims(identity: WebIdentity) -> Plain:
    return {k: v if isinstance(v, str) else list(v) for k, v in identity.claims.items()}


def write_parameters(hop: Plain, made: Call) -> None:
    """Write what is passed with a call."""
    # What a token or an assertion carries is not passed.
    own = made.parameters if made.identity is None else made.passed
    assert own is not None
    passed = own._asdict()
    role, name = passed.pop("role_arn"), passed["role_session_name"]
    if role:
        hop["assume_role"] = role
    said = {key: value for key, value in passed.items() if value != NOT_SAID._asdict()[key]}
    if name is None and "saml" in hop and "role_session_name" in hop.get("with", {}):
        said["role_session_name"] = hop["with"]["role_session_name"]
    if "tags" in said:
        said["tags"] = dict(said["tags"])
    if "policy" in said:
        said["policy"] = hop["with"]["policy"]
    if said.get("provided_contexts") is not None:
        said["provided_contexts"] = [
            {"provider_arn": provider, "context_assertion": assertion}
            for provider, assertion in said["provided_contexts"]
        ]
    hop["with"] = {k: list(v) if isinstance(v, tuple) else v for k, v in said.items()}


def write_context(test: Plain, hop: Plain, call: Call, made: Call) -> None:
    """Write the keys that a changed call has otherwise, and no more those it has no more."""
    before = {key.lower(): value for key, value in call.context.items()}
    after = {key.lower(): (key, value) for key, value in made.context.items()}
    for said in (test, hop):
        kept = said.get("context", {}).items()
        said["context"] = {key: value for key, value in kept if key.lower() in after}
    for key, (name, value) in after.items():
        if key not in before or before[key] != value:
            kept = hop["context"].items()
            hop["context"] = {k: v for k, v in kept if k.lower() != key}
            hop["context"][name] = list(value) if isinstance(value, tuple) else value


def write_provider(file: Plain, call: Call, made: Call) -> None:
    if made.provider != call.provider:
        assert isinstance(made.identity, WebIdentity)
        arn, ids = parse_arn(made.parameters.role_arn), sorted(made.provider.client_ids or ())
        assert arn is not None
        providers = file["accounts"][arn.account]["oidc_providers"]
        providers[made.identity.issuer] = {"client_ids": ids}


def write_caller(file: Plain, hop: Plain, call: Call, made: Call) -> None:
    """Write that a user makes the call; one whom nobody knows has the policies of who made it."""
    test = file["tests"][0]
    assert isinstance(made.caller, Caller)
    arn = made.caller.principal.arn
    users = file["accounts"][arn.account].setdefault("users", {})
    if arn.name not in users:
        users[arn.name] = policies_of(file, call)
    asked: Plain = {key: hop[key] for key in ("assume_role", "call", "with") if key in hop}
    asked["context"] = {**test["context"], **hop["context"]}
    kept = {"name": test["name"], "expect": test["expect"]}
    file["tests"][0] = {**kept, **asked, "caller": str(arn)}


def policies_of(file: Plain, call: Call) -> Plain:
    """Return what a file says of the policies of whoever calls; it may say nothing."""
    if isinstance(call.principal, (AccountRoot, FederatedUser)):
        return {}
    kept = ("policies", "permissions_boundary", "tags")
    return {key: value for key, value in entity(file, holder(call)).items() if key in kept}


def telling(file: Plain, fix: Fix, after: Plain | None = None) -> str:
    return f"{fix.title}\n{json.dumps(file, indent=1)}\n{json.dumps(after)}"


@given(sts_strategies.files())
def test_f04_every_fix_carried_out_lets_the_call_succeed(drawn: Drawn) -> None:
    file, _ = drawn
    found = denied(file)
    if found is None:
        return
    call, fixes = found
    for fix in fixes:
        after = carried_out(file, call, fix)
        answer = sts_engine.links(after)[-1].answer
        assert answer.outcome is Outcome.ALLOWED, telling(file, fix, after)
        assert outcome_of(fix.asked) is Outcome.ALLOWED


@given(sts_strategies.files())
def test_f05_the_fixes_stand_in_order_and_each_once(drawn: Drawn) -> None:
    file, _ = drawn
    found = denied(file)
    if found is None:
        return
    _, fixes = found
    titles = [fix.title for fix in fixes]
    assert len(titles) == len(set(titles)), json.dumps(file)
    degrees = tuple(Access)
    order = [(fix.rank is Rank.UNGUARDED, degrees.index(fix.access)) for fix in fixes]
    assert order == sorted(order), titles
    if any(fix.rank is Rank.UNGUARDED for fix in fixes):
        assert all(fix.rank in (Rank.ELSEWHERE, Rank.UNGUARDED) for fix in fixes), titles
