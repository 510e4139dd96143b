"""What AWS Organizations answers to an SCP or RCP that it does not store: one text for all.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.policy.kinds import RCP
from simulator.policy.model import VERSIONS, Effect
from simulator.storing.permission import action_flaw, all_texts, lacking, misread, repeated
from simulator.storing.refusal import Text
from simulator.storing.submitted import chosen

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.storing.refusal import Refusal
    from simulator.storing.submitted import Object, Submitted
    from simulator.syntax import JsonValue, Path

    Find = Callable[[Submitted], Path | None]

REFUSED: Final = Text(
    "The provided policy document does not meet the requirements of the specified policy type.",
    recorded=False,
    code="MalformedPolicyDocumentException",
)
_EVERYONE: Final = ("*", {"AWS": "*"}, {"AWS": ["*"]})
_ALL: Final = ("*", ["*"])


def refusal(submitted: Submitted) -> Refusal | None:
    """Return the answer to a policy of an organization that AWS does not store."""
    finds = (*_EVERY, *(_OF_RESOURCES if submitted.kind == RCP else _OF_CALLERS))
    places = (find(submitted) for find in finds)
    path = next((place for place in places if place is not None), None)
    return REFUSED.about(path) if path is not None else None


def _version(submitted: Submitted) -> Path | None:
    version = submitted.elements().get("Version")
    if version == VERSIONS[0] or submitted.is_open(version):
        return None
    return ("Version",) if version is not None else ()


def _effects(submitted: Submitted) -> Path | None:
    for path, statement in submitted.statements():  # POL-11
        if statement["Effect"] not in tuple(Effect) and not submitted.is_open(statement["Effect"]):
            return (*path, "Effect")
    return None


def _sids(submitted: Submitted) -> Path | None:
    return repeated(  # POL-17
        [
            ((*path, "Sid"), statement["Sid"])
            for path, statement in submitted.statements()
            if statement.get("Sid") and not submitted.is_open(statement["Sid"])
        ]
    )


def _actions(submitted: Submitted) -> Path | None:
    return lacking(submitted, "Action")  # POL-12


def _resources(submitted: Submitted) -> Path | None:
    return lacking(submitted, "Resource")  # POL-13


def _action_forms(submitted: Submitted) -> Path | None:
    texts = all_texts(submitted, "Action")
    return next((path for path, text in texts if action_flaw(path, text) is not None), None)


def _resource_forms(submitted: Submitted) -> Path | None:
    texts = all_texts(submitted, "Resource")
    return next((path for path, text in texts if text != "*" and ":" not in text), None)


def _no_principal(submitted: Submitted) -> Path | None:
    for path, statement in submitted.statements():
        name = chosen(statement, "Principal")
        if name is not None and not submitted.is_open(statement[name]):  # POL-15
            return (*path, name)
    return None


def _of_everyone(submitted: Submitted) -> Path | None:
    for path, statement in submitted.statements():
        for name in ("NotPrincipal", "NotAction"):
            if name in statement and not submitted.is_open(statement[name]):
                return (*path, name)
        if chosen(statement, "Principal") is None:  # POL-15
            return path
        if "Principal" in statement and not _is_everyone(
            submitted, statement["Principal"]
        ):  # EVAL-53
            return (*path, "Principal")
    return None


def _is_everyone(submitted: Submitted, principal: JsonValue) -> bool:
    inner = principal.get("AWS") if isinstance(principal, dict) else principal
    first = inner[0] if isinstance(inner, list) and len(inner) == 1 else inner
    return principal in _EVERYONE or submitted.is_open(first)


def _denials(submitted: Submitted) -> Path | None:
    for path, statement in submitted.statements():
        if _is_full_access(statement):
            continue
        if statement["Effect"] == Effect.ALLOW:  # EVAL-50, EVAL-53
            return (*path, "Effect")
        if "*" in [text for _, text in submitted.texts((), statement.get("Action"))]:
            return (*path, "Action")
    return None


def _is_full_access(statement: Object) -> bool:
    """Whether a statement is that of the RCP which AWS itself attaches."""
    is_all = statement.get("Action") in _ALL and statement.get("Resource") in _ALL
    return is_all and statement["Effect"] == Effect.ALLOW and "Condition" not in statement


_EVERY: Final[tuple[Find, ...]] = (misread, _version, _effects, _sids, _actions, _resources)
_OF_CALLERS: Final[tuple[Find, ...]] = (_no_principal, _resource_forms, _action_forms)
_OF_RESOURCES: Final[tuple[Find, ...]] = (_of_everyone, _denials, _resource_forms, _action_forms)
