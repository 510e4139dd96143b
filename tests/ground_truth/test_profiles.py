"""What another SDK of AWS's makes of profiles is what we make of them, as far as botocore does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulator.profiles.model import ProfileError
from simulator.profiles.resolve import resolve
from tests.ground_truth.recorded import NEEDED, read_cases

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.profiles.model import Hop, Resolved
    from tests.ground_truth.recorded import Case

pytestmark = NEEDED
CASES = read_cases("sdk_profile_chain.json")

# Where botocore does something else than the SDK that was recorded, and why.
DIFFERENCES = {
    "SSO token profile selected": (
        "a sign-on without account and role gives that SDK a token, and botocore no credentials"
    ),
}
_SOURCES = {"Ec2InstanceMetadata": "ec2", "EcsContainer": "ecs", "Environment": "environment"}


def _text(case: Case) -> str:
    request = case["request"]
    sections = {f"profile {name}": found for name, found in request["profiles"].items()}
    sessions = request.get("sso_sessions") or {}
    sections |= {f"sso-session {name}": found for name, found in sessions.items()}
    return "".join(
        f"[{section}]\n" + "".join(f"{name} = {value}\n" for name, value in settings.items())
        for section, settings in sections.items()
    )


def _expected(case: Case) -> list[tuple[str, dict[str, str]]] | None:
    """Return the start and the calls that the SDK found, or nothing where it refused."""
    chain = case["expected"]["chain"]
    return chain and [_step(kind, found) for step in chain for kind, found in step.items()]


def _step(kind: str, found: Any) -> tuple[str, dict[str, str]]:  # noqa: ANN401 - as recorded
    match kind:
        case "AccessKey":
            account = found.get("account_id")
            return "static", {"account": account} if account else {}
        case "NamedSource":
            return _SOURCES[found], {}
        case "Sso":
            # What is no account id is not taken for one, though the SDK takes it.
            account = found.get("sso_account_id", "")
            return "sso", {"account": account} if len(account) == 12 else {}
        case "WebIdentityToken":
            return "AssumeRoleWithWebIdentity", found
        case _:
            return kind, found


def _found(answer: Resolved) -> list[tuple[str, dict[str, str]]]:
    start, hops = answer.start, [_call(hop) for hop in answer.hops]
    if start.kind == "web_identity":  # the SDK counts its call as the start
        return hops
    return [(start.kind, {"account": start.account} if start.account else {}), *hops]


def _call(hop: Hop) -> tuple[str, dict[str, str]]:
    sent = hop._asdict()
    del sent["operation"], sent["profile"]
    return hop.operation, {name: value for name, value in sent.items() if value is not None}


def _resolved(case: Case, folder: Path) -> list[tuple[str, dict[str, str]]] | None:
    (folder / "config").write_text(_text(case))
    try:
        return _found(resolve(case["request"]["selected_profile"], str(folder / "config")))
    except ProfileError:
        return None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_as_the_sdk(case: Case, tmp_path: Path) -> None:
    agrees = _resolved(case, tmp_path) == _expected(case)
    assert agrees != (case["description"] in DIFFERENCES)


def test_each_difference_is_recorded() -> None:
    assert DIFFERENCES.keys() <= {case["description"] for case in CASES}


def test_there_are_chains_and_refusals() -> None:
    chains = [case for case in CASES if case["expected"]["chain"]]
    assert len(chains) > 10
    assert len(CASES) - len(chains) > 10
