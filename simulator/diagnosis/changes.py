"""Changes of a request that would make a condition test come out differently."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.catalog import keys
from simulator.diagnosis.words import describe
from simulator.matcher.conditions import compile_test
from simulator.matcher.samples import as_value, fill_in, instances, samples
from simulator.request.principal import User
from simulator.sts.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulator.evaluation.evaluate import Evaluation
    from simulator.matcher.statement import StatementMatch
    from simulator.policy.model import ConditionTest
    from simulator.request.context import RequestContext, Value
    from simulator.sts.call import Call


class Change(NamedTuple):
    """A change of the request: what is so afterwards, as a fact and as what to do.

    `is_parameter` tells what the caller decides by the call itself from what is a fact about it.
    """

    key: str
    fact: str
    title: str
    applied: Callable[[Call], Call]
    is_parameter: bool = True


# The condition keys that a parameter of the call sets.
_PARAMETERS = {
    keys.EXTERNAL_ID: ("external_id", "--external-id"),
    keys.SESSION_NAME: ("role_session_name", "--role-session-name"),
    keys.SOURCE_IDENTITY: ("source_identity", "--source-identity"),
}
_REQUEST_TAG = "aws:requesttag/"
# What the caller and the role are cannot be wished otherwise.
_FIXED = frozenset(
    {
        "aws:principalarn",
        "aws:principalaccount",
        "aws:principaltype",
        "aws:username",
        "aws:userid",
        "aws:resourceaccount",
        "aws:principalisawsservice",
        "aws:viaawsservice",
    }
)
_SET_BY_CODE = (keys.MFA_PRESENT, keys.MFA_AGE)
_SAMPLE_CODE = "123456"  # any six digits are right: nobody can check a code offline


def changes(
    call: Call, evaluation: Evaluation, match: StatementMatch, test: ConditionTest, *, holds: bool
) -> Iterator[Change]:
    """Yield changes of the request after which a test of a statement holds, or does not hold."""
    key, variables = test.key.lower(), match.statement.variables
    if key in _FIXED:
        return
    context, asks = evaluation.request.context, compile_test(test, variables=variables)
    fact = describe(fill_in(test, context, variables=variables), holds=holds)

    def fitting(texts: list[str]) -> list[Change]:
        candidates: list[Value] = [*(as_value(test, text) for text in texts), None]
        found = (
            _change(call, test, value, fact)
            for value in candidates
            if asks(context.having({key: value})) is holds and not _has(context, key, value)
        )
        return [change for change in found if change is not None]

    # What the policy itself names comes first; a made-up value only where that does not do.
    named = fitting(instances(test, context, variables=variables))
    yield from named or fitting(samples(test, context, variables=variables))


def _has(context: RequestContext, key: str, value: Value) -> bool:
    """Whether a key is known to have a value already."""
    return context.values(key) is not None and context.known.get(key) == value


def _change(call: Call, test: ConditionTest, value: Value, fact: str) -> Change | None:
    key = test.key.lower()
    if key in _SET_BY_CODE:
        return _with_mfa(call, key, value, fact)
    if key in _PARAMETERS:
        return _with_parameter(key, value, fact)
    if key.startswith(_REQUEST_TAG):
        return _with_tag(test.key[len(_REQUEST_TAG) :], key, value, fact)
    title = f"make the call with {fact}"
    return Change(key, fact, title, lambda c: _with_context(c, key, value), is_parameter=False)


def mfa_device(call: Call) -> str | None:
    """Return the ARN under which a user's virtual MFA device is usually found."""
    principal = call.caller.principal
    if not isinstance(principal, User):
        return None  # CTX-42
    return f"arn:{principal.arn.partition}:iam::{principal.arn.account}:mfa/{principal.arn.name}"


def _with_mfa(call: Call, key: str, value: Value, fact: str) -> Change | None:
    device = mfa_device(call)
    if device is None or call.parameters.serial_number or not value:
        return None
    if key == keys.MFA_PRESENT and value != "true":
        return None

    title = "pass an MFA code with the call"
    return Change(key, fact, title, lambda call: with_code(call, device))


def with_code(call: Call, device: str) -> Call:
    """Return the call with a code of an MFA device passed along, which outdoes what was given."""
    parameters = call.parameters._replace(serial_number=device, token_code=_SAMPLE_CODE)
    return _without(call, _SET_BY_CODE)._replace(parameters=parameters)


def _without(call: Call, dropped: tuple[str, ...]) -> Call:
    """Return the call without what was given of some keys, which would win over its parameters."""
    kept = {k: v for k, v in call.context.items() if k.lower() not in dropped}
    return call._replace(context=kept)


def _with_parameter(key: str, value: Value, fact: str) -> Change:
    field, option = _PARAMETERS[key]
    title = f"pass `{option} {value}`" if value else f"leave out `{option}`"

    def applied(call: Call) -> Call:
        parameters = Parameters(**{**call.parameters._asdict(), field: value})
        return _without(call, (key,))._replace(parameters=parameters)

    return Change(key, fact, title, applied)


def _with_tag(tag: str, key: str, value: Value, fact: str) -> Change:
    title = (
        f"pass the tag `{tag}={value}`" if isinstance(value, str) else f"leave out the tag `{tag}`"
    )

    def applied(call: Call) -> Call:
        kept = tuple(t for t in call.parameters.tags if t[0].lower() != tag.lower())
        tags = (*kept, (tag, value)) if isinstance(value, str) else kept
        return _without(call, (key,))._replace(parameters=call.parameters._replace(tags=tags))

    return Change(key, fact, title, applied)


def _with_context(call: Call, key: str, value: Value) -> Call:
    return call._replace(context={**_without(call, (key,)).context, key: value})
