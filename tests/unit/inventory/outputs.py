"""What the aws CLI prints about made-up accounts, for the tests of loading."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from simulator.diagnostic import DocumentError
from simulator.inventory.load import load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from simulator.diagnostic import Diagnostic
    from simulator.inventory.load import Loaded

ACCOUNT, OTHER = "111111111111", "222222222222"

Output = dict[str, Any]


def trust(account: str = ACCOUNT, **more: Any) -> Output:  # noqa: ANN401 - any element
    statement = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [{**statement, **more}]}


def allow(*actions: str) -> Output:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def arn(kind: str, name: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:iam::{account}:{kind}/{name}"


def attached(*arns: str) -> list[Output]:
    return [{"PolicyName": each.rpartition("/")[2], "PolicyArn": each} for each in arns]


def inline(kind: str, **documents: Output) -> Output:
    listed = [{"PolicyName": n, "PolicyDocument": d} for n, d in documents.items()]
    return {f"{kind}PolicyList": listed}


def role(name: str, account: str = ACCOUNT, **more: Any) -> Output:  # noqa: ANN401 - any key
    return {
        "Path": "/",
        "RoleName": name,
        "RoleId": f"AROA{name.upper()}",
        "Arn": arn("role", name, account),
        "AssumeRolePolicyDocument": trust(account),
        "RolePolicyList": [],
        "AttachedManagedPolicies": [],
        **more,
    }


def user(name: str, account: str = ACCOUNT, **more: Any) -> Output:  # noqa: ANN401 - any key
    return {
        "UserName": name,
        "UserId": f"AIDA{name.upper()}",
        "Arn": arn("user", name, account),
        "UserPolicyList": [],
        "GroupList": [],
        "AttachedManagedPolicies": [],
        **more,
    }


def group(name: str, **more: Any) -> Output:  # noqa: ANN401 - any key
    found = {"GroupName": name, "Arn": arn("group", name)}
    return {**found, "GroupPolicyList": [], "AttachedManagedPolicies": [], **more}


def managed(policy: str, document: Output, **older: Output) -> Output:
    versions = [
        {"Document": document, "VersionId": "v9", "IsDefaultVersion": True},
        *({"Document": d, "VersionId": v, "IsDefaultVersion": False} for v, d in older.items()),
    ]
    return {"Arn": policy, "DefaultVersionId": "v9", "PolicyVersionList": versions}


def dump(
    *roles: Output,
    users: tuple[Output, ...] = (),
    groups: tuple[Output, ...] = (),
    policies: tuple[Output, ...] = (),
    **more: Any,  # noqa: ANN401 - any key
) -> Output:
    listed = {"UserDetailList": users, "GroupDetailList": groups, "RoleDetailList": roles}
    return {**listed, "Policies": policies, **more}


def write(folder: Path, files: Mapping[str, Any]) -> None:
    """Write files: text and bytes as they are, the rest as the JSON that the CLI prints."""
    for name, content in files.items():
        text = content if isinstance(content, str | bytes) else json.dumps(content, indent=4)
        data = text if isinstance(text, bytes) else text.encode()
        (folder / name).write_bytes(data)


def loaded(folder: Path, **files: Any) -> Loaded:  # noqa: ANN401 - any output
    """Return what a folder holds into which files were written; `a__b` stands for `a.b`."""
    write(folder, {f"{name.replace('__', '.')}.json": files[name] for name in files})
    return load([str(folder)])


def refused(folder: Path, **files: Any) -> Diagnostic:  # noqa: ANN401 - any output
    """Return the one error with which a folder is refused."""
    with pytest.raises(DocumentError) as raised:
        loaded(folder, **files)
    (found,) = raised.value.diagnostics
    return found


def place(diagnostic: Diagnostic) -> tuple[str, int, int]:
    span = diagnostic.labels[0].span
    return (span.source.name.rpartition("/")[2], *span.place)
