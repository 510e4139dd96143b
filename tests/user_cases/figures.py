"""How many of the denials that people met are over with a fix, and whether it opens more.

`python -m tests.user_cases.figures` prints both figures and what is said of each case.

A fix is *of the kind* of the recorded change if both change the same things: parameters, the
caller, a layer of policies. It is *no wider* if everything that it newly allows, of many requests
around the case, the recorded change newly allows too.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer
from simulator.diagnosis.diagnose import diagnose
from simulator.simulate import Question
from simulator.sts.answer import answer_to
from simulator.sts.call import Call
from simulator.sts.chain import follow
from simulator.testing.asks import read_case
from simulator.testing.load import read_file, read_text
from simulator.testing.policies import PolicyStore
from simulator.testing.world import World
from tests.user_cases.cases import CASES, Case, entity, file_of, mended, own_policies
from tests.user_cases.probes import probes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.fixes import Fix

#: What is changed in a case, by the beginning of the path of a recorded change.
_KINDS: Final = {
    "target_role.max_session_duration": "role setting",
    "target_role": "role",
    "caller.token_claims": "token",
    "environment.oidc_providers": "provider",
    "environment.caller_account_regions": "regions",
    "caller": "caller",
    "request": "parameters",
    "context": "context",
    "trust_policy": "trust",
    "identity_policies": "identity",
    "permissions_boundary": "boundary",
    "session_policies": "session",
    "scps": "scp",
    "rcps": "rcp",
}


class Figure(NamedTuple):
    """What is offered for a case: the kinds of all fixes, the recorded kind, is it no wider."""

    id: str
    kind: frozenset[str]
    offered: tuple[frozenset[str], ...]
    titles: tuple[str, ...]
    no_wider: bool | None

    @property
    def is_of_kind(self) -> bool:
        """Whether a fix changes what the recorded change does."""
        return self.kind in self.offered


def denials() -> tuple[Case, ...]:
    """Return the denials of STS's operations that have a recorded change."""
    return tuple(
        case
        for case in CASES
        if case["operation"].startswith("sts:")
        and case["expected"]["decision"] != "allowed"
        and (case["fix"] or {}).get("change")
    )


@cache
def figures() -> tuple[Figure, ...]:
    """Return what is offered for each of these denials."""
    return tuple(map(_figure, denials()))


def _figure(case: Case) -> Figure:
    call, recorded = call_of(case), call_of(mended(case))
    answer = answer_to(call)
    fixes = () if answer.outcome is Outcome.ALLOWED else diagnose(call, answer).fixes
    assert all(answer_to(_asked(fix)).outcome is Outcome.ALLOWED for fix in fixes)
    kind = frozenset(_recorded_kinds(case))
    alike = [fix for fix in fixes if kind == frozenset(_kinds(call, _asked(fix)))]
    return Figure(
        case["id"],
        kind,
        tuple(frozenset(_kinds(call, _asked(fix))) for fix in fixes),
        tuple(f"{fix.access}: {fix.title}" for fix in fixes),
        any(_is_no_wider(call, _asked(fix), recorded) for fix in alike) if alike else None,
    )


def _asked(fix: Fix) -> Call:
    assert isinstance(fix.asked, Call)
    return fix.asked


def call_of(case: Case) -> Call:
    """Return the call of a case, in a world where what the recorded change speaks of exists."""
    data = file_of(case, {"expect": "denied"})  # where a role may be missing
    change = (case["fix"] or {}).get("change") or {}
    caller, role = change.get("caller"), change.get("target_role")
    if caller is not None:
        entity(data["accounts"], caller["arn"]).update(own_policies(case))
    if role is not None and isinstance(role, dict):
        trust = json.loads(change["trust_policy"])
        entity(data["accounts"], role["arn"]).update(trust_policy=trust)
    written = read_text(f"{case['id']}.iamtest.json", json.dumps(data).encode())
    shape = read_file(written)
    world = World(written, shape, PolicyStore(), None)
    hops = read_case(world, shape.tests[0], ("tests", 0))
    assert not isinstance(hops, Question)
    return follow(hops)[-1].call


