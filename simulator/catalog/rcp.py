"""The services whose resources RCPs can limit, as data: their number grows.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple, TypedDict

from simulator.catalog.data import load
from simulator.catalog.names import fold

#: The services that every account of RCPs names, from their first day on.
UNDOUBTED: Final = frozenset({"kms", "s3", "secretsmanager", "sqs", "sts"})


class DataVersion(NamedTuple):
    """Which edition of the reference data is installed, and of which day it is."""

    version: str
    date: str


class _RawVersion(TypedDict):
    version: str
    updatedAt: str


def supports_rcp(service_prefix: str) -> bool:
    """Whether RCPs bear on the requests of a service."""
    return fold(service_prefix) in rcp_services()  # EVAL-52


@cache
def rcp_services() -> frozenset[str]:
    """Return the prefixes of the services on which RCPs bear."""
    return load("rcpSupportedServices.json", frozenset[str])


@cache
def data_version() -> DataVersion:
    """Return the edition of the reference data."""

    def build(raw: _RawVersion) -> DataVersion:
        return DataVersion(raw["version"], raw["updatedAt"].partition("T")[0])

    return load("metadata.json", build)
