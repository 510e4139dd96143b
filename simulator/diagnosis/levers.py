"""What can be otherwise about a request: facts that hang on how, when and whence it is asked.

A lever is a fact, or several that are only had together: whether there is MFA and how old it is,
the time in both of its keys, a tag of a role under both of its names, the organization of caller
and resource in one account. Who calls, and what the resource is called, can be no other.

The options of a lever are the values that make a difference (`differing.py`), and that there is
none, as far as such a request can have them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.catalog import keys
from simulator.diagnosis.asked import of_call, of_question
from simulator.diagnosis.changes import (
    FIXED,
    PARAMETERS,
    change_of,
    mfa_device,
    with_code,
    without,
)
from simulator.diagnosis.differing import ANY_TAG, REQUEST_TAG, TAG_KEYS, TRANSITIVE
from simulator.diagnosis.possible import can_have, is_always_there
from simulator.request.caller import Caller, Credentials
from simulator.request.principal import User
from simulator.sts.call import Call
from simulator.sts.operations import UNSIGNED
from simulator.sts.parameters import TAKES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from simulator.diagnosis.asked import Asked, Change
    from simulator.diagnosis.differing import Differing
    from simulator.request.context import RequestContext, Value
    from simulator.simulate import Question

_MFA = (keys.MFA_PRESENT, keys.MFA_AGE)
_TIME = ("aws:currenttime", "aws:epochtime")
_ORGANIZATION = ("aws:principalorgid", "aws:resourceorgid")
_RESOURCE_TAGS = ("aws:resourcetag/", "iam:resourcetag/")
_ENDPOINT = ("aws:sourcevpce", "aws:sourcevpc", "aws:sourcevpcarn", "aws:vpcsourceip")
_NOTHING = "no value"


class Lever(NamedTuple):
    """One thing that can be otherwise: its keys as policies write them, and ways to change it.

    The first option is as it is asked.
    """

    keys: tuple[str, ...]
    options: tuple[Change, ...]


def group_of(asked: Asked, key: str, *, same_account: bool) -> str:
    """Return the name of the lever by which a key, in lower case, is moved."""
    for together in (_MFA, _TIME, _ORGANIZATION):
        if key in together and (same_account or together is not _ORGANIZATION):
            return together[0]
    if isinstance(asked, Call) and key.startswith(_RESOURCE_TAGS):
        return _RESOURCE_TAGS[0] + key.partition("/")[2]
    return key


def beside(asked: Asked, key: str, groups: Iterable[str]) -> tuple[str, ...]:
    """Return the other levers on which a key depends, of those there are."""
    if isinstance(asked, Call) and key in (TAG_KEYS, TRANSITIVE):
        return tuple(group for group in groups if group.startswith(REQUEST_TAG))
    wanted = {
        "aws:sourceip": _ENDPOINT,
        "aws:viaawsservice": ("aws:calledvia",),
        "aws:tokenissuetime": (keys.MFA_PRESENT,),
    }.get(key, ())
    return tuple(group for group in groups if group in wanted)


def levers(
    asked: Asked, context: RequestContext, found: Differing, *, same_account: bool
) -> dict[str, Lever]:
    """Return what can be otherwise about what is asked, by the names of `group_of`.

    `found` are the values that make a difference.
    """
    names = {**{name.lower(): name for name in _passed(asked)}, **found.names}
    groups: dict[str, dict[str, str]] = {}
    for key, name in names.items():
        if key not in FIXED:
            groups.setdefault(group_of(asked, key, same_account=same_account), {})[key] = name
    moved: dict[str, Lever] = {}
    for group, members in groups.items():
        values = {name: found.values.get(key, ()) for key, name in members.items()}
        options = tuple(_options(asked, context, group, values))
        if options:
            moved[group] = Lever(tuple(members.values()), (_as_asked, *options))
    return moved


def _as_asked(asked: Asked) -> Asked:
    return asked


def _passed(asked: Asked) -> Iterator[str]:
    """Yield the keys of parameters that bring an action with them, which may not be allowed."""
    if isinstance(asked, Call):
        if asked.parameters.source_identity:
            yield "sts:SourceIdentity"
        yield from (f"aws:RequestTag/{tag}" for tag, _ in asked.parameters.tags)


def _options(
    asked: Asked, context: RequestContext, group: str, values: Mapping[str, tuple[Value, ...]]
) -> Iterator[Change]:
    if group == keys.MFA_PRESENT:
        yield from _mfa(asked, context, values)
    elif group == _TIME[0]:
        for name, texts in values.items():
            yield from (_together(_TIME, {name: text}) for text in texts)
    elif len(values) > 1 or group.startswith(_RESOURCE_TAGS):
        yield from _alike(asked, context, group, values)
    else:
        ((name, found),) = values.items()
        yield from _of_key(asked, context, name, found)


def _alike(
    asked: Asked, context: RequestContext, group: str, values: Mapping[str, tuple[Value, ...]]
) -> Iterator[Change]:
    """Yield changes of several keys that always say the same."""
    tag = group.partition("/")[2]
    both = _ORGANIZATION if group in _ORGANIZATION else tuple(p + tag for p in _RESOURCE_TAGS)
    if not any(can_have(asked, key) for key in both):
        return
    texts = dict.fromkeys(text for found in values.values() for text in found)
    for value in (*texts, None):
        if any(context.known.get(key, _NOTHING) != value for key in map(str.lower, values)):
            yield _together(both, dict.fromkeys(both, value))


def _together(both: tuple[str, ...], values: Mapping[str, Value]) -> Change:
    return lambda asked: asked._replace(context={**without(asked, both), **values})


def _of_key(
    asked: Asked, context: RequestContext, name: str, values: tuple[Value, ...]
) -> Iterator[Change]:
    key = name.lower()
    if isinstance(asked, Call) and key == TAG_KEYS:
        return  # it follows from the tags, which can be others
    tag = isinstance(asked, Call) and key.startswith(REQUEST_TAG)
    members = values or ((ANY_TAG,) if tag else ())
    for value in (*(members if _is_possible(asked, key) else ()), None):
        present = context.presence(key)
        if context.known.get(key, _NOTHING) == value or (value is None and present is False):
            continue
        if value is None and present and is_always_there(asked, key):
            continue
        change = change_of(asked, name, value, "")
        if change is not None:
            yield change.applied


def _is_possible(asked: Asked, key: str) -> bool:
    """Whether such a request can have a key."""
    if not isinstance(asked, Call):
        return can_have(asked, key)
    # What a token or an assertion carries no parameter has to be taken for.
    field = "tags" if key.startswith(REQUEST_TAG) else PARAMETERS.get(key, ("",))[0]
    carried = asked.operation in UNSIGNED and field not in ("", "external_id")
    if field and not carried:
        return field in TAKES[asked.operation]
    return bool(field) or can_have(asked, key)


def _mfa(
    asked: Asked, context: RequestContext, values: Mapping[str, tuple[Value, ...]]
) -> Iterator[Change]:
    """Yield the ways to be with or without MFA: a code, or sessions and keys of a user."""
    caller = asked.caller
    if not isinstance(caller, Caller) or not isinstance(caller.principal, User):
        if any(key.lower() in _MFA for key in asked.context):
            yield lambda asked: asked._replace(context=without(asked, _MFA))
        return
    device = mfa_device(caller.principal)
    if device is not None and _can_pass_code(asked):
        yield of_call(lambda call: with_code(call, device))
    ages = {0, *(int(text.partition(".")[0]) for text in _ages(values))}
    ages |= {age + 1 for age in ages}
    for age in sorted(ages):
        yield _by(Credentials.SESSION_TOKEN_WITH_MFA, age)
    if context.presence(keys.MFA_PRESENT):
        yield _by(Credentials.LONG_TERM, None)
    yield _by(Credentials.SESSION_TOKEN, None)


def _can_pass_code(asked: Asked) -> bool:
    """Whether a call can have an MFA code, and has none yet."""
    if not isinstance(asked, Call) or asked.parameters.serial_number is not None:
        return False
    return "serial_number" in TAKES[asked.operation]


def _ages(values: Mapping[str, tuple[Value, ...]]) -> Iterator[str]:
    for name, found in values.items():
        if name.lower() == keys.MFA_AGE:
            texts = (text for text in found if isinstance(text, str))
            yield from (text for text in texts if text.partition(".")[0].isdigit())


def _by(credentials: Credentials, age: int | None) -> Change:
    """Return the change to other credentials of a user, without a code in the call."""

    def caller(asked: Asked) -> Caller:
        assert isinstance(asked.caller, Caller)  # noqa: S101 - only users have such a lever
        return asked.caller._replace(credentials=credentials, mfa_age_seconds=age)

    def call(asked: Call) -> Call:
        parameters = asked.parameters._replace(serial_number=None, token_code=None)
        return asked._replace(
            caller=caller(asked), context=without(asked, _MFA), parameters=parameters
        )

    def question(asked: Question) -> Question:
        return asked._replace(caller=caller(asked), context=without(asked, _MFA))

    return lambda asked: of_call(call)(of_question(question)(asked))
