"""What there can be at all: actions, what they are done to, and keys that their requests have.

The catalogue is read only where an answer needs it: that takes milliseconds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.catalog.keys import SESSION_NAME
from simulator.diagnostic import Access
from simulator.request.caller import Caller
from simulator.request.principal import AccountRoot, ServicePrincipal, User
from simulator.request.request import NO_RESOURCE
from simulator.sts.call import Call

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.catalog.actions import Action, ResourceUse
    from simulator.diagnosis.asked import Asked
    from simulator.diagnosis.cause import Cause
    from simulator.simulate import Question

# One context serves all actions of a call, whatever each is listed with.
COMPANIONS: Final = frozenset({"sts:tagsession", "sts:setsourceidentity"})

_PLACEHOLDER = re.compile(r"\$\{(\w+?)(?:Name|Id)?(?:WithPath)?\}")


def only_possible(question: Question, causes: Iterable[Cause]) -> tuple[Cause, ...]:
    """Return causes without the remedies that allow what there cannot be, told instead."""
    found = tuple(causes)
    widening = any(r.access is Access.WIDENED for cause in found for r in cause.remedies)
    why = _impossible(question) if widening else None
    return found if why is None else tuple(_without_access(cause, why) for cause in found)


def _without_access(cause: Cause, why: str) -> Cause:
    kept = tuple(r for r in cause.remedies if r.access is not Access.WIDENED)
    return cause if len(kept) == len(cause.remedies) else cause._replace(remedies=kept, help=why)


def _impossible(question: Question) -> str | None:
    """Return why a request cannot be made as it is, if that is known."""
    from simulator.catalog.actions import find_action, fits_resource  # noqa: PLC0415 - 5 ms

    action, resource = find_action(question.action), question.resource
    if action is None:
        return _no_action(question.action)
    if resource == NO_RESOURCE and action.has_resource:
        return f"give `--resource ARN`: {_done_to(action)}"
    if fits_resource(action, resource) is not False:
        return None
    if not action.has_resource:
        return f"`{action.name}` is done to no resource of its own: leave out `--resource`"
    return f"{_done_to(action)}, and not to `{resource}`"


def _no_action(name: str) -> str | None:
    """Return that AWS has no action of a name, if it has the service, and which was meant."""
    from simulator.catalog.actions import is_service, nearest_actions  # noqa: PLC0415 - likewise

    if not is_service(name.partition(":")[0]):
        return None
    near = nearest_actions(name, most=1)
    meant = f": did you mean `{near[0]}`?" if near else ""
    return f"AWS lists no action `{name}`{meant}"


def _done_to(action: Action) -> str:
    """Return what an action is done to, with an example."""
    # Of several types the one that takes the fewest words is the best known.
    use = min(action.resource_types, key=lambda use: (not use.required, len(use.arn_format)))
    a = "an" if use.name[:1] in "aeiou" else "a"
    such = f" such as `{_example(use)}`" if use.arn_format else ""
    return f"`{action.name}` is done to {a} {use.name}{such}"


def _example(use: ResourceUse) -> str:
    """Return the format of an ARN with words in capitals for what has to be filled in."""
    text = use.arn_format.replace("${Partition}", "aws")
    return _PLACEHOLDER.sub(lambda found: found[1].upper(), text)


def can_have(asked: Asked, key: str) -> bool:
    """Whether what is asked could have a key, in lower case, as far as anybody knows."""
    from simulator.catalog.condition_keys import can_carry, is_known_key  # noqa: PLC0415 - 3 ms

    if is_known_key(key) is False or _presence(key) in _lacking(asked):
        return False
    if isinstance(asked, Call) or asked.action.lower() in COMPANIONS:
        return True
    return can_carry(asked.action, key) is not False


def is_always_there(asked: Asked, key: str) -> bool:
    """Whether there is no such request without a key, in lower case."""
    from simulator.catalog.global_keys import Presence  # noqa: PLC0415 - likewise

    is_call = isinstance(asked, Call)
    return _presence(key) == Presence.ALWAYS or (is_call and key == SESSION_NAME)


def is_given_by_aws(key: str) -> bool:
    """Whether AWS puts a key into requests because of who asks, and not of how."""
    from simulator.catalog.global_keys import Presence  # noqa: PLC0415 - likewise

    tokens = {Presence.FEDERATION, Presence.TOKEN, Presence.ASSERTION, Presence.SERVICE}
    return _presence(key) in (tokens | _of_credentials())


def _presence(key: str) -> str | None:
    from simulator.catalog.condition_keys import find_key  # noqa: PLC0415 - likewise

    found = find_key(key)
    return found and found.presence


def _lacking(asked: Asked) -> frozenset[str]:
    """Return which kinds of keys no request of such a caller has."""
    from simulator.catalog.global_keys import Presence  # noqa: PLC0415 - likewise

    match asked.caller:
        case Caller(principal=AccountRoot()):
            return frozenset({Presence.SERVICE, Presence.PRINCIPAL_TAGS, Presence.USER})
        case Caller(principal=User()):
            return frozenset({Presence.SERVICE})
        case Caller():
            return frozenset({Presence.SERVICE, Presence.USER})
        case ServicePrincipal():
            return _of_credentials() | {Presence.PUBLIC}
        case _:
            return _of_credentials() | {Presence.SIGNED, Presence.SERVICE}


def _of_credentials() -> frozenset[str]:
    """Return the kinds of keys that come with the credentials of users and roles."""
    from simulator.catalog.global_keys import Presence as P  # noqa: N817, PLC0415 - likewise

    return frozenset(
        {
            *(P.ORGANIZATION, P.PRINCIPAL_TAGS, P.USER, P.TEMPORARY, P.MFA, P.MFA_USED),
            *(P.ASSUMED_ROOT, P.SIGN_IN, P.CHAT, P.SOURCE_IDENTITY, P.IDENTITY_CENTER),
            P.CREDENTIALS,
        }
    )
