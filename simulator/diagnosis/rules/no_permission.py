"""IAM201: no identity-based policy of the caller speaks of the action at all."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from simulator.decision.requirements import Relation
from simulator.decision.verdict import Layer
from simulator.diagnosis.cause import Cause, Place, Remedy
from simulator.diagnosis.findings import Finding, Shortfall, Stage
from simulator.diagnosis.permissions import allow_statement, statements_place
from simulator.diagnosis.words import LAYER_NAMES
from simulator.diagnostic import Access
from simulator.policy.edits import replace_string

if TYPE_CHECKING:
    from collections.abc import Iterator


_NEAR = 0.85


def no_permission(finding: Finding) -> Iterator[Cause]:
    """Report that the caller has no permission for the action."""  # EVAL-10, EVAL-21, EVAL-30x
    if not isinstance(finding, Shortfall) or finding.layer is not Layer.IDENTITY:
        return
    if finding.stage not in (Stage.NOTHING, Stage.ACTION):
        return
    request = finding.evaluation.request
    misspelt = _misspelt(finding, request.action)
    yield Cause(
        "IAM201",
        Layer.IDENTITY,
        f"no identity-based policy of the caller allows `{request.action}`",
        misspelt.place if misspelt else statements_place(finding),
        f"AWS knows no action of this name: `{request.action}` was probably meant"
        if misspelt
        else f"none of these statements allows `{request.action}`",
        f"{request.action} on {request.resource}",
        misspelt.text if misspelt else "no statement",
        _advice(finding),
        (misspelt.remedy,) if misspelt else (allow_statement(finding),),
    )


def _advice(finding: Shortfall) -> str:
    requirement = finding.evaluation.requirement
    if requirement.relation is Relation.ORDINARY:
        return "a policy of the user, of one of its groups or of the role has to allow it"
    what = "the call" if requirement.grantor is Layer.TRUST else "the request"
    policy = LAYER_NAMES[requirement.grantor]
    return f"the {policy} only opens the door: the caller's own account has to allow {what} too"


class _Misspelt(NamedTuple):
    place: Place
    text: str
    remedy: Remedy


def _misspelt(finding: Shortfall, action: str) -> _Misspelt | None:
    """Return the action of a statement that is the wanted one but for a letter or two."""
    for match in finding.near:
        values, document = match.statement.actions.values, match.statement.document
        for index, text in enumerate(values.items):
            if _is_like(text, action) and _is_no_action(text):
                place = Place(document, values.place(index))
                edit = replace_string(document, place.path, action)
                title = f"correct the action to `{action}`"
                return _Misspelt(place, text, Remedy(title, Access.WIDENED, edits=(edit,)))
    return None


def _is_no_action(text: str) -> bool:
    from simulator.catalog.actions import find_action  # noqa: PLC0415 - takes 5 ms

    return find_action(text) is None


def _is_like(text: str, action: str) -> bool:
    if "*" in text or "?" in text:
        return False
    return _NEAR <= SequenceMatcher(None, text[:100].lower(), action.lower()).ratio() < 1
