"""What looks like a secret is never shown, wherever it turns up: in a wrong file, as a wrong value.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

AREA: Final = 20_000
"""The characters beside a place that are looked at, as many as a token may have."""

_NAMES: Final = (
    r"(?:aws_?)?(?:secret_?access_?key|session_?token|security_?token)"
    r"|web_?identity_?token|saml_?assertion|saml_?response|client_?secret|password"
)
# Each starts where no run of its characters does, so that no run is looked at twice.
_SECRET: Final = (
    rf"(?<![\w-])(?P<name>(?i:{_NAMES})[\"']?\s{{0,9}}[:=]\s{{0,9}}[\"']?)(?P<value>[^\s\"',;<>*]{{9,}})"
    r"|(?<![\w-])eyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?"  # a JSON Web Token
    r"|(?<![A-Za-z0-9+/=])(?:FwoG|IQoJ|FQoG|AQoD)[A-Za-z0-9+/=]{60,}"  # a session token
    r"|(?<![A-Za-z0-9+/=])(?:PHNhbW|PD94bW|PFNBTU|PFJlc3|PEFzc2)[A-Za-z0-9+/=]{60,}"  # SAML
    r"|(?<![A-Z0-9])(?P<id>(?:AKIA|ASIA)[A-Z0-9]{12,124}[:,;/ \t])[A-Za-z0-9+/]{30,}"
    # A secret access key, or one that was cut or has grown; hardly a name is like that.
    r"|(?<![^\s\"'`=,(])(?=[a-z0-9+/]{0,39}[A-Z])(?=[A-Z0-9+/]{0,39}[a-z])(?=[A-Za-z+/]{0,39}\d)"
    r"[A-Za-z0-9+/]{36,}={0,2}(?![^\s\"'`,;)])"
    r"|(?<![\w-])(?:glpat-|gh[opsur]_|xox[abp]-)[\w-]{9,}"  # tokens of others
)


@cache
def _secret() -> re.Pattern[str]:
    """Return what a secret looks like, compiled only where a text is shown."""
    return re.compile(_SECRET, re.ASCII)


def hidden(text: str) -> str:
    """Return a text of the same length in which no secret can be read."""
    return _secret().sub(_hide, text)


def hidden_around(text: str, place: int) -> str:
    """Return a text of the same length in which no secret near a place can be read."""
    low, high = max(0, place - AREA), min(len(text), place + AREA)
    return text[:low] + hidden(text[low:high]) + text[high:]


def _hide(found: re.Match[str]) -> str:
    kept = found["name"] or found["id"] or ""
    return kept + "*" * (len(found[0]) - len(kept))
