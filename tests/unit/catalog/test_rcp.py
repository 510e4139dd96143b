"""On which services RCPs bear, and of which day the reference data is."""

from __future__ import annotations

import re

import pytest

from simulator.catalog import rcp
from simulator.catalog.actions import services


@pytest.mark.parametrize(
    "service", ["sts", "STS", "s3", "sqs", "kms", "secretsmanager", "dynamodb"]
)
def test_supported(service: str) -> None:
    assert rcp.supports_rcp(service)


@pytest.mark.parametrize("service", ["iam", "ec2", "organizations", "nowhere", ""])
def test_not_supported(service: str) -> None:
    assert not rcp.supports_rcp(service)


def test_data() -> None:
    assert len(rcp.rcp_services()) >= 62  # those of September 2026; so far it only grew
    assert rcp.rcp_services() <= services()


def test_version() -> None:
    version, date = rcp.data_version()
    assert version.startswith("0.1.20")
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", date)
    assert date >= "2026-09"
