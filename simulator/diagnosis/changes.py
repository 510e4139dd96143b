"""Changes of a request that would make a condition test come out differently."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from simulator.arn import ACCOUNT_ID
from simulator.catalog import keys
from simulator.catalog.regions import is_region_code
from simulator.diagnosis.asked import Asked, Change, of_call, of_question
from simulator.diagnosis.possible import can_have, is_given_by_aws
from simulator.diagnosis.words import describe
from simulator.federation.model import WebIdentity
from simulator.matcher.conditions import compile_test
from simulator.matcher.samples import as_value, fill_in, instances, samples
from simulator.request.caller import Caller, Credentials
from simulator.request.context import Several
from simulator.request.principal import User, account_of
from simulator.sts.call import Call
from simulator.sts.parameters import TAKES, Parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.evaluation.evaluate import Evaluation
    from simulator.matcher.statement import StatementMatch
    from simulator.policy.model import ConditionTest
    from simulator.request.context import RequestContext, Value
    from simulator.request.principal import Principal
    from simulator.simulate import Question


class FactChange(NamedTuple):
    """A change of the request: what is so afterwards, as a fact and as what to do.

    `is_parameter` tells what one decides by how one asks from what is a fact about the request.
    """

    key: str
    fact: str
    title: str
    applied: Change
    is_parameter: bool = True
    commands: tuple[str, ...] = ()


#: The condition keys that a parameter of the call sets.
PARAMETERS = {
    keys.EXTERNAL_ID: ("external_id", "--external-id"),
    keys.SESSION_NAME: ("role_session_name", "--role-session-name"),
    keys.SOURCE_IDENTITY: ("source_identity", "--source-identity"),
}
_REQUEST_TAG = "aws:requesttag/"
_TAG_KEYS = "aws:tagkeys"
_TRANSITIVE = "sts:transitivetagkeys"
_OWNER = "aws:resourceaccount"
#: What the caller and the resource are cannot be wished otherwise.
FIXED = frozenset(
    {
        "aws:principalarn",
        "aws:principalaccount",
        "aws:principaltype",
        "aws:username",
        "aws:userid",
        _OWNER,
        "aws:principalisawsservice",
        "aws:principalservicename",
        "aws:viaawsservice",
    }
)
# What is so of caller, resource or time, however one asks.
_FACTS = ("aws:principal", "aws:resource", "aws:source", "aws:federated", "aws:token", "aws:vpce")
_TIMES = frozenset({"aws:currenttime", "aws:epochtime"})
#: The keys that tell from which network a request comes.
NETWORKS = frozenset(
    {
        "aws:sourceip",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:sourcevpcarn",
    }
)
_SET_BY_CODE = (keys.MFA_PRESENT, keys.MFA_AGE)
_BY_CALL = frozenset({*PARAMETERS, *_SET_BY_CODE})
# What one asks an identity pool for, and not its issuer.
_COGNITO = "cognito-identity.amazonaws.com"
_ANY_VALUE = "any-value"
_SAMPLE_CODE = "123456"  # any six digits are right: nobody can check a code offline


def changes(
    asked: Asked, evaluation: Evaluation, match: StatementMatch, test: ConditionTest, *, holds: bool
) -> Iterator[FactChange]:
    """Yield changes of the request after which a test of a statement holds, or does not hold."""
    key, variables = test.key.lower(), match.statement.variables
    if key in FIXED and not (key == _OWNER and evaluation.request.owner is None):
        return
    context, asks = evaluation.request.context, compile_test(test, variables=variables)
    fact = describe(fill_in(test, context, variables=variables), holds=holds)

    if key == _TAG_KEYS and isinstance(asked, Call):
        yield from _passing_tags(asked, context, match, test, holds=holds)
        return

    possible = key in _BY_CALL or key.startswith(_REQUEST_TAG) or can_have(asked, key)

    def fitting(texts: list[str]) -> list[FactChange]:
        values = [as_value(test, text) for text in texts] if possible else []
        candidates: list[Value] = [*values, None]
        found = (
            change_of(asked, test.key, value, fact)
            for value in candidates
            if asks(context.having({key: value})) is holds and not _has(context, key, value)
        )
        return [change for change in found if change is not None]

    # What the policy itself names comes first; a made-up value only where that does not do.
    named = fitting(instances(test, context, variables=variables))
    yield from named or fitting(samples(test, context, variables=variables))


def _passing_tags(
    call: Call,
    context: RequestContext,
    match: StatementMatch,
    test: ConditionTest,
    *,
    holds: bool,
) -> Iterator[FactChange]:
    """Yield each tag with which a test on the keys of all tags comes out so, and its like hold."""
    if "tags" not in TAKES[call.operation]:
        return
    statement = match.statement
    alike = [t for t in statement.conditions if t.key.lower() == _TAG_KEYS]
    names = dict.fromkeys(
        text for t in alike if t.operator != "Null" for text in t.values.items if _is_plain(text)
    )
    passed = tuple(name for name, _ in call.parameters.tags)
    for name in names:
        tagged = context.having({_TAG_KEYS: Several((*passed, name))})
        tests = [t for t in alike if t is not test] if holds else []
        if compile_test(test, variables=statement.variables)(tagged) is holds and all(
            compile_test(each, variables=statement.variables)(tagged) for each in tests
        ):
            key = f"{_REQUEST_TAG}{name.lower()}"
            wanted = (t.values.items for t in statement.conditions if t.key.lower() == key)
            plain = (text for items in wanted for text in items if _is_plain(text))
            yield _with_tag(name, key, next(plain, _ANY_VALUE), f"aws:TagKeys = {name}")


def _is_plain(text: str) -> bool:
    return text not in ("true", "false") and not set("*?$") & set(text)


def own_resource(asked: Asked, evaluation: Evaluation) -> Iterator[FactChange]:
    """Yield that the resource is in the caller's account, where nobody said whose it is."""
    account = account_of(evaluation.request.principal)
    if evaluation.request.same_account is None and account is not None and not _is_call(asked):
        yield owned(account, f"aws:ResourceAccount = {account}", "the caller's account")


