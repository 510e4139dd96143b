"""Every failure that people met comes out as at AWS, and is over with the change that helped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from simulator.check.check import check
from simulator.diagnostic import Severity
from simulator.policy import kinds
from simulator.policy.envelope import unwrap
from simulator.profiles.model import Hop, ProfileError, Resolved
from simulator.profiles.resolve import resolve
from simulator.source import Source
from tests.user_cases.cases import CASES, DECISIONS, LAYERS, Case, asked, mended

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from simulator.check.check import Checked

SKIPPED: Final = {
    "UC-107": "no call says for which Region it is signed: the SDKs take the endpoint's own",
}
#: Texts that were quoted, and are not what we say that AWS answers.
OTHER_TEXTS: Final = {
    "UC-013": "any six digits are a right code, so the code that was wrong is left out here",
    "UC-031": "the AWS SDK for JavaScript 2 says it so; ours is the text of boto3",
    "UC-046": "AWS's text until 2018 or so, from before it named caller and role",
    "UC-084": "the text is of Amazon Cognito, which had called STS",
    "UC-109": "the text is of Amazon ECS, which had called STS",
}
#: Cases that AWS's documentation contradicts; the keys that it denies are told in the context.
CONTRADICTED: Final = {
    "UC-011": "a role session is documented to have no MFA, so no age of it either, be it short",
}
#: Policies of which only AWS knows that it does not store them.
UNTOLD: Final = {
    "UC-035": "which roles exist a policy does not tell, nor that it is to be this role's",
    "UC-053": "which roles exist a policy does not tell",
}
#: The operations that store a policy, and what kind of policy it becomes.
SAVING: Final = {"iam:CreateRole": kinds.TRUST, "iam:PutRolePolicy": kinds.IDENTITY}
_KEYS: Final = "[{}]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = example\n"


def _params(cases: Iterable[Case]) -> list[Any]:
    return [
        pytest.param(case, id=case["id"], marks=[pytest.mark.skip(reason=SKIPPED[case["id"]])])
        if case["id"] in SKIPPED
        else pytest.param(case, id=case["id"])
        for case in cases
    ]


def _of_config(case: Case) -> bool:
    return bool(case["operation"] == "config:resolve_profile")


SAVES: Final = [case for case in CASES if case["operation"] in SAVING]
CALLS: Final = [case for case in CASES if not _of_config(case) and case not in SAVES]
WITH_PROFILE: Final = [case for case in CALLS if "profile_config" in case]
PROFILES: Final = [case for case in CASES if _of_config(case)]


def _change(case: Case) -> Mapping[str, Any]:
    return (case["fix"] or {}).get("change") or {}


def _expected(case: Case) -> str:
    """Return what a test file expects; where STS itself refuses, that is the code of its error."""
    expected = case["expected"]
    if LAYERS.get(expected["layer"]) == "sts":
        return str(expected["error_code"])
    return DECISIONS[expected["decision"]]


@pytest.mark.parametrize("case", _params(CALLS))
def test_as_it_was(case: Case) -> None:
    expected = case["expected"]
    layer = LAYERS.get(expected["layer"])
    result = asked(case, _expected(case), **({"because": layer} if layer else {}))
    assert result.mark == "passed", (result.mismatch, result.errors)
    assert result.error_code == expected["error_code"]
    wanted = {DECISIONS[expected["decision"]]}
    if layer == "sts" and expected["decision"] == "implicit_deny":
        wanted.add("error")  # AWS's answer is the same: AccessDenied
    assert result.decision in wanted
    assert bool(result.causes) is (result.decision != "allowed")


@pytest.mark.parametrize("case", _params(case for case in CALLS if case["aws_error_text"]))
def test_error_text(case: Case) -> None:
    result = asked(case, _expected(case), message=case["aws_error_text"])
    if case["id"] in OTHER_TEXTS:
        assert (result.mismatch or "").startswith("expected the text `")
    else:
        assert result.mark == "passed", (result.mismatch, result.errors)


@pytest.mark.parametrize("case", _params(case for case in CALLS if _change(case)))
def test_with_the_change_that_helped(case: Case) -> None:
    result = asked(mended(case), DECISIONS[case["fix"]["decision_after"]])
    assert result.mark == "passed", (result.mismatch, result.errors)


def _saved(case: Case) -> Checked:
    """Return what `iamsim check` says of the policy that a case stores."""
    text = case["trust_policy"] or case["document_under_test"]
    return check(unwrap(Source("policy.json", text)).document, SAVING[case["operation"]])


def _errors(checked: Checked) -> list[str]:
    return [each.code for each in checked.diagnostics if each.severity is Severity.ERROR]


@pytest.mark.parametrize("case", _params(SAVES))
def test_policy_that_aws_does_not_store(case: Case) -> None:
    found, expected = _saved(case), case["expected"]
    if case["id"] in UNTOLD:
        assert (found.refusal, _errors(found)) == (None, [])
        return
    assert found.refusal is not None
    assert (found.refusal.code, found.refusal.status) == (
        expected["error_code"],
        expected["http_status"],
    )
    assert found.refusal.message == case["aws_error_text"]
    assert _errors(found)


@pytest.mark.parametrize("case", _params(case for case in SAVES if _change(case)))
def test_policy_with_the_change_that_helped(case: Case) -> None:
    found = _saved(mended(case))
    assert (found.stored, _errors(found)) == (True, [])


@pytest.mark.parametrize("case", [c for c in CALLS if c["id"] in CONTRADICTED], ids=CONTRADICTED)
def test_contradicted(case: Case) -> None:
    without = mended(case)
    without["caller"]["mfa_present"] = "false"
    assert asked(without, case["fix"]["decision_after"]).decision == _expected(case)


@pytest.fixture
def resolved(tmp_path: Path) -> Callable[[str, str, str], Resolved]:
    def run(config: str, name: str, credentials: str = "") -> Resolved:
        files = (tmp_path / "config", tmp_path / "credentials")
        for file, text in zip(files, (config, credentials), strict=True):
            file.write_text(text)
        return resolve(name, *map(str, files))

    return run


@pytest.mark.parametrize("case", _params(PROFILES))
def test_profile(case: Case, resolved: Callable[..., Resolved]) -> None:
    name = case["request"]["profile"]
    with pytest.raises(ProfileError):
        resolved(case["profile_config"], name)
    found = resolved(mended(case)["profile_config"], name)
    assert [hop.role_arn for hop in found.hops] == [_roles(case)[name]]


def _roles(case: Case) -> dict[str, str]:
    """Return the role that each profile names after the change."""
    roles, name = {}, ""
    for line in mended(case)["profile_config"].splitlines():
        setting, _, value = line.partition(" = ")
        name = line.strip("[]").removeprefix("profile ") if line.startswith("[") else name
        if setting == "role_arn":
            roles[name] = value
    return roles


@pytest.mark.parametrize("case", _params(WITH_PROFILE))
def test_calls_of_the_profile(case: Case, resolved: Callable[..., Resolved]) -> None:
    # the keys that start the chain are not told of: they stand in the credentials file
    config = case["profile_config"]
    keys = _KEYS.format(config.partition("source_profile = ")[2].split()[0])
    assert _sent(resolved(config, "target", keys)) == _told(case)
    # what helped is written as a setting of the profile that has the role
    serial = _change(case)["request.serial_number"]
    with_serial = resolved(f"{config}mfa_serial = {serial}\n", "target", keys)
    assert _sent(with_serial) == _told(mended(case))


def _sent(found: Resolved) -> Hop:
    (hop,) = found.hops
    return hop


def _told(case: Case) -> Hop:
    """Return the call of a case as its profile makes it, which names no session."""
    request = case["request"]
    return Hop(
        "AssumeRole",
        "target",
        case["target_role"]["arn"],
        None,
        request.get("external_id"),
        request.get("serial_number"),
        request.get("duration_seconds"),
    )


def test_cases_and_exceptions() -> None:
    ids = [case["id"] for case in CASES]
    assert len(ids) == len(set(ids)) == 69
    quoted = {case["id"] for case in CALLS if case["aws_error_text"]}
    assert set(SKIPPED) | set(CONTRADICTED) <= set(ids)
    assert set(UNTOLD) <= {case["id"] for case in SAVES}
    assert len(SAVES) == 6
    assert set(OTHER_TEXTS) <= quoted
