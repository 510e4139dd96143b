"""What loading an inventory costs in a fresh process: CPU time and memory.

    python -m benchmarks.inventory [PATH]...

Without paths, dumps of 100 accounts with 100 roles each are made up: some 24,000 documents, many of
which stand in several accounts. The process imports what it needs, loads, and looks up one role.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ACCOUNTS, ROLES, RUNS = 100, 100, 7
_SHARED = 200  # the documents that accounts have in common
# Byte code is what an installed package runs from; some containers forbid writing it.
_ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
_CHILD = """
import sys, time, resource
from simulator.inventory.load import load
started = time.process_time()
loaded = load(sys.argv[1:])
roles = sum(1 for _ in loaded.inventory.all_roles())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(started, time.process_time(), peak, roles)
"""


def main() -> None:
    """Print the medians of several runs."""
    with tempfile.TemporaryDirectory() as folder:
        paths = sys.argv[1:]
        if not paths:
            _write(Path(folder))
            paths = [folder]
        _run(paths)  # writes byte code
        runs = [_run(paths) for _ in range(RUNS)]
    started, ended, peak, roles = map(statistics.median, zip(*runs, strict=True))
    print(f"{roles:,.0f} roles: {ended:.3f} s CPU, of which {started:.3f} s start; {peak:.0f} MB")


def _run(paths: list[str]) -> list[float]:
    command = [sys.executable, "-c", _CHILD, *paths]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=_ENVIRONMENT)
    return [float(word) for word in done.stdout.split()]


def _write(folder: Path) -> None:
    rng = random.Random(1)  # noqa: S311 - the same dumps each time
    shared = [_document(rng, f"shared{number}") for number in range(_SHARED)]
    for number in range(ACCOUNTS):
        account = f"{100_000_000_000 + number}"
        text = json.dumps(_dump(rng, account, shared), separators=(",", ":"))
        (folder / f"{account}.json").write_text(text, encoding="utf-8")


def _dump(rng: random.Random, account: str, shared: list[dict[str, Any]]) -> dict[str, Any]:
    arns = [f"arn:aws:iam::{account}:policy/managed-{number}" for number in range(40)]
    policies = [
        {
            "Arn": arn,
            "DefaultVersionId": "v1",
            "PolicyVersionList": [
                {"Document": rng.choice(shared), "VersionId": "v1", "IsDefaultVersion": True}
            ],
        }
        for arn in arns
    ]
    roles = [_role(rng, account, f"role-{number}", arns) for number in range(ROLES)]
    return {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": roles} | {
        "Policies": policies
    }


def _role(rng: random.Random, account: str, name: str, arns: list[str]) -> dict[str, Any]:
    trusted = {"AWS": f"arn:aws:iam::{rng.randrange(ACCOUNTS) + 100_000_000_000}:root"}
    statement = {"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}
    return {
        "Path": "/",
        "RoleName": name,
        "RoleId": f"AROA{rng.randrange(10**16):016}",
        "Arn": f"arn:aws:iam::{account}:role/{name}",
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": _document(rng, name)}],
        "AttachedManagedPolicies": [
            {"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in rng.sample(arns, 2)
        ],
        "Tags": [{"Key": "team", "Value": f"t{rng.randrange(20)}"}],
    }


def _document(rng: random.Random, name: str) -> dict[str, Any]:
    statements = [
        {
            "Effect": "Allow",
            "Action": [f"s3:Get{rng.randrange(50)}*" for _ in range(rng.randrange(1, 8))],
            "Resource": f"arn:aws:s3:::{name}-{number}/*",
        }
        for number in range(rng.randrange(1, 5))
    ]
    return {"Version": "2012-10-17", "Statement": statements}


if __name__ == "__main__":
    main()