def owned(account: str, fact: str, whose: str) -> FactChange:
    """Return the change after which an account owns the resource of a request."""
    title = f"give `--resource-account {account}`, if the resource is in {whose}"
    owned = of_question(lambda question: question._replace(owner=account))
    return FactChange(_OWNER, fact, title, owned)


def _is_call(asked: Asked) -> bool:
    return isinstance(asked, Call)


def _has(context: RequestContext, key: str, value: Value) -> bool:
    """Whether a key is known to have a value already."""
    return context.values(key) is not None and context.known.get(key) == value


def change_of(asked: Asked, written: str, value: Value, fact: str) -> FactChange | None:
    """Return the change after which a key, as a policy writes it, has a value or is absent."""
    key = written.lower()
    if key in _SET_BY_CODE:
        return _with_mfa(asked, key, value, fact)
    if isinstance(asked, Call):
        if key in PARAMETERS:
            is_taken = PARAMETERS[key][0] in TAKES[asked.operation]
            changed = _with_parameter(key, value, fact) if is_taken or value is None else None
            return changed and changed._replace(is_parameter=is_taken)
        # What a token or an assertion carries is not passed (STS-64).
        is_taken = "tags" in TAKES[asked.operation]
        if key == _TRANSITIVE:
            return _handing_on(key, value, fact)._replace(is_parameter=is_taken)
        if key.startswith(_REQUEST_TAG):
            tag = written[len(_REQUEST_TAG) :]
            return _with_tag(tag, key, value, fact)._replace(is_parameter=is_taken)
        if key == keys.REQUESTED_REGION and _is_region(value):
            return in_region(value, fact)
        if _is_audience(asked, key) and isinstance(value, str):
            return _with_audience(key, value, fact)
        change = _with_fact(key, value, f"make the call with `{fact}`", fact)
        return change._replace(is_parameter=key in NETWORKS)
    if key == _OWNER:
        return owned(value, fact, "that account") if _is_account(value) else None
    change = _with_fact(key, value, f"make the request with `{fact}`", fact)
    return change._replace(is_parameter=_is_wish(key))


def _is_region(value: Value) -> TypeGuard[str]:
    return isinstance(value, str) and is_region_code(value)


def in_region(region: str, fact: str) -> FactChange:
    """Return the change after which a call of STS goes to a Region."""
    key, title = keys.REQUESTED_REGION, f"call STS in the Region `{region}`"
    applied = _with_fact(key, region, title, fact).applied
    return FactChange(key, fact, title, applied, commands=(f"export AWS_REGION={region}",))


def _is_audience(call: Call, key: str) -> bool:
    """Whether a key tells for whom the call's token is, which one asks of its issuer."""
    identity = call.identity
    if not isinstance(identity, WebIdentity) or identity.issuer == _COGNITO:
        return False
    return key == f"{identity.issuer}:aud".lower()


def _with_audience(key: str, value: str, fact: str) -> FactChange:
    """Return the change to a token that the issuer made for another audience."""  # STS-62

    def applied(call: Call) -> Call:
        if not isinstance(call.identity, WebIdentity):
            return call
        return call._replace(identity=for_audience(call.identity, value))

    title = f"ask the issuer for a token with the audience `{value}`"
    return FactChange(key, fact, title, of_call(applied))


def for_audience(identity: WebIdentity, wanted: str) -> WebIdentity:
    """Return a token that is for somebody else."""
    claims = {name: value for name, value in identity.claims.items() if name != "azp"}
    return identity._replace(claims={**claims, "aud": wanted})


