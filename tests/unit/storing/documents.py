"""Documents that AWS stores, to be spoilt."""

from __future__ import annotations

from typing import Any, Final

from simulator.policy.model import UNKNOWN

Json = dict[str, Any]

VERSION: Final = "2012-10-17"
GONE: Final = object()
OPEN: Final = f"before {UNKNOWN} after"
ROLE: Final = "arn:aws:iam::111111111111:role/deploy"

READING: Final[Json] = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
TRUSTING: Final[Json] = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ROLE}}
SHARING: Final[Json] = {**READING, "Principal": {"AWS": ROLE}}
LIMITING: Final[Json] = {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Principal": "*"}


def policy(*statements: Any, **elements: Any) -> Json:  # noqa: ANN401 - whatever AWS may be sent
    """Return a document of statements; one that is `GONE` is left out, as an element is."""
    whole = {"Version": VERSION, "Statement": list(statements), **elements}
    return {name: value for name, value in whole.items() if value is not GONE}


def but(statement: Json, **elements: Any) -> Json:  # noqa: ANN401 - likewise
    """Return a statement with other elements."""
    return {n: value for n, value in {**statement, **elements}.items() if value is not GONE}
