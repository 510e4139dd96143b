"""What AWS answers to an identity-based policy, a boundary or a session policy it does not store.

The order is AWS's, as far as recorded answers tell: the syntax of the whole document, its
version, an old parser, then one question after the other, each about all statements.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.policy.kinds import SESSION
from simulator.policy.model import VERSIONS, Effect
from simulator.storing import resource_forms, shape
from simulator.storing.refusal import Text
from simulator.storing.submitted import chosen, first
from simulator.storing.values import BINARY, READS, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.storing.refusal import Refusal
    from simulator.storing.submitted import IsPlain, Object, Submitted
    from simulator.syntax import JsonValue, Path

SYNTAX: Final = Text("Syntax errors in policy.")  # ERR-61
_VERSION: Final = Text("Policy document must be version 2012-10-17 or greater.")  # ERR-67
_LEGACY: Final = Text("The policy failed legacy parsing")
_SID_FORM: Final = Text(
    "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular"
    " expression [0-9A-Za-z]*",
    recorded=False,
)
_SID_TWICE: Final = Text("Statement IDs (SID) in a single policy must be unique.")
_PRINCIPAL: Final = Text(  # ERR-66
    "Policy document should not specify a principal.", recorded=False
)
_NO_ACTIONS: Final = Text("Policy statement must contain actions.")
_NO_RESOURCES: Final = Text("Policy statement must contain resources.")
_NO_VENDOR: Final = Text(
    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
)
_COLONS: Final = Text("Actions/Condition can contain only one colon.")
_WILD_VENDOR: Final = Text(
    "Action vendors (e.g., aws, ec2, etc.) must not contain wildcards.", recorded=False
)
_VENDOR: Final = Text("Vendor {} is not valid")

_PLAIN_SID: Final = re.compile(r"[0-9A-Za-z]*", re.ASCII)
_VENDOR_FORM: Final = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)
# What nothing can be said against: nearly all actions and resources.
_PLAIN_ACTION: Final = re.compile(r"\*|[A-Za-z0-9._-]+:[^:]*", re.ASCII).fullmatch
_PLAIN_RESOURCE: Final = re.compile(
    r"\*|arn:aws:(?:s3:::|iam::[0-9*]*:(?:role|user|group|policy)/"
    r"|(?!(?:iam|s3|route53):)[a-z0-9-]+:(?:[a-z]+(?:-[a-z0-9]+)+|\*)?:[0-9*]*:).*",
    re.ASCII | re.DOTALL,
).fullmatch
_EFFECTS: Final = {effect.lower(): str(effect) for effect in Effect}


def refusal(submitted: Submitted) -> Refusal | None:
    """Return AWS's answer to a policy of an identity or a session that it does not store."""
    answer = first(_STAGES, submitted)
    if answer is not None and submitted.kind == SESSION:
        return answer._replace(recorded=False)  # ERR-34: of STS no text is recorded
    return answer


def misread(submitted: Submitted) -> Path | None:
    """Find the first thing that breaks the grammar of policies."""
    value = submitted.value
    if not isinstance(value, dict):
        return ()
    found = (
        shape.unknown_element(submitted, value)
        or _bad_version(submitted, value)
        or shape.no_text(submitted, (), value, "Id")  # POL-6
    )
    if found is not None:
        return found
    if "Statement" not in value or value["Statement"] == []:  # POL-2
        return ("Statement",) if "Statement" in value else ()
    places = (_in_statement(submitted, path, item) for path, item in submitted.places)
    return next((place for place in places if place is not None), None)


def _bad_version(submitted: Submitted, value: Object) -> Path | None:
    version = value.get("Version", VERSIONS[0])
    known = type(version) is str and version in VERSIONS
    return None if known or submitted.is_open(version) else ("Version",)  # POL-3


def _in_statement(submitted: Submitted, path: Path, item: JsonValue) -> Path | None:
    if not isinstance(item, dict):  # POL-2
        return path
    return (
        shape.unknown_in_statement(submitted, path, item)
        or shape.no_text(submitted, path, item, "Sid")
        or _bad_effect(submitted, path, item)
        or shape.contradiction(submitted, path, item, "Action", "Resource", "Principal")
        or _bad_texts(submitted, path, item)
        or _bad_condition(submitted, path, item)
    )


def _bad_effect(submitted: Submitted, path: Path, statement: Object) -> Path | None:
    effect = statement.get("Effect")
    if submitted.is_open(effect) or (type(effect) is str and effect.lower() in _EFFECTS):
        return None
    return (*path, "Effect") if "Effect" in statement else path  # POL-11


def _bad_texts(submitted: Submitted, path: Path, statement: Object) -> Path | None:
    for name in ("Action", "NotAction", "Resource", "NotResource"):
        if name in statement and not submitted.is_open(statement[name]):
            nulls = name.endswith("Resource")  # POL-23
            found = shape.no_texts((*path, name), statement[name], nulls=nulls)  # POL-18
            if found is not None:
                return found
    return None


def _bad_condition(submitted: Submitted, path: Path, statement: Object) -> Path | None:
    if "Condition" not in statement:
        return None
    place = (*path, "Condition")
    return shape.bad_condition(submitted, place, statement["Condition"]) or unreadable(
        submitted, path, statement, BINARY
    )