def _is_account(value: Value) -> TypeGuard[str]:
    return isinstance(value, str) and ACCOUNT_ID.fullmatch(value) is not None


def _is_wish(key: str) -> bool:
    """Whether a key of a request is a matter of how one asks, and not of who asks for what."""
    of_resource = "resourcetag/" in key or key.startswith("s3:existingobjecttag/")
    is_fact = key.startswith(_FACTS) or of_resource or key in _TIMES
    return key in NETWORKS or not (is_fact or is_given_by_aws(key))


def mfa_device(principal: Principal) -> str | None:
    """Return the ARN under which a user's virtual MFA device is usually found."""
    if not isinstance(principal, User):
        return None  # CTX-42
    return f"arn:{principal.arn.partition}:iam::{principal.arn.account}:mfa/{principal.arn.name}"


def _with_mfa(asked: Asked, key: str, value: Value, fact: str) -> FactChange | None:
    device = mfa_device(asked.caller.principal) if isinstance(asked.caller, Caller) else None
    if device is None or not isinstance(value, str):
        return None
    if key == keys.MFA_PRESENT and value != "true":
        return None
    if not isinstance(asked, Call):
        return _with_session(key, value, fact, device)
    if asked.parameters.serial_number:
        return None
    title = "pass an MFA code with the call"
    return FactChange(key, fact, title, of_call(lambda call: with_code(call, device)))


def _with_session(key: str, value: str, fact: str, device: str) -> FactChange:
    """Return the change to credentials that `get-session-token` made with a code."""  # CTX-8
    seconds = value.partition(".")[0] if key == keys.MFA_AGE else "0"

    def applied(question: Question) -> Question:
        question = question._replace(context=without(question, _SET_BY_CODE))
        if not isinstance(question.caller, Caller) or not seconds.isdigit():
            return question
        caller = question.caller._replace(
            credentials=Credentials.SESSION_TOKEN_WITH_MFA, mfa_age_seconds=int(seconds)
        )
        return question._replace(caller=caller)

    title = "ask with a session that was made with an MFA code"
    command = f"aws sts get-session-token --serial-number {device} --token-code <code>"
    return FactChange(key, fact, title, of_question(applied), commands=(command,))


def with_code(call: Call, device: str) -> Call:
    """Return the call with a code of an MFA device passed along, which outdoes what was given."""
    parameters = call.parameters._replace(serial_number=device, token_code=_SAMPLE_CODE)
    return call._replace(context=without(call, _SET_BY_CODE), parameters=parameters)


def without(asked: Asked, dropped: tuple[str, ...]) -> dict[str, Value]:
    """Return what was given but some keys, which would win over what is asked otherwise."""
    return {k: v for k, v in asked.context.items() if k.lower() not in dropped}


def _with_parameter(key: str, value: Value, fact: str) -> FactChange:
    field, option = PARAMETERS[key]
    title = f"pass `{option} {value}`" if value else f"leave out `{option}`"

    def applied(call: Call) -> Call:
        parameters = Parameters(**{**call.parameters._asdict(), field: value})
        return call._replace(context=without(call, (key,)), parameters=parameters)

    return FactChange(key, fact, title, of_call(applied))


def _with_tag(tag: str, key: str, value: Value, fact: str) -> FactChange:
    title = (
        f"pass the tag `{tag}={value}`" if isinstance(value, str) else f"leave out the tag `{tag}`"
    )

    def applied(call: Call) -> Call:
        kept = tuple(t for t in call.parameters.tags if t[0].lower() != tag.lower())
        tags = (*kept, (tag, value)) if isinstance(value, str) else kept
        there = {name.lower() for name, _ in tags}
        handed_on = (k for k in call.parameters.transitive_tag_keys if k.lower() in there)
        parameters = call.parameters._replace(tags=tags, transitive_tag_keys=tuple(handed_on))
        return call._replace(context=without(call, (key,)), parameters=parameters)

    return FactChange(key, fact, title, of_call(applied))


def _handing_on(key: str, value: Value, fact: str) -> FactChange:
    """Return the change of the tags that the new session hands on."""
    tags = value if isinstance(value, tuple) else ()
    option = f"`--transitive-tag-keys {' '.join(tags)}`"
    title = f"pass {option}" if tags else "leave out `--transitive-tag-keys`"

    def applied(call: Call) -> Call:
        parameters = call.parameters._replace(transitive_tag_keys=tuple(tags))
        return call._replace(context=without(call, (key,)), parameters=parameters)

    return FactChange(key, fact, title, of_call(applied))


def _with_fact(key: str, value: Value, title: str, fact: str) -> FactChange:
    def applied(asked: Asked) -> Asked:
        return asked._replace(context={**without(asked, (key,)), key: value})

    return FactChange(key, fact, title, applied, is_parameter=False)
