"""What AWS answers to a trust policy that it does not store: a vocabulary of its own.

Few of its texts are recorded; which of several faults AWS tells is not known, and here it is the
first in the order below, statement by statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.policy.elements import is_role_action
from simulator.policy.model import VERSIONS, Effect
from simulator.policy.vocabulary import ROLE_ACTIONS
from simulator.storing import shape
from simulator.storing.permission import repeated
from simulator.storing.principals import principal_flaw
from simulator.storing.refusal import Text
from simulator.storing.submitted import chosen, first
from simulator.storing.tenancy import untenanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.storing.refusal import Refusal
    from simulator.storing.submitted import Object, Submitted
    from simulator.syntax import JsonValue, Path

    Check = Callable[[Submitted, Path, Object], Refusal | None]

JSON: Final = Text("This policy contains invalid Json")  # ERR-60
SYNTAX: Final = Text("Syntax error in policy.", recorded=False)
VERSION: Final = Text("The policy must contain a valid version string", recorded=False)
EMPTY: Final = Text("Could not parse the policy: Statement is empty!", recorded=False)  # ERR-69
MISSING: Final = Text("Missing required field {}", recorded=False)  # ERR-69
EFFECT: Final = Text("Invalid effect: {}", recorded=False)
_RESOURCE: Final = Text("Has prohibited field Resource")  # ERR-65
_NOT_RESOURCE: Final = Text("AssumeRole policy must not contain resources.", recorded=False)
_ALLOW_ALL_BUT: Final = Text("Allow with NotPrincipal is not allowed.", recorded=False)
_NOT_PRINCIPAL: Final = Text(
    "AssumeRole policy must not contain NotPrincipal field.", recorded=False
)
_ACTION: Final = Text("AssumeRole policy may only specify STS AssumeRole actions.")  # ERR-64
_SID_TWICE: Final = Text("The Statement Ids in the policy are not unique", recorded=False)
_ROLE_ACTIONS: Final = frozenset(ROLE_ACTIONS)


def refusal(submitted: Submitted) -> Refusal | None:
    """Return AWS's answer to a trust policy that it does not store."""
    return first(_STAGES, submitted)


def _document(submitted: Submitted) -> Refusal | None:
    value = submitted.value
    if not isinstance(value, dict):
        return JSON.about(())
    unknown = shape.unknown_element(submitted, value)
    if unknown is not None:
        return JSON.about(unknown)
    version = value.get("Version", VERSIONS[0])  # POL-5: either will do
    if not submitted.is_open(version) and (type(version) is not str or version not in VERSIONS):
        return VERSION.about(("Version",))
    if value.get("Statement", []) == []:
        return EMPTY.about(("Statement",) if "Statement" in value else ())
    no_text = shape.no_text(submitted, (), value, "Id")
    return SYNTAX.about(no_text) if no_text is not None else None


def _statements(submitted: Submitted) -> Refusal | None:
    for path, item in submitted.places:
        answer = _statement(submitted, path, item)
        if answer is not None:
            return answer
    return None


def _statement(submitted: Submitted, path: Path, item: JsonValue) -> Refusal | None:
    if not isinstance(item, dict):
        return SYNTAX.about(path)
    answers = (check(submitted, path, item) for check in _CHECKS)
    return next((answer for answer in answers if answer is not None), None)


def _names(submitted: Submitted, path: Path, statement: Object) -> Refusal | None:
    unknown = shape.unknown_in_statement(submitted, path, statement)
    if unknown is not None:
        return JSON.about(unknown)
    wrong = shape.no_text(submitted, path, statement, "Sid") or shape.contradiction(
        submitted, path, statement, "Action"
    )
    return SYNTAX.about(wrong) if wrong is not None else None


def effect_flaw(submitted: Submitted, path: Path, statement: Object) -> Refusal | None:
    """Return how AWS refuses the effect of a statement, if it does."""  # POL-11
    if "Effect" not in statement:
        return MISSING.about(path, "Effect")
    effect = statement["Effect"]
    if submitted.is_open(effect) or effect in tuple(Effect):
        return None
    place = (*path, "Effect")
    return EFFECT.about(place, effect) if type(effect) is str else SYNTAX.about(place)


def _resources(submitted: Submitted, path: Path, statement: Object) -> Refusal | None:
    for name, text in (("Resource", _RESOURCE), ("NotResource", _NOT_RESOURCE)):  # POL-14
        if name in statement and not submitted.is_open(statement[name]):
            return text.about((*path, name))
    return None


def _principals(submitted: Submitted, path: Path, statement: Object) -> Refusal | None:
    name = "NotPrincipal"
    if name in statement and not submitted.is_open(statement[name]):  # POL-16
        allows = statement["Effect"] == Effect.ALLOW
        return (_ALLOW_ALL_BUT if allows else _NOT_PRINCIPAL).about((*path, name))
    if chosen(statement, "Principal") is None:  # POL-15
        return MISSING.about(path, "Principal")
    if "Principal" not in statement:
        return None
    return principal_flaw(submitted, (*path, "Principal"), statement["Principal"])


def _actions(submitted: Submitted, path: Path, statement: Object) -> Refusal | None:
    name = chosen(statement, "Action")
    if name is None or statement[name] == []:  # POL-12
        return MISSING.about(path, "Action")
    if submitted.is_open(statement[name]):
        return None
    wrong = shape.no_texts((*path, name), statement[name])
    if wrong is not None:
        return SYNTAX.about(wrong)
    for place, action in submitted.texts((*path, name), statement[name]):
        if action not in _ROLE_ACTIONS and not is_role_action(action):  # TRU-1
            return _ACTION.about(place)
    return None


def condition_flaw(submitted: Submitted, path: Path, statement: Object) -> Refusal | None:
    """Return how AWS refuses the condition of a statement, if it does."""
    if "Condition" not in statement:
        return None
    wrong = shape.bad_condition(submitted, (*path, "Condition"), statement["Condition"])
    return SYNTAX.about(wrong) if wrong is not None else None


def _sids(submitted: Submitted) -> Refusal | None:
    place = repeated(  # POL-17
        [
            ((*path, "Sid"), statement["Sid"])
            for path, statement in submitted.statements()
            if statement.get("Sid") and not submitted.is_open(statement["Sid"])
        ]
    )
    return _SID_TWICE.about(place) if place is not None else None


def _providers(submitted: Submitted) -> Refusal | None:
    for path, statement in submitted.statements():
        principal = statement.get("Principal")
        found = principal.get("Federated") if isinstance(principal, dict) else None
        for _, provider in submitted.texts(path, found):
            answer = untenanted(submitted, path, statement, provider)
            if answer is not None:
                return answer
    return None


_CHECKS: Final[tuple[Check, ...]] = (
    _names,
    effect_flaw,
    _resources,
    _principals,
    _actions,
    condition_flaw,
)
_STAGES: Final = (_document, _statements, _sids, _providers)