def _syntax(submitted: Submitted) -> Refusal | None:
    path = misread(submitted)
    return SYNTAX.about(path) if path is not None else None


def _version(submitted: Submitted) -> Refusal | None:
    if not submitted.kind.only_new_language or submitted.inline:
        return None
    version = submitted.elements().get("Version")  # POL-5
    if version == VERSIONS[0] or submitted.is_open(version):
        return None
    return _VERSION.about(("Version",) if version is not None else ())


def _legacy(submitted: Submitted) -> Refusal | None:
    if submitted.indented and submitted.kind != SESSION:  # reported of identity-based policies
        return _LEGACY.about(())
    for path, statement in submitted.statements():
        place = _in_old_parser(submitted, path, statement)
        if place is not None:
            return _LEGACY._replace(recorded=_is_recorded(place)).about(place)
    return None


def _is_recorded(path: Path) -> bool:
    """Whether such a fault was seen refused: of conditions only dates were."""
    return "Condition" not in path or any(str(step).startswith("Date") for step in path)


def _in_old_parser(submitted: Submitted, path: Path, statement: Object) -> Path | None:
    effect = statement["Effect"]
    if effect not in _EFFECTS.values() and not submitted.is_open(effect):  # POL-11
        return (*path, "Effect")
    for place, resource in _texts_of(submitted, path, statement, "Resource", _PLAIN_RESOURCE):
        if resource_forms.fails_old_parser(resource):
            return place
    return unreadable(submitted, path, statement, READS)


def _sids(submitted: Submitted) -> Refusal | None:
    named = [
        ((*path, "Sid"), statement["Sid"])
        for path, statement in submitted.statements()
        if statement.get("Sid") and not submitted.is_open(statement["Sid"])
    ]
    for path, sid in named:  # POL-17
        if not _PLAIN_SID.fullmatch(str(sid)):
            return _SID_FORM.about(path)
    place = repeated(named)
    return _SID_TWICE.about(place) if place is not None else None


def repeated(named: list[tuple[Path, JsonValue]]) -> Path | None:
    """Find the first name that was there before."""
    seen: set[str] = set()
    for path, name in named:
        if str(name) in seen:
            return path
        seen.add(str(name))
    return None


def _principals(submitted: Submitted) -> Refusal | None:
    for path, statement in submitted.statements():
        name = chosen(statement, "Principal")
        if name is not None and not submitted.is_open(statement[name]):  # POL-15, POL-16
            return _PRINCIPAL.about((*path, name))
    return None


def _actions(submitted: Submitted) -> Refusal | None:
    path = lacking(submitted, "Action")
    return _NO_ACTIONS.about(path) if path is not None else None  # POL-12


def _has_resources(submitted: Submitted) -> Refusal | None:
    path = lacking(submitted, "Resource")
    return _NO_RESOURCES.about(path) if path is not None else None  # POL-13


def lacking(submitted: Submitted, element: str) -> Path | None:
    """Find a statement without an element, or an empty list of it."""  # POL-19
    for path, statement in submitted.statements():
        name = chosen(statement, element)
        if name is None:
            return path
        if statement[name] == []:
            return (*path, name)
    return None


def _resource_forms(submitted: Submitted) -> Refusal | None:
    for path, resource in all_texts(submitted, "Resource", _PLAIN_RESOURCE):
        if submitted.kind == SESSION and resource_forms.is_short(resource):  # RES-7
            return SYNTAX.about(path)
        answer = resource_forms.flaw(path, resource)
        if answer is not None:
            return answer
    return None


def _action_forms(submitted: Submitted) -> Refusal | None:
    for path, action in all_texts(submitted, "Action", _PLAIN_ACTION):
        answer = action_flaw(path, action)
        if answer is not None:
            return answer
    return None


def action_flaw(path: Path, action: str) -> Refusal | None:
    """Return how AWS refuses an action, if it does; it does not ask for its name."""  # ACT-4
    vendor, colon, name = action.partition(":")
    if action == "*":  # ACT-2
        return None
    if not colon:
        return _NO_VENDOR.about(path)  # ACT-3
    if ":" in name:
        return _COLONS.about(path)  # ACT-3
    if "*" in vendor or "?" in vendor:
        return _WILD_VENDOR.about(path)
    return None if _VENDOR_FORM.fullmatch(vendor) else _VENDOR.about(path, vendor)  # ACT-3


def all_texts(
    submitted: Submitted, element: str, is_plain: IsPlain | None = None
) -> Iterator[tuple[Path, str]]:
    """Yield each text of an element, or of its `Not` form, of all statements."""
    for path, statement in submitted.statements():
        yield from _texts_of(submitted, path, statement, element, is_plain)


def _texts_of(
    submitted: Submitted, path: Path, statement: Object, element: str, is_plain: IsPlain | None
) -> Iterator[tuple[Path, str]]:
    name = chosen(statement, element)
    if name is not None:
        yield from submitted.texts((*path, name), statement[name], is_plain)


_STAGES: Final = (
    _syntax,
    _version,
    _legacy,
    _sids,
    _principals,
    _actions,
    _has_resources,
    _resource_forms,
    _action_forms,
)
