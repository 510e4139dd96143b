"""The Regions that an account has enabled, which STS in such a Region asks of the caller's."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.catalog.regions import OPT_IN, REGIONS
from tests.unit.testing import files
from tests.unit.testing.files import AWAY, HOME


def _accounts(**regions: list[str]) -> dict[str, Any]:
    accounts: dict[str, Any] = files.accounts()
    for account, names in regions.items():
        accounts[account[1:]]["regions"] = names
    return accounts


def _to(region: str) -> dict[str, Any]:
    return {"context": {"aws:RequestedRegion": region}}


@pytest.mark.parametrize(
    ("regions", "region", "code"),
    [  # ERR-37
        ({f"_{HOME}": []}, "ap-south-2", "InvalidClientTokenId"),
        ({f"_{HOME}": ["af-south-1"]}, "ap-south-2", "InvalidClientTokenId"),
        ({f"_{HOME}": ["ap-south-2"]}, "ap-south-2", None),
        ({f"_{AWAY}": []}, "ap-south-2", None),  # the role's account does not count
        ({}, "ap-south-2", None),  # nobody said
        ({f"_{HOME}": []}, "us-east-1", None),
        ({f"_{HOME}": []}, "cn-north-1", None),
    ],
)
def test_a_region_to_enable(regions: dict[str, list[str]], region: str, code: str | None) -> None:
    found = files.result(_to(region), accounts=_accounts(**regions))
    assert found.error_code == code
    assert [cause.code for cause in found.causes] == (["IAM722"] if code else [])
    assert bool(found.fixes) is bool(code)


def test_a_call_that_nobody_signs_has_no_account() -> None:
    token = {"provider": "token.actions.githubusercontent.com", "claims": {"sub": "x", "aud": "y"}}
    found = files.result(
        {**_to("ap-south-2"), "web_identity": token, "caller": "left out"},
        accounts=_accounts(**{f"_{HOME}": [], f"_{AWAY}": []}),
    )
    assert found.error_code != "InvalidClientTokenId"


def test_no_code_of_a_region() -> None:
    found = files.result(accounts=_accounts(**{f"_{HOME}": ["Mumbai"]}))
    assert files.told(found) == [
        "`Mumbai` is not the code of a Region: expected one such as `ap-south-2`"
    ]


def test_which_regions_are_to_be_enabled() -> None:
    assert {"af-south-1", "ap-south-2", "mx-central-1"} <= OPT_IN < REGIONS
    assert not {"us-east-1", "eu-west-1", "cn-north-1", "us-gov-west-1"} & OPT_IN