def _recorded_kinds(case: Case) -> Iterator[str]:
    change = case["fix"]["change"]
    for path in change:
        if path == "trust_policy" and "target_role" in change:
            continue  # that of the role which was meant
        yield next((kind for start, kind in _KINDS.items() if path.startswith(start)), path)


def _kinds(before: Call, after: Call) -> Iterator[str]:
    """Yield what is different in a call."""
    if _maximum(before) != _maximum(after) and before.role and after.role:
        yield "role setting"
    if before.parameters.role_arn != after.parameters.role_arn:
        yield "role"
        return
    same_caller = before.caller == after.caller
    for kind, same in (
        ("caller", same_caller),
        ("parameters", before.parameters == after.parameters or not same_caller),
        ("context", before.context == after.context or not same_caller),
        ("token", before.identity == after.identity),
        ("provider", before.provider == after.provider),
        ("regions", before.regions == after.regions),
    ):
        if not same:
            yield kind
    if same_caller:
        for layer in Layer:
            texts = (_texts(call, layer) for call in (before, after))
            if len(set(texts)) > 1:
                yield str(layer)


def _maximum(call: Call) -> int | None:
    return call.role.max_session_duration if call.role else None


def _texts(call: Call, layer: Layer) -> tuple[str, ...]:
    return tuple(json.dumps(c.policy.document.value) for c in call.policies.documents(layer))


def _is_no_wider(call: Call, fixed: Call, recorded: Call) -> bool:
    """Whether a fix opens nothing that the recorded change of the same kind does not open."""
    kinds = set(_kinds(call, fixed))
    settings = _changed_parameters(call, fixed) <= _changed_parameters(call, recorded)
    if "role setting" in kinds:
        settings &= (_maximum(fixed) or 0) <= (_maximum(recorded) or 0)
    if "provider" in kinds:
        settings &= (fixed.provider.client_ids or set()) <= (recorded.provider.client_ids or set())
    layers = [layer for layer in Layer if str(layer) in kinds]
    return settings and (not layers or _opens_no_more(call, fixed, recorded, layers))


def _changed_parameters(before: Call, after: Call) -> set[str]:
    if before.caller != after.caller or before.parameters.role_arn != after.parameters.role_arn:
        return set()
    pairs = zip(before.parameters._asdict().items(), after.parameters, strict=True)
    return {name for (name, value), then in pairs if value != then}


def _opens_no_more(call: Call, fixed: Call, recorded: Call, layers: list[Layer]) -> bool:
    seen = 0
    for probe in probes((fixed, call, recorded), layers):
        before, after, then = (_allows(probe, each, layers) for each in (call, fixed, recorded))
        if after and not before and not then:
            return False
        seen += after and not before
    assert seen, "no request tells a fix from the policies before it"
    return True


def _allows(probe: Call, with_: Call, layers: list[Layer]) -> bool:
    """Whether a call is allowed with some layers of another one's policies."""
    taken = {layer: with_.policies.levels(layer) for layer in layers}
    policies = probe.policies.having(taken)
    return answer_to(probe._replace(policies=policies)).outcome is Outcome.ALLOWED


def _lines() -> Iterator[str]:
    found = figures()
    offered = sum(bool(figure.titles) for figure in found)
    alike = [figure for figure in found if figure.is_of_kind]
    no_wider = sum(figure.no_wider is True for figure in alike)
    yield f"denials with a recorded change: {len(found)}"
    yield f"a fix is offered and verified: {offered} ({100 * offered / len(found):.0f} %)"
    yield f"one of the recorded kind: {len(alike)}, no wider than recorded: {no_wider}"
    for figure in found:
        kind, wide = " and ".join(sorted(figure.kind)), {True: "no wider", False: "WIDER"}
        yield f"{figure.id} ({kind}): {wide.get(figure.no_wider, 'none of this kind')}"  # type: ignore[arg-type]
        yield from (f"    {title}" for title in figure.titles)


def main() -> None:
    """Print the figures."""
    print("\n".join(_lines()))  # noqa: T201 - a command


if __name__ == "__main__":
    main()
