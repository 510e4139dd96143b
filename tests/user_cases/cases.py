"""The failures that people met, and each of them as a policy test file of the public format."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

from simulator.testing.run import Result, run

Case: TypeAlias = dict[str, Any]

FILE: Final = Path(__file__).parents[2] / "fixtures" / "user_cases" / "user_cases.yaml"
CASES: Final[list[Case]] = yaml.safe_load(FILE.read_text("utf-8"))

#: The layers of the cases by the names that `because` takes; who refuses a call is `sts`.
LAYERS: Final = {
    "trust": "trust",
    "identity": "identity",
    "permissions_boundary": "boundary",
    "session_policy": "session",
    "scp": "scp",
    "rcp": "rcp",
    "sts_input": "sts",
    "sts_service_rule": "sts",
    "idp": "sts",
    "client_config": "sts",  # what a client refuses before it calls STS
}
DECISIONS: Final = {
    "allowed": "allowed",
    "implicit_deny": "implicitDeny",
    "explicit_deny": "explicitDeny",
    "validation_error": "error",
}
_BUILT_IN: Final = ("cognito-identity.amazonaws.com",)
_CODE: Final = "123456"


def mended(case: Case) -> Case:
    """Return a case with its fix applied: what stands at each dotted path is replaced."""
    changed = copy.deepcopy(case)
    for path, value in case["fix"]["change"].items():
        *way, last = path.split(".")
        holder = changed
        for step in way:
            holder = holder.setdefault(step, {})
        holder[last] = value
    return changed


def asked(case: Case, expect: str, **more: str) -> Result:
    """Return what comes of a case where something is expected of it."""
    data = json.dumps(file_of(case, {"expect": expect, **more}), indent=1).encode()
    (result,) = run([(f"{case['id']}.iamtest.json", data)], all_causes=True).results
    return result


def file_of(case: Case, expected: dict[str, str]) -> dict[str, Any]:
    """Return a case as a policy test file of one test."""
    organization = _organization(case)
    return {
        "accounts": _accounts(case),
        **({"organization": organization} if organization else {}),
        "tests": [{"name": case["title"], **_who(case), **_what(case), **expected}],
    }


def _accounts(case: Case) -> dict[str, Any]:
    accounts: dict[str, Any] = {}
    role, caller = case["target_role"], case["caller"]
    if role and role["exists"]:
        described = {"max_session_duration": role["max_session_duration"]}
        if case["trust_policy"]:
            described["trust_policy"] = json.loads(case["trust_policy"])
        entity(accounts, role["arn"]).update(described)
    if caller["type"] in ("iam_user", "assumed_role"):
        entity(accounts, caller.get("role_arn") or caller["arn"]).update(own_policies(case))
    if "caller_account_regions" in case.get("environment", {}):
        regions = case["environment"]["caller_account_regions"]
        accounts.setdefault(caller["account"], {})["regions"] = regions
    if caller["type"] == "web_identity" and caller["issuer"] not in _BUILT_IN:
        account = accounts.setdefault(_account(role["arn"]), {})
        account["oidc_providers"] = _providers(case)
    return accounts


def entity(accounts: dict[str, Any], arn: str) -> dict[str, Any]:
    """Return the user or role of an ARN, made where it is not there."""
    kind, _, name = arn.split(":", 5)[5].partition("/")
    folder, _, name = name.rpartition("/")
    entities = accounts.setdefault(_account(arn), {}).setdefault(f"{kind}s", {})
    path = f"/{folder}/" if folder else "/"
    found: dict[str, Any] = entities.setdefault(name, {"path": path})
    return found


def _account(arn: str) -> str:
    return arn.split(":")[4]


def own_policies(case: Case) -> dict[str, Any]:
    """Return the policies of the user or role that calls."""
    boundary = case.get("permissions_boundary")
    return {
        "policies": _documents(case["identity_policies"]),
        **({"permissions_boundary": json.loads(boundary["document"])} if boundary else {}),
    }


def _documents(policies: list[dict[str, str]]) -> list[Any]:
    return [json.loads(policy["document"]) for policy in policies]


def _providers(case: Case) -> dict[str, Any]:
    """Return the providers of the role's account; where nothing is said of them, the caller's."""
    told, caller = case.get("environment", {}).get("oidc_providers"), case["caller"]
    if told is None:
        return {caller["issuer"]: {"client_ids": [caller["token_claims"]["aud"]]}}
    return {
        each["arn"].partition("oidc-provider/")[2]: {"client_ids": each["client_ids"]}
        for each in told
    }


def _organization(case: Case) -> dict[str, Any] | None:
    """Return an organization of the accounts to which something is attached, each in a unit."""
    units: dict[str, Any] = {}
    for kind in ("scps", "rcps"):
        for policy in case.get(kind, ()):
            account = policy["attached_to"]
            unit = units.setdefault(account, {"accounts": [account], "scps": ["FullAWSAccess"]})
            unit.setdefault(kind, []).append(json.loads(policy["document"]))
    return {"id": "o-example", "root": {"units": units}} if units else None


def _who(case: Case) -> dict[str, Any]:
    caller = case["caller"]
    match caller["type"]:
        case "web_identity":
            claims = {"provider": caller["issuer"], "claims": caller["token_claims"]}
            return {"web_identity": claims}
        case "aws_service":
            return {"caller": caller["service"]}
        case _:
            return {"caller": {"arn": caller["arn"], **_session(case)}}


def _session(case: Case) -> dict[str, Any]:
    caller = case["caller"]
    handed_on = caller.get("transitive_tags", {})
    with_mfa = (caller["credentials"], caller["mfa_present"]) == ("session_token", "true")
    said = {
        "credentials": caller["credentials"] + ("_with_mfa" if with_mfa else ""),
        "tags": {**caller.get("tags", {}), **handed_on},
        "transitive_tag_keys": list(handed_on),
        "source_identity": caller.get("source_identity"),
        "session_policies": _documents(case.get("session_policies", [])),
    }
    return {key: value for key, value in said.items() if value}


def _what(case: Case) -> dict[str, Any]:
    service, _, name = case["operation"].partition(":")
    region = case.get("environment", {}).get("sts_endpoint_region")
    called = {"aws:RequestedRegion": region} if region else {}
    context = {"context": {**_mfa(case["caller"]), **called, **case.get("context", {})}}
    if service != "sts":
        resource = case["request"]["resource"]
        account = case["caller"]["account"]
        action = {"action": case["operation"], "resource": resource, "resource_account": account}
        return {**action, **context}
    call = {"assume_role": case["target_role"]["arn"]} if case["target_role"] else {"call": name}
    return {**call, "with": _parameters(case["request"]), **context}


def _mfa(caller: dict[str, Any]) -> dict[str, str]:
    """Return the keys of a role session with MFA, which has to be told in the context."""
    if (caller["credentials"], caller["mfa_present"]) != ("role_session", "true"):
        return {}
    age = str(caller["mfa_age_seconds"])
    return {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": age}


def _parameters(request: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a call; a wrong code is left out, for any six digits are right."""
    said = {key: value for key, value in request.items() if value is not None}
    if said.pop("mfa_token_valid", False):
        said["token_code"] = _CODE
    return said
