"""The Regions of AWS that are known, as of 2026-11: AWS goes on opening new ones.

https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
"""

from __future__ import annotations

import re
from typing import Final

AS_OF: Final = "2026-11"

_CODES: Final = (
    "af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1"
    " ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5"
    " ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1"
    " eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1"
    " me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 us-east-2 us-west-1 us-west-2"
    " cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1 eusc-de-east-1 us-iso-east-1"
    " us-iso-west-1 us-isob-east-1 us-isob-west-1 eu-isoe-west-1 us-isof-east-1"
    " us-isof-south-1"
)

REGIONS: Final = frozenset(_CODES.split())

# Those of before 2019 every account has; any later one an account has to enable.
# https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
_ALWAYS: Final = (
    "ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-southeast-1 ap-southeast-2"
    " ca-central-1 eu-central-1 eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1"
    " us-east-2 us-west-1 us-west-2"
)
_OTHER_PARTITIONS: Final = ("cn-", "us-gov-", "us-iso", "eu-iso", "eusc-")

OPT_IN: Final = frozenset(
    code for code in REGIONS - {*_ALWAYS.split()} if not code.startswith(_OTHER_PARTITIONS)
)
"""The Regions that an account has to enable before anything in it can be used."""

_FORM: Final = re.compile(r"[a-z]{2,5}(?:-[a-z]+){1,2}-[0-9]{1,2}", re.ASCII)


def is_region_code(text: str) -> bool:
    """Whether a text has the form of the code of a Region, known or not."""
    return _FORM.fullmatch(text) is not None
